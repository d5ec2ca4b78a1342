/* SPDX-License-Identifier: Apache-2.0 */
/* Facts whose proof runs out: household counts, lodger quotas, lodging for tourists and the like.
 *
 *   fact ── counts ──► expires_on │ no longer counts; the bill falls back to what is without it
 *
 * A fact that a later one replaces before the asked day is not listed: it was renewed.
 * Ownership: the list lives in the arena. Threads: as the connection. */
#ifndef SANGDEN_REGISTRY_EXPIRY_H
#define SANGDEN_REGISTRY_EXPIRY_H

#include "base/arena.h"
#include "registry/registry.h"

struct expiring_fact {
    enum registry_subject subject; /* point, agreement or account */
    struct str code;               /* of the subject */
    const struct fact_kind *kind;
    struct str value;              /* as people write it */
    int32_t from_day, expires_day; /* expires_day: the last day on which it counts */
    struct str proof, source;
};

/* Facts of a unit, believed now and not replaced by before_day, whose last day lies before it; by
 * last day. Facts that ran out long ago and were never renewed are among them. */
NODISCARD err_t facts_expiring(struct db *db, struct arena *arena, int64_t unit_id,
                               int32_t before_day, const struct expiring_fact **out,
                               size_t *out_count, struct err *err);

#endif
