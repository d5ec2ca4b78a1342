/* SPDX-License-Identifier: Apache-2.0 */
/* The pages of re-verification: the queue, and one case.
 *
 * Ownership: texts must live until the call is over. Threads: as the arena and typeface. */
#ifndef SANGDEN_WEB_SHOW_OPS_SPIKES_H
#define SANGDEN_WEB_SHOW_OPS_SPIKES_H

#include "metering/reading_view.h"
#include "metering/spike_work.h"
#include "metering/use_view.h"
#include "web/show_operations.h"

/* What may be decided, in the order of decisions.def. */
enum spike_decision {
#define DECISION(name, action, permission, key, button, done, reason) SPIKE_DECISION_##name,
#include "web/operations/decisions.def"
    SPIKE_DECISION_COUNT
};

/* Which cases the queue shows. */
enum spike_choice {
    SPIKES_WAITING,
    SPIKES_TO_SIGN,
    SPIKES_LEADER,
    SPIKES_ALL,
    SPIKES_CHOICE_COUNT
};

/* A case with what it rests on. */
struct show_spike {
    const struct spike_case *spike;
    const struct use_seen *use; /* both readings of every register */
    struct use_month months[USE_MONTHS];
    struct str address;
    struct str photo; /* address of the picture of the present reading; empty: none is kept */
    struct str small; /* the same for a row */
};

struct show_spikes {
    int32_t month;
    struct str before_month, after_month; /* addresses */
    struct str choices[SPIKES_CHOICE_COUNT];
    enum spike_choice choice;
    struct str book; /* the one that the queue is cut down to; empty: all */
    const struct spike_shares *shares;
    const struct show_spike *rows;
    size_t row_count;
    struct str first, after;     /* addresses of the first page and the next; empty: this is it */
    enum spike_decision decided; /* just now; SPIKE_DECISION_COUNT: nothing */
    int32_t today;
};
/* E_MEMORY. */
NODISCARD err_t show_ops_spikes(const struct show *show, const struct show_operations *frame,
                                const struct show_spikes *spikes);

struct show_spike_case {
    struct show_spike row;
    struct str before_photo; /* address of the picture of the reading before; empty: none is kept */
    const struct reading_seen *readings; /* around the period, with what came in since */
    size_t reading_count;
    const struct spike_step *steps;
    size_t step_count;
    bool offered[SPIKE_DECISION_COUNT]; /* to this visitor, in this state */
    struct str evidence, reason;        /* to begin with, or as typed */
    struct str queue;                   /* address of the list */
    struct str next;              /* address of the case behind this one; empty: it is the last */
    struct str choice, book_only; /* of the list, carried on */
    enum spike_decision decided;  /* on the case before; SPIKE_DECISION_COUNT: nothing */
    const struct err *refused;    /* NULL: not refused */
    int32_t today;
};
/* E_MEMORY. */
NODISCARD err_t show_ops_spike(const struct show *show, const struct show_operations *frame,
                               const struct show_spike_case *spike);

/* "KT 23900 → 24361" of every register; the record of a decision says it so, too. */
struct str spike_readings_words(struct arena *arena, const struct use_seen *use, bool english);

#endif
