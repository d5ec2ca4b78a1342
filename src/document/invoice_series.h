/* SPDX-License-Identifier: Apache-2.0 */
/* Series of invoice numbers: one per unit, year and seller.
 *
 *   invoice_series_propose ─► proposed ─ another person ─► released ─► numbers 1, 2, 3 …
 *                                 └── invoice_series_refuse
 *
 * A symbol is for one year and counts from 1. Two units of the same seller never share template and
 * symbol, so that a name means one invoice of that seller.
 * Ownership: texts of a row live until its visit returns. Threads: as the connection. */
#ifndef SANGDEN_DOCUMENT_INVOICE_SERIES_H
#define SANGDEN_DOCUMENT_INVOICE_SERIES_H

#include "identity/identity.h"

struct invoice_series {
    int64_t unit_id, series_no, year, template_no;
    struct str unit_code, symbol, tax_code, state;
    int64_t next_no;    /* the number that is given next */
    struct str last_on; /* last day used, empty before the first number */
    int64_t signed_to;  /* every number up to it has its document */
};

/* Proposes the series of a unit for the year of the symbol, under the tax code that the seller has
 * on the actor's day, or on the nearest day of that year. In a transaction of its own. E_FORBIDDEN;
 * E_INPUT; E_CONFLICT when the seller uses the symbol already or the unit has a series of the year;
 * E_STATE or E_NOT_FOUND when nobody sells in the unit. */
NODISCARD err_t invoice_series_propose(struct db *db, const struct actor *actor, int64_t unit_id,
                                       struct str symbol, struct err *err);
/* Releases a proposed series, by another person than who proposed it. In a transaction of its own.
 * E_FORBIDDEN, E_NOT_FOUND. */
NODISCARD err_t invoice_series_release(struct db *db, const struct actor *actor, int64_t unit_id,
                                       struct str symbol, struct err *err);
/* Takes a proposed series away with a reason, so that another may be proposed. In a transaction of
 * its own. E_FORBIDDEN, E_NOT_FOUND, E_INPUT. */
NODISCARD err_t invoice_series_refuse(struct db *db, const struct actor *actor, int64_t unit_id,
                                      struct str symbol, struct str reason, struct err *err);

typedef err_t invoice_series_visit(void *context, const struct invoice_series *series,
                                   struct err *err);
/* All series by unit and year; unit_id 0: of every unit. */
NODISCARD err_t invoice_series_each(struct db *db, int64_t unit_id, invoice_series_visit *visit,
                                    void *context, struct err *err);

#endif
