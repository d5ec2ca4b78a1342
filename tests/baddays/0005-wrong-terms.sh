#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# A price row is missing for the day, a customer has no price use, shares do not sum to 100: those
# agreements are listed with reason and remedy, all others are billed, and once mended the next run
# takes them up.
CUSTOMERS=60 BOOK=25
. "$(dirname "$0")/lib.sh"
point() { printf 'DD%011d' "$1"; }

# The book in force with a price that it lacks, business use from 6 kV on.
with_row() {
    awk '{ print } /"id": "QD1279\/2025"/ { last = 1 }
        last && /"category": "KD", "voltage": "LT6", "tou"/ {
            sub(/"LT6"/, "\"GE6\""); sub(/,?$/, ","); print }' "$here/../../data/pricebook.json"
}

# A fact that the registry would refuse, as an earlier program may have left it.
stored() {
    "$OTHER_PROCESS" write "$SANGDEN_STORE" "INSERT INTO point_fact (unit_id, point_id, kind,
        valid_from, entry_no, state, recorded_at, actor_id, value_text)
        VALUES (1, $1, 'uses', '2026-10-20', 1, 'set', 1000, 1, '$2')"
}

# listed POINT VI EN...: the point has no bill, for this reason and with this remedy.
listed() {
    grep -F "\"$(point "$1")\"" "$out" > line
    grep -qF "$2" line && grep -qF "$3" line && grep -qF "$4" line
    verdict $? "point $1: $2; $3; $4"
}

# bills: point and total of the month's bills, whichever run issued them.
bills() {
    "$SANGDEN" bill list --month 2026-10 --json |
        sed -n 's/.*"point":"\([^"]*\)".*"total":\([0-9]*\).*/\1 \2/p' | sort
}

wrong_terms() {
    run sangden init --kind test --as QT01 --name 'Quản trị'
    run sangden staff add HD02 --name 'Người thứ hai' --as QT01
    run sangden staff role HD02 billing_leader --as QT01
    "$FILL_STORE" "$SANGDEN_STORE" 60 25 202610 1 0
    verdict $? 'books are signed'
    run sangden change uses "$(point 7)" 'SH:-:60%;KD:LT6:30%' --from 2026-10-20 --as QT01
    refused 1 'shares that do not sum to 100' '90'
    stored 7 'SH:-:60%;KD:LT6:30%' && stored 9 'XY:-:100%'
    verdict $? 'terms that no command would record'
    run sangden change uses "$(point 8)" --from 2026-10-20 --end --as QT01
    is_status 0 'a customer without a price use'
    run sangden change uses "$(point 10)" 'KD:GE6:100%' --from 2026-10-20 --as QT01
    is_status 0 'a voltage without a price'

    run sangden bill run --month 2026-10 --as QT01 --json
    is_status 0 'the run goes through'
    out_has '"ready":56,"held":0,"exceptions":4' 'with everybody else'
    run sangden bill run --month 2026-10 --point "$(point 7)" --dry-run --as QT01
    is_status 0 'a dry run shows the reason'
    out_has '90%' 'the sum of the shares'
    run sangden bill unbilled --month 2026-10 --json
    listed 7 'Tổng tỷ lệ áp giá là 90%' 'sangden change' 'the terms cannot be read'
    listed 8 'không có mục đích sử dụng điện' 'sangden change uses' 'no price use on the last day'
    listed 9 'không có mã “XY”' 'sangden change uses' 'the amount cannot be computed'
    listed 10 'KD' 'sangden tariff load' 'the amount cannot be computed'
    run sangden bill issue --run 20261001 --as QT01 --json
    out_has '"issued":56' 'all others are issued'
    run sangden bill run --month 2026-10 --as QT01 --json
    out_has '"ready":0,"held":0,"exceptions":4' 'the four stay while nothing is mended'

    with_row > more.json
    run sangden tariff load more.json --as QT01
    is_status 0 'the missing price is loaded'
    run sangden tariff release 1 --correction --as HD02
    is_status 0 'and released by another person'
    for number in 7 8 9; do
        run sangden change uses "$(point $number)" 'SH:-:100%' --from 2026-10-20 --correct --as QT01
        is_status 0 "point $number is mended"
    done
    run sangden bill run --month 2026-10 --as QT01 --json
    out_has '"run":20261002' 'the next run'
    out_has '"ready":4,"held":0,"exceptions":0' 'takes the four up'
    run sangden bill issue --run 20261002 --as QT01 --json
    out_has '"issued":4' 'and they are issued'
    run sangden bill unbilled --month 2026-10 --json
    out_is '[]' 'nobody is left'
    run sangden check
    is_status 0 'all invariants hold'
    bills > late.bills
    same "$(wc -l < late.bills)" 60 'sixty bills'
}

# The same customers with the right terms from the beginning.
right_terms() {
    SANGDEN_STORE="sqlite:$dir/right.db"
    run sangden init --kind test --as QT01 --name 'Quản trị'
    run sangden staff add HD02 --name 'Người thứ hai' --as QT01
    run sangden staff role HD02 billing_leader --as QT01
    "$FILL_STORE" "$SANGDEN_STORE" 60 25 202610 1 0
    with_row > more.json
    run sangden tariff load more.json --as QT01
    run sangden tariff release 1 --correction --as HD02
    run sangden change uses "$(point 10)" 'KD:GE6:100%' --from 2026-10-20 --as QT01
    for number in 7 8 9; do
        run sangden change uses "$(point $number)" 'SH:-:100%' --from 2026-10-20 --as QT01
    done
    run sangden bill run --month 2026-10 --as QT01
    run sangden bill issue --run 20261001 --as QT01
    is_status 0 'a month with the right terms'
    bills > right.bills
}
as_if_right() {
    wrong_terms
    cmp -s right.bills late.bills
    verdict $? 'the bills are those of right terms from the beginning'
}
right_terms
on_both_stores as_if_right
finish
