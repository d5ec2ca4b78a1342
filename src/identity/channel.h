/* SPDX-License-Identifier: Apache-2.0 */
/* How often customers open the portal by which channel, day by day.
 *
 *   home page ─ channel_seen ─► numbers in memory ─ channel_flush ─► channel_day, one row a day
 *
 * Numbers alone: nothing tells who came. A power failure loses at most CHANNEL_FLUSH_MS of them;
 * what was noted on one day and is written on the next counts for the first.
 * Threads: safe; db as the connection. */
#ifndef SANGDEN_IDENTITY_CHANNEL_H
#define SANGDEN_IDENTITY_CHANNEL_H

#include "base/error.h"
#include "base/str.h"

struct db;

enum channel {
#define CHANNEL(name, ...) CHANNEL_##name,
#include "identity/channels.def"
    CHANNEL_COUNT
};

enum { CHANNEL_FLUSH_MS = 5000 };

/* Notes one visit on a day. */
void channel_seen(enum channel channel, int32_t day);
/* Whether notes have waited for CHANNEL_FLUSH_MS. */
bool channel_due(void);
/* Writes what was noted, outside a transaction. E_STORE, E_BUSY: the notes stay. */
NODISCARD err_t channel_flush(struct db *db, struct err *err);

struct channel_visits {
    struct str seen_on, channel; /* "2026-11-29", "installed" */
    struct str vi, en;           /* what the channel is called */
    int64_t visits;
};
/* Days of a span, both included, the latest first; texts live during the call. */
NODISCARD err_t channel_each(struct db *db, int32_t from_day, int32_t to_day,
                             void (*take)(void *context, const struct channel_visits *row),
                             void *context, struct err *err);

#endif
