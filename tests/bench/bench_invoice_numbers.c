/* SPDX-License-Identifier: Apache-2.0 */
/* Invoice numbers for a month of bills while the process that gives them is killed again and again,
 * beside the plain insertion of the same rows into identical empty tables.
 *
 *   bench_invoice_numbers [sqlite|postgres|both [BILLS [KILLS]]]
 *
 * Every process is killed by SIGKILL at a random instant; the next one goes on. At the end no
 * number is missing or twice and the order of books and routes is kept, or the program fails. */
#include "support/stores.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "bench/bench.h"
#include "bench/copy.h"
#include "document/invoice_issue.h"

enum {
    BILLS = 1000000,
    BOOK_BILLS = 1000,
    KILLS = 20,
    NS_PER_MS = 1000000,
    FIRST_MS = 400,
    PLAN_BYTES = 1024 * 1024,
    NS_PER_S = 1000000000
};

static struct err err;
static struct actor actor = {.staff_id = 1, .code = S_INIT("NV01"), .day = 20758};

/* ---- a month of bills -------------------------------------------------------------------- */

static struct str code_of(const char *prefix, int64_t value, char out[32])
{
    struct buf buf;
    buf_init_fixed(&buf, out, 32);
    buf_printf(&buf, "%s%08lld", prefix, (long long)value);
    return buf_str(&buf);
}

typedef void write_one(struct bulk *bulk, int64_t i);

static void write_book(struct bulk *bulk, int64_t i)
{
    char code[32];
    MUST(bulk_row(bulk,
                  ARGS(v_i64(1), v_i64(i), v_text(code_of("S", i, code)), v_text(S("Sổ")), v_i64(1),
                       v_i64(31), v_i64(1)),
                  &err));
}

static void write_point(struct bulk *bulk, int64_t i)
{
    char code[32];
    MUST(bulk_row(bulk, ARGS(v_i64(1), v_i64(i), v_text(code_of("DD", i, code)), v_i64(1)), &err));
}

/* Routes run backwards through the points. */
static void write_route(struct bulk *bulk, int64_t i)
{
    MUST(bulk_row(bulk,
                  ARGS(v_i64(1), v_i64(i), v_text(S("route_order")), v_text(S("2015-01-01")),
                       v_i64(1), v_text(S("set")), v_i64(1), v_i64(1),
                       v_i64(BOOK_BILLS - i % BOOK_BILLS)),
                  &err));
}

static void write_bill(struct bulk *bulk, int64_t i)
{
    MUST(bulk_row(bulk,
                  ARGS(v_i64(1), v_i64(202610), v_i64(1), v_i64((i - 1) / BOOK_BILLS + 1), v_i64(i),
                       v_i64(i), v_text(S("periodic")), v_i64(1), v_text(S("own")), v_i64(i),
                       v_i64(20261001), v_i64(1), v_i64(202610), v_text(S("2026-09-30")),
                       v_text(S("2026-10-31")), v_i64(100000), v_i64(200000), v_i64(80000),
                       v_i64(16000), v_i64(216000), v_i64(2), v_i64(0), v_text(S("2026-11-01")),
                       v_text(S("book")), v_text(S("{}"))),
                  &err));
}

static void fill(struct db *db, const char *table, const char *columns, int64_t count,
                 write_one *write)
{
    struct bulk *bulk;
    MUST(db_begin(db, &err));
    MUST(bulk_open(db, table, columns, &bulk, &err));
    for (int64_t i = 1; i <= count; i++) write(bulk, i);
    MUST(bulk_close(bulk, &err));
    MUST(db_commit(db, &err));
}

