/* SPDX-License-Identifier: Apache-2.0 */
#include "metering/use_view.h"

#include "base/date.h"
#include "base/decimal.h"
#include "base/json_read.h"
#include "metering/history.h"
#include "metering/metering_int.h"
#include "registry/registry_view.h"
#include "store/store.h"

enum { MILLI_PLACES = 3 };

/* ---- one use ------------------------------------------------------------------------------- */

static struct str text_of(const struct json *node, struct str key)
{
    const struct json *member = json_member(node, key);
    return member == NULL ? S("") : member->text;
}

static bool read_pair(const struct json *json, int32_t from_day, int32_t to_day,
                      struct use_pair *out)
{
    *out = (struct use_pair){.serial = S(""),
                             .from_day = from_day,
                             .to_day = to_day,
                             .rollover = json_member(json, S("rollover_digits")) != NULL,
                             .source = SOURCE_CALCULATED};
    struct str from = text_of(json, S("from_on")), to = text_of(json, S("to_on"));
    struct str source = text_of(json, S("source"));
    bool read = register_parse(text_of(json, S("register")), &out->reg) &&
                json_to_i64(json_member(json, S("installation")), &out->installation_id) &&
                json_to_i64(json_member(json, S("multiplier")), &out->multiplier) &&
                decimal_parse(text_of(json, S("from")), MILLI_PLACES, &out->from_index_wh) &&
                decimal_parse(text_of(json, S("to")), MILLI_PLACES, &out->to_index_wh) &&
                decimal_parse(text_of(json, S("kwh")), MILLI_PLACES, &out->wh);
    if (from.n > 0) read = read && day_parse(from, &out->from_day);
    if (to.n > 0) read = read && day_parse(to, &out->to_day);
    if (source.n > 0) read = read && reading_source_parse(source, &out->source);
    return read;
}

static err_t refuse_detail(const struct use_key *key, struct err *err)
{
    err_set(err, E_CHECK, "usage.detail", "Chi tiết sản lượng đã lưu không đọc được",
            "The stored detail of a use cannot be read");
    err_detail(err, "Điểm đo %lld", "Point %lld", (long long)key->point_id);
    return err_hint_stored(err);
}

static err_t find_serial(struct db *db, struct arena *arena, int64_t unit_id, struct use_pair *pair,
                         struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    bool found = false;
    err_t e = db_query(db,
                       "SELECT m.serial FROM installation i JOIN meter m ON m.unit_id = i.unit_id "
                       "AND m.meter_id = i.meter_id WHERE i.unit_id = $1 AND "
                       "i.installation_id = $2",
                       ARGS(v_i64(unit_id), v_i64(pair->installation_id)), &rows, err);
    if (e == OK) e = rows_next(rows, &found, err);
    if (e == OK && found) pair->serial = arena_str(arena, row_text(rows, 0));
    return e;
}

static err_t read_pairs(struct db *db, struct arena *arena, const struct use_key *key,
                        struct str detail, struct use_seen *out, struct err *err)
{
    struct json *json;
    if (json_parse(arena, detail, &json, err) != OK) return refuse_detail(key, err);
    const struct json *pairs = json_member(json, S("pairs"));
    size_t count = pairs == NULL ? 0 : pairs->count;
    struct use_pair *list = ARENA_ARRAY(arena, struct use_pair, count);
    err_t e = list == NULL ? err_memory(err) : OK;
    out->pair = list;
    for (const struct json *pair = pairs == NULL ? NULL : pairs->child; pair != NULL && e == OK;
         pair = pair->next) {
        struct use_pair *read = &list[out->pair_count++];
        if (!read_pair(pair, out->from_day, out->to_day, read)) return refuse_detail(key, err);
        e = find_serial(db, arena, key->unit_id, read, err);
    }
    return e;
}

err_t use_of(struct db *db, struct arena *arena, const struct use_key *key, struct use_seen *out,
             struct err *err)
{
    struct str detail = {NULL, 0};
    struct use_seen use = {.pair = NULL};
    bool found = false;
    struct rows *rows = NULL;
    err_t e = db_query(db,
                       "SELECT from_on, to_on, estimated, detail FROM usage WHERE unit_id = $1 AND "
                       "book_id = $2 AND month = $3 AND period_no = $4 AND point_id = $5 AND "
                       "kind = $6 AND closing_no = $7",
                       ARGS(v_i64(key->unit_id), v_i64(key->book_id),
                            v_i64(month_to_number(key->month)), v_i64(key->period_no),
                            v_i64(key->point_id), v_text(key->kind), v_i64(key->closing_no)),
                       &rows, err);
    if (e == OK) e = rows_next(rows, &found, err);
    if (e == OK && found) {
        use.from_day = stored_day(row_text(rows, 0));
        use.to_day = stored_day(row_text(rows, 1));
        use.estimated = row_i64(rows, 2) == 1;
        detail = arena_str(arena, row_text(rows, 3));
    }
    rows_done(rows);
    if (e != OK) return e;
    if (!found) {
        err_set(err, E_NOT_FOUND, "point", "Không có sản lượng của lần chốt này",
                "There is no use of this closing");
        return err_hint(err, "Xem lại sổ và kỳ", "Check the book and its period");
    }
    e = read_pairs(db, arena, key, detail, &use, err);
    if (e == OK && arena->failed) e = err_memory(err);
    if (e == OK) *out = use;
    return e;
}

