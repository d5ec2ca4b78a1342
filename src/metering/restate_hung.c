/* SPDX-License-Identifier: Apache-2.0 */
/* Closed use under installations that were corrected since: multipliers, and the days on which
 * meters hung. */
#include "base/date.h"
#include "base/decimal.h"
#include "metering/metering_int.h"
#include "metering/restate_int.h"
#include "store/store.h"

/* ---- what the closing noted -------------------------------------------------------------- */

struct str noted_text(const struct json *map, struct str name)
{
    const struct json *found = json_member(map, name);
    return found != NULL && found->type == JSON_TEXT ? found->text : S("");
}

bool noted_pair_read(const struct json *item, struct noted_pair *out)
{
    const struct json *digits = json_member(item, S("rollover_digits"));
    *out = (struct noted_pair){0};
    return json_to_i64(json_member(item, S("installation")), &out->installation_id) &&
           json_to_i64(json_member(item, S("multiplier")), &out->multiplier) &&
           (digits == NULL || json_to_i64(digits, &out->rollover_digits)) &&
           out->rollover_digits >= 0 && out->rollover_digits < 13 &&
           register_parse(noted_text(item, S("register")), &out->reg) &&
           day_parse(noted_text(item, S("from_on")), &out->from_day) &&
           day_parse(noted_text(item, S("to_on")), &out->to_day) &&
           decimal_parse(noted_text(item, S("from")), PLACES, &out->from_wh) &&
           decimal_parse(noted_text(item, S("to")), PLACES, &out->to_wh) &&
           decimal_parse(noted_text(item, S("kwh")), PLACES, &out->wh);
}

err_t restate_bad_detail(const struct closed_use *use, struct err *err)
{
    err_set(err, E_CHECK, "usage.detail", "Chi tiết sản lượng đã lưu không đọc được",
            "The detail of a stored use cannot be read");
    err_detail(err, "Điểm đo %lld", "Point %lld", (long long)use->point_id);
    return err_hint_stored(err);
}

/* ---- installations ----------------------------------------------------------------------- */

static const char corrected_sql[] =
    "SELECT b.point_id, b.installation_id, b.hung_at, b.removed_at, i.multiplier, i.hung_at, "
    "i.removed_at FROM installation_before b LEFT JOIN installation i ON i.unit_id = b.unit_id AND "
    "i.installation_id = b.installation_id WHERE b.unit_id = $1 AND b.point_id >= $2 AND "
    "b.point_id <= $3 AND b.role <> 'export' ORDER BY b.point_id, b.installation_id, b.entry_no";

static int32_t day_or_open(const struct rows *rows, int column)
{
    return row_is_null(rows, column) ? INT32_MAX : vietnam_day(row_i64(rows, column));
}

err_t corrected_installations_load(struct db *db, struct arena *arena, int64_t unit_id,
                                   int64_t first_point, int64_t last_point,
                                   struct corrected_readings *out, struct err *err)
{
    struct list list = LIST_OF(arena, struct corrected_installation);
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(db, corrected_sql,
                       ARGS(v_i64(unit_id), v_i64(first_point), v_i64(last_point)), &rows, err);
    for (bool more = false; e == OK;) {
        e = rows_next(rows, &more, err);
        if (e != OK || !more) break;
        struct corrected_installation *hung = list_add(&list);
        if (hung == NULL) return err_memory(err);
        *hung = (struct corrected_installation){
            .point_id = row_i64(rows, 0), .installation_id = row_i64(rows, 1),
            .old_hung_day = vietnam_day(row_i64(rows, 2)), .old_removed_day = day_or_open(rows, 3),
            .multiplier = row_i64_or(rows, 4, 0)};
        if (hung->multiplier == 0) continue;
        hung->hung_day = vietnam_day(row_i64(rows, 5));
        hung->removed_day = day_or_open(rows, 6);
    }
    out->installations = list.items;
    out->installation_count = list.count;
    return e;
}

int64_t restate_multiplier(struct restating *r, const struct noted_pair *pair)
{
    for (size_t i = 0; i < r->hung_count; i++) {
        const struct corrected_installation *hung = &r->hung[i];
        if (hung->installation_id != pair->installation_id) continue;
        if (hung->multiplier != pair->multiplier) r->changed = r->multiplied = true;
        return hung->multiplier;
    }
    return pair->multiplier;
}

/* ---- days -------------------------------------------------------------------------------- */

struct days {
    int32_t from, to; /* equal: none */
};

static struct days cut(const struct closed_use *use, int32_t from, int32_t to)
{
    struct days days = {from < use->from_day ? use->from_day : from,
                        to > use->to_day ? use->to_day : to};
    return days.from < days.to ? days : (struct days){0, 0};
}

static bool same_days(struct days a, struct days b)
{
    return a.from == b.from && a.to == b.to;
}

/* From the first to the last reading that the closing took of an installation. */
static struct days noted_days(const struct json *detail, int64_t installation_id)
{
    struct days days = {INT32_MAX, INT32_MIN};
    const struct json *pairs = json_member(detail, S("pairs"));
    for (const struct json *item = pairs == NULL ? NULL : pairs->child; item != NULL;
         item = item->next) {
        struct noted_pair pair;
        if (!noted_pair_read(item, &pair) || pair.installation_id != installation_id) continue;
        if (pair.from_day < days.from) days.from = pair.from_day;
        if (pair.to_day > days.to) days.to = pair.to_day;
    }
    return days.from < days.to ? days : (struct days){0, 0};
}

