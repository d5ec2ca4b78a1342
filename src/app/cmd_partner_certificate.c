/* SPDX-License-Identifier: Apache-2.0 */
/* Certificates that the programs of a partner bring beside their signature. */
#include "app/listing.h"
#include "app/partner_call.h"
#include "base/date.h"
#include "base/file.h"
#include "identity/partner_certificate.h"

/* ---- partner certificate ------------------------------------------------------------------- */

static err_t read_file(struct call *call, struct certificate *out)
{
    struct str pem;
    err_t e = file_read(call->arena, call_text(call, "FILE").p, CERTIFICATE_FILE_BYTES, &pem,
                        call->err);
    return e == OK ? certificate_read(call->arena, pem, "FILE", out, call->err) : e;
}

static err_t run_add(struct call *call)
{
    struct db *db;
    struct actor actor;
    struct certificate certificate;
    char memory[HASH_TEXT_BYTES];
    err_t e = read_file(call, &certificate);
    if (e == OK) e = partner_call_begin(call, &db, &actor);
    if (e != OK) return e;
    e = partner_certificate_add(db, &actor, call_text(call, "CODE"), &certificate, call->err);
    struct str fingerprint = hash_text(&certificate.fingerprint, memory);
    if (call->json)
        buf_printf(call->out, "{\"certificate\":\"%.*s\"}\n", STR_ARG(fingerprint));
    else call_say(call, "Đã đăng ký chứng thư", "Registered", fingerprint);
    return partner_call_end(call, db, e);
}

static const struct option_spec add_options[] = {
    {"CODE", OPTION_OPERAND, true, NULL, "mã đối tác", "code of the partner"},
    {"FILE", OPTION_OPERAND, true, NULL, "tệp PEM của chứng thư", "PEM file of the certificate"},
};

const struct command command_partner_certificate = {
    .name = "partner certificate",
    .store = STORE_WRITES,
    .help_vi = "Từ nay đối tác phải kết nối bằng chứng thư này, nhiều nhất hai cùng dùng",
    .help_en = "From now on the partner connects with this certificate, at most two at a time",
    .options = add_options,
    .option_count = ARRAY_COUNT(add_options),
    .run = run_add,
};

/* ---- partner lift -------------------------------------------------------------------------- */

static err_t run_lift(struct call *call)
{
    struct db *db;
    struct actor actor;
    struct str code = call_text(call, "CODE");
    err_t e = partner_call_begin(call, &db, &actor);
    if (e != OK) return e;
    e = partner_certificate_lift(db, &actor, code, call->err);
    if (e == OK) partner_call_say(call, "Không đòi chứng thư nữa", "Lifted", code);
    return partner_call_end(call, db, e);
}

static const struct option_spec lift_options[] = {
    {"CODE", OPTION_OPERAND, true, NULL, "mã đối tác", "code of the partner"},
};

const struct command command_partner_lift = {
    .name = "partner lift",
    .store = STORE_WRITES,
    .help_vi = "Không đòi chứng thư của đối tác nữa; chữ ký vẫn cần",
    .help_en = "Demand no certificate of a partner any more; the signature stays",
    .options = lift_options,
    .option_count = ARRAY_COUNT(lift_options),
    .run = run_lift,
};

/* ---- partner certificates ------------------------------------------------------------------ */

static void take(void *context, const struct partner_certificate_row *row)
{
    struct listing *l = context;
    char first[INSTANT_TEXT_BYTES], last[INSTANT_TEXT_BYTES];
    struct str from = instant_text(row->from_ms, first), to = instant_text(row->to_ms, last);
    if (!l->call->json) {
        table_text(&l->table, row->partner_code);
        table_text(&l->table, row->fingerprint);
        table_text(&l->table, row->subject);
        table_text(&l->table, from);
        table_text(&l->table, to);
        table_text(&l->table, row->revoked_at_ms > 0 ? S("đã thu hồi | revoked") : S(""));
        return;
    }
    listing_item(l);
    json_text(&l->w, S("partner"), row->partner_code);
    json_text(&l->w, S("certificate"), row->fingerprint);
    json_text(&l->w, S("subject"), row->subject);
    json_text(&l->w, S("from"), from);
    json_text(&l->w, S("to"), to);
    json_bool(&l->w, S("revoked"), row->revoked_at_ms > 0);
    listing_item_end(l);
}

static err_t run_list(struct call *call)
{
    static const struct table_column columns[] = {
        {"Đối tác", ALIGN_LEFT}, {"Dấu vân tay SHA-256", ALIGN_LEFT}, {"Chủ thể", ALIGN_LEFT},
        {"Từ", ALIGN_LEFT},      {"Đến", ALIGN_LEFT},                 {"", ALIGN_LEFT}};
    struct listing l;
    struct db *db;
    err_t e = call_db(call, &db);
    if (e != OK) return e;
    listing_begin(&l, call, LISTING_WHOLE, columns, ARRAY_COUNT(columns));
    e = partner_certificate_each(db, take, &l, call->err);
    return listing_end(&l, e);
}

const struct command command_partner_certificates = {
    .name = "partner certificates",
    .store = STORE_READS,
    .help_vi = "Chứng thư đòi của các đối tác",
    .help_en = "Certificates demanded of partners",
    .run = run_list,
};
