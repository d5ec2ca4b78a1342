/* SPDX-License-Identifier: Apache-2.0 */
#include "metering/usage.h"

#include "base/integer.h"
#include "tariff/meter_kwh.h"

static const unsigned ACTIVE = 1U << REGISTER_KT | 1U << REGISTER_BT | 1U << REGISTER_CD |
                               1U << REGISTER_TD;
static const unsigned THREE = 1U << REGISTER_BT | 1U << REGISTER_CD | 1U << REGISTER_TD;

/* The work of one computation. */
struct work {
    const struct usage_input *in;
    struct usage_result *out;
    bool estimated_only; /* an approved provisional estimate stands for the present reading */
};

static void find(struct work *work, struct usage_finding finding)
{
    if (exception_text(finding.code)->blocks) work->out->has_usage = false;
    if (work->out->finding_count == USAGE_FINDINGS_MAX) return;
    work->out->findings[work->out->finding_count++] = finding;
}

static const struct accepted_reading *reading_at(const struct usage_input *in,
                                                 int64_t installation_id,
                                                 enum register_code reg,
                                                 enum reading_kind kind, int32_t day)
{
    for (size_t i = in->reading_count; i-- > 0;) {
        const struct accepted_reading *reading = &in->readings[i];
        if (reading->installation_id == installation_id && reading->reg == reg &&
            reading->kind == kind && reading->not_read == NOT_READ_NONE &&
            (day < 0 || reading->day == day)) {
            return reading;
        }
    }
    return NULL;
}

/* The reading of one day that shows what the register stood at, whatever it was taken for. */
static const struct accepted_reading *shown_on(const struct usage_input *in,
                                               int64_t installation_id, enum register_code reg,
                                               int32_t day)
{
    static const enum reading_kind kinds[] = {READING_PERIODIC, READING_FINAL, READING_CHECK};
    for (size_t i = 0; i < ARRAY_COUNT(kinds); i++) {
        const struct accepted_reading *reading =
            reading_at(in, installation_id, reg, kinds[i], day);
        if (reading != NULL) return reading;
    }
    return NULL;
}

/* ---- where the period ends ------------------------------------------------------------------ */

static bool closes(const struct usage_input *in, const struct accepted_reading *reading)
{
    if (reading->day <= in->last_day) return false;
    if (in->only_final) return reading->kind == READING_FINAL;
    return reading->kind == READING_PERIODIC && reading->day >= in->window_from_day &&
           reading->day <= in->window_to_day;
}

/* Whether every register of the installation was read on that day by a closing reading. */
static bool complete_on(const struct usage_input *in, const struct hung_meter *span,
                        int32_t day, enum register_code *out_missing)
{
    for (int reg = 0; reg < REGISTER_COUNT; reg++) {
        if (!(span->registers & 1U << reg)) continue;
        enum reading_kind kind = in->only_final ? READING_FINAL : READING_PERIODIC;
        if (reading_at(in, span->installation_id, (enum register_code)reg, kind, day)) continue;
        *out_missing = (enum register_code)reg;
        return false;
    }
    return true;
}

/* The latest day on which all hanging meters were read in full; -1 with a finding otherwise. */
static int32_t closing_day(struct work *work, const struct hung_meter *span)
{
    const struct usage_input *in = work->in;
    struct usage_finding why = {.code = EXCEPTION_MISSING,
                                .installation_id = span->installation_id};
    for (size_t i = in->reading_count; i-- > 0;) {
        const struct accepted_reading *reading = &in->readings[i];
        if (reading->installation_id != span->installation_id || !closes(in, reading)) continue;
        if (reading->not_read != NOT_READ_NONE) {
            if (why.code == EXCEPTION_MISSING) {
                why.code = EXCEPTION_NOT_READ;
                why.not_read = reading->not_read;
            }
            continue;
        }
        if (complete_on(in, span, reading->day, &why.reg)) return reading->day;
        why.code = EXCEPTION_REGISTER_MISSING;
    }
    find(work, why);
    return -1;
}

