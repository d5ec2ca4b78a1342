/* SPDX-License-Identifier: Apache-2.0 */
#include "network/unit_list.h"

#include "store/store.h"

enum { SHOWN_BYTES = 40 };

static err_t refuse_unknown(struct str code, struct err *err)
{
    err_set(err, E_NOT_FOUND, "unit", "Không có đơn vị %.*s", "There is no unit %.*s",
            STR_ARG(str_first(code, SHOWN_BYTES)));
    return err_hint(err, "Kiểm tra mã; nhập đơn vị mới bằng: sangden import units TỆP",
                    "Check the code; import a new unit with: sangden import units FILE");
}

err_t unit_require(struct db *db, struct str code, int64_t *out_unit_id, struct err *err)
{
    err_t e = db_get_i64(db, "SELECT unit_id FROM unit WHERE code = $1", ARGS(v_text(code)),
                         out_unit_id, err);
    return e == E_NOT_FOUND ? refuse_unknown(code, err) : e;
}

err_t unit_known(struct db *db, struct str code, struct err *err)
{
    int64_t unit_id;
    return code.n == 0 ? OK : unit_require(db, code, &unit_id, err);
}

err_t unit_list_load(struct db *db, struct arena *arena, struct str code, struct unit_list *out,
                     struct err *err)
{
    int64_t most = 0;
    struct unit_list list = {0};
    err_t e = unit_known(db, code, err);
    if (e == OK) e = db_get_i64(db, "SELECT count(*) FROM unit", NO_ARGS, &most, err);
    if (e != OK) return e;
    list.items = ARENA_ARRAY(arena, struct unit_ref, (size_t)most);
    if (list.items == NULL) return err_memory(err);
    AUTO(rows_done_at) struct rows *rows = NULL;
    e = db_query(db,
                 "SELECT unit_id, code, name FROM unit WHERE $1 = '' OR code = $2 ORDER BY unit_id",
                 ARGS(v_text(code), v_text(code)), &rows, err);
    for (bool more = true; e == OK && list.count < (size_t)most;) {
        e = rows_next(rows, &more, err);
        if (e != OK || !more) break;
        list.items[list.count++] = (struct unit_ref){.unit_id = row_i64(rows, 0),
                                                     .code = arena_str(arena, row_text(rows, 1)),
                                                     .name = arena_str(arena, row_text(rows, 2))};
    }
    if (e == OK && arena->failed) e = err_memory(err);
    if (e == OK) *out = list;
    return e;
}

bool unit_list_has(const struct unit_list *units, int64_t unit_id)
{
    for (size_t i = 0; i < units->count; i++)
        if (units->items[i].unit_id == unit_id) return true;
    return false;
}
