/* SPDX-License-Identifier: Apache-2.0 */
/* Invariants of the whole database, asked by `sangden check`.
 *
 *   const struct check check_ledger_balanced = {
 *       .name = "ledger.balanced",
 *       .vi = "Mọi bút toán cân đối", .en = "Every posting balances",
 *       .sql = "SELECT reference FROM posting WHERE …"};     one text per row that breaks it
 *
 * A room defines its checks and lists each with one line in src/app/checks.def. A check either has
 * a query whose every row names one offender in its only column (a text), or a function that calls
 * check_found for each. What must hold is said in both languages.
 * Ownership: checks are static; findings live in the arena of the asker. Threads: as the
 * connection. Limit: CHECK_SHOWN_MAX offenders are named, all are counted. */
#ifndef SANGDEN_STORE_CHECK_H
#define SANGDEN_STORE_CHECK_H

#include "store/store.h"

enum { CHECK_SHOWN_MAX = 10 };

struct check_findings {
    struct arena *arena;
    int64_t count;
    struct str shown[CHECK_SHOWN_MAX];
    int64_t part, whole; /* of a check with a share */
};

struct check {
    const char *name;
    const char *vi;
    const char *en;
    const char *sql; /* or NULL, then find */
    err_t (*find)(struct db *db, struct check_findings *findings, struct err *err);
    const char *share_sql; /* or NULL: one row, a part and its whole, told beside the result */
    const char *share_vi;  /* what the part is */
    const char *share_en;
};

/* Counts an offender and names it; the words are those of buf_printf. */
PRINTF_LIKE(2, 3) void check_found(struct check_findings *findings, const char *format, ...);

/* Whether a row breaks what must hold. */
typedef bool check_row(void *context, const struct rows *rows);

/* For a check that no query can decide alone: asks the query, whose first column names each row as
 * a text, and counts those that break what must hold. E_STORE. */
NODISCARD err_t check_rows(struct db *db, const char *sql, check_row *breaks, void *context,
                           struct check_findings *findings, struct err *err);

/* Asks one check; the findings start empty over the arena. E_STORE, E_MEMORY. */
NODISCARD err_t check_run(struct db *db, const struct check *check, struct check_findings *findings,
                          struct err *err);

#endif
