#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# From files of readings to a signed book: imports, closings, exceptions, re-verification, estimates.
. "$(dirname "$0")/lib.sh"

# A unit with a book of four one-price points, read on the 30th, and four people.
small_unit() {
    export SANGDEN_NOW=2026-04-02T08:00:00+07:00
    sangden init --kind test --as NV01 --name 'Người Một' > "$out" 2> "$err"
    sangden import units - --as NV01 <<< 'code,level,name,from
PD0100,unit,Đơn vị Một,2020-01-01' > "$out" 2>> "$err"
    for person in NV02:meter_reader NV03:team_leader NV04:billing_leader NV05:manager \
                  NV06:billing_clerk; do
        sangden staff add "${person%:*}" --name "Người ${person%:*}" --as NV01 > "$out" 2>> "$err"
        sangden staff role "${person%:*}" "${person#*:}" --as NV01 > "$out" 2>> "$err"
    done
    for kind in books parties accounts agreements points meters; do
        "file_$kind" > "$kind.csv"
        run sangden import "$kind" "$kind.csv" --unit PD0100 --as NV01
        is_status 0 "$kind are imported"
    done
}
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
    printf 'serial,maker,type,phases,registers,digits,decimals,electronic,remote,point,role,multiplier,hung_at\n'
    for i in 1 2 3 4; do
        printf '000%d,EMIC,CV140,1,KT,5,1,0,0,PD0100000000%d001,active,1,2026-01-01 09:00\n' $i $i
    done
}

# readings DATE VALUE... : one row per point, by serial; "-" leaves a point out.
readings() {
    local date=$1 kind=periodic i=0
    shift
    [ "$date" != 2026-01-30 ] || kind=opening
    printf 'meter,register,date,value,kind\n'
    for value in "$@"; do
        i=$((i + 1))
        [ "$value" = - ] || printf '000%d,KT,%s,%s,%s\n' $i "$date" "$value" $kind
    done
}

