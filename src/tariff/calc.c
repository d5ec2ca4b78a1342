/* SPDX-License-Identifier: Apache-2.0 */
#include "tariff/calc.h"

#include <string.h>

#include "base/date.h"
#include "tariff/calc_int.h"

static const int64_t ppm_hundredths = INT64_C(1000000) * 100 * 100;

void calc_request_init(struct calc_request *request)
{
    *request = (struct calc_request){.household_quarters = 4,
                                     .demand_w = -1,
                                     .decision = DECISION_BY_DATE,
                                     .vat_ppm = VAT_FROM_BOOK,
                                     .vat_day = DAY_OPEN,
                                     .support_day = DAY_OPEN};
}

err_t calc_refuse_use(struct calc *calc, size_t use, const char *member, const char *vi,
                      const char *en, const char *hint_vi, const char *hint_en)
{
    char field[ERR_FIELD_BYTES];
    struct buf buf;
    buf_init_fixed(&buf, field, sizeof field);
    buf_printf(&buf, "uses[%zu].%s", use, member);
    err_set(calc->err, E_INPUT, field, "%s%.0s", "%.0s%s", vi, en);
    return err_hint(calc->err, "%s%.0s", "%.0s%s", hint_vi, hint_en);
}

static err_t refuse(struct calc *calc, const char *field, const char *vi, const char *en,
                    const char *hint_vi, const char *hint_en)
{
    err_set(calc->err, E_INPUT, field, "%s%.0s", "%.0s%s", vi, en);
    return err_hint(calc->err, "%s%.0s", "%.0s%s", hint_vi, hint_en);
}

err_t calc_overflow(struct calc *calc)
{
    err_set(calc->err, E_OVERFLOW, "usage", "Số tiền quá lớn để tính chính xác",
            "The money is too large to be exact");
    return err_hint(calc->err, "Kiểm tra lại sản lượng", "Check the use");
}

static err_t check_usage(struct calc *calc, const char *field, const struct calc_usage *usage)
{
    for (int i = 0; i < TOU_REGISTERS; i++)
        if (usage->wh[i] < 0 || usage->wh[i] > CALC_WH_MAX)
            return refuse(calc, field, "Sản lượng âm hoặc quá lớn",
                          "The use is negative or too large", "Kiểm tra chỉ số công tơ",
                          "Check the readings");
    return OK;
}

static bool covers(const struct calc_usage *whole, const struct calc_usage *part)
{
    return whole->registers == part->registers && part->wh[0] <= whole->wh[0] &&
           part->wh[1] <= whole->wh[1] && part->wh[2] <= whole->wh[2];
}

static err_t check_billed(struct calc *calc)
{
    const struct calc_request *request = calc->request;
    err_t code = check_usage(calc, "billed", &request->billed);
    if (code != OK || request->backbill == BACKBILL_NONE) return code;
    if (!covers(&request->usage, &request->billed))
        return refuse(calc, "billed", "Sản lượng đã lập hóa đơn lớn hơn sản lượng tính được",
                      "More is billed already than the whole use",
                      "Nêu \"usage\" là toàn bộ sản lượng, gồm cả phần đã lập hóa đơn",
                      "Give as \"usage\" the whole use, what is billed included");
    if (request->reading_count > 0)
        return refuse(calc, "read_on_change", "Truy thu không dùng chỉ số ngày đổi giá",
                      "Back-billing takes no readings of price-change days",
                      "Chia thành hai yêu cầu tại ngày đổi giá",
                      "Make two requests, divided on the day of the change");
    return OK;
}

static bool good_quarters(int32_t quarters)
{
    return quarters >= 1 && quarters <= HOUSEHOLD_QUARTERS_MAX;
}

