/* SPDX-License-Identifier: Apache-2.0 */
/* What filling asks of parties and meters, and its words. Private to the room. */
#ifndef SANGDEN_DOCUMENT_INVOICE_FILL_INT_H
#define SANGDEN_DOCUMENT_INVOICE_FILL_INT_H

#include "base/arena.h"
#include "billing/rated.h"
#include "store/store.h"

/* Whose invoice it is: account and agreement of a bill, as of a day, as known at an instant. */
struct party_subject {
    int64_t unit_id, account_id, agreement_id;
    int32_t day;
    int64_t known_at_ms;
};

/* Empty where nothing is recorded. */
struct party_words {
    struct str name, tax_code, identity_no, address, phone, email;
};

NODISCARD err_t party_of_bill(struct db *db, struct arena *arena,
                              const struct party_subject *subject, struct party_words *out,
                              struct err *err);
/* The serial of the meter of an installation; empty when it is gone. */
NODISCARD err_t meter_serial(struct db *db, struct arena *arena, int64_t unit_id,
                             int64_t installation_id, struct str *out, struct err *err);

/* "Điện sinh hoạt, bậc 2, từ 03/09/2026 đến 03/10/2026"; service: what a fee's price list calls
 * it. */
void invoice_line_words(const struct rated_line *line, struct str service, struct buf *out);
/* Why a bill was corrected, as its invoice says it. */
struct str invoice_cause_words(struct str cause);

#endif
