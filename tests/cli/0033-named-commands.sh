#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Every command that a document or a remedy names exists, with the options named beside it.
. "$(dirname "$0")/lib.sh"
root=$here/../..

# options[COMMAND] and groups[GROUP], as the completion knows them.
declare -A options=() groups=()
while IFS= read -r line; do
    [[ $line =~ ^\ +\[\"([a-z\ -]+)\"\]=\"(.*)\"$ ]] || continue
    name=${BASH_REMATCH[1]} options[$name]="${BASH_REMATCH[2]} "
    while [[ $name == *' '* ]]; do name=${name% *} groups[$name]=yes; done
done < <(sangden help --completion)
[ "${#options[@]}" -gt 90 ]; verdict $? 'commands are known'

# The longest command in front of the words given, in $found; none when they name no command.
find_command() {
    local words=$1
    while [ -n "$words" ]; do
        [ -z "${options[$words]+x}" ] || { found=$words; return 0; }
        [ -z "${groups[$words]+x}" ] || [ "$words" != "$1" ] || { found=; return 0; }
        [[ $words == *' '* ]] || return 1
        words=${words% *}
    done
}

# check_mention FILE TEXT: TEXT begins behind "sangden ".
check_mention() {
    local words='' word
    for word in $2; do
        [[ $word =~ ^[a-z][a-z-]*$ ]] || break
        words="${words:+$words }$word"
    done
    [ -n "$words" ] || return 0
    mentions=$((mentions + 1))
    if ! find_command "$words"; then
        printf '# %s: no command: sangden %s\n' "$1" "$words"
        wrong=$((wrong + 1))
        return 0
    fi
    [ -n "$found" ] || return 0
    while read -r word; do
        case ${options[$found]} in *" $word "*) continue ;; esac
        printf '# %s: sangden %s has no %s\n' "$1" "$found" "$word"
        wrong=$((wrong + 1))
    done < <(grep -oE -e '--[a-z][a-z-]*' <<< "$2")
}

# check_all NAME LEAST: reads "FILE:TEXT" and counts what is named.
check_all() {
    mentions=0 wrong=0
    while IFS=: read -r file text; do check_mention "$file" "${text#sangden }"; done
    [ "$wrong" -eq 0 ] && [ "$mentions" -ge "$2" ]; verdict $? "$1: $mentions named, $wrong wrong"
}

# What stands between backquotes, and the lines of shell blocks.
in_documents() {
    local file
    for file in "$root"/*.md "$root"/docs/*.md "$root"/docs/decisions/*.md "$root"/src/*/README.md; do
        tr '\n' ' ' < "$file" | grep -oE '`(sangden [^`]+)`' | tr -d '`' | sed "s|^|${file##*/}:|"
        grep -E '^sangden ' "$file" | sed "s/ *#.*//; s|^|${file##*/}:|"
    done
}
check_all 'documents' 60 < <(in_documents)

# What messages and remedies say, their pieces joined; not what is hashed or generated.
in_sources() {
    local file
    for file in "$root"/src/*/*.c "$root"/src/*/*.def; do
        case $file in */completion.c | */man.c | */identity/audit.c) continue ;; esac
        sed -z 's/"[[:space:]]*"//g' "$file" | grep -oE 'sangden [a-z][^";,:()|“”]*' |
            sed "s|^|${file##*/}:|"
    done
}
check_all 'sources' 150 < <(in_sources)
finish
