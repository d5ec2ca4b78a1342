#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Makes the calculator a part of the program: the page in one file, and the hosted page with its
# files and their compressed forms as a table of struct http_asset.
# usage: embed_page.sh CALCULATOR_FOLDER OUTPUT.S OUTPUT.c
set -eu
folder=$(readlink -f "$1")
page=$folder/may-tinh-tien-dien.html
[ -s "$page" ] || { echo "$page was not built" >&2; exit 1; }

# include NAME FILE
include() {
    printf '.globl %s, %s_end\n%s: .incbin "%s"\n%s_end: .byte 0\n' "$1" "$1" "$1" "$2" "$1"
}

type_of() {
    case $1 in
        *.html) echo 'text/html; charset=utf-8' ;;
        *.js) echo 'text/javascript; charset=utf-8' ;;
        *.css) echo 'text/css; charset=utf-8' ;;
        *.svg) echo 'image/svg+xml' ;;
        *.png) echo 'image/png' ;;
        *.wasm) echo 'application/wasm' ;;
        *.woff2) echo 'font/woff2' ;;
        *.webmanifest) echo 'application/manifest+json' ;;
        *) echo "embed_page.sh: no type for $1" >&2; exit 1 ;;
    esac
}

{
    echo '.section .note.GNU-stack,"",%progbits'
    echo '.section .rodata'
    include web_calculator_page "$page"
} > "$2"
{
    echo '/* From embed_page.sh. */'
    echo '#include "http/http.h"'
} > "$3"

# The program has more than this page: the ways in, below its head.
house='<nav class="house" aria-label="Sáng Đèn"><a href="/dang-nhap" data-en="Sign in">Đăng nhập</a><a href="/kiem-chung" data-en="Verify a bill">Kiểm chứng</a><a href="/tro-giup" data-en="Help">Trợ giúp</a></nav>'
index=$(dirname "$(readlink -f "$2")")/calculator_index.html
sed "s|<!-- HOUSE -->|$house|" "$folder/index.html" > "$index"
grep -q 'class="house"' "$index" || { echo "$folder/index.html has no place for the ways in" >&2; exit 1; }
gzip -9 -n -c "$index" > "$index.gz"

rows='' number=0
for file in "$folder/index.html" "$folder/sw.js" "$folder"/assets/*; do
    case $file in *.gz) continue ;; esac
    number=$((number + 1)) name=web_calculator_file_$number
    path=${file#"$folder"} immutable=false packed='{NULL, 0}'
    case $path in /index.html) path=/ ;; /assets/*) immutable=true ;; esac
    type=$(type_of "$file")
    case $path in /) file=$index ;; esac
    tag=$(sha256sum "$file" | cut -c 1-20)
    include "$name" "$file" >> "$2"
    if [ -f "$file.gz" ]; then
        include "${name}_gz" "$file.gz" >> "$2"
        echo "extern const char ${name}_gz[];" >> "$3"
        packed="{${name}_gz, $(stat -c %s "$file.gz")}"
    fi
    echo "extern const char ${name}[];" >> "$3"
    rows="$rows    {\"$path\", \"$type\", \"\\\"$tag\\\"\",
     {$name, $(stat -c %s "$file")}, $packed, $immutable},
"
done
{
    echo 'extern const struct http_asset web_calculator_assets[];'
    echo 'extern const size_t web_calculator_asset_count;'
    echo 'const struct http_asset web_calculator_assets[] = {'
    printf '%s};\n' "$rows"
    echo 'const size_t web_calculator_asset_count = ARRAY_COUNT(web_calculator_assets);'
} >> "$3"
