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
run sangden qr decode ''
refused 2 'an empty payload' 'The value of PAYLOAD is wrong'

cat > kinds <<'JSON'
{"kind":"bill","tax_code":"0100101114-019","name":"CTY Điện lực Thanh Xuân","customer":"PD01000123456"}
{"kind":"tax","tax_code":"0100101114","template":1,"symbol":"K26TDN","number":226,"date":"2026-08-03","total":1388405}
JSON
run sangden qr encode --file kinds
is_status 0 'QRs of a distributor and of an e-invoice'
read -r bill < "$out"
tax=$(tail -n 1 "$out")
run sangden qr decode "$bill"
out_has '"kind":"bill","static":true,"tax_code":"0100101114-019"' 'the seller is read'
out_has '"customer":"PD01000123456","merchant_name":"CTY Dien luc Thanh Xuan"' 'and the customer'
run sangden qr decode "$tax"
out_has '"invoice":{"tax_code":"0100101114","template":"1","symbol":"K26TDN","number":"226","date":"20260803","total":"1388405"}' 'the e-invoice is read'
sed 's/"kind":"bill"/"kind":"cheque"/' kinds > cheque
run sangden qr encode --file cheque
is_status 1 'a kind that does not exist'
out_has '"field":"kind"' 'is named'
finish
