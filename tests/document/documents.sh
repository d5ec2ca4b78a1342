#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# What every kind of bill says in a terminal, in messages and to the ear, on each engine, beside the
# texts in tests/cases/documents. UPDATE_DOCUMENTS=1 writes those anew; read them before you keep
# them.
. "$(dirname "$0")/../cli/lib.sh"
golden=$here/../cases/documents
export SANGDEN_PORTAL=https://dien.example.vn

part() {
    printf '\n######## %s\n\n' "$1"
    shift
    sangden "$@" 2> "$err" || cat "$err"
}

# All forms come from one struct: where the other engine shows the same, it says the same.
texts() {
    printf '%s: %s\n' "$2" "$3"
    part 'bill show' bill show "$2"
    [ "$store" = SQLite ] || return 0
    part 'bill show --english' bill show "$2" --english
    part 'sms' bill text "$2" --form sms
    part 'sms --plain' bill text "$2" --form sms --plain
    part 'sms --plain --english' bill text "$2" --form sms --plain --english
    part 'notice' bill text "$2" --form notice
    part 'notice --english' bill text "$2" --form notice --english
    part 'voice' bill text "$2" --form voice
    part 'voice --english' bill text "$2" --form voice --english
}

every_bill_says() {
    run "$FILL_DOCUMENTS" "$SANGDEN_STORE"
    is_status 0 'the bills are made'
    cp "$out" cases
    while IFS="$(printf '\t')" read -r name number shows; do
        texts "$name" "$number" "$shows" > "$name.txt"
        [ -z "${UPDATE_DOCUMENTS:-}" ] || [ "$store" != SQLite ] || cp "$name.txt" "$golden/$name.txt"
        wanted=$golden/$name.txt
        if [ "$store" != SQLite ]; then
            sed '/^######## bill show --english/,$d' "$wanted" | sed '$d' > wanted.txt
            wanted=wanted.txt
        fi
        diff "$wanted" "$name.txt" > "$out" 2> "$err"
        status=$?
        is_status 0 "$name: $shows"
    done < cases
    same "$(find "$golden" -name '*.txt' ! -name '*.pdf.txt' | wc -l)" "$(wc -l < cases)" 'every golden text has its bill'
}

# A household's message without marks is one part, whatever the bill.
messages_fit() {
    while IFS="$(printf '\t')" read -r name number shows; do
        for language in '' --english; do
            run sangden bill text "$number" --form sms --plain $language --json
            out_has '"alphabet":"GSM 03.38"' "$name$language: only letters that every telephone has"
            out_has '"parts":1' "$name$language: one message"
        done
        run sangden bill text "$number" --form voice
        ! tr -d '\n' < "$out" | grep -q '[0-9+*/%<>_()"&@#–−]'
        verdict $? "$name: the voice has no digit and no sign to guess at"
    done < cases
}

paper_is_proved() {
    code=$(sangden bill show PD0100-26071-2-2-K1 2> "$err" | sed -n 's/.*Mã kiểm chứng: //p')
    run sangden bill prove PD0100-26071-2-2-K1 "$code" --total 1388405
    is_status 0 'a paper is genuine'
    out_has '1.388.405 đ' 'with the figures to compare'
    run sangden bill prove PD0100-26071-2-2-K1 "$(printf '%s' "$code" | tr -d - | tr A-Z a-z)" --json
    is_status 0 'typed in small letters without dashes'
    out_has '"genuine":true' 'it is genuine too'
    run sangden bill prove PD0100-26071-2-2-K1 "$code" --total 1388404
    refused 1 'a total that was changed' '1.388.405 đồng'
    err_has 'The bill says 1.388.405 VND' 'as the other screens write amounts'
    run sangden bill prove PD0100-26071-1-1-K1 "$code"
    refused 1 'the code of another bill' 'do not belong together'
    cp "$err" wrong
    run sangden bill prove PD0100-26071-2-2-K7 "$code"
    refused 1 'a number that does not exist' 'do not belong together'
    cmp -s wrong "$err"
    verdict $? 'is answered like a wrong code'
    run sangden bill prove PD0100-26071-2-2-K7 "$code" --json
    out_is '{"genuine":false}' 'for programs as well'
    run sangden bill new-key --as NV03
    is_status 1 'a key is not everybody'"'"'s to change'
    run sangden bill new-key --as NV01
    is_status 0 'but the administrator'"'"'s'
    run sangden bill prove PD0100-26071-2-2-K1 "$code"
    is_status 0 'older paper is still genuine'
    run sangden bill show PD0100-26071-2-2-K1
    out_lacks "$code" 'new paper has another code'
    run sangden fields
    out_has 'secret' 'the key is declared secret'
}

