#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# A supplementary bill from the inspector's record to the issued bill: point 1 is a household (100 kWh
# in February 2026), point 2 a shop with three prices (60, 30 and 10 kWh).
. "$(dirname "$0")/lib.sh"

file_books() { printf 'code,name,reading_day\nS1,Sổ Một,30\n'; }
file_parties() { printf 'code,kind,name\nKH1,person,Người Một\nKH2,person,Người Hai\n'; }
file_accounts() { printf 'code,payer,from\nTK1,KH1,2026-01-01\nTK2,KH2,2026-01-01\n'; }
file_agreements() {
    printf 'code,account,holder,from\n'
    for i in 1 2; do printf 'PD0100000000%d,TK%d,KH%d,2026-01-01\n' $i $i $i; done
}
file_points() {
    printf 'code,agreement,book,from\n'
    for i in 1 2; do printf 'PD0100000000%d001,PD0100000000%d,S1,2026-01-01\n' $i $i; done
}
file_meters() {
    printf 'serial,maker,type,phases,registers,digits,decimals,electronic,remote,point,role,'
    printf 'multiplier,hung_at\n'
    printf '0001,EMIC,CV140,1,KT,5,1,0,0,PD01000000001001,active,1,2026-01-01 09:00\n'
    printf '0002,EMIC,DT03,3,BT/CD/TD,5,1,1,0,PD01000000002001,active,1,2026-01-01 09:00\n'
}
file_uses() {
    printf 'point,uses,from\nPD01000000001001,SH:-:100%%,2026-01-01\n'
    printf 'PD01000000002001,KD:LT6:100%%,2026-01-01\n'
}

# readings KIND DATE KT BT CD TD
readings() {
    printf 'meter,register,date,value,kind\n0001,KT,%s,%s,%s\n' "$2" "$3" "$1"
    printf '0002,BT,%s,%s,%s\n0002,CD,%s,%s,%s\n0002,TD,%s,%s,%s\n' "$2" "$4" "$1" "$2" "$5" "$1" \
        "$2" "$6" "$1"
}

# bill_run MONTH RUN ARGUMENT...: drafts and issues.
bill_run() {
    run sangden bill run --month "$1" --as NV04 --json "${@:3}"
    is_status 0 "$1 is drafted"
    run sangden bill issue --run "$2" --as NV04 --json
    is_status 0 "$1 is issued"
}

customers() {
    export SANGDEN_NOW=2026-05-04T08:00:00+07:00
    sangden init --kind test --as NV01 --name 'Người Một' > "$out" 2> "$err"
    sangden import units - --as NV01 <<< 'code,level,name,from
PD0100,unit,Đơn vị Một,2020-01-01' > "$out" 2>> "$err"
    for person in NV02:meter_reader NV03:team_leader NV04:billing_leader NV06:inspector; do
        sangden staff add "${person%:*}" --name "Người ${person%:*}" --as NV01 > "$out" 2>> "$err"
        sangden staff role "${person%:*}" "${person#*:}" --as NV01 > "$out" 2>> "$err"
    done
    sangden staff role NV06 billing_clerk --as NV01 > "$out" 2>> "$err"
    for kind in books parties accounts agreements points meters uses; do
        "file_$kind" > "$kind.csv"
        run sangden import "$kind" "$kind.csv" --unit PD0100 --as NV01
        is_status 0 "$kind are imported"
    done
    readings opening 2026-01-30 1000 100 100 100 > r1.csv
    readings periodic 2026-02-28 1100 160 130 110 > r2.csv
    for file in r1 r2; do sangden import readings $file.csv --as NV02 > "$out" 2> "$err"; done
    sangden bill close S1 --month 2026-02 --as NV04 > "$out" 2> "$err"
    for signature in reader:NV02 team_leader:NV03 billing_leader:NV04; do
        sangden book sign S1 --month 2026-02 --role "${signature%:*}" --as "${signature#*:}" \
            > "$out" 2> "$err"
    done
}

# order ARGUMENT...: what the inspector asks for at the household.
order() {
    run sangden bill supplement --point PD01000000001001 --cause not_measured \
        --ground 'Biên bản 12/BB' --as "${who:-NV06}" --json "$@"
}
feb=(--from 2026-01-30 --to 2026-02-28)

# total_of REQUEST: what back-billing says of a request.
total_of() { sangden backbill <<< "$1" | grep -o '"total":[0-9]*' | head -n 1; }

