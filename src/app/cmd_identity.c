/* SPDX-License-Identifier: Apache-2.0 */
/* How people prove who they are: invitations, passwords, the parameters of both. */
#include "app/actor_call.h"
#include "app/table.h"
#include "app/vault_call.h"
#include "base/date.h"
#include "base/file.h"
#include "base/json_write.h"
#include "identity/credential.h"
#include "identity/parameter.h"
#include "identity/second_factor.h"

enum { INPUT_MAX_BYTES = 4096 };

/* Runs work inside a transaction as the actor. */
static err_t as_actor(struct call *call,
                      err_t (*work)(struct call *, struct db *, const struct actor *))
{
    struct db *db;
    struct actor actor;
    err_t e = call_db(call, &db);
    if (e == OK) e = call_actor(call, &actor);
    if (e == OK) e = db_begin(db, call->err);
    if (e != OK) return e;
    e = work(call, db, &actor);
    if (e == OK) e = db_commit(db, call->err);
    if (e != OK) {
        db_rollback(db);
        buf_reset(call->out);
    }
    return e;
}

static void say_done(struct call *call, const char *vi, const char *en, struct str what)
{
    if (call->json) buf_add(call->out, S("{\"recorded\":true}\n"));
    else call_say(call, vi, en, what);
}

static const struct option_spec code_option[] = {
    {"CODE", OPTION_OPERAND, true, NULL, "mã nhân viên", "staff code"},
};

/* ---- staff invite ------------------------------------------------------------------------ */

static err_t invite(struct call *call, struct db *db, const struct actor *actor)
{
    struct invitation made;
    char until[INSTANT_TEXT_BYTES];
    struct json_writer w;
    struct str code = call_text(call, "CODE");
    err_t e = credential_invite(db, actor, code, &made, call->err);
    if (e != OK) return e;
    struct str ends = instant_text(made.expires_at_ms, until);
    if (call->json) {
        json_writer_init(&w, call->out);
        json_object(&w, JSON_ITEM);
        json_text(&w, S("staff"), code);
        json_text(&w, S("invitation"), str_of(made.code));
        json_text(&w, S("expires_at"), ends);
        json_end(&w);
        buf_add_char(call->out, '\n');
        return OK;
    }
    buf_printf(call->out,
               "%s\n  Mã mời của %.*s, dùng một lần, đến %.*s; không hiện lại lần nào nữa.\n"
               "  The invitation of %.*s, good once, until %.*s; it is never shown again.\n",
               made.code, STR_ARG(code), STR_ARG(ends), STR_ARG(code), STR_ARG(ends));
    return OK;
}

static err_t run_invite(struct call *call)
{
    return as_actor(call, invite);
}

const struct command command_staff_invite = {
    .name = "staff invite",
    .store = STORE_WRITES,
    .help_vi = "Cấp mã mời để nhân viên tự đặt mật khẩu",
    .help_en = "Make the invitation by which a person sets a password",
    .options = code_option,
    .option_count = ARRAY_COUNT(code_option),
    .run = run_invite,
};

/* ---- staff set-up ------------------------------------------------------------------------ */

/* Secrets come by standard input, never by the command line, which others see. */
static err_t run_set_up(struct call *call)
{
    struct db *db;
    struct str input, invitation = S(""), password = S(""), code = call_text(call, "CODE");
    err_t e = call_db(call, &db);
    if (e == OK) e = file_read(call->arena, "-", INPUT_MAX_BYTES, &input, call->err);
    if (e != OK) return e;
    bool both = str_split(&input, '\n', &invitation) && str_split(&input, '\n', &password);
    if (!both) {
        err_set(call->err, E_INPUT, "invitation", "Đầu vào không có đủ mã mời và mật khẩu",
                "The input lacks the invitation or the password");
        return err_hint(call->err, "Dòng đầu là mã mời, dòng thứ hai là mật khẩu mới",
                        "The first line is the invitation, the second the new password");
    }
    e = credential_set_up(db, call->arena, code, str_trim(invitation), password, today(),
                          call->err);
    if (e == OK) say_done(call, "Đã đặt mật khẩu", "Password set", code);
    return e;
}

