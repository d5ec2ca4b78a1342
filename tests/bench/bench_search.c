/* SPDX-License-Identifier: Apache-2.0 */
/* Finding one of many customers, beside the cheapest look-up of an index: a code to its row.
 *
 *   bench_search [sqlite|postgres|both [CUSTOMERS]]
 *   STORE=sqlite:PATH bench_search sqlite CUSTOMERS     a store that is kept: filled when it is
 *   STORE=postgresql://… bench_search postgres …        empty, otherwise measured as it is
 *
 * The directory is generated with names and streets in the shares in which people have them (nearly
 * four in ten are called Nguyễn), so that what is asked too widely is in it as well. Questions are
 * those of a care centre: codes, phones, serials of meters, whole names, ends of names, streets, a
 * name with a street, and a word that a million share. Also measured: how long it takes to make the
 * directory of what the units hold, as an upgrade does, and to prove that it agrees with them. */
#include "support/stores.h"

#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "bench/bench.h"
#include "registry/checks.h"
#include "registry/search.h"
#include "registry/search_fill.h"

enum {
    CUSTOMERS = 10000000,
    UNITS = 20,
    QUESTIONS = 1000, /* of each kind */
    ARENA_BYTES = 64 << 20,
    TEXT_BYTES = 160,
    NS_PER_US = 1000,
    NS_PER_S = 1000000000,
    MILLION_S = 60,   /* wanted at most for a million customers */
    LIMIT_US = 100000 /* of issue 4: 100 ms at the 99th percentile */
};

static struct err err;
static struct arena arena;

/* ---- people ------------------------------------------------------------------------------ */

static const char *const surnames[] = {"Nguyễn", "Nguyễn", "Nguyễn", "Nguyễn", "Trần", "Lê",
                                       "Phạm",   "Hoàng",  "Vũ",     "Đặng",   "Bùi"};
static const char *const middles[] = {"Văn",  "Thị",   "Văn", "Thị",  "Đức",   "Minh",
                                      "Ngọc", "Thanh", "Hữu", "Xuân", "Quang", "Kim"};
static const char *const givens[] = {"An",    "Anh",  "Bình", "Chi",  "Cường", "Dung", "Đạt",
                                     "Giang", "Hà",   "Hải",  "Hạnh", "Hòa",   "Hùng", "Hương",
                                     "Khánh", "Lan",  "Linh", "Long", "Mai",   "Nam",  "Nga",
                                     "Phúc",  "Quân", "Sơn",  "Tâm",  "Thảo",  "Tuấn", "Yến"};
static const char *const streets[] = {"Trần Phú",      "Lê Lợi",         "Nguyễn Huệ", "Hùng Vương",
                                      "Quang Trung",   "Phan Chu Trinh", "Bạch Đằng",  "Lý Thái Tổ",
                                      "Điện Biên Phủ", "Hai Bà Trưng",   "Ngô Quyền",  "Lê Duẩn"};

static const char *pick(struct random_state *random, const char *const *list, size_t count)
{
    return list[random_next_below(random, count)];
}

static void name_of(int64_t customer, struct buf *out)
{
    struct random_state random;
    random_state_init(&random, (uint64_t)customer * 3 + 1);
    const char *surname = pick(&random, surnames, ARRAY_COUNT(surnames));
    const char *middle = pick(&random, middles, ARRAY_COUNT(middles));
    buf_printf(out, "%s %s %s", surname, middle, pick(&random, givens, ARRAY_COUNT(givens)));
}

/* Every ward has its own main streets, so their names come again everywhere. */
static void address_of(int64_t customer, bool whole, struct buf *out)
{
    struct random_state random;
    random_state_init(&random, (uint64_t)customer * 3 + 2);
    buf_printf(out, "Số %d ngõ %d ", 1 + (int)random_next_below(&random, 200),
               1 + (int)random_next_below(&random, 60));
    buf_add(out, str_of(pick(&random, streets, ARRAY_COUNT(streets))));
    if (whole) buf_printf(out, ", phường %d, tỉnh mẫu", (int)(customer / 3000) + 1);
}

