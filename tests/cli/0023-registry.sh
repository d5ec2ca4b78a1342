#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Changes of the registry, each one command and one transaction, and questions about past days and
# past states of knowledge.
. "$(dirname "$0")/lib.sh"

take() { sangden import "$1" - --as NV01 > /dev/null 2>&1 || echo "# import $1 failed"; }

small_unit() {
    run sangden init --kind test --as NV01
    take units <<< 'code,level,name,parent,customer_prefix,from
PC,company,Công ty,,,2020-01-01
PD0100,unit,Đơn vị Một,PC,PD01,2020-01-01
PD0200,unit,Đơn vị Hai,PC,PD02,2020-01-01'
    take places <<< 'code,level,name,from
00001,commune,Phường Đông,2020-01-01'
    take network <<< 'unit,kind,code,from
PD0100,feeder,471,2020-01-01
PD0100,feeder,472,2020-01-01
PD0100,station,T1,2020-01-01
PD0100,station,T2,2020-01-01'
    take parties <<< 'unit,code,kind,name
PD0100,N1,person,Người Một
PD0100,N2,person,Người Hai'
    take agreements <<< 'unit,code,holder,from
PD0100,PD01000000001,N1,2024-01-01
PD0100,PD01000000002,N2,2024-01-01'
    take books <<< 'unit,code,name,reading_day
PD0100,S1,Sổ Một,10
PD0200,S9,Sổ Chín,10'
    take points <<< 'unit,code,agreement,book,place,address,station,phase,from
PD0100,PD01000000001001,PD01000000001,S1,00001,1 phố Đông,T1,A,2024-01-01
PD0100,PD01000000002001,PD01000000002,S1,00001,2 phố Đông,T1,B,2024-01-01'
    take meters <<< 'unit,serial,type,point,hung_at
PD0100,0012345,CV140,PD01000000001001,2024-01-01 09:00
PD0100,0012346,CV140,PD01000000002001,2024-01-01 10:00
PD0100,0099999,CE18,,'
    take uses <<< 'point,uses,from
PD01000000001001,SH:-:100%,2024-01-01
PD01000000002001,SH:-:100%,2024-01-01'
}

