/* SPDX-License-Identifier: Apache-2.0 */
/* Who acts and what they may do: people, roles at units, least privilege, both stores. */
#include "support/stores.h"

#include <string.h>

#include "base/date.h"
#include "identity/staff.h"

static struct err err;
static struct arena arena;

static int32_t day_of(const char *text)
{
    int32_t day = 0;
    bool good = day_parse(str_of(text), &day);
    assert_true(good);
    return day;
}

/* A store with its founder, acting on 2026-07-01. */
static struct db *founded(void **state, struct actor *out_founder)
{
    struct db *db = test_db(state);
    int64_t staff_id;
    arena_init(&arena, 1 << 20);
    MUST(db_begin(db, &err));
    MUST(staff_found(db, S("NV01"), S("Trần Văn A"), S("tva"), day_of("2026-01-01"), &staff_id,
                     &err));
    MUST(db_commit(db, &err));
    MUST(actor_resolve(db, &arena, S("NV01"), S("tva"), day_of("2026-07-01"), out_founder, &err));
    return db;
}

static void add(struct db *db, const struct actor *actor, const char *code, const char *os_user)
{
    int64_t staff_id;
    struct staff_entry entry = {.code = str_of(code), .name = S("Lê Thị B"),
                                .os_user = str_of(os_user), .from_day = day_of("2026-02-01")};
    MUST(db_begin(db, &err));
    MUST(staff_add(db, actor, &entry, &staff_id, &err));
    MUST(db_commit(db, &err));
}

static err_t give(struct db *db, const struct actor *actor, struct role_change change)
{
    MUST(db_begin(db, &err));
    err_t e = staff_change_role(db, actor, &change, &err);
    if (e == OK) MUST(db_commit(db, &err));
    else db_rollback(db);
    return e;
}

static struct actor resolve(struct db *db, const char *code, const char *day)
{
    struct actor actor;
    MUST(actor_resolve(db, &arena, str_of(code), S(""), day_of(day), &actor, &err));
    return actor;
}

static void refuse_actor(struct db *db, const char *code, const char *os_user, const char *day)
{
    struct actor actor = {.staff_id = -1};
    assert_int_equal(actor_resolve(db, &arena, str_of(code), str_of(os_user), day_of(day), &actor,
                                   &err),
                     E_FORBIDDEN);
    assert_true(actor.staff_id == -1 && err.vi.hint[0] != '\0' && err.en.hint[0] != '\0');
}

static void the_founder_may_do_everything(void **state)
{
    struct actor founder;
    struct db *db = founded(state, &founder);
    for (enum permission p = 0; p < PERMISSION_COUNT; p++) {
        MUST(actor_require(db, &founder, IDENTITY_EVERY_UNIT, p, &err));
        MUST(actor_require(db, &founder, 7, p, &err));
    }
    int64_t staff_id;
    MUST(db_begin(db, &err));
    assert_int_equal(staff_found(db, S("NV02"), S("X"), S(""), founder.day, &staff_id, &err),
                     E_STATE);
    db_rollback(db);
    arena_release(&arena);
}

static void people_are_known_by_code_or_account(void **state)
{
    struct actor founder, found;
    struct db *db = founded(state, &founder);
    MUST(actor_resolve(db, &arena, S(""), S("tva"), founder.day, &found, &err));
    assert_int_equal(found.staff_id, founder.staff_id);
    assert_true(str_equal(found.name, S("Trần Văn A")));
    refuse_actor(db, "NV09", "tva", "2026-07-01");
    refuse_actor(db, "", "nobody", "2026-07-01");
    refuse_actor(db, "NV01", "tva", "2025-12-31");
    arena_release(&arena);
}

