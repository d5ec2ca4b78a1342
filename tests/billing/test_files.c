/* SPDX-License-Identifier: Apache-2.0 */
/* Files of the earlier system: what is refused row by row, and why a bill differs from ours. */
#include "support/stores.h"

#include <stdio.h>
#include <string.h>

#include "base/date.h"
#include "billing/compare.h"
#include "billing/fixture.h"
#include "billing/import_history.h"
#include "billing/rater.h"
#include "billing/run.h"
#include "ledger/import_open_items.h"

enum { LEASE_MS = 60000, NOW_MS = 2000, TEXT_BYTES = 1024 * 1024, PACKED_MONTHS = 600,
       MONTH_BYTES = 16 };

static struct err err;

static struct db *with_customers(void **state, int64_t customers, int64_t month)
{
    struct db *db = test_db(state);
    struct fixture fixture = {.unit_id = 1, .unit_code = "PD0100", .customers = customers,
                              .book_customers = 20, .month = month, .signed_books = true};
    MUST(fixture_make(db, &fixture, &err));
    return db;
}

/* A point with its account in a unit of its own. */
static void second_unit(struct db *db)
{
    static const char *const sql[] = {
        "INSERT INTO unit (unit_id, code, name, opened_on, created_at) VALUES (2, 'PD0200', 'B', "
        "'2010-01-01', 1)",
        "INSERT INTO account (unit_id, account_id, code, created_at) VALUES (2, 1, 'TKB', 1)",
        "INSERT INTO agreement (unit_id, agreement_id, code, created_at) VALUES (2, 1, 'PDB', 1)",
        "INSERT INTO usage_point (unit_id, point_id, code, created_at) VALUES (2, 1, 'DDB', 1)",
        "INSERT INTO point_directory (code, unit_id, point_id) VALUES ('DDB', 2, 1)",
        "INSERT INTO agreement_fact (unit_id, agreement_id, kind, valid_from, entry_no, state, "
        "recorded_at, actor_id, value_i64) VALUES (2, 1, 'account', '2015-01-01', 1, 'set', 1, 1, "
        "1)",
        "INSERT INTO point_fact (unit_id, point_id, kind, valid_from, entry_no, state, "
        "recorded_at, actor_id, value_i64) VALUES (2, 1, 'agreement', '2015-01-01', 1, 'set', 1, "
        "1, 1)",
    };
    for (size_t i = 0; i < ARRAY_COUNT(sql); i++) MUST(db_run(db, sql[i], NO_ARGS, NULL, &err));
}

/* ---- importing --------------------------------------------------------------------------- */

struct refusals {
    int count;
    char column[32]; /* of the first */
};

static void keep_first(void *context, const struct import_finding *finding)
{
    struct refusals *refusals = context;
    assert_true(finding->err->vi.message[0] != '\0' && finding->err->en.message[0] != '\0');
    assert_true(finding->err->vi.hint[0] != '\0' && finding->err->en.hint[0] != '\0');
    if (refusals->count++ > 0) return;
    memcpy(refusals->column, finding->column.p, finding->column.n);
    refusals->column[finding->column.n] = '\0';
}

static err_t import(struct db *db, const struct import_kind *kind, const char *head,
                    const char *rows, struct refusals *refusals, struct import_counts *counts)
{
    struct buf text;
    *refusals = (struct refusals){0};
    buf_init(&text, TEXT_BYTES);
    buf_printf(&text, "%s\n%s\n", head, rows);
    struct import_request request = {.kind = kind, .text = buf_str(&text), .source = S("test"),
                                     .actor_id = 1, .now_ms = NOW_MS, .context = refusals,
                                     .found = keep_first};
    err_t e = import_run(db, &request, counts, &err);
    buf_release(&text);
    return e;
}

static const char history_head[] = "point,month,period,from,to,kwh,pre_vat,vat,vat_rate,total";
static const char items_head[] = "unit,account,reference,kind,month,due,on,amount";

static void past_refused(struct db *db, const char *row, const char *column)
{
    struct refusals refusals;
    struct import_counts counts;
    int64_t before = ask_i64(db, "SELECT count(*) FROM bill");
    err_t e = import(db, &import_kind_history, history_head, row, &refusals, &counts);
    assert_int_equal(e, E_INPUT);
    assert_int_equal(refusals.count, 1);
    assert_string_equal(refusals.column, column);
    assert_int_equal(ask_i64(db, "SELECT count(*) FROM bill"), before);
}

