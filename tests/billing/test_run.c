/* SPDX-License-Identifier: Apache-2.0 */
/* A run from closed books to issued bills: nobody is billed twice, nobody disappears. */
#include "support/stores.h"

#include "base/date.h"
#include "billing/fixture.h"
#include "billing/rater.h"
#include "billing/run.h"
#include "ledger/ledger_view.h"

enum { LEASE_MS = 60000, NOW_MS = 2000 };

static struct run_order order_of(int64_t month)
{
    return (struct run_order){.month = month, .business_day = -1, .actor_id = 1,
                              .now_ms = NOW_MS};
}

static struct run_counts draft(struct db *db, int64_t *out_run_id)
{
    struct err err;
    struct run_ticket ticket;
    struct run_counts counts;
    struct run_order order = order_of(202610);
    MUST(run_start(db, &order, &ticket, &err));
    MUST(run_work(db, &ticket, LEASE_MS, NULL, NULL, &err));
    MUST(run_close(db, &ticket, &(struct actor){.staff_id = 1}, NOW_MS, &err));
    MUST(run_count(db, &ticket, &counts, &err));
    *out_run_id = ticket.run_id;
    return counts;
}

static struct run_counts issue(struct db *db, int64_t run_id)
{
    struct err err;
    struct run_ticket ticket;
    struct run_counts counts;
    MUST(issue_start(db, run_id, S(""), &ticket, &err));
    MUST(run_work(db, &ticket, LEASE_MS, NULL, NULL, &err));
    MUST(run_close(db, &ticket, &(struct actor){.staff_id = 1}, NOW_MS, &err));
    MUST(run_count(db, &ticket, &counts, &err));
    return counts;
}

static struct db *with_fixture(void **state, struct fixture fixture)
{
    struct err err;
    struct db *db = test_db(state);
    MUST(fixture_make(db, &fixture, &err));
    return db;
}

static void count_problem(void *context, int64_t account_id, struct str reference,
                          const char *what_vi, const char *what_en)
{
    (void)account_id, (void)reference, (void)what_vi, (void)what_en;
    (*(int *)context)++;
}

/* ---- the whole way ----------------------------------------------------------------------- */

static void a_month_is_billed_and_posted(void **state)
{
    struct err err;
    struct fixture fixture = FIXTURE_SMALL;
    struct db *db = with_fixture(state, fixture);
    int64_t run_id, documents;
    struct run_counts counts = draft(db, &run_id);
    assert_int_equal(run_id, 20261001);
    assert_int_equal(counts.ready, 60);
    /* Who began it stands in the chain, once. */
    assert_int_equal(ask_i64(db, "SELECT count(*) FROM audit_entry WHERE stream = 'billing' AND "
                                 "action = 'bill.run' AND subject = '20261001' AND actor_id > 0"),
                     1);
    assert_int_equal(counts.held + counts.exceptions + counts.chunks_left, 0);
    assert_int_equal(ask_i64(db, "SELECT count(*) FROM bill"), 0);
    counts = issue(db, run_id);
    assert_int_equal(counts.ready, 60);
    assert_int_equal(ask_i64(db, "SELECT count(*) FROM bill"), 60);
    assert_int_equal(ask_i64(db, "SELECT count(*) FROM bill_draft"), 0);
    assert_int_equal(ask_i64(db, "SELECT count(*) FROM event_new"), 60);
    assert_int_equal(ask_i64(db, "SELECT count(*) FROM book_period WHERE state = 'issued'"), 3);
    assert_int_equal(ask_i64(db, "SELECT count(*) FROM book_step WHERE step = 'issue'"), 3);
    assert_int_equal(ask_i64(db, "SELECT CAST(sum(total_vnd) AS BIGINT) FROM bill"),
                     ask_i64(db, "SELECT CAST(sum(amount_vnd) AS BIGINT) FROM posting"));
    int problems = 0;
    MUST(ledger_check(db, 1, count_problem, &problems, &documents, &err));
    assert_int_equal(problems, 0);
    assert_int_equal(documents, 60);
}

