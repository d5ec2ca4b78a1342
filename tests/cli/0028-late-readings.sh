#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Readings corrected behind a closing: told at the import, followed by the next closing, and put right
# by an adjustment where the bill is issued.
. "$(dirname "$0")/lib.sh"

take() { sangden import "$@" - --as QT01 > "$out" 2> "$err" || verdict 1 "import $1"; }
rows() { for i in 1 2 3; do echo "${1//%d/$i}"; done; }
correct() {
    printf 'meter,register,date,value\n%s\n' "$1" > c.csv
    run sangden import readings c.csv --correct --reason 'Ghi nhầm' --as QT01 ${2:+"$2"}
}
close_and_sign() {
    run sangden bill close S1 --month "$1" --as QT01 --json
    is_status 0 "$1 is closed"
    cp "$out" closed
    for signature in reader:QT01 team_leader:NV02 billing_leader:NV03; do
        sangden book sign S1 --month "$1" --role "${signature%:*}" --as "${signature#*:}" \
            > "$out" 2> "$err" || verdict 1 "$signature signs $1"
    done
}
issue() {
    sangden bill run --month "$1" --as QT01 > "$out" 2> "$err" || verdict 1 "run $1"
    run sangden bill issue --run "$2" --as QT01 --json
}

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
    { echo 'code,account,holder,from'; rows 'PD0100000000%d,TK%d,KH%d,2026-01-01'; } | take agreements
    { echo 'code,agreement,book,from'; rows 'PD0100000000%d001,PD0100000000%d,S1,2026-01-01'; } | take points
    { echo 'serial,type,point,hung_at'; rows '000%d,CV140,PD0100000000%d001,2026-01-01 09:00'; } | take meters
    { echo 'point,uses,from'; rows 'PD0100000000%d001,SH:-:100%,2026-01-01'; } | take uses
    { echo 'meter,register,date,value,kind'; rows '000%d,KT,2026-01-28,10,opening'; } | take readings
    { echo 'meter,register,date,value'; rows '000%d,KT,2026-02-28,110'; } | take readings
}

two_months() {
    customers
    close_and_sign 2026-02
    correct '0001,KT,2026-02-28,120' --json
    is_status 0 'a correction behind a closing is taken'
    out_has '"closed_before":1,"issued_before":0' 'and counted'
    out_has 'sangden book return S1 --month 2026-02 --period 1' 'with the remedy of a closed book'
    out_has 'Closed with 110, now 120' 'and both values'
    run sangden book return S1 --month 2026-02 --reason 'Sửa chỉ số' --as QT01
    is_status 0 'the book is returned'
    close_and_sign 2026-02
    grep -qF '"kwh":"310"' closed
    verdict $? 'the new closing has the corrected reading'
    issue 2026-02 20260201
    out_has '"issued":3' 'February is issued'

    correct '0002,KT,2026-02-28,130'
    is_status 0 'a correction behind the issue is taken'
    out_has '0 ở kỳ chưa phát hành hết' 'none is in a book that may be returned'
    out_has '1 ở kỳ đã phát hành' 'the issued one is counted'
    err_has 'sangden bill propose-adjustments --month 2026-02' 'with its remedy'
    correct '0003,KT,2026-02-28,5'
    run sangden bill propose-adjustments --month 2026-02 --dry-run --as QT01 --json
    out_has '"before":{"kwh":"100"' 'the bill as issued'
    out_has '"after":{"kwh":"120"' 'by the readings as they are now'
    out_has '"difference":{"kwh":"20"' 'differs by 20 kWh'
    out_has '{"number":"PD0100-26021-3-3-K1","unclear":true' 'a value below the opening is left to a person'
    run sangden bill propose-adjustments --month 2026-02 --as QT01
    out_has 'PD0100-26021-2-2-D2' 'it is proposed'
    out_has '1 hóa đơn' 'alone'
    out_has 'PD0100-26021-3-3-K1: chỉ số đã sửa' 'the other is named'
    run sangden bill adjust PD0100-26021-3-3-K1 --cause reading --as QT01
    refused 1 'an adjustment from readings that give no use' '--kwh'
    run sangden bill release PD0100-26021-2-2-D2 --as NV03
    is_status 0 'another person releases it'
    run sangden bill show PD0100-26021-2-2-D2 --json
    out_has '"cause":"reading"' 'its cause is the reading'
    run sangden bill propose-adjustments --month 2026-02 --dry-run --as QT01
    out_has '0 hóa đơn' 'afterwards there is nothing more to propose'
    correct '0003,KT,2026-02-28,110'

    export SANGDEN_NOW=2026-04-05T08:00:00+07:00
    { echo 'meter,register,date,value'; rows '000%d,KT,2026-03-28,220'; } | take readings
    close_and_sign 2026-03
    grep -qF '"kwh":"300"' closed
    verdict $? 'March goes on from the corrected readings: 100, 90, 110'
    run sangden book status S1 --month 2026-03 --json
    out_has '"point":"PD01000000002001","code":"start_corrected"' 'which is told'
    same "$(grep -o '"code":"start_corrected"' "$out" | wc -l)" 1 'once'
    issue 2026-03 20260301
    out_has '"issued":3' 'March is issued'
    run sangden bill propose-adjustments --month 2026-03 --dry-run --as QT01
    out_has '0 hóa đơn' 'and needs no adjustment'

    correct '0001,KT,2026-02-28,115'
    out_has '2 ở kỳ đã phát hành' 'a reading between two issued periods concerns both'
    rm -f found
    for month in 2026-02 2026-03; do
        run sangden bill propose-adjustments --month $month --as QT01 --json
        cat "$out" >> found
    done
    same "$(grep -o '"difference":{"kwh":"-\?5"' found | sort | tr '\n' ' ')" \
        '"difference":{"kwh":"-5" "difference":{"kwh":"5" ' 'what one loses the other gains'
    run sangden check
    is_status 0 'all invariants hold'
}
# on DAY: the rest happens on that day of March.
on() { export SANGDEN_NOW=2026-03-$1T08:00:00+07:00; }
# stated N KWH NUMBER ARGUMENT...: a person gives the use of point 1; another releases it.
stated() {
    run sangden bill adjust PD0100-26021-1-1-K1 --cause other --kwh "$1" --as QT01 "${@:3}"
    is_status 0 "a person says $1 kWh"
    run sangden bill release "PD0100-26021-1-1-$2" --as NV03
    is_status 0 "$2 is released"
}
proposed() {
    run sangden bill propose-adjustments --month 2026-02 --as QT01 --json
    is_status 0 'facts are compared with the bills'
}
accepted() {
    run sangden bill release "PD0100-26021-1-1-$1" --as NV03
    is_status 0 "$1 is released"
}
nothing_more() {
    proposed
    out_is '[]' "$1"
}

