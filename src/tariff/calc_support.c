/* SPDX-License-Identifier: Apache-2.0 */
/* Support of 2020 and 2021, by bill month.
 *
 * By unit price: the energy line stays at the full price and a second line takes off the difference
 * to the reduced price, which is rounded to whole đồng. By amount: one line for the bill. An energy
 * line takes the first rule of the book that fits, unit prices before amounts, and no second one:
 * support never exceeds the money it is for. */
#include "base/date.h"
#include "tariff/calc_int.h"

enum { WHOLE_HUNDREDTHS = 100 * 100, KWH_WH = 1000 };

struct support {
    struct calc *calc;
    int32_t month;
    size_t energy_count;
    bool *taken; /* by energy line: it has had its support */
};

static bool rule_holds(const struct support *support, const struct campaign_rule *rule)
{
    return rule->from_month <= support->month && support->month <= rule->to_month &&
           (rule->fact == FACT_NONE ||
            (support->calc->request->fact_mask >> rule->fact & 1) != 0);
}

static bool rule_fits(const struct campaign_rule *rule, const struct calc_line *line)
{
    return (rule->category_mask >> line->category & 1) != 0 &&
           (rule->tier_upto == 0 || line->tier <= rule->tier_upto);
}

/* The full price of the category that stands in for the line's own: lodging for tourists pays the
 * production price of its voltage; from 22 kV upward that of 22 kV to below 110 kV. */
static bool replacing_price(const struct support *support, const struct campaign_rule *rule,
                            const struct calc_line *line, int64_t *out)
{
    if (rule->price_of < 0) {
        *out = line->price_vnd;
        return true;
    }
    const struct decision *decision = &support->calc->book->decision[line->decision];
    enum category category = (enum category)rule->price_of;
    enum voltage voltage = line->voltage == VOLTAGE_GE22 ? VOLTAGE_22_110 : line->voltage;
    const struct price_table *table = book_table(decision, category, voltage);
    if (table == NULL || table->shape != SHAPE_TOU || line->tou == TOU_NONE) return false;
    *out = table->price_vnd[line->tou - 1];
    return true;
}

static err_t add_support(const struct support *support, const struct calc_line *energy,
                         const struct campaign_rule *rule, uint8_t campaign)
{
    struct calc *calc = support->calc;
    int64_t full_vnd;
    if (!replacing_price(support, rule, energy, &full_vnd)) return OK;
    int64_t reduced_vnd =
        div_half_up(full_vnd * (WHOLE_HUNDREDTHS - rule->percent_hundredths), WHOLE_HUNDREDTHS);
    if (reduced_vnd >= energy->price_vnd) return OK;
    struct calc_line *line = calc_add_line(calc);
    if (line == NULL) return err_memory(calc->err);
    *line = *energy;
    line->kind = LINE_SUPPORT;
    line->price_vnd = (int32_t)(reduced_vnd - energy->price_vnd);
    line->campaign = campaign;
    line->confidence = rule->confidence;
    /* No larger than the energy amount, which fitted. */
    line->amount_mvnd = energy->wh * line->price_vnd;
    return OK;
}

/* The first rule by unit price that fits the energy line. */
static err_t support_line(struct support *support, size_t index)
{
    struct calc *calc = support->calc;
    for (uint8_t c = 0; c < calc->book->campaign_count; c++) {
        const struct campaign *campaign = &calc->book->campaign[c];
        for (size_t r = 0; r < campaign->rule_count && campaign->established; r++) {
            const struct campaign_rule *rule = &campaign->rule[r];
            if (rule->method != SUPPORT_UNIT_PRICE || !rule_holds(support, rule) ||
                !rule_fits(rule, &calc->line[index]))
                continue;
            support->taken[index] = true;
            return add_support(support, &calc->line[index], rule, c);
        }
    }
    return OK;
}

static err_t refuse_unknown(struct support *support, const struct campaign *campaign,
                            const struct campaign_rule *rule)
{
    static const char *const fields[FACT_COUNT] = {
        [FACT_NONE] = "to",
        [FACT_RESTRICTED_AREA] = "support.restricted_area",
        [FACT_TOURIST_LODGING] = "support.tourist_lodging",
        [FACT_QUARANTINE_FREE] = "support.quarantine_site",
        [FACT_QUARANTINE_PAID] = "support.quarantine_site"};
    struct err *err = support->calc->err;
    err_set(err, E_INPUT, fields[rule->fact], "Mức giảm của đợt hỗ trợ %.*s chưa được xác định",
            "The reductions of support round %.*s are not established", STR_ARG(campaign->id));
    err_detail(err, "Căn cứ: %.*s", "Document: %.*s", STR_ARG(campaign->document_vi));
    return err_hint(err, "Bổ sung đợt này vào biểu giá rồi tính lại",
                    "Add the round to the price book and calculate again");
}

