/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/supply_view.h"

#include "base/date.h"
#include "store/store.h"

static const char holder_sql[] =
    "SELECT valid_from FROM agreement_asof WHERE unit_id = $1 AND agreement_id = $2 AND "
    "kind = 'holder' AND state = 'set' AND known_to = 9223372036854775807 AND valid_from <= $3 "
    "ORDER BY valid_from DESC LIMIT 1";

static const char points_sql[] =
    "SELECT f.point_id, p.code, f.valid_from, f.valid_to FROM point_asof f JOIN usage_point p ON "
    "p.unit_id = f.unit_id AND p.point_id = f.point_id WHERE f.unit_id = $1 AND "
    "f.kind IN ('book', 'station', 'agreement') AND f.kind = 'agreement' AND "
    "f.value_i64 = $2 AND f.state = 'set' AND "
    "f.known_to = 9223372036854775807 AND f.valid_from <= $3 AND f.valid_to > $4 "
    "ORDER BY f.point_id, f.valid_from LIMIT 200";

static err_t holder_since(struct db *db, struct args args, int32_t *out_day, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    bool found = false;
    err_t e = db_query(db, holder_sql, args, &rows, err);
    if (e == OK) e = rows_next(rows, &found, err);
    if (e == OK && found) {
        bool read = day_parse(row_text(rows, 0), out_day);
        ASSERT(read);
    }
    return e;
}

/* ---- points ------------------------------------------------------------------------------ */

static bool take(struct arena *arena, const struct rows *rows, int32_t since_day,
                 struct supplied_point *out)
{
    int32_t to_day;
    *out = (struct supplied_point){.point_id = row_i64(rows, 0),
                                   .code = arena_str(arena, row_text(rows, 1)),
                                   .to_day = SUPPLIED_FOR_EVER};
    bool read = day_parse(row_text(rows, 2), &out->from_day);
    ASSERT(read);
    if (day_parse(row_text(rows, 3), &to_day)) out->to_day = to_day;
    if (out->from_day < since_day) out->from_day = since_day;
    return out->code.p != NULL;
}

err_t supplied_points(struct db *db, struct arena *arena, int64_t unit_id, int64_t agreement_id,
                      int32_t day, struct supplied_point **out, size_t *out_count, struct err *err)
{
    char today[DATE_TEXT_BYTES], since[DATE_TEXT_BYTES];
    int32_t since_day = day_from_civil(1900, 1, 1);
    struct value unit = v_i64(unit_id), agreement = v_i64(agreement_id),
                 on = v_text(day_text(day, today));
    struct supplied_point *points = ARENA_ARRAY(arena, struct supplied_point, SUPPLIED_POINTS_MAX);
    size_t count = 0;
    if (points == NULL) return err_memory(err);
    err_t e = holder_since(db, ARGS(unit, agreement, on), &since_day, err);
    if (e != OK) return e;
    AUTO(rows_done_at) struct rows *rows = NULL;
    e = db_query(db, points_sql, ARGS(unit, agreement, on, v_text(day_text(since_day, since))),
                 &rows, err);
    for (bool more = true; e == OK && count < SUPPLIED_POINTS_MAX;) {
        e = rows_next(rows, &more, err);
        if (e != OK || !more) break;
        if (!take(arena, rows, since_day, &points[count++])) return err_memory(err);
    }
    if (e != OK) return e;
    *out = points;
    *out_count = count;
    return OK;
}

