#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The price book on the command line, and calculators that take another one.
. "$(dirname "$0")/lib.sh"
book="$here/../../data/pricebook.json"

run sangden tariff list
is_status 0 'the book is listed'
out_has 'QD1279/2025' 'with its decisions'
out_has '10/05/2025' 'their days'
out_has 'COVID-5' 'and support campaigns'
run sangden tariff list --json
out_has '{"id":"QD14/2025","document_vi":"Quyết định 14/2025/QĐ-TTg"' 'as JSON too'
out_has '"from":null,"to":null,"rows":5' 'what is not in force has no first day'

run sangden tariff check "$book"
is_status 0 'the built-in book is good'
out_has '7 trường hợp đúng' 'and its cases come out'
run sangden tariff check "$book" --json
out_has '{"problems":[],"price_book":"' 'as JSON too'

sed 's/"upto": null, "price": "3460"/"upto": "900", "price": "3460"/' "$book" > bounded.json
run sangden tariff check bounded.json
is_status 1 'a bounded last tier is refused'
out_has 'decisions[6].SH: Bậc cuối có giới hạn trên' 'by its place'
err_has 'The last tier is bounded' 'on standard error too'
err_has 'Remedy: Write null as "upto" of the last tier' 'with the remedy'
run sangden tariff check bounded.json --json
out_has '"problems":[{"field":"decisions[6].SH"' 'as JSON too'
run sangden calc --tariff bounded.json < /dev/null
refused 1 'such a book calculates nothing' 'decisions[6].SH'

sed 's/"price": "3460"/"price": "3500"/' "$book" > dearer.json
run sangden tariff check dearer.json
is_status 1 'a price that breaks a case is refused'
out_has 'cases[0].expect.pre_vat' 'by the case'
run sangden tariff diff dearer.json
is_status 0 'two books are compared'
out_is '~ QD1279/2025 SH bậc 6: 3460, verified → 3500, verified' 'price by price'
run sangden tariff diff "$book" --tariff dearer.json --json
out_has '"before":"3500, verified","after":"3460, verified"' 'both ways, as JSON'
run sangden tariff diff "$book"
out_has 'Không có thay đổi' 'equal books differ in nothing'
run sangden tariff check nowhere.json
refused 3 'a file that is not there' 'nowhere.json'

request='{"month":"2026-07","usage":{"kwh":"461"},"uses":[{"category":"SH"}]}'
printf '%s\n' "$request" > request
run sangden calc --file request
out_has '"pre_vat":1285560,"vat_rate":"0.08","vat":102845,"total":1388405' 'calc with the built-in'
run sangden calc --file request --tariff dearer.json
out_has '"pre_vat":1288000' 'and with another book: 61 kWh dearer by 40'
builtin=$(sangden calc --file request | sed 's/.*"price_book"://')
same "$builtin" "$(sangden calc --file request --tariff "$book" | sed 's/.*"price_book"://')" \
    'the hash is that of the content'

printf '{"money":"500000","month":"2026-07"}\n' | run sangden vend
out_has '{"kwh":"159.1"' 'vend answers'
printf '{"type":"reconnection","voltage":"LE038","distance_km":"12","region":"mountain_island"}\n' \
    | run sangden fee
out_has '"fee":144256' 'fee answers'
printf '{"month":"2026-07","usage":{"kwh":"60"},"billed":"50","uses":[{"category":"SH"}]}\n' \
    | run sangden backbill
out_has '"pre_vat":20500' 'backbill answers'

# A stream is answered as it comes, in memory that does not grow with it.
for i in 1 2 3 4 5 6 7 8; do cat request request request request; done > many
for i in 1 2 3 4 5 6 7; do cat many many > twice; mv twice many; done
run sangden calc --file many
same "$(wc -l < "$out")" 4096 'every request of a long stream is answered'

finish
