#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# E-invoices from the first series to the last signature: numbers, order, documents that another
# program proves, corrections that bind, notices, and what was changed by hand.
. "$(dirname "$0")/lib.sh"

key=$dir/keys/development-key.pem

# sql TEXT: as somebody with all rights on the database.
sql() {
    if [ "$store" = SQLite ]; then sqlite3 "${SANGDEN_STORE#sqlite:}" "$1"; else
        psql -qAt "$SANGDEN_STORE" -c "$1"; fi
}

# proven FILE: by a program that is not ours.
proven() {
    xmlsec1 --verify --id-attr:Id DLHDon --id-attr:Id DLTBao --id-attr:Id SignatureProperties \
        --trusted-pem "$dir/keys/development-certificate.pem" "$1" > "$out" 2> "$err"
}

# renewed_key NAME TAX_CODE: one whose certificate is valid from 2026-11-26 on.
renewed_key() {
    local at=$dir/renewed-$1
    mkdir "$at"
    : > "$at/index"
    echo 01 > "$at/serial"
    printf '%s\n' '[ca]' 'default_ca=it' '[it]' "database=$at/index" "new_certs_dir=$at" \
        "serial=$at/serial" 'default_md=sha256' 'policy=any' '[any]' 'O=optional' 'UID=optional' '[req]' \
        'distinguished_name=name' '[name]' > "$at/ca.cnf"
    openssl req -config "$at/ca.cnf" -newkey rsa:2048 -nodes -keyout "$at/key.pem" \
        -subj "/O=Mau/UID=MST:$2" -out "$at/request.pem" 2> /dev/null
    openssl ca -batch -selfsign -notext -config "$at/ca.cnf" -keyfile "$at/key.pem" \
        -in "$at/request.pem" -startdate 20261125170000Z -enddate 20291125170000Z \
        -preserveDN -out "$at/certificate.pem" 2> /dev/null
    cat "$at/key.pem" "$at/certificate.pem" > "$dir/$1.pem"
    chmod 600 "$dir/$1.pem"
}

number_of() { sed -n "s/.*\"bill\":\"\([^\"]*\)\".*/\1/p" "$out" | sed -n "$1p"; }

series_and_numbers() {
    run sangden demo --customers 60 --months 2 --seed 4 --until 2026-10
    is_status 0 'a demonstration of two months'
    run sangden bill list --month 2026-10 --json
    bills=$(grep -c '"number"' "$out")
    unset SANGDEN_INVOICE_KEY
    run sangden invoice issue --month 2026-10 --numbers-only --as TRUONGHD
    refused 1 'numbers without a series' 'PZ0001'
    run sangden invoice series add --unit PZ0001 --symbol K26TDN --as HOADON
    refused 1 'a clerk proposes no series' 'HOADON'
    run sangden invoice series add --unit PZ0001 --symbol K26tdn --as TRUONGHD
    refused 1 'a symbol of the wrong shape' 'K26tdn'
    run sangden invoice series add --unit PZ0001 --symbol K26TDN --as TRUONGHD
    is_status 0 'a series is proposed'
    run sangden invoice series release --unit PZ0001 --symbol K26TDN --as TRUONGHD
    refused 1 'who proposed it does not release it' '--as'
    run sangden invoice series release --unit PZ0001 --symbol K26TDN --as GIAMDOC
    is_status 0 'another person releases it'
    run sangden invoice issue --month 2026-10 --as TRUONGHD
    refused 1 'an issue without a key' 'SANGDEN_INVOICE_KEY'
    run sangden invoice issue --month 2026-10 --numbers-only --date 2026-10-01 --as TRUONGHD
    refused 1 'a day before the issue of the bills' '--date'
    run sangden invoice issue --month 2026-10 --numbers-only --date 2026-12-31 --as TRUONGHD
    refused 1 'a day to come' '2026-12-31'
    run sangden invoice issue --as TRUONGHD
    refused 2 'an issue of nothing' '--month'
    run sangden invoice series list --json
    out_has '"given":0' 'nothing was given until now'
    run sangden invoice issue --month 2026-10 --numbers-only --as TRUONGHD --json
    is_status 0 'numbers are given'
    out_is "{\"numbered\":$bills,\"unsigned\":0,\"waiting\":0,\"late\":0,\"outside_certificate\":0}" 'to every bill of the month'
    run sangden invoice pdf 1K26TDN-00000001 --out one.pdf
    is_status 0 'the bill on paper is found by the name of its invoice'
    run pdftotext -layout one.pdf -
    out_has '1K26TDN số 1,' 'and bears it'
    run sangden invoice pdf 1K26TDN-09999999 --out none.pdf
    refused 1 'the name of no invoice' '1K26TDN-09999999'
}

