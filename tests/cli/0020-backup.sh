#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# A store is saved and comes back, from either engine to the other; nothing is written over.
. "$(dirname "$0")/lib.sh"

saved_and_back() {
    rm -f ./*.backup back.db*
    run sangden backup a.backup
    [ "$status" -ne 0 ]; verdict $? 'a store that is not set up is refused'
    err_has 'sangden init' 'with the remedy'
    run sangden init --kind test --as NV01
    is_status 0 'a store is made'
    run sangden backup a.backup --json
    is_status 0 'the store is saved'
    out_has '"rows":' 'rows are counted'
    same "$(stat -c %a a.backup)" 600 'only its owner reads it'
    run sangden audit list --stream store --json
    out_has '"action":"store.backup","subject":"' 'the chain says that a copy was begun'
    out_has "\"action\":\"store.backup_made\",\"subject\":\"sha256 $(sha256sum < a.backup | cut -d' ' -f1), $(stat -c %s a.backup) bytes\"" \
        'and which one was made'
    out_has "\"os_user\":\"$(id -un)\"" 'from which account'
    run sangden backup a.backup
    refused 1 'an existing file' 'a.backup'
    run sangden backup missing/folder/a.backup
    refused 3 'a folder that is missing' 'missing/folder'

    run sangden staff add NV02 --name B
    run sangden backup c.backup --as NV02
    refused 1 'a backup by somebody who does not maintain the store' 'administrator'
    run sangden upgrade --as NV02
    refused 1 'an upgrade by the same' 'administrator'

    home=$SANGDEN_STORE
    SANGDEN_STORE="sqlite:$dir/back.db"
    run sangden restore gone.backup
    refused 3 'a backup that is not there' 'gone.backup'
    [ ! -e back.db ]; verdict $? 'which makes no store'
    run sangden restore a.backup
    is_status 0 'a new store is filled'
    out_has 'Đã khôi phục' 'and says so'
    out_has 'Restored from' 'in English too'
    run sangden staff list
    out_has 'NV01' 'people are there'
    run sangden check
    is_status 0 'all invariants hold'
    run sangden audit list --stream store --json
    out_has '"action":"store.restore"' 'the store tells that it was restored'
    out_has '"os_user":"' 'and by whom'
    run sangden backup b.backup
    is_status 0 'it can be saved itself'
    SANGDEN_STORE=$home
    run sangden restore b.backup --replace --as NV02
    refused 1 'somebody who does not maintain the store' 'administrator'
    run sangden restore b.backup --replace
    is_status 0 'the first store takes it back when asked'
    run sangden init --kind real --as NV01
    refused 1 'it has the kind that was saved' 'test'

    printf 'garbage' > no.backup
    run sangden restore no.backup --replace
    refused 1 'another file' 'no.backup'
    run sangden restore gone.backup --replace
    refused 3 'a missing file' 'gone.backup'
    head -c 20000 a.backup > half.backup
    run sangden restore half.backup --replace
    [ "$status" -ne 0 ]; verdict $? 'half a backup is refused'
    run sangden staff list
    out_has 'NV01' 'and nothing was lost by it'
}
on_both_stores saved_and_back

# Whether a person of the backup is there, and the record of the restore: "0 0" or "1 1".
came_back() {
    printf '%s ' "$(sangden staff list --json | grep -c NV02)"
    sangden audit list --stream store --json | grep -c store.restore
}

# killed_after SECONDS COMMAND …: until the command, and a server that still works for it, are gone.
killed_after() {
    local child try others='select count(*) from pg_stat_activity where datname = current_database()'
    "${@:2}" > /dev/null 2>&1 &
    child=$!
    sleep "$1"
    kill -KILL "$child" 2> /dev/null
    wait "$child" 2> /dev/null
    [ "$store" = PostgreSQL ] || return 0
    for try in $(seq 100); do
        [ "$(psql -qtA "$SANGDEN_STORE" -c "$others")" != 1 ] || return 0
        sleep 0.1
    done
}

killed_restores() {
    run sangden init --kind test --as NV01
    run sangden staff add NV02 --name B
    run sangden backup two.backup
    new_store alone
    run sangden init --kind test --as NV01
    for wait in 0.005 0.01 0.02 0.03 0.05 0.08 0.12 0.2 0.4 0.8; do
        killed_after "$wait" "$SANGDEN" restore two.backup --replace
        came=$(came_back)
        [ "$came" = '0 0' ] || [ "$came" = '1 1' ]
        verdict $? "a restore killed after $wait s: whole with its record, or not at all: $came"
    done
    run sangden restore two.backup --replace
    same "$(came_back)" '1 1' 'given again it ends the same'
    rm -f two.backup
}
on_both_stores killed_restores

finish
