#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Meters hung with a wrong multiplier or minute, or where they never hung: what corrects them, what is
# still known of before, and what becomes of the bills.
. "$(dirname "$0")/lib.sh"

take() { sangden import "$@" - --as QT01 > "$out" 2> "$err" || verdict 1 "import $1"; }
rows() { for i in 1 2 3 4; do echo "${1//%d/$i}"; done; }
POINT=PD0100000000
change() { run sangden change installation "$@" --source 'Biên bản 7' --as QT01; }
sign() {
    for signature in reader:QT01 team_leader:NV02 billing_leader:NV03; do
        sangden book sign S1 --month "$1" --role "${signature%:*}" --as "${signature#*:}" \
            > "$out" 2> "$err" || verdict 1 "$signature signs $1"
    done
}
close_and_sign() {
    run sangden bill close S1 --month "$1" --as QT01 --json
    is_status 0 "$1 is closed"
    out_has "\"kwh\":\"$2\"" "with $2 kWh"
    sign "$1"
}
issue() {
    sangden bill run --month "$1" --as QT01 > "$out" 2> "$err" || verdict 1 "run $1"
    run sangden bill issue --run "$2" --as QT01 --json
    out_has "\"issued\":$3" "$1 is issued"
}

# Multipliers as recorded: 40 everywhere, 20 is right. All advance by 5 a month.
customers() {
    export SANGDEN_NOW=2026-03-05T08:00:00+07:00
    run sangden init --kind test --as QT01 --name 'Quản trị'
    for leader in NV02:team_leader NV03:billing_leader; do
        sangden staff add "${leader%:*}" --name 'Người ký' --as QT01 > "$out" 2> "$err"
        sangden staff role "${leader%:*}" "${leader#*:}" --as QT01 > "$out" 2> "$err"
    done
    printf 'code,level,name,from\nPD0100,unit,Đơn vị Một,2020-01-01\n' | take units
    printf 'code,name,reading_day\nS1,Sổ Một,28\n' | take books
    { echo 'code,kind,name'; rows 'KH%d,person,Người %d'; } | take parties
    { echo 'code,payer,from'; rows 'TK%d,KH%d,2026-01-01'; } | take accounts
    { echo 'code,account,holder,from'; rows "$POINT%d,TK%d,KH%d,2026-01-01"; } | take agreements
    { echo 'code,agreement,book,from'; rows "$POINT%d001,$POINT%d,S1,2026-01-01"; } | take points
    { echo 'serial,type,point,multiplier,hung_at'
      rows "000%d,CV140,$POINT%d001,40,2026-01-01 09:00"; } > meters.csv
    take meters < meters.csv
    { echo 'point,uses,from'; rows "$POINT%d001,SH:-:100%,2026-01-01"; } | take uses
    { echo 'meter,register,date,value,kind'; rows '000%d,KT,2026-01-28,10,opening'; } | take readings
    { echo 'meter,register,date,value'; rows '000%d,KT,2026-02-28,15'; } | take readings
}

before_the_issue() {
    change ${POINT}1001 --multiplier 20
    is_status 0 'a multiplier is corrected behind the closing'
    out_has '×40 2026-01-01T09:00:00+07:00 … - → ×20' 'and said'
    out_has 'sangden book return S1 --month 2026-02 --period 1' 'with the remedy of a closed book'
    out_has 'closed with multiplier 40, now 20' 'and both values'
    change ${POINT}1001 --multiplier 20 --json
    is_status 0 'the same again'
    out_has '"changed":false' 'changes nothing'
    out_has '"closed":[]' 'and tells nothing'
    run sangden book return S1 --month 2026-02 --reason 'Sai hệ số nhân' --as QT01
    is_status 0 'the book is returned'
    close_and_sign 2026-02 700
    issue 2026-02 20260201 4
}

# calc of 100 kWh in the days of the bill.
rated() {
    sangden calc <<< '{"from":"2026-01-28","to":"2026-02-28","usage":{"kwh":"'"$1"'"},"uses":[{"category":"SH"}]}' |
        grep -o '"total":[0-9]*' | head -n 1 | cut -d: -f2
}