static void past_accepted(struct db *db, const char *rows, int64_t added)
{
    struct refusals refusals;
    struct import_counts counts;
    MUST(import(db, &import_kind_history, history_head, rows, &refusals, &counts));
    assert_int_equal(counts.added, added);
}

static void a_past_bill_that_cannot_be_is_refused(void **state)
{
    struct db *db = with_customers(state, 4, 202610);
    past_refused(db, "DD00000000001,2026-13,1,2026-08-31,2026-09-30,90,1,0,0,1", "month");
    past_refused(db, "DD00000000001,2026-09,1,2026-08-31,2026-09-30,x,1,0,0,1", "kwh");
    past_refused(db, "DD00000000001,2026-09,1,2026-08-31,2026-09-30,90,1,0,x,1", "vat_rate");
    past_refused(db, "DD00000000001,2026-09,1,2026-08-31,2026-09-30,90,1,0,-0.1,1", "vat_rate");
    past_refused(db, "DD00000000001,2026-09,1,2026-08-31,2026-09-30,90,1,0,1.5,1", "vat_rate");
    past_refused(db, "DD00000000001,2026-09,1,2026-08-31,2026-09-30,90,1,0,,2", "total");
    past_refused(db, "DD00000000001,2026-09,1,2026-09-30,2026-09-30,90,1,0,0,1", "to");
    past_refused(db, "DD00000000001,2014-09,1,2014-08-31,2014-09-30,90,1,0,0,1", "to");
    past_refused(db, "DD00000000009,2026-09,1,2026-08-31,2026-09-30,90,1,0,0,1", "point");
    MUST(db_run(db, "INSERT INTO agreement_fact (unit_id, agreement_id, kind, valid_from, "
                    "entry_no, state, recorded_at, actor_id) VALUES (1, 2, 'account', "
                    "'2015-01-01', 2, 'retract', 1500, 1)", NO_ARGS, NULL, &err));
    past_refused(db, "DD00000000002,2026-09,1,2026-08-31,2026-09-30,90,1,0,0,1", "to");
}

static void a_past_bill_is_there_once(void **state)
{
    struct db *db = with_customers(state, 4, 202610);
    const char *row = "DD00000000001,2026-09,,2026-08-31,2026-09-30,90,100,8,0.08,108";
    past_accepted(db, row, 1);
    past_accepted(db, row, 0);
    past_refused(db, "DD00000000001,2026-09,1,2026-08-31,2026-09-30,91,100,8,0.08,108", "total");
    past_refused(db, "DD00000000001,2026-09,1,2026-08-31,2026-09-30,90,101,7,0.08,108", "total");
    past_refused(db, "DD00000000001,2026-09,1,2026-08-31,2026-09-30,90,100,9,0.08,109", "total");
    past_accepted(db, "DD00000000001,2026-09,2,2026-09-30,2026-10-10,30,50,4,0.08,54", 1);
    assert_int_equal(ask_i64(db, "SELECT count(*) FROM point_history"), 1);
}

static void a_month_billed_here_takes_no_past(void **state)
{
    struct run_ticket ticket;
    struct db *db = with_customers(state, 4, 202610);
    struct run_order order = {.month = 202610, .business_day = -1, .actor_id = 1,
                              .now_ms = NOW_MS};
    MUST(run_start(db, &order, &ticket, &err));
    MUST(run_work(db, &ticket, LEASE_MS, NULL, NULL, &err));
    MUST(run_close(db, &ticket, &(struct actor){.staff_id = 1}, NOW_MS, &err));
    MUST(issue_start(db, ticket.run_id, S(""), &ticket, &err));
    MUST(run_work(db, &ticket, LEASE_MS, NULL, NULL, &err));
    past_refused(db, "DD00000000001,2026-10,1,2026-09-30,2026-10-31,67,1,0,0,1", "month");
}

static void the_past_of_two_units_stays_apart(void **state)
{
    struct db *db = with_customers(state, 4, 202610);
    second_unit(db);
    past_accepted(db, "DD00000000001,2026-08,1,2026-07-31,2026-08-31,90,100,8,0.08,108\n"
                      "DDB,2026-08,1,2026-07-31,2026-08-31,90,100,8,0.08,108\n"
                      "DD00000000001,2026-09,1,2026-08-31,2026-09-30,90,100,8,0.08,108", 3);
    assert_int_equal(ask_i64(db, "SELECT count(*) FROM bill WHERE unit_id = 2"), 1);
    assert_int_equal(ask_i64(db, "SELECT length(months) FROM point_history WHERE unit_id = 1"),
                     2 * MONTH_BYTES);
    assert_int_equal(ask_i64(db, "SELECT length(months) FROM point_history WHERE unit_id = 2"),
                     MONTH_BYTES);
}