# What a person stated stands through a chain of corrections, until a reading of the period is
# corrected after it; everything else is still compared.
statements() {
    customers
    close_and_sign 2026-02
    issue 2026-02 20260201
    for watts in 120 210; do
        sangden import intervals --template | sed "s/PD01000000123001/PD01000000001001/
            s/2026-07-31/2026-02-10/; s/ 120$/ $watts/" > i.csv
        run sangden import intervals i.csv --as QT01 --correct --reason 'Đọc lại'
        is_status 0 'interval energy is evidence'
    done
    nothing_more 'and its correction concerns no bill'
    on 06; stated 150 D2
    on 07; nothing_more 'a use that a person gave stands'
    run sangden change households PD01000000001001 2 --from 2026-01-01 --proof 'Giấy 5' \
        --source 'công an' --as QT01
    is_status 0 'the households change'
    proposed
    out_has '"after":{"kwh":"150"' 'a change of households is proposed for it'
    accepted D3
    nothing_more 'and only that'
    on 08; correct '0001,KT,2026-02-28,120'
    proposed
    out_has '"after":{"kwh":"110"' 'a later correction of the reading is proposed'
    accepted D4
    on 09; stated 160 D5
    on 10; nothing_more 'what a person says after the correction stands'
    on 11; correct '0001,KT,2026-02-28,110'
    proposed
    out_has '"after":{"kwh":"100"' 'the reading corrected back is proposed'
    accepted D6
    on 12; stated 170 T7 --replace
    nothing_more 'a replacement stands'
    on 13; stated 175 D8
    on 14; nothing_more 'so does an adjustment of it'
    correct '0001,KT,2026-02-28,5'
    proposed
    out_has '{"number":"PD0100-26021-1-1-T7","unclear":true' 'a value below the opening is named'
    on 15; stated 180 D9
    on 16; nothing_more 'until a person gave the use'
    correct '0001,KT,2026-02-28,4'
    proposed
    out_has '"unclear":true' 'and again when it is corrected after that'
    run sangden bill verify --month 2026-02 --json
    out_has '"different":0' 'every record comes out the same again'
    run sangden check
    is_status 0 'all invariants hold'
}
on_both_stores two_months
on_both_stores statements
finish
