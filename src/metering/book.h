/* SPDX-License-Identifier: Apache-2.0 */
/* Reading books and their periods: open, closed, signed, issued.
 *
 *   open ─close─► closed ─reader─team leader─billing leader─► signed ─(billing)─► issued
 *     ▲              │                                          │
 *     └── return ────┴──────────────────────────────────────────┘   with a reason, until issued
 *
 * Months are those of base/date.h in C and YYYYMM in tables. Period 0 of a month keeps what is
 * closed outside the cycle. Ownership: texts live in the arena given. Threads: one connection, one
 * thread. */
#ifndef SANGDEN_METERING_BOOK_H
#define SANGDEN_METERING_BOOK_H

#include "base/arena.h"
#include "base/error.h"

struct actor;
struct db;

enum book_state { BOOK_OPEN, BOOK_CLOSED, BOOK_SIGNED, BOOK_ISSUED };
enum { BOOK_PERIODS_MAX = 3, SIGNATURE_COUNT = 3 };

struct book {
    int64_t unit_id, book_id;
    struct str code, name;
    int periods;
    int reading_day;
};

struct book_period {
    int32_t month;
    int period_no;
    int32_t read_day;
    enum book_state state;
    int64_t closing_no;
    int64_t point_count, exception_count;
};

/* E_NOT_FOUND names the code; E_INPUT when several units have it and unit_id is 0. */
NODISCARD err_t book_by_code(struct db *db, struct arena *arena, int64_t unit_id, struct str code,
                             struct book *out, struct err *err);
/* All books of a unit (0: of every unit) by code. */
NODISCARD err_t book_list(struct db *db, struct arena *arena, int64_t unit_id, struct book **out,
                          size_t *out_count, struct err *err);
/* Makes a book, or changes name, periods and reading day of the one with this code; inside a
 * transaction. */
NODISCARD err_t book_put(struct db *db, const struct book *book, int64_t *out_book_id,
                         struct err *err);

/* The periods of a book by month and number. */
NODISCARD err_t book_periods(struct db *db, struct arena *arena, const struct book *book,
                             struct book_period **out, size_t *out_count, struct err *err);
/* One period; an unwritten one is open with its scheduled day. */
NODISCARD err_t book_period_get(struct db *db, const struct book *book, int32_t month,
                                int period_no, struct book_period *out, struct err *err);
/* Makes the row of a period unless it is there, and locks it until the transaction ends. */
NODISCARD err_t book_period_lock(struct db *db, const struct book *book, int32_t month,
                                 int period_no, struct book_period *out, struct err *err);
/* Sets the reading day of an open period. */
NODISCARD err_t book_period_schedule(struct db *db, const struct book *book, int32_t month,
                                     int period_no, int32_t read_day, struct err *err);

/* The signatures of the latest closing, in their order. */
enum signature { SIGN_READER, SIGN_TEAM_LEADER, SIGN_BILLING_LEADER };
struct str signature_text(enum signature signature);
/* From "reader", "team_leader", "billing_leader". */
NODISCARD bool signature_parse(struct str text, enum signature *out);

/* seen_closing_no: whichever closing is the latest. */
enum { BOOK_ANY_CLOSING = -1 };

/* Signs the counts of the latest closing in a transaction of its own; E_CONFLICT when that is not
 * the one whose counts were seen (seen_closing_no). Three signatures are of three persons; where
 * nobody is left at the unit who has not signed, the last one is a confirmation on a later day than
 * the first, and its step says so. E_STATE when the signature before is missing or this one is
 * there already, E_FORBIDDEN for a person who signed before. */
NODISCARD err_t book_sign(struct db *db, const struct book *book, int32_t month, int period_no,
                          int64_t seen_closing_no, enum signature signature,
                          const struct actor *actor, struct err *err);
/* Gives a closed or signed period back to be read again, with a reason, in a transaction of its
 * own: the usage of the closing is no longer live, open findings of it fall away. E_CONFLICT as
 * with book_sign. */
NODISCARD err_t book_return(struct db *db, const struct book *book, int32_t month, int period_no,
                            int64_t seen_closing_no, struct str reason, int64_t actor_id,
                            struct err *err);

/* Appends a step and its link in the audit stream "metering" of the unit; counts is JSON. Inside a
 * transaction. */
NODISCARD err_t book_step_add(struct db *db, const struct book *book, int32_t month, int period_no,
                              struct str step, int64_t closing_no, struct str counts,
                              struct str reason, int64_t actor_id, struct err *err);

/* The words of the table. */
struct str book_state_text(enum book_state state);

#endif