refusals() {
    order "${feb[@]}" --kwh 50
    refused 1 'a supplement before its bill' 'chưa phát hành'
    bill_run 2026-02 20260201
    out_has '"issued":2' 'both are billed'
    order --from 2026-01-30 --to 2026-02-20 --kwh 50
    refused 1 'days inside a bill' 'PD01000000001001'
    order --from 2026-03-30 --to 2026-04-30 --kwh 50
    refused 1 'days of no bill' 'bill show'
    order --from 2026-02-28 --to 2026-01-30 --kwh 50
    refused 1 'days the wrong way round' '--from'
    order "${feb[@]}" --kwh 0
    refused 1 'nothing' 'bill adjust'
    order "${feb[@]}" --kwh 1e2
    refused 1 'no decimal' '1e2'
    order "${feb[@]}" --kwh 50 --peak 10
    refused 2 'both kinds of energy' '--offpeak'
    order "${feb[@]}" --normal 50 --peak 10
    refused 2 'two registers of three' '--offpeak'
    order "${feb[@]}" --kwh 50 --kvarh 20
    refused 1 'reactive energy without demand' 'PD01000000001001'
    run sangden bill supplement --point PD01000000001001 "${feb[@]}" --kwh 50 --cause wrong_meter \
        --ground 'Biên bản 12/BB' --as NV06
    refused 2 'a cause that billing does not know' 'wrong_price'
    run sangden bill supplement --point PD01000000001001 "${feb[@]}" --kwh 50 --cause theft \
        --ground 'Biên bản 12/BB' --as NV03
    refused 1 'an order without the right' 'NV03'
    run sangden approval list --json
    out_lacks 'bill.supplement' 'none of them left a proposal'
}

# The household: 50 kWh on top of 100.
household() {
    local whole='{"from":"2026-01-30","to":"2026-02-28","usage":{"kwh":"150"},"billed":{"kwh":"100"},'
    local total
    total=$(total_of "$whole"'"cause":"not_measured","uses":[{"category":"SH"}]}')
    same "${total%:*}" '"total"' 'back-billing prices what was not measured'
    order "${feb[@]}" --kwh 50 --dry-run
    is_status 0 'an order is tried'
    out_has "$total" 'and comes to what back-billing says'
    run sangden approval list --json
    out_lacks 'bill.supplement' 'but is not there'
    order "${feb[@]}" --kwh 50
    out_has '"proposal":"PD0100-TT1","state":"proposed","repeated":false' 'it is ordered'
    order "${feb[@]}" --kwh 50
    out_has '"proposal":"PD0100-TT1","state":"proposed","repeated":true' 'once'
    run sangden bill supplement approve PD0100-TT1 --as NV06
    refused 1 'approving the own order' '--as'
    run sangden bill supplement approve PD0100-TT1 --as NV03
    refused 1 'approving without the right' 'NV03'
    run sangden bill supplement approve PD0100-TT9 --as NV04
    refused 1 'approving what is not there' 'PD0100-TT9'
    run sangden bill supplement approve PD0100-TT1 --as NV04 --dry-run
    out_has 'Biên bản 12/BB' 'the second person sees what it rests on'
    run sangden bill run --month 2026-05 --as NV04
    refused 1 'a run before the approval' '2026-05'
    run sangden bill supplement approve PD0100-TT1 --as NV04 --json
    out_has '"state":"approved"' 'it is approved'
    out_has '"month":"2026-05"' 'for the run of the month'
    run sangden bill supplement approve PD0100-TT1 --as NV04
    refused 1 'approving twice' 'PD0100-TT1'
    bill_run 2026-05 20260501 --date 2026-05-05
    out_has '"issued":1' 'the run has its bill'
    run sangden bill show PD0100-26050-1-1-B1
    out_has 'hóa đơn truy thu' 'a supplementary bill'
    out_has '100 kWh' 'that says what was billed before it'
    out_has 'Biên bản 12/BB' 'and what it rests on'
    run sangden bill list --month 2026-05 --json
    out_has "$total" 'with the total of back-billing'
    bill_run 2026-05 20260501 --date 2026-05-05
    run sangden bill list --month 2026-05 --json
    same "$(grep -o '"number"' "$out" | wc -l)" 1 'another run bills nothing twice'
}

