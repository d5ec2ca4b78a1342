#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Words of the command line: help, version, refusals.
. "$(dirname "$0")/lib.sh"

run sangden --help
is_status 0 'help is answered'
out_has 'Cách dùng / Usage:' 'in both languages'
out_has '  help ' 'with the commands'
run sangden -h
is_status 0 '-h is --help'

run sangden --version
is_status 0 'version'
out_has 'sangden ' 'names the program'

run sangden help --help
is_status 0 'help of a command'
out_has '--completion' 'lists its options'
out_has '--as CODE' 'and the options of every command'
run sangden help help
out_has '--man DIR' 'help COMMAND is COMMAND --help'

run sangden
refused 2 'no command' 'sangden --help'
run sangden hepl
refused 2 'a mistyped command' '“help”'
run sangden qqqqqqqq
refused 2 'an unknown command' 'qqqqqqqq'
run sangden --json help
refused 2 'an option in front of the command' '--json'

run sangden help --completoin
refused 2 'a mistyped option' '--completion'
run sangden help -x
refused 2 'a short option' '-x'
run sangden help --man
refused 2 'a missing value' '--man'
run sangden help --man=
refused 2 'an empty value' '--man'
run sangden help --man a --man b
refused 2 'an option given twice' '--man'
run sangden help --completion=yes
refused 2 'a value behind a flag' '--completion'
run sangden help --as=
refused 2 'an empty actor' '--as'
run sangden help --as a --as b
refused 2 'two actors' '--as'
run sangden help -- --man
refused 2 'words behind -- are operands' '“--man”'
run sangden help "$(printf 'a\377')"
refused 2 'words that are not UTF-8' 'UTF-8'

SANGDEN_NOW=yesterday run sangden help
refused 2 'a clock that is none' 'SANGDEN_NOW'

SANGDEN_STOER=sqlite:x run sangden help
refused 2 'a mistyped environment variable' 'SANGDEN_STORE'
SANGDEN_STORES=1 run sangden help
refused 2 'one letter too many in it' 'SANGDEN_STORE'
SANGDEN_HOME=/ run sangden help
is_status 0 'variables of others do not matter'
SANGDEN_LOG=loud run sangden help
refused 2 'an unknown level of logging' 'warning'
SANGDEN_LOG=info run sangden help help --as NV01
is_status 0 'commands are logged where that is asked for'
err_has 'level=info event=command.end command=help as=NV01 result=OK status=0' 'in one line'
run sangden help
err_empty 'and nothing is logged otherwise'

run sh -c '"$0" --help > /dev/full' "$SANGDEN"
refused 3 'a full disk behind standard output' 'standard output'
finish
