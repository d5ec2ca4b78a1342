/* SPDX-License-Identifier: Apache-2.0 */
/* Main and sub points: the use of one is corrected by the metered energy of others.
 *
 * What is taken off is what the other point's own meters show, before its own relations: a chain of
 * sub meters is then right whatever the order of closing. */
#include "base/date.h"
#include "base/decimal.h"
#include "base/json_read.h"
#include "base/json_write.h"
#include "metering/closing_int.h"
#include "registry/registry_view.h"
#include "store/store.h"

/* The metered energy of another point in the period. */
struct other_energy {
    bool found;
    int64_t register_wh[REGISTER_COUNT];
    unsigned registers;
    int32_t from_day, to_day;
};

/* The same for the whole period and up to each day on which the main point's use is split. */
struct other_use {
    struct other_energy whole;
    struct other_energy until[USAGE_SPLITS_MAX];
    bool unknown[USAGE_SPLITS_MAX]; /* the other point was not read on that day */
};

static void add_other(struct other_energy *other, enum register_code reg, int64_t wh)
{
    other->register_wh[reg] += wh;
    other->registers |= 1U << reg;
}

static void span_days(struct other_energy *other, int32_t from_day, int32_t to_day)
{
    if (!other->found || from_day < other->from_day) other->from_day = from_day;
    if (!other->found || to_day > other->to_day) other->to_day = to_day;
    other->found = true;
}

static void add_others(struct other_energy *other, const struct other_energy *more)
{
    for (int reg = 0; reg < REGISTER_COUNT; reg++)
        other->register_wh[reg] += more->register_wh[reg];
    other->registers |= more->registers;
}

/* Registers and their kWh as a detail names them; false when there are none. */
static bool from_metered(const struct json *metered, struct other_energy *other)
{
    if (metered == NULL) return false;
    for (const struct json *item = metered->child; item != NULL; item = item->next) {
        enum register_code reg;
        int64_t wh;
        bool read = register_parse(item->key, &reg) && decimal_parse(item->text, 3, &wh);
        if (read) add_other(other, reg, wh);
    }
    return true;
}

/* The registers of a stored row that has relations of its own stand in its detail. */
static bool from_detail(struct arena *arena, struct str detail, struct other_energy *other)
{
    struct json *json;
    struct err ignored;
    if (json_parse(arena, arena_str(arena, detail), &json, &ignored) != OK) return false;
    return from_metered(json_member(json, S("metered")), other);
}

static void from_columns(const struct rows *rows, struct other_energy *other)
{
    if (row_is_null(rows, 3)) {
        add_other(other, REGISTER_KT, row_i64(rows, 2));
    } else {
        add_other(other, REGISTER_BT, row_i64(rows, 3));
        add_other(other, REGISTER_CD, row_i64(rows, 4));
        add_other(other, REGISTER_TD, row_i64(rows, 5));
    }
    if (!row_is_null(rows, 6)) add_other(other, REGISTER_VC, row_i64(rows, 6));
}

/* The energy up to a day, from the detail of a stored row that was read that day. */
static bool stored_until(struct arena *arena, struct str detail, int32_t day,
                         struct other_energy *other)
{
    struct json *json;
    struct err ignored;
    char text[DATE_TEXT_BYTES];
    struct str date = day_text(day, text);
    if (json_parse(arena, arena_str(arena, detail), &json, &ignored) != OK) return false;
    const struct json *list = json_member(json, S("change_readings"));
    const struct json *item = list == NULL ? NULL : list->child;
    for (; item != NULL; item = item->next) {
        const struct json *on = json_member(item, S("date"));
        if (on == NULL || !str_equal(on->text, date)) continue;
        return from_metered(json_member(item, S("metered")), other);
    }
    return false;
}

/* One row of the other point, counted into the whole period and up to each split. */
static void take_row(struct arena *arena, const struct rows *rows, const struct segment *main,
                     struct other_use *out)
{
    int32_t from_day = stored_day(row_text(rows, 0)), to_day = stored_day(row_text(rows, 1));
    struct other_energy row = {0};
    if (!from_detail(arena, row_text(rows, 7), &row)) from_columns(rows, &row);
    span_days(&out->whole, from_day, to_day);
    add_others(&out->whole, &row);
    for (size_t i = 0; i < main->split_count; i++) {
        int32_t day = main->splits[i].day;
        if (day <= from_day) continue;
        if (day >= to_day) add_others(&out->until[i], &row);
        else if (!stored_until(arena, row_text(rows, 7), day, &out->until[i]))
            out->unknown[i] = true;
    }
}

