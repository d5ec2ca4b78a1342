/* SPDX-License-Identifier: Apache-2.0 */
/* A worker of a run: takes chunks until all are done, by whomever. */
#include <time.h>

#include "base/clock.h"
#include "billing/plan_int.h"
#include "store/work.h"

enum { IDLE_MS = 50, ITEM_ARENA_BYTES = 1024 * 1024, NS_PER_MS = 1000000 };

void run_worker_init(struct run_worker *worker, struct db *db)
{
    *worker = (struct run_worker){.db = db};
    arena_init(&worker->arena, CHUNK_MEMORY_BYTES);
    buf_init(&worker->text, CHUNK_TEXT_BYTES);
}

void run_worker_release(struct run_worker *worker)
{
    rater_free(worker->rater);
    buf_release(&worker->text);
    arena_release(&worker->arena);
}

struct loop {
    struct db *db;
    const struct run_ticket *ticket;
    int64_t lease_ms;
    struct run_worker worker;
    struct arena item_arena;
    struct run_row run; /* of the last chunk */
    bool run_loaded;    /* and its rater is there */
    err_t set_aside;    /* first error of a chunk that cannot be done */
    struct err set_aside_err;
};

/* What the chunk's transaction ends with. */
struct finishing {
    struct db *db;
    const struct run_row *run;
    enum run_stage stage;
    int64_t attempt, chunk_no;
    const struct work_item *item;
};

static err_t finish_chunk(void *context, const struct chunk_result *result, struct err *err)
{
    const struct finishing *f = context;
    err_t e = db_run(f->db,
                     "UPDATE bill_chunk SET done = 1, ready = $1, held = $2, exceptions = $3, "
                     "energy_wh = $4, total_vnd = $5 WHERE unit_id = $6 AND run_id = $7 AND "
                     "stage = $8 AND attempt = $9 AND chunk_no = $10",
                     ARGS(v_i64(result->ready), v_i64(result->held), v_i64(result->exceptions),
                          v_i64(result->energy_wh), v_i64(result->total_vnd),
                          v_i64(f->run->unit_id), v_i64(f->run->run_id),
                          v_text(run_stage_code(f->stage)), v_i64(f->attempt),
                          v_i64(f->chunk_no)),
                     NULL, err);
    return e != OK ? e : work_finish(f->db, f->item, err);
}

/* The run's row is the same for all chunks of a unit and attempt; the rater keeps its book. */
static err_t prepare(struct loop *loop, const struct work_item *item, int64_t attempt,
                     struct err *err)
{
    bool issue = loop->ticket->issue;
    int64_t known = issue ? loop->run.issue_attempt : loop->run.attempt;
    if (loop->run_loaded && loop->run.unit_id == item->unit_id && known == attempt) return OK;
    loop->run_loaded = false;
    err_t e = run_load(loop->db, item->unit_id, loop->ticket->run_id, &loop->run, err);
    if (e != OK) return e;
    struct rater *rater = loop->worker.rater;
    if (rater == NULL || !str_equal(rater_hash(rater), str_of(loop->run.price_book))) {
        rater_free(rater);
        loop->worker.rater = NULL;
        e = rater_new(loop->db, str_of(loop->run.price_book), &loop->worker.rater, err);
    }
    loop->run_loaded = e == OK;
    return e;
}

static err_t do_item(struct loop *loop, const struct work_item *item, int64_t *out_bills,
                     struct err *err)
{
    enum run_stage stage = loop->ticket->issue ? STAGE_ISSUE : STAGE_DRAFT;
    int64_t attempt = item->item_no / ITEM_ATTEMPT, chunk_no = item->item_no % ITEM_ATTEMPT;
    struct chunk chunk;
    struct chunk_result result;
    err_t e = prepare(loop, item, attempt, err);
    if (e == OK) e = chunk_load(loop->db, &loop->run, stage, attempt, chunk_no, &chunk, err);
    if (e != OK) return e;
    struct finishing finishing = {loop->db, &loop->run, stage, attempt, chunk_no, item};
    e = stage == STAGE_DRAFT
            ? chunk_draft(&loop->worker, &loop->run, &chunk, finish_chunk, &finishing, &result,
                          err)
            : chunk_issue(&loop->worker, &loop->run, &chunk, finish_chunk, &finishing, &result,
                          err);
    if (e == OK) *out_bills = chunk.bill_count;
    return e;
}

static err_t set_aside(struct loop *loop, const struct work_item *item, err_t e, struct err *err)
{
    struct err why = *err;
    err_t aside = work_set_aside(loop->db, item, err);
    /* Who took it over says what becomes of it. */
    if (aside == E_LOST) return OK;
    if (aside == OK && loop->set_aside == OK) {
        loop->set_aside = e;
        loop->set_aside_err = why;
    }
    return aside;
}

static err_t one_item(struct loop *loop, const struct work_item *item, run_told *told,
                      void *context, bool *out_go_on, struct err *err)
{
    int64_t bills = 0;
    err_t e = do_item(loop, item, &bills, err);
    if (e == OK) *out_go_on = told == NULL || told(context, bills);
    if (e == OK || e == E_LOST) return OK;
    /* What is wrong with the chunk itself must not stop the others. */
    if (!err_of_machine(e)) return set_aside(loop, item, e, err);
    struct err ignored;
    err_t back = work_give_back(loop->db, item, &ignored);
    (void)back; /* a lease that runs out gives it back too */
    return e;
}

/* Others may still be at work; what they leave when they die is taken up here. */
static err_t wait_for_others(struct loop *loop, bool *out_done, struct err *err)
{
    struct work_counts counts;
    err_t e = work_count(loop->db, str_of(loop->ticket->queue), &counts, err);
    if (e != OK) return e;
    *out_done = counts.open + counts.taken == 0;
    if (*out_done) return OK;
    struct timespec pause = {0, IDLE_MS * NS_PER_MS};
    nanosleep(&pause, NULL);
    return work_free_dead(loop->db, str_of(loop->ticket->queue), err);
}

static err_t work_loop(struct loop *loop, run_told *told, void *context, struct err *err)
{
    bool go_on = true, done = false;
    err_t e = OK;
    while (e == OK && go_on && !done) {
        struct work_item item;
        bool found = false;
        arena_reset(&loop->item_arena);
        e = work_take_any(loop->db, str_of(loop->ticket->queue), loop->lease_ms,
                          &loop->item_arena, &found, &item, err);
        if (e != OK) break;
        if (found) e = one_item(loop, &item, told, context, &go_on, err);
        else {
            e = wait_for_others(loop, &done, err);
            if (e == OK && !done) go_on = told == NULL || told(context, 0);
        }
    }
    return e;
}

err_t run_work(struct db *db, const struct run_ticket *ticket, int64_t lease_ms, run_told *told,
               void *context, struct err *err)
{
    struct loop loop = {.db = db, .ticket = ticket, .lease_ms = lease_ms};
    run_worker_init(&loop.worker, db);
    arena_init(&loop.item_arena, ITEM_ARENA_BYTES);
    err_t e = work_free_dead(db, str_of(ticket->queue), err);
    if (e == OK) e = work_loop(&loop, told, context, err);
    arena_release(&loop.item_arena);
    run_worker_release(&loop.worker);
    if (e != OK || loop.set_aside == OK) return e;
    *err = loop.set_aside_err;
    return loop.set_aside;
}
