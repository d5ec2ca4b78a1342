/* SPDX-License-Identifier: Apache-2.0 */
/* bill issue: drafts of signed books become bills. */
#include "app/bill_call.h"

static err_t run(struct call *call)
{
    struct db *db;
    struct actor actor;
    struct run_ticket ticket;
    err_t e = call_actor(call, &actor);
    if (e == OK) e = call_db(call, &db);
    if (e == OK)
        e = call_require_units(call, db, &actor, call_text(call, "unit"), PERMISSION_BILL_ISSUE);
    if (e == OK)
        e = issue_start(db, call_i64(call, "run", 0), call_text(call, "unit"), &ticket,
                        call->err);
    if (e == OK) e = call_work(call, &ticket, &actor, "Phát hành hóa đơn");
    return e != OK ? e : call_print_counts(call, &ticket);
}

static const struct option_spec options[] = {
    {"run", OPTION_I64, true, "R", "số của lần tính, do bill run in ra",
     "number of the run, as bill run prints it"},
    BILL_UNIT_OPTION,
    BILL_WORKERS_OPTION,
    BILL_LEASE_OPTION,
};

const struct command command_bill_issue = {
    .name = "bill issue",
    .store = STORE_WRITES,
    .help_vi = "Phát hành hóa đơn của các sổ đã ký đủ; hóa đơn bị giữ ở lại lần sau",
    .help_en = "Issue the bills of signed books; held ones stay for the next time",
    .options = options,
    .option_count = ARRAY_COUNT(options),
    .run = run,
};
