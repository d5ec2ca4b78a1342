/* SPDX-License-Identifier: Apache-2.0 */
/* Usage, spike and findings of each point of a chunk. */
#include "base/date.h"
#include "base/integer.h"
#include "metering/calendar.h"
#include "metering/closing_int.h"
#include "registry/registry_view.h"
#include "registry/terms_view.h"

/* What a computation needs besides the point. */
struct compute {
    struct closing *closing;
    struct chunk *chunk;
    struct terms_scan *terms;
};

static struct usage_input input_of(const struct compute *compute,
                                   const struct closing_point *point)
{
    const struct closing *closing = compute->closing;
    const struct hung_meter *meters = LIST_ITEMS(compute->chunk->meters, struct hung_meter);
    const struct agreed_energy *energies =
        LIST_ITEMS(compute->chunk->energies, struct agreed_energy);
    return (struct usage_input){
        .installations = point->meter_count ? meters + point->meter_first : NULL,
        .installation_count = point->meter_count,
        .readings = compute->chunk->readings + point->reading_first,
        .reading_count = point->reading_count,
        .energies = point->energy_count ? energies + point->energy_first : NULL,
        .energy_count = point->energy_count,
        .carry = point->has_carry ? &point->carry : NULL,
        .last_day = point->has_carry ? point->last_day : -1,
        .window_from_day = closing->window_from_day,
        .window_to_day = closing->window_to_day,
        .expected_wh = point->before.known ? point->before.wh : -1,
        .unmetered_wh = -1,
    };
}

static void add_finding(struct usage_result *usage, enum exception_code code)
{
    if (usage->finding_count == USAGE_FINDINGS_MAX) return;
    usage->findings[usage->finding_count++] = (struct usage_finding){.code = code};
}

/* Where the period of a point begins: where the last one ended, or at the last reading day of the
 * month before. */
static int32_t start_of(const struct closing *closing, const struct closing_point *point)
{
    if (point->has_carry) return point->last_day;
    return reading_day_of(month_of_day(closing->period.read_day) - 1, closing->book->reading_day,
                          closing->book->periods, closing->book->periods);
}

/* The period of a point without meter: up to the reading day. */
static void place_unmetered(const struct closing *closing, const struct closing_point *point,
                            struct usage_result *usage)
{
    usage->to_day = closing->period.read_day;
    usage->from_day = start_of(closing, point);
}

/* The days of a period for questions about its terms: at least one day. */
static int32_t terms_from(const struct usage_result *usage)
{
    return usage->from_day < usage->to_day ? usage->from_day : usage->to_day - 1;
}

/* The end of the period. Where there is no usage it is the reading day, unless the meter came down
 * before: whoever left with it belongs to the book in which the meter hung. */
static int32_t last_day_of(const struct closing *closing, const struct closing_point *point,
                           const struct usage_result *usage, bool has_period)
{
    int32_t read_day = closing->period.read_day;
    if (has_period) return usage->to_day;
    bool left = usage->to_day > start_of(closing, point) && usage->to_day < read_day;
    return left ? usage->to_day : read_day;
}

/* The terms at the end of the period. */
static err_t ask_terms(struct compute *compute, struct closing_point *point,
                       struct segment *segment, bool has_period, struct point_terms *terms,
                       struct err *err)
{
    const struct usage_result *usage = &segment->usage;
    int32_t to_day = last_day_of(compute->closing, point, usage, has_period);
    int32_t from_day = has_period ? terms_from(usage) : to_day - 1;
    struct err why;
    err_t e = terms_of(compute->terms, point->point_id, from_day, to_day, terms, &why);
    if (e == E_INPUT) {
        segment->bad_terms = true;
        point->belongs = true;
        return OK;
    }
    if (e != OK) {
        *err = why;
        return e;
    }
    point->belongs = terms->book_id == compute->closing->book->book_id;
    segment->agreement_id = terms->agreement_id;
    return OK;
}

