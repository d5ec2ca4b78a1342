/* SPDX-License-Identifier: Apache-2.0 */
/* What the bill commands share: options, orders, the workers of a run, counts.
 *
 * Threads: one owner. */
#ifndef SANGDEN_APP_BILL_CALL_H
#define SANGDEN_APP_BILL_CALL_H

#include "app/actor_call.h"
#include "app/command.h"
#include "billing/run.h"

/* --month as YYYYMM, 0 when it is not given. */
int64_t call_month_number(const struct call *call);

#define BILL_UNIT_OPTION \
    {"unit", OPTION_TEXT, false, "U", "mã đơn vị; bỏ trống là mọi đơn vị", \
     "code of the unit; all units without it"}
#define BILL_MONTH_OPTION \
    {"month", OPTION_MONTH, true, "YYYY-MM", "tháng của chỉ số cuối kỳ", \
     "month of the present reading"}
#define BILL_WORKERS_OPTION \
    {"workers", OPTION_I64, false, "N", "số tiến trình cùng làm (mặc định 1, tối đa 64)", \
     "processes that share the work (default 1, at most 64)"}
#define BILL_LEASE_OPTION \
    {"lease", OPTION_I64, false, "S", \
     "số giây một tiến trình giữ một phần việc (mặc định 60)", \
     "seconds for which a process holds a part of the work (default 60)"}

/* Requires the permission at the unit of the code, or at every unit the database has. */
NODISCARD err_t call_require_units(struct call *call, struct db *db, const struct actor *actor,
                                   struct str unit_code, enum permission permission);

/* Works the ticket off with --workers processes of --lease seconds, shows progress on standard
 * error, and closes the stage. A SIGTERM or SIGINT ends the workers between two chunks; what is
 * done stays done. E_STATE when it was interrupted. */
NODISCARD err_t call_work(struct call *call, const struct run_ticket *ticket,
                          const struct actor *actor, const char *title_vi);

/* Finds and proposes adjustments of the months (adjust_find) for the units of --unit, and prints
 * them; book_hash empty: by the facts known now. */
NODISCARD err_t call_propose(struct call *call, struct str book_hash, int64_t first_month,
                             int64_t last_month, bool dry_run);

/* The run's number and counts, as JSON or as lines for people. */
NODISCARD err_t call_print_counts(struct call *call, const struct run_ticket *ticket);

#endif