static void every_bill_is_what_its_request_says(void **state)
{
    struct err err;
    struct fixture fixture = FIXTURE_SMALL;
    struct db *db = with_fixture(state, fixture);
    int64_t run_id;
    draft(db, &run_id);
    issue(db, run_id);
    struct rater *rater;
    struct arena arena;
    struct str hash;
    arena_init(&arena, 1 << 20);
    MUST(db_get_text(db, &arena, "SELECT max(price_book) FROM bill", NO_ARGS, &hash, &err));
    MUST(rater_new(db, hash, &rater, &err));
    AUTO(rows_done_at) struct rows *rows = NULL;
    MUST(db_query(db, "SELECT request, total_vnd, vat_vnd, line_count, total_wh FROM bill",
                  NO_ARGS, &rows, &err));
    for (bool more = true;;) {
        struct rated_bill bill;
        MUST(rows_next(rows, &more, &err));
        if (!more) break;
        MUST(rater_rate(rater, row_text(rows, 0), &bill, &err));
        assert_int_equal(bill.total_vnd, row_i64(rows, 1));
        assert_int_equal(bill.vat_vnd, row_i64(rows, 2));
        assert_int_equal(bill.line_count, row_i64(rows, 3));
        assert_int_equal(bill.total_wh, row_i64(rows, 4));
    }
    rater_free(rater);
    arena_release(&arena);
}

/* ---- what is left behind ----------------------------------------------------------------- */

static void a_held_bill_waits_for_its_release(void **state)
{
    struct err err;
    struct fixture fixture = FIXTURE_SMALL;
    fixture.spikes = true;
    struct db *db = with_fixture(state, fixture);
    int64_t run_id, next_id;
    struct run_counts counts = draft(db, &run_id);
    assert_int_equal(counts.ready, 55);
    assert_int_equal(counts.held, 5);
    counts = issue(db, run_id);
    assert_int_equal(counts.ready, 55);
    assert_int_equal(counts.held, 5);
    assert_int_equal(ask_i64(db, "SELECT count(*) FROM book_period WHERE state = 'issued'"), 0);
    MUST(db_run(db, "UPDATE spike_case SET state = 'released' WHERE point_id <> 11", NO_ARGS,
                NULL, &err));
    counts = draft(db, &next_id);
    assert_int_equal(next_id, run_id + 1);
    assert_int_equal(counts.ready, 4);
    assert_int_equal(counts.held, 1);
    issue(db, next_id);
    assert_int_equal(ask_i64(db, "SELECT count(*) FROM bill"), 59);
    assert_int_equal(ask_i64(db, "SELECT point_id FROM bill_draft"), 11);
    assert_int_equal(ask_i64(db, "SELECT count(*) FROM book_period WHERE state = 'issued'"), 2);
}

static void a_release_is_seen_at_the_issue_too(void **state)
{
    struct err err;
    struct fixture fixture = FIXTURE_SMALL;
    fixture.spikes = true;
    struct db *db = with_fixture(state, fixture);
    int64_t run_id;
    draft(db, &run_id);
    MUST(db_run(db, "UPDATE spike_case SET state = 'released'", NO_ARGS, NULL, &err));
    MUST(db_run(db, "INSERT INTO hold (unit_id, hold_id, subject_kind, subject_id, stops, matter, "
                    "reason, owner_id, placed_at, escalate_on, last_on) VALUES (1, 1, 'point', 5, "
                    "'draft', 'complaint 7', 'r', 1, 1, '2026-11-05', '2026-11-06')",
                NO_ARGS, NULL, &err));
    struct run_counts counts = issue(db, run_id);
    assert_int_equal(counts.ready, 59);
    assert_int_equal(counts.held, 1);
    assert_int_equal(ask_i64(db, "SELECT point_id FROM bill_draft"), 5);
}

