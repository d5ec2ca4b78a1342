/* SPDX-License-Identifier: Apache-2.0 */
#include "base/decimal.h"
#include "tariff/calc.h"

enum { AVERAGE_PLACES = 6, PERCENT_PLACES = 2 };

static bool follows_days(const struct calc_request *request, const struct calc_line *line)
{
    return line->tier != 0 && request->prorate != PRORATE_NONE && !request->lodgers_undeclared;
}

/* The rule that decided the tier of the line besides the width, or RULE_COUNT. */
static enum book_rule deciding_rule(const struct calc_request *request,
                                    const struct calc_line *line)
{
    enum category_group group = category_group((enum category)request->use[line->use].category);
    if (request->papers_missing && group == GROUP_WHOLESALE_RESIDENTIAL)
        return RULE_PAPERS_MISSING;
    if (line->tier == 0) return RULE_COUNT;
    if (request->lodgers_undeclared && group == GROUP_RESIDENTIAL) return RULE_LODGERS;
    return follows_days(request, line) ? RULE_PRORATION : RULE_COUNT;
}

static int64_t average_of(const struct calc_request *request, const struct decision *decision)
{
    return request->average_ppm > 0 ? request->average_ppm : decision->average_ppm;
}

static void add_word(struct buf *out, struct str before, struct str word)
{
    buf_add(out, before);
    buf_add(out, word);
}

static void energy_vi(const struct price_book *book, const struct calc_request *request,
                      const struct calc_line *line, struct buf *out)
{
    const struct decision *decision = &book->decision[line->decision];
    buf_add(out, decision->basis_vi);
    if (decision->by_average) {
        buf_add(out, S(", giá bình quân "));
        buf_add_decimal_vi(out, average_of(request, decision), AVERAGE_PLACES);
        buf_add(out, S(" đ/kWh"));
    }
    add_word(out, S(": "), category_vi((enum category)line->category));
    if (line->voltage != VOLTAGE_NONE)
        add_word(out, S(", "), voltage_vi((enum voltage)line->voltage));
    if (line->tier != 0) {
        buf_add(out, S(", bậc "));
        buf_add_i64(out, line->tier);
    }
    if (line->tou != TOU_NONE) add_word(out, S(", "), tou_vi((enum tou)line->tou));
    if (line->kind == LINE_FEE) buf_add(out, S(", giá công suất"));
    enum book_rule rule = deciding_rule(request, line);
    if (rule != RULE_COUNT) add_word(out, S("; "), book->rule[rule].legal_vi);
    if (request->backbill == BACKBILL_THEFT)
        add_word(out, S("; "), book->rule[RULE_BACKBILL].legal_vi);
}

static void energy_en(const struct price_book *book, const struct calc_request *request,
                      const struct calc_line *line, struct buf *out)
{
    const struct decision *decision = &book->decision[line->decision];
    buf_add(out, decision->basis_en);
    if (decision->by_average) {
        buf_add(out, S(", average price "));
        buf_add_decimal(out, average_of(request, decision), AVERAGE_PLACES);
        buf_add(out, S(" VND/kWh"));
    }
    add_word(out, S(": "), category_en((enum category)line->category));
    if (line->voltage != VOLTAGE_NONE)
        add_word(out, S(", "), voltage_en((enum voltage)line->voltage));
    if (line->tier != 0) {
        buf_add(out, S(", tier "));
        buf_add_i64(out, line->tier);
    }
    if (line->tou != TOU_NONE) add_word(out, S(", "), tou_en((enum tou)line->tou));
    if (line->kind == LINE_FEE) buf_add(out, S(", price of capacity"));
    enum book_rule rule = deciding_rule(request, line);
    if (rule != RULE_COUNT) add_word(out, S("; "), book->rule[rule].legal_en);
    if (request->backbill == BACKBILL_THEFT)
        add_word(out, S("; "), book->rule[RULE_BACKBILL].legal_en);
}

void calc_basis_vi(const struct price_book *book, const struct calc_request *request,
                   const struct calc_line *line, struct buf *out)
{
    if (line->kind == LINE_SUPPORT) {
        buf_printf(out, "%.*s: hỗ trợ giảm tiền điện",
                   STR_ARG(book->campaign[line->campaign].document_vi));
    } else if (line->kind == LINE_REACTIVE) {
        const struct reactive_rule *rule = book_reactive_at(book, line->to_day);
        buf_printf(out, "%.*s: cos φ ", STR_ARG(rule->legal_vi));
        buf_add_decimal_vi(out, line->cosphi_hundredths, PERCENT_PLACES);
        buf_add(out, S(" dưới 0,9, k = "));
        buf_add_decimal_vi(out, line->percent_hundredths, PERCENT_PLACES);
        buf_add(out, S(" %"));
    } else {
        energy_vi(book, request, line, out);
    }
}

void calc_basis_en(const struct price_book *book, const struct calc_request *request,
                   const struct calc_line *line, struct buf *out)
{
    if (line->kind == LINE_SUPPORT) {
        buf_printf(out, "%.*s: support", STR_ARG(book->campaign[line->campaign].document_en));
    } else if (line->kind == LINE_REACTIVE) {
        const struct reactive_rule *rule = book_reactive_at(book, line->to_day);
        buf_printf(out, "%.*s: cos φ ", STR_ARG(rule->legal_en));
        buf_add_decimal(out, line->cosphi_hundredths, PERCENT_PLACES);
        buf_add(out, S(" below 0.9, k = "));
        buf_add_decimal(out, line->percent_hundredths, PERCENT_PLACES);
        buf_add(out, S(" %"));
    } else {
        energy_en(book, request, line, out);
    }
}
