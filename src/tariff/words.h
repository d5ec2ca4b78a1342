/* SPDX-License-Identifier: Apache-2.0 */
/* Amounts of money in Vietnamese words, as invoices write them (field TgTTTBChu).
 *
 *   305230  ─►  "Ba trăm linh năm nghìn hai trăm ba mươi đồng"
 *
 * The number is cut into groups of three digits. A group that is not the first reads its hundreds
 * even when they are zero ("không trăm"), a group of zeros is skipped, and what stands above a
 * thousand million is read as a number of its own followed by "tỷ", so 10^12 is "một nghìn tỷ".
 * The full written form only: short spoken forms ("ba tư") never stand on an invoice.
 * Threads: pure. Ownership: the buffer is the caller's. */
#ifndef SANGDEN_TARIFF_WORDS_H
#define SANGDEN_TARIFF_WORDS_H

#include "base/arena.h"
#include "base/buffer.h"
#include "base/error.h"

enum words_reading {
    WORDS_NORTH, /* a zero before a unit is "linh" */
    WORDS_SOUTH  /* the same zero is "lẻ" */
};

/* The longest text of any amount, in bytes. */
enum { WORDS_BYTES_MAX = 384 };

/* Adds the amount in words: capital first letter, "đồng" at the end, "Âm" before a negative amount.
 * 0 is "Không đồng". Every int64_t has a reading. */
void words_add_vnd(struct buf *buf, int64_t amount_vnd, enum words_reading reading);
/* {"amount":24,"words":"Hai mươi tư đồng"}. */
void words_write(struct buf *out, int64_t amount_vnd, enum words_reading reading);

/* Answers the request {"amount":24}, with "south":true in the southern reading, as words_write
 * does. E_INPUT names the member. */
NODISCARD err_t words_answer(struct arena *arena, struct str request, struct buf *out,
                             struct err *err);
/* The same number as a voice reads it inside a sentence: no capital, no "đồng". */
void words_add_number(struct buf *buf, int64_t number, enum words_reading reading);

#endif
