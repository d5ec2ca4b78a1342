/* SPDX-License-Identifier: Apache-2.0 */
#include "base/date.h"
#include "base/integer.h"
#include "document/einvoice_field_check.h"
#include "document/einvoice_rules.h"

enum { QUOTE_BYTES = 60, SYMBOL_CHARS = 6, PPM = 1000000, MILLI_SQUARED = 1000000 };

/* The first amount with more than 15 digits. */
#define AMOUNT_LIMIT INT64_C(1000000000000000)

struct checking {
    const struct einvoice *invoice;
    const struct einvoice_rules *rules;
    struct einvoice_findings *out;
    unsigned traits;
};

/* ---- name and parties -------------------------------------------------------------------- */

static void refuse_symbol(struct checking *c, struct str path, struct str symbol)
{
    static const struct einvoice_words words = {
        "Ký hiệu “%.*s” không hợp lệ vào ngày lập hóa đơn",
        "The symbol “%.*s” is not valid on the day of the invoice",
        "Ký hiệu gồm C hoặc K, hai số cuối của năm, một chữ trong danh mục của ngày đó và hai ký "
        "tự "
        "A–Z, 0–9; ví dụ K26TDN",
        "A symbol is C or K, two digits of the year, a letter of that day's list and two "
        "characters "
        "A–Z, 0–9, such as K26TDN"};
    struct str quoted = str_first(symbol, QUOTE_BYTES);
    findings_refuse(c->out, "symbol", path, &words, STR_ARG(quoted));
}

static bool is_free(char character)
{
    return (character >= 'A' && character <= 'Z') || (character >= '0' && character <= '9');
}

static bool symbol_fits(struct checking *c, const struct einvoice_name *name,
                        const struct einvoice_rules *rules)
{
    int year, month, day;
    struct str s = name->symbol;
    civil_from_day(name->day, &year, &month, &day);
    if (s.n != SYMBOL_CHARS || (s.p[0] != 'C' && s.p[0] != 'K')) return false;
    if (s.p[1] != '0' + year / 10 % 10 || s.p[2] != '0' + year % 10) return false;
    if (str_find(rules->letters, s.p[3]) == rules->letters.n) return false;
    if (s.p[3] == 'X') c->traits |= TRAIT_LETTER_X;
    if (s.p[3] == 'F') c->traits |= TRAIT_LETTER_F;
    if (s.p[4] <= '9' || s.p[5] <= '9') c->traits |= TRAIT_SYMBOL_DIGIT;
    return is_free(s.p[4]) && is_free(s.p[5]);
}

static void check_name(struct checking *c)
{
    static const struct einvoice_words words = {
        "Không có mẫu số %d vào ngày lập hóa đơn", "There is no template %d on that day",
        "Mẫu số từ 1 đến 6, từ 01/07/2026 đến 9; hóa đơn giá trị gia tăng là mẫu 1",
        "Templates are 1 to 6, from 2026-07-01 on to 9; the VAT invoice is 1"};
    struct einvoice_place place;
    const struct einvoice_name *name = &c->invoice->name;
    einvoice_check_group(EINVOICE_HEAD, c->invoice, -1, c->rules->format, c->out);
    if (name->template_no > c->rules->templates)
        findings_refuse(c->out, "template",
                        einvoice_place_of(&place, EINVOICE_HEAD, -1, S("KHMSHDon")), &words,
                        name->template_no);
    if (name->symbol.n > 0 && !symbol_fits(c, name, c->rules))
        refuse_symbol(c, einvoice_place_of(&place, EINVOICE_HEAD, -1, S("KHHDon")), name->symbol);
}

static void check_seller(struct checking *c)
{
    struct einvoice_place place;
    const struct einvoice_party *seller = &c->invoice->seller;
    einvoice_check_group(EINVOICE_SELLER, seller, -1, c->rules->format, c->out);
    if (seller->customer_code.n > 0)
        einvoice_refuse_place(c->out, einvoice_place_of(&place, EINVOICE_SELLER, -1, S("MKHang")));
    if (seller->identity_no.n > 0)
        einvoice_refuse_place(c->out, einvoice_place_of(&place, EINVOICE_SELLER, -1, S("CCCDan")));
    if (seller->person.n > 0)
        einvoice_refuse_place(c->out,
                              einvoice_place_of(&place, EINVOICE_SELLER, -1, S("HVTNMHang")));
}

