#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Bills as PDF: the text of each kind of bill against its golden text, every figure of the bill on
# the page, symbols read back from the painted page, typefaces, sizes, the same bytes again; and the
# documents of a whole month. GOLDEN=write writes the golden texts instead of comparing them.
# usage: bill_pdf.sh (SANGDEN, FILL_DOCUMENTS in the environment)
. "$(dirname "$0")/../cli/lib.sh"
cases=$here/../cases/documents
limit=45000

# The text of a document as a reader finds it, columns apart by a space.
text_of() { pdftotext -layout "$1" - | sed 's/\xc2\xa0/ /g; s/ *$//; s/  */ /g' | tr -d '\f' | grep -v '^$'; }

compare_text() {
    if [ "${GOLDEN:-}" = write ]; then text_of "$1" > "$2"; fi
    run diff "$2" <(text_of "$1")
    is_status 0 "$3"
}

# Sums and lines of the bill as the page writes them.
figures_of() {
    python3 - "$1" << 'END'
import json, sys
from decimal import Decimal
def vi(number):
    text = f'{Decimal(number):,f}'
    if '.' in text: text = text.rstrip('0').rstrip('.')
    return text.replace(',', ' ').replace('.', ',').replace(' ', '.')
bill = json.load(open(sys.argv[1]))
for name in ('pre_vat', 'vat', 'total'): print(vi(bill[name]) + ' đ')
for line in bill['lines']:
    print(vi(line['amount']))
    if line.get('price'): print(vi(line['price']))
    if line.get('kwh'): print(vi(line['kwh']))
END
}

missing_figures() {
    text_of "$1" | sed 's/−/-/g' > text
    figures_of "$2" | while read -r figure; do
        grep -qF -e "$figure" text || echo "$figure"
    done
}

symbols_of() {
    pdftoppm -r 150 -png "$1" page
    zbarimg -q --raw page*.png
    rm -f page*.png
}

one_document() {
    name=$1 number=$2
    run sangden invoice pdf "$number" --out "$name.pdf"
    is_status 0 "$name is written"
    compare_text "$name.pdf" "$cases/$name.pdf.txt" "$name says what it said"
    sangden bill show "$number" --json > bill.json
    run missing_figures "$name.pdf" bill.json
    out_empty "$name has every figure of the bill"
    run stat -c %s "$name.pdf"
    [ "$(cat "$out")" -le $limit ]
    verdict $? "$name has at most $limit bytes"
}

whole_documents() {
    run sha256sum household.pdf
    cp "$out" sums
    sangden invoice pdf PD0100-26071-1-1-K1 --out household.pdf > /dev/null
    run sha256sum -c sums
    is_status 0 'the same bill gives the same bytes'
    run pdffonts household.pdf
    same "$(tail -n +3 "$out" | grep -c 'BeVietnamPro-\(Regular\|SemiBold\) .* yes yes yes')" \
         "$(tail -n +3 "$out" | wc -l)" 'only our typeface, embedded in part'
    run pdfinfo household.pdf
    out_has 'Tiền điện tháng' 'the title of the document'
    out_has 'Author:          Công ty Điện lực Thử nghiệm' 'its author is the seller'
    out_lacks Producer 'the library is no part of it'
    out_has 'Page size:       595.276 x 841.89 pts (A4)' 'A4'
    out_has 'Pages:           1' 'one page'
    run grep -ac '/Lang (vi-VN)' household.pdf
    out_is 1 'the language is named'
    if command -v qpdf > /dev/null; then
        run qpdf --check household.pdf
        is_status 0 'its structure is sound'
    fi
}

symbols_are_read() {
    run symbols_of household.pdf
    grep '^0002' "$out" > payload
    sangden qr decode "$(cat payload)" > decoded
    run cat decoded
    out_has '565536' 'the payment symbol asks for the amount'
    run symbols_of household.pdf
    out_has '#f=2026-06-30&t=2026-07-31&k=228' 'the calculator opens with the bill'
    run pdftotext -layout household.pdf -
    out_has 'Hạn thanh toán 08/08/2026' 'the day until which to pay'
}

other_forms() {
    run sangden invoice pdf PD0100-26071-2-2-K1 --out english.pdf --english
    is_status 0 'an English document'
    compare_text english.pdf "$cases/tier-six.en.pdf.txt" 'says what it said'
    run sangden invoice pdf PD0100-26071-2-2-K1 --out large.pdf --large
    is_status 0 'a document in large print'
    compare_text large.pdf "$cases/tier-six.large.pdf.txt" 'says the same in one column'
    sangden bill show PD0100-26071-2-2-K1 --json > bill.json
    run missing_figures large.pdf bill.json
    out_empty 'large print has every figure'
    run sangden invoice pdf PD0100-26071-2-2-K1 --out english.pdf --english --json
    out_is "{\"file\":\"english.pdf\",\"bytes\":$(stat -c %s english.pdf)}" 'what was written, as JSON'
    run sangden invoice pdf PD0100-26071-99-99-K1 --out none.pdf
    refused 1 'a bill that is not there' 'PD0100-26071-99-99-K1'
    run sangden invoice pdf household --out none.pdf
    refused 1 'what is no number' 'household'
    [ ! -e none.pdf ]; verdict $? 'and no file is left'
}