/* The packed past of fifty years: what is older than it holds stays out. */
static void a_full_past_takes_no_more(void **state)
{
    struct db *db = with_customers(state, 4, 202610);
    static char packed[(PACKED_MONTHS + 1) * MONTH_BYTES];
    int32_t first = month_from_number(197601);
    for (int32_t i = 0; i <= PACKED_MONTHS; i++) {
        int64_t value[2] = {month_to_number(first + i) | (int64_t)30 << 32, 1000};
        memcpy(packed + i * MONTH_BYTES, value, sizeof value);
    }
    MUST(db_run(db, "INSERT INTO point_history (unit_id, point_id, months) VALUES (1, 1, $1)",
                ARGS(v_blob((struct str){packed, sizeof packed})), NULL, &err));
    past_accepted(db, "DD00000000001,2026-09,1,2026-08-31,2026-09-30,90,100,8,0.08,108", 1);
    assert_int_equal(ask_i64(db, "SELECT length(months) FROM point_history"),
                     PACKED_MONTHS * MONTH_BYTES);
}

static void items_refused(struct db *db, const char *row, const char *column)
{
    struct refusals refusals;
    struct import_counts counts;
    int64_t before = ask_i64(db, "SELECT count(*) FROM open_item");
    err_t e = import(db, &import_kind_open_items, items_head, row, &refusals, &counts);
    assert_int_equal(e, E_INPUT);
    assert_string_equal(refusals.column, column);
    assert_int_equal(ask_i64(db, "SELECT count(*) FROM open_item"), before);
}

static void a_balance_that_cannot_be_is_refused(void **state)
{
    struct refusals refusals;
    struct import_counts counts;
    struct db *db = with_customers(state, 4, 202610);
    second_unit(db);
    MUST(import(db, &import_kind_open_items, items_head,
                "PD0100,TK00000000001,CD-1,debt,2026-09,2026-10-08,2026-10-01,500\n"
                "PD0200,TKB,CD-1,debt,2026-09,2026-10-08,2026-10-01,700\n"
                "PD0100,TK00000000002,CD-2,credit,2026-09,2026-10-08,2026-10-01,30", &refusals,
                &counts));
    assert_int_equal(counts.added, 3);
    items_refused(db, "PD0100,TK00000000003,X,debt,9/2026,2026-10-08,2026-10-01,5", "month");
    items_refused(db, "PD0100,TK00000000009,X,debt,2026-09,2026-10-08,2026-10-01,5", "account");
    items_refused(db, "PD0900,TK00000000003,X,debt,2026-09,2026-10-08,2026-10-01,5", "unit");
    items_refused(db, "PD0100,TK00000000001,CD-1,debt,2026-09,2026-10-08,2026-10-01,501",
                  "amount");
    items_refused(db, "PD0100,TK00000000001,CD-1,credit,2026-09,2026-10-08,2026-10-01,500",
                  "amount");
    /* Of two rows one is wrong: neither is taken. */
    items_refused(db, "PD0100,TK00000000009,Y,debt,2026-09,2026-10-08,2026-10-01,5\n"
                      "PD0100,TK00000000003,Y,debt,2026-09,2026-10-08,2026-10-01,5", "account");
    MUST(import(db, &import_kind_open_items, items_head,
                "PD0100,TK00000000001,CD-1,debt,2026-09,2026-10-08,2026-10-01,500\n"
                "PD0100,TK00000000004,CD-4,debt,2026-09,2026-10-08,2026-10-01,9", &refusals,
                &counts));
    assert_int_equal(counts.unchanged, 1);
    assert_int_equal(counts.added, 1);
}

/* ---- comparing --------------------------------------------------------------------------- */

enum { MAY_2025 = 202505, CUSTOMERS = 24, NO_TERMS_POINT = 22 };

/* Our bill of a point, as the file of the earlier system would tell it. */
struct told {
    char request[2048];
    int64_t wh, pre_vat_vnd, vat_vnd;
};