static void a_flag_without_its_record_is_never_issued(void **state)
{
    struct err err;
    struct fixture fixture = FIXTURE_SMALL;
    fixture.spikes = true;
    struct db *db = with_fixture(state, fixture);
    int64_t run_id;
    MUST(db_run(db, "DELETE FROM spike_case", NO_ARGS, NULL, &err));
    struct run_counts counts = draft(db, &run_id);
    assert_int_equal(counts.held, 5);
    counts = issue(db, run_id);
    assert_int_equal(counts.held, 5);
    assert_int_equal(ask_i64(db, "SELECT count(*) FROM bill"), 55);
}

static void what_cannot_be_computed_is_an_exception(void **state)
{
    struct err err;
    struct fixture fixture = FIXTURE_SMALL;
    struct db *db = with_fixture(state, fixture);
    int64_t run_id;
    MUST(db_run(db, "INSERT INTO point_fact (unit_id, point_id, kind, valid_from, entry_no, "
                    "state, recorded_at, actor_id) VALUES (1, 3, 'uses', '2015-01-01', 2, "
                    "'retract', 1500, 1), (1, 4, 'agreement', '2020-01-01', 1, 'end', 1500, 1)",
                NO_ARGS, NULL, &err));
    struct run_counts counts = draft(db, &run_id);
    assert_int_equal(counts.ready, 58);
    assert_int_equal(counts.exceptions, 2);
    assert_int_equal(ask_i64(db, "SELECT count(*) FROM bill_draft WHERE point_id = 3 AND "
                                 "problem = 'no_uses'"),
                     1);
    assert_int_equal(ask_i64(db, "SELECT count(*) FROM bill_draft WHERE point_id = 4 AND "
                                 "problem = 'no_supply'"),
                     1);
    counts = issue(db, run_id);
    assert_int_equal(counts.ready, 58);
    MUST(db_run(db, "INSERT INTO point_fact (unit_id, point_id, kind, valid_from, entry_no, "
                    "state, recorded_at, actor_id, value_text) VALUES (1, 3, 'uses', "
                    "'2015-01-01', 3, 'set', 1900, 1, 'SH:-:100%')",
                NO_ARGS, NULL, &err));
    counts = draft(db, &run_id);
    assert_int_equal(counts.ready, 1);
    assert_int_equal(counts.exceptions, 1);
}

static void only_signed_books_are_issued(void **state)
{
    struct err err;
    struct fixture fixture = FIXTURE_SMALL;
    fixture.signed_books = false;
    struct db *db = with_fixture(state, fixture);
    int64_t run_id;
    struct run_counts counts = draft(db, &run_id);
    assert_int_equal(counts.ready, 60);
    counts = issue(db, run_id);
    assert_int_equal(counts.ready, 0);
    MUST(db_run(db, "UPDATE book_period SET state = 'signed' WHERE book_id = 2", NO_ARGS, NULL,
                &err));
    counts = issue(db, run_id);
    assert_int_equal(counts.ready, 25);
    assert_int_equal(ask_i64(db, "SELECT count(*) FROM book_period WHERE state = 'issued'"), 1);
}

/* ---- interrupted and repeated ------------------------------------------------------------ */

static bool stop_at_once(void *context, int64_t bills)
{
    (void)context, (void)bills;
    return false;
}

