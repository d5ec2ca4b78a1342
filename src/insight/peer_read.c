/* SPDX-License-Identifier: Apache-2.0 */
/* The homes of a month: bills joined in memory with the facts of their points. */
#include "insight/peer_int.h"

#include <stdlib.h>

#include "base/integer.h"
#include "network/dated.h"
#include "registry/terms_view.h"

enum { HOMES_FIRST = 1024 };

/* A home and its period, as read. */
struct billed {
    struct peer_home home;
    int32_t from_day, to_day;
};

struct reading {
    struct peer_work *work;
    struct billed *list;
    size_t count, capacity;
    struct err *err;
};

int64_t peer_year_of(int64_t month)
{
    return month / 100;
}

/* ---- bills ------------------------------------------------------------------------------- */

static err_t add_billed(struct reading *r, struct billed billed)
{
    if (r->count == r->capacity) {
        size_t capacity = r->capacity == 0 ? HOMES_FIRST : r->capacity * 2;
        struct billed *list = ARENA_ARRAY(r->work->arena, struct billed, capacity);
        if (list == NULL) return err_memory(r->err);
        for (size_t i = 0; i < r->count; i++) list[i] = r->list[i];
        r->list = list;
        r->capacity = capacity;
    }
    r->list[r->count++] = billed;
    return OK;
}

static bool read_days(const struct rows *rows, int from_column, struct billed *out)
{
    return day_parse(row_text(rows, from_column), &out->from_day) &&
           day_parse(row_text(rows, from_column + 1), &out->to_day);
}

static err_t read_bill(struct reading *r, const struct rows *rows)
{
    struct billed billed = {
        .home = {.point_id = row_i64(rows, 0),
                 .agreement_id = row_i64(rows, 1),
                 .household_wh = row_i64(rows, 4),
                 .state = row_i64(rows, 5) == 1 ? PEER_ESTIMATED : PEER_COUNTED}};
    if (!read_days(rows, 2, &billed)) {
        err_set(r->err, E_STORE, "from_on", "Ngày trên hóa đơn không đọc được",
                "A date of a bill cannot be read");
        return err_hint_stored(r->err);
    }
    billed.home.days = peer_days_of(billed.to_day - billed.from_day);
    return add_billed(r, billed);
}

static int compare_billed(const void *left, const void *right)
{
    const struct peer_home *a = &((const struct billed *)left)->home;
    const struct peer_home *b = &((const struct billed *)right)->home;
    if (a->point_id != b->point_id) return a->point_id < b->point_id ? -1 : 1;
    return a->agreement_id < b->agreement_id ? -1 : a->agreement_id > b->agreement_id;
}

static err_t read_bills(struct reading *r)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(r->work->db,
                       "SELECT point_id, agreement_id, from_on, to_on, total_wh, estimated "
                       "FROM bill WHERE unit_id = $1 AND month = $2 AND period_no = 1 AND "
                       "kind = 'periodic' AND origin = 'own'",
                       ARGS(v_i64(r->work->unit_id), v_i64(r->work->month)), &rows, r->err);
    for (bool more = true; e == OK;) {
        e = rows_next(rows, &more, r->err);
        if (e != OK || !more) break;
        e = read_bill(r, rows);
    }
    if (e == OK && r->count > 0) qsort(r->list, r->count, sizeof r->list[0], compare_billed);
    return e;
}

/* The first home of the point, r->count when it has none; those behind it may be of the same. */
static size_t first_of_point(const struct reading *r, int64_t point_id)
{
    size_t low = 0, high = r->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (r->list[middle].home.point_id < point_id) low = middle + 1;
        else high = middle;
    }
    return low;
}

/* ---- what was used at the residential price, and by how many ----------------------------- */

enum terms_kind { TERMS_HOUSEHOLDS = 1, TERMS_LODGERS, TERMS_USES };

