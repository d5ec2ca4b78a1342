#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The statement of an account with many points as a spreadsheet, and its archive of a month: cells
# are read back with nothing but a ZIP and an XML reader.
. "$(dirname "$0")/lib.sh"

cells() { python3 "$here/sheet.py" "$1" > cells; }
# cell PATTERN NAME: a line of cells that matches.
cell() { grep -qE -e "$1" cells; verdict $? "$2"; }
# Sum of the numbers of a column of a sheet, without totals.
column() { awk -F'|' -v s="$1" -v c="$2" '$1 == s && $2 ~ "^" c "[0-9]+$" && $3 == "n" && $5 == "" {t += $6} END {printf "%d\n", t}' cells; }

# The same as PDF: sums, symbol, bytes; $total and $bills are those of the spreadsheet.
on_paper() {
    run sangden account statement PZ0001-VT --from 2026-08 --to 2026-10 --out a.pdf
    is_status 0 'the statement on paper'
    pdftotext -layout a.pdf - | sed 's/  */ /g' > a.txt
    sum=$(printf '%s' "$total" | rev | sed 's/.../&./g; s/\.$//' | rev)
    run grep -cF "$sum" a.txt
    is_status 0 'has the total of the spreadsheet'
    same "$(grep -cE '^ ?[0-3][0-9]/[01][0-9] – .*PZ0001-26(08|09|10)' a.txt)" "$bills" \
         'and a row for every bill'
    run cat a.txt
    out_has 'Cộng điểm đo' 'sums of points'
    out_has 'Số dư cuối kỳ' 'and the balance at the end'
    pdftoppm -r 150 -png -singlefile a.pdf page
    zbarimg -q --raw page.png > payload
    run sangden qr decode "$(cat payload)"
    is_status 0 'the symbol on it is a payment'
    run sangden account statement PZ0001-VT --from 2026-08 --to 2026-10 --out b.pdf
    run cmp a.pdf b.pdf
    is_status 0 'and the same bytes again'
    run sangden account statement PZ0001-VT --from 2026-08 --to 2026-10 --out e.pdf --english
    run pdftotext e.pdf -
    out_has 'Balance at the end' 'in English, too'
    run sangden account statement PZ0001-VT --from 2026-08 --to 2026-10 --out e.xlsx --english
    is_status 2 'English is for paper'
}