changes() {
    local p=PD01000000001001 q=PD01000000002001
    small_unit
    run sangden change households $p 2 --from 2025-03-01 --proof 'Giấy 5' --source 'công an' --as NV01
    is_status 0 "households ($store)"
    run sangden change households $p 2 --from 2025-03-01 --as NV01 --json
    out_has '"changed":false' 'the same again changes nothing'
    run sangden change paper-households $p 4 --from 2025-03-01 --proof 'Giấy 5' --as NV01
    is_status 0 'what the paper states is recorded for itself'
    run sangden change households $p 3 --from 2025-03-01 --as NV01
    refused 1 'another value for the same day' '--correct'
    run sangden change households $p 2.3 --from 2025-04-01 --as NV01
    refused 1 'a share of a household that is no quarter' 'households'
    run sangden change uses $p 'SH:-:60%;KD:LT6:30%' --from 2025-03-01 --as NV01
    refused 1 'shares that do not sum to 100' '90'
    run sangden change uses $p 'SH:-:60%;KD:LT6:40%' --from 2025-03-01 --as NV01
    is_status 0 'price uses'
    run sangden change holder PD01000000001 N2 --from 2025-05-01 --as NV01
    is_status 0 'the holder'
    run sangden change address $p "$(printf 'Pho\xcc\x82\xcc\x81 Nga\xcc\x86n')" --from 2025-05-01 --as NV01
    run sangden change address $p 'Phố Ngăn' --from 2025-05-01 --as NV01 --json
    out_has '"changed":false' 'a decomposed word is the composed one'
    run sangden change purpose PD01000000001 'cửa hàng' --from 2025-03-01 --as NV01
    is_status 0 'the purpose'
    run sangden change point $p demand_w 45.5 --from 2025-03-01 --as NV01
    is_status 0 'contract demand'
    run sangden change agreement PD01000000001 sensitive hospital --from 2025-01-01 --as NV01
    is_status 0 'a sensitive customer'
    run sangden change point $p cat 1 --from 2025-03-01 --as NV01
    refused 1 'an unknown kind' 'households'

    run sangden point show $p --date 2025-02-28 --json
    out_lacks '"kind":"households"' 'the day before nothing was there'
    out_has '"value":"SH:-:100%"' 'but the old price uses'
    run sangden point show $p --date 2025-03-01 --json
    out_has '"kind":"households","value":"2"' 'from its day on the count holds'
    out_has '"kind":"paper_households","value":"4"' 'beside what the paper states'
    out_has '"kind":"demand_w","value":"45.5"' 'as people write it'
    out_has '"kind":"holder","value":"N1"' 'the holder of that day'
    run sangden point show PD01000000001 --date 2025-05-01 --json
    out_has '"kind":"holder","value":"N2"' 'by customer code: the next holder'
    run sangden point show $p --date 2025-03-01 --known 2020-01-01T00:00:00+07:00
    is_status 1 'before anything was recorded nothing was known'

    run sangden change load-transfer --unit PD0100 --to T2 --all-of T1 --from 2025-06-01 --as NV01
    is_status 0 'a load transfer of a whole station'
    run sangden point show $q --date 2025-06-01 --json
    out_has '"kind":"station","value":"T2"' 'moves every point of it'
    run sangden point show $q --date 2025-05-31 --json
    out_has '"kind":"station","value":"T1"' 'from that day on'
    run sangden change load-transfer --unit PD0100 --to T1 --phase C --from 2025-07-01 $q --as NV01
    run sangden point show $q --date 2025-07-01 --json
    out_has '"kind":"phase","value":"C"' 'or single points, with their phase'
    run sangden change transformer T1 --unit PD0100 --kva 400 --feeder 472 --from 2025-07-01 --as NV01
    is_status 0 'a new transformer on another feeder'

    run sangden change transformer T1 --unit PD0100 --from 2025-07-01 --as NV01
    refused 2 'a new transformer without anything new' '--feeder'
    run sangden change address $p 'Một phố' --from 2025-07-01 --as NV01 \
        --source "$(head -c 1001 /dev/zero | tr '\0' x)"
    refused 1 'a source that is a book' 'source'
    run sangden change meter $p 0099999 --at 2199-08-01T09:00:00+07:00 --as NV01
    refused 1 'a meter hung in the future' 'at'
    run sangden change meter $p 0012346 --at 2025-08-01T09:00:00+07:00 --as NV01
    refused 1 'a meter that hangs elsewhere' '0012346'
    sangden change lodgers $p 6 --from 2025-03-01 --proof 'Giấy 6' --expires 2025-12-31 \
        --as NV01 > "$out" 2> "$err"
    sangden change lodgers $q 4 --from 2025-03-01 --proof 'Giấy 7' --expires 2025-12-31 \
        --as NV01 > "$out" 2> "$err"
    run sangden registry expiring --unit PD0100 --before 2026-01-01 --json
    same "$(grep -o '"kind":"lodgers"' "$out" | wc -l)" 2 'two proofs run out'
    out_has '"code":"PD01000000001001","kind":"lodgers","value":"6","from":"2025-03-01","expires_on":"2025-12-31"' \
        'with code, value and last day'
    run sangden registry expiring --unit PD0100 --before 2025-12-31 --json
    out_is '[]' 'none before their last day is over'
    sangden change lodgers $q 4 --from 2026-01-01 --proof 'Giấy 8' --expires 2026-12-31 \
        --as NV01 > "$out" 2> "$err"
    run sangden registry expiring --unit PD0100 --before 2026-01-02
    same "$(grep -c 'PD0100000000[12]001' "$out")" 1 'a renewed proof is not listed'
    out_has 'Giấy 6' 'the other one is'
    run sangden registry expiring --unit PX --json
    refused 1 'an unknown unit' 'PX'

    run sangden change meter $p 0099999 --at 2025-08-01T09:00:00+07:00 --multiplier 20 --as NV01
    is_status 0 'a meter is exchanged'
    run sangden point show 0099999 --date 2025-08-02 --json
    out_has '"serial":"0099999"' 'and found by its serial'
    out_has '"multiplier":20' 'with its multiplier'
    run sangden point show $p --date 2025-07-31 --json
    out_has '"serial":"0012345"' 'the day before the old one hung'

    run sangden change relation $p sub $q --from 2025-09-01 --as NV01
    is_status 0 'a sub meter'
    run sangden change relation $q sub $p --from 2025-09-01 --as NV01
    refused 1 'a circle of relations' 'relation'
    run sangden check
    is_status 0 'all invariants hold'
}

