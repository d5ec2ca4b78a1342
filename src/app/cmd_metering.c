/* SPDX-License-Identifier: Apache-2.0 */
/* Dated parameters of metering. */
#include "app/metering_call.h"
#include "app/table.h"
#include "base/json_write.h"
#include "metering/parameter.h"

static int64_t value_of(const struct metering_parameters *values, size_t index)
{
    const int64_t list[] = {
#define PARAMETER(name, standard, lowest, highest, vi, en) values->name,
#include "metering/parameters.def"
#undef PARAMETER
    };
    ASSERT(index < ARRAY_COUNT(list));
    return list[index];
}

static err_t list_table(struct call *call, const struct metering_parameters *values,
                        const struct parameter_spec *specs, size_t count)
{
    static const struct table_column columns[] = {
        {"Tham số", ALIGN_LEFT}, {"Giá trị", ALIGN_RIGHT}, {"Mặc định", ALIGN_RIGHT},
        {"Ý nghĩa", ALIGN_LEFT}};
    struct table table;
    table_init(&table, call->arena, columns, ARRAY_COUNT(columns));
    for (size_t i = 0; i < count; i++) {
        table_text(&table, str_of(specs[i].name));
        table_i64(&table, value_of(values, i));
        table_i64(&table, specs[i].standard);
        table_text(&table, str_of(specs[i].help_vi));
    }
    return table_print(&table, call->out, call->err);
}

static err_t run_list(struct call *call)
{
    struct metering_call metering;
    struct metering_parameters values;
    size_t count;
    const struct parameter_spec *specs = parameter_specs(&count);
    int32_t day = call_given(call, "date") ? call_day(call, "date") : today();
    err_t e = metering_call(call, &metering);
    if (e == OK) e = metering_unit(call, &metering);
    if (e == OK) e = parameters_on(metering.db, metering.unit_id, day, &values, call->err);
    if (e != OK) return e;
    if (!call->json) return list_table(call, &values, specs, count);
    struct json_writer w;
    json_writer_init(&w, call->out);
    json_object(&w, JSON_ITEM);
    for (size_t i = 0; i < count; i++) json_i64(&w, str_of(specs[i].name), value_of(&values, i));
    json_end(&w);
    buf_add_char(call->out, '\n');
    return OK;
}

static const struct option_spec list_options[] = {
    {"date", OPTION_DAY, false, "YYYY-MM-DD", "vào ngày (mặc định hôm nay)",
     "on a day (default today)"},
    OPTION_OF_UNIT,
};

const struct command command_metering_list = {
    .name = "metering list",
    .store = STORE_READS,
    .help_vi = "Liệt kê tham số ghi chỉ số và phúc tra",
    .help_en = "List the parameters of metering",
    .options = list_options,
    .option_count = ARRAY_COUNT(list_options),
    .run = run_list,
};

static err_t run_set(struct call *call)
{
    struct metering_call metering;
    int64_t value;
    struct str name = call_text(call, "NAME");
    if (!str_to_i64(call_text(call, "VALUE"), &value)) {
        err_set(call->err, E_USAGE, "VALUE", "Giá trị không hợp lệ",
                "The value is not valid");
        return err_hint(call->err, "Xem đơn vị và giới hạn bằng: sangden metering list",
                        "See units and limits with: sangden metering list");
    }
    err_t e = metering_call(call, &metering);
    if (e == OK) e = metering_unit(call, &metering);
    if (e == OK) e = metering_begin(call, &metering, PERMISSION_BOOK_CLOSE);
    if (e != OK) return e;
    e = parameter_set(metering.db, metering.unit_id, name, call_day(call, "from"), value,
                      metering.actor.staff_id, call_text(call, "source"), call->err);
    e = metering_end(call, &metering, e);
    if (e != OK) return e;
    if (call->json) buf_printf(call->out, "{\"%.*s\":%lld}\n", STR_ARG(name), (long long)value);
    else buf_printf(call->out, "%.*s = %lld\n", STR_ARG(name), (long long)value);
    return OK;
}

static const struct option_spec set_options[] = {
    {"NAME", OPTION_OPERAND, true, NULL, "tên tham số", "name of the parameter"},
    {"VALUE", OPTION_OPERAND, true, NULL, "giá trị", "value"},
    {"from", OPTION_DAY, true, "YYYY-MM-DD", "hiệu lực từ ngày", "valid from"},
    {"source", OPTION_TEXT, false, "TEXT", "căn cứ", "source"},
    OPTION_OF_UNIT,
};

const struct command command_metering_set = {
    .name = "metering set",
    .store = STORE_WRITES,
    .help_vi = "Đặt một tham số từ một ngày",
    .help_en = "Set a parameter from a day on",
    .options = set_options,
    .option_count = ARRAY_COUNT(set_options),
    .run = run_set,
};
