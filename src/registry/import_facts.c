/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/import_facts.h"

#include <stdlib.h>
#include <string.h>

#include "store/store.h"

enum { FACTS_FIRST_CAPACITY = 1024 };

#define FACT_TABLE(name, table_name, subject)                                              \
    const struct import_fact_table name = {                                                \
        table_name,                                                                        \
        "unit_id, " subject ", kind, valid_from, entry_no, state, recorded_at, actor_id, " \
        "value_i64, value_text, source, proof, expires_on",                                \
        "SELECT " subject ", kind, valid_from, entry_no, state, value_i64, value_text, "   \
        "proof, expires_on FROM " table_name " WHERE " subject " IN (" IMPORT_CODES ") "   \
        "AND unit_id = " IMPORT_CODES_UNIT                                                 \
        " ORDER BY " subject ", kind, valid_from, entry_no",                               \
        true}
#define PLAIN_FACT_TABLE(name, table_name, subject)                                        \
    const struct import_fact_table name = {                                                \
        table_name,                                                                        \
        "unit_id, " subject ", kind, valid_from, entry_no, state, recorded_at, actor_id, " \
        "value_i64, value_text, source",                                                   \
        "SELECT " subject ", kind, valid_from, entry_no, state, value_i64, value_text, "   \
        "CAST(NULL AS TEXT), CAST(NULL AS TEXT) FROM " table_name " WHERE " subject        \
        " IN (" IMPORT_CODES ") AND unit_id = " IMPORT_CODES_UNIT                          \
        " ORDER BY " subject ", kind, valid_from, entry_no",                               \
        false}

FACT_TABLE(import_point_facts, "point_fact", "point_id");
FACT_TABLE(import_agreement_facts, "agreement_fact", "agreement_id");
FACT_TABLE(import_account_facts, "account_fact", "account_id");
PLAIN_FACT_TABLE(import_meter_facts, "meter_fact", "meter_id");
PLAIN_FACT_TABLE(import_device_facts, "device_fact", "device_id");
PLAIN_FACT_TABLE(import_place_facts, "place_fact", "place_id");
PLAIN_FACT_TABLE(import_organisation_facts, "organisation_fact", "organisation_id");

void import_facts_init(struct import_facts *facts, struct import *import,
                       const struct import_fact_table *table)
{
    *facts = (struct import_facts){.import = import, .table = table};
}

err_t import_facts_add(struct import_facts *facts, struct import_fact fact, struct err *err)
{
    ASSERT(fact.subject_id != 0 && fact.valid_from.n > 0);
    if (facts->count == facts->capacity) {
        size_t capacity = facts->capacity == 0 ? FACTS_FIRST_CAPACITY : 2 * facts->capacity;
        struct import_fact *items =
            ARENA_ARRAY(&facts->import->batch, struct import_fact, capacity);
        if (items == NULL) return err_memory(err);
        if (facts->count > 0) memcpy(items, facts->items, facts->count * sizeof *items);
        facts->items = items;
        facts->capacity = capacity;
    }
    facts->items[facts->count++] = fact;
    return OK;
}

struct fact_value import_cell_value(const struct import_column *column,
                                    const struct import_cell *cell)
{
    bool is_text = cell->text.n > 0;
    if (column->type == CELL_FACT)
        is_text = column->fact->type != FACT_FLAG && column->fact->type != FACT_DECIMAL &&
                  column->fact->type != FACT_REF;
    return (struct fact_value){.is_text = is_text,
                               .i64 = is_text ? 0 : cell->i64,
                               .text = is_text ? cell->text : (struct str){"", 0}};
}

struct fact_value import_ref_value(int64_t id)
{
    return (struct fact_value){.i64 = id};
}

/* The order of the primary key. */
static int compare_place(const struct import_fact *a, const struct import_fact *b)
{
    if (a->unit_id != b->unit_id) return a->unit_id < b->unit_id ? -1 : 1;
    if (a->subject_id != b->subject_id) return a->subject_id < b->subject_id ? -1 : 1;
    int order = a->kind == b->kind ? 0 : strcmp(a->kind, b->kind);
    return order != 0 ? order : str_compare(a->valid_from, b->valid_from);
}

static int compare_items(const void *a, const void *b)
{
    return compare_place(a, b);
}

/* ---- comparing --------------------------------------------------------------------------- */

static bool same_value(const struct import_fact *fact, const struct rows *row)
{
    if (!str_equal(row_text(row, 4), S("set"))) return false;
    bool same = fact->value.is_text
                    ? !row_is_null(row, 6) && str_equal(row_text(row, 6), fact->value.text)
                    : !row_is_null(row, 5) && row_i64(row, 5) == fact->value.i64;
    if (fact->proof.n > 0) same = same && str_equal(row_text_or_empty(row, 7), fact->proof);
    if (fact->expires_on.n > 0)
        same = same && str_equal(row_text_or_empty(row, 8), fact->expires_on);
    return same;
}

/* What stands there, for the message. */
static struct str words_of(struct arena *arena, const struct rows *row)
{
    if (!str_equal(row_text(row, 4), S("set"))) return arena_str(arena, row_text(row, 4));
    if (!row_is_null(row, 6)) return arena_str(arena, row_text(row, 6));
    char memory[32];
    struct buf number;
    buf_init_fixed(&number, memory, sizeof memory);
    buf_add_i64(&number, row_i64_or(row, 5, 0));
    return arena_str(arena, buf_str(&number));
}

