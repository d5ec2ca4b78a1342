/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/qr_request.h"

#include "base/date.h"
#include "base/json_fields.h"
#include "payment/bill_qr.h"
#include "payment/qr_int.h"
#include "payment/tax_qr.h"
#include "payment/vietqr.h"

/* ---- members ----------------------------------------------------------------------------- */

static err_t read_text(const struct json *root, const char *name, bool required, struct str *out,
                       struct err *err)
{
    const struct json *value;
    if (!required && !field_given(root, name)) return OK;
    err_t e = field_typed(root, name, JSON_TEXT, &value, err);
    if (e == OK) *out = value->text;
    return e;
}

static err_t read_number(const struct json *root, const char *name, int64_t *out, struct err *err)
{
    const struct json *value;
    err_t e = field_typed(root, name, JSON_NUMBER, &value, err);
    if (e != OK || json_to_i64(value, out)) return e;
    return qr_refuse_member(name, value->text, "Ghi một số nguyên", "Write a whole number", err);
}

static err_t read_day(const struct json *root, int32_t *out, struct err *err)
{
    const struct json *value;
    err_t e = field_typed(root, "date", JSON_TEXT, &value, err);
    if (e != OK || day_parse(value->text, out)) return e;
    return qr_refuse_member("date", value->text, "Ghi ngày dạng 2026-08-03",
                            "Write a day as 2026-08-03", err);
}

/* ---- kinds ------------------------------------------------------------------------------- */

static err_t read_amount(const struct json *root, int64_t *out, struct err *err)
{
    const struct json *value;
    if (!field_given(root, "amount")) return OK;
    err_t e = field_typed(root, "amount", JSON_NUMBER, &value, err);
    if (e != OK) return e;
    if (json_to_i64(value, out) && *out > 0) return OK;
    return qr_refuse_member("amount", value->text,
                            "Ghi số nguyên đồng lớn hơn 0, hoặc bỏ trống để người trả tự ghi",
                            "Write whole đồng above 0, or leave it out for any amount", err);
}

static err_t answer_payment(struct arena *arena, const struct json *root, int64_t limit_vnd,
                            struct buf *out, struct err *err)
{
    static const char *const names[] = {"kind", "bin",      "account", "amount",
                                        "bill", "customer", "purpose"};
    struct vietqr qr = {0};
    err_t e = fields_only(root, names, ARRAY_COUNT(names), err);
    if (e == OK) e = read_text(root, "bin", true, &qr.bin, err);
    if (e == OK) e = read_text(root, "account", true, &qr.account, err);
    if (e == OK) e = read_amount(root, &qr.amount_vnd, err);
    if (e == OK) e = read_text(root, "bill", false, &qr.bill, err);
    if (e == OK) e = read_text(root, "customer", false, &qr.customer, err);
    if (e == OK) e = read_text(root, "purpose", false, &qr.purpose, err);
    return e == OK ? vietqr_write(arena, &qr, limit_vnd, out, err) : e;
}

static err_t answer_bill(struct arena *arena, const struct json *root, int64_t limit_vnd,
                         struct buf *out, struct err *err)
{
    static const char *const names[] = {"kind", "tax_code", "name", "city", "customer", "purpose"};
    struct bill_qr qr = {0};
    (void)limit_vnd; /* it has no amount */
    err_t e = fields_only(root, names, ARRAY_COUNT(names), err);
    if (e == OK) e = read_text(root, "tax_code", true, &qr.tax_code, err);
    if (e == OK) e = read_text(root, "name", true, &qr.name, err);
    if (e == OK) e = read_text(root, "city", false, &qr.city, err);
    if (e == OK) e = read_text(root, "customer", true, &qr.customer, err);
    if (e == OK) e = read_text(root, "purpose", false, &qr.purpose, err);
    return e == OK ? bill_qr_write(arena, &qr, out, err) : e;
}

static err_t answer_tax(struct arena *arena, const struct json *root, int64_t limit_vnd,
                        struct buf *out, struct err *err)
{
    static const char *const names[] = {"kind",   "tax_code", "template", "symbol",
                                        "number", "date",     "total"};
    struct tax_qr qr = {0};
    (void)arena;
    (void)limit_vnd; /* it is no payment */
    err_t e = fields_only(root, names, ARRAY_COUNT(names), err);
    if (e == OK) e = read_text(root, "tax_code", true, &qr.tax_code, err);
    if (e == OK) e = read_number(root, "template", &qr.template_no, err);
    if (e == OK) e = read_text(root, "symbol", true, &qr.symbol, err);
    if (e == OK) e = read_number(root, "number", &qr.number, err);
    if (e == OK) e = read_day(root, &qr.day, err);
    if (e == OK) e = read_number(root, "total", &qr.total_vnd, err);
    return e == OK ? tax_qr_write(&qr, out, err) : e;
}

typedef err_t answer_fn(struct arena *arena, const struct json *root, int64_t limit_vnd,
                        struct buf *out, struct err *err);

static err_t find_kind(const struct json *root, answer_fn **out, struct err *err)
{
    static const struct {
        struct str name;
        answer_fn *answer;
    } kinds[] = {{S_INIT("payment"), answer_payment},
                 {S_INIT("bill"), answer_bill},
                 {S_INIT("tax"), answer_tax}};
    struct str name = kinds[0].name;
    err_t e = root->type == JSON_MAP ? read_text(root, "kind", false, &name, err) : OK;
    if (e != OK) return e;
    for (size_t i = 0; i < ARRAY_COUNT(kinds); i++) {
        if (!str_equal(kinds[i].name, name)) continue;
        *out = kinds[i].answer;
        return OK;
    }
    return qr_refuse_member("kind", name,
                            "Ghi \"payment\" (chuyển khoản), \"bill\" (mã của bên bán điện) hoặc "
                            "\"tax\" (hóa đơn điện tử)",
                            "Write \"payment\" (a transfer), \"bill\" (the distributor's own) or "
                            "\"tax\" (an e-invoice)",
                            err);
}

err_t qr_answer(struct arena *arena, struct str request, int64_t limit_vnd, struct buf *out,
                struct err *err)
{
    struct json *root = NULL;
    answer_fn *answer = answer_payment;
    err_t e = json_parse(arena, request, &root, err);
    if (e == OK) e = find_kind(root, &answer, err);
    return e == OK ? answer(arena, root, limit_vnd, out, err) : e;
}
