/* SPDX-License-Identifier: Apache-2.0 */
/* What must hold of published comparisons; asked by `sangden check`.
 *
 * Threads: as the connection. */
#ifndef SANGDEN_INSIGHT_CHECKS_H
#define SANGDEN_INSIGHT_CHECKS_H

#include "store/check.h"

extern const struct check check_peer_floor;
extern const struct check check_peer_difference;
extern const struct check check_peer_shown;
extern const struct check check_peer_counted;
extern const struct check check_audit_peers;

#endif
