/* SPDX-License-Identifier: Apache-2.0 */
/* Similar households nearby, where insight published a comparison for the month. */
#include "document/facts_int.h"
#include "insight/insight_view.h"

enum { WH_PER_KWH = 1000 };

err_t facts_load_peers(struct loading *l)
{
    struct bill_facts *facts = l->facts;
    struct peer_comparison c;
    if (facts->is_fee || facts->is_earlier) return OK;
    err_t e = peer_comparison_of(l->db, l->arena, &facts->row.key, &c, l->err);
    if (e != OK || c.answer != PEER_SHOWN) return e;
    facts->peers = (struct facts_peers){.shown = true,
                                        .month = facts->row.key.month,
                                        .count = c.others,
                                        .per_household = c.per_household,
                                        .own_wh = c.own_kwh * WH_PER_KWH,
                                        .median_wh = c.median_kwh * WH_PER_KWH,
                                        .efficient_wh = c.efficient_kwh * WH_PER_KWH,
                                        .criteria_vi = c.criteria_vi,
                                        .criteria_en = c.criteria_en};
    return OK;
}
