/* SPDX-License-Identifier: Apache-2.0 */
/* A change is made once, however often its request arrives (Idempotency-Key).
 *
 *   first time     once_begin takes the key, the change, once_keep the answer: one transaction
 *   again          the answer that was kept, byte for byte; nothing is done
 *   another body   E_CONFLICT
 *
 * Keys belong to who sent them. What was refused is not kept: it changed nothing and may be sent
 * again. Of two at the same time the second waits for the first. Answers are kept for
 * ONCE_KEPT_HOURS and forgotten by the workers.
 * Ownership: the answer lives in the arena. Threads: as the connection. */
#ifndef SANGDEN_API_ONCE_H
#define SANGDEN_API_ONCE_H

#include "base/hash.h"
#include "store/store.h"

enum { ONCE_KEPT_HOURS = 24, ONCE_KEY_MOST = 100 };

struct once {
    struct str caller; /* caller_name */
    struct str key;    /* as sent */
    struct str method, target, body;
};

struct once_answer {
    int64_t status;
    struct str tag; /* ETag; may be empty */
    struct str body;
};

/* Takes the key, inside a transaction; *out_known: it was taken before, and *out is that answer.
 * E_USAGE for what is no key, E_CONFLICT for another request. */
NODISCARD err_t once_begin(struct db *db, struct arena *arena, const struct once *once,
                           bool *out_known, struct once_answer *out, struct err *err);
/* Keeps the answer, before the same transaction is committed. */
NODISCARD err_t once_keep(struct db *db, const struct once *once, const struct once_answer *answer,
                          struct err *err);
/* Forgets answers whose time is over. */
NODISCARD err_t once_forget(struct db *db, int64_t *out_count, struct err *err);

#endif