months_of_a_book() {
    small_unit
    readings 2026-01-30 1000 1000 1000 1000 > r1.csv
    readings 2026-02-28 1100 1100 1100 1100 > r2.csv
    readings 2026-03-30 1240 1420 1110 - > r3.csv
    run sangden import readings r1.csv --as NV02
    is_status 0 'opening readings are imported by a meter reader'
    run sangden import readings r2.csv --as NV02 --json
    out_has '"added":4' 'four readings are new'
    run sangden import readings r2.csv --as NV02 --json
    out_has '"added":0,"changed":0,"unchanged":4' 'twice changes nothing'
    out_has '"same_file":{"batch":2,"imported_on":"2026-04-02"}' 'and the very same file is known'
    run sangden import readings r2.csv --as NV02
    out_has 'Đúng tệp này đã được nhập ngày 02/04/2026 (lô 2)' 'in words too'
    grep -v 0004 r2.csv > part.csv
    run sangden import readings part.csv --as NV02 --json
    out_lacks 'same_file' 'the same readings in another file are another file'
    sed s/1100/1101/ r2.csv > other.csv
    run sangden import readings other.csv --as NV02
    refused 1 'another value of the same reading' '--correct'
    err_has 'dòng 2, cột value' 'with its place'
    run sangden import readings r3.csv --as NV02
    is_status 0 'March is imported'

    run sangden bill close S1 --month 2026-02 --as NV02
    refused 1 'closing by somebody without the right' 'NV02'
    run sangden bill close S1 --month 2026-02 --as NV04 --json
    is_status 0 'February is closed'
    out_has '"usages":4' 'with four uses'
    out_has '"first_bills":4' 'that are first bills'
    run sangden spike first --month 2026-02 --json
    out_has '{"point":"PD01000000001001","book":"S1","period":1,"from":"2026-01-30","to":"2026-02-28","kwh":"100","estimated":false}' \
        'listed apart'
    run sangden spike first --month 2026-02 --book S1
    out_has 'PD01000000004001' 'for people too'
    run sangden bill close S1 --month 2026-02 --as NV04
    refused 1 'closing twice' 'book return'
    run sangden bill close S1 --month 2026-03 --as NV04 --json
    out_has '"left_out":1' 'one point is left out of March'
    out_has '"held":1,"leader":1' 'two rose too much'
    run sangden book status S1 --month 2026-03 --json
    out_has '"code":"missing"' 'the status says why'
    out_has '"remedy"' 'and what to do'
    run sangden book status S1 --month 2026-03
    out_has 'PD01000000004001' 'and names the point for people'

    run sangden spike list --month 2026-03 --json
    out_has '"waiting":2' 'two wait for re-verification'
    out_has '"ratio":"1.353333","ratio_total":"1.4"' 'with the ratio per day and that of the totals'
    run sangden spike first --month 2026-03 --json
    out_is '[]' 'and none of them is a first bill'
    run sangden spike confirm PD01000000001001 --month 2026-03 --evidence 'ảnh 30/3' \
        --reason 'điều hòa mới' --as NV06
    is_status 0 'one person confirms below three times'
    run sangden spike confirm PD01000000002001 --month 2026-03 --evidence 'ảnh 30/3' \
        --reason 'mở xưởng' --as NV06 --json
    out_has '"state":"open"' 'from three times on that is not enough'
    run sangden spike sign PD01000000002001 --month 2026-03 --evidence 'biên bản 3' \
        --reason 'đồng ý' --as NV06
    refused 1 'a clerk does not sign' 'NV06'
    run sangden spike sign PD01000000002001 --month 2026-03 --evidence 'biên bản 3' \
        --reason 'đồng ý' --as NV05 --json
    out_has '"state":"released"' 'a leader does'
    run sangden spike show PD01000000002001 --month 2026-03 --json
    out_has '"step":"confirm"' 'every step is shown'

    run sangden book sign S1 --month 2026-03 --role team_leader --as NV03
    refused 1 'signing out of turn' 'reader'
    for signature in reader:NV02 team_leader:NV03 billing_leader:NV04; do
        run sangden book sign S1 --month 2026-03 --role "${signature%:*}" --as "${signature#*:}"
        is_status 0 "the ${signature%:*} signs"
    done
    run sangden book list --month 2026-03 --json
    out_has '"state":"signed"' 'the book is signed'

    readings 2026-04-02 - - - 1250 > r4.csv
    run sangden import readings r4.csv --as NV02
    is_status 0 'the missing reading comes late'
    run sangden bill close S1 --month 2026-03 --supplement --as NV04 --json
    out_has '"usages":1' 'a supplement closes it'
    run sangden book status S1 --month 2026-03 --json
    out_lacks '"code":"missing"' 'and nobody is left out any more'
    run sangden check
    is_status 0 'all invariants hold'
}

doubtful_readings() {
    small_unit
    for moment in 2026-03-29T23:59:00+07:00 2026-04-02T23:59:00+07:00; do
        printf 'meter,register,date,time,value,kind\n0001,KT,2026-03-30,%s,1100,check\n' $moment \
            > moment.csv
        [ $moment = 2026-03-29T23:59:00+07:00 ] || sed -i s/03-30/04-02/ moment.csv
        run sangden import readings moment.csv --as NV02
        refused 1 'a moment of another day or to come' 'time'
    done
    readings 2026-01-30 99990 1000 1000 1000 > r1.csv
    readings 2026-02-28 20 900 1100 1100 > r2.csv
    sangden import readings r1.csv --as NV02 > "$out" 2> "$err"
    run sangden import readings r2.csv --as NV02 --json
    out_has '"lower":2' 'two readings are lower than before'
    run sangden bill close S1 --month 2026-02 --as NV04 --json
    out_has '"usages":2' 'neither is billed'
    run sangden reading decide PD01000000001001 --date 2026-02-28 --reason 'qua vòng' --as NV02
    refused 1 'who read it does not decide' 'NV02'
    run sangden reading decide PD01000000001001 --date 2026-02-28 --reason 'qua vòng' --as NV03
    is_status 0 'a leader accepts the rollover'
    run sangden import readings - --correct --reason 'đọc nhầm' --as NV02 <<< \
        'point,register,date,value
PD01000000002001,KT,2026-02-28,1090'
    is_status 0 'the misreading is corrected'
    run sangden import readings r2.csv --as NV02
    refused 1 'the old file once more' 'Đúng tệp này đã nhập ở lô'
    run sangden book return S1 --month 2026-02 --reason 'sửa chỉ số' --as NV03
    is_status 0 'the book is returned'
    run sangden bill close S1 --month 2026-02 --as NV04 --json
    out_has '"usages":4' 'and closed again in full'
    out_has '"kwh":"320"' 'with the rollover counted through the register'
}

