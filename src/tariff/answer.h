/* SPDX-License-Identifier: Apache-2.0 */
/* Answers of the bill calculator as JSON: lines with their legal basis, sums, warnings.
 *
 *   text ─► request_read ─► calc_rate ─► answer_write ─► text
 *
 * The same bytes come from the command, the programming interface and WebAssembly.
 * Threads: pure. Freestanding. */
#ifndef SANGDEN_TARIFF_ANSWER_H
#define SANGDEN_TARIFF_ANSWER_H

#include "base/json_write.h"
#include "tariff/calc.h"

/* Answers one request into out, or fails and adds nothing. */
NODISCARD err_t calc_answer(const struct price_book *book, struct arena *arena, struct str text,
                            struct buf *out, struct err *err);

/* Writes the answer of a rated request, without a line end. */
void answer_write(const struct price_book *book, const struct calc_request *request,
                  const struct calc_result *result, struct buf *out);

/* One warning: code, field (may be NULL) and texts in both languages. */
void answer_warning(struct json_writer *writer, const char *code, const char *field,
                    struct str text_vi, struct str text_en);
/* The warning of a VAT rate that is not verified; nothing for a verified one. */
void answer_vat_warning(struct json_writer *writer, const struct vat_rate *vat);
/* The warning of a price that is not verified; nothing for a verified one. */
void answer_price_warning(struct json_writer *writer, const struct decision *decision,
                          enum category category, enum voltage voltage,
                          enum confidence confidence);

#endif