units_and_customers() {
    local p=PD01000000001001
    small_unit
    sangden login register 0912345678 --unit PD0100 --consent 1 --as NV01 > "$out" 2> "$err"
    sangden login give 0912345678 PD01000000001 --role owner --from 2025-01-01 --as NV01 > "$out" 2> "$err"
    run sangden customer move PD01000000001 --to PD0200 --from 2025-07-01 --source 'QĐ 1' --as NV01
    is_status 0 "a customer moves ($store)"
    run sangden login list 0912345678 --date 2025-07-01 --json --as NV01
    same "$(grep -o '"from":"20[0-9-]*"' "$out" | tr -d '\n')" '"from":"2025-01-01""from":"2025-07-01"' \
        'and is seen in both units by who saw it'
    run sangden point show PD01000000001 --date 2025-07-01 --json
    out_has '"unit":"PD0200"' 'it is in the new unit under its old code'
    out_has '"value":"SH:-:100%"' 'with its price uses'
    out_has '"serial":"0012345"' 'and its meter'
    out_has '"kind":"holder","value":"N1"' 'and its holder'
    run sangden point show $p --date 2025-06-30 --json
    out_has '"unit":"PD0100"' 'its history stays visible in the old one'
    out_has '"serial":"0012345"' 'with the meter that hung there'
    run sangden change point $p book S9 --from 2025-07-01 --as NV01
    is_status 0 'the new unit gives it a book'
    run sangden customer move PD01000000001 --to PD0200 --from 2025-08-01 --as NV01
    refused 1 'a move to where it is' 'to'
    run sangden unit merge PD0100 --into PD0200 --from 2025-10-01 --source 'QĐ 2' --as NV01
    is_status 0 'two units merge'
    run sangden unit merge PD0200 --into PD0100 --from 2025-11-01 --as NV01
    [ "$status" -eq 1 ]; verdict $? 'but not in a circle'
    run sangden point show PD01000000002 --date 2025-10-02 --json
    out_has '"unit":"PD0100"' 'data stay in their home'
    run sangden check
    is_status 0 'all invariants hold'
}

# Everything that holds goes along, also what is recorded for later, and a customer may come back.
moves_whole() {
    local p=PD01000000001001
    small_unit
    take parties <<< 'unit,code,kind,name
PD0200,N1,person,Người lạ trùng mã
PD0100,N3,organisation,Người Ba'
    take accounts <<< 'unit,code,payer,invoice_receiver,from
PD0100,TK1,N3,N2,2024-01-01'
    take meters <<< 'unit,serial,type,verified_until,seal,from
PD0100,0012345,CV140,2028-12-31,NC1,2024-01-01'
    run sangden change agreement PD01000000001 account TK1 --from 2025-01-01 --as NV01
    run sangden change households $p 2 --from 2025-03-01 --proof 'Giấy 5' --source 'công an' \
        --expires 2026-02-28 --as NV01
    run sangden change households $p 3 --from 2025-08-15 --proof 'Giấy 6' --as NV01
    run sangden change holder PD01000000001 N2 --from 2025-09-01 --as NV01
    run sangden hold place $p --stops cut --matter request:1 --reason 'khiếu nại' \
        --last 2199-12-31 --as NV01
    run sangden customer move PD01000000001 --to PD0200 --from 2025-07-01 --source 'QĐ 1' --as NV01
    is_status 0 'a customer moves with all it has'
    run sangden point show $p --date 2025-07-01 --json
    out_has '"kind":"holder","value":"N1@PD0100"' 'a stranger with its code is not its holder'
    out_has '"kind":"payer","value":"N3"' 'who pays goes along'
    out_has '"kind":"invoice_receiver","value":"N2"' 'and who gets the invoice'
    out_has '"value":"NC1"' 'the seal of its meter'
    out_has '"value":"2028-12-31"' 'the verification of its meter'
    out_has '"value":"2","from":"2025-07-01","proof":"Giấy 5","source":"công an","expires_on":"2026-02-28"' \
        'households with proof, source and last day'
    run sangden point show $p --date 2025-08-15 --json
    out_has '"value":"3","from":"2025-08-15","proof":"Giấy 6"' 'a change recorded for later'
    run sangden point show $p --date 2025-09-01 --json
    out_has '"kind":"holder","value":"N2"' 'and a holder of later'
    run sangden hold list --unit PD0200 --json
    out_has '"matter":"request:1"' 'what must not be cut must not be cut there either'
    run sangden change load-transfer --unit PD0100 --to T2 --all-of T1 --from 2025-08-01 --as NV01
    run sangden point show $p --date 2025-08-02 --json
    out_lacks '"kind":"station"' 'it hangs no longer on a station of the old unit'

    run sangden change lodgers $p 5 --from 2025-10-01 --as NV01
    run sangden customer move PD01000000001 --to PD0100 --from 2025-11-01 --source 'QĐ 2' --as NV01
    is_status 0 'the customer comes back'
    run sangden point show PD01000000001 --date 2025-11-01 --json
    out_has '"unit":"PD0100"' 'to its old home'
    out_has '"kind":"lodgers","value":"5"' 'with what was recorded meanwhile'
    out_has '"kind":"holder","value":"N2"' 'and the holder of now'
    out_has '"serial":"0012345"' 'and its meter'
    out_lacks '"kind":"book"' 'but in no book yet'
    run sangden point show $p --date 2025-10-31 --json
    out_has '"unit":"PD0200"' 'the months away stay where they were'
    run sangden point show $p --date 2025-06-30 --json
    out_has '"unit":"PD0100"' 'and those before too'
    run sangden change point $p agreement PD01000000002 --from 2026-01-01 --as NV01
    run sangden customer move PD01000000001 --to PD0200 --from 2025-12-01 --as NV01
    refused 1 'a point that goes to another customer later' '2026-01-01'
    run sangden check
    is_status 0 'all invariants hold'
}

