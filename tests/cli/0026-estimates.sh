#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Estimates from asking to settlement: by the next reading (point 1), spread over the days before it
# (2), agreed (3), not settled in time (4). All four are estimated at 100 kWh in March 2026.
. "$(dirname "$0")/lib.sh"

file_books() { printf 'code,name,reading_day\nS1,Sổ Một,30\n'; }
file_parties() {
    printf 'code,kind,name\n'
    for i in 1 2 3 4; do printf 'KH%d,person,Người %d\n' $i $i; done
}
file_accounts() {
    printf 'code,payer,from\n'
    for i in 1 2 3 4; do printf 'TK%d,KH%d,2026-01-01\n' $i $i; done
}
file_agreements() {
    printf 'code,account,holder,from\n'
    for i in 1 2 3 4; do printf 'PD0100000000%d,TK%d,KH%d,2026-01-01\n' $i $i $i; done
}
file_points() {
    printf 'code,agreement,book,from\n'
    for i in 1 2 3 4; do printf 'PD0100000000%d001,PD0100000000%d,S1,2026-01-01\n' $i $i; done
}
file_meters() {
    printf 'serial,maker,type,phases,registers,digits,decimals,electronic,remote,point,role,'
    printf 'multiplier,hung_at\n'
    for i in 1 2 3 4; do
        printf '000%d,EMIC,CV140,1,KT,5,1,0,0,PD0100000000%d001,active,1,2026-01-01 09:00\n' $i $i
    done
}
file_uses() {
    printf 'point,uses,from\n'
    for i in 1 2 3 4; do printf 'PD0100000000%d001,SH:-:100%%,2026-01-01\n' $i; done
}

# readings KIND DATE VALUE...: one row per point; "-" leaves a point out.
readings() {
    local kind=$1 date=$2 i=0
    shift 2
    printf 'meter,register,date,value,kind\n'
    for value in "$@"; do
        i=$((i + 1))
        [ "$value" = - ] || printf '000%d,KT,%s,%s,%s\n' $i "$date" "$value" "$kind"
    done > rows.csv
    cat rows.csv
}

# store_sql SQL: what no command would do; fails where SQLite has no shell.
store_sql() {
    if [ "$store" = SQLite ]; then sqlite3 "${SANGDEN_STORE#sqlite:}" "$1"
    else psql -q "$SANGDEN_STORE" -c "$1" > /dev/null; fi
}

# bill_month MONTH RUN: closes, signs, drafts and issues.
bill_month() {
    sangden bill close S1 --month "$1" --as NV04 > "$out" 2> "$err"
    for signature in reader:NV02 team_leader:NV03 billing_leader:NV04; do
        sangden book sign S1 --month "$1" --role "${signature%:*}" --as "${signature#*:}" \
            > "$out" 2> "$err"
    done
    sangden bill run --month "$1" --as NV04 > "$out" 2> "$err"
    run sangden bill issue --run "$2" --as NV04 --json
}