static void check_buyer(struct checking *c)
{
    struct einvoice_place place;
    const struct einvoice_party *buyer = &c->invoice->buyer;
    einvoice_check_group(EINVOICE_BUYER, buyer, -1, c->rules->format, c->out);
    if (buyer->website.n > 0)
        einvoice_refuse_place(c->out, einvoice_place_of(&place, EINVOICE_BUYER, -1, S("Website")));
    if (buyer->identity_no.n > 0) c->traits |= TRAIT_IDENTITY;
    if (buyer->customer_code.n == 0 && buyer->tax_code.n == 0) c->traits |= TRAIT_NO_CUSTOMER_CODE;
    /* Who has a tax code is no consumer without data, on any day. */
    if (c->rules->consumer.n == 0 && buyer->tax_code.n == 0) return;
    if (c->rules->consumer.n > 0 && (str_equal(buyer->name, c->rules->consumer) ||
                                     str_equal(buyer->person, c->rules->consumer)))
        c->traits |= TRAIT_CONSUMER;
    static const struct einvoice_words words = {
        "Người mua không có tên", "The buyer has no name",
        "Ghi tên người mua, hoặc “Bán cho người tiêu dùng” khi không có thông tin",
        "Write the buyer's name, or “Bán cho người tiêu dùng” where there is no data"};
    if (buyer->name.n == 0 && buyer->person.n == 0)
        findings_refuse(c->out, "consumer", einvoice_place_of(&place, EINVOICE_BUYER, -1, S("Ten")),
                        &words);
}

static void check_related(struct checking *c)
{
    static const struct einvoice_words later = {
        "Hóa đơn liên quan lập sau hóa đơn này", "The related invoice is of a later day",
        "Kiểm tra ngày của hóa đơn bị điều chỉnh hoặc thay thế",
        "Check the day of the invoice that is adjusted or replaced"};
    static const struct einvoice_words given = {
        "Hóa đơn gốc mà lại có hóa đơn liên quan hoặc lý do",
        "An original invoice names a related one or a reason",
        "Ghi vai trò điều chỉnh hoặc thay thế, hoặc bỏ các dữ liệu này",
        "Say that it adjusts or replaces, or leave these data out"};
    static const struct einvoice_words same = {
        "Hóa đơn liên quan chính là hóa đơn này", "The related invoice is this very one",
        "Ghi số của hóa đơn bị điều chỉnh hoặc thay thế",
        "Write the number of the invoice that is adjusted or replaced"};
    struct einvoice_place place;
    const struct einvoice *e = c->invoice;
    const struct einvoice_name *related = &e->related;
    if (e->role == EINVOICE_ORIGINAL) {
        if (related->symbol.n > 0 || related->number != 0 || e->reason.n > 0 ||
            e->related_tax_code.n > 0)
            findings_refuse(c->out, "related", einvoice_group_path(EINVOICE_RELATED), &given);
        return;
    }
    c->traits |= TRAIT_RELATED;
    if (e->related_tax_code.n > 0) c->traits |= TRAIT_RELATED_SELLER;
    bool other_seller =
        e->related_tax_code.n > 0 && !str_equal(e->related_tax_code, e->seller.tax_code);
    einvoice_check_group(EINVOICE_RELATED, e, -1, c->rules->format, c->out);
    const struct einvoice_rules *then = einvoice_rules_of(related->day);
    if (then != NULL && !then->cancels) c->traits |= TRAIT_RELATED_2026;
    if (related->day > e->name.day)
        findings_refuse(c->out, "related",
                        einvoice_place_of(&place, EINVOICE_RELATED, -1, S("NLHDCLQuan")), &later);
    if (!other_seller && related->template_no == e->name.template_no &&
        related->number == e->name.number && str_equal(related->symbol, e->name.symbol))
        findings_refuse(c->out, "related",
                        einvoice_place_of(&place, EINVOICE_RELATED, -1, S("SHDCLQuan")), &same);
}

