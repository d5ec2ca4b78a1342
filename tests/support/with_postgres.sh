#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Runs a command with a PostgreSQL 15 cluster of its own and leaves nothing behind.
#
#   with_postgres.sh COMMAND …     the command finds the address in SANGDEN_TEST_POSTGRES
#   with_postgres.sh --serve       prints the address, serves until standard input ends
#   with_postgres.sh --serve-while PID FILE
#                                  writes the address to FILE, serves until process PID ends
#
# The cluster lies in a folder of its own, listens on a socket there and nowhere else, and belongs
# to an ordinary user (PostgreSQL refuses root). It is not synced, because it lives for the tests
# alone, but loses nothing when its processes are killed: data/postmaster.pid in the folder that the
# address names as host holds the number to kill; the server comes back by itself.
# Exit status 77 when PostgreSQL is not installed.
set -eu

bin=
for folder in /usr/lib/postgresql/1[5-9]/bin; do
    [ -d "$folder" ] && bin=$folder && break
done
if [ -z "$bin" ]; then
    command -v initdb >/dev/null 2>&1 || { echo "PostgreSQL 15 is not installed" >&2; exit 77; }
    bin=$(dirname "$(command -v initdb)")
fi

owner=
if [ "$(id -u)" = 0 ]; then
    owner=nobody
    id postgres >/dev/null 2>&1 && owner=postgres
fi
as_owner() {
    if [ -n "$owner" ]; then runuser -u "$owner" -- "$@"; else "$@"; fi
}

folder=$(mktemp -d "${TMPDIR:-/tmp}/sangden-postgres.XXXXXX")
[ -z "$owner" ] || chown "$owner" "$folder"

stop() {
    trap - EXIT INT TERM HUP
    : >"$folder/stop"
    as_owner "$bin/pg_ctl" -D "$folder/data" -m immediate -w stop >/dev/null 2>&1 || true
    [ -z "${server:-}" ] || wait "$server" 2>/dev/null || true
    rm -rf "$folder"
    [ -z "${address_file:-}" ] || rm -f "$address_file" "$address_file.lock"
}
trap stop EXIT
trap 'exit 1' INT TERM HUP

cd /
as_owner "$bin/initdb" -D "$folder/data" -U sangden -A trust -E UTF8 --locale=C.UTF-8 --no-sync \
    >"$folder/initdb.log" 2>&1 || { cat "$folder/initdb.log" >&2; exit 1; }
as_owner tee -a "$folder/data/postgresql.conf" >/dev/null <<CONFIG
listen_addresses = ''
unix_socket_directories = '$folder'
fsync = off
full_page_writes = off
shared_buffers = 64MB
max_connections = 80
jit = off
autovacuum_naptime = 10min
CONFIG
# A server that is killed by a test comes back, as it does under a supervisor. Everything is a child
# of this script, so that nobody is left to reap it.
keep_serving() {
    while [ ! -e "$folder/stop" ]; do
        as_owner "$bin/postgres" -D "$folder/data" >>"$folder/server.log" 2>&1 </dev/null || true
        sleep 0.1
    done
}
keep_serving &
server=$!
tries=0
until "$bin/pg_isready" -q -h "$folder" -U sangden -d postgres; do
    tries=$((tries + 1))
    if [ $tries -gt 600 ]; then
        cat "$folder/server.log" >&2
        exit 1
    fi
    sleep 0.05
done

SANGDEN_TEST_POSTGRES="postgresql:///postgres?host=$folder&user=sangden"
export SANGDEN_TEST_POSTGRES

if [ "${1:-}" = --serve ]; then
    echo "$SANGDEN_TEST_POSTGRES"
    exec 1>&-
    cat >/dev/null
elif [ "${1:-}" = --serve-while ]; then
    address_file=$3
    echo "$SANGDEN_TEST_POSTGRES" >"$folder/address"
    mv "$folder/address" "$address_file"
    while kill -0 "$2" 2>/dev/null; do sleep 1; done
else
    status=0
    (cd "$OLDPWD" && "$@") || status=$?
    exit $status
fi
