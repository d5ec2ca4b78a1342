/* SPDX-License-Identifier: Apache-2.0 */
/* Finding one of many customers, beside the cheapest look-up of an index: a code to its row.
 *
 *   bench_search [sqlite|postgres|both [CUSTOMERS]]
 *
 * The directory is generated with names and streets in the shares in which people have them (nearly
 * four in ten are called Nguyễn), so that what is asked too widely is in it as well. Questions are
 * those of a care centre: codes, phones, whole names, ends of names, streets, a name with a street,
 * and a word that a million share. */
#include "support/stores.h"

#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "bench/bench.h"
#include "registry/search.h"

enum {
    CUSTOMERS = 200000,
    UNITS = 20,
    QUESTIONS = 1000, /* of each kind */
    ARENA_BYTES = 64 << 20,
    TEXT_BYTES = 160,
    NS_PER_US = 1000,
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

static void ask_code(int64_t customer, struct buf *out)
{
    buf_printf(out, "PX%011lld", (long long)customer);
}

/* ---- the directory ----------------------------------------------------------------------- */

/* Things come before the facts about them. */
enum phase { THINGS, FACTS, PHASES };
enum { THING_BULKS = 4, FACT_BULKS = 3 };

static const struct {
    const char *table, *columns;
} tables[PHASES][THING_BULKS] = {
    {{"party", "unit_id, party_id, code, kind, name, folded_name, phone, address, created_at"},
     {"agreement", "unit_id, agreement_id, code, created_at"},
     {"agreement_directory", "code, unit_id, agreement_id"},
     {"usage_point", "unit_id, point_id, code, created_at"}},
    {{"agreement_fact", "unit_id, agreement_id, kind, valid_from, entry_no, state, recorded_at, "
                        "actor_id, value_i64, value_text"},
     {"point_fact", "unit_id, point_id, kind, valid_from, entry_no, state, recorded_at, actor_id, "
                    "value_i64, value_text"},
     {"search_directory", "kind, key, unit_id, subject_id"}}};

static void put_fact(struct bulk *bulk, int64_t unit, int64_t id, const char *kind, int64_t value,
                     struct str text)
{
    MUST(bulk_row(bulk,
                  ARGS(v_i64(unit), v_i64(id), v_text(str_of(kind)), v_text(S("2024-01-01")),
                       v_i64(1), v_text(S("set")), v_i64(1), v_i64(1),
                       text.n > 0 ? v_null() : v_i64(value), v_text_or_null(text)),
                  &err));
}

static void put_words(struct bulk *bulk, enum search_kind kind, int64_t unit, int64_t id,
                      struct str text)
{
    struct search_entry entry = {kind, text, unit, id};
    MUST(search_bulk_enter(bulk, &arena, &entry, &err));
}

static void put_customer(struct bulk **bulks, enum phase phase, int64_t customer)
{
    char memory[4][TEXT_BYTES];
    struct buf texts[4];
    int64_t unit = customer % UNITS + 1, id = customer / UNITS + 1;
    struct value u = v_i64(unit), i = v_i64(id), made = v_i64(1);
    arena_reset(&arena);
    for (size_t t = 0; t < ARRAY_COUNT(texts); t++)
        buf_init_fixed(&texts[t], memory[t], TEXT_BYTES);
    name_of(customer, &texts[0]);
    address_of(customer, true, &texts[1]);
    phone_of(customer, &texts[2]);
    ask_code(customer, &texts[3]);
    struct str name = buf_str(&texts[0]), address = buf_str(&texts[1]);
    struct value phone = v_text(buf_str(&texts[2])), code = v_text(buf_str(&texts[3]));
    if (phase == THINGS) {
        MUST(bulk_row(bulks[0],
                      ARGS(u, i, code, v_text(S("person")), v_text(name), v_text(S("x")), phone,
                           v_text(address), made),
                      &err));
        MUST(bulk_row(bulks[1], ARGS(u, i, code, made), &err));
        MUST(bulk_row(bulks[2], ARGS(code, u, i), &err));
        MUST(bulk_row(bulks[3], ARGS(u, i, code, made), &err));
        return;
    }
    put_fact(bulks[0], unit, id, "holder", id, S(""));
    put_fact(bulks[0], unit, id, "contract_state", 0, S("active"));
    put_fact(bulks[1], unit, id, "address", 0, address);
    put_fact(bulks[1], unit, id, "agreement", id, S(""));
    put_words(bulks[2], SEARCH_name, unit, id, name);
    put_words(bulks[2], SEARCH_phone, unit, id, phone.str);
    put_words(bulks[2], SEARCH_address, unit, id, address);
    put_words(bulks[2], SEARCH_place, unit, id, address);
}

static void put_customers(struct db *db, enum phase phase, int64_t first, int64_t behind)
{
    struct bulk *bulks[THING_BULKS];
    size_t count = phase == THINGS ? THING_BULKS : FACT_BULKS;
    for (size_t i = 0; i < count; i++)
        MUST(bulk_open(db, tables[phase][i].table, tables[phase][i].columns, &bulks[i], &err));
    for (int64_t i = first; i < behind; i++) put_customer(bulks, phase, i);
    for (size_t i = 0; i < count; i++) MUST(bulk_close(bulks[i], &err));
}

static void make(struct db *db, int64_t customers)
{
    enum { AT_ONCE = 100000 };
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
    for (int64_t first = 0; first < customers; first += AT_ONCE) {
        int64_t behind = first + AT_ONCE < customers ? first + AT_ONCE : customers;
        MUST(db_begin(db, &err));
        put_customers(db, THINGS, first, behind);
        put_customers(db, FACTS, first, behind);
        MUST(db_commit(db, &err));
    }
    if (db_engine(db) == DB_POSTGRES) MUST(db_script(db, S("ANALYZE"), &err));
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

static void run(enum db_engine engine, int64_t customers)
{
    static const struct {
        const char *what;
        question *ask;
        bool found;
    } kinds[] = {{"code", ask_code, true},
                 {"phone", phone_of, true},
                 {"name", ask_name, true},
                 {"end of a name", ask_end_of_name, true},
                 {"address", ask_address, true},
                 {"name and address", ask_both, false},
                 {"what many share", ask_widely, false}};
    struct test_store store;
    char what[TEXT_BYTES];
    test_store_make(engine, &store);
    make(store.db, customers);
    struct times plain = measure_plain(store.db, customers);
    const char *name = engine == DB_SQLITE ? "SQLite" : "PostgreSQL";
    for (size_t i = 0; i < ARRAY_COUNT(kinds); i++) {
        struct times times = measure(store.db, kinds[i].ask, customers, kinds[i].found);
        struct buf text;
        buf_init_fixed(&text, what, sizeof what);
        buf_printf(&text, "search by %s, %lld customers, %s, p99; median %lld, one row by key %lld",
                   kinds[i].what, (long long)customers, name, (long long)times.median_us,
                   (long long)plain.median_us);
        bench_print(what, times.p99_us, "us", LIMIT_US, "limit");
    }
    test_store_drop(&store);
}

int main(int argc, char **argv)
{
    const char *engine = argc > 1 ? argv[1] : "both";
    int64_t customers = bench_argument(argc, argv, 2, CUSTOMERS);
    arena_init(&arena, ARENA_BYTES);
    if (strcmp(engine, "postgres") != 0) run(DB_SQLITE, customers);
    if (strcmp(engine, "sqlite") != 0) run(DB_POSTGRES, customers);
    arena_release(&arena);
    return test_end_with(0);
}
