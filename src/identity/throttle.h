/* SPDX-License-Identifier: Apache-2.0 */
/* Rates and growing delays, kept in the store so that all processes count together.
 *
 *   throttle_take    a token bucket: so many at once, then one per interval
 *   throttle_fail    failures in a row: the first ones cost nothing, then the wait doubles up to
 *                    a limit; nothing is ever locked for good, and a quiet day forgets them
 *
 * A bucket is a kind and a key ("address", "203.0.113.7"), kept under a keyed hash.
 * Threads: as the connection. */
#ifndef SANGDEN_IDENTITY_THROTTLE_H
#define SANGDEN_IDENTITY_THROTTLE_H

#include "identity/vault.h"

struct bucket {
    char hash[HASH_TEXT_BYTES];
};

/* The bucket of a kind and key. */
struct bucket bucket_of(const struct vault *vault, const char *kind, struct str key);
/* That of a network address: IPv6 by its network of 64 bits, which one household has. What is no
 * address shares one bucket. */
struct bucket bucket_of_address(const struct vault *vault, const char *kind, struct str address);

/* That of two things together: of who tries, and at what. */
struct bucket bucket_of_pair(const struct vault *vault, const char *kind, const struct bucket *who,
                             struct str what);

struct throttle_rate {
    int64_t burst;
    int64_t interval_ms;
};

/* Takes one token; *out_wait_ms is 0, or how long until there is one. */
NODISCARD err_t throttle_take(struct db *db, const struct bucket *bucket,
                              const struct throttle_rate *rate, int64_t *out_wait_ms,
                              struct err *err);

struct throttle_delay {
    int64_t free_failures; /* so many cost nothing */
    int64_t most_ms;       /* the wait never exceeds this */
};

/* Counts a failure; inside a transaction. */
NODISCARD err_t throttle_fail(struct db *db, const struct bucket *bucket,
                              const struct throttle_delay *delay, struct err *err);
/* How long the next guess has to wait; 0: not at all. */
NODISCARD err_t throttle_wait(struct db *db, const struct bucket *bucket, int64_t *out_wait_ms,
                              struct err *err);
/* How many failures in a row there were, within a day of each other. */
NODISCARD err_t throttle_failures(struct db *db, const struct bucket *bucket, int64_t *out_failures,
                                  struct err *err);
/* Removes rows that nobody touched for a day. */
NODISCARD err_t throttle_sweep(struct db *db, int64_t *out_count, struct err *err);

#endif
