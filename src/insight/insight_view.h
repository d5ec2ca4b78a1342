/* SPDX-License-Identifier: Apache-2.0 */
/* Questions about neighbours: how the home of a bill compares, and which groups a month has.
 *
 *   bill ─► peer_home ─► peer_group: n others, their median, the mean of their least fifth
 *      └─► or why nothing is shown
 *
 * Everything follows from what was published (peers.h) and stays the same for ever; a member is
 * compared with the others, without itself. Pure queries: no locks, no changes.
 * Ownership: texts live in the arena given. Threads: as the connection. */
#ifndef SANGDEN_INSIGHT_INSIGHT_VIEW_H
#define SANGDEN_INSIGHT_INSIGHT_VIEW_H

#include "billing/billing.h"
#include "insight/peer_group.h"
#include "store/store.h"

/* Why a bill shows no comparison; PEER_SHOWN when it does. */
enum peer_answer {
#define PEER_ANSWER(name, code, vi, en) PEER_##name,
#include "insight/peer_answers.def"
#undef PEER_ANSWER
    PEER_ANSWER_COUNT
};

/* Where a home stands: in the least fifth, below the median, or above it. */
enum peer_standing { STANDING_EFFICIENT, STANDING_BELOW, STANDING_ABOVE };

struct peer_comparison {
    enum peer_answer answer;
    struct str reason_vi, reason_en; /* why nothing is shown; empty when something is */
    /* The rest only when it is shown. */
    int64_t others; /* homes compared with */
    enum peer_level level;
    bool per_household; /* the meter serves several: all figures are per household */
    int64_t own_kwh, median_kwh, efficient_kwh; /* whole kWh, per household */
    enum peer_standing standing;
    /* "112 hộ sinh hoạt cùng trạm biến áp T0007, xã Mẫu". */
    struct str criteria_vi, criteria_en;
    /* "nông thôn, 1 hộ/công tơ, kỳ 29–33 ngày". */
    struct str kind_vi, kind_en;
};

/* The comparison of a bill (its unit, month, period, point and agreement). E_STORE, E_MEMORY. */
NODISCARD err_t peer_comparison_of(struct db *db, struct arena *arena, const struct bill_key *bill,
                                   struct peer_comparison *out, struct err *err);

/* The code of an answer ("shown", "vacant") and its words; empty for PEER_SHOWN. */
struct str peer_answer_code(enum peer_answer answer);
struct str peer_answer_vi(enum peer_answer answer);
struct str peer_answer_en(enum peer_answer answer);

/* A group as it was published, or why it is shown to nobody. */
struct peer_group_row {
    int64_t group_no;
    enum peer_level level;
    int64_t members;
    bool urban;
    int64_t households;                /* least of the band */
    int32_t days;                      /* middle of the band */
    struct str place_vi, place_en;     /* "trạm biến áp T0007, xã Hòa Bình" */
    struct str state;                  /* "published", "too_few", … */
    int64_t median_kwh, efficient_kwh; /* of all its members, when published */
};
typedef err_t peer_group_visit(void *context, const struct peer_group_row *row, struct err *err);

/* All groups of a month of a unit by number; views live until the visit returns. E_NOT_FOUND when
 * the month was not published. */
NODISCARD err_t peer_groups_each(struct db *db, int64_t unit_id, int64_t month,
                                 peer_group_visit *visit, void *context, struct err *err);

/* Why a group is shown to nobody, in words; empty when it is published. */
struct str peer_state_reason_vi(struct str state);
struct str peer_state_reason_en(struct str state);

/* "trạm biến áp T0007" and so on, in both languages; what names a place of the level. */
void peer_words_place(enum peer_level level, struct str station, struct str place, struct buf *vi,
                      struct buf *en);
/* "nông thôn, 1 hộ/công tơ, kỳ 29–33 ngày". */
void peer_words_kind(bool urban, int64_t households, int32_t days, struct buf *vi, struct buf *en);

#endif
