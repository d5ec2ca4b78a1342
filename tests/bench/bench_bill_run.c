/* SPDX-License-Identifier: Apache-2.0 */
/* A month of a unit from readings to bills: close, run, issue; beside the plain insertion of the
 * same rows into identical empty tables.
 *
 *   bench_bill_run [sqlite|postgres|both [CUSTOMERS [WORKERS [alone]]]]
 *
 * Closing includes the comparison of every use with a history of 24 months. PostgreSQL is the
 * cluster of SANGDEN_TEST_POSTGRES, or one of the program's own. The memory is that of the
 * processes that close, rate and issue, of those at work at one time together; "alone" leaves the
 * plain insertion out. */
#include "support/stores.h"

#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/date.h"
#include "bench/bench.h"
#include "bench/copy.h"
#include "billing/fixture.h"
#include "billing/run.h"
#include "metering/closing.h"

enum { CUSTOMERS = 20000, BOOK_CUSTOMERS = 1000, WORKERS = 2, LEASE_MS = 60000, NOW_MS = 2000,
       NS_PER_MS = 1000000, KB_PER_MB = 1024, MEMORY_MAX_MB = 300 };

static struct err err;

/* ---- the month --------------------------------------------------------------------------- */

static void close_books(struct db *db, const struct fixture *fixture)
{
    struct arena arena;
    struct book *books;
    size_t count;
    arena_init(&arena, 16 * 1024 * 1024);
    MUST(book_list(db, &arena, fixture->unit_id, &books, &count, &err));
    for (size_t i = 0; i < count; i++) {
        struct closing_counts counts;
        struct closing_request request = {.book = books[i],
                                          .month = month_from_number(fixture->month),
                                          .period_no = 1, .actor_id = 1};
        MUST(closing_run(db, &request, &counts, &err));
        if (counts.usages != counts.points) fail_msg("%lld points without use",
                                                     (long long)(counts.points - counts.usages));
    }
    arena_release(&arena);
}

/* What one process of a stage does. */
struct task {
    const char *target;
    const struct fixture *fixture;
    const struct run_ticket *ticket; /* NULL: closing */
};

static int do_task(const struct task *task)
{
    struct db *db;
    struct err own;
    err_t e = db_open(str_of(task->target), DB_WRITE, &db, &own);
    if (e == OK && task->ticket == NULL) close_books(db, task->fixture);
    if (e == OK && task->ticket != NULL)
        e = run_work(db, task->ticket, LEASE_MS, NULL, NULL, &own);
    if (e == OK) db_close(db);
    else fprintf(stderr, "%s %s\n", own.en.message, own.en.detail);
    return e == OK ? 0 : 1;
}

static long peak_kb; /* of the stage that took most, all its processes together */

static void work(const struct task *task, int64_t workers)
{
    long sum_kb = 0;
    for (int64_t i = 0; i < workers; i++)
        if (fork() == 0) _exit(do_task(task));
    for (int64_t i = 0; i < workers; i++) {
        int status = 1;
        struct rusage used;
        wait4(-1, &status, 0, &used);
        if (status != 0) exit(1);
        sum_kb += used.ru_maxrss;
    }
    if (sum_kb > peak_kb) peak_kb = sum_kb;
}

/* The store is closed while processes are made. */
static int64_t close_stage(struct test_store *store, const struct fixture *fixture)
{
    struct task task = {store->target, fixture, NULL};
    db_close(store->db);
    int64_t started_ns = clock_monotonic_ns();
    work(&task, 1);
    int64_t took_ns = clock_monotonic_ns() - started_ns;
    MUST(db_open(str_of(store->target), DB_WRITE, &store->db, &err));
    MUST(db_run(store->db, "UPDATE book_period SET state = 'signed' WHERE state = 'closed'",
                NO_ARGS, NULL, &err));
    db_close(store->db);
    store->db = NULL;
    return took_ns;
}

static int64_t stage(struct test_store *store, const struct fixture *fixture, bool issue,
                     int64_t workers)
{
    struct run_ticket ticket;
    struct run_order order = {.month = fixture->month, .business_day = -1, .actor_id = 1,
                              .now_ms = clock_now_ms()};
    int64_t started_ns = clock_monotonic_ns();
    MUST(db_open(str_of(store->target), DB_WRITE, &store->db, &err));
    if (issue) MUST(issue_start(store->db, fixture->month * 100 + 1, S(""), &ticket, &err));
    else MUST(run_start(store->db, &order, &ticket, &err));
    db_close(store->db);
    struct task task = {store->target, fixture, &ticket};
    work(&task, workers);
    MUST(db_open(str_of(store->target), DB_WRITE, &store->db, &err));
    MUST(run_close(store->db, &ticket, &(struct actor){.staff_id = 1}, NOW_MS, &err));
    db_close(store->db);
    store->db = NULL;
    return clock_monotonic_ns() - started_ns;
}

/* ---- the same rows, plainly -------------------------------------------------------------- */

