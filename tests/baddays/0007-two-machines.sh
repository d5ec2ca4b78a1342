#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Two machines give the same command at the same instant: two closings of a book, two runs, two
# issues, two month closings. Each ends well or says clearly what happened; everything is there once.
. "$(dirname "$0")/lib.sh"
ROUNDS=2

# twice NAME: the phase from two processes at once; their results in a.* and b.*.
twice() {
    (phase "$1") > a.out 2> a.err & local first=$!
    (phase "$1") > b.out 2> b.err & local second=$!
    wait "$first"; a=$?
    wait "$second"; b=$?
}

# ended_well NAME MESSAGE...: both are done, or one is and the other was told why not.
ended_well() {
    local told=0
    [ "$a" -eq 0 ] || [ "$b" -eq 0 ]
    verdict $? "$1 twice: one of them at least is done (status $a and $b)"
    for side in a b; do
        [ "${!side}" -ne 0 ] || continue
        cp $side.out "$out" && cp $side.err "$err"
        status=${!side}
        grep -qF "$2" "$err" && grep -qF "$3" "$err" && grep -q 'Cách xử lý:' "$err" &&
            grep -q 'Remedy:' "$err" && [ "$status" -eq 1 ]
        verdict $? "$1 twice: the other is told: $2; $3"
    done
    [ "$a" -ne 0 ] || [ "$b" -ne 0 ] || verdict 0 "$1 twice: both end well"
}

two_machines() {
    local round
    for round in $(seq $ROUNDS); do
        new_store "two_$round"
        prepare read
        twice close
        ended_well close 'Kỳ này đã chốt' 'This period is closed already'
        do_phase close
        sign
        verdict $? 'books are signed'
        twice run
        ended_well run 'máy khác' 'another machine'
        twice issue
        ended_well issue 'Máy khác vừa phát hành sổ này' 'Another machine has just issued this book'
        twice month
        ended_well month 'đã khóa' 'is closed'
        is_undisturbed "round $round"
    done
}
undisturbed
on_both_stores two_machines
finish
