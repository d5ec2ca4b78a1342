/* SPDX-License-Identifier: Apache-2.0 */
/* Stage draft of a chunk: use, terms, holds and prices become draft rows. Everything is read and
 * computed first, without a lock; then one short transaction replaces the chunk's drafts. */
#include "base/date.h"
#include "billing/run_int.h"
#include "billing/supplement.h"
#include "registry/terms_view.h"

enum draft_state { DRAFT_READY, DRAFT_HELD, DRAFT_EXCEPTION };

static const char *const state_codes[] = {"ready", "held", "exception"};

struct draft {
    struct draft *next;
    int64_t point_id, agreement_id, account_id, closing_no, version;
    enum bill_kind kind;
    enum draft_state state;
    struct str problem;
    int64_t total_wh, total_vnd;
    struct str request;
    struct str answer;
};

struct drafting {
    struct run_worker *worker;
    const struct run_row *run;
    const struct chunk *chunk;
    struct stops stops;
    struct billed_list billed;
    struct terms_scan *terms;
    struct draft *first, *last;
    /* The slot of the draft before, because a slot may get several records in one run. */
    int64_t slot_point, slot_agreement, slot_version;
    /* The supplement before: a second one of its days waits until the first is issued. */
    struct usage_row supplement;
    struct chunk_result result;
};

/* The use of a book period is what its last closing says; outside the cycle, the last word on each
 * point. */
static const char cycle_sql[] =
    "SELECT " USAGE_COLUMNS " FROM usage u "
    "WHERE unit_id = $1 AND book_id = $2 AND month = $3 AND period_no = $4 AND point_id >= $5 AND "
    "point_id <= $6 AND closing_no = $7 ORDER BY point_id, kind";
static const char single_sql[] =
    "SELECT " USAGE_COLUMNS " FROM usage u "
    "WHERE u.unit_id = $1 AND u.book_id = $2 AND u.month = $3 AND "
    "u.period_no = $4 AND u.point_id >= $5 AND u.point_id <= $6 AND u.closing_no >= $7 AND "
    "((u.kind = 'supplement' AND " USE_NOT_WITHDRAWN ") OR "
    "u.kind <> 'supplement' AND u.closing_no = (SELECT max(m.closing_no) FROM usage m WHERE "
    "m.unit_id = u.unit_id AND m.book_id = u.book_id AND m.month = u.month AND m.period_no = "
    "u.period_no AND m.point_id = u.point_id AND m.kind = u.kind)) "
    "ORDER BY u.point_id, u.kind, u.closing_no";

/* The texts of a problem as stored: the code, and behind a colon what it concerns. */
static struct str problem_stored(struct arena *arena, enum problem problem, struct str concerns)
{
    char memory[ERR_MESSAGE_BYTES + ERR_DETAIL_BYTES];
    struct buf buf;
    buf_init_fixed(&buf, memory, sizeof memory);
    buf_add(&buf, str_of(problem_text(problem)->code));
    if (concerns.n > 0) buf_add_char(&buf, ':');
    buf_add(&buf, concerns);
    return arena_str(arena, buf_str(&buf));
}

static void set_problem(struct drafting *d, struct draft *draft, enum draft_state state,
                        enum problem problem, struct str concerns)
{
    draft->state = state;
    draft->problem = problem_stored(&d->worker->arena, problem, concerns);
}

static enum problem judge_terms(const struct usage_row *usage, const struct point_terms *terms)
{
    if (terms->agreement_id == 0) return PROBLEM_NO_SUPPLY;
    if (terms->agreement_id != usage->agreement_id) return PROBLEM_OTHER_AGREEMENT;
    if (terms->account_id == 0) return PROBLEM_NO_ACCOUNT;
    return PROBLEM_NONE;
}

/* The version of a new record in its slot, counting those drafted before it in this chunk. */
static int64_t next_version(struct drafting *d, const struct usage_row *usage, int64_t free_version)
{
    bool same = d->slot_point == usage->point_id && d->slot_agreement == usage->agreement_id;
    int64_t version = same && d->slot_version >= free_version ? d->slot_version + 1 : free_version;
    d->slot_point = usage->point_id;
    d->slot_agreement = usage->agreement_id;
    d->slot_version = version;
    return version;
}

/* Spikes are of closings; the number of a supplement is none. */
static int64_t flagged_closing(const struct usage_row *usage)
{
    return usage->kind == BILL_SUPPLEMENT ? 0 : usage->closing_no;
}