static const struct copied_table tables[] = {
    COPIED("usage", 25, "unit_id, book_id, month, period_no, point_id, kind, closing_no, "
           "agreement_id, from_on, to_on, total_wh, normal_wh, peak_wh, offpeak_wh, "
           "reactive_varh, metered_wh, estimated, prorate, spike, before_wh, before_days, "
           "year_ago_wh, year_ago_days, carry, detail"),
    COPIED("bill", 27, "unit_id, month, period_no, book_id, point_id, agreement_id, kind, "
           "version, origin, account_id, run_id, closing_no, posting_month, from_on, to_on, "
           "total_wh, pre_vat_vnd, vat_ppm, vat_vnd, total_vnd, line_count, estimated, "
           "replaces_version, cause, issued_on, price_book, request"),
    COPIED("bill_line", 22, "unit_id, month, period_no, book_id, point_id, agreement_id, "
           "bill_kind, version, line_no, kind, category, voltage, decision, tier, tou, from_on, "
           "to_on, quantity_wh, price_vnd, percent_hundredths, cosphi_hundredths, amount_mvnd"),
    COPIED("posting", 8, "unit_id, account_id, reference, line_no, debit, credit, amount_vnd, "
           "posted_on"),
    COPIED("open_item", 7, "unit_id, account_id, reference, kind, month, due_on, amount_vnd"),
    COPIED("event_new", 6, "unit_id, event_id, topic, subject_id, payload, recorded_at"),
};

/* ---- report ------------------------------------------------------------------------------ */

/* Bytes of the store: the file, or the tables and indexes of the schema. */
static int64_t store_bytes(struct test_store *store)
{
    return ask_i64(
        store->db,
        store->engine == DB_SQLITE
            ? "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
            : "SELECT CAST(sum(pg_total_relation_size(c.oid)) AS BIGINT) FROM pg_class c WHERE "
              "c.relnamespace = to_regnamespace(current_schema()) AND c.relkind = 'r'");
}

struct figures {
    const char *engine;
    int64_t bills, rows, bytes, store_bytes;
    int64_t took_ns[3], plain_ns;
};

static void report(const struct figures *f)
{
    int64_t all_ns = f->took_ns[0] + f->took_ns[1] + f->took_ns[2];
    char what[96];
    struct buf text;
    printf("%s: %lld bills; close %lld ms, run %lld ms, issue %lld ms; plain insertion %lld ms; "
           "%lld.%02lld rows and %lld bytes per bill; store %lld MB\n",
           f->engine, (long long)f->bills, (long long)(f->took_ns[0] / NS_PER_MS),
           (long long)(f->took_ns[1] / NS_PER_MS), (long long)(f->took_ns[2] / NS_PER_MS),
           (long long)(f->plain_ns / NS_PER_MS), (long long)(f->rows / f->bills),
           (long long)(f->rows * 100 / f->bills % 100), (long long)(f->bytes / f->bills),
           (long long)(f->store_bytes / KB_PER_MB / KB_PER_MB));
    buf_init_fixed(&text, what, sizeof what);
    buf_printf(&text, "full bill run, %lld customers, %s", (long long)f->bills, f->engine);
    bench_print(what, bench_per_second(f->bills, all_ns), "bills/s",
                bench_per_second(f->bills, f->plain_ns), "plain insertion of the same rows");
    buf_init_fixed(&text, what, sizeof what);
    buf_printf(&text, "memory at %lld customers, %s", (long long)f->bills, f->engine);
    bench_print(what, peak_kb / KB_PER_MB, "MB", MEMORY_MAX_MB, "wanted at most");
}

static void measure(enum db_engine engine, int64_t customers, int64_t workers, bool alone)
{
    struct fixture fixture = {.unit_id = 1, .unit_code = "PD0100", .customers = customers,
                              .book_customers = BOOK_CUSTOMERS, .month = 202610,
                              .history_months = 24};
    struct test_store store;
    struct figures f = {.engine = engine == DB_POSTGRES ? "PostgreSQL" : "SQLite"};
    peak_kb = 0;
    test_store_make(engine, &store);
    MUST(fixture_customers(store.db, &fixture, &err));
    MUST(fixture_readings(store.db, &fixture, &err));
    /* After a load of this size the statistics are brought up to date, as autovacuum would. */
    if (engine == DB_POSTGRES) MUST(db_script(store.db, S("ANALYZE"), &err));
    f.took_ns[0] = close_stage(&store, &fixture);
    f.took_ns[1] = stage(&store, &fixture, false, workers);
    f.took_ns[2] = stage(&store, &fixture, true, workers);
    MUST(db_open(str_of(store.target), DB_WRITE, &store.db, &err));
    f.bills = ask_i64(store.db, "SELECT count(*) FROM bill");
    f.store_bytes = store_bytes(&store);
    if (!alone) f.plain_ns = copy_all(store.db, engine, tables, ARRAY_COUNT(tables), &f.rows,
                                           &f.bytes);
    report(&f);
    test_store_drop(&store);
}

int main(int argc, char **argv)
{
    const char *only = argc > 1 ? argv[1] : "";
    int64_t customers = bench_argument(argc, argv, 2, CUSTOMERS);
    int64_t workers = bench_argument(argc, argv, 3, WORKERS);
    bool alone = argc > 4 && strcmp(argv[4], "alone") == 0;
    if (strcmp(only, "postgres") != 0) measure(DB_SQLITE, customers, workers, alone);
    if (strcmp(only, "sqlite") != 0) measure(DB_POSTGRES, customers, workers, alone);
    return test_end_with(0);
}
