#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Stores of every earlier version, with data in them: who may save and upgrade them, and that
# nothing of them is lost; stores of a later program are left alone.
. "$(dirname "$0")/../cli/lib.sh"
old_store=${OLD_STORE:?a program that makes old stores}
versions=$("$old_store" count)
people_come_with=$(find "$here/../../src/store/migrations" -name "*.sql" | wc -l)
first_with_people=$((people_come_with + 1)) last=$((versions - 1))

# Whether a version is tried: the first and the last, that in which people came, and every eighth;
# each with VERSIONS=all.
is_tried() {
    case $1 in 1 | "$first_with_people" | "$last") return 0 ;; esac
    [ "${VERSIONS:-}" = all ] || [ $(($1 % 8)) -eq 0 ]
}

# A store of version $1 from the full backup, under a name of its own.
old() {
    new_store "v$1_$2"
    run "$old_store" make "$SANGDEN_STORE" "$dir/$3" "$1"
    is_status 0 "version $1: a store of that version"
}

# Only who maintains the store saves or upgrades it, whatever its version.
guarded() {
    run sangden upgrade --as HOADON
    refused 1 "version $1: an upgrade by a clerk" 'administrator'
    run sangden backup no.backup --as HOADON
    refused 1 "version $1: a backup by a clerk" 'administrator'
    run sangden upgrade --as NOBODY
    refused 1 "version $1: an upgrade by nobody known" 'NOBODY'
    run sangden restore full.backup --replace --as HOADON
    refused 1 "version $1: its replacement by a clerk" 'administrator'
}

# Nothing but `upgrade` brings a store up.
left_alone() {
    run sangden check
    refused 1 "version $1: the old schema" 'sangden upgrade'
    err_has 'demonstration data' "version $1: a demonstration says that it is one"
    run sangden init --kind demonstration --as QUANTRI
    refused 1 "version $1: no upgrade by init" 'sangden upgrade'
    run sangden demo --customers 10 --months 3 --seed 1
    refused 1 "version $1: nor by demo" 'sangden upgrade'
}

comes_up() {
    run sangden backup before.backup --as QUANTRI --json
    is_status 0 "version $1: it is saved as it is"
    out_has "\"version\":$1," "version $1: and nothing has changed it"
    run sangden upgrade --as QUANTRI --json
    out_is "{\"from\":$1,\"to\":$versions}" "version $1: its maintainer upgrades it"
    run sangden backup after.backup --as QUANTRI
    is_status 0 "version $1: it can be saved and proved"
    run "$old_store" lost before.backup after.backup
    is_status 0 "version $1: both are compared"
    # But for one head of the audit chain: that it was saved and brought up are links of its own.
    ! grep -v -e ' 0 of ' -e '^audit_head 1 of ' "$out"; verdict $? "version $1: no row was lost"
    grep -q 'store_property 0 of' "$out"; verdict $? "version $1: and there were some"
    run sangden audit list --stream store --json
    out_has '"action":"store.upgrade"' "version $1: the chain says that it was upgraded"
    [ "$1" -lt $first_with_people ] || out_has '"actor":"QUANTRI"' "version $1: and by whom"
    run sangden upgrade --as QUANTRI --json
    out_is "{\"from\":$versions,\"to\":$versions}" "version $1: once is enough"
    run sangden audit list --stream store --json
    same "$(grep -o store.upgrade "$out" | wc -l)" 1 "version $1: and recorded once"
    rm -f before.backup after.backup
}

upgrades_keep_everything() {
    run sangden demo --customers 12 --months 3 --seed 1 --until 2026-10
    run sangden backup full.backup --as QUANTRI
    is_status 0 'a full store is saved'
    for ((version = 1; version < versions; version++)); do
        is_tried "$version" || continue
        old "$version" full full.backup
        case $version in 1 | "$first_with_people" | "$last") left_alone "$version" ;; esac
        case $version in "$first_with_people" | "$last") guarded "$version" ;; esac
        comes_up "$version"
    done
    old "$last" again full.backup
    run sangden backup old.backup --as QUANTRI
    run sangden restore full.backup --replace --as QUANTRI
    is_status 0 'an old store takes a backup of the new version'
    run sangden check
    is_status 0 'and is sound'
    old "$last" behind full.backup
    run sangden restore old.backup --replace --as QUANTRI
    is_status 0 'an old store takes its own backup'
    run sangden upgrade --as QUANTRI --json
    out_is "{\"from\":$versions,\"to\":$versions}" 'and comes up with it'
    rm -f full.backup old.backup
}
on_both_stores upgrades_keep_everything

