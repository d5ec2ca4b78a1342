/* SPDX-License-Identifier: Apache-2.0 */
/* Who read the personal data of a customer. */
#include "app/actor_call.h"
#include "app/listing.h"
#include "base/clock.h"
#include "base/date.h"
#include "identity/access.h"
#include "registry/registry_view.h"

static void take(void *context, const struct access_row *row)
{
    struct listing *l = context;
    char memory[INSTANT_TEXT_BYTES];
    struct str when = instant_text(row->read_at_ms, memory);
    if (!l->call->json) {
        table_text(&l->table, when);
        table_text(&l->table, row->staff);
        table_text(&l->table, row->action);
        table_text(&l->table, row->reason);
        table_text(&l->table, row->address);
        return;
    }
    listing_item(l);
    json_text(&l->w, S("read_at"), when);
    json_text(&l->w, S("staff"), row->staff);
    json_text(&l->w, S("action"), row->action);
    json_text(&l->w, S("reason"), row->reason);
    json_text(&l->w, S("address"), row->address);
    listing_item_end(l);
}

static err_t run(struct call *call)
{
    static const struct table_column columns[] = {{"Lúc", ALIGN_LEFT},
                                                  {"Nhân viên", ALIGN_LEFT},
                                                  {"Đã xem", ALIGN_LEFT},
                                                  {"Lý do", ALIGN_LEFT},
                                                  {"Từ địa chỉ", ALIGN_LEFT}};
    struct listing l;
    struct db *db;
    struct actor actor;
    struct access_filter filter = {.subject = ACCESS_AGREEMENT, .to_ms = INT64_MAX};
    if (call_given(call, "from")) filter.from_ms = vietnam_midnight_ms(call_day(call, "from"));
    if (call_given(call, "to")) filter.to_ms = vietnam_midnight_ms(call_day(call, "to") + 1);
    err_t e = call_db(call, &db);
    if (e == OK) e = call_actor(call, &actor);
    if (e == OK)
        e = agreement_by_code(db, call_text(call, "CUSTOMER"), &filter.unit_id, &filter.subject_id,
                              call->err);
    if (e == OK) e = actor_require(db, &actor, filter.unit_id, PERMISSION_AUDIT_READ, call->err);
    if (e != OK) return e;
    listing_begin(&l, call, LISTING_WHOLE, columns, ARRAY_COUNT(columns));
    e = access_each(db, &filter, take, &l, call->err);
    return listing_end(&l, e);
}

static const struct option_spec options[] = {
    {"CUSTOMER", OPTION_OPERAND, true, NULL, "mã khách hàng", "customer code"},
    {"from", OPTION_DAY, false, "YYYY-MM-DD", "từ ngày", "from this day"},
    {"to", OPTION_DAY, false, "YYYY-MM-DD", "đến hết ngày", "up to this day"},
};

const struct command command_access_list = {
    .name = "access list",
    .store = STORE_READS,
    .help_vi = "Ai đã xem dữ liệu cá nhân của một khách hàng",
    .help_en = "Who read the personal data of a customer",
    .options = options,
    .option_count = ARRAY_COUNT(options),
    .run = run,
};
