#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Collects src/<room>/migrations/NNNN_name.sql, ordered by number, into one assembler file.
# usage: embed_migrations.sh SOURCE_ROOT OUTPUT DEPFILE
set -eu
source_root=$1 output=$2 depfile=$3
files=$(find "$source_root" -path '*/migrations/[0-9][0-9][0-9][0-9]_*.sql' |
        awk -F/ '{print $NF " " $0}' | LC_ALL=C sort | cut -d' ' -f2-)
duplicate=$(for file in $files; do basename "$file" | cut -c1-4; done | uniq -d)
[ -z "$duplicate" ] || { echo "two migrations with number $duplicate" >&2; exit 1; }
{
    echo '.section .note.GNU-stack,"",%progbits'
    echo '.section .rodata'
    count=0
    for file in $files; do
        echo "name$count: .ascii \"$(basename "$file" .sql)\""
        echo "name_end$count:"
        echo "text$count: .incbin \"$file\""
        echo "text_end$count:"
        count=$((count + 1))
    done
    echo '.section .data.rel.ro,"aw"'
    echo '.balign 8'
    echo '.globl store_migrations'
    echo 'store_migrations:'
    count=0
    for file in $files; do
        number=$(basename "$file" | sed 's/_.*//; s/^0*//')
        echo ".8byte $number, name$count, name_end$count - name$count"
        echo ".8byte text$count, text_end$count - text$count"
        count=$((count + 1))
    done
    echo '.globl store_migration_count'
    echo "store_migration_count: .8byte $count"
} > "$output"
# A new file changes its folder, a new folder changes its room: both bring this script back.
{
    printf '%s:' "$output"
    for path in $files "$source_root" "$source_root"/* "$source_root"/*/migrations; do
        [ -e "$path" ] && printf ' %s' "$path"
    done
    echo
} > "$depfile"