/* An approved provisional estimate that ends in the reading window, or NULL. */
static const struct agreed_energy *closing_estimate(const struct usage_input *in)
{
    for (size_t i = in->energy_count; i-- > 0;) {
        const struct agreed_energy *energy = &in->energies[i];
        if (energy->provisional && energy->to_day >= in->window_from_day &&
            energy->to_day <= in->window_to_day) {
            return energy;
        }
    }
    return NULL;
}

/* The end of a point whose last meter was taken down: the removal. */
static int32_t removal_day(const struct usage_input *in)
{
    int32_t day = -1;
    for (size_t i = 0; i < in->installation_count; i++) {
        const struct hung_meter *span = &in->installations[i];
        if (span->removed_day > in->last_day && span->removed_day > day) day = span->removed_day;
    }
    return day;
}

/* Still there when the period is read; what comes down later is a matter of the next one. */
static bool hangs(const struct usage_input *in, const struct hung_meter *span)
{
    return span->removed_day > in->window_to_day;
}

/* The first hanging meter whose readings decide the end, or NULL. A final reading may lie on a
 * meter that was removed the same day or later. */
static const struct hung_meter *deciding(const struct usage_input *in)
{
    for (size_t i = in->installation_count; i-- > 0;) {
        const struct hung_meter *span = &in->installations[i];
        if (in->only_final || (hangs(in, span) && span->hung_day <= in->window_to_day)) return span;
    }
    return NULL;
}

static bool has_final(const struct usage_input *in, const struct hung_meter *span)
{
    for (size_t i = 0; i < in->reading_count; i++) {
        if (in->readings[i].installation_id == span->installation_id &&
            closes(in, &in->readings[i])) {
            return true;
        }
    }
    return false;
}

/* A meter that was read and then came down inside the window, when the one after it has no reading
 * there: the reading ends the period. -1, with nothing found, where there is none. */
static int32_t read_before_removal(struct work *work)
{
    const struct usage_input *in = work->in;
    struct usage_result before = *work->out;
    for (size_t i = in->installation_count; i-- > 0;) {
        const struct hung_meter *span = &in->installations[i];
        if (hangs(in, span) || span->removed_day < in->window_from_day) continue;
        int32_t day = closing_day(work, span);
        *work->out = before;
        if (day >= 0 && day <= span->removed_day) return day;
    }
    return -1;
}

static int32_t find_end(struct work *work)
{
    const struct usage_input *in = work->in;
    if (in->split_day != 0) return in->split_day;
    const struct hung_meter *span = deciding(in);
    if (in->only_final) {
        for (size_t i = in->installation_count; i-- > 0;) {
            if (has_final(in, &in->installations[i])) span = &in->installations[i];
        }
    }
    if (span == NULL) {
        int32_t removed = removal_day(in);
        if (removed >= 0) return removed;
        if (in->unmetered_wh >= 0) return in->window_to_day; /* replaced by the caller's day */
        find(work, (struct usage_finding){.code = EXCEPTION_NO_METER});
        return -1;
    }
    struct usage_result before = *work->out;
    int32_t day = closing_day(work, span);
    if (day >= 0) return day;
    const struct agreed_energy *estimate = in->only_final ? NULL : closing_estimate(in);
    struct usage_result why = *work->out;
    *work->out = before;
    if (!in->only_final) day = read_before_removal(work);
    if (day >= 0) return day;
    work->estimated_only = estimate != NULL;
    if (estimate == NULL) *work->out = why;
    return estimate != NULL ? estimate->to_day : -1;
}

/* ---- register pairs ------------------------------------------------------------------------- */

/* What the reading behind a carried state says since it was corrected; NULL when it still says the
 * same, or was never corrected. */
static const struct accepted_reading *corrected_start(const struct usage_input *in,
                                                      const struct carry_item *item)
{
    const struct accepted_reading *found = NULL;
    for (size_t i = 0; i < in->reading_count; i++) {
        const struct accepted_reading *reading = &in->readings[i];
        bool same = reading->installation_id == item->installation_id &&
                    reading->reg == item->reg && reading->day == item->day &&
                    reading->kind != READING_CHECK && reading->not_read == NOT_READ_NONE;
        if (!same) continue;
        if (reading->index_wh == item->index_wh) return NULL;
        if (reading->corrected) found = reading;
    }
    return found;
}

