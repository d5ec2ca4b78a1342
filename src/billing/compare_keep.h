/* SPDX-License-Identifier: Apache-2.0 */
/* Comparisons with the earlier system, kept by book: seen by those who sign, who sign what they
 * saw.
 *
 *   compare_keep (a book, its file) ─► counts and every difference ─► compare_sign ─► live
 *
 * A book has one kept comparison, the last. What was computed anew since must be compared again
 * before it is signed. Ownership: texts live in the arena. Threads: as the connection. */
#ifndef SANGDEN_BILLING_COMPARE_KEEP_H
#define SANGDEN_BILLING_COMPARE_KEEP_H

#include "billing/compare.h"

enum { COMPARE_DIFFERENCES_MAX = 20000 };

/* Compares one book (unit_code and book_code of the order are given) and keeps what was found, in a
 * transaction of its own. E_NOT_FOUND; E_INPUT names the first row that cannot be read; E_LIMIT
 * with more differences than are kept. */
NODISCARD err_t compare_keep(struct db *db, const struct compare_order *order,
                             struct compare_counts *out, struct err *err);

/* A book, its kept comparison and whether it is live. */
struct compared_book {
    int64_t unit_id, book_id;
    struct str code, name;
    bool compared;
    int64_t month; /* YYYYMM */
    struct compare_counts counts;
    int64_t compared_at_ms;
    bool live;
    int64_t signed_at_ms;
};
/* Books of a unit by code, behind a code (empty: from the first). */
NODISCARD err_t compared_books(struct db *db, struct arena *arena, int64_t unit_id,
                               struct str behind, size_t most, struct compared_book **out,
                               size_t *out_count, struct err *err);
/* The book of a code. E_NOT_FOUND. */
NODISCARD err_t compared_book_find(struct db *db, struct arena *arena, int64_t unit_id,
                                   struct str code, struct compared_book *out, struct err *err);

struct compared_difference {
    int64_t difference_no;
    struct compared compared; /* point_id is not kept */
};
/* Its differences behind a number (0: from the first), in the order of the file. */
NODISCARD err_t compared_differences(struct db *db, struct arena *arena,
                                     const struct compared_book *book, int64_t behind, size_t most,
                                     struct compared_difference **out, size_t *out_count,
                                     struct err *err);

/* Signs the book live on its kept comparison (cut_over_sign). E_FORBIDDEN; E_STATE when nothing was
 * compared, when bills of the month were computed since, or with unexplained differences;
 * E_CONFLICT when it is live already. */
NODISCARD err_t compare_sign(struct db *db, struct str unit_code, const struct compared_book *book,
                             const struct actor *actor, int64_t now_ms, struct err *err);

#endif
