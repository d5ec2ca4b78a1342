/* SPDX-License-Identifier: Apache-2.0 */
#include "app/unit_call.h"

#include "store/store.h"

err_t call_unit(struct call *call, struct str code, int64_t *out_unit_id)
{
    struct db *db;
    err_t e = call_db(call, &db);
    if (e == OK)
        e = db_get_i64(db, "SELECT unit_id FROM unit WHERE code = $1", ARGS(v_text(code)),
                       out_unit_id, call->err);
    if (e != E_NOT_FOUND) return e;
    err_set(call->err, E_NOT_FOUND, "unit", "Không có đơn vị %.*s", "There is no unit %.*s",
            STR_ARG(code));
    return err_hint(call->err, "Nhập đơn vị bằng: sangden import units TỆP",
                    "Import units with: sangden import units FILE");
}