static void prepare(struct db *db, int64_t bills)
{
    MUST(
        db_script(db,
                  S("INSERT INTO unit (unit_id, code, name, opened_on, created_at) VALUES (1, "
                    "'PD0100', 'Đơn vị', '2015-01-01', 1); INSERT INTO seller_fact (unit_id, kind, "
                    "valid_from, entry_no, state, recorded_at, actor_id, value_text) VALUES (1, "
                    "'tax_code', '2015-01-01', 1, 'set', 1, 1, '0100000000'), (1, 'legal_name', "
                    "'2015-01-01', 1, 'set', 1, 1, 'Công ty'), (1, 'address', '2015-01-01', 1, "
                    "'set', 1, 1, 'Số 1'); INSERT INTO invoice_series (unit_id, series_no, year, "
                    "template_no, symbol, tax_code, state, next_no, signed_to, created_at) VALUES "
                    "(1, 1, 2026, 1, 'K26TDN', '0100000000', 'released', 1, 0, 1)"),
                  &err));
    fill(db, "book", "unit_id, book_id, code, name, periods, reading_day, created_at",
         (bills + BOOK_BILLS - 1) / BOOK_BILLS, write_book);
    fill(db, "usage_point", "unit_id, point_id, code, created_at", bills, write_point);
    fill(db, "point_fact",
         "unit_id, point_id, kind, valid_from, entry_no, state, recorded_at, actor_id, value_i64",
         bills, write_route);
    fill(db, "bill",
         "unit_id, month, period_no, book_id, point_id, agreement_id, kind, version, origin, "
         "account_id, run_id, closing_no, posting_month, from_on, to_on, total_wh, pre_vat_vnd, "
         "vat_ppm, vat_vnd, total_vnd, line_count, estimated, issued_on, price_book, request",
         bills, write_bill);
    /* After a load of this size the statistics are brought up to date, as autovacuum would. */
    if (db_engine(db) == DB_POSTGRES) MUST(db_script(db, S("ANALYZE"), &err));
}

/* ---- killed again and again -------------------------------------------------------------- */

/* The life of a process that gives numbers until all are given. */
static _Noreturn void live(const char *target)
{
    struct arena arena;
    struct invoice_plan plan;
    struct db *db;
    struct err own;
    arena_init(&arena, PLAN_BYTES);
    struct invoice_order order = {.month = 202610, .day = -1, .actor = &actor};
    err_t e = db_open(str_of(target), DB_WRITE, &db, &own);
    if (e == OK) e = invoice_plan_make(db, &arena, &order, &plan, &own);
    if (e == OK) e = invoice_number(db, &plan, NULL, NULL, &own);
    if (e != OK) fprintf(stderr, "%s %s\n", own.en.message, own.en.detail);
    _exit(e == OK ? 0 : 1);
}

static void pause_ns(int64_t ns)
{
    struct timespec pause = {(time_t)(ns / NS_PER_S), (long)(ns % NS_PER_S)};
    nanosleep(&pause, NULL);
}

struct deaths {
    int64_t wanted, happened;
    uint64_t chance;
    int64_t next_ns; /* most that the next process lives */
};

/* Lets one process live for a random time; answers whether it got to its end. */
static bool one_life(const struct test_store *store, struct deaths *deaths)
{
    int status = 0;
    pid_t pid = fork();
    if (pid == 0) live(store->target);
    assert_true(pid > 0);
    if (deaths->happened < deaths->wanted) {
        deaths->chance = deaths->chance * 6364136223846793005u + 1442695040888963407u;
        pause_ns((int64_t)((deaths->chance >> 33) % (uint64_t)deaths->next_ns));
        if (waitpid(pid, &status, WNOHANG) == 0) {
            kill(pid, SIGKILL);
            deaths->happened++;
        } else {
            return true;
        }
    }
    waitpid(pid, &status, 0);
    if (WIFEXITED(status) && WEXITSTATUS(status) != 0) exit(1);
    return WIFEXITED(status);
}

static int64_t given(const struct test_store *store)
{
    struct db *db;
    MUST(db_open(str_of(store->target), DB_READ, &db, &err));
    int64_t count = ask_i64(db, "SELECT next_no - 1 FROM invoice_series");
    db_close(db);
    return count;
}

