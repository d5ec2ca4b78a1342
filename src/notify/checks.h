/* SPDX-License-Identifier: Apache-2.0 */
/* What must hold of the outbox; asked by `sangden check`.
 *
 * Threads: as the connection. */
#ifndef SANGDEN_NOTIFY_CHECKS_H
#define SANGDEN_NOTIFY_CHECKS_H

#include "store/check.h"

extern const struct check check_notice_expired;

#endif
