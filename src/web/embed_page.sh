#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Makes the page in one file a part of the program. usage: embed_page.sh CALCULATOR_FOLDER OUTPUT
set -eu
page=$(readlink -f "$1")/may-tinh-tien-dien.html
[ -s "$page" ] || { echo "$page was not built" >&2; exit 1; }
{
    echo '.section .note.GNU-stack,"",%progbits'
    echo '.section .rodata'
    echo '.globl web_calculator_page, web_calculator_page_end'
    echo "web_calculator_page: .incbin \"$page\""
    echo 'web_calculator_page_end: .byte 0'
} > "$2"
