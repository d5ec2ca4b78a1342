/* SPDX-License-Identifier: Apache-2.0 */
#include "billing/errand.h"

#include "base/clock.h"
#include "base/date.h"
#include "billing/plan_int.h"

enum { ERRAND_ARENA_BYTES = 256 * 1024, NS_PER_MS = 1000000 };

static const struct str states[] = {S_INIT("asked"), S_INIT("working"), S_INIT("done"),
                                    S_INIT("refused")};

enum errand_state errand_state_of(struct str word)
{
    size_t i = 0;
    while (i + 1 < ARRAY_COUNT(states) && !str_equal(word, states[i])) i++;
    return (enum errand_state)i;
}

#define ERRAND_COLUMNS \
    "SELECT unit_id, errand_no, stage, month, run_id, state, actor_id, ordered_at, ended_at, " \
    "reason_vi, reason_en, remedy_vi, remedy_en FROM bill_errand "

static err_t read_errand(struct rows *rows, struct arena *arena, bool *out_found,
                         struct errand *out, struct err *err)
{
    err_t e = rows_next(rows, out_found, err);
    if (e != OK || !*out_found) return e;
    *out = (struct errand){.unit_id = row_i64(rows, 0),
                           .errand_no = row_i64(rows, 1),
                           .issue = str_equal(row_text(rows, 2), S("issue")),
                           .prices = str_equal(row_text(rows, 2), S("prices")),
                           .month = row_i64(rows, 3),
                           .run_id = row_i64(rows, 4),
                           .state = errand_state_of(row_text(rows, 5)),
                           .actor_id = row_i64(rows, 6),
                           .ordered_at_ms = row_i64(rows, 7),
                           .ended_at_ms = row_i64(rows, 8),
                           .reason_vi = arena_str(arena, row_text(rows, 9)),
                           .reason_en = arena_str(arena, row_text(rows, 10)),
                           .remedy_vi = arena_str(arena, row_text(rows, 11)),
                           .remedy_en = arena_str(arena, row_text(rows, 12))};
    return arena->failed ? err_memory(err) : OK;
}

err_t errand_last(struct db *db, struct arena *arena, int64_t unit_id, int64_t month,
                  bool *out_found, struct errand *out, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(db,
                       ERRAND_COLUMNS "WHERE unit_id = $1 AND month = $2 ORDER BY errand_no DESC "
                                      "LIMIT 1",
                       ARGS(v_i64(unit_id), v_i64(month)), &rows, err);
    return e == OK ? read_errand(rows, arena, out_found, out, err) : e;
}

/* ---- asking ------------------------------------------------------------------------------ */

/* Whoever releases a price book has the drafts follow it. */
static err_t require(struct db *db, const struct actor *actor, const struct errand *errand,
                     struct err *err)
{
    if (errand->prices)
        return actor_require(db, actor, IDENTITY_EVERY_UNIT, PERMISSION_TARIFF_RELEASE, err);
    return actor_require(db, actor, errand->unit_id,
                         errand->issue ? PERMISSION_BILL_ISSUE : PERMISSION_BILL_RUN, err);
}

static struct str stage_of(const struct errand *errand)
{
    return errand->prices ? S("prices") : errand->issue ? S("issue") : S("draft");
}

static err_t refuse_second(int64_t month, struct err *err)
{
    err_set(err, E_STATE, "month", "Tháng %04lld-%02lld đang có một yêu cầu tính chưa làm xong",
            "Month %04lld-%02lld has an errand that is not done yet", (long long)(month / 100),
            (long long)(month % 100));
    return err_hint(err, "Chờ lần tính đang chạy kết thúc rồi yêu cầu lại",
                    "Wait until the run that works has ended, then ask again");
}

static err_t insert_errand(struct db *db, const struct errand *errand, struct err *err)
{
    int64_t errand_no, open = 0;
    struct value unit = v_i64(errand->unit_id), month = v_i64(errand->month);
    err_t e = db_get_i64(db,
                         "SELECT count(*) FROM bill_errand WHERE unit_id = $1 AND month = $2 AND "
                         "(state = 'asked' OR state = 'working')",
                         ARGS(unit, month), &open, err);
    if (e == OK && open > 0) return refuse_second(errand->month, err);
    if (e == OK) e = store_take_numbers(db, errand->unit_id, S("bill_errand"), 1, &errand_no, err);
    if (e != OK) return e;
    e = db_run(db,
               "INSERT INTO bill_errand (unit_id, errand_no, stage, month, run_id, state, "
               "actor_id, ordered_at) VALUES ($1, $2, $3, $4, $5, 'asked', $6, $7)",
               ARGS(unit, v_i64(errand_no), v_text(stage_of(errand)), month, v_i64(errand->run_id),
                    v_i64(errand->actor_id), v_i64(errand->ordered_at_ms)),
               NULL, err);
    /* Somebody asked at the same moment. */
    return e == E_CONFLICT ? refuse_second(errand->month, err) : e;
}

