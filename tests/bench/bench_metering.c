/* SPDX-License-Identifier: Apache-2.0 */
/* Import of readings, and closing of books, beside the plain load of the same rows into the same
 * tables. One-price points in books of a thousand; two months before, no history beyond. */
#include "support/stores.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/date.h"
#include "base/decimal.h"
#include "bench/plain.h"
#include "metering/closing.h"
#include "metering/reading_load.h"

enum { POINTS_STANDARD = 200000, POINTS_PER_BOOK = 1000, UNIT = 1 };

static struct err err;
static int64_t points;

static int64_t since(int64_t start_ns) { return clock_monotonic_ns() - start_ns; }

static int64_t per_second(int64_t count, int64_t ns)
{
    return (int64_t)((__int128)count * 1000000000 / (ns > 0 ? ns : 1));
}

/* A code of thirteen letters, as customers' codes are. */
static struct str code_of(char letter, int64_t number, char memory[24])
{
    struct buf buf;
    buf_init_fixed(&buf, memory, 24);
    buf_add_char(&buf, letter);
    buf_add_padded(&buf, number, 12);
    return buf_str(&buf);
}

/* ---- a unit -------------------------------------------------------------------------------- */

static void add_books(struct db *db)
{
    struct bulk *bulk;
    char memory[24];
    MUST(bulk_open(db, "book", "unit_id, book_id, code, name, periods, reading_day, created_at",
                   &bulk, &err));
    for (int64_t i = 0; i * POINTS_PER_BOOK < points; i++) {
        struct str code = code_of('B', i + 1, memory);
        MUST(bulk_row(bulk, ARGS(v_i64(UNIT), v_i64(i + 1), v_text(code), v_text(code), v_i64(1),
                                 v_i64(28), v_i64(0)), &err));
    }
    MUST(bulk_close(bulk, &err));
}

static const char *const point_tables[5][2] = {
    {"usage_point", "unit_id, point_id, code, created_at"},
    {"point_directory", "code, unit_id, point_id"},
    {"meter", "unit_id, meter_id, serial, type, phases, registers, digits, decimals, electronic, "
              "remote, created_at"},
    {"installation", "unit_id, installation_id, point_id, meter_id, role, multiplier, hung_at, "
                     "recorded_at, actor_id"},
    {"point_fact", "unit_id, point_id, kind, valid_from, entry_no, state, recorded_at, actor_id, "
                   "value_i64"}};

static void add_facts(struct bulk *bulk, struct value unit, int64_t point)
{
    const struct {
        const char *kind;
        int64_t value;
    } facts[] = {{"agreement", point}, {"book", (point - 1) / POINTS_PER_BOOK + 1},
                 {"households", 4}, {"place", 1}, {"station", 1 + point / 200}};
    for (size_t i = 0; i < ARRAY_COUNT(facts); i++)
        MUST(bulk_row(bulk, ARGS(unit, v_i64(point), v_text(str_of(facts[i].kind)),
                                 v_text(S("2026-01-01")), v_i64(1), v_text(S("set")), v_i64(1),
                                 v_i64(1), v_i64(facts[i].value)), &err));
}

static void add_row(size_t table, struct bulk *bulk, int64_t point)
{
    char code[24], serial[24];
    struct value unit = v_i64(UNIT), id = v_i64(point);
    struct value name = v_text(code_of('P', point, code));
    struct value number = v_text(code_of('S', point, serial));
    switch (table) {
    case 0: MUST(bulk_row(bulk, ARGS(unit, id, name, v_i64(0)), &err)); return;
    case 1: MUST(bulk_row(bulk, ARGS(name, unit, id), &err)); return;
    case 2:
        MUST(bulk_row(bulk, ARGS(unit, id, number, v_text(S("CV140")), v_i64(1), v_text(S("KT")),
                                 v_i64(5), v_i64(1), v_i64(0), v_i64(0), v_i64(0)), &err));
        return;
    case 3:
        MUST(bulk_row(bulk, ARGS(unit, id, id, id, v_text(S("active")), v_i64(1),
                                 v_i64(1767225600000), v_i64(1), v_i64(1)), &err));
        return;
    default: add_facts(bulk, unit, point);
    }
}

/* Table by table, because each refers to the one before. */
static void add_points(struct db *db)
{
    for (size_t table = 0; table < ARRAY_COUNT(point_tables); table++) {
        struct bulk *bulk;
        MUST(bulk_open(db, point_tables[table][0], point_tables[table][1], &bulk, &err));
        for (int64_t point = 1; point <= points; point++) add_row(table, bulk, point);
        MUST(bulk_close(bulk, &err));
    }
}

