#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The calculator page as a file, and the link that opens it filled with a bill.
. "$(dirname "$0")/lib.sh"

request='{"from":"2026-06-30","to":"2026-07-31","usage":{"kwh":"461"},"uses":[{"category":"SH","share":"100"}],"households":"1"}'
plain='#f=2026-06-30&t=2026-07-31&k=461&h=1&u=SH'

run sangden calculator link --total 1388405 --number PD0100-26071-17-23-K1 <<< "$request"
is_status 0 'a link'
out_is "{\"link\":\"http://127.0.0.1:8080/tinh-dien$plain&x=1388405&n=PD0100-26071-17-23-K1\"}" 'of a bill'
SANGDEN_PORTAL=https://dien.example.vn run sangden calculator link <<< "$request"
out_is "{\"link\":\"https://dien.example.vn/tinh-dien$plain\"}" 'at the portal of the house'
SANGDEN_PORTAL=https://example.vn/a/ run sangden calculator link <<< "$request"
out_is "{\"link\":\"https://example.vn/a/tinh-dien$plain\"}" 'which may have a path'
for address in 'https://a/"x' dien.example.vn 'https://' 'https://a b/' 'https://a/?q=' 'https://a/#x' "https://$(printf 'a%.0s' {1..200})"; do
    SANGDEN_PORTAL=$address run sangden calculator link <<< "$request"
    refused 2 'a portal that is no address' 'SANGDEN_PORTAL'
done
run sangden calculator link <<< '{"from":"2026-06-30","new":1}'
is_status 1 'a member without a name in the link is refused'

run sangden calculator --out "$PWD/page.html"
is_status 0 'the page in one file'
[ "$(head -n 1 page.html)" = '<!doctype html>' ]; verdict $? 'is HTML'
SANGDEN_PORTAL=https://dien.example.vn/ run sangden calculator --out "$PWD/portal.html" --json
is_status 0 'with the address of a portal'
out_has "\"bytes\":$(stat -c %s portal.html)" 'tells its size'
[ "$(sed 's|<meta name="portal" content="https://dien.example.vn/">|<meta name="portal" content="">|' portal.html |
    cmp - page.html && echo same)" = same ]; verdict $? 'and differs in nothing else'
run sangden calculator --out "$PWD/none/page.html"
refused 3 'into a folder that does not exist' 'none/page.html'
run sangden calculator
refused 2 'without a name' '--out'
finish
