/* SPDX-License-Identifier: Apache-2.0 */
/* The newest bill of use of an agreement, from which pages tell how things stand. */
#include "web/portal/portal.h"

enum { LOOKED_THROUGH = 12 };

/* Where there is none of use, the newest of any kind. */
static const struct bill_row *last_of(const struct bill_row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (rows[i].key.kind == BILL_PERIODIC || rows[i].key.kind == BILL_FINAL ||
            rows[i].key.kind == BILL_REPLACEMENT)
            return &rows[i];
    return count > 0 ? &rows[0] : NULL;
}

err_t portal_last_bill(struct visit *visit, const struct portal_supply *supply,
                       const struct bill_row **out)
{
    struct bill_row *rows;
    size_t count = 0;
    err_t e = bill_page(visit->db, visit->arena, supply->unit_id, supply->agreement_id,
                        &(struct bill_place){0}, false, LOOKED_THROUGH, &rows, &count, visit->err);
    if (e != OK) return e;
    *out = last_of(rows, count);
    return *out == NULL && supply->before != NULL ? portal_last_bill(visit, supply->before, out)
                                                  : OK;
}
