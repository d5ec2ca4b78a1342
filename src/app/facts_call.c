/* SPDX-License-Identifier: Apache-2.0 */
#include "app/facts_call.h"

#include "app/environment.h"
#include "app/reading_call.h"
#include "identity/mask.h"

struct facts_options call_facts_options(const struct call *call)
{
    return (struct facts_options){.photo_folder = S("var/photos"), .portal = environment_portal(),
                                  .demonstration = call->demonstration};
}

struct str call_masked(struct arena *arena, void (*mask)(struct buf *out, struct str text),
                       struct str text)
{
    char memory[1024];
    struct buf out;
    buf_init_fixed(&out, memory, sizeof memory);
    buf_add(&out, S(""));
    mask(&out, text);
    return out.failed ? S("") : arena_str(arena, buf_str(&out));
}

static void mask_person(struct arena *arena, struct facts_person *person)
{
    person->name = call_masked(arena, mask_name, person->name);
    person->tax_code = call_masked(arena, mask_phone, person->tax_code);
    person->address = call_masked(arena, mask_address, person->address);
}

err_t call_mask_facts(const struct call *call, struct db *db, struct arena *arena,
                      struct bill_facts *facts, struct err *err)
{
    bool names = false;
    err_t e = call_sees_names(call, db, facts->row.key.unit_id, &names, err);
    if (e != OK || names) return e;
    mask_person(arena, &facts->customer);
    mask_person(arena, &facts->receiver);
    return arena->failed ? err_memory(err) : OK;
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
    if (e == OK) e = call_mask_facts(call, db, call->arena, out, call->err);
    return e;
}
