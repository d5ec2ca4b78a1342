/* SPDX-License-Identifier: Apache-2.0 */
/* For tests of the bill calculator: a request in, the bill in one readable line out.
 *
 *   {'month':'2026-07','usage':{'kwh':'60'},'uses':[{'category':'SH'}]}
 *   ─►  "SH 1 50x1984; SH 2 10x2050 = 119700 + 9576"
 *
 * Requests are written with ' for ". A line is category[/voltage] [tier or n, p, o] kWh x price;
 * support begins with "-", the reactive charge is "R cosphi percent% amount". A new decision inside
 * the bill is announced by its id and a colon when there are several. */
#ifndef SANGDEN_TESTS_TARIFF_BILL_H
#define SANGDEN_TESTS_TARIFF_BILL_H

#include "tariff/request.h"

/* The built-in book, loaded once. */
const struct price_book *bill_book(void);

/* Asserts (cmocka) that the bill reads as expected. */
void check_bill(const char *request, const char *expected);
void check_backbill(const char *request, const char *expected);
/* Asserts that the request is refused, naming the field, with message and hint in both
 * languages. */
void check_bill_refused(const char *request, const char *field);
void check_backbill_refused(const char *request, const char *field);

/* Rates one request whose lines live in the arena; asserts that it succeeds. */
void bill_of(struct arena *arena, const char *request, struct calc_request *out_request,
             struct calc_result *out_result);

/* request with ' turned into ", in the arena. */
struct str bill_text(struct arena *arena, const char *request);

/* The program's answers as JSON, for test/answer.h. */
err_t bill_calc_answer(struct arena *arena, struct str request, struct buf *out,
                       struct err *err);

#endif
