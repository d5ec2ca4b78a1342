/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of a closing: usage, exceptions, spike cases, in rising key order. */
#include "base/clock.h"
#include "base/date.h"
#include "base/integer.h"
#include "base/json_write.h"
#include "metering/closing_int.h"
#include "store/event.h"
#include "store/store.h"

/* Numbers of events are reserved so many at a time; what is left of a block is never used. */
enum { EVENT_ID_BLOCK = 64 };

err_t closing_bulks_open(struct closing *closing, struct err *err)
{
    struct db *db = closing->db;
    err_t e = bulk_open(db, "usage",
                        "unit_id, book_id, month, period_no, point_id, kind, closing_no, "
                        "agreement_id, from_on, to_on, total_wh, normal_wh, peak_wh, offpeak_wh, "
                        "reactive_varh, metered_wh, estimated, prorate, spike, before_wh, "
                        "before_days, year_ago_wh, year_ago_days, carry, detail",
                        &closing->usage, err);
    if (e == OK)
        e = bulk_open(db, "metering_exception",
                      "unit_id, book_id, month, period_no, point_id, code, closing_no, blocks, "
                      "in_a_row, detail, state, settled_month, settled_period_no, "
                      "settled_closing_no", &closing->exception, err);
    if (e == OK)
        e = bulk_open(db, "spike_case",
                      "unit_id, month, book_id, period_no, point_id, usage_kind, closing_no, "
                      "new_wh, new_days, before_wh, before_days, year_ago_wh, year_ago_days, "
                      "ratio_ppm, score, holds, leader_only, state, escalate_on, last_on, "
                      "escalated, found_at", &closing->spike, err);
    if (e == OK)
        e = bulk_open(db, "spike_step",
                      "unit_id, month, book_id, period_no, point_id, usage_kind, closing_no, "
                      "step_no, step, evidence, reason, actor_id, at", &closing->spike_step, err);
    if (e == OK) e = bulk_open(db, EVENT_NEW_TABLE, EVENT_NEW_COLUMNS, &closing->event, err);
    return e;
}

static err_t close_one(struct bulk **bulk, struct err *err)
{
    struct bulk *open = *bulk;
    *bulk = NULL;
    return open == NULL ? OK : bulk_close(open, err);
}

err_t closing_bulks_close(struct closing *closing, struct err *err)
{
    err_t e = close_one(&closing->usage, err);
    if (e == OK) e = close_one(&closing->exception, err);
    if (e == OK) e = close_one(&closing->spike, err);
    if (e == OK) e = close_one(&closing->spike_step, err);
    if (e == OK) e = close_one(&closing->event, err);
    return e;
}

void closing_bulks_drop(struct closing *closing)
{
    bulk_drop(closing->usage);
    bulk_drop(closing->exception);
    bulk_drop(closing->spike);
    bulk_drop(closing->spike_step);
    bulk_drop(closing->event);
    closing->usage = closing->exception = closing->spike = closing->spike_step = NULL;
    closing->event = NULL;
}

/* ---- detail -------------------------------------------------------------------------------- */

static void detail_pair(struct json_writer *w, const struct usage_pair *pair)
{
    json_object(w, JSON_ITEM);
    json_i64(w, S("installation"), pair->installation_id);
    json_text(w, S("register"), register_text(pair->reg));
    json_i64(w, S("multiplier"), pair->multiplier);
    json_day(w, S("from_on"), pair->from_day);
    json_decimal(w, S("from"), pair->from_index_wh, 3);
    json_day(w, S("to_on"), pair->to_day);
    json_decimal(w, S("to"), pair->to_index_wh, 3);
    if (pair->rollover) json_i64(w, S("rollover_digits"), pair->digits);
    json_text(w, S("source"), reading_source_text(pair->source));
    json_decimal(w, S("kwh"), pair->wh, 3);
    json_end(w);
}

static void detail_amount(struct json_writer *w, struct str name, int64_t wh)
{
    if (wh != 0) json_decimal(w, name, wh, 3);
}

static void detail_registers(struct json_writer *w, struct str name, const int64_t *values,
                             unsigned registers)
{
    json_object(w, name);
    for (int reg = 0; reg < REGISTER_COUNT; reg++) {
        if (registers & 1U << reg)
            json_decimal(w, register_text((enum register_code)reg), values[reg], 3);
    }
    json_end(w);
}

