/* SPDX-License-Identifier: Apache-2.0 */
/* Passwords of the demonstration's staff, through the same doors as everybody's. */
#include "app/demo/demo_people.h"
#include "base/clock.h"
#include "base/date.h"
#include "identity/credential.h"

enum { PASSWORD_BITS = DEMO_PASSWORD_CHARACTERS * CODE_CHARACTER_BITS };

/* The password that the file has for a person: "CODE password" on a line. */
static bool find_in_file(struct str file, struct demo_password *p)
{
    struct str line, code;
    while (str_split(&file, '\n', &line)) {
        if (!str_split(&line, ' ', &code) || !str_equal(code, p->code)) continue;
        return code_read(str_trim(line), DEMO_PASSWORD_CHARACTERS, p->password);
    }
    return false;
}

static err_t is_good(struct db *db, struct arena *arena, const struct demo_password *p, bool *out,
                     struct err *err)
{
    struct credential_proof proof;
    err_t e = credential_prove(db, arena, p->code, str_of(p->password), vietnam_day(clock_now_ms()),
                               &proof, err);
    if (e == OK) *out = proof.right && !proof.must_change;
    return e;
}

static err_t set_new(struct db *db, struct arena *arena, const struct actor *boss,
                     struct demo_password *p, struct err *err)
{
    unsigned char bytes[(PASSWORD_BITS + 7) / 8];
    struct invitation invitation;
    random_bytes(bytes, sizeof bytes);
    code_write(bytes, DEMO_PASSWORD_CHARACTERS, p->password);
    p->fresh = true;
    err_t e = db_begin(db, err);
    if (e == OK) e = credential_invite(db, boss, p->code, &invitation, err);
    if (e == OK) e = db_commit(db, err);
    if (e != OK) {
        db_rollback(db);
        return e;
    }
    return credential_set_up(db, arena, p->code, str_of(invitation.code), str_of(p->password),
                             vietnam_day(clock_now_ms()), err);
}

err_t demo_passwords(struct db *db, struct arena *arena, const struct actor *boss, struct str file,
                     struct demo_password **out, size_t *out_count, bool *out_changed,
                     struct err *err)
{
    size_t count = demo_people_count + 1;
    struct demo_password *list = ARENA_ARRAY(arena, struct demo_password, count);
    err_t e = list == NULL ? err_memory(err) : OK;
    *out_changed = false;
    for (size_t i = 0; i < count && e == OK; i++) {
        bool good = false;
        list[i] = (struct demo_password){.code = i < demo_people_count ? str_of(demo_people[i].code)
                                                                       : boss->code};
        if (find_in_file(file, &list[i])) e = is_good(db, arena, &list[i], &good, err);
        if (e == OK && !good) e = set_new(db, arena, boss, &list[i], err);
        *out_changed = *out_changed || list[i].fresh;
    }
    *out = list;
    *out_count = count;
    return e;
}

void buf_add_demo_passwords(struct buf *out, const struct demo_password *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        buf_printf(out, "%.*s %s\n", STR_ARG(list[i].code), list[i].password);
}