/* Prices change on 10 May 2025; point 5 is new since 5 May, so its tiers are cut by days. */
static struct db *may_billed(void **state)
{
    struct run_ticket ticket;
    struct db *db = with_customers(state, CUSTOMERS, MAY_2025);
    struct run_order order = {.month = MAY_2025, .business_day = -1, .actor_id = 1,
                              .now_ms = NOW_MS};
    second_unit(db);
    MUST(db_run(db, "INSERT INTO usage (unit_id, book_id, month, period_no, point_id, kind, "
                    "closing_no, agreement_id, from_on, to_on, total_wh, normal_wh, peak_wh, "
                    "offpeak_wh, metered_wh, estimated, spike, carry, detail, prorate) SELECT "
                    "unit_id, book_id, month, period_no, point_id, kind, 2, agreement_id, "
                    "CASE WHEN point_id = 5 THEN '2025-05-05' ELSE from_on END, to_on, total_wh, "
                    "normal_wh, peak_wh, offpeak_wh, metered_wh, estimated, spike, carry, detail, "
                    "CASE WHEN point_id = 5 THEN 'new_supply' ELSE NULL END FROM usage WHERE "
                    "book_id = 1", NO_ARGS, NULL, &err));
    MUST(db_run(db, "UPDATE book_period SET closing_no = 2 WHERE book_id = 1", NO_ARGS, NULL,
                &err));
    MUST(db_run(db, "INSERT INTO point_fact (unit_id, point_id, kind, valid_from, entry_no, "
                    "state, recorded_at, actor_id) VALUES (1, 22, 'uses', '2015-01-01', 2, "
                    "'retract', 1500, 1)", NO_ARGS, NULL, &err));
    MUST(run_start(db, &order, &ticket, &err));
    MUST(run_work(db, &ticket, LEASE_MS, NULL, NULL, &err));
    MUST(run_close(db, &ticket, &(struct actor){.staff_id = 1}, NOW_MS, &err));
    MUST(issue_start(db, ticket.run_id, S(""), &ticket, &err));
    MUST(run_work(db, &ticket, LEASE_MS, NULL, NULL, &err));
    return db;
}

static void read_told(struct db *db, int64_t point_id, struct told *out)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    bool found;
    struct buf request;
    *out = (struct told){.wh = fixture_kwh(point_id) * 1000, .pre_vat_vnd = 500, .vat_vnd = 40};
    MUST(db_query(db, "SELECT request, total_wh, pre_vat_vnd, vat_vnd FROM bill WHERE "
                      "point_id = $1", ARGS(v_i64(point_id)), &rows, &err));
    MUST(rows_next(rows, &found, &err));
    if (!found) return;
    buf_init_fixed(&request, out->request, sizeof out->request);
    buf_add(&request, row_text(rows, 0));
    out->wh = row_i64(rows, 1);
    out->pre_vat_vnd = row_i64(rows, 2);
    out->vat_vnd = row_i64(rows, 3);
}

/* What our request comes to with one more member. */
static int64_t with_member(struct db *db, const struct told *told, const char *member)
{
    struct rater *rater;
    struct rated_bill bill;
    struct buf request;
    struct str hash;
    struct arena arena;
    arena_init(&arena, TEXT_BYTES);
    buf_init(&request, TEXT_BYTES);
    buf_add(&request, str_sub(str_of(told->request), 0, strlen(told->request) - 1));
    buf_printf(&request, ",%s}", member);
    MUST(db_get_text(db, &arena, "SELECT max(price_book) FROM bill", NO_ARGS, &hash, &err));
    MUST(rater_new(db, hash, &rater, &err));
    MUST(rater_rate(rater, buf_str(&request), &bill, &err));
    int64_t pre_vat_vnd = bill.pre_vat_vnd;
    rater_free(rater);
    buf_release(&request);
    arena_release(&arena);
    return pre_vat_vnd;
}

static void add_row(struct buf *file, int64_t point_id, const char *from, const char *to,
                    const struct told *told)
{
    buf_printf(file, "DD%011lld,2025-05,1,%s,%s,", (long long)point_id, from, to);
    buf_add_i64(file, told->wh / 1000);
    buf_printf(file, ",%lld,%lld,0.08,%lld\n", (long long)told->pre_vat_vnd,
               (long long)told->vat_vnd, (long long)(told->pre_vat_vnd + told->vat_vnd));
}

