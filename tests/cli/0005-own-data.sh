#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# What is kept of a person goes to that person and nobody else; what may be erased is; breaches have
# their clock.
. "$(dirname "$0")/lib.sh"

# How many items a section of the document in file.json has.
items() { python3 -c 'import json,sys; print(len(json.load(open(sys.argv[1]))["data"][sys.argv[2]]))' "$1" "$2"; }

# Reading is a right like changing, on the command line too.
reading() {
    sangden demo --customers 10 --months 1 --seed 1 --until 2026-06 > "$out" 2> "$err"
    run sangden bill list --month 2026-06 --as KIEMSOAT
    is_status 0 'an auditor reads bills'
    run sangden point show PZ00010000001 --as KIEMSOAT
    refused 1 'but no names' 'agent'
    out_empty 'and sees nothing'
    run sangden bill list --month 2026-06 --as QTMAY --json
    refused 1 'who runs the machines reads no bills' 'billing_clerk'
    out_empty 'not one'
    run sangden staff list --as QTMAY
    is_status 0 'but the staff'
    run sangden bill list --month 2026-06 --as NV99
    refused 1 'nobody reads anything' 'NV99'
    run sangden spike list --month 2026-06 --as THUNGAN
    refused 1 'a cashier reads no use' 'meter_reader'
    sangden staff role THUNGAN meter_reader --unit PZ0001 --from 2026-01-01 > "$out" 2> "$err"
    run sangden spike list --month 2026-06 --as THUNGAN
    is_status 0 'until that is given at a unit'
    run sangden bill list --month 2026-06
    is_status 0 'whoever made the store reads it'
}
on_both_stores reading

# A statement for the store of the test, behind the program's back.
behind() {
    if [ "$store" = SQLite ]; then sqlite3 "${SANGDEN_STORE#sqlite:}" "$1"
    else psql -q "$SANGDEN_STORE" -c "$1" > /dev/null; fi
}
# The notes of a customer or, with --unit, of lists, but for those of looking at the notes.
notes() {
    sangden access list "$@" --json --as KIEMSOAT 2> "$err" | python3 -c '
import json, sys
for row in json.load(sys.stdin):
    if row["action"] != "access.list":
        print(row["staff"], row["action"], row["reason"], row["os_user"])'
}

