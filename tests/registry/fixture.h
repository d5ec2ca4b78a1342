/* SPDX-License-Identifier: Apache-2.0 */
/* A small unit for tests of the registry: imports from text, and what the findings were. */
#ifndef SANGDEN_TESTS_REGISTRY_FIXTURE_H
#define SANGDEN_TESTS_REGISTRY_FIXTURE_H

#include "support/stores.h"

#include "base/buffer.h"
#include "registry/import.h"

enum { FOUND_BYTES = 1 << 16 };

/* How one import ran. found has one line per finding: "3 code E_CONFLICT". */
struct ran {
    err_t e;
    struct err err;
    struct import_counts counts;
    char found[FOUND_BYTES];
};

enum { RUN_KEEP_GOOD = 1, RUN_CORRECT = 2, RUN_DRY = 4 };

/* Imports text; rejected_path may be NULL. */
void run_import(struct db *db, const struct import_kind *kind, const char *text, int flags,
                const char *rejected_path, struct ran *out);
/* Imports and fails the test unless every row was taken. */
void must_import(struct db *db, const struct import_kind *kind, const char *text);
/* Unit PD0100 with places, stations, parties, accounts, agreements, books, points, meters, uses
 * and households: four customers in two books. */
void import_small_unit(struct db *db);

#endif
