/* SPDX-License-Identifier: Apache-2.0 */
/* sangden demo logins: everybody who may look at a demonstration, with a way in for each. */
#include "app/actor_call.h"
#include "app/demo/demo_people.h"
#include "app/table.h"
#include "app/unit_call.h"
#include "base/file.h"
#include "base/json_write.h"
#include "identity/parameter.h"
#include "store/store.h"

enum { FILE_BYTES_MAX = 4096 };

struct logins {
    struct db *db;
    struct actor actor; /* on the day from which everybody has a role */
    struct demo_login customers[DEMO_LOGINS_MAX];
    size_t customer_count;
    struct demo_password *staff;
    size_t staff_count;
};

static err_t refuse_real(struct call *call)
{
    err_set(call->err, E_STATE, "SANGDEN_STORE", "Kho dữ liệu này không phải dữ liệu trình diễn",
            "This store is no demonstration");
    return err_hint(call->err, "Với kho thật, mời từng nhân viên: sangden staff invite",
                    "In a real store invite each person: sangden staff invite");
}

/* Nobody scans a secret into a telephone to look at a demonstration. */
static err_t open_first_factor(struct logins *l, struct err *err)
{
    struct identity_parameters now;
    int32_t day = demo_people_day();
    err_t e = identity_parameters_on(l->db, today(), &now, err);
    if (e != OK || now.second_factor_required == 0) return e;
    return identity_parameter_set(l->db, &l->actor, S("second_factor_required"), day, 0,
                                  S("dữ liệu trình diễn"), err);
}

static err_t complete(struct call *call, struct logins *l)
{
    int64_t unit_id = 0;
    err_t e = call_unit(call, S("PZ0001"), &unit_id);
    if (e == OK) e = db_begin(l->db, call->err);
    if (e != OK) return e;
    e = demo_hire_missing(l->db, &l->actor, call->err);
    if (e == OK) e = open_first_factor(l, call->err);
    if (e == OK)
        e = demo_customers_register(l->db, call->arena, &l->actor, unit_id, l->customers,
                                    &l->customer_count, call->err);
    if (e == OK) e = db_commit(l->db, call->err);
    if (e != OK) db_rollback(l->db);
    return e;
}

/* The file is written even where a later password failed: what was set must not be lost. */
static err_t set_passwords(struct call *call, struct logins *l)
{
    struct str path = call_text(call, "out"), file = S("");
    struct buf text;
    bool changed = false;
    if (path.n == 0) path = S("var/key/demonstration-logins.txt");
    err_t e = folder_make_for(path.p, call->err);
    if (e == OK && file_exists(path.p))
        e = file_read(call->arena, path.p, FILE_BYTES_MAX, &file, call->err);
    if (e == OK)
        e = demo_passwords(l->db, call->arena, &l->actor, file, &l->staff, &l->staff_count,
                           &changed, call->err);
    if (e != OK || !changed) return e;
    buf_init(&text, FILE_BYTES_MAX);
    buf_add_demo_passwords(&text, l->staff, l->staff_count);
    e = text.failed ? err_memory(call->err) : file_write_secret(path.p, buf_str(&text), call->err);
    buf_release(&text);
    return e;
}

/* ---- showing ------------------------------------------------------------------------------ */

/* boss, who made the store, comes last and holds every role. */
static const char *role_of(size_t index)
{
    return index < demo_people_count ? role_name(demo_people[index].role) : "all";
}

static err_t show_text(struct call *call, const struct logins *l)
{
    static const struct table_column staff_columns[] = {{"Vai trò", ALIGN_LEFT},
                                                        {"Role", ALIGN_LEFT},
                                                        {"Mã", ALIGN_LEFT},
                                                        {"Mật khẩu", ALIGN_LEFT}};
    static const struct table_column customer_columns[] = {{"Khách hàng", ALIGN_LEFT},
                                                           {"Customer", ALIGN_LEFT},
                                                           {"Điện thoại", ALIGN_LEFT},
                                                           {"Mã khách hàng", ALIGN_LEFT}};
    struct table table;
    table_init(&table, call->arena, staff_columns, ARRAY_COUNT(staff_columns));
    for (size_t i = 0; i < l->staff_count; i++) {
        bool known = i < demo_people_count;
        table_text(&table, str_of(known ? role_vi(demo_people[i].role) : "Mọi vai trò"));
        table_text(&table, str_of(known ? role_en(demo_people[i].role) : "Every role"));
        table_text(&table, l->staff[i].code);
        table_text(&table, str_of(l->staff[i].password));
    }
    err_t e = table_print(&table, call->out, call->err);
    if (e != OK) return e;
    buf_add_char(call->out, '\n');
    table_init(&table, call->arena, customer_columns, ARRAY_COUNT(customer_columns));
    for (size_t i = 0; i < l->customer_count; i++) {
        table_text(&table, str_of(l->customers[i].vi));
        table_text(&table, str_of(l->customers[i].en));
        table_text(&table, str_of(l->customers[i].phone));
        table_text(&table, l->customers[i].customer_code);
    }
    return table_print(&table, call->out, call->err);
}

static void show_json(struct call *call, const struct logins *l)
{
    struct json_writer w;
    json_writer_init(&w, call->out);
    json_object(&w, JSON_ITEM);
    call_mark_json(call, &w);
    json_array(&w, S("staff"));
    for (size_t i = 0; i < l->staff_count; i++) {
        json_object(&w, JSON_ITEM);
        json_text(&w, S("role"), str_of(role_of(i)));
        json_text(&w, S("code"), l->staff[i].code);
        json_text(&w, S("password"), str_of(l->staff[i].password));
        json_end(&w);
    }
    json_end(&w);
    json_array(&w, S("customers"));
    for (size_t i = 0; i < l->customer_count; i++) {
        json_object(&w, JSON_ITEM);
        json_text(&w, S("who"), str_of(l->customers[i].en));
        json_text(&w, S("phone"), str_of(l->customers[i].phone));
        json_text(&w, S("customer"), l->customers[i].customer_code);
        json_i64(&w, S("agreements"), l->customers[i].agreements);
        json_end(&w);
    }
    json_end(&w);
    json_end(&w);
    buf_add_char(call->out, '\n');
}

static err_t run(struct call *call)
{
    struct logins l = {0};
    err_t e = call_db(call, &l.db);
    if (e == OK && !call->demonstration) return refuse_real(call);
    if (e == OK) e = call_actor(call, &l.actor);
    if (e == OK)
        e = actor_require(l.db, &l.actor, IDENTITY_EVERY_UNIT, PERMISSION_STAFF_MANAGE, call->err);
    if (e != OK) return e;
    l.actor.day = demo_people_day();
    e = complete(call, &l);
    if (e == OK) e = set_passwords(call, &l);
    if (e != OK || !call->json) return e != OK ? e : show_text(call, &l);
    show_json(call, &l);
    return OK;
}

static const struct option_spec options[] = {
    {"out", OPTION_TEXT, false, "FILE",
     "tệp giữ mật khẩu (mặc định var/key/demonstration-logins.txt)",
     "file that keeps the passwords (default var/key/demonstration-logins.txt)"},
};

const struct command command_demo_logins = {
    .name = "demo logins",
    .store = STORE_WRITES,
    .help_vi = "Người đăng nhập của dữ liệu trình diễn: mỗi vai trò một người, và khách hàng",
    .help_en = "Who signs in to a demonstration: one person for each role, and customers",
    .options = options,
    .option_count = ARRAY_COUNT(options),
    .run = run,
};
