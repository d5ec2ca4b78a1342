/* SPDX-License-Identifier: Apache-2.0 */
/* Publishing the neighbours of a month, beside a plain scan of the rows it reads: bills of the
 * month and the facts of their points.
 *
 *   bench_insight [sqlite|postgres|both [HOMES [UNITS]]]
 *
 * The first month of a year also looks up and stores where each home belongs; the next ones read
 * that. Every unit has its own transaction, as in the command. */
#include "support/stores.h"

#include <string.h>

#include "base/date.h"
#include "bench/bench.h"
#include "identity/staff.h"
#include "insight/neighbours.h"
#include "insight/peers.h"

enum {
    HOMES = 100000,
    STATION_HOMES = 160,
    FIRST_MONTH = 202607,
    NEXT_MONTH = 202608,
    NS_PER_MS = 1000000,
    CODE_BYTES = 16
};

static struct err err;
static struct actor founder;

static void make(struct db *db, int64_t homes, int64_t units)
{
    MUST(db_begin(db, &err));
    MUST(staff_found(db, S("QT01"), S("Quản trị"), S(""), day_from_civil(2015, 1, 1),
                     &founder.staff_id, &err));
    MUST(db_commit(db, &err));
    founder.day = day_from_civil(2026, 9, 1);
    for (int64_t unit = 1; unit <= units; unit++) {
        char code[CODE_BYTES];
        struct buf text;
        buf_init_fixed(&text, code, sizeof code);
        buf_printf(&text, "PD%04lld", (long long)unit);
        struct neighbours n = {unit, code, homes / units, STATION_HOMES};
        MUST(neighbours_make(db, &n, &err));
        MUST(neighbours_bill(db, &n, FIRST_MONTH, &err));
        MUST(neighbours_bill(db, &n, NEXT_MONTH, &err));
    }
    /* After a load of this size the statistics are brought up to date, as autovacuum would. */
    if (db_engine(db) == DB_POSTGRES) MUST(db_script(db, S("ANALYZE"), &err));
}

static int64_t scan(struct db *db, const char *sql, struct args args)
{
    struct rows *rows;
    bool more = true;
    int64_t started_ns = clock_monotonic_ns();
    MUST(db_query(db, sql, args, &rows, &err));
    while (more) MUST(rows_next(rows, &more, &err));
    rows_done(rows);
    return clock_monotonic_ns() - started_ns;
}

/* The rows that a month reads, as they are. */
static int64_t plain(struct db *db, int64_t units)
{
    int64_t took_ns = 0;
    for (int64_t unit = 1; unit <= units; unit++)
        took_ns += scan(db,
                        "SELECT point_id, agreement_id, from_on, to_on, total_wh, estimated FROM "
                        "bill WHERE unit_id = $1 AND month = $2",
                        ARGS(v_i64(unit), v_i64(FIRST_MONTH))) +
                   scan(db,
                        "SELECT point_id, kind, valid_from, state, value_i64, value_text FROM "
                        "point_fact WHERE unit_id = $1",
                        ARGS(v_i64(unit)));
    return took_ns;
}

static int64_t publish(struct db *db, int64_t units, int64_t month)
{
    int64_t started_ns = clock_monotonic_ns();
    for (int64_t unit = 1; unit <= units; unit++) {
        struct peers_result result;
        struct peers_order order = {.unit_id = unit, .month = month};
        MUST(peers_publish(db, &order, &founder, &result, &err));
        if (result.shown == 0) fail_msg("nothing is shown");
    }
    return clock_monotonic_ns() - started_ns;
}

static void report(const char *engine, const char *which, int64_t homes, int64_t took_ns,
                   int64_t plain_ns)
{
    char what[128];
    struct buf text;
    buf_init_fixed(&text, what, sizeof what);
    buf_printf(&text, "neighbours, %s month of a year, %lld homes in %lld ms, %s", which,
               (long long)homes, (long long)(took_ns / NS_PER_MS), engine);
    bench_print(what, bench_per_second(homes, took_ns), "homes/s",
                bench_per_second(homes, plain_ns), "plain scan of the same rows");
}

static void measure(enum db_engine engine, int64_t homes, int64_t units)
{
    const char *name = engine == DB_POSTGRES ? "PostgreSQL" : "SQLite";
    struct test_store store;
    test_store_make(engine, &store);
    make(store.db, homes, units);
    int64_t plain_ns = plain(store.db, units), again_ns = plain(store.db, units);
    if (again_ns < plain_ns) plain_ns = again_ns;
    int64_t first_ns = publish(store.db, units, FIRST_MONTH);
    int64_t next_ns = publish(store.db, units, NEXT_MONTH);
    report(name, "first", homes, first_ns, plain_ns);
    report(name, "next", homes, next_ns, plain_ns);
    test_store_drop(&store);
}

int main(int argc, char **argv)
{
    const char *only = argc > 1 ? argv[1] : "";
    int64_t homes = bench_argument(argc, argv, 2, HOMES);
    int64_t units = bench_argument(argc, argv, 3, 1);
    if (strcmp(only, "postgres") != 0) measure(DB_SQLITE, homes, units);
    if (strcmp(only, "sqlite") != 0) measure(DB_POSTGRES, homes, units);
    return test_end_with(0);
}
