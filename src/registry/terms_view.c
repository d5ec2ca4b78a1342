/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/terms_view.h"

#include <string.h>

#include "base/date.h"
#include "base/memory.h"
#include "network/area_view.h"
#include "registry/facts.h"
#include "registry/price_uses.h"

/* Facts of one point, with all their history, and the restricted areas of a unit. */
#define POINT_ARENA_MAX_BYTES ((size_t)8 * 1024 * 1024)
#define AREA_ARENA_MAX_BYTES ((size_t)64 * 1024 * 1024)
enum { FACTS_FIRST_CAPACITY = 16, QUARTERS_OF_ONE_HOUSEHOLD = 4 };

/* Which account an agreement has from a day on. */
struct held_account {
    int64_t agreement_id;
    int64_t account_id;
    int32_t from_day;
    char state;
};

/* One believed row; rows of a point stand by kind and day. */
struct held_fact {
    enum point_fact kind;
    int32_t from_day;
    int32_t expires_day; /* INT32_MAX: never */
    char state;          /* 's'et, 'e'nd, 'r'etract */
    int64_t i64;
    struct str text;
};

struct terms_scan {
    struct db *db;
    int64_t unit_id;
    struct rows *facts;    /* of the next point, or NULL at the end */
    struct rows *accounts; /* the same for the accounts of the points' agreements */
    int64_t facts_point;   /* point of the row that facts stands on */
    int64_t accounts_point;
    int64_t asked_point;
    struct arena areas_arena;
    struct restricted_set areas;
    struct arena arena; /* everything below lives for one point */
    struct held_fact *fact;
    size_t fact_count;
    size_t fact_capacity;
    struct held_account *account; /* a point that came back to an agreement has its rows twice */
    size_t account_count;
    size_t account_capacity;
    char uses_seen[512];       /* the last chain read, because neighbours share it */
    size_t uses_seen_bytes;
    struct price_uses uses;
};

static const char facts_sql[] =
    "SELECT point_id, kind, valid_from, state, value_i64, value_text, expires_on FROM point_fact "
    "WHERE unit_id = $1 AND point_id BETWEEN $2 AND $3 AND recorded_at <= $4 "
    "ORDER BY unit_id, point_id, kind, valid_from, entry_no";

/* The concatenation keeps the index by value out of play, so that the primary key gives the order
 * and nothing is sorted. */
static const char accounts_sql[] =
    "SELECT p.point_id, f.agreement_id, f.valid_from, f.state, f.value_i64 "
    "FROM point_fact p JOIN agreement_fact f ON f.unit_id = p.unit_id "
    "AND f.agreement_id = p.value_i64 AND f.kind = 'account' "
    "WHERE p.unit_id = $1 AND p.point_id BETWEEN $2 AND $3 AND p.kind || '' = 'agreement' "
    "AND p.recorded_at <= $4 AND f.recorded_at <= $5 "
    "ORDER BY p.unit_id, p.point_id, p.kind, p.valid_from, p.entry_no, f.valid_from, f.entry_no";

/* Moves a result to its next row; at the end the result is closed and *rows is NULL. */
static err_t advance(struct rows **rows, int64_t *out_point, struct err *err)
{
    bool row = false;
    err_t e = rows_next(*rows, &row, err);
    if (e != OK) return e;
    if (row) {
        *out_point = row_i64(*rows, 0);
        return OK;
    }
    rows_done(*rows);
    *rows = NULL;
    return OK;
}