/* ---- lines ------------------------------------------------------------------------------- */

static void check_note(struct checking *c, const struct einvoice_line *line, int64_t index)
{
    static const struct einvoice_words words = {
        "Dòng ghi chú không có số lượng, đơn giá, tiền hay thuế suất",
        "A note has neither quantity nor price, amount or rate",
        "Đặt TChat là 1, hoặc bỏ các số này", "Make TChat 1, or leave these numbers out"};
    struct einvoice_place place;
    if (line->has_quantity || line->quantity_milli != 0 || line->price_milli != 0 ||
        line->amount_vnd != 0 || line->vat_ppm != 0)
        findings_refuse(c->out, "note", einvoice_place_of(&place, EINVOICE_LINE, index, S("TChat")),
                        &words);
}

/* Quantity times price is the amount, to the đồng by which rounded lines are made to add up. */
static void check_product(struct checking *c, const struct einvoice_line *line, int64_t index)
{
    static const struct einvoice_words words = {
        "Thành tiền %lld đ không bằng số lượng nhân đơn giá (%lld đ)",
        "The amount of %lld đ is not quantity times price (%lld đ)",
        "Kiểm tra số lượng, đơn giá và thành tiền; chỉ được lệch 1 đ do làm tròn",
        "Check quantity, price and amount; rounding may move it by 1 đ"};
    struct einvoice_place place;
    int64_t product, off;
    if (!mul_div_half_up(line->quantity_milli, line->price_milli, MILLI_SQUARED, &product))
        product = INT64_MAX;
    if (!sub_i64(product, line->amount_vnd, &off)) off = INT64_MAX;
    if (off < -1 || off > 1)
        findings_refuse(c->out, "product",
                        einvoice_place_of(&place, EINVOICE_LINE, index, S("ThTien")), &words,
                        (long long)line->amount_vnd, (long long)product);
}

static void check_line(struct checking *c, const struct einvoice_line *line, int64_t index)
{
    static const struct einvoice_words kind = {
        "Tính chất %d của dòng không có trong định dạng", "The format knows no line of kind %d",
        "TChat là 1 hàng hóa, 2 khuyến mại, 3 chiết khấu hoặc 4 ghi chú",
        "TChat is 1 goods, 2 promotion, 3 discount or 4 note"};
    struct einvoice_place place;
    einvoice_check_group(EINVOICE_LINE, line, index, c->rules->format, c->out);
    if (line->kind < EINVOICE_GOODS || line->kind > EINVOICE_NOTE)
        findings_refuse(c->out, "kind", einvoice_place_of(&place, EINVOICE_LINE, index, S("TChat")),
                        &kind, (int)line->kind);
    if (line->kind == EINVOICE_DISCOUNT) c->traits |= TRAIT_DISCOUNT;
    if (line->kind == EINVOICE_NOTE) {
        check_note(c, line, index);
    } else if (line->has_quantity) {
        check_product(c, line, index);
    } else if (line->quantity_milli != 0 || line->price_milli != 0) {
        einvoice_refuse_place(c->out, einvoice_place_of(&place, EINVOICE_LINE, index, S("SLuong")));
    } else if (line->kind == EINVOICE_GOODS) {
        einvoice_refuse_missing(c->out,
                                einvoice_place_of(&place, EINVOICE_LINE, index, S("SLuong")));
    }
}

static void check_lines(struct checking *c)
{
    static const struct einvoice_words words = {"Hóa đơn có %zu dòng", "The invoice has %zu lines",
                                                "Hóa đơn có từ 1 đến 1024 dòng",
                                                "An invoice has from 1 to 1024 lines"};
    const struct einvoice *e = c->invoice;
    if (e->line_count == 0 || e->line_count > EINVOICE_LINES_MAX) {
        findings_refuse(c->out, "lines", einvoice_group_path(EINVOICE_LINE), &words, e->line_count);
        return;
    }
    for (size_t i = 0; i < e->line_count; i++) check_line(c, &e->lines[i], (int64_t)i);
}

static bool known_type(struct str type)
{
    return str_equal(type, S("string")) || str_equal(type, S("numeric")) ||
           str_equal(type, S("date")) || str_equal(type, S("dateTime"));
}

