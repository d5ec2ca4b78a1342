#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Between reading and issue a unit is merged into another: data stay in their permanent home, and
# everybody has one bill, under the unit that read the meter.
CUSTOMERS=60 BOOK=25
. "$(dirname "$0")/lib.sh"

second_unit() {
    "$OTHER_PROCESS" write "$SANGDEN_STORE" "INSERT INTO unit (unit_id, code, name, opened_on,
        created_at) VALUES (2, 'PD0200', 'Đơn vị nhận', '2010-01-01', 1)"
    verdict $? 'there is a second unit'
}
merge() {
    run sangden unit merge PD0100 --into PD0200 --from "$1" --source 'QĐ 2' --as QT01
    is_status 0 "$2: the units are merged"
}

# A merger before each of the phases in turn leaves the bills as they are.
mergers() {
    local name
    for name in close run issue; do
        new_store "merged_$name"
        prepare unread && work_until "$name"
        verdict $? "merger before $name: the month comes to it"
        second_unit
        merge 2026-10-25 "merger before $name"
        ends_well "$name" "merger before $name"
        run sangden bill list --month 2026-10 --json
        same "$(grep -c '"number":"PD0100-' "$out")" 55 "merger before $name: under the unit of the data"
    done
}

undisturbed
on_both_stores mergers
finish
