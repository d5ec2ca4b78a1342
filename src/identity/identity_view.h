/* SPDX-License-Identifier: Apache-2.0 */
/* Questions about the record: what was done, and what waits for a second person.
 *
 * Pure queries, one callback per row, so that the length of a list costs no memory.
 * Ownership: the texts of a row live during its callback. Threads: as the connection. */
#ifndef SANGDEN_IDENTITY_VIEW_H
#define SANGDEN_IDENTITY_VIEW_H

#include "identity/identity.h"

struct audit_row {
    int64_t unit_id;
    struct str stream;
    int64_t seq;
    int64_t recorded_at_ms;
    struct str actor; /* staff code */
    struct str os_user;
    struct str action;
    struct str subject;
    struct str hash;
};

/* What to list; an empty stream is all, a negative unit is all. */
struct audit_filter {
    int64_t unit_id;
    struct str stream;
    int64_t from_ms;
    int64_t to_ms; /* not included */
};

/* Links by unit, stream and number. */
NODISCARD err_t audit_each(struct db *db, const struct audit_filter *filter,
                           void (*take)(void *context, const struct audit_row *row),
                           void *context, struct err *err);

struct approval_row {
    int64_t unit_id;
    int64_t approval_id;
    struct str kind;
    struct str subject;
    struct str state;       /* open, released, refused */
    struct str proposed_by; /* staff code */
    struct str proposed_on;
    struct str decided_by;  /* empty while open */
    struct str decided_on;
    struct str manner;      /* second_person, later_day, or empty */
    struct str reason;
};

/* Open ones only, or all, in the order of unit and number. */
NODISCARD err_t approval_each(struct db *db, bool open_only,
                              void (*take)(void *context, const struct approval_row *row),
                              void *context, struct err *err);

#endif
