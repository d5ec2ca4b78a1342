/* SPDX-License-Identifier: Apache-2.0 */
/* Everything that happened to one customer, in one list, newest first.
 *
 *   bills, e-invoices, notices, payments │ readings, re-verifications, meters │ holds, changes,
 *   calls │ notices, sign-ins, consents, ─ TIMELINE_MONTHS months at a time ─► events by day
 *   requests
 *
 * Each kind is a bounded read of its own tables by the index of the customer; what the reader has
 * no right to is not read at all.
 * Ownership: events live in the arena. Threads: as the connection. */
#ifndef SANGDEN_WEB_DESK_TIMELINE_H
#define SANGDEN_WEB_DESK_TIMELINE_H

#include "base/arena.h"
#include "base/error.h"

struct db;

enum timeline_kind {
#define TIMELINE_KIND(name, ...) TIMELINE_##name,
#include "web/desk/timeline_kinds.def"
    TIMELINE_KIND_COUNT
};

enum {
    TIMELINE_MONTHS = 6,
    TIMELINE_EVENTS_MAX = 400,  /* of one window; the oldest are left out behind that */
    TIMELINE_OF_KIND_MAX = 100, /* of one kind and point */
    TIMELINE_POINTS_MAX = 20,
    TIMELINE_LOGINS_MAX = 10
};

/* What the kind is called. */
const char *timeline_kind_vi(enum timeline_kind kind);
/* The same in English. */
const char *timeline_kind_en(enum timeline_kind kind);
/* An enum permission without which the kind is not shown. */
int timeline_permission(enum timeline_kind kind);

struct timeline_subject {
    int64_t unit_id, agreement_id, account_id; /* account 0: none */
    struct str unit_code;
    int64_t points[TIMELINE_POINTS_MAX];
    size_t point_count;
    int64_t logins[TIMELINE_LOGINS_MAX];
    size_t login_count;
};

struct timeline_event {
    enum timeline_kind kind;
    int32_t day;
    int64_t order; /* within the day: the later the larger */
    struct str title, detail;
    struct str bill; /* number of the bill that this is; empty: none */
};

struct timeline_window {
    int32_t last_month; /* of base/date.h; the window is this month and those before it */
    bool may[TIMELINE_KIND_COUNT];
    bool english;
};

/* The events of a window, newest first; *out_older tells whether something can stand before it.
 * E_STORE, E_MEMORY. */
NODISCARD err_t timeline_read(struct db *db, struct arena *arena,
                              const struct timeline_subject *subject,
                              const struct timeline_window *window, struct timeline_event **out,
                              size_t *out_count, bool *out_older, struct err *err);

#endif