static err_t support_amount(struct support *support, const struct campaign_rule *rule,
                            uint8_t campaign)
{
    struct calc *calc = support->calc;
    int64_t base_mvnd = 0, wh = 0, amount_mvnd;
    const struct calc_line *first = NULL;
    for (size_t i = 0; i < support->energy_count; i++) {
        const struct calc_line *line = &calc->line[i];
        if (!rule_fits(rule, line)) continue;
        wh += line->wh;
        if (support->taken[i]) continue;
        if (first == NULL) first = line;
        if (!add_i64(base_mvnd, line->amount_mvnd, &base_mvnd)) return calc_overflow(calc);
    }
    for (size_t i = 0; i < calc->span_count * calc->request->use_count; i++) {
        const struct part *part = &calc->part[i];
        const struct calc_use *use = &calc->request->use[i % calc->request->use_count];
        if ((rule->category_mask >> use->category & 1) == 0) continue;
        wh += part->billed_wh[0] + part->billed_wh[1] + part->billed_wh[2];
    }
    if (rule->kwh_limited &&
        (wh <= rule->kwh_above * KWH_WH || (rule->kwh_upto < INT64_MAX / KWH_WH &&
                                            wh > rule->kwh_upto * KWH_WH)))
        return OK;
    bool fits = mul_div_half_up(base_mvnd, rule->percent_hundredths, WHOLE_HUNDREDTHS,
                                &amount_mvnd);
    ASSERT(fits);
    for (size_t i = 0; i < support->energy_count; i++)
        support->taken[i] = support->taken[i] || rule_fits(rule, &calc->line[i]);
    if (amount_mvnd == 0 || first == NULL) return OK;
    struct calc_line *line = calc_add_line(calc);
    if (line == NULL) return err_memory(calc->err);
    *line = *first;
    line->kind = LINE_SUPPORT;
    line->wh = -1;
    line->price_vnd = 0;
    line->tier = line->tou = 0;
    line->from_day = calc->request->from_day;
    line->to_day = calc->request->to_day;
    line->amount_mvnd = -amount_mvnd;
    line->percent_hundredths = rule->percent_hundredths;
    line->campaign = campaign;
    line->confidence = rule->confidence;
    return OK;
}

static bool any_line_fits(const struct support *support, const struct campaign_rule *rule)
{
    for (size_t i = 0; i < support->energy_count; i++)
        if (rule_fits(rule, &support->calc->line[i])) return true;
    return false;
}

static err_t support_amounts(struct support *support)
{
    struct calc *calc = support->calc;
    for (uint8_t c = 0; c < calc->book->campaign_count; c++) {
        const struct campaign *campaign = &calc->book->campaign[c];
        for (size_t r = 0; r < campaign->rule_count; r++) {
            const struct campaign_rule *rule = &campaign->rule[r];
            if (!rule_holds(support, rule) || !any_line_fits(support, rule)) continue;
            if (!campaign->established) return refuse_unknown(support, campaign, rule);
            if (rule->method != SUPPORT_AMOUNT) continue;
            err_t code = support_amount(support, rule, c);
            if (code != OK) return code;
        }
    }
    return OK;
}

err_t calc_support(struct calc *calc)
{
    const struct calc_request *request = calc->request;
    int32_t day = support_day(request);
    if (day < calc->book->campaign_from_day || day > calc->book->campaign_to_day) return OK;
    struct support support = {.calc = calc, .month = month_of_day(day)};
    while (support.energy_count < calc->line_count &&
           calc->line[support.energy_count].kind == LINE_ENERGY)
        support.energy_count++;
    support.taken = ARENA_ARRAY(calc->arena, bool, support.energy_count);
    if (support.taken == NULL) return err_memory(calc->err);
    for (size_t i = 0; i < support.energy_count; i++) {
        err_t code = support_line(&support, i);
        if (code != OK) return code;
    }
    return support_amounts(&support);
}