statement() {
    export SANGDEN_NOW=2026-11-20T08:00:00+07:00
    run sangden demo --customers 700 --months 3 --seed 4 --until 2026-10
    is_status 0 'a unit whose masts share an account'
    run sangden bill list --month 2026-09 --json
    mast=$(tr '{' '\n' < "$out" | grep '"account":"PZ0001-VT"' | head -n 1)
    point=$(printf '%s' "$mast" | sed 's/.*"point":"\([^"]*\)".*/\1/')
    run sangden change address "$point" '=HYPERLINK("x")' --from 2026-08-01
    is_status 0 'an address that looks like a formula'
    run sangden account statement PZ0001-VT --from 2026-08 --to 2026-10 --out a.xlsx --json
    is_status 0 'the statement is written'
    total=$(sed 's/.*"total":\([0-9]*\).*/\1/' "$out")
    bills=$(sed 's/.*"bills":\([0-9]*\).*/\1/' "$out")
    cells a.xlsx
    cell '^Hóa đơn\|A1\|inlineStr\|[^|]*\|\|DỮ LIỆU TRÌNH DIỄN' 'it says that it is a demonstration'
    cell '^Hóa đơn\|A6\|inlineStr\|[^|]*\|\|Số hóa đơn$' 'titles are Vietnamese'
    cell '^Hóa đơn\|A7\|inlineStr\|[^|]*\|\|Bill number$' 'with English below'
    cell '^Hóa đơn\|A8\|inlineStr\|[^|]*\|\|PZ0001-2608' 'bills are told by number'
    cell '^Hóa đơn\|G8\|n\|dd/mm/yyyy\|\|46[0-9]{3}$' 'days are days'
    cell '^Hóa đơn\|A5\|inlineStr\|[^|]*\|\|Tháng / Months: 8/2026 – 10/2026; ' 'months as months are written'
    ! grep -qE '^[^|]*\|[A-Z]+[0-9]+\|n\|#,##0\.###\|[^|]*\|-?[0-9]+$' cells
    verdict $? 'no comma stands behind a whole number of kWh'
    cell '^Hóa đơn\|M8\|n\|(3|#,##0)\|\|[0-9]+$' 'money is a number'
    cell "^Hóa đơn\|M$((bills + 8))\|n\|[^|]*\|=SUMIF\(Q8:Q$((bills + 7)),1,M8:M$((bills + 7))\)\|$total\$" \
        'the total is a formula with its value'
    cell '^Hóa đơn\|F[0-9]+\|inlineStr\|[^|]*\|\|=HYPERLINK\("x"\)$' 'a text stays a text'
    [ "$(column 'Hóa đơn' M)" = "$total" ]; verdict $? 'the bills sum to the total'
    for month in 2026-08 2026-09 2026-10; do sangden bill list --month $month --json; done \
        > bills 2> /dev/null
    listed=$(tr '{' '\n' < bills | grep '"account":"PZ0001-VT"' |
             sed 's/.*"total":\(-\{0,1\}[0-9]*\).*/\1/' | awk '{t += $1} END {printf "%d\n", t}')
    [ "$listed" = "$total" ]; verdict $? 'which is that of bill list'
    [ "$(column 'Công nợ' E)" -le "$total" ]; verdict $? 'what was posted is among the debts'
    cell '^Chi tiết\|M8\|n\|#,##0.000\|\|[0-9.]+$' 'lines are exact'
    cell '^Công nợ\|B8\|inlineStr\|[^|]*\|\|Số dư đầu kỳ' 'debts begin with the balance before'
    run sangden account statement PZ0001-VT --from 2026-08 --to 2026-10 --out b.xlsx
    run cmp a.xlsx b.xlsx
    is_status 0 'the same statement gives the same bytes'
    on_paper
    sangden bill list --month 2026-09 --json > september 2> /dev/null
    run sangden account archive PZ0001-VT --month 2026-09 --out m.zip
    is_status 0 'the documents of a month as one file'
    run sangden account statement PZ0001-VT --from 2026-09 --to 2026-09 --out m.xlsx
    python3 -c 'import sys, zipfile
z = zipfile.ZipFile("m.zip")
assert z.testzip() is None
names = [i.filename for i in z.infolist()]
assert names[0] == "statement.xlsx" and len(names) == 1 + int(sys.argv[1]), names
assert all(n.startswith("bills/") and z.read(n).startswith(b"%PDF-") for n in names[1:])
assert z.infolist()[0].date_time == (2026, 11, 20, 8, 0, 0), z.infolist()[0].date_time
assert z.read("statement.xlsx") == open("m.xlsx", "rb").read()' "$(grep -o '"account":"PZ0001-VT"' september | wc -l)"
    verdict $? 'with the statement and every bill inside, at the time of its making'
    TZ=America/New_York run sangden account archive PZ0001-VT --month 2026-09 --out n.zip
    run cmp m.zip n.zip
    is_status 0 'the zone of the machine changes nothing'
    run sangden account statement PZ0001-VT --from 2026-10 --to 2026-08 --out c.xlsx
    refused 2 'months in the wrong order' '2026-07'
    run sangden account statement PZ0001-VT --from 2026-08 --to 2026-10 --out c.doc
    refused 2 'an ending that says nothing of the file' 'c.doc'
    run sangden account statement TK-NO --from 2026-08 --to 2026-10 --out c.xlsx
    refused 1 'an account that is not there' 'TK-NO'
    run sangden account archive PZ0001-VT --month 2026-09 --out none/c.zip
    refused 3 'a folder that is not there' 'none/c.zip'
    err_lacks '.part' 'named as it was typed'
    run ls
    out_lacks '.part' 'and nothing half made is left'
    invoices_inside
    a_replaced_bill_counts_once
    unset SANGDEN_NOW
}