static void nothing_is_allowed_without_a_role(void **state)
{
    struct actor founder;
    struct db *db = founded(state, &founder);
    add(db, &founder, "NV02", "");
    struct actor second = resolve(db, "NV02", "2026-07-01");
    for (enum permission p = 0; p < PERMISSION_COUNT; p++) {
        assert_int_equal(actor_require(db, &second, 7, p, &err), E_FORBIDDEN);
        assert_non_null(strstr(err.en.message, permission_en(p)));
        assert_non_null(strstr(err.vi.message, permission_vi(p)));
    }
    arena_release(&arena);
}

/* Within one request the store is asked once; the next request sees what ended. */
static void what_was_asked_is_kept_for_one_request(void **state)
{
    struct actor founder;
    struct actor_memory memory = {0};
    struct db *db = founded(state, &founder);
    bool may = false;
    add(db, &founder, "NV02", "");
    struct role_change change = {.code = S("NV02"),
                                 .role = ROLE_billing_leader,
                                 .unit_id = 7,
                                 .from_day = day_of("2026-03-01")};
    assert_int_equal(give(db, &founder, change), OK);
    struct actor second = resolve(db, "NV02", "2026-07-01");
    second.memory = &memory;
    for (int i = 0; i < 2; i++) {
        MUST(actor_require(db, &second, 7, PERMISSION_BILL_ISSUE, &err));
        assert_int_equal(actor_require(db, &second, 8, PERMISSION_BILL_ISSUE, &err), E_FORBIDDEN);
        assert_int_equal(
            actor_require(db, &second, IDENTITY_EVERY_UNIT, PERMISSION_BILL_ISSUE, &err),
            E_FORBIDDEN);
        MUST(actor_may_anywhere(db, &second, PERMISSION_BILL_ISSUE, &may, &err));
        assert_true(may);
        MUST(actor_may_anywhere(db, &second, PERMISSION_STAFF_MANAGE, &may, &err));
        assert_false(may);
    }
    for (int64_t unit_id = 10; unit_id < 10 + 2 * ACTOR_UNITS_KEPT; unit_id++)
        assert_int_equal(actor_require(db, &second, unit_id, PERMISSION_BILL_ISSUE, &err),
                         E_FORBIDDEN);
    change.from_day = day_of("2026-06-30");
    change.ends = true;
    assert_int_equal(give(db, &founder, change), OK);
    MUST(actor_require(db, &second, 7, PERMISSION_BILL_ISSUE, &err));
    memory = (struct actor_memory){0};
    assert_int_equal(actor_require(db, &second, 7, PERMISSION_BILL_ISSUE, &err), E_FORBIDDEN);
    /* It is of one person on one day. */
    second.day = day_of("2026-06-01");
    MUST(actor_require(db, &second, 7, PERMISSION_BILL_ISSUE, &err));
    founder.memory = &memory;
    MUST(actor_require(db, &founder, 7, PERMISSION_STAFF_MANAGE, &err));
    arena_release(&arena);
}

static void a_role_holds_at_its_unit_in_its_time(void **state)
{
    struct actor founder;
    struct db *db = founded(state, &founder);
    add(db, &founder, "NV02", "");
    struct role_change change = {.code = S("NV02"), .role = ROLE_billing_leader, .unit_id = 7,
                                 .from_day = day_of("2026-03-01")};
    assert_int_equal(give(db, &founder, change), OK);
    assert_int_equal(give(db, &founder, change), E_STATE);
    change.from_day = day_of("2026-08-01");
    change.ends = true;
    assert_int_equal(give(db, &founder, change), OK);

    struct actor second = resolve(db, "NV02", "2026-07-01");
    MUST(actor_require(db, &second, 7, PERMISSION_BILL_ISSUE, &err));
    assert_int_equal(actor_require(db, &second, 8, PERMISSION_BILL_ISSUE, &err), E_FORBIDDEN);
    assert_int_equal(actor_require(db, &second, IDENTITY_EVERY_UNIT, PERMISSION_BILL_ISSUE, &err),
                     E_FORBIDDEN);
    assert_int_equal(actor_require(db, &second, 7, PERMISSION_STAFF_MANAGE, &err), E_FORBIDDEN);
    second.day = day_of("2026-02-28");
    assert_int_equal(actor_require(db, &second, 7, PERMISSION_BILL_ISSUE, &err), E_FORBIDDEN);
    second.day = day_of("2026-07-31");
    MUST(actor_require(db, &second, 7, PERMISSION_BILL_ISSUE, &err));
    second.day = day_of("2026-08-01");
    assert_int_equal(actor_require(db, &second, 7, PERMISSION_BILL_ISSUE, &err), E_FORBIDDEN);
    arena_release(&arena);
}

