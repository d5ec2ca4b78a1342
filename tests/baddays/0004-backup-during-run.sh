#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# A backup is taken while a run, and later an issue, is half done and its workers hold their parts.
# Restored elsewhere, on either engine, it is consistent and goes on to the undisturbed end; so does
# the store that it was taken from.
CUSTOMERS=1200 BOOK=75
. "$(dirname "$0")/lib.sh"

# bills_at STAGE: how many bills of the month have come to it; nothing while a stopped process keeps
# the file to itself, as the last one to close it does for a moment.
bills_at() {
    local list what='"number"'
    case $1 in
    run) list=unbilled what='"problem":"not_run"' ;;
    issue) list=list ;;
    esac
    list=$(timeout 2 "$SANGDEN" bill "$list" --month 2026-10 --json 2> /dev/null) || return 1
    printf '%s\n' "$list" | grep -c "$what" || true
}

# everyone SIGNAL: to the command and its workers, who are one group of processes.
everyone() { kill "-$1" -- "-$command" 2> /dev/null; }

# Lets the command run in short steps until some of its bills are done, and not all.
stop_half_way() {
    local before at tries
    before=$(bills_at "$1")
    phase_in_background "$1"
    for tries in $(seq 400); do
        sleep 0.005
        everyone STOP
        if at=$(bills_at "$1") && [ "$at" -ne "$before" ]; then break; fi
        everyone CONT
    done
    [ "$at" -ne "$before" ] && [ "$at" -ne 0 ] && kill -0 "$command" 2> /dev/null
    verdict $? "$1: $at bills where $before were, and it goes on"
}
# Behind all others, so that on a busy machine too it does not end before this shell looks again.
phase_in_background() {
    set -m
    (renice -n 19 "$BASHPID" > /dev/null; phase "$1") > "$1.out" 2> "$1.err" &
    command=$!
    set +m
}

saved_half_way() {
    local name=$1
    stop_half_way "$name"
    run sangden backup "$store-$name.backup"
    is_status 0 "$name: a backup is taken while it goes on"
    everyone CONT
    wait "$command"
    status=$?
    is_status 0 "$name: which does not disturb it"
}

# restored NAME TARGET: the backup elsewhere.
restored() {
    local home=$SANGDEN_STORE
    SANGDEN_STORE=$2
    run sangden restore "$store-$1.backup"
    is_status 0 "$1: restored elsewhere"
    run sangden check
    is_status 0 "$1: all invariants hold there"
    ends_well "$1" "$1, restored"
    SANGDEN_STORE=$home
}

backup_half_way() {
    prepare unread && work_until run
    verdict $? 'books are signed'
    for name in run issue; do
        saved_half_way "$name"
        restored "$name" "sqlite:$dir/$store-$name.db"
    done
    do_phase month
    is_undisturbed 'the store itself'
}
undisturbed
on_both_stores backup_half_way

# And from the file to the other engine.
if start_postgres; then
    store=PostgreSQL
    new_store crossed
    home=$SANGDEN_STORE
    store=SQLite
    restored run "$home"
fi
finish
