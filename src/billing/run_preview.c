/* SPDX-License-Identifier: Apache-2.0 */
/* What a run would draft, for one book or one point, computed without writing anything. */
#include "billing/plan_int.h"
#include "billing/price_books.h"
#include "registry/registry_view.h"

static err_t preview_book(struct run_worker *worker, const struct run_row *run,
                          const struct book_due *due, int64_t point_id, preview_visit *visit,
                          void *context, struct err *err)
{
    struct chunk chunk = {.book_id = due->book_id, .period_no = due->period_no,
                          .closing_no = due->closing_no,
                          .first_point = point_id == 0 ? INT64_MIN : point_id,
                          .last_point = point_id == 0 ? INT64_MAX : point_id};
    return chunk_preview(worker, run, &chunk, visit, context, err);
}

static err_t preview_unit(struct run_worker *worker, const struct run_order *order,
                          const struct unit_ref *unit, int64_t point_id, preview_visit *visit,
                          void *context, struct err *err)
{
    struct arena arena;
    arena_init(&arena, PLAN_ARENA_BYTES);
    struct due_list due = {0};
    struct run_row run = {.unit_id = unit->unit_id, .month = order->month,
                          .known_at_ms = KNOWN_NOW};
    err_t e = due_load(worker->db, &arena, order, unit->unit_id, &due, err);
    for (size_t i = 0; i < due.count && e == OK; i++)
        e = preview_book(worker, &run, &due.items[i], point_id, visit, context, err);
    arena_release(&arena);
    return e;
}

err_t run_preview(struct db *db, const struct run_order *order, int64_t point_id,
                  preview_visit *visit, void *context, struct err *err)
{
    struct arena arena;
    arena_init(&arena, PLAN_ARENA_BYTES + CHUNK_MEMORY_BYTES);
    struct run_worker worker;
    struct unit_list units = {0};
    const struct price_book *book;
    run_worker_init(&worker, db);
    err_t e = price_book_current(db, &arena, &book, err);
    if (e == OK) e = rater_with_book(book, &worker.rater, err);
    if (e == OK) e = unit_list_load(db, &arena, order->unit_code, &units, err);
    for (size_t i = 0; i < units.count && e == OK; i++)
        e = preview_unit(&worker, order, &units.items[i], point_id, visit, context, err);
    run_worker_release(&worker);
    arena_release(&arena);
    return e;
}
