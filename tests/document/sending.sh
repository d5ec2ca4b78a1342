#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Signed invoices against a provider that breaks its contract in every way it can: each document is
# accepted once, none is lost, none goes out under two ids, whoever is killed.
#
#   KILLS (4) per store, SEED (1) repeat a failure
. "$(dirname "$0")/../cli/lib.sh"
. "$here/../support/month.sh"
CUSTOMERS=44 # enough for every kind of answer, few enough for as many months as there are kills
KILLS=${KILLS:-4}
BOOK=22
INVOICES=$((CUSTOMERS - CUSTOMERS / 11))
RANDOM=${SEED:-1}
TOKEN=tok-hush-hush-7f3a
PASSES_MAX=60
umask 077
printf '%s\n' "$TOKEN" > token
export SANGDEN_INVOICE_KEY=$dir/keys/development-key.pem SANGDEN_INVOICE_SENDER=V0100000000
export SANGDEN_INVOICE_PROVIDER_TOKEN_FILE=$dir/token
provider_pid=

# ---- the provider ---------------------------------------------------------------------------------

start_provider() { # [fresh [secure]]
    stop_provider
    [ "${1:-}" != fresh ] || rm -rf provider
    mkdir -p provider
    [ -z "${2:-}" ] || cp key.pem certificate.pem provider/
    local port=
    [ ! -s provider/port ] || port=$(cat provider/port)
    rm -f provider/port
    node "$here/provider.mjs" "$dir/provider" "$TOKEN" ${port:+"$port"} > provider/said 2> provider/errors &
    provider_pid=$!
    until [ -s provider/port ]; do sleep 0.05; done
    SANGDEN_INVOICE_PROVIDER="http${2:+s}://127.0.0.1:$(cat provider/port)"
    export SANGDEN_INVOICE_PROVIDER
}
stop_provider() {
    [ -n "$provider_pid" ] || return 0
    kill "$provider_pid" 2> /dev/null
    wait "$provider_pid" 2> /dev/null
    provider_pid=
}
trap 'stop_provider; cleanup' EXIT

at_provider() { # PATH [BODY]
    node -e 'const [address, body] = process.argv.slice(1);
        fetch(address, body ? { method: "POST", body } : {}).then((r) => r.text()).then(console.log)' \
        "$SANGDEN_INVOICE_PROVIDER/_/$1" ${2:+"$2"}
}
plan() { at_provider plan "$1" > /dev/null; }
reported() { at_provider report > report; }
report_has() { grep -qF -e "$1" report; verdict $? "$2"; }

# ---- the sender -----------------------------------------------------------------------------------

# A test store's clock: each pass comes an hour and a bit after the one before, so that every wait is
# over.
now_s=$(date -d 2026-11-02T08:00:00+07:00 +%s)
pass() {
    now_s=$((now_s + 7200))
    at_now invoice send --once --as QT01 "$@" > "$out" 2> "$err"
    status=$?
    cat "$out" "$err" >> said
}
at_now() { SANGDEN_NOW=$(date -u -d "@$now_s" +%Y-%m-%dT%H:%M:%SZ) "$SANGDEN" "$@"; }
count() { # STATE
    "$SANGDEN" invoice messages --state "$1" --json | grep -c '"message"'
}
# How many of these states, asked at once.
among() { # STATE|STATE
    "$SANGDEN" invoice messages --json | grep -cE "\"state\":\"($1)\""
}
settle() {
    local try
    for try in $(seq $PASSES_MAX); do
        pass "$@"
        [ "$(among 'queued|unknown|sent')" -gt 0 ] || return 0
    done
    return 1
}

billed_month() { # SYMBOL
    export SANGDEN_NOW=2026-11-02T08:00:00+07:00
    prepare 1 && (phase run) && (phase issue) || return 1
    "$SANGDEN" import sellers - --as QT01 <<< \
        'unit,legal_name,tax_code,address,tax_office_code,tax_office,signing_place,from
PD0100,Công ty mẫu,0100000000-001,"Số 1, phố Mẫu",10100,Thuế cơ sở Mẫu,Mẫu,2020-01-01' &&
        "$SANGDEN" invoice series add --unit PD0100 --symbol "$1" --as QT01 &&
        "$SANGDEN" invoice series release --unit PD0100 --symbol "$1" --as NV03
    local result=$?
    unset SANGDEN_NOW
    return $result
} > "$out" 2> "$err"
sign() { # OPTION...
    SANGDEN_NOW=2026-11-02T08:10:00+07:00 "$SANGDEN" invoice issue --as QT01 "$@" > "$out" 2> "$err"
}
signed_month() { billed_month "$1" && sign --month 2026-10; } # SYMBOL

