/* SPDX-License-Identifier: Apache-2.0 */
/* Runs that people ask the workers for, and what pages see of runs. */
#include "billing/faults.h"

#include "base/date.h"
#include "billing/billing_view.h"
#include "billing/errand.h"
#include "billing/run_progress.h"
#include "identity/staff.h"
#include "network/unit_list.h"
#include "store/event.h"

enum { LEASE_MS = 60000, LONG_MS = 60000, MONTH = 202610 };

static struct err err;

static bool no_more(void *context, int64_t bills)
{
    (void)context, (void)bills;
    return false;
}

static struct errand last(struct scene *scene)
{
    struct errand errand = {0};
    bool found = false;
    MUST(errand_last(scene->db, &scene->arena, 1, MONTH, &found, &errand, &err));
    assert_true(found);
    return errand;
}

static int64_t work(struct scene *scene, run_told *told)
{
    int64_t done = 0;
    MUST(errand_work(scene->db, LEASE_MS, LONG_MS, told, NULL, &done, &err));
    return done;
}

static void workers_draft_and_issue_what_is_asked_for(void **state)
{
    struct scene scene;
    struct run_seen run;
    scene_make(&scene, test_store(state), scene_closed);
    assert_int_equal(work(&scene, NULL), 0);
    MUST(errand_place(scene.db, &scene.second, 1, MONTH, 0, SCENE_NOW_MS, &err));
    assert_int_equal(last(&scene).state, ERRAND_ASKED);
    /* One chunk of two, by a worker that is asked to end; another goes on. */
    assert_int_equal(work(&scene, no_more), 2);
    assert_int_equal(last(&scene).state, ERRAND_WORKING);
    MUST(run_see(scene.db, &scene.arena, 1, last(&scene).run_id, &run, &err));
    assert_int_equal(run.state, RUN_DRAFTING);
    assert_int_equal(run.draft.bills_done, 2);
    assert_int_equal(run.draft.bills, 4);
    assert_true(work(&scene, NULL) > 0);
    assert_int_equal(last(&scene).state, ERRAND_DONE);
    int64_t run_id = last(&scene).run_id;
    MUST(errand_place(scene.db, &scene.second, 1, 0, run_id, SCENE_LATER_MS, &err));
    while (work(&scene, NULL) > 0) continue;
    assert_int_equal(last(&scene).state, ERRAND_DONE);
    MUST(run_see(scene.db, &scene.arena, 1, run_id, &run, &err));
    assert_int_equal(run.state, RUN_ISSUED);
    assert_int_equal(run.issue.ready, 4);
    assert_true(run.ended_at_ms >= run.began_at_ms && run.began_at_ms > 0);
    assert_int_equal(ask_i64(scene.db, "SELECT count(*) FROM bill"), 4);
    /* Who asked is who issued. */
    assert_int_equal(ask_i64(scene.db, "SELECT count(*) FROM audit_entry WHERE action = "
                                       "'bill.issue' AND actor_id = (SELECT staff_id FROM staff "
                                       "WHERE code = 'NV02')"),
                     1);
    scene_drop(&scene);
}

static void an_errand_is_one_and_of_who_may(void **state)
{
    struct scene scene;
    scene_make(&scene, test_store(state), scene_closed);
    struct actor stranger = {.staff_id = 77, .code = S("NV77"), .day = scene.first.day};
    assert_int_equal(errand_place(scene.db, &stranger, 1, MONTH, 0, SCENE_NOW_MS, &err),
                     E_FORBIDDEN);
    assert_int_equal(errand_place(scene.db, &scene.second, 1, 0, 20261001, SCENE_NOW_MS, &err),
                     E_NOT_FOUND);
    assert_int_equal(ask_i64(scene.db, "SELECT count(*) FROM bill_errand"), 0);
    MUST(errand_place(scene.db, &scene.second, 1, MONTH, 0, SCENE_NOW_MS, &err));
    assert_int_equal(errand_place(scene.db, &scene.second, 1, MONTH, 0, SCENE_NOW_MS, &err),
                     E_STATE);
    assert_true(err.vi.hint[0] != '\0' && err.en.hint[0] != '\0');
    /* Rights that ended before the workers came count no more. */
    MUST(db_begin(scene.db, &err));
    MUST(staff_leave(scene.db, &scene.first, S("NV02"), scene.first.day, &err));
    MUST(db_commit(scene.db, &err));
    assert_int_equal(work(&scene, NULL), 1);
    assert_int_equal(last(&scene).state, ERRAND_REFUSED);
    assert_true(last(&scene).reason_vi.n > 0 && last(&scene).remedy_en.n > 0);
    assert_int_equal(ask_i64(scene.db, "SELECT count(*) FROM bill_run"), 0);
    scene_drop(&scene);
}

