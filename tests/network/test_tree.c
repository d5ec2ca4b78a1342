/* SPDX-License-Identifier: Apache-2.0 */
/* Rights follow the tree of the day: roles at organisations and at units that took others in. */
#include "support/stores.h"

#include "base/date.h"
#include "identity/staff.h"
#include "network/network.h"
#include "network/tree.h"

static struct err err;
static struct arena arena;

struct scene {
    struct db *db;
    struct actor founder;
    struct actor leader;
    int64_t corporation, north, south;
    int64_t first, second, third; /* units: first below north, second and third below south */
};

static int32_t day_of(const char *text)
{
    int32_t day = 0;
    bool good = day_parse(str_of(text), &day);
    assert_true(good);
    return day;
}

static void put_below(struct scene *s, int64_t subject, bool unit, int64_t above, const char *from)
{
    struct fact_author author = {.actor_id = s->founder.staff_id};
    struct fact_entry entry = {
        .unit_id = unit ? subject : 0, .subject_id = subject,
        .kind = unit ? &unit_fact_kinds[UNIT_organisation]
                     : &organisation_fact_kinds[ORGANISATION_parent],
        .state = FACT_SET, .valid_from_day = day_of(from), .value = {.i64 = above},
        .source = S("test")};
    MUST(db_begin(s->db, &err));
    MUST(fact_append(s->db, unit ? &unit_fact_sql : &organisation_fact_sql, &entry, &author,
                     NULL, &err));
    MUST(db_commit(s->db, &err));
}

static void make_units(struct scene *s)
{
    int64_t *units[] = {&s->first, &s->second, &s->third};
    static const char *const codes[] = {"PD0100", "PD0200", "PD0300"};
    MUST(db_begin(s->db, &err));
    MUST(organisation_add(s->db, S("PD"), S("corporation"), S("A"), &s->corporation, &err));
    MUST(organisation_add(s->db, S("PD01"), S("company"), S("B"), &s->north, &err));
    MUST(organisation_add(s->db, S("PD02"), S("company"), S("C"), &s->south, &err));
    for (size_t i = 0; i < ARRAY_COUNT(units); i++) {
        struct unit_new unit = {.code = str_of(codes[i]), .name = S("D"),
                                .opened_day = day_of("2020-01-01")};
        MUST(unit_add(s->db, &unit, 1, units[i], &err));
    }
    MUST(db_commit(s->db, &err));
    put_below(s, s->north, false, s->corporation, "2020-01-01");
    put_below(s, s->south, false, s->corporation, "2020-01-01");
    put_below(s, s->first, true, s->north, "2020-01-01");
    put_below(s, s->second, true, s->south, "2020-01-01");
    put_below(s, s->third, true, s->south, "2020-01-01");
}

static void make_people(struct scene *s)
{
    struct staff_entry entry = {.code = S("NV02"), .name = S("B"),
                                .from_day = day_of("2020-01-01")};
    int64_t staff_id;
    MUST(db_begin(s->db, &err));
    MUST(staff_found(s->db, S("NV01"), S("A"), S(""), day_of("2020-01-01"), &staff_id, &err));
    MUST(db_commit(s->db, &err));
    MUST(actor_resolve(s->db, &arena, S("NV01"), S(""), day_of("2026-07-01"), &s->founder, &err));
    MUST(db_begin(s->db, &err));
    MUST(staff_add(s->db, &s->founder, &entry, &staff_id, &err));
    MUST(db_commit(s->db, &err));
    MUST(actor_resolve(s->db, &arena, S("NV02"), S(""), day_of("2026-07-01"), &s->leader, &err));
}

static struct scene make_scene(void **state)
{
    struct scene s = {.db = test_db(state)};
    arena_init(&arena, 1 << 20);
    identity_use_tree(unit_tree);
    make_people(&s);
    make_units(&s);
    return s;
}

static void give(struct scene *s, int64_t unit_id, int64_t organisation_id)
{
    struct role_change change = {.code = S("NV02"), .role = ROLE_billing_leader,
                                 .unit_id = unit_id, .organisation_id = organisation_id,
                                 .from_day = day_of("2026-01-01")};
    MUST(db_begin(s->db, &err));
    MUST(staff_change_role(s->db, &s->founder, &change, &err));
    MUST(db_commit(s->db, &err));
}