/* The state a register starts from: the carry, or the opening reading. */
static bool pair_start(struct work *work, const struct hung_meter *span,
                       struct usage_pair *pair)
{
    const struct usage_input *in = work->in;
    const struct carry_item *item =
        in->carry ? carry_find(in->carry, span->installation_id, pair->reg) : NULL;
    if (item != NULL) {
        const struct accepted_reading *corrected = corrected_start(in, item);
        pair->from_index_wh = corrected == NULL ? item->index_wh : corrected->index_wh;
        pair->from_day = item->day;
        if (corrected != NULL)
            find(work, (struct usage_finding){
                .code = EXCEPTION_START_CORRECTED, .installation_id = span->installation_id,
                .reg = pair->reg, .old_index_wh = item->index_wh,
                .new_index_wh = corrected->index_wh});
        return true;
    }
    const struct accepted_reading *opening =
        reading_at(in, span->installation_id, pair->reg, READING_OPENING, -1);
    if (opening == NULL) {
        find(work, (struct usage_finding){.code = EXCEPTION_NO_OPENING, .reg = pair->reg,
                                          .installation_id = span->installation_id});
        return false;
    }
    pair->from_index_wh = opening->index_wh;
    pair->from_day = opening->day;
    if (in->carry == NULL && work->out->prorate == PRORATE_NONE) {
        work->out->prorate = opening->prorate;
    }
    return true;
}

/* One rule of rollover in the house: tariff/meter_kwh.h. A rollover that the reader states and that
 * agrees with the use before is taken and told; any other lower reading waits for a person. */
static bool difference(struct work *work, struct usage_pair *pair,
                       const struct accepted_reading *end)
{
    struct usage_finding why = {.installation_id = pair->installation_id, .reg = pair->reg,
                                .old_index_wh = pair->from_index_wh,
                                .new_index_wh = pair->to_index_wh};
    struct meter_register meter = {
        .old_milli = pair->from_index_wh, .new_milli = pair->to_index_wh,
        .digits = pair->digits, .multiplier_milli = pair->multiplier * 1000,
        .expected_wh = pair->reg == REGISTER_VC ? -1 : work->in->expected_wh};
    struct meter_use use;
    struct err err;
    err_t code = meter_use_of(&meter, &use, &err);
    if (code != OK) {
        why.code = code == E_OVERFLOW ? EXCEPTION_OVERFLOW : EXCEPTION_TOO_WIDE;
        find(work, why);
        return false;
    }
    pair->wh = use.use_wh;
    pair->rollover = use.verdict != METER_FORWARD;
    if (use.verdict == METER_FORWARD || end->accepted_rollover) return true;
    if (use.verdict == METER_ROLLOVER && meter.expected_wh >= 0 && end->stated_rollover &&
        !end->refused_rollover) {
        why.code = EXCEPTION_ROLLED_OVER;
        find(work, why);
        return true;
    }
    why.code = EXCEPTION_ROLLOVER;
    find(work, why);
    return false;
}

static void add_pair(struct work *work, const struct usage_pair *pair)
{
    struct usage_result *out = work->out;
    int64_t *sum = &out->metered_register_wh[pair->reg];
    if (out->pair_count == USAGE_PAIRS_MAX || !add_i64(*sum, pair->wh, sum)) {
        find(work, (struct usage_finding){.code = EXCEPTION_OVERFLOW,
                                          .installation_id = pair->installation_id});
        return;
    }
    out->pairs[out->pair_count++] = *pair;
    out->registers |= 1U << pair->reg;
}

static const struct accepted_reading *pair_end(const struct usage_input *in,
                                               const struct hung_meter *span,
                                               enum register_code reg, int32_t to_day)
{
    if (span->removed_day <= to_day) {
        return reading_at(in, span->installation_id, reg, READING_CLOSING, -1);
    }
    if (in->split_day != 0) return shown_on(in, span->installation_id, reg, to_day);
    return reading_at(in, span->installation_id, reg,
                      in->only_final ? READING_FINAL : READING_PERIODIC, to_day);
}