static void what_cannot_be_done_is_told_and_ends(void **state)
{
    struct scene scene;
    scene_make(&scene, test_store(state), scene_closed);
    MUST(errand_place(scene.db, &scene.second, 1, 202611, 0, SCENE_NOW_MS, &err));
    assert_int_equal(work(&scene, NULL), 1);
    assert_int_equal(ask_i64(scene.db, "SELECT count(*) FROM bill_errand WHERE state = 'refused' "
                                       "AND length(reason_vi) > 0 AND length(remedy_en) > 0"),
                     1);
    MUST(errand_place(scene.db, &scene.second, 1, MONTH, 0, SCENE_NOW_MS, &err));
    work(&scene, no_more);
    scene_run(&scene, "UPDATE bill_run SET price_book = 'unknown'");
    assert_true(work(&scene, NULL) > 0);
    assert_int_equal(last(&scene).state, ERRAND_REFUSED);
    assert_int_equal(work(&scene, NULL), 0);
    scene_drop(&scene);
}

/* Who releases a price book has the drafts follow it, without the right to ask for runs. */
static void drafts_follow_a_price_book(void **state)
{
    struct scene scene;
    scene_make(&scene, test_store(state), scene_drafted);
    struct role_change run = {.code = S("NV02"),
                              .role = ROLE_billing_leader,
                              .unit_id = IDENTITY_EVERY_UNIT,
                              .from_day = scene.first.day,
                              .ends = true};
    struct role_change manage = run;
    manage.role = ROLE_manager;
    manage.ends = false;
    MUST(db_begin(scene.db, &err));
    MUST(staff_change_role(scene.db, &scene.first, &manage, &err));
    MUST(staff_change_role(scene.db, &scene.first, &run, &err));
    MUST(db_commit(scene.db, &err));
    assert_int_equal(errand_place(scene.db, &scene.second, 1, MONTH, 0, SCENE_NOW_MS, &err),
                     E_FORBIDDEN);
    scene_run(&scene, "UPDATE bill_run SET price_book = 'another'");
    MUST(errand_follow_prices(scene.db, &scene.second, S("another"), SCENE_NOW_MS, &err));
    assert_int_equal(ask_i64(scene.db, "SELECT count(*) FROM bill_errand"), 0);
    MUST(errand_follow_prices(scene.db, &scene.second, S("new"), SCENE_NOW_MS, &err));
    MUST(errand_follow_prices(scene.db, &scene.second, S("new"), SCENE_NOW_MS, &err));
    assert_int_equal(ask_i64(scene.db, "SELECT count(*) FROM bill_errand"), 1);
    while (work(&scene, NULL) > 0) continue;
    assert_int_equal(last(&scene).state, ERRAND_DONE);
    assert_int_equal(ask_i64(scene.db, "SELECT count(*) FROM bill_run WHERE price_book = "
                                       "'another' OR attempt <> 2"),
                     0);
    struct actor stranger = {.staff_id = 77, .code = S("NV77"), .day = scene.first.day};
    assert_int_equal(errand_follow_prices(scene.db, &stranger, S("x"), SCENE_NOW_MS, &err),
                     E_FORBIDDEN);
    scene_drop(&scene);
}

static void stopped_drafts_are_listed_page_by_page(void **state)
{
    struct scene scene;
    struct stopped_draft *drafts;
    int64_t held = 0, failed = 0, seen = 0, behind = 0;
    size_t count = 0;
    bool more = true;
    scene_make(&scene, test_store(state), scene_drafted);
    scene_run(&scene, "UPDATE bill_draft SET state = 'held', problem = 'hold:meter dispute' WHERE "
                      "point_id <= 3");
    MUST(stopped_count(scene.db, 1, MONTH, STOPPED_HELD, &held, &err));
    MUST(stopped_count(scene.db, 1, MONTH, STOPPED_EXCEPTION, &failed, &err));
    assert_int_equal(held, 3);
    assert_int_equal(failed, 0);
    while (more) {
        MUST(stopped_page(scene.db, &scene.arena, 1, MONTH, STOPPED_HELD, behind, 2, &drafts,
                          &count, &more, &err));
        for (size_t i = 0; i < count; i++) {
            assert_int_equal(drafts[i].point_id, ++seen);
            assert_int_equal(drafts[i].problem, PROBLEM_HOLD);
            assert_true(str_equal(drafts[i].concerns, S("meter dispute")));
            assert_true(drafts[i].read_day > 0 && drafts[i].book_code.n > 0);
        }
        behind = drafts[count - 1].point_id;
    }
    assert_int_equal(seen, 3);
    scene_drop(&scene);
}