static void phone_of(int64_t customer, struct buf *out)
{
    buf_printf(out, "09%08lld", (long long)(customer * 7919 % 100000000));
}

static void serial_of(int64_t customer, struct buf *out)
{
    buf_printf(out, "%lld", (long long)(2000000000 + customer * 7));
}

static void ask_code(int64_t customer, struct buf *out)
{
    buf_printf(out, "PX%011lld", (long long)customer);
}

/* ---- figures ----------------------------------------------------------------------------- */

static void report(struct db *db, const char *what, int64_t customers, int64_t figure,
                   const char *unit, int64_t limit, const char *limit_name)
{
    char memory[TEXT_BYTES];
    struct buf text;
    buf_init_fixed(&text, memory, sizeof memory);
    buf_printf(&text, "%s, %lld customers, %s%c", what, (long long)customers,
               db_engine(db) == DB_SQLITE ? "SQLite" : "PostgreSQL", 0);
    bench_print(memory, figure, unit, limit, limit_name);
}

static void report_seconds(struct db *db, const char *what, int64_t customers, int64_t started_ns)
{
    int64_t took_s = (clock_monotonic_ns() - started_ns) / NS_PER_S;
    report(db, what, customers, took_s, "s", (customers * MILLION_S + 999999) / 1000000,
           "wanted at most");
}

/* ---- the directory ----------------------------------------------------------------------- */

/* Things come before the facts about them. */
enum phase { THINGS, FACTS, PHASES };
enum { THING_BULKS = 7, FACT_BULKS = 4 };

static const struct {
    const char *table, *columns;
} tables[PHASES][THING_BULKS] = {
    {{"party", "unit_id, party_id, code, kind, name, folded_name, phone, address, created_at"},
     {"agreement", "unit_id, agreement_id, code, created_at"},
     {"agreement_directory", "code, unit_id, agreement_id"},
     {"usage_point", "unit_id, point_id, code, created_at"},
     {"meter", "unit_id, meter_id, serial, maker, type, phases, registers, digits, decimals, "
               "electronic, remote, created_at"},
     {"meter_directory", "serial, maker, unit_id, meter_id"},
     {"account", "unit_id, account_id, code, created_at"}},
    {{"agreement_fact", "unit_id, agreement_id, kind, valid_from, entry_no, state, recorded_at, "
                        "actor_id, value_i64, value_text"},
     {"point_fact", "unit_id, point_id, kind, valid_from, entry_no, state, recorded_at, actor_id, "
                    "value_i64, value_text"},
     {"installation", "unit_id, installation_id, point_id, meter_id, role, multiplier, hung_at, "
                      "recorded_at, actor_id"},
     {"account_fact", "unit_id, account_id, kind, valid_from, entry_no, state, recorded_at, "
                      "actor_id, value_i64, value_text"}}};

/* Which of a unit's customers one is: a unit has those of a range of codes. */
struct home {
    int64_t unit_id, id;
};

static struct home home_of(int64_t customer, int64_t customers)
{
    int64_t of_unit = (customers + UNITS - 1) / UNITS;
    return (struct home){customer / of_unit + 1, customer % of_unit + 1};
}

static void put_fact(struct bulk *bulk, struct home home, const char *kind, int64_t value,
                     struct str text)
{
    MUST(bulk_row(bulk,
                  ARGS(v_i64(home.unit_id), v_i64(home.id), v_text(str_of(kind)),
                       v_text(S("2024-01-01")), v_i64(1), v_text(S("set")), v_i64(1), v_i64(1),
                       text.n > 0 ? v_null() : v_i64(value), v_text_or_null(text)),
                  &err));
}