keep_store() { # NAME: a copy of the signed month, so that it is made once for each engine
    [ "$store" = SQLite ] || return 1
    cp "${SANGDEN_STORE#sqlite:}" "$1"
}

# accepted_once NAME: what must hold when everything is settled.
accepted_once() {
    reported
    same "$(count accepted)" "$INVOICES" "$1: every invoice is accepted"
    same "$(among 'queued|unknown|sent|refused')" 0 \
        "$1: nothing is left"
    report_has "\"accepted\":$INVOICES," "$1: so says the provider"
    report_has "\"messages\":$INVOICES," "$1: under one id each"
    report_has '"repeated":0,' "$1: none was sent again without asking first"
    report_has '"breaches":[]' "$1: and the sender kept to the contract"
    run sangden check
    is_status 0 "$1: all invariants hold"
}

# ---- one thing after the other --------------------------------------------------------------------

sends_to_whoever() {
    start_provider fresh
    signed_month C26TDN
    verdict $? 'a month is signed'

    stop_provider
    pass
    is_status 3 'nobody is there: status 3'
    err_has 'không kết nối được' 'nobody is there: in Vietnamese'
    err_has 'Remedy:' 'nobody is there: with a remedy'
    same "$(count queued)" "$INVOICES" 'nobody is there: everything stays queued'
    start_provider

    rm -f other
    SANGDEN_INVOICE_PROVIDER_TOKEN_FILE=$dir/other pass
    is_status 3 'no token file: status 3'
    printf 'wrong\n' > other
    SANGDEN_INVOICE_PROVIDER_TOKEN_FILE=$dir/other pass
    is_status 3 'a wrong token: status 3'
    err_has 'TOKEN_FILE' 'a wrong token: the remedy names its file'
    chmod 644 other
    SANGDEN_INVOICE_PROVIDER_TOKEN_FILE=$dir/other pass
    refused 1 'a token file that all may read' 'chmod 600'
    SANGDEN_INVOICE_PROVIDER=http://provider.example pass
    refused 1 'a token in clear' 'SANGDEN_INVOICE_PROVIDER'
    SANGDEN_INVOICE_PROVIDER=http://127.provider.example pass
    refused 1 'a name that begins like this machine' 'SANGDEN_INVOICE_PROVIDER'
    SANGDEN_INVOICE_PROVIDER="$SANGDEN_INVOICE_PROVIDER/?a=b" pass
    refused 1 'an address with a query' '/v1/messages'
    SANGDEN_INVOICE_PROVIDER_TOKEN_FILE=$dir pass
    refused 1 'a folder as token file' 'SANGDEN_INVOICE_PROVIDER_TOKEN_FILE'
    err_lacks 'chmod' 'whose rights are left alone'
    reported
    report_has '"taken":0,' 'so far nothing was taken'

    plan '{"post":["slow:50","cut-before","cut-after","lost","half","reset","429:2","503:2","500",
        "500-lost","big","notjson","other-id","empty","redirect","503","404","later:9","twice"],
        "ask":["cut-before","half","503:1","notjson","other-id","500","stale","big","reset","empty","twice",
        "401","redirect"],"mode":"later:1"}'
    settle
    verdict $? 'everything is settled'
    accepted_once 'every misbehaviour once'
    report_has '"planned":0' 'and each of them happened'
    run sangden invoice messages --json
    out_has '"mccqt":"' 'codes of the tax office are shown'
    same "$("$SANGDEN" invoice messages --json | grep -c '"mccqt":"[0-9A-F]\{34\}"')" "$INVOICES" \
        'one for every invoice'
    run sangden invoice show 1C26TDN-00000001
    out_has 'được chấp nhận' 'the invoice shows that it was accepted'
    out_has 'mã cơ quan thuế' 'and its code'
    run sangden invoice show 1C26TDN-00000001 --json
    out_has '"sent":"accepted","mccqt":"' 'also as JSON'
    same "$("$SANGDEN" invoice list --month 2026-10 --json |
        grep -c '"sent":"accepted","mccqt":"[0-9A-F]\{34\}"')" "$INVOICES" 'and the list of the month'
    stop_provider
}

