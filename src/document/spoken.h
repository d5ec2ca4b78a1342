/* SPDX-License-Identifier: Apache-2.0 */
/* Words for a voice: no digit, no symbol, no abbreviation is left for a machine to guess at.
 *
 *   228500 thousandths   hai trăm hai mươi tám phẩy năm      two hundred twenty-eight point five
 *   2026-08-08           ngày mùng tám tháng tám năm hai nghìn không trăm hai mươi sáu
 *   1K7M                 một, ca, bảy, em mờ                 one, K, seven, M
 *
 * Threads: pure. Ownership: everything is appended to the caller's buffer. */
#ifndef SANGDEN_DOCUMENT_SPOKEN_H
#define SANGDEN_DOCUMENT_SPOKEN_H

#include "base/buffer.h"

/* A whole number. */
void spoken_number(struct buf *out, int64_t number, bool english);
/* Thousandths of a unit; places behind the point are read digit by digit. */
void spoken_quantity(struct buf *out, int64_t milli, bool english);
/* Whole đồng without a sign, "… đồng". */
void spoken_money(struct buf *out, int64_t vnd, bool english);
void spoken_day(struct buf *out, int32_t day, bool english);
/* A month of base/date.h. */
void spoken_month(struct buf *out, int32_t month, bool english);
/* Character by character, for codes and telephone numbers; dashes and blanks are passed over. */
void spoken_code(struct buf *out, struct str code, bool english);
/* A sentence that holds numbers, signs or our abbreviations. */
void spoken_text(struct buf *out, struct str text, bool english);

#endif