const struct command command_staff_set_up = {
    .name = "staff set-up",
    .store = STORE_WRITES,
    .help_vi = "Đặt mật khẩu bằng mã mời; mã mời và mật khẩu mới ở hai dòng của đầu vào chuẩn",
    .help_en = "Set a password: invitation and new password on two lines of standard input",
    .options = code_option,
    .option_count = ARRAY_COUNT(code_option),
    .run = run_set_up,
};

/* ---- staff demand-password ---------------------------------------------------------------- */

static err_t demand(struct call *call, struct db *db, const struct actor *actor)
{
    struct str code = call_text(call, "CODE");
    err_t e = credential_demand(db, actor, code, call->err);
    if (e == OK) say_done(call, "Phải đổi mật khẩu ở lần đăng nhập tới", "Must change", code);
    return e;
}

static err_t run_demand(struct call *call)
{
    return as_actor(call, demand);
}

const struct command command_staff_demand_password = {
    .name = "staff demand-password",
    .store = STORE_WRITES,
    .help_vi = "Bắt nhân viên đổi mật khẩu ở lần đăng nhập tới",
    .help_en = "Have a person change the password after the next sign-in",
    .options = code_option,
    .option_count = ARRAY_COUNT(code_option),
    .run = run_demand,
};

/* ---- staff reset-second-factor ------------------------------------------------------------ */

static err_t reset(struct call *call, struct db *db, const struct actor *actor)
{
    struct str code = call_text(call, "CODE");
    bool release = call_given(call, "release");
    err_t e = release ? second_factor_reset_release(db, actor, code, call->err)
                      : second_factor_reset_propose(db, actor, code, call->err);
    if (e == OK && release) say_done(call, "Đã đặt lại yếu tố thứ hai", "Reset", code);
    else if (e == OK) say_done(call, "Chờ người thứ hai duyệt", "Awaits a second person", code);
    return e;
}

static err_t run_reset(struct call *call)
{
    return as_actor(call, reset);
}

static const struct option_spec reset_options[] = {
    {"CODE", OPTION_OPERAND, true, NULL, "mã nhân viên", "staff code"},
    {"release", OPTION_FLAG, false, NULL, "người thứ hai duyệt", "release it, as second person"},
};

const struct command command_staff_reset_second_factor = {
    .name = "staff reset-second-factor",
    .store = STORE_WRITES,
    .help_vi = "Đặt lại yếu tố thứ hai của nhân viên, do hai người",
    .help_en = "Reset a person's second factor, by two people",
    .options = reset_options,
    .option_count = ARRAY_COUNT(reset_options),
    .run = run_reset,
};

/* ---- identity key ------------------------------------------------------------------------ */

/* Makes the key file unless it is there, and has the store take it. */
static err_t run_key(struct call *call)
{
    struct db *db;
    struct actor actor;
    struct vault vault;
    const char *path = vault_path();
    bool taken = false;
    err_t e = call_db(call, &db);
    if (e == OK) e = call_actor(call, &actor);
    if (e == OK)
        e = actor_require(db, &actor, IDENTITY_EVERY_UNIT, PERMISSION_STORE_MAINTAIN, call->err);
    if (e == OK) e = vault_taken(db, &taken, call->err);
    if (e == OK && !taken && !file_exists(path)) e = vault_make(path, call->err);
    if (e == OK) e = vault_open(path, &vault, call->err);
    if (e != OK) return e;
    e = db_begin(db, call->err);
    if (e == OK) e = vault_bind(db, &vault, call->err);
    if (e == OK) e = db_commit(db, call->err);
    if (e != OK) db_rollback(db);
    vault_forget(&vault);
    if (e == OK) say_done(call, "Khóa của kho dữ liệu, giữ ngoài bản sao lưu", "Key file",
                          str_of(path));
    return e;
}

