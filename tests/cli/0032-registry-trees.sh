#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# What leads from one thing to the next never comes back to where it began, whoever writes first:
# organisations, places, devices, mergers, points. Two writers at one moment are two writers in turn.
. "$(dirname "$0")/lib.sh"

take() { sangden import "$1" - --as NV01 > /dev/null 2>&1 || echo "# import $1 failed"; }

small_unit() {
    run sangden init --kind test --as NV01
    take units <<< 'code,level,name,parent,customer_prefix,from
PC,company,Công ty,,,2020-01-01
PD0100,unit,Đơn vị Một,PC,PD01,2020-01-01
PD0200,unit,Đơn vị Hai,PC,PD02,2020-01-01
PD0300,unit,Đơn vị Ba,PC,PD03,2020-01-01'
    take points <<< 'unit,code,from
PD0100,PD01000000001001,2024-01-01
PD0100,PD01000000002001,2024-01-01
PD0100,PD01000000003001,2024-01-01'
    take meters <<< 'unit,serial,type
PD0100,0000001,CV140
PD0100,0000002,CV140
PD0100,0000003,CV140
PD0100,0000004,CV140'
}

trees() {
    small_unit
    run sangden import units - --as NV01 <<< 'code,level,name,parent,from
X1,company,Một,,2020-01-01
X2,district_power,Hai,X1,2020-01-01
X1,company,Một,X2,2021-01-01'
    refused 1 'organisations in a circle' 'row 4, column parent'
    run sangden import places - --as NV01 <<< 'code,level,name,parent,from
A,district,Một,,2020-01-01
B,district,Hai,A,2022-01-01
A,district,Một,B,2021-01-01'
    refused 1 'places in a circle that closes a year later' 'row 4, column parent'
    run sangden import places - --as NV01 <<< 'code,level,name,parent,from
A,district,Một,,2020-01-01
B,district,Hai,A,2020-01-01
C,district,Ba,,2020-01-01
B,district,Hai,C,2021-01-01
A,district,Một,B,2022-01-01'
    is_status 0 'what lay below may lie above later'
    run sangden import network - --as NV01 <<< 'unit,kind,code,parent_kind,parent,from
PD0100,feeder,471,,,2020-01-01
PD0100,station,T1,feeder,471,2020-01-01
PD0100,switch,D1,station,T1,2020-01-01
PD0100,feeder,471,switch,D1,2021-01-01'
    refused 1 'devices in a circle' 'row 5, column parent'
    run sangden import network - --as NV01 <<< 'unit,kind,code,parent_kind,parent,from
PD0100,station,T1,,,2020-01-01
PD0100,feeder,472,station,T1,2020-01-01'
    run sangden change transformer T1 --unit PD0100 --feeder 472 --from 2021-01-01 --as NV01
    refused 1 'a station behind its own feeder' '472'
}

mergers() {
    small_unit
    run sangden unit merge PD0100 --into PD0200 --from 2025-10-01 --as NV01
    run sangden unit merge PD0200 --into PD0300 --from 2025-12-01 --as NV01
    is_status 0 'the receiving unit is merged later'
    run sangden unit merge PD0300 --into PD0100 --from 2025-01-01 --as NV01
    refused 1 'mergers that would close a circle later' '--retract'
    run sangden change address PD01000000001001 'Một phố' --from 2025-03-01 --as NV01
    is_status 0 'nobody lost a right'
    run sangden unit merge PD0200 --from 2025-11-01 --retract --as NV01
    refused 1 'taking back a merger that is none' 'merged_into'
    run sangden unit merge PD0200 --from 2025-12-01 --retract --as NV01
    is_status 0 'a merger recorded by mistake is taken back'
    run sangden unit merge PD0200 --into PD0300 --from 2026-01-01 --as NV01
    is_status 0 'and recorded for its right day'
    run sangden unit merge PD0200 --from 2026-01-01 --as NV01
    refused 2 'neither a receiving unit nor a retraction' '--retract'
}