void restate_days(struct restating *r, const struct json *detail)
{
    for (size_t i = 0; i < r->hung_count; i++) {
        const struct corrected_installation *hung = &r->hung[i];
        struct days old = cut(r->use, hung->old_hung_day, hung->old_removed_day);
        struct days now = cut(r->use, hung->hung_day, hung->removed_day);
        if (same_days(old, now) || same_days(noted_days(detail, hung->installation_id), now))
            continue;
        r->changed = r->unclear = true;
    }
}

/* What was believed at a moment beside what is believed now. */
static const char since_sql[] =
    "SELECT b.hung_at, b.removed_at, b.multiplier, i.hung_at, i.removed_at, i.multiplier "
    "FROM installation_before b LEFT JOIN installation i ON i.unit_id = b.unit_id AND "
    "i.installation_id = b.installation_id WHERE b.unit_id = $1 AND b.point_id = $2 AND "
    "b.known_from <= $3 AND b.known_to > $3 ORDER BY b.installation_id";

err_t installations_differ_since(struct db *db, int64_t unit_id, int64_t point_id,
                                 int32_t from_day, int32_t to_day, int64_t known_at_ms, bool *out,
                                 struct err *err)
{
    const struct closed_use use = {.from_day = from_day, .to_day = to_day};
    AUTO(rows_done_at) struct rows *rows = NULL;
    *out = false;
    err_t e = db_query(db, since_sql,
                       ARGS(v_i64(unit_id), v_i64(point_id), v_i64(known_at_ms)), &rows, err);
    for (bool more = false; e == OK && !*out;) {
        e = rows_next(rows, &more, err);
        if (e != OK || !more) break;
        struct days now = {0, 0};
        struct days then = cut(&use, vietnam_day(row_i64(rows, 0)), day_or_open(rows, 1));
        if (!row_is_null(rows, 3))
            now = cut(&use, vietnam_day(row_i64(rows, 3)), day_or_open(rows, 4));
        bool multiplied = row_i64(rows, 2) != row_i64_or(rows, 5, 0) && now.from < now.to;
        *out = multiplied || !same_days(then, now);
    }
    return e;
}

/* ---- related points ---------------------------------------------------------------------- */

/* The live uses of a point that meet the days. */
static const char uses_sql[] =
    "SELECT u.from_on, u.to_on, u.detail FROM book_period b "
    "JOIN usage u ON u.unit_id = b.unit_id AND u.book_id = b.book_id AND u.month = b.month AND "
    "u.period_no = b.period_no WHERE b.unit_id = $1 AND b.book_id IN (SELECT value_i64 FROM "
    "point_fact WHERE unit_id = $2 AND point_id = $3 AND kind = 'book' AND state = 'set') AND "
    "b.month >= $4 AND u.point_id = $5 AND u.kind <> 'supplement' AND u.from_on < $6 AND "
    "u.to_on > $7 AND (b.period_no = 0 OR (b.state <> 'open' AND u.closing_no = b.closing_no)) "
    "ORDER BY b.month, b.period_no, u.closing_no";

/* Nothing but meters went into it, so that its registers are the sum of its pairs. */
static bool is_plain(const struct json *detail)
{
    static const char *const others[] = {"agreed", "unmetered", "loss", "settled_estimates"};
    for (size_t i = 0; i < ARRAY_COUNT(others); i++)
        if (json_member(detail, str_of(others[i])) != NULL) return false;
    return true;
}

/* Whether the closing of the one took other energy than the use of the other now has. */
static bool took_other_energy(const struct json *item, const struct restating *other)
{
    for (int reg = 0; reg < REGISTER_COUNT; reg++) {
        int64_t wh = 0;
        struct str noted = noted_text(item, register_text((enum register_code)reg));
        if (noted.n > 0 && decimal_parse(noted, PLACES, &wh) && wh != other->closed_wh[reg])
            return true;
    }
    return false;
}

static err_t judge_related(struct restating *r, struct arena *arena, const struct json *item,
                           const struct corrected_readings *others, const struct rows *rows,
                           struct err *err)
{
    struct json *detail;
    struct closed_use use = {.unit_id = r->use->unit_id,
                             .point_id = others->installations[0].point_id,
                             .from_day = stored_day(row_text(rows, 0)),
                             .to_day = stored_day(row_text(rows, 1)),
                             .detail = arena_str(arena, row_text(rows, 2))};
    struct restating other = {.use = &use, .hung = others->installations,
                              .hung_count = others->installation_count};
    if (arena->failed) return err_memory(err);
    if (json_parse(arena, use.detail, &detail, err) != OK) return restate_bad_detail(&use, err);
    err_t e = restate_pairs(&other, detail, err);
    bool same = use.from_day == r->use->from_day && use.to_day == r->use->to_day;
    bool moved = other.changed || (same && is_plain(detail) && took_other_energy(item, &other));
    if (e == OK && moved) r->changed = r->unclear = true;
    return e;
}

err_t restate_related(struct restating *r, struct db *db, struct arena *arena,
                      const struct json *item, const struct corrected_readings *others,
                      struct err *err)
{
    char from[DATE_TEXT_BYTES], to[DATE_TEXT_BYTES];
    struct value unit = v_i64(r->use->unit_id);
    struct value point = v_i64(others->installations[0].point_id);
    struct value first = v_i64(month_to_number(month_of_day(r->use->from_day) - 1));
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(db, uses_sql,
                       ARGS(unit, unit, point, first, point,
                            v_text(day_text(r->use->to_day, to)),
                            v_text(day_text(r->use->from_day, from))),
                       &rows, err);
    for (bool more = false; e == OK;) {
        e = rows_next(rows, &more, err);
        if (e != OK || !more) break;
        e = judge_related(r, arena, item, others, rows, err);
    }
    return e;
}