/* One bill after another differs in its own way. */
static void write_file(struct db *db, struct buf *file)
{
    struct told told;
    buf_printf(file, "%s\n", history_head);
    for (int64_t point = 1; point <= CUSTOMERS - 1; point++) {
        const char *from = point == 5 ? "2025-05-05" : point == 6 ? "2025-05-01" : "2025-04-30";
        const char *to = point == 7 ? "2025-05-30" : "2025-05-31";
        read_told(db, point, &told);
        if (point == 2) told.vat_vnd++;
        if (point == 3) told.vat_vnd -= 100;
        if (point == 4) told.pre_vat_vnd--;
        if (point == 5) told.pre_vat_vnd = with_member(db, &told, "\"month_days\":\"own_month\"");
        if (point == 8) told.wh += 1000;
        if (point == 9)
            told.pre_vat_vnd = with_member(db, &told, "\"lodgers_undeclared\":true");
        if (point == 11) told.pre_vat_vnd += 100000;
        if (point == 12) {
            buf_printf(file, "DD00000000012,2025-04,1,2025-03-31,2025-04-30,5,100,8,0.08,108\n");
            continue;
        }
        if (point == 13 || (point > 15 && point < 20))
            told.pre_vat_vnd = with_member(db, &told, "\"change_split\":\"truncate_old\"");
        if (point == 14) told.pre_vat_vnd++;
        add_row(file, point, from, to, &told);
    }
    buf_printf(file, "DDB,2025-05,1,2025-04-30,2025-05-31,5,100,8,0.08,108\n");
}

struct verdicts {
    enum verdict of_point[CUSTOMERS + 1];
    int rejected, not_here, truncated;
};

static err_t keep_verdict(void *context, const struct compared *compared, struct err *why)
{
    struct verdicts *verdicts = context;
    (void)why;
    verdicts->truncated += compared->verdict == VERDICT_TRUNCATE;
    verdicts->not_here += compared->verdict == VERDICT_NOT_HERE;
    if (str_equal(compared->point_code, S("DDB"))) return OK;
    verdicts->of_point[compared->point_id] = compared->verdict;
    bool untold = compared->verdict == VERDICT_NOT_HERE && compared->detail.n == 0;
    if (compared->point_id == NO_TERMS_POINT) assert_false(untold);
    return OK;
}

static void count_rejected(void *context, int64_t row_no, struct str column,
                           const struct err *why)
{
    struct verdicts *verdicts = context;
    verdicts->rejected++;
    assert_true(row_no > 1 && column.n > 0 && why->en.message[0] != '\0');
}

static const char *save(void **state, struct str text, char path[256])
{
    struct buf name;
    buf_init_fixed(&name, path, 256);
    buf_printf(&name, "%s/earlier.csv", test_store(state)->folder);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(text.p, 1, text.n, file), text.n);
    assert_int_equal(fclose(file), 0);
    return path;
}

static void every_difference_has_its_reason(void **state)
{
    struct db *db = may_billed(state);
    char path[256];
    struct buf file;
    struct verdicts verdicts = {0};
    struct compare_counts counts;
    buf_init(&file, TEXT_BYTES);
    write_file(db, &file);
    struct compare_order order = {.path = save(state, buf_str(&file), path), .month = MAY_2025,
                                  .actor_id = 1, .now_ms = NOW_MS};
    MUST(bill_compare(db, &order, keep_verdict, count_rejected, &verdicts, &counts, &err));
    static const struct {
        int64_t point;
        enum verdict verdict;
    } expected[] = {
        {1, VERDICT_SAME}, {2, VERDICT_VAT_ROUNDING}, {3, VERDICT_VAT}, {4, VERDICT_ROUNDING},
        {5, VERDICT_OWN_MONTH}, {6, VERDICT_PERIOD}, {7, VERDICT_PERIOD}, {8, VERDICT_USAGE},
        {9, VERDICT_ONE_USE}, {11, VERDICT_UNKNOWN}, {12, VERDICT_NOT_THERE},
        {14, VERDICT_ROUNDING}, {NO_TERMS_POINT, VERDICT_NOT_HERE}, {24, VERDICT_NOT_THERE},
    };
    for (size_t i = 0; i < ARRAY_COUNT(expected); i++)
        if (verdicts.of_point[expected[i].point] != expected[i].verdict)
            fail_msg("point %d: %s", (int)expected[i].point,
                     verdict_text(verdicts.of_point[expected[i].point])->code);
    assert_true(verdicts.truncated > 0);
    assert_int_equal(verdicts.rejected, 0);
    assert_int_equal(counts.rows, 23); /* one is of another month, one of a unit without bills */
    assert_int_equal(verdicts.not_here, 2);
    buf_release(&file);
}

