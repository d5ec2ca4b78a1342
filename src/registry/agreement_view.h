/* SPDX-License-Identifier: Apache-2.0 */
/* Agreements with their account and holder, as they stand on a day, page by page.
 *
 * Pure queries: no locks, no changes. Ownership: texts of a row live during its callback, those of
 * a find in the arena. Threads: as the connection. */
#ifndef SANGDEN_REGISTRY_AGREEMENT_VIEW_H
#define SANGDEN_REGISTRY_AGREEMENT_VIEW_H

#include "base/arena.h"
#include "base/error.h"

struct db;

/* Texts are empty where nothing is recorded. */
struct agreement_row {
    int64_t unit_id, agreement_id;
    struct str unit_code, code, signed_on, account_code;
    struct str kind; /* of the holder: "person", "organisation" */
    struct str name, tax_code, phone, email, address;
};

typedef err_t agreement_visit(void *context, const struct agreement_row *row, struct err *err);

/* Agreements of a unit behind one (INT64_MIN: from the first), at most so many, by number; account
 * and holder are those of the day, as known now. */
NODISCARD err_t agreement_page(struct db *db, int64_t unit_id, int64_t after_agreement_id,
                               int64_t limit, int32_t day, agreement_visit *visit, void *context,
                               struct err *err);
/* One of them. E_NOT_FOUND. */
NODISCARD err_t agreement_show(struct db *db, struct arena *arena, int64_t unit_id,
                               int64_t agreement_id, int32_t day, struct agreement_row *out,
                               struct err *err);
/* The day since which the holder of the day has been its holder; 0 where none is recorded: what
 * ended before is not this person's. */
NODISCARD err_t agreement_holder_since(struct db *db, int64_t unit_id, int64_t agreement_id,
                                       int32_t day, int32_t *out_day, struct err *err);

#endif
