/* SPDX-License-Identifier: Apache-2.0 */
/* Changing the price book in force: loaded by one person, seen in its effect, released by another.
 *
 *   price_book_load ─► version (its cases pass) ─ price_book_release ─► in force
 *
 * A book is released before its first day, the first day on which it says something else than the
 * book that is in force at the release. A decision that comes late is a correction: it may be
 * released after its first day, and what was issued since is then found and adjusted (adjust_find
 * with its hash).
 * Threads: as the connection. */
#ifndef SANGDEN_BILLING_PRICE_BOOK_CHANGE_H
#define SANGDEN_BILLING_PRICE_BOOK_CHANGE_H

#include "billing/price_books.h"
#include "identity/identity.h"

struct loaded_book {
    int64_t book_no;
    int32_t first_day;
    size_t case_count;
    char hash[HASH_TEXT_BYTES];
};

/* Checks the text, runs its own cases and stores it with an open approval, in a transaction of its
 * own. The same text again answers the version that is there. E_INPUT and E_CHECK name what is
 * wrong with the book; E_STATE when it says the same as the book in force. */
NODISCARD err_t price_book_load(struct db *db, const struct actor *actor, struct arena *arena,
                                struct str text, int64_t now_ms, struct loaded_book *out,
                                struct err *err);
/* Puts a loaded book in force, in a transaction of its own. E_STATE when its first day has come and
 * it is no correction, or when it says the same as the book in force; E_FORBIDDEN for the person
 * who loaded it; E_NOT_FOUND. */
NODISCARD err_t price_book_release(struct db *db, const struct actor *actor, struct arena *arena,
                                   int64_t book_no, int32_t today, bool correction,
                                   int64_t now_ms, struct loaded_book *out, struct err *err);

/* The first day on which two books give different prices (and decisions behind them), taxes, hours,
 * fees, solar prices or support; DAY_OPEN when they never do. Pure. */
int32_t price_book_first_difference(const struct price_book *a, const struct price_book *b);

/* What last month's bills of a unit would come to with the prices, tax and support of a book's
 * first day. */
struct price_effect {
    int64_t bill_count, raised, lowered, refused;
    int64_t before_vnd, after_vnd;
};
NODISCARD err_t price_book_effect(struct db *db, struct str unit_code, int64_t month,
                                  const struct price_book *book, int32_t first_day,
                                  struct price_effect *out, struct err *err);

#endif
