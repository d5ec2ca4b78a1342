# SPDX-License-Identifier: Apache-2.0
# A month of CUSTOMERS customers in books of BOOK, phase by phase, from meters to closed figures.
# Read after tests/cli/lib.sh by scripts that disturb a phase and compare with a month that nobody
# disturbed. FILL_STORE is the program that writes the customers.

# prepare STATE: a store with customers and meters, with (read) or without (unread) the readings of
# the month, and three people who sign.
prepare() {
    "$SANGDEN" init --kind test --as QT01 --name 'Quản trị' > "$out" 2> "$err" || return 1
    for leader in NV02:team_leader NV03:billing_leader; do
        "$SANGDEN" staff add "${leader%:*}" --name 'Người ký' --as QT01 > "$out" 2> "$err" &&
            "$SANGDEN" staff role "${leader%:*}" "${leader#*:}" --as QT01 > "$out" 2> "$err" ||
            return 1
    done
    "$FILL_STORE" "$SANGDEN_STORE" "$CUSTOMERS" "$BOOK" 202610 "$1" 1 || return 1
    # A load of this size is followed by what autovacuum would do.
    [ "${SANGDEN_STORE%%:*}" = sqlite ] || psql -q "$SANGDEN_STORE" -c ANALYZE
}

# sign: every book by the three of them.
sign() {
    local code
    for number in $(seq $(((CUSTOMERS + BOOK - 1) / BOOK))); do
        code=$(printf 'S%011d' "$number")
        "$SANGDEN" book sign "$code" --month 2026-10 --role reader --as QT01 &&
            "$SANGDEN" book sign "$code" --month 2026-10 --role team_leader --as NV02 &&
            "$SANGDEN" book sign "$code" --month 2026-10 --role billing_leader --as NV03 ||
            return 1
    done > "$out" 2> "$err"
}

# readings_of_month: the file that phase import brings in, with the readings that state read has.
readings_of_month() {
    awk -v customers="$CUSTOMERS" 'BEGIN {
        print "meter,register,date,value"
        for (n = 1; n <= customers; n++) {
            kwh = 30 + n * 37 % 571; peak = int(kwh / 5); off = int(kwh / 4)
            if (n % 25 != 0) printf "M%011d,KT,2026-10-31,%d\n", n, 1000 + kwh
            else printf "M%011d,BT,2026-10-31,%d\nM%011d,CD,2026-10-31,%d\nM%011d,TD,2026-10-31,%d\n",
                        n, 1000 + kwh - peak - off, n, 1000 + peak, n, 1000 + off
        } }'
}

# phase NAME: the command of a phase, in place of this shell.
phase() {
    case $1 in
    import) exec "$SANGDEN" import readings "$dir/readings.csv" --unit PD0100 --as QT01 ;;
    close) exec "$SANGDEN" bill close --all --month 2026-10 --unit PD0100 --as QT01 ;;
    run) exec "$SANGDEN" bill run --month 2026-10 --workers 3 --lease 2 --as QT01 ;;
    issue) exec "$SANGDEN" bill issue --run 20261001 --workers 3 --lease 2 --as QT01 ;;
    month) exec "$SANGDEN" month close --month 2026-10 --unit PD0100 --as QT01 ;;
    esac
}

export_to() { "$SANGDEN" bill export --run 20261001 --canonical > "$1" 2> "$err"; }