# The photo of the second case; any JPEG stands for it.
with_photo() {
    sha=00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff
    mkdir -p photos/00/11
    pdftoppm -r 400 -jpeg -singlefile household.pdf shot
    mv shot.jpg photos/00/11/$sha
    run sangden invoice pdf PD0100-26071-2-2-K1 --out photo.pdf --photos photos
    is_status 0 'a document with a photo'
    run pdfimages -list photo.pdf
    out_has jpeg 'the photo is on the page'
    run stat -c %s photo.pdf
    [ "$(cat "$out")" -le $((limit + 60000)) ]
    verdict $? 'and adds at most 60 kB'
    run pdfinfo photo.pdf
    out_has 'Pages:           1' 'still one page'
    run text_of photo.pdf
    out_has 'Ảnh chụp' 'with the moment it was taken'
    run sangden invoice pdf PD0100-26071-2-2-K1 --out none.pdf --photos photoz
    refused 1 'a store of photos that is not there' 'photoz'
    echo 'no picture' > photos/00/11/$sha
    run sangden invoice pdf PD0100-26071-2-2-K1 --out broken.pdf --photos photos
    same "$(sha256sum < broken.pdf)" "$(sha256sum < tier-six.pdf)" 'a broken photo is left out'
}

# Only its sums are known, and not what was paid of it.
of_the_earlier_system() {
    cat > history.csv <<'END'
point,month,period,from,to,kwh,pre_vat,vat,vat_rate,total,issued,number
DD00000000001,2026-04,1,2026-03-31,2026-04-30,140,288400,23072,0.08,311472,2026-05-01,0012345
END
    run sangden import history history.csv --as NV01
    is_status 0 'a bill of the earlier system'
    run sangden invoice pdf PD0100-26041-1-1-K1 --out earlier.pdf
    is_status 0 'is a document too'
    run text_of earlier.pdf
    out_has '311.472 đ' 'with its total'
    out_lacks 'Không cần trả gì' 'which nobody says is paid'
    out_has 'Bản này không cho biết' 'but to ask'
    out_lacks 'Số tiền này từ đâu ra' 'no heading stands over nothing'
    for form in notice voice html; do
        run sangden bill text PD0100-26041-1-1-K1 --form $form
        out_has 'hệ thống trước lập' "$form says who made it"
    done
    run sangden bill show PD0100-26041-1-1-K1
    out_lacks 'Diễn giải' 'a terminal shows no table without lines'
}

# A correction stands behind the bill that it corrects.
a_statement_in_order() {
    run sangden account statement TK00000000009 --from 2026-07 --to 2026-07 --out statement.pdf
    is_status 0 'a statement with a correction'
    same "$(text_of statement.pdf | sed -n 's/^30.*\(PD0100-26071-9-9-[A-Z][0-9]\).*/\1/p' | tr '\n' ' ')" \
         'PD0100-26071-9-9-K1 PD0100-26071-9-9-D2 ' 'has it behind its bill'
}

a_month() {
    run sangden bill documents --month 2026-07 --out month --workers 2 --json
    is_status 0 'a month of documents'
    out_has '"written":' 'is counted'
    run sangden bill list --month 2026-07 --json
    same "$(grep -o '"number":"[^"]*"' "$out" | cut -d'"' -f4 | sort)" \
         "$(cd month && ls | sed 's/\.pdf$//' | sort)" 'one for each bill'
    same "$(sha256sum < household.pdf)" "$(sha256sum < month/PD0100-26071-1-1-K1.pdf)" \
         'the same as one alone'
    head -c 2000 household.pdf > month/PD0100-26071-1-1-K1.pdf
    rm month/PD0100-26071-2-2-K1.pdf
    run sangden bill documents --month 2026-07 --out month --json
    out_has '{"written":2,' 'what is missing or cut off is written again'
    same "$(sha256sum < household.pdf)" "$(sha256sum < month/PD0100-26071-1-1-K1.pdf)" 'whole'
    run sangden bill documents --month 2026-07 --out month --json
    out_has '{"written":0,' 'what is there is left alone'
    run sangden bill documents --month 2031-01 --out month
    refused 1 'a month without bills' 'sangden bill list'
    run sangden bill documents --month 2026-07 --out month --workers 0
    is_status 2 'no workers'
}

bills_as_pdf() {
    run "$FILL_DOCUMENTS" "$SANGDEN_STORE"
    is_status 0 'bills of every kind'
    cp "$out" list
    while IFS=$'\t' read -r name number shows; do one_document "$name" "$number"; done < list
    if [ "$store" = SQLite ]; then # the rest is drawing, which knows no engine
        whole_documents
        symbols_are_read
        other_forms
        with_photo
        of_the_earlier_system
        a_statement_in_order
    fi
    a_month
    rm -rf -- *
}
on_both_stores bills_as_pdf
finish
