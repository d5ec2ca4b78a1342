/* SPDX-License-Identifier: Apache-2.0 */
/* Closing of a book: one transaction that fixes what each of its points used in a period.
 *
 *   points of the book ─ chunk of 1000 ─► meters, readings, carry, uses before   (range scans)
 *                                         usage_compute, spike_judge             (in memory)
 *                                         usage, exceptions, spike cases         (bulk insertion)
 *
 * A cycle closing covers all points of the book in a period; a supplement closes, in period 0 of
 * the month, final readings on any day and the points that a cycle closing had to leave out. What
 * cannot be closed is an exception that stays open until a later closing gives the point its usage.
 * Memory is that of a chunk and eight bytes per point. Threads: one connection, one thread. */
#ifndef SANGDEN_METERING_CLOSING_H
#define SANGDEN_METERING_CLOSING_H

#include "base/buffer.h"
#include "metering/book.h"

typedef err_t closing_also(struct db *db, void *context, struct err *err);

struct closing_request {
    struct book book;
    int32_t month;
    int period_no; /* 1.. ; of a supplement: the cycle period whose window holds */
    bool supplement;
    int64_t actor_id;
    const int32_t *change_days; /* days on which prices change, rising: a reading of such a day */
    size_t change_day_count;    /* splits the period it lies in */
    closing_also *also;         /* NULL, or what belongs into the same transaction, done last */
    void *context;              /* of also */
};

struct closing_counts {
    int64_t closing_no;
    int64_t points;     /* of the book */
    int64_t usages;     /* rows written */
    int64_t left_out;   /* points with a blocking exception */
    int64_t told;       /* findings that do not block */
    int64_t estimated, finals;
    int64_t spikes_held, spikes_leader, spikes_told, first_bills, carried_releases;
    int64_t total_wh;
};

/* Closes in a transaction of its own. E_STATE when the period is closed already or a later one is;
 * the counts are those the signatures sign. */
NODISCARD err_t closing_run(struct db *db, const struct closing_request *request,
                            struct closing_counts *out, struct err *err);

/* The refusals of closing_run that can be told beforehand, without changing anything. E_RANGE,
 * E_STATE. */
NODISCARD err_t closing_may(struct db *db, const struct closing_request *request, struct err *err);

/* The counts as JSON. */
void closing_counts_json(const struct closing_counts *counts, struct buf *out);

#endif
