#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Homes beside their neighbours: published once a month, listed with reasons, floors and wishes.
. "$(dirname "$0")/lib.sh"

neighbours() {
    run sangden demo --customers 700 --months 2 --seed 4 --until 2026-10
    is_status 0 'a unit with two months'
    run sangden insight peers --month 2026-09 --json
    is_status 0 'the demonstration has compared its homes'
    out_has '"already":true' 'and nothing is published twice'
    cp "$out" first
    run sangden insight peers --month 2026-09 --json
    cp "$out" second
    run cmp first second
    is_status 0 'the repetition answers the same'
    run sangden insight peers-show --month 2026-09 --unit PZ0001
    is_status 0 'the groups are listed'
    out_has 'chưa đủ hộ' 'with the reason why one is hidden'
    out_has 'nông thôn, 1 hộ/công tơ, kỳ 29–33 ngày' 'and what its homes have in common'
    run sangden insight peers-show --month 2026-09 --unit PZ0001 --published --json
    out_has '"state":"published","median_kwh":' 'published groups have their values'
    out_lacks 'too_few' 'and the others are left out when asked'
    run sangden insight peers-show --month 2026-08 --unit PZ0001
    refused 1 'a month that was not published' '2026-08'
    run sangden insight peers --month 2026-11
    refused 1 'a month without bills' 'bills'
    run sangden insight peers --month 2026-09 --as GHICHISO
    refused 1 'a reader of meters may not publish' 'GHICHISO'
    run sangden insight peers-floor 14 --unit PZ0001 --from 2026-11-01 --source 'QĐ mẫu'
    refused 1 'fewer than fifteen homes' '15'
    run sangden insight peers-floor ít --unit PZ0001 --from 2026-11-01 --source 'QĐ mẫu'
    refused 2 'a number that is none' '15'
    run sangden insight peers-floor 50 --unit PZ0001 --from 2026-11-01 --source 'QĐ mẫu' --json
    is_status 0 'a lower floor from a day on'
    out_is '{"peer_floor":50}' 'is recorded'
    run sangden change agreement PZ00010000005 peer_comparison out --from 2026-11-01
    is_status 0 'a customer who does not want to be compared'
    run sangden change agreement PZ00010000005 peer_comparison in --from 2026-12-01
    refused 1 'a wish that is none' 'out'
    run sangden check
    is_status 0 'all invariants hold'
    run sangden audit list --json
    out_has 'peers.publish' 'who published stands in the audit chain'
}
on_both_stores neighbours
finish