static err_t scan_open(struct db *db, int64_t unit_id, int64_t first_point, int64_t last_point,
                       int64_t known_at, bool accounts, struct terms_scan **out, struct err *err)
{
    struct terms_scan *scan = memory_take(sizeof *scan);
    if (scan == NULL) return err_memory(err);
    *scan = (struct terms_scan){.db = db, .unit_id = unit_id, .asked_point = INT64_MIN};
    arena_init(&scan->areas_arena, AREA_ARENA_MAX_BYTES);
    arena_init(&scan->arena, POINT_ARENA_MAX_BYTES);
    struct value from = v_i64(first_point), to = v_i64(last_point), known = v_i64(known_at);
    err_t e = restricted_set_load(db, &scan->areas_arena, unit_id, known_at, &scan->areas, err);
    if (e == OK)
        e = db_query(db, facts_sql, ARGS(v_i64(unit_id), from, to, known), &scan->facts, err);
    if (e == OK) e = advance(&scan->facts, &scan->facts_point, err);
    if (e == OK && accounts)
        e = db_query(db, accounts_sql, ARGS(v_i64(unit_id), from, to, known, known),
                     &scan->accounts, err);
    if (e == OK && accounts) e = advance(&scan->accounts, &scan->accounts_point, err);
    if (e == OK) *out = scan;
    else terms_scan_close(scan);
    return e;
}

err_t terms_scan_open(struct db *db, int64_t unit_id, int64_t first_point, int64_t last_point,
                      int64_t known_at, struct terms_scan **out, struct err *err)
{
    return scan_open(db, unit_id, first_point, last_point, known_at, true, out, err);
}

err_t supply_scan_open(struct db *db, int64_t unit_id, int64_t first_point, int64_t last_point,
                       int64_t known_at, struct terms_scan **out, struct err *err)
{
    return scan_open(db, unit_id, first_point, last_point, known_at, false, out, err);
}

void terms_scan_close(struct terms_scan *scan)
{
    if (scan == NULL) return;
    if (scan->facts != NULL) rows_done(scan->facts);
    if (scan->accounts != NULL) rows_done(scan->accounts);
    arena_release(&scan->areas_arena);
    arena_release(&scan->arena);
    memory_give(scan, sizeof *scan);
}

/* A larger array with the same contents, or NULL. */
static void *grown(struct arena *arena, const void *items, size_t count, size_t size,
                   size_t *capacity)
{
    *capacity = *capacity == 0 ? FACTS_FIRST_CAPACITY : *capacity * 2;
    void *larger = arena_take_array(arena, *capacity, size);
    if (larger != NULL && items != NULL) memcpy(larger, items, count * size);
    return larger;
}

static bool push_fact(struct terms_scan *scan, struct held_fact fact)
{
    if (scan->fact_count == scan->fact_capacity) {
        scan->fact = grown(&scan->arena, scan->fact, scan->fact_count, sizeof fact,
                           &scan->fact_capacity);
        if (scan->fact == NULL) return false;
    }
    ASSERT(scan->fact != NULL);
    scan->fact[scan->fact_count++] = fact;
    return true;
}

static bool push_account(struct terms_scan *scan, struct held_account account)
{
    if (scan->account_count == scan->account_capacity) {
        scan->account = grown(&scan->arena, scan->account, scan->account_count, sizeof account,
                              &scan->account_capacity);
        if (scan->account == NULL) return false;
    }
    scan->account[scan->account_count++] = account;
    return true;
}

static err_t refuse_date(struct err *err)
{
    err_set(err, E_STORE, "valid_from", "Ngày trong cơ sở dữ liệu không đọc được",
            "A date in the database cannot be read");
    return err_hint_stored(err);
}

static err_t keep_fact(struct terms_scan *scan, struct err *err)
{
    const struct rows *row = scan->facts;
    enum point_fact kind = point_fact_of(row_text(row, 1));
    if (kind == POINT_FACT_COUNT) return OK;
    struct held_fact fact = {.kind = kind,
                             .expires_day = INT32_MAX,
                             .state = row_text(row, 3).p[0],
                             .i64 = row_i64_or(row, 4, 0)};
    if (!row_is_null(row, 5)) fact.text = arena_str(&scan->arena, row_text(row, 5));
    bool read = day_parse(row_text(row, 2), &fact.from_day) &&
                (row_is_null(row, 6) || day_parse(row_text(row, 6), &fact.expires_day));
    if (!read) return refuse_date(err);
    struct held_fact *last = scan->fact_count == 0 ? NULL : &scan->fact[scan->fact_count - 1];
    if (last != NULL && last->kind == kind && last->from_day == fact.from_day) {
        *last = fact;
        return OK;
    }
    return push_fact(scan, fact) && !scan->arena.failed ? OK : err_memory(err);
}

