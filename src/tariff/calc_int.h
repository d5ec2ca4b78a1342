/* SPDX-License-Identifier: Apache-2.0 */
/* Private to the bill calculator: the work of one request between its steps. */
#ifndef SANGDEN_TARIFF_CALC_INT_H
#define SANGDEN_TARIFF_CALC_INT_H

#include "base/integer.h"
#include "tariff/calc.h"

/* A chain of steps that may each fail looks unlikely to a compiler, which then saves bytes in place
 * of time at its end; this says that the chain is the rule. */
#define FINE(code) __builtin_expect((code) == OK, 1)

/* Days [from_day, to_day) under one decision. */
struct span {
    int32_t from_day;
    int32_t to_day;
    int32_t decision;
};

/* One use in one span. */
struct part {
    int64_t wh[TOU_REGISTERS];     /* to be priced; with billed_wh inside when back-billing */
    int64_t billed_wh[TOU_REGISTERS];
};

struct calc {
    const struct price_book *book;
    const struct calc_request *request;
    struct arena *arena;
    struct err *err;
    size_t span_count;
    int32_t month_days;
    uint32_t rule_mask;
    struct part *part; /* span-major: part[span * use_count + use] */
    struct calc_line *line;
    size_t line_count;
    size_t line_max;
    struct price_table averaged; /* prices worked out from an average */
    struct span span[SPAN_MAX];
};

/* Divides the period where the price changes. */
NODISCARD err_t calc_find_spans(struct calc *calc);
/* Divides the use among uses and spans. */
NODISCARD err_t calc_split(struct calc *calc);
/* Prices every part. */
NODISCARD err_t calc_energy(struct calc *calc);
/* Adds the prices per kW of a two-part tariff. */
NODISCARD err_t calc_capacity(struct calc *calc);
/* Adds the surcharge for a low power factor. */
NODISCARD err_t calc_reactive(struct calc *calc);
/* Adds what support campaigns take off. */
NODISCARD err_t calc_support(struct calc *calc);

/* The price table of a use in a span, after missing papers; E_INPUT names the use. */
NODISCARD err_t calc_table(struct calc *calc, size_t span, size_t use,
                           const struct price_table **out);
/* Width of one tier (0-based) of a table in watt-hours, times households, prorated as asked. */
int64_t calc_width_wh(const struct calc *calc, size_t span, const struct price_table *table,
                      unsigned tier, int32_t household_quarters);
/* Room for one more line; the caller fills it. NULL when there is none left. */
static inline struct calc_line *calc_add_line(struct calc *calc)
{
    return calc->line_count == calc->line_max ? NULL : &calc->line[calc->line_count++];
}

static inline int64_t usage_wh(const struct calc_usage *usage)
{
    return usage->registers ? usage->wh[0] + usage->wh[1] + usage->wh[2] : usage->wh[0];
}

static inline int32_t support_day(const struct calc_request *request)
{
    return request->support_day == DAY_OPEN ? request->to_day : request->support_day;
}

/* Refuses by the name of a use: "uses[1].share". vi, en, hints are texts without directives. */
err_t calc_refuse_use(struct calc *calc, size_t use, const char *member, const char *vi,
                      const char *en, const char *hint_vi, const char *hint_en);
err_t calc_overflow(struct calc *calc);

#endif
