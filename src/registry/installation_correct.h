/* SPDX-License-Identifier: Apache-2.0 */
/* An installation that was recorded wrongly: another multiplier, another minute, or it never was.
 *
 *   installation (as it stood) ──► installation_before     what was known until now
 *   installation               ◄── what is right           believed from now on
 *
 * The row keeps its number, so that readings keep naming it. Point, meter and role are what it is
 * known by: where one of them is wrong, it is retracted and the right one hung.
 * Runs inside the caller's transaction. Threads: those of the connection. */
#ifndef SANGDEN_REGISTRY_INSTALLATION_CORRECT_H
#define SANGDEN_REGISTRY_INSTALLATION_CORRECT_H

#include "network/fact_write.h"
#include "registry/registry_view.h"

/* What an installation is believed to be. */
struct installation_state {
    int64_t unit_id, installation_id, point_id, meter_id;
    enum meter_role role;
    int64_t multiplier;
    int64_t hung_at_ms;
    int64_t removed_at_ms; /* INT64_MAX while it hangs */
};

struct installation_correction {
    struct installation_state was;   /* as it is stored, of installation_find */
    struct installation_state right; /* the same but for multiplier and minutes */
    bool retract;                    /* it never was; the minutes of right do not count */
    bool overlaps_judged;            /* by the caller, for many at once */
    struct str source;
};

/* Which installation is meant: of a point (0: any) and a meter (0: any), in a role, hung at a
 * moment (-1: any); where none is believed, one that was known so before it was corrected. One must
 * fit: E_NOT_FOUND, or E_INPUT when several do. *out_gone: it was retracted, and out is as it stood
 * last. Takes the unit's clock before it reads. */
NODISCARD err_t installation_find(struct db *db, const struct installation_state *sought,
                                  struct installation_state *out, bool *out_gone,
                                  struct err *err);
/* Writes the correction; *out_changed is false when all of it is believed already. E_INPUT for a
 * removal that is not behind the hanging, E_CONFLICT when another installation is in the way. */
NODISCARD err_t installation_correct(struct db *db,
                                     const struct installation_correction *correction,
                                     const struct fact_author *author, bool *out_changed,
                                     struct err *err);

/* Hears of a closed period that rests on what was corrected, with its remedy. */
typedef void installation_told(void *context, const struct err *why);

/* What readings and closed periods have to say to a correction; they are not this room's. */
struct installation_watch {
    /* Whether the correction may be: E_STATE with the remedy when it may not. */
    err_t (*may)(struct db *db, const struct installation_correction *correction, struct err *err);
    /* It was written. */
    err_t (*done)(struct db *db, const struct installation_correction *correction,
                  installation_told *told, void *context, struct err *err);
};

#endif