static void carry_on(struct work *work, const struct usage_pair *pair, int64_t index_wh,
                     int32_t day, int64_t estimated_wh)
{
    struct carry_item item = {.installation_id = pair->installation_id, .reg = pair->reg,
                              .index_wh = index_wh, .day = day, .estimated_wh = estimated_wh};
    if (carry_add(&work->out->carry, item)) return;
    find(work, (struct usage_finding){.code = EXCEPTION_OVERFLOW,
                                      .installation_id = pair->installation_id});
}

/* Energy of provisional estimates for one register, billed in this period. */
static int64_t estimates_of(const struct work *work, enum register_code reg)
{
    int64_t sum_wh = 0;
    for (size_t i = 0; i < work->in->energy_count; i++) {
        const struct agreed_energy *energy = &work->in->energies[i];
        bool counts = energy->provisional && energy->reg == reg &&
                      energy->to_day > work->in->last_day && energy->to_day <= work->out->to_day;
        if (counts) sum_wh += energy->wh;
    }
    return sum_wh;
}

/* Whether a provisional estimate was billed between the last real state of a register and now. */
static bool billed_since(const struct work *work, const struct agreed_energy *energy,
                         const struct carry_item *item)
{
    return energy->provisional && energy->reg == item->reg && energy->to_day > item->day &&
           energy->to_day <= work->in->last_day;
}

/* What is owed for estimates since the last real state: as billed, and where their bills were
 * settled by agreement, as agreed. */
static int64_t owed_of(const struct work *work, const struct carry_item *item)
{
    int64_t owed_wh = item->estimated_wh;
    for (size_t i = 0; owed_wh > 0 && i < work->in->energy_count; i++) {
        const struct agreed_energy *energy = &work->in->energies[i];
        if (energy->agreed && billed_since(work, energy, item))
            owed_wh += energy->settled_wh - energy->wh;
    }
    return owed_wh;
}

/* A real reading settles every estimate billed since the real reading before it. */
static void note_settled(struct work *work, const struct usage_pair *pair,
                         const struct carry_item *item, int64_t owed_wh)
{
    struct usage_result *out = work->out;
    for (size_t i = 0; i < work->in->energy_count; i++) {
        const struct agreed_energy *energy = &work->in->energies[i];
        if (!billed_since(work, energy, item)) continue;
        if (out->settled_count == USAGE_SETTLED_MAX) return;
        out->settled[out->settled_count++] = (struct settled_estimate){
            .estimate_id = energy->estimate_id, .from_day = item->day, .to_day = pair->to_day,
            .read_wh = pair->wh, .owed_wh = owed_wh};
    }
}

static void one_register(struct work *work, const struct hung_meter *span,
                         enum register_code reg)
{
    struct usage_result *out = work->out;
    struct usage_pair pair = {.installation_id = span->installation_id, .reg = reg,
                              .multiplier = span->multiplier, .digits = span->digits};
    if (!pair_start(work, span, &pair)) return;
    const struct carry_item *item = work->in->carry
        ? carry_find(work->in->carry, span->installation_id, reg) : NULL;
    int64_t owed_wh = item ? owed_of(work, item) : 0;
    bool removed = span->removed_day <= out->to_day;
    if (work->estimated_only && !removed) {
        out->registers |= 1U << reg;
        carry_on(work, &pair, pair.from_index_wh, pair.from_day,
                 (item ? item->estimated_wh : 0) + estimates_of(work, reg));
        return;
    }
    const struct accepted_reading *end = pair_end(work->in, span, reg, out->to_day);
    if (end == NULL) {
        find(work, (struct usage_finding){
            .code = removed ? EXCEPTION_NO_CLOSING : EXCEPTION_REGISTER_MISSING,
            .installation_id = span->installation_id, .reg = reg});
        return;
    }
    pair.to_index_wh = end->index_wh;
    pair.to_day = end->day;
    pair.source = end->source;
    if (end->prorate != PRORATE_NONE) out->carry.boundary = out->prorate = end->prorate;
    if (!difference(work, &pair, end)) return;
    add_pair(work, &pair);
    if (item != NULL && item->estimated_wh > 0) note_settled(work, &pair, item, owed_wh);
    out->settled_wh += owed_wh;
    out->register_wh[reg] -= owed_wh;
    if (!removed) carry_on(work, &pair, pair.to_index_wh, pair.to_day, 0);
}

/* Whether a meter hung during some part of the period and is not settled yet: a removed one is
 * settled when the carry no longer names it and it came down before the period. */
