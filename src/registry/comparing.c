/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/comparing.h"

#include "base/date.h"
#include "registry/own_fact_int.h"
#include "store/store.h"

err_t comparing_declined_on(struct db *db, int64_t unit_id, int64_t agreement_id, int32_t day,
                            bool *out, struct err *err)
{
    char on[DATE_TEXT_BYTES];
    int64_t one = 0;
    err_t e = db_get_i64_or(
        db,
        "SELECT 1 FROM agreement_asof WHERE unit_id = $1 AND agreement_id = $2 AND "
        "kind = 'peer_comparison' AND state = 'set' AND value_text = 'out' AND "
        "known_to = 9223372036854775807 AND valid_from <= $3 AND valid_to > $3",
        ARGS(v_i64(unit_id), v_i64(agreement_id), v_text(day_text(day, on))), 0, &one, err);
    if (e == OK) *out = one == 1;
    return e;
}

err_t comparing_decline(struct db *db, struct arena *arena, int64_t login_id, int64_t unit_id,
                        int64_t agreement_id, int32_t day, bool declined, struct err *err)
{
    ASSERT(db_in_transaction(db));
    const struct own_fact own = {db, arena, login_id, unit_id, agreement_id, day, err};
    bool before = false;
    err_t e = own_fact_require(&own);
    if (e == OK) e = comparing_declined_on(db, unit_id, agreement_id, day, &before, err);
    if (e != OK || before == declined) return e;
    e = own_fact_write(&own, S("peer_comparison"), declined ? S("out") : S(""));
    return e == OK ? own_fact_note(&own, "comparing.decline", declined ? S("out") : S("in")) : e;
}