static void rows_that_cannot_be_read_are_listed(void **state)
{
    struct db *db = may_billed(state);
    char path[256];
    struct verdicts verdicts = {0};
    struct compare_counts counts;
    struct str text =
        S("point,month,period,from,to,kwh,pre_vat,vat,vat_rate,total\n"
          "DD00000000001,2025-05,1,2025-04-30,2025-05-31,viel,1,0,0,1\n"
          "DD99999999999,2025-05,1,2025-04-30,2025-05-31,5,1,0,0,1\n");
    struct compare_order order = {.path = save(state, text, path), .month = MAY_2025,
                                  .actor_id = 1, .now_ms = NOW_MS};
    assert_int_equal(bill_compare(db, &order, NULL, count_rejected, &verdicts, &counts, &err),
                     E_INPUT);
    assert_int_equal(verdicts.rejected, 2);
    assert_int_equal(bill_compare(db, &order, NULL, NULL, NULL, &counts, &err), E_INPUT);
}

static void one_book_is_compared_by_itself(void **state)
{
    struct db *db = may_billed(state);
    char path[256];
    struct buf file;
    struct verdicts verdicts = {0};
    struct compare_counts counts;
    buf_init(&file, TEXT_BYTES);
    write_file(db, &file);
    struct compare_order order = {.path = save(state, buf_str(&file), path), .month = MAY_2025,
                                  .unit_code = S("PD0100"), .book_code = S("S00000000002"),
                                  .actor_id = 1, .now_ms = NOW_MS};
    MUST(bill_compare(db, &order, keep_verdict, NULL, &verdicts, &counts, &err));
    assert_int_equal(counts.same, 2); /* points 21 and 23; 22 has no bill, 24 no row */
    assert_int_equal(counts.not_there, 1);
    buf_release(&file);
    struct str nothing = S("point,month,period,from,to,kwh,pre_vat,vat,vat_rate,total\n");
    order.path = save(state, nothing, path);
    MUST(bill_compare(db, &order, keep_verdict, NULL, &verdicts, &counts, &err));
    assert_int_equal(counts.rows, 0);
    assert_int_equal(counts.not_there, 4); /* the draft of 22 too */
}

static void a_book_goes_live_by_its_comparison_only(void **state)
{
    struct db *db = with_customers(state, 4, 202610);
    struct actor actor = {.staff_id = 1, .code = S("NV01"), .name = S("A"), .os_user = S("")};
    struct compare_order order = {.month = 202610, .unit_code = S("PD0100"),
                                  .book_code = S("S00000000001"), .actor_id = 1,
                                  .now_ms = NOW_MS};
    struct compare_counts none = {0}, open = {.rows = 4, .same = 3, .unexplained = 1};
    struct compare_counts good = {.rows = 4, .same = 4};
    assert_int_equal(cut_over_sign(db, &order, &none, &actor, &err), E_STATE);
    assert_int_equal(cut_over_sign(db, &order, &open, &actor, &err), E_STATE);
    assert_true(err.vi.hint[0] != '\0' && err.en.hint[0] != '\0');
    order.book_code = S("S00000000009");
    assert_int_equal(cut_over_sign(db, &order, &good, &actor, &err), E_NOT_FOUND);
    assert_int_equal(ask_i64(db, "SELECT count(*) FROM book_cut_over"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BOTH_STORES(a_past_bill_that_cannot_be_is_refused),
        ON_BOTH_STORES(a_past_bill_is_there_once),
        ON_BOTH_STORES(a_month_billed_here_takes_no_past),
        ON_BOTH_STORES(the_past_of_two_units_stays_apart),
        ON_BOTH_STORES(a_full_past_takes_no_more),
        ON_BOTH_STORES(a_balance_that_cannot_be_is_refused),
        ON_BOTH_STORES(every_difference_has_its_reason),
        ON_BOTH_STORES(rows_that_cannot_be_read_are_listed),
        ON_BOTH_STORES(one_book_is_compared_by_itself),
        ON_BOTH_STORES(a_book_goes_live_by_its_comparison_only),
    };
    return run_store_tests("billing files", tests);
}
