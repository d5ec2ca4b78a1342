/* SPDX-License-Identifier: Apache-2.0 */
/* The bill calculator: the bytes of `sangden calc` for one object; a refusal is problem details
 * whose member "error" is what `sangden calc` prints. The tables tell what tariff/request.c reads
 * and tariff/answer.c writes. */
#include "api/call.h"
#include "api/line.h"
#include "tariff/answer.h"

/* clang-format off */
#define CALC_USAGE(F, R) \
    F(R, kwh,     TEXT(1, 16), BODY_MAY, "Một giá, kWh", "One price, kWh") \
    F(R, normal,  TEXT(1, 16), BODY_MAY, "Giờ bình thường, kWh", "Normal hours, kWh") \
    F(R, peak,    TEXT(1, 16), BODY_MAY, "Giờ cao điểm, kWh", "Peak hours, kWh") \
    F(R, offpeak, TEXT(1, 16), BODY_MAY, "Giờ thấp điểm, kWh", "Off-peak hours, kWh") \
    F(R, kvarh,   TEXT(1, 16), BODY_MAY, "Điện năng phản kháng, kvarh", "Reactive energy, kvarh") \
    F(R, cosphi,  TEXT(1, 4),  BODY_MAY, "Hệ số công suất", "Power factor")
API_SCHEMA(calculation_usage, CALC_USAGE);

#define CALC_USE(F, R) \
    F(R, category,   TEXT(1, 16), BODY, "Nhóm giá", "Price category") \
    F(R, voltage,    TEXT(1, 16), BODY_MAY, "Cấp điện áp", "Voltage level") \
    F(R, share,      TEXT(1, 16), BODY_MAY, "Tỷ lệ, phần trăm", "Share, per cent") \
    F(R, kwh,        TEXT(1, 16), BODY_MAY, "Hoặc số kWh riêng", "Or its own kWh") \
    F(R, households, TEXT(1, 16), BODY_MAY, "Số hộ riêng", "Its own households")
API_SCHEMA(calculation_use, CALC_USE);

#define CALC_ON_CHANGE(F, R) \
    F(R, date,  DAY, BODY, "Ngày đổi giá", "Day of the price change") \
    F(R, usage, OBJECT(calculation_usage), BODY, "Điện dùng đến ngày đó", "Use up to that day")
API_SCHEMA(calculation_on_change, CALC_ON_CHANGE);

#define CALC_SUPPORT(F, R) \
    F(R, restricted_area, BOOL, BODY_MAY, "Khu vực giãn cách", "A restricted area") \
    F(R, tourist_lodging, BOOL, BODY_MAY, "Cơ sở lưu trú du lịch", "Tourist lodging") \
    F(R, quarantine_site, CHOICE("free|paid"), BODY_MAY, "Cơ sở cách ly", "A quarantine site")
API_SCHEMA(calculation_support, CALC_SUPPORT);

#define CALC_ASKED(F, R) \
    F(R, month, MONTH, BODY_MAY, "Tháng, thay cho hai ngày", "Month, instead of two days") \
    F(R, from,  DAY, BODY_MAY, "Ngày chỉ số trước", "Day of the previous reading") \
    F(R, to,    DAY, BODY_MAY, "Ngày chỉ số sau", "Day of the present reading") \
    F(R, usage, OBJECT(calculation_usage), BODY, "Điện dùng", "What was used") \
    F(R, uses,  LIST(calculation_use), BODY, "Mục đích sử dụng", "What it was used for") \
    F(R, households, TEXT(1, 16), BODY_MAY, "Số hộ, mặc định 1", "Households, 1 if not given") \
    F(R, lodgers_undeclared, BOOL, BODY_MAY, "Người thuê chưa kê khai", "Lodgers not declared") \
    F(R, papers_missing, BOOL, BODY_MAY, "Thiếu giấy tờ số hộ", "Household papers missing") \
    F(R, prorate, CHOICE("new_supply|party_change|contract_end|reading_day_change"), BODY_MAY, \
      "Lý do tính định mức theo ngày", "Why block widths follow the days") \
    F(R, month_days, CHOICE("previous_month|own_month|30"), BODY_MAY, \
      "Số ngày của tháng", "Days of a month") \
    F(R, change_split, CHOICE("half_up|truncate_old"), BODY_MAY, \
      "Cách chia khi đổi giá", "How a price change splits") \
    F(R, read_on_change, LIST(calculation_on_change), BODY_MAY, \
      "Chỉ số ngày đổi giá", "Readings on price-change days") \
    F(R, support, OBJECT(calculation_support), BODY_MAY, "Dữ kiện hỗ trợ", "Facts of support") \
    F(R, demand_kw, TEXT(1, 16), BODY_MAY, "Công suất cực đại, kW", "Maximum demand, kW") \
    F(R, decision, TEXT(1, 64), BODY_MAY, "Ép một quyết định giá", "Forces one decision") \
    F(R, average, TEXT(1, 16), BODY_MAY, "Giá bình quân của QĐ 14/2025", "Average of QD14/2025") \
    F(R, vat_rate, TEXT(1, 8), BODY_MAY, "Thuế suất thay thế", "Another VAT rate")
