/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/vietqr.h"

#include "payment/emv.h"
#include "payment/qr_int.h"

enum { AMOUNT_DIGITS = 20 };

/* ---- what a member may hold -------------------------------------------------------------- */

static bool letters_and_digits(struct str text)
{
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        if (!((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z')))
            return false;
    }
    return true;
}

static err_t check_beneficiary(const struct vietqr *qr, struct err *err)
{
    if (qr->bin.n != VIETQR_BIN_DIGITS || !qr_all_digits(qr->bin))
        return qr_refuse_member("bin", qr->bin, "Ghi mã ngân hàng gồm 6 chữ số, ví dụ \"970436\"",
                                "Write the bank identifier of 6 digits, such as \"970436\"", err);
    if (qr->account.n == 0 || qr->account.n > VIETQR_ACCOUNT_MAX ||
        !letters_and_digits(qr->account))
        return qr_refuse_member(
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

/* ---- writing ----------------------------------------------------------------------------- */

static void add_beneficiary(const struct vietqr *qr, struct buf *out)
{
    char inner_memory[QR_TEMPLATE_BYTES], outer_memory[QR_TEMPLATE_BYTES];
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
    char memory[QR_TEMPLATE_BYTES];
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
    if (e == OK) e = qr_plain_member(arena, "bill", qr->bill, VIETQR_TEXT_MAX, &plain.bill, err);
    if (e == OK)
        e = qr_plain_member(arena, "customer", qr->customer, VIETQR_TEXT_MAX, &plain.customer, err);
    if (e == OK)
        e = qr_plain_member(arena, "purpose", qr->purpose, VIETQR_TEXT_MAX, &plain.purpose, err);
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
