/* SPDX-License-Identifier: Apache-2.0 */
/* The data dictionary: what is kept, in both languages, and of which class of privacy it is. */
#include "app/command.h"
#include "app/table.h"
#include "base/json_write.h"
#include "billing/fields.h"
#include "document/fields.h"
#include "identity/fields.h"
#include "insight/fields.h"
#include "metering/fields.h"
#include "registry/facts.h"
#include "registry/fields.h"

struct output {
    struct call *call;
    struct table table;
    struct json_writer writer;
};

static void add(struct output *output, const struct field *field)
{
    if (!output->call->json) {
        table_text(&output->table, str_of(field->table));
        table_text(&output->table, str_of(field->name));
        table_text(&output->table, privacy_word(field->privacy));
        table_text(&output->table, str_of(field->vi));
        table_text(&output->table, str_of(field->en));
        return;
    }
    json_object(&output->writer, JSON_ITEM);
    json_text(&output->writer, S("table"), str_of(field->table));
    json_text(&output->writer, S("field"), str_of(field->name));
    json_text(&output->writer, S("privacy"), privacy_word(field->privacy));
    json_text(&output->writer, S("text_vi"), str_of(field->vi));
    json_text(&output->writer, S("text_en"), str_of(field->en));
    json_end(&output->writer);
}

static void add_facts(struct output *output, const char *table, const struct fact_kind *kinds,
                      size_t count)
{
    for (size_t i = 0; i < count; i++)
        add(output, &(struct field){table, kinds[i].name, kinds[i].privacy, kinds[i].vi,
                                    kinds[i].en});
}

static void add_room(struct output *output, const struct field *fields, size_t count)
{
    for (size_t i = 0; i < count; i++) add(output, &fields[i]);
}

static void add_all(struct output *output)
{
    add_room(output, identity_fields, identity_field_count);
    add_room(output, registry_fields, registry_field_count);
    add_facts(output, "account_fact", account_fact_kinds, ACCOUNT_FACT_COUNT);
    add_facts(output, "agreement_fact", agreement_fact_kinds, AGREEMENT_FACT_COUNT);
    add_facts(output, "point_fact", point_fact_kinds, POINT_FACT_COUNT);
    add_facts(output, "meter_fact", meter_fact_kinds, METER_FACT_COUNT);
    add_room(output, metering_fields, metering_field_count);
    add_room(output, billing_fields, billing_field_count);
    add_room(output, document_fields, document_field_count);
    add_room(output, insight_fields, insight_field_count);
}

static err_t run(struct call *call)
{
    static const struct table_column columns[] = {{"Bảng", ALIGN_LEFT}, {"Trường", ALIGN_LEFT},
                                                  {"Mức", ALIGN_LEFT}, {"Nội dung", ALIGN_LEFT},
                                                  {"Meaning", ALIGN_LEFT}};
    struct output output = {.call = call};
    table_init(&output.table, call->arena, columns, ARRAY_COUNT(columns));
    json_writer_init(&output.writer, call->out);
    if (call->json) json_array(&output.writer, JSON_ITEM);
    add_all(&output);
    if (!call->json) return table_print(&output.table, call->out, call->err);
    json_end(&output.writer);
    buf_add_char(call->out, '\n');
    return OK;
}

const struct command command_fields = {
    .name = "fields",
    .help_vi = "Từ điển dữ liệu: nội dung và mức bảo vệ của từng trường",
    .help_en = "The data dictionary: what each field holds and its class of privacy",
    .run = run,
};
