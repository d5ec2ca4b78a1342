/* SPDX-License-Identifier: Apache-2.0 */
#include "store/check_round.h"

#include "base/clock.h"
#include "store/work.h"

enum {
    CHECK_UNIT = 0,
    ROUND_ITEMS = 1000,
    FINDINGS_BYTES = 4 * 1024 * 1024,
    SHOWN_BYTES = 65536,
    RESULTS_MAX = ROUND_ITEMS
};

#define CHECK_QUEUE S("check")

/* ---- asking ------------------------------------------------------------------------------ */

static err_t add_check(struct db *db, int64_t round_no, size_t at, const struct check *check,
                       struct err *err)
{
    err_t e =
        db_run(db,
               "INSERT INTO check_result (round_no, check_no, name, state) VALUES ($1, $2, "
               "$3, 'waiting')",
               ARGS(v_i64(round_no), v_i64((int64_t)at), v_text(str_of(check->name))), NULL, err);
    if (e != OK) return e;
    return work_add(db, CHECK_UNIT, CHECK_QUEUE, round_no * ROUND_ITEMS + (int64_t)at, S("{}"),
                    err);
}

static err_t forget_old(struct db *db, int64_t round_no, struct err *err)
{
    struct args oldest = ARGS(v_i64(round_no - CHECK_ROUNDS_KEPT));
    err_t e = db_run(db, "DELETE FROM check_result WHERE round_no <= $1", oldest, NULL, err);
    if (e != OK) return e;
    return db_run(db, "DELETE FROM check_round WHERE round_no <= $1", oldest, NULL, err);
}

static err_t begin_round(struct db *db, const struct check_list *list, int64_t staff_id,
                         int64_t now_ms, struct err *err)
{
    int64_t round_no;
    err_t e =
        db_get_i64_or(db, "SELECT max(round_no) FROM check_round", NO_ARGS, 0, &round_no, err);
    if (e != OK) return e;
    round_no++;
    e = db_run(db, "INSERT INTO check_round (round_no, asked_at, asked_by) VALUES ($1, $2, $3)",
               ARGS(v_i64(round_no), v_i64(now_ms), v_i64(staff_id)), NULL, err);
    for (size_t i = 0; i < list->count && e == OK; i++)
        e = add_check(db, round_no, i, list->check[i], err);
    return e == OK ? forget_old(db, round_no, err) : e;
}

err_t check_ask(struct db *db, const struct check_list *list, int64_t staff_id, int64_t now_ms,
                bool *out_begun, struct err *err)
{
    int64_t waiting = 0;
    ASSERT(list->count > 0 && list->count <= RESULTS_MAX);
    *out_begun = false;
    err_t e = db_begin(db, err);
    if (e == OK) e = check_waiting(db, &waiting, err);
    if (e == OK && waiting == 0) e = begin_round(db, list, staff_id, now_ms, err);
    if (e == OK) e = db_commit(db, err);
    if (e == OK) *out_begun = waiting == 0;
    else db_rollback(db);
    /* Somebody else began the same round at the same moment. */
    return e == E_CONFLICT ? OK : e;
}

err_t check_ask_daily(struct db *db, const struct check_list *list, int64_t now_ms, struct err *err)
{
    int64_t last_ms;
    bool begun;
    err_t e = db_get_i64_or(db,
                            "SELECT coalesce((SELECT max(asked_at) FROM check_round), (SELECT "
                            "min(applied_at) FROM store_migration))",
                            NO_ARGS, 0, &last_ms, err);
    if (e != OK || now_ms - last_ms < CHECK_DAY_MS) return e;
    return check_ask(db, list, 0, now_ms, &begun, err);
}

/* ---- working ----------------------------------------------------------------------------- */

static err_t write_result(struct db *db, const struct work_item *item,
                          const struct check_findings *findings, struct err *err)
{
    char *memory = arena_take(findings->arena, SHOWN_BYTES);
    struct buf shown;
    if (memory == NULL) return err_memory(err);
    buf_init_fixed(&shown, memory, SHOWN_BYTES);
    for (int64_t i = 0; i < findings->count && i < CHECK_SHOWN_MAX; i++) {
        if (i > 0) buf_add_char(&shown, '\n');
        buf_add(&shown, findings->shown[i]);
    }
    err_t e = db_begin(db, err);
    if (e == OK)
        e = db_run(db,
                   "UPDATE check_result SET state = 'asked', found = $1, shown = $2, part = $3, "
                   "whole = $4, answered_at = $5 WHERE round_no = $6 AND check_no = $7",
                   ARGS(v_i64(findings->count), v_text(buf_str(&shown)), v_i64(findings->part),
                        v_i64(findings->whole), v_i64(clock_now_ms()),
                        v_i64(item->item_no / ROUND_ITEMS), v_i64(item->item_no % ROUND_ITEMS)),
                   NULL, err);
    if (e == OK) e = work_leave(db, item, err);
    if (e == OK) e = db_commit(db, err);
    if (e != OK) db_rollback(db);
    return e;
}

