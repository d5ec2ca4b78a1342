/* SPDX-License-Identifier: Apache-2.0 */
#include "base/date.h"
#include "base/decimal.h"
#include "base/integer.h"
#include "metering/metering_int.h"
#include "metering/restate_int.h"
#include "store/store.h"

#define SAME_READING(a, b)                                                                   \
    a ".unit_id = " b ".unit_id AND " a ".month = " b ".month AND " a ".point_id = " b       \
    ".point_id AND " a ".read_on = " b ".read_on AND " a ".installation_id = " b             \
    ".installation_id AND " a ".register = " b ".register AND " a ".kind = " b ".kind "

/* Each value that was replaced beside the one that stands; corrected readings are few, and the
 * index reading_corrected has them alone. */
static const char corrected_sql[] =
    "SELECT r.point_id, r.installation_id, r.register, r.read_on, o.index_wh, r.index_wh, "
    "r.kind FROM reading r JOIN reading o ON " SAME_READING("o", "r") "AND o.entry_no < r.entry_no "
    "WHERE r.unit_id = $1 AND r.point_id >= $2 AND r.point_id <= $3 AND r.entry_no > 1 AND "
    "o.index_wh IS NOT NULL AND NOT EXISTS (SELECT 1 FROM reading n WHERE " SAME_READING("n", "r")
    "AND n.entry_no > r.entry_no) ORDER BY r.point_id, r.read_on, o.entry_no";

err_t corrected_readings_load(struct db *db, struct arena *arena, int64_t unit_id,
                              int64_t first_point, int64_t last_point,
                              struct corrected_readings *out, struct err *err)
{
    struct list list = LIST_OF(arena, struct corrected_reading);
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(db, corrected_sql,
                       ARGS(v_i64(unit_id), v_i64(first_point), v_i64(last_point)), &rows, err);
    for (bool more = false; e == OK;) {
        e = rows_next(rows, &more, err);
        if (e != OK || !more) break;
        struct corrected_reading *reading = list_add(&list);
        if (reading == NULL) return err_memory(err);
        *reading = (struct corrected_reading){
            .point_id = row_i64(rows, 0), .installation_id = row_i64(rows, 1),
            .day = stored_day(row_text(rows, 3)), .old_index_wh = row_i64(rows, 4),
            .index_wh = row_i64_or(rows, 5, -1)};
        bool known = register_parse(row_text(rows, 2), &reading->reg) &&
                     reading_kind_parse(row_text(rows, 6), &reading->kind);
        ASSERT(known); /* the table's own checks allow no other words */
    }
    if (e != OK) return e;
    *out = (struct corrected_readings){.items = list.items, .count = list.count};
    return corrected_installations_load(db, arena, unit_id, first_point, last_point, out, err);
}

/* ---- one use ------------------------------------------------------------------------------- */

/* The value that stands now for one that the closing read. A period begins and ends with a reading
 * of a meter; a price-change day is read by any meter (installation_id 0), also by a check. */
static int64_t now_shown(struct restating *r, int64_t installation_id, enum register_code reg,
                         int32_t day, int64_t index_wh)
{
    for (size_t i = 0; i < r->own_count; i++) {
        const struct corrected_reading *own = &r->own[i];
        bool meter = installation_id == 0 || (own->installation_id == installation_id &&
                                              own->kind != READING_CHECK);
        bool same = meter && own->reg == reg && own->day == day && own->old_index_wh == index_wh;
        if (!same || own->index_wh == index_wh) continue;
        r->changed = true;
        return own->index_wh;
    }
    return index_wh;
}

static void restate_pair(struct restating *r, const struct noted_pair *pair)
{
    int64_t from_wh = now_shown(r, pair->installation_id, pair->reg, pair->from_day,
                                pair->from_wh);
    int64_t to_wh = now_shown(r, pair->installation_id, pair->reg, pair->to_day, pair->to_wh);
    int64_t multiplier = restate_multiplier(r, pair);
    int64_t wh = to_wh - from_wh;
    r->closed_wh[pair->reg] += pair->wh;
    if (from_wh == pair->from_wh && to_wh == pair->to_wh && multiplier == pair->multiplier) return;
    r->start_changed = r->start_changed || from_wh != pair->from_wh;
    if (wh < 0 && pair->rollover_digits > 0)
        wh += pow10_i64((unsigned)pair->rollover_digits) * 1000;
    bool plain = multiplier > 0 && from_wh >= 0 && to_wh >= 0 && wh >= 0 &&
                 mul_i64(wh, multiplier, &wh);
    if (plain) r->delta_wh[pair->reg] += wh - pair->wh;
    else r->unclear = true;
}

err_t restate_pairs(struct restating *r, const struct json *detail, struct err *err)
{
    const struct json *pairs = json_member(detail, S("pairs"));
    for (const struct json *item = pairs == NULL ? NULL : pairs->child; item != NULL;
         item = item->next) {
        struct noted_pair pair;
        if (!noted_pair_read(item, &pair)) return restate_bad_detail(r->use, err);
        restate_pair(r, &pair);
    }
    restate_days(r, detail);
    return OK;
}