/* Up to a price-change day: what billing hands to the calculator, in its words. */
static void detail_change_use(struct json_writer *w, const struct usage_result *usage,
                              const struct usage_split *split)
{
    json_object(w, JSON_ITEM);
    json_day(w, S("date"), split->day);
    json_object(w, S("usage"));
    if (usage_has_three(usage)) {
        json_decimal(w, S("normal"), split->register_wh[REGISTER_BT], 3);
        json_decimal(w, S("peak"), split->register_wh[REGISTER_CD], 3);
        json_decimal(w, S("offpeak"), split->register_wh[REGISTER_TD], 3);
    } else {
        json_decimal(w, S("kwh"), split->register_wh[REGISTER_KT], 3);
    }
    json_end(w);
    json_end(w);
}

/* And what it follows from: the registers that day, and the point's own energy until then. */
static void detail_change_reading(struct json_writer *w, const struct usage_result *usage,
                                  const struct usage_split *split)
{
    unsigned shown = 0;
    for (int reg = 0; reg < REGISTER_COUNT; reg++)
        if (split->index_wh[reg] >= 0) shown |= 1U << reg;
    json_object(w, JSON_ITEM);
    json_day(w, S("date"), split->day);
    detail_registers(w, S("index"), split->index_wh, shown);
    if (shown != 0) json_text(w, S("source"), reading_source_text(split->source));
    detail_registers(w, S("metered"), split->metered_register_wh,
                     usage->registers & ~(1U << REGISTER_VC));
    json_end(w);
}

static void detail_changes(struct json_writer *w, const struct segment *segment)
{
    bool any = false;
    for (size_t i = 0; i < segment->split_count; i++) any = any || !segment->splits[i].dropped;
    if (segment->split_count == 0) return;
    if (any) json_array(w, S("read_on_change"));
    for (size_t i = 0; i < segment->split_count; i++)
        if (!segment->splits[i].dropped)
            detail_change_use(w, &segment->usage, &segment->splits[i]);
    if (any) json_end(w);
    json_array(w, S("change_readings"));
    for (size_t i = 0; i < segment->split_count; i++)
        detail_change_reading(w, &segment->usage, &segment->splits[i]);
    json_end(w);
}

void closing_detail(const struct segment *segment, struct buf *out)
{
    const struct usage_result *usage = &segment->usage;
    struct json_writer w;
    json_writer_init(&w, out);
    json_object(&w, JSON_ITEM);
    json_array(&w, S("pairs"));
    for (size_t i = 0; i < usage->pair_count; i++) detail_pair(&w, &usage->pairs[i]);
    json_end(&w);
    detail_amount(&w, S("unmetered"), usage->unmetered_wh);
    detail_amount(&w, S("agreed"), usage->agreed_wh);
    detail_amount(&w, S("loss"), usage->loss_wh);
    detail_amount(&w, S("settled_estimates"), usage->settled_wh);
    detail_changes(&w, segment);
    if (segment->relations.n > 0) {
        detail_registers(&w, S("metered"), usage->metered_register_wh, usage->registers);
        json_raw(&w, S("relations"), segment->relations);
    }
    json_end(&w);
}

/* ---- rows ---------------------------------------------------------------------------------- */

static struct value use_wh(struct period_use use)
{
    return use.known ? v_i64(use.wh) : v_null();
}

static struct value use_days(struct period_use use)
{
    return use.known ? v_i64(use.days) : v_null();
}

static struct str kind_of(const struct segment *segment)
{
    return segment->usage.final ? S("final") : S("periodic");
}