relations() {
    local p=PD01000000001001 q=PD01000000002001 r=PD01000000003001
    small_unit
    run sangden change relation $p sub $q --from 2025-09-01 --as NV01
    run sangden change relation $q sub $p --from 2025-08-01 --as NV01
    refused 1 'a circle that closes a month later' 'relation'
    run sangden change relation $p sub $q --from 2025-11-01 --end --as NV01
    run sangden change relation $q sub $p --from 2025-12-01 --as NV01
    is_status 0 'when one has ended the other may begin'
    run sangden change relation $p export $r --from 2025-01-01 --as NV01
    run sangden change relation $r export $p --from 2025-01-01 --as NV01
    refused 1 'two points, each the other direction of the other' 'relation'
}

# Several commands at one moment; how many of them wrote is on $out.
at_once() {
    local name=$1 i=0
    shift
    rm -f writer.*
    for words in "$@"; do
        i=$((i + 1))
        # shellcheck disable=SC2086
        sangden $words --as NV01 > "writer.$i" 2>&1 &
    done
    wait
    grep -l 'Đã ghi' writer.* | wc -l > "$out"
    ! grep -q 'ràng buộc' writer.*
    verdict $? "$name: nobody meets a bare constraint"
}

writers() {
    local p=PD01000000001001 q=PD01000000002001 at=2024-02-01T09:00:00+07:00
    small_unit
    at_once 'four meters for one place' "change meter $p 0000001 --at $at" \
        "change meter $p 0000002 --at $at" "change meter $p 0000003 --at $at" \
        "change meter $p 0000004 --at $at"
    out_is 1 'one of them hangs'
    at_once 'two relations that make a circle' "change relation $p sub $q --from 2025-01-01" \
        "change relation $q sub $p --from 2025-01-01"
    out_is 1 'one of them holds'
    at_once 'three household counts of one day' "change households $p 1 --from 2025-01-01" \
        "change households $p 2 --from 2025-01-01" "change households $p 3 --from 2025-01-01"
    out_is 1 'one of them is written'
    at_once 'mergers both ways' 'unit merge PD0100 --into PD0200 --from 2025-10-01' \
        'unit merge PD0200 --into PD0100 --from 2025-01-01'
    out_is 1 'one of them is written'
    run sangden check
    is_status 0 'all invariants hold'
}

# Two people bring the same file in at one moment: one of them finds everything there.
files() {
    small_unit
    for kind in places network parties agreements points meters uses; do
        case $kind in
        places) printf 'code,level,name,from\n'; for i in 1 2 3; do echo "1000$i,commune,Xã $i,2024-01-01"; done ;;
        network) printf 'unit,kind,code,from\n'; for i in 1 2 3; do echo "PD0100,station,T$i,2024-01-01"; done ;;
        parties) printf 'unit,code,kind,name\n'; for i in 1 2 3; do echo "PD0100,N$i,person,Người $i"; done ;;
        agreements) printf 'unit,code,holder,from\n'; for i in 1 2 3; do echo "PD0100,PD0100000008$i,N$i,2024-01-01"; done ;;
        points) printf 'unit,code,agreement,from\n'; for i in 1 2 3; do echo "PD0100,PD0100000008${i}001,PD0100000008$i,2024-01-01"; done ;;
        meters) printf 'unit,serial,type,point,hung_at\n'; for i in 1 2 3; do echo "PD0100,800$i,CV140,PD0100000008${i}001,2024-01-01 09:00"; done ;;
        uses) printf 'point,uses,from\n'; for i in 1 2 3; do echo "PD0100000008${i}001,SH:-:100%,2024-01-01"; done ;;
        esac > "$kind.csv"
        for writer in 1 2 3; do
            sangden import "$kind" "$kind.csv" --json --as NV01 > "writer.$writer" 2> /dev/null &
        done
        wait
        cat writer.1 writer.2 writer.3 > "$out"
        same "$(grep -c '"taken":true' "$out")" 3 "$kind: nobody is turned away"
        same "$(grep -c '"added":3,"changed":0,"unchanged":0' "$out")" 1 "$kind: one brings it in"
        same "$(grep -c '"added":0,"changed":0,"unchanged":3' "$out")" 2 "$kind: the others find it"
    done
    run sangden check
    is_status 0 'all invariants hold'
}

on_both_stores files
on_both_stores trees
on_both_stores mergers
on_both_stores relations
on_both_stores writers
finish
