/* SPDX-License-Identifier: Apache-2.0 */
/* Who read the personal data of a customer. */
#include "app/actor_call.h"
#include "app/listing.h"
#include "base/clock.h"
#include "base/date.h"
#include "document/person_data.h"
#include "network/unit_list.h"
#include "registry/registry_view.h"

enum { PAGE_ARENA_BYTES = 4 * 1024 * 1024 };

/* What is asked for: everything of the person, so that nobody is told less than the customer. */
struct asking {
    struct call *call;
    struct db *db;
    struct access_thing things[PERSON_ACCESS_MAX];
    struct access_question question;
    int64_t to_ms; /* not included */
};

static err_t refuse_question(struct call *call)
{
    err_set(call->err, E_USAGE, "CUSTOMER", "Cần đúng một trong mã khách hàng, --unit và --store",
            "Exactly one of a customer code, --unit and --store is needed");
    return err_hint(call->err, "Nêu CUSTOMER, hoặc --unit hay --store để xem ai đã đọc danh sách",
                    "Give CUSTOMER, or --unit or --store for who read whole lists");
}

/* Reads of many at once stand at the unit, under no customer; those of no unit at every unit, where
 * searches stand beside them. */
static err_t ask_for_many(struct asking *asking)
{
    asking->things[0] = (struct access_thing){ACCESS_AGREEMENT, ACCESS_MANY};
    asking->things[1] = (struct access_thing){ACCESS_PARTY, ACCESS_MANY};
    asking->question.thing_count = 2;
    if (call_given(asking->call, "store")) return OK;
    return unit_require(asking->db, call_text(asking->call, "unit"), &asking->question.unit_id,
                        asking->call->err);
}

static err_t ask_for_customer(struct asking *asking)
{
    struct call *call = asking->call;
    struct person person;
    int64_t agreement_id, unit_id;
    err_t e = agreement_by_code(asking->db, call_text(call, "CUSTOMER"), &unit_id, &agreement_id,
                                call->err);
    if (e == OK)
        e = person_of_agreement(asking->db, call->arena, unit_id, agreement_id, today(), &person,
                                call->err);
    if (e != OK) return e;
    asking->question.unit_id = unit_id;
    asking->question.thing_count = person_access_things(&person, asking->things);
    return OK;
}

static err_t open_question(struct call *call, struct asking *out)
{
    struct actor actor;
    bool unit = call_given(call, "unit"), store = call_given(call, "store");
    *out = (struct asking){.call = call, .to_ms = INT64_MAX};
    out->question = (struct access_question){.thing = out->things,
                                             .names = !call_given(call, "for-customer"),
                                             .most = PERSON_READS_AT_ONCE};
    if (unit + store + call_given(call, "CUSTOMER") != 1 ||
        (!call_given(call, "CUSTOMER") && !out->question.names))
        return refuse_question(call);
    if (call_given(call, "from"))
        out->question.from_ms = vietnam_midnight_ms(call_day(call, "from"));
    if (call_given(call, "to")) out->to_ms = vietnam_midnight_ms(call_day(call, "to") + 1);
    err_t e = call_db(call, &out->db);
    if (e == OK) e = call_actor(call, &actor);
    if (e == OK) e = unit || store ? ask_for_many(out) : ask_for_customer(out);
    if (e != OK) return e;
    return actor_require(out->db, &actor, out->question.unit_id, PERMISSION_AUDIT_READ, call->err);
}

/* ---- rows --------------------------------------------------------------------------------- */

static void take(struct listing *l, const struct access_seen *seen)
{
    char memory[INSTANT_TEXT_BYTES];
    struct str when = instant_text(seen->read_at_ms, memory);
    if (!l->call->json) {
        table_text(&l->table, when);
        table_text(&l->table, seen->login_id == 0 ? seen->staff
                                                  : arena_printf(l->call->arena, "login %lld",
                                                                 (long long)seen->login_id));
        table_text(&l->table, seen->action);
        table_text(&l->table, seen->reason);
        table_text(&l->table, seen->address);
        table_text(&l->table, seen->os_user);
        return;
    }
    listing_item(l);
    json_text(&l->w, S("read_at"), when);
    if (seen->login_id == 0) json_text(&l->w, S("staff"), seen->staff);
    else json_i64(&l->w, S("login"), seen->login_id);
    json_text(&l->w, S("action"), seen->action);
    json_text(&l->w, S("reason"), seen->reason);
    json_text(&l->w, S("address"), seen->address);
    json_text(&l->w, S("os_user"), seen->os_user);
    listing_item_end(l);
}