signatures() {
    run sangden invoice xml 1K26TDN-00000001
    refused 1 'the document of an invoice that is not signed' '1K26TDN-00000001'
    export SANGDEN_INVOICE_KEY=$key
    run sangden invoice issue --month 2026-10 --workers 2 --as TRUONGHD --json
    is_status 0 'the key signs'
    out_is '{"numbered":0,"unsigned":0,"waiting":0,"late":0,"outside_certificate":0}' 'what had a number, and nothing is left'
    run sangden invoice list --month 2026-10 --json
    same "$(grep -c '"state":"signed"' "$out")" "$bills" 'every invoice is signed'
    same "$(sed -n 's/.*"number":\([0-9]*\).*/\1/p' "$out" | paste -sd ' ')" \
        "$(seq -s ' ' "$bills")" 'under the numbers from 1 on'
    local bill sound=0
    for bill in $(sed -n 's/.*"bill":"\([^"]*\)".*/\1/p' "$out"); do
        sangden invoice xml "$bill" --out "$dir/one.xml" > /dev/null 2>&1
        proven "$dir/one.xml" && sound=$((sound + 1))
    done
    same "$sound" "$bills" 'xmlsec1 proves every document of the month'
    run sangden invoice verify --month 2026-10
    is_status 0 'every document is made again and proven'
    run sangden check
    is_status 0 'all invariants hold'
}

corrections() {
    run sangden invoice list --month 2026-10 --json
    local first second
    first=$(number_of 1) second=$(number_of 2)
    run sangden bill adjust "$first" --cause reading --kwh 1 --as HOADON
    is_status 0 'an adjustment is proposed'
    run sangden bill release "${first%-K1}-D2" --date 2026-11-10 --as TRUONGHD
    is_status 0 'and released'
    run sangden invoice issue --month 2026-10 --as TRUONGHD --json
    out_has '"numbered":0,"unsigned":0,"waiting":1' 'it waits for the agreement of the buyer'
    run sangden invoice waiting --month 2026-10 --json
    out_has '"reason":"agreement"' 'which the list says'
    run sangden invoice issue --bill "${first%-K1}-D2" --agreement '12/TT ngày 09/11/2026' \
        --as TRUONGHD --json
    out_has '"numbered":1' 'with the agreement it gets its number'
    run sangden invoice show "${first%-K1}-D2" --json
    out_has '"role":"adjusts","related":"1K26TDN-00000001"' 'names the original'
    out_has '"written_agreement":"12/TT ngày 09/11/2026"' 'and the agreement'
    run sangden invoice xml "${first%-K1}-D2" --out "$dir/d2.xml"
    run grep -c 'Điều chỉnh cho hóa đơn Mẫu số 1 ký hiệu K26TDN số' "$dir/d2.xml"
    is_status 0 'the document says the line of the law'
    proven "$dir/d2.xml"
    verdict $? 'and is proven'
    run sangden invoice summary --month 2026-11 --out tables --as TRUONGHD --json
    out_has '"tables":0,"rows":0,"files":0,"refused":0,"missing":0,"single":1' \
        'a unit that sends each invoice has no table, and is counted'
    run sangden bill adjust "$first" --cause reading --kwh 2 --replace --as HOADON
    refused 1 'a replacement of what was adjusted' 'bill adjust'
    run sangden invoice parameter set summary_table 1 --unit PZ0001 --from 2026-01-01 \
        --source '01/ĐKTĐ' --as TRUONGHD
    is_status 0 'the unit sends the summary table from now on'
    run sangden bill adjust "$second" --cause reading --kwh 1 --replace --as HOADON
    run sangden bill release "${second%-K1}-T2" --date 2026-11-10 --as TRUONGHD
    is_status 0 'a replacement is released'
    SANGDEN_NOW=2026-11-25T08:00:00+07:00 run sangden invoice issue --month 2026-10 \
        --key "$dir/renewed.pem" --as TRUONGHD
    refused 1 'a certificate that is not valid yet' 'not valid at the time of signing, 2026-11-25'
    run sangden invoice issue --month 2026-10 --key "$dir/renewed.pem" --as TRUONGHD --json
    out_has '"numbered":0,"unsigned":0,"waiting":0' 'it has its number, and needed no agreement'
    out_has '"outside_certificate":1' 'the renewed certificate signs a number given before it, and says so'
    run sangden invoice show "$second" --json
    out_has '"state":"replaced"' 'the first one is replaced'
    run sangden bill adjust "$second" --cause reading --kwh 3 --as HOADON
    refused 1 'an adjustment of what was replaced' '--replace'
    run sangden invoice verify --month 2026-10
    is_status 0 'all of it is proven'
    summary_after_renewal
}

