/* SPDX-License-Identifier: Apache-2.0 */
/* Questions to the outbox: what was sent to somebody, and whether it arrived.
 *
 * Texts of notices are gone once a notice has ended and are never answered. Ownership: texts live
 * during the callback. Threads: as the connection. */
#ifndef SANGDEN_NOTIFY_NOTIFY_VIEW_H
#define SANGDEN_NOTIFY_NOTIFY_VIEW_H

#include "base/error.h"
#include "base/str.h"

struct db;

enum notice_state { NOTICE_WAITING, NOTICE_DELIVERED, NOTICE_EXPIRED, NOTICE_FAILED };

struct notice_sent {
    enum notice_state state;        /* delivered: taken over by the channel's server */
    int64_t put_at_ms, ended_at_ms; /* ended: 0 while it waits */
    int64_t tries;
    struct str subject; /* of a mail, may be empty */
    bool is_code;       /* a code for signing in or for a change of contact */
};

struct notice_question {
    int64_t unit_id; /* of its cause; 0: of none, as signing in */
    struct str channel, recipient;
    int64_t from_ms, to_ms; /* to_ms is not included */
    int64_t most;
};

/* Notices to one recipient, the latest first. E_STORE. */
NODISCARD err_t notice_sent_each(struct db *db, const struct notice_question *question,
                                 void (*take)(void *context, const struct notice_sent *sent),
                                 void *context, struct err *err);

#endif
