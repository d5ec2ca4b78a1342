# SPDX-License-Identifier: Apache-2.0
# Harness of the command-line tests (TAP on standard output).
#
#   . "$(dirname "$0")/lib.sh"
#   run sangden calc --file request.json      runs it; sets $status, files $out and $err
#   is_status 0 'a request is answered'
#   out_has '"total":1388405' 'with the total'
#   finish
#
# What touches data is a function run on a fresh store of each engine:
#   issues_bills() { run sangden init; is_status 0 'a store is made'; … }
#   on_both_stores issues_bills
#
# Each script owns an empty folder $dir, its working directory, removed at the end. SANGDEN is the
# program under test. Nothing of the caller's environment decides a result: store, clock and locale
# are set here.
set -u
SANGDEN=${SANGDEN:?the program under test}
here=$(cd "$(dirname "$0")" && pwd)
dir=$(mktemp -d)
databases=
cleanup() {
    for database in $databases; do
        psql -q "$SANGDEN_TEST_POSTGRES" -c "DROP DATABASE $database WITH (FORCE)" > /dev/null 2>&1
    done
    [ -z "${postgres_input:-}" ] || { exec {postgres_input}>&-; wait "$postgres_pid" 2> /dev/null; }
    rm -rf "$dir"
}
trap cleanup EXIT
cd "$dir" || exit 99
out=$dir/.out err=$dir/.err
tests_run=0 tests_failed=0 status=0 store=
export LC_ALL=C.UTF-8 TZ=UTC
unset SANGDEN_NOW SANGDEN_PORTAL
export SANGDEN_STORE="sqlite:$dir/store.db"

sangden() { "$SANGDEN" "$@"; }

# Runs a command with its input from standard input; remembers status and both outputs.
run() { "$@" > "$out" 2> "$err"; status=$?; }

# verdict CONDITION-STATUS NAME: one line of TAP, with both outputs when it failed.
verdict() {
    tests_run=$((tests_run + 1))
    set -- "$1" "$2${store:+ ($store)}"
    if [ "$1" -eq 0 ]; then printf 'ok %d - %s\n' "$tests_run" "$2"; return; fi
    tests_failed=$((tests_failed + 1))
    printf 'not ok %d - %s\n' "$tests_run" "$2"
    printf '# status %s\n' "$status"
    sed 's/^/# out: /' "$out" | head -n 20
    sed 's/^/# err: /' "$err" | head -n 20
}

is_status() { [ "$status" -eq "$1" ]; verdict $? "$2"; }
out_is() { [ "$(cat "$out")" = "$1" ]; verdict $? "$2"; }
out_has() { grep -qF -e "$1" "$out"; verdict $? "$2"; }
out_lacks() { ! grep -qF -e "$1" "$out"; verdict $? "$2"; }
err_lacks() { ! grep -qF -e "$1" "$err"; verdict $? "$2"; }
err_has() { grep -qF -e "$1" "$err"; verdict $? "$2"; }
out_empty() { [ ! -s "$out" ]; verdict $? "$1"; }
err_empty() { [ ! -s "$err" ]; verdict $? "$1"; }
same() { [ "$1" = "$2" ]; verdict $? "$3"; }

# skipped NAME REASON: a case that cannot run here.
skipped() {
    tests_run=$((tests_run + 1))
    printf 'ok %d - %s # SKIP %s\n' "$tests_run" "$1" "$2"
}

# A refusal says what and how to mend it, in both languages, and nothing on standard output.
refused() {
    is_status "$1" "$2: status $1"
    err_has 'Lỗi' "$2: in Vietnamese"
    err_has 'Error' "$2: in English"
    err_has 'Remedy:' "$2: with a remedy"
    err_has "$3" "$2: names $3"
}

# The cluster of the whole run, or one of this script's own; fails where there is no PostgreSQL.
start_postgres() {
    [ -z "${SANGDEN_TEST_POSTGRES:-}" ] || return 0
    command -v psql > /dev/null || return 1
    coproc POSTGRES { exec "$here/../support/with_postgres.sh" --serve; }
    postgres_pid=$POSTGRES_PID
    exec {postgres_input}>&"${POSTGRES[1]}"
    eval "exec ${POSTGRES[1]}>&-"
    read -r SANGDEN_TEST_POSTGRES <&"${POSTGRES[0]}" || return 1
    export SANGDEN_TEST_POSTGRES
}

# SANGDEN_STORE names a fresh store of the engine in use, NAME being new in this script. A server
# that is just coming back is waited for.
new_store() {
    if [ "$store" = SQLite ]; then
        SANGDEN_STORE="sqlite:$dir/$1.db"
        return
    fi
    local database="cli_$$_$1" tries=0
    databases="$databases $database"
    until psql -q "$SANGDEN_TEST_POSTGRES" -c "CREATE DATABASE $database" > /dev/null 2>&1; do
        tries=$((tries + 1))
        [ "$tries" -lt 100 ] || exit 99
        sleep 0.2
    done
    SANGDEN_STORE=${SANGDEN_TEST_POSTGRES/\/postgres\?//$database?}
}

# Runs a function with SANGDEN_STORE naming a fresh store, first of SQLite, then of PostgreSQL.
on_both_stores() {
    store=SQLite
    new_store "$1"
    "$1"
    store=PostgreSQL
    if ! start_postgres; then
        skipped "$1 (PostgreSQL)" 'PostgreSQL 15 is not installed'
    else
        new_store "$1"
        "$1"
    fi
    store="" SANGDEN_STORE="sqlite:$dir/store.db"
}

finish() {
    printf '1..%d\n' "$tests_run"
    [ "$tests_failed" -eq 0 ]
    exit $?
}
