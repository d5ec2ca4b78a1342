/* SPDX-License-Identifier: Apache-2.0 */
/* How customers sign in, as the counter does it: contacts, and what they may see. */
#include "app/actor_call.h"
#include "app/listing.h"
#include "app/unit_call.h"
#include "base/date.h"
#include "identity/customer.h"
#include "registry/login.h"
#include "registry/registry_view.h"

/* What a command of the counter needs to know. */
struct counter {
    struct db *db;
    struct actor actor;
    int64_t unit_id;
};

static err_t begin(struct call *call, bool by_unit, struct counter *out)
{
    err_t e = call_db(call, &out->db);
    if (e == OK) e = call_actor(call, &out->actor);
    if (e == OK && by_unit) e = call_unit(call, call_text(call, "unit"), &out->unit_id);
    return e == OK ? db_begin(out->db, call->err) : e;
}

static err_t end(struct call *call, struct counter *c, err_t e, const char *vi, const char *en)
{
    if (e == OK) e = db_commit(c->db, call->err);
    if (e != OK) db_rollback(c->db);
    else if (call->json) buf_add(call->out, S("{\"recorded\":true}\n"));
    else call_say(call, vi, en, call_text(call, "CONTACT"));
    return e;
}

/* ---- login register, login change --------------------------------------------------------- */

static err_t run_register(struct call *call)
{
    struct counter c;
    int64_t login_id;
    struct contact_consent consent = {call_text(call, "consent")};
    err_t e = begin(call, true, &c);
    if (e != OK) return e;
    e = customer_register_counter(c.db, &c.actor, c.unit_id, call_text(call, "CONTACT"), &consent,
                                  &login_id, call->err);
    return end(call, &c, e, "Đã đăng ký", "Registered");
}

static const struct option_spec register_options[] = {
    {"CONTACT", OPTION_OPERAND, true, NULL, "điện thoại hoặc thư điện tử", "telephone or e-mail"},
    {"unit", OPTION_TEXT, true, "UNIT", "đơn vị của quầy", "unit of the counter"},
    {"consent", OPTION_TEXT, true, "VERSION", "phiên bản văn bản khách hàng đã đồng ý",
     "version of the words that the customer agreed to"},
};

const struct command command_login_register = {
    .name = "login register",
    .store = STORE_WRITES,
    .help_vi = "Đăng ký điện thoại hoặc thư để khách hàng đăng nhập, tại quầy",
    .help_en = "Register a contact with which a customer signs in, at the counter",
    .options = register_options,
    .option_count = ARRAY_COUNT(register_options),
    .run = run_register,
};

static err_t run_change(struct call *call)
{
    struct counter c;
    int64_t login_id = 0;
    struct contact_consent consent = {call_text(call, "consent")};
    err_t e = begin(call, true, &c);
    if (e != OK) return e;
    e = customer_login_of(c.db, call_text(call, "CONTACT"), &login_id, call->err);
    if (e == OK)
        e = customer_change_counter(c.db, &c.actor, c.unit_id, login_id, call_text(call, "NEW"),
                                    &consent, call->err);
    return end(call, &c, e, "Đã thay", "Replaced");
}

static const struct option_spec change_options[] = {
    {"CONTACT", OPTION_OPERAND, true, NULL, "điện thoại hoặc thư đang đăng ký",
     "the registered telephone or e-mail"},
    {"NEW", OPTION_OPERAND, true, NULL, "số hoặc thư mới", "the new one"},
    {"unit", OPTION_TEXT, true, "UNIT", "đơn vị của quầy", "unit of the counter"},
    {"consent", OPTION_TEXT, true, "VERSION", "phiên bản văn bản khách hàng đã đồng ý",
     "version of the words that the customer agreed to"},
};

const struct command command_login_change = {
    .name = "login change",
    .store = STORE_WRITES,
    .help_vi = "Thay điện thoại hoặc thư đăng nhập của khách hàng, tại quầy",
    .help_en = "Replace the contact of a customer, at the counter",
    .options = change_options,
    .option_count = ARRAY_COUNT(change_options),
    .run = run_change,
};

/* ---- login give, login end ---------------------------------------------------------------- */

static err_t read_supply(struct call *call, struct counter *c, struct login_supply *out)
{
    out->from_day = call_given(call, "from") ? call_day(call, "from") : today();
    err_t e = agreement_by_code(c->db, call_text(call, "CUSTOMER"), &out->unit_id,
                                &out->agreement_id, call->err);
    if (e == OK)
        e = actor_require(c->db, &c->actor, out->unit_id, PERMISSION_LOGIN_MANAGE, call->err);
    if (e == OK)
        e = customer_login_of(c->db, call_text(call, "CONTACT"), &out->login_id, call->err);
    return e;
}