number_is() { same "$("$old_store" number "$SANGDEN_STORE" "$1" 2>> "$err")" "$2" "$3"; }

# Before 0602 a key of orders was kept for each person; since then it counts in its unit.
before_0602=$(find "$here/../../src" -path '*/migrations/*.sql' -printf '%f\n' |
    awk '$0 < "0602"' | wc -l)
keys_of_orders_move() {
    run sangden init --kind test --as QT01
    run sangden backup orders.backup --as QT01
    old "$before_0602" orders orders.backup
    local hash=0123456789012345678901234567890123456789012345678901234567890123
    local order='INSERT INTO fee_order (order_key, caller_id, digest, unit_id, bill_number, ordered_at) VALUES'
    local supplement="INSERT INTO supplement_order (unit_id, order_id, order_key, caller_id, digest, point_id, from_on, to_on, total_wh, cause, ground, state, ordered_at) VALUES"
    local what="'$hash', 7, '2026-09-30', '2026-10-31', 5, 'theft', 'BB', 'proposed', 1"
    run "$old_store" sql "$SANGDEN_STORE" "$order ('K', 1, '$hash', 1, 'N1', 1); $order ('K', 2, '$hash', 1, 'N2', 2); $order ('L', 2, '$hash', 1, 'N3', 3); $supplement (1, 1, 'S', 1, $what); $supplement (1, 2, 'S', 2, $what)"
    is_status 0 'orders of two persons under one key'
    run sangden upgrade --as QT01
    is_status 0 'come up'
    number_is "SELECT count(*) FROM fee_bill_order WHERE order_key IN ('K', 'L', 'K#2')" 3 \
        'the first keeps the key, the second a key of its own'
    number_is "SELECT count(*) FROM fee_bill_order WHERE order_key = 'K' AND bill_number = 'N1'" 1 \
        'with their bills'
    number_is "SELECT count(DISTINCT order_key) FROM supplement_order" 2 'supplements alike'
    run sangden upgrade --as QT01
    is_status 0 'once'
    rm -f orders.backup
}
on_both_stores keys_of_orders_move

# A migration may come behind others with a higher number: a store has those and lacks it.
gaps_are_filled() {
    run sangden demo --customers 12 --months 3 --seed 1 --until 2026-10
    run "$old_store" sql "$SANGDEN_STORE" "DROP TABLE installation_before; DELETE FROM store_table WHERE name = 'installation_before'; DELETE FROM store_migration WHERE number = 302"
    is_status 0 'a store from before installations were corrected'
    run sangden check
    refused 1 'the old schema' 'sangden upgrade'
    run sangden upgrade --as QUANTRI --json
    out_is "{\"from\":$last,\"to\":$versions}" 'comes up'
    run sangden check
    is_status 0 'and is sound'
    number_is 'SELECT count(*) FROM installation_before' 0 'with nothing corrected'
}
on_both_stores gaps_are_filled

later_stores_are_left_alone() {
    run sangden init --kind test --as QT01
    run sangden backup own.backup --as QT01
    "$old_store" newer "$SANGDEN_STORE"; verdict $? 'a store of a later program'
    run sangden check
    refused 1 'reading it' 'newer program'
    run sangden upgrade --as QT01
    refused 1 'upgrading it' 'newer program'
    run sangden backup new.backup --as QT01
    refused 1 'saving it' '9999_future'
    [ ! -e new.backup ] && [ ! -e new.backup.part ]; verdict $? 'no file is left of that'
    run sangden restore own.backup --replace --as QT01
    refused 1 'replacing it' 'newer program'
    run sangden init --kind test --as QT01
    refused 1 'init' 'newer program'
    rm -f own.backup
}
on_both_stores later_stores_are_left_alone

the_clock_of_a_real_store_stands() {
    run sangden init --kind real --as QT01
    run sangden backup real.backup --as QT01
    is_status 0 'a real store is saved'
    old "$last" real real.backup
    SANGDEN_NOW=2020-01-01T00:00:00+07:00 run sangden upgrade --as QT01
    refused 1 'an upgrade in another time' 'SANGDEN_NOW'
    new_store empty
    SANGDEN_NOW=2020-01-01T00:00:00+07:00 run sangden restore real.backup --as QT01
    refused 1 'a restore of a real store in another time' 'SANGDEN_NOW'
    run sangden staff list
    refused 1 'what that left' 'sangden init'
    rm -f real.backup
}
on_both_stores the_clock_of_a_real_store_stands

finish