/* What another point used in the same days, from live rows of any book. */
static err_t stored_energy(struct closing *closing, int64_t point_id, const struct segment *main,
                           struct other_use *out, struct err *err)
{
    char from[DATE_TEXT_BYTES], to[DATE_TEXT_BYTES];
    enum { DAYS_APART = 10 };
    struct value month = v_i64(month_to_number(closing->period.month));
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(closing->db,
                       "SELECT u.from_on, u.to_on, u.total_wh, u.normal_wh, u.peak_wh, "
                       "u.offpeak_wh, u.reactive_varh, u.detail FROM point_fact f "
                       "JOIN book_period b ON b.unit_id = f.unit_id AND b.book_id = f.value_i64 "
                       "JOIN usage u ON u.unit_id = b.unit_id AND u.book_id = b.book_id AND "
                       "u.month = b.month AND u.period_no = b.period_no AND "
                       "u.point_id = f.point_id WHERE f.unit_id = $1 AND f.point_id = $2 AND "
                       "f.kind = 'book' AND f.state = 'set' AND b.month = $3 AND "
                       "u.kind <> 'supplement' AND ((u.closing_no = b.closing_no AND "
                       "b.state <> 'open') OR b.period_no = 0 OR (b.book_id = $4 AND "
                       "b.period_no = $5 AND u.closing_no = $6)) AND "
                       "u.to_on > $7 AND u.to_on <= $8 ORDER BY u.to_on",
                       ARGS(v_i64(closing->book->unit_id), v_i64(point_id), month,
                            v_i64(closing->book->book_id), v_i64(closing->row_period_no),
                            v_i64(closing->closing_no),
                            v_text(day_text(main->usage.from_day, from)),
                            v_text(day_text(main->usage.to_day + DAYS_APART, to))), &rows, err);
    for (bool more = false; e == OK;) {
        e = rows_next(rows, &more, err);
        if (e != OK || !more) break;
        take_row(&closing->chunk_arena, rows, main, out);
    }
    return e;
}

/* The split of a segment on a day, or NULL. */
static const struct usage_split *split_on(const struct segment *segment, int32_t day)
{
    for (size_t i = 0; i < segment->split_count; i++)
        if (segment->splits[i].day == day) return &segment->splits[i];
    return NULL;
}

static void take_registers(const int64_t *register_wh, unsigned registers,
                           struct other_energy *other)
{
    for (int reg = 0; reg < REGISTER_COUNT; reg++)
        if (registers & 1U << reg) add_other(other, (enum register_code)reg, register_wh[reg]);
}

static void take_segment(const struct segment *segment, const struct segment *main,
                         struct other_use *out)
{
    const struct usage_result *usage = &segment->usage;
    span_days(&out->whole, usage->from_day, usage->to_day);
    take_registers(usage->metered_register_wh, usage->registers, &out->whole);
    for (size_t i = 0; i < main->split_count; i++) {
        int32_t day = main->splits[i].day;
        const struct usage_split *split = split_on(segment, day);
        if (day <= usage->from_day) continue;
        if (day >= usage->to_day)
            take_registers(usage->metered_register_wh, usage->registers, &out->until[i]);
        else if (split != NULL)
            take_registers(split->metered_register_wh, usage->registers, &out->until[i]);
        else out->unknown[i] = true;
    }
}

/* A point that waits itself is not stored yet. */
static bool waiting_energy(struct closing *closing, int64_t point_id, const struct segment *main,
                           struct other_use *out)
{
    const struct waiting_point *waiting = closing->waiting.items;
    for (size_t i = 0; i < closing->waiting.count; i++) {
        const struct closing_point *point = &waiting[i].point;
        if (point->point_id != point_id) continue;
        for (size_t k = 0; k < point->segment_count; k++) {
            if (!point->segments[k].usage.has_usage) return false;
            take_segment(&point->segments[k], main, out);
        }
        return out->whole.found;
    }
    return false;
}

static void blocked(struct segment *segment, enum exception_code code)
{
    struct usage_result *usage = &segment->usage;
    if (exception_text(code)->blocks) usage->has_usage = false;
    if (usage->finding_count < USAGE_FINDINGS_MAX)
        usage->findings[usage->finding_count++] = (struct usage_finding){.code = code};
}

