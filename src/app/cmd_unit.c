/* SPDX-License-Identifier: Apache-2.0 */
/* Units that merge and customers that move between units. */
#include "app/change_call.h"
#include "app/unit_call.h"
#include "network/network.h"
#include "registry/registry.h"

enum { CONTENT_MAX_BYTES = 256 };

static err_t merge(struct change_call *running, int64_t unit_id)
{
    struct call *call = running->call;
    int64_t into;
    if (call_given(call, "retract"))
        return unit_merge_retract(running->db, unit_id, call_day(call, "from"),
                                  call_text(call, "source"), &running->author, call->err);
    err_t e = call_unit(call, call_text(call, "into"), &into);
    if (e != OK) return e;
    return unit_merge(running->db, unit_id, into, call_day(call, "from"),
                      call_text(call, "source"), &running->author, call->err);
}

static err_t run_merge(struct call *call)
{
    struct change_call running;
    int64_t unit_id;
    struct str code = call_text(call, "UNIT");
    if (call_given(call, "into") == call_given(call, "retract")) {
        err_set(call->err, E_USAGE, "into", "Cần --into ĐƠN_VỊ, hoặc --retract",
                "Give --into UNIT, or --retract");
        return err_hint(call->err, "Ghi một trong hai", "Give one of the two");
    }
    err_t e = change_begin(&running, call);
    if (e == OK) e = call_unit(call, code, &unit_id);
    if (e == OK) e = merge(&running, unit_id);
    char memory[CONTENT_MAX_BYTES];
    struct buf content;
    buf_init_fixed(&content, memory, sizeof memory);
    buf_printf(&content, "into=%.*s from=%d retract=%d", STR_ARG(call_text(call, "into")),
               (int)call_day(call, "from"), call_given(call, "retract"));
    if (e == OK)
        e = change_commit(&running, IDENTITY_EVERY_UNIT, PERMISSION_UNIT_MANAGE, code,
                          buf_str(&content));
    if (e == OK) change_report(&running, code, true);
    return e;
}

static const struct option_spec merge_options[] = {
    {"UNIT", OPTION_OPERAND, true, NULL, "đơn vị được sáp nhập", "the unit that is merged"},
    {"into", OPTION_TEXT, false, "UNIT", "đơn vị nhận sáp nhập", "the unit it is merged into"},
    {"from", OPTION_DAY, true, "YYYY-MM-DD", "từ ngày", "from this day"},
    {"source", OPTION_TEXT, false, "TEXT", "quyết định sáp nhập", "the decision"},
    {"retract", OPTION_FLAG, false, NULL, "rút lại lần sáp nhập ghi sai của ngày đó",
     "takes back the merger recorded for that day"},
};

const struct command command_unit_merge = {
    .name = "unit merge",
    .store = STORE_WRITES,
    .help_vi = "Sáp nhập đơn vị: đổi cây tổ chức, dữ liệu ở nguyên chỗ",
    .help_en = "Merge units: the tree changes, data stay where they are",
    .options = merge_options,
    .option_count = ARRAY_COUNT(merge_options),
    .run = run_merge,
};

static err_t run_move(struct call *call)
{
    struct change_call running;
    struct customer_move move = {.from_day = call_day(call, "from"),
                                 .source = call_text(call, "source")};
    struct str code = call_text(call, "CODE");
    int64_t new_id;
    err_t e = change_begin(&running, call);
    if (e == OK)
        e = agreement_by_code(running.db, code, &move.unit_id, &move.agreement_id, call->err);
    if (e == OK) e = call_unit(call, call_text(call, "to"), &move.to_unit_id);
    if (e == OK)
        e = customer_move(running.db, call->arena, &move, &running.author, &new_id, call->err);
    char memory[CONTENT_MAX_BYTES];
    struct buf content;
    buf_init_fixed(&content, memory, sizeof memory);
    buf_printf(&content, "to=%.*s from=%d", STR_ARG(call_text(call, "to")), (int)move.from_day);
    if (e == OK)
        e = actor_require(running.db, &running.actor, move.unit_id, PERMISSION_UNIT_MANAGE,
                          call->err);
    if (e == OK)
        e = change_commit(&running, move.to_unit_id, PERMISSION_UNIT_MANAGE, code,
                          buf_str(&content));
    if (e == OK) change_report(&running, code, true);
    return e;
}

static const struct option_spec move_options[] = {
    {"CODE", OPTION_OPERAND, true, NULL, "mã khách hàng", "the customer code"},
    {"to", OPTION_TEXT, true, "UNIT", "đơn vị mới", "the new unit"},
    {"from", OPTION_DAY, true, "YYYY-MM-DD", "từ ngày", "from this day"},
    {"source", OPTION_TEXT, false, "TEXT", "nguồn thông tin", "who said so"},
};

const struct command command_customer_move = {
    .name = "customer move",
    .store = STORE_WRITES,
    .help_vi = "Chuyển khách hàng sang đơn vị khác, mã không đổi, lịch sử còn nguyên",
    .help_en = "Move a customer to another unit: same code, history kept",
    .options = move_options,
    .option_count = ARRAY_COUNT(move_options),
    .run = run_move,
};
