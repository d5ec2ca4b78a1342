/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/vietqr.h"

#include "base/json_fields.h"
#include "base/json_read.h"
#include "base/text.h"
#include "payment/emv.h"

enum { AMOUNT_DIGITS = 20, TEMPLATE_BYTES = 256 };

/* ---- what a member may hold -------------------------------------------------------------- */

static err_t refuse_member(const char *name, struct str value, const char *vi, const char *en,
                           struct err *err)
{
    err_set(err, E_INPUT, name, "“%.*s” không dùng được", "“%.*s” cannot be used",
            STR_ARG(str_first(value, 60)));
    return err_hint(err, "%s%.0s", "%.0s%s", vi, en);
}

static bool all_digits(struct str text)
{
    for (size_t i = 0; i < text.n; i++)
        if (text.p[i] < '0' || text.p[i] > '9') return false;
    return true;
}

static bool letters_and_digits(struct str text)
{
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        if (!((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z')))
            return false;
    }
    return true;
}

static bool printable(struct str text)
{
    for (size_t i = 0; i < text.n; i++)
        if (text.p[i] < ' ' || text.p[i] > '~') return false;
    return true;
}

static err_t check_beneficiary(const struct vietqr *qr, struct err *err)
{
    if (qr->bin.n != VIETQR_BIN_DIGITS || !all_digits(qr->bin))
        return refuse_member("bin", qr->bin, "Ghi mã ngân hàng gồm 6 chữ số, ví dụ \"970436\"",
                             "Write the bank identifier of 6 digits, such as \"970436\"", err);
    if (qr->account.n == 0 || qr->account.n > VIETQR_ACCOUNT_MAX ||
        !letters_and_digits(qr->account))
        return refuse_member(
            "account", qr->account,
            "Số tài khoản gồm 1 đến 19 chữ cái hoặc chữ số, không dấu cách; không được cắt bớt",
            "An account has 1 to 19 letters or digits, no blanks; it is never cut", err);
    return OK;
}

static err_t check_amount(const struct vietqr *qr, int64_t limit_vnd, struct err *err)
{
    if (qr->amount_vnd >= 0 && qr->amount_vnd < limit_vnd) return OK;
    err_set(err, E_RANGE, "amount", "Số tiền %lld đ không chuyển nhanh qua mã QR được",
            "An amount of %lld đ cannot be transferred by QR", (long long)qr->amount_vnd);
    return err_hint(
        err, "Mỗi lần chuyển phải từ 1 đ và dưới %lld đ; số lớn hơn thì trả bằng ủy nhiệm chi",
        "A transfer is from 1 đ to below %lld đ; pay more by payment order", (long long)limit_vnd);
}

/* Without marks, trimmed, printable and not too long. */
static err_t plain_member(struct arena *arena, const char *name, struct str value, struct str *out,
                          struct err *err)
{
    struct str plain;
    err_t e = text_plain(arena, value, &plain, err);
    if (e == E_INPUT) return err_field(err, str_of(name));
    if (e != OK) return e;
    plain = str_trim(plain);
    if (!printable(plain))
        return refuse_member(name, value, "Chỉ dùng chữ cái, chữ số và dấu câu thông thường",
                             "Use letters, digits and ordinary punctuation only", err);
    if (plain.n > VIETQR_TEXT_MAX)
        return refuse_member(name, value, "Rút ngắn còn tối đa 25 ký tự",
                             "Shorten it to at most 25 characters", err);
    *out = plain;
    return OK;
}

/* ---- writing ----------------------------------------------------------------------------- */

static void add_beneficiary(const struct vietqr *qr, struct buf *out)
{
    char inner_memory[TEMPLATE_BYTES], outer_memory[TEMPLATE_BYTES];
    struct buf inner, outer;
    buf_init_fixed(&inner, inner_memory, sizeof inner_memory);
    buf_init_fixed(&outer, outer_memory, sizeof outer_memory);
    emv_add(&inner, 0, qr->bin);
    emv_add(&inner, 1, qr->account);
    emv_add(&outer, 0, S("A000000727"));
    emv_add(&outer, 1, buf_str(&inner));
    emv_add(&outer, 2, S("QRIBFTTA"));
    emv_add(out, 38, buf_str(&outer));
}

static void add_amount(int64_t amount_vnd, struct buf *out)
{
    char memory[AMOUNT_DIGITS + 1];
    struct buf amount;
    if (amount_vnd == 0) return;
    buf_init_fixed(&amount, memory, sizeof memory);
    buf_add_i64(&amount, amount_vnd);
    emv_add(out, 54, buf_str(&amount));
}

static void add_additional(const struct vietqr *qr, struct buf *out)
{
    char memory[TEMPLATE_BYTES];
    struct buf data;
    buf_init_fixed(&data, memory, sizeof memory);
    if (qr->bill.n > 0) emv_add(&data, 1, qr->bill);
    if (qr->customer.n > 0) emv_add(&data, 6, qr->customer);
    if (qr->purpose.n > 0) emv_add(&data, 8, qr->purpose);
    if (data.n > 0) emv_add(out, 62, buf_str(&data));
}

err_t vietqr_write(struct arena *arena, const struct vietqr *qr, int64_t limit_vnd, struct buf *out,
                   struct err *err)
{
    struct vietqr plain = *qr;
    struct buf payload;
    char memory[EMV_PAYLOAD_BYTES_MAX + 1];
    err_t e = check_beneficiary(qr, err);
    if (e == OK) e = check_amount(qr, limit_vnd, err);
    if (e == OK) e = plain_member(arena, "bill", qr->bill, &plain.bill, err);
    if (e == OK) e = plain_member(arena, "customer", qr->customer, &plain.customer, err);
    if (e == OK) e = plain_member(arena, "purpose", qr->purpose, &plain.purpose, err);
    if (e != OK) return e;
    buf_init_fixed(&payload, memory, sizeof memory);
    emv_add(&payload, 0, S("01"));
    emv_add(&payload, 1, qr->amount_vnd > 0 ? S("12") : S("11"));
    add_beneficiary(&plain, &payload);
    emv_add(&payload, 53, S("704"));
    add_amount(qr->amount_vnd, &payload);
    emv_add(&payload, 58, S("VN"));
    add_additional(&plain, &payload);
    emv_add_crc(&payload);
    ASSERT(!payload.failed);
    buf_add(out, buf_str(&payload));
    return OK;
}

/* ---- the request ------------------------------------------------------------------------- */

static err_t read_text(const struct json *root, const char *name, bool required, struct str *out,
                       struct err *err)
{
    const struct json *value;
    if (!required && !field_given(root, name)) return OK;
    err_t e = field_typed(root, name, JSON_TEXT, &value, err);
    if (e == OK) *out = value->text;
    return e;
}

static err_t read_amount(const struct json *root, int64_t *out, struct err *err)
{
    const struct json *value;
    if (!field_given(root, "amount")) return OK;
    err_t e = field_typed(root, "amount", JSON_NUMBER, &value, err);
    if (e != OK) return e;
    if (json_to_i64(value, out) && *out > 0) return OK;
    return refuse_member("amount", value->text,
                         "Ghi số nguyên đồng lớn hơn 0, hoặc bỏ trống để người trả tự ghi",
                         "Write whole đồng above 0, or leave it out for any amount", err);
}

err_t vietqr_answer(struct arena *arena, struct str request, int64_t limit_vnd, struct buf *out,
                    struct err *err)
{
    static const char *const names[] = {"bin", "account", "amount", "bill", "customer", "purpose"};
    struct json *root = NULL;
    struct vietqr qr = {0};
    err_t e = json_parse(arena, request, &root, err);
    if (e == OK) e = fields_only(root, names, ARRAY_COUNT(names), err);
    if (e == OK) e = read_text(root, "bin", true, &qr.bin, err);
    if (e == OK) e = read_text(root, "account", true, &qr.account, err);
    if (e == OK) e = read_amount(root, &qr.amount_vnd, err);
    if (e == OK) e = read_text(root, "bill", false, &qr.bill, err);
    if (e == OK) e = read_text(root, "customer", false, &qr.customer, err);
    if (e == OK) e = read_text(root, "purpose", false, &qr.purpose, err);
    return e == OK ? vietqr_write(arena, &qr, limit_vnd, out, err) : e;
}
