#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# How people prove who they are: what an operator does on the command line.
. "$(dirname "$0")/lib.sh"

# What a JSON answer says of a key, from $out.
said() { sed -n "s/.*\"$1\":\"\\([^\"]*\\)\".*/\\1/p" "$out"; }

passwords() {
    sangden init --kind test --as QT01 --name 'Trần Văn An' > "$out" 2> "$err"
    run sangden staff add NV02 --name 'Lê Thị Bình'
    run sangden identity set password_memory_kib --value 64 --source 'kiểm thử'
    is_status 0 'the cost of a password is a parameter'
    run sangden identity set password_memory_kib --value 1 --source 'kiểm thử'
    refused 1 'a cost out of bounds' 'password_memory_kib'
    run sangden identity parameters --json
    out_has '"password_memory_kib":64' 'the parameter holds'

    run sangden staff invite NV02 --json
    is_status 0 'a person is invited'
    invitation=$(said invitation)
    printf '%s\ntrời hôm nay mưa\n' "$invitation" > set-up
    run sangden staff set-up NV02 < set-up
    is_status 0 'and sets a password'
    run sangden staff set-up NV02 < set-up
    refused 1 'an invitation used twice' 'staff invite'
    run sangden staff invite NV02 --json
    printf '%s\npassword123\n' "$(said invitation)" > common
    run sangden staff set-up NV02 < common
    refused 1 'a password that everybody tries' 'password'
    printf '%s\n' "$(said invitation)" > short
    run sangden staff set-up NV02 < short
    refused 1 'an input without a password' 'invitation'
    run sangden staff invite NV02 --as NV02
    refused 1 'who may not invite' 'administrator'
    run sangden staff demand-password NV02 --json
    is_status 0 'a new password may be demanded'
    run sangden audit list --stream identity --json
    out_has '"action":"password.set","subject":"NV02"' 'the chain tells who set a password'
    out_lacks "$invitation" 'and no secret'
}
on_both_stores passwords

keys() {
    export SANGDEN_IDENTITY_KEY=$dir/$store.key
    sangden init --kind test --as QT01 > "$out" 2> "$err"
    run sangden identity key
    is_status 0 'a store gets a key'
    same "$(stat -c %a "$SANGDEN_IDENTITY_KEY")" 600 'that only its owner reads'
    run sangden identity key
    is_status 0 'the same key again changes nothing'
    SANGDEN_IDENTITY_KEY=$dir/$store.other run sangden identity key
    refused 1 'another key' 'SANGDEN_IDENTITY_KEY'
    [ ! -e "$dir/$store.other" ]; verdict $? 'and none is made'
    SANGDEN_STORE=sqlite:other.db run sangden init --kind test --as QT01
    SANGDEN_STORE=sqlite:other.db SANGDEN_IDENTITY_KEY=$dir/$store.other run sangden identity key
    SANGDEN_IDENTITY_KEY=$dir/$store.other run sangden identity key
    refused 1 'the key of another store' 'another store'
    rm -f other.db "$dir/$store.other"
    chmod 644 "$SANGDEN_IDENTITY_KEY"
    run sangden identity key
    refused 1 'a key that others may read' 'chmod 600'
    run sangden staff reset-second-factor QT01
    refused 1 'a factor that is not there' 'second factor'
    unset SANGDEN_IDENTITY_KEY
}
on_both_stores keys

sessions() {
    sangden init --kind test --as QT01 > "$out" 2> "$err"
    run sangden session list QT01 --json
    out_is '[]' 'nobody is signed in'
    run sangden session end QT01 --json
    is_status 0 'all sessions are ended'
    run sangden session end NV77
    refused 1 'sessions of nobody' 'NV77'
    run sangden session forget --json
    out_is '{"forgotten":0}' 'there is nothing to forget'
    run sangden session forget --days 0
    refused 2 'a span of no days' 'days'
}
on_both_stores sessions

access() {
    sangden init --kind test --as QT01 > "$out" 2> "$err"
    run sangden access list PD01000000001
    refused 1 'reads of a customer who is not there' 'PD01000000001'
    run sangden access list
    refused 2 'reads of nobody' 'CUSTOMER'
    run sangden access list PD01000000001 --unit PD0100
    refused 2 'reads of one and of many' 'CUSTOMER'
    run sangden access list --unit KHONGCO
    refused 1 'lists of a unit that is not there' 'KHONGCO'
}
on_both_stores access