static void put_things(struct bulk **bulks, int64_t customer, struct home home)
{
    char memory[4][TEXT_BYTES];
    struct buf texts[5];
    char serial[TEXT_BYTES];
    struct value u = v_i64(home.unit_id), i = v_i64(home.id), made = v_i64(1);
    for (size_t t = 0; t < 4; t++) buf_init_fixed(&texts[t], memory[t], TEXT_BYTES);
    buf_init_fixed(&texts[4], serial, TEXT_BYTES);
    name_of(customer, &texts[0]);
    address_of(customer, true, &texts[1]);
    phone_of(customer, &texts[2]);
    ask_code(customer, &texts[3]);
    serial_of(customer, &texts[4]);
    struct value code = v_text(buf_str(&texts[3])), number = v_text(buf_str(&texts[4]));
    struct value maker = v_text(S("EMIC")), zero = v_i64(0);
    MUST(bulk_row(bulks[0],
                  ARGS(u, i, code, v_text(S("person")), v_text(buf_str(&texts[0])), v_text(S("x")),
                       v_text(buf_str(&texts[2])), v_text(buf_str(&texts[1])), made),
                  &err));
    MUST(bulk_row(bulks[1], ARGS(u, i, code, made), &err));
    MUST(bulk_row(bulks[2], ARGS(code, u, i), &err));
    MUST(bulk_row(bulks[3], ARGS(u, i, code, made), &err));
    MUST(bulk_row(bulks[4],
                  ARGS(u, i, number, maker, v_text(S("CV140")), v_i64(1), v_text(S("KT")), v_i64(5),
                       zero, zero, zero, made),
                  &err));
    MUST(bulk_row(bulks[5], ARGS(number, maker, u, i), &err));
    MUST(bulk_row(bulks[6], ARGS(u, i, code, made), &err));
}

static void put_facts(struct bulk **bulks, int64_t customer, struct home home)
{
    char memory[TEXT_BYTES];
    struct buf address;
    struct value u = v_i64(home.unit_id), i = v_i64(home.id), made = v_i64(1);
    buf_init_fixed(&address, memory, TEXT_BYTES);
    address_of(customer, true, &address);
    put_fact(bulks[0], home, "account", home.id, S(""));
    put_fact(bulks[0], home, "contract_state", 0, S("active"));
    put_fact(bulks[0], home, "holder", home.id, S(""));
    put_fact(bulks[1], home, "address", 0, buf_str(&address));
    put_fact(bulks[1], home, "agreement", home.id, S(""));
    put_fact(bulks[3], home, "payer", home.id, S(""));
    MUST(bulk_row(bulks[2], ARGS(u, i, i, i, v_text(S("active")), v_i64(1), made, made, made),
                  &err));
}

static void put_customers(struct db *db, enum phase phase, int64_t first, int64_t behind,
                          int64_t customers)
{
    struct bulk *bulks[THING_BULKS];
    size_t count = phase == THINGS ? THING_BULKS : FACT_BULKS;
    for (size_t i = 0; i < count; i++)
        MUST(bulk_open(db, tables[phase][i].table, tables[phase][i].columns, &bulks[i], &err));
    for (int64_t i = first; i < behind; i++) {
        if (phase == THINGS) put_things(bulks, i, home_of(i, customers));
        else put_facts(bulks, i, home_of(i, customers));
    }
    for (size_t i = 0; i < count; i++) MUST(bulk_close(bulks[i], &err));
}

static void put_units(struct db *db)
{
    char code[16];
    MUST(db_begin(db, &err));
    for (int64_t unit = 1; unit <= UNITS; unit++) {
        struct buf text;
        buf_init_fixed(&text, code, sizeof code);
        buf_printf(&text, "PX%04lld", (long long)unit);
        MUST(db_run(db,
                    "INSERT INTO unit (unit_id, code, name, opened_on, created_at) "
                    "VALUES ($1, $2, 'Đơn vị', '2020-01-01', 1)",
                    ARGS(v_i64(unit), v_text(buf_str(&text))), NULL, &err));
    }
    MUST(db_commit(db, &err));
}

