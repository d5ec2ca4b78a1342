/* SPDX-License-Identifier: Apache-2.0 */
/* The pages of billing in operations: the morning, runs, lists, price books, invariants (show.h and
 * show_operations.h have the rules).
 *
 * Ownership: texts must live until the call is over. Threads: as the arena. */
#ifndef SANGDEN_WEB_SHOW_BILLING_H
#define SANGDEN_WEB_SHOW_BILLING_H

#include "billing/compare_keep.h"
#include "billing/errand.h"
#include "billing/price_book_change.h"
#include "billing/run_progress.h"
#include "store/check_round.h"
#include "tariff/book_diff.h"
#include "web/show_operations.h"

/* ---- the morning ------------------------------------------------------------------------- */

/* One number that opens its records. */
struct show_figure {
    enum web_text words;
    int64_t count;
    bool unknown; /* not counted yet */
    struct str note;
    struct str address;
};
struct show_change {
    enum web_text words;
    struct str kind; /* the name of an event that words do not name; otherwise empty */
    int64_t count;
    struct str address; /* of its records */
};
struct show_morning {
    int32_t month; /* of base/date.h; -1: nothing was closed yet */
    bool any_due;  /* books of the month wait for their bills */
    bool planned;  /* due_day follows the schedule of a book that nobody has read yet */
    int32_t due_day, today;
    struct str unbilled; /* address of the list of who has no bill */
    const struct show_figure *figures;
    size_t figure_count;
    int32_t since_day;
    const struct show_change *changes;
    size_t change_count;
};
/* E_MEMORY. */
NODISCARD err_t show_ops_morning(const struct show *show, const struct show_operations *frame,
                                 const struct show_morning *morning);

/* ---- runs -------------------------------------------------------------------------------- */

struct show_runs {
    const struct run_seen *runs;
    size_t run_count;
    const struct errand *errand; /* the last one of the month; NULL: none */
    int32_t month;               /* to be drafted; -1: none */
    bool may_run;
    struct str after; /* address of older ones; empty: none */
};
/* E_MEMORY. */
NODISCARD err_t show_ops_runs(const struct show *show, const struct show_operations *frame,
                              const struct show_runs *runs);

/* The part of it that tells whether what was asked for is done, alone. */
NODISCARD err_t show_ops_errand_live(const struct show *show, const struct errand *errand);

struct show_run {
    const struct run_seen *run;
    const struct errand *errand; /* as above */
    int64_t now_ms;              /* for speed and time left */
    int64_t held, exceptions;    /* of the month */
    int64_t spikes;              /* of the month, that hold a bill */
    struct str queue;            /* address of those; empty: not opened */
    struct unbilled_count unbilled;
    bool may_issue;
};
NODISCARD err_t show_ops_run(const struct show *show, const struct show_operations *frame,
                             const struct show_run *run);
/* The part of it that tells how far the run is, alone. */
NODISCARD err_t show_ops_run_live(const struct show *show, const struct show_run *run);

/* One entry of the lists of what has no bill. */
struct show_changed {
    int64_t at_ms;
    struct str words, address; /* address: of the record; empty: not opened */
};
struct show_changes {
    enum web_text title;
    struct str kind; /* the name of the event that title does not name; otherwise empty */
    int32_t since_day;
    const struct show_changed *rows;
    size_t row_count;
    struct str after; /* address; empty: none */
};
/* What happened of one kind. E_MEMORY. */
NODISCARD err_t show_ops_changes(const struct show *show, const struct show_operations *frame,
                                 const struct show_changes *changes);

struct show_list_row {
    struct str point, agreement, customer, book; /* customer: address; empty: not opened */
    struct str book_address, spikes; /* addresses of what is to be done; empty: not opened */
    struct str reason, concerns, remedy;
    int32_t due_day; /* of its invoice; -1: not known */
};
struct show_list {
    enum web_text title, lead;
    int32_t month, today;
    const struct show_list_row *rows;
    size_t row_count;
    struct str first, after; /* addresses; empty: none */
};
NODISCARD err_t show_ops_list(const struct show *show, const struct show_operations *frame,
                              const struct show_list *list);

/* ---- price books ------------------------------------------------------------------------- */

struct show_prices {
    struct str current, hash; /* the book in force */
    const struct price_book_row *books;
    size_t book_count;
    bool may_load;
    const struct err *refused; /* why what was pasted is no book; NULL: nothing was */
    struct str pasted;         /* what was refused, to be put right */
};
NODISCARD err_t show_ops_prices(const struct show *show, const struct show_operations *frame,
                                const struct show_prices *prices);

struct show_price_book {
    const struct price_book_row *book;
    int32_t effect_month; /* -1: none */
    bool too_many;        /* bills for a page; then the command shows the effect */
    struct price_effect effect;
    const struct book_change *changes; /* against the book in force */
    size_t change_count, changes_more; /* those that are shown, and how many are not */
    int32_t today;
    bool may_release;
    const struct err *refused; /* NULL: nothing was */
};
NODISCARD err_t show_ops_price_book(const struct show *show, const struct show_operations *frame,
                                    const struct show_price_book *book);

/* ---- cut-over ---------------------------------------------------------------------------- */

struct show_compare {
    const struct compared_book *books;
    size_t book_count;
    struct str first, after; /* addresses; empty: none */
};
NODISCARD err_t show_ops_compare(const struct show *show, const struct show_operations *frame,
                                 const struct show_compare *compare);

/* The address of a book there, in the arena. */
struct str show_compare_address(struct arena *arena, struct str code);

struct show_compare_book {
    const struct compared_book *book;
    const struct compared_difference *differences;
    size_t difference_count;
    struct str first, after;
    int32_t month; /* offered for the next comparison; -1: none */
    const struct err *refused;
    struct str pasted; /* what was refused, to be put right */
};
NODISCARD err_t show_ops_compare_book(const struct show *show, const struct show_operations *frame,
                                      const struct show_compare_book *compare);

/* ---- invariants -------------------------------------------------------------------------- */

struct show_checks {
    const struct check_round *round;
    const struct check_list *list; /* for their words */
    struct str by;                 /* who asked; empty: the daily round */
    int64_t waiting;
    bool may_ask;
};
NODISCARD err_t show_ops_checks(const struct show *show, const struct show_operations *frame,
                                const struct show_checks *checks);

#endif
