#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# A co-operative of one person: from an empty store to issued bills, every step in the audit chain,
# every second approval on a later day.
. "$(dirname "$0")/lib.sh"

files() {
    printf 'code,level,name,customer_prefix,from\nHTX1,unit,Hợp tác xã điện,HX1,2020-01-01\n' > units.csv
    printf 'code,name,reading_day\nS1,Sổ Một,30\n' > books.csv
    printf 'code,kind,name\nKH1,person,Người Một\nKH2,person,Người Hai\n' > parties.csv
    printf 'code,account,holder,from\nHX100000001,,KH1,2026-01-01\nHX100000002,,KH2,2026-01-01\n' \
        > agreements.csv
    printf 'code,agreement,book,from\nHX100000001001,HX100000001,S1,2026-01-01
HX100000002001,HX100000002,S1,2026-01-01\n' > points.csv
    printf 'serial,type,registers,digits,decimals,point,hung_at\n0001,CV140,KT,5,0,HX100000001001,2026-01-01 09:00
0002,CV140,KT,5,0,HX100000002001,2026-01-01 09:00\n' > meters.csv
    printf 'point,uses,from\nHX100000001001,SH:-:100%%,2026-01-01\nHX100000002001,SH:-:100%%,2026-01-01\n' \
        > uses.csv
    printf 'point,meter,register,date,value,kind\nHX100000001001,0001,KT,2026-01-30,100,opening
HX100000002001,0002,KT,2026-01-30,50,opening\nHX100000001001,0001,KT,2026-02-28,200,periodic
HX100000002001,0002,KT,2026-02-28,150,periodic\nHX100000001001,0001,KT,2026-03-30,650,periodic
HX100000002001,0002,KT,2026-03-30,250,periodic\n' > readings.csv
}

# month MONTH DAY: everything one person does for a month, except what waits for a later day.
month() {
    export SANGDEN_NOW=$2T08:00:00+07:00
    run sangden bill close S1 --json
    is_status 0 "$1: the book is closed"
    out_has "\"month\":\"$1\",\"period\":1" "$1: the next month by itself"
    run sangden book sign S1 --month "$1" --role reader
    is_status 0 "$1: signed as reader"
    run sangden book sign S1 --month "$1" --role team_leader
    is_status 0 "$1: and as team leader"
    run sangden book sign S1 --month "$1" --role billing_leader
    refused 1 "$1: the last signature" 'later day'
}

issue() {
    run sangden book sign S1 --month "$1" --role billing_leader
    is_status 0 "$1: signed on the next day"
    run sangden bill run --month "$1" --json
    is_status 0 "$1: drafted"
    number=$(sed -n 's/.*"run":\([0-9]*\).*/\1/p' "$out")
    run sangden bill issue --run "$number" --json
    is_status 0 "$1: issued"
}

one_person() {
    files
    export SANGDEN_NOW=2026-03-02T08:00:00+07:00
    run sangden init --kind test --as HTX --name 'Một Người'
    is_status 0 'a store with one person'
    sangden() { "$SANGDEN" "$@" ${1:+--as HTX}; }
    for kind in units books parties agreements points meters uses; do
        run sangden import "$kind" "$kind.csv"
        is_status 0 "$kind are imported"
    done
    run sangden import readings readings.csv --date 2026-03-31
    is_status 0 'readings that name point and meter are imported'
    printf 'point,meter,register,date,value\nHX100000001001,0002,KT,2026-03-31,300\n
HX100000002001,0002,KT,2026-03-31,260\n' > other.csv
    run sangden import readings other.csv --date 2026-03-31
    refused 1 'a reading of the meter next door' '0002'
    run sangden import readings - --date 2026-03-31 --keep-good < other.csv
    is_status 0 'the good row of standard input is taken'
    same "$(cat import.rejected.csv)" 'point,meter,register,date,value
HX100000001001,0002,KT,2026-03-31,300' 'the refused one is kept as it was'

    month 2026-02 2026-03-02
    export SANGDEN_NOW=2026-03-03T08:00:00+07:00
    issue 2026-02
    out_has '"issued":2' 'both bills are issued'

    month 2026-03 2026-03-31
    run sangden spike confirm HX100000001001 --month 2026-03 --evidence 'ảnh' --reason 'xưởng mới'
    is_status 0 'a rise to 4.5 times is confirmed'
    out_has 'spike sign' 'and what is still missing is said'
    run sangden spike sign HX100000001001 --month 2026-03 --evidence 'ảnh' --reason 'đồng ý'
    refused 1 'and not signed on the same day' 'tomorrow'
    export SANGDEN_NOW=2026-04-01T08:00:00+07:00
    run sangden spike sign HX100000001001 --month 2026-03 --evidence 'ảnh' --reason 'đồng ý'
    is_status 0 'but on the next'
    issue 2026-03
    out_has '"issued":2' 'both bills of March are issued'
    run sangden bill verify --month 2026-03
    is_status 0 'and are right'

    run sangden audit list
    for action in import.readings book.close book.sign_reader book.sign_billing_leader \
                  'spike confirm' 'spike sign' bill.issue; do
        out_has "$action" "the audit chain has $action"
    done
    run sangden check
    is_status 0 'all invariants hold'
    sangden() { "$SANGDEN" "$@"; }
}

on_both_stores one_person
finish
