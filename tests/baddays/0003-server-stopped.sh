#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The database server is stopped in the middle of a closing, a run, an issue and a month closing:
# each command says so, is refused while the server is away, and finishes when it is back.
unset SANGDEN_TEST_POSTGRES # a cluster of this test's own, because it is stopped
. "$(dirname "$0")/lib.sh"

# The supervisor of the cluster starts it again at once; without its configuration it cannot.
stop_server() {
    mv "$cluster/postgresql.conf" "$cluster/postgresql.away"
    kill "-$1" "$(head -n 1 "$cluster/postmaster.pid")"
}
start_server() {
    local tries=0
    mv "$cluster/postgresql.away" "$cluster/postgresql.conf"
    until psql -q "$SANGDEN_TEST_POSTGRES" -c '' > /dev/null 2>&1; do
        tries=$((tries + 1))
        [ "$tries" -lt 100 ] || exit 99
        sleep 0.1
    done
}

wait_for_waiting() {
    local tries
    for tries in $(seq 100); do
        psql -qtA "$SANGDEN_STORE" -c "SELECT 'waits' FROM pg_stat_activity WHERE
            datname = current_database() AND wait_event_type = 'Lock'" 2> "$err" |
            grep -q waits && return 0
        sleep 0.05
    done
    return 1
}

# A phase waits in the middle for a row that another process holds, and the server is stopped then.
stopped_in() {
    local name=$1 how=$2
    start_blocker "$3"
    (phase "$name") > "$name.out" 2> "$name.err" &
    local command=$!
    wait_for_waiting
    verdict $? "$name: it waits in the middle"
    stop_server "$how"
    wait "$command"
    status=$?
    cp "$name.out" "$out" && cp "$name.err" "$err"
    told_lost "$name, server stopped ($how)"
    do_phase "$name"
    told "$name without a server" 'Không kết nối được' 'cannot be reached'
    run sangden backup saved.backup
    told 'a backup without a server' 'Không kết nối được' 'cannot be reached'
    [ ! -e saved.backup ]; verdict $? 'leaves no file'
    end_blocker
    start_server
    do_phase "$name"
    is_status 0 "$name: with the server back the same command finishes"
}

undisturbed
store=PostgreSQL
if ! start_postgres; then
    skipped 'a stopped server' 'PostgreSQL 15 is not installed'
    finish
fi
host=${SANGDEN_TEST_POSTGRES#*host=}
cluster=${host%%&*}/data
new_store stopped
prepare unread && do_phase import
is_status 0 'readings are in'
stopped_in close INT 'LOCK TABLE usage IN EXCLUSIVE MODE'
sign
verdict $? 'books are signed'
stopped_in run QUIT 'LOCK TABLE bill_draft IN EXCLUSIVE MODE'
stopped_in issue INT 'UPDATE book_period SET state = state WHERE book_id = 2'
stopped_in month QUIT 'LOCK TABLE month_figure IN EXCLUSIVE MODE'
is_undisturbed 'after four stops'
finish