static err_t check_shares(struct calc *calc)
{
    const struct calc_request *request = calc->request;
    int64_t share_milli = 0, own_wh = 0, own_billed_wh = 0;
    for (size_t u = 0; u < request->use_count; u++) {
        const struct calc_use *use = &request->use[u];
        if (use->household_quarters != 0 && !good_quarters(use->household_quarters))
            return calc_refuse_use(calc, u, "households", "Số hộ phải từ 0,25 đến 1.000.000",
                                   "Households must be from 0.25 to 1,000,000",
                                   "Dùng bội số của 0.25", "Use a multiple of 0.25");
        if (request->own_kwh ? use->own_wh < 0 || use->own_wh > CALC_WH_MAX
                             : use->share_milli < 0 || use->share_milli > SHARE_WHOLE_MILLI)
            return calc_refuse_use(calc, u, request->own_kwh ? "kwh" : "share",
                                   "Giá trị nằm ngoài giới hạn", "The value is out of range",
                                   "Sửa giá trị", "Correct the value");
        if (use->own_billed_wh < 0 || use->own_billed_wh > use->own_wh)
            return calc_refuse_use(calc, u, "billed", "Phần đã lập hóa đơn lớn hơn sản lượng",
                                   "More is billed than used", "Sửa giá trị",
                                   "Correct the value");
        share_milli += use->share_milli;
        own_wh += use->own_wh;
        own_billed_wh += use->own_billed_wh;
    }
    if (!request->own_kwh && share_milli != SHARE_WHOLE_MILLI)
        return refuse(calc, "uses", "Tổng tỷ lệ các mục đích không bằng 100",
                      "The shares do not sum to 100", "Sửa \"share\" để tổng đúng bằng 100",
                      "Correct the shares so that they sum to exactly 100");
    if (request->own_kwh &&
        (own_wh != usage_wh(&request->usage) || own_billed_wh != usage_wh(&request->billed)))
        return refuse(calc, "uses", "Tổng sản lượng các mục đích khác sản lượng của kỳ",
                      "The kWh of the uses do not sum to the use",
                      "Sửa \"kwh\" của từng mục đích để tổng bằng \"usage\"",
                      "Correct the kWh of the uses so that they sum to \"usage\"");
    if (request->own_kwh && (request->usage.registers ||
                             (request->use_count > 1 && request->reading_count > 0)))
        return refuse(calc, "uses",
                      "Sản lượng riêng từng mục đích không đi với ba biểu hoặc chỉ số đổi giá",
                      "Own kWh of the uses go neither with three registers nor with readings of "
                      "a price change",
                      "Dùng \"share\"", "Use \"share\"");
    return OK;
}

static err_t check_readings(struct calc *calc)
{
    const struct calc_request *request = calc->request;
    const struct calc_usage *before = NULL;
    int32_t day = request->from_day;
    for (size_t i = 0; i < request->reading_count; i++) {
        const struct calc_reading *reading = &request->reading[i];
        char field[ERR_FIELD_BYTES];
        struct buf buf;
        buf_init_fixed(&buf, field, sizeof field);
        buf_printf(&buf, "read_on_change[%zu].date", i);
        bool on_change = false;
        for (size_t s = 0; s + 1 < calc->span_count; s++)
            on_change = on_change || calc->span[s].to_day == reading->day;
        if (!on_change || reading->day <= day)
            return refuse(calc, field, "Ngày này không phải ngày đổi giá trong kỳ, hoặc sai thứ tự",
                          "The day is no price change inside the period, or out of order",
                          "Nêu chỉ số đúng ngày đổi giá, theo thứ tự ngày tăng dần",
                          "Give readings of price-change days, in rising order");
        day = reading->day;
        buf_reset(&buf);
        buf_printf(&buf, "read_on_change[%zu].usage", i);
        err_t code = check_usage(calc, field, &reading->usage);
        if (code != OK) return code;
        if (!covers(&request->usage, &reading->usage) ||
            (before != NULL && !covers(&reading->usage, before)))
            return refuse(calc, field,
                          "Sản lượng đến ngày đổi giá khác dạng, lớn hơn cả kỳ hoặc giảm đi",
                          "The use up to the change has another shape, exceeds the period or falls",
                          "Nêu sản lượng từ đầu kỳ đến ngày đó, cùng dạng với \"usage\"",
                          "Give the use from the first day to that day, shaped like \"usage\"");
        before = &reading->usage;
    }
    return OK;
}

/* A flag that changes nothing is a mistake of the caller. */
static err_t check_flags(struct calc *calc)
{
    const struct calc_request *request = calc->request;
    bool lodgers = false, papers = false;
    for (size_t u = 0; u < request->use_count; u++) {
        lodgers = lodgers || request->use[u].category == CATEGORY_SH;
        papers = papers ||
                 category_group(request->use[u].category) == GROUP_WHOLESALE_RESIDENTIAL;
    }
    if (request->lodgers_undeclared && !lodgers)
        return refuse(calc, "lodgers_undeclared", "Không có mục đích sinh hoạt bậc thang (SH)",
                      "No use is residential by tiers (SH)",
                      "Bỏ trường này hoặc thêm mục đích SH",
                      "Leave the field out or add a use SH");
    if (request->papers_missing && !papers)
        return refuse(calc, "papers_missing", "Không có mục đích bán buôn sinh hoạt",
                      "No use is wholesale residential",
                      "Bỏ trường này hoặc dùng mã bán buôn sinh hoạt",
                      "Leave the field out or use a wholesale residential category");
    if (request->reactive != REACTIVE_NONE && request->demand_w < 0)
        return refuse(calc, "demand_kw", "Tính công suất phản kháng cần công suất hợp đồng",
                      "The reactive charge needs the contract demand",
                      "Nêu \"demand_kw\"", "Give \"demand_kw\"");
    return OK;
}

