/* SPDX-License-Identifier: Apache-2.0 */
/* A store with people in it, for the tests of this room: QT01 administrates everywhere. */
#ifndef SANGDEN_TESTS_IDENTITY_PEOPLE_H
#define SANGDEN_TESTS_IDENTITY_PEOPLE_H

#include "support/stores.h"

#include <string.h>

#include "base/clock.h"
#include "base/date.h"
#include "identity/password.h"
#include "identity/staff.h"

static struct err err;
static struct arena arena;

enum { PEOPLE_DAY = 20636 }; /* 2026-07-02 */

/* Passwords cost next to nothing here, where their strength is not what is tested. */
static inline void cheap_passwords(struct db *db)
{
    run_sql(db, "INSERT INTO identity_parameter (unit_id, name, valid_from, entry_no, state, "
                "recorded_at, actor_id, value_i64, source) VALUES "
                "(0, 'password_memory_kib', '2000-01-01', 1, 'set', 1, 1, 8, 'test'), "
                "(0, 'password_passes', '2000-01-01', 1, 'set', 1, 1, 1, 'test')");
}

static inline struct actor person(struct db *db, const char *code)
{
    struct actor actor;
    MUST(actor_resolve(db, &arena, str_of(code), S(""), PEOPLE_DAY, &actor, &err));
    return actor;
}

/* The clock stands at noon of PEOPLE_DAY; arena_release and clock_freeze(-1) at the end. */
static inline struct db *with_administrator(void **state, struct actor *out)
{
    struct db *db = test_db(state);
    int64_t staff_id;
    arena_init(&arena, 8 << 20);
    clock_freeze(vietnam_midnight_ms(PEOPLE_DAY) + 12 * 3600 * 1000);
    MUST(db_begin(db, &err));
    MUST(staff_found(db, S("QT01"), S("Trần Văn An"), S(""), PEOPLE_DAY - 100, &staff_id, &err));
    MUST(db_commit(db, &err));
    cheap_passwords(db);
    *out = person(db, "QT01");
    return db;
}

static inline void people_done(void)
{
    clock_freeze(-1);
    arena_release(&arena);
}

/* Adds a person with a role at every unit. */
static inline struct actor with_person(struct db *db, const struct actor *by, const char *code,
                                       enum role role)
{
    int64_t staff_id;
    struct staff_entry entry = {
        .code = str_of(code), .name = S("Lê Thị Bình"), .from_day = PEOPLE_DAY - 50};
    struct role_change change = {.code = str_of(code), .role = role, .from_day = PEOPLE_DAY - 50};
    MUST(db_begin(db, &err));
    MUST(staff_add(db, by, &entry, &staff_id, &err));
    MUST(staff_change_role(db, by, &change, &err));
    MUST(db_commit(db, &err));
    return person(db, code);
}

/* Every refusal speaks both languages and says what to do. */
static inline void refused(err_t e, err_t expected)
{
    assert_int_equal(e, expected);
    assert_true(err.vi.message[0] != '\0' && err.en.message[0] != '\0');
    assert_true(err.vi.hint[0] != '\0' && err.en.hint[0] != '\0');
}

#endif