API_SCHEMA(calculation_asked, CALC_ASKED);

#define CALC_LINE(F, R) \
    LINE_HEAD(F, R) \
    F(R, quantity, DECIMAL(3), BODY_MAY, "Hệ số công suất, công suất", "Power factor, demand") \
    F(R, percent,  DECIMAL(2), BODY_MAY, "Phần trăm", "Per cent") \
    F(R, amount,   DECIMAL(3), ALWAYS, "Thành tiền, đồng", "Amount, đồng") \
    F(R, basis,    TEXT(0, 0), ALWAYS, "Căn cứ", "The law behind it, in Vietnamese") \
    F(R, basis_en, TEXT(0, 0), ALWAYS, "Căn cứ, tiếng Anh", "The law behind it")
API_SCHEMA(calculation_line, CALC_LINE);

#define CALC_WARNING(F, R) \
    F(R, code,    TEXT(0, 64), ALWAYS, "Mã", "Code") \
    F(R, text_vi, TEXT(0, 0), ALWAYS, "Lời cảnh báo", "The warning in Vietnamese") \
    F(R, text_en, TEXT(0, 0), ALWAYS, "Lời cảnh báo, tiếng Anh", "The warning") \
    F(R, field,   TEXT(0, 64), MAY, "Trường", "Field")
API_SCHEMA(calculation_warning, CALC_WARNING);

#define CALC_ANSWER(F, R) \
    F(R, lines,    LIST(calculation_line), ALWAYS, "Các dòng", "Lines") \
    F(R, pre_vat,  MONEY, ALWAYS, "Trước thuế, đồng", "Before tax, đồng") \
    F(R, vat_rate, DECIMAL(6), ALWAYS, "Thuế suất", "VAT rate") \
    F(R, vat,      MONEY, ALWAYS, "Thuế, đồng", "VAT, đồng") \
    F(R, total,    MONEY, ALWAYS, "Tổng cộng, đồng", "Total, đồng") \
    F(R, kwh,      DECIMAL(3), ALWAYS, "Tổng kWh", "Total kWh") \
    F(R, warnings, LIST(calculation_warning), ALWAYS, "Cảnh báo", "Warnings") \
    F(R, price_book, TEXT(0, 64), ALWAYS, "Mã băm của biểu giá", "Hash of the price book")
API_SCHEMA(calculation_answer, CALC_ANSWER);
/* clang-format on */

static err_t calculate(struct api_call *call, const void *asked, void *answer)
{
    (void)asked;
    (void)answer;
    err_t e = calc_answer(call->site->book, call->arena, call->request->body, call->response->body,
                          call->err);
    if (e == OK) buf_add_char(call->response->body, '\n');
    return e;
}

static const struct api_operation operations[] = {
    {.method = HTTP_POST,
     .pattern = "/api/v1/bill-calculations",
     .id = "calculation.make",
     .vi = "Tính một hóa đơn",
     .en = "Calculate a bill",
     .asked = &calculation_asked_schema,
     .answer = &calculation_answer_schema,
     .handle = calculate,
     .flags = API_ANYBODY | API_EXACT,
     .permission = API_NO_PERMISSION,
     .customers = true},
};
API_RESOURCE(calculations, "Tính hóa đơn", "Bill calculations", operations);
