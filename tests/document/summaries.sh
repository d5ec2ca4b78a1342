#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The summary tables of a month: every invoice stands in exactly one, the program xmlsec1 verifies
# each, the same call gives the same files however often it was killed, and only tables are sent.
#
#   KILLS (4) per store, SEED (1) repeat a failure
. "$(dirname "$0")/../cli/lib.sh"
. "$here/../support/month.sh"
CUSTOMERS=66
KILLS=${KILLS:-4}
BOOK=22
INVOICES=$((CUSTOMERS - CUSTOMERS / 11))
RANDOM=${SEED:-1}
export SANGDEN_INVOICE_KEY=$dir/keys/development-key.pem SANGDEN_INVOICE_SENDER=V0100000000
CERTIFICATE=$dir/keys/development-certificate.pem

set_to() { # NAME VALUE
    "$SANGDEN" invoice parameter set "$1" "$2" --unit PD0100 --from 2026-01-01 --source thử --as QT01
}

set_from() { # DAY VALUE: summary_table
    run "$SANGDEN" invoice parameter set summary_table "$2" --unit PD0100 --from "$1" --source thử \
        --as QT01
}
first_bill() {
    "$SANGDEN" bill list --month 2026-10 --json | grep -o '"number":"[^"]*"' | head -n 1 |
        cut -d '"' -f 4
}

billed_month() {
    export SANGDEN_NOW=2026-11-02T08:00:00+07:00
    prepare 1 && (phase run) && (phase issue) || return 1
    "$SANGDEN" import sellers - --as QT01 <<< \
        'unit,legal_name,tax_code,address,tax_office_code,tax_office,signing_place,from
PD0100,Công ty mẫu,0100000000-001,"Số 1, phố Mẫu",10100,Thuế cơ sở Mẫu,Mẫu,2020-01-01' &&
        "$SANGDEN" invoice series add --unit PD0100 --symbol K26TDN --as QT01 &&
        "$SANGDEN" invoice series release --unit PD0100 --symbol K26TDN --as NV03 &&
        set_to summary_rows 17
} > "$out" 2> "$err"

number_and_sign() { # OPTION...
    SANGDEN_NOW=2026-11-02T08:10:00+07:00 "$SANGDEN" invoice issue --as QT01 "$@" \
        > "$out" 2> "$err"
}

# The clock of the tables stands still, so that their signatures are the same.
summary() { # FOLDER OPTION...
    local folder=$1
    shift
    SANGDEN_NOW=2026-12-05T09:00:00+07:00 "$SANGDEN" invoice summary --month 2026-11 \
        --date 2026-12-05 --out "$folder" --as QT01 "$@" > "$out" 2> "$err"
    status=$?
}

