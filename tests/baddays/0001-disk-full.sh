#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The disk fills up during import, closing, run, issue, month closing and backup: each is refused
# with its remedy, nothing half-done stays, and with room again the same command finishes.
. "$(dirname "$0")/lib.sh"
LIMIT_KB=32
small=$(mktemp -d) && chmod 755 "$small"
mounted=
tablespace=
leave() {
    if [ -n "$tablespace" ]; then
        psql -q "$SANGDEN_TEST_POSTGRES" -c "DROP DATABASE IF EXISTS $tablespace WITH (FORCE)" \
            -c "DROP TABLESPACE $tablespace"
    fi
    [ -z "$mounted" ] || umount "$small"
    rmdir "$small"
    cleanup
}
trap leave EXIT

# A small disk of its own is for root alone.
mount_small() {
    [ "$(id -u)" = 0 ] && mount -t tmpfs -o "size=$1" sangden-test "$small" 2> /dev/null && mounted=1
}
# fill_disk: not one more block; empty_disk gives the room back.
fill_disk() { dd if=/dev/zero of="$small/ballast" bs=4k 2> /dev/null; }
empty_disk() { rm -f "$small/ballast"; }

# disturbed_month NAME SQUEEZE FREE: each phase first without room, then with it.
disturbed_month() {
    local name
    prepare unread
    verdict $? "$1: a month begins"
    for name in $PHASES; do
        if [ "$name" != sign ]; then
            "$2" "$name"
            told "$1, $name" "$told_vi" "$told_en"
            "$3"
        fi
        do_phase "$name"
        is_status 0 "$1, $name: with room again it finishes"
    done
    is_undisturbed "$1"
}

# A file that may not grow: the same to the program as a quota that is used up.
limited() { (ulimit -f "$LIMIT_KB"; phase "$1") > "$out" 2> "$err"; status=$?; }
on_full_disk() { fill_disk; do_phase "$1"; }

told_vi="Ổ đĩa chứa tệp $dir/limit.db đã đầy" told_en="The disk that holds $dir/limit.db is full"
undisturbed
SANGDEN_STORE="sqlite:$dir/limit.db"
disturbed_month 'a file that may not grow' limited true

backup_without_room() {
    (ulimit -f "$LIMIT_KB"; exec "$SANGDEN" backup saved.backup) > "$out" 2> "$err"
    status=$?
    told "a backup without room ($1)" 'saved.backup' 'saved.backup'
    [ -z "$(find . -name 'saved*')" ]; verdict $? "a backup without room ($1): leaves no file"
    run sangden backup saved.backup
    is_status 0 "a backup without room ($1): with room it is made"
    rm -f saved.backup
}
backup_without_room SQLite

if mount_small 12m; then
    told_vi="Ổ đĩa chứa tệp $small/full.db đã đầy" told_en="The disk that holds $small/full.db is full"
    SANGDEN_STORE="sqlite:$small/full.db"
    disturbed_month 'a full disk, SQLite' on_full_disk empty_disk
    rm -f "$small"/*
    umount "$small" && mounted=
else
    skipped 'a full disk, SQLite' 'only root may mount a small disk'
fi

# The whole database lies on the small disk, the server's log of changes does not.
small_database() {
    local host=${SANGDEN_TEST_POSTGRES#*host=} name=bad_$$
    mkdir "$small/data" && chown "$(stat -c %U "${host%%&*}/data")" "$small/data" &&
        psql -q "$SANGDEN_TEST_POSTGRES" -c "CREATE TABLESPACE $name LOCATION '$small/data'" &&
        tablespace=$name &&
        psql -q "$SANGDEN_TEST_POSTGRES" -c "CREATE DATABASE $name TABLESPACE $name" &&
        SANGDEN_STORE=${SANGDEN_TEST_POSTGRES/\/postgres\?//$name?}
}
# The first connection after a change of the schema writes a file of the server's own.
on_full_server() { psql -q "$SANGDEN_STORE" -c '' && on_full_disk "$1"; }

if ! start_postgres; then
    skipped 'a full disk, PostgreSQL' 'PostgreSQL 15 is not installed'
elif ! mount_small 64m || ! small_database; then
    skipped 'a full disk, PostgreSQL' 'only root may mount a small disk for the server'
else
    told_vi='Ổ đĩa của máy chủ cơ sở dữ liệu đã đầy'
    told_en='The disk of the database server is full'
    disturbed_month 'a full disk, PostgreSQL' on_full_server empty_disk
    backup_without_room PostgreSQL
fi
finish
