/* SPDX-License-Identifier: Apache-2.0 */
/* Questions about reading books: lists by month and state, what was done with one, what it closed
 * and whom it left out.
 *
 * Pure queries. Ownership: results live in the arena. Threads: as the connection. */
#ifndef SANGDEN_METERING_BOOK_VIEW_H
#define SANGDEN_METERING_BOOK_VIEW_H

#include "metering/book.h"
#include "metering/exception.h"
#include "metering/spike.h"

struct book_filter {
    int64_t unit_id;
    int32_t month;
    bool any_state; /* otherwise books with a period of the month in the state */
    enum book_state state;
    struct str after; /* code of the last book of the page before; empty: from the first */
    int64_t limit;
};
/* Books of a unit by code. A period that nothing was written of is open. */
NODISCARD err_t book_page(struct db *db, struct arena *arena, const struct book_filter *filter,
                          struct book **out, size_t *out_count, struct err *err);

enum { BOOK_STATE_COUNT = BOOK_ISSUED + 1 };
/* How many periods of a month are in which state. */
NODISCARD err_t book_count(struct db *db, int64_t unit_id, int32_t month,
                           int64_t out[BOOK_STATE_COUNT], struct err *err);

struct book_step {
    struct str step; /* "close", "sign_reader", "return", … */
    int64_t closing_no;
    struct str reason, actor_code;
    int64_t actor_id, at;
};
/* What was done in a period, in its order. */
NODISCARD err_t book_steps(struct db *db, struct arena *arena, const struct book *book,
                           const struct book_period *period, struct book_step **out,
                           size_t *out_count, struct err *err);
/* Which signature (enum signature) the latest closing waits for; SIGNATURE_COUNT when it has all of
 * them, or is none. */
size_t book_next_signature(const struct book_period *period, const struct book_step *steps,
                           size_t count);

/* One point that a closing left out, or that is to be looked at. */
struct book_exception {
    struct str point_code;
    enum exception_code code;
    int32_t month;
    int period_no;
    bool blocks;
    int64_t in_a_row;
    struct str detail; /* JSON */
};
typedef err_t book_exception_visit(void *context, const struct book_exception *item,
                                   struct err *err);
/* Open ones up to the month and what the latest closing tells, blocking ones first, at most so
 * many; texts live until the visit returns. */
NODISCARD err_t book_exceptions_each(struct db *db, const struct book *book,
                                     const struct book_period *period, int64_t limit,
                                     book_exception_visit *visit, void *context, struct err *err);

/* What the latest closing says of a point. */
struct book_use {
    int64_t point_id;
    struct str point_code;
    int32_t from_day, to_day;
    int64_t wh, before_wh; /* before_wh -1: nothing before */
    bool estimated;
    enum spike spike;
};
/* Uses of the latest closing by point, behind a point (0: from the first); none while it is open.
 * */
NODISCARD err_t book_uses(struct db *db, struct arena *arena, const struct book *book,
                          const struct book_period *period, int64_t after_point_id, int64_t limit,
                          struct book_use **out, size_t *out_count, struct err *err);

/* How many points of the book have a reading of the month's cycle. */
NODISCARD err_t book_points_read(struct db *db, const struct book *book, int32_t month,
                                 int64_t *out, struct err *err);

#endif