# What hangs nowhere, what lies above, and each of it on any day and in any state of knowledge.
questions() {
    local before=2020-01-01T00:00:00+07:00
    small_unit
    take points <<< 'unit,code,station,from
PD0100,PD01000000009001,T1,2024-01-01'
    take accounts <<< 'unit,code,payer,from
PD0100,TK9,N1,2024-01-01'
    run sangden point show PD01000000009001 --date 2025-01-01 --json
    out_has '"kind":"station","value":"T1"' 'a master point without an agreement'
    run sangden point show 0099999 --json
    out_has '"subject":"meter","unit":"PD0100"' 'a meter in stock'
    run sangden point show TK9 --json
    out_has '"kind":"payer","value":"N1"' 'an account without a point'
    run sangden point show 0012345 --date 2025-01-01 --known $before
    refused 1 'a meter before anybody knew of it' '0012345'
    run sangden change meter-fact 0099999 verified_until 2027-12-31 --from 2025-02-01 --as NV01
    is_status 0 'a verification is recorded'
    run sangden change meter-fact 0099999 seal NC-9 --from 2025-03-01 --as NV01
    run sangden change meter-fact 0099999 condition faulty --from 2025-04-01 --as NV01
    run sangden change meter-fact 0099999 verified_until 2027-02-30 --from 2025-03-01 --as NV01
    refused 1 'until a day that is none' 'verified_until'
    run sangden change meter-fact 0099999 seal NC-9 --from 2025-05-01 --proof 'Biên bản 1' --as NV01
    refused 1 'a proof where none is kept' '--source'
    run sangden point show 0099999 --date 2025-03-15 --json
    out_has '"kind":"seal","value":"NC-9"' 'and found again'
    out_lacks 'faulty' 'on its day'

    run sangden change transformer T1 --unit PD0100 --kva 400 --feeder 471 --from 2025-01-01 --as NV01
    run sangden change transformer T1 --unit PD0100 --kva 630 --feeder 472 --from 2025-06-01 --as NV01
    run sangden network show station T1 --unit PD0100 --date 2025-05-31 --json
    out_has '"kind":"rated_kva","value":"400"' 'the transformer of that day'
    out_has '{"code":"471"' 'and the feeder above it'
    run sangden network show station T1 --unit PD0100 --date 2025-06-01 --json
    out_has '"kind":"rated_kva","value":"630"' 'the next one'
    run sangden network show station T1 --unit PD0100 --date 2025-06-01 --known $before --json
    out_is '{"kind":"station","date":"2025-06-01","levels":[{"code":"T1","facts":[]}]}' \
        'before anybody knew of it'
    run sangden network show unit PD0100 --date 2025-06-01 --json
    out_has '{"code":"PC","facts":[{"kind":"name","value":"Công ty"' 'the tree above a unit'
    run sangden unit merge PD0100 --into PD0200 --from 2025-10-01 --as NV01
    run sangden network show unit PD0100 --date 2025-10-01 --json
    out_has '"kind":"merged_into","value":"PD0200"' 'also through a merger'
    run sangden network show unit PD0100 --date 2025-09-30 --json
    out_lacks 'merged_into' 'from its day on'
    run sangden network show place 00001 --date 2025-01-01
    out_has 'Phường Đông' 'a place'
    run sangden network show station T1
    refused 2 'a device without its unit' '--unit'
    run sangden network show station TX --unit PD0100
    refused 1 'a device that is not there' 'TX'
    run sangden network show river X
    refused 2 'an unknown kind' 'substation'
    run sangden area declare 'Phường Đông' --unit PD0100 --kind disaster --document 'QĐ 3' --as NV01
    run sangden area member 1 place 00001 --unit PD0100 --from 2025-03-01 --as NV01
    run sangden area list --unit PD0100 --date 2025-03-15 --known $before --json
    out_has '"member":null' 'nor what lay under restriction'
}

