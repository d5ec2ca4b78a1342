/* SPDX-License-Identifier: Apache-2.0 */
/* The words of an e-invoice: lines and reasons. An e-invoice is a document of Vietnamese law. */
#include "base/date.h"
#include "base/decimal.h"
#include "document/invoice_fill_int.h"
#include "tariff/book_codes.h"

enum { HUNDREDTHS = 2 };

static void add_days(const struct rated_line *line, struct buf *out)
{
    buf_add(out, S(", từ "));
    buf_add_day_vi(out, line->from_day);
    buf_add(out, S(" đến "));
    buf_add_day_vi(out, line->to_day);
}

static void add_price(const struct rated_line *line, struct buf *out)
{
    enum category category;
    enum voltage voltage;
    enum tou tou;
    if (category_parse(line->category, &category))
        buf_printf(out, " %.*s", STR_ARG(category_vi(category)));
    if (line->tier > 0) buf_printf(out, ", bậc %lld", (long long)line->tier);
    if (voltage_parse(line->voltage, &voltage) && voltage != VOLTAGE_NONE)
        buf_printf(out, ", %.*s", STR_ARG(voltage_vi(voltage)));
    if (tou_parse(line->tou, &tou) && tou != TOU_NONE)
        buf_printf(out, ", %.*s", STR_ARG(tou_vi(tou)));
}

static void add_fee(struct str service, struct buf *out)
{
    if (service.n > 0) buf_add(out, service);
    else buf_add(out, S("Phí ngừng và cấp điện trở lại"));
}

void invoice_line_words(const struct rated_line *line, struct str service, struct buf *out)
{
    switch (line->kind) {
    case RATED_ENERGY:
        buf_add(out, S("Điện"));
        add_price(line, out);
        break;
    case RATED_REACTIVE:
        buf_add(out, S("Tiền mua công suất phản kháng, cos φ "));
        buf_add_decimal_vi(out, line->cosphi_hundredths, HUNDREDTHS);
        break;
    case RATED_SUPPORT:
        buf_printf(out, "Hỗ trợ tiền điện %.*s,", STR_ARG(line->decision));
        add_price(line, out);
        break;
    case RATED_FEE: add_fee(service, out); break;
    case RATED_KIND_COUNT: ASSERT(false);
    }
    if (line->kind != RATED_FEE) add_days(line, out);
}

struct str invoice_cause_words(struct str cause)
{
    static const struct {
        struct str code, words;
    } causes[] = {
        {S_INIT("households"), S_INIT("Thay đổi số hộ dùng chung")},
        {S_INIT("uses"), S_INIT("Thay đổi mục đích sử dụng điện")},
        {S_INIT("reading"), S_INIT("Sai chỉ số công tơ")},
        {S_INIT("price"), S_INIT("Sai giá bán điện")},
        {S_INIT("decision"), S_INIT("Quyết định giá bán điện có hiệu lực trước ngày ban hành")},
        {S_INIT("inspection"), S_INIT("Theo kết quả kiểm tra sử dụng điện")},
        {S_INIT("buyer"), S_INIT("Sai thông tin người mua")},
    };
    for (size_t i = 0; i < ARRAY_COUNT(causes); i++)
        if (str_equal(causes[i].code, cause)) return causes[i].words;
    return S("Sai sót trên hóa đơn");
}
