/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/import_kinds.h"
#include "registry/facts.h"
#include "registry/import_facts.h"
#include "registry/import_int.h"
#include "registry/import_objects.h"
#include "registry/relation.h"
#include "registry/search_words.h"
#include "store/store.h"

#define IMPORT_DEF "registry/import_points.def"
#include "registry/import_columns.h"

/* Columns that name something else, and the fact that keeps its number. */
static const struct {
    size_t column;
    enum point_fact kind;
    const struct import_reference *reference;
} references[] = {{COL_agreement, POINT_agreement, &import_agreements},
                  {COL_book, POINT_book, &import_books},
                  {COL_place, POINT_place, &import_places},
                  {COL_station, POINT_station, &import_stations}};
static const struct import_plain plain[] = {
    {COL_route_order, &point_fact_kinds[POINT_route_order]},
    {COL_address, &point_fact_kinds[POINT_address]},
    {COL_phase, &point_fact_kinds[POINT_phase]},
    {COL_demand_kw, &point_fact_kinds[POINT_demand_w]},
    {COL_unmetered_kwh, &point_fact_kinds[POINT_unmetered_wh]},
    {COL_loss_percent, &point_fact_kinds[POINT_loss_ppm]}};
static const struct {
    size_t column;
    enum relation_kind kind;
} relations[] = {{COL_sub_of, RELATION_SUB},
                 {COL_sum_into, RELATION_SUM},
                 {COL_export_of, RELATION_EXPORT}};

struct batch {
    struct import *import;
    struct import_row *rows;
    size_t count;
    struct import_things things;
    struct import_target *target[ARRAY_COUNT(references)];
    struct import_target *main_point[ARRAY_COUNT(relations)];
};

static err_t batch_init(struct batch *batch, struct err *err)
{
    struct arena *arena = &batch->import->batch;
    for (size_t k = 0; k < ARRAY_COUNT(references); k++)
        batch->target[k] = ARENA_ARRAY(arena, struct import_target, batch->count);
    for (size_t k = 0; k < ARRAY_COUNT(relations); k++)
        batch->main_point[k] = ARENA_ARRAY(arena, struct import_target, batch->count);
    if (arena->failed) return err_memory(err);
    return import_things_init(&batch->things, batch->import, batch->rows, batch->count, COL_unit,
                              err);
}

/* A point is called as its customer, with three digits behind. */
static struct str customer_code_of(struct str code)
{
    return code.n > 13 ? str_sub(code, 0, code.n - 3) : code;
}

static err_t refer(struct batch *batch, struct err *err)
{
    struct import *import = batch->import;
    err_t e = import_look_up(import, batch->rows, batch->count, COL_code, &import_points, NULL,
                             batch->things.targets, err);
    if (e != OK) return e;
    import_things_known(&batch->things, import, batch->rows, batch->count, COL_code);
    for (size_t i = 0; i < batch->count; i++)
        if (!batch->rows[i].rejected && batch->things.ids[i] == 0)
            import_check_code(import, &batch->rows[i], COL_code,
                              customer_code_of(batch->rows[i].cells[COL_code].text));
    for (size_t k = 0; e == OK && k < ARRAY_COUNT(references); k++)
        e = import_refer(import, batch->rows, batch->count, references[k].column,
                         references[k].reference, batch->things.unit_ids, batch->target[k], err);
    for (size_t k = 0; e == OK && k < ARRAY_COUNT(relations); k++)
        e = import_refer(import, batch->rows, batch->count, relations[k].column, &import_points,
                         batch->things.unit_ids, batch->main_point[k], err);
    return e;
}

static err_t add_facts(struct import_facts *facts, const struct batch *batch, size_t i,
                       struct err *err)
{
    struct str from = batch->rows[i].cells[COL_from].text;
    err_t e = OK;
    for (size_t k = 0; e == OK && k < ARRAY_COUNT(references); k++)
        e = import_things_refer(&batch->things, facts, i, &point_fact_kinds[references[k].kind],
                                references[k].column, from, batch->target[k][i].id, err);
    if (e != OK) return e;
    return import_things_plain(&batch->things, facts, batch->rows, i, plain, ARRAY_COUNT(plain),
                               from, err);
}

/* ---- relations --------------------------------------------------------------------------- */

static struct point_relation relation_of(const struct batch *batch, size_t k, size_t i)
{
    return (struct point_relation){.point_id = batch->main_point[k][i].id,
                                   .other_point_id = batch->things.ids[i],
                                   .kind = relations[k].kind};
}

