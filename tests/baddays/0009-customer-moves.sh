#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Between reading and issue a customer moves to another unit: what was used before belongs to the
# old unit, nobody disappears, and who cannot be billed is listed with reason and remedy.
. "$(dirname "$0")/lib.sh"
export SANGDEN_NOW=2026-03-05T08:00:00+07:00

take() { sangden import "$@" - --as QT01 > "$out" 2> "$err" || verdict 1 "import $1"; }
rows() { for i in 1 2 3 4; do echo "${1//%d/$i}"; done; }

two_units() {
    run sangden init --kind test --as QT01 --name 'Quản trị'
    for leader in NV02:team_leader NV03:billing_leader; do
        sangden staff add "${leader%:*}" --name 'Người ký' --as QT01 > "$out" 2> "$err"
        sangden staff role "${leader%:*}" "${leader#*:}" --as QT01 > "$out" 2> "$err"
    done
    printf 'code,level,name,from\nPD0100,unit,Đơn vị Một,2020-01-01\nPD0200,unit,Đơn vị Hai,2020-01-01\n' | take units
    printf 'unit,code,name,reading_day\nPD0100,S1,Sổ Một,28\nPD0200,S9,Sổ Chín,28\n' | take books
    { echo 'unit,code,kind,name'; rows 'PD0100,KH%d,person,Người %d'; } | take parties
    { echo 'unit,code,payer,from'; rows 'PD0100,TK%d,KH%d,2026-01-01'; } | take accounts
    { echo 'unit,code,account,holder,from'; rows 'PD0100,PD0100000000%d,TK%d,KH%d,2026-01-01'; } | take agreements
    { echo 'unit,code,agreement,book,from'; rows 'PD0100,PD0100000000%d001,PD0100000000%d,S1,2026-01-01'; } | take points
    { echo 'unit,serial,type,point,hung_at'; rows 'PD0100,000%d,CV140,PD0100000000%d001,2026-01-01 09:00'; } | take meters
    { echo 'point,uses,from'; rows 'PD0100000000%d001,SH:-:100%,2026-01-01'; } | take uses
    printf 'meter,register,date,value,kind\n0001,KT,2026-01-28,10,opening\n0002,KT,2026-01-28,10,opening\n0003,KT,2026-01-28,10,opening\n0004,KT,2026-01-28,10,opening\n' | take readings --unit PD0100
    printf 'meter,register,date,value\n0001,KT,2026-02-28,110\n0002,KT,2026-02-28,120\n0003,KT,2026-02-28,130\n0004,KT,2026-02-28,140\n' | take readings --unit PD0100
}
move() {
    run sangden customer move "PD0100000000$1" --to PD0200 --from "$2" --source 'QĐ 3' --as QT01
    is_status 0 "customer $1 moves on $2"
}
# listed UNIT POINT EN REMEDY: the point has no bill, for this reason and with this remedy.
listed() {
    grep -F "\"unit\":\"$1\",\"point\":\"PD0100000000${2}001\"" "$out" > line
    grep -qF "$3" line && grep -qF "$4" line
    verdict $? "customer $2 in $1: $3; $4"
}

moves() {
    two_units
    move 1 2026-03-01
    run sangden bill close S1 --month 2026-02 --as QT01 --json
    is_status 0 'the book is closed'
    out_has '"usages":3' 'with those who have their readings'
    run sangden book status S1 --month 2026-02
    out_has 'Công tơ đã tháo không có chỉ số tháo' 'whose meter was moved without a reading is named'
    out_has 'Nhập chỉ số tháo' 'with the remedy'
    move 3 2026-02-15
    for signature in reader:QT01 team_leader:NV02 billing_leader:NV03; do
        run sangden book sign S1 --month 2026-02 --role "${signature%:*}" --as "${signature#*:}"
        is_status 0 "the ${signature%:*} signs"
    done
    run sangden bill run --month 2026-02 --as QT01 --json
    is_status 0 'the run goes through'
    out_has '"ready":2,"held":0,"exceptions":1' 'who left behind the closing is an exception'
    move 4 2026-02-20
    run sangden bill issue --run 20260201 --as QT01 --json
    out_has '"issued":2' 'what is drafted is issued'
    run sangden bill list --month 2026-02 --json
    same "$(grep -c '"number":"PD0100-' "$out")" 2 'under the unit that read the meter'
    run sangden bill unbilled --month 2026-02 --json
    listed PD0100 1 'The removed meter has no closing reading' 'Import the reading at removal'
    listed PD0100 3 'nobody has an agreement on the last day' 'make a final period for the old one'
    listed PD0200 3 'the point is in no reading book' 'Put the point into a book'
    run sangden check
    is_status 0 'all invariants hold'
}
on_both_stores moves

# Before the book is closed: 1 moves without a reading, 2 with that of the removal; 3 leaves the book
# with a final reading; 4 stays.
leaves_before_closing() {
    two_units
    move 1 2026-02-15
    move 2 2026-02-15
    run sangden change point PD01000000003001 book --end --from 2026-02-16 --source 'QĐ 4' --as QT01
    is_status 0 'customer 3 leaves the book'
    printf 'meter,register,date,value,kind\n0002,KT,2026-02-15,70,closing\n0003,KT,2026-02-16,75,final\n' | take readings --unit PD0100
    run sangden bill close S1 --month 2026-02 --as QT01 --json
    out_has '"points":4,"usages":3,"left_out":1' 'all four are of the book of February'
    out_has '"kwh":"255"' 'with what was measured in it'
    run sangden book status S1 --month 2026-02 --json
    out_has '"point":"PD01000000001001","code":"no_closing"' 'who left without a reading is named'
    run sangden bill unbilled --month 2026-02 --json
    listed PD0100 1 'The removed meter has no closing reading' 'Import the reading at removal'
    listed PD0200 1 'the point is in no reading book' 'Put the point into a book'
    printf 'point,register,date,value,kind\nPD01000000001001,KT,2026-02-15,65,closing\n' | take readings --unit PD0100
    run sangden bill close S1 --month 2026-02 --supplement --as QT01 --json
    out_has '"usages":1' 'a supplement closes what was missing'
    out_has '"kwh":"55"' 'up to the removal'
    run sangden book status S1 --month 2026-02 --json
    out_lacks 'no_closing' 'and the matter is settled'
    run sangden check
    is_status 0 'all invariants hold'
}
on_both_stores leaves_before_closing
finish