# The line is encrypted, and the server behind it is the one that is meant.
speaks_tls() {
    [ "$store" = SQLite ] || return 0
    if ! command -v openssl > /dev/null; then
        skipped 'TLS' 'openssl is not installed'
        return 0
    fi
    openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=provider -keyout key.pem \
        -addext subjectAltName=IP:127.0.0.1 -out certificate.pem 2> /dev/null
    export NODE_EXTRA_CA_CERTS=$dir/certificate.pem
    start_provider fresh secure
    signed_month K26TDN
    pass
    is_status 3 'a certificate that nobody vouches for: status 3'
    err_has 'certificate is not trusted' 'with the reason'
    SANGDEN_INVOICE_PROVIDER_AUTHORITIES=$dir/nowhere.pem pass
    is_status 3 'a file of authorities that is not there: status 3'
    SANGDEN_INVOICE_PROVIDER=${SANGDEN_INVOICE_PROVIDER/127.0.0.1/localhost} \
        SANGDEN_INVOICE_PROVIDER_AUTHORITIES=$dir/certificate.pem pass
    is_status 3 'a server with another name: status 3'
    reported
    report_has '"post":0,' 'nothing was sent to any of them'
    SANGDEN_INVOICE_PROVIDER_AUTHORITIES=$dir/certificate.pem pass
    is_status 0 'a server that is vouched for'
    accepted_once 'over TLS'
    stop_provider
}

# A document that somebody changed who has all rights on the store's files.
spoil_document() { # NUMBER
    if [ "$store" = PostgreSQL ]; then
        psql -q "$SANGDEN_STORE" -c 'ALTER TABLE einvoice_document DISABLE TRIGGER ALL' \
            -c "UPDATE einvoice_document SET xml = 'x'::bytea WHERE invoice_no = $1"
        return
    fi
    python3 - "${SANGDEN_STORE#sqlite:}" "$1" << 'END'
import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
guards = db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND "
                    "tbl_name = 'einvoice_document'").fetchall()
for (name,) in guards:
    db.execute(f'DROP TRIGGER "{name}"')
changed = db.execute("UPDATE einvoice_document SET xml = x'78' WHERE invoice_no = ?",
                     (int(sys.argv[2]),)).rowcount
db.commit()
sys.exit(0 if guards and changed == 1 else 1)
END
}
one_bad_document_stops_no_other() {
    start_provider fresh
    signed_month K26TDN
    stop_provider
    pass
    is_status 3 'messages are made, nobody is there'
    start_provider
    spoil_document 7
    verdict $? 'a document is spoiled'
    pass
    is_status 1 'a document that is not what was signed: status 1'
    err_has 'không còn như khi ký' 'it is told'
    same "$(count accepted)" "$((INVOICES - 1))" 'the others are accepted'
    pass
    is_status 1 'it is told again'
    reported
    report_has "\"taken\":$((INVOICES - 1))," 'and was not sent'
    stop_provider
}

