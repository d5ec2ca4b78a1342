/* SPDX-License-Identifier: Apache-2.0 */
#include "tariff/calc_int.h"

/* kWh that decide which tier is charged for everything: tenants without declaration pay the tier
 * from 101 to 200, wholesale without household papers the tier from 201 to 300. */
enum { LODGER_KWH = 101, PAPERS_KWH = 201, BY_TIERS = -1, QUARTER_KWH_WH = 250 };

/* The part being priced; line is what all its lines have in common. */
struct priced {
    const struct price_table *table;
    size_t span;
    size_t use;
    struct calc_line line;
};

static void start_line(const struct calc *calc, struct priced *priced)
{
    const struct price_table *table = priced->table;
    const struct span *span = &calc->span[priced->span];
    priced->line = (struct calc_line){.from_day = span->from_day,
                                      .to_day = span->to_day,
                                      .kind = LINE_ENERGY,
                                      .category = table->category,
                                      .voltage = table->voltage,
                                      .decision = (uint8_t)span->decision,
                                      .campaign = NO_CAMPAIGN,
                                      .use = (uint8_t)priced->use};
}

static inline err_t add_energy(struct calc *calc, const struct priced *priced, unsigned index,
                               int64_t wh)
{
    if (wh == 0) return OK;
    struct calc_line *line = calc_add_line(calc);
    if (line == NULL) return err_memory(calc->err);
    const struct price_table *table = priced->table;
    *line = priced->line;
    line->wh = wh;
    line->price_vnd = table->price_vnd[index];
    line->confidence = table->confidence[index];
    if (table->shape == SHAPE_TIERS) line->tier = (uint8_t)(index + 1);
    else if (table->shape == SHAPE_TOU) line->tou = (uint8_t)(index + 1);
    return mul_i64(wh, line->price_vnd, &line->amount_mvnd) ? OK : calc_overflow(calc);
}

static unsigned tier_with(const struct price_table *table, int32_t kwh)
{
    unsigned tier = 0;
    while (table->upto_kwh[tier] < kwh) tier++;
    return tier;
}

/* The one tier charged for everything, or BY_TIERS. */
static int only_tier(struct calc *calc, const struct priced *priced)
{
    const struct calc_request *request = calc->request;
    enum category_group group = category_group(priced->table->category);
    if (request->lodgers_undeclared && group == GROUP_RESIDENTIAL)
        return (int)tier_with(priced->table, LODGER_KWH);
    if (request->papers_missing && group == GROUP_WHOLESALE_RESIDENTIAL)
        return (int)tier_with(priced->table, PAPERS_KWH);
    return BY_TIERS;
}

/* Fills the tiers from what is billed already up to the whole use. */
static err_t price_tiers(struct calc *calc, const struct priced *priced, int64_t billed_wh,
                         int64_t whole_wh)
{
    const struct price_table *table = priced->table;
    int32_t quarters = calc->request->use[priced->use].household_quarters;
    if (quarters == 0) quarters = calc->request->household_quarters;
    int only = only_tier(calc, priced);
    if (only != BY_TIERS) return add_energy(calc, priced, (unsigned)only, whole_wh - billed_wh);
    bool whole_widths = calc->span_count == 1 && calc->request->prorate == PRORATE_NONE;
    int64_t bound_wh = 0, at_wh = billed_wh;
    for (unsigned tier = 0; tier < table->count && at_wh < whole_wh; tier++) {
        int64_t upper_wh = whole_wh;
        if (tier + 1U < table->count) {
            bound_wh = whole_widths
                           ? (int64_t)table->upto_kwh[tier] * QUARTER_KWH_WH * quarters
                           : bound_wh + calc_width_wh(calc, priced->span, table, tier, quarters);
            upper_wh = min_i64(bound_wh, whole_wh);
        }
        if (upper_wh <= at_wh) continue;
        err_t code = add_energy(calc, priced, tier, upper_wh - at_wh);
        if (!FINE(code)) return code;
        at_wh = upper_wh;
    }
    return OK;
}

static err_t price_registers(struct calc *calc, const struct priced *priced,
                             const struct part *part)
{
    for (unsigned reg = 0; reg < TOU_REGISTERS; reg++) {
        err_t code = add_energy(calc, priced, reg, part->wh[reg] - part->billed_wh[reg]);
        if (code != OK) return code;
    }
    return OK;
}

static err_t price_part(struct calc *calc, const struct priced *priced, const struct part *part)
{
    bool registers = calc->request->usage.registers;
    if (priced->table->shape == SHAPE_TOU && registers)
        return price_registers(calc, priced, part);
    /* Registers without a price of their own are added. */
    int64_t whole_wh = part->wh[0] + part->wh[1] + part->wh[2];
    int64_t billed_wh = part->billed_wh[0] + part->billed_wh[1] + part->billed_wh[2];
    if (priced->table->shape == SHAPE_TIERS)
        return price_tiers(calc, priced, billed_wh, whole_wh);
    /* The one price, or that of normal hours for one-price use of a category by time. */
    return add_energy(calc, priced, 0, whole_wh - billed_wh);
}

/* Room for all lines of the request: energy, the same again for support, one per kW and span, the
 * reactive charge. */
static err_t make_room(struct calc *calc)
{
    const struct calc_request *request = calc->request;
    size_t most = 0;
    for (size_t u = 0; u < request->use_count; u++) {
        enum price_shape shape = category_shape(request->use[u].category);
        most += shape == SHAPE_TIERS ? TIER_MAX : TOU_REGISTERS;
    }
    most *= calc->span_count;
    int32_t day = support_day(request);
    if (day >= calc->book->campaign_from_day && day <= calc->book->campaign_to_day)
        most = 2 * most + BOOK_LIST_MAX;
    calc->line_max = most + calc->span_count + 1;
    calc->line = ARENA_ARRAY(calc->arena, struct calc_line, calc->line_max);
    return calc->line == NULL ? err_memory(calc->err) : OK;
}

err_t calc_energy(struct calc *calc)
{
    err_t code = make_room(calc);
    size_t use_count = calc->request->use_count;
    for (size_t span = 0; span < calc->span_count && code == OK; span++)
        for (size_t use = 0; use < use_count && code == OK; use++) {
            struct priced priced = {.span = span, .use = use};
            code = calc_table(calc, span, use, &priced.table);
            if (!FINE(code)) break;
            start_line(calc, &priced);
            code = price_part(calc, &priced, &calc->part[span * use_count + use]);
        }
    return code;
}
