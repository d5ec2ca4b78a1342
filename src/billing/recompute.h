/* SPDX-License-Identifier: Apache-2.0 */
/* Computes stored requests again, each with its own price book.
 *
 *   plain request                                   with the bill's book
 *   {"before":…,"after":…}                          the difference, both with the bill's book
 *   {"before":…,"after":…,"before_book":HASH}       before with the book it was billed with
 *
 * Keeps the raters of the last two books. Ownership: a result lives in the arena given.
 * Threads: as the connection. */
#ifndef SANGDEN_BILLING_RECOMPUTE_H
#define SANGDEN_BILLING_RECOMPUTE_H

#include "billing/rater.h"

struct recompute {
    struct db *db;
    struct rater *rater[2]; /* the one used last comes first */
};

/* Without any rater yet; they are made as books are met. */
void recompute_init(struct recompute *recompute, struct db *db);
/* Frees the raters; the struct may be used again. */
void recompute_release(struct recompute *recompute);
/* E_NOT_FOUND when a book is missing, E_INPUT where the engine refuses the request. */
NODISCARD err_t recompute_bill(struct recompute *recompute, struct arena *arena,
                               struct str request, struct str book_hash, struct rated_bill *out,
                               struct err *err);

/* The same with the whole answers of the calculator as JSON: one, or {"before":…,"after":…}. */
NODISCARD err_t recompute_explain(struct recompute *recompute, struct str request,
                                  struct str book_hash, struct buf *out, struct err *err);

/* The book of a hash, which lives until two others were asked for. E_NOT_FOUND. */
NODISCARD err_t recompute_book(struct recompute *recompute, struct str book_hash,
                               const struct price_book **out, struct err *err);

/* The plain request without readings of days on which the book of that hash changes no price: what
 * a correction with that book would say. Lives in the arena. E_NOT_FOUND when the book is missing.
 */
NODISCARD err_t recompute_fit_readings(struct recompute *recompute, struct arena *arena,
                                       struct str request, struct str book_hash, struct str *out,
                                       struct err *err);

#endif
