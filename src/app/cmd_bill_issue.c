/* SPDX-License-Identifier: Apache-2.0 */
/* bill issue: drafts of signed books become bills. */
#include "app/bill_call.h"
#include "identity/audit.h"

/* Who issued which run, and what it came to, joins the audit chain of each unit it touched. */
static err_t audit_units(struct call *call, struct db *db, const struct actor *actor,
                         const struct run_ticket *ticket)
{
    char subject[32], content[96];
    struct buf text, counted;
    struct run_counts counts;
    err_t e = run_count(db, ticket, &counts, call->err);
    buf_init_fixed(&text, subject, sizeof subject);
    buf_init_fixed(&counted, content, sizeof content);
    buf_printf(&text, "%lld", (long long)ticket->run_id);
    buf_printf(&counted, "%lld bills, %lld", (long long)counts.ready, (long long)counts.total_vnd);
    AUTO(rows_done_at) struct rows *rows = NULL;
    if (e == OK)
        e = db_query(db, "SELECT unit_id FROM bill_run WHERE run_id = $1 ORDER BY unit_id",
                     ARGS(v_i64(ticket->run_id)), &rows, call->err);
    for (bool more = true; e == OK;) {
        e = rows_next(rows, &more, call->err);
        if (e != OK || !more) break;
        struct audit_note note = {row_i64(rows, 0), S("billing"), S("bill.issue"),
                                  buf_str(&text), buf_str(&counted)};
        e = audit_append(db, actor, &note, call->err);
    }
    return e;
}

static err_t audit(struct call *call, const struct actor *actor, const struct run_ticket *ticket)
{
    struct db *db;
    if (ticket->chunk_count == 0) return OK;
    err_t e = call_db(call, &db);
    if (e == OK) e = db_begin(db, call->err);
    if (e == OK) e = audit_units(call, db, actor, ticket);
    if (e == OK) return db_commit(db, call->err);
    db_rollback(db);
    return e;
}

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
    if (e == OK) e = audit(call, &actor, &ticket);
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