static bool takes_part(const struct usage_input *in, const struct hung_meter *span,
                       int32_t to_day)
{
    if (span->hung_day > to_day) return false;
    if (in->split_day != 0 && span->hung_day == to_day) return false;
    if (span->hung_day == to_day && span->removed_day > to_day && in->last_day >= 0) return false;
    if (span->removed_day > in->last_day) return true;
    if (in->carry == NULL) return false;
    for (int reg = 0; reg < REGISTER_COUNT; reg++) {
        if (carry_find(in->carry, span->installation_id, (enum register_code)reg)) return true;
    }
    return false;
}

static void all_registers(struct work *work)
{
    for (size_t i = 0; i < work->in->installation_count; i++) {
        const struct hung_meter *span = &work->in->installations[i];
        if (!takes_part(work->in, span, work->out->to_day)) continue;
        for (int reg = 0; reg < REGISTER_COUNT; reg++) {
            if (span->registers & 1U << reg) one_register(work, span, (enum register_code)reg);
        }
    }
}

/* ---- energy that no register shows, loss, sums ---------------------------------------------- */

/* The part of agreed energy that lies before the split's day, by days. */
static int64_t before_split(const struct work *work, int64_t wh, int32_t from_day, int32_t to_day)
{
    int32_t day = work->in->split_day;
    int64_t part_wh;
    if (day == 0 || day >= to_day) return wh;
    if (day <= from_day) return 0;
    if (!mul_div_half_up(wh, day - from_day, to_day - from_day, &part_wh)) return 0;
    return part_wh;
}

static bool belongs(const struct work *work, const struct agreed_energy *energy)
{
    if (energy->provisional && !work->estimated_only) return false;
    int32_t to_day = work->in->split_day != 0 ? work->in->whole_to_day : work->out->to_day;
    return energy->to_day > work->in->last_day && energy->to_day <= to_day;
}

static void add_agreed(struct work *work)
{
    struct usage_result *out = work->out;
    for (size_t i = 0; i < work->in->energy_count; i++) {
        const struct agreed_energy *energy = &work->in->energies[i];
        if (!belongs(work, energy)) continue;
        int64_t wh = before_split(work, energy->wh, energy->from_day, energy->to_day);
        out->metered_register_wh[energy->reg] += wh;
        out->agreed_wh += wh;
        out->registers |= 1U << energy->reg;
        if (energy->provisional) out->estimated = true;
    }
    if (work->in->unmetered_wh < 0) return;
    enum register_code reg = out->registers & THREE ? REGISTER_BT : REGISTER_KT;
    out->unmetered_wh = before_split(work, work->in->unmetered_wh, out->from_day,
                                     work->in->whole_to_day);
    out->metered_register_wh[reg] += out->unmetered_wh;
    out->registers |= 1U << reg;
}

/* Loss of a transformer that lies before the meter, added to active and reactive energy alike. */
static void add_loss(struct work *work)
{
    struct usage_result *out = work->out;
    if (work->in->loss_ppm <= 0) return;
    for (int reg = 0; reg < REGISTER_COUNT; reg++) {
        int64_t loss_wh;
        if (!mul_div_half_up(out->metered_register_wh[reg], work->in->loss_ppm, 1000000,
                             &loss_wh)) {
            find(work, (struct usage_finding){.code = EXCEPTION_OVERFLOW});
            return;
        }
        out->metered_register_wh[reg] += loss_wh;
        if (reg != REGISTER_VC) out->loss_wh += loss_wh;
    }
}

/* A one-price meter exchanged for a three-price one inside the period: its energy is normal. */
static void unite_registers(struct usage_result *out)
{
    if (!(out->registers & THREE) || !(out->registers & 1U << REGISTER_KT)) return;
    out->metered_register_wh[REGISTER_BT] += out->metered_register_wh[REGISTER_KT];
    out->metered_register_wh[REGISTER_KT] = 0;
    out->register_wh[REGISTER_BT] += out->register_wh[REGISTER_KT];
    out->register_wh[REGISTER_KT] = 0;
    out->registers = (out->registers & ~(1U << REGISTER_KT)) | THREE;
}

