#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Another process keeps what a command needs for longer than the command waits: it gives up with the
# reason and the remedy, reading goes on meanwhile, and afterwards the same command finishes.
. "$(dirname "$0")/lib.sh"
undisturbed

# What another process holds on PostgreSQL; SQLite has one lock for all who write.
held_by_phase() {
    case $1 in
    import) echo 'LOCK TABLE reading IN EXCLUSIVE MODE' ;;
    close) echo 'LOCK TABLE usage IN EXCLUSIVE MODE' ;;
    run) echo 'LOCK TABLE bill_draft IN EXCLUSIVE MODE' ;;
    issue) echo 'UPDATE book_period SET state = state' ;;
    esac
}

# Each phase has a store and a lock of its own, so that all wait at the same time.
try_while_locked() {
    local name
    declare -A input process stores
    for name in $BLOCKED; do
        new_store "locked_$name"
        stores[$name]=$SANGDEN_STORE
        prepare unread && work_until "$name"
        verdict $? "$name: the month comes to it"
        start_blocker "$(held_by_phase "$name")"
        input[$name]=$blocker_input
        (phase "$name") > "$name.out" 2> "$name.err" &
        process[$name]=$!
    done
    run sangden book list --month 2026-10
    is_status 0 'reading goes on'
    run sangden backup "$store.backup"
    is_status 0 'a backup too'
    for name in $BLOCKED; do
        wait "${process[$name]}"
        status=$?
        cp "$name.out" "$out" && cp "$name.err" "$err"
        told "$name while locked" 'giữ khóa của cơ sở dữ liệu' 'holds a lock of the database'
        blocker_input=${input[$name]}
        exec {blocker_input}>&-
    done
    for name in $BLOCKED; do
        SANGDEN_STORE=${stores[$name]}
        ends_well "$name" "$name after the lock"
    done
}
BLOCKED='import close run issue'
on_both_stores try_while_locked
finish