/* The pages of the list of unbilled points hold what the whole list holds. */
static void unbilled_points_are_listed_page_by_page_and_counted(void **state)
{
    struct scene scene;
    struct unbilled *items;
    struct unbilled_place place = {0, INT64_MIN};
    struct unbilled_count counted;
    struct books_open books;
    int64_t pages = 0, entries = 0, done = 0, month = 0;
    size_t count = 0;
    bool more = true;
    scene_make(&scene, test_store(state), scene_drafted);
    struct unit_ref unit = {.unit_id = 1, .code = S("PD0100")};
    while (more) {
        MUST(unbilled_page(scene.db, &scene.arena, &unit, MONTH, &place, 3, &items, &count, &more,
                           &err));
        pages++;
        entries += (int64_t)count;
        place = (struct unbilled_place){items[count - 1].part, items[count - 1].point_id};
        assert_int_equal(items[0].problem, PROBLEM_NOT_ISSUED);
    }
    assert_int_equal(pages, 2);
    assert_int_equal(entries, 4);
    MUST(billing_month(scene.db, 1, &month, &err));
    assert_int_equal(month, MONTH);
    MUST(books_open(scene.db, 1, MONTH, &books, &err));
    assert_int_equal(books.is_signed, 2);
    assert_true(books.any);
    MUST(unbilled_count_renew(scene.db, SCENE_NOW_MS, &done, &err));
    MUST(unbilled_count_read(scene.db, 1, MONTH, &counted, &err));
    assert_int_equal(done, 1);
    assert_true(counted.known);
    assert_int_equal(counted.entries, 4);
    MUST(unbilled_count_renew(scene.db, SCENE_NOW_MS + 2 * UNBILLED_LATEST_MS, &done, &err));
    assert_int_equal(done, 1); /* nothing happened since */
    MUST(scene_issue(&scene, &err));
    int64_t sequenced;
    MUST(event_sequence(scene.db, 1, 100, &sequenced, &err));
    MUST(unbilled_count_renew(scene.db, SCENE_NOW_MS + 1, &done, &err));
    assert_int_equal(done, 1); /* too soon */
    MUST(unbilled_count_renew(scene.db, SCENE_NOW_MS + 2 * UNBILLED_LATEST_MS, &done, &err));
    MUST(unbilled_count_read(scene.db, 1, MONTH, &counted, &err));
    assert_int_equal(done, 2);
    assert_int_equal(counted.entries, 0);
    scene_drop(&scene);
}

static struct books_open books_of(struct scene *scene)
{
    struct books_open books;
    MUST(books_open(scene->db, 1, MONTH, &books, &err));
    return books;
}

static int32_t day_of(const char *text)
{
    int32_t day = 0;
    assert_true(day_parse(str_of(text), &day));
    return day;
}

static void change(struct scene *scene, const char *sql)
{
    MUST(db_run(scene->db, sql, NO_ARGS, NULL, &err));
}

/* A book that nobody has read is open, and due by its schedule: while there is one, the month is
 * not done, whatever the others are. */
static void the_first_book_that_is_not_issued_sets_the_deadline(void **state)
{
    struct scene scene;
    scene_make(&scene, test_store(state), scene_drafted);
    change(&scene, "UPDATE book_period SET read_on = '2026-10-20' WHERE period_no > 0");
    change(&scene, "UPDATE book_period SET read_on = '2026-10-17' WHERE book_id = 1 AND "
                   "period_no > 0");
    struct books_open books = books_of(&scene);
    assert_int_equal(books.is_signed, 2);
    assert_true(books.any && !books.planned);
    assert_int_equal(books.first_read_day, day_of("2026-10-17"));
    change(&scene, "UPDATE book_period SET state = 'issued' WHERE book_id = 1 AND period_no > 0");
    assert_int_equal(books_of(&scene).first_read_day, day_of("2026-10-20"));
    change(&scene, "INSERT INTO book (unit_id, book_id, code, name, periods, reading_day, "
                   "created_at) VALUES (1, 90, 'S90', 'S90', 2, 31, 0)");
    books = books_of(&scene);
    assert_int_equal(books.open, 2); /* one for each of its periods */
    assert_int_equal(books.is_signed, 1);
    assert_true(books.any && books.planned);
    assert_true(books.first_read_day < day_of("2026-10-20"));
    change(&scene, "UPDATE book_period SET state = 'issued' WHERE period_no > 0");
    books = books_of(&scene);
    assert_true(books.any && books.planned);
    assert_int_equal(books.open, 2);
    assert_int_equal(books.closed + books.is_signed, 0);
    change(&scene, "INSERT INTO book_period (unit_id, book_id, month, period_no, read_on, state) "
                   "VALUES (1, 90, 202610, 1, '2026-10-16', 'issued')");
    books = books_of(&scene);
    assert_int_equal(books.open, 1);
    assert_int_equal(books.first_read_day, day_of("2026-10-31"));
    change(&scene, "INSERT INTO book_period (unit_id, book_id, month, period_no, read_on, state) "
                   "VALUES (1, 90, 202610, 2, '2026-10-31', 'issued')");
    books = books_of(&scene);
    assert_false(books.any);
    assert_int_equal(books.open, 0);
    scene_drop(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BOTH_STORES(workers_draft_and_issue_what_is_asked_for),
        ON_BOTH_STORES(an_errand_is_one_and_of_who_may),
        ON_BOTH_STORES(what_cannot_be_done_is_told_and_ends),
        ON_BOTH_STORES(drafts_follow_a_price_book),
        ON_BOTH_STORES(stopped_drafts_are_listed_page_by_page),
        ON_BOTH_STORES(unbilled_points_are_listed_page_by_page_and_counted),
        ON_BOTH_STORES(the_first_book_that_is_not_issued_sets_the_deadline),
    };
    return run_store_tests("billing errands", tests);
}
