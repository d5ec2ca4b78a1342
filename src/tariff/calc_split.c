/* SPDX-License-Identifier: Apache-2.0 */
/* Shares first, days second.
 *
 * Everything is worked out on cumulative quantities: what every use has used from the first day up
 * to a price-change day (a boundary). A span's part is the difference of its two boundaries, so the
 * parts always add up to the use of the period, whatever was rounded. */
#include "tariff/calc_int.h"

enum { KWH_WH = 1000 };

/* One register during the split. bound[b * use_count + u] is what use u has used up to the end of
 * span b; the last boundary is the whole period. */
struct split {
    const struct calc *calc;
    int64_t *bound;
    size_t use_count;
    int64_t unit_wh;
};

static bool has_fraction(const struct calc_usage *usage)
{
    return (usage->wh[0] | usage->wh[1] | usage->wh[2]) != 0 &&
           (usage->wh[0] % KWH_WH != 0 || usage->wh[1] % KWH_WH != 0 ||
            usage->wh[2] % KWH_WH != 0);
}

/* Whole kWh, or watt-hours where the input has fractions of a kWh. */
static int64_t unit_of(const struct calc_request *request)
{
    bool fraction = has_fraction(&request->usage) || has_fraction(&request->billed);
    for (size_t i = 0; i < request->reading_count; i++)
        fraction = fraction || has_fraction(&request->reading[i].usage);
    return fraction ? 1 : KWH_WH;
}

/* Takes what is negative off the others, so that a rounding by one never makes negative use. The
 * sum of part[0..count) is not negative. */
static void balance(int64_t *part, size_t count)
{
    int64_t lacking = 0;
    for (size_t i = 0; i < count; i++) {
        if (part[i] >= 0) continue;
        lacking -= part[i];
        part[i] = 0;
    }
    for (size_t i = count; i-- > 0 && lacking > 0;) {
        int64_t taken = min_i64(part[i], lacking);
        part[i] -= taken;
        lacking -= taken;
    }
    ASSERT(lacking == 0);
}

/* Divides whole_wh by the shares: every part but the last half up, the last takes what remains. */
static void divide_shares(const struct split *split, int64_t whole_wh, int64_t *out)
{
    const struct calc_use *use = split->calc->request->use;
    size_t last = split->use_count - 1;
    int64_t left_wh = whole_wh;
    for (size_t u = 0; u < last; u++) {
        int64_t units = 0;
        bool fits = mul_div_half_up(whole_wh, use[u].share_milli,
                                    SHARE_WHOLE_MILLI * split->unit_wh, &units);
        ASSERT(fits);
        out[u] = units * split->unit_wh;
        left_wh -= out[u];
    }
    out[last] = left_wh;
    balance(out, split->use_count);
}

/* The boundary at the end of the whole period, of the use or of what is billed already. */
static void divide_whole(const struct split *split, int64_t whole_wh, bool billed, int64_t *out)
{
    const struct calc_request *request = split->calc->request;
    if (!request->own_kwh) {
        divide_shares(split, whole_wh, out);
        return;
    }
    for (size_t u = 0; u < split->use_count; u++)
        out[u] = billed ? request->use[u].own_billed_wh : request->use[u].own_wh;
}

/* Boundaries without a reading, between two known ones: in proportion to days, in whole kWh. */
static void fill_by_days(const struct split *split, size_t known, size_t next)
{
    const struct span *span = split->calc->span;
    bool from_start = known == SIZE_MAX;
    int32_t start_day = from_start ? span[0].from_day : span[known].to_day;
    int32_t days = span[next].to_day - start_day;
    for (size_t b = from_start ? 0 : known + 1; b < next; b++) {
        for (size_t u = 0; u < split->use_count; u++) {
            int64_t base = from_start ? 0 : split->bound[known * split->use_count + u];
            int64_t gain = split->bound[next * split->use_count + u] - base;
            int64_t kwh = 0;
            bool fits = mul_div_half_up(gain, span[b].to_day - start_day,
                                        (int64_t)days * KWH_WH, &kwh);
            ASSERT(fits);
            split->bound[b * split->use_count + u] = base + min_i64(kwh * KWH_WH, gain);
        }
    }
}

static const struct calc_reading *reading_at(const struct calc_request *request, int32_t day)
{
    for (size_t i = 0; i < request->reading_count; i++)
        if (request->reading[i].day == day) return &request->reading[i];
    return NULL;
}

/* Readings divided by shares may step back by one unit between two boundaries; mend that. */
static void keep_rising(const struct split *split, size_t before, size_t at)
{
    int64_t step[USE_MAX];
    int64_t *bound = split->bound;
    size_t count = split->use_count;
    for (size_t u = 0; u < count; u++)
        step[u] = bound[at * count + u] - (before == SIZE_MAX ? 0 : bound[before * count + u]);
    balance(step, count);
    for (size_t u = 0; u < count; u++)
        bound[at * count + u] = (before == SIZE_MAX ? 0 : bound[before * count + u]) + step[u];
}

