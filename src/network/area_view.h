/* SPDX-License-Identifier: Apache-2.0 */
/* Which places, stations, feeders and points lie under restriction (isolation, disaster).
 *
 *   restricted area ─ members, dated ─► point │ station │ feeder │ place
 *   a feeder covers the stations below it in the network of the day; a place covers those inside it
 *
 * One register for reading routes, estimates, orders, notices and cuts: all of them ask here.
 * Pure queries. Ownership: everything lives in the arena. Threads: immutable once loaded. */
#ifndef SANGDEN_NETWORK_AREA_VIEW_H
#define SANGDEN_NETWORK_AREA_VIEW_H

#include "network/dated.h"

enum area_member { AREA_PLACE, AREA_STATION, AREA_FEEDER, AREA_POINT };

struct restricted_set {
    struct dated_list members; /* kind, member, area */
    struct dated_list place_parents;
    struct dated_list device_parents;
};

/* The restricted areas of a unit as believed at known_at. The trees of places and devices are read
 * only when there is any area. */
NODISCARD err_t restricted_set_load(struct db *db, struct arena *arena, int64_t unit_id,
                                    int64_t known_at, struct restricted_set *out,
                                    struct err *err);
/* The area that covers a point which hangs on the station and lies in the place (0: unknown) on a
 * day; 0 when none does. */
int64_t restricted_on(const struct restricted_set *set, int64_t point_id, int64_t station_id,
                      int64_t place_id, int32_t day);

#endif