/* Losses follow the meters, register by register; the closing noted their sum. */
static void restate_loss(struct restating *r, const struct json *detail)
{
    int64_t noted_wh = 0, closed_wh = 0;
    struct str loss = noted_text(detail, S("loss"));
    if (loss.n == 0) return;
    bool alone = json_member(detail, S("agreed")) == NULL &&
                 json_member(detail, S("unmetered")) == NULL && r->use->loss_ppm > 0;
    bool known = alone && decimal_parse(loss, PLACES, &noted_wh);
    for (int reg = 0; known && reg < REGISTER_COUNT; reg++) {
        int64_t before_wh, after_wh, closed = r->closed_wh[reg];
        known = mul_div_half_up(closed, r->use->loss_ppm, 1000000, &before_wh) &&
                mul_div_half_up(closed + r->delta_wh[reg], r->use->loss_ppm, 1000000, &after_wh);
        if (!known) break;
        if (reg != REGISTER_VC) closed_wh += before_wh;
        r->delta_wh[reg] += after_wh - before_wh;
    }
    if (!known || closed_wh != noted_wh) r->unclear = true;
}

/* A reading of a price-change day divides the use: it holds as long as nothing before it moves and
 * the use only grows. What was used before it follows the multiplier. */
static void check_splits(struct restating *r, const struct json *detail)
{
    const struct json *list = json_member(detail, S("change_readings"));
    bool moved = r->start_changed || r->multiplied;
    if (list == NULL) return;
    for (int reg = 0; reg < REGISTER_COUNT; reg++) moved = moved || r->delta_wh[reg] < 0;
    for (const struct json *item = list->child; item != NULL; item = item->next) {
        const struct json *index = json_member(item, S("index"));
        int32_t day;
        if (index == NULL || !day_parse(noted_text(item, S("date")), &day)) continue;
        for (const struct json *shown = index->child; shown != NULL; shown = shown->next) {
            enum register_code reg;
            int64_t wh;
            bool read = register_parse(shown->key, &reg) && decimal_parse(shown->text, PLACES, &wh);
            moved = moved || (read && now_shown(r, 0, reg, day, wh) != wh);
        }
    }
    if (moved) r->unclear = true;
}

/* What another point measured in these days went into the use too. */
static err_t check_relations(struct restating *r, struct db *db, struct arena *arena,
                             const struct json *detail, struct err *err)
{
    const struct json *list = json_member(detail, S("relations"));
    err_t e = OK;
    for (const struct json *item = list == NULL ? NULL : list->child; item != NULL && e == OK;
         item = item->next) {
        struct corrected_readings others = {0};
        int64_t id;
        if (!json_to_i64(json_member(item, S("point")), &id))
            return restate_bad_detail(r->use, err);
        e = corrected_readings_load(db, arena, r->use->unit_id, id, id, &others, err);
        for (size_t i = 0; e == OK && i < others.count; i++) {
            const struct corrected_reading *other = &others.items[i];
            if (other->day >= r->use->from_day && other->day <= r->use->to_day)
                r->changed = r->unclear = true;
        }
        if (e == OK && others.installation_count > 0)
            e = restate_related(r, db, arena, item, &others, err);
    }
    return e;
}

static void take_own(struct restating *r, const struct corrected_readings *corrected)
{
    size_t at = 0;
    while (at < corrected->count && corrected->items[at].point_id < r->use->point_id) at++;
    r->own = corrected->items + at;
    while (at < corrected->count && corrected->items[at].point_id == r->use->point_id) {
        r->own_count++;
        at++;
    }
    const struct corrected_installation *hung = corrected->installations;
    for (at = 0; at < corrected->installation_count; at++) {
        if (hung[at].point_id != r->use->point_id) continue;
        if (r->hung_count++ == 0) r->hung = &hung[at];
    }
}

static bool has_relations(struct str detail)
{
    struct str name = S("\"relations\":");
    for (size_t at = 0; at + name.n <= detail.n; at++)
        if (str_starts(str_sub(detail, at, name.n), name)) return true;
    return false;
}

err_t use_restate(struct db *db, struct arena *arena, const struct closed_use *use,
                  const struct corrected_readings *corrected, enum restatement *out,
                  int64_t out_wh[REGISTER_COUNT], struct err *err)
{
    struct restating r = {.use = use};
    struct json *detail;
    take_own(&r, corrected);
    if (r.own_count == 0 && r.hung_count == 0 && !has_relations(use->detail)) {
        *out = RESTATE_SAME;
        return OK;
    }
    err_t e = json_parse(arena, use->detail, &detail, err);
    if (e != OK) return err_of_machine(e) ? e : restate_bad_detail(use, err);
    e = restate_pairs(&r, detail, err);
    if (e == OK) check_splits(&r, detail);
    if (e == OK && r.changed) restate_loss(&r, detail);
    if (e == OK) e = check_relations(&r, db, arena, detail, err);
    if (e != OK) return e;
    *out = !r.changed ? RESTATE_SAME : r.unclear ? RESTATE_UNCLEAR : RESTATE_KNOWN;
    for (int reg = 0; reg < REGISTER_COUNT; reg++) out_wh[reg] = r.delta_wh[reg];
    return OK;
}