# A table that was planned before the certificate was renewed.
summary_after_renewal() {
    rm -rf tables
    SANGDEN_NOW=2026-11-25T08:00:00+07:00 run sangden invoice summary --month 2026-10 --out tables \
        --key "$dir/renewed.pem" --as TRUONGHD
    refused 1 'a table by a certificate that is not valid yet' 'at the time of signing, 2026-11-25'
    run sangden invoice summary --month 2026-10 --out tables --key "$dir/renewed.pem" --as TRUONGHD \
        --json
    is_status 0 'the same call goes on once it is valid'
    out_has '"tables":1' 'and makes the table'
    run grep -o '<SigningTime>2026-11-28T08:00:00' tables/*.xml
    is_status 0 'signed at the time of signing'
}

# A key with a password is named like one without.
locked_key() {
    if ! command -v openssl > /dev/null; then
        skipped 'a locked key' 'openssl is not installed'
        return
    fi
    openssl pkcs12 -export -in "$key" -out "$dir/locked.p12" -passout pass:a-secret-word
    chmod 600 "$dir/locked.p12"
    run sangden invoice notify 1K26TDN-00000005 --kind explain --reason 'Sai địa chỉ' \
        --key "$dir/locked.p12" --as TRUONGHD
    refused 1 'a locked key without its password' 'SANGDEN_INVOICE_KEY_PASSWORD'
    run env SANGDEN_INVOICE_KEY_PASSWORD=a-secret-word SANGDEN_LOG=debug "$SANGDEN" invoice notify \
        1K26TDN-00000005 --kind explain --reason 'Sai địa chỉ' --key "$dir/locked.p12" --as TRUONGHD
    is_status 0 'the environment unlocks the key that signs'
    out_lacks a-secret-word 'and nothing tells the password'
    same "$(grep -c a-secret-word "$err")" 0 'not even the log'
}

notices() {
    run sangden invoice notify 1K26TDN-00000003 1K26TDN-00000004 --kind explain \
        --reason 'Sai địa chỉ người mua' --date 2026-11-20 --as TRUONGHD --json
    is_status 0 'a notice of two invoices is signed'
    local notice
    notice=$(sed -n 's/.*"notice":\([0-9]*\).*/\1/p' "$out")
    run sangden invoice notice "$notice" --unit PZ0001 --out "$dir/notice.xml"
    is_status 0 'and kept'
    proven "$dir/notice.xml"
    verdict $? 'xmlsec1 proves it'
    run sangden invoice show 1K26TDN-00000003 --json
    out_has '"kind":"explain","reason":"Sai địa chỉ người mua"' 'the invoice names it'
    run sangden invoice notify 1K26TDN-00000006 1K26TDN-00000006 --kind explain --reason x --as TRUONGHD
    refused 1 'an invoice that is named twice in a notice' '1K26TDN-00000006'
    run sangden invoice notify 1K26TDN-00000003 --kind cancel --reason x --as TRUONGHD
    refused 2 'a cancelling' 'explain'
    run sangden invoice notify 1K26TDN-00000003 --kind explain --reason x --as HOADON
    refused 1 'a clerk gives no notice' 'HOADON'
    run sangden invoice notify 1K26TDN-00000003 --kind explain --reason x --date 2026-12-31 \
        --as TRUONGHD
    refused 1 'a notice of a day to come' '2026-12-31'
    err_lacks 'Cảnh báo' 'the certificate is that of the seller'
    run sangden invoice notify 1K26TDN-00000006 --kind explain --reason 'Sai địa chỉ' \
        --date 2026-11-20 --key "$dir/renewed.pem" --as TRUONGHD
    is_status 0 'a certificate renewed after the day of the notice signs it'
    err_has 'Warning (certificate): The certificate is not valid on 2026-11-20' 'with a warning'
    err_has 'Cảnh báo (certificate): Chứng thư số không có hiệu lực ngày 2026-11-20' 'in both languages'
    run sangden invoice notify 1K26TDN-00000006 --kind explain --reason 'Sai địa chỉ' \
        --key "$dir/other/development-key.pem" --as TRUONGHD
    is_status 0 'the certificate of another taxpayer signs'
    err_has 'Warning (certificate): The tax code of the certificate is 0109999999' 'with a warning'
    locked_key
    new_tax_code
}