static void administrators_do_not_serve_themselves(void **state)
{
    struct actor founder;
    struct db *db = founded(state, &founder);
    struct role_change own = {.code = S("NV01"), .role = ROLE_cashier, .unit_id = 7,
                              .from_day = founder.day};
    assert_int_equal(give(db, &founder, own), OK); /* alone */
    add(db, &founder, "NV02", "");
    struct role_change admin = {.code = S("NV02"), .role = ROLE_administrator,
                                .from_day = founder.day};
    assert_int_equal(give(db, &founder, admin), OK);
    own.unit_id = 8;
    assert_int_equal(give(db, &founder, own), E_FORBIDDEN);
    struct actor second = resolve(db, "NV02", "2026-07-01");
    assert_int_equal(give(db, &second, own), OK);
    arena_release(&arena);
}

static void the_last_administrator_stays(void **state)
{
    struct actor founder;
    struct db *db = founded(state, &founder);
    struct role_change end = {.code = S("NV01"), .role = ROLE_administrator,
                              .from_day = founder.day, .ends = true};
    assert_int_equal(give(db, &founder, end), E_STATE);
    MUST(db_begin(db, &err));
    assert_int_equal(staff_leave(db, &founder, S("NV01"), founder.day, &err), E_STATE);
    db_rollback(db);

    add(db, &founder, "NV02", "");
    struct role_change give_it = {.code = S("NV02"), .role = ROLE_administrator,
                                  .from_day = founder.day};
    assert_int_equal(give(db, &founder, give_it), OK);
    struct actor second = resolve(db, "NV02", "2026-07-01");
    MUST(db_begin(db, &err));
    MUST(staff_leave(db, &second, S("NV01"), founder.day, &err));
    MUST(db_commit(db, &err));
    refuse_actor(db, "NV01", "", "2026-07-01");
    resolve(db, "NV01", "2026-06-30");
    arena_release(&arena);
}

static void bad_entries_are_refused_by_field(void **state)
{
    struct actor founder;
    struct db *db = founded(state, &founder);
    static const struct {
        const char *code, *name, *os_user, *field;
        err_t expected;
    } cases[] = {{"", "A", "", "code", E_INPUT}, {"N V", "A", "", "code", E_INPUT},
                 {"-a", "A", "", "code", E_INPUT}, {"NV02", " ", "", "name", E_INPUT},
                 {"NV02", "a\nb", "", "name", E_INPUT}, {"NV02", "a\xff", "", "name", E_INPUT},
                 {"NV01", "A", "", "code", E_CONFLICT}, {"NV02", "A", "tva", "os-user", E_CONFLICT},
                 {"a23456789012345678901234567890123", "A", "", "code", E_INPUT}};
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct staff_entry entry = {.code = str_of(cases[i].code), .name = str_of(cases[i].name),
                                    .os_user = str_of(cases[i].os_user), .from_day = founder.day};
        int64_t staff_id = -1, count = 0;
        MUST(db_begin(db, &err));
        assert_int_equal(staff_add(db, &founder, &entry, &staff_id, &err), cases[i].expected);
        assert_string_equal(err.field, cases[i].field);
        db_rollback(db);
        MUST(staff_count(db, &count, &err));
        assert_true(staff_id == -1 && count == 1);
    }
    arena_release(&arena);
}