static err_t load_terms(struct reading *r, struct arena *scratch, size_t first, size_t end,
                        struct dated_list *out)
{
    arena_reset(scratch);
    dated_init(out, scratch);
    return dated_load(out, r->work->db,
                      "SELECT point_id, CASE kind WHEN 'households' THEN 1 WHEN 'lodgers' "
                      "THEN 2 ELSE 3 END, 0, valid_from, state, CASE WHEN kind = 'uses' THEN "
                      "(CASE WHEN value_text = 'SH:-:100%' THEN 1 ELSE 0 END) ELSE value_i64 "
                      "END FROM point_fact WHERE unit_id = $1 AND point_id >= $2 AND "
                      "point_id <= $3 AND kind IN ('households', 'lodgers', 'uses') "
                      "ORDER BY point_id, kind, valid_from, entry_no",
                      ARGS(v_i64(r->work->unit_id), v_i64(r->list[first].home.point_id),
                           v_i64(r->list[end - 1].home.point_id)),
                      r->err);
}

/* False for whoever is not billed at the residential price alone. */
static bool read_terms(const struct dated_list *terms, struct billed *billed)
{
    struct peer_home *home = &billed->home;
    int64_t point = home->point_id, residential = 0, households = 0, lodgers = 0;
    int32_t day = billed->to_day - 1;
    dated_value_on(terms, (struct dated_key){{point, TERMS_USES, 0}}, day, &residential);
    dated_value_on(terms, (struct dated_key){{point, TERMS_HOUSEHOLDS, 0}}, day, &households);
    dated_value_on(terms, (struct dated_key){{point, TERMS_LODGERS, 0}}, day, &lodgers);
    home->quarters = household_quarters_of(households, lodgers);
    return residential == 1 && mul_div_half_up(home->household_wh, QUARTERS_PER_HOUSEHOLD,
                                               home->quarters, &home->household_wh);
}

/* Leaves out who is no home; the rest moves together. */
static err_t keep_homes(struct reading *r)
{
    struct arena scratch;
    struct dated_list terms;
    size_t kept = 0;
    err_t e = OK;
    arena_init(&scratch, PEER_SCRATCH_BYTES);
    for (size_t first = 0; first < r->count && e == OK; first += PEER_CHUNK_HOMES) {
        size_t end = first + PEER_CHUNK_HOMES < r->count ? first + PEER_CHUNK_HOMES : r->count;
        e = load_terms(r, &scratch, first, end, &terms);
        for (size_t i = first; i < end && e == OK; i++)
            if (read_terms(&terms, &r->list[i])) r->list[kept++] = r->list[i];
    }
    arena_release(&scratch);
    r->count = kept;
    return e;
}

/* ---- what keeps a use out ---------------------------------------------------------------- */

/* The state of a home is the gravest that was found: later ones in the enum win. */
static void put_state(struct peer_home *home, enum peer_state state)
{
    if (state > home->state) home->state = (uint8_t)state;
}

static void mark_point(const struct reading *r, int64_t point_id, enum peer_state state)
{
    for (size_t i = first_of_point(r, point_id);
         i < r->count && r->list[i].home.point_id == point_id; i++)
        put_state(&r->list[i].home, state);
}

/* Runs a query of points and marks their homes. */
static err_t mark_points(struct reading *r, const char *sql, enum peer_state state)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(r->work->db, sql, ARGS(v_i64(r->work->unit_id), v_i64(r->work->month)),
                       &rows, r->err);
    for (bool more = true; e == OK;) {
        e = rows_next(rows, &more, r->err);
        if (e != OK || !more) break;
        mark_point(r, row_i64(rows, 0), state);
    }
    return e;
}

static void mark_installation(const struct reading *r, const struct rows *rows)
{
    int64_t point_id = row_i64(rows, 0);
    int32_t hung = vietnam_day(row_i64(rows, 1));
    int32_t removed = row_is_null(rows, 2) ? INT32_MAX : vietnam_day(row_i64(rows, 2));
    bool gives_back = row_i64(rows, 3) == 1;
    for (size_t i = first_of_point(r, point_id);
         i < r->count && r->list[i].home.point_id == point_id; i++) {
        struct billed *billed = &r->list[i];
        if (gives_back && hung < billed->to_day && removed > billed->from_day)
            put_state(&billed->home, PEER_PROSUMER);
        bool inside = (hung > billed->from_day && hung < billed->to_day) ||
                      (removed > billed->from_day && removed < billed->to_day);
        if (!gives_back && inside) put_state(&billed->home, PEER_EXCHANGED);
    }
}

