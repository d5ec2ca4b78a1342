/* SPDX-License-Identifier: Apache-2.0 */
/* The data dictionary leaves nothing out that people write or that tells of people. */
#include "support/stores.h"

#include "base/privacy.h"
#include "api/fields.h"
#include "billing/fields.h"
#include "document/fields.h"
#include "identity/fields.h"
#include "insight/fields.h"
#include "metering/fields.h"
#include "notify/fields.h"
#include "registry/fields.h"

/* Names of columns that hold a code, a day, a hash or one of our own words; behind '*' the end of a
 * name. Facts ("value_text") are classified kind by kind. Rooms below identity keep no people:
 * their columns are words of the program, and payloads of events hold codes and numbers. */
static const char *const plain[] = {
    "*_on",       "*kind",      "*state",     "*hash",     "*sha256",   "*code",      "*reference",
    "valid_from", "valid_to",   "value_text", "register",  "registers", "role",       "stage",
    "stream",     "action",     "manner",     "level",     "finding",   "spike",      "prorate",
    "origin",     "problem",    "step",       "counts",    "stops",     "matter",     "cause",
    "tou",        "voltage",    "category",   "decision",  "version",   "price_book", "dimension",
    "item",       "number",     "regime",     "debit",     "credit",    "order_key",  "digest",
    "not_read",   "batch",      "maker",      "type",      "topic",     "consumer",   "payload",
    "message",    "queue",      "owner",      "series",    "value",     "bill_number",
    "symbol",     "method",
    "customer_prefix", "on_day", "name of billing_rule", "name of metering_parameter",
    "name of insight_parameter",
    "name of store_property",
    /* results of checks: their names, and the codes and numbers of what they found */
    "name of check_result", "shown of check_result",
    /* the network: places, stations and units, which are public */
    "name of unit", "name of place", "name of device", "name of organisation",
    "name of restricted_area", "document of restricted_area", "source of unit_fact",
    "source of seller_fact",
    "source of place_fact", "source of device_fact", "source of organisation_fact",
    "source of restricted_area_fact", "source of reading"};

static bool is_plain(struct str table, struct str column)
{
    char memory[128];
    struct buf both;
    buf_init_fixed(&both, memory, sizeof memory);
    buf_printf(&both, "%.*s of %.*s", STR_ARG(column), STR_ARG(table));
    for (size_t i = 0; i < ARRAY_COUNT(plain); i++) {
        struct str name = str_of(plain[i]);
        bool ends = name.p[0] == '*' && str_ends(column, str_sub(name, 1, name.n));
        if (ends || str_equal(name, column) || str_equal(name, buf_str(&both))) return true;
    }
    return false;
}

static bool is_in(const struct field *fields, size_t count, struct str table, struct str column)
{
    for (size_t i = 0; i < count; i++)
        if (str_equal(str_of(fields[i].table), table) && str_equal(str_of(fields[i].name), column))
            return true;
    return false;
}

static bool is_declared(struct str table, struct str column)
{
    return is_in(identity_fields, identity_field_count, table, column) ||
           is_in(registry_fields, registry_field_count, table, column) ||
           is_in(metering_fields, metering_field_count, table, column) ||
           is_in(billing_fields, billing_field_count, table, column) ||
           is_in(document_fields, document_field_count, table, column) ||
           is_in(insight_fields, insight_field_count, table, column) ||
           is_in(notify_fields, notify_field_count, table, column) ||
           is_in(api_fields, api_field_count, table, column);
}

static void every_text_is_classified(void **state)
{
    struct err err;
    struct rows *rows;
    bool row = false;
    size_t missing = 0;
    MUST(db_query(test_db(state),
                  "SELECT t.name, c.name FROM store_table t, pragma_table_info(t.name) c"
                  " WHERE c.type = 'TEXT' ORDER BY 1, 2", NO_ARGS, &rows, &err));
    for (MUST(rows_next(rows, &row, &err)); row; MUST(rows_next(rows, &row, &err))) {
        struct str table = row_text(rows, 0), column = row_text(rows, 1);
        if (is_plain(table, column) || is_declared(table, column)) continue;
        print_error("%.*s.%.*s is not in a fields.def\n", STR_ARG(table), STR_ARG(column));
        missing++;
    }
    rows_done(rows);
    assert_int_equal(missing, 0);
}

/* What is declared of whole columns exists. */
static void every_declared_column_exists(void **state)
{
    static const struct {
        const struct field *fields;
        const size_t *count;
    } rooms[] = {{registry_fields, &registry_field_count}, {metering_fields, &metering_field_count},
                 {billing_fields, &billing_field_count},
                 {document_fields, &document_field_count},
                 {insight_fields, &insight_field_count},
                 {notify_fields, &notify_field_count},
                 {api_fields, &api_field_count}};
    struct err err;
    for (size_t r = 0; r < ARRAY_COUNT(rooms); r++)
        for (size_t i = 0; i < *rooms[r].count; i++) {
            const struct field *field = &rooms[r].fields[i];
            int64_t found = 0;
            MUST(db_get_i64(test_db(state),
                            "SELECT count(*) FROM pragma_table_info($1) WHERE name = $2",
                            ARGS(v_text(str_of(field->table)), v_text(str_of(field->name))),
                            &found, &err));
            if (found != 1) fail_msg("there is no column %s.%s", field->table, field->name);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_SQLITE(every_text_is_classified),
        ON_SQLITE(every_declared_column_exists),
    };
    return run_store_tests("app fields", tests);
}
