/* SPDX-License-Identifier: Apache-2.0 */
/* Books and months that people ask the workers to close, and what is counted beforehand. */
#include "billing/faults.h"

#include "base/clock.h"
#include "base/date.h"
#include "billing/billing_view.h"
#include "billing/closing_errand.h"
#include "billing/month_close.h"
#include "identity/audit.h"
#include "identity/staff.h"
#include "store/event.h"

enum { LEASE_MS = 60000, LONG_MS = 60000, MONTH = 202610, PARTS = 4 /* two books and two more */ };

static struct err err;
static const struct closing_subject october = {.unit_id = 1, .month = MONTH};
static const struct closing_subject next_book = {
    .unit_id = 1, .month = 202611, .book_id = 9, .period_no = 1};

static bool no_more(void *context, int64_t done)
{
    (void)context, (void)done;
    return false;
}

static struct closing_errand last(struct scene *scene, const struct closing_subject *subject)
{
    struct closing_errand errand = {0};
    bool found = false;
    MUST(closing_last(scene->db, &scene->arena, subject, &found, &errand, &err));
    assert_true(found);
    return errand;
}

static int64_t work(struct scene *scene, run_told *told)
{
    int64_t done = 0;
    MUST(closing_work(scene->db, LEASE_MS, LONG_MS, told, NULL, &done, &err));
    return done;
}

static void place(struct scene *scene, const struct closing_subject *subject)
{
    MUST(closing_place(scene->db, &scene->second, subject, SCENE_LATER_MS, &err));
}

static int64_t kwh_of(struct scene *scene, const char *dimension)
{
    int64_t wh = 0;
    MUST(db_get_i64(scene->db,
                    "SELECT CAST(sum(energy_wh) AS BIGINT) FROM month_figure WHERE dimension = $1",
                    ARGS(v_text(str_of(dimension))), &wh, &err));
    return wh;
}

/* ---- months ------------------------------------------------------------------------------ */

static void workers_close_a_month_part_by_part(void **state)
{
    struct scene scene;
    struct month_totals totals;
    scene_make(&scene, test_store(state), scene_issued);
    assert_int_equal(work(&scene, NULL), 0);
    place(&scene, &october);
    assert_int_equal(last(&scene, &october).state, ERRAND_ASKED);
    /* A part each, by workers that are asked to end; whoever comes next goes on. */
    for (int64_t part = 1; part <= PARTS; part++) {
        assert_int_equal(work(&scene, no_more), 1);
        assert_int_equal(last(&scene, &october).state, ERRAND_WORKING);
        assert_int_equal(last(&scene, &october).parts, PARTS);
        assert_int_equal(last(&scene, &october).parts_done, part);
    }
    assert_int_equal(ask_i64(scene.db, "SELECT count(*) FROM month_closing"), 0);
    assert_int_equal(work(&scene, NULL), 1);
    assert_int_equal(last(&scene, &october).state, ERRAND_DONE);
    MUST(month_totals_of(scene.db, 1, MONTH, &totals, &err));
    assert_int_equal(totals.bill_count, 4);
    assert_int_equal(totals.total_wh,
                     ask_i64(scene.db, "SELECT CAST(sum(total_wh) AS BIGINT) FROM bill"));
    assert_int_equal(totals.vat_vnd,
                     ask_i64(scene.db, "SELECT CAST(sum(vat_vnd) AS BIGINT) FROM bill"));
    assert_int_equal(kwh_of(&scene, "class"), totals.total_wh);
    assert_int_equal(kwh_of(&scene, "kind"), totals.total_wh);
    assert_int_equal(ask_i64(scene.db, "SELECT count(*) FROM month_part"), 0);
    /* Who asked is who closed, once. */
    assert_int_equal(ask_i64(scene.db, "SELECT count(*) FROM audit_entry WHERE action = "
                                       "'month.close' AND actor_id = (SELECT staff_id FROM staff "
                                       "WHERE code = 'NV02')"),
                     1);
    assert_int_equal(work(&scene, NULL), 0);
    scene_drop(&scene);
}

