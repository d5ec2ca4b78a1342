/* SPDX-License-Identifier: Apache-2.0 */
/* What the program reads from its environment, one line per key in environment.def.
 *
 * Threads: read at start-up, before any thread. */
#ifndef SANGDEN_APP_ENVIRONMENT_H
#define SANGDEN_APP_ENVIRONMENT_H

#include "base/error.h"

struct environment_key {
    const char *name;
    const char *vi;
    const char *en;
};

extern const struct environment_key environment_keys[];
extern const size_t environment_key_count;

/* Sets clock, log level and portal. Values that cannot be read are refused, and so are names that
 * are one slip away from a key (SANGDEN_STOER), which would silently use another store. E_USAGE. */
NODISCARD err_t environment_read(struct err *err);

/* The address of the portal, ending in '/', as environment_read found it. */
struct str environment_portal(void);

/* Whether two names differ by one letter added, left out or changed, or two neighbours swapped. */
bool is_one_slip(struct str a, struct str b);

#endif
