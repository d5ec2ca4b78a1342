/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/tax_qr.h"

#include "base/date.h"
#include "payment/emv.h"
#include "payment/qr_int.h"

enum {
    TEMPLATE_MAX = 9,
    SYMBOL_CHARACTERS = 6,
    NUMBER_MAX = 99999999,
    NUMBER_BYTES = 24,
    DATE_PARTS = 8
};

/* An amount beyond any bill, and 13 characters with its sign. */
#define TOTAL_MAX INT64_C(999999999999)

static err_t refuse_number(const char *name, int64_t number, const char *vi, const char *en,
                           struct err *err)
{
    char memory[NUMBER_BYTES];
    struct buf buf;
    buf_init_fixed(&buf, memory, sizeof memory);
    buf_add_i64(&buf, number);
    return qr_refuse_member(name, buf_str(&buf), vi, en, err);
}

/* C or K, two digits of the year, a capital letter for the kind, two of the seller's choice. */
static bool is_symbol(struct str symbol)
{
    if (symbol.n != SYMBOL_CHARACTERS || (symbol.p[0] != 'C' && symbol.p[0] != 'K')) return false;
    if (!qr_all_digits(str_sub(symbol, 1, 2))) return false;
    for (size_t i = 3; i < symbol.n; i++) {
        bool letter = symbol.p[i] >= 'A' && symbol.p[i] <= 'Z';
        bool digit = symbol.p[i] >= '0' && symbol.p[i] <= '9';
        if (!letter && (i == 3 || !digit)) return false;
    }
    return true;
}

static err_t check(const struct tax_qr *qr, struct err *err)
{
    err_t e = qr_check_tax_code(qr->tax_code, err);
    if (e != OK) return e;
    if (qr->template_no < 1 || qr->template_no > TEMPLATE_MAX)
        return refuse_number("template", qr->template_no, "Ghi ký hiệu mẫu số từ 1 đến 9",
                             "Write the number of the template, 1 to 9", err);
    if (!is_symbol(qr->symbol))
        return qr_refuse_member("symbol", qr->symbol,
                                "Ghi ký hiệu hóa đơn gồm 6 ký tự, ví dụ \"K26TDN\"",
                                "Write the symbol of 6 characters, such as \"K26TDN\"", err);
    if (qr->number < 1 || qr->number > NUMBER_MAX)
        return refuse_number("number", qr->number, "Ghi số hóa đơn từ 1 đến 99999999",
                             "Write the invoice number, 1 to 99999999", err);
    if (qr->total_vnd < -TOTAL_MAX || qr->total_vnd > TOTAL_MAX)
        return refuse_number("total", qr->total_vnd, "Ghi tổng tiền dưới một nghìn tỷ đồng",
                             "Write a total below a thousand billion đồng", err);
    return OK;
}

static void add_number(struct buf *out, unsigned id, int64_t number)
{
    char memory[NUMBER_BYTES];
    struct buf buf;
    buf_init_fixed(&buf, memory, sizeof memory);
    buf_add_i64(&buf, number);
    emv_add(out, id, buf_str(&buf));
}

static void add_invoice(const struct tax_qr *qr, struct buf *out)
{
    char memory[QR_TEMPLATE_BYTES], date_memory[DATE_PARTS + 1];
    struct buf invoice, date;
    int year, month, day;
    buf_init_fixed(&invoice, memory, sizeof memory);
    buf_init_fixed(&date, date_memory, sizeof date_memory);
    civil_from_day(qr->day, &year, &month, &day);
    buf_printf(&date, "%04d%02d%02d", year, month, day);
    emv_add(&invoice, 0, S("A000000775"));
    emv_add(&invoice, 1, qr->tax_code);
    add_number(&invoice, 2, qr->template_no);
    emv_add(&invoice, 3, qr->symbol);
    add_number(&invoice, 4, qr->number);
    emv_add(&invoice, 5, buf_str(&date));
    add_number(&invoice, 6, qr->total_vnd);
    emv_add(out, 99, buf_str(&invoice));
}

err_t tax_qr_write(const struct tax_qr *qr, struct buf *out, struct err *err)
{
    struct buf payload;
    char memory[EMV_PAYLOAD_BYTES_MAX + 1];
    err_t e = check(qr, err);
    if (e != OK) return e;
    buf_init_fixed(&payload, memory, sizeof memory);
    emv_add(&payload, 0, S("01"));
    emv_add(&payload, 1, S("12"));
    emv_add(&payload, 53, S("704"));
    emv_add(&payload, 58, S("VN"));
    add_invoice(qr, &payload);
    emv_add_crc(&payload);
    ASSERT(!payload.failed);
    buf_add(out, buf_str(&payload));
    return OK;
}
