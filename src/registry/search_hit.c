/* SPDX-License-Identifier: Apache-2.0 */
/* From what a directory leads to, to the agreements that a person may be told of. */
#include "registry/search_int.h"

#include "base/date.h"
#include "registry/believed.h"
#include "registry/registry_view.h"

struct opening {
    struct db *db;
    struct arena *arena;
    enum search_kind kind;
    int64_t unit_id, subject_id, agreement_id;
    int32_t day;
    struct value day_text;
    int64_t point_id; /* whose address is shown; 0: of the first point of the agreement */
    int64_t supplied; /* agreement of today at the point that was asked for; 0: nobody */
};

/* Agreements that ever had to do with a subject, the latest first: unit $1, subject $2. */
static const char *links_sql(enum search_kind kind)
{
    switch (kind) {
    case SEARCH_agreement:
        return "SELECT agreement_id FROM agreement WHERE unit_id = $1 AND agreement_id = $2";
    case SEARCH_point:
    case SEARCH_place:
        return "SELECT DISTINCT value_i64 FROM point_fact WHERE unit_id = $1 AND point_id = $2 "
               "AND kind = 'agreement' AND state = 'set' ORDER BY 1 DESC LIMIT 10";
    case SEARCH_meter:
        return "SELECT DISTINCT f.value_i64 FROM installation i JOIN point_fact f "
               "ON f.unit_id = i.unit_id AND f.point_id = i.point_id AND f.kind = 'agreement' "
               "AND f.state = 'set' WHERE i.unit_id = $1 AND i.meter_id = $2 "
               "ORDER BY 1 DESC LIMIT 10";
    case SEARCH_account:
        return "SELECT DISTINCT agreement_id FROM agreement_fact WHERE unit_id = $1 "
               "AND kind = 'account' AND value_i64 = $2 ORDER BY 1 DESC LIMIT 10";
    default:
        return "SELECT agreement_id FROM agreement_fact WHERE unit_id = $1 AND kind = 'holder' "
               "AND value_i64 = $2 UNION SELECT agreement_id FROM agreement_fact "
               "WHERE unit_id = $1 AND kind = 'user' AND value_i64 = $2 "
               "UNION SELECT f.agreement_id FROM account_fact a JOIN agreement_fact f "
               "ON f.unit_id = a.unit_id AND f.kind = 'account' AND f.value_i64 = a.account_id "
               "WHERE a.unit_id = $1 AND a.kind = 'payer' AND a.value_i64 = $2 "
               "ORDER BY 1 DESC LIMIT 10";
    }
}

static err_t links_of(const struct opening *o, int64_t links[SEARCH_CODES_MAX], size_t *out_count,
                      struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    size_t count = 0;
    bool row = true;
    err_t e = db_query(o->db, links_sql(o->kind), ARGS(v_i64(o->unit_id), v_i64(o->subject_id)),
                       &rows, err);
    while (e == OK && (e = rows_next(rows, &row, err)) == OK && row) {
        ASSERT(count < SEARCH_CODES_MAX);
        links[count++] = row_i64(rows, 0);
    }
    *out_count = count;
    return e;
}

/* Where the meter hangs; where it hung last, nobody is supplied through it any more. */
static err_t point_of_meter(struct opening *o, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    bool row = false;
    err_t e = db_query(o->db,
                       "SELECT point_id FROM installation WHERE unit_id = $1 AND meter_id = $2 "
                       "AND removed_at IS NULL ORDER BY hung_at DESC LIMIT 1",
                       ARGS(v_i64(o->unit_id), v_i64(o->subject_id)), &rows, err);
    if (e == OK) e = rows_next(rows, &row, err);
    if (e == OK && row) o->point_id = row_i64(rows, 0);
    return e;
}

static err_t find_supplied(struct opening *o, struct err *err)
{
    struct supply supply = {0};
    err_t e = OK;
    if (o->kind == SEARCH_meter) e = point_of_meter(o, err);
    else if (o->kind == SEARCH_point || o->kind == SEARCH_place) o->point_id = o->subject_id;
    if (e == OK && o->point_id != 0)
        e = supply_of_point(o->db, o->unit_id, o->point_id, o->day, KNOWN_NOW, &supply, err);
    o->supplied = supply.agreement_id;
    return e;
}

