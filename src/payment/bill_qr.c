/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/bill_qr.h"

#include "payment/emv.h"
#include "payment/qr_int.h"

enum { CITY_MAX = 15 };

static void add_seller(struct str tax_code, struct buf *out)
{
    char memory[QR_TEMPLATE_BYTES];
    struct buf seller;
    buf_init_fixed(&seller, memory, sizeof memory);
    emv_add(&seller, 0, S("00"));
    emv_add(&seller, 1, tax_code);
    emv_add(out, 26, buf_str(&seller));
}

static void add_additional(const struct bill_qr *qr, struct buf *out)
{
    char memory[QR_TEMPLATE_BYTES];
    struct buf data;
    buf_init_fixed(&data, memory, sizeof memory);
    emv_add(&data, 3, S("00"));
    emv_add(&data, 6, qr->customer);
    emv_add(&data, 7, S("00"));
    if (qr->purpose.n > 0) emv_add(&data, 8, qr->purpose);
    emv_add(out, 62, buf_str(&data));
}

err_t bill_qr_write(struct arena *arena, const struct bill_qr *qr, struct buf *out, struct err *err)
{
    struct bill_qr plain = *qr;
    struct buf payload;
    char memory[EMV_PAYLOAD_BYTES_MAX + 1];
    err_t e = qr_check_tax_code(qr->tax_code, err);
    if (e == OK) e = qr_needed_member(arena, "name", qr->name, QR_TEXT_MAX, &plain.name, err);
    if (e == OK) e = qr_plain_member(arena, "city", qr->city, CITY_MAX, &plain.city, err);
    if (e == OK)
        e = qr_needed_member(arena, "customer", qr->customer, QR_TEXT_MAX, &plain.customer, err);
    if (e == OK)
        e = qr_plain_member(arena, "purpose", qr->purpose, QR_TEXT_MAX, &plain.purpose, err);
    if (e != OK) return e;
    buf_init_fixed(&payload, memory, sizeof memory);
    emv_add(&payload, 0, S("01"));
    emv_add(&payload, 1, S("11"));
    add_seller(plain.tax_code, &payload);
    emv_add(&payload, 52, S("4900"));
    emv_add(&payload, 53, S("704"));
    emv_add(&payload, 58, S("VN"));
    emv_add(&payload, 59, plain.name);
    if (plain.city.n > 0) emv_add(&payload, 60, plain.city);
    add_additional(&plain, &payload);
    emv_add_crc(&payload);
    ASSERT(!payload.failed);
    buf_add(out, buf_str(&payload));
    return OK;
}
