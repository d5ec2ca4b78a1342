/* SPDX-License-Identifier: Apache-2.0 */
/* The pages of reading books: the list of a month, and one book with its signatures.
 *
 * Ownership: texts must live until the call is over. Threads: as the arena. */
#ifndef SANGDEN_WEB_SHOW_OPS_BOOKS_H
#define SANGDEN_WEB_SHOW_OPS_BOOKS_H

#include "metering/book_view.h"
#include "web/show_ops_closing.h"

/* What may be done with a book, in the order of book_acts.def. */
enum book_act {
#define BOOK_ACT(name, done) BOOK_ACT_##name,
#include "web/operations/book_acts.def"
    BOOK_ACT_COUNT
};

/* One state, or all of them. */
enum { BOOK_CHOICES = BOOK_STATE_COUNT + 1 };

struct show_books_row {
    const struct book *book;
    struct book_period period;
    struct str address;
};
struct show_books {
    int32_t month;
    struct str before_month, after_month; /* addresses */
    struct str choices[BOOK_CHOICES];     /* by state, the last one for all */
    size_t choice;
    const struct show_books_row *rows;
    size_t row_count;
    struct str first, after; /* addresses of the first page and the next; empty: this is it */
};
/* E_MEMORY. */
NODISCARD err_t show_ops_books(const struct show *show, const struct show_operations *frame,
                               const struct show_books *books);

struct show_book_use {
    const struct book_use *use;
    struct str address; /* of its re-verification; empty: none */
};
struct show_book {
    const struct book *book;
    const struct book_period *period;
    int64_t read_count;           /* points with a reading of the month */
    size_t next_signature;        /* SIGNATURE_COUNT: none is waited for */
    bool offered[BOOK_ACT_COUNT]; /* to this visitor, in this state */
    const struct book_step *steps;
    size_t step_count;
    const struct book_exception *exceptions;
    size_t exception_count;
    bool more_exceptions;
    const struct show_book_use *uses;
    size_t use_count;
    struct str first, after;          /* pages of uses */
    struct str address, list, spikes; /* of this page, of the list, of its re-verification */
    struct str reason;                /* of a return, as typed */
    struct show_closing closing;
    enum book_act done;               /* just now; BOOK_ACT_COUNT: nothing */
    const struct err *refused;        /* NULL: not refused */
};
/* E_MEMORY. */
NODISCARD err_t show_ops_book(const struct show *show, const struct show_operations *frame,
                              const struct show_book *book);

#endif