/* Rows that are right by construction are neither proved nor kept safe while they are loaded. */
static void loading(struct db *db, bool begins)
{
    bool lite = db_engine(db) == DB_SQLITE;
    struct str begin = lite ? S("PRAGMA foreign_keys=OFF; PRAGMA journal_mode=OFF; "
                                "PRAGMA synchronous=OFF")
                            : S("SET session_replication_role = replica");
    struct str end = lite ? S("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; "
                              "PRAGMA foreign_keys=ON")
                          : S("SET session_replication_role = DEFAULT");
    MUST(db_script(db, begins ? begin : end, &err));
}

/* The directory of what was loaded, made as an upgrade makes it. */
static void fill_directory(struct db *db, int64_t customers)
{
    int64_t started_ns = clock_monotonic_ns();
    MUST(db_begin(db, &err));
    MUST(search_ensure(db, &err));
    MUST(db_commit(db, &err));
    report_seconds(db, "search directory made", customers, started_ns);
    /* As autovacuum leaves it. */
    if (db_engine(db) == DB_POSTGRES) MUST(db_script(db, S("VACUUM (ANALYZE)"), &err));
}

static void prove_directory(struct db *db, int64_t customers)
{
    struct check_findings findings = {.arena = &arena};
    int64_t started_ns = clock_monotonic_ns();
    arena_reset(&arena);
    MUST(check_run(db, &check_registry_search, &findings, &err));
    report_seconds(db, "check registry.search", customers, started_ns);
    assert_int_equal(findings.count, 0);
}

static void load(struct db *db, int64_t customers)
{
    enum { AT_ONCE = 100000 };
    put_units(db);
    loading(db, true);
    for (int64_t first = 0; first < customers; first += AT_ONCE) {
        int64_t behind = first + AT_ONCE < customers ? first + AT_ONCE : customers;
        MUST(db_begin(db, &err));
        for (enum phase phase = THINGS; phase < PHASES; phase++)
            put_customers(db, phase, first, behind, customers);
        MUST(db_commit(db, &err));
    }
    loading(db, false);
}

/* ---- questions --------------------------------------------------------------------------- */

typedef void question(int64_t customer, struct buf *out);

static void ask_name(int64_t customer, struct buf *out)
{
    name_of(customer, out);
}

static void ask_end_of_name(int64_t customer, struct buf *out)
{
    char memory[TEXT_BYTES];
    struct buf name;
    buf_init_fixed(&name, memory, sizeof memory);
    name_of(customer, &name);
    struct str whole = buf_str(&name);
    size_t first = str_find(whole, ' ');
    buf_add(out, str_sub(whole, first + 1, whole.n));
}

static void ask_address(int64_t customer, struct buf *out)
{
    address_of(customer, false, out);
}

static void ask_both(int64_t customer, struct buf *out)
{
    name_of(customer, out);
    buf_add_char(out, ' ');
    address_of(customer, false, out);
}

static void ask_widely(int64_t customer, struct buf *out)
{
    static const char *const words[] = {"nguyen",   "nguyen van", "an",
                                        "tran phu", "12",         "thi huong le"};
    buf_add(out, str_of(words[(size_t)customer % ARRAY_COUNT(words)]));
}

static int compare(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return x < y ? -1 : x > y;
}

/* In microseconds. */
struct times {
    int64_t median_us, p99_us;
};

static struct times times_of(int64_t took_ns[QUESTIONS])
{
    qsort(took_ns, QUESTIONS, sizeof *took_ns, compare);
    return (struct times){took_ns[QUESTIONS / 2] / NS_PER_US,
                          took_ns[QUESTIONS * 99 / 100] / NS_PER_US};
}

/* Somebody must be found where the question names one. */
static struct times measure(struct db *db, question *ask, int64_t customers, bool found)
{
    static int64_t took_ns[QUESTIONS];
    struct random_state random;
    int64_t missed = 0;
    random_state_init(&random, 7);
    for (size_t q = 0; q < QUESTIONS; q++) {
        char memory[2 * TEXT_BYTES];
        struct buf text;
        struct search_answer answer;
        buf_init_fixed(&text, memory, sizeof memory);
        ask((int64_t)random_next_below(&random, (uint64_t)customers), &text);
        arena_reset(&arena);
        struct search_request request = {buf_str(&text), S(""), day_from_civil(2026, 10, 1)};
        int64_t started_ns = clock_monotonic_ns();
        MUST(search_find(db, &arena, &request, &answer, &err));
        took_ns[q] = clock_monotonic_ns() - started_ns;
        missed += answer.count == 0;
    }
    if (found) assert_int_equal(missed, 0);
    return times_of(took_ns);
}