static err_t check(struct calc *calc)
{
    const struct calc_request *request = calc->request;
    if (request->to_day <= request->from_day)
        return refuse(calc, "to", "Ngày cuối phải sau ngày đầu",
                      "The last day must lie after the first",
                      "Nêu \"from\" là ngày đọc trước, \"to\" là ngày đọc sau",
                      "Give as \"from\" the previous reading day and as \"to\" the present one");
    if (request->use_count == 0 || request->use_count > USE_MAX)
        return refuse(calc, "uses", "Cần từ 1 đến 32 mục đích sử dụng",
                      "From 1 to 32 uses are needed", "Nêu ít nhất một mục đích",
                      "Give at least one use");
    if (!good_quarters(request->household_quarters))
        return refuse(calc, "households", "Số hộ phải từ 0,25 đến 1.000.000",
                      "Households must be from 0.25 to 1,000,000", "Dùng bội số của 0.25",
                      "Use a multiple of 0.25");
    err_t code = check_usage(calc, "usage", &request->usage);
    if (FINE(code)) code = check_billed(calc);
    if (FINE(code)) code = check_shares(calc);
    return FINE(code) ? check_flags(calc) : code;
}

static err_t no_table(struct calc *calc, size_t use, const struct decision *decision,
                      enum category category)
{
    char field[ERR_FIELD_BYTES], codes[ERR_HINT_BYTES];
    struct buf buf;
    buf_init_fixed(&buf, codes, sizeof codes);
    for (int v = 0; v < VOLTAGE_COUNT; v++) {
        if (decision->table_index[category][v] == 0 || v == VOLTAGE_NONE) continue;
        buf_printf(&buf, "%s%.*s", buf.n > 0 ? ", " : "", STR_ARG(voltage_code((enum voltage)v)));
    }
    bool by_voltage = buf.n > 0;
    bool known = by_voltage || decision->table_index[category][VOLTAGE_NONE] != 0;
    buf_init_fixed(&buf, field, sizeof field);
    buf_printf(&buf, "uses[%zu].%s", use, known ? "voltage" : "category");
    err_set(calc->err, E_INPUT, field, "%.*s không có giá cho nhóm %.*s%s%.0s",
            "%.*s has no price for %.*s%.0s%s", STR_ARG(decision->id),
            STR_ARG(category_code(category)), known ? " ở cấp điện áp này" : "",
            known ? " at this voltage" : "");
    return by_voltage ? err_hint(calc->err, "Dùng cấp điện áp: %s", "Use the voltage: %s", codes)
                      : err_hint(calc->err, "Bỏ \"voltage\" hoặc dùng quyết định có nhóm này%s",
                                 "Leave \"voltage\" out or use a decision with this category%s",
                                 "");
}

static const struct price_table *averaged(struct calc *calc, const struct decision *decision,
                                          const struct price_table *percent)
{
    int64_t average_ppm =
        calc->request->average_ppm > 0 ? calc->request->average_ppm : decision->average_ppm;
    calc->averaged = *percent;
    for (unsigned i = 0; i < percent->count; i++)
        calc->averaged.price_vnd[i] =
            (int32_t)div_half_up(average_ppm * percent->price_vnd[i], ppm_hundredths);
    return &calc->averaged;
}

err_t calc_table(struct calc *calc, size_t span, size_t use, const struct price_table **out)
{
    const struct calc_use *wanted = &calc->request->use[use];
    const struct decision *decision = &calc->book->decision[calc->span[span].decision];
    enum category category = (enum category)wanted->category;
    enum voltage voltage = (enum voltage)wanted->voltage;
    if (calc->request->papers_missing && category == CATEGORY_BB_TH_SH) {
        category = CATEGORY_BB_TH_KHAC;
        voltage = VOLTAGE_NONE;
    }
    /* A household stands at some voltage too; a category with one price for all does not ask. */
    if (decision->table_index[category][VOLTAGE_NONE] != 0) voltage = VOLTAGE_NONE;
    const struct price_table *table = book_table(decision, category, voltage);
    if (table == NULL && voltage == VOLTAGE_NONE &&
        book_only_voltage(decision, category, &voltage))
        table = book_table(decision, category, voltage);
    if (table == NULL) return no_table(calc, use, decision, category);
    *out = decision->by_average ? averaged(calc, decision, table) : table;
    return OK;
}

