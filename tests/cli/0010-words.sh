#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Amounts in words on the command line.
. "$(dirname "$0")/lib.sh"

run sangden words 305230
is_status 0 'an amount'
out_is 'Ba trăm linh năm nghìn hai trăm ba mươi đồng' 'in the northern reading'
run sangden words 305230 --south
out_is 'Ba trăm lẻ năm nghìn hai trăm ba mươi đồng' 'in the southern reading'
run sangden words --south 1001
out_is 'Một nghìn không trăm lẻ một đồng' 'the option may stand in front'
run sangden words -55
is_status 0 'a negative amount needs no --'
out_is 'Âm năm mươi lăm đồng' 'and is read'
run sangden words 0
out_is 'Không đồng' 'zero'
run sangden words 24 --json
out_is '{"amount":24,"words":"Hai mươi tư đồng"}' 'as JSON'
run sangden words 1.5
refused 1 'a fraction of a đồng' '1.5'
run sangden words 9223372036854775808
refused 1 'more than any amount' '9223372036854775808'
run sangden words
refused 2 'no amount' 'N'
finish