# A notice about an invoice of an earlier tax code is of who had that code.
new_tax_code() {
    run sangden import sellers - --as QUANTRI <<< 'unit,legal_name,tax_code,address,from
PZ0001,Người bán sau (mẫu),0100109106,Số 2 đường mẫu,2026-11-25'
    is_status 0 'the unit sells under another tax code'
    run sangden invoice notify 1K26TDN-00000006 --kind explain --reason 'Sai tên' --as TRUONGHD --json
    is_status 0 'an earlier invoice is noticed'
    sangden invoice notice "$(sed -n 's/.*"notice":\([0-9]*\).*/\1/p' "$out")" --unit PZ0001 \
        --out "$dir/earlier.xml" > /dev/null 2>&1
    run grep -c '<TNNT>Công ty điện lực mẫu[^<]*</TNNT><MST>0000000000-001</MST>' "$dir/earlier.xml"
    is_status 0 'in the name of who had its tax code'
}

# The amounts were right, the buyer was not: a replacement over the same amounts.
wrong_buyer() {
    local bill number
    run sangden invoice show 1K26TDN-00000009 --json
    bill=$(sed -n 's/.*"bill":"\([^"]*\)".*/\1/p' "$out")
    run sangden bill adjust "$bill" --cause buyer --as HOADON
    refused 1 'a wrong buyer without a replacement' '--replace'
    run sangden bill adjust "$bill" --cause buyer --replace --kwh 5 --as HOADON
    refused 1 'a wrong buyer and another use at once' '--cause buyer'
    number=${bill%-K1}
    number=$(echo "$number-T2")
    sql "UPDATE party SET email = name, name = 'Công ty thử', tax_code = '0100686209' WHERE party_id = 9"
    run sangden bill adjust "$bill" --cause buyer --replace --as HOADON
    is_status 0 'is proposed as a replacement'
    run sangden bill release "$number" --as TRUONGHD
    is_status 0 'and released'
    sangden invoice series add --unit PZ0001 --symbol K26TDB --as TRUONGHD > "$out" 2> "$err" &&
        sangden invoice series release --unit PZ0001 --symbol K26TDB --as GIAMDOC > "$out" 2> "$err"
    verdict $? 'a series of the present tax code'
    run sangden invoice issue --bill "$number" --agreement '13/TT, 28/11/2026' --as TRUONGHD
    is_status 0 'it gets its invoice'
    run sangden invoice xml "$number" --out "$dir/buyer.xml"
    proven "$dir/buyer.xml"
    verdict $? 'which is proven'
    grep -q '<TCHDon>1</TCHDon>' "$dir/buyer.xml" &&
        grep -q '<Ten>Công ty thử</Ten><MST>0100686209</MST>' "$dir/buyer.xml"
    verdict $? 'replaces the wrong one and has the right buyer'
    run sangden invoice show 1K26TDN-00000009
    out_has 'đã bị thay thế' 'as the wrong one says'
    sql "UPDATE party SET name = email, email = NULL, tax_code = NULL WHERE party_id = 9"
    run sangden check
    ! grep 'KHÔNG ĐẠT' "$out"
    verdict $? 'all invariants hold'
}

# Every record that keeps an invoice from its signature is named by one call.
all_that_cannot_be_signed() {
    local decomposed=$'e\xcc\x82'
    run sangden invoice verify --month 2026-09
    is_status 0 'what can be signed is no fault'
    sql "UPDATE party SET name = name || '$decomposed' WHERE party_id IN (5, 7)"
    sql "UPDATE party SET name = '', email = name, tax_code = '0100109106' WHERE party_id = 9"
    run sangden invoice verify --month 2026-09
    same "$(grep -c 'chưa ký được.*Người mua không có tên' "$out")" 1 \
        'who has a tax code and no name is no consumer without data'
    refused 1 'the unsigned are looked at' 'invoice issue'
    same "$(grep -c 'chưa ký được.*NFC' "$out")" 2 'both are named with the reason'
    run sangden invoice verify --month 2026-09 --json
    out_has '"unready":3' 'also as JSON'
    out_has 'NDHDon/NMua/Ten' 'with the place'
    sql "UPDATE party SET name = email, email = NULL, tax_code = NULL WHERE party_id = 9"
    sql "UPDATE party SET name = replace(name, '$decomposed', '') WHERE party_id IN (5, 7)"
}

