/* SPDX-License-Identifier: Apache-2.0 */
/* Units by their codes: one, all of them in order, and the remedy where there is none. */
#include "support/stores.h"

#include "base/date.h"
#include "network/network.h"
#include "network/unit_list.h"

static struct err err;

static struct db *with_units(void **state)
{
    struct db *db = test_db(state);
    static const char *const codes[] = {"PD0200", "PD0100"};
    MUST(db_begin(db, &err));
    for (size_t i = 0; i < ARRAY_COUNT(codes); i++) {
        int64_t unit_id;
        struct unit_new unit = {
            .code = str_of(codes[i]), .name = S("A"), .opened_day = day_from_civil(2020, 1, 1)};
        MUST(unit_add(db, &unit, 1, &unit_id, &err));
    }
    MUST(db_commit(db, &err));
    return db;
}

static void units_come_by_their_codes(void **state)
{
    struct db *db = with_units(state);
    struct arena arena;
    struct unit_list all, one;
    int64_t unit_id = 0;
    arena_init(&arena, 64 * 1024);
    MUST(unit_known(db, S(""), &err));
    MUST(unit_list_load(db, &arena, S(""), &all, &err));
    assert_int_equal(all.count, 2);
    assert_true(all.items[0].unit_id < all.items[1].unit_id);
    assert_string_equal(all.items[0].code.p, "PD0200");
    MUST(unit_list_load(db, &arena, S("PD0100"), &one, &err));
    assert_int_equal(one.count, 1);
    assert_string_equal(one.items[0].code.p, "PD0100");
    assert_false(unit_list_has(&one, all.items[0].unit_id));
    assert_true(unit_list_has(&all, one.items[0].unit_id));
    MUST(unit_require(db, S("PD0100"), &unit_id, &err));
    assert_int_equal(unit_id, one.items[0].unit_id);
    arena_release(&arena);
}

static void refused(err_t e)
{
    assert_int_equal(e, E_NOT_FOUND);
    assert_string_equal(err.field, "unit");
    assert_true(err.vi.hint[0] != '\0' && err.en.hint[0] != '\0');
}

static void an_unknown_code_is_refused(void **state)
{
    struct db *db = with_units(state);
    struct arena arena;
    struct unit_list units = {0};
    int64_t unit_id = 7;
    arena_init(&arena, 64 * 1024);
    refused(unit_require(db, S("PD0300"), &unit_id, &err));
    refused(unit_require(db, S(""), &unit_id, &err));
    refused(unit_known(db, S("PD0300"), &err));
    refused(unit_list_load(db, &arena, S("PD0300"), &units, &err));
    assert_int_equal(units.count, 0);
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BOTH_STORES(units_come_by_their_codes),
        ON_BOTH_STORES(an_unknown_code_is_refused),
    };
    return run_store_tests("network units", tests);
}
