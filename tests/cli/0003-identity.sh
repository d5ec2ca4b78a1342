#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Stores are set up, people get roles, what is not granted is refused, the record cannot be changed.
. "$(dirname "$0")/lib.sh"

people_and_roles() {
    run sangden staff list
    [ "$status" -ne 0 ]; verdict $? 'a store that is not set up is refused'
    err_has 'sangden init' 'with the remedy'

    run sangden init --kind good
    refused 2 'an unknown kind of store' 'demonstration'
    run sangden init --kind test --as NV01 --name 'Trần Văn An'
    is_status 0 'a store is set up'
    run sangden init --kind test --as NV01 --json
    is_status 0 'a second time changes nothing'
    out_has '"made":false' 'and says so'
    run sangden init --kind real --as NV01
    refused 1 'the kind of a store stays' 'test'
    run sangden staff list --json
    out_has '"code":"NV01","name":"Trần Văn An"' 'the first person is there'
    out_has '"role":"administrator"' 'as administrator'

    run sangden staff add NV02 --name 'Lê Thị Bình' --os-user nobody-here
    is_status 0 'a person is added, by the account that made the store'
    run sangden staff add NV02 --name 'Người khác'
    refused 1 'a code is given once' 'NV02'
    run sangden staff role NV02 billing_clerk --from 2026-01-01
    is_status 0 'and gets a role'
    run sangden staff role NV02 boss
    refused 2 'an unknown role' 'billing_leader'
    run sangden staff role NV02 cashier --unit PD0100
    refused 1 'an unknown unit' 'PD0100'
    run sangden staff role NV02 cashier --organisation PD01
    refused 1 'an unknown organisation' 'PD01'
    run sangden staff role NV02 cashier --organisation PD01 --unit PD0100
    refused 2 'two scopes at once' '--organisation'
    run sangden staff add NV03 --name 'Phạm C' --as NV02
    refused 1 'what is not granted' 'administrator'
    run sangden staff add NV03 --name 'Phạm C' --as NV99
    refused 1 'somebody unknown' 'NV99'
    run sangden staff leave NV01
    refused 1 'the last administrator' 'administrator'
    run sangden staff list
    out_has 'Lê Thị Bình' 'the list names people'

    run sangden audit anchor --json
    is_status 0 'the chain is anchored'
    out_has '"made":true' 'once a day'
    run sangden check
    is_status 0 'all invariants hold'
    out_has 'audit.chain' 'the chain among them'
    run sangden check --json
    out_lacks '"holds":false' 'also as JSON'
    run sangden audit list --stream identity --json
    is_status 0 'the chain is listed'
    out_has '"actor":"NV01"' 'with who acted'
    out_has '"action":"role.give","subject":"NV02"' 'and what was done'
    run sangden audit list --to 2020-01-01
    out_empty 'nothing was done before the beginning'
    run sangden audit list --from 2026-02-30
    refused 2 'a day that does not exist' '2026-02-30'
    run sangden approval list --all --json
    out_is '[]' 'nothing waits for approval'
    run sangden upgrade
    is_status 0 'upgrading a store of this version changes nothing'
}
on_both_stores people_and_roles

broken_chain() {
    sangden init --kind test > "$out" 2> "$err"
    sangden staff add NV02 --name B > "$out" 2> "$err"
    forge='UPDATE audit_entry SET actor_id = 77 WHERE seq = 2'
    if [ "$store" = SQLite ]; then
        command -v sqlite3 > /dev/null || return
        sqlite3 "${SANGDEN_STORE#sqlite:}" "$forge" 2> /dev/null
        [ $? -ne 0 ]; verdict $? 'a link cannot be changed'
        sqlite3 "${SANGDEN_STORE#sqlite:}" "DROP TRIGGER audit_entry_no_update; $forge"
    else
        psql -q "$SANGDEN_STORE" -c "$forge" > /dev/null 2>&1
        [ $? -ne 0 ]; verdict $? 'a link cannot be changed'
        psql -q "$SANGDEN_STORE" -c 'ALTER TABLE audit_entry DISABLE TRIGGER ALL' -c "$forge"
    fi
    run sangden check
    is_status 1 'a forged link fails the check'
    out_has 'unit 0, stream identity, link 2' 'which names it'
    err_has 'Remedy:' 'and says what to do'
}
on_both_stores broken_chain

