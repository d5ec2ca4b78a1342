#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Draws the pictures of the README from what the program really prints: docs/pictures/make.sh
set -euo pipefail
cd "$(dirname "$0")/../.."
sangden=$PWD/build/sangden

# show COMMAND...: the command line as typed, then what it prints, cut to the width of the picture.
show() {
    printf '$ %s\n' "$1"
    PATH=$PWD/build:$PATH bash -c "$1" 2>&1 |
        sed 's/\[{/[\n  {/; s/},{/},\n  {/g; s/}\],/}],\n /; s/"tier"/\n   &/g; s/"warnings"/\n &/' |
        LC_ALL=C.UTF-8 sed -E 's/^(.{111}).+/\1…/'
}

[ -x "$sangden" ] || ./dev build
{
    show "echo '{\"month\":\"2026-07\",\"usage\":{\"kwh\":\"461\"},\"uses\":[{\"category\":\"SH\",\"share\":\"100\"}]}' | sangden calc"
    show 'sangden words 1388405'
} | awk -f docs/pictures/terminal.awk > docs/pictures/calc.svg
