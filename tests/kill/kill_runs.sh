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
disturbed=phase completed=is_done written=export_to
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

# A part of the time each, since what was done before a kill stays done: so that most hit work.
disturb_often() {
    local try
    for try in 1 2 3 4; do disturb "$1" $(($2 / 2)); done
}

round_of_a_month() {
    prepare read || return 1
    disturb_often close "$close_ms"
    resume close && sign || return 1
    disturb_often run "$run_ms"
    resume run || return 1
    disturb_often issue "$issue_ms"
    resume issue || return 1
    disturb month "$month_ms"
    resume month
}

nothing_is_lost_or_doubled() {
    local close_ms run_ms issue_ms month_ms
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
    rounds round_of_a_month export
}
on_both_stores nothing_is_lost_or_doubled
engines_agree bytes
finish