static bool may(struct scene *s, int64_t unit_id, const char *day)
{
    bool granted = false;
    s->leader.day = day_of(day);
    MUST(actor_may(s->db, &s->leader, unit_id, PERMISSION_BILL_ISSUE, &granted, &err));
    return granted;
}

static void a_role_at_an_organisation_reaches_its_units(void **state)
{
    struct scene s = make_scene(state);
    give(&s, 0, s.north);
    assert_true(may(&s, s.first, "2026-07-01"));
    assert_false(may(&s, s.second, "2026-07-01"));
    assert_false(may(&s, IDENTITY_EVERY_UNIT, "2026-07-01"));
    assert_false(may(&s, s.first, "2025-12-31"));
    put_below(&s, s.second, true, s.north, "2026-09-01");
    assert_false(may(&s, s.second, "2026-08-31"));
    assert_true(may(&s, s.second, "2026-09-01"));
    give(&s, 0, s.corporation);
    assert_true(may(&s, s.third, "2026-07-01"));
    arena_release(&arena);
}

static void the_list_and_the_end_know_the_organisation(void **state)
{
    struct scene s = make_scene(state);
    struct staff_member *members;
    size_t count;
    give(&s, 0, s.north);
    MUST(staff_list(s.db, &arena, day_of("2026-07-01"), &members, &count, &err));
    assert_int_equal(members[1].role_count, 1);
    assert_int_equal(members[1].roles[0].organisation_id, s.north);
    struct role_change end = {.code = S("NV02"), .role = ROLE_billing_leader,
                              .organisation_id = s.north, .from_day = day_of("2026-08-01"),
                              .ends = true};
    MUST(db_begin(s.db, &err));
    MUST(staff_change_role(s.db, &s.founder, &end, &err));
    MUST(db_commit(s.db, &err));
    assert_true(may(&s, s.first, "2026-07-31"));
    assert_false(may(&s, s.first, "2026-08-01"));
    arena_release(&arena);
}

static void a_merged_unit_is_reached_from_the_one_that_took_it(void **state)
{
    struct scene s = make_scene(state);
    struct fact_author author = {.actor_id = s.founder.staff_id};
    give(&s, s.first, 0);
    assert_false(may(&s, s.third, "2026-07-01"));
    MUST(db_begin(s.db, &err));
    MUST(unit_merge(s.db, s.third, s.first, day_of("2026-07-01"), S("test"), &author, &err));
    MUST(db_commit(s.db, &err));
    assert_false(may(&s, s.third, "2026-06-30"));
    assert_true(may(&s, s.third, "2026-07-01"));
    arena_release(&arena);
}

static void being_alone_follows_the_tree(void **state)
{
    struct scene s = make_scene(state);
    bool alone = false;
    give(&s, 0, s.north);
    MUST(actor_is_alone(s.db, &s.founder, s.second, &alone, &err));
    assert_true(alone);
    MUST(actor_is_alone(s.db, &s.founder, s.first, &alone, &err));
    assert_false(alone);
    MUST(actor_is_alone(s.db, &s.founder, IDENTITY_EVERY_UNIT, &alone, &err));
    assert_false(alone);
    arena_release(&arena);
}

static void a_circle_is_refused(void **state)
{
    struct scene s = make_scene(state);
    struct identity_tree tree;
    put_below(&s, s.corporation, false, s.north, "2026-01-01");
    assert_int_equal(unit_tree(s.db, s.first, day_of("2026-07-01"), &tree, &err), E_STATE);
    assert_true(err.vi.hint[0] != '\0');
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BOTH_STORES(a_role_at_an_organisation_reaches_its_units),
        ON_BOTH_STORES(the_list_and_the_end_know_the_organisation),
        ON_BOTH_STORES(a_merged_unit_is_reached_from_the_one_that_took_it),
        ON_BOTH_STORES(being_alone_follows_the_tree),
        ON_BOTH_STORES(a_circle_is_refused),
    };
    return run_store_tests("network tree", tests);
}
