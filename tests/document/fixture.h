/* SPDX-License-Identifier: Apache-2.0 */
/* A small unit with every kind of bill that a document must be able to show (docs/documents.md),
 * marked as test data: customers, meters and use are written straight into the tables of registry
 * and metering, the bills are drafted, issued and corrected by billing itself.
 *
 *   DOCUMENTS lists them: name, number, what it shows
 *
 * The verification key is one of fixed bytes, so that texts with codes can be compared. */
#ifndef SANGDEN_TESTS_DOCUMENT_FIXTURE_H
#define SANGDEN_TESTS_DOCUMENT_FIXTURE_H

#include "store/store.h"

struct document_case {
    const char *name;   /* of its golden texts: tests/cases/documents/NAME.txt */
    const char *number; /* of the bill */
    const char *shows;
};

extern const struct document_case document_cases[];
extern const size_t document_case_count;

/* Writes everything in transactions of its own into a migrated, empty store. */
NODISCARD err_t documents_make(struct db *db, struct err *err);

#endif