/* The cheapest look-up: one row by its key, and nothing else. */
static struct times measure_plain(struct db *db, int64_t customers)
{
    static int64_t took_ns[QUESTIONS];
    struct random_state random;
    random_state_init(&random, 7);
    for (size_t q = 0; q < QUESTIONS; q++) {
        char memory[TEXT_BYTES];
        struct buf code;
        int64_t id;
        buf_init_fixed(&code, memory, sizeof memory);
        ask_code((int64_t)random_next_below(&random, (uint64_t)customers), &code);
        int64_t started_ns = clock_monotonic_ns();
        MUST(db_get_i64(db, "SELECT agreement_id FROM agreement_directory WHERE code = $1",
                        ARGS(v_text(buf_str(&code))), &id, &err));
        took_ns[q] = clock_monotonic_ns() - started_ns;
    }
    return times_of(took_ns);
}

static void measure_all(struct db *db, int64_t customers)
{
    static const struct {
        const char *what;
        question *ask;
        bool found;
    } kinds[] = {{"code", ask_code, true},
                 {"phone", phone_of, true},
                 {"meter", serial_of, true},
                 {"name", ask_name, true},
                 {"end of a name", ask_end_of_name, true},
                 {"address", ask_address, true},
                 {"name and address", ask_both, false},
                 {"what many share", ask_widely, false}};
    struct times plain = measure_plain(db, customers);
    for (size_t i = 0; i < ARRAY_COUNT(kinds); i++) {
        char memory[TEXT_BYTES];
        struct buf what;
        struct times times = measure(db, kinds[i].ask, customers, kinds[i].found);
        buf_init_fixed(&what, memory, sizeof memory);
        buf_printf(&what, "search by %s, median%c", kinds[i].what, 0);
        report(db, memory, customers, times.median_us, "us", plain.median_us, "one row by its key");
        buf_reset(&what);
        buf_printf(&what, "search by %s, p99%c", kinds[i].what, 0);
        report(db, memory, customers, times.p99_us, "us", LIMIT_US, "limit");
    }
    prove_directory(db, customers);
}

static void run(enum db_engine engine, int64_t customers)
{
    struct test_store store;
    test_store_make(engine, &store);
    load(store.db, customers);
    fill_directory(store.db, customers);
    measure_all(store.db, customers);
    test_store_drop(&store);
}

/* What is there of an earlier run stays. */
static void run_kept(const char *target, int64_t customers)
{
    struct db *db;
    int64_t units, keys;
    MUST(db_open(str_of(target), DB_CREATE, &db, &err));
    MUST(store_migrate(db, &err));
    MUST(db_get_i64(db, "SELECT count(*) FROM unit", NO_ARGS, &units, &err));
    if (units == 0) load(db, customers);
    MUST(db_get_i64_or(db, "SELECT 1 FROM search_directory LIMIT 1", NO_ARGS, 0, &keys, &err));
    if (keys == 0) fill_directory(db, customers);
    measure_all(db, customers);
    db_close(db);
}

int main(int argc, char **argv)
{
    const char *engine = argc > 1 ? argv[1] : "both";
    int64_t customers = bench_argument(argc, argv, 2, CUSTOMERS);
    arena_init(&arena, ARENA_BYTES);
    const char *kept = getenv("STORE");
    if (kept != NULL) run_kept(kept, customers);
    else if (strcmp(engine, "postgres") != 0) run(DB_SQLITE, customers);
    if (kept == NULL && strcmp(engine, "sqlite") != 0) run(DB_POSTGRES, customers);
    arena_release(&arena);
    return test_end_with(0);
}