behind_the_issue() {
    change 0002 --multiplier 20 --json
    is_status 0 'the serial of a meter names its installation'
    out_has '"before":{"multiplier":40' 'what was recorded'
    out_has '"now":{"multiplier":20' 'what is believed'
    out_has 'sangden bill propose-adjustments --month 2026-02' 'with the remedy of an issued bill'
    sed 's/,40,/,20,/' meters.csv > right.csv
    run sangden import meters right.csv --as QT01
    refused 1 'a file with another multiplier' '--correct'
    run sangden import meters right.csv --correct --as QT01
    is_status 0 'is a correction when it says so'
    out_has '2 thay đổi, 2 đã có' 'of the two that still were wrong'
    err_has 'bill propose-adjustments --month 2026-02' 'and tells the closed periods'
    run sangden import meters right.csv --correct --as QT01
    out_has '0 thay đổi, 4 đã có' 'once'
    run sangden bill propose-adjustments --month 2026-02 --dry-run --as QT01 --json
    same "$(grep -o '"difference":{"kwh":"-100"' "$out" | wc -l)" 3 'three bills fall by 100 kWh'
    run sangden bill propose-adjustments --month 2026-02 --as QT01
    out_has '3 hóa đơn' 'and are proposed'
    for n in 2 3 4; do
        run sangden bill release "PD0100-26021-$n-$n-D2" --as NV03
        is_status 0 "point $n is released"
    done
    run sangden bill show PD0100-26021-2-2-D2 --json
    same "$(grep -o '"total":-[0-9]*' "$out" | head -n 1 | cut -d: -f2)" \
        "$(($(rated 100) - $(rated 200)))" 'by what calc says of both uses'
    run sangden bill propose-adjustments --month 2026-02 --dry-run --as QT01 --json
    out_is '[]' 'afterwards there is nothing more to propose'
}

next_month() {
    export SANGDEN_NOW=2026-04-05T08:00:00+07:00
    { echo 'meter,register,date,value'; rows '000%d,KT,2026-03-28,20'; } | take readings
    close_and_sign 2026-03 400
    issue 2026-03 20260301 4
    run sangden bill propose-adjustments --month 2026-03 --dry-run --as QT01 --json
    out_is '[]' 'and needs no adjustment'
}

multipliers() {
    customers
    run sangden bill close S1 --month 2026-02 --as QT01 --json
    out_has '"kwh":"800"' 'February is closed with the wrong multiplier'
    run sangden point show ${POINT}1001 --date 2026-02-01 --json
    out_has '"multiplier":40' 'as it is recorded'
    export SANGDEN_NOW=2026-03-06T08:00:00+07:00
    before_the_issue
    behind_the_issue
    run sangden point show ${POINT}1001 --date 2026-02-01 --json
    out_has '"multiplier":20' 'today the right multiplier is known'
    run sangden point show ${POINT}1001 --date 2026-02-01 --known 2026-03-05T20:00:00+07:00 --json
    out_has '"multiplier":40' 'and what was known before'
    next_month
    run sangden bill verify --month 2026-02 --json
    out_has '"different":0' 'every record comes out the same again'
    run sangden audit list --stream registry --json
    out_has '"action":"change installation"' 'the chain keeps the corrections'
    run sangden check
    is_status 0 'all invariants hold'
}

unclear() {
    run sangden bill propose-adjustments --month 2026-02 --dry-run --as QT01 --json
    out_has "{\"number\":\"PD0100-26021-$1-$1-K1\",\"unclear\":true" "$2"
}

