/* SPDX-License-Identifier: Apache-2.0 */
/* What is kept of one person: handed to that person, and erased where nothing keeps it. */
#include "app/actor_call.h"
#include "app/listing.h"
#include "base/file.h"
#include "document/person_data.h"
#include "document/person_erase.h"
#include "identity/access.h"
#include "identity/audit.h"
#include "identity/customer.h"
#include "registry/registry_view.h"

/* Whose data: a person found from a customer code, or somebody who only signs in. */
struct subject {
    struct db *db;
    struct actor actor;
    struct person person;
    int64_t agreement_id; /* 0: a login alone */
    int64_t login_id;
    struct str code;
};

static err_t find_subject(struct call *call, struct subject *out)
{
    char contact[CONTACT_BYTES];
    int64_t unit_id = IDENTITY_EVERY_UNIT;
    out->code = call_text(call, "CODE");
    err_t e = call_db(call, &out->db);
    if (e == OK) e = call_actor(call, &out->actor);
    if (e != OK) return e;
    bool by_contact = contact_read(out->code, contact);
    e = by_contact ? customer_login_of(out->db, out->code, &out->login_id, call->err)
                   : agreement_by_code(out->db, out->code, &unit_id, &out->agreement_id, call->err);
    if (e == OK)
        e = actor_require(out->db, &out->actor, unit_id, PERMISSION_PRIVACY_MANAGE, call->err);
    if (e != OK || by_contact) return e;
    return person_of_agreement(out->db, call->arena, unit_id, out->agreement_id, today(),
                               &out->person, call->err);
}

/* ---- privacy export ------------------------------------------------------------------------ */

/* That it was handed out stands in the access log, which the customer sees, and in the chain. */
static err_t note_export(struct call *call, struct subject *s)
{
    struct audit_note link = {
        .unit_id = s->person.unit_id,
        .stream = S("privacy"),
        .action = S("privacy.export"),
        .subject = s->agreement_id != 0
                       ? s->code
                       : arena_printf(call->arena, "login %lld", (long long)s->login_id)};
    struct access_entry entry = {.unit_id = s->person.unit_id,
                                 .staff_id = s->actor.staff_id,
                                 .subject = ACCESS_AGREEMENT,
                                 .subject_id = s->agreement_id,
                                 .action = link.action,
                                 .reason = call_text(call, "reason"),
                                 .os_user = s->actor.os_user};
    err_t e = db_begin(s->db, call->err);
    if (e == OK) e = audit_append(s->db, &s->actor, &link, call->err);
    if (e == OK) e = db_commit(s->db, call->err);
    if (e != OK) db_rollback(s->db);
    if (e == OK && s->agreement_id != 0) e = access_note(s->db, &entry, call->err);
    return e == OK ? access_flush(s->db, call->err) : e;
}

static err_t write_document(struct call *call, struct subject *s, struct buf *out,
                            int64_t *out_rows)
{
    err_t e = db_begin_read(s->db, call->err);
    if (e != OK) return e;
    e = s->agreement_id != 0 ? person_data_write(s->db, call->arena, &s->person, s->code,
                                                 call->demonstration, out, out_rows, call->err)
                             : login_data_write(s->db, call->arena, s->login_id,
                                                call->demonstration, out, out_rows, call->err);
    db_rollback(s->db);
    return e;
}

/* The note comes first: nothing leaves the house that is not recorded. */
static err_t run_export(struct call *call)
{
    struct subject s = {0};
    struct buf document;
    int64_t rows = 0;
    struct str path = call_text(call, "out");
    err_t e = find_subject(call, &s);
    if (e == OK) e = note_export(call, &s);
    if (e != OK) return e;
    buf_init(&document, PERSON_DATA_BYTES_MAX);
    e = write_document(call, &s, &document, &rows);
    if (e == OK) e = folder_make_for(path.p, call->err);
    if (e == OK) e = file_write_secret(path.p, buf_str(&document), call->err);
    buf_release(&document);
    if (e != OK) return e;
    if (call->json) buf_printf(call->out, "{\"rows\":%lld}\n", (long long)rows);
    else call_say(call, "Đã xuất dữ liệu của khách hàng", "Written", path);
    return OK;
}

static const struct option_spec export_options[] = {
    {"CODE", OPTION_OPERAND, true, NULL,
     "mã khách hàng; hoặc điện thoại, thư đăng nhập của người chỉ được xem nhờ",
     "customer code; or the contact of somebody who is only let in"},
    {"out", OPTION_TEXT, true, "FILE", "tệp JSON, chỉ chủ sở hữu đọc được",
     "JSON file, which only its owner may read"},
    {"reason", OPTION_TEXT, true, "TEXT", "theo yêu cầu nào, ví dụ “yêu cầu 17”",
     "which request it answers, for example “request 17”"},
};

