/* SPDX-License-Identifier: Apache-2.0 */
/* What the writers of QRs ask of the texts they are given. */
#ifndef SANGDEN_PAYMENT_QR_INT_H
#define SANGDEN_PAYMENT_QR_INT_H

#include "base/arena.h"
#include "base/error.h"

enum { QR_TEXT_MAX = 25, QR_TEMPLATE_BYTES = 256 };

/* Refuses the value of a member; vi and en are the remedy. */
err_t qr_refuse_member(const char *name, struct str value, const char *vi, const char *en,
                       struct err *err);
bool qr_all_digits(struct str text);
/* Without marks, trimmed, printable and at most max characters. */
NODISCARD err_t qr_plain_member(struct arena *arena, const char *name, struct str value, size_t max,
                                struct str *out, struct err *err);
/* The same for one that may not be empty. */
NODISCARD err_t qr_needed_member(struct arena *arena, const char *name, struct str value,
                                 size_t max, struct str *out, struct err *err);
/* A tax code: 10 or 13 digits, 10 digits with "-" and three of a branch, or the 12 digits of a
 * person. */
NODISCARD err_t qr_check_tax_code(struct str tax_code, struct err *err);

#endif
