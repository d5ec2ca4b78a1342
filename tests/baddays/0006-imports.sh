#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Files that must not be taken: in another encoding, of every kind; and the readings of a book a
# second time with other values, before and after the book is closed, and after it is billed.
CUSTOMERS=60 BOOK=25
. "$(dirname "$0")/lib.sh"

# counts: how many rows the store has in all. A copy leaves two links of its own in the audit chain, the
# second behind what it counted.
LINKS_OF_A_COPY=2
counts() {
    "$SANGDEN" backup counted.backup --json 2> /dev/null | sed -n 's/.*"rows":\([0-9]*\).*/\1/p'
    rm -f counted.backup
}

# Every kind that import knows, as the command itself names them.
kinds() {
    "$SANGDEN" import none none 2>&1 | sed -n 's/.*The kinds: //p' | tr -d ' ' | tr ',' '\n' |
        grep -v photos
}

# spoilt ENCODING FILE: the file as a program of another time would have saved it.
spoilt() {
    case $1 in
    UTF-16) printf '\377\376'; sed 's/./&\x00/g; s/$/\x0d\x00/' "$2" ;;
    windows-1258) sed 's/[^ -~]//g; 2s/[a-zA-Z0-9]/&\xd0\xec\xf2/' "$2" ;;
    TCVN3) sed 's/[^ -~]//g; 2s/[a-zA-Z0-9]/&\xae\xb5\xb8/' "$2" ;;
    esac
}

encodings() {
    prepare read
    verdict $? 'a store with customers'
    # A refused file may draw a number, which leaves a gap and nothing else.
    for encoding in windows-1258 TCVN3 UTF-16; do
        for kind in $(kinds); do
            "$SANGDEN" import "$kind" --template > good.csv
            spoilt $encoding good.csv > bad.csv
            run sangden import "$kind" bad.csv --as QT01
            refused 1 "$kind in $encoding" 'UTF-8'
        done
        [ $encoding != windows-1258 ] || before=$(counts)
    done
    [ "$(kinds | wc -l)" -ge 16 ]; verdict $? "$(kinds | wc -l) kinds were tried"
    same "$(counts)" "$((before + LINKS_OF_A_COPY))" 'and nothing was taken'
    for encoding in UTF-16 windows-1258; do
        spoilt $encoding "$here/../../data/pricebook.json" > bad.json
        run sangden tariff load bad.json --as QT01
        refused 1 "a price book in $encoding" 'UTF-8'
    done
    { printf '\357\273\277'; readings_of_month; } > bom.csv
    run sangden import readings bom.csv --unit PD0100 --as QT01 --json
    is_status 0 'UTF-8 with its mark is what a spreadsheet saves, and is taken'
    out_has '"unchanged":64' 'as the same readings'
}

readings_twice() {
    prepare unread && do_phase import
    is_status 0 'readings are in'
    awk -F, 'NR > 1 { $4 += 5 } { print }' OFS=, readings.csv > other.csv
    run sangden import readings other.csv --unit PD0100 --as QT01
    refused 1 'the same book with other values' '--correct'
    err_has 'dòng 2, cột value' 'the row and column'
    do_phase close
    do_phase sign
    is_status 0 'the book is closed and signed on the first values'
    run sangden import readings other.csv --unit PD0100 --as QT01
    refused 1 'other values behind a closing' '--correct'
    run sangden import readings other.csv --unit PD0100 --correct --reason 'đọc nhầm' --as QT01
    is_status 0 'unless they are called a correction'
    do_phase run
    do_phase issue
    is_undisturbed 'a closing stands, whatever comes behind it'
}
undisturbed
on_both_stores encodings
on_both_stores readings_twice
finish