# How the use and the tiers came about, in the forms that are read.
every_form_explains() {
    while IFS='|' read -r number words english; do
        run sangden bill show "$number"
        out_has "$words" "$number in a terminal"
        run sangden bill show "$number" --english
        out_has "$english" "$number in a terminal, in English"
        run sangden bill text "$number" --form html
        out_has "$words" "$number as a page"
        run sangden bill text "$number" --form html --english
        out_has "$english" "$number as a page, in English"
    done << 'END'
PD0100-26070-11-11-C1|Mỗi bậc tính theo số ngày (12/30 tháng), vì chấm dứt|Tiers follow the days (12/30 of a month), because the contract
PD0100-25051-3-3-K1|theo số ngày của từng giá: 10/30, 21/30 tháng|follow the days of each price: 10/30, 21/30 of a month
PD0100-26071-16-16-K1|Công tơ 00002600016 được tháo ngày 14/07/2026.|Meter 00002600016 was taken down on 14/07/2026.
PD0100-26071-7-7-K1|Sản lượng tạm tính: +217 kWh|Estimated use: +217 kWh
END
    run sangden bill show PD0100-26071-5-5-K1
    out_has 'Khách hàng thử số 5, Nhà 5, ngõ Thử nghiệm' 'a terminal says who and where'
    out_has 'số hộ 3,25' 'and for how many households'
    out_has 'Thuế GTGT 8 %: 117.920 đ' 'and the rate of the tax'
    run sangden bill text PD0100-26071-5-5-K1 --form html
    out_has 'Số hộ dùng chung: 3,25' 'as a page does'
}

pages_are_whole() {
    run sangden bill text PD0100-26071-1-1-K1 --form html
    is_status 0 'a fragment of a page'
    out_has '<article lang="vi"' 'in Vietnamese'
    out_has '<svg ' 'with charts'
    out_has '<caption' 'whose figures stand in tables'
    out_has '<td style="text-align:left;overflow-wrap:anywhere;padding:4px">Thuế giá trị gia tăng 8 %</td>' \
        'the rate of the tax'
    out_has '<title>Mã QR để thanh toán</title>' 'a code to pay by'
    out_has 'Số tài khoản: 0011001234567' 'and the same in words'
    ! grep -qE '<(script|img|link|style)|class=|https?://[^"]*\.(js|css)' "$out"
    verdict $? 'no script, no style sheet and nothing to fetch'
    [ "$(wc -c < "$out")" -lt 60000 ]
    verdict $? 'small enough for mail that cuts at 100 kB'
    same "$(grep -o '<t[dhr][ >]' "$out" | wc -l)" "$(grep -o '</t[dhr]>' "$out" | wc -l)" \
        'every cell is closed'
    run sangden bill text PD0100-26071-1-1-K1 --form html --english
    out_has '<article lang="en"' 'in English'
    out_has '>VAT 8 %</td>' 'with the rate'
    out_has '<title>QR code to pay</title>' 'and the code'
    run sangden bill text PD0100-26071-14-14-K1 --form html
    out_lacks 'Mã QR để thanh toán' 'nothing to pay: no code'
    run sangden bill text PD0100-26071-1-1-K1 --form poem
    refused 2 'a form that does not exist' 'poem'
    run sangden bill text PD0100-26071-1-1-K1 --form html --plain
    refused 2 'a page without marks' 'plain'
    run sangden bill text PD0100-26071-1-1-K9 --form sms
    refused 1 'a bill that does not exist' 'PD0100-26071-1-1-K9'
}

documents() {
    every_bill_says
    messages_fit
    pages_are_whole
    every_form_explains
    paper_is_proved
}

on_both_stores documents
finish