static err_t write_usage(struct closing *closing, const struct closing_point *point,
                         const struct segment *segment, struct err *err)
{
    const struct usage_result *usage = &segment->usage;
    char from[DATE_TEXT_BYTES], to[DATE_TEXT_BYTES];
    const int64_t *wh = usage->register_wh;
    bool three = usage_has_three(usage), reactive = usage->registers & 1U << REGISTER_VC;
    buf_reset(&closing->carry_text);
    carry_write(&usage->carry, &closing->carry_text);
    buf_reset(&closing->detail);
    closing_detail(segment, &closing->detail);
    if (closing->carry_text.failed || closing->detail.failed) return err_memory(err);
    closing->counts.usages++;
    closing->counts.total_wh += usage_active_wh(usage);
    closing->counts.estimated += usage->estimated;
    closing->counts.finals += usage->final;
    return bulk_row(closing->usage,
                    ARGS(v_i64(closing->book->unit_id), v_i64(closing->book->book_id),
                         v_i64(month_to_number(closing->period.month)),
                         v_i64(closing->row_period_no), v_i64(point->point_id),
                         v_text(kind_of(segment)), v_i64(closing->closing_no),
                         v_i64(segment->agreement_id), v_text(day_text(usage->from_day, from)),
                         v_text(day_text(usage->to_day, to)), v_i64(usage_active_wh(usage)),
                         three ? v_i64(wh[REGISTER_BT]) : v_null(),
                         three ? v_i64(wh[REGISTER_CD]) : v_null(),
                         three ? v_i64(wh[REGISTER_TD]) : v_null(),
                         reactive ? v_i64(wh[REGISTER_VC]) : v_null(), v_i64(usage->metered_wh),
                         v_i64(usage->estimated), v_text_or_null(prorate_text(usage->prorate)),
                         v_text(spike_text(segment->spike.spike)), use_wh(segment->before),
                         use_days(segment->before), use_wh(segment->year_ago),
                         use_days(segment->year_ago), v_text(buf_str(&closing->carry_text)),
                         v_text(buf_str(&closing->detail))), err);
}

static void finding_detail(const struct usage_finding *finding, struct buf *out)
{
    struct json_writer w;
    json_writer_init(&w, out);
    json_object(&w, JSON_ITEM);
    if (finding->installation_id != 0) {
        json_i64(&w, S("installation"), finding->installation_id);
        json_text(&w, S("register"), register_text(finding->reg));
    }
    if (finding->not_read != NOT_READ_NONE)
        json_text(&w, S("not_read"), not_read_text(finding->not_read));
    if (finding->old_index_wh != 0) json_decimal(&w, S("old"), finding->old_index_wh, 3);
    if (finding->new_index_wh != 0) json_decimal(&w, S("new"), finding->new_index_wh, 3);
    json_end(&w);
}

static err_t write_finding(struct closing *closing, const struct closing_point *point,
                           const struct usage_finding *finding, struct err *err)
{
    const struct exception_text *text = exception_text(finding->code);
    struct value month = v_i64(month_to_number(closing->period.month));
    struct value number = v_i64(closing->row_period_no), close = v_i64(closing->closing_no);
    struct value none = v_null();
    buf_reset(&closing->detail);
    finding_detail(finding, &closing->detail);
    if (!text->blocks) closing->counts.told++;
    return bulk_row(closing->exception,
                    ARGS(v_i64(closing->book->unit_id), v_i64(closing->book->book_id), month,
                         number, v_i64(point->point_id), v_text(str_of(text->code)), close,
                         v_i64(text->blocks), v_i64(point->open_in_a_row + 1),
                         v_text(buf_str(&closing->detail)),
                         v_text(text->blocks ? S("open") : S("settled")),
                         text->blocks ? none : month, text->blocks ? none : number,
                         text->blocks ? none : close), err);
}

/* A finding of one code is one row, however many registers have it. */
static bool found_before(const struct usage_result *usage, size_t index)
{
    for (size_t i = 0; i < index; i++) {
        if (usage->findings[i].code == usage->findings[index].code) return true;
    }
    return false;
}

/* ---- spikes -------------------------------------------------------------------------------- */

static bool read_by_hand(const struct usage_result *usage)
{
    for (size_t i = 0; i < usage->pair_count; i++) {
        if (usage->pairs[i].source == SOURCE_MANUAL || usage->pairs[i].source == SOURCE_CUSTOMER)
            return true;
    }
    return false;
}

static int64_t score_of(const struct segment *segment)
{
    const struct usage_result *usage = &segment->usage;
    struct spike_signs signs = {
        .now = {.known = true, .wh = usage_active_wh(usage),
                .days = usage->to_day - usage->from_day},
        .before = segment->before, .year_ago = segment->year_ago,
        .by_hand = read_by_hand(usage), .before_estimated = segment->before_estimated};
    return spike_score(&signs);
}

static void count_spike(struct closing_counts *counts, enum spike spike)
{
    counts->spikes_held += spike == SPIKE_HELD;
    counts->spikes_leader += spike == SPIKE_LEADER;
    counts->spikes_told += spike == SPIKE_TOLD;
    counts->first_bills += spike == SPIKE_FIRST;
}