static void check_extras(struct checking *c)
{
    static const struct einvoice_words many = {"Có %zu trường thêm", "There are %zu further fields",
                                               "Nhiều nhất 256 trường thêm",
                                               "At most 256 further fields"};
    static const struct einvoice_words type = {
        "“%.*s” không phải kiểu dữ liệu", "“%.*s” is no type of data",
        "Ghi string, numeric, date hoặc dateTime", "Write string, numeric, date or dateTime"};
    struct einvoice_place place;
    const struct einvoice *e = c->invoice;
    if (e->extra_count > EINVOICE_EXTRAS_MAX) {
        findings_refuse(c->out, "extras", einvoice_group_path(EINVOICE_EXTRA), &many,
                        e->extra_count);
        return;
    }
    for (size_t i = 0; i < e->extra_count; i++) {
        const struct einvoice_extra *extra = &e->extras[i];
        einvoice_check_group(EINVOICE_EXTRA, extra, (int64_t)i, c->rules->format, c->out);
        if (extra->type.n > 0 && !known_type(extra->type))
            einvoice_refuse_text(c->out, "type",
                                 einvoice_place_of(&place, EINVOICE_EXTRA, (int64_t)i, S("KDLieu")),
                                 extra->type, &type);
        if (str_equal(extra->name, S(EINVOICE_BILL_FIELD)) ||
            str_equal(extra->name, S(EINVOICE_ROLE_FIELD)))
            einvoice_refuse_place(
                c->out, einvoice_place_of(&place, EINVOICE_EXTRA, (int64_t)i, S("TTruong")));
    }
    if (e->bill_number.n > 0)
        einvoice_check_text(e->bill_number, EINVOICE_BILL_NUMBER_CHARS,
                            S("TTKhac/" EINVOICE_BILL_FIELD), c->out);
}

/* ---- sums -------------------------------------------------------------------------------- */

static struct einvoice_rate *rate_of(struct einvoice_rate *rates, size_t *count, int64_t vat_ppm)
{
    for (size_t i = 0; i < *count; i++)
        if (rates[i].vat_ppm == vat_ppm) return &rates[i];
    if (*count == EINVOICE_RATES_MAX) return NULL;
    rates[*count] = (struct einvoice_rate){.vat_ppm = vat_ppm};
    return &rates[(*count)++];
}

bool einvoice_rates(const struct einvoice *e, struct einvoice_rate out[EINVOICE_RATES_MAX],
                    size_t *out_count)
{
    int64_t left = e->vat_vnd;
    struct einvoice_rate *taxed = NULL;
    *out_count = 0;
    for (size_t i = 0; i < e->line_count; i++) {
        const struct einvoice_line *line = &e->lines[i];
        if (line->kind == EINVOICE_NOTE) continue;
        struct einvoice_rate *rate = rate_of(out, out_count, line->vat_ppm);
        if (rate == NULL || !add_i64(rate->pre_vat_vnd, line->amount_vnd, &rate->pre_vat_vnd))
            return false;
    }
    for (size_t i = 0; i < *out_count; i++) {
        if (out[i].vat_ppm <= 0) continue;
        if (taxed == NULL) taxed = &out[i];
        if (!mul_div_half_up(out[i].pre_vat_vnd, out[i].vat_ppm, PPM, &out[i].vat_vnd) ||
            !sub_i64(left, out[i].vat_vnd, &left))
            return false;
    }
    return taxed == NULL || add_i64(taxed->vat_vnd, left, &taxed->vat_vnd);
}

static void refuse_sum(struct checking *c, const char *code, struct str tag, int64_t said,
                       int64_t found)
{
    static const struct einvoice_words words = {
        "Ghi %lld đ nhưng cộng lại được %lld đ", "It says %lld đ, but the parts make %lld đ",
        "Tính lại: tổng các dòng là tiền trước thuế, cộng thuế từng mức là tổng thanh toán",
        "Compute again: lines make the sum before tax, with the tax of each rate the total"};
    struct einvoice_place place;
    findings_refuse(c->out, code, einvoice_place_of(&place, EINVOICE_SUM, -1, tag), &words,
                    (long long)said, (long long)found);
}

