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

/* Appends a step; rule_id 0: no rule. */
NODISCARD err_t spike_step_add(struct db *db, const struct spike_case *spike, struct str step,
                               int64_t rule_id, struct str evidence, struct str reason,
                               int64_t actor_id, struct err *err);
NODISCARD err_t spike_state_set(struct db *db, const struct spike_case *spike,
                                enum spike_state state, struct err *err);

#endif