areas_and_holds() {
    local p=PD01000000001001
    small_unit
    run sangden area declare 'Phường Đông' --unit PD0100 --kind isolation --document 'QĐ 3' --as NV01 --json
    out_is '{"area":1}' "an area is declared ($store)"
    run sangden area member 1 place 00001 --unit PD0100 --from 2025-03-01 --as NV01
    is_status 0 'and gets a member'
    run sangden point show $p --date 2025-03-01 --json
    out_has '"restricted":true' 'its points are restricted'
    run sangden area list --unit PD0100 --date 2025-03-15 --json
    out_has '"member_kind":"place","member":"00001","from":"2025-03-01"' 'the list says what it covers'
    run sangden area list --unit PD0100 --date 2025-02-28
    out_has 'Phường Đông' 'and names an area that covers nothing yet'
    run sangden area member 9 place 00001 --unit PD0100 --from 2025-03-01 --as NV01
    refused 1 'a member of an area that is none' 'area list'
    run sangden area lift 1 --unit PD0100 --from 2025-04-01 --as NV01
    is_status 0 'it is lifted'
    run sangden point show $p --date 2025-04-01 --json
    out_has '"restricted":false' 'and its points are free'
    run sangden point show $p --date 2025-03-31 --json
    out_has '"restricted":true' 'the past stays'
    run sangden area lift 1 --unit PD0100 --from 2025-05-01 --as NV01
    refused 1 'lifting twice' 'area'
    run sangden area lift 1 --unit PD0100 --from 2025-04-01 --as NV01
    refused 1 'lifting twice from the same day' 'area list'
    run sangden area member 1 place 00001 --unit PD0100 --from 2025-06-01 --as NV01
    run sangden area lift 1 --unit PD0100 --from 2025-06-01 --as NV01
    is_status 0 'what was declared by mistake is lifted from its first day'
    run sangden area list --unit PD0100 --date 2025-06-02 --json
    out_has '"member_kind":null' 'and covers nothing any more'

    run sangden hold place $p --stops draft --matter request:1 --reason 'khiếu nại chỉ số' \
        --last 2199-12-31 --escalate 2199-12-20 --as NV01 --json
    out_is '{"hold":1}' 'a hold'
    run sangden hold place $p --stops draft --matter request:1 --reason 'lần hai' \
        --last 2199-12-31 --as NV01
    refused 1 'the same matter twice' 'request:1'
    run sangden hold list --unit PD0100 --escalated-by 2199-12-19 --json
    out_is '[]' 'not yet escalated'
    run sangden hold list --unit PD0100 --escalated-by 2199-12-20 --json
    out_has '"matter":"request:1"' 'escalated on its day'
    run sangden hold release 1 --unit PD0100 --reason 'đã trả lời' --as NV01
    is_status 0 'released'
    run sangden hold release 1 --unit PD0100 --reason 'lần hai' --as NV01
    [ "$status" -eq 1 ]; verdict $? 'once'
    run sangden hold place $p --stops cut --matter request:2 --reason 'quá hạn' \
        --last 2020-01-02 --as NV01
    run sangden check
    is_status 1 'a hold past its last day is found'
    out_has 'registry.holds' 'by name'
}

on_both_stores changes
on_both_stores units_and_customers
on_both_stores moves_whole
on_both_stores questions
on_both_stores areas_and_holds
finish