static err_t keep_account(struct terms_scan *scan, struct err *err)
{
    const struct rows *row = scan->accounts;
    struct held_account account = {.agreement_id = row_i64(row, 1),
                                   .account_id = row_i64_or(row, 4, 0),
                                   .state = row_text(row, 3).p[0]};
    if (!day_parse(row_text(row, 2), &account.from_day)) return refuse_date(err);
    if (scan->account_count > 0) {
        struct held_account *last = &scan->account[scan->account_count - 1];
        if (last->agreement_id == account.agreement_id && last->from_day == account.from_day) {
            *last = account;
            return OK;
        }
    }
    return push_account(scan, account) ? OK : err_memory(err);
}

/* Reads all rows of one point into memory and passes over those of points before it. */
static err_t gather(struct terms_scan *scan, int64_t point_id, struct err *err)
{
    arena_reset(&scan->arena);
    scan->fact = NULL;
    scan->account = NULL;
    scan->fact_count = scan->fact_capacity = 0;
    scan->account_count = scan->account_capacity = 0;
    err_t e = OK;
    while (e == OK && scan->facts != NULL && scan->facts_point <= point_id) {
        if (scan->facts_point == point_id) e = keep_fact(scan, err);
        if (e == OK) e = advance(&scan->facts, &scan->facts_point, err);
    }
    while (e == OK && scan->accounts != NULL && scan->accounts_point <= point_id) {
        if (scan->accounts_point == point_id) e = keep_account(scan, err);
        if (e == OK) e = advance(&scan->accounts, &scan->accounts_point, err);
    }
    return e;
}

/* The fact of a kind that holds on a day, or NULL. */
static const struct held_fact *held_on(const struct terms_scan *scan, enum point_fact kind,
                                       int32_t day)
{
    const struct held_fact *held = NULL;
    for (size_t i = 0; i < scan->fact_count; i++) {
        const struct held_fact *fact = &scan->fact[i];
        if (fact->kind == kind && fact->from_day <= day && fact->state != 'r') held = fact;
    }
    if (held == NULL || held->state != 's' || held->expires_day < day) return NULL;
    return held;
}

static int64_t number_on(const struct terms_scan *scan, enum point_fact kind, int32_t day,
                         int64_t otherwise)
{
    const struct held_fact *fact = held_on(scan, kind, day);
    return fact == NULL ? otherwise : fact->i64;
}

static int64_t account_on(const struct terms_scan *scan, int64_t agreement_id, int32_t day)
{
    const struct held_account *held = NULL;
    for (size_t i = 0; i < scan->account_count; i++) {
        const struct held_account *account = &scan->account[i];
        if (account->agreement_id == agreement_id && account->from_day <= day &&
            account->state != 'r')
            held = account;
    }
    return held == NULL || held->state != 's' ? 0 : held->account_id;
}

/* The run of days around the last one on which the same agreement is supplied. */
static void find_supply(const struct terms_scan *scan, int32_t from_day, int32_t to_day,
                        struct point_terms *terms)
{
    terms->supply_from_day = terms->supply_to_day = to_day;
    if (terms->agreement_id == 0) return;
    int32_t start = to_day;
    for (size_t i = 0; i < scan->fact_count; i++) {
        const struct held_fact *fact = &scan->fact[i];
        if (fact->kind != POINT_agreement || fact->state == 'r' || fact->from_day >= to_day)
            continue;
        bool same = fact->state == 's' && fact->i64 == terms->agreement_id;
        if (!same) start = to_day;
        else if (start == to_day) start = fact->from_day;
    }
    terms->supply_from_day = start < from_day ? from_day : start;
}

