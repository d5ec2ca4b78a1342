/* SPDX-License-Identifier: Apache-2.0 */
/* The outbox: what is to be told to whom, and its delivery.
 *
 *   sign-in, bill … ─ notice_put (in the transaction of the cause) ─► waiting
 *   worker ─ notify_deliver ─► delivered, failed (after NOTICE_TRIES), or expired
 *
 * A text may hold a one-time code: it is kept only while it waits, never logged, and erased at its
 * end. A notice is claimed before it is handed to its channel, so that two workers do not send it
 * twice; a worker that dies in between is followed by another one after NOTICE_LEASE_MS.
 * Ownership: texts are copied; those of a notice live until its channel returns. Threads: as the
 * connection. */
#ifndef SANGDEN_NOTIFY_NOTIFY_H
#define SANGDEN_NOTIFY_NOTIFY_H

#include "store/store.h"

enum {
    NOTICE_TRIES = 5,
    NOTICE_LEASE_MS = 60000,
    NOTICE_RETRY_MS = 15000,
    NOTICE_BODY_BYTES = 4000,
    NOTICE_RECIPIENT_BYTES = 254,
    NOTICE_SUBJECT_BYTES = 200,
    NOTICE_KEY_BYTES = 100
};

struct notice {
    int64_t unit_id;
    struct str channel;   /* "phone", "email": the kind of address, which a channel serves */
    struct str recipient; /* personal */
    struct str subject;   /* of a mail, one line; never a code, because it is kept; may be empty */
    struct str body;      /* may hold a code: secret */
    struct str key;       /* idempotency: the same key with the same text is put once */
    int64_t expires_at_ms;
};

/* Puts a notice; inside a transaction. The same key, recipient and text again answers the first;
 * E_CONFLICT for the same key with others, E_INPUT for an empty or too long one. */
NODISCARD err_t notice_put(struct db *db, const struct notice *notice, int64_t *out_notice_no,
                           struct err *err);

/* Hands one notice to the outside. E_INPUT: the outside will never take it, and it is given up at
 * once; everything else is tried again. */
typedef err_t notice_send(void *context, int64_t unit_id, int64_t notice_no,
                          const struct notice *notice, struct err *err);

struct notice_channel {
    struct str name;
    notice_send *send;
    void *context;
};

struct delivery_counts {
    int64_t delivered, failed, expired, later;
};

/* Delivers what waits for these channels, the oldest first, at most so many, outside a transaction.
 * Notices that are too old are not sent. A failing channel stops nothing: it is counted, tried
 * again later and given up after NOTICE_TRIES. E_STORE, E_BUSY. */
NODISCARD err_t notify_deliver(struct db *db, struct arena *arena,
                               const struct notice_channel *channels, size_t count, int64_t most,
                               struct delivery_counts *out, struct err *err);

/* A channel that writes each notice into a file of a folder, for trying out and for tests: only its
 * owner may read it. The context is the path of the folder, which is made when missing. */
notice_send notice_to_folder;

#endif