static void tell_relation(struct json_writer *w, const struct point_relation *relation,
                          const struct other_energy *other)
{
    json_object(w, JSON_ITEM);
    json_text(w, S("kind"), relation->kind == RELATION_SUB ? S("sub") : S("sum"));
    json_i64(w, S("point"), relation->other_point_id);
    for (int reg = 0; reg < REGISTER_COUNT; reg++) {
        if (other->registers & 1U << reg)
            json_decimal(w, register_text((enum register_code)reg), other->register_wh[reg], 3);
    }
    json_end(w);
}

/* Splits follow their point; one that the other point does not share is dropped. */
static void relate_splits(struct segment *segment, int sign, const struct other_use *use)
{
    for (size_t i = 0; i < segment->split_count; i++) {
        struct usage_split *split = &segment->splits[i];
        split->dropped = split->dropped || use->unknown[i];
        usage_split_relate(&segment->usage, split, sign, use->until[i].register_wh,
                           use->until[i].registers);
    }
}

/* When all others are counted, a split must still lie inside the use; a dropped one is told. */
static void drop_unfit(struct segment *segment)
{
    const struct usage_split *before = NULL;
    for (size_t i = 0; i < segment->split_count; i++) {
        struct usage_split *split = &segment->splits[i];
        if (!split->dropped) split->dropped = !usage_split_fits(&segment->usage, split, before);
        if (split->dropped) blocked(segment, EXCEPTION_CHANGE_READING);
        else before = split;
    }
}

static err_t apply_relation(struct closing *closing, const struct point_relation *relation,
                            struct segment *segment, struct json_writer *w, struct err *err)
{
    struct other_use use = {0};
    const struct other_energy *other = &use.whole;
    err_t e = OK;
    if (!waiting_energy(closing, relation->other_point_id, segment, &use))
        e = stored_energy(closing, relation->other_point_id, segment, &use, err);
    if (e != OK) return e;
    if (!other->found) {
        blocked(segment, EXCEPTION_SUB_MISSING);
        return OK;
    }
    if (other->from_day != segment->usage.from_day || other->to_day != segment->usage.to_day)
        blocked(segment, EXCEPTION_RELATION_DATES);
    int sign = relation->kind == RELATION_SUB ? -1 : 1;
    usage_relate(&segment->usage, sign, other->register_wh, other->registers);
    relate_splits(segment, sign, &use);
    tell_relation(w, relation, other);
    return OK;
}

static err_t relate_segment(struct closing *closing, const struct closing_point *point,
                            struct segment *segment, struct err *err)
{
    const struct point_relation *relations;
    size_t count;
    err_t e = relations_on(closing->db, &closing->chunk_arena, closing->book->unit_id,
                           point->point_id, point->point_id, segment->usage.to_day - 1,
                           KNOWN_NOW, &relations, &count, err);
    if (e != OK) return e;
    buf_reset(&closing->detail);
    struct json_writer w;
    json_writer_init(&w, &closing->detail);
    json_array(&w, JSON_ITEM);
    for (size_t i = 0; e == OK && i < count; i++) {
        if (relations[i].kind == RELATION_EXPORT) continue;
        e = apply_relation(closing, &relations[i], segment, &w, err);
    }
    json_end(&w);
    if (e != OK) return e;
    drop_unfit(segment);
    segment->relations = arena_str(&closing->chunk_arena, buf_str(&closing->detail));
    return segment->relations.p == NULL ? err_memory(err) : OK;
}

err_t closing_relate(struct closing *closing, struct err *err)
{
    struct waiting_point *waiting = closing->waiting.items;
    err_t e = OK;
    for (size_t i = 0; e == OK && i < closing->waiting.count; i++) {
        struct closing_point *point = &waiting[i].point;
        arena_reset(&closing->chunk_arena);
        for (size_t k = 0; e == OK && k < point->segment_count; k++) {
            struct segment *segment = &point->segments[k];
            if (!segment->usage.has_usage) continue;
            e = relate_segment(closing, point, segment, err);
            if (e == OK && segment->usage.has_usage)
                closing_judge(&closing->parameters, point, segment);
        }
        if (e == OK) e = closing_write(closing, point, err);
    }
    return e;
}
