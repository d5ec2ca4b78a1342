/* SPDX-License-Identifier: Apache-2.0 */
/* What the parts of re-verification share. */
#ifndef SANGDEN_METERING_SPIKE_INT_H
#define SANGDEN_METERING_SPIKE_INT_H

#include "base/date.h"
#include "metering/spike_work.h"
#include "store/store.h"

/* unit_id, month, book_id, period_no, point_id, usage_kind, closing_no of a case. */
#define SPIKE_KEY(spike)                                                             \
    ARGS(v_i64((spike)->unit_id), v_i64(month_to_number((spike)->month)),            \
         v_i64((spike)->book_id), v_i64((spike)->period_no), v_i64((spike)->point_id), \
         v_text((spike)->usage_kind), v_i64((spike)->closing_no))

/* Two rows of one point and period, but for the kind of use and the closing. */
#define CASE_KEY(alias, other)                                                             \
    alias ".unit_id = " other ".unit_id AND " alias ".month = " other ".month AND "        \
    alias ".book_id = " other ".book_id AND " alias ".period_no = " other ".period_no AND " \
    alias ".point_id = " other ".point_id AND "

/* A case that a rule looked at, with the number of its next step. */
struct spike_candidate {
    int64_t book_id, point_id, closing_no, step_no;
    int8_t period_no;
    bool final, settled;
    struct str evidence; /* what settles it, of the list's arena; empty when nothing does */
};

/* Looks at the evidence of every waiting case below 3 times that a rule of this kind could settle:
 * struct spike_candidate into the list, by key. */
NODISCARD err_t spike_evidence_find(struct db *db, const struct spike_rule *rule, int32_t month,
                                    struct list *out, struct err *err);

/* Appends a step; rule_id 0: no rule. */
NODISCARD err_t spike_step_add(struct db *db, const struct spike_case *spike, struct str step,
                               int64_t rule_id, struct str evidence, struct str reason,
                               int64_t actor_id, struct err *err);
NODISCARD err_t spike_state_set(struct db *db, const struct spike_case *spike,
                                enum spike_state state, struct err *err);

#endif
