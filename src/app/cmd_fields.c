/* SPDX-License-Identifier: Apache-2.0 */
/* The data dictionary: what is kept, in both languages, and of which class of privacy it is. */
#include "api/fields.h"
#include "app/listing.h"
#include "billing/fields.h"
#include "document/fields.h"
#include "identity/fields.h"
#include "insight/fields.h"
#include "notify/fields.h"
#include "metering/fields.h"
#include "registry/facts.h"
#include "registry/fields.h"

static void add(struct listing *l, const struct field *field)
{
    if (!l->call->json) {
        table_text(&l->table, str_of(field->table));
        table_text(&l->table, str_of(field->name));
        table_text(&l->table, privacy_word(field->privacy));
        table_text(&l->table, str_of(field->vi));
        table_text(&l->table, str_of(field->en));
        return;
    }
    listing_item(l);
    json_text(&l->w, S("table"), str_of(field->table));
    json_text(&l->w, S("field"), str_of(field->name));
    json_text(&l->w, S("privacy"), privacy_word(field->privacy));
    json_text(&l->w, S("text_vi"), str_of(field->vi));
    json_text(&l->w, S("text_en"), str_of(field->en));
    listing_item_end(l);
}

static void add_facts(struct listing *l, const char *table, const struct fact_kind *kinds,
                      size_t count)
{
    for (size_t i = 0; i < count; i++)
        add(l, &(struct field){table, kinds[i].name, kinds[i].privacy, kinds[i].vi, kinds[i].en});
}

static void add_room(struct listing *l, const struct field *fields, size_t count)
{
    for (size_t i = 0; i < count; i++) add(l, &fields[i]);
}

static void add_all(struct listing *l)
{
    add_room(l, identity_fields, identity_field_count);
    add_room(l, registry_fields, registry_field_count);
    add_facts(l, "account_fact", account_fact_kinds, ACCOUNT_FACT_COUNT);
    add_facts(l, "agreement_fact", agreement_fact_kinds, AGREEMENT_FACT_COUNT);
    add_facts(l, "point_fact", point_fact_kinds, POINT_FACT_COUNT);
    add_facts(l, "meter_fact", meter_fact_kinds, METER_FACT_COUNT);
    add_room(l, metering_fields, metering_field_count);
    add_room(l, billing_fields, billing_field_count);
    add_room(l, document_fields, document_field_count);
    add_room(l, insight_fields, insight_field_count);
    add_room(l, notify_fields, notify_field_count);
    add_room(l, api_fields, api_field_count);
}

static err_t run(struct call *call)
{
    static const struct table_column columns[] = {{"Bảng", ALIGN_LEFT}, {"Trường", ALIGN_LEFT},
                                                  {"Mức", ALIGN_LEFT}, {"Nội dung", ALIGN_LEFT},
                                                  {"Meaning", ALIGN_LEFT}};
    struct listing l;
    listing_begin(&l, call, LISTING_WHOLE, columns, ARRAY_COUNT(columns));
    add_all(&l);
    return listing_end(&l, OK);
}

const struct command command_fields = {
    .name = "fields",
    .help_vi = "Từ điển dữ liệu: nội dung và mức bảo vệ của từng trường",
    .help_en = "The data dictionary: what each field holds and its class of privacy",
    .run = run,
};
