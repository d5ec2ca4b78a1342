/* SPDX-License-Identifier: Apache-2.0 */
/* The tariff engine as billing calls it: a calculation request in, a rated bill out.
 *
 * A rater holds one price book and working memory that is reused from bill to bill.
 * Ownership: a result lives until the next call. Threads: one rater, one thread. */
#ifndef SANGDEN_BILLING_RATER_H
#define SANGDEN_BILLING_RATER_H

#include "billing/rated.h"
#include "billing/request.h"
#include "store/store.h"

struct price_book;
struct rater;

/* With the book of that hash: the built-in one, or one stored in the database. */
NODISCARD err_t rater_new(struct db *db, struct str book_hash, struct rater **out,
                          struct err *err);
/* With a book in memory, which must outlive the rater. */
NODISCARD err_t rater_with_book(const struct price_book *book, struct rater **out,
                                struct err *err);
void rater_free(struct rater *rater);
/* Its book, which lives as long as the rater. */
const struct price_book *rater_book(const struct rater *rater);
/* Hash of its book. */
struct str rater_hash(const struct rater *rater);

/* bill_take_readings with the rater's book. */
NODISCARD err_t rater_take_readings(const struct rater *rater, struct arena *arena,
                                    const struct point_terms *terms, struct usage_row *usage,
                                    struct err *err);
/* bill_request_fit_readings with the rater's book. */
void rater_fit_readings(const struct rater *rater, struct str request, struct buf *out);
/* Computes what bill_request_write wrote, from the same facts without the way over the text. */
NODISCARD err_t rater_rate_terms(struct rater *rater, const struct usage_row *usage,
                                 const struct point_terms *terms, struct rated_bill *out,
                                 struct err *err);
/* Computes a plain request, or one of back-billing when it states what is billed (recompute.h knows
 * those of adjustments); the energy of the bill then is the difference. E_INPUT where the engine
 * refuses it, with its reason. */
NODISCARD err_t rater_rate(struct rater *rater, struct str request, struct rated_bill *out,
                           struct err *err);
/* Computes a plain request as if its bill were one of that day: all of it at the prices of the
 * day, with its tax and the support of its month. */
NODISCARD err_t rater_rate_on(struct rater *rater, struct str request, int32_t day,
                              struct rated_bill *out, struct err *err);
/* The same as rater_rate with the whole answer of the calculator as JSON (lines with their legal
 * basis). Adds nothing when it fails. */
NODISCARD err_t rater_explain(struct rater *rater, struct str request, struct buf *out,
                              struct err *err);

#endif
