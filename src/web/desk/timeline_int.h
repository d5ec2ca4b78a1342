/* SPDX-License-Identifier: Apache-2.0 */
/* What the sources of the timeline share. Private to the desk. */
#ifndef SANGDEN_WEB_DESK_TIMELINE_INT_H
#define SANGDEN_WEB_DESK_TIMELINE_INT_H

#include "base/date.h"
#include "store/store.h"
#include "web/desk/timeline.h"

struct timeline {
    struct db *db;
    struct arena *arena;
    const struct timeline_subject *subject;
    const struct timeline_window *window;
    int32_t first_month;
    int64_t month[TIMELINE_MONTHS]; /* YYYYMM, rising */
    struct str from_on, to_on;      /* ISO days; to_on is not included */
    int64_t from_ms, to_ms;         /* to_ms is not included */
    struct timeline_event *events;
    size_t count;
    bool older; /* something was left out, or is known to stand before */
    struct err *err;
};

/* Adds an event; those beyond the limit are left out, which older tells. */
void timeline_add(struct timeline *timeline, const struct timeline_event *event);
/* The same of an instant. */
void timeline_add_at(struct timeline *timeline, enum timeline_kind kind, int64_t at_ms,
                     struct str title, struct str detail);
/* The same of an ISO day. */
void timeline_add_on(struct timeline *timeline, enum timeline_kind kind, struct str on,
                     struct str title, struct str detail);
struct str timeline_pick(const struct timeline *timeline, const char *vi, const char *en);

/* A word of a table for people; the word itself where it is not in the list. */
struct timeline_word {
    const char *word;
    const char *vi, *en;
};
struct str timeline_word(const struct timeline *timeline, const struct timeline_word *words,
                         size_t count, struct str word);

/* One kind, from its tables. */
typedef err_t timeline_source(struct timeline *timeline);
timeline_source timeline_bills, timeline_invoices, timeline_notices, timeline_payments,
    timeline_spikes, timeline_readings, timeline_meters, timeline_holds, timeline_records,
    timeline_callers, timeline_messages, timeline_sessions, timeline_consents, timeline_requests;

#endif
