#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Payment QRs on the command line.
. "$(dirname "$0")/lib.sh"

payload='00020101021238540010A00000072701240006970436011010175956000208QRIBFTTA530370454064523405802VN62520115HD20250600001230613PD010001234560812TT tien dien63047E1D'

cat > requests <<'JSON'
{"bin":"970436","account":"1017595600","amount":452340,"bill":"HD2025060000123","customer":"PD01000123456","purpose":"TT tiền điện"}
JSON
run sangden qr encode --file requests
is_status 0 'a payment QR is written'
out_is "$payload" 'as the format says'
run sangden qr encode --file requests --json
out_is "{\"payload\":\"$payload\"}" 'as JSON too'

sed 's/1017595600/10175956001234567890/' requests > long
cat requests long > both
run sangden qr encode --file both
is_status 1 'an account that is too long'
out_has "$payload" 'the other request is answered'
out_has '"field":"account"' 'the refusal has its place'
same "$(grep -c '"line":2' "$err")" 1 'and its line'

sed 's/452340/600000000/' requests > large
run sangden qr encode --file large
refused 1 'more than a fast transfer takes' 'amount'
run sangden qr encode --file large --below 700000000
is_status 0 'the limit is a parameter'

run sangden qr encode --file requests --below 0
refused 2 'a limit that nothing is below' '--below 500000000'

run sangden qr decode "$payload"
is_status 0 'it is read'
out_has '"kind":"vietqr","static":false,"bin":"970436","account":"1017595600"' 'who is paid'
out_has '"amount":452340' 'how much'
out_has '"bill":"HD2025060000123","customer":"PD01000123456","purpose":"TT tien dien"' 'for what'
out_has '{"id":"53","name":"currency","length":3,"value":"704"}' 'and every field'
run sangden qr decode "${payload%D}E"
refused 1 'another checksum' '7E1D'
out_has '"error":{"field":"63"' 'is told as JSON as well'
run sangden qr decode "${payload/5406452340/5407452340}"
refused 1 'another length' 'payload'
run sangden qr decode
refused 2 'no payload' 'PAYLOAD'
finish
