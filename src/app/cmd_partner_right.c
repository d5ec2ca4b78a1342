/* SPDX-License-Identifier: Apache-2.0 */
/* What the programs of partners may, unit by unit. */
#include "api/partner_right.h"
#include "app/actor_call.h"
#include "app/listing.h"
#include "app/unit_call.h"
#include "base/date.h"
#include "network/unit_list.h"

static err_t refuse_permission(struct call *call)
{
    char words[ERR_HINT_BYTES];
    struct buf list;
    buf_init_fixed(&list, words, sizeof words);
    partner_right_words(&list);
    err_set(call->err, E_INPUT, "permission", "Không thể giao quyền này cho chương trình",
            "This right cannot be given to a program");
    return err_hint(call->err, "Chọn một trong: %s", "Choose one of: %s", words);
}

/* ---- partner grant, partner take-back ------------------------------------------------------ */

static err_t change(struct call *call, struct db *db, const struct actor *actor, bool give,
                    bool *out_changed)
{
    struct partner_grant grant = {.partner_code = call_text(call, "CODE")};
    if (!partner_right_parse(call_text(call, "permission"), &grant.permission))
        return refuse_permission(call);
    err_t e = unit_require(db, call_text(call, "unit"), &grant.unit_id, call->err);
    if (e != OK) return e;
    if (give) return partner_grant(db, actor, &grant, out_changed, call->err);
    *out_changed = true;
    return partner_take_back(db, actor, &grant, call->err);
}

static err_t run_change(struct call *call, bool give)
{
    struct db *db;
    struct actor actor;
    bool changed = false;
    err_t e = call_db(call, &db);
    if (e == OK) e = call_actor(call, &actor);
    if (e == OK) e = db_begin(db, call->err);
    if (e != OK) return e;
    e = change(call, db, &actor, give, &changed);
    if (e == OK) e = db_commit(db, call->err);
    if (e != OK) {
        db_rollback(db);
        return e;
    }
    if (call->json) buf_printf(call->out, "{\"changed\":%s}\n", changed ? "true" : "false");
    else if (give) call_say(call, "Đã giao quyền", "Given", call_text(call, "permission"));
    else call_say(call, "Đã thu quyền", "Taken back", call_text(call, "permission"));
    return OK;
}

static err_t run_grant(struct call *call)
{
    return run_change(call, true);
}

static err_t run_take_back(struct call *call)
{
    return run_change(call, false);
}

static const struct option_spec change_options[] = {
    {"CODE", OPTION_OPERAND, true, NULL, "mã đối tác", "code of the partner"},
    {"unit", OPTION_TEXT, true, "U", "mã đơn vị", "code of the unit"},
    {"permission", OPTION_TEXT, true, "P", "CUSTOMER_READ, BILL_READ, READING_READ hoặc RUN_READ",
     "CUSTOMER_READ, BILL_READ, READING_READ or RUN_READ"},
};

const struct command command_partner_grant = {
    .name = "partner grant",
    .store = STORE_WRITES,
    .help_vi = "Cho chương trình của đối tác xem một loại dữ liệu tại một đơn vị",
    .help_en = "Let a partner's programs read one kind of data at a unit",
    .options = change_options,
    .option_count = ARRAY_COUNT(change_options),
    .run = run_grant,
};

const struct command command_partner_take_back = {
    .name = "partner take-back",
    .store = STORE_WRITES,
    .help_vi = "Thu lại một quyền của đối tác",
    .help_en = "Take a right of a partner back",
    .options = change_options,
    .option_count = ARRAY_COUNT(change_options),
    .run = run_take_back,
};

/* ---- partner rights ----------------------------------------------------------------------- */

static void take(void *context, const struct partner_right_row *row)
{
    struct listing *l = context;
    char memory[INSTANT_TEXT_BYTES];
    struct str since = instant_text(row->given_at_ms, memory);
    if (!l->call->json) {
        table_text(&l->table, row->partner_code);
        table_text(&l->table, row->unit_code);
        table_text(&l->table, row->permission);
        table_text(&l->table, row->given_by);
        table_text(&l->table, since);
        return;
    }
    listing_item(l);
    json_text(&l->w, S("partner"), row->partner_code);
    json_text(&l->w, S("unit"), row->unit_code);
    json_text(&l->w, S("permission"), row->permission);
    json_text(&l->w, S("given_by"), row->given_by);
    json_text(&l->w, S("since"), since);
    listing_item_end(l);
}

static err_t run_rights(struct call *call)
{
    static const struct table_column columns[] = {{"Đối tác", ALIGN_LEFT},
                                                  {"Đơn vị", ALIGN_LEFT},
                                                  {"Quyền", ALIGN_LEFT},
                                                  {"Người giao", ALIGN_LEFT},
                                                  {"Từ", ALIGN_LEFT}};
    struct listing l;
    struct db *db;
    err_t e = call_db(call, &db);
    if (e != OK) return e;
    listing_begin(&l, call, LISTING_WHOLE, columns, ARRAY_COUNT(columns));
    e = partner_right_each(db, call_text(call, "partner"), take, &l, call->err);
    return listing_end(&l, e);
}

static const struct option_spec rights_options[] = {
    {"partner", OPTION_TEXT, false, "CODE", "chỉ một đối tác", "one partner only"},
};

const struct command command_partner_rights = {
    .name = "partner rights",
    .store = STORE_READS,
    .help_vi = "Các quyền mà đối tác đang có",
    .help_en = "The rights that partners have now",
    .options = rights_options,
    .option_count = ARRAY_COUNT(rights_options),
    .run = run_rights,
};
