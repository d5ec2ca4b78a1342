/* SPDX-License-Identifier: Apache-2.0 */
#include "app/partner_call.h"

err_t partner_call_begin(struct call *call, struct db **out_db, struct actor *out)
{
    err_t e = call_db(call, out_db);
    if (e == OK) e = call_actor(call, out);
    return e == OK ? db_begin(*out_db, call->err) : e;
}

err_t partner_call_end(struct call *call, struct db *db, err_t e)
{
    if (e == OK) e = db_commit(db, call->err);
    if (e != OK) {
        db_rollback(db);
        buf_reset(call->out);
    }
    return e;
}

void partner_call_say(struct call *call, const char *vi, const char *en, struct str what)
{
    if (call->json) buf_add(call->out, S("{\"recorded\":true}\n"));
    else call_say(call, vi, en, what);
}
