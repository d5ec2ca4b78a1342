#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Man pages and completion are made from the table of commands.
. "$(dirname "$0")/lib.sh"

run sangden help --man "$dir/man"
is_status 0 'man pages are written'
[ -s man/sangden.1 ] && [ -s man/sangden-help.1 ]
verdict $? 'one for the program and one for each command'
if command -v mandoc > /dev/null; then
    for page in man/*.1; do
        run mandoc -K utf-8 -T lint -W warning "$page"
        is_status 0 "mandoc finds nothing wrong with ${page#man/}"
    done
    mandoc -K utf-8 -T utf8 man/sangden-help.1 | sed 's/.\x08//g' > "$out"
    out_has 'Hướng dẫn' 'a page shows Vietnamese'
    out_has '--man' 'a page shows its options'
else
    echo '# mandoc is not installed: pages not checked'
fi
run sangden help --man /proc/nowhere
refused 3 'a folder that cannot be made' '/proc/nowhere'

complete_words() {
    COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMPREPLY=()
    _sangden
    echo "${COMPREPLY[*]}"
}
run sangden help --completion
is_status 0 'completion is printed'
bash -n "$out"
verdict $? 'and is well-formed'
. "$out"
same "$(complete_words sangden hel)" 'help' 'commands complete'
same "$(complete_words sangden help --m)" '--man' 'options complete'
same "$(complete_words sangden help --js)" '--json' 'common options complete'
same "$(complete_words sangden --v)" '--version' 'options of the program complete'
finish
