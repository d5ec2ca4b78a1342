#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The time zone of the machine decides nothing: the same bytes at every end of the world.
. "$(dirname "$0")/lib.sh"

cat > calc.json <<'JSON'
{"month":"2026-07","usage":{"kwh":"461"},"uses":[{"category":"SH"}]}
{"from":"2024-10-05","to":"2024-11-05","usage":{"kwh":"250"},"uses":[{"category":"SH"}]}
{"from":"2025-04-30","to":"2025-05-31","usage":{"normal":"900","peak":"300","offpeak":"120"},"uses":[{"category":"SX","voltage":"LT6"}]}
{"from":"2026-02-28","to":"2026-02-28","usage":{"kwh":"1"},"uses":[{"category":"SH"}]}
{"from":"2026-02-30","to":"2026-03-31","usage":{"kwh":"1"},"uses":[{"category":"SH"}]}
JSON
cat > backbill.json <<'JSON'
{"from":"2024-03-04","to":"2024-03-31","prorate":"reading_day_change","month_days":"30","usage":{"kwh":"4638.6"},"billed":{"kwh":"225"},"uses":[{"category":"SH"}]}
JSON
cat > fee.json <<'JSON'
{"type":"reconnection","voltage":"LE038","distance_km":"12","region":"mountain_island","residential":false,"date":"2026-07-01"}
JSON
cat > vend.json <<'JSON'
{"money":"500000","month":"2026-07"}
JSON
cat > rate.json <<'JSON'
{"charges":[{"type":"fixed","amount":"7"}],"minimum":"10"}
{"charges":[{"type":"fixd"}]}
JSON
cat > meter-kwh.json <<'JSON'
{"old":"99850","new":"00120","digits":5}
{"old":"00850","new":"00120","digits":5}
JSON

# Written as offsets, so that no table of zones is needed.
for command in calc backbill fee vend rate meter-kwh; do
    TZ=UTC0 sangden "$command" --file "$command.json" > utc 2>&1
    for zone in '<+07>-7' '<+14>-14' '<-11>11'; do
        TZ=$zone sangden "$command" --file "$command.json" > here 2>&1
        [ -s utc ] && cmp -s utc here
        verdict $? "$command at $zone"
    done
done
finish