# Every command that shows customers says so in their log first, with the account of the machine.
noted_readings() {
    sangden demo --customers 10 --months 1 --seed 1 --until 2026-06 > "$out" 2> "$err"
    mine=PZ00010000001 me=$(id -un)
    bill=$(sangden bill list --month 2026-06 --json --as KIEMSOAT | grep -o "PZ0001-[0-9]*-1-1-K1" | head -1)
    same "$(notes --unit PZ0001)" "KIEMSOAT bill.list month=2026-06 $me" 'a list is one note, with what was asked'
    for command in "bill show $bill" "bill text $bill --form sms" "invoice pdf $bill --out o.pdf" \
            "point show $mine" "account statement $mine --from 2026-06 --to 2026-06 --out s.pdf" \
            "account archive $mine --month 2026-06 --out s.zip"; do
        before=$(notes $mine | wc -l)
        run sangden $command --as GIAODICH
        is_status 0 "shown: $command"
        [ "$(notes $mine | wc -l)" -eq $((before + 1)) ]; verdict $? 'and noted once'
        name=${command%% PZ*}
        same "$(notes $mine | sed -n 1p)" "GIAODICH ${name/ /.}  $me" "as what it is: $name"
    done
    run sangden login list 0100000001 --as GIAODICH
    same "$(notes $mine | sed -n 1p)" "GIAODICH login.list  $me" 'by the telephone too'
    run sangden access list $mine --for-customer --as KIEMSOAT
    out_lacks "$me" 'the customer is told no account'
    for command in 'bill unbilled --month 2026-06' 'bill orders' 'bill verify --month 2026-06' 'hold list --unit PZ0001' \
            'reading review --month 2026-06 --unit PZ0001' 'spike list --month 2026-06 --unit PZ0001' \
            'estimate list --unit PZ0001' 'registry expiring --unit PZ0001' 'invoice list --month 2026-06' \
            'invoice waiting --month 2026-06' 'invoice messages'; do
        before=$(notes --unit PZ0001 | wc -l)
        run sangden $command
        is_status 0 "shown: $command"
        [ "$(notes --unit PZ0001 | wc -l)" -eq $((before + 1)) ]; verdict $? 'and noted'
    done
    run sangden breach list --as GIAODICH
    same "$(notes --store)" "GIAODICH breach.list  $me" 'what belongs to no unit stands at the store'
    before=$(notes --unit PZ0001 | wc -l)
    run sangden bill list --month 2026-06 --as QTMAY
    run sangden month figures --unit PZ0001 --month 2026-06
    same "$(notes --unit PZ0001 | wc -l)" $before 'what was refused, and sums alone, are not'
    run sangden check
    is_status 0 'all invariants hold'

    SANGDEN_NOW=2020-01-01T08:00:00+07:00 run sangden bill show $bill
    is_status 0 'a demonstration may set its clock'
    behind "UPDATE store_property SET value = 'real' WHERE name = 'kind'"
    SANGDEN_NOW=2020-01-01T08:00:00+07:00 run sangden bill show $bill
    refused 1 'a note of another day' 'SANGDEN_NOW'
    out_empty 'nothing is shown'
    behind 'ALTER TABLE access_log RENAME TO gone'
    for command in "bill show $bill" 'bill list --month 2026-06' "point show $mine" "login list 0100000001"; do
        run sangden $command
        [ "$status" -ne 0 ]; verdict $? "what cannot be noted is not shown: $command"
        out_empty 'not one word'
        err_has 'could not be noted' 'and says why'
    done
}
on_both_stores noted_readings

# Who may read bills and no customers is shown no names, by any command.
masked() {
    sangden demo --customers 10 --months 1 --seed 1 --until 2026-06 > "$out" 2> "$err"
    bill=$(sangden bill list --month 2026-06 --json --as KIEMSOAT | grep -o "PZ0001-[0-9]*-1-1-K1" | head -1)
    run sangden bill show $bill --as GIAODICH
    name=$(sed -n 5p "$out" | sed 's/^ *//; s/,.*//')
    [ -n "$name" ]; verdict $? "there is a name: $name"
    out_has "$name" 'who reads customers sees it'
    run sangden bill show $bill --as KIEMSOAT
    is_status 0 'who only reads bills'
    out_lacks "$name" 'sees no name'
    out_has '···' 'but its mask'
    for form in sms notice voice html; do
        run sangden bill text $bill --form $form --as KIEMSOAT
        is_status 0 "the $form of a bill"
        out_lacks "$name" 'without the name'
    done
    run sangden bill show $bill --json --as KIEMSOAT
    out_lacks "$name" 'nor for programs'
    run sangden invoice pdf $bill --out masked.pdf --as KIEMSOAT
    run sangden invoice pdf $bill --out open.pdf --as GIAODICH
    pdftotext -layout open.pdf open.txt; pdftotext -layout masked.pdf masked.txt
    grep -qF "$name" open.txt; verdict $? 'the paper names the customer'
    ! grep -qF "$name" masked.txt; verdict $? 'and does not where it may not'
    run sangden bill documents --month 2026-06 --out papers --workers 2 --as KIEMSOAT
    pdftotext -layout papers/$bill.pdf masked.txt
    ! grep -qF "$name" masked.txt; verdict $? 'nor do all papers of a month'
    run sangden account statement PZ00010000001 --from 2026-06 --to 2026-06 --out s.pdf --as KIEMSOAT
    pdftotext -layout s.pdf s.txt
    ! grep -qF "$name" s.txt; verdict $? 'nor the statement of an account'
    run sangden account archive PZ00010000001 --month 2026-06 --out s.zip --as KIEMSOAT
    refused 1 'the archive, which holds signed papers' 'agent'
    run sangden bill run --month 2026-06 --dry-run --as QTMAY
    refused 1 'a bill tried out shows what a bill shows' 'billing_clerk'
}
on_both_stores masked

