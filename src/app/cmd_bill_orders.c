/* SPDX-License-Identifier: Apache-2.0 */
/* bill orders, withdraw: fees and supplements that were ordered, and taking one back. */
#include "app/actor_call.h"
#include "app/bill_call.h"
#include "app/listing.h"
#include "billing/bill_json.h"
#include "billing/bill_order.h"

/* ---- bill orders ------------------------------------------------------------------------- */

static err_t add_json(void *context, const struct bill_order_row *row, struct err *err)
{
    struct listing *l = context;
    struct json_writer *w = &l->w;
    (void)err;
    listing_item(l);
    json_text(w, S("kind"), row->kind);
    json_text(w, S("order"), row->code);
    json_text(w, S("state"), row->state);
    json_text(w, S("point"), row->point_code);
    if (row->month > 0) bill_json_month(w, S("month"), row->month);
    json_text(w, S("ground"), row->ground);
    json_text(w, S("ordered_by"), row->ordered_by);
    json_text(w, S("ordered_on"), row->ordered_on);
    json_text(w, S("decided_by"), row->decided_by);
    json_text(w, S("decided_on"), row->decided_on);
    json_text(w, S("reason"), row->reason);
    json_text(w, S("bill"), row->bill);
    listing_item_end(l);
    return OK;
}

static struct str state_vi(struct str state)
{
    if (str_equal(state, S("proposed"))) return S("chờ duyệt");
    if (str_equal(state, S("approved"))) return S("đã duyệt");
    if (str_equal(state, S("refused"))) return S("đã từ chối");
    return str_equal(state, S("withdrawn")) ? S("đã rút") : S("đã phát hành");
}

static err_t add_text(void *context, const struct bill_order_row *row, struct err *err)
{
    struct table *table = &((struct listing *)context)->table;
    (void)err;
    table_text(table, row->code);
    table_text(table, state_vi(row->state));
    table_text(table, row->point_code);
    table_text(table, row->ordered_by);
    table_text(table, row->ordered_on);
    table_text(table, row->decided_by);
    table_text(table, row->decided_on);
    table_text(table, row->reason.n > 0 ? row->reason : row->ground);
    table_text(table, row->bill);
    return OK;
}

static err_t refuse_state(struct call *call, struct str state)
{
    err_set(call->err, E_USAGE, "state", "Không có trạng thái “%.*s”", "There is no state “%.*s”",
            STR_ARG(state));
    return err_hint(call->err, "Chọn: proposed, approved, refused, withdrawn, issued",
                    "Choose: proposed, approved, refused, withdrawn, issued");
}

static err_t run_orders(struct call *call)
{
    static const struct table_column columns[] = {
        {"Đề nghị", ALIGN_LEFT},   {"Trạng thái", ALIGN_LEFT}, {"Điểm đo", ALIGN_LEFT},
        {"Người lập", ALIGN_LEFT}, {"Ngày", ALIGN_LEFT},       {"Quyết định", ALIGN_LEFT},
        {"Ngày", ALIGN_LEFT},      {"Lý do", ALIGN_LEFT},      {"Hóa đơn", ALIGN_LEFT}};
    struct listing l;
    struct db *db;
    struct bill_order_filter filter = {.unit_code = call_text(call, "unit"),
                                       .state = call_text(call, "state")};
    if (filter.state.n > 0 && !bill_order_state_known(filter.state))
        return refuse_state(call, filter.state);
    err_t e = call_db(call, &db);
    if (e != OK) return e;
    listing_begin(&l, call, LISTING_WHOLE, columns, ARRAY_COUNT(columns));
    e = bill_order_each(db, &filter, call->json ? add_json : add_text, &l, call->err);
    return listing_end(&l, e);
}

static const struct option_spec orders_options[] = {
    BILL_UNIT_OPTION,
    {"state", OPTION_TEXT, false, "STATE",
     "chỉ trạng thái này: proposed, approved, refused, withdrawn, issued",
     "only this state: proposed, approved, refused, withdrawn, issued"},
};

const struct command command_bill_orders = {
    .name = "bill orders",
    .store = STORE_READS,
    .help_vi = "Các đề nghị truy thu và phí: trạng thái, lý do, ai, ngày nào, hóa đơn nào",
    .help_en = "Orders of supplements and fees: state, reason, who, when, which bill",
    .options = orders_options,
    .option_count = ARRAY_COUNT(orders_options),
    .run = run_orders,
};

/* ---- bill withdraw ----------------------------------------------------------------------- */

static err_t run_withdraw(struct call *call)
{
    struct db *db;
    struct actor actor;
    bool repeated = false;
    struct str code = call_text(call, "CODE");
    err_t e = call_actor(call, &actor);
    if (e == OK) e = call_db(call, &db);
    if (e == OK)
        e = bill_order_withdraw(db, &actor, call->arena, code, call_text(call, "reason"), &repeated,
                                call->err);
    if (e != OK) return e;
    if (call->json)
        buf_printf(call->out, "{\"withdrawn\":\"%.*s\",\"repeated\":%s}\n", STR_ARG(code),
                   repeated ? "true" : "false");
    else buf_printf(call->out, "%s %.*s\n", repeated ? "Trước đó đã rút" : "Đã rút", STR_ARG(code));
    return OK;
}

static const struct option_spec withdraw_options[] = {
    {"CODE", OPTION_OPERAND, true, NULL, "mã đề nghị truy thu, hoặc số của đề nghị phí",
     "code of a supplement, or number of a fee"},
    {"reason", OPTION_TEXT, true, "TEXT", "lý do", "reason"},
};

const struct command command_bill_withdraw = {
    .name = "bill withdraw",
    .store = STORE_WRITES,
    .help_vi = "Rút một đề nghị truy thu hoặc phí chưa phát hành, với lý do",
    .help_en = "Withdraw a supplement or fee that is not issued, with a reason",
    .options = withdraw_options,
    .option_count = ARRAY_COUNT(withdraw_options),
    .run = run_withdraw,
};
