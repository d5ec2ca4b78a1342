/* SPDX-License-Identifier: Apache-2.0 */
/* From what a directory leads to, to the agreements that a person may be told of. */
#include "registry/search_int.h"

#include "base/date.h"
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
    int64_t holder_id, user_id, account_id; /* of the day; 0: none */
    bool active;
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

/* False for one that moved to another unit, where it is found as well. */
static err_t read_codes(const struct opening *o, struct search_hit *hit, bool *out_here,
                        struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(o->db,
                       "SELECT a.code, u.code, u.name FROM agreement a JOIN agreement_directory d "
                       "ON d.code = a.code AND d.unit_id = a.unit_id "
                       "AND d.agreement_id = a.agreement_id JOIN unit u ON u.unit_id = a.unit_id "
                       "WHERE a.unit_id = $1 AND a.agreement_id = $2",
                       ARGS(v_i64(o->unit_id), v_i64(o->agreement_id)), &rows, err);
    *out_here = false;
    if (e == OK) e = rows_next(rows, out_here, err);
    if (e != OK || !*out_here) return e;
    hit->agreement_code = arena_str(o->arena, row_text(rows, 0));
    hit->unit_code = arena_str(o->arena, row_text(rows, 1));
    hit->unit_name = arena_str(o->arena, row_text(rows, 2));
    return OK;
}

static err_t read_facts(struct opening *o, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    bool row = true;
    err_t e = db_query(o->db,
                       "SELECT kind, value_i64 FROM agreement_asof WHERE unit_id = $1 "
                       "AND agreement_id = $2 AND valid_from <= $3 AND valid_to > $3 "
                       "AND known_to = 9223372036854775807 AND state = 'set'",
                       ARGS(v_i64(o->unit_id), v_i64(o->agreement_id), o->day_text), &rows, err);
    o->holder_id = o->user_id = o->account_id = 0;
    o->active = false;
    while (e == OK && (e = rows_next(rows, &row, err)) == OK && row) {
        struct str kind = row_text(rows, 0);
        if (str_equal(kind, S("holder"))) o->holder_id = row_i64(rows, 1);
        if (str_equal(kind, S("user"))) o->user_id = row_i64(rows, 1);
        if (str_equal(kind, S("account"))) o->account_id = row_i64(rows, 1);
        if (str_equal(kind, S("contract_state"))) o->active = true;
    }
    if (e != OK || o->holder_id != 0) return e;
    return db_get_i64_or(o->db,
                         "SELECT value_i64 FROM agreement_fact WHERE unit_id = $1 "
                         "AND agreement_id = $2 AND kind = 'holder' AND state = 'set' "
                         "ORDER BY valid_from DESC, entry_no DESC LIMIT 1",
                         ARGS(v_i64(o->unit_id), v_i64(o->agreement_id)), 0, &o->holder_id, err);
}

static err_t read_holder(const struct opening *o, struct search_hit *hit, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    bool row = false;
    err_t e = db_query(o->db,
                       "SELECT name, phone, address FROM party WHERE unit_id = $1 "
                       "AND party_id = $2",
                       ARGS(v_i64(o->unit_id), v_i64(o->holder_id)), &rows, err);
    if (e == OK) e = rows_next(rows, &row, err);
    if (e != OK || !row) return e;
    hit->holder = arena_str(o->arena, row_text(rows, 0));
    hit->phone = arena_str(o->arena, row_text_or_empty(rows, 1));
    hit->address = arena_str(o->arena, row_text(rows, 2));
    return OK;
}

static err_t read_text(const struct opening *o, const char *sql, struct args args,
                       struct str *in_out, struct err *err)
{
    struct str text;
    err_t e = db_get_text(o->db, o->arena, sql, args, &text, err);
    if (e == OK && text.n > 0) *in_out = text;
    return e == E_NOT_FOUND ? OK : e;
}

/* The address of supply goes before that of the holder. */
static err_t read_address(const struct opening *o, struct search_hit *hit, struct err *err)
{
    int64_t point_id = o->supplied == o->agreement_id ? o->point_id : 0;
    err_t e = OK;
    if (point_id == 0)
        e = db_get_i64_or(o->db,
                          "SELECT point_id FROM point_fact WHERE unit_id = $1 "
                          "AND kind IN ('book', 'station', 'agreement') AND kind = 'agreement' "
                          "AND value_i64 = $2 AND state = 'set' ORDER BY point_id LIMIT 1",
                          ARGS(v_i64(o->unit_id), v_i64(o->agreement_id)), 0, &point_id, err);
    if (e != OK || point_id == 0) return e;
    return read_text(o,
                     "SELECT value_text FROM point_asof WHERE unit_id = $1 AND point_id = $2 "
                     "AND kind = 'address' AND valid_from <= $3 AND valid_to > $3 "
                     "AND known_to = 9223372036854775807 AND state = 'set'",
                     ARGS(v_i64(o->unit_id), v_i64(point_id), o->day_text), &hit->address, err);
}

/* Whether what led here still holds. */
static err_t is_former(const struct opening *o, bool *out, struct err *err)
{
    int64_t payer = 0;
    *out = false;
    switch (o->kind) {
    case SEARCH_agreement: return OK;
    case SEARCH_point:
    case SEARCH_place:
    case SEARCH_meter: *out = o->supplied != o->agreement_id; return OK;
    case SEARCH_account: *out = o->account_id != o->subject_id; return OK;
    default: break;
    }
    if (o->holder_id == o->subject_id || o->user_id == o->subject_id) return OK;
    err_t e =
        db_get_i64_or(o->db,
                      "SELECT value_i64 FROM account_asof WHERE unit_id = $1 "
                      "AND account_id = $2 AND kind = 'payer' AND valid_from <= $3 "
                      "AND valid_to > $3 AND known_to = 9223372036854775807 "
                      "AND state = 'set'",
                      ARGS(v_i64(o->unit_id), v_i64(o->account_id), o->day_text), 0, &payer, err);
    *out = payer != o->subject_id;
    return e;
}

static err_t read_hit(struct opening *o, struct search_hit *hit, bool *out_here, struct err *err)
{
    *hit = (struct search_hit){.found_by = o->kind,
                               .unit_id = o->unit_id,
                               .agreement_id = o->agreement_id,
                               .address = S("")};
    err_t e = read_codes(o, hit, out_here, err);
    if (e != OK || !*out_here) return e;
    e = read_facts(o, err);
    hit->account_id = o->account_id;
    hit->holder_id = o->holder_id;
    hit->user_id = o->user_id;
    if (e == OK) e = read_holder(o, hit, err);
    if (e == OK) e = read_address(o, hit, err);
    if (e == OK)
        e = read_text(o, "SELECT code FROM account WHERE unit_id = $1 AND account_id = $2",
                      ARGS(v_i64(o->unit_id), v_i64(o->account_id)), &hit->account_code, err);
    hit->ended = !o->active;
    return e == OK ? is_former(o, &hit->former, err) : e;
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
