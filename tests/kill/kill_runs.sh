#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Kills workers, the command itself and the PostgreSQL postmaster at random instants of the closing
# of books, a run, an issue and a month closing, resumes, and compares the canonical export byte for
# byte with that of a month that nobody disturbed.
#
#   CUSTOMERS (2000), KILLS (10) per store, SEED (1) repeat a failure
unset SANGDEN_TEST_POSTGRES # a cluster of this test's own, because its postmaster is killed
. "$(dirname "$0")/../cli/lib.sh"
. "$here/../support/month.sh"
. "$here/../support/disturb.sh"
disturbed=phase completed=is_done
CUSTOMERS=${CUSTOMERS:-2000}
KILLS=${KILLS:-10}
BOOK=250
RANDOM=${SEED:-1}

# is_done NAME: whether the phase has its whole effect.
is_done() {
    case $1 in
    close | run | issue) (phase "$1") > "$out" 2> "$err" ;;
    month) "$SANGDEN" month figures --month 2026-10 --unit PD0100 > "$out" 2> "$err" ||
        (phase month) > "$out" 2> "$err" ;;
    esac
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
