#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Kills workers, the command itself and the PostgreSQL postmaster at random instants of the closing
# of books, a run, an issue and a month closing, resumes, and compares the canonical export byte for
# byte with that of a month that nobody disturbed.
#
#   CUSTOMERS (2000), KILLS (20) per store, SEED (1) repeat a failure
unset SANGDEN_TEST_POSTGRES # a cluster of this test's own, because its postmaster is killed
. "$(dirname "$0")/../cli/lib.sh"
. "$here/../support/month.sh"
CUSTOMERS=${CUSTOMERS:-2000}
KILLS=${KILLS:-20}
BOOK=250
RANDOM=${SEED:-1}
RESUMES_MAX=50

now_ms() { date +%s%3N; }

# is_done NAME: whether the phase has its whole effect.
is_done() {
    case $1 in
    close | run | issue) (phase "$1") > "$out" 2> "$err" ;;
    month) "$SANGDEN" month figures --month 2026-10 --unit PD0100 > "$out" 2> "$err" ||
        (phase month) > "$out" 2> "$err" ;;
    esac
}

resume() {
    local try
    for try in $(seq $RESUMES_MAX); do
        is_done "$1" && return 0
        sleep 0.2
    done
    return 1
}

# disturb NAME LASTS_MS: starts the phase and kills someone at a random instant of its life.
disturb() {
    (phase "$1") > /dev/null 2>&1 &
    local command=$! wait_ms=$((RANDOM % ($2 + 1))) children victim
    sleep "$((wait_ms / 1000)).$(printf '%03d' $((wait_ms % 1000)))"
    mapfile -t children < <(pgrep -P "$command")
    victim=$command
    case $((RANDOM % 3)) in
    0) [ ${#children[@]} -gt 0 ] && victim=${children[RANDOM % ${#children[@]}]} ;;
    1) if [ "$store" = PostgreSQL ]; then
        victim=$(head -n 1 "${SANGDEN_TEST_POSTGRES#*host=}/data/postmaster.pid" 2> /dev/null)
    fi ;;
    esac
    kill -KILL "$victim" 2> /dev/null && kills=$((kills + 1))
    wait "$command" 2> /dev/null
    for child in "${children[@]}"; do
        while kill -0 "$child" 2> /dev/null; do sleep 0.02; done
    done
    return 0
}

measure() {
    local started
    started=$(now_ms)
    (phase "$1") > "$out" 2> "$err"
    status=$?
    lasts=$(($(now_ms) - started))
}

nothing_is_lost_or_doubled() {
    local kills=0 round=0 equal=0 close_ms run_ms issue_ms month_ms
    prepare read
    verdict $? 'meters are read'
    measure close; close_ms=$lasts
    is_status 0 'a closing that nobody disturbs'
    sign
    verdict $? 'books are signed'
    measure run; run_ms=$lasts
    is_status 0 'a run that nobody disturbs'
    measure issue; issue_ms=$lasts
    is_status 0 'its issue'
    measure month; month_ms=$lasts
    is_status 0 'its month'
    export_to "$dir/$store.undisturbed"
    same "$(grep -c '^{"bill"' "$dir/$store.undisturbed")" \
        "$((CUSTOMERS - CUSTOMERS / 11))" 'bills of everyone but the held'
    while [ "$kills" -lt "$KILLS" ] && [ "$round" -lt "$KILLS" ]; do
        round=$((round + 1))
        rm -f "$dir"/round*
        new_store "round$round"
        prepare read || break
        disturb close "$close_ms" && disturb close "$close_ms"
        resume close && sign || break
        disturb run "$run_ms" && disturb run "$run_ms"
        resume run || break
        disturb issue "$issue_ms" && disturb issue "$issue_ms"
        resume issue || break
        disturb month "$month_ms"
        resume month || break
        export_to "$dir/$store.killed"
        cmp -s "$dir/$store.undisturbed" "$dir/$store.killed" || break
        "$SANGDEN" check > "$out" 2> "$err" || break
        equal=$((equal + 1))
    done
    [ "$equal" -eq "$round" ]
    verdict $? "every one of $round stores killed $kills times has the same export"
    [ "$kills" -ge "$KILLS" ]
    verdict $? "$kills kills happened"
}
on_both_stores nothing_is_lost_or_doubled
if [ -s "$dir/PostgreSQL.undisturbed" ]; then
    store=
    cmp -s "$dir/SQLite.undisturbed" "$dir/PostgreSQL.undisturbed"
    verdict $? 'both engines give the same bytes'
fi
finish