# An error notice (04/SS) is message 300 and its answer, message 301, is shown with the invoice.
notices_are_sent() {
    start_provider fresh
    signed_month C26TDN
    settle
    verdict $? 'a month is sent'
    run at_now invoice notify 1C26TDN-00000003 --kind explain --reason 'Sai địa chỉ' --as QT01
    is_status 0 'a notice is signed'
    run at_now invoice notify 1C26TDN-00000004 1C26TDN-00000005 --kind adjust --reason 'Sai chỉ số' \
        --as QT01
    is_status 0 'another is signed'
    run sangden invoice show 1C26TDN-00000003
    out_lacks '    gửi cơ quan thuế' 'a notice that was not sent shows no state'
    plan '{"post":["refuse:301-2","later:2"]}'
    settle
    verdict $? 'the notices are sent'
    run sangden invoice show 1C26TDN-00000003
    out_has '    gửi cơ quan thuế bị từ chối' 'the refusal is shown with the invoice'
    out_has 'mã trả lời       301-2' 'with its code'
    out_has 'lý do trả lời    Lý do 301-2' 'and its reason'
    run sangden invoice show 1C26TDN-00000005 --json
    out_has '"sent":"accepted","answer":"","answer_reason":""' 'the other is accepted'
    run sangden invoice messages --state refused --json
    out_has '"kind":"notice","document":"04/SS 1","type":300' 'both are messages 300'
    out_has '"answer_notice":null,"answer_notice_vi":"","answer_notice_en":""' \
        'which message 204 does not answer'
    run at_now invoice resend "$(sed -n 's/.*"message":"\([^"]*\)".*/\1/p' "$out")" --as QT01
    is_status 0 'the refused one is sent again'
    settle
    run sangden invoice show 1C26TDN-00000003
    out_has '    gửi cơ quan thuế được chấp nhận' 'and accepted'
    out_lacks '301-2' 'what was refused before is no longer told'
    run sangden invoice notice 1 --unit PD0100 --out notice.xml
    grep -qF "\"type\":\"300\",\"document\":\"$(sha256sum notice.xml | cut -d ' ' -f 1)\"" \
        provider/journal
    verdict $? 'what arrived is the notice that was signed'
    same "$(count accepted)" "$((INVOICES + 2))" 'invoices and notices are accepted'
    reported
    report_has '"breaches":[]' 'and the sender kept to the contract'
    run sangden check
    is_status 0 'all invariants hold'
    stop_provider
}

# The kind of notice in message 204 is kept with the answer and shown in words.
notice_kinds_are_shown() {
    start_provider fresh
    signed_month K26TDN
    plan '{"post":["refuse:-2"]}'
    settle
    run sangden invoice messages --state refused --json
    out_has '"answer_notice":3,"answer_notice_vi":"hóa đơn không hợp lệ","answer_notice_en":"invoice invalid"' \
        'a refusal has its kind'
    run sangden invoice messages --state accepted
    out_has 'gói dữ liệu hợp lệ' 'and so has what is accepted'
    run sangden invoice show 1K26TDN-00000001
    out_has 'thông báo thuế     hóa đơn không hợp lệ' 'the invoice shows it'
    run sangden invoice show 1K26TDN-00000003 --json
    out_has '"answer_notice":2,"answer_notice_vi":"gói dữ liệu hợp lệ"' 'also as JSON'
    stop_provider
}

# ---- without --once -------------------------------------------------------------------------------

# By the clock of the machine; the waits are short.
start_sender() { # OPTION...
    "$SANGDEN" invoice send --json --as QT01 "$@" > sender.out 2> sender.err &
    sender=$!
}
stop_sender() { # SIGNAL
    kill "-$1" "$sender"
    wait "$sender"
    status=$?
    cp sender.out "$out"
    cp sender.err "$err"
}
within() { # SECONDS COMMAND...
    local tries=$(($1 * 10))
    shift
    until "$@"; do
        tries=$((tries - 1))
        [ "$tries" -gt 0 ] || return 1
        sleep 0.1
    done
}
accepted_are() { [ "$(count accepted)" -eq "$1" ]; }
has_taken_some() {
    reported
    ! grep -qF '"taken":0,' report
}
wait_short() {
    local name
    for name in send_retry_s:1 send_retry_max_s:2; do
        SANGDEN_NOW=2026-11-02T08:05:00+07:00 "$SANGDEN" invoice parameter set "${name%:*}" \
            "${name#*:}" --unit PD0100 --from 2020-01-01 --source thử --as QT01 || return 1
    done
} > "$out" 2> "$err"

runs_until_stopped() {
    local sender first
    start_provider fresh
    billed_month K26TDN && wait_short
    verdict $? 'a month is billed'
    start_sender
    first=$("$SANGDEN" bill list --month 2026-10 --json | grep -o '"number":"[^"]*"' | head -n 1 |
        cut -d '"' -f 4)
    sign --bill "$first"
    within 20 accepted_are 1
    verdict $? 'what is signed while it runs is sent'

    stop_provider
    sign --month 2026-10
    within 20 grep -q invoice.send.trouble sender.err
    verdict $? 'a provider that is down is told in the log'
    start_provider
    within 20 accepted_are "$INVOICES"
    verdict $? 'when it is back everything is sent'
    stop_sender TERM
    is_status 0 'SIGTERM ends it well'
    out_has "\"accepted\":$INVOICES" 'with its report'
    accepted_once 'one after the other'
    stop_provider
}

rests_until_a_date() {
    local sender
    start_provider fresh
    signed_month K26TDN && wait_short
    verdict $? 'a month is signed'
    plan '{"post":["429:date3","503:date3","503:2"],"mode":"accept","strict":true}'
    start_sender
    within 40 accepted_are "$INVOICES"
    verdict $? 'a provider that is busy until a date gets everything'
    stop_sender INT
    is_status 0 'SIGINT ends it well'
    reported
    report_has '"planned":0' 'after it was busy three times'
    accepted_once 'not before the date'
    stop_provider
}

ends_between_two_messages() {
    local sender left
    start_provider fresh
    signed_month K26TDN
    plan '{"mode":"slow:300"}'
    start_sender --workers 2
    within 20 has_taken_some
    stop_sender TERM
    is_status 0 'stopped while messages are on their way'
    left=$(count queued)
    [ "$left" -gt 0 ]
    verdict $? 'it did not wait for the others'
    same "$(count unknown)" 0 'what was on its way got its answer'
    same "$(count accepted)" $((INVOICES - left)) 'and everything else waits'
    plan '{"mode":"accept"}'
    run sangden invoice send --once --as QT01
    accepted_once 'stopped and started again'
    stop_provider
}

refusals_are_kept() {
    start_provider fresh
    signed_month K26TDN
    verdict $? 'a month is signed'
    plan '{"post":["refuse:-2","413"],"mode":"later:0"}'
    settle
    verdict $? 'everything is settled'
    same "$(count accepted)" "$((INVOICES - 2))" 'the others are accepted'
    run sangden invoice messages --state refused
    out_has '-2' 'the code of a refusal is shown'
    out_has 'Lý do -2' 'and its reason'
    out_has 'HTTP-413' 'what is too large is refused'
    local id too_large accepted
    id=$("$SANGDEN" invoice messages --state refused --json | grep -F '"code":"-2"' |
        sed 's/.*"message":"\([^"]*\)".*/\1/')
    too_large=$("$SANGDEN" invoice messages --state refused --json | grep -F 'HTTP-413' |
        sed 's/.*"message":"\([^"]*\)".*/\1/')
    accepted=$("$SANGDEN" invoice messages --state accepted --json | sed -n '2s/.*"message":"\([^"]*\)".*/\1/p')
    run at_now invoice resend "$accepted" --as QT01
    refused 1 'what was accepted is not sent again' 'accepted'
    run at_now invoice resend V0100000000X --as QT01
    refused 1 'a message that is not there' 'V0100000000X'
    plan '{"ask":["says-accepted"]}'
    run at_now invoice resend "$id" --as QT01
    refused 1 'accepted after it was refused' 'not refused'
    plan '{"ask":["half"]}'
    run at_now invoice resend "$id" --as QT01
    is_status 3 'a provider that cannot be asked: status 3'
    same "$(count queued)" 0 'so far nothing is sent again'
    run at_now invoice resend "$id" --as QT01
    is_status 0 'still refused: it is sent again'
    run at_now invoice resend "$id" --as QT01
    refused 1 'but not twice' 'refused'
    run at_now invoice resend "$too_large" --as QT01
    is_status 0 'what was too large is sent again'
    settle
    same "$(count accepted)" "$INVOICES" 'both are accepted under new ids'
    reported
    report_has "\"accepted\":$INVOICES," 'each document once'
    report_has '"breaches":[]' 'and the sender kept to the contract'
    run sangden audit list --json
    out_has 'invoice.resend' 'who sent it again stands in the audit chain'
    run sangden check
    is_status 0 'all invariants hold'

    new_store forgetful
    start_provider fresh
    signed_month K26TDN
    plan '{"post":["forget","forget"],"mode":"accept"}'
    settle
    verdict $? 'a provider that forgets: everything is settled'
    accepted_once 'a provider that forgets'
    stop_provider
}

# One pass, someone of which is killed at a random instant.
disturbed_pass() {
    local command children
    now_s=$((now_s + 7200))
    SANGDEN_NOW=$(date -u -d "@$now_s" +%Y-%m-%dT%H:%M:%SZ) \
        "$SANGDEN" invoice send --once --workers 3 --as QT01 >> said 2>&1 &
    command=$!
    sleep "0.$(printf '%03d' $((RANDOM % 150)))"
    mapfile -t children < <(pgrep -P "$command")
    if [ ${#children[@]} -gt 0 ] && [ $((RANDOM % 2)) -eq 0 ]; then
        kill -KILL "${children[RANDOM % ${#children[@]}]}" 2> /dev/null && kills=$((kills + 1))
    else
        kill -KILL "$command" 2> /dev/null && kills=$((kills + 1))
    fi
    wait "$command" 2> /dev/null
    for child in "${children[@]}"; do
        while kill -0 "$child" 2> /dev/null; do sleep 0.02; done
    done
}

# A sender that is killed while the provider, which has taken the message, does not answer.
killed_while_it_waits() {
    local command children
    start_provider fresh
    signed_month K26TDN
    plan '{"post":["silent"]}'
    now_s=$((now_s + 7200))
    SANGDEN_NOW=$(date -u -d "@$now_s" +%Y-%m-%dT%H:%M:%SZ) \
        "$SANGDEN" invoice send --once --as QT01 >> said 2>&1 &
    command=$!
    for _ in $(seq 100); do
        reported
        ! grep -qF '"taken":1,' report || break
        sleep 0.1
    done
    mapfile -t children < <(pgrep -P "$command")
    kill -KILL "${children[@]}" "$command"
    wait "$command" 2> /dev/null
    report_has '"taken":1,' 'the provider has it, the sender does not know'
    same "$(count unknown)" 1 'what was being sent may have arrived'
    settle
    accepted_once 'killed while it waits'
    stop_provider
}

is_settled() { [ "$(among 'queued|unknown|sent')" -eq 0 ]; }

# Senders are killed at random instants, the provider being as bad as it can and starting anew now
# and then; a month that is settled is followed by another, until there were enough kills.
nobody_is_sent_twice() {
    local kills=0 round month
    for month in $(seq $KILLS); do
        [ "$kills" -lt "$KILLS" ] || break
        new_store "killed$month"
        start_provider fresh
        signed_month K26TDN
        plan '{"mode":"wild:'$((RANDOM + 1))'"}'
        for round in $(seq "$KILLS"); do
            [ "$kills" -lt "$KILLS" ] || break
            disturbed_pass
            [ $((round % 5)) -eq 0 ] || continue
            [ "$(count accepted)" -eq 0 ] || ! is_settled || break
            stop_provider
            start_provider
            plan '{"mode":"wild:'$((RANDOM + 1))'"}'
        done
        settle --workers 2
        verdict $? "month $month is settled"
        accepted_once "month $month, senders killed"
        stop_provider
    done
    [ "$kills" -ge "$KILLS" ]
    verdict $? "$kills kills happened"
}

"$SANGDEN" invoice devkey --out "$dir/keys" --tax-code 0100000000-001 > "$out" 2> "$err"
verdict $? 'a development key is made'
on_both_stores sends_to_whoever
on_both_stores speaks_tls
on_both_stores one_bad_document_stops_no_other
on_both_stores notices_are_sent
on_both_stores notice_kinds_are_shown
on_both_stores runs_until_stopped
on_both_stores rests_until_a_date
on_both_stores ends_between_two_messages
on_both_stores refusals_are_kept
on_both_stores killed_while_it_waits
on_both_stores nobody_is_sent_twice
! grep -rqF "$TOKEN" said .out .err
verdict $? 'the token stands in no output'
! grep -qF "$TOKEN" ./*.db ./*.db-wal 2> /dev/null
verdict $? 'and in no store'
finish
