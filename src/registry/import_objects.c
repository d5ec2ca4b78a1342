/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/import_objects.h"

#include <stdlib.h>

#include "store/store.h"

struct known_row {
    int64_t unit_id;
    int64_t id;
    size_t row;
};

static int compare_known(const void *left, const void *right)
{
    const struct known_row *a = left, *b = right;
    if (a->unit_id != b->unit_id) return a->unit_id < b->unit_id ? -1 : 1;
    return a->id == b->id ? 0 : a->id < b->id ? -1 : 1;
}

static bool cell_is(const struct import_cell *cell, struct value there)
{
    if (!cell->given) return true;
    if (there.type == VALUE_NULL) return false;
    if (there.type == VALUE_TEXT) return str_equal(there.str, cell->text);
    return there.i64 == cell->i64;
}

static struct str words_of(struct arena *arena, struct value value)
{
    if (value.type == VALUE_TEXT) return arena_str(arena, value.str);
    if (value.type == VALUE_NULL) return S("-");
    char memory[32];
    struct buf number;
    buf_init_fixed(&number, memory, sizeof memory);
    buf_add_i64(&number, value.i64);
    return arena_str(arena, buf_str(&number));
}

static void compare_row(struct import *import, struct import_row *row,
                        const struct import_compared *compared, const struct rows *found,
                        bool *differs)
{
    for (size_t i = 0; i < compared->column_count; i++) {
        size_t column = compared->columns[i];
        struct value there = row_value(found, (int)i + 1);
        if (cell_is(&row->cells[column], there)) continue;
        if (import->request->correct) *differs = true;
        else import_reject_different(import, row, (int)column, words_of(&import->batch, there));
    }
}

/* Asks for some known rows of one unit, all in rising order of their id. */
static err_t compare_some(struct import *import, struct import_row *rows,
                          const struct import_compared *compared, const struct known_row *known,
                          size_t count, bool *differs, struct err *err)
{
    struct value values[IMPORT_CODES_COUNT + 1];
    for (size_t i = 0; i < IMPORT_CODES_COUNT; i++)
        values[i] = i < count ? v_i64(known[i].id) : v_null();
    values[IMPORT_CODES_COUNT] = v_i64(known[0].unit_id);
    AUTO(rows_done_at) struct rows *found = NULL;
    err_t e = db_query(import->db, compared->sql, (struct args){values, IMPORT_CODES_COUNT + 1},
                       &found, err);
    bool row = true;
    while (e == OK && (e = rows_next(found, &row, err)) == OK && row) {
        struct known_row key = {known[0].unit_id, row_i64(found, 0), 0};
        const struct known_row *at = bsearch(&key, known, count, sizeof *known, compare_known);
        if (at != NULL) compare_row(import, &rows[at->row], compared, found, &differs[at->row]);
    }
    return e;
}

err_t import_compare(struct import *import, struct import_row *rows, size_t count,
                     const struct import_compared *compared, const int64_t *unit_ids,
                     const int64_t *ids, bool *differs, struct err *err)
{
    struct known_row *known = ARENA_ARRAY(&import->batch, struct known_row, count);
    if (known == NULL) return err_memory(err);
    size_t known_count = 0;
    for (size_t i = 0; i < count; i++)
        if (!rows[i].rejected && ids[i] != 0)
            known[known_count++] = (struct known_row){unit_ids[i], ids[i], i};
    if (known_count == 0) return OK;
    qsort(known, known_count, sizeof *known, compare_known);
    err_t e = OK;
    for (size_t from = 0, to = 0; e == OK && from < known_count; from = to) {
        while (to < known_count && to - from < IMPORT_CODES_COUNT &&
               known[to].unit_id == known[from].unit_id)
            to++;
        e = compare_some(import, rows, compared, &known[from], to - from, differs, err);
    }
    return e;
}

err_t import_number(struct import *import, const struct import_row *rows, size_t count,
                    struct str series, const int64_t *unit_ids, int64_t *ids, bool *is_new,
                    struct err *err)
{
    for (size_t i = 0; i < count; i++) {
        if (rows[i].rejected || ids[i] != 0) continue;
        int64_t wanted = 0, first = 0;
        for (size_t j = i; j < count; j++)
            wanted += !rows[j].rejected && ids[j] == 0 && unit_ids[j] == unit_ids[i];
        err_t e = store_take_numbers(import->db, unit_ids[i], series, wanted, &first, err);
        if (e != OK) return e;
        int64_t unit_id = unit_ids[i];
        for (size_t j = i; j < count; j++) {
            if (rows[j].rejected || ids[j] != 0 || unit_ids[j] != unit_id) continue;
            ids[j] = first++;
            is_new[j] = true;
        }
    }
    return OK;
}

int64_t *import_units_of(struct import *import, struct import_row *rows, size_t count, int column)
{
    int64_t *unit_ids = ARENA_ARRAY(&import->batch, int64_t, count);
    for (size_t i = 0; unit_ids != NULL && i < count; i++)
        (void)import_unit_of(import, &rows[i], column, &unit_ids[i]);
    return unit_ids;
}

err_t import_things_init(struct import_things *things, struct import *import,
                         struct import_row *rows, size_t count, int unit_column, struct err *err)
{
    struct arena *arena = &import->batch;
    *things = (struct import_things){
        .unit_ids = import_units_of(import, rows, count, unit_column),
        .targets = ARENA_ARRAY(arena, struct import_target, count),
        .ids = ARENA_ARRAY(arena, int64_t, count),
        .is_new = ARENA_ARRAY(arena, bool, count),
        .changed = ARENA_ARRAY(arena, bool, count),
        .differs = ARENA_ARRAY(arena, bool, count),
    };
    return arena->failed ? err_memory(err) : OK;
}

void import_things_known(struct import_things *things, struct import *import,
                         struct import_row *rows, size_t count, size_t key_column)
{
    for (size_t i = 0; i < count; i++) {
        if (rows[i].rejected) continue;
        things->ids[i] = things->targets[i].id;
        if (things->ids[i] == 0 || things->targets[i].unit_id == things->unit_ids[i]) continue;
        struct err why;
        err_set(&why, E_CONFLICT, import->request->kind->columns[key_column].name,
                "“%.*s” đã có ở đơn vị khác", "\"%.*s\" is there already, in another unit",
                STR_ARG(rows[i].cells[key_column].text));
        err_hint(&why, "Dùng lệnh customer move để chuyển khách hàng, hoặc sửa mã",
                 "Use the command customer move, or mend the code");
        import_reject(import, &rows[i], (int)key_column, &why);
    }
}

void import_count(struct import *import, const struct import_row *rows, size_t count,
                  const bool *is_new, const bool *changed)
{
    for (size_t i = 0; i < count; i++) {
        if (rows[i].rejected) continue;
        if (is_new != NULL && is_new[i]) import->counts.added++;
        else if (changed != NULL && changed[i]) import->counts.changed++;
        else import->counts.unchanged++;
    }
}

struct value import_text_or_null(const struct import_cell *cell)
{
    return cell->given ? v_text(cell->text) : v_null();
}
