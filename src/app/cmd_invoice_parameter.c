/* SPDX-License-Identifier: Apache-2.0 */
/* invoice parameter: dated parameters of a unit's e-invoices. */
#include "app/actor_call.h"
#include "app/table.h"
#include "app/unit_call.h"
#include "base/json_write.h"
#include "document/invoice_parameter.h"
#include "identity/audit.h"
#include "store/store.h"

enum { CONTENT_BYTES = 192 };

static int64_t value_of(const struct invoice_parameters *values, enum invoice_parameter which)
{
    const int64_t list[INVOICE_PARAMETER_COUNT] = {
#define INVOICE_PARAMETER(name, ...) values->name,
#include "document/invoice_parameters.def"
    };
    return list[which];
}

static err_t list_table(struct call *call, const struct invoice_parameters *values)
{
    static const struct table_column columns[] = {
        {"Tham số", ALIGN_LEFT}, {"Giá trị", ALIGN_RIGHT}, {"Ý nghĩa", ALIGN_LEFT}};
    struct table table;
    table_init(&table, call->arena, columns, ARRAY_COUNT(columns));
    for (size_t i = 0; i < INVOICE_PARAMETER_COUNT; i++) {
        table_text(&table, str_of(invoice_parameter_kinds[i].name));
        table_i64(&table, value_of(values, (enum invoice_parameter)i));
        table_text(&table, str_of(invoice_parameter_kinds[i].vi));
    }
    return table_print(&table, call->out, call->err);
}

static err_t run_list(struct call *call)
{
    struct db *db;
    struct invoice_parameters values;
    struct json_writer w;
    int64_t unit_id;
    int32_t day = call_given(call, "date") ? call_day(call, "date") : today();
    err_t e = call_db(call, &db);
    if (e == OK) e = call_unit(call, call_text(call, "unit"), &unit_id);
    if (e == OK) e = invoice_parameters_on(db, unit_id, day, &values, call->err);
    if (e != OK || !call->json) return e != OK ? e : list_table(call, &values);
    json_writer_init(&w, call->out);
    json_object(&w, JSON_ITEM);
    for (size_t i = 0; i < INVOICE_PARAMETER_COUNT; i++)
        json_i64(&w, str_of(invoice_parameter_kinds[i].name),
                 value_of(&values, (enum invoice_parameter)i));
    json_end(&w);
    buf_add_char(call->out, '\n');
    return OK;
}

static const struct option_spec list_options[] = {
    {"unit", OPTION_TEXT, true, "CODE", "mã đơn vị", "code of the unit"},
    {"date", OPTION_DAY, false, "YYYY-MM-DD", "vào ngày (mặc định hôm nay)",
     "on a day (default today)"},
};

const struct command command_invoice_parameter_list = {
    .name = "invoice parameter list",
    .store = STORE_READS,
    .help_vi = "Tham số hóa đơn điện tử của một đơn vị",
    .help_en = "List the parameters of a unit's e-invoices",
    .options = list_options,
    .option_count = ARRAY_COUNT(list_options),
    .run = run_list,
};

static err_t set_inside(struct call *call, struct db *db, const struct actor *actor,
                        int64_t unit_id)
{
    char memory[CONTENT_BYTES];
    struct buf content;
    struct str name = call_text(call, "NAME"), value = call_text(call, "VALUE");
    err_t e = actor_require(db, actor, unit_id, PERMISSION_INVOICE_SERIES, call->err);
    if (e == OK)
        e = invoice_parameter_set(db, unit_id, name, call_day(call, "from"), value,
                                  call_text(call, "source"), actor->staff_id, call->err);
    if (e != OK) return e;
    buf_init_fixed(&content, memory, sizeof memory);
    buf_printf(&content, "%.*s from=%d", STR_ARG(value), (int)call_day(call, "from"));
    struct audit_note note = {unit_id, S("invoice"), S("invoice.parameter"), name,
                              buf_str(&content)};
    return audit_append(db, actor, &note, call->err);
}

static err_t run_set(struct call *call)
{
    struct db *db;
    struct actor actor;
    int64_t unit_id;
    err_t e = call_db(call, &db);
    if (e == OK) e = call_actor(call, &actor);
    if (e == OK) e = call_unit(call, call_text(call, "unit"), &unit_id);
    if (e == OK) e = db_begin(db, call->err);
    if (e != OK) return e;
    e = set_inside(call, db, &actor, unit_id);
    if (e == OK) e = db_commit(db, call->err);
    if (e != OK) {
        db_rollback(db);
        return e;
    }
    if (call->json) buf_add(call->out, S("{\"recorded\":true}\n"));
    else call_say(call, "Đã ghi", "Recorded", call_text(call, "NAME"));
    return OK;
}

static const struct option_spec set_options[] = {
    {"NAME", OPTION_OPERAND, true, NULL, "tên tham số", "name of the parameter"},
    {"VALUE", OPTION_OPERAND, true, NULL, "giá trị", "value"},
    {"unit", OPTION_TEXT, true, "CODE", "mã đơn vị", "code of the unit"},
    {"from", OPTION_DAY, true, "YYYY-MM-DD", "hiệu lực từ ngày", "valid from"},
    {"source", OPTION_TEXT, true, "TEXT", "căn cứ", "the document it rests on"},
};

const struct command command_invoice_parameter_set = {
    .name = "invoice parameter set",
    .store = STORE_WRITES,
    .help_vi = "Đặt một tham số hóa đơn điện tử từ một ngày",
    .help_en = "Set a parameter of a unit's e-invoices from a day on",
    .options = set_options,
    .option_count = ARRAY_COUNT(set_options),
    .run = run_set,
};
