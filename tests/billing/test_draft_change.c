/* SPDX-License-Identifier: Apache-2.0 */
/* What another computation changes of drafts: those on both sides are compared, by their identity;
 * what came or went is no change. */
#include "billing/faults.h"

#include "billing/draft_change.h"

enum { NAMES_BYTES = 512 };

static struct err err;

struct changes {
    char memory[NAMES_BYTES];
    struct buf names;
    int64_t before_vnd, after_vnd; /* of the last */
};

static void keep_change(void *context, struct str number, int64_t before_vnd, int64_t after_vnd)
{
    struct changes *changes = context;
    buf_add(&changes->names, number);
    buf_add_char(&changes->names, ' ');
    changes->before_vnd = before_vnd;
    changes->after_vnd = after_vnd;
}

#define A_DRAFT                                                                                 \
    "INSERT INTO bill_draft (unit_id, month, period_no, book_id, point_id, agreement_id, kind, " \
    "version, run_id, account_id, closing_no, state, total_wh, total_vnd, request, answer, "     \
    "price_book) SELECT unit_id, month, "
#define OF_POINT                                                                                \
    ", run_id, account_id, closing_no, state, total_wh, total_vnd, request, answer, "           \
    "price_book FROM bill_draft WHERE period_no = 1 AND point_id = "

/* Beside the four drafts of the month: a final bill and two supplements of point 2. */
static void scene_many_drafts(struct scene *scene)
{
    scene_drafted(scene);
    scene_run(scene, A_DRAFT "0, book_id, point_id, agreement_id, 'final', 1" OF_POINT "2");
    scene_run(scene, A_DRAFT "0, book_id, point_id, agreement_id, 'supplement', 2" OF_POINT "2");
    scene_run(scene, A_DRAFT "0, book_id, point_id, agreement_id, 'supplement', 3" OF_POINT "2");
}

static void compare(struct scene *scene, const struct draft_totals *totals,
                    struct changes *changes)
{
    *changes = (struct changes){.names = {0}};
    buf_init_fixed(&changes->names, changes->memory, sizeof changes->memory);
    MUST(draft_totals_compare(scene->db, totals, keep_change, changes, &err));
}

static void drafts_are_compared_with_themselves(void **state)
{
    struct scene scene;
    struct draft_totals totals;
    struct changes changes;
    draft_totals_init(&totals);
    scene_make(&scene, test_store(state), scene_many_drafts);
    MUST(draft_totals_take(scene.db, 202610, &totals, &err));
    assert_int_equal(totals.count, 7);
    compare(&scene, &totals, &changes);
    assert_int_equal(changes.names.n, 0);
    scene_run(&scene, "UPDATE bill_draft SET total_vnd = total_vnd + 1 WHERE "
                      "kind <> 'periodic' OR point_id = 4");
    compare(&scene, &totals, &changes);
    assert_string_equal(changes.memory, "PD0100-26100-2-2-C1 PD0100-26100-2-2-B2 "
                                        "PD0100-26100-2-2-B3 PD0100-26101-4-4-K1 ");
    assert_int_equal(changes.after_vnd, changes.before_vnd + 1);
    scene_drop(&scene);
    draft_totals_release(&totals);
}

static void what_came_or_went_is_no_change(void **state)
{
    struct scene scene;
    struct draft_totals totals;
    struct changes changes;
    draft_totals_init(&totals);
    scene_make(&scene, test_store(state), scene_many_drafts);
    MUST(draft_totals_take(scene.db, 202610, &totals, &err));
    scene_run(&scene, "UPDATE bill_draft SET version = 5 WHERE kind = 'supplement' AND "
                      "version = 2");
    scene_run(&scene, "DELETE FROM bill_draft WHERE point_id = 3");
    scene_run(&scene, "UPDATE bill_draft SET agreement_id = 9, total_vnd = 1 WHERE point_id = 4");
    compare(&scene, &totals, &changes);
    assert_int_equal(changes.names.n, 0);
    scene_drop(&scene);
    draft_totals_release(&totals);
}

static void a_draft_that_is_not_computed_any_more_has_changed(void **state)
{
    struct scene scene;
    struct draft_totals totals;
    struct changes changes;
    draft_totals_init(&totals);
    scene_make(&scene, test_store(state), scene_many_drafts);
    MUST(draft_totals_take(scene.db, 202610, &totals, &err));
    scene_run(&scene, "UPDATE bill_draft SET state = 'exception', problem = 'no_account', "
                      "answer = NULL WHERE period_no = 1 AND point_id = 1");
    compare(&scene, &totals, &changes);
    assert_string_equal(changes.memory, "PD0100-26101-1-1-K1 ");
    assert_true(changes.before_vnd > 0);
    assert_int_equal(changes.after_vnd, DRAFT_NOT_COMPUTED);
    scene_drop(&scene);
    draft_totals_release(&totals);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BOTH_STORES(drafts_are_compared_with_themselves),
        ON_BOTH_STORES(what_came_or_went_is_no_change),
        ON_BOTH_STORES(a_draft_that_is_not_computed_any_more_has_changed),
    };
    return run_store_tests("billing draft changes", tests);
}
