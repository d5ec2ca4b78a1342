#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# A demonstration: bills that hold every invariant, equal on both engines from one seed, never over data.
. "$(dirname "$0")/lib.sh"

demonstration() {
    run sangden demo --customers 60 --months 3 --seed 4 --until 2026-10 --json
    is_status 0 'a unit is made'
    out_has '"customers":60,"first_month":"2026-08","last_month":"2026-10"' 'of the size asked for'
    run sangden check
    is_status 0 'all invariants hold'
    run sangden bill verify --month 2026-09
    is_status 0 'its bills are computed again from what they store'
    err_has 'demonstration data' 'and every command says what they are'
    run sangden bill show PZ0001-26091-5-5-K1
    out_has 'DỮ LIỆU TRÌNH DIỄN' 'a bill is marked'
    run sangden bill show PZ0001-26091-5-5-K1 --json
    out_has '"demonstration":true' 'in JSON too'
    run sangden bill unbilled --month 2026-10 --json
    out_has '"demonstration":true' 'and so is who has none'
    run sangden month figures --month 2026-09 --unit PZ0001
    is_status 0 'months behind the last are closed'
    out_has 'hóa đơn kỳ' 'with figures in words'
    out_has '8 %' 'and the tax as a percentage'
    run sangden month figures --month 2026-10 --unit PZ0001
    refused 1 'the last month is open' '2026-10'
    run sangden buyback list --month 2026-09 --region north --json
    is_status 0 'roofs give energy back'
    out_has '"price":"1382.7"' 'and are owed for it'
    sangden bill list --month 2026-09 --json > "$store.json"
    if [ "$store" = PostgreSQL ]; then
        run cmp SQLite.json PostgreSQL.json
        is_status 0 'the same seed gives the same bills on the other engine'
    fi
    run sangden demo --customers 60 --months 3 --seed 4 --until 2026-10
    refused 1 'a store that holds data' 'SANGDEN_STORE'
    run sangden demo --customers 5
    refused 2 'too few customers' '10'
}
on_both_stores demonstration
finish
