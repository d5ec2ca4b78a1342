#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Draws the pictures of the README from what the program really shows and prints: docs/pictures/make.sh
set -euo pipefail
cd "$(dirname "$0")/../.."
sangden=$PWD/build/sangden

# show COMMAND...: the command line as typed, then what it prints, cut to the width of the picture.
show() {
    printf '$ %s\n' "$1"
    PATH=$PWD/build:$PATH bash -c "$1" 2>&1 | grep -v "^progress\|^— dữ liệu" |
        sed 's/\[{/[\n  {/; s/},{/},\n  {/g; s/}\],/}],\n /; s/"tier"/\n   &/g; s/"warnings"/\n &/' |
        LC_ALL=C.UTF-8 sed -E 's/^(.{111}).+/\1…/'
}

[ -x "$sangden" ] || ./dev build
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
export SANGDEN_STORE=sqlite:$folder/demonstration.db

{
    show "echo '{\"month\":\"2026-07\",\"usage\":{\"kwh\":\"461\"},\"uses\":[{\"category\":\"SH\",\"share\":\"100\"}]}' | sangden calc"
    show 'sangden words 1388405'
} | awk -f docs/pictures/terminal.awk > docs/pictures/calc.svg

{
    show 'sangden demo --customers 2000 --months 4 --seed 1 --until 2026-10'
    show 'sangden bill run --month 2026-10 --as HOADON'
    book=$($sangden book list --month 2026-10 --as HOADON | awk '/đã chốt/ {print $1; exit}')
    show "sangden book sign $book --month 2026-10 --role reader --as GHICHISO"
    show "sangden book sign $book --month 2026-10 --role team_leader --as TOTRUONG"
    show "sangden book sign $book --month 2026-10 --role billing_leader --as TRUONGHD"
    show 'sangden bill issue --run 20261002 --as TRUONGHD'
    show 'sangden bill show PZ0001-26101-5-5-K1'
    show 'sangden bill verify --month 2026-10'
} | awk -f docs/pictures/terminal.awk > docs/pictures/bill-run.svg

node docs/pictures/faces.mjs "$sangden" docs/pictures
node docs/pictures/page.mjs build/calculator docs/pictures/calculator.png
export SANGDEN_STORE=sqlite:$folder/bill.db
"$sangden" demo --customers 200 --months 26 --seed 1 --until 2026-07 > "$folder/said" 2>&1
"$sangden" invoice pdf PZ0001-26071-2-2-K1 --out "$folder/bill.pdf" > "$folder/said" 2>&1
pdftoppm -r 110 -singlefile "$folder/bill.pdf" "$folder/bill"
python3 docs/pictures/palette.py < "$folder/bill.ppm" > docs/pictures/bill.png