int32_t calc_month_days(enum month_days rule, int32_t to_day)
{
    if (rule == MONTH_DAYS_30) return 30;
    int32_t month = month_of_day(to_day);
    return days_in_month(rule == MONTH_DAYS_OWN ? month : month - 1);
}

struct vat {
    int32_t ppm;
    int32_t index; /* in the book, or -1 */
};

static err_t find_vat(struct calc *calc, struct vat *out)
{
    const struct calc_request *request = calc->request;
    if (request->vat_ppm != VAT_FROM_BOOK) {
        *out = (struct vat){request->vat_ppm, -1};
        return OK;
    }
    int32_t day = request->vat_day == DAY_OPEN ? request->to_day : request->vat_day;
    const struct vat_rate *vat = book_vat_at(calc->book, day);
    if (vat == NULL)
        return refuse(calc, "to", "Biểu giá không có thuế suất GTGT cho ngày này",
                      "The price book has no VAT rate for this day", "Nêu \"vat_rate\"",
                      "Give \"vat_rate\"");
    *out = (struct vat){vat->rate_ppm, (int32_t)(vat - calc->book->vat)};
    return OK;
}

/* Half up of a sum that is not negative; a constant divisor costs a multiplication. */
static err_t add_up(struct calc *calc, const struct vat *vat, struct calc_result *out)
{
    enum { MVND = 1000, WHOLE_PPM = 1000000 };
    int64_t sum_mvnd = 0, vat_vnd = 0;
    for (size_t i = 0; i < calc->line_count; i++)
        if (!add_i64(sum_mvnd, calc->line[i].amount_mvnd, &sum_mvnd)) return calc_overflow(calc);
    ASSERT(sum_mvnd >= 0);
    int64_t pre_vat_vnd = sum_mvnd / MVND + (sum_mvnd % MVND >= MVND / 2);
    if (pre_vat_vnd < INT64_MAX / WHOLE_PPM - WHOLE_PPM)
        vat_vnd = (pre_vat_vnd * vat->ppm + WHOLE_PPM / 2) / WHOLE_PPM;
    else if (!mul_div_half_up(pre_vat_vnd, vat->ppm, WHOLE_PPM, &vat_vnd))
        return calc_overflow(calc);
    out->line = calc->line;
    out->line_count = calc->line_count;
    out->pre_vat_vnd = pre_vat_vnd;
    out->vat_vnd = vat_vnd;
    out->total_vnd = pre_vat_vnd + vat_vnd;
    out->total_wh = usage_wh(&calc->request->usage) - usage_wh(&calc->request->billed);
    out->vat_ppm = vat->ppm;
    out->vat_index = vat->index;
    out->rule_mask = calc->rule_mask;
    return OK;
}

err_t calc_rate(const struct price_book *book, const struct calc_request *request,
                struct arena *arena, struct calc_result *out, struct err *err)
{
    struct calc calc; /* the span list is large and filled as far as it is used */
    memset(&calc, 0, offsetof(struct calc, averaged));
    calc.book = book;
    calc.request = request;
    calc.arena = arena;
    calc.err = err;
    struct vat vat = {0};
    err_t code = check(&calc);
    if (FINE(code)) code = calc_find_spans(&calc);
    if (code == OK && request->reading_count > 0) code = check_readings(&calc);
    if (!FINE(code)) return code;
    if (calc.span_count > 1 || request->prorate != PRORATE_NONE)
        calc.month_days = calc_month_days(request->month_days, request->to_day);
    if (request->prorate != PRORATE_NONE) calc.rule_mask |= 1U << RULE_PRORATION;
    if (request->lodgers_undeclared) calc.rule_mask |= 1U << RULE_LODGERS;
    if (request->papers_missing) calc.rule_mask |= 1U << RULE_PAPERS_MISSING;
    if (request->backbill == BACKBILL_THEFT) calc.rule_mask |= 1U << RULE_BACKBILL;
    code = calc_split(&calc);
    if (FINE(code)) code = calc_energy(&calc);
    if (FINE(code)) code = calc_capacity(&calc);
    if (FINE(code)) code = calc_reactive(&calc);
    if (FINE(code)) code = calc_support(&calc);
    if (FINE(code)) code = find_vat(&calc, &vat);
    return FINE(code) ? add_up(&calc, &vat, out) : code;
}
