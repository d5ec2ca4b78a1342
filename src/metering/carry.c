/* SPDX-License-Identifier: Apache-2.0 */
#include "metering/carry.h"

void carry_write(const struct carry *carry, struct buf *out)
{
    buf_add(out, prorate_text(carry->boundary));
    buf_add_char(out, '|');
    for (size_t i = 0; i < carry->count; i++) {
        const struct carry_item *item = &carry->items[i];
        if (i > 0) buf_add_char(out, ';');
        buf_add_i64(out, item->installation_id);
        buf_add_char(out, ':');
        buf_add(out, register_text(item->reg));
        buf_add_char(out, ':');
        buf_add_i64(out, item->index_wh);
        buf_add_char(out, ':');
        buf_add_i64(out, item->day);
        buf_add_char(out, ':');
        buf_add_i64(out, item->estimated_wh);
    }
}

static bool read_item(struct str text, struct carry_item *out)
{
    struct str piece[5];
    for (size_t i = 0; i < ARRAY_COUNT(piece); i++) {
        if (!str_split(&text, ':', &piece[i])) return false;
    }
    int64_t day;
    if (!str_to_i64(piece[0], &out->installation_id) || !register_parse(piece[1], &out->reg) ||
        !str_to_i64(piece[2], &out->index_wh) || !str_to_i64(piece[3], &day) ||
        !str_to_i64(piece[4], &out->estimated_wh)) {
        return false;
    }
    if (day < INT32_MIN || day > INT32_MAX) return false;
    out->day = (int32_t)day;
    return true;
}

bool carry_read(struct str text, struct carry *out)
{
    struct carry carry = {0};
    struct str boundary;
    size_t bar = str_find(text, '|');
    if (bar == text.n) return false;
    boundary = str_sub(text, 0, bar);
    if (!prorate_parse(boundary, &carry.boundary)) return false;
    struct str rest = str_sub(text, bar + 1, text.n - bar - 1), piece;
    while (rest.n > 0 && str_split(&rest, ';', &piece)) {
        struct carry_item item;
        if (!read_item(piece, &item) || !carry_add(&carry, item)) return false;
    }
    *out = carry;
    return true;
}

const struct carry_item *carry_find(const struct carry *carry, int64_t installation_id,
                                    enum register_code reg)
{
    for (size_t i = 0; i < carry->count; i++) {
        const struct carry_item *item = &carry->items[i];
        if (item->installation_id == installation_id && item->reg == reg) return item;
    }
    return NULL;
}

bool carry_add(struct carry *carry, struct carry_item item)
{
    if (carry->count == CARRY_MAX) return false;
    carry->items[carry->count++] = item;
    return true;
}
