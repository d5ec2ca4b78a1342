#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Kills workers, the command itself and the PostgreSQL postmaster at random instants while invoices
# get their numbers and signatures, resumes, and compares every number with that of a month that
# nobody disturbed: none missing, none twice, each on the same bill.
#
#   CUSTOMERS (800), KILLS (4) per store, SEED (1) repeat a failure
unset SANGDEN_TEST_POSTGRES # a cluster of this test's own, because its postmaster is killed
. "$(dirname "$0")/../cli/lib.sh"
. "$here/../support/month.sh"
. "$here/../support/disturb.sh"
disturbed=invoices completed=invoices written=list_to
CUSTOMERS=${CUSTOMERS:-800}
KILLS=${KILLS:-4}
BOOK=100
RANDOM=${SEED:-1}
export SANGDEN_INVOICE_KEY=$dir/keys/development-key.pem

# invoices NAME: the command of a phase, in place of this shell.
invoices() {
    case $1 in
    numbers) exec "$SANGDEN" invoice issue --month 2026-10 --numbers-only --workers 3 --as QT01 ;;
    sign) exec "$SANGDEN" invoice issue --month 2026-10 --workers 3 --lease 2 --as QT01 ;;
    esac
}

billed_month() {
    prepare 1 && (phase run) && (phase issue) || return 1
    "$SANGDEN" import sellers - --as QT01 <<< 'unit,legal_name,tax_code,address,from
PD0100,Công ty mẫu,0100000000-001,"Số 1, phố Mẫu",2020-01-01' &&
        "$SANGDEN" invoice series add --unit PD0100 --symbol K26TDN --as QT01 &&
        "$SANGDEN" invoice series release --unit PD0100 --symbol K26TDN --as NV03
} > "$out" 2> "$err"

# Number, day, bill, amounts and state of every invoice.
list_to() { "$SANGDEN" invoice list --month 2026-10 > "$1" 2> "$err"; }

round_of_invoices() {
    local try
    billed_month || return 1
    # A part of the time each, since what was done before a kill stays done: so that most hit work.
    for try in 1 2 3 4 5 6; do disturb numbers $((numbers_ms / 3)); done
    resume numbers || return 1
    for try in 1 2 3 4; do disturb sign $((sign_ms / 2)); done
    resume sign
}

no_number_is_lost_or_doubled() {
    local numbers_ms sign_ms
    billed_month
    verdict $? 'a month is billed'
    measure numbers; numbers_ms=$lasts
    is_status 0 'numbers that nobody disturbs'
    measure sign; sign_ms=$lasts
    is_status 0 'signatures that nobody disturbs'
    list_to "$dir/$store.undisturbed"
    same "$(grep -c '^1K26TDN-' "$dir/$store.undisturbed")" \
        "$((CUSTOMERS - CUSTOMERS / 11))" 'a number for every bill'
    rounds round_of_invoices numbers
}
"$SANGDEN" invoice devkey --out "$dir/keys" --tax-code 0100000000-001 > "$out" 2> "$err"
verdict $? 'a development key is made'
on_both_stores no_number_is_lost_or_doubled
engines_agree numbers
finish
