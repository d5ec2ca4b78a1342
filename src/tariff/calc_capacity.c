/* SPDX-License-Identifier: Apache-2.0 */
/* The capacity part of a two-part tariff: đồng per kW of contract demand and month.
 *
 * Watts times đồng per kW are thousandths of a đồng, as watt-hours times đồng per kWh are. A price
 * change inside the period divides the month by days. */
#include "tariff/calc_int.h"

static err_t refuse(struct calc *calc, const char *field, const char *vi, const char *en,
                    const char *hint_vi, const char *hint_en)
{
    err_set(calc->err, E_INPUT, field, "%s%.0s", "%.0s%s", vi, en);
    return err_hint(calc->err, "%s%.0s", "%.0s%s", hint_vi, hint_en);
}

static err_t add_capacity(struct calc *calc, const struct span *span,
                          const struct price_table *table)
{
    const struct calc_request *request = calc->request;
    int64_t month_mvnd, amount_mvnd;
    if (!mul_i64(request->demand_w, table->capacity_vnd, &month_mvnd) ||
        !mul_div_half_up(month_mvnd, span->to_day - span->from_day,
                         request->to_day - request->from_day, &amount_mvnd))
        return calc_overflow(calc);
    if (amount_mvnd == 0) return OK;
    struct calc_line *line = calc_add_line(calc);
    if (line == NULL) return err_memory(calc->err);
    *line = (struct calc_line){.wh = -1,
                               .amount_mvnd = amount_mvnd,
                               .price_vnd = table->capacity_vnd,
                               .from_day = span->from_day,
                               .to_day = span->to_day,
                               .kind = LINE_FEE,
                               .category = table->category,
                               .voltage = table->voltage,
                               .decision = (uint8_t)span->decision,
                               .campaign = NO_CAMPAIGN,
                               .confidence = table->capacity_confidence};
    return OK;
}

err_t calc_capacity(struct calc *calc)
{
    const struct calc_request *request = calc->request;
    for (size_t s = 0; s < calc->span_count; s++) {
        if (!calc->book->decision[calc->span[s].decision].by_capacity) continue;
        for (size_t u = 0; u < request->use_count; u++) {
            const struct price_table *table;
            err_t code = calc_table(calc, s, u, &table);
            if (code != OK) return code;
            if (table->capacity_vnd == 0 || request->backbill != BACKBILL_NONE) continue;
            if (request->use_count > 1)
                return refuse(calc, "uses", "Giá hai thành phần không chia được cho nhiều mục đích",
                              "A two-part price cannot be divided among several uses",
                              "Tính riêng từng mục đích", "Calculate each use on its own");
            if (request->demand_w < 0)
                return refuse(calc, "demand_kw", "Giá hai thành phần cần công suất hợp đồng",
                              "A two-part price needs the contract demand",
                              "Nêu \"demand_kw\"", "Give \"demand_kw\"");
            code = add_capacity(calc, &calc->span[s], table);
            if (code != OK) return code;
        }
    }
    return OK;
}
