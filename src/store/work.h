/* SPDX-License-Identifier: Apache-2.0 */
/* Work that several workers share, on one machine or on many.
 *
 *   open ──work_take──► taken (token, lease) ──work_finish──► done
 *     ▲                   │ lease over, or its process is dead
 *     └───────────────────┘                    after WORK_TRIES_MAX takes ──► set_aside
 *
 * work_take is committed by itself. The worker does its part in a transaction that ends with
 * work_finish, guarded by the token: a worker whose item was given to another cannot commit.
 * Queues are named by the room that owns them ("bill.run 17"); an item's payload is its own. */
#ifndef SANGDEN_STORE_WORK_H
#define SANGDEN_STORE_WORK_H

#include "store/store.h"

enum { WORK_TRIES_MAX = 25, WORK_OWNER_BYTES = 160 };

struct work_item {
    int64_t unit_id;
    struct str queue; /* as given to work_take */
    int64_t item_no;
    int64_t token;
    int64_t tries; /* how often it was taken, this time included */
    struct str payload;
};

/* Adds an open item; E_CONFLICT when the number is taken. In the caller's transaction, if any. */
NODISCARD err_t work_add(struct db *db, int64_t unit_id, struct str queue, int64_t item_no,
                         struct str payload, struct err *err);

/* The same for queues that never end: where the number is taken already, nothing changes and
 * *out_added is false. */
NODISCARD err_t work_add_missing(struct db *db, int64_t unit_id, struct str queue, int64_t item_no,
                                 struct str payload, bool *out_added, struct err *err);

/* The next unit behind after_unit_id with something to take (INT64_MIN for the first). */
NODISCARD err_t work_unit(struct db *db, struct str queue, int64_t after_unit_id, bool *out_found,
                          int64_t *out_unit_id, struct err *err);
/* Takes an item of the unit for lease_ms; *out_found is false when there is none to take. The
 * payload is copied into the arena. Outside a transaction only. */
NODISCARD err_t work_take(struct db *db, int64_t unit_id, struct str queue, int64_t lease_ms,
                          struct arena *arena, bool *out_found, struct work_item *out,
                          struct err *err);
/* The same over all units, in their order. */
NODISCARD err_t work_take_any(struct db *db, struct str queue, int64_t lease_ms,
                              struct arena *arena, bool *out_found, struct work_item *out,
                              struct err *err);

/* Lengthens the lease to lease_ms from now. E_LOST when the item was given to another. */
NODISCARD err_t work_renew(struct db *db, const struct work_item *item, int64_t lease_ms,
                           struct err *err);
/* The last statement of the worker's transaction. E_LOST when the item was given to another. */
NODISCARD err_t work_finish(struct db *db, const struct work_item *item, struct err *err);
/* The same for queues that never end: the item leaves the table, and its number may come again. */
NODISCARD err_t work_leave(struct db *db, const struct work_item *item, struct err *err);
/* Gives an item back that could not be done now, through no fault of its own: the try does not
 * count. E_LOST as above. */
NODISCARD err_t work_give_back(struct db *db, const struct work_item *item, struct err *err);
/* Sets an item aside that cannot be done at all. E_LOST as above. */
NODISCARD err_t work_set_aside(struct db *db, const struct work_item *item, struct err *err);

/* Opens again what was set aside in a queue, as if it had never been taken. */
NODISCARD err_t work_open_again(struct db *db, struct str queue, struct err *err);

/* Opens again what is held by processes of this machine that are dead, without waiting for their
 * leases: a run that was killed goes on at once. In a transaction of its own. */
NODISCARD err_t work_free_dead(struct db *db, struct str queue, struct err *err);

struct work_counts {
    int64_t open;
    int64_t taken;
    int64_t done;
    int64_t set_aside;
};

/* Over all units. */
NODISCARD err_t work_count(struct db *db, struct str queue, struct work_counts *out,
                           struct err *err);
/* Removes every item of the queue, in the caller's transaction, if any. */
NODISCARD err_t work_remove(struct db *db, struct str queue, struct err *err);

#endif