estimates_and_rules() {
    small_unit
    readings 2026-01-30 1000 1000 1000 1000 > r1.csv
    readings 2026-02-28 1100 1100 1100 1100 > r2.csv
    readings 2026-03-30 1240 1100 1100 - > r3.csv
    for file in r1 r2 r3; do sangden import readings $file.csv --as NV02 > "$out" 2> "$err"; done
    sangden bill close S1 --month 2026-02 --as NV04 > "$out" 2> "$err"
    run sangden estimate propose PD01000000004001 --from 2026-02-28 --to 2026-03-30 \
        --ground 'Hợp đồng điều 4' --as NV02 --json
    out_has '"kwh":"103.448"' 'the average of the periods before is proposed'
    run sangden estimate approve 1 --as NV02
    refused 1 'who proposed does not approve' 'NV02'
    run sangden estimate approve 1 --as NV03
    is_status 0 'a leader approves'
    run sangden bill close S1 --month 2026-03 --as NV04 --json
    out_has '"estimated":1' 'the estimate is used'
    run sangden spike rule propose same_rise_last_year --document 'QĐ 12' --from 2026-01-01 \
        --to 2027-01-01 --as NV06
    is_status 0 'a rule is proposed'
    run sangden spike release --month 2026-03 --rule 1 --as NV06
    refused 1 'an unapproved rule' 'approve'
    run sangden spike rule approve 1 --as NV05
    is_status 0 'and approved by a manager'
    run sangden spike release --month 2026-03 --rule 1 --as NV06 --json
    out_has '"released":0' 'last year is not known, so nothing is released'
    run sangden spike escalate --date 2026-04-06 --as NV06
    refused 1 'a last day that has not come' '--date'
    SANGDEN_NOW=2026-04-06T08:00:00+07:00 run sangden spike escalate --as NV06 --json
    out_has '"lapsed":1' 'behind its last day a hold stays without a rule'
    run sangden metering set invoice_days 10 --from 2026-04-01 --as NV04
    is_status 0 'a parameter is set'
    run sangden metering list --json
    out_has '"invoice_days":10' 'and holds'
    run sangden metering set invoice_days 1000 --from 2026-04-01 --as NV04
    refused 1 'a value outside its limits' '60'
}

