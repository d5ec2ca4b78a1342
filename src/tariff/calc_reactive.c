/* SPDX-License-Identifier: Apache-2.0 */
#include "tariff/calc_int.h"

/* cos φ >= (2c - 1) / 200 exactly when (200 P)^2 >= (2c - 1)^2 (P^2 + Q^2): no root is drawn. */
int cosphi_of(int64_t active_wh, int64_t reactive_varh)
{
    ASSERT(active_wh > 0 && reactive_varh >= 0);
    int128 active = (int128)active_wh * active_wh;
    int128 apparent = active + (int128)reactive_varh * reactive_varh;
    int cosphi = 100;
    while (cosphi > 0 &&
           (2 * cosphi - 1) * (2 * cosphi - 1) * apparent > 200 * 200 * active)
        cosphi--;
    return cosphi;
}

static int64_t charged_mvnd(const struct calc *calc, bool *out_fits)
{
    int64_t sum_mvnd = 0;
    *out_fits = true;
    for (size_t i = 0; i < calc->line_count; i++) {
        const struct calc_line *line = &calc->line[i];
        if (line->kind != LINE_ENERGY ||
            category_is_residential(calc->request->use[line->use].category))
            continue;
        *out_fits = *out_fits && add_i64(sum_mvnd, line->amount_mvnd, &sum_mvnd);
    }
    return sum_mvnd;
}

/* Circular 15/2014/TT-BCT: from 40 kW of contract demand and below cos φ 0.90, a percentage of the
 * money for active energy that is not residential. */
err_t calc_reactive(struct calc *calc)
{
    const struct calc_request *request = calc->request;
    if (request->reactive == REACTIVE_NONE || calc->line_count == 0) return OK;
    const struct reactive_rule *rule = book_reactive_at(calc->book, request->to_day);
    if (rule == NULL || request->demand_w < rule->threshold_w) return OK;
    int cosphi = request->reactive == REACTIVE_COSPHI
                     ? request->cosphi_hundredths
                     : cosphi_of(usage_wh(&request->usage), request->reactive_varh);
    int32_t percent = rule->percent_hundredths[cosphi];
    bool fits;
    int64_t active_mvnd = charged_mvnd(calc, &fits), amount_mvnd;
    if (!fits || !mul_div_half_up(active_mvnd, percent, 100 * 100, &amount_mvnd))
        return calc_overflow(calc);
    if (amount_mvnd == 0) return OK;
    struct calc_line *line = calc_add_line(calc);
    if (line == NULL) return err_memory(calc->err);
    *line = (struct calc_line){
        .wh = -1,
        .amount_mvnd = amount_mvnd,
        .percent_hundredths = percent,
        .from_day = request->from_day,
        .to_day = request->to_day,
        .kind = LINE_REACTIVE,
        .decision = (uint8_t)calc->span[calc->span_count - 1].decision,
        .campaign = NO_CAMPAIGN,
        .cosphi_hundredths = (uint8_t)cosphi,
        .confidence = rule->confidence,
    };
    return OK;
}