/* Meters hung or removed since the first period began, and all that measure what is given back. */
static err_t mark_installations(struct reading *r)
{
    int32_t first_day = INT32_MAX;
    for (size_t i = 0; i < r->count; i++)
        if (r->list[i].from_day < first_day) first_day = r->list[i].from_day;
    if (r->count == 0) return OK;
    int64_t since = vietnam_midnight_ms(first_day);
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(r->work->db,
                       "SELECT point_id, hung_at, removed_at, CASE WHEN role = 'export' THEN 1 "
                       "ELSE 0 END FROM installation WHERE unit_id = $1 AND role <> 'reactive' "
                       "AND (role = 'export' OR hung_at > $2 OR removed_at > $3)",
                       ARGS(v_i64(r->work->unit_id), v_i64(since), v_i64(since)), &rows, r->err);
    for (bool more = true; e == OK;) {
        e = rows_next(rows, &more, r->err);
        if (e != OK || !more) break;
        mark_installation(r, rows);
    }
    return e;
}

/* Who has a point for the other direction on a day of the period, and who opted out by the moment
 * of the publication. */
static err_t mark_facts(struct reading *r)
{
    struct dated_list roofs, wishes;
    int32_t today = vietnam_day(r->work->known_at);
    dated_init(&roofs, r->work->arena);
    dated_init(&wishes, r->work->arena);
    err_t e = dated_load(&roofs, r->work->db,
                         "SELECT point_id, other_point_id, 0, valid_from, state, 1 FROM "
                         "point_relation_fact WHERE unit_id = $1 AND kind = 'export' "
                         "ORDER BY point_id, other_point_id, valid_from, entry_no",
                         ARGS(v_i64(r->work->unit_id)), r->err);
    if (e == OK)
        e = dated_load(&wishes, r->work->db,
                       "SELECT agreement_id, 0, 0, valid_from, state, 1 FROM agreement_fact "
                       "WHERE unit_id = $1 AND kind = 'peer_comparison' "
                       "ORDER BY agreement_id, valid_from, entry_no",
                       ARGS(v_i64(r->work->unit_id)), r->err);
    for (size_t i = 0; i < r->count && e == OK; i++) {
        struct billed *billed = &r->list[i];
        struct dated_key point = {{billed->home.point_id, 0, 0}};
        struct dated_key agreement = {{billed->home.agreement_id, 0, 0}};
        if (dated_any_on(&roofs, point, 1, billed->to_day - 1, NULL) ||
            dated_any_on(&roofs, point, 1, billed->from_day, NULL))
            put_state(&billed->home, PEER_PROSUMER);
        if (dated_value_on(&wishes, agreement, today, NULL))
            put_state(&billed->home, PEER_OPTED_OUT);
    }
    return e;
}

/* ---- all of it --------------------------------------------------------------------------- */

static err_t hand_over(struct reading *r)
{
    struct peer_work *work = r->work;
    int32_t *period_end = ARENA_ARRAY(work->arena, int32_t, r->count);
    work->homes = ARENA_ARRAY(work->arena, struct peer_home, r->count);
    if (period_end == NULL || work->homes == NULL) return err_memory(r->err);
    for (size_t i = 0; i < r->count; i++) {
        work->homes[i] = r->list[i].home;
        period_end[i] = r->list[i].to_day;
    }
    work->count = r->count;
    return peer_places_read(work, period_end, r->err);
}

err_t peer_homes_read(struct peer_work *work, struct err *err)
{
    struct reading r = {.work = work, .err = err};
    err_t e = read_bills(&r);
    if (e == OK) e = keep_homes(&r);
    if (e == OK)
        e = mark_points(&r,
                        "SELECT point_id FROM bill WHERE unit_id = $1 AND month = $2 AND "
                        "period_no = 1 AND kind IN ('adjustment', 'replacement')",
                        PEER_CORRECTED);
    /* A reading that settles an estimate carries the difference of earlier months. */
    if (e == OK)
        e = mark_points(&r,
                        "SELECT e.point_id FROM estimate_settlement s JOIN estimate e ON "
                        "e.unit_id = s.unit_id AND e.estimate_id = s.estimate_id "
                        "WHERE s.unit_id = $1 AND s.month = $2",
                        PEER_ESTIMATED);
    if (e == OK) e = mark_installations(&r);
    if (e == OK) e = mark_facts(&r);
    return e == OK ? hand_over(&r) : e;
}