static err_t rate_draft(struct drafting *d, struct usage_row *usage,
                        const struct point_terms *terms, struct draft *draft, struct err *err)
{
    struct run_worker *worker = d->worker;
    struct buf *text = &worker->text;
    buf_reset(text);
    err_t e = rater_take_readings(worker->rater, &worker->arena, terms, usage, err);
    if (e != OK) return e;
    enum problem problem = bill_request_write(text, usage, terms);
    if (problem != PROBLEM_NONE) {
        set_problem(d, draft, DRAFT_EXCEPTION, problem, S(""));
        return OK;
    }
    draft->request = arena_str(&worker->arena, buf_str(text));
    if (text->failed) return err_memory(err);
    struct rated_bill bill;
    struct err refusal = {0};
    e = usage->billed.n > 0 ? rater_rate(worker->rater, draft->request, &bill, &refusal)
                            : rater_rate_terms(worker->rater, usage, terms, &bill, &refusal);
    if (e == E_MEMORY) return err_memory(err);
    if (e != OK) {
        set_problem(d, draft, DRAFT_EXCEPTION, PROBLEM_RATING, str_of(refusal.vi.message));
        return OK;
    }
    bill.closing_no = usage->closing_no;
    bill.estimated = usage->estimated;
    buf_reset(text);
    rated_pack(text, &bill);
    if (text->failed) return err_memory(err);
    draft->answer = arena_str(&worker->arena, buf_str(text));
    draft->total_vnd = bill.total_vnd;
    struct str concerns;
    problem = stops_judge(&d->stops, usage->point_id, terms->account_id,
                          flagged_closing(usage), usage->spike, &concerns);
    if (problem != PROBLEM_NONE) set_problem(d, draft, DRAFT_HELD, problem, concerns);
    return OK;
}

static void count_draft(struct chunk_result *result, const struct draft *draft)
{
    if (draft->state == DRAFT_HELD) result->held++;
    if (draft->state == DRAFT_EXCEPTION) result->exceptions++;
    if (draft->state != DRAFT_READY) return;
    result->ready++;
    result->energy_wh += draft->total_wh;
    result->total_vnd += draft->total_vnd;
}

static err_t keep_draft(struct drafting *d, struct draft *draft, struct err *err)
{
    if (d->last == NULL) d->first = draft;
    else d->last->next = draft;
    d->last = draft;
    count_draft(&d->result, draft);
    return d->worker->arena.failed ? err_memory(err) : OK;
}

/* Puts a supplement on top of what its days were billed, then rates it. */
static err_t rate_completed(struct drafting *d, struct usage_row *usage,
                            const struct point_terms *terms, struct draft *draft,
                            struct err *err)
{
    struct bill_key slot = {d->run->unit_id, d->run->month, d->chunk->period_no,
                            d->chunk->book_id, usage->point_id, usage->agreement_id,
                            usage->kind, 0};
    const struct usage_row *before = &d->supplement;
    bool again = usage->kind == BILL_SUPPLEMENT && before->point_id == usage->point_id &&
                 before->from_day < usage->to_day && before->to_day > usage->from_day;
    enum problem problem = PROBLEM_SUPPLEMENT_EARLY;
    err_t e = again ? OK
                    : supplement_complete(d->worker->db, &d->worker->arena, &slot, usage,
                                          &problem, err);
    if (e != OK) return e;
    if (usage->kind == BILL_SUPPLEMENT) d->supplement = *usage;
    if (problem == PROBLEM_NONE) return rate_draft(d, usage, terms, draft, err);
    set_problem(d, draft, DRAFT_EXCEPTION, problem, S(""));
    return OK;
}

static err_t draft_usage(struct drafting *d, struct usage_row *usage, struct err *err)
{
    int64_t version;
    if (billed_already(&d->billed, usage, &version)) return OK;
    struct draft *draft = ARENA_NEW(&d->worker->arena, struct draft);
    if (draft == NULL) return err_memory(err);
    *draft = (struct draft){.point_id = usage->point_id, .agreement_id = usage->agreement_id,
                            .closing_no = usage->closing_no, .kind = usage->kind,
                            .total_wh = usage->total_wh,
                            .version = next_version(d, usage, version), .request = S(""),
                            .problem = S("")};
    if (usage->from_day >= usage->to_day) {
        set_problem(d, draft, DRAFT_EXCEPTION, PROBLEM_NO_DAYS, S(""));
        return keep_draft(d, draft, err);
    }
    struct point_terms terms = {0};
    struct err refusal = {0};
    err_t e = terms_of(d->terms, usage->point_id, usage->from_day, usage->to_day, &terms,
                       &refusal);
    if (e == E_INPUT) {
        set_problem(d, draft, DRAFT_EXCEPTION, PROBLEM_TERMS, str_of(refusal.vi.message));
        return keep_draft(d, draft, err);
    }
    if (e != OK) {
        *err = refusal;
        return e;
    }
    enum problem problem = judge_terms(usage, &terms);
    draft->account_id = terms.account_id;
    if (problem != PROBLEM_NONE) set_problem(d, draft, DRAFT_EXCEPTION, problem, S(""));
    else e = rate_completed(d, usage, &terms, draft, err);
    return e != OK ? e : keep_draft(d, draft, err);
}

static err_t draft_rows(struct drafting *d, struct err *err)
{
    struct db *db = d->worker->db;
    AUTO(rows_done_at) struct rows *rows = NULL;
    const char *sql = d->chunk->period_no == 0 ? single_sql : cycle_sql;
    err_t e = db_query(db, sql,
                       ARGS(v_i64(d->run->unit_id), v_i64(d->chunk->book_id),
                            v_i64(d->run->month), v_i64(d->chunk->period_no),
                            v_i64(d->chunk->first_point), v_i64(d->chunk->last_point),
                            v_i64(d->chunk->closing_no)),
                       &rows, err);
    for (bool more = true; e == OK;) {
        e = rows_next(rows, &more, err);
        if (e != OK || !more) break;
        struct usage_row usage = usage_read(rows);
        e = draft_usage(d, &usage, err);
    }
    return e;
}

