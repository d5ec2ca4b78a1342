/* SPDX-License-Identifier: Apache-2.0 */
/* A bill in a few words: one text message, and a short notice for mail and apps.
 *
 *   sms     Tiền điện tháng 7/2026, mã KH PD00000000001: 228 kWh, 565.536 đ, hạn 08/08/2026. …
 *   notice  the same in lines, with why it differs, how to pay and how to check
 *
 * A message without marks (plain) fits one part of GSM 03.38 for every bill of a household: what is
 * least needed is left out until it does. Amounts and the due day are never left out. A message
 * with marks has the same sentences. Threads: pure. */
#ifndef SANGDEN_DOCUMENT_BILL_NOTICE_H
#define SANGDEN_DOCUMENT_BILL_NOTICE_H

#include "base/gsm.h"
#include "document/bill_facts.h"

struct notice_form {
    bool english;
    bool plain; /* without diacritics */
};

/* Appends the message and says what it costs. E_MEMORY when the buffer or arena is full. */
NODISCARD err_t bill_sms(struct arena *arena, const struct bill_facts *facts,
                         struct notice_form form, struct buf *out, struct message_size *out_size,
                         struct err *err);
/* Appends the notice, lines ended by line feeds. */
NODISCARD err_t bill_notice(struct arena *arena, const struct bill_facts *facts,
                            struct notice_form form, struct buf *out, struct err *err);

/* What the bill is for, as a heading: "Tiền điện tháng 7/2026", "Phí ngừng và cấp điện
 * trở lại ngày 20/07/2026". */
void bill_heading(const struct bill_facts *facts, bool english, struct buf *out);
/* The same from the row alone, for lists: a fee by its day, without what was done. */
void bill_row_heading(const struct bill_row *row, bool english, struct buf *out);

#endif