const struct command command_privacy_export = {
    .name = "privacy export",
    .store = STORE_WRITES,
    .help_vi = "Xuất mọi dữ liệu đang giữ của một khách hàng thành một tệp JSON để trao cho họ",
    .help_en = "Write everything kept of a customer into one JSON file, to hand to them",
    .options = export_options,
    .option_count = ARRAY_COUNT(export_options),
    .run = run_export,
};

/* ---- privacy erase ------------------------------------------------------------------------- */

static void add_erased(struct listing *l, const struct erased *erased, bool dry)
{
    const char *done = erased->stays ? "giữ lại" : dry ? "sẽ xóa" : "đã xóa";
    const char *retention = retention_vi(erased->retention);
    if (!l->call->json) {
        table_text(&l->table, str_of(erased->vi));
        table_i64(&l->table, erased->rows);
        table_text(&l->table, str_of(done));
        table_text(&l->table, str_of(erased->stays ? retention : ""));
        if (erased->until_day != 0) table_day(&l->table, erased->until_day);
        else table_text(&l->table, S(""));
        return;
    }
    listing_item(l);
    json_text(&l->w, S("text_vi"), str_of(erased->vi));
    json_text(&l->w, S("text_en"), str_of(erased->en));
    json_i64(&l->w, S("rows"), erased->rows);
    json_bool(&l->w, S("stays"), erased->stays);
    if (erased->stays) {
        json_text(&l->w, S("reason_vi"), str_of(retention));
        json_text(&l->w, S("reason_en"), str_of(retention_en(erased->retention)));
        if (erased->until_day != 0) json_day(&l->w, S("until"), erased->until_day);
    }
    listing_item_end(l);
}

static err_t erase(struct call *call, struct subject *s, bool dry, struct erased list[ERASED_MAX],
                   size_t *out_count)
{
    struct person_thing login = {.id = s->login_id};
    struct person person = s->person;
    struct str name = s->code;
    if (s->agreement_id == 0) {
        person.logins = (struct person_things){&login, 1};
        name = arena_printf(call->arena, "login %lld", (long long)s->login_id);
    }
    err_t e = db_begin(s->db, call->err);
    if (e != OK) return e;
    e = person_erase(s->db, call->arena, &s->actor, &person, name, call_text(call, "reason"), dry,
                     list, out_count, call->err);
    if (e == OK && !dry) e = db_commit(s->db, call->err);
    if (e != OK || dry) db_rollback(s->db);
    return e;
}

static err_t run_erase(struct call *call)
{
    static const struct table_column columns[] = {{"Dữ liệu", ALIGN_LEFT},
                                                  {"Số dòng", ALIGN_RIGHT},
                                                  {"Kết quả", ALIGN_LEFT},
                                                  {"Vì sao giữ", ALIGN_LEFT},
                                                  {"Đến hết ngày", ALIGN_LEFT}};
    struct listing l;
    struct subject s = {0};
    struct erased list[ERASED_MAX];
    size_t count = 0;
    bool dry = call_given(call, "dry-run");
    err_t e = find_subject(call, &s);
    if (e == OK) e = erase(call, &s, dry, list, &count);
    if (e != OK) return e;
    listing_begin(&l, call, LISTING_WHOLE, columns, ARRAY_COUNT(columns));
    for (size_t i = 0; i < count; i++) add_erased(&l, &list[i], dry);
    return listing_end(&l, OK);
}

static const struct option_spec erase_options[] = {
    {"CODE", OPTION_OPERAND, true, NULL,
     "mã khách hàng; hoặc điện thoại, thư đăng nhập của người chỉ được xem nhờ",
     "customer code; or the contact of somebody who is only let in"},
    {"reason", OPTION_TEXT, true, "TEXT", "theo yêu cầu nào, ví dụ “yêu cầu 17”",
     "which request it answers, for example “request 17”"},
    {"dry-run", OPTION_FLAG, false, NULL, "chỉ cho biết, không xóa gì", "only tell, erase nothing"},
};

const struct command command_privacy_erase = {
    .name = "privacy erase",
    .store = STORE_WRITES,
    .help_vi =
        "Xóa dữ liệu cá nhân của một khách hàng; cái gì luật giữ thì ở lại, kèm lý do và hạn",
    .help_en =
        "Erase the personal data of a customer; what the law keeps stays, with reason and day",
    .options = erase_options,
    .option_count = ARRAY_COUNT(erase_options),
    .run = run_erase,
};