/* Reads who is supplied, agreed energy and loss, and computes again where they matter. */
static err_t with_terms(struct compute *compute, struct closing_point *point,
                        struct usage_input *input, struct segment *segment, struct err *err)
{
    struct usage_result *usage = &segment->usage;
    const struct closing *closing = compute->closing;
    bool no_meter = usage->finding_count > 0 && usage->findings[0].code == EXCEPTION_NO_METER;
    if (no_meter) place_unmetered(closing, point, usage);
    bool has_period = no_meter || usage->has_usage;
    struct point_terms terms;
    err_t e = ask_terms(compute, point, segment, has_period, &terms, err);
    if (e != OK || !point->belongs || !has_period) return e;
    if (segment->bad_terms) {
        usage->has_usage = false;
        add_finding(usage, EXCEPTION_BAD_TERMS);
        return OK;
    }
    if (terms.unmetered_wh < 0 && terms.loss_ppm == 0) return OK;
    if (terms.unmetered_wh >= 0 && !usage->final) {
        input->unmetered_wh = energy_of_period(terms.unmetered_wh, closing->book->periods,
                                               closing->period.period_no);
    }
    input->loss_ppm = terms.loss_ppm;
    struct usage_result placed = *usage;
    usage_compute(input, usage);
    if (no_meter) {
        usage->from_day = placed.from_day;
        usage->to_day = placed.to_day;
    }
    return OK;
}

/* Nobody supplied: no bill. Use without agreement is told; without use there is nothing to say. */
static void judge_supply(struct segment *segment)
{
    struct usage_result *usage = &segment->usage;
    bool no_meter = usage->finding_count > 0 && usage->findings[0].code == EXCEPTION_NO_METER;
    if (no_meter && segment->agreement_id == 0) usage->finding_count = 0;
    if (!usage->has_usage || segment->agreement_id != 0) return;
    if (usage_active_wh(usage) > 0) add_finding(usage, EXCEPTION_NO_AGREEMENT);
}

static bool has_final_reading(const struct compute *compute, const struct closing_point *point)
{
    const struct accepted_reading *readings = compute->chunk->readings + point->reading_first;
    for (size_t i = 0; i < point->reading_count; i++) {
        bool counts = readings[i].kind == READING_FINAL && readings[i].day > point->last_day &&
                      readings[i].day <= compute->closing->window_to_day;
        if (counts) return true;
    }
    return false;
}

/* A reading on a day on which prices change inside the period says how the use divides. */
static void split_segment(const struct closing *closing, const struct usage_input *input,
                          struct segment *segment)
{
    struct usage_result *usage = &segment->usage;
    const struct closing_request *request = closing->request;
    for (size_t i = 0; usage->has_usage && i < request->change_day_count; i++) {
        int32_t day = request->change_days[i];
        if (day <= usage->from_day || day >= usage->to_day) continue;
        if (segment->split_count == USAGE_SPLITS_MAX) return;
        size_t count = segment->split_count;
        struct usage_split *split = &segment->splits[count];
        enum split_verdict verdict = usage_split(input, usage, day, split);
        if (verdict == SPLIT_READ &&
            usage_split_fits(usage, split, count > 0 ? &segment->splits[count - 1] : NULL)) {
            segment->split_count++;
        } else if (verdict != SPLIT_NOT_READ) {
            add_finding(usage, EXCEPTION_CHANGE_READING);
        }
    }
}

static err_t compute_segment(struct compute *compute, struct closing_point *point,
                             bool only_final, struct err *err)
{
    ASSERT(point->segment_count < SEGMENTS_MAX);
    struct segment *segment = &point->segments[point->segment_count++];
    *segment = (struct segment){.before = point->before, .year_ago = point->year_ago,
                                .before_estimated = point->before_estimated};
    struct usage_input input = input_of(compute, point);
    input.only_final = only_final;
    usage_compute(&input, &segment->usage);
    err_t e = with_terms(compute, point, &input, segment, err);
    if (e != OK) return e;
    split_segment(compute->closing, &input, segment);
    judge_supply(segment);
    bool other_customer = point->before_known_agreement &&
                          point->before_agreement != segment->agreement_id;
    if (other_customer) segment->before = segment->year_ago = (struct period_use){0};
    return OK;
}

/* The next segment starts where the final one ended. */
static void continue_behind(struct closing_point *point)
{
    const struct segment *final = &point->segments[point->segment_count - 1];
    const struct usage_result *usage = &final->usage;
    point->has_carry = true;
    point->carry = usage->carry;
    point->last_day = usage->to_day;
    point->before = (struct period_use){.known = true, .wh = usage_active_wh(usage),
                                        .days = usage->to_day - usage->from_day};
    point->before_agreement = final->agreement_id;
    point->before_known_agreement = true;
}

