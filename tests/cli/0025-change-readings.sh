#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# A reading on the day on which prices change (2025-05-10) divides the period in the bill: each bill
# equals `sangden calc` of the same readings. Points read on that day: 1 one price, 2 three prices,
# 3 meter exchanged before it, 4 main point less 5, 7 two uses. Point 6 was not read, 8 does not fit.
. "$(dirname "$0")/lib.sh"

points='1 2 3 4 5 6 7 8'
file_books() { printf 'code,name,reading_day\nS1,Sổ Một,30\n'; }
file_parties() {
    printf 'code,kind,name\n'
    for i in $points; do printf 'KH%d,person,Người %d\n' "$i" "$i"; done
}
file_accounts() {
    printf 'code,payer,from\n'
    for i in $points; do printf 'TK%d,KH%d,2025-01-01\n' "$i" "$i"; done
}
file_agreements() {
    printf 'code,account,holder,from\n'
    for i in $points; do printf 'PD0100000000%d,TK%d,KH%d,2025-01-01\n' "$i" "$i" "$i"; done
}
file_points() {
    printf 'code,agreement,book,from\n'
    for i in $points; do
        printf 'PD0100000000%d001,PD0100000000%d,S1,2025-01-01\n' "$i" "$i"
    done
}
file_meters() {
    printf 'serial,maker,type,phases,registers,digits,decimals,electronic,remote,point,role,'
    printf 'multiplier,hung_at,removed_at\n'
    for i in $points; do
        registers=KT multiplier=1 removed=
        [ "$i" != 2 ] || { registers=BT/CD/TD multiplier=20; }
        [ "$i" != 3 ] || removed='2025-05-05 10:00'
        printf '000%d,EMIC,CV140,1,%s,5,1,1,1,PD0100000000%d001,active,%d,2025-01-01 09:00,%s\n' \
            "$i" "$registers" "$i" "$multiplier" "$removed"
    done
    printf '0033,EMIC,CV140,1,KT,5,1,1,1,PD01000000003001,active,1,2025-05-05 10:00,\n'
}
file_uses() {
    printf 'point,uses,from\n'
    for i in $points; do
        uses=SH:-:100%
        [ "$i" != 2 ] || uses=SX:LT6:100%
        [ "$i" != 7 ] || uses='SH:-:60%;KD:LT6:40%'
        printf 'PD0100000000%d001,%s,2025-01-01\n' "$i" "$uses"
    done
}
file_readings() {
    cat <<'END'
meter,register,date,value,kind
0001,KT,2025-04-30,1000,opening
0001,KT,2025-05-10,1120.5,check
0001,KT,2025-05-30,1250,periodic
0002,BT,2025-04-30,100,opening
0002,CD,2025-04-30,200,opening
0002,TD,2025-04-30,300,opening
0002,BT,2025-05-10,110,check
0002,CD,2025-05-10,204,check
0002,TD,2025-05-10,301,check
0002,BT,2025-05-30,140,periodic
0002,CD,2025-05-30,215,periodic
0002,TD,2025-05-30,310,periodic
0003,KT,2025-04-30,5000,opening
0003,KT,2025-05-05,5060,closing
0033,KT,2025-05-05,10,opening
0033,KT,2025-05-10,50,check
0033,KT,2025-05-30,250,periodic
0004,KT,2025-04-30,2000,opening
0004,KT,2025-05-10,2400,check
0004,KT,2025-05-30,3000,periodic
0005,KT,2025-04-30,0,opening
0005,KT,2025-05-10,150,check
0005,KT,2025-05-30,300,periodic
0006,KT,2025-04-30,1000,opening
0006,KT,2025-05-30,1250,periodic
0007,KT,2025-04-30,1000,opening
0007,KT,2025-05-10,1100,check
0007,KT,2025-05-30,1400,periodic
0008,KT,2025-04-30,1000,opening
0008,KT,2025-05-10,1300,check
0008,KT,2025-05-30,1250,periodic
END
}

# bill_is POINT USAGE USES READ NAME: the bill of a point equals the calculation of the request.
bill_is() {
    local on_change=
    [ -z "$4" ] || on_change=",\"read_on_change\":[{\"date\":\"2025-05-10\",\"usage\":$4}]"
    printf '{"from":"2025-04-30","to":"2025-05-30","usage":%s,"uses":%s%s}\n' "$2" "$3" \
        "$on_change" > request.json
    sangden calc --file request.json > calc.json 2> "$err"
    run sangden bill show "PD0100-25051-$1-$1-K1" --json
    for figure in pre_vat vat total; do
        same "$(grep -o "\"$figure\":[0-9]*" "$out" | head -n 1)" \
            "$(grep -o "\"$figure\":[0-9]*" calc.json)" "$5: $figure"
    done
    same "$(grep -o '"amount":"[0-9.]*"' "$out" | sort -u)" \
        "$(grep -o '"amount":"[0-9.]*"' calc.json | sort -u)" "$5: line by line"
}

