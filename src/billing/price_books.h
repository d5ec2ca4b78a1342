/* SPDX-License-Identifier: Apache-2.0 */
/* Price books in the database: loaded by one person, released by another before their first day.
 *
 *   built-in ─► version 1 (loaded, released) ─► version 2 (loaded) …
 *               the released one with the highest release number is in force
 *
 * A book's first day is the first day on which it differs from the book in force when it was
 * loaded. Every bill names the hash of its book, so each is recomputed with its own.
 * Ownership: books live in the caller's arena. Threads: as their connection. */
#ifndef SANGDEN_BILLING_PRICE_BOOKS_H
#define SANGDEN_BILLING_PRICE_BOOKS_H

#include "base/arena.h"
#include "store/store.h"
#include "tariff/book.h"

/* The released book in force, or the built-in one when none was released. */
NODISCARD err_t price_book_current(struct db *db, struct arena *arena,
                                   const struct price_book **out, struct err *err);
/* The book of a hash, released or not. E_NOT_FOUND names the hash. */
NODISCARD err_t price_book_by_hash(struct db *db, struct arena *arena, struct str hash,
                                   const struct price_book **out, struct err *err);
/* The text of a loaded book as it was loaded, in the arena. E_NOT_FOUND. */
NODISCARD err_t price_book_text(struct db *db, struct arena *arena, int64_t book_no,
                                struct str *out, struct err *err);
/* The loaded book of a number. E_NOT_FOUND. */
NODISCARD err_t price_book_by_no(struct db *db, struct arena *arena, int64_t book_no,
                                 const struct price_book **out, struct err *err);

/* A book that was loaded beside the built-in one. */
struct price_book_row {
    int64_t book_no, loaded_at_ms, loaded_by;
    struct str version, hash;
    int32_t first_day;
    int64_t release_no; /* 0: it waits for another person */
    bool in_force;
};
enum { PRICE_BOOKS_MAX = 1000 };
/* Every loaded book, newest first, the newest PRICE_BOOKS_MAX at most; texts go to the arena. */
NODISCARD err_t price_book_list(struct db *db, struct arena *arena, struct price_book_row **out,
                                size_t *out_count, struct err *err);

/* The days on which prices change in the book in force, rising. Closings ask for readings of them;
 * the list lives in the arena. */
NODISCARD err_t price_change_days(struct db *db, struct arena *arena, const int32_t **out_days,
                                  size_t *out_count, struct err *err);

#endif
