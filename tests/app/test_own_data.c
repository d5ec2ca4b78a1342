/* SPDX-License-Identifier: Apache-2.0 */
/* What tells of a person is handed to that person, or it is written here why not. */
#include "support/stores.h"

#include "base/privacy.h"
#include "billing/fields.h"
#include "document/fields.h"
#include "document/person_data.h"
#include "identity/fields.h"
#include "insight/fields.h"
#include "metering/fields.h"
#include "notify/fields.h"
#include "registry/fields.h"

/* Columns that are not handed out. */
static const struct {
    const char *table, *column;
} others[] = {
    /* of the staff */
    {"staff_fact", "name"},
    {"photo", "reader"},
    /* in access_log of the document, which names roles and leaves out where the staff sits */
    {"access_log", "reason"},
    {"access_log", "address"},
    /* made of columns that are handed out */
    {"party", "folded_name"},
    {"search_directory", "key"},
    /* papers about invoices, which name the invoice and no person */
    {"order_withdrawal", "reason"},
    {"error_notice_invoice", "reason"},
    /* the signed invoices: files of their own, at the portal */
    {"einvoice_document", "xml"},
    {"einvoice_summary_piece", "content"},
};

static bool is_other(const struct field *field)
{
    for (size_t i = 0; i < ARRAY_COUNT(others); i++)
        if (str_equal(str_of(field->table), str_of(others[i].table)) &&
            str_equal(str_of(field->name), str_of(others[i].column)))
            return true;
    return false;
}

static bool names_column(const struct own_data *data, struct str name)
{
    struct str columns = str_of(data->columns), column;
    while (str_split(&columns, ',', &column)) {
        column = str_trim(column);
        size_t point = str_find(column, '.');
        if (point < column.n) column = str_sub(column, point + 1, column.n);
        if (str_equal(str_sub(column, 0, str_find(column, ' ')), name)) return true;
    }
    return false;
}

static bool is_handed_out(const struct field *field)
{
    for (size_t i = 0; i < person_data_count; i++)
        if (str_equal(str_of(person_data[i].section), str_of(field->table)) &&
            names_column(&person_data[i], str_of(field->name)))
            return true;
    return false;
}

static void what_tells_of_a_person_is_handed_out(void **state)
{
    static const struct {
        const struct field *fields;
        const size_t *count;
    } rooms[] = {{identity_fields, &identity_field_count}, {registry_fields, &registry_field_count},
                 {metering_fields, &metering_field_count}, {billing_fields, &billing_field_count},
                 {document_fields, &document_field_count}, {insight_fields, &insight_field_count},
                 {notify_fields, &notify_field_count}};
    size_t missing = 0;
    (void)state;
    for (size_t r = 0; r < ARRAY_COUNT(rooms); r++)
        for (size_t i = 0; i < *rooms[r].count; i++) {
            const struct field *field = &rooms[r].fields[i];
            bool personal =
                field->privacy == PRIVACY_PERSONAL || field->privacy == PRIVACY_SENSITIVE;
            if (!personal || is_other(field) || is_handed_out(field)) continue;
            print_error("%s.%s is in no own_data.def\n", field->table, field->name);
            missing++;
        }
    assert_int_equal(missing, 0);
}

/* A section is a table, and every query runs on either engine. */
static void every_query_runs(void **state)
{
    static char memory[4096];
    struct err err;
    for (size_t i = 0; i < person_data_count; i++) {
        const struct own_data *data = &person_data[i];
        struct buf out;
        struct json_writer w;
        int64_t rows = 0;
        struct value one = v_i64(1), day = v_text(S("2026-01-01"));
        bool ms = data->by == OWN_BY_POINT_MS || data->by == OWN_BY_AGREEMENT_MS;
        bool contact = data->by == OWN_BY_CONTACT;
        struct value args[] = {contact ? v_text(S("phone")) : one, contact ? v_text(S("x")) : one,
                               ms ? one : day, ms ? one : day};
        buf_init_fixed(&out, memory, sizeof memory);
        json_writer_init(&w, &out);
        json_array(&w, JSON_ITEM);
        MUST(own_data_rows(test_db(state), data, (struct args){args, ARRAY_COUNT(args)}, &w, &rows,
                           &err));
        json_end(&w);
        assert_int_equal(rows, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_SQLITE(what_tells_of_a_person_is_handed_out),
        ON_BOTH_STORES(every_query_runs),
    };
    return run_store_tests("app own data", tests);
}