/* Where the fact stands relative to a row that is there. */
static int against_row(const struct import_fact *fact, const struct rows *row)
{
    int64_t subject = row_i64(row, 0);
    if (fact->subject_id != subject) return fact->subject_id < subject ? -1 : 1;
    int order = str_compare(str_of(fact->kind), row_text(row, 1));
    return order != 0 ? order : str_compare(fact->valid_from, row_text(row, 2));
}

/* The last believed entry of a fact's day, met while rows stream by. */
struct there {
    int64_t entry_no;
    bool same;
    struct str words;
};

static void settle(struct import_facts *facts, struct import_row *rows, struct import_fact *fact,
                   const struct there *there)
{
    if (there->entry_no == 0) return;
    if (there->same) {
        fact->entry_no = 0;
    } else if (facts->import->request->correct) {
        fact->entry_no = there->entry_no + 1;
    } else {
        import_reject_different(facts->import, &rows[fact->row], fact->column, there->words);
    }
}

/* Merges facts [from, to) of one unit with the rows of their subjects, both in key order. */
static err_t merge(struct import_facts *facts, struct import_row *rows, size_t from, size_t to,
                   struct rows *found, struct err *err)
{
    struct there there = {.entry_no = 0};
    size_t at = from;
    bool row = true;
    err_t e = OK;
    while ((e = rows_next(found, &row, err)) == OK && row) {
        while (at < to && (!facts->items[at].exists || against_row(&facts->items[at], found) < 0)) {
            settle(facts, rows, &facts->items[at++], &there);
            there = (struct there){.entry_no = 0};
        }
        if (at == to || against_row(&facts->items[at], found) != 0) continue;
        there = (struct there){.entry_no = row_i64(found, 3),
                               .same = same_value(&facts->items[at], found),
                               .words = words_of(&facts->import->batch, found)};
    }
    if (e == OK && at < to) settle(facts, rows, &facts->items[at], &there);
    return e;
}

/* Takes up to IMPORT_CODES_COUNT subjects that were there, from *at on. */
static err_t compare_some(struct import_facts *facts, struct import_row *rows, size_t *at,
                          struct err *err)
{
    struct value values[IMPORT_CODES_COUNT + 1];
    size_t count = 0, from = *at, to = from;
    int64_t unit_id = facts->items[from].unit_id;
    for (; to < facts->count && facts->items[to].unit_id == unit_id; to++) {
        const struct import_fact *fact = &facts->items[to];
        if (!fact->exists) continue;
        if (count > 0 && values[count - 1].i64 == fact->subject_id) continue;
        if (count == IMPORT_CODES_COUNT) break;
        values[count++] = v_i64(fact->subject_id);
    }
    *at = to;
    if (count == 0) return OK;
    for (size_t i = count; i < IMPORT_CODES_COUNT; i++) values[i] = v_null();
    values[IMPORT_CODES_COUNT] = v_i64(unit_id);
    AUTO(rows_done_at) struct rows *found = NULL;
    err_t e = db_query(facts->import->db, facts->table->load_sql,
                       (struct args){values, IMPORT_CODES_COUNT + 1}, &found, err);
    return e == OK ? merge(facts, rows, from, to, found, err) : e;
}

err_t import_facts_compare(struct import_facts *facts, struct import_row *rows, struct err *err)
{
    for (size_t i = 0; i < facts->count; i++) facts->items[i].entry_no = 1;
    if (facts->count > 0)
        qsort(facts->items, facts->count, sizeof *facts->items, compare_items);
    err_t e = OK;
    for (size_t at = 0; e == OK && at < facts->count;) e = compare_some(facts, rows, &at, err);
    return e;
}

/* ---- writing ----------------------------------------------------------------------------- */

static err_t write_fact(struct bulk *bulk, const struct import_facts *facts,
                        const struct import_fact *fact, struct err *err)
{
    const struct import_request *request = facts->import->request;
    int64_t moment_ms;
    err_t e = import_moment(facts->import, fact->unit_id, &moment_ms, err);
    if (e != OK) return e;
    struct value values[] = {
        v_i64(fact->unit_id),
        v_i64(fact->subject_id),
        v_text(str_of(fact->kind)),
        v_text(fact->valid_from),
        v_i64(fact->entry_no),
        v_text(S("set")),
        v_i64(moment_ms),
        v_i64(request->actor_id),
        fact->value.is_text ? v_null() : v_i64(fact->value.i64),
        fact->value.is_text ? v_text(fact->value.text) : v_null(),
        v_text(fact->source.n > 0 ? fact->source : request->source),
        v_text_or_null(fact->proof),
        v_text_or_null(fact->expires_on),
    };
    size_t count = ARRAY_COUNT(values) - (facts->table->has_proof ? 0 : 2);
    return bulk_row(bulk, (struct args){values, count}, err);
}

err_t import_facts_write(struct import_facts *facts, const struct import_row *rows, bool *wrote,
                         struct err *err)
{
    struct bulk *bulk = NULL;
    err_t e = OK;
    for (size_t i = 0; e == OK && i < facts->count; i++) {
        const struct import_fact *fact = &facts->items[i];
        if (rows[fact->row].rejected || fact->entry_no == 0) continue;
        if (bulk == NULL)
            e = bulk_open(facts->import->db, facts->table->table, facts->table->columns, &bulk,
                          err);
        if (e == OK) e = write_fact(bulk, facts, fact, err);
        wrote[fact->row] = true;
    }
    if (e == OK && bulk != NULL) return bulk_close(bulk, err);
    bulk_drop(bulk);
    return e;
}