# picture NAME CONTENT: a PNG of 640 by 480 with something of its own.
picture() {
    printf '\211PNG\r\n\032\n\0\0\0\rIHDR\0\0\2\200\0\0\1\340%s' "$2" > "pictures/$1"
}
import_pictures() {
    run sangden import photos pictures --photos kept --as NV02 "$@"
}
photos() {
    small_unit
    readings 2026-01-30 1000 1000 1000 1000 > r1.csv
    readings 2026-02-28 1100 1100 1100 1100 | sed 's/kind/kind,source/; s/periodic/periodic,photo/' > r2.csv
    sangden import readings r1.csv --as NV02 > "$out" 2> "$err"
    sangden import readings r2.csv --as NV02 > "$out" 2> "$err"
    rm -rf pictures kept
    mkdir pictures
    picture 0001_20260228-093000_KT.png one
    picture 9999_20260228-093000_KT.png other
    import_pictures
    refused 1 'a folder with an unknown meter' '9999'
    import_pictures --keep-good --json
    out_has '"added":1' 'the photo that matches is taken when asked'
    import_pictures --keep-good --json
    out_has '"added":0,"changed":0,"unchanged":1' 'twice is once'
    out_has 'This picture is there already' 'and told'
    sum=$(sha256sum < pictures/0001_20260228-093000_KT.png | cut -c 1-64)
    [ -f "kept/${sum:0:2}/${sum:2:2}/$sum" ]; verdict $? 'the picture lies under its content'
    run sangden photo missing --month 2026-02 --json
    out_has 'PD01000000002001' 'a point without its photo is listed'
    out_lacks 'PD01000000001001' 'one with a photo is not'
    run sangden photo read PD01000000001001 --date 2026-02-28 --value 1100 --as NV02
    refused 1 'who brought it does not read it again' 'NV02'
    run sangden photo read PD01000000001001 --date 2026-02-28 --value 1100 --as NV06
    is_status 0 'somebody else does'
    mv pictures/9999_20260228-093000_KT.png pictures/b.png
    printf 'file,meter,time,register,ocr_value\nb.png,0002,2026-02-28T09:31:00+07:00,KT,1101\n' \
        > pictures/manifest.csv
    import_pictures
    refused 1 'a picture that the manifest does not name' 'manifest.csv'
    rm pictures/0001_20260228-093000_KT.png
    import_pictures --json
    out_has '"mismatches":1' 'a number read by machine that differs is marked'
    run sangden photo expire --photos kept --date 2028-05-01 --as NV01
    refused 1 'a retention counted from a day to come' '--date'
    SANGDEN_NOW=2028-05-01T08:00:00+07:00 run sangden photo expire --photos kept --as NV01 --json
    out_has '"removed":2' 'pictures beyond their retention go'
    [ ! -f "kept/${sum:0:2}/${sum:2:2}/$sum" ]; verdict $? 'and only they'
    run sangden audit list --stream metering --json
    out_has '"action":"photo expire","subject":"before 2026-0' 'the chain says who let them go'
}