static err_t read_uses(struct terms_scan *scan, int32_t day, struct point_terms *terms,
                       struct err *err)
{
    const struct held_fact *fact = held_on(scan, POINT_uses, day);
    if (fact == NULL) return OK;
    bool seen = fact->text.n > 0 && fact->text.n == scan->uses_seen_bytes &&
                memcmp(fact->text.p, scan->uses_seen, fact->text.n) == 0;
    if (!seen) {
        scan->uses_seen_bytes = 0;
        if (fact->text.n > sizeof scan->uses_seen) {
            err_set(err, E_INPUT, "uses", "Chuỗi áp giá quá dài",
                    "The chain of price uses is too long");
            return err_hint(err, "Gộp các phần cùng nhóm giá",
                            "Join the parts of the same category");
        }
        memcpy(scan->uses_seen, fact->text.p, fact->text.n);
        struct str text = {scan->uses_seen, fact->text.n};
        err_t e = price_uses_parse(text, &scan->uses, err);
        if (e != OK) return e;
        scan->uses_seen_bytes = fact->text.n;
    }
    terms->uses_text = (struct str){scan->uses_seen, scan->uses_seen_bytes};
    terms->use_count = scan->uses.count;
    memcpy(terms->uses, scan->uses.use, scan->uses.count * sizeof *terms->uses);
    return OK;
}

int64_t household_quarters_of(int64_t households, int64_t lodgers)
{
    int64_t quarters = households + lodgers;
    return quarters == 0 ? QUARTERS_OF_ONE_HOUSEHOLD : quarters;
}

static int64_t quarters_on(const struct terms_scan *scan, int32_t day)
{
    const struct held_fact *households = held_on(scan, POINT_households, day);
    const struct held_fact *lodgers = held_on(scan, POINT_lodgers, day);
    return household_quarters_of(households == NULL ? 0 : households->i64,
                                 lodgers == NULL ? 0 : lodgers->i64);
}

static err_t name_point(struct terms_scan *scan, int64_t point_id, struct err *err)
{
    struct err ignored;
    struct str code = {"?", 1};
    if (db_get_text(scan->db, &scan->arena,
                    "SELECT code FROM usage_point WHERE unit_id = $1 AND point_id = $2",
                    ARGS(v_i64(scan->unit_id), v_i64(point_id)), &code, &ignored) != OK)
        code = S("?");
    return err_detail(err, "Điểm đo %.*s", "Usage point %.*s", STR_ARG(code));
}

err_t terms_of(struct terms_scan *scan, int64_t point_id, int32_t from_day, int32_t to_day,
               struct point_terms *out, struct err *err)
{
    ASSERT(point_id >= scan->asked_point && from_day < to_day);
    err_t e = point_id > scan->asked_point ? gather(scan, point_id, err) : OK;
    scan->asked_point = point_id;
    if (e != OK) return e;
    int32_t day = to_day - 1;
    struct point_terms terms = {
        .point_id = point_id,
        .agreement_id = number_on(scan, POINT_agreement, day, 0),
        .book_id = number_on(scan, POINT_book, day, 0),
        .household_quarters = quarters_on(scan, day),
        .lodgers_undeclared = number_on(scan, POINT_lodgers_undeclared, day, 0) == 1,
        .papers_missing = number_on(scan, POINT_papers_missing, day, 0) == 1,
        .tourist_lodging = number_on(scan, POINT_tourist_lodging, day, 0) == 1,
        .demand_w = number_on(scan, POINT_demand_w, day, -1),
        .unmetered_wh = number_on(scan, POINT_unmetered_wh, day, -1),
        .loss_ppm = number_on(scan, POINT_loss_ppm, day, 0),
    };
    const struct held_fact *site = held_on(scan, POINT_quarantine_site, day);
    if (site != NULL) terms.quarantine_site = site->text;
    terms.account_id = account_on(scan, terms.agreement_id, day);
    int64_t area = restricted_on(&scan->areas, point_id, number_on(scan, POINT_station, day, 0),
                                 number_on(scan, POINT_place, day, 0), day);
    terms.restricted_area = area != 0;
    find_supply(scan, from_day, to_day, &terms);
    e = read_uses(scan, day, &terms, err);
    if (e == E_INPUT || e == E_LIMIT) {
        err_t named = name_point(scan, point_id, err);
        return named == E_LIMIT ? E_INPUT : named;
    }
    if (e == OK) *out = terms;
    return e;
}