static void an_interrupted_run_goes_on_as_it_began(void **state)
{
    struct err err;
    struct fixture fixture = FIXTURE_SMALL;
    struct db *db = with_fixture(state, fixture);
    struct run_ticket ticket, again;
    struct run_counts counts;
    struct run_order order = order_of(202610), later = order_of(202610);
    later.now_ms = NOW_MS + 1000;
    later.business_day = day_from_civil(2026, 12, 24);
    MUST(run_start(db, &order, &ticket, &err));
    assert_int_equal(ticket.chunk_count, 3);
    int64_t known_at_ms = ask_i64(db, "SELECT known_at FROM bill_run");
    MUST(run_work(db, &ticket, LEASE_MS, stop_at_once, NULL, &err));
    MUST(run_close(db, &ticket, &(struct actor){.staff_id = 1}, NOW_MS, &err));
    struct run_ticket early;
    assert_int_equal(issue_start(db, ticket.run_id, S(""), &early, &err), E_STATE);
    MUST(run_start(db, &later, &again, &err));
    assert_int_equal(again.run_id, ticket.run_id);
    assert_int_equal(again.chunk_count, 2);
    assert_int_equal(ask_i64(db, "SELECT known_at FROM bill_run"), known_at_ms);
    MUST(run_work(db, &again, LEASE_MS, NULL, NULL, &err));
    MUST(run_close(db, &again, &(struct actor){.staff_id = 1}, NOW_MS, &err));
    MUST(run_count(db, &again, &counts, &err));
    assert_int_equal(counts.ready, 60);
    assert_int_equal(ask_i64(db, "SELECT count(*) FROM bill_run WHERE business_on = "
                                 "'2026-11-01'"),
                     1);
}

static void an_interrupted_issue_goes_on(void **state)
{
    struct err err;
    struct fixture fixture = FIXTURE_SMALL;
    struct db *db = with_fixture(state, fixture);
    struct run_ticket ticket;
    struct run_order order = order_of(202610);
    int64_t run_id;
    draft(db, &run_id);
    MUST(issue_start(db, run_id, S(""), &ticket, &err));
    MUST(run_work(db, &ticket, LEASE_MS, stop_at_once, NULL, &err));
    assert_int_equal(ask_i64(db, "SELECT count(*) FROM bill"), 25);
    assert_int_equal(run_start(db, &order, &ticket, &err), E_STATE);
    struct run_counts counts = issue(db, run_id);
    assert_int_equal(counts.ready, 60);
    assert_int_equal(ask_i64(db, "SELECT count(*) FROM bill"), 60);
}

static void running_again_changes_nothing(void **state)
{
    struct fixture fixture = FIXTURE_SMALL;
    struct db *db = with_fixture(state, fixture);
    int64_t run_id, again_id;
    struct run_counts counts = draft(db, &run_id), again = draft(db, &again_id);
    assert_int_equal(run_id, again_id);
    assert_int_equal(counts.total_vnd, again.total_vnd);
    issue(db, run_id);
    counts = issue(db, run_id);
    assert_int_equal(counts.ready, 0);
    draft(db, &again_id);
    assert_int_equal(run_id, again_id);
    assert_int_equal(ask_i64(db, "SELECT count(*) FROM bill"), 60);
}

static void a_drafted_run_takes_up_what_was_closed_since(void **state)
{
    struct err err;
    struct fixture fixture = FIXTURE_SMALL;
    struct db *db = with_fixture(state, fixture);
    int64_t run_id, again_id;
    MUST(db_run(db, "UPDATE book_period SET state = 'open' WHERE book_id = 3", NO_ARGS, NULL,
                &err));
    assert_int_equal(draft(db, &run_id).ready, 50);
    MUST(db_run(db, "UPDATE book_period SET state = 'signed' WHERE book_id = 3", NO_ARGS, NULL,
                &err));
    assert_int_equal(draft(db, &again_id).ready, 60);
    assert_int_equal(run_id, again_id);
}

