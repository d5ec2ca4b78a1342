/* SPDX-License-Identifier: Apache-2.0 */
/* E-invoices of made parties for the tests of the document room: one that is right in every field,
 * and as many others as a seed gives, each of which passes the check. */
#ifndef SANGDEN_TESTS_EINVOICES_H
#define SANGDEN_TESTS_EINVOICES_H

#include "base/arena.h"
#include "document/einvoice.h"

enum { MADE_LINES = 12, MADE_EXTRAS = 4 };

/* One e-invoice with its own lines and further fields. */
struct made {
    struct einvoice invoice;
    struct einvoice_line lines[MADE_LINES];
    struct einvoice_extra extras[MADE_EXTRAS];
};

/* An invoice of 2026-08-05 over two tiers, right in every field. The struct must stay where it is.
 * */
void made_plain(struct made *made);

/* A right invoice that depends on nothing but the seed: any day the rules know, texts of many
 * letters with & < > among them, all roles, several rates, adjusted amounts below zero. */
void made_random(struct made *made, struct arena *arena, uint64_t seed);

/* The sums of the invoice from its lines. */
void made_sum(struct made *made);

/* Whether two invoices say the same in every field of the format; where not, *out_tag is the first
 * that differs. */
bool same_invoice(const struct einvoice *a, const struct einvoice *b, const char **out_tag);

#endif