static void refuse_negative(struct usage_result *out)
{
    for (int reg = 0; reg < REGISTER_COUNT; reg++) {
        if (out->register_wh[reg] >= 0) continue;
        struct usage_finding why = {.code = EXCEPTION_NEGATIVE, .reg = (enum register_code)reg,
                                    .new_index_wh = out->register_wh[reg]};
        out->has_usage = false;
        if (out->finding_count < USAGE_FINDINGS_MAX) out->findings[out->finding_count++] = why;
    }
}

static void sum_up(struct work *work)
{
    struct usage_result *out = work->out;
    for (int reg = 0; reg < REGISTER_COUNT; reg++) {
        if (!add_i64(out->register_wh[reg], out->metered_register_wh[reg],
                     &out->register_wh[reg])) {
            find(work, (struct usage_finding){.code = EXCEPTION_OVERFLOW});
            return;
        }
        if (reg != REGISTER_VC) out->metered_wh += out->metered_register_wh[reg];
    }
    refuse_negative(out);
}

/* The first day of the period: where the last one ended, or the earliest start of a register. */
static int32_t first_day(const struct work *work)
{
    if (work->in->last_day >= 0) return work->in->last_day;
    int32_t day = work->out->to_day;
    for (size_t i = 0; i < work->out->pair_count; i++) {
        if (work->out->pairs[i].from_day < day) day = work->out->pairs[i].from_day;
    }
    for (size_t i = 0; i < work->out->carry.count; i++) {
        if (work->out->carry.items[i].day < day) day = work->out->carry.items[i].day;
    }
    return day;
}

void usage_compute(const struct usage_input *input, struct usage_result *out)
{
    ASSERT(input->last_day >= -1 && (input->carry != NULL || input->last_day == -1));
    *out = (struct usage_result){.has_usage = true, .final = input->only_final};
    struct work work = {.in = input, .out = out};
    if (input->carry != NULL) out->prorate = input->carry->boundary;
    out->to_day = find_end(&work);
    if (out->to_day < 0) return;
    all_registers(&work);
    out->from_day = first_day(&work);
    add_agreed(&work);
    add_loss(&work);
    unite_registers(out);
    if (out->has_usage) sum_up(&work);
    if (!out->has_usage) return;
    ASSERT(out->from_day <= out->to_day);
    ASSERT(usage_active_wh(out) >= 0);
}

/* What another point measured, in the registers of the main one: three prices against one are their
 * sum. False when one price stands against three. */
static bool other_registers(unsigned main, const int64_t *register_wh, unsigned registers,
                            int64_t out_wh[REGISTER_COUNT])
{
    bool main_three = (main & THREE) != 0, other_three = (registers & THREE) != 0;
    for (int reg = 0; reg < REGISTER_COUNT; reg++) out_wh[reg] = register_wh[reg];
    if (main_three && !other_three && (registers & 1U << REGISTER_KT)) return false;
    if (main_three || !other_three) return true;
    out_wh[REGISTER_KT] += out_wh[REGISTER_BT] + out_wh[REGISTER_CD] + out_wh[REGISTER_TD];
    out_wh[REGISTER_BT] = out_wh[REGISTER_CD] = out_wh[REGISTER_TD] = 0;
    return true;
}

void usage_relate(struct usage_result *usage, int sign, const int64_t *register_wh,
                  unsigned registers)
{
    ASSERT(sign == 1 || sign == -1);
    int64_t other[REGISTER_COUNT];
    if (!other_registers(usage->registers, register_wh, registers, other)) {
        usage->has_usage = false;
        if (usage->finding_count < USAGE_FINDINGS_MAX) {
            usage->findings[usage->finding_count++] =
                (struct usage_finding){.code = EXCEPTION_RELATION_REGISTERS};
        }
        return;
    }
    if (!(usage->registers & THREE) && (registers & THREE)) usage->registers |= 1U << REGISTER_KT;
    for (int reg = 0; reg < REGISTER_COUNT; reg++) {
        if (reg == REGISTER_VC && !(usage->registers & 1U << REGISTER_VC)) continue;
        usage->register_wh[reg] += sign * other[reg];
    }
    refuse_negative(usage);
}