/* ---- one agreement ----------------------------------------------------------------------- */

/* A row of f that holds on day $3, as all is known. */
#define HOLDS(table, subject, f) \
    f ".state = 'set' AND " BELIEVED(table, subject, f, "$3", "9223372036854775807")
/* A fact of the agreement a. */
#define OF_AGREEMENT(kind)                                                              \
    " FROM agreement_fact f WHERE f.unit_id = a.unit_id "                               \
    "AND f.agreement_id = a.agreement_id AND f.kind = '" kind "' AND "                  \
    HOLDS("agreement_fact", "agreement_id", "f")
#define HOLDER  "(SELECT f.value_i64" OF_AGREEMENT("holder") ")"
#define USER    "(SELECT f.value_i64" OF_AGREEMENT("user") ")"
#define ACCOUNT "(SELECT f.value_i64" OF_AGREEMENT("account") ")"
#define ACTIVE  "(SELECT count(*)" OF_AGREEMENT("contract_state") ")"
/* Of an agreement that has ended. */
#define LAST_HOLDER                                                                     \
    "(SELECT l.value_i64 FROM agreement_fact l WHERE l.unit_id = a.unit_id "            \
    "AND l.agreement_id = a.agreement_id AND l.kind = 'holder' AND l.state = 'set' "    \
    "ORDER BY l.valid_from DESC, l.entry_no DESC LIMIT 1)"
#define FIRST_POINT                                                                     \
    "(SELECT min(t.point_id) FROM point_fact t WHERE t.unit_id = a.unit_id "            \
    "AND t.kind IN ('book', 'station', 'agreement') AND t.kind = 'agreement' "          \
    "AND t.value_i64 = a.agreement_id AND t.state = 'set')"
#define PLACE                                                                           \
    "(SELECT q.value_text FROM point_fact q WHERE q.unit_id = a.unit_id "               \
    "AND q.point_id = coalesce(CAST($4 AS BIGINT), " FIRST_POINT ") "                   \
    "AND q.kind = 'address' AND " HOLDS("point_fact", "point_id", "q") ")"

/* Everything that is shown of one agreement, in one round: unit $1, agreement $2, day $3, and the
 * point whose address is shown, $4, or NULL for its first. The address of supply goes before that
 * of the holder. No row for one that moved to another unit, where it is found as well. */
static const char hit_sql[] =
    "SELECT x.code, x.unit_code, x.unit_name, x.holder_id, x.user_id, x.account_id, x.active, "
    "p.name, p.phone, coalesce(x.place, p.address), c.code FROM (SELECT a.unit_id, a.code, "
    "u.code AS unit_code, u.name AS unit_name, coalesce(" HOLDER ", " LAST_HOLDER ") "
    "AS holder_id, " USER " AS user_id, " ACCOUNT " AS account_id, " ACTIVE " AS active, " PLACE
    " AS place FROM agreement a JOIN agreement_directory d ON d.code = a.code "
    "AND d.unit_id = a.unit_id AND d.agreement_id = a.agreement_id "
    "JOIN unit u ON u.unit_id = a.unit_id WHERE a.unit_id = $1 AND a.agreement_id = $2) x "
    "LEFT JOIN party p ON p.unit_id = x.unit_id AND p.party_id = x.holder_id "
    "LEFT JOIN account c ON c.unit_id = x.unit_id AND c.account_id = x.account_id";

static struct str text_of(const struct opening *o, const struct rows *row, int column)
{
    return arena_str(o->arena, row_text_or_empty(row, column));
}