/* VAT is that of each rate's sum, rounded half up; the VAT of a difference between two bills may be
 * off by a đồng per rate. */
static void check_vat(struct checking *c, const struct einvoice_rate *rates, size_t count)
{
    const struct einvoice *e = c->invoice;
    int64_t vat = 0, taxed = 0;
    for (size_t i = 0; i < count; i++) {
        int64_t part = 0;
        if (rates[i].vat_ppm <= 0) continue;
        taxed++;
        if (mul_div_half_up(rates[i].pre_vat_vnd, rates[i].vat_ppm, PPM, &part)) vat += part;
    }
    int64_t allowed = e->role == EINVOICE_ADJUSTS ? taxed : 0, off = e->vat_vnd - vat;
    if (off < -allowed || off > allowed) refuse_sum(c, "vat", S("TgTThue"), e->vat_vnd, vat);
    if (e->vat_ppm != (count > 0 ? rates[0].vat_ppm : 0)) {
        static const struct einvoice_words words = {
            "Thuế suất chung không phải thuế suất của dòng đầu",
            "The rate of the whole is not that of the first line",
            "Ghi cùng một thuế suất cho hóa đơn và các dòng", "Give invoice and lines one rate"};
        struct einvoice_place place;
        findings_refuse(c->out, "rate", einvoice_place_of(&place, EINVOICE_RATE, -1, S("TSuat")),
                        &words);
    }
}

static bool has_digits(int64_t amount_vnd)
{
    return amount_vnd > -AMOUNT_LIMIT && amount_vnd < AMOUNT_LIMIT;
}

static bool may_be_added(const struct einvoice *e)
{
    bool good = has_digits(e->pre_vat_vnd) && has_digits(e->vat_vnd) && has_digits(e->total_vnd) &&
                e->line_count <= EINVOICE_LINES_MAX;
    for (size_t i = 0; i < e->line_count && good; i++) {
        const struct einvoice_line *line = &e->lines[i];
        good = has_digits(line->amount_vnd) && line->vat_ppm < PPM;
    }
    return good;
}

static void check_sums(struct checking *c)
{
    static const struct einvoice_words rates_words = {
        "Hóa đơn có quá nhiều thuế suất hoặc số quá lớn",
        "The invoice has too many rates, or sums that are too large",
        "Nhiều nhất 8 thuế suất; tách hóa đơn", "At most 8 rates; split the invoice"};
    const struct einvoice *e = c->invoice;
    struct einvoice_rate rates[EINVOICE_RATES_MAX];
    size_t count;
    int64_t lines = 0, total;
    einvoice_check_group(EINVOICE_SUM, e, -1, c->rules->format, c->out);
    /* Sums of numbers that are too large are not looked at. */
    if (!may_be_added(e)) return;
    if (!einvoice_rates(e, rates, &count)) {
        findings_refuse(c->out, "rates", einvoice_group_path(EINVOICE_RATE), &rates_words);
        return;
    }
    for (size_t i = 0; i < count; i++) lines += rates[i].pre_vat_vnd;
    if (lines != e->pre_vat_vnd) refuse_sum(c, "sum", S("TgTCThue"), e->pre_vat_vnd, lines);
    check_vat(c, rates, count);
    total = e->pre_vat_vnd + e->vat_vnd;
    if (total != e->total_vnd) refuse_sum(c, "total", S("TgTTTBSo"), e->total_vnd, total);
}

/* ---- all of it --------------------------------------------------------------------------- */

err_t einvoice_check(const struct einvoice *invoice, struct einvoice_findings *findings,
                     struct err *err)
{
    struct checking c = {.invoice = invoice, .out = findings, .traits = TRAIT_ALWAYS};
    c.rules = einvoice_rules_require(invoice->name.day, S("TTChung/NLap"), findings);
    if (c.rules == NULL) return findings_error(findings, err);
    check_name(&c);
    check_related(&c);
    check_seller(&c);
    check_buyer(&c);
    check_lines(&c);
    check_extras(&c);
    check_sums(&c);
    einvoice_rules_warn(invoice->name.day, c.traits, findings);
    return findings_error(findings, err);
}
