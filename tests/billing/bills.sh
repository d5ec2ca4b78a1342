#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The bill commands from closed books to issued bills, on each engine.
. "$(dirname "$0")/../cli/lib.sh"

bills_a_month() {
    run sangden init --kind test --as QT01 --name 'Quản trị'
    run sangden staff add HD01 --name 'Nhân viên hóa đơn' --as QT01
    run sangden staff role HD01 billing_leader --as QT01
    run "$FILL_STORE" "$SANGDEN_STORE" 60 25 202610 1 1
    is_status 0 'books are closed'

    run sangden staff add NV02 --name 'Người mới' --as QT01
    run sangden bill run --month 2026-10 --as NV02
    refused 1 'a run needs the right' 'tính hóa đơn'
    run sangden bill run --month 2026-10 --unit PX --as HD01
    refused 1 'an unknown unit' 'PX'
    run sangden bill run --month 2026-11 --as HD01
    refused 1 'nothing closed' '2026-11'
    run sangden bill run --month 2026-10 --book SX --as HD01
    refused 1 'an unknown book' 'SX'
    run sangden bill run --month 2026-10 --workers 0 --as HD01
    is_status 2 'no workers'
    run sangden bill run --month 2026-10 --point DD00000000007 --as HD01
    is_status 2 'a point without a dry run'

    run sangden bill run --month 2026-10 --point DD00000000007 --dry-run --as HD01 --json
    is_status 0 'a dry run of one point'
    out_has '"state":"ready"' 'shows its bill'
    out_has '"point":"DD00000000007"' 'by the code of its point'
    run sangden bill run --month 2026-10 --point DD00000000007 --dry-run --as HD01
    out_has 'DD00000000007  tính được' 'also for people'
    run sangden bill run --month 2026-11 --dry-run --as HD01
    refused 1 'a dry run of what is not closed' 'sangden bill unbilled'
    run sangden bill list --month 2026-10 --json
    out_is '[]' 'and writes nothing'

    run sangden bill run --month 2026-10 --workers 2 --as HD01 --json
    is_status 0 'the month is drafted'
    out_has '"run":20261001,"stage":"draft","ready":55,"held":5,"exceptions":0' 'with its counts'
    cp "$out" first.json
    run sangden bill run --month 2026-10 --as HD01 --json
    same "$(cat first.json)" "$(cat "$out")" 'drafting again gives the same'
    run sangden bill review --month 2026-10 --json
    out_has '"points":60' 'the review counts all'
    out_has '"unbilled":60' 'and who has no bill yet'
    run sangden bill review --month 2026-10 --unit PX
    refused 1 'the review of an unknown unit' 'PX'

    run sangden bill issue --run 20261009 --as HD01
    refused 1 'an unknown run' '20261009'
    run sangden bill issue --run 20261001 --workers 2 --as HD01 --json
    is_status 0 'the run is issued'
    out_has '"issued":55,"held":5' 'the held ones stay'
    run sangden bill issue --run 20261001 --as HD01 --json
    out_has '"issued":0,"held":5' 'issuing again issues nothing'
    run sangden bill list --month 2026-10 --json
    out_has '"number":"PD0100-26101-7-7-K1"' 'bills are listed'
    same "$(grep -c '"number"' "$out")" 55 'all of them'

    run sangden bill show PD0100-26101-7-7-K1
    out_has 'bậc 1' 'a bill is explained'
    run sangden bill show PD0100-26101-7-7-K1 --english
    out_has 'tier 1' 'in English too'
    run sangden bill show PD0100-26101-7-7-K1 --json
    out_has '"basis":"' 'with the law behind each line'
    run sangden bill show PD0100-26101-7-8-K1
    refused 1 'a bill that is not there' 'PD0100-26101-7-8-K1'
    run sangden bill show 7
    refused 1 'what is no number' 'K1'

    run sangden bill unbilled --month 2026-10 --json
    same "$(grep -c '"problem":"spike"' "$out")" 5 'those without a bill have their reason'
    run sangden bill verify --month 2026-10 --json
    is_status 0 'every bill is what it says'
    out_has '"same":55,"different":0' 'all were computed again'
    run sangden bill export --run 20261001 --canonical
    same "$(wc -l < "$out")" 110 'the export has every bill and event'
    run sangden check
    is_status 0 'all invariants hold'
}
on_both_stores bills_a_month
finish