static err_t read_row(const struct opening *o, struct search_hit *hit, bool *out_here,
                      struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    bool shows_point = o->point_id != 0 && o->supplied == o->agreement_id;
    err_t e = db_query(o->db, hit_sql,
                       ARGS(v_i64(o->unit_id), v_i64(o->agreement_id), o->day_text,
                            shows_point ? v_i64(o->point_id) : v_null()),
                       &rows, err);
    *out_here = false;
    if (e == OK) e = rows_next(rows, out_here, err);
    if (e != OK || !*out_here) return e;
    hit->agreement_code = text_of(o, rows, 0);
    hit->unit_code = text_of(o, rows, 1);
    hit->unit_name = text_of(o, rows, 2);
    hit->holder_id = row_i64_or(rows, 3, 0);
    hit->user_id = row_i64_or(rows, 4, 0);
    hit->account_id = row_i64_or(rows, 5, 0);
    hit->ended = row_i64(rows, 6) == 0;
    hit->holder = text_of(o, rows, 7);
    hit->phone = text_of(o, rows, 8);
    hit->address = text_of(o, rows, 9);
    hit->account_code = text_of(o, rows, 10);
    return OK;
}

/* Whether what led here still holds. */
static err_t is_former(const struct opening *o, const struct search_hit *hit, bool *out,
                       struct err *err)
{
    int64_t payer = 0;
    *out = false;
    switch (o->kind) {
    case SEARCH_agreement: return OK;
    case SEARCH_point:
    case SEARCH_place:
    case SEARCH_meter: *out = o->supplied != o->agreement_id; return OK;
    case SEARCH_account: *out = hit->account_id != o->subject_id; return OK;
    default: break;
    }
    if (hit->holder_id == o->subject_id || hit->user_id == o->subject_id) return OK;
    err_t e =
        db_get_i64_or(o->db,
                      "SELECT value_i64 FROM account_asof WHERE unit_id = $1 "
                      "AND account_id = $2 AND kind = 'payer' AND valid_from <= $3 "
                      "AND valid_to > $3 AND known_to = 9223372036854775807 "
                      "AND state = 'set'",
                      ARGS(v_i64(o->unit_id), v_i64(hit->account_id), o->day_text), 0, &payer, err);
    *out = payer != o->subject_id;
    return e;
}

static err_t read_hit(const struct opening *o, struct search_hit *hit, bool *out_here,
                      struct err *err)
{
    *hit = (struct search_hit){.found_by = o->kind,
                               .matched = S(""),
                               .unit_id = o->unit_id,
                               .agreement_id = o->agreement_id};
    err_t e = read_row(o, hit, out_here, err);
    return e == OK && *out_here ? is_former(o, hit, &hit->former, err) : e;
}

/* ---- what holds goes first --------------------------------------------------------------- */

static void present_first(struct search_hit *hits, size_t count)
{
    struct search_hit sorted[SEARCH_CODES_MAX];
    size_t n = 0;
    for (int former = 0; former < 2; former++)
        for (size_t i = 0; i < count; i++)
            if (hits[i].former == (former == 1)) sorted[n++] = hits[i];
    for (size_t i = 0; i < count; i++) hits[i] = sorted[i];
}

err_t search_open(struct db *db, struct arena *arena, enum search_kind kind, int64_t unit_id,
                  int64_t subject_id, int32_t day, struct search_hit hits[SEARCH_CODES_MAX],
                  size_t *out_count, struct err *err)
{
    char memory[DATE_TEXT_BYTES];
    int64_t links[SEARCH_CODES_MAX];
    size_t link_count = 0, count = 0;
    struct opening o = {.db = db,
                        .arena = arena,
                        .kind = kind,
                        .unit_id = unit_id,
                        .subject_id = subject_id,
                        .day = day};
    o.day_text = v_text(day_text(day, memory));
    err_t e = find_supplied(&o, err);
    if (e == OK) e = links_of(&o, links, &link_count, err);
    for (size_t i = 0; e == OK && i < link_count; i++) {
        bool here = false;
        o.agreement_id = links[i];
        e = read_hit(&o, &hits[count], &here, err);
        if (e == OK && here) count++;
    }
    if (e == OK && arena->failed) e = err_memory(err);
    if (e != OK) return e;
    present_first(hits, count);
    *out_count = count;
    return OK;
}