# Two calls at once: each tells what it gave itself.
two_at_once() {
    local first=$dir/first second=$dir/second
    sangden invoice issue --month 2026-09 --numbers-only --as TRUONGHD --json > "$first" 2> /dev/null &
    sangden invoice issue --month 2026-09 --numbers-only --as TRUONGHD --json > "$second" \
        2> /dev/null
    wait $!
    run sangden invoice list --month 2026-09 --json
    local all
    all=$(grep -c '"invoice"' "$out")
    same "$(($(cat "$first" "$second" | sed 's/.*"numbered":\([0-9]*\).*/\1/' | paste -sd +)))" \
        "$all" 'two calls at once give every bill one number and count their own'
    all_that_cannot_be_signed
    run sangden invoice issue --month 2026-09 --key "$dir/stranger.pem" --as TRUONGHD
    is_status 0 'the certificate of another taxpayer signs invoices'
    err_has 'Cảnh báo (certificate): Mã số thuế trong chứng thư là 0109999999' 'with a warning'
    out_has "CẢNH BÁO: đã ký $all hóa đơn có ngày ngoài thời hạn" 'and counts those of days before it'
    out_has "WARNING: $all invoices signed are of days outside" 'in both languages'
}

changed_by_hand() {
    if [ "$store" = SQLite ]; then
        sql 'DROP TRIGGER einvoice_document_no_update'
        sql 'DROP TRIGGER einvoice_document_no_delete'
    else sql 'ALTER TABLE einvoice_document DISABLE TRIGGER ALL'; fi
    sql 'INSERT INTO einvoice (unit_id, series_no, invoice_no, issue_no, invoice_on, month, period_no,
        book_id, point_id, agreement_id, kind, version, route_order, role, pre_vat_vnd, vat_vnd,
        total_vnd) SELECT unit_id, series_no, 99999999, issue_no, invoice_on, month, period_no, book_id,
        point_id, agreement_id, kind, 99, route_order, role, pre_vat_vnd, vat_vnd, total_vnd FROM einvoice
        WHERE invoice_no = 6'
    sql 'INSERT INTO einvoice_document (unit_id, series_no, invoice_no, xml, xml_bytes, sha256,
        signed_at) SELECT unit_id, series_no, 99999999, xml, xml_bytes, sha256, 1 FROM einvoice_document
        WHERE invoice_no = 6'
    run sangden check
    out_has 'KHÔNG ĐẠT  einvoice.chain' 'a document that nobody signed here stands in no link'
    out_has 'PZ0001: 1' 'and is counted'
    sql 'DELETE FROM einvoice_document WHERE invoice_no = 99999999'
    sql 'UPDATE einvoice_document SET xml = (SELECT d.xml FROM einvoice_document d WHERE
        d.invoice_no = 6) WHERE invoice_no = 5'
    run sangden invoice verify --month 2026-10
    is_status 1 'another document in its place is found'
    out_has '1K26TDN-00000005' 'by its name'
    run sangden check
    is_status 1 'by sangden check too'
    out_has 'KHÔNG ĐẠT  einvoice.document' 'in its invariant'
    out_has 'đạt        einvoice.chain' 'while the hash is still the one of the chain'
    sql 'UPDATE einvoice_document SET sha256 = (SELECT d.sha256 FROM einvoice_document d WHERE
        d.invoice_no = 6), xml_bytes = (SELECT d.xml_bytes FROM einvoice_document d WHERE
        d.invoice_no = 6) WHERE invoice_no = 5'
    run sangden check
    out_has 'đạt        einvoice.document' 'a hash that was changed with its document'
    out_has 'KHÔNG ĐẠT  einvoice.chain' 'is not that of the audit chain'
    out_has '1K26TDN-00000001..' 'which names the numbers that were signed together'
}

invoices() {
    series_and_numbers
    signatures
    corrections
    two_at_once
    notices
    wrong_buyer
    changed_by_hand
}

export SANGDEN_NOW=2026-11-28T08:00:00+07:00
run sangden invoice devkey --out "$dir/other" --tax-code 0109999999
run sangden invoice devkey --out "$dir/keys" --tax-code 0000000000-001
is_status 0 'a development key'
renewed_key renewed 0000000000-001
renewed_key stranger 0109999999
on_both_stores invoices
finish
