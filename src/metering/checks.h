/* SPDX-License-Identifier: Apache-2.0 */
/* What must hold of closed usage and re-verification; asked by `sangden check`.
 *
 * Threads: as the connection. */
#ifndef SANGDEN_METERING_CHECKS_H
#define SANGDEN_METERING_CHECKS_H

#include "store/check.h"

extern const struct check check_usage_once;
extern const struct check check_spike_recorded;
extern const struct check check_spike_judged;
extern const struct check check_spike_flagged;
extern const struct check check_spike_released;
extern const struct check check_spike_leader;
extern const struct check check_spike_ruled;
extern const struct check check_estimate_settled;

#endif
