/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/import_by_row.h"

static struct fact_author author_of(const struct import *import)
{
    return (struct fact_author){.actor_id = import->request->actor_id,
                                .correct = import->request->correct};
}

static err_t take_one(struct import *import, struct import_row *row, import_one *one,
                      struct err *err)
{
    struct import_step step = {.import = import, .row = row};
    err_t e = db_run(import->db, "SAVEPOINT import_row", NO_ARGS, NULL, err);
    if (e == OK) e = one(&step, err);
    if (e == OK && row->rejected)
        e = db_run(import->db, "ROLLBACK TO SAVEPOINT import_row", NO_ARGS, NULL, err);
    if (e == OK) e = db_run(import->db, "RELEASE SAVEPOINT import_row", NO_ARGS, NULL, err);
    if (e != OK || row->rejected) return e;
    if (step.is_new) import->counts.added++;
    else if (step.changed) import->counts.changed++;
    else import->counts.unchanged++;
    return OK;
}

err_t import_each(struct import *import, struct import_row *rows, size_t count, import_one *one,
                  struct err *err)
{
    int64_t moment_ms;
    /* Taken before anything is read: of two files the second sees what the first brought in. */
    err_t e = import_moment(import, 0, &moment_ms, err);
    for (size_t i = 0; e == OK && i < count; i++)
        if (!rows[i].rejected) e = take_one(import, &rows[i], one, err);
    return e;
}

err_t import_step_fact(struct import_step *step, size_t column, const struct fact_sql *table,
                       struct fact_entry entry, struct err *err)
{
    struct import *import = step->import;
    struct fact_author author = author_of(import);
    struct err why;
    bool changed = false;
    if (entry.source.n == 0) entry.source = import->request->source;
    err_t e = fact_append(import->db, table, &entry, &author, &changed, &why);
    if (e == E_CONFLICT || e == E_INPUT) {
        if (!db_in_transaction(import->db)) return e;
        import_reject(import, step->row, (int)column, &why);
        return OK;
    }
    if (e != OK) *err = why;
    step->changed |= changed;
    return e;
}

err_t import_step_circle(struct import_step *step, size_t column,
                         const struct circle_links *links, int64_t unit_id, int64_t node,
                         int64_t next, int32_t from_day, struct err *err)
{
    struct import *import = step->import;
    bool closes = false;
    if (step->row->rejected || !step->changed || (step->is_new && node != next)) return OK;
    err_t e = circle_closes(import->db, links, unit_id, node, next, from_day, &closes, err);
    if (e != OK || !closes) return e;
    struct err why;
    err_set(&why, E_INPUT, import->request->kind->columns[column].name,
            "“%.*s” nằm dưới chính đối tượng của dòng này: tạo thành vòng tròn",
            "\"%.*s\" lies below the thing of this row: a circle",
            STR_ARG(step->row->cells[column].text));
    err_hint(&why, "Sửa mã cấp trên, hoặc ghi trước việc đối tượng kia chuyển đi nơi khác",
             "Mend the code of what lies above, or record first where the other one goes");
    import_reject(import, step->row, (int)column, &why);
    return OK;
}

err_t import_step_column(struct import_step *step, size_t column, const char *select_sql,
                         const char *update_sql, int64_t id, int64_t unit_id, struct err *err)
{
    const struct import_cell *cell = &step->row->cells[column];
    struct db *db = step->import->db;
    struct str there;
    if (!cell->given || step->is_new) return OK;
    err_t e = db_get_text(db, &step->import->batch, select_sql, ARGS(v_i64(id), v_i64(unit_id)),
                          &there, err);
    if (e != OK || str_equal(there, cell->text)) return e;
    if (!step->import->request->correct) {
        import_step_differs(step, column, there);
        return OK;
    }
    step->changed = true;
    return db_run(db, update_sql, ARGS(v_text(cell->text), v_i64(id), v_i64(unit_id)), NULL, err);
}

void import_step_differs(struct import_step *step, size_t column, struct str there)
{
    import_reject_different(step->import, step->row, (int)column, there);
}