/* The figures were released before the book was returned: the release goes along. */
static err_t carry_release(struct closing *closing, const struct closing_point *point,
                           struct err *err)
{
    closing->counts.carried_releases++;
    buf_reset(&closing->detail);
    buf_printf(&closing->detail, "{\"closing\":%lld}", (long long)point->released_closing_no);
    return bulk_row(closing->spike_step,
                    ARGS(v_i64(closing->book->unit_id),
                         v_i64(month_to_number(closing->period.month)),
                         v_i64(closing->book->book_id), v_i64(closing->row_period_no),
                         v_i64(point->point_id), v_text(S("periodic")),
                         v_i64(closing->closing_no), v_i64(1), v_text(S("carry")),
                         v_text(buf_str(&closing->detail)),
                         v_text(S("Số liệu không đổi so với lần chốt đã xác minh")),
                         v_i64(closing->request->actor_id), v_i64(clock_now_ms())), err);
}

/* Everybody whose use rose is told, so every flagged period is an event of its own. */
static err_t write_spike_event(struct closing *closing, const struct closing_point *point,
                               const struct segment *segment, struct err *err)
{
    err_t e = OK;
    if (closing->event_ids_left == 0) {
        e = event_take_ids(closing->db, closing->book->unit_id, EVENT_ID_BLOCK,
                           &closing->next_event_id, err);
        if (e == OK) closing->event_ids_left = EVENT_ID_BLOCK;
    }
    if (e != OK) return e;
    closing->event_ids_left--;
    struct json_writer w;
    buf_reset(&closing->detail);
    json_writer_init(&w, &closing->detail);
    json_object(&w, JSON_ITEM);
    json_i64(&w, S("month"), month_to_number(closing->period.month));
    json_i64(&w, S("period"), closing->row_period_no);
    json_i64(&w, S("closing"), closing->closing_no);
    json_i64(&w, S("ratio_ppm"), segment->spike.ratio_ppm);
    json_end(&w);
    int64_t event_id = closing->next_event_id++;
    return bulk_row(closing->event,
                    ARGS(v_i64(closing->book->unit_id), v_i64(event_id),
                         v_text(S("usage.spiked")), v_i64(point->point_id),
                         v_text(buf_str(&closing->detail)), v_i64(clock_now_ms())), err);
}

static bool same_use(struct period_use a, struct period_use b)
{
    return a.known == b.known && a.wh == b.wh && a.days == b.days;
}

/* The same energy over fewer days is another rise, perhaps one that a leader has to sign. */
static bool was_released(const struct closing_point *point, const struct segment *segment)
{
    const struct usage_result *usage = &segment->usage;
    struct period_use now = {true, usage_active_wh(usage), usage->to_day - usage->from_day};
    return point->released_closing_no != 0 && !usage->final && same_use(point->released, now) &&
           same_use(point->released_before, segment->before);
}

static err_t write_spike(struct closing *closing, const struct closing_point *point,
                         const struct segment *segment, struct err *err)
{
    enum spike spike = segment->spike.spike;
    count_spike(&closing->counts, spike);
    if (spike == SPIKE_NONE || spike == SPIKE_FIRST) return OK;
    const struct usage_result *usage = &segment->usage;
    const struct metering_parameters *parameters = &closing->parameters;
    int64_t total_wh = usage_active_wh(usage);
    bool holds = spike != SPIKE_TOLD, carried = holds && was_released(point, segment);
    int32_t last_day = usage->to_day + (int32_t)parameters->invoice_days -
                       (int32_t)parameters->spike_last_days;
    if (last_day < usage->to_day) last_day = usage->to_day;
    int32_t escalate_day = last_day - (int32_t)parameters->spike_escalate_days;
    if (escalate_day < usage->to_day) escalate_day = usage->to_day;
    char last[DATE_TEXT_BYTES], escalate[DATE_TEXT_BYTES];
    err_t e = bulk_row(closing->spike,
                       ARGS(v_i64(closing->book->unit_id),
                            v_i64(month_to_number(closing->period.month)),
                            v_i64(closing->book->book_id), v_i64(closing->row_period_no),
                            v_i64(point->point_id), v_text(kind_of(segment)),
                            v_i64(closing->closing_no), v_i64(total_wh),
                            v_i64(usage->to_day - usage->from_day), v_i64(segment->before.wh),
                            v_i64(segment->before.days), use_wh(segment->year_ago),
                            use_days(segment->year_ago), v_i64(segment->spike.ratio_ppm),
                            v_i64(score_of(segment)), v_i64(holds), v_i64(spike == SPIKE_LEADER),
                            v_text(carried || !holds ? S("released") : S("open")),
                            v_text(day_text(escalate_day, escalate)),
                            v_text(day_text(last_day, last)), v_i64(0), v_i64(clock_now_ms())),
                       err);
    if (e == OK) e = write_spike_event(closing, point, segment, err);
    return e == OK && carried ? carry_release(closing, point, err) : e;
}

