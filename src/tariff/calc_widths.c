/* SPDX-License-Identifier: Apache-2.0 */
#include "tariff/calc_int.h"

enum { KWH_WH = 1000, QUARTERS = 4 };

static int64_t tier_kwh(const struct price_table *table, unsigned tier)
{
    return table->upto_kwh[tier] - (tier == 0 ? 0 : table->upto_kwh[tier - 1]);
}

/* width x days / month days x households, half up or truncated, in whole kWh. */
static int64_t prorated_wh(const struct calc *calc, int64_t width_kwh, int64_t days,
                           int64_t quarters, bool truncate)
{
    /* At most 10^6 kWh x 110,000 days x 4 x 10^6 quarters: the product fits 64 bits. */
    int64_t product = width_kwh * days * quarters;
    int64_t divisor = (int64_t)calc->month_days * QUARTERS;
    return (truncate ? product / divisor : div_half_up(product, divisor)) * KWH_WH;
}

/* What the earlier spans of a price change have taken of a tier, truncated; false when one of them
 * has other tiers, so that nothing can be said to remain. */
static bool taken_before(const struct calc *calc, const struct price_table *table, unsigned tier,
                         int64_t quarters, int64_t *out)
{
    int64_t taken_wh = 0;
    for (size_t s = 0; s + 1 < calc->span_count; s++) {
        const struct decision *decision = &calc->book->decision[calc->span[s].decision];
        const struct price_table *other = book_table(decision, table->category, table->voltage);
        if (other == NULL || other->count != table->count ||
            tier_kwh(other, tier) != tier_kwh(table, tier))
            return false;
        taken_wh += prorated_wh(calc, tier_kwh(table, tier),
                                calc->span[s].to_day - calc->span[s].from_day, quarters, true);
    }
    *out = taken_wh;
    return true;
}

int64_t calc_width_wh(const struct calc *calc, size_t span, const struct price_table *table,
                      unsigned tier, int32_t household_quarters)
{
    const struct calc_request *request = calc->request;
    int64_t width_kwh = tier_kwh(table, tier);
    int64_t exact_wh = width_kwh * (KWH_WH / QUARTERS) * household_quarters;
    int64_t period_days = request->to_day - request->from_day;
    if (calc->span_count == 1)
        return request->prorate == PRORATE_NONE
                   ? exact_wh
                   : prorated_wh(calc, width_kwh, period_days, household_quarters, false);
    int64_t days = calc->span[span].to_day - calc->span[span].from_day;
    if (request->change_split == SPLIT_HALF_UP)
        return prorated_wh(calc, width_kwh, days, household_quarters, false);
    if (span + 1 < calc->span_count)
        return prorated_wh(calc, width_kwh, days, household_quarters, true);
    int64_t taken_wh;
    if (!taken_before(calc, table, tier, household_quarters, &taken_wh))
        return prorated_wh(calc, width_kwh, days, household_quarters, false);
    int64_t whole_wh = request->prorate == PRORATE_NONE
                           ? exact_wh
                           : prorated_wh(calc, width_kwh, period_days, household_quarters, false);
    return max_i64(whole_wh - taken_wh, 0);
}
