/* SPDX-License-Identifier: Apache-2.0 */
#include "app/unit_call.h"

#include "network/unit_list.h"

err_t call_unit(struct call *call, struct str code, int64_t *out_unit_id)
{
    struct db *db;
    err_t e = call_db(call, &db);
    return e == OK ? unit_require(db, code, out_unit_id, call->err) : e;
}