int64_t usage_active_wh(const struct usage_result *usage)
{
    return usage->register_wh[REGISTER_KT] + usage->register_wh[REGISTER_BT] +
           usage->register_wh[REGISTER_CD] + usage->register_wh[REGISTER_TD];
}

bool usage_has_three(const struct usage_result *usage)
{
    return (usage->registers & THREE & ACTIVE) != 0;
}

/* ---- splits --------------------------------------------------------------------------------- */

static bool read_on(const struct usage_input *in, int32_t day)
{
    for (size_t i = 0; i < in->reading_count; i++) {
        const struct accepted_reading *reading = &in->readings[i];
        bool shows = reading->kind == READING_PERIODIC || reading->kind == READING_FINAL ||
                     reading->kind == READING_CHECK || reading->kind == READING_CLOSING;
        if (shows && reading->day == day && reading->not_read == NOT_READ_NONE &&
            reading->reg != REGISTER_VC) {
            return true;
        }
    }
    return false;
}

/* Reactive energy is charged for the whole period: its register need not be read. */
static void active_meters(const struct usage_input *input, struct hung_meter *out)
{
    for (size_t i = 0; i < input->installation_count; i++) {
        out[i] = input->installations[i];
        out[i].registers &= ACTIVE;
    }
}

static void note_indexes(const struct usage_result *part, struct usage_split *out)
{
    for (int reg = 0; reg < REGISTER_COUNT; reg++) out->index_wh[reg] = -1;
    for (size_t i = 0; i < part->pair_count; i++) {
        const struct usage_pair *pair = &part->pairs[i];
        if (pair->to_day != out->day) continue;
        out->index_wh[pair->reg] = pair->to_index_wh;
        out->source = pair->source;
    }
}

enum split_verdict usage_split(const struct usage_input *input, const struct usage_result *whole,
                               int32_t day, struct usage_split *out)
{
    ASSERT(whole->has_usage && day > whole->from_day && day < whole->to_day);
    if (whole->estimated || !read_on(input, day)) return SPLIT_NOT_READ;
    if (input->installation_count > USAGE_PAIRS_MAX) return SPLIT_UNFIT;
    struct hung_meter meters[USAGE_PAIRS_MAX] = {0};
    active_meters(input, meters);
    struct usage_input until = *input;
    until.installations = meters;
    until.split_day = day;
    until.whole_to_day = whole->to_day;
    struct usage_result part;
    usage_compute(&until, &part);
    if (!part.has_usage || part.from_day != whole->from_day) return SPLIT_UNFIT;
    struct usage_split split = {.day = day};
    (void)other_registers(whole->registers, part.register_wh, part.registers, split.register_wh);
    (void)other_registers(whole->registers, part.metered_register_wh, part.registers,
                          split.metered_register_wh);
    if (!(part.registers & THREE) && (whole->registers & THREE)) {
        split.register_wh[REGISTER_BT] += split.register_wh[REGISTER_KT];
        split.metered_register_wh[REGISTER_BT] += split.metered_register_wh[REGISTER_KT];
        split.register_wh[REGISTER_KT] = split.metered_register_wh[REGISTER_KT] = 0;
    }
    note_indexes(&part, &split);
    if (!usage_split_fits(whole, &split, NULL)) return SPLIT_UNFIT;
    *out = split;
    return SPLIT_READ;
}

bool usage_split_fits(const struct usage_result *whole, const struct usage_split *split,
                      const struct usage_split *before)
{
    for (int reg = 0; reg < REGISTER_COUNT; reg++) {
        if (!(ACTIVE & 1U << reg)) continue;
        int64_t least_wh = before == NULL ? 0 : before->register_wh[reg];
        if (split->register_wh[reg] < least_wh) return false;
        if (split->register_wh[reg] > whole->register_wh[reg]) return false;
    }
    return true;
}

void usage_split_relate(const struct usage_result *whole, struct usage_split *split, int sign,
                        const int64_t *register_wh, unsigned registers)
{
    ASSERT(sign == 1 || sign == -1);
    int64_t other[REGISTER_COUNT];
    if (!other_registers(whole->registers, register_wh, registers, other)) return;
    for (int reg = 0; reg < REGISTER_COUNT; reg++) split->register_wh[reg] += sign * other[reg];
}