static err_t ask_item(struct db *db, struct arena *arena, const struct check_list *list,
                      const struct work_item *item, struct err *err)
{
    struct check_findings findings = {.arena = arena};
    size_t at = (size_t)(item->item_no % ROUND_ITEMS);
    /* A program of another version asked for a check that this one does not have. */
    if (at >= list->count) return work_leave(db, item, err);
    err_t e = db_begin_read(db, err);
    if (e == OK) e = check_run(db, list->check[at], &findings, err);
    db_rollback(db);
    if (e == OK) e = write_result(db, item, &findings, err);
    return e == E_LOST ? OK : e;
}

err_t check_work(struct db *db, const struct check_list *list, int64_t lease_ms, int64_t *out_done,
                 struct err *err)
{
    struct arena arena;
    struct work_item item;
    int64_t waiting = 0;
    bool found = false;
    err_t e = check_waiting(db, &waiting, err);
    if (e != OK || waiting == 0) return e;
    arena_init(&arena, FINDINGS_BYTES);
    e = work_free_dead(db, CHECK_QUEUE, err);
    if (e == OK) e = work_take(db, CHECK_UNIT, CHECK_QUEUE, lease_ms, &arena, &found, &item, err);
    if (e == OK && found) {
        e = ask_item(db, &arena, list, &item, err);
        struct err ignored;
        if (e == OK) *out_done += 1;
        else if (work_give_back(db, &item, &ignored) != OK) found = false; /* its lease ends */
    }
    arena_release(&arena);
    return e;
}

/* ---- what is shown ----------------------------------------------------------------------- */

err_t check_waiting(struct db *db, int64_t *out, struct err *err)
{
    return db_get_i64(db, "SELECT count(*) FROM check_result WHERE state = 'waiting'", NO_ARGS, out,
                      err);
}

static const char last_sql[] =
    "SELECT r.round_no, r.asked_at, r.asked_by FROM check_round r ORDER BY CASE WHEN EXISTS "
    "(SELECT 1 FROM check_result w WHERE w.round_no = r.round_no AND w.state = 'waiting') THEN 1 "
    "ELSE 0 END, r.round_no DESC LIMIT 1";

static err_t read_results(struct db *db, struct arena *arena, struct check_round *out,
                          struct err *err)
{
    struct check_result *results = ARENA_ARRAY(arena, struct check_result, RESULTS_MAX);
    if (results == NULL) return err_memory(err);
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(db,
                       "SELECT name, state, found, part, whole, answered_at, shown FROM "
                       "check_result WHERE round_no = $1 ORDER BY check_no LIMIT 1000",
                       ARGS(v_i64(out->round_no)), &rows, err);
    for (bool more = true; e == OK && out->count < RESULTS_MAX;) {
        e = rows_next(rows, &more, err);
        if (e != OK || !more) break;
        results[out->count++] =
            (struct check_result){.name = arena_str(arena, row_text(rows, 0)),
                                  .answered = str_equal(row_text(rows, 1), S("asked")),
                                  .found = row_i64(rows, 2),
                                  .part = row_i64(rows, 3),
                                  .whole = row_i64(rows, 4),
                                  .answered_at_ms = row_i64(rows, 5),
                                  .shown = arena_str(arena, row_text(rows, 6))};
    }
    out->result = results;
    return e == OK && arena->failed ? err_memory(err) : e;
}

err_t check_round_last(struct db *db, struct arena *arena, struct check_round *out, struct err *err)
{
    struct check_round round = {0};
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(db, last_sql, NO_ARGS, &rows, err);
    if (e == OK) e = rows_next(rows, &round.known, err);
    if (e == OK && round.known) {
        round.round_no = row_i64(rows, 0);
        round.asked_at_ms = row_i64(rows, 1);
        round.asked_by = row_i64(rows, 2);
        e = read_results(db, arena, &round, err);
    }
    if (e == OK) *out = round;
    return e;
}
