/* SPDX-License-Identifier: Apache-2.0 */
/* Who read the personal data of a customer. */
#include "app/actor_call.h"
#include "app/listing.h"
#include "base/clock.h"
#include "base/date.h"
#include "document/person_data.h"
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

/* ---- as the customer is told -------------------------------------------------------------- */

static void take_seen(struct listing *l, const struct access_seen *seen)
{
    char memory[INSTANT_TEXT_BYTES];
    struct str when = instant_text(seen->read_at_ms, memory);
    if (!l->call->json) {
        table_text(&l->table, when);
        table_text(&l->table, seen->role_vi);
        table_text(&l->table, seen->action);
        table_text(&l->table, seen->reason);
        return;
    }
    listing_item(l);
    json_text(&l->w, S("read_at"), when);
    json_text(&l->w, S("role_vi"), seen->role_vi);
    json_text(&l->w, S("role_en"), seen->role_en);
    json_text(&l->w, S("action"), seen->action);
    json_text(&l->w, S("reason"), seen->reason);
    listing_item_end(l);
}

/* Everything of the person, not only of one agreement; the latest reads. */
static err_t run_for_customer(struct call *call, struct db *db, const struct access_filter *filter)
{
    static const struct table_column columns[] = {{"Lúc", ALIGN_LEFT},
                                                  {"Người xem là", ALIGN_LEFT},
                                                  {"Đã xem", ALIGN_LEFT},
                                                  {"Lý do", ALIGN_LEFT}};
    struct listing l;
    struct person person;
    struct access_thing things[PERSON_ACCESS_MAX];
    struct access_seen *seen = NULL;
    struct access_question question = {.unit_id = filter->unit_id,
                                       .thing = things,
                                       .from_ms = filter->from_ms,
                                       .most = PERSON_READS_AT_ONCE};
    size_t count = 0;
    bool more;
    err_t e = person_of_agreement(db, call->arena, filter->unit_id, filter->subject_id, today(),
                                  &person, call->err);
    if (e != OK) return e;
    question.thing_count = person_access_things(&person, things);
    e = access_seen_of(db, call->arena, &question, &seen, &count, &more, call->err);
    if (e != OK) return e;
    listing_begin(&l, call, LISTING_WHOLE, columns, ARRAY_COUNT(columns));
    for (size_t i = 0; i < count; i++)
        if (seen[i].read_at_ms < filter->to_ms) take_seen(&l, &seen[i]);
    return listing_end(&l, OK);
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
    if (e == OK && call_given(call, "for-customer")) return run_for_customer(call, db, &filter);
    if (e != OK) return e;
    listing_begin(&l, call, LISTING_WHOLE, columns, ARRAY_COUNT(columns));
    e = access_each(db, &filter, take, &l, call->err);
    return listing_end(&l, e);
}

static const struct option_spec options[] = {
    {"CUSTOMER", OPTION_OPERAND, true, NULL, "mã khách hàng", "customer code"},
    {"from", OPTION_DAY, false, "YYYY-MM-DD", "từ ngày", "from this day"},
    {"to", OPTION_DAY, false, "YYYY-MM-DD", "đến hết ngày", "up to this day"},
    {"for-customer", OPTION_FLAG, false, NULL,
     "100 lần xem mới nhất như khách hàng được biết: vai trò, không phải người",
     "the latest 100 as the customer is told: roles, no people"},
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
