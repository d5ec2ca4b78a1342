#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The units of deploy/ are understood by systemd, start commands that the program has, and keep what
# they promise. usage: units.sh SANGDEN DEPLOY-FOLDER
set -u
sangden=$(readlink -f "$1") deploy=$2 number=0 failed=0
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

verdict() {
    number=$((number + 1))
    if [ "$1" -eq 0 ]; then echo "ok $number - $2"; return; fi
    failed=1
    echo "not ok $number - $2"
    [ ! -s "$dir/out" ] || sed 's/^/# /' "$dir/out"
}

for unit in sangden.service sangden-work.service; do
    command=$(sed -n 's|^ExecStart=/usr/bin/sangden \([a-z]*\).*|\1|p' "$deploy/$unit")
    "$sangden" "$command" --help > "$dir/out" 2>&1
    verdict $? "$unit starts a command that there is: $command"
    for line in DynamicUser=yes ProtectSystem=strict NoNewPrivileges=yes 'MemoryMax=[0-9]+G' \
        Type=notify 'WatchdogSec=[0-9]+'; do
        grep -qE "^$line\$" "$deploy/$unit"
        verdict $? "$unit: $line"
    done
done

if ! command -v systemd-analyze > "$dir/out"; then
    echo "ok $((number + 1)) - systemd takes the units # SKIP systemd-analyze is not installed"
    number=$((number + 1))
else
    # The program stands elsewhere while it is tested.
    cp "$deploy"/*.service "$deploy"/*.socket "$dir"
    sed -i "s|/usr/bin/sangden|$sangden|" "$dir"/*.service
    for unit in sangden.socket sangden.service sangden-work.service; do
        (cd "$dir" && SYSTEMD_UNIT_PATH="$dir:" systemd-analyze verify --man=no "./$unit") > "$dir/out" 2>&1
        status=$?
        # What other packages' units say of themselves is not ours.
        ! grep -E "$dir|sangden" "$dir/out" > "$dir/ours" && [ "$status" -eq 0 ]
        verdict $? "systemd takes $unit"
    done
    for unit in sangden.service sangden-work.service; do
        systemd-analyze security --offline=true --threshold=25 "$dir/$unit" > "$dir/out" 2>&1
        verdict $? "$unit is exposed by less than 2.5 of 10"
    done
fi
echo "1..$number"
exit $failed
