# SPDX-License-Identifier: Apache-2.0
# Read by the scripts of this folder: the harness, a month of work, and what every bad day must end
# with. Each day disturbs a command, looks at what a person is told, takes the cause away and gives
# the same command again; the end must be that of a month that nobody disturbed.
. "$(dirname "$0")/../cli/lib.sh"
. "$here/../support/month.sh"
CUSTOMERS=${CUSTOMERS:-300}
BOOK=${BOOK:-100}
export SANGDEN_NOW=2026-11-02T08:00:00+07:00
PHASES='import close sign run issue month'
readings_of_month > readings.csv

# do_phase NAME: runs it with its result in $status, $out and $err.
do_phase() {
    if [ "$1" = sign ]; then sign; status=$?; return; fi
    (phase "$1") > "$out" 2> "$err"
    status=$?
}

# work_until NAME: every phase before NAME ("" is all of them).
work_until() {
    local name
    for name in $PHASES; do
        [ "$name" != "$1" ] || return 0
        do_phase "$name"
        [ "$status" -eq 0 ] || return 1
    done
}

# The export of the month that nobody disturbed, in the file undisturbed: the same on both engines.
undisturbed() {
    SANGDEN_STORE="sqlite:$dir/calm.db"
    prepare unread && work_until '' && export_to undisturbed
    verdict $? 'a month that nobody disturbs'
    SANGDEN_STORE="sqlite:$dir/store.db"
}

# ends_well NAME: the rest of the month, from phase NAME on, comes to the undisturbed end.
ends_well() {
    local name started=0
    for name in $PHASES; do
        [ "$name" != "$1" ] || started=1
        [ "$started" -eq 1 ] || continue
        do_phase "$name"
        [ "$status" -eq 0 ] || break
    done
    is_status 0 "$2: afterwards the same commands finish the month"
    is_undisturbed "$2"
}

is_undisturbed() {
    export_to export
    cmp -s undisturbed export
    verdict $? "$1: the bills are those of an undisturbed month"
    run sangden check
    is_status 0 "$1: all invariants hold"
}

# told NAME VI EN: exit status 3 and a message in both languages with its remedy.
told() {
    is_status 3 "$1: status 3"
    err_has "$2" "$1: in Vietnamese"
    err_has "$3" "$1: in English"
    err_has 'Cách xử lý:' "$1: with the remedy"
    err_has 'Remedy:' "$1: with the remedy in English"
}

# told_lost NAME: a server that goes away is noticed by a command at work, or by one that is just
# about to connect: both say so in their own words.
told_lost() {
    if grep -qF 'Không kết nối được' "$err"; then
        told "$1" 'Không kết nối được' 'cannot be reached'
    else
        told "$1" 'Mất kết nối với máy chủ' 'connection to the database server'
    fi
}

# start_blocker [SQL]: another process holds a lock of the store; end_blocker makes it let go.
start_blocker() {
    rm -f lock said && mkfifo lock said
    "$OTHER_PROCESS" hold "$SANGDEN_STORE" "$@" < lock > said &
    blocker_pid=$!
    exec {blocker_input}> lock
    read -r blocker_said < said
    same "$blocker_said" held 'another process is in the way'
}
end_blocker() {
    exec {blocker_input}>&-
    wait "$blocker_pid" 2> /dev/null
}