/* ---- months -------------------------------------------------------------------------------- */

/* Months and periods are named one by one, so that each row is found by its key and a book of many
 * points costs nothing. Live is what a closing that was not returned says; of period 0 the last row
 * of each kind. */
static const char months_sql[] =
    "WITH m(month) AS (VALUES ($4), ($5), ($6), ($7), ($8), ($9), ($10), ($11), ($12), ($13), "
    "($14), ($15), ($16), ($17), ($18), ($19), ($20), ($21), ($22), ($23), ($24), ($25), ($26), "
    "($27)), p(period_no) AS (VALUES (0), (1), (2), (3)) "
    "SELECT u.month, u.total_wh, u.from_on, u.to_on, u.estimated FROM m CROSS JOIN p "
    "CROSS JOIN usage u WHERE u.unit_id = $1 AND u.book_id = $2 AND u.month = m.month AND "
    "u.period_no = p.period_no AND u.point_id = $3 AND u.kind <> 'supplement' AND "
    "((u.period_no = 0 AND NOT EXISTS (SELECT 1 FROM usage n WHERE "
    "n.unit_id = u.unit_id AND n.book_id = u.book_id AND n.month = u.month AND "
    "n.period_no = u.period_no AND n.point_id = u.point_id AND n.kind = u.kind AND "
    "n.closing_no > u.closing_no)) OR EXISTS (SELECT 1 FROM book_period b WHERE "
    "b.unit_id = u.unit_id AND b.book_id = u.book_id AND b.month = u.month AND "
    "b.period_no = u.period_no AND b.period_no > 0 AND b.state <> 'open' AND "
    "b.closing_no = u.closing_no))";

enum { PARAMETERS_BEFORE = 3, PARAMETERS = PARAMETERS_BEFORE + USE_MONTHS };

static err_t add_months(struct db *db, int64_t unit_id, int64_t book_id, int64_t point_id,
                        int32_t first_month, struct use_month *out, struct err *err)
{
    struct value values[PARAMETERS] = {v_i64(unit_id), v_i64(book_id), v_i64(point_id)};
    AUTO(rows_done_at) struct rows *rows = NULL;
    for (int32_t i = 0; i < USE_MONTHS; i++)
        values[PARAMETERS_BEFORE + i] = v_i64(month_to_number(first_month + i));
    err_t e = db_query(db, months_sql, (struct args){values, PARAMETERS}, &rows, err);
    for (bool more = true; e == OK;) {
        e = rows_next(rows, &more, err);
        if (e != OK || !more) break;
        struct use_month *month = &out[month_from_number(row_i64(rows, 0)) - first_month];
        month->known = true;
        month->wh += row_i64(rows, 1);
        month->days += stored_day(row_text(rows, 3)) - stored_day(row_text(rows, 2));
        month->estimated = month->estimated || row_i64(rows, 4) == 1;
    }
    return e;
}

static err_t fill_gaps(struct db *db, int64_t unit_id, int64_t point_id, int32_t first_month,
                       struct use_month *months, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    bool found = false;
    err_t e = db_query(db, "SELECT months FROM point_history WHERE unit_id = $1 AND point_id = $2",
                       ARGS(v_i64(unit_id), v_i64(point_id)), &rows, err);
    if (e == OK) e = rows_next(rows, &found, err);
    if (e != OK || !found) return e;
    for (int32_t i = 0; i < USE_MONTHS; i++) {
        struct period_use use = history_month(row_blob(rows, 0), first_month + i);
        if (!months[i].known && use.known)
            months[i] = (struct use_month){.known = true, .wh = use.wh, .days = use.days};
    }
    return OK;
}

err_t use_months(struct db *db, struct arena *arena, int64_t unit_id, int64_t point_id,
                 int32_t last_month, struct use_month out[USE_MONTHS], struct err *err)
{
    int32_t first_month = last_month - (USE_MONTHS - 1);
    const struct point_book *books;
    size_t count = 0;
    for (size_t i = 0; i < USE_MONTHS; i++) out[i] = (struct use_month){.known = false};
    err_t e = point_books(db, arena, unit_id, point_id, point_id, 0, &books, &count, err);
    for (size_t i = 0; i < count && e == OK; i++)
        e = add_months(db, unit_id, books[i].book_id, point_id, first_month, out, err);
    return e == OK ? fill_gaps(db, unit_id, point_id, first_month, out, err) : e;
}
