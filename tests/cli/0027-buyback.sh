#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Points with two directions: what is used is billed, what is given back is measured and paid apart.
. "$(dirname "$0")/lib.sh"

roofs() {
    export SANGDEN_NOW=2026-06-01T08:00:00+07:00
    sangden init --kind test --as NV01 --name 'Người Một' > "$out" 2> "$err"
    for person in NV02:meter_reader NV04:billing_leader; do
        sangden staff add "${person%:*}" --name "Người ${person%:*}" --as NV01 > "$out" 2> "$err"
    done
    take() { sangden import "$1" - --as NV01 > "$out" 2> "$err"; status=$?; is_status 0 "$1"; }
    take units <<< 'code,level,name,from
PD0100,unit,Đơn vị Một,2020-01-01'
    for person in NV02:meter_reader NV04:billing_leader; do
        sangden staff role "${person%:*}" "${person#*:}" --as NV01 > "$out" 2> "$err"
    done
    take books <<< 'unit,code,name,reading_day
PD0100,S1,Sổ Một,30'
    take parties <<< 'unit,code,kind,name
PD0100,KH1,person,Người Một'
    take accounts <<< 'unit,code,payer,from
PD0100,TK1,KH1,2026-01-01'
    take agreements <<< 'unit,code,account,holder,from
PD0100,PD01000000001,TK1,KH1,2026-01-01
PD0100,PD01000000002,TK1,KH1,2026-01-01'
    take points <<< 'unit,code,agreement,book,from
PD0100,PD01000000001001,PD01000000001,S1,2026-01-01
PD0100,PD01000000002001,PD01000000002,S1,2026-01-01'
    take points <<< 'unit,code,export_of,from
PD0100,PD01000000001002,PD01000000001001,2026-01-01
PD0100,PD01000000002002,PD01000000002001,2026-01-01'
    take meters <<< 'unit,serial,maker,type,phases,registers,digits,decimals,electronic,remote,point,role,multiplier,hung_at
PD0100,0001,EMIC,DT01,1,KT,5,1,1,1,PD01000000001001,active,1,2026-01-01 09:00
PD0100,0011,EMIC,DT01,1,KT,5,1,1,1,PD01000000001002,export,1,2026-01-01 09:00
PD0100,0002,EMIC,DT01,1,KT,5,1,1,1,PD01000000002001,active,20,2026-01-01 09:00
PD0100,0012,EMIC,DT01,1,KT,5,1,1,1,PD01000000002002,export,20,2026-01-01 09:00'
    run sangden import readings - --as NV02 <<< 'meter,register,date,value,kind
0001,KT,2026-04-30,100,opening
0001,KT,2026-05-30,350,periodic
0011,KT,2026-04-30,10,opening
0011,KT,2026-05-30,133.4,periodic
0002,KT,2026-04-30,100,opening
0002,KT,2026-05-30,150,periodic
0012,KT,2026-04-30,20,opening'
    is_status 0 'both directions are read'
    run sangden bill close S1 --month 2026-05 --as NV04 --json
    out_has '"points":2,"usages":2' 'the other direction is no use'
    out_has '"kwh":"1250"' 'and nets nothing'
    run sangden buyback list --month 2026-05 --region north --json
    is_status 0 'a statement'
    out_has '"point":"PD01000000001002","from":"2026-04-30","to":"2026-05-30","serial":"0011"' 'by point'
    out_has '"kwh":"123.4","price":"1382.7","amount":170625' '123.4 × 1382.7 = 170,625.18'
    out_has 'QĐ-BCT ngày 10/04/2025' 'with its basis'
    out_has '"problem_vi":"thiếu chỉ số chiều phát' 'who was not read is named'
    run sangden import readings - --as NV02 <<< 'meter,register,date,value
0012,KT,2026-05-30,40'
    run sangden buyback list --month 2026-05 --region north --price 1200.5 --json
    out_has '"kwh":"400","price":"1200.5","amount":480200' 'the price of the contract below the ceiling'
    out_has '"kwh":"523.4","amount":628342' 'and the sum'
    run sangden buyback list --month 2026-05 --region south --price 5000 --json
    out_has '"kwh":"400","price":"1012","amount":404800' 'never above the ceiling'
    run sangden buyback list --month 2026-05 --region north
    out_has 'Cộng: 523,4 kWh' 'for people too'
    run sangden buyback list --month 2026-05 --region east
    refused 2 'an unknown region' 'north'
    run sangden buyback list --month 2026-04 --region north --json
    out_has '"points":[],"kwh":"0","amount":0' 'nothing in a month that is not closed'
    run sangden check
    is_status 0 'all invariants hold'
}

on_both_stores roofs
finish