static err_t place_one(struct db *db, const struct errand *errand, struct err *err)
{
    err_t e = db_begin(db, err);
    if (e == OK) e = insert_errand(db, errand, err);
    if (e == OK) e = db_commit(db, err);
    if (e != OK) db_rollback(db);
    return e;
}

err_t errand_place(struct db *db, const struct actor *actor, int64_t unit_id, int64_t month,
                   int64_t run_id, int64_t now_ms, struct err *err)
{
    struct errand errand = {.unit_id = unit_id,
                            .month = month,
                            .run_id = run_id,
                            .issue = run_id != 0,
                            .actor_id = actor->staff_id,
                            .ordered_at_ms = now_ms};
    struct run_row run;
    err_t e = require(db, actor, &errand, err);
    if (e == OK && errand.issue) e = run_load(db, unit_id, run_id, &run, err);
    if (e != OK) return e;
    if (errand.issue) errand.month = run.month;
    return place_one(db, &errand, err);
}

struct follow {
    int64_t unit_id, month;
};
enum { FOLLOWED_MAX = 10000 };

static err_t find_followed(struct db *db, struct str hash, struct follow *out, size_t *out_count,
                           struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    size_t count = 0;
    err_t e = db_query(db,
                       "SELECT DISTINCT unit_id, month FROM bill_run WHERE state = 'drafted' AND "
                       "price_book <> $1 ORDER BY unit_id, month LIMIT 10000",
                       ARGS(v_text(hash)), &rows, err);
    for (bool more = true; e == OK && count < FOLLOWED_MAX;) {
        e = rows_next(rows, &more, err);
        if (e != OK || !more) break;
        out[count++] = (struct follow){row_i64(rows, 0), row_i64(rows, 1)};
    }
    *out_count = count;
    return e;
}

err_t errand_follow_prices(struct db *db, const struct actor *actor, struct str hash,
                           int64_t now_ms, struct err *err)
{
    struct arena arena;
    size_t count = 0;
    struct errand errand = {.prices = true, .actor_id = actor->staff_id, .ordered_at_ms = now_ms};
    arena_init(&arena, ERRAND_ARENA_BYTES);
    struct follow *followed = ARENA_ARRAY(&arena, struct follow, FOLLOWED_MAX);
    err_t e = followed == NULL ? err_memory(err) : require(db, actor, &errand, err);
    if (e == OK) e = find_followed(db, hash, followed, &count, err);
    for (size_t i = 0; i < count && e == OK; i++) {
        errand.unit_id = followed[i].unit_id;
        errand.month = followed[i].month;
        e = place_one(db, &errand, err);
        if (e == E_STATE) e = OK; /* an open errand computes them by the book in force */
    }
    arena_release(&arena);
    return e;
}

/* ---- working ----------------------------------------------------------------------------- */

/* A stretch of work at one errand. */
struct stretch {
    struct db *db;
    struct arena arena;
    struct errand errand;
    struct actor actor;
    char unit_code[UNIT_CODE_BYTES];
    run_told *told;
    void *context;
    int64_t until_ns, bills;
};

static err_t find_oldest(struct stretch *s, bool *out_found, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(s->db,
                       ERRAND_COLUMNS "WHERE state = 'asked' OR state = 'working' "
                                      "ORDER BY ordered_at, unit_id, errand_no LIMIT 1",
                       NO_ARGS, &rows, err);
    return e == OK ? read_errand(rows, &s->arena, out_found, &s->errand, err) : e;
}

static err_t write_refusal(struct stretch *s, const struct err *why, struct err *err)
{
    return db_run(s->db,
                  "UPDATE bill_errand SET state = 'refused', ended_at = $1, reason_vi = $2, "
                  "reason_en = $3, remedy_vi = $4, remedy_en = $5 WHERE unit_id = $6 AND "
                  "errand_no = $7 AND (state = 'asked' OR state = 'working')",
                  ARGS(v_i64(clock_now_ms()), v_text(str_of(why->vi.message)),
                       v_text(str_of(why->en.message)), v_text(str_of(why->vi.hint)),
                       v_text(str_of(why->en.hint)), v_i64(s->errand.unit_id),
                       v_i64(s->errand.errand_no)),
                  NULL, err);
}

/* Who asked may have lost the right since. */
static err_t find_actor(struct stretch *s, struct err *err)
{
    struct str code;
    err_t e = actor_of_staff(s->db, &s->arena, s->errand.actor_id, vietnam_day(clock_now_ms()),
                             &s->actor, err);
    if (e == OK) e = require(s->db, &s->actor, &s->errand, err);
    if (e == OK)
        e = db_get_text(s->db, &s->arena, "SELECT code FROM unit WHERE unit_id = $1",
                        ARGS(v_i64(s->errand.unit_id)), &code, err);
    if (e != OK) return e;
    struct buf text;
    buf_init_fixed(&text, s->unit_code, sizeof s->unit_code);
    buf_add(&text, code);
    ASSERT(!text.failed);
    return OK;
}