# The e-invoices of the month, byte for byte, and their names in the spreadsheet.
invoices_inside() {
    [ -d keys ] || sangden invoice devkey --out keys --tax-code 0000000000-001 > /dev/null 2>&1
    run sangden invoice series add --unit PZ0001 --symbol K26TDN --as TRUONGHD
    run sangden invoice series release --unit PZ0001 --symbol K26TDN --as GIAMDOC
    run sangden invoice issue --month 2026-09 --numbers-only --as TRUONGHD
    is_status 0 'the month has numbers'
    run sangden account archive PZ0001-VT --month 2026-09 --out o.zip
    is_status 0 'what is not signed is not inside'
    run sangden invoice issue --month 2026-09 --key keys/development-key.pem --as TRUONGHD
    is_status 0 'and signatures'
    sangden account archive PZ0001-VT --month 2026-09 --out p.zip > /dev/null 2>&1
    sangden account statement PZ0001-VT --from 2026-09 --to 2026-09 --out p.xlsx > /dev/null 2>&1
    cells p.xlsx
    grep -o '^Hóa đơn|[A-Z]*[0-9]*|inlineStr|[^|]*||1K26TDN-[0-9]*$' cells | sed 's/.*||//' > names
    same "$(wc -l < names)" "$(tr '{' '\n' < bills | grep '"month":"2026-09"' |
        grep -c '"account":"PZ0001-VT"')" 'the spreadsheet names the invoice of every bill'
    for name in $(cat names); do
        sangden invoice xml "$name" --out "0000000000-001_$name.xml" > /dev/null 2>&1
    done
    python3 -c 'import zipfile
z = zipfile.ZipFile("p.zip")
names = [line.strip() for line in open("names")]
signed = [n for n in z.namelist() if n.endswith(".xml")]
assert names and signed == ["0000000000-001_%s.xml" % n for n in names]
for name in signed: assert z.read(name) == open(name, "rb").read(), name
assert not [n for n in zipfile.ZipFile("o.zip").namelist() if n.endswith(".xml")]'
    verdict $? 'and the archive has them as they were signed'
}
# A bill is replaced over the same amounts: both are listed, the sums stay what they were.
a_replaced_bill_counts_once() {
    number=$(tr '{' '\n' < september | grep '"account":"PZ0001-VT"' |
        sed -n 's/.*"number":"\([^"]*\)".*/\1/p' | head -n 1)
    run sangden bill adjust "$number" --cause buyer --replace --as HOADON
    is_status 0 'a bill is replaced'
    run sangden bill release "${number%-*}-T2" --as TRUONGHD
    is_status 0 'and the replacement released'
    run sangden account statement PZ0001-VT --from 2026-08 --to 2026-10 --out r.xlsx --json
    out_has "\"bills\":$((bills + 1)),\"total\":$total," 'it is one bill more and not one đồng'
    cells r.xlsx
    cell "^Hóa đơn\|M$((bills + 9))\|n\|[^|]*\|=SUMIF\(Q8:Q$((bills + 8)),1,M8:M$((bills + 8))\)\|$total\$" \
        'on the sheet, too'
    same "$(grep -cE '^Hóa đơn\|Q[0-9]+\|n\|[^|]*\|\|0$' cells)" 1 'where one row does not count'
    run sangden account statement PZ0001-VT --from 2026-08 --to 2026-10 --out r.pdf
    pdftotext -layout r.pdf - | sed 's/  */ /g' > r.txt
    run grep -cF "$sum" r.txt
    is_status 0 'and on paper'
    run cat r.txt
    out_has 'đã thay thế' 'which says what was replaced'
}
on_both_stores statement
finish
