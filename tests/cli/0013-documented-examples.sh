#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# What docs/calculators.md shows is what the program answers: each "$ command" of a console block
# is run and must print the lines below it.
. "$(dirname "$0")/lib.sh"
document=$here/../../docs/calculators.md

# check COMMAND EXPECTED
check() {
    [ -n "$1" ] || return 0
    run bash -c "sangden() { \"$SANGDEN\" \"\$@\"; }; $1"
    same "$(cat "$out")" "$2" "${1:0:60}"
}

inside=no command='' expected=''
while IFS= read -r line; do
    case $inside,$line in
        no,'```console') inside=yes ;;
        yes,'```') check "$command" "$expected"; inside=no command='' expected='' ;;
        yes,'$ '*) check "$command" "$expected"; command=${line#'$ '} expected='' ;;
        yes,*) expected=${expected:+$expected$'\n'}$line ;;
    esac
done < "$document"
[ "$tests_run" -ge 9 ]
verdict $? 'there are examples'
finish
