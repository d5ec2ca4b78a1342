/* SPDX-License-Identifier: Apache-2.0 */
/* The event log: what happened, told once to everyone who needs to know.
 *
 *   change + event_append ─commit─► event_new ─event_sequence─► event (position 1, 2, 3, …)
 *                                                                 │ event_read
 *                                              effect + cursor ◄──┘ in one transaction
 *
 * A room appends an event in the transaction of its change. The sequencer of a unit gives committed
 * events their gapless position, so that a consumer that reads by position misses none, however
 * late a writer commits. A consumer's effect and its cursor are one transaction: each event takes
 * effect once. Positions follow the time of recording, then the event's number.
 * Events carry ids, never secrets or texts for people. Payloads are JSON objects. */
#ifndef SANGDEN_STORE_EVENT_H
#define SANGDEN_STORE_EVENT_H

#include "store/store.h"

enum { EVENT_TRIES_MAX = 5 };

struct event {
    int64_t unit_id;
    int64_t position;
    int64_t event_id;
    struct str topic; /* "invoice.issued" */
    int64_t subject_id;
    struct str payload;
    int64_t recorded_at_ms;
};

/* Inside the writing transaction of the change. */
NODISCARD err_t event_append(struct db *db, int64_t unit_id, struct str topic, int64_t subject_id,
                             struct str payload_json, struct err *err);

/* For runs that append many: count consecutive numbers, to be written by a bulk on event_new. */
#define EVENT_NEW_TABLE "event_new"
#define EVENT_NEW_COLUMNS "unit_id, event_id, topic, subject_id, payload, recorded_at"
/* Reserves the numbers of count events of a unit. */
NODISCARD err_t event_take_ids(struct db *db, int64_t unit_id, int64_t count, int64_t *out_first,
                               struct err *err);

/* Gives at most max committed events of the unit their positions, in a transaction of its own. 0
 * when there is nothing new, or when another process is at it. */
NODISCARD err_t event_sequence(struct db *db, int64_t unit_id, int64_t max, int64_t *out_count,
                               struct err *err);
/* The next unit behind after_unit_id that has events without a position (INT64_MIN for the first),
 * for the worker that sequences them all. */
NODISCARD err_t event_waiting_unit(struct db *db, int64_t after_unit_id, bool *out_found,
                                   int64_t *out_unit_id, struct err *err);
/* The last position given in the unit; 0 when there is none. */
NODISCARD err_t event_last_position(struct db *db, int64_t unit_id, int64_t *out,
                                    struct err *err);

/* What a consumer does with one event, inside the transaction that moves its cursor: it neither
 * commits nor rolls back. An error undoes the effect. */
typedef err_t event_effect(struct db *db, const struct event *event, void *context,
                           struct err *err);

/* Hands at most max events behind the consumer's cursor to effect, in a transaction of its own.
 * *out_count events are done with. An event whose effect is refused is tried again at the next
 * call and set aside after EVENT_TRIES_MAX tries, so that those behind it go on; failures of the
 * database or of the machine (E_BUSY, E_STORE, E_IO, E_OUTSIDE, E_MEMORY, E_LOST) never count and
 * are answered to the caller. 0 when there is nothing new, or while another process reads for the
 * consumer. */
NODISCARD err_t event_read(struct db *db, int64_t unit_id, struct str consumer, int64_t max,
                           event_effect *effect, void *context, int64_t *out_count,
                           struct err *err);

/* Shows at most limit events of the unit behind a position, in their order, to a reader that keeps
 * its place itself. Texts live during the callback. */
NODISCARD err_t event_page(struct db *db, int64_t unit_id, int64_t after_position, int64_t limit,
                           void (*take)(void *context, const struct event *event), void *context,
                           struct err *err);
/* How many events of each kind the unit recorded since a moment, of each log the newest
 * EVENTS_COUNTED_MAX at most; a topic lives until the visit returns. */
enum { EVENTS_COUNTED_MAX = 200000 };
typedef void event_counted(void *context, struct str topic, int64_t count);
NODISCARD err_t event_count_since(struct db *db, int64_t unit_id, int64_t since_ms,
                                  event_counted *visit, void *context, struct err *err);

/* Events of one kind since a moment, the latest first. */
struct event_question {
    int64_t unit_id;
    struct str topic;
    int64_t since_ms;
    int64_t before_position; /* cursor; 0: from the latest on, those without a position first */
    int64_t before_event;    /* of those without a position: the numbers below; 0: all */
    int64_t most;
};
/* At most so many; those without a position have position 0. Of the newest EVENTS_COUNTED_MAX.
 * Texts live during the callback. */
NODISCARD err_t event_since(struct db *db, const struct event_question *question,
                            void (*take)(void *context, const struct event *event), void *context,
                            struct err *err);

/* How many events of the unit are set aside, for sangden check. */
NODISCARD err_t event_poison_count(struct db *db, int64_t unit_id, int64_t *out, struct err *err);

#endif