/* Everything a chunk follows from is read in one snapshot. */
static err_t compute(struct drafting *d, struct err *err)
{
    struct run_worker *worker = d->worker;
    err_t e = db_begin_read(worker->db, err);
    if (e != OK) return e;
    e = stops_load(worker->db, &worker->arena, d->run, d->chunk, &d->stops, err);
    if (e == OK)
        e = billed_load(worker->db, &worker->arena, d->run->unit_id, d->run->month, d->chunk,
                        &d->billed, err);
    if (e == OK)
        e = terms_scan_open(worker->db, d->run->unit_id, d->chunk->first_point,
                            d->chunk->last_point, d->run->known_at_ms, &d->terms, err);
    if (e == OK) {
        e = draft_rows(d, err);
        terms_scan_close(d->terms);
    }
    if (e == OK) e = db_commit(worker->db, err);
    if (e != OK) db_rollback(worker->db);
    return e;
}

static err_t clear_range(struct drafting *d, struct err *err)
{
    return db_run(d->worker->db,
                  "DELETE FROM bill_draft WHERE unit_id = $1 AND month = $2 AND period_no = $3 "
                  "AND book_id = $4 AND point_id >= $5 AND point_id <= $6 AND "
                  "kind IN ('periodic', 'final', 'supplement')",
                  ARGS(v_i64(d->run->unit_id), v_i64(d->run->month),
                       v_i64(d->chunk->period_no), v_i64(d->chunk->book_id),
                       v_i64(d->chunk->first_point), v_i64(d->chunk->last_point)),
                  NULL, err);
}

static err_t insert_draft(struct drafting *d, struct bulk *bulk, const struct draft *draft,
                          struct err *err)
{
    bool exception = draft->state == DRAFT_EXCEPTION;
    return bulk_row(bulk,
                    ARGS(v_i64(d->run->unit_id), v_i64(d->run->month),
                         v_i64(d->chunk->period_no), v_i64(d->chunk->book_id),
                         v_i64(draft->point_id), v_i64(draft->agreement_id),
                         v_text(bill_kind_code(draft->kind)), v_i64(draft->version),
                         v_i64(d->run->run_id), v_i64(draft->account_id),
                         v_i64(draft->closing_no), v_text(str_of(state_codes[draft->state])),
                         v_text_or_null(draft->problem), v_i64(draft->total_wh),
                         v_i64(draft->total_vnd), v_text(draft->request),
                         exception ? v_null() : v_blob(draft->answer)),
                    err);
}

static err_t insert_drafts(struct drafting *d, struct err *err)
{
    struct bulk *bulk;
    err_t e = bulk_open(d->worker->db, "bill_draft",
                        "unit_id, month, period_no, book_id, point_id, agreement_id, kind, "
                        "version, run_id, account_id, closing_no, state, problem, total_wh, "
                        "total_vnd, request, answer",
                        &bulk, err);
    if (e != OK) return e;
    for (const struct draft *draft = d->first; draft != NULL && e == OK; draft = draft->next)
        e = insert_draft(d, bulk, draft, err);
    if (e == OK) return bulk_close(bulk, err);
    bulk_drop(bulk);
    return e;
}

err_t chunk_draft(struct run_worker *worker, const struct run_row *run,
                  const struct chunk *chunk, chunk_guard *guard, void *context,
                  struct chunk_result *out, struct err *err)
{
    arena_reset(&worker->arena);
    struct drafting d = {.worker = worker, .run = run, .chunk = chunk};
    err_t e = compute(&d, err);
    if (e == OK) e = db_begin(worker->db, err);
    if (e == OK) e = clear_range(&d, err);
    if (e == OK) e = insert_drafts(&d, err);
    if (e == OK) e = guard(context, &d.result, err);
    if (e == OK) e = db_commit(worker->db, err);
    if (e != OK) {
        db_rollback(worker->db);
        return e;
    }
    *out = d.result;
    return OK;
}

err_t chunk_preview(struct run_worker *worker, const struct run_row *run,
                    const struct chunk *chunk, preview_visit *visit, void *context,
                    struct err *err)
{
    arena_reset(&worker->arena);
    struct drafting d = {.worker = worker, .run = run, .chunk = chunk};
    err_t e = compute(&d, err);
    for (const struct draft *draft = d.first; draft != NULL && e == OK; draft = draft->next) {
        struct preview preview = {
            .key = {run->unit_id, run->month, chunk->period_no, chunk->book_id, draft->point_id,
                    draft->agreement_id, draft->kind, draft->version},
            .state = str_of(state_codes[draft->state]), .problem = draft->problem,
            .total_wh = draft->total_wh, .total_vnd = draft->total_vnd,
            .request = draft->request};
        e = visit(context, &preview, err);
    }
    return e;
}