err_t supply_place(struct db *db, struct arena *arena, int64_t unit_id, int64_t agreement_id,
                   int32_t day, struct str *out, struct err *err)
{
    struct supplied_point *points;
    size_t count = 0;
    char on[DATE_TEXT_BYTES];
    AUTO(rows_done_at) struct rows *rows = NULL;
    bool found = false;
    err_t e = supplied_points(db, arena, unit_id, agreement_id, day, &points, &count, err);
    *out = S("");
    if (e != OK || count == 0) return e;
    e = db_query(db,
                 "SELECT value_text FROM point_asof WHERE unit_id = $1 AND point_id = $2 AND "
                 "kind = 'address' AND state = 'set' AND known_to = 9223372036854775807 AND "
                 "valid_from <= $3 AND valid_to > $3",
                 ARGS(v_i64(unit_id), v_i64(points[0].point_id), v_text(day_text(day, on))), &rows,
                 err);
    if (e == OK) e = rows_next(rows, &found, err);
    if (e != OK || !found) return e;
    *out = arena_str(arena, row_text_or_empty(rows, 0));
    return arena->failed ? err_memory(err) : OK;
}

/* ---- who --------------------------------------------------------------------------------- */

static const char who_sql[] =
    "SELECT f.value_i64, p.name, p.tax_code, p.identity_no, p.phone, p.email, p.address FROM "
    "agreement_asof f JOIN party p ON p.unit_id = f.unit_id AND p.party_id = f.value_i64 WHERE "
    "f.unit_id = $1 AND f.agreement_id = $2 AND f.kind = 'holder' AND f.state = 'set' AND "
    "f.known_to = 9223372036854775807 AND f.valid_from <= $3 AND f.valid_to > $3";

static const char account_sql[] =
    "SELECT f.value_i64, a.code FROM agreement_asof f JOIN account a ON a.unit_id = f.unit_id AND "
    "a.account_id = f.value_i64 WHERE f.unit_id = $1 AND f.agreement_id = $2 AND "
    "f.kind = 'account' AND f.state = 'set' AND f.known_to = 9223372036854775807 AND "
    "f.valid_from <= $3 AND f.valid_to > $3";

static err_t read_who(struct db *db, struct arena *arena, struct args args,
                      struct supply_holder *out, struct err *err)
{
    struct str *texts[] = {&out->name,  &out->tax_code, &out->identity_no,
                           &out->phone, &out->email,    &out->address};
    AUTO(rows_done_at) struct rows *rows = NULL;
    bool found = false;
    err_t e = db_query(db, who_sql, args, &rows, err);
    if (e == OK) e = rows_next(rows, &found, err);
    if (e != OK || !found) return e;
    out->party_id = row_i64(rows, 0);
    for (size_t i = 0; i < ARRAY_COUNT(texts); i++)
        *texts[i] = arena_str(arena, row_text_or_empty(rows, (int)i + 1));
    return OK;
}

err_t supply_holder_on(struct db *db, struct arena *arena, int64_t unit_id, int64_t agreement_id,
                       int32_t day, struct supply_holder *out, struct err *err)
{
    char today[DATE_TEXT_BYTES];
    struct supply_holder holder = {.since_day = day_from_civil(1900, 1, 1)};
    const struct args args =
        ARGS(v_i64(unit_id), v_i64(agreement_id), v_text(day_text(day, today)));
    AUTO(rows_done_at) struct rows *rows = NULL;
    bool found = false;
    err_t e = holder_since(db, args, &holder.since_day, err);
    if (e == OK) e = read_who(db, arena, args, &holder, err);
    if (e == OK) e = db_query(db, account_sql, args, &rows, err);
    if (e == OK) e = rows_next(rows, &found, err);
    if (e != OK) return e;
    if (found) {
        holder.account_id = row_i64(rows, 0);
        holder.account_code = arena_str(arena, row_text(rows, 1));
    }
    if (arena->failed) return err_memory(err);
    *out = holder;
    return OK;
}

err_t account_in_unit(struct db *db, int64_t unit_id, struct str code, int64_t *out_account_id,
                      bool *out_found, struct err *err)
{
    int64_t account_id = 0;
    err_t e = db_get_i64_or(db, "SELECT account_id FROM account WHERE unit_id = $1 AND code = $2",
                            ARGS(v_i64(unit_id), v_text(code)), 0, &account_id, err);
    if (e != OK) return e;
    *out_found = account_id != 0;
    *out_account_id = account_id;
    return OK;
}