verifies() { # FILE
    xmlsec1 --verify --id-attr:Id DLBTHop --id-attr:Id http://www.w3.org/2000/09/xmldsig#:Object \
        --enabled-reference-uris same-doc --trusted-pem "$CERTIFICATE" "$1" > /dev/null 2>&1
}
all_verify() { # FOLDER
    local file
    for file in "$1"/*.xml; do verifies "$file" || return 1; done
}
numbers_in() { cat "$1"/*.xml | grep -o '<SHDon>[0-9]*</SHDon>' | sort; }

stands_in_tables() {
    rm -rf files first again
    billed_month
    verdict $? 'a month is billed'
    number_and_sign --bill "$(first_bill)"
    verdict $? 'one invoice is signed'
    summary files --unit PD0100
    refused 1 'a unit that sends each invoice' 'PD0100'
    summary files
    is_status 0 'no unit sends tables: nothing to do'
    set_to summary_table 1 > "$out" 2> "$err"
    verdict $? 'the unit sends tables'
    summary first --json
    is_status 0 'the table of one invoice'
    out_has '"tables":1,"rows":1,"files":1' 'is one file'
    number_and_sign --month 2026-10 --numbers-only
    summary files --supplement
    refused 1 'invoices that are not signed' "$((INVOICES - 1))"
    number_and_sign --month 2026-10
    verdict $? 'the others are signed'
    run "$SANGDEN" check
    is_status 1 'what stands in no table breaks an invariant'
    out_has 'summary.complete' 'which is named'
    out_has 'PD0100 1K26TDN 2' 'with the invoice'
    summary files --json
    is_status 0 'without --supplement nothing new is made'
    out_has "\"missing\":$((INVOICES - 1))" 'and what is missing is told'
    summary files --supplement --json
    is_status 0 'the supplement is made'
    out_has "\"rows\":$((INVOICES - 1)),\"files\":5,\"refused\":0,\"missing\":0" \
        'in tables of 17 rows, beside the first'
    same "$(numbers_in files | wc -l)" "$INVOICES" 'every invoice has a row'
    same "$(numbers_in files | uniq | wc -l)" "$INVOICES" 'one row'
    all_verify files
    verdict $? 'xmlsec1 verifies every table'
    if [ "$store" = PostgreSQL ]; then
        same "$(psql -qAt "$SANGDEN_STORE" -c "SELECT reltuples FROM pg_class WHERE relname =
            'einvoice_summary_row'")" "$INVOICES" 'the planner knows that the tables have grown'
    fi
    sed 's/<TgTToan>./<TgTToan>9/' files/BTH-0100000000-001-202611-00002.xml > tampered.xml
    ! verifies tampered.xml
    verdict $? 'but no changed one'
    grep -q '<LDau>1</LDau>' files/*-00001.xml && grep -q '<LDau>0</LDau><BSLThu>1</BSLThu>' \
        files/*-00002.xml
    verdict $? 'first and supplement say what they are'
    cp -r files again
    rm again/*-00003.xml
    printf x >> again/*-00004.xml
    summary again --supplement
    diff -r files again > "$out"
    verdict $? 'the same call brings lost and spoiled files back, byte for byte'
    run "$SANGDEN" invoice summary-list --month 2026-11 --json
    out_has '"table":5' 'the tables are listed'
    same "$(sha256sum < files/*-00003.xml | cut -d ' ' -f 1)" \
        "$("$SANGDEN" invoice summary-list --json | grep -o '"table":3[^}]*' |
            grep -o '"sha256":"[^"]*' | cut -d '"' -f 4)" 'with the hash of the file'
    same "$("$SANGDEN" audit list --stream invoice --json 2> /dev/null |
        grep -c '"action":"invoice.table"')" 5 'and the audit chain has who signed each'
    run "$SANGDEN" invoice show 1K26TDN-00000002
    out_has 'bảng tổng hợp số   2' 'an invoice shows the table where it stands'
    run "$SANGDEN" check
    is_status 0 'all invariants hold'
    only_tables_go
    unset SANGDEN_NOW
}

# A wrong address is told by message 300; the invoice keeps its one row.
explained_stands_in_no_second_table() {
    run "$SANGDEN" invoice notify 1K26TDN-00000002 --kind explain --reason 'Sai địa chỉ' --as QT01
    is_status 0 'a notice about an invoice in a table'
    summary files --supplement --json
    out_has '"tables":0,' 'makes no further table'
    run "$SANGDEN" invoice send --once --json --as QT01
    out_has '"accepted":6,' 'and is sent by itself'
    run "$SANGDEN" invoice show 1K26TDN-00000002 --json
    out_has '"summary_table":2,' 'the invoice stands where it stood'
    out_has '"kind":"explain","reason":"Sai địa chỉ","sent":"accepted"' 'with its notice'
}

start_provider() {
    rm -rf provider
    mkdir provider
    (umask 077 && echo tok > token)
    node "$here/provider.mjs" "$dir/provider" tok &
    provider_pid=$!
    until [ -s provider/port ]; do sleep 0.05; done
    export SANGDEN_INVOICE_PROVIDER_TOKEN_FILE=$dir/token
    SANGDEN_INVOICE_PROVIDER="http://127.0.0.1:$(cat provider/port)"
    export SANGDEN_INVOICE_PROVIDER
}
stop_provider() {
    kill "$provider_pid"
    wait "$provider_pid" 2> /dev/null
}

only_tables_go() {
    start_provider
    export SANGDEN_NOW=2026-12-05T10:00:00+07:00
    node -e 'fetch(process.argv[1], { method: "POST", body: `{"post":["refuse:TH-4"]}` })' \
        "$SANGDEN_INVOICE_PROVIDER/_/plan"
    run "$SANGDEN" invoice send --once --json --as QT01
    is_status 0 'what was signed is sent'
    out_has '"accepted":4,"refused":1' 'a table is refused'
    run "$SANGDEN" invoice messages --state refused --json
    out_has '"document":"01/TH 1/1","type":400' 'the first'
    out_has '"code":"TH-4","reason":"Lý do TH-4"' 'with its code and reason'
    out_has '"answer_notice":4,"answer_notice_vi":"bảng tổng hợp không hợp lệ"' \
        'and the kind of its notice'
    run "$SANGDEN" invoice resend "$(sed -n 's/.*"message":"\([^"]*\)".*/\1/p' "$out")" --as QT01
    is_status 0 'it is sent again'
    run "$SANGDEN" invoice send --once --json --as QT01
    is_status 0 'without trouble'
    out_has '"queued":0,"unknown":0,"sent":0,"accepted":5,"refused":1' 'five tables, no invoice'
    run "$SANGDEN" invoice messages --json
    out_lacks '"kind":"invoice"' 'tables only'
    out_has '"document":"01/TH' 'by their names'
    same "$(grep -c '"breaches"\|"breach"' provider/journal)" 0 'the sender kept to the contract'
    same "$(grep -o '"document":"[^"]*' provider/journal | cut -d '"' -f 4 | sort -u)" \
        "$(sha256sum files/*.xml | cut -d ' ' -f 1 | sort)" 'what arrived are the files'
    explained_stands_in_no_second_table
    run "$SANGDEN" check
    is_status 0 'all invariants hold after sending'
    stop_provider
}

# A unit begins or ends with tables inside a month: each invoice goes the way of its day, and what went
# one way cannot be declared to have gone the other.
each_goes_one_way() { # BEFORE AFTER: summary_table until and from 2026-11-03
    billed_month && set_to summary_table "$1" > "$out" 2> "$err"
    verdict $? "a month is billed, summary_table $1"
    export SANGDEN_NOW=2026-11-03T08:00:00+07:00
    set_from 2026-11-03 "$2"
    is_status 0 "summary_table $2 from the second day on"
    run "$SANGDEN" invoice issue --bill "$(first_bill)" --as QT01
    run "$SANGDEN" invoice issue --month 2026-10 --date 2026-11-03 --as QT01
    is_status 0 'one invoice of the first day, the others of the second'
    local first=1 others=$((INVOICES - 1))
    rm -rf one-way
    start_provider
    run "$SANGDEN" invoice send --once --json --as QT01
    out_has "\"accepted\":$([ "$1" = 0 ] && echo $first || echo $others)," 'those of the days without'
    set_from 2026-11-01 "$2"
    refused 1 'the first day declared otherwise' '2026-11-0'
    set_from 2026-11-03 "$1"
    refused 1 'the second day declared otherwise' '2026-11-03'
    summary one-way --json
    out_has "\"rows\":$([ "$1" = 1 ] && echo $first || echo $others)," 'the tables hold the others'
    out_has '"missing":0' 'none is missing'
    run "$SANGDEN" invoice send --once --json --as QT01
    same "$("$SANGDEN" invoice messages --json | grep -c '"kind":"invoice"')" \
        "$([ "$1" = 0 ] && echo $first || echo $others)" 'and none goes both ways'
    run "$SANGDEN" check
    is_status 0 'all invariants hold'
    stop_provider
    unset SANGDEN_NOW
}
begins_with_tables() { each_goes_one_way 0 1; }
ends_with_tables() { each_goes_one_way 1 0; }

# Kills the call at random instants; the files in the end are those of a call that nobody disturbed.
kills_leave_the_same_files() {
    local kills=0 round command window=12
    billed_month && set_to summary_table 1 > "$out" 2> "$err" && set_to summary_rows 5 > "$out" 2>&1
    number_and_sign --month 2026-10
    verdict $? 'a month is signed'
    if [ "$store" = SQLite ]; then
        cp "${SANGDEN_STORE#sqlite:}" undisturbed.db
        SANGDEN_STORE=sqlite:$dir/undisturbed.db summary undisturbed
        is_status 0 'a call that nobody disturbs'
        [ "$(ls undisturbed/*.xml | wc -l)" -eq $(((INVOICES + 4) / 5)) ]
        verdict $? 'makes all tables'
    fi
    for round in $(seq $((KILLS * 4))); do
        [ "$kills" -lt "$KILLS" ] || break
        SANGDEN_NOW=2026-12-05T09:00:00+07:00 "$SANGDEN" invoice summary --month 2026-11 \
            --date 2026-12-05 --out "killed$store" --as QT01 > /dev/null 2>&1 &
        command=$!
        sleep "0.$(printf '%03d' $((RANDOM % window)))"
        # Later each time until a call was done before it was killed: as long as calls last here.
        if kill -KILL "$command" 2> /dev/null; then
            kills=$((kills + 1)) window=$((window < 500 ? window + 12 : window))
        else
            window=$((window * 3 / 4 + 1))
        fi
        wait "$command" 2> /dev/null
    done
    [ "$kills" -ge "$KILLS" ]
    verdict $? "$kills kills happened"
    summary "killed$store"
    is_status 0 'the call after the kills'
    rm -f "killed$store"/*.part
    diff -r undisturbed "killed$store" > "$out"
    verdict $? 'gives the files of a call that nobody disturbed'
    run "$SANGDEN" check
    is_status 0 'all invariants hold after the kills'
    unset SANGDEN_NOW
}

"$SANGDEN" invoice devkey --out "$dir/keys" --tax-code 0100000000-001 > "$out" 2> "$err"
verdict $? 'a development key is made'
on_both_stores stands_in_tables
on_both_stores begins_with_tables
on_both_stores ends_with_tables
on_both_stores kills_leave_the_same_files
finish