/* ---- readings ------------------------------------------------------------------------------ */

static int64_t value_of(int64_t point, int64_t month)
{
    return 1000000 + (month - 1) * (100000 + point % 977 * 100) + point * 7 % 31 * 100;
}

#define READING_COLUMNS                                                                        \
    "unit_id, month, point_id, read_on, installation_id, register, kind, entry_no, index_wh, " \
    "source, state, not_read, prorate, read_at, use_wh, use_days, multiplier, digits, batch_id"

/* The plain load: rows as they are, in the order of the key; row by row on SQLite, COPY on
 * PostgreSQL. Answers nanoseconds. */
static int64_t plain_rows(const struct test_store *store, const char *table, const char *columns,
                          const struct value *values, size_t rows, size_t column_count)
{
    if (store->engine == DB_SQLITE)
        return plain_insert(store, table, columns, values, rows, column_count);
    struct bulk *bulk;
    int64_t start_ns = clock_monotonic_ns();
    MUST(db_begin(store->db, &err));
    MUST(bulk_open(store->db, table, columns, &bulk, &err));
    for (size_t r = 0; r < rows; r++)
        MUST(bulk_row(bulk, (struct args){values + r * column_count, column_count}, &err));
    MUST(bulk_close(bulk, &err));
    MUST(db_commit(store->db, &err));
    return since(start_ns);
}

enum { READING_COLUMN_COUNT = 19, USAGE_COLUMN_COUNT = 25 };

static int64_t plain_readings(const struct test_store *store, int64_t month, const char *day,
                              const char *kind)
{
    struct arena arena;
    arena_init(&arena, (size_t)1 << 30);
    struct value *values = ARENA_ARRAY(&arena, struct value,
                                       (size_t)points * READING_COLUMN_COUNT);
    assert_non_null(values);
    for (int64_t point = 1; point <= points; point++) {
        const struct value row[READING_COLUMN_COUNT] = {
            v_i64(UNIT), v_i64(202600 + month), v_i64(point), v_text(str_of(day)), v_i64(point),
            v_text(S("KT")), v_text(str_of(kind)), v_i64(1), v_i64(value_of(point, month)),
            v_text(S("manual")), v_text(S("normal")), v_null(), v_null(), v_null(),
            v_i64(100000), v_i64(30), v_i64(1), v_i64(5), v_i64(1)};
        memcpy(values + (point - 1) * READING_COLUMN_COUNT, row, sizeof row);
    }
    int64_t ns = plain_rows(store, "reading", READING_COLUMNS, values, (size_t)points,
                            READING_COLUMN_COUNT);
    arena_release(&arena);
    return ns;
}

static void write_csv(int64_t month, const char *day, struct buf *out)
{
    char memory[24];
    buf_add(out, S("point,register,date,value,source\n"));
    for (int64_t point = 1; point <= points; point++) {
        buf_add(out, code_of('P', point, memory));
        buf_printf(out, ",KT,%s,", day);
        buf_add_decimal(out, value_of(point, month), 3);
        buf_add(out, S(",manual\n"));
    }
}

static int64_t load_readings(struct db *db, int64_t month, const char *day)
{
    struct reading_load_request request = {.unit_id = UNIT, .name = S("bench.csv"), .actor_id = 1,
                                           .business_day = day_from_civil(2026, 12, 31)};
    struct reading_load_counts counts;
    struct buf csv;
    buf_init(&csv, (size_t)1 << 30);
    write_csv(month, day, &csv);
    int64_t start_ns = clock_monotonic_ns();
    MUST(reading_load_csv(db, &request, NULL, buf_str(&csv), &counts, &err));
    int64_t ns = since(start_ns);
    assert_true(counts.added == points);
    buf_release(&csv);
    return ns;
}

/* ---- closing ------------------------------------------------------------------------------- */

static int64_t close_books(struct db *db, int month, struct closing_counts *sum)
{
    char memory[24];
    int64_t start_ns = clock_monotonic_ns();
    *sum = (struct closing_counts){0};
    for (int64_t i = 0; i * POINTS_PER_BOOK < points; i++) {
        struct closing_request request = {
            .book = {.unit_id = UNIT, .book_id = i + 1, .code = code_of('B', i + 1, memory),
                     .name = S("x"), .periods = 1, .reading_day = 28},
            .month = month_from_number(202600 + month), .period_no = 1, .actor_id = 1};
        struct closing_counts counts;
        MUST(closing_run(db, &request, &counts, &err));
        sum->usages += counts.usages;
        sum->left_out += counts.left_out;
    }
    return since(start_ns);
}

