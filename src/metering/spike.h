/* SPDX-License-Identifier: Apache-2.0 */
/* Whether a period's use rose so much that it must be re-verified before it is billed.
 *
 *   per day:  10 · new · old_days ≥ 13 · old · new_days     holds the bill
 *   total:    10 · new ≥ 13 · old                           is told
 *
 * EVN document 2693/EVN-KD of 27/4/2020: every customer whose use rises to 1.3 times the period
 * before or more is notified and re-verified. Days enter because periods of 28 to 31 days alone
 * move the ratio by a tenth. Integers only; a use after none is a rise without limit.
 * Threads: pure. */
#ifndef SANGDEN_METERING_SPIKE_H
#define SANGDEN_METERING_SPIKE_H

#include "base/str.h"

enum spike { SPIKE_NONE, SPIKE_TOLD, SPIKE_HELD, SPIKE_FIRST, SPIKE_LEADER, SPIKE_COUNT };

/* A rise without limit in parts per million, and the largest ratio that is told apart. */
enum { SPIKE_RATIO_MAX_PPM = 1000000000 };

/* A use and its days. known is false when there is none. */
struct period_use {
    bool known;
    int64_t wh;
    int64_t days;
};

struct spike_verdict {
    enum spike spike;
    bool total_rose, daily_rose; /* which of the two comparisons says so */
    int64_t ratio_ppm;           /* per day, SPIKE_RATIO_MAX_PPM when limitless */
};

/* now and before have days >= 0 and wh >= 0. A period of zero days compares by total only. From 3
 * times per day on the verdict is SPIKE_LEADER; without a period before it is SPIKE_FIRST. */
struct spike_verdict spike_judge(struct period_use now, struct period_use before);

/* What raises or lowers the likelihood of an error, for the order of the work list. */
struct spike_signs {
    struct period_use now, before, year_ago;
    bool by_hand;         /* the reading was typed by a person or told by the customer */
    bool before_estimated;
};
/* Higher is worse, 0 to 100000: the ratio per day (up to 40000), the rise in kWh (up to 30000),
 * a rise that last year does not know (20000), a reading typed by hand (10000); a period before
 * that was estimated takes 10000 off. */
int64_t spike_score(const struct spike_signs *signs);

/* Whether the same month last year had this use already: now below 1.3 times per day of then,
 * widened by tolerance_ppm. False when last year is not known. */
bool spike_same_last_year(struct period_use now, struct period_use year_ago,
                          int64_t tolerance_ppm);

/* Whether year_ago itself rose over the period before it: to 1.3 times per day, narrowed by
 * tolerance_ppm. False when one of them is not known. */
bool spike_rose_so(struct period_use year_ago, struct period_use before, int64_t tolerance_ppm);

/* The words of the table. */
struct str spike_text(enum spike spike);
/* From the words of the table; false for any other. */
NODISCARD bool spike_parse(struct str text, enum spike *out);

#endif