/* All boundaries of one register (or of one-price use). reg: index in wh. */
static void find_bounds(const struct split *split, const struct calc_usage *usage, unsigned reg,
                        bool billed)
{
    const struct calc *calc = split->calc;
    size_t last = calc->span_count - 1, known = SIZE_MAX;
    divide_whole(split, usage->wh[reg], billed, &split->bound[last * split->use_count]);
    for (size_t b = 0; b <= last; b++) {
        const struct calc_reading *reading =
            billed ? NULL : reading_at(calc->request, calc->span[b].to_day);
        if (b < last && reading == NULL) continue;
        if (b < last)
            divide_shares(split, reading->usage.wh[reg], &split->bound[b * split->use_count]);
        keep_rising(split, known, b);
        fill_by_days(split, known, b);
        known = b;
    }
}

static int64_t step_of(const struct split *split, size_t b, size_t u)
{
    int64_t before = b == 0 ? 0 : split->bound[(b - 1) * split->use_count + u];
    return split->bound[b * split->use_count + u] - before;
}

/* Billed kWh never exceed the use of their own part: what rounding put too high moves on, first to
 * the other spans of the same use, then to other uses. Answers what found no place. */
static int64_t fit_billed(struct part *part, size_t stride, size_t count, unsigned reg,
                          int64_t surplus_wh)
{
    for (int round = 0; round < 2; round++)
        for (size_t i = 0; i < count; i++) {
            struct part *cell = &part[i * stride];
            int64_t wanted_wh = cell->billed_wh[reg] + surplus_wh;
            cell->billed_wh[reg] = min_i64(wanted_wh, cell->wh[reg]);
            surplus_wh = wanted_wh - cell->billed_wh[reg];
        }
    return surplus_wh;
}

static void fit_all_billed(struct calc *calc, unsigned reg)
{
    size_t use_count = calc->request->use_count;
    int64_t surplus_wh = 0;
    for (size_t u = 0; u < use_count; u++)
        surplus_wh += fit_billed(&calc->part[u], use_count, calc->span_count, reg, 0);
    surplus_wh = fit_billed(calc->part, 1, use_count * calc->span_count, reg, surplus_wh);
    ASSERT(surplus_wh == 0);
}

static void split_register(struct calc *calc, struct split *split, unsigned reg)
{
    const struct calc_request *request = calc->request;
    size_t count = request->use_count;
    find_bounds(split, &request->usage, reg, false);
    for (size_t b = 0; b < calc->span_count; b++)
        for (size_t u = 0; u < count; u++)
            calc->part[b * count + u].wh[reg] = step_of(split, b, u);
    if (request->backbill == BACKBILL_NONE) return;
    find_bounds(split, &request->billed, reg, true);
    for (size_t b = 0; b < calc->span_count; b++)
        for (size_t u = 0; u < count; u++)
            calc->part[b * count + u].billed_wh[reg] = step_of(split, b, u);
    fit_all_billed(calc, reg);
}

/* The rule of price changes divides use by days where there is no reading, and the widths of tiers
 * by days in any case. */
static bool divides_by_days(const struct calc *calc)
{
    const struct calc_request *request = calc->request;
    bool divides = request->reading_count < calc->span_count - 1;
    for (size_t u = 0; u < request->use_count && !divides; u++)
        divides = category_shape((enum category)request->use[u].category) == SHAPE_TIERS;
    return divides;
}

err_t calc_split(struct calc *calc)
{
    const struct calc_request *request = calc->request;
    size_t cells = calc->span_count * request->use_count;
    calc->part = ARENA_ARRAY(calc->arena, struct part, cells);
    if (calc->part == NULL) return err_memory(calc->err);
    if (cells == 1) { /* nearly every bill */
        for (unsigned reg = 0; reg < TOU_REGISTERS; reg++) {
            calc->part[0].wh[reg] = request->usage.wh[reg];
            calc->part[0].billed_wh[reg] = request->billed.wh[reg];
        }
        return OK;
    }
    struct split split = {.calc = calc,
                          .bound = ARENA_ARRAY(calc->arena, int64_t, cells),
                          .use_count = request->use_count,
                          .unit_wh = unit_of(request)};
    if (split.bound == NULL) return err_memory(calc->err);
    unsigned registers = request->usage.registers ? TOU_REGISTERS : 1;
    for (unsigned reg = 0; reg < registers; reg++) split_register(calc, &split, reg);
    if (calc->span_count > 1 && divides_by_days(calc)) calc->rule_mask |= 1U << RULE_PRICE_CHANGE;
    if (request->use_count > 1 && !request->own_kwh) calc->rule_mask |= 1U << RULE_MIXED_USE;
    return OK;
}
