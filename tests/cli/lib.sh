# SPDX-License-Identifier: Apache-2.0
# Harness of the command-line tests (TAP on standard output).
#
#   . "$(dirname "$0")/lib.sh"
#   run sangden calc --file request.json      runs it; sets $status, files $out and $err
#   is_status 0 'a request is answered'
#   out_has '"total":1388405' 'with the total'
#   finish
#
# Each script owns an empty folder $dir, its working directory, removed at the end. SANGDEN is the
# program under test. Nothing of the caller's environment decides a result: store, clock and locale
# are set here.
set -u
SANGDEN=${SANGDEN:?the program under test}
here=$(cd "$(dirname "$0")" && pwd)
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir" || exit 99
out=$dir/.out err=$dir/.err
tests_run=0 tests_failed=0 status=0
export LC_ALL=C.UTF-8 TZ=UTC
unset SANGDEN_NOW
export SANGDEN_STORE="sqlite:$dir/store.db"

sangden() { "$SANGDEN" "$@"; }

# Runs a command with its input from standard input; remembers status and both outputs.
run() { "$@" > "$out" 2> "$err"; status=$?; }

# verdict CONDITION-STATUS NAME: one line of TAP, with both outputs when it failed.
verdict() {
    tests_run=$((tests_run + 1))
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
err_has() { grep -qF -e "$1" "$err"; verdict $? "$2"; }
out_empty() { [ ! -s "$out" ]; verdict $? "$1"; }
err_empty() { [ ! -s "$err" ]; verdict $? "$1"; }
same() { [ "$1" = "$2" ]; verdict $? "$3"; }

# A refusal says what and how to mend it, in both languages, and nothing on standard output.
refused() {
    is_status "$1" "$2: status $1"
    err_has 'Lỗi' "$2: in Vietnamese"
    err_has 'Error' "$2: in English"
    err_has 'Remedy:' "$2: with a remedy"
    err_has "$3" "$2: names $3"
}

finish() {
    printf '1..%d\n' "$tests_run"
    [ "$tests_failed" -eq 0 ]
    exit $?
}
