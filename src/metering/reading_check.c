/* SPDX-License-Identifier: Apache-2.0 */
#include "metering/reading_check.h"

#include "base/integer.h"
#include "tariff/meter_kwh.h"

/* What the days since the reading before would have used at the pace of the use before. */
static int128 usual_wh(const struct known_reading *before, int64_t days)
{
    return (int128)before->use_wh * days / max_i64(before->use_days, 1);
}

static unsigned compare(const struct known_reading *before, int64_t use_wh, int64_t days,
                        const struct metering_parameters *parameters)
{
    if (before->use_wh <= 0 || days <= 0) return 0;
    if (use_wh == 0) return FINDING_ZERO;
    int128 usual = usual_wh(before, days);
    bool high = (int128)use_wh * 100 > usual * parameters->high_percent &&
                use_wh - usual >= parameters->high_floor_wh;
    bool low = (int128)use_wh * 100 < usual * parameters->low_percent &&
               usual - use_wh >= parameters->low_floor_wh;
    return high ? FINDING_HIGH : low ? FINDING_LOW : 0;
}

struct reading_judgement reading_judge(const struct register_frame *frame,
                                       const struct known_reading *before, int32_t day,
                                       int64_t index_wh,
                                       const struct metering_parameters *parameters)
{
    struct reading_judgement judgement = {.use_wh = -1};
    if (before == NULL) return judgement;
    ASSERT(before->day <= day && before->index_wh >= 0);
    struct meter_register meter = {
        .old_milli = before->index_wh, .new_milli = index_wh, .digits = frame->digits,
        .multiplier_milli = frame->multiplier * 1000,
        .expected_wh = frame->reg == REGISTER_VC ? -1 : before->use_wh};
    struct meter_use use;
    struct err ignored;
    judgement.use_days = day - before->day;
    if (meter_use_of(&meter, &use, &ignored) != OK || use.verdict != METER_FORWARD) {
        judgement.findings = FINDING_ROLLOVER;
        return judgement;
    }
    judgement.use_wh = use.use_wh;
    if (frame->reg != REGISTER_VC)
        judgement.findings = compare(before, use.use_wh, judgement.use_days, parameters);
    return judgement;
}

struct str reading_finding_text(enum reading_finding_bit bit)
{
    switch (bit) {
    case FINDING_ROLLOVER: return S("rollover");
    case FINDING_HIGH: return S("high");
    case FINDING_LOW: return S("low");
    case FINDING_ZERO: return S("zero");
    }
    ASSERT(false);
    return S("");
}
