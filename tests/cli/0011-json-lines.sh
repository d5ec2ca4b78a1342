#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Calculators that answer JSON lines: answers, refusals, files, ends of lines.
. "$(dirname "$0")/lib.sh"

fixed='{"charges":[{"type":"fixed","amount":"7"}]}'
lines() { printf '%b' "$1" > requests; run sangden rate < requests; }

lines "$fixed\n"
out_has '"total":"7"' 'a request is answered'
err_empty 'without a word on standard error'
same "$status" 0 'status 0'

lines "$fixed\n\n \r\n$fixed"
same "$(wc -l < "$out")" 4 'answer n belongs to line n, the last line needs no end'
same "$(sed -n '2,3p' "$out" | cut -c1-22 | uniq -c | tr -s ' ')" ' 2 {"error":{"field":null' \
     'an empty line is refused'
err_has '{"line":2,"error":{"field":null,' 'with its line number'
lines "$fixed\n\n \r\n"
same "$status:$(wc -l < "$out")" 0:1 'empty lines behind the last request end the file'
lines '\n'
same "$status" 1 'an empty line alone is no request'
out_has '{"error":{"field":null' 'and is refused'

lines "$fixed\n{\"charges\":[{\"type\":\"fixd\"}]}\n$fixed\n"
same "$status" 1 'a refused line makes status 1'
same "$(wc -l < "$out")" 3 'and stops nothing'
same "$(sed -n 2p "$out" | cut -c1-36)" '{"error":{"field":"charges[0].type",' 'it answers an error'
err_has '{"line":2,"error":{"field":"charges[0].type",' 'the same with its line number'
err_has '1 trong 3 yêu cầu bị từ chối' 'counted in Vietnamese'
err_has '1 of 3 requests were refused' 'and in English'

lines '{"charges":[],"charges":[]}\n'
out_has '"field":"charges"' 'a duplicate key is refused by name'
lines '{"charges":[],"minimum":1.5}\n'
out_has '"field":"minimum"' 'a JSON real is refused by name'
lines 'nonsense\n'
out_has '{"error":{"field":null,' 'what is no JSON is refused'
lines '{"charges":"\0377"}\n'
out_has '{"error":' 'what is no UTF-8 is refused'
{ head -c 1100000 /dev/zero | tr '\0' ' '; printf '\n%s\n' "$fixed"; } > requests
run sangden rate < requests
same "$(wc -l < "$out")" 2 'a line that is too long is refused'
same "$(sed -n 2p "$out")" "$(printf '%s' "$fixed" | sangden rate)" 'and the next one is answered'

printf '%s\n' "$fixed" > requests.json
run sangden rate --file requests.json
is_status 0 'a file is read'
out_has '"total":"7"' 'and answered'
run sangden rate --file nowhere.json
refused 3 'a file that is not there' 'nowhere.json'
run sangden rate < /dev/null
is_status 0 'nothing to answer is no fault'
out_empty 'and answers nothing'

reading='{"old":"99850","new":"00120","digits":5}'
printf '%s\n{"old":"00850","new":"00120","digits":5}\n' "$reading" > requests
run sangden meter-kwh < requests
out_has '{"kwh":"270","rollover":true}' 'a rollover'
out_has '{"review":"rollover_or_mistake"' 'a doubtful reading'

finish
