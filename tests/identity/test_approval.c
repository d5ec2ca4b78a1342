/* SPDX-License-Identifier: Apache-2.0 */
/* The two-person rule, and what it becomes in an organisation of one. */
#include "support/stores.h"

#include "base/date.h"
#include "identity/approval.h"
#include "identity/staff.h"

static struct err err;
static struct arena arena;

struct scene {
    struct db *db;
    struct actor first;
    struct actor second; /* known after two_people */
    struct approval_matter matter;
};

static struct scene one_person(void **state)
{
    struct scene scene = {.db = test_db(state)};
    int64_t staff_id;
    arena_init(&arena, 1 << 20);
    MUST(db_begin(scene.db, &err));
    MUST(staff_found(scene.db, S("NV01"), S("A"), S(""), 20000, &staff_id, &err));
    MUST(db_commit(scene.db, &err));
    MUST(actor_resolve(scene.db, &arena, S("NV01"), S(""), 20600, &scene.first, &err));
    scene.matter = (struct approval_matter){.unit_id = 7, .kind = S("tariff.release"),
                                            .subject = S("17"), .content = hash_of(S("prices"))};
    return scene;
}

static struct scene two_people(void **state)
{
    struct scene scene = one_person(state);
    struct staff_entry entry = {.code = S("NV02"), .name = S("B"), .from_day = 20001};
    struct role_change change = {.code = S("NV02"), .role = ROLE_manager, .unit_id = 7,
                                 .from_day = 20002};
    int64_t staff_id;
    MUST(db_begin(scene.db, &err));
    MUST(staff_add(scene.db, &scene.first, &entry, &staff_id, &err));
    MUST(staff_change_role(scene.db, &scene.first, &change, &err));
    MUST(db_commit(scene.db, &err));
    MUST(actor_resolve(scene.db, &arena, S("NV02"), S(""), 20600, &scene.second, &err));
    return scene;
}

static err_t propose(struct scene *scene, const struct actor *actor, int64_t *out_id)
{
    MUST(db_begin(scene->db, &err));
    err_t e = approval_propose(scene->db, actor, &scene->matter, out_id, &err);
    if (e == OK) MUST(db_commit(scene->db, &err));
    else db_rollback(scene->db);
    return e;
}

static err_t release(struct scene *scene, const struct actor *actor)
{
    MUST(db_begin(scene->db, &err));
    err_t e = approval_release(scene->db, actor, &scene->matter, &err);
    if (e == OK) MUST(db_commit(scene->db, &err));
    else db_rollback(scene->db);
    return e;
}

static void expect_manner(struct scene *scene, const char *manner)
{
    struct str found = {NULL, 0};
    MUST(db_get_text(scene->db, &arena,
                     "SELECT manner FROM approval WHERE unit_id = 7 AND state = 'released'",
                     NO_ARGS, &found, &err));
    assert_true(str_equal(found, str_of(manner)));
}

static void another_person_releases(void **state)
{
    struct scene scene = two_people(state);
    int64_t id, again;
    assert_int_equal(release(&scene, &scene.second), E_NOT_FOUND);
    assert_int_equal(propose(&scene, &scene.first, &id), OK);
    assert_int_equal(propose(&scene, &scene.first, &again), OK);
    assert_int_equal(id, again);
    assert_int_equal(release(&scene, &scene.first), E_FORBIDDEN);
    scene.first.day++;
    assert_int_equal(release(&scene, &scene.first), E_FORBIDDEN);
    struct approval open;
    MUST(approval_open(scene.db, &scene.matter, &open, &err));
    assert_true(open.approval_id == id && open.proposed_by == scene.first.staff_id);
    assert_int_equal(release(&scene, &scene.second), OK);
    expect_manner(&scene, "second_person");
    assert_int_equal(release(&scene, &scene.second), E_NOT_FOUND);
    assert_int_equal(approval_open(scene.db, &scene.matter, &open, &err), E_NOT_FOUND);
    arena_release(&arena);
}

static void one_person_confirms_on_a_later_day(void **state)
{
    struct scene scene = one_person(state);
    int64_t id;
    assert_int_equal(propose(&scene, &scene.first, &id), OK);
    assert_int_equal(release(&scene, &scene.first), E_FORBIDDEN);
    assert_true(err.vi.hint[0] != '\0');
    scene.first.day++;
    assert_int_equal(release(&scene, &scene.first), OK);
    expect_manner(&scene, "later_day");
    arena_release(&arena);
}

/* A second person at another unit does not help; one who joins this unit takes the short way. */
static void alone_is_meant_per_unit(void **state)
{
    struct scene scene = two_people(state);
    int64_t id;
    scene.matter.unit_id = 8;
    assert_int_equal(propose(&scene, &scene.first, &id), OK);
    scene.first.day++;
    assert_int_equal(release(&scene, &scene.first), OK);
    scene.matter.unit_id = IDENTITY_EVERY_UNIT;
    assert_int_equal(propose(&scene, &scene.first, &id), OK);
    scene.first.day++;
    assert_int_equal(release(&scene, &scene.first), E_FORBIDDEN);
    arena_release(&arena);
}

static void what_changed_since_is_not_released(void **state)
{
    struct scene scene = two_people(state);
    int64_t id;
    assert_int_equal(propose(&scene, &scene.first, &id), OK);
    scene.matter.content = hash_of(S("other prices"));
    assert_int_equal(release(&scene, &scene.second), E_CONFLICT);
    assert_int_equal(propose(&scene, &scene.first, &id), E_CONFLICT);
    MUST(db_begin(scene.db, &err));
    assert_int_equal(approval_refuse(scene.db, &scene.second, &scene.matter, S(" "), &err),
                     E_INPUT);
    db_rollback(scene.db);
    MUST(db_begin(scene.db, &err));
    MUST(approval_refuse(scene.db, &scene.second, &scene.matter, S("sai thuế suất"), &err));
    MUST(db_commit(scene.db, &err));
    assert_int_equal(propose(&scene, &scene.first, &id), OK);
    assert_int_equal(release(&scene, &scene.second), OK);
    arena_release(&arena);
}

/* The rule stands in the table too: code that forgets it cannot write the record. */
static void the_table_refuses_a_release_by_the_proposer(void **state)
{
    struct scene scene = two_people(state);
    int64_t id;
    assert_int_equal(propose(&scene, &scene.first, &id), OK);
    MUST(db_begin(scene.db, &err));
    err_t e = db_run(scene.db,
                     "UPDATE approval SET state = 'released', decided_by = proposed_by, "
                     "decided_at = 1, decided_on = proposed_on, manner = 'second_person' "
                     "WHERE unit_id = 7",
                     NO_ARGS, NULL, &err);
    assert_int_equal(e, E_CONFLICT);
    db_rollback(scene.db);
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BOTH_STORES(another_person_releases),
        ON_BOTH_STORES(one_person_confirms_on_a_later_day),
        ON_BOTH_STORES(alone_is_meant_per_unit),
        ON_BOTH_STORES(what_changed_since_is_not_released),
        ON_BOTH_STORES(the_table_refuses_a_release_by_the_proposer),
    };
    return run_store_tests("identity approval", tests);
}