/* The lives are cut so that about four fifths of the numbers are given by those that are killed. */
static int64_t number_all(const struct test_store *store, int64_t bills, struct deaths *deaths)
{
    int64_t lived_ns = 0, before = 0;
    bool done = false;
    deaths->next_ns = (int64_t)FIRST_MS * NS_PER_MS;
    while (!done) {
        int64_t started_ns = clock_monotonic_ns();
        done = one_life(store, deaths);
        lived_ns += clock_monotonic_ns() - started_ns;
        int64_t now = given(store);
        if (now > before)
            deaths->next_ns = lived_ns / now * bills / (deaths->wanted + 1) * 8 / 5 + NS_PER_MS;
        before = now;
    }
    return lived_ns;
}

static void prove(struct db *db, int64_t bills)
{
    assert_int_equal(ask_i64(db, "SELECT count(*) FROM einvoice"), bills);
    assert_int_equal(ask_i64(db, "SELECT max(invoice_no) FROM einvoice"), bills);
    assert_int_equal(ask_i64(db, "SELECT count(DISTINCT point_id) FROM einvoice"), bills);
    assert_int_equal(ask_i64(db, "SELECT count(*) FROM invoice_directory"), bills);
    assert_int_equal(ask_i64(db, "SELECT next_no - 1 FROM invoice_series"), bills);
    assert_int_equal(ask_i64(db, "SELECT count(*) FROM einvoice v JOIN einvoice w ON "
                                 "w.unit_id = v.unit_id AND w.series_no = v.series_no AND "
                                 "w.invoice_no = v.invoice_no + 1 WHERE w.book_id < v.book_id OR "
                                 "(w.book_id = v.book_id AND w.route_order <= v.route_order)"),
                     0);
}

/* ---- report ------------------------------------------------------------------------------ */

static const struct copied_table tables[] = {
    COPIED("einvoice", 17,
           "unit_id, series_no, invoice_no, issue_no, invoice_on, month, "
           "period_no, book_id, point_id, agreement_id, kind, version, route_order, role, "
           "pre_vat_vnd, vat_vnd, total_vnd"),
    COPIED("invoice_directory", 6, "invoice_no, symbol, template_no, tax_code, unit_id, series_no"),
    COPIED("event_new", 6, "unit_id, event_id, topic, subject_id, payload, recorded_at"),
};

static void measure(enum db_engine engine, int64_t bills, int64_t kills)
{
    struct test_store store;
    struct deaths deaths = {.wanted = kills, .chance = 1};
    int64_t rows = 0, bytes = 0;
    char what[96];
    struct buf text;
    test_store_make(engine, &store);
    prepare(store.db, bills);
    db_close(store.db);
    store.db = NULL;
    int64_t took_ns = number_all(&store, bills, &deaths);
    MUST(db_open(str_of(store.target), DB_WRITE, &store.db, &err));
    prove(store.db, bills);
    int64_t plain_ns = copy_all(store.db, engine, tables, ARRAY_COUNT(tables), &rows, &bytes);
    buf_init_fixed(&text, what, sizeof what);
    buf_printf(&text, "invoice numbers, %lld bills, killed %lld times, %s", (long long)bills,
               (long long)deaths.happened, engine == DB_POSTGRES ? "PostgreSQL" : "SQLite");
    bench_print(what, bench_per_second(bills, took_ns), "numbers/s",
                bench_per_second(bills, plain_ns), "plain insertion of the same rows");
    test_store_drop(&store);
}

int main(int argc, char **argv)
{
    const char *only = argc > 1 ? argv[1] : "";
    int64_t bills = bench_argument(argc, argv, 2, BILLS);
    int64_t kills = bench_argument(argc, argv, 3, KILLS);
    if (strcmp(only, "postgres") != 0) measure(DB_SQLITE, bills, kills);
    if (strcmp(only, "sqlite") != 0) measure(DB_POSTGRES, bills, kills);
    return test_end_with(0);
}