static void a_returned_book_is_not_issued(void **state)
{
    struct err err;
    struct fixture fixture = FIXTURE_SMALL;
    struct db *db = with_fixture(state, fixture);
    struct run_ticket ticket;
    int64_t run_id;
    draft(db, &run_id);
    MUST(issue_start(db, run_id, S(""), &ticket, &err));
    MUST(db_run(db, "UPDATE book_period SET state = 'open' WHERE book_id = 2", NO_ARGS, NULL,
                &err));
    assert_int_equal(run_work(db, &ticket, LEASE_MS, NULL, NULL, &err), E_STATE);
    assert_true(err.vi.hint[0] != '\0');
    MUST(run_close(db, &ticket, &(struct actor){.staff_id = 1}, NOW_MS, &err));
    assert_int_equal(ask_i64(db, "SELECT count(*) FROM bill"), 35);
    assert_int_equal(ask_i64(db, "SELECT count(*) FROM bill WHERE book_id = 2"), 0);
}

/* ---- other uses -------------------------------------------------------------------------- */

static void add_usage(struct db *db, int64_t point_id, int64_t period_no, const char *kind,
                      int64_t closing_no, const char *from_on, const char *to_on, int64_t wh)
{
    struct err err;
    MUST(db_run(db,
                "INSERT INTO usage (unit_id, book_id, month, period_no, point_id, kind, "
                "closing_no, agreement_id, from_on, to_on, total_wh, metered_wh, estimated, "
                "spike, carry, detail) VALUES (1, 1, 202610, $1, $2, $3, $4, $5, $6, $7, $8, $9, "
                "0, 'none', '{}', '{}')",
                ARGS(v_i64(period_no), v_i64(point_id), v_text(str_of(kind)), v_i64(closing_no),
                     v_i64(point_id), v_text(str_of(from_on)), v_text(str_of(to_on)), v_i64(wh),
                     v_i64(wh)),
                NULL, &err));
}

static void finals_and_supplements_are_billed_on_any_day(void **state)
{
    struct fixture fixture = FIXTURE_SMALL;
    struct db *db = with_fixture(state, fixture);
    int64_t run_id;
    add_usage(db, 7, 0, "final", 1, "2026-10-01", "2026-10-10", 30000);
    add_usage(db, 7, 0, "final", 2, "2026-10-01", "2026-10-11", 35000);
    add_usage(db, 7, 0, "supplement", 1, "2026-07-31", "2026-08-31", 50000);
    add_usage(db, 7, 0, "supplement", 2, "2026-08-31", "2026-09-30", 60000);
    assert_int_equal(draft(db, &run_id).ready, 63);
    assert_int_equal(issue(db, run_id).ready, 63);
    assert_int_equal(ask_i64(db, "SELECT total_wh FROM bill WHERE kind = 'final'"), 35000);
    assert_int_equal(ask_i64(db, "SELECT max(version) FROM bill WHERE period_no = 0"), 3);
    draft(db, &run_id);
    issue(db, run_id);
    assert_int_equal(ask_i64(db, "SELECT count(*) FROM bill"), 63);
    add_usage(db, 7, 0, "supplement", 3, "2026-06-30", "2026-07-31", 1000);
    assert_int_equal(draft(db, &run_id).ready, 1);
    assert_int_equal(run_id, 20261002);
    issue(db, run_id);
    assert_int_equal(ask_i64(db, "SELECT max(version) FROM bill WHERE period_no = 0"), 4);
}

static void a_use_of_zero_gives_a_bill_of_zero(void **state)
{
    struct err err;
    struct fixture fixture = FIXTURE_SMALL;
    struct db *db = test_db(state);
    MUST(fixture_customers(db, &fixture, &err));
    MUST(db_run(db, "INSERT INTO book_period (unit_id, book_id, month, period_no, read_on, state, "
                    "closing_no) VALUES (1, 1, 202610, 1, '2026-10-31', 'signed', 1)",
                NO_ARGS, NULL, &err));
    add_usage(db, 7, 1, "periodic", 1, "2026-09-30", "2026-10-31", 0);
    int64_t run_id;
    draft(db, &run_id);
    issue(db, run_id);
    assert_int_equal(ask_i64(db, "SELECT total_vnd + line_count FROM bill"), 0);
    assert_int_equal(ask_i64(db, "SELECT count(*) FROM posting"), 0);
    assert_int_equal(ask_i64(db, "SELECT count(*) FROM event_new"), 1);
}