/* The same rows as the closing wrote, book by book with one commit each. */
static int64_t plain_usage(const struct test_store *store)
{
    static const struct str carry = S_INIT("|123456:KT:1534567:20665:0");
    static const struct str detail = S_INIT(
        "{\"pairs\":[{\"installation\":123456,\"register\":\"KT\",\"multiplier\":1,\"from_on\":"
        "\"2026-03-28\",\"from\":\"1234.5\",\"to_on\":\"2026-04-28\",\"to\":\"1434.5\",\"source\":"
        "\"manual\",\"kwh\":\"200\"}]}");
    static struct value values[POINTS_PER_BOOK * USAGE_COLUMN_COUNT];
    struct value none = v_null();
    int64_t ns = 0;
    for (int64_t first = 1; first <= points; first += POINTS_PER_BOOK) {
        for (int64_t i = 0; i < POINTS_PER_BOOK; i++) {
            struct value point = v_i64(first + i);
            const struct value row[USAGE_COLUMN_COUNT] = {
                v_i64(UNIT), v_i64((first - 1) / POINTS_PER_BOOK + 1), v_i64(202605), v_i64(1),
                point, v_text(S("periodic")), v_i64(1), point, v_text(S("2026-04-28")),
                v_text(S("2026-05-28")), v_i64(200000), none, none, none, none, v_i64(200000),
                v_i64(0), none, v_text(S("none")), v_i64(200000), v_i64(31), none, none,
                v_text(carry), v_text(detail)};
            memcpy(values + i * USAGE_COLUMN_COUNT, row, sizeof row);
        }
        ns += plain_rows(store, "usage",
                         "unit_id, book_id, month, period_no, point_id, kind, closing_no, "
                         "agreement_id, from_on, to_on, total_wh, normal_wh, peak_wh, offpeak_wh, "
                         "reactive_varh, metered_wh, estimated, prorate, spike, before_wh, "
                         "before_days, year_ago_wh, year_ago_days, carry, detail",
                         values, POINTS_PER_BOOK, USAGE_COLUMN_COUNT);
    }
    return ns;
}

/* ---- */

static void print_line(const char *what, enum db_engine engine, int64_t ns, const char *judged,
                       int64_t plain_ns)
{
    int64_t ours = per_second(points, ns), limit = per_second(points, plain_ns);
    printf("%s, %s, rows/s | %lld | plain load: %lld, %s | %lld.%02lld\n", what,
           engine == DB_SQLITE ? "SQLite" : "PostgreSQL", (long long)ours, (long long)limit, judged,
           (long long)(ours / limit), (long long)(ours * 100 / limit % 100));
}

static void measure(void **state)
{
    struct db *db = test_db(state);
    enum db_engine engine = test_store(state)->engine;
    struct closing_counts sum;
    MUST(db_begin(db, &err));
    MUST(db_run(db, "INSERT INTO unit (unit_id, code, name, opened_on, created_at) "
                    "VALUES (1, 'PA0100', 'x', '2020-01-01', 0)", NO_ARGS, NULL, &err));
    add_books(db);
    add_points(db);
    MUST(db_commit(db, &err));
    plain_readings(test_store(state), 2, "2026-02-28", "opening");
    plain_readings(test_store(state), 3, "2026-03-28", "periodic");
    if (engine == DB_POSTGRES) MUST(db_script(db, S("ANALYZE"), &err));
    int64_t loaded_ns = load_readings(db, 4, "2026-04-28");
    int64_t plain_ns = plain_readings(test_store(state), 5, "2026-05-28", "periodic");
    print_line("import of readings", engine, loaded_ns, "half of it wanted", plain_ns);
    close_books(db, 3, &sum);
    int64_t closed_ns = close_books(db, 4, &sum);
    assert_true(sum.usages == points && sum.left_out == 0);
    print_line("closing of books", engine, closed_ns, "judged inside the bill run",
               plain_usage(test_store(state)));
}

int main(int argc, char **argv)
{
    if (argc > 1) cmocka_set_test_filter(argv[1]); /* "*PostgreSQL*" */
    const char *asked = getenv("SANGDEN_BENCH_POINTS");
    if (asked == NULL || !str_to_i64(str_of(asked), &points)) points = POINTS_STANDARD;
    points -= points % POINTS_PER_BOOK;
    const struct CMUnitTest tests[] = {ON_BOTH_STORES(measure)};
    return run_store_tests("bench metering", tests);
}