notices() {
    sangden init --kind test --as QT01 > "$out" 2> "$err"
    run sangden notify deliver
    refused 1 'notices without a channel' 'SANGDEN_NOTICE_FOLDER'
    run sangden notify deliver --folder out --json
    out_is '{"delivered":0,"later":0,"failed":0,"expired":0}' 'nothing waits to be told'
    SANGDEN_NOTICE_FOLDER=out run sangden notify deliver --json
    is_status 0 'the folder may stand in the environment'
    SANGDEN_MAIL_SERVER=smtp://127.0.0.1:1 run sangden notify deliver
    refused 1 'half a channel' 'SANGDEN_MAIL_FROM'
    printf 'token' > token
    chmod 644 token
    SANGDEN_SMS_GATEWAY=https://sms.example SANGDEN_SMS_TOKEN_FILE=token run sangden notify deliver
    refused 1 'a token that others may read' 'chmod 600'
    chmod 600 token
    SANGDEN_SMS_GATEWAY=http://sms.example SANGDEN_SMS_TOKEN_FILE=token run sangden notify deliver
    refused 1 'a token on an open line' 'https'
    SANGDEN_SMS_GATEWAY=https://sms.example SANGDEN_SMS_TOKEN_FILE=token run sangden notify deliver
    is_status 0 'a gateway whose token is kept well'
    run sangden demo logins
    refused 1 'a store that is no demonstration' 'staff invite'
    [ ! -e var/key ]; verdict $? 'which makes no password'
    run sangden identity parameters --json
    out_has '"second_factor_required":1' 'and keeps its second factor'
}
on_both_stores notices

logins() {
    sangden demo --customers 20 --months 1 --seed 1 --until 2026-06 > "$out" 2> "$err"
    sangden identity set password_memory_kib --value 64 --source 'kiểm thử' > "$out" 2> "$err"
    run sangden demo logins --json
    is_status 0 'everybody of a demonstration gets a way in'
    cp "$out" first
    out_has '"role":"agent","code":"GIAODICH","password":"' 'agents'
    out_has '"role":"outage_operator"' 'operators'
    out_has '"phone":"0100000001","customer":"PZ0001' 'and customers'
    same "$(stat -c %a var/key/demonstration-logins.txt)" 600 'in a file that only its owner reads'
    run sangden demo logins --json
    same "$(cat "$out")" "$(cat first)" 'a second time nothing changes'
    rm -r var
    run sangden demo logins --json
    [ "$(cat "$out")" != "$(cat first)" ]; verdict $? 'passwords that are lost are made anew'
    run sangden identity parameters --json
    out_has '"second_factor_required":0' 'nobody needs a second factor there'
    run sangden demo logins --as GIAODICH
    refused 1 'who may not give passwords' 'administrator'
    run sangden staff add QUAY --name 'Giao dịch viên (mẫu)' --from 2020-01-01
    run sangden staff role QUAY agent --from 2020-01-01
    run sangden bill list --month 2026-06 --json
    customer=$(sed -n 's/.*"customer":"\([^"]*\)".*/\1/p' "$out" | head -n 1)
    [ -n "$customer" ] || customer=$(grep -o 'P[A-Z0-9]*[0-9]\{11\}' "$out" | head -n 1)
    run sangden login register 0912345678 --unit PZ0001 --consent 2026-01 --as GIAMDOC
    refused 1 'who does not sit at the counter' 'agent'
    run sangden login register 09123 --unit PZ0001 --consent 2026-01 --as QUAY
    refused 1 'what is no number' '0912345678'
    run sangden login register '0912 345 678' --unit PZ0001 --consent 2026-01 --as QUAY
    is_status 0 'a number is registered at the counter'
    run sangden login give 0912345678 "$customer" --role owner --as QUAY
    is_status 0 'and sees an agreement'
    run sangden login give 0912345678 "$customer" --role boss --as QUAY
    refused 2 'an unknown role' 'tenant'
    run sangden login list +84912345678 --json --as QUAY
    out_has "\"customer\":\"$customer\",\"role\":\"owner\"" 'which is listed'
    run sangden login change 0912345678 0911222333 --unit PZ0001 --consent 2026-01 --as QUAY
    is_status 0 'the number is replaced'
    run sangden login list 0912345678 --as QUAY
    refused 1 'the old number' 'login register'
    run sangden consent record 0911222333 --unit PZ0001 --purpose saving_advice --consent 2026-01 \
        --evidence 'giấy số 1' --as QUAY
    is_status 0 'consent is recorded'
    run sangden consent list 0911222333 --unit PZ0001 --json --as QUAY
    out_has '"purpose":"saving_advice","given":true' 'and listed'
    run sangden consent record 0911222333 --unit PZ0001 --purpose selling --consent 1 \
        --evidence x --as QUAY
    refused 2 'a purpose that is not there' 'survey'
    run sangden privacy receive 0911222333 see --unit PZ0001 --as QUAY
    is_status 0 'a request is received'
    run sangden privacy receive 0911222333 see --unit PZ0001 --as GHICHISO
    refused 1 'who handles no personal data' 'agent'
    run sangden privacy acknowledge 1 --unit PZ0001 --as QUAY
    is_status 0 'it is acknowledged'
    run sangden privacy list --json
    out_has '"request":1,"kind":"see"' 'it stands open'
    run sangden privacy end 1 --unit PZ0001 --answer 'đã gửi' --as QUAY
    is_status 0 'and is ended'
    run sangden privacy end 1 --unit PZ0001 --answer 'đã gửi' --as QUAY
    refused 1 'a request ended twice' 'privacy list'
    run sangden privacy receive 0911222333 object --unit PZ0001 --as QUAY
    run sangden privacy extend 2 --unit PZ0001 --until 2099-01-01 --reason 'chờ bên gửi tin' --as QUAY
    refused 1 'an extension longer than the law has' 'chậm nhất'
    run sangden privacy extend 2 --unit PZ0001 --until "$(date -d '+20 days' +%Y-%m-%d)" --reason 'chờ bên gửi tin' --as QUAY
    is_status 0 'a shorter one is taken'
    run sangden privacy list --json
    out_has '"extension":"chờ bên gửi tin"' 'with its reason'
    run sangden login end 0911222333 "$customer" --as QUAY
    is_status 0 'what may be seen is taken back'
    run sangden login list 0911222333 --json --as QUAY
    out_is '[]' 'and nothing is left'
    run sangden check
    is_status 0 'all invariants hold'
}
on_both_stores logins