export_data() {
    sangden demo --customers 20 --months 2 --seed 1 --until 2026-06 > "$out" 2> "$err"
    mine=PZ00010000001
    run sangden privacy export $mine --out o/file.json --reason 'yêu cầu 1' --as GIAODICH --json
    is_status 0 'a customer gets everything that is kept'
    same "$(stat -c %a o/file.json)" 600 'in a file that only its owner reads'
    same "$(items o/file.json bill) $(items o/file.json party) $(items o/file.json usage)" '2 1 2' 'own bills, once'
    same "$(items o/file.json login_contact)" 1 'the telephone to sign in with'
    cp o/file.json "$out"
    out_has '"demonstration":true' 'it says what it is'
    out_has '"contact":"phone:+84100000001"' 'with its number'
    out_has '"role_en":"Care agent","action":"privacy.export","reason":"yêu cầu 1"' 'and who read it, by role'
    out_lacks 'GIAODICH' 'never by code'
    out_lacks 'PZ00010000002' 'nothing of anybody else'
    run sangden access list $mine --for-customer --json --as KIEMSOAT
    out_has '"role_en":"Care agent","action":"privacy.export","reason":"yêu cầu 1"' 'the customer may be told who read'
    out_lacks 'GIAODICH' 'by role alone'
    run sangden access list $mine --json --as KIEMSOAT
    out_has '"staff":"GIAODICH"' 'the auditor sees who it was'
    run sangden privacy export $mine --out o/no.json --reason x --as QTMAY
    refused 1 'who runs the machines' 'agent'
    run sangden privacy export PZ00010009999 --out o/no.json --reason x --as GIAODICH
    refused 1 'a customer who is not there' 'PZ00010009999'
    [ ! -e o/no.json ]; verdict $? 'and nothing is written'
    run sangden privacy export 0100000002 --out o/tenant.json --reason 'yêu cầu 2' --as GIAODICH
    is_status 0 'a tenant gets what is kept of a tenant'
    same "$(items o/tenant.json consent) $(items o/tenant.json bill)" '1 0' 'and no bill of the holder'
    run sangden change holder $mine PZ00010000002 --from 2026-06-01 --proof 'giấy mẫu'
    is_status 0 'another holder takes over'
    run sangden privacy export PZ00010000002 --out o/two.json --reason 'yêu cầu 3' --as GIAODICH
    is_status 0 'who then asks'
    same "$(items o/two.json agreement) $(items o/two.json bill)" '2 2' 'gets no bill of the one before'
}
on_both_stores export_data
erase_data() {
    sangden demo --customers 20 --months 2 --seed 1 --until 2026-06 > "$out" 2> "$err"
    mine=PZ00010000001
    run sangden privacy erase $mine --reason 'yêu cầu 1' --dry-run --as GIAODICH --json
    is_status 0 'what would be erased is told'
    out_has '"text_en":"Telephones and e-mails to sign in with","rows":1,"stays":false' 'the telephone'
    out_has '"text_en":"Name, address, tax code","rows":1,"stays":true,"reason_vi":"hợp đồng đang' 'not the name'
    run sangden login list 0100000001 --as GIAODICH --json
    out_has $mine 'and nothing is erased yet'
    run sangden privacy erase $mine --reason 'yêu cầu 1' --as THUNGAN
    refused 1 'who handles no personal data' 'agent'
    run sangden privacy erase $mine --reason 'yêu cầu 1' --as GIAODICH
    is_status 0 'it is erased'
    run sangden login list 0100000001 --as GIAODICH
    refused 1 'the telephone' 'login register'
    run sangden audit list --stream privacy --json
    out_has "\"action\":\"privacy.erase\",\"subject\":\"$mine\"" 'the chain says that it was'
    run sangden privacy export $mine --out file.json --reason x --as GIAODICH
    same "$(items file.json login_contact) $(items file.json bill)" '0 2' 'what the contract needs is there'
    sangden change agreement $mine contract_state --end --from 2026-07-01 > "$out" 2> "$err"
    run sangden privacy erase $mine --reason 'yêu cầu 2' --as GIAODICH --json
    out_has '"text_en":"Telephone and e-mail of contact","rows":1,"stays":false' 'without a contract the contact goes'
    out_has '"text_en":"Bills","rows":2,"stays":true' 'bills stay'
    out_has '"reason_en":"accounting records of bills","until":"2036-12-31"' 'until the end of the tenth year'
    run sangden bill show PZ0001-26051-1-1-K1
    out_has '(mẫu)' 'and still bear a name'
    SANGDEN_NOW=2037-01-01T08:00:00+07:00 run sangden privacy erase $mine --reason 'yêu cầu 3' --as GIAODICH --json
    out_has '"text_en":"Name, address, tax code","rows":1,"stays":false' 'which goes on the next day'
    run sangden bill show PZ0001-26051-1-1-K1
    out_has '(đã xóa)' 'from bills too'
    run sangden privacy export $mine --out file.json --reason x --as GIAODICH
    cp file.json "$out"
    out_lacks 'đường mẫu 1"}]' 'no address is left with the person'
    out_has '"name":"(đã xóa)","tax_code":null' 'nor a name'
    run sangden check
    is_status 0 'all invariants hold'
}
on_both_stores erase_data