# Minutes that move, removals that never were, and meters that never hung there.
minutes() {
    customers
    close_and_sign 2026-02 800
    issue 2026-02 20260201 4
    change ${POINT}1001 --hung-at 2026-02-03T09:00:00+07:00
    refused 1 'a time behind readings of the meter' '2026-01-28'
    change ${POINT}1001 --hung-at 2027-02-03T09:00:00+07:00
    refused 1 'a time to come' 'hung-at'
    change ${POINT}1001 --multiplier 0
    refused 1 'no multiplier' 'multiplier'
    change ${POINT}1001 --retract --multiplier 2
    refused 2 'both at once' '--retract'
    change ${POINT}1001
    refused 2 'nothing to correct' '--retract'
    change ${POINT}1001 --role reactive --multiplier 2
    refused 1 'no such installation' '--role'
    change ${POINT}9001 --multiplier 2
    refused 1 'no such point' "${POINT}9001"
    change ${POINT}1001 --hung-at 2026-01-01T10:00:00+07:00
    is_status 0 'another minute of the same day'
    out_lacks 'propose-adjustments' 'concerns no bill'
    change ${POINT}1001 --at 2026-01-01T09:00:00+07:00 --hung-at 2026-01-01T10:00:00+07:00
    out_has 'There already, unchanged' 'the time known before names it too'

    run sangden change meter ${POINT}2001 --at 2026-03-01T09:00:00+07:00 --as QT01
    is_status 0 'a meter is removed'
    change ${POINT}2001 --removed-at 2026-02-20T09:00:00+07:00
    refused 1 'a removal before its reading' '2026-02-28'
    printf 'meter,register,date,not_read\n0002,KT,2026-02-28,locked\n' > c.csv
    run sangden import readings c.csv --correct --reason 'Đã tháo' --as QT01
    is_status 0 'the reading never was'
    change ${POINT}2001 --removed-at 2026-02-20T09:00:00+07:00
    is_status 0 'then the removal moves'
    out_has 'bill propose-adjustments --month 2026-02' 'the closed period is named'
    unclear 2 'and its use is left to a person'
    run sangden bill adjust PD0100-26021-2-2-K1 --cause reading --as QT01
    refused 1 'a use that does not follow' '--kwh'
    export SANGDEN_NOW=2026-03-06T08:00:00+07:00
    run sangden bill adjust PD0100-26021-2-2-K1 --cause reading --kwh 150 --as QT01
    is_status 0 'a person gives it'
    run sangden bill release PD0100-26021-2-2-D2 --as NV03
    is_status 0 'another releases it'
    export SANGDEN_NOW=2026-03-07T08:00:00+07:00
    run sangden bill propose-adjustments --month 2026-02 --dry-run --as QT01 --json
    out_is '[]' 'and it stands'
    change ${POINT}2001 --hung-at 2026-01-02T09:00:00+07:00
    run sangden bill propose-adjustments --month 2026-02 --dry-run --as QT01 --json
    out_is '[]' 'also when a day moves that the bill does not have'
    change ${POINT}2001 --removed-at 2026-02-21T09:00:00+07:00
    is_status 0 'the removal moves again'
    run sangden bill propose-adjustments --month 2026-02 --dry-run --as QT01 --json
    out_has '"unclear":true' 'which is left to a person again'
    change ${POINT}2001 --hangs
    is_status 0 'a removal that never was'
    run sangden point show ${POINT}2001 --date 2026-03-05 --json
    out_has '"serial":"0002"' 'the meter hangs again'

    change ${POINT}3001 --retract
    refused 1 'a retraction while readings name it' '--correct'
    printf 'meter,register,date,not_read,kind\n0003,KT,2026-02-28,locked,\n0003,KT,2026-01-28,locked,opening\n' > c.csv
    run sangden import readings c.csv --correct --reason 'Treo ở điểm khác' --as QT01
    is_status 0 'the readings never were'
    change ${POINT}3001 --retract
    is_status 0 'the meter never hung there'
    out_has 'bill propose-adjustments --month 2026-02' 'the closed period is named'
    unclear 3 'and its use is left to a person'
    run sangden point show 0003 --date 2026-02-01 --known 2026-03-05T20:00:00+07:00 --json
    out_has "\"point\":\"${POINT}3001\"" 'what was known before shows where it hung'
    run sangden point show 0003 --date 2026-02-01 --json
    out_lacks "${POINT}3001" 'what is known now does not'
    change ${POINT}3001 --retract
    is_status 0 'retracting it again'
    out_has 'There already, unchanged' 'changes nothing'
    change ${POINT}3001 --multiplier 2
    refused 1 'what was retracted is not corrected' 'change meter'
    run sangden change meter ${POINT}3001 0003 --multiplier 20 --at 2026-01-01T09:00:00+07:00 --as QT01
    is_status 0 'it can be hung right'
    printf 'meter,register,date,value,kind\n0003,KT,2026-01-28,10,opening\n0003,KT,2026-02-28,15,\n' | take readings
    { echo 'serial,type,point,multiplier,hung_at'
      echo "0004,CV140,${POINT}4001,40,2026-02-10 09:00"; } > c.csv
    run sangden import meters c.csv --correct --as QT01
    refused 1 'a row behind readings of its meter' '2026-01-28'

    { echo 'serial,type,point,role,multiplier,hung_at'
      echo "0009,CV140,${POINT}4001,reactive,1,2062-01-01 09:00"; } | take meters
    change ${POINT}4001 --role reactive --at 2062-01-01T09:00:00+07:00 \
        --hung-at 2026-01-01T09:00:00+07:00
    is_status 0 'a wrong year is corrected'
    out_has '2062-01-01T09:00:00+07:00 … - → ×1 2026-01-01' 'from what was recorded'
    change ${POINT}4001 --role reactive --retract
    is_status 0 'and what nothing was read on is retracted'

    printf 'code,level,name,from\nPD0200,unit,Đơn vị Hai,2020-01-01\n' | take units
    run sangden customer move ${POINT}4 --to PD0200 --from 2026-03-01 --source 'QĐ 1' --as QT01
    is_status 0 'a customer moves'
    change ${POINT}4001 --unit PD0100 --multiplier 20
    is_status 0 'what its unit before recorded can be corrected too'
    out_has 'bill propose-adjustments --month 2026-02' 'with its closed periods'
    run sangden bill propose-adjustments --month 2026-02 --dry-run --as QT01 --json
    out_has '{"number":"PD0100-26021-4-4-K1"' 'and its bills'
    out_has '"difference":{"kwh":"-100"' 'by the exact difference'
    change ${POINT}4001 --unit PD0200 --multiplier 20
    is_status 0 'and the unit it went to'
    out_has '×40' 'which took the multiplier along'
    change ${POINT}9001 --unit PD0200 --multiplier 20
    refused 1 'a point that a unit does not have' '--unit'
    run sangden check
    is_status 0 'all invariants hold'
}
on_both_stores multipliers
on_both_stores minutes
finish