bills_of_a_change() {
    export SANGDEN_NOW=2025-06-01T08:00:00+07:00
    sangden init --kind test --as NV01 --name 'Người Một' > "$out" 2> "$err"
    sangden import units - --as NV01 <<< 'code,level,name,from
PD0100,unit,Đơn vị Một,2020-01-01' > "$out" 2>> "$err"
    for person in NV02:meter_reader NV03:team_leader NV04:billing_leader; do
        sangden staff add "${person%:*}" --name "Người ${person%:*}" --as NV01 > "$out" 2>> "$err"
        sangden staff role "${person%:*}" "${person#*:}" --as NV01 > "$out" 2>> "$err"
    done
    for kind in books parties accounts agreements points meters uses; do
        "file_$kind" > "$kind.csv"
        run sangden import "$kind" "$kind.csv" --unit PD0100 --as NV01
        is_status 0 "$kind are imported"
    done
    run sangden change relation PD01000000004001 sub PD01000000005001 --from 2025-01-01 --as NV01
    file_readings > readings.csv
    run sangden import readings readings.csv --as NV02
    is_status 0 'readings of the change day are imported'
    run sangden bill close S1 --month 2025-05 --as NV04 --json
    out_has '"usages":8' 'all points are closed'
    run sangden book status S1 --month 2025-05 --json
    out_has '"code":"change_reading"' 'a reading of that day that does not fit is told'
    same "$(grep -o '"code":"change_reading"' "$out" | wc -l)" 1 'once'
    run sangden bill run --month 2025-05 --as NV04 --json
    out_has '"ready":8' 'all are computed'
    for signature in reader:NV02 team_leader:NV03 billing_leader:NV04; do
        sangden book sign S1 --month 2025-05 --role "${signature%:*}" --as "${signature#*:}" \
            > "$out" 2> "$err"
    done
    run sangden bill issue --run 20250501 --as NV04 --json
    out_has '"issued":8' 'and issued'

    local home='[{"category":"SH","share":"100"}]'
    bill_is 1 '{"kwh":"250"}' "$home" '{"kwh":"120.5"}' 'one price'
    bill_is 2 '{"normal":"800","peak":"300","offpeak":"200"}' \
        '[{"category":"SX","voltage":"LT6","share":"100"}]' \
        '{"normal":"200","peak":"80","offpeak":"20"}' 'three registers'
    bill_is 3 '{"kwh":"300"}' "$home" '{"kwh":"100"}' 'a meter exchanged before'
    bill_is 4 '{"kwh":"700"}' "$home" '{"kwh":"250"}' 'the main point less the sub point'
    bill_is 5 '{"kwh":"300"}' "$home" '{"kwh":"150"}' 'the sub point'
    bill_is 6 '{"kwh":"250"}' "$home" '' 'a point that was not read'
    bill_is 7 '{"kwh":"400"}' \
        '[{"category":"SH","share":"60"},{"category":"KD","voltage":"LT6","share":"40"}]' '{"kwh":"100"}' 'two uses'
    bill_is 8 '{"kwh":"250"}' "$home" '' 'a reading that does not fit'

    run sangden bill show PD0100-25051-1-1-K1
    out_has 'Đổi giá ngày 10/05/2025: chia theo chỉ số đọc ngày đổi giá (KT 1120,5)' \
        'a bill says that it was split by reading'
    run sangden bill show PD0100-25051-7-7-K1
    same "$(grep -c 'Đổi giá ngày' "$out")" 1 'once, also for two uses'
    run sangden bill show PD0100-25051-6-6-K1
    out_has 'Đổi giá ngày 10/05/2025: chia theo số ngày' 'or by days'
    run sangden bill verify --month 2025-05 --json
    out_has '"same":8,"different":0' 'all come out the same again'
    run sangden bill adjust PD0100-25051-1-1-K1 --kwh 100 --cause reading --as NV04
    is_status 0 'another use drops the reading that belonged to the old one'
    the_day_moves
    run sangden check
    is_status 0 'all invariants hold'
}

# A late decision moves the change to 2025-05-15: the readings of the old day divide nothing any more,
# and nobody was read on the new one.
the_day_moves() {
    run sangden bill refuse PD0100-25051-1-1-D2 --reason 'Đợi quyết định' --as NV04
    sed 's/"effective_to": "2025-05-09"/"effective_to": "2025-05-14"/
         s/"effective_from": "2025-05-10"/"effective_from": "2025-05-15"/' \
        "$here/../../data/pricebook.json" > moved.json
    run sangden tariff load moved.json --as NV01
    is_status 0 'a book with another change day is loaded'
    sangden staff role NV04 administrator --as NV01 > "$out" 2> "$err"
    run sangden tariff release 1 --preview --as NV04 --json
    out_has '"refused":0' 'its effect can be told for every bill'
    run sangden tariff release 1 --correction --as NV04
    is_status 0 'and released'
    run sangden tariff correct-issued --month 2025-05 --as NV01 --json
    same "$(grep -o '"proposal"' "$out" | wc -l)" 8 'every bill of the month is proposed'
    cp "$out" found
    for i in $points; do
        run sangden bill release "PD0100-25051-$i-$i-D2" --as NV04
        is_status 0 "point $i is released"
    done
    run sangden calc --tariff moved.json <<< '{"from":"2025-04-30","to":"2025-05-30","usage":{"kwh":"250"},"uses":[{"category":"SH"}]}'
    local total
    total=$(grep -o '"total":[0-9]*' "$out" | head -n 1)
    grep -q "\"number\":\"PD0100-25051-1-1-K1\".*\"after\":{\"kwh\":\"250\",[^}]*$total}" found
    verdict $? 'a bill that was split by reading goes by days'
    run sangden bill propose-adjustments --month 2025-05 --as NV01 --json
    out_is '[]' 'and stays so'
    run sangden bill verify --month 2025-05 --json
    out_has '"same":16,"different":0' 'each record with its own book'
}

on_both_stores bills_of_a_change
finish
