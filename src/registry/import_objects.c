/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/import_objects.h"

#include <stdlib.h>

#include "registry/search_words.h"
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
    return arena->failed ? err_memory(err)
                         : import_take_turns(import, rows, count, things->unit_ids, err);
}

err_t import_take_turns(struct import *import, const struct import_row *rows, size_t count,
                        const int64_t *unit_ids, struct err *err)
{
    int64_t moment_ms, last = -1;
    err_t e = OK;
    for (size_t i = 0; e == OK && i < count; i++) {
        if (rows[i].rejected || unit_ids[i] == last) continue;
        last = unit_ids[i];
        e = import_moment(import, last, &moment_ms, err);
    }
    return e;
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

err_t import_things_find(struct import_things *things, struct import *import,
                         struct import_row *rows, size_t count, int unit_column,
                         size_t key_column, const struct import_reference *reference,
                         const struct import_compared *compared, struct str series,
                         struct err *err)
{
    err_t e = import_things_init(things, import, rows, count, unit_column, err);
    if (e == OK)
        e = import_look_up(import, rows, count, key_column, reference, things->unit_ids,
                           things->targets, err);
    if (e != OK) return e;
    import_things_known(things, import, rows, count, key_column);
    if (compared != NULL)
        e = import_compare(import, rows, count, compared, things->unit_ids, things->ids,
                           things->differs, err);
    if (e != OK) return e;
    return import_number(import, rows, count, series, things->unit_ids, things->ids,
                         things->is_new, err);
}

/* ---- facts of things --------------------------------------------------------------------- */

err_t import_things_fact(const struct import_things *things, struct import_facts *facts, size_t i,
                         const struct fact_kind *kind, size_t column, struct str from,
                         struct fact_value value, struct err *err)
{
    return import_facts_add(facts,
                            (struct import_fact){.unit_id = things->unit_ids[i],
                                                 .subject_id = things->ids[i],
                                                 .kind = kind->name,
                                                 .valid_from = from,
                                                 .value = value,
                                                 .row = (uint32_t)i,
                                                 .column = (int)column,
                                                 .exists = !things->is_new[i]},
                            err);
}

err_t import_things_refer(const struct import_things *things, struct import_facts *facts,
                          size_t i, const struct fact_kind *kind, size_t column, struct str from,
                          int64_t id, struct err *err)
{
    if (id == 0) return OK;
    return import_things_fact(things, facts, i, kind, column, from, import_ref_value(id), err);
}

err_t import_things_plain(const struct import_things *things, struct import_facts *facts,
                          const struct import_row *rows, size_t i,
                          const struct import_plain *plain, size_t plain_count, struct str from,
                          struct err *err)
{
    const struct import_column *columns = facts->import->request->kind->columns;
    err_t e = OK;
    for (size_t k = 0; e == OK && k < plain_count; k++) {
        const struct import_cell *cell = &rows[i].cells[plain[k].column];
        if (cell->given)
            e = import_things_fact(things, facts, i, plain[k].kind, plain[k].column, from,
                                   import_cell_value(&columns[plain[k].column], cell), err);
    }
    return e;
}

/* ---- things and their directory ---------------------------------------------------------- */

err_t import_pair_open(struct import *import, const char *table, const char *columns,
                       const char *directory, const char *directory_columns,
                       struct import_pair *out, struct err *err)
{
    *out = (struct import_pair){NULL, NULL};
    err_t e = bulk_open(import->db, table, columns, &out->thing, err);
    if (e != OK) return e;
    return bulk_open(import->db, directory, directory_columns, &out->directory, err);
}

err_t import_pair_close(struct import_pair *pair, err_t so_far, struct err *err)
{
    struct bulk **both[] = {&pair->thing, &pair->directory};
    for (size_t i = 0; i < ARRAY_COUNT(both); i++) {
        if (so_far == OK) so_far = bulk_close(*both[i], err);
        else bulk_drop(*both[i]);
        *both[i] = NULL;
    }
    return so_far;
}

err_t import_account_open(struct import *import, struct import_pair *out, struct err *err)
{
    *out = (struct import_pair){0};
    err_t e = bulk_open(import->db, "account", "unit_id, account_id, code, created_at",
                        &out->thing, err);
    return e == OK ? search_bulk_open(import->db, &out->directory, err) : e;
}

err_t import_account_row(struct import *import, const struct import_pair *pair, int64_t unit_id,
                         int64_t account_id, struct str code, struct err *err)
{
    struct search_entry entry = {SEARCH_account, code, unit_id, account_id};
    err_t e = bulk_row(pair->thing,
                       ARGS(v_i64(unit_id), v_i64(account_id), v_text(code),
                            v_i64(import->request->now_ms)),
                       err);
    return e == OK ? search_bulk_enter(pair->directory, &import->batch, &entry, err) : e;
}