partners() {
    export SANGDEN_IDENTITY_KEY=$dir/$store.partner.key
    sangden init --kind test --as QT01 > "$out" 2> "$err"
    run sangden partner add VIDIEN --name 'Ví Điện (mẫu)'
    is_status 0 'a partner is added'
    run sangden partner key VIDIEN
    refused 1 'a store without its key' 'sangden identity key'
    sangden identity key > "$out" 2> "$err"
    run sangden partner key VIDIEN --json
    is_status 0 'a key is made'
    key=$(said key) secret=$(said secret)
    run sangden partner list --json
    out_has "\"partner\":\"VIDIEN\",\"name\":\"Ví Điện (mẫu)\",\"key\":\"$key\"" 'and listed'
    out_lacks "$secret" 'without its secret'
    sangden partner key VIDIEN > "$out" 2> "$err"
    run sangden partner key VIDIEN
    refused 1 'a third key' 'partner revoke'
    run sangden partner rights --json
    out_is '[]' 'a partner begins without rights'
    run sangden partner grant VIDIEN --unit PZ9999 --permission BILL_READ
    refused 1 'a right at a unit that is not there' 'PZ9999'
    printf 'code,level,name,parent,customer_prefix,from\nPZ0001,unit,Đơn vị (mẫu),,PZ01,2024-01-01\n' > "$dir/units.csv"
    sangden import units "$dir/units.csv" > "$out" 2> "$err"
    run sangden partner grant VIDIEN --unit PZ0001 --permission SPIKE_SETTLE
    refused 1 'a right that programs cannot have' 'BILL_READ'
    run sangden partner grant VIDIEN --unit PZ0001 --permission BILL_READ --json
    out_is '{"changed":true}' 'a right is given'
    run sangden partner grant VIDIEN --unit PZ0001 --permission BILL_READ --json
    out_is '{"changed":false}' 'once'
    run sangden partner rights --partner VIDIEN --json
    out_has '"unit":"PZ0001","permission":"BILL_READ","given_by":"QT01"' 'and listed with who gave it'
    run sangden partner take-back VIDIEN --unit PZ0001 --permission BILL_READ
    is_status 0 'and taken back'
    run sangden partner take-back VIDIEN --unit PZ0001 --permission BILL_READ
    refused 1 'a right taken back twice' 'partner rights'
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -utf8 \
        -subj '/CN=Ví Điện (mẫu)' -keyout "$dir/partner.key" -out "$dir/partner.pem" 2> "$err"
    run sangden partner certificate VIDIEN "$dir/partner.key"
    refused 1 'a key in place of a certificate' 'BEGIN CERTIFICATE'
    run sangden partner certificate VIDIEN "$dir/partner.pem" --json
    is_status 0 'a certificate is demanded'
    print=$(said certificate)
    same "$print" "$(openssl x509 -in "$dir/partner.pem" -outform DER | sha256sum | cut -d' ' -f1)" \
        'known by the SHA-256 of its bytes'
    run sangden partner certificates --json
    out_has "\"partner\":\"VIDIEN\",\"certificate\":\"$print\",\"subject\":\"CN=Ví Điện (mẫu)\"" 'and listed'
    run sangden partner revoke "$print"
    is_status 0 'it is revoked'
    run sangden partner certificates
    out_has 'revoked' 'and stays as a demand'
    run sangden partner lift VIDIEN
    is_status 0 'until that is lifted'
    run sangden partner lift VIDIEN
    refused 1 'a demand that is none' 'partner certificates'
    run sangden partner revoke "$key"
    is_status 0 'a key is revoked'
    run sangden partner revoke "$key"
    refused 1 'a key revoked twice' "$key"
    run sangden check
    is_status 0 'all invariants hold'
    unset SANGDEN_IDENTITY_KEY
}
on_both_stores partners
finish
