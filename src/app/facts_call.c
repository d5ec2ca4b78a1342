/* SPDX-License-Identifier: Apache-2.0 */
#include "app/facts_call.h"

#include "app/environment.h"

struct facts_options call_facts_options(const struct call *call)
{
    return (struct facts_options){.photo_folder = S("var/photos"), .portal = environment_portal(),
                                  .demonstration = call->demonstration};
}

err_t call_bill_facts(struct call *call, struct str number, struct bill_facts *out)
{
    struct db *db;
    struct facts_source *source;
    err_t e = call_db(call, &db);
    if (e != OK) return e;
    struct facts_options options = call_facts_options(call);
    e = facts_source_open(db, &options, &source, call->err);
    if (e != OK) return e;
    e = bill_facts_load(source, call->arena, number, out, call->err);
    facts_source_close(source);
    return e;
}