# What is no evidence of the reading it claims.
false_photos() {
    small_unit
    readings 2026-01-30 1000 1000 1000 1000 > r1.csv
    readings 2026-02-28 1100 1100 1100 1100 > r2.csv
    sangden import readings r1.csv --as NV02 > "$out" 2> "$err"
    sangden import readings r2.csv --as NV02 > "$out" 2> "$err"
    rm -rf pictures kept
    mkdir pictures
    picture 0001_20260228-093000_KT.png one
    import_pictures --json
    out_has '"added":1' 'a picture is the evidence of a reading'
    mv pictures/0001_20260228-093000_KT.png pictures/0002_20260228-093000_KT.png
    import_pictures
    refused 1 'the same picture for another meter' 'PD01000000001001'
    mv pictures/0002_20260228-093000_KT.png pictures/0001_20260330-093000_KT.png
    import_pictures
    refused 1 'the same picture for another month' '2026-02-28'
    rm pictures/*
    printf 'no picture' > pictures/0002_20260228-093000_KT.png
    import_pictures
    refused 1 'a file that is no picture' 'JPEG'
    rm pictures/*
    picture 0002_20260402-093000_KT.png two
    mv pictures/0002_20260402-093000_KT.png pictures/0002_20260403-093000_KT.png
    import_pictures
    refused 1 'a photo of tomorrow' '0002_20260403'
    rm pictures/*
    picture IMG_0815.JPG three
    import_pictures
    refused 1 'a picture that tells nothing' 'IMG_0815.JPG'
    picture ../outside.png four
    printf 'file,meter,time\n../outside.png,0002,2026-02-28T09:31:00+07:00\n' > pictures/manifest.csv
    rm pictures/IMG_0815.JPG
    import_pictures
    refused 1 'a name that leads out of the folder' 'outside.png'
    rm pictures/*
    picture 0001_20260228-094000_KT.png five
    picture 0002_20260315-094000_KT.png six
    import_pictures --json
    out_has '"added":2' 'a second photo is kept beside the first'
    out_has '"seconds":1,"unread":1' 'and told, as is one without a reading'
}

# One row of a route as XML: point, register, value.
xml_row() {
    printf '<Table1><MA_DDO>%s</MA_DDO><LOAI_BCS>%s</LOAI_BCS><CS_MOI>%s</CS_MOI>' "$@"
    printf '<NGAY_MOI>2026-02-28</NGAY_MOI><GHICHU>a &amp; b</GHICHU></Table1>'
}

# With --keep-good the refused rows go to a file of the same form, which is mended and comes again.
route_rows_are_kept() {
    { printf '<NewDataSet>'; xml_row PD01000000003001 KT 1120; xml_row PD01000000004001 XX 1130
      xml_row NOBODY KT 5; printf '</NewDataSet>'; } > mixed.xml
    run sangden route import mixed.xml --as NV02 --keep-good --json
    out_has '"added":1,"unchanged":0,"rejected":2' 'the good row of a mixed route is taken'
    out_has '"rejected_file":"mixed.xml.rejected.xml"' 'and the file of the others is named'
    same "$(grep -c '<Table1>' mixed.xml.rejected.xml)" 2 'it holds them all'
    grep -qF "$(xml_row NOBODY KT 5)" mixed.xml.rejected.xml; verdict $? 'as they stood'
    sed -i 's/XX/KT/; /NOBODY/d' mixed.xml.rejected.xml
    run sangden route import mixed.xml.rejected.xml --as NV02 --json
    out_has '"rows":1,"added":1,"unchanged":0,"rejected":0' 'mended it is taken whole'
    printf 'MA_DDO,LOAI_BCS,CS_MOI,NGAY_MOI\nPD01000000003001,KT,1120,2026-02-28\n' > mixed.csv
    printf 'NOBODY,KT,5\nNOWHERE,KT,6,2026-02-28\n' > tail.csv
    { head -n 2 mixed.csv; cat tail.csv; } > rows.csv
    run sangden route import rows.csv --as NV02 --keep-good
    is_status 0 'a CSV route with bad rows'
    out_has 'rows.csv.rejected.csv' 'names its file too'
    same "$(cat rows.csv.rejected.csv)" "$(head -n 1 mixed.csv; cat tail.csv)" \
        'header and rows stand there'
    run sangden route import rows.csv.rejected.csv --as NV02
    is_status 1 'unmended it is refused again'
}

routes() {
    small_unit
    readings 2026-01-30 1000 1000 1000 1000 > r1.csv
    sangden import readings r1.csv --as NV02 > "$out" 2> "$err"
    run sangden import network - --as NV01 <<< 'unit,kind,code,from
PD0100,station,TBA1,2026-01-01'
    is_status 0 'a transformer station is known'
    run sangden change load-transfer --unit PD0100 --to TBA1 --from 2026-01-01 \
        PD01000000001001 --as NV01
    is_status 0 'and feeds a point'
    run sangden route export S1 --month 2026-02 --format xml --as NV02
    is_status 0 'a route is written'
    out_has '<MA_DDO>PD01000000001001</MA_DDO>' 'with the names handhelds know'
    out_has '<CS_CU>1000</CS_CU>' 'and the old reading'
    out_has '<TEN_KHANG>Người 1</TEN_KHANG>' 'and the customer'
    out_has '<MA_TRAM>TBA1</MA_TRAM>' 'and the station'
    sed '0,/<CS_MOI></s//<CS_MOI>1130.5</; s/<NGAY_MOI></<NGAY_MOI>28\/02\/2026 09:10:00</' \
        "$out" > back.xml
    run sangden route import back.xml --as NV02 --json
    out_has '"added":1,"unchanged":0,"rejected":0,"not_read":0,"unread":3' 'one came back read'
    run sangden route export S1 --month 2026-02 --as NV02
    out_has 'MA_NVGCS,MA_KHANG,MA_DDO' 'also as CSV'
    printf 'MA_DDO,LOAI_BCS,CS_MOI,NGAY_MOI,GHICHU\nPD01000000002001,KT,,2026-02-28,flooded\n' > back.csv
    run sangden route import back.csv --as NV02 --json
    out_has '"not_read":1' 'a reason comes back as CSV'
    printf 'MA_DDO,SERY_CTO,LOAI_BCS,CS_MOI,NGAY_MOI\nPD01000000003001,0004,KT,1100,2026-02-28\n' \
        > other.csv
    run sangden route import other.csv --as NV02
    refused 1 'a value of another meter' 'SERY_CTO'
    [ ! -e other.csv.rejected.csv ]; verdict $? 'which leaves no file behind unasked'
    route_rows_are_kept
    printf '<NewDataSet><Table1><MA_DDO>PD01000000003001</MA_DDO></Table1>' > broken.xml
    run sangden route import broken.xml --as NV02
    refused 1 'a file cut short' 'NewDataSet'
}

# half_hours DATE WH...: one row of half hours; the values are repeated until the day is full.
half_hours() {
    local date=$1 values=() i
    shift
    for ((i = 0; i < 48; i++)); do values+=("${@:i % $# + 1:1}"); done
    printf 'PD01000000001001,%s,30,%s\n' "$date" "${values[*]}"
}
intervals() {
    small_unit
    sangden import intervals --template | sed 's/PD01000000123001/PD01000000001001/; s/2026-07-31/2026-03-31/' > i.csv
    run sangden import intervals i.csv --as NV02 --json
    out_has '"kind":"intervals"' 'interval days are a kind of file'
    out_has '"added":1' 'and a day is taken'
    run sangden import intervals i.csv --as NV02 --json
    out_has '"added":0,"changed":0,"unchanged":1' 'once'
    sed 's/ 120$//' i.csv > short.csv
    run sangden import intervals short.csv --as NV02
    refused 1 'a day with a hole' 'values'
    (echo 'point,date,minutes,values'; half_hours 2026-03-01 500; half_hours 2026-03-02 1 2 3
        half_hours 2026-03-02 3 2 1) > twice.csv
    run sangden import intervals twice.csv --as NV02
    refused 1 'a day twice with other values' '--correct'
    grep -v '3 2 1 3' twice.csv > days.csv
    run sangden import intervals days.csv --as NV02 --json
    out_has '"added":2' 'half hours of a Sunday and a Monday'
    # Sunday: no peak, 18 normal hours, 6 off-peak; the hours of Monday sum to its 48 values.
    run sangden interval registers PD01000000001001 --from 2026-03-01 --to 2026-03-02
    out_has '"usage":{"normal":"18","peak":"0","offpeak":"6"},"kwh":"24"' 'are counted by the hours in force'
    run sangden interval registers PD01000000001001 --from 2026-03-01 --to 2026-03-03
    out_has '"kwh":"24.096","missing_days":0' 'and no watt-hour is lost'
    run sangden interval registers PD01000000001001 --from 2026-03-01 --to 2026-03-04
    refused 1 'a gap' '1 days have no intervals'
    TZ=America/New_York run sangden interval registers PD01000000001001 --from 2026-03-01 \
        --to 2026-03-04 --partial
    out_has '"kwh":"24.096","missing_days":1' 'is counted when asked, in Vietnam time everywhere'
    run sangden interval registers PD01000000001001 --from 2026-03-04 --to 2026-03-04
    refused 1 'no days' '[from, to)'
}

on_both_stores intervals
on_both_stores photos
on_both_stores false_photos
on_both_stores routes
on_both_stores months_of_a_book
on_both_stores doubtful_readings
on_both_stores estimates_and_rules
finish