static void drafts_of_an_old_closing_fall_away(void **state)
{
    struct err err;
    struct fixture fixture = FIXTURE_SMALL;
    struct db *db = with_fixture(state, fixture);
    int64_t run_id;
    draft(db, &run_id);
    MUST(db_run(db, "UPDATE book_period SET closing_no = 2 WHERE book_id = 1", NO_ARGS, NULL,
                &err));
    add_usage(db, 5, 1, "periodic", 2, "2026-09-30", "2026-10-31", 12000);
    assert_int_equal(draft(db, &run_id).ready, 36);
    assert_int_equal(ask_i64(db, "SELECT count(*) FROM bill_draft"), 36);
    assert_int_equal(issue(db, run_id).ready, 36);
    assert_int_equal(ask_i64(db, "SELECT total_wh FROM bill WHERE point_id = 5"), 12000);
    assert_int_equal(ask_i64(db, "SELECT count(*) FROM book_period WHERE state = 'issued'"), 3);
}

static void nothing_closed_is_said(void **state)
{
    struct err err;
    struct fixture fixture = FIXTURE_SMALL;
    struct db *db = with_fixture(state, fixture);
    struct run_ticket ticket;
    struct run_order order = order_of(202611);
    assert_int_equal(run_start(db, &order, &ticket, &err), E_NOT_FOUND);
    order = order_of(202610);
    order.unit_code = S("PX");
    assert_int_equal(run_start(db, &order, &ticket, &err), E_NOT_FOUND);
}

static err_t count_preview(void *context, const struct preview *preview, struct err *err)
{
    (void)err;
    assert_true(str_equal(preview->state, S("ready")));
    (*(int64_t *)context)++;
    return OK;
}

static void a_preview_writes_nothing(void **state)
{
    struct err err;
    struct fixture fixture = FIXTURE_SMALL;
    struct db *db = with_fixture(state, fixture);
    struct run_order order = order_of(202610);
    int64_t seen = 0;
    MUST(run_preview(db, &order, 0, count_preview, &seen, &err));
    assert_int_equal(seen, 60);
    seen = 0;
    MUST(run_preview(db, &order, 7, count_preview, &seen, &err));
    assert_int_equal(seen, 1);
    assert_int_equal(ask_i64(db, "SELECT count(*) FROM bill_draft"), 0);
    assert_int_equal(ask_i64(db, "SELECT count(*) FROM bill_run"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BOTH_STORES(a_month_is_billed_and_posted),
        ON_BOTH_STORES(every_bill_is_what_its_request_says),
        ON_BOTH_STORES(a_held_bill_waits_for_its_release),
        ON_BOTH_STORES(a_release_is_seen_at_the_issue_too),
        ON_BOTH_STORES(a_flag_without_its_record_is_never_issued),
        ON_BOTH_STORES(what_cannot_be_computed_is_an_exception),
        ON_BOTH_STORES(only_signed_books_are_issued),
        ON_BOTH_STORES(an_interrupted_run_goes_on_as_it_began),
        ON_BOTH_STORES(an_interrupted_issue_goes_on),
        ON_BOTH_STORES(running_again_changes_nothing),
        ON_BOTH_STORES(a_drafted_run_takes_up_what_was_closed_since),
        ON_BOTH_STORES(a_returned_book_is_not_issued),
        ON_BOTH_STORES(finals_and_supplements_are_billed_on_any_day),
        ON_BOTH_STORES(a_use_of_zero_gives_a_bill_of_zero),
        ON_BOTH_STORES(drafts_of_an_old_closing_fall_away),
        ON_BOTH_STORES(nothing_closed_is_said),
        ON_BOTH_STORES(a_preview_writes_nothing),
    };
    return run_store_tests("billing run", tests);
}