const struct command command_identity_key = {
    .name = "identity key",
    .store = STORE_WRITES,
    .help_vi = "Tạo khóa của kho dữ liệu nằm ngoài cơ sở dữ liệu (SANGDEN_IDENTITY_KEY)",
    .help_en = "Make the key of the store that lies outside it (SANGDEN_IDENTITY_KEY)",
    .run = run_key,
};

/* ---- identity parameters ----------------------------------------------------------------- */

static err_t parameters_table(struct call *call, const struct identity_parameters *values)
{
    static const struct table_column columns[] = {{"Tham số", ALIGN_LEFT},
                                                  {"Giá trị", ALIGN_RIGHT},
                                                  {"Ý nghĩa", ALIGN_LEFT},
                                                  {"Căn cứ của mặc định", ALIGN_LEFT}};
    struct table table;
    table_init(&table, call->arena, columns, ARRAY_COUNT(columns));
    for (size_t i = 0; i < identity_parameter_count; i++) {
        table_text(&table, str_of(identity_parameter_list[i].name));
        table_i64(&table, identity_parameter_value(values, i));
        table_text(&table, str_of(identity_parameter_list[i].vi));
        table_text(&table, str_of(identity_parameter_list[i].source));
    }
    return table_print(&table, call->out, call->err);
}

static err_t run_parameters(struct call *call)
{
    struct db *db;
    struct identity_parameters values;
    struct json_writer w;
    int32_t day = call_given(call, "date") ? call_day(call, "date") : today();
    err_t e = call_db(call, &db);
    if (e == OK) e = identity_parameters_on(db, day, &values, call->err);
    if (e != OK || !call->json) return e != OK ? e : parameters_table(call, &values);
    json_writer_init(&w, call->out);
    json_object(&w, JSON_ITEM);
    for (size_t i = 0; i < identity_parameter_count; i++)
        json_i64(&w, str_of(identity_parameter_list[i].name), identity_parameter_value(&values, i));
    json_end(&w);
    buf_add_char(call->out, '\n');
    return OK;
}

static const struct option_spec parameters_options[] = {
    {"date", OPTION_DAY, false, "YYYY-MM-DD", "vào ngày (mặc định hôm nay)",
     "on a day (default today)"},
};

const struct command command_identity_parameters = {
    .name = "identity parameters",
    .store = STORE_READS,
    .help_vi = "Tham số của đăng nhập và dữ liệu cá nhân",
    .help_en = "List the parameters of signing in and personal data",
    .options = parameters_options,
    .option_count = ARRAY_COUNT(parameters_options),
    .run = run_parameters,
};

static err_t set_parameter(struct call *call, struct db *db, const struct actor *actor)
{
    struct str name = call_text(call, "NAME");
    int32_t from = call_given(call, "from") ? call_day(call, "from") : today();
    err_t e = identity_parameter_set(db, actor, name, from, call_i64(call, "value", 0),
                                     call_text(call, "source"), call->err);
    if (e == OK) say_done(call, "Đã ghi", "Recorded", name);
    return e;
}

static err_t run_set_parameter(struct call *call)
{
    return as_actor(call, set_parameter);
}

static const struct option_spec set_options[] = {
    {"NAME", OPTION_OPERAND, true, NULL, "tên tham số", "name of the parameter"},
    {"value", OPTION_I64, true, "N", "giá trị", "value"},
    {"from", OPTION_DAY, false, "YYYY-MM-DD", "hiệu lực từ ngày (mặc định hôm nay)",
     "valid from (default today)"},
    {"source", OPTION_TEXT, true, "TEXT", "căn cứ", "the document it rests on"},
};

const struct command command_identity_set = {
    .name = "identity set",
    .store = STORE_WRITES,
    .help_vi = "Đặt một tham số của đăng nhập từ một ngày",
    .help_en = "Set a parameter of signing in from a day on",
    .options = set_options,
    .option_count = ARRAY_COUNT(set_options),
    .run = run_set_parameter,
};
