/* SPDX-License-Identifier: Apache-2.0 */
#include "base/base64.h"

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/* Up to three bytes as four characters. */
static void add_group(struct buf *buf, struct str bytes)
{
    uint32_t bits = 0;
    for (size_t i = 0; i < 3; i++)
        bits = bits << 8 | (i < bytes.n ? (unsigned char)bytes.p[i] : 0U);
    for (size_t i = 0; i < 4; i++)
        buf_add_char(buf, i <= bytes.n ? alphabet[bits >> (18 - 6 * i) & 63] : '=');
}

void buf_add_base64(struct buf *buf, struct str bytes)
{
    for (size_t i = 0; i < bytes.n; i += 3) add_group(buf, str_sub(bytes, i, 3));
}