/* A point that is new has nothing below it, so only known ones can close a circle. */
static err_t check_relations(struct batch *batch, struct err *err)
{
    for (size_t k = 0; k < ARRAY_COUNT(relations); k++)
        for (size_t i = 0; i < batch->count; i++) {
            struct import_row *row = &batch->rows[i];
            if (row->rejected || batch->main_point[k][i].id == 0 || batch->things.is_new[i])
                continue;
            struct point_relation relation = relation_of(batch, k, i);
            struct err why;
            err_t e = relation_check(batch->import->db, batch->things.unit_ids[i], &relation,
                                     (int32_t)row->cells[COL_from].i64, &why);
            if (e == E_INPUT) import_reject(batch->import, row, (int)relations[k].column, &why);
            else if (e != OK) return *err = why, e;
        }
    return OK;
}

static err_t write_relations(struct batch *batch, struct err *err)
{
    const struct import_request *request = batch->import->request;
    struct fact_author author = {.actor_id = request->actor_id};
    err_t e = OK;
    for (size_t k = 0; k < ARRAY_COUNT(relations); k++)
        for (size_t i = 0; e == OK && i < batch->count; i++) {
            if (batch->rows[i].rejected || batch->main_point[k][i].id == 0) continue;
            struct point_relation relation = relation_of(batch, k, i);
            bool changed = false;
            e = relation_write(batch->import->db, batch->things.unit_ids[i], &relation, FACT_SET,
                               (int32_t)batch->rows[i].cells[COL_from].i64, request->source,
                               &author, &changed, err);
            batch->things.changed[i] |= changed;
        }
    return e;
}

/* ---- points ------------------------------------------------------------------------------ */

static err_t insert_new(const struct batch *batch, struct err *err)
{
    struct import_pair pair;
    err_t e = import_pair_open(batch->import, "usage_point",
                               "unit_id, point_id, code, created_at", "point_directory",
                               "code, unit_id, point_id", &pair, err);
    for (size_t i = 0; e == OK && i < batch->count; i++) {
        if (batch->rows[i].rejected || !batch->things.is_new[i]) continue;
        struct value unit = v_i64(batch->things.unit_ids[i]), id = v_i64(batch->things.ids[i]);
        struct value code = v_text(batch->rows[i].cells[COL_code].text);
        e = bulk_row(pair.thing, ARGS(unit, id, code, v_i64(batch->import->request->now_ms)), err);
        if (e == OK) e = bulk_row(pair.directory, ARGS(code, unit, id), err);
    }
    return import_pair_close(&pair, e, err);
}

/* The address leads to its point: in bulk where the point is new. */
static err_t write_words(const struct batch *batch, struct err *err)
{
    struct import *import = batch->import;
    struct bulk *bulk = NULL;
    err_t e = search_bulk_open(import->db, &bulk, err);
    for (size_t i = 0; e == OK && i < batch->count; i++) {
        const struct import_cell *address = &batch->rows[i].cells[COL_address];
        if (batch->rows[i].rejected || !address->given) continue;
        struct search_entry entry = {SEARCH_place, address->text, batch->things.unit_ids[i],
                                     batch->things.ids[i]};
        e = batch->things.is_new[i] ? search_bulk_enter(bulk, &import->batch, &entry, err)
                                    : search_enter(import->db, &import->batch, &entry, err);
    }
    if (e == OK) return bulk_close(bulk, err);
    bulk_drop(bulk);
    return e;
}

static err_t take(struct import *import, struct import_row *rows, size_t count, struct err *err)
{
    struct batch batch = {.import = import, .rows = rows, .count = count};
    struct import_things *things = &batch.things;
    err_t e = batch_init(&batch, err);
    if (e == OK) e = refer(&batch, err);
    if (e == OK)
        e = import_number(import, rows, count, S("point"), things->unit_ids, things->ids,
                          things->is_new, err);
    struct import_facts facts;
    import_facts_init(&facts, import, &import_point_facts);
    for (size_t i = 0; e == OK && i < count; i++)
        if (!rows[i].rejected) e = add_facts(&facts, &batch, i, err);
    if (e == OK) e = import_facts_compare(&facts, rows, err);
    if (e == OK) e = check_relations(&batch, err);
    if (e == OK) e = insert_new(&batch, err);
    if (e == OK) e = import_facts_write(&facts, rows, things->changed, err);
    if (e == OK) e = write_words(&batch, err);
    if (e == OK) e = write_relations(&batch, err);
    if (e == OK) import_count(import, rows, count, things->is_new, things->changed);
    return e;
}

const struct import_kind import_kind_points = {
    .name = "points",
    .vi = "Điểm đo",
    .en = "Usage points",
    .columns = columns,
    .column_count = COLUMN_COUNT,
    .key_columns = {COL_code},
    .key_column_count = 1,
    .self_columns = {COL_sub_of, COL_sum_into, COL_export_of},
    .self_column_count = 3,
    .tables = "usage_point, point_fact, point_directory, point_relation_fact, search_directory",
    .take = take,
};