# The same order by a key; another one of the same days waits for the first.
again() {
    order "${feb[@]}" --kwh 50
    out_has '"state":"approved","repeated":true' 'the order is known after its bill too'
    order "${feb[@]}" --kwh 20 --key BB13
    out_has '"proposal":"PD0100-TT2"' 'another key is another order'
    order "${feb[@]}" --kwh 21 --key BB13
    refused 1 'the key with another order' 'BB13'
    sangden staff role NV03 inspector --as NV01 > "$out" 2> "$err"
    who=NV03 order "${feb[@]}" --kwh 20 --key BB13
    out_has '"proposal":"PD0100-TT2","state":"proposed","repeated":true' 'whoever sends it'
    who=NV03 order "${feb[@]}" --kwh 21 --key BB13
    refused 1 'the key with another order by another person' 'BB13'
    order "${feb[@]}" --kwh 30 --key BB14
    out_has '"proposal":"PD0100-TT3"' 'a third'
    run sangden bill supplement approve PD0100-TT2 --as NV04 --json
    out_has '"state":"approved"' 'the second is approved'
    run sangden bill supplement approve PD0100-TT3 --as NV04
    refused 1 'approving the third before the second is billed' 'bill issue'
    run sangden bill supplement approve PD0100-TT3 --refuse 'Ghi trùng' --as NV04 --json
    out_has '"refused":"PD0100-TT3"' 'it is refused instead'
    order "${feb[@]}" --kwh 30 --key BB14
    out_has '"state":"refused","repeated":true' 'and stays refused'
    bill_run 2026-05 20260502 --date 2026-05-06
    run sangden bill export --run 20260502 --canonical
    out_has '"billed":{"kwh":"150"}' 'the second stands on the first'
}

# Theft at a shop of three prices is charged at the peak price, at the tax rate of the settlement.
shop() {
    local total
    local whole='{"from":"2026-01-30","to":"2026-02-28","usage":{"normal":"90","peak":"42",'
    whole=$whole'"offpeak":"18"},"billed":{"normal":"60","peak":"30","offpeak":"10"},'
    whole=$whole'"cause":"theft","settlement":"2026-05-04",'
    total=$(total_of "$whole"'"uses":[{"category":"KD","voltage":"LT6"}]}')
    same "${total%:*}" '"total"' 'back-billing prices the theft'
    run sangden bill supplement --point PD01000000002001 "${feb[@]}" --normal 30 --peak 12 \
        --offpeak 8 --cause theft --settlement 2026-05-04 --ground 'BB 15' --as NV06 --json
    out_has '"proposal":"PD0100-TT4"' 'theft is ordered'
    out_has '"cause":"theft","settlement":"2026-05-04"' 'with cause and settlement'
    run sangden bill supplement approve PD0100-TT4 --as NV04
    out_has 'bill run --month 2026-05' 'and approved'
    bill_run 2026-05 20260503 --date 2026-05-07
    run sangden bill show PD0100-26050-2-2-B1 --json
    out_has '"kwh":"50"' 'with its energy'
    out_has "$total" 'and the total of back-billing'
}

supplements() {
    customers
    refusals
    household
    again
    shop
    run sangden bill verify --month 2026-05 --json
    out_has '"different":0' 'every bill comes out the same again'
    run sangden bill adjust PD0100-26050-1-1-B1 --cause inspection --kwh 130 --as NV06
    is_status 0 'a supplement is adjusted like any bill'
    run sangden bill propose-adjustments --month 2026-05 --dry-run --as NV04 --json
    out_is '[]' 'nothing else is to be put right'
    run sangden audit list
    out_has 'bill.supplement' 'the audit chain has the approval'
    household_again
    late_decision
    withdrawals
    withdrawn_fees
    for month in 2026-02 2026-05; do
        run sangden bill verify --month $month --json
        out_has '"different":0' "every bill of $month comes out the same again"
    done
    run sangden check
    is_status 0 'all invariants hold'
}

# released NUMBER…: each proposal by a second person.
released() {
    local number
    for number in "$@"; do
        run sangden bill release "$number" --as NV04
        is_status 0 "$number is released"
    done
}