/* ---- a point ------------------------------------------------------------------------------- */

static err_t settle(struct closing *closing, const struct closing_point *point, struct err *err)
{
    return db_run(closing->db,
                  "UPDATE metering_exception SET state = 'settled', settled_month = $1, "
                  "settled_period_no = $2, settled_closing_no = $3 WHERE unit_id = $4 AND "
                  "book_id = $5 AND point_id = $6 AND state = 'open' AND blocks = 1",
                  ARGS(v_i64(month_to_number(closing->period.month)),
                       v_i64(closing->row_period_no), v_i64(closing->closing_no),
                       v_i64(closing->book->unit_id), v_i64(closing->book->book_id),
                       v_i64(point->point_id)), NULL, err);
}

/* A real reading settles estimates: who closed, which readings, on the estimate's own ground. */
static err_t write_settlements(struct closing *closing, const struct usage_result *usage,
                               struct err *err)
{
    err_t e = OK;
    for (size_t i = 0; e == OK && i < usage->settled_count; i++) {
        const struct settled_estimate *settled = &usage->settled[i];
        char from[DATE_TEXT_BYTES], to[DATE_TEXT_BYTES];
        e = db_run(closing->db,
                   "INSERT INTO estimate_settlement (unit_id, estimate_id, book_id, month, "
                   "period_no, closing_no, manner, from_on, to_on, read_wh, owed_wh, ground, "
                   "actor_id, settled_at) SELECT unit_id, estimate_id, $1, $2, $3, $4, 'reading', "
                   "$5, $6, $7, $8, ground, $9, $10 FROM estimate WHERE unit_id = $11 AND "
                   "estimate_id = $12",
                   ARGS(v_i64(closing->book->book_id),
                        v_i64(month_to_number(closing->period.month)),
                        v_i64(closing->row_period_no), v_i64(closing->closing_no),
                        v_text(day_text(settled->from_day, from)),
                        v_text(day_text(settled->to_day, to)), v_i64(settled->read_wh),
                        v_i64(settled->owed_wh), v_i64(closing->request->actor_id),
                        v_i64(clock_now_ms()), v_i64(closing->book->unit_id),
                        v_i64(settled->estimate_id)), NULL, err);
    }
    return e;
}

static err_t write_segment(struct closing *closing, const struct closing_point *point,
                           const struct segment *segment, struct err *err)
{
    const struct usage_result *usage = &segment->usage;
    /* What a supplement cannot close stays on the list of the closing that found it. */
    bool tells = usage->has_usage || !closing->request->supplement;
    err_t e = OK;
    for (size_t i = 0; e == OK && tells && i < usage->finding_count; i++) {
        if (!found_before(usage, i)) e = write_finding(closing, point, &usage->findings[i], err);
    }
    if (e == OK && usage->has_usage) e = write_usage(closing, point, segment, err);
    if (e == OK && usage->has_usage) e = write_spike(closing, point, segment, err);
    if (e == OK && usage->has_usage) e = write_settlements(closing, usage, err);
    return e;
}

err_t closing_write(struct closing *closing, const struct closing_point *point, struct err *err)
{
    bool has_usage = false, left_out = false;
    err_t e = OK;
    for (size_t i = 0; e == OK && i < point->segment_count; i++) {
        const struct segment *segment = &point->segments[i];
        e = write_segment(closing, point, segment, err);
        has_usage = has_usage || segment->usage.has_usage;
        left_out = left_out || (!segment->usage.has_usage && segment->usage.finding_count > 0);
    }
    closing->counts.left_out += left_out;
    if (e == OK && has_usage && !left_out && point->open_in_a_row > 0)
        e = settle(closing, point, err);
    return e;
}
