/* SPDX-License-Identifier: Apache-2.0 */
/* Programs of partners and the keys with which they sign. */
#include "app/listing.h"
#include "app/partner_call.h"
#include "app/vault_call.h"
#include "base/date.h"
#include "identity/partner.h"
#include "identity/partner_certificate.h"

/* ---- partner add -------------------------------------------------------------------------- */

static err_t run_add(struct call *call)
{
    struct db *db;
    struct actor actor;
    struct str code = call_text(call, "CODE");
    err_t e = partner_call_begin(call, &db, &actor);
    if (e != OK) return e;
    e = partner_add(db, &actor, code, call_text(call, "name"), call->err);
    if (e == OK) partner_call_say(call, "Đã thêm đối tác", "Added", code);
    return partner_call_end(call, db, e);
}

static const struct option_spec add_options[] = {
    {"CODE", OPTION_OPERAND, true, NULL, "mã đối tác", "code of the partner"},
    {"name", OPTION_TEXT, true, "NAME", "tên", "name"},
};

const struct command command_partner_add = {
    .name = "partner add",
    .store = STORE_WRITES,
    .help_vi = "Thêm đối tác gọi chương trình của ta",
    .help_en = "Add a partner whose programs call ours",
    .options = add_options,
    .option_count = ARRAY_COUNT(add_options),
    .run = run_add,
};

/* ---- partner key -------------------------------------------------------------------------- */

static void show_key(struct call *call, const struct partner_secret *key)
{
    struct json_writer w;
    if (!call->json) {
        buf_printf(call->out,
                   "%s\n%s\n  Mã khóa và khóa bí mật; không hiện lại lần nào nữa.\n"
                   "  Key code and secret; they are never shown again.\n",
                   key->key_code, key->secret);
        return;
    }
    json_writer_init(&w, call->out);
    json_object(&w, JSON_ITEM);
    json_text(&w, S("key"), str_of(key->key_code));
    json_text(&w, S("secret"), str_of(key->secret));
    json_end(&w);
    buf_add_char(call->out, '\n');
}

static err_t run_key(struct call *call)
{
    struct db *db;
    struct actor actor;
    struct vault vault;
    struct partner_secret key;
    err_t e = call_vault(call, &vault);
    if (e == OK) e = partner_call_begin(call, &db, &actor);
    if (e != OK) return e;
    e = partner_key_add(db, &vault, &actor, call_text(call, "CODE"), &key, call->err);
    vault_forget(&vault);
    if (e == OK) show_key(call, &key);
    return partner_call_end(call, db, e);
}

static const struct option_spec key_options[] = {
    {"CODE", OPTION_OPERAND, true, NULL, "mã đối tác", "code of the partner"},
};

const struct command command_partner_key = {
    .name = "partner key",
    .store = STORE_WRITES,
    .help_vi = "Tạo khóa ký cho đối tác, nhiều nhất hai khóa cùng dùng",
    .help_en = "Make a signing key for a partner, at most two at a time",
    .options = key_options,
    .option_count = ARRAY_COUNT(key_options),
    .run = run_key,
};

/* ---- partner revoke ----------------------------------------------------------------------- */

static err_t run_revoke(struct call *call)
{
    struct db *db;
    struct actor actor;
    struct str key = call_text(call, "KEY");
    bool is_certificate = key.n == HASH_TEXT_BYTES - 1;
    err_t e = partner_call_begin(call, &db, &actor);
    if (e != OK) return e;
    e = is_certificate ? partner_certificate_revoke(db, &actor, key, call->err)
                       : partner_key_revoke(db, &actor, key, call->err);
    if (e == OK) partner_call_say(call, "Đã thu hồi", "Revoked", key);
    return partner_call_end(call, db, e);
}

static const struct option_spec revoke_options[] = {
    {"KEY", OPTION_OPERAND, true, NULL, "mã khóa, hoặc dấu vân tay SHA-256 của chứng thư",
     "code of the key, or SHA-256 fingerprint of the certificate"},
};

const struct command command_partner_revoke = {
    .name = "partner revoke",
    .store = STORE_WRITES,
    .help_vi = "Thu hồi một khóa hoặc chứng thư của đối tác",
    .help_en = "Revoke a key or a certificate of a partner",
    .options = revoke_options,
    .option_count = ARRAY_COUNT(revoke_options),
    .run = run_revoke,
};

/* ---- partner list ------------------------------------------------------------------------- */

static void take(void *context, const struct partner_row *row)
{
    struct listing *l = context;
    char memory[INSTANT_TEXT_BYTES];
    struct str since = instant_text(row->created_at_ms, memory);
    if (!l->call->json) {
        table_text(&l->table, row->code);
        table_text(&l->table, row->name);
        table_text(&l->table, row->key_code);
        table_text(&l->table, since);
        return;
    }
    listing_item(l);
    json_text(&l->w, S("partner"), row->code);
    json_text(&l->w, S("name"), row->name);
    json_text(&l->w, S("key"), row->key_code);
    json_text(&l->w, S("since"), since);
    listing_item_end(l);
}

static err_t run_list(struct call *call)
{
    static const struct table_column columns[] = {
        {"Đối tác", ALIGN_LEFT}, {"Tên", ALIGN_LEFT}, {"Khóa", ALIGN_LEFT}, {"Từ", ALIGN_LEFT}};
    struct listing l;
    struct db *db;
    err_t e = call_db(call, &db);
    if (e != OK) return e;
    listing_begin(&l, call, LISTING_WHOLE, columns, ARRAY_COUNT(columns));
    e = partner_each(db, take, &l, call->err);
    return listing_end(&l, e);
}

const struct command command_partner_list = {
    .name = "partner list",
    .store = STORE_READS,
    .help_vi = "Các đối tác và khóa đang dùng",
    .help_en = "Partners and their active keys",
    .run = run_list,
};