# The bill of the household becomes 90 kWh: the supplements on it begin ten kWh earlier.
household_again() {
    run sangden bill refuse PD0100-26050-1-1-D3 --reason 'Kiểm tra lại' --as NV04
    is_status 0 'the open proposal is refused'
    run sangden bill adjust PD0100-26021-1-1-K1 --cause inspection --kwh 90 --as NV06 --json
    out_has '"supplements":["PD0100-26050-1-1-B1","PD0100-26050-1-1-B2"]' \
        'an adjustment names what stands on the bill'
    run sangden bill release PD0100-26021-1-1-D2 --as NV04
    out_has 'PD0100-26050-1-1-B1, PD0100-26050-1-1-B2' 'so does its release'
    out_has 'propose-adjustments --month 2026-02' 'with what to do about them'
    run sangden bill propose-adjustments --month 2026-02 --as NV06 --json
    out_has '"number":"PD0100-26050-1-1-B1"' 'the first supplement is found'
    out_lacks '"number":"PD0100-26050-1-1-B2"' 'the second costs the same in its tier'
    released PD0100-26050-1-1-D3
    run sangden bill propose-adjustments --month 2026-02 --as NV06 --json
    out_is '[]' 'then all of it is right'
    # 90, 50 and 20 kWh together are one bill of 160.
    local request='{"from":"2026-01-30","to":"2026-02-28","usage":{"kwh":"160"},'
    local month amount sum=0 whole
    whole=$(sangden calc <<< "$request\"uses\":[{\"category\":\"SH\"}]}" |
        grep -o '"pre_vat":[0-9]*')
    for month in 2026-02 2026-05; do
        run sangden bill list --month $month --json
        for amount in $(grep -o '"number":"PD0100-[0-9]*-1-1-[^}]*' "$out" |
            grep -o '"pre_vat":-*[0-9]*'); do
            sum=$((sum + ${amount#*:}))
        done
    done
    same "\"pre_vat\":$sum" "$whole" 'all of it together is one bill of the whole use'
}

# A decision that comes late reaches the supplement of the days too, whenever it was billed.
late_decision() {
    run sangden bill supplement --point PD01000000002001 "${feb[@]}" --normal 10 --peak 0 \
        --offpeak 0 --cause not_measured --ground 'BB 16' --as NV06 --json
    run sangden bill supplement approve PD0100-TT5 --as NV04
    is_status 0 'another supplement of the shop'
    bill_run 2026-05 20260504 --date 2026-05-08
    sed 's/"price": "3152"/"price": "3162"/
         s/"pre_vat": 770340, "vat": 61627, "total": 831967/"pre_vat": 771540, "vat": 61723, "total": 833263/' \
        "$here/../../data/pricebook.json" > late.json
    run sangden tariff load late.json --as NV01
    is_status 0 'a late book is loaded'
    sangden staff role NV04 administrator --as NV01 > "$out" 2> "$err"
    run sangden tariff release 1 --correction --as NV04
    is_status 0 'and released'
    run sangden tariff correct-issued --month 2026-02 --as NV06 --json
    out_has '"number":"PD0100-26021-2-2-K1"' 'it touches the bill'
    out_has '"number":"PD0100-26050-2-2-B2"' 'and the supplement of its days'
    released PD0100-26021-2-2-D2 PD0100-26050-2-2-D3
}

# orders_have TEXT NAME: the list of orders has it.
orders_have() {
    run sangden bill orders --json
    out_has "$1" "$2"
}

# An order is withdrawn while it waits, and after its approval until its bill is issued.
withdrawals() {
    order "${feb[@]}" --kwh 15 --key BB20
    out_has '"proposal":"PD0100-TT6"' 'an order that turns out wrong'
    run sangden bill withdraw PD0100-TT6 --reason ' ' --as NV04
    refused 1 'a withdrawal without reason' '--reason'
    run sangden bill withdraw PD0100-TT6 --reason 'Ghi nhầm' --as NV02
    refused 1 'a withdrawal without the right' 'NV02'
    run sangden bill withdraw PD0100-TT66 --reason 'Ghi nhầm' --as NV04
    refused 1 'a withdrawal of what is not there' 'PD0100-TT66'
    run sangden bill withdraw PD0100-TT6 --reason 'Ghi nhầm' --as NV04 --json
    out_is '{"withdrawn":"PD0100-TT6","repeated":false}' 'it is withdrawn'
    run sangden bill withdraw PD0100-TT6 --reason 'Ghi nhầm' --as NV04 --json
    out_is '{"withdrawn":"PD0100-TT6","repeated":true}' 'once'
    run sangden bill withdraw PD0100-TT6 --reason 'Lý do khác' --as NV04
    refused 1 'withdrawing it for another reason' 'Ghi nhầm'
    run sangden bill supplement approve PD0100-TT6 --as NV04
    refused 1 'approving it after that' 'withdrawn'
    order "${feb[@]}" --kwh 15 --key BB20
    out_has '"state":"withdrawn","repeated":true' 'its key answers so'
    run sangden bill withdraw PD0100-TT3 --reason 'Ghi nhầm' --as NV04
    refused 1 'withdrawing what was refused' 'bill orders'
    order "${feb[@]}" --kwh 15 --key BB21
    run sangden bill supplement approve PD0100-TT7 --as NV04
    run sangden bill run --month 2026-05 --date 2026-05-09 --as NV04 --json
    out_has '"ready":1' 'an approved order is drafted'
    orders_have '"order":"PD0100-TT7","state":"approved"' 'and listed as such'
    run sangden bill withdraw PD0100-TT7 --reason 'Biên bản đã hủy' --as NV04
    is_status 0 'and withdrawn before its issue'
    run sangden bill issue --run 20260505 --as NV04 --json
    run sangden bill run --month 2026-05 --date 2026-05-09 --as NV04 --json
    run sangden bill list --month 2026-05 --json
    out_lacks 'PD0100-26050-1-1-B3' 'so that no run bills it'
    order "${feb[@]}" --kwh 16 --key BB22
    run sangden bill supplement approve PD0100-TT8 --as NV04
    is_status 0 'the next order of the days does not wait for it'
    bill_run 2026-05 20260506 --date 2026-05-10
    run sangden bill withdraw PD0100-TT8 --reason 'Biên bản đã hủy' --as NV04
    refused 1 'withdrawing what is issued' 'bill adjust'
    run sangden bill orders --state withdrawn
    out_has 'PD0100-TT6' 'the list has what was withdrawn'
    out_has 'Biên bản đã hủy' 'with the reason'
    run sangden bill orders --state lost
    refused 2 'a state that no order has' 'withdrawn'
    orders_have '"order":"PD0100-TT8","state":"issued","point":"PD01000000001001"' 'and what is issued'
    out_has '"bill":"PD0100-26050-1-1-B' 'with its bill'
    out_has '"order":"PD0100-TT3","state":"refused"' 'and what was refused'
}

# fee KEY: a fee of the household.
fee() {
    run sangden bill fee --point PD01000000001001 --fee reconnection --voltage LE038 --residential \
        --date 2026-05-04 --key "$1" --as NV06 --json
}

withdrawn_fees() {
    fee P1
    local number
    number=$(grep -o 'PD0100-26050-1-1-P[0-9]*' "$out" | head -n 1)
    orders_have "\"order\":\"$number\",\"state\":\"proposed\"" 'a fee is listed'
    run sangden bill withdraw "$number" --reason 'Chưa cắt điện' --as NV04
    is_status 0 'and withdrawn'
    run sangden bill withdraw "$number" --reason 'Chưa cắt điện' --as NV04
    is_status 0 'once'
    fee P1
    out_has '"state":"withdrawn"' 'its key answers so'
    run sangden bill release "$number" --as NV04
    refused 1 'releasing it after that' "$number"
    fee P2
    number=$(grep -o 'PD0100-26050-1-1-P[0-9]*' "$out" | head -n 1)
    released "$number"
    fee P1
    out_has '"state":"withdrawn"' 'the number of the one is never that of the other'
    run sangden bill withdraw "$number" --reason 'Chưa cắt điện' --as NV04
    refused 1 'withdrawing an issued fee' '--quantity 0'
    orders_have "\"order\":\"$number\",\"state\":\"issued\"" 'the list says so'
    run sangden audit list
    out_has 'bill.withdraw' 'the audit chain has the withdrawals'
}

# A co-operative of one person approves on a later day.
alone() {
    customers
    bill_run 2026-02 20260201
    for person in NV02 NV03 NV04 NV06; do
        sangden staff leave $person --as NV01 > "$out" 2> "$err"
    done
    run sangden bill supplement --point PD01000000001001 "${feb[@]}" --kwh 50 --cause not_measured \
        --ground 'BB 1' --as NV01
    is_status 0 'one person orders'
    run sangden bill supplement approve PD0100-TT1 --as NV01
    refused 1 'and approves on the same day' 'tomorrow'
    SANGDEN_NOW=2026-06-02T08:00:00+07:00 run sangden bill supplement approve PD0100-TT1 --as NV01
    is_status 0 'on a later day'
    out_has '--month 2026-06' 'for the month of that day'
}

on_both_stores supplements
on_both_stores alone
finish