/* What is posted in between counts: the parts are counted again. */
static void what_is_posted_while_parts_are_counted_counts(void **state)
{
    struct scene scene;
    struct audit_note note = {1, S("billing"), S("bill.release"), S("X"), S("X")};
    scene_make(&scene, test_store(state), scene_issued);
    place(&scene, &october);
    for (int i = 0; i < PARTS; i++) assert_int_equal(work(&scene, no_more), 1);
    MUST(db_begin(scene.db, &err));
    MUST(audit_append(scene.db, &scene.first, &note, &err));
    scene_run(&scene,
              "INSERT INTO bill (unit_id, month, period_no, book_id, point_id, agreement_id, kind, "
              "version, origin, account_id, run_id, closing_no, posting_month, from_on, to_on, "
              "total_wh, pre_vat_vnd, vat_ppm, vat_vnd, total_vnd, line_count, estimated, "
              "issued_on, price_book, request) SELECT unit_id, month, 0, book_id, point_id, "
              "agreement_id, 'final', 1, origin, account_id, run_id, closing_no, posting_month, "
              "from_on, to_on, 7000, 0, 80000, 0, 0, 0, 0, issued_on, price_book, request FROM "
              "bill WHERE point_id = 1");
    MUST(db_commit(scene.db, &err));
    assert_int_equal(work(&scene, no_more), 0);
    assert_int_equal(last(&scene, &october).parts_done, 0); /* begun again */
    while (work(&scene, NULL) > 0) continue;
    assert_int_equal(last(&scene, &october).state, ERRAND_DONE);
    assert_int_equal(
        ask_i64(scene.db, "SELECT total_wh FROM month_closing"),
        ask_i64(scene.db, "SELECT CAST(sum(total_wh) AS BIGINT) FROM bill"));
    assert_int_equal(ask_i64(scene.db, "SELECT bill_count FROM month_closing"), 5);
    scene_drop(&scene);
}

static void another_worker_goes_on_where_one_died(void **state)
{
    struct scene scene;
    scene_make(&scene, test_store(state), scene_issued);
    place(&scene, &october);
    work(&scene, no_more);
    MUST(db_run(scene.db, "UPDATE closing_errand SET lease_until = $1",
                ARGS(v_i64(clock_now_ms() + LEASE_MS)), NULL, &err));
    assert_int_equal(work(&scene, NULL), 0); /* somebody is at it */
    scene_run(&scene, "UPDATE closing_errand SET lease_until = 1");
    assert_int_equal(work(&scene, NULL), PARTS); /* those that were left, and the end */
    assert_int_equal(last(&scene, &october).state, ERRAND_DONE);
    scene_drop(&scene);
}

/* A command may close the month while workers count it: they leave nothing behind. */
static void a_month_closed_meanwhile_is_told(void **state)
{
    struct scene scene;
    struct month_totals totals;
    scene_make(&scene, test_store(state), scene_issued);
    place(&scene, &october);
    assert_int_equal(work(&scene, no_more), 1);
    assert_true(ask_i64(scene.db, "SELECT count(*) FROM month_part") > 0);
    MUST(month_close(scene.db, 1, MONTH, &scene.first, SCENE_LATER_MS, &totals, &err));
    assert_int_equal(totals.bill_count, 4);
    while (work(&scene, NULL) > 0) continue;
    assert_int_equal(last(&scene, &october).state, ERRAND_REFUSED);
    assert_int_equal(ask_i64(scene.db, "SELECT count(*) FROM month_part"), 0);
    assert_int_equal(ask_i64(scene.db, "SELECT count(*) FROM month_closing"), 1);
    scene_drop(&scene);
}

static void a_closing_is_one_and_of_who_may(void **state)
{
    struct scene scene;
    const struct closing_subject november = {.unit_id = 1, .month = 202611};
    scene_make(&scene, test_store(state), scene_issued);
    struct actor stranger = {.staff_id = 77, .code = S("NV77"), .day = scene.first.day};
    assert_int_equal(closing_place(scene.db, &stranger, &october, SCENE_NOW_MS, &err),
                     E_FORBIDDEN);
    assert_int_equal(closing_place(scene.db, &stranger, &next_book, SCENE_NOW_MS, &err),
                     E_FORBIDDEN);
    assert_int_equal(closing_place(scene.db, &scene.second, &november, SCENE_NOW_MS, &err),
                     E_STATE); /* nothing to close */
    assert_int_equal(ask_i64(scene.db, "SELECT count(*) FROM closing_errand"), 0);
    place(&scene, &october);
    assert_int_equal(closing_place(scene.db, &scene.first, &october, SCENE_NOW_MS, &err), E_STATE);
    assert_true(err.vi.hint[0] != '\0' && err.en.hint[0] != '\0');
    /* Rights that ended before the workers came count no more. */
    MUST(db_begin(scene.db, &err));
    MUST(staff_leave(scene.db, &scene.first, S("NV02"), scene.first.day, &err));
    MUST(db_commit(scene.db, &err));
    assert_int_equal(work(&scene, NULL), 1);
    assert_int_equal(last(&scene, &october).state, ERRAND_REFUSED);
    assert_true(last(&scene, &october).reason_vi.n > 0);
    assert_true(last(&scene, &october).remedy_en.n > 0);
    assert_int_equal(ask_i64(scene.db, "SELECT count(*) FROM month_closing"), 0);
    MUST(closing_place(scene.db, &scene.first, &october, SCENE_NOW_MS, &err));
    while (work(&scene, NULL) > 0) continue;
    assert_int_equal(last(&scene, &october).state, ERRAND_DONE);
    assert_int_equal(closing_place(scene.db, &scene.first, &october, SCENE_NOW_MS, &err), E_STATE);
    scene_drop(&scene);
}