static void the_list_shows_roles_of_its_day(void **state)
{
    struct actor founder;
    struct db *db = founded(state, &founder);
    struct staff_member *members;
    size_t count;
    add(db, &founder, "NV02", "ltb");
    struct role_change change = {.code = S("NV02"), .role = ROLE_meter_reader, .unit_id = 9,
                                 .from_day = day_of("2026-04-01")};
    assert_int_equal(give(db, &founder, change), OK);
    MUST(staff_list(db, &arena, day_of("2026-03-01"), &members, &count, &err));
    assert_int_equal(count, 2);
    assert_true(str_equal(members[1].code, S("NV02")) && members[1].role_count == 0);
    MUST(staff_list(db, &arena, day_of("2026-04-01"), &members, &count, &err));
    assert_int_equal(members[0].role_count, ROLE_COUNT);
    assert_int_equal(members[1].role_count, 1);
    assert_true(members[1].roles[0].role == ROLE_meter_reader && members[1].roles[0].unit_id == 9);
    assert_true(str_equal(members[1].os_user, S("ltb")));
    MUST(staff_list(db, &arena, day_of("2026-01-31"), &members, &count, &err));
    assert_int_equal(count, 1);
    arena_release(&arena);
}

/* What the law and the two-person rule want kept apart is not granted to one role. */
static void roles_are_kept_apart(void **state)
{
    (void)state;
    assert_true(role_grants(ROLE_billing_clerk, PERMISSION_BILL_RUN));
    assert_false(role_grants(ROLE_billing_clerk, PERMISSION_BILL_ISSUE));
    assert_false(role_grants(ROLE_administrator, PERMISSION_BILL_ISSUE));
    assert_false(role_grants(ROLE_meter_reader, PERMISSION_BOOK_SIGN_TEAM));
    assert_false(role_grants(ROLE_team_leader, PERMISSION_READING_SIGN));
    assert_false(role_grants(ROLE_cashier, PERMISSION_REGISTRY_CHANGE));
    for (enum permission p = 0; p < PERMISSION_COUNT; p++) {
        bool granted = false;
        for (enum role role = 0; role < ROLE_COUNT; role++) granted |= role_grants(role, p);
        assert_true(granted);
        bool reads = p >= PERMISSION_BILL_READ && p <= PERMISSION_AUDIT_READ;
        assert_true(p == PERMISSION_AUDIT_ANCHOR || reads || !role_grants(ROLE_auditor, p));
    }
    assert_false(role_grants(ROLE_auditor, PERMISSION_CUSTOMER_READ));
    assert_false(role_grants(ROLE_administrator, PERMISSION_CUSTOMER_READ));
    assert_false(role_grants(ROLE_administrator, PERMISSION_BILL_READ));
    assert_false(role_grants(ROLE_meter_reader, PERMISSION_CUSTOMER_READ));
    assert_true(role_grants(ROLE_agent, PERMISSION_CUSTOMER_READ));
    enum role role;
    assert_true(role_parse(S("billing_leader"), &role) && role == ROLE_billing_leader);
    assert_false(role_parse(S("boss"), &role));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BOTH_STORES(the_founder_may_do_everything),
        ON_BOTH_STORES(people_are_known_by_code_or_account),
        ON_BOTH_STORES(nothing_is_allowed_without_a_role),
        ON_BOTH_STORES(what_was_asked_is_kept_for_one_request),
        ON_BOTH_STORES(a_role_holds_at_its_unit_in_its_time),
        ON_BOTH_STORES(administrators_do_not_serve_themselves),
        ON_BOTH_STORES(the_last_administrator_stays),
        ON_BOTH_STORES(bad_entries_are_refused_by_field),
        ON_BOTH_STORES(the_list_shows_roles_of_its_day),
        cmocka_unit_test(roles_are_kept_apart),
    };
    return run_store_tests("identity staff", tests);
}