/* As the customer is told. */
static void take_for_customer(struct listing *l, const struct access_seen *seen)
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

/* ---- the lists ---------------------------------------------------------------------------- */

typedef void take_read(struct listing *l, const struct access_seen *seen);

/* One page of reads; *out_more tells whether the question, moved behind them, has others. */
static err_t list_page(struct asking *asking, struct listing *l, take_read *take_one,
                       bool *out_more)
{
    struct access_seen *seen = NULL;
    struct arena arena;
    size_t count = 0;
    arena_init(&arena, PAGE_ARENA_BYTES);
    err_t e = access_seen_of(asking->db, &arena, &asking->question, &seen, &count, out_more,
                             asking->call->err);
    for (size_t i = 0; e == OK && i < count; i++)
        if (seen[i].read_at_ms < asking->to_ms) take_one(l, &seen[i]);
    if (e == OK && count > 0) asking->question.before_no = seen[count - 1].access_no;
    arena_release(&arena);
    return e;
}

/* The latest reads. */
static err_t run_for_customer(struct asking *asking)
{
    static const struct table_column columns[] = {{"Lúc", ALIGN_LEFT},
                                                  {"Người xem là", ALIGN_LEFT},
                                                  {"Đã xem", ALIGN_LEFT},
                                                  {"Lý do", ALIGN_LEFT}};
    struct listing l;
    bool more;
    listing_begin(&l, asking->call, LISTING_WHOLE, columns, ARRAY_COUNT(columns));
    return listing_end(&l, list_page(asking, &l, take_for_customer, &more));
}

static err_t run(struct call *call)
{
    static const struct table_column columns[] = {{"Lúc", ALIGN_LEFT},
                                                  {"Người xem", ALIGN_LEFT},
                                                  {"Đã xem", ALIGN_LEFT},
                                                  {"Lý do", ALIGN_LEFT},
                                                  {"Từ địa chỉ", ALIGN_LEFT},
                                                  {"Tài khoản máy", ALIGN_LEFT}};
    struct asking asking;
    struct listing l;
    bool more = true;
    err_t e = open_question(call, &asking);
    if (e != OK) return e;
    if (!asking.question.names) return run_for_customer(&asking);
    listing_begin(&l, call, LISTING_WHOLE, columns, ARRAY_COUNT(columns));
    while (e == OK && more) e = list_page(&asking, &l, take, &more);
    return listing_end(&l, e);
}

static const struct option_spec options[] = {
    {"CUSTOMER", OPTION_OPERAND, false, NULL, "mã khách hàng", "customer code"},
    {"unit", OPTION_TEXT, false, "CODE", "thay cho khách hàng: ai đã đọc danh sách của cả đơn vị",
     "instead of a customer: who read lists of the whole unit"},
    {"store", OPTION_FLAG, false, NULL,
     "thay cho khách hàng: ai đã tìm kiếm, đã đọc danh sách không thuộc đơn vị nào",
     "instead of a customer: who searched, or read lists that belong to no unit"},
    {"from", OPTION_DAY, false, "YYYY-MM-DD", "từ ngày", "from this day"},
    {"to", OPTION_DAY, false, "YYYY-MM-DD", "đến hết ngày", "up to this day"},
    {"for-customer", OPTION_FLAG, false, NULL,
     "100 lần xem mới nhất như khách hàng được biết: vai trò, không phải người",
     "the latest 100 as the customer is told: roles, no people"},
};

const struct command command_access_list = {
    .name = "access list",
    .store = STORE_READS,
    .help_vi = "Ai đã xem dữ liệu cá nhân của một khách hàng, hay danh sách của cả đơn vị",
    .help_en = "Who read the personal data of a customer, or lists of a whole unit",
    .options = options,
    .option_count = ARRAY_COUNT(options),
    .run = run,
};