static err_t plan(struct stretch *s, struct run_ticket *out, struct err *err)
{
    struct errand *errand = &s->errand;
    struct run_order order = {.month = errand->month,
                              .unit_code = str_of(s->unit_code),
                              .business_day = -1,
                              .actor_id = errand->actor_id,
                              .now_ms = clock_now_ms()};
    err_t e = errand->issue ? issue_start(s->db, errand->run_id, order.unit_code, out, err)
                            : run_start(s->db, &order, out, err);
    if (e != OK) return e;
    errand->run_id = out->run_id;
    return db_run(s->db,
                  "UPDATE bill_errand SET state = 'working', run_id = $1 WHERE unit_id = $2 AND "
                  "errand_no = $3 AND state = 'asked'",
                  ARGS(v_i64(out->run_id), v_i64(errand->unit_id), v_i64(errand->errand_no)), NULL,
                  err);
}

static err_t ticket_of(struct stretch *s, struct run_ticket *out, struct err *err)
{
    if (s->errand.state == ERRAND_ASKED) return plan(s, out, err);
    return run_ticket_load(s->db, s->errand.run_id, s->errand.issue ? STAGE_ISSUE : STAGE_DRAFT,
                           out, err);
}

static bool goes_on(void *context, int64_t bills)
{
    struct stretch *s = context;
    s->bills += bills;
    if (s->told != NULL && !s->told(s->context, bills)) return false;
    return clock_monotonic_ns() < s->until_ns;
}

static err_t refuse_left(const struct run_counts *counts, struct err *err)
{
    err_set(err, E_CHECK, "run", "%lld phần của lần tính chưa làm được",
            "%lld parts of the run could not be done", (long long)counts->chunks_left);
    return err_hint(err, "Xem nhật ký của máy (bộ nhớ, đĩa) rồi yêu cầu lại để làm nốt",
                    "See the logs of the machine (memory, disk), then ask again for the rest");
}

/* Ends the errand when nobody works at its stage any more. */
static err_t close_errand(struct stretch *s, const struct run_ticket *ticket, bool *out_ended,
                          struct err *err)
{
    struct run_row run;
    struct run_counts counts;
    const char *open = ticket->issue ? "issuing" : "drafting";
    err_t e = run_close(s->db, ticket, &s->actor, clock_now_ms(), err);
    if (e == OK) e = run_load(s->db, s->errand.unit_id, ticket->run_id, &run, err);
    if (e != OK) return e;
    *out_ended = !str_equal(str_of(run.state), str_of(open));
    if (!*out_ended) return OK;
    e = run_count(s->db, ticket, &counts, err);
    if (e == OK && counts.chunks_left > 0) return refuse_left(&counts, err);
    if (e != OK) return e;
    return db_run(s->db,
                  "UPDATE bill_errand SET state = 'done', ended_at = $1 WHERE unit_id = $2 AND "
                  "errand_no = $3 AND state = 'working'",
                  ARGS(v_i64(clock_now_ms()), v_i64(s->errand.unit_id), v_i64(s->errand.errand_no)),
                  NULL, err);
}

static err_t work_stretch(struct stretch *s, int64_t lease_ms, bool *out_ended, struct err *err)
{
    struct run_ticket ticket;
    struct err why;
    err_t e = find_actor(s, err);
    if (e == OK) e = ticket_of(s, &ticket, err);
    if (e != OK) return e;
    if (ticket.chunk_count > 0) e = run_work(s->db, &ticket, lease_ms, goes_on, s, err);
    if (e == OK) return close_errand(s, &ticket, out_ended, err);
    if (err_of_machine(e)) return e;
    /* The stage ends even where a part of it could not be done, and that part is what is told. */
    why = *err;
    err_t closed = close_errand(s, &ticket, out_ended, err);
    if (err_of_machine(closed)) return closed;
    *err = why;
    return e;
}

err_t errand_work(struct db *db, int64_t lease_ms, int64_t slice_ms, run_told *told, void *context,
                  int64_t *out_done, struct err *err)
{
    struct stretch s = {.db = db,
                        .told = told,
                        .context = context,
                        .until_ns = clock_monotonic_ns() + slice_ms * NS_PER_MS};
    bool found = false, ended = false;
    arena_init(&s.arena, ERRAND_ARENA_BYTES);
    err_t e = find_oldest(&s, &found, err);
    if (e == OK && found) {
        e = work_stretch(&s, lease_ms, &ended, err);
        if (e != OK && !err_of_machine(e)) {
            struct err why = *err;
            e = write_refusal(&s, &why, err);
            ended = e == OK;
        }
    }
    *out_done += s.bills + (ended ? 1 : 0);
    arena_release(&s.arena);
    return e;
}
