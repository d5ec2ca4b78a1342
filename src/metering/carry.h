/* SPDX-License-Identifier: Apache-2.0 */
/* What one closing hands to the next: the last real state of every register of a point.
 *
 *   "party_change|12:KT:4251800:20665:0;12:VC:90500:20665:0"
 *    └ boundary   └ installation:register:index_wh:day:estimated_wh
 *
 * estimated_wh is energy already billed on provisional estimates since that state; the next real
 * reading settles it. day counts from 1970-01-01. Threads: pure. */
#ifndef SANGDEN_METERING_CARRY_H
#define SANGDEN_METERING_CARRY_H

#include "base/buffer.h"
#include "metering/register.h"

enum { CARRY_MAX = 16 };

struct carry_item {
    int64_t installation_id;
    enum register_code reg;
    int64_t index_wh;
    int32_t day;
    int64_t estimated_wh;
};

struct carry {
    enum prorate boundary; /* why the period before ended in the middle, or PRORATE_NONE */
    struct carry_item items[CARRY_MAX];
    size_t count;
};

/* Adds the text to out. */
void carry_write(const struct carry *carry, struct buf *out);
/* False when the text was not written by carry_write. */
NODISCARD bool carry_read(struct str text, struct carry *out);
/* NULL when the register has no state. */
const struct carry_item *carry_find(const struct carry *carry, int64_t installation_id,
                                    enum register_code reg);
/* False when there is no place for one more register. */
NODISCARD bool carry_add(struct carry *carry, struct carry_item item);

#endif
