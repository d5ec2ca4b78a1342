#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Every kind of bill becomes an e-invoice that another program proves: tiers, three registers with a
# reactive charge, a final bill, a supplement, a fee, corrections, support as discount lines. A bill
# of nothing becomes none.
. "$(dirname "$0")/../cli/lib.sh"

export SANGDEN_INVOICE_KEY=$dir/keys/development-key.pem

# line KIND NAME AMOUNT: the document has a line of that kind, name and amount.
line() { grep -qF "<TChat>$1</TChat>" "$dir/one.xml" && grep -qF "$2" "$dir/one.xml" &&
    grep -qF "<ThTien>$3</ThTien>" "$dir/one.xml"; }

# document BILL: written to one.xml, proven by xmlsec1.
document() {
    run sangden invoice xml "$1" --out "$dir/one.xml"
    xmlsec1 --verify --id-attr:Id DLHDon --id-attr:Id SignatureProperties \
        --trusted-pem "$dir/keys/development-certificate.pem" "$dir/one.xml" > "$out" 2> "$err"
    verdict $? "xmlsec1 proves the invoice of $1"
}

kinds() {
    "$FILL_DOCUMENTS" "$SANGDEN_STORE" > documents.txt 2> "$err"
    verdict $? 'bills of every kind'
    for symbol in K26TDN K21TDN; do
        sangden invoice series add --unit PD0100 --symbol "$symbol" --as NV01 > "$out" 2> "$err" &&
            sangden invoice series release --unit PD0100 --symbol "$symbol" --as NV02 > "$out" 2>&1
        verdict $? "a series $symbol"
    done
    run sangden invoice parameter set summary_table 1 --unit PD0100 --from 2020-01-01 \
        --source thử --as NV01
    run sangden invoice issue --month 2026-07 --as NV01 --json
    out_is '{"numbered":15,"unsigned":0,"waiting":0,"late":2,"outside_certificate":0}' 'all but the bill of nothing; two were billed late'
    run sangden invoice show PD0100-26071-14-14-K1
    refused 1 'the bill of nothing' 'PD0100-26071-14-14-K1'
    for number in $(cut -f 2 documents.txt | grep -- '-2607' | grep -v -- '-14-14-'); do
        document "$number"
    done
    document PD0100-26071-6-6-K1
    line 1 'Tiền mua công suất phản kháng, cos φ 0,79' 2851156
    verdict $? 'the reactive charge is a line of its own'
    document PD0100-26070-13-13-P1
    line 1 'Phí ngừng và cấp điện trở lại' 98000
    verdict $? 'a fee has its name'
    document PD0100-26071-9-9-D2
    line 1 'bậc 4' -59960
    verdict $? 'an adjustment downwards is negative'
    run sangden invoice issue --month 2020-05 --date 2021-12-01 --as NV01 --json
    out_is '{"numbered":1,"unsigned":0,"waiting":0,"late":1,"outside_certificate":0}' 'support, under the rules of 2021'
    document PD0100-20051-15-15-K1
    line 3 'Hỗ trợ tiền điện COVID-1' 8400
    verdict $? 'support stands as discount lines'
    run sangden invoice verify --month 2026-07
    is_status 0 'all are made again and proven'
    run sangden check
    ! grep -q 'KHÔNG ĐẠT  einvoice' "$out"
    verdict $? 'and every invariant of invoices holds'
}

run sangden invoice devkey --out "$dir/keys" --tax-code 0100000000-001
is_status 0 'a development key'
on_both_stores kinds
finish
