# SPDX-License-Identifier: Apache-2.0
# Kills someone at a random instant of a piece of work, resumes it, measures how long it lasts. Read
# after tests/cli/lib.sh by scripts that set $disturbed to the function that does a piece of work by
# its name, $completed to the one that ends it or says that it is done, and $written to the one that
# writes into a file what came of it; $kills counts.
RESUMES_MAX=50

now_ms() { date +%s%3N; }

resume() {
    local try
    for try in $(seq $RESUMES_MAX); do
        ("$completed" "$1") > "$out" 2> "$err" && return 0
        sleep 0.2
    done
    return 1
}

# A server that was killed comes back first, so that who is started next works until it is killed.
awake() {
    local try
    [ "$store" = PostgreSQL ] || return 0
    for try in $(seq 300); do
        pg_isready -q -d "$SANGDEN_TEST_POSTGRES" && return 0
        sleep 0.1
    done
}

# The number of the server's first process.
postmaster() {
    local folder=${SANGDEN_TEST_POSTGRES#*host=}
    head -n 1 "${folder%%&*}/data/postmaster.pid" 2> /dev/null
}

# pause_for PROCESS MILLISECONDS: waits so long, or until the process has ended.
pause_for() {
    local pause
    sleep "$(($2 / 1000)).$(printf '%03d' $(($2 % 1000)))" &
    pause=$!
    wait -n "$1" "$pause"
    kill "$pause" 2> /dev/null
    wait "$pause" 2> /dev/null
}

# disturb NAME LASTS_MS: starts the phase and kills someone at a random instant of its life, if it lives
# so long: a busy machine may have become a quiet one since that was measured.
disturb() {
    awake
    ("$disturbed" "$1") > /dev/null 2>&1 &
    local command=$! wait_ms=$((RANDOM % ($2 + 1))) children victim
    pause_for "$command" "$wait_ms"
    mapfile -t children < <(pgrep -P "$command")
    victim=$command
    case $((RANDOM % 3)) in
    0) [ ${#children[@]} -gt 0 ] && victim=${children[RANDOM % ${#children[@]}]} ;;
    1) [ "$store" != PostgreSQL ] || victim=$(postmaster) ;;
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
    ("$disturbed" "$1") > "$out" 2> "$err"
    status=$?
    lasts=$(($(now_ms) - started))
}

# rounds ROUND WHAT: fresh stores, on each of which ROUND works and disturbs, until $KILLS kills
# happened; what came of each must be $dir/$store.undisturbed, and everything must hold.
rounds() {
    local kills=0 round=0 equal=0
    while [ "$kills" -lt "$KILLS" ] && [ "$round" -lt "$KILLS" ]; do
        round=$((round + 1))
        rm -f "$dir"/round*
        new_store "round$round"
        "$1" || break
        "$written" "$dir/$store.killed"
        cmp -s "$dir/$store.undisturbed" "$dir/$store.killed" || break
        "$SANGDEN" check > "$out" 2> "$err" || break
        equal=$((equal + 1))
    done
    [ "$equal" -eq "$round" ]
    verdict $? "every one of $round stores killed $kills times has the same $2"
    [ "$kills" -ge "$KILLS" ]
    verdict $? "$kills kills happened"
}

# engines_agree WHAT: after a test ran on both stores.
engines_agree() {
    [ -s "$dir/PostgreSQL.undisturbed" ] || return 0
    store=
    cmp -s "$dir/SQLite.undisturbed" "$dir/PostgreSQL.undisturbed"
    verdict $? "both engines give the same $1"
}
