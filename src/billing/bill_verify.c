/* SPDX-License-Identifier: Apache-2.0 */
#include "billing/bill_verify.h"

#include "billing/plan_int.h"
#include "billing/recompute.h"

struct verifying {
    struct db *db;
    struct recompute recompute;
    struct arena arena;
    verify_differs *differs;
    void *context;
    struct verify_counts counts;
};

static void report(struct verifying *v, const struct bill_row *row,
                   const struct rated_bill *computed, const struct err *why)
{
    if (computed != NULL) v->counts.different++;
    else v->counts.refused++;
    if (v->differs != NULL) v->differs(v->context, row, computed, why);
}

static err_t verify_one(void *context, const struct bill_row *row, struct err *err)
{
    struct verifying *v = context;
    if (str_equal(row->origin, S("earlier"))) {
        v->counts.earlier++;
        return OK;
    }
    struct rated_bill stored, computed;
    struct err why = {0};
    arena_reset(&v->arena);
    err_t e = bill_rated(v->db, &v->arena, row, &stored, err);
    if (e != OK) return e;
    e = recompute_bill(&v->recompute, &v->arena, row->request, row->price_book, &computed, &why);
    if (e == E_NOT_FOUND || err_of_machine(e)) {
        *err = why;
        return e;
    }
    if (e != OK) report(v, row, NULL, &why);
    else if (!rated_equal(&stored, &computed)) report(v, row, &computed, NULL);
    else v->counts.same++;
    return OK;
}

err_t bill_verify(struct db *db, const struct bill_filter *filter, verify_differs *differs,
                  void *context, struct verify_counts *out, struct err *err)
{
    struct verifying v = {.db = db, .differs = differs, .context = context};
    arena_init(&v.arena, PLAN_ARENA_BYTES);
    recompute_init(&v.recompute, db);
    err_t e = db_begin_read(db, err);
    if (e == OK) {
        e = bill_each(db, filter, verify_one, &v, err);
        db_rollback(db);
    }
    recompute_release(&v.recompute);
    arena_release(&v.arena);
    if (e == OK) *out = v.counts;
    return e;
}
