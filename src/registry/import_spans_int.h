/* SPDX-License-Identifier: Apache-2.0 */
/* What the two files of installations out of a file share; private to them. */
#ifndef SANGDEN_REGISTRY_IMPORT_SPANS_INT_H
#define SANGDEN_REGISTRY_IMPORT_SPANS_INT_H

#include "registry/import_spans.h"

/* Whether a new span names a known one that it does not repeat: the same meter in the same role at
 * the same point, and both hung at some time. */
bool import_span_names(const struct import_span *span, const struct import_span *known);
/* Turns known ones into what rows say of them, remembering what is stored; rejects rows whose
 * correction may not be. Overlaps are judged afterwards. */
NODISCARD err_t import_spans_correct(struct import_spans *spans, struct import_row *rows,
                                     struct err *err);
/* Writes the corrections of rows that are not rejected. */
NODISCARD err_t import_spans_write_corrected(struct import_spans *spans,
                                             const struct import_row *rows, bool *wrote,
                                             struct err *err);

#endif