estimates() {
    export SANGDEN_NOW=2026-05-04T08:00:00+07:00
    sangden init --kind test --as NV01 --name 'Người Một' > "$out" 2> "$err"
    sangden import units - --as NV01 <<< 'code,level,name,from
PD0100,unit,Đơn vị Một,2020-01-01' > "$out" 2>> "$err"
    for person in NV02:meter_reader NV03:team_leader NV04:billing_leader NV05:billing_leader; do
        sangden staff add "${person%:*}" --name "Người ${person%:*}" --as NV01 > "$out" 2>> "$err"
        sangden staff role "${person%:*}" "${person#*:}" --as NV01 > "$out" 2>> "$err"
    done
    for kind in books parties accounts agreements points meters uses; do
        "file_$kind" > "$kind.csv"
        run sangden import "$kind" "$kind.csv" --unit PD0100 --as NV01
        is_status 0 "$kind are imported"
    done
    readings opening 2026-01-30 1000 1000 1000 1000 > r1.csv
    readings periodic 2026-02-28 1100 1100 1100 1100 > r2.csv
    for file in r1 r2; do sangden import readings $file.csv --as NV02 > "$out" 2> "$err"; done
    bill_month 2026-02 20260201
    out_has '"issued":4' 'February is billed'

    for i in 1 2 3 4; do
        sangden estimate propose "PD0100000000${i}001" --from 2026-02-28 --to 2026-03-30 \
            --kwh 100 --ground 'Hợp đồng điều 4' --as NV02 > "$out" 2> "$err"
    done
    run sangden estimate list --open --json
    same "$(grep -o '"stage":"asked"' "$out" | wc -l)" 4 'four estimates are asked for'
    for i in 1 2 3 4; do sangden estimate approve $i --as NV03 > "$out" 2> "$err"; done
    run sangden estimate settle 2 --ground 'Biên bản 7' --as NV05
    refused 1 'an estimate that no closing used' 'chưa lên sản lượng'
    bill_month 2026-03 20260301
    out_has '"issued":4' 'March is billed on estimates'
    run sangden estimate list --open --json
    same "$(grep -o '"stage":"billed","open":true' "$out" | wc -l)" 4 'all wait for settlement'
    out_has '"asked_by":"NV02","decided_by":"NV03"' 'with who asked and who approved'
    run sangden estimate settle 2 --ground 'Biên bản 7' --as NV05
    refused 1 'spreading without a reading' '--kwh'

    readings periodic 2026-04-30 1400 1420 1350 - > r3.csv
    run sangden import readings r3.csv --as NV02
    is_status 0 'three are read again'
    run sangden estimate settle 2 --ground 'Biên bản 7' --as NV02
    refused 1 'settling without the right' 'NV02'
    run sangden estimate settle 2 --ground 'Biên bản 7' --as NV05 --json
    is_status 0 'a reading is spread over the estimated days'
    out_has '"manner":"spread","kwh":"157.377","difference_kwh":"57.377"' '320 kWh, 30 of 61 days'
    out_has '"bill":"PD0100-26031-2-2-K1","proposal":"PD0100-26031-2-2-D2"' 'and the bill adjusted'
    run sangden estimate settle 2 --ground 'Biên bản 7' --as NV05
    refused 1 'settling twice' 'đã quyết toán'
    if store_sql 'CREATE UNIQUE INDEX only_one ON estimate_settlement (unit_id)'; then
        run sangden estimate settle 3 --kwh 80 --ground 'Thỏa thuận 12/5' --as NV05
        is_status 1 'a settlement that cannot be written'
        store_sql 'DROP INDEX only_one'
        run sangden approval list --json
        out_lacks 'PD0100-26031-3-3-D2' 'leaves no proposal behind'
    fi
    run sangden estimate settle 3 --kwh 80 --ground 'Thỏa thuận 12/5' --as NV05 --json
    out_has '"manner":"agreed","kwh":"80","difference_kwh":"-20"' 'another energy is agreed'
    for bill in PD0100-26031-2-2-D2 PD0100-26031-3-3-D2; do
        run sangden bill release $bill --as NV04
        is_status 0 "another person releases $bill"
    done
    run sangden bill propose-adjustments --month 2026-03 --dry-run --json --as NV05
    is_status 0 'facts are compared with the bills'
    out_lacks PD0100-26031-2 'what was spread by name is not taken back'
    out_lacks PD0100-26031-3 'nor what was agreed'

    run sangden bill close S1 --month 2026-04 --as NV04 --json
    out_has '"kwh":"532.623"' 'April: 300 - 100, 320 - 157.377, 250 - 80'
    run sangden estimate list --json
    out_has '"settlement":{"manner":"reading","from":"2026-02-28","to":"2026-04-30","read_kwh":"300"' \
        'the reading settles the first, with both readings'
    out_has '"estimated_kwh":"157.377"' 'what was settled by name counts'
    out_has '"by":"NV04","on":"2026-05-04"' 'by name and day'
    run sangden estimate list --open
    out_has 'đã lên sản lượng, chưa quyết toán' 'one is still open'
    same "$(grep -c 'Hợp đồng' "$out")" 1 'only one'
    run sangden check
    is_status 0 'all invariants hold'
    SANGDEN_NOW=2026-07-15T08:00:00+07:00 run sangden check
    is_status 1 'an estimate may not stay unsettled'
    out_has 'estimate 4: point 4, 2026-03-30' 'and is named'
    run sangden bill verify --month 2026-03 --json
    out_has '"different":0' 'all bills come out the same again'
}

on_both_stores estimates
finish
