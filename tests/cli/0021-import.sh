#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Files of an earlier system: templates, refusals with their place, good rows only, twice, rights.
. "$(dirname "$0")/lib.sh"

kinds='units places network parties accounts agreements books points meters uses households weather
       readings intervals history open-items'

templates_can_be_imported() {
    run sangden init --kind test --as NV01
    for kind in $kinds; do
        sangden import "$kind" --template > "$kind.csv"
        run sangden import "$kind" "$kind.csv" --as NV01 --json
        is_status 0 "the template of $kind is a good file ($store)"
        out_has '"added":1' "and its example is taken"
    done
    for kind in $kinds; do
        run sangden import "$kind" "$kind.csv" --as NV01 --json
        out_has '"added":0,"changed":0,"unchanged":1' "$kind twice changes nothing ($store)"
    done
}

refusals() {
    run sangden init --kind test --as NV01
    run sangden import units - --as NV01 <<< 'code,level,name,from
PD0100,unit,Đơn vị Một,2020-01-01'
    is_status 0 'a unit from standard input'
    printf 'code,name,reading_day\nS1,Sổ Một,35\nS2,Sổ Hai,3\n' > books.csv
    run sangden import books books.csv --as NV01
    refused 1 'a bad row' '1 dòng'
    err_has 'dòng 2, cột reading_day' 'its row and column in Vietnamese'
    err_has 'row 2, column reading_day' 'and in English'
    run sangden import books books.csv --as NV01 --dry-run --keep-good --json
    out_has '"taken":false' 'a dry run takes nothing'
    run sangden import books books.csv --as NV01 --keep-good
    is_status 0 'the good row is taken'
    same "$(cat books.csv.rejected.csv)" "$(printf 'code,name,reading_day\nS1,Sổ Một,35')" \
        'and the other one written out as it stood'
    sed -i s/35/5/ books.csv.rejected.csv
    run sangden import books books.csv.rejected.csv --as NV01 --json
    out_has '"added":1' 'mended, it is taken'
    run sangden import books books.csv.rejected.csv --as NV01 --json
    out_has '"unchanged":1' 'and nothing changes the second time'
    printf 'code,name,reading_day\nS1,Sổ Một,6\n' > books.csv
    run sangden import books books.csv --as NV01
    refused 1 'other content under the same key' '--correct'
    run sangden import books books.csv --as NV01 --correct --json
    out_has '"changed":1' 'is a correction when asked for'
    printf 'code,name,day\nS1,Sổ,6\n' > books.csv
    run sangden import books books.csv --as NV01
    refused 1 'an unknown column' 'day'
    printf '\377\376c\000o\000d\000e\000' > books.csv
    run sangden import books books.csv --as NV01
    refused 1 'another encoding' 'UTF-8'
    run sangden import books missing.csv --as NV01
    is_status 3 'a file that is not there'
    run sangden import cats books.csv --as NV01
    refused 2 'an unknown kind' 'households'
    run sangden import books --as NV01
    refused 2 'no file' '--template'
}

rights() {
    run sangden init --kind test --as NV01
    run sangden import units - --as NV01 <<< 'code,level,name,from
PD0100,unit,Đơn vị Một,2020-01-01
PD0200,unit,Đơn vị Hai,2020-01-01'
    run sangden staff add NV02 --name 'Người Hai' --as NV01
    run sangden import books - --as NV02 <<< 'unit,code,name,reading_day
PD0100,S1,Sổ Một,5'
    refused 1 'somebody without a role' 'NV02'
    run sangden import books - --as NV01 --unit PD0100 <<< 'unit,code,name,reading_day
PD0200,S1,Sổ Một,5'
    is_status 1 'a row of another unit than the named one is refused'
    err_has '--unit' 'and told so'
}

# A key that one row writes out and another leaves to --unit is one key.
repeated() {
    run sangden init --kind test --as NV01
    run sangden import units - --as NV01 <<< 'code,level,name,from
PD0100,unit,Đơn vị Một,2020-01-01'
    run sangden import books - --as NV01 --json <<< 'unit,code,name,reading_day
,S1,Sổ Một,5
PD0100,S1,Sổ Một,5'
    out_has '"added":1,"changed":0,"unchanged":1' 'a book twice in a file, once without its unit'
    run sangden import parties - --as NV01 <<< 'unit,code,kind,name
PD0100,N1,person,Người Một
,N1,person,Người Hai'
    refused 1 'a party twice with two names' 'row 3'
    run sangden import accounts - --as NV01 --json <<< 'unit,code
,TK1
PD0100,TK1'
    out_has '"added":1,"changed":0,"unchanged":1' 'an account twice'
    run sangden import points - --as NV01 <<< 'code,from
PD01000000001001,2024-01-01'
    run sangden import households - --as NV01 <<< 'point,households,from,expires_on
PD01000000001001,2,2025-03-01,2025-02-28'
    refused 1 'a proof that ran out before its first day' 'column expires_on'
    run sangden change households PD01000000001001 2 --from 2025-03-01 --expires 2025-02-28 \
        --as NV01
    refused 1 'and by command' '2025-02-28'
}

on_both_stores templates_can_be_imported
on_both_stores repeated
on_both_stores refusals
on_both_stores rights
finish
