/* SPDX-License-Identifier: Apache-2.0 */
/* The cases that a price book carries: a request, and the sums it must give.
 *
 *   {"name":"…","request":{…},"expect":{"pre_vat":1285560,"vat":102845,"total":1388405}}
 *
 * Whoever changes a book writes down what it must answer, so that a slip of the hand shows before
 * the book is released; a book without a case, and a case that expects nothing, are refused.
 * Threads: pure. Freestanding. */
#ifndef SANGDEN_TARIFF_BOOK_CASES_H
#define SANGDEN_TARIFF_BOOK_CASES_H

#include "tariff/book.h"

/* Runs every case; report is called for each that fails, its field "cases[2].expect.vat". OK when
 * all come out, E_CHECK with their number otherwise, E_MEMORY. */
NODISCARD err_t book_cases_run(const struct price_book *book, struct arena *arena,
                               book_report *report, void *context, size_t *out_count,
                               struct err *err);

#endif