/* ---- books ------------------------------------------------------------------------------- */

/* A book to which no point belongs yet. */
static void with_book(struct scene *scene, void **state)
{
    scene_make(scene, test_store(state), scene_issued);
    scene_run(scene, "INSERT INTO book (unit_id, book_id, code, name, periods, reading_day, "
                     "created_at) VALUES (1, 9, 'S9', 'Sổ mới', 1, 3, 1)");
}

static void workers_close_a_book(void **state)
{
    struct scene scene;
    const struct closing_subject closed = {
        .unit_id = 1, .month = MONTH, .book_id = 1, .period_no = 1};
    with_book(&scene, state);
    assert_int_equal(closing_place(scene.db, &scene.second, &closed, SCENE_NOW_MS, &err), E_STATE);
    /* Not before it can have been read. */
    scene.second.day = day_from_civil(2026, 11, 2);
    assert_int_equal(closing_place(scene.db, &scene.second, &next_book, SCENE_NOW_MS, &err),
                     E_STATE);
    assert_true(err.vi.hint[0] != '\0');
    scene.second.day = day_from_civil(2026, 11, 3);
    place(&scene, &next_book);
    assert_int_equal(work(&scene, NULL), 1);
    assert_int_equal(last(&scene, &next_book).state, ERRAND_DONE);
    assert_int_equal(ask_i64(scene.db, "SELECT count(*) FROM book_period WHERE month = 202611 AND "
                                       "book_id = 9 AND state = 'closed'"),
                     1);
    assert_int_equal(ask_i64(scene.db, "SELECT count(*) FROM book_step WHERE step = 'close' AND "
                                       "month = 202611 AND actor_id = (SELECT staff_id FROM "
                                       "staff WHERE code = 'NV02')"),
                     1);
    assert_int_equal(work(&scene, NULL), 0);
    scene_drop(&scene);
}

/* Whoever comes too late changes nothing: the closing and the end of its errand are one. */
static void a_book_closed_meanwhile_is_told(void **state)
{
    struct scene scene;
    with_book(&scene, state);
    scene.second.day = day_from_civil(2026, 11, 3);
    place(&scene, &next_book);
    scene_run(&scene, "INSERT INTO book_period (unit_id, book_id, month, period_no, read_on, "
                      "state, closing_no) VALUES (1, 9, 202611, 1, '2026-11-03', 'closed', 1)");
    assert_int_equal(work(&scene, NULL), 1);
    assert_int_equal(last(&scene, &next_book).state, ERRAND_REFUSED);
    assert_true(last(&scene, &next_book).remedy_vi.n > 0);
    scene_drop(&scene);
}

/* ---- counted beforehand ------------------------------------------------------------------ */

static void the_next_month_is_counted_by_workers(void **state)
{
    struct scene scene;
    struct month_preview preview;
    int64_t done = 0, sequenced;
    scene_make(&scene, test_store(state), scene_issued);
    MUST(month_preview_read(scene.db, 1, MONTH, &preview, &err));
    assert_false(preview.known);
    MUST(event_sequence(scene.db, 1, 100, &sequenced, &err));
    MUST(month_preview_renew(scene.db, SCENE_NOW_MS, &done, &err));
    assert_int_equal(done, 1);
    MUST(month_preview_read(scene.db, 1, MONTH, &preview, &err));
    assert_true(preview.known);
    assert_int_equal(preview.counted_at_ms, SCENE_NOW_MS);
    assert_int_equal(preview.totals.bill_count, 4);
    assert_int_equal(preview.totals.pre_vat_vnd,
                     ask_i64(scene.db, "SELECT CAST(sum(pre_vat_vnd) AS BIGINT) FROM bill"));
    MUST(month_preview_renew(scene.db, SCENE_NOW_MS + 2 * UNBILLED_LATEST_MS, &done, &err));
    assert_int_equal(done, 1); /* nothing happened since */
    scene_drop(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BOTH_STORES(workers_close_a_month_part_by_part),
        ON_BOTH_STORES(what_is_posted_while_parts_are_counted_counts),
        ON_BOTH_STORES(another_worker_goes_on_where_one_died),
        ON_BOTH_STORES(a_month_closed_meanwhile_is_told),
        ON_BOTH_STORES(a_closing_is_one_and_of_who_may),
        ON_BOTH_STORES(workers_close_a_book),
        ON_BOTH_STORES(a_book_closed_meanwhile_is_told),
        ON_BOTH_STORES(the_next_month_is_counted_by_workers),
    };
    return run_store_tests("billing closings", tests);
}