# The database of the store in use takes SQL past the program, without its triggers.
tamper() {
    if [ "$store" = SQLite ]; then
        sqlite3 "${SANGDEN_STORE#sqlite:}" "DROP TRIGGER IF EXISTS audit_entry_no_delete;
            DROP TRIGGER IF EXISTS audit_anchor_no_delete;
            DROP TRIGGER IF EXISTS audit_anchor_head_no_delete; $1"
    else
        psql -q "$SANGDEN_STORE" -c "SET session_replication_role = replica; $1"
    fi
}

cut_chain() {
    [ "$store" != SQLite ] || command -v sqlite3 > /dev/null || return
    sangden init --kind test --as QT01 > "$out" 2> "$err"
    sangden staff add NV02 --name B > "$out" 2> "$err"
    run sangden audit anchor --json
    line=$(sed 's/.*"hash":"\([^"]*\)".*/\1/' "$out")
    run sangden audit prove "$line" --json
    is_status 0 'the line of the day proves the chain'
    out_has '"links":2' 'and tells its length'
    run sangden audit prove "${line%?}"
    refused 1 'a line cut short' 'HASH'
    run sangden audit prove "$(printf %064d 0)"
    refused 1 'a line that was never printed' 'No anchor'
    sangden staff add NV03 --name C > "$out" 2> "$err"
    head="seq = 1, hash = (SELECT hash FROM audit_entry WHERE stream = 'identity' AND seq = 1)"
    tamper "DELETE FROM audit_entry WHERE stream = 'identity' AND seq = 3; UPDATE audit_head SET
        seq = 2, hash = (SELECT hash FROM audit_entry WHERE stream = 'identity' AND seq = 2)
        WHERE stream = 'identity'"
    run sangden check
    is_status 1 'links cut off behind the last anchor, the head with them'
    out_has '- NV03' 'are missed by what they were for'
    tamper 'DELETE FROM audit_anchor'
    run sangden check
    out_has 'the anchor of this link is gone' 'an anchor cut off is missed'
    tamper "DELETE FROM audit_anchor_head; DELETE FROM audit_entry WHERE stream = 'identity' AND
        seq > 1; UPDATE audit_head SET $head WHERE stream = 'identity'"
    run sangden audit prove "$line"
    refused 1 'a past rewritten whole' 'No anchor'
}
on_both_stores cut_chain

clock() {
    SANGDEN_NOW=2026-03-01T08:00:00+07:00 run sangden init --kind real
    refused 1 'a real store is not made in another time' 'SANGDEN_NOW'
    run sangden init
    is_status 0 'it is made in this time'
    SANGDEN_NOW=2026-03-01T08:00:00+07:00 run sangden staff add NV02 --name B
    refused 1 'nor changed in another' 'SANGDEN_NOW'
    SANGDEN_NOW=2026-03-01T08:00:00+07:00 run sangden staff list --date 2030-01-01
    is_status 0 'but read'
}
on_both_stores clock

test_clock() {
    SANGDEN_NOW=2026-03-01T08:00:00+07:00 run sangden init --kind test
    is_status 0 'a test store lives in its own time'
    SANGDEN_NOW=2026-03-02T08:00:00+07:00 run sangden staff add NV02 --name B
    is_status 0 'and is changed in it'
    run sangden staff list --json
    out_has '"from":"2026-03-02"' 'by its clock'
}
on_both_stores test_clock

run sangden fields --json
out_has '"table":"party","field":"identity_no","privacy":"personal"' 'personal data are named'
is_status 0 'the data dictionary needs no store'
out_has '"table":"staff_fact","field":"name","privacy":"personal"' 'names are personal data'
out_has '"field":"sensitive","privacy":"sensitive"' 'reasons of a priority supply are sensitive'
run sangden fields
out_has 'Họ và tên nhân viên' 'in both languages'

SANGDEN_STORE=mysql://here run sangden staff list
[ "$status" -ne 0 ]; verdict $? 'an unknown kind of address is refused'
err_has 'SANGDEN_STORE' 'by name'
finish