breaches() {
    export SANGDEN_NOW=2026-11-29T10:00:00+07:00
    sangden init --kind test --as QT01 > "$out" 2> "$err"
    run sangden breach record --nature 'Mất máy tính xách tay'
    refused 1 'a breach of nobody knows what' 'data'
    run sangden breach record --nature 'Mất máy tính xách tay' --data 'tên, địa chỉ' --known-at 2026-11-30T10:00:00+07:00
    refused 1 'a breach to come' 'known-at'
    run sangden breach record --nature 'Mất máy tính xách tay' --data 'tên, địa chỉ' \
        --known-at 2026-11-28T08:00:00+07:00 --json
    is_status 0 'a breach is recorded'
    out_is '{"breach":1}' 'with a number'
    run sangden breach list --json
    out_has '"notify_by":"2026-12-01T08:00:00+07:00","hours_left":46' 'and has 72 hours from when it was known'
    run sangden breach record --breach 1 --people 320 --measures 'khóa máy từ xa'
    is_status 0 'what is known later is added'
    run sangden breach report 1
    out_has '320' 'the notice says how many'
    out_has 'khóa máy từ xa' 'what was done'
    out_has 'chưa rõ, sẽ báo bổ sung' 'and what is not known yet'
    run sangden check
    is_status 0 'there is time'
    SANGDEN_NOW=2026-12-01T08:00:01+07:00 run sangden check
    is_status 1 'and then there is none'
    out_has 'privacy.breach_notified' 'which the check says'
    run sangden breach record --breach 1 --notified '12/BC-TD'
    SANGDEN_NOW=2026-12-01T08:00:01+07:00 run sangden check
    is_status 0 'once the authority was told all is well'
    run sangden breach list --json
    out_is '[]' 'nothing is due'
    run sangden breach list --all --json
    out_has '"notified_at":"2026-11-29T10:00:00+07:00"' 'the register keeps it'
    run sangden breach record --breach 7 --measures x
    refused 1 'more of a breach that is not there' 'breach list'
    sangden staff add NV02 --name B > "$out" 2> "$err"
    run sangden breach list --as NV02
    refused 1 'who handles no personal data' 'agent'
    unset SANGDEN_NOW
}
on_both_stores breaches
finish
