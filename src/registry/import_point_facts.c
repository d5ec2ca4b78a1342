/* SPDX-License-Identifier: Apache-2.0 */
/* Kinds that only date facts of points that are there: shared by uses and households. */
#include "registry/import_point_facts.h"

#include "registry/import_objects.h"

static err_t add_facts(struct import_facts *facts, const struct import_point_columns *layout,
                       const struct import_row *row, size_t i, struct import_target point,
                       struct err *err)
{
    const struct import_kind *kind = facts->import->request->kind;
    const struct import_cell *cells = row->cells;
    err_t e = OK;
    for (size_t k = 0; e == OK && k < layout->fact_count; k++) {
        size_t column = layout->facts[k].column;
        if (!cells[column].given) continue;
        const struct fact_kind *fact = &point_fact_kinds[layout->facts[k].kind];
        bool expires = fact->expires && layout->expires_column != IMPORT_NO_COLUMN;
        struct str none = {"", 0};
        e = import_facts_add(
            facts,
            (struct import_fact){
                .unit_id = point.unit_id,
                .subject_id = point.id,
                .kind = fact->name,
                .valid_from = cells[layout->from_column].text,
                .value = import_cell_value(&kind->columns[column], &cells[column]),
                .proof = cells[layout->proof_column].text,
                .source = cells[layout->source_column].text,
                .expires_on = expires ? cells[layout->expires_column].text : none,
                .row = (uint32_t)i,
                .column = (int)column,
                .exists = true},
            err);
    }
    return e;
}

/* A paper that ran out before the first day proves nothing of it. */
static bool runs_out_first(struct import *import, struct import_row *row,
                           const struct import_point_columns *layout)
{
    if (row->rejected || layout->expires_column == IMPORT_NO_COLUMN) return false;
    const struct import_cell *last = &row->cells[layout->expires_column];
    if (!last->given || last->i64 >= row->cells[layout->from_column].i64) return false;
    struct err why;
    err_set(&why, E_INPUT, import->request->kind->columns[layout->expires_column].name,
            "Giấy tờ hết hạn %.*s, trước ngày đầu %.*s",
            "The proof runs out on %.*s, before the first day %.*s", STR_ARG(last->text),
            STR_ARG(row->cells[layout->from_column].text));
    err_hint(&why, "Sửa ngày hết hạn hoặc ngày có hiệu lực",
             "Mend the last day or the first day");
    import_reject(import, row, (int)layout->expires_column, &why);
    return true;
}

err_t import_point_facts_take(struct import *import, struct import_row *rows, size_t count,
                              const struct import_point_columns *layout, struct err *err)
{
    struct import_target *points = ARENA_ARRAY(&import->batch, struct import_target, count);
    int64_t *unit_ids = ARENA_ARRAY(&import->batch, int64_t, count);
    bool *changed = ARENA_ARRAY(&import->batch, bool, count);
    bool *added = ARENA_ARRAY(&import->batch, bool, count);
    if (import->batch.failed) return err_memory(err);
    struct import_facts facts;
    import_facts_init(&facts, import, &import_point_facts);
    err_t e = import_refer(import, rows, count, layout->point_column, &import_points, NULL,
                           points, err);
    for (size_t i = 0; e == OK && i < count; i++)
        if (!runs_out_first(import, &rows[i], layout) &&
            import_may(import, &rows[i], (int)layout->point_column, points[i].unit_id)) {
            unit_ids[i] = points[i].unit_id;
            e = add_facts(&facts, layout, &rows[i], i, points[i], err);
        }
    if (e == OK) e = import_take_turns(import, rows, count, unit_ids, err);
    if (e == OK) e = import_facts_compare(&facts, rows, err);
    if (e == OK) e = import_facts_write(&facts, rows, changed, err);
    for (size_t i = 0; e == OK && i < facts.count; i++)
        added[facts.items[i].row] |= facts.items[i].entry_no == 1;
    if (e == OK) import_count(import, rows, count, added, changed);
    return e;
}