static err_t compute_point(struct compute *compute, struct closing_point *point, struct err *err)
{
    const struct closing *closing = compute->closing;
    bool ended = false, has_final = false;
    if (has_final_reading(compute, point)) {
        err_t e = compute_segment(compute, point, true, err);
        if (e != OK) return e;
        const struct usage_result *final = &point->segments[0].usage;
        if (!final->has_usage || !point->belongs) return OK;
        ended = final->prorate == PRORATE_CONTRACT_END;
        has_final = true;
        continue_behind(point);
    }
    /* A supplement closes only what a cycle closing had to leave out. */
    bool wanted = !closing->request->supplement || point->open_in_a_row > 0;
    if (ended || !wanted || point->last_day >= closing->window_to_day) return OK;
    if (point->has_carry && point->last_day >= closing->period.read_day) return OK;
    err_t e = compute_segment(compute, point, false, err);
    if (e != OK || point->belongs || !has_final) return e;
    /* Behind its final reading the point is no longer of this book; until then it was. */
    point->segment_count--;
    point->belongs = true;
    return OK;
}

/* ---- spike and tellings -------------------------------------------------------------------- */

static void tell_low(const struct metering_parameters *parameters, struct segment *segment)
{
    struct usage_result *usage = &segment->usage;
    int64_t now_wh = usage_active_wh(usage);
    int64_t days = usage->to_day - usage->from_day;
    if (!segment->before.known || segment->before.wh == 0 || days == 0) return;
    if (now_wh == 0) {
        add_finding(usage, EXCEPTION_ZERO);
        return;
    }
    /* What the days of this period would have used at the pace of the period before. */
    int128 usual = (int128)segment->before.wh * days / max_i64(segment->before.days, 1);
    bool low = (int128)now_wh * 100 < usual * parameters->low_percent &&
               usual - now_wh >= parameters->low_floor_wh;
    if (low) add_finding(usage, EXCEPTION_LOW);
}

void closing_judge(const struct metering_parameters *parameters,
                   const struct closing_point *point, struct segment *segment)
{
    struct usage_result *usage = &segment->usage;
    struct period_use now = {.known = true, .wh = usage_active_wh(usage),
                             .days = usage->to_day - usage->from_day};
    segment->spike = spike_judge(now, segment->before);
    tell_low(parameters, segment);
    if (point->before_estimated && usage->estimated) add_finding(usage, EXCEPTION_LONG_ESTIMATE);
}

static err_t mark_related(struct closing *closing, struct chunk *chunk, struct err *err)
{
    const struct point_relation *relations;
    size_t count, at = 0;
    err_t e = relations_on(closing->db, &closing->chunk_arena, closing->book->unit_id,
                           chunk->points[0].point_id, chunk->points[chunk->count - 1].point_id,
                           closing->period.read_day - 1, KNOWN_NOW, &relations, &count, err);
    if (e != OK) return e;
    for (size_t i = 0; i < count; i++) {
        if (relations[i].kind == RELATION_EXPORT) continue;
        while (at < chunk->count && chunk->points[at].point_id < relations[i].point_id) at++;
        if (at < chunk->count && chunk->points[at].point_id == relations[i].point_id)
            chunk->points[at].related = true;
    }
    return OK;
}

err_t closing_compute(struct closing *closing, struct chunk *chunk, struct err *err)
{
    err_t e = mark_related(closing, chunk, err);
    if (e != OK) return e;
    struct compute compute = {.closing = closing, .chunk = chunk};
    e = supply_scan_open(closing->db, closing->book->unit_id, chunk->points[0].point_id,
                         chunk->points[chunk->count - 1].point_id, KNOWN_NOW, &compute.terms,
                         err);
    if (e != OK) return e;
    for (size_t i = 0; e == OK && i < chunk->count; i++) {
        struct closing_point *point = &chunk->points[i];
        e = compute_point(&compute, point, err);
        for (size_t k = 0; e == OK && k < point->segment_count; k++) {
            struct segment *segment = &point->segments[k];
            if (!segment->usage.has_usage || point->related) continue;
            closing_judge(&closing->parameters, point, segment);
        }
    }
    terms_scan_close(compute.terms);
    return e;
}