static err_t run_give(struct call *call)
{
    struct counter c;
    struct login_supply supply = {0};
    struct str word = call_text(call, "role");
    if (!login_role_parse(word, &supply.role)) {
        err_set(call->err, E_USAGE, "role", "Không có vai trò “%.*s”", "There is no role “%.*s”",
                STR_ARG(word));
        return err_hint(call->err, "Chọn owner, tenant hoặc relative",
                        "Choose owner, tenant or relative");
    }
    if (call_given(call, "to")) supply.to_day = call_day(call, "to") + 1;
    err_t e = begin(call, false, &c);
    if (e != OK) return e;
    e = read_supply(call, &c, &supply);
    if (e == OK) e = login_give(c.db, &c.actor, &supply, call->err);
    return end(call, &c, e, "Đã cho xem", "May see");
}

#define CONTACT_AND_CUSTOMER \
    {"CONTACT", OPTION_OPERAND, true, NULL, "điện thoại hoặc thư điện tử", "telephone or e-mail"}, \
        {"CUSTOMER", OPTION_OPERAND, true, NULL, "mã khách hàng", "customer code"}, \
    { \
        "from", OPTION_DAY, false, "YYYY-MM-DD", "từ ngày (mặc định hôm nay)", \
            "from this day (default today)" \
    }

static const struct option_spec give_options[] = {
    CONTACT_AND_CUSTOMER,
    {"role", OPTION_TEXT, true, "ROLE", "owner, tenant hoặc relative", "owner, tenant or relative"},
    {"to", OPTION_DAY, false, "YYYY-MM-DD", "đến hết ngày", "up to this day"},
};

const struct command command_login_give = {
    .name = "login give",
    .store = STORE_WRITES,
    .help_vi = "Cho một người đăng nhập xem một hợp đồng",
    .help_en = "Let a person who signs in see an agreement",
    .options = give_options,
    .option_count = ARRAY_COUNT(give_options),
    .run = run_give,
};

static err_t run_end(struct call *call)
{
    struct counter c;
    struct login_supply supply = {0};
    err_t e = begin(call, false, &c);
    if (e != OK) return e;
    e = read_supply(call, &c, &supply);
    if (e == OK) e = login_take_back(c.db, &c.actor, 0, &supply, call->err);
    return end(call, &c, e, "Đã thu hồi", "Taken back");
}

static const struct option_spec end_options[] = {CONTACT_AND_CUSTOMER};

const struct command command_login_end = {
    .name = "login end",
    .store = STORE_WRITES,
    .help_vi = "Thu hồi quyền xem một hợp đồng",
    .help_en = "End what a person may see of an agreement",
    .options = end_options,
    .option_count = ARRAY_COUNT(end_options),
    .run = run_end,
};

/* ---- login list --------------------------------------------------------------------------- */

static void take(void *context, const struct login_supply_row *row)
{
    struct listing *l = context;
    if (!l->call->json) {
        table_text(&l->table, row->agreement_code);
        table_text(&l->table, str_of(login_role_vi(row->supply.role)));
        table_day(&l->table, row->supply.from_day);
        return;
    }
    listing_item(l);
    json_text(&l->w, S("customer"), row->agreement_code);
    json_text(&l->w, S("role"), str_of(login_role_name(row->supply.role)));
    json_day(&l->w, S("from"), row->supply.from_day);
    listing_item_end(l);
}

static err_t run_list(struct call *call)
{
    static const struct table_column columns[] = {
        {"Mã khách hàng", ALIGN_LEFT}, {"Vai trò", ALIGN_LEFT}, {"Từ ngày", ALIGN_LEFT}};
    struct listing l;
    struct db *db;
    struct actor actor;
    int64_t login_id = 0;
    int32_t day = call_given(call, "date") ? call_day(call, "date") : today();
    err_t e = call_db(call, &db);
    if (e == OK) e = call_actor(call, &actor);
    if (e == OK)
        e = actor_require(db, &actor, IDENTITY_EVERY_UNIT, PERMISSION_LOGIN_MANAGE, call->err);
    if (e == OK) e = customer_login_of(db, call_text(call, "CONTACT"), &login_id, call->err);
    if (e != OK) return e;
    listing_begin(&l, call, LISTING_WHOLE, columns, ARRAY_COUNT(columns));
    e = login_supplies_each(db, login_id, day, take, &l, call->err);
    return listing_end(&l, e);
}

static const struct option_spec list_options[] = {
    {"CONTACT", OPTION_OPERAND, true, NULL, "điện thoại hoặc thư điện tử", "telephone or e-mail"},
    {"date", OPTION_DAY, false, "YYYY-MM-DD", "vào ngày (mặc định hôm nay)",
     "on this day (default today)"},
};

const struct command command_login_list = {
    .name = "login list",
    .store = STORE_READS,
    .help_vi = "Những hợp đồng mà một người đăng nhập được xem",
    .help_en = "The agreements that a person who signs in may see",
    .options = list_options,
    .option_count = ARRAY_COUNT(list_options),
    .run = run_list,
};
