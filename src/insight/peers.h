/* SPDX-License-Identifier: Apache-2.0 */
/* Publishing how homes compare with their neighbours: once per month and unit, for ever.
 *
 *   bills of the month ─► homes ─ drop ─► groups ─ floors ─► peer_month, peer_group, peer_home
 *                                estimated, exchanged, vacant, prosumers, who opted out
 *
 * The rule is that of docs/documents.md; decision 070 says how it is read. Whatever is billed,
 * corrected or recorded later changes nothing of a published month. Who does not want to be
 * compared has the fact 'peer_comparison' of the agreement.
 * Threads: as the connection. */
#ifndef SANGDEN_INSIGHT_PEERS_H
#define SANGDEN_INSIGHT_PEERS_H

#include "identity/identity.h"

struct peers_order {
    int64_t unit_id;
    int64_t month;   /* YYYYMM */
    bool incomplete; /* also when a book of the month has no bill yet */
};

struct peers_result {
    bool already; /* it was published before; the counts are those of then */
    int64_t homes, counted, shown, groups, published;
};

/* Publishes in a transaction of its own, with its link in the audit chain (stream "insight");
 * a month that is published already stays as it is. Asks for PERMISSION_PEERS_PUBLISH. E_STATE when
 * nothing is billed in the month, or a book of it is not and the order is not for an incomplete
 * one. */
NODISCARD err_t peers_publish(struct db *db, const struct peers_order *order,
                              const struct actor *actor, struct peers_result *out, struct err *err);

/* The fewest other homes with which a home is compared, in a unit on a day. */
NODISCARD err_t peer_floor_on(struct db *db, int64_t unit_id, int32_t day, int64_t *out,
                              struct err *err);
/* Sets it from a day on, inside a transaction. E_RANGE below 15. */
NODISCARD err_t peer_floor_set(struct db *db, int64_t unit_id, int32_t from_day, int64_t floor,
                               int64_t actor_id, struct str source, struct err *err);

#endif
