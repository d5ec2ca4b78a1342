/* SPDX-License-Identifier: Apache-2.0 */
/* Lists of flagged periods and the steps of people. */
#include "metering/spike_work.h"

#include "base/clock.h"
#include "base/date.h"
#include "identity/approval.h"
#include "metering/metering_int.h"
#include "metering/spike_int.h"
#include "metering/use_view.h"
#include "store/event.h"
#include "store/store.h"

static const struct str STATES[] = {S_INIT("open"), S_INIT("released"), S_INIT("corrected"),
                                    S_INIT("ordered"), S_INIT("lapsed"), S_INIT("void")};
_Static_assert(ARRAY_COUNT(STATES) == SPIKE_STATE_COUNT, "one text per state");

struct str spike_state_text(enum spike_state state)
{
    ASSERT((size_t)state < ARRAY_COUNT(STATES));
    return STATES[state];
}

static enum spike_state state_of(struct str text)
{
    for (size_t i = 0; i < ARRAY_COUNT(STATES); i++) {
        if (str_equal(text, STATES[i])) return (enum spike_state)i;
    }
    ASSERT(false);
    return SPIKE_OPEN;
}

#define CASE_COLUMNS                                                                           \
    "SELECT c.unit_id, c.month, c.book_id, c.period_no, c.point_id, p.code, b.code, "          \
    "c.usage_kind, c.closing_no, c.new_wh, c.new_days, c.before_wh, c.before_days, "           \
    "c.year_ago_wh, c.year_ago_days, c.ratio_ppm, c.score, c.holds, c.leader_only, c.state, "  \
    "c.rule_id, c.escalate_on, c.last_on, c.escalated FROM spike_case c "                      \
    "JOIN usage_point p ON p.unit_id = c.unit_id AND p.point_id = c.point_id "                 \
    "JOIN book b ON b.unit_id = c.unit_id AND b.book_id = c.book_id "

/* A closing that was returned has no live cases. */
#define LIVE                                                                                   \
    "EXISTS (SELECT 1 FROM book_period l WHERE l.unit_id = c.unit_id AND "                     \
    "l.book_id = c.book_id AND l.month = c.month AND l.period_no = c.period_no AND "           \
    "(l.period_no = 0 OR (l.closing_no = c.closing_no AND l.state <> 'open'))) "

/* What keeps a bill back. */
#define HOLDING "c.holds = 1 AND c.state IN ('open', 'ordered', 'lapsed', 'corrected') "

/* What spike_do lets a leader sign: the last word on it is a confirmation. */
#define TO_SIGN \
    "c.holds = 1 AND c.leader_only = 1 AND c.state IN ('open', 'ordered', 'lapsed') AND " \
    "(SELECT t.step FROM spike_step t WHERE t.unit_id = c.unit_id AND t.month = c.month AND " \
    "t.book_id = c.book_id AND t.period_no = c.period_no AND t.point_id = c.point_id AND " \
    "t.usage_kind = c.usage_kind AND t.closing_no = c.closing_no AND " \
    "t.step IN ('confirm', 'order_check') ORDER BY t.step_no DESC LIMIT 1) = 'confirm' "

static struct period_use use_at(const struct rows *rows, int column)
{
    if (row_is_null(rows, column)) return (struct period_use){.known = false};
    return (struct period_use){.known = true, .wh = row_i64(rows, column),
                               .days = row_i64(rows, column + 1)};
}

static struct spike_case read_case(struct arena *arena, const struct rows *rows)
{
    return (struct spike_case){
        .unit_id = row_i64(rows, 0), .month = month_from_number(row_i64(rows, 1)),
        .book_id = row_i64(rows, 2), .period_no = (int)row_i64(rows, 3),
        .point_id = row_i64(rows, 4), .point_code = arena_str(arena, row_text(rows, 5)),
        .book_code = arena_str(arena, row_text(rows, 6)),
        .usage_kind = arena_str(arena, row_text(rows, 7)), .closing_no = row_i64(rows, 8),
        .now = use_at(rows, 9), .before = use_at(rows, 11), .year_ago = use_at(rows, 13),
        .ratio_ppm = row_i64(rows, 15), .score = row_i64(rows, 16),
        .holds = row_i64(rows, 17) == 1, .leader_only = row_i64(rows, 18) == 1,
        .state = state_of(row_text(rows, 19)), .rule_id = row_i64_or(rows, 20, 0),
        .escalate_day = stored_day(row_text(rows, 21)),
        .last_day = stored_day(row_text(rows, 22)), .escalated = row_i64(rows, 23) == 1};
}

err_t spike_list(struct db *db, struct arena *arena, const struct spike_filter *filter,
                 struct spike_case **out, size_t *out_count, struct err *err)
{
    static const struct spike_case first = {.score = INT64_MAX, .usage_kind = S_INIT("")};
    const struct spike_case *after = filter->after != NULL ? filter->after : &first;
    struct list list = LIST_OF(arena, struct spike_case);
    struct value unit = v_i64(filter->unit_id), book = v_i64(filter->book_id);
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(
        db,
        CASE_COLUMNS "WHERE (CAST($1 AS BIGINT) = 0 OR c.unit_id = $2) AND "
                     "c.month = $3 AND (CAST($4 AS BIGINT) = 0 OR c.book_id = $5) AND "
                     "(CAST($6 AS BIGINT) = 0 OR (" HOLDING ")) AND "
                     "(CAST($7 AS BIGINT) = 0 OR c.leader_only = 1) AND "
                     "(CAST($8 AS BIGINT) = 0 OR (" TO_SIGN ")) AND c.state <> 'void' AND " LIVE
                     "AND (c.score < $9 OR (c.score = $10 AND (c.unit_id, c.book_id, "
                     "c.point_id, c.period_no, c.usage_kind, c.closing_no) > ($11, $12, $13, "
                     "$14, $15, $16))) ORDER BY c.score DESC, c.unit_id, c.book_id, c.point_id, "
                     "c.period_no, c.usage_kind, c.closing_no LIMIT $17",
        ARGS(unit, unit, v_i64(month_to_number(filter->month)), book, book, v_i64(filter->waiting),
             v_i64(filter->leader_only), v_i64(filter->to_sign), v_i64(after->score),
             v_i64(after->score), v_i64(after->unit_id), v_i64(after->book_id),
             v_i64(after->point_id), v_i64(after->period_no), v_text(after->usage_kind),
             v_i64(after->closing_no), v_i64(filter->limit)),
        &rows, err);
    for (bool more = false; e == OK;) {
        e = rows_next(rows, &more, err);
        if (e != OK || !more) break;
        struct spike_case *spike = list_add(&list);
        if (spike == NULL) return err_memory(err);
        *spike = read_case(arena, rows);
    }
    if (e != OK) return e;
    *out = list.items;
    *out_count = list.count;
    return arena->failed ? err_memory(err) : OK;
}

err_t spike_first_list(struct db *db, struct arena *arena, const struct spike_filter *filter,
                       struct first_bill **out, size_t *out_count, struct err *err)
{
    struct list list = LIST_OF(arena, struct first_bill);
    struct value unit = v_i64(filter->unit_id), book = v_i64(filter->book_id);
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(db,
                       "SELECT c.unit_id, c.point_id, p.code, b.code, c.period_no, c.from_on, "
                       "c.to_on, c.total_wh, c.estimated FROM usage c JOIN usage_point p ON "
                       "p.unit_id = c.unit_id AND p.point_id = c.point_id JOIN book b ON "
                       "b.unit_id = c.unit_id AND b.book_id = c.book_id WHERE "
                       "(CAST($1 AS BIGINT) = 0 OR c.unit_id = $2) AND c.month = $3 AND "
                       "(CAST($4 AS BIGINT) = 0 OR c.book_id = $5) AND c.spike = 'first' AND " LIVE
                       "ORDER BY c.total_wh DESC, c.unit_id, c.point_id LIMIT $6",
                       ARGS(unit, unit, v_i64(month_to_number(filter->month)), book, book,
                            v_i64(filter->limit)), &rows, err);
    for (bool more = false; e == OK;) {
        e = rows_next(rows, &more, err);
        if (e != OK || !more) break;
        struct first_bill *first = list_add(&list);
        if (first == NULL) return err_memory(err);
        *first = (struct first_bill){
            .unit_id = row_i64(rows, 0), .point_id = row_i64(rows, 1),
            .point_code = arena_str(arena, row_text(rows, 2)),
            .book_code = arena_str(arena, row_text(rows, 3)),
            .period_no = (int)row_i64(rows, 4), .from_day = stored_day(row_text(rows, 5)),
            .to_day = stored_day(row_text(rows, 6)), .wh = row_i64(rows, 7),
            .estimated = row_i64(rows, 8) == 1};
    }
    if (e != OK) return e;
    *out = list.items;
    *out_count = list.count;
    return arena->failed ? err_memory(err) : OK;
}

int64_t spike_total_ratio_ppm(const struct spike_case *spike)
{
    struct period_use now = spike->now, before = spike->before;
    now.days = before.days = 1;
    return spike_judge(now, before).ratio_ppm;
}

err_t spike_find(struct db *db, struct arena *arena, int64_t unit_id, int64_t point_id,
                 int32_t month, struct spike_case *out, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(db,
                       CASE_COLUMNS "WHERE c.unit_id = $1 AND c.point_id = $2 AND c.month = $3 "
                       "AND c.state <> 'void' AND " LIVE
                       "ORDER BY c.holds DESC, c.period_no DESC, c.closing_no DESC LIMIT 1",
                       ARGS(v_i64(unit_id), v_i64(point_id), v_i64(month_to_number(month))),
                       &rows, err);
    bool more = false;
    if (e == OK) e = rows_next(rows, &more, err);
    if (e != OK) return e;
    if (!more) {
        err_set(err, E_NOT_FOUND, "point", "Điểm đo không có phúc tra trong tháng này",
                "The point has no flagged period in this month");
        return err_hint(err, "Xem danh sách: sangden spike list --month YYYY-MM",
                        "See the list: sangden spike list --month YYYY-MM");
    }
    *out = read_case(arena, rows);
    return arena->failed ? err_memory(err) : OK;
}

err_t spike_get(struct db *db, struct arena *arena, const struct spike_case *key,
                struct spike_case *out, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    bool found = false;
    err_t e = db_query(db,
                       CASE_COLUMNS "WHERE c.unit_id = $1 AND c.month = $2 AND c.point_id = $3 AND "
                       "c.period_no = $4 AND c.usage_kind = $5 AND c.closing_no = $6 AND "
                       "c.state <> 'void' AND " LIVE,
                       ARGS(v_i64(key->unit_id), v_i64(month_to_number(key->month)),
                            v_i64(key->point_id), v_i64(key->period_no), v_text(key->usage_kind),
                            v_i64(key->closing_no)),
                       &rows, err);
    if (e == OK) e = rows_next(rows, &found, err);
    if (e != OK) return e;
    if (!found) {
        err_set(err, E_NOT_FOUND, "point", "Không còn trường hợp phúc tra này",
                "There is no such flagged period any more");
        return err_hint(err, "Sổ có thể đã trả lại; xem lại danh sách phúc tra",
                        "The book may have been returned; see the list again");
    }
    *out = read_case(arena, rows);
    return arena->failed ? err_memory(err) : OK;
}

err_t spike_last_month(struct db *db, int64_t unit_id, int32_t *out_month, bool *out_found,
                       struct err *err)
{
    static const char *const months_sql[] = {
        "SELECT max(month) FROM spike_case WHERE unit_id = $1 AND holds = 1 AND "
        "state IN ('open', 'ordered', 'lapsed')",
        "SELECT max(month) FROM spike_case WHERE unit_id = $1 AND state <> 'void'"};
    int64_t month = 0;
    err_t e = OK;
    for (size_t i = 0; i < ARRAY_COUNT(months_sql) && e == OK && month == 0; i++)
        e = db_get_i64_or(db, months_sql[i], ARGS(v_i64(unit_id)), 0, &month, err);
    if (e != OK) return e;
    *out_found = month != 0;
    if (month != 0) *out_month = month_from_number(month);
    return OK;
}

err_t spike_steps(struct db *db, struct arena *arena, const struct spike_case *spike,
                  struct spike_step **out, size_t *out_count, struct err *err)
{
    struct list list = LIST_OF(arena, struct spike_step);
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(db,
                       "SELECT t.step, t.evidence, t.reason, t.actor_id, t.rule_id, t.at, s.code "
                       "FROM spike_step t LEFT JOIN staff s ON s.staff_id = t.actor_id WHERE "
                       "t.unit_id = $1 AND t.month = $2 AND t.book_id = $3 AND t.period_no = $4 "
                       "AND t.point_id = $5 AND t.usage_kind = $6 AND t.closing_no = $7 "
                       "ORDER BY t.step_no",
                       SPIKE_KEY(spike), &rows, err);
    for (bool more = false; e == OK;) {
        e = rows_next(rows, &more, err);
        if (e != OK || !more) break;
        struct spike_step *step = list_add(&list);
        if (step == NULL) return err_memory(err);
        *step = (struct spike_step){.step = arena_str(arena, row_text(rows, 0)),
                                    .evidence = arena_str(arena, row_text(rows, 1)),
                                    .reason = arena_str(arena, row_text(rows, 2)),
                                    .actor_code = arena_str(arena, row_text_or_empty(rows, 6)),
                                    .actor_id = row_i64(rows, 3),
                                    .rule_id = row_i64_or(rows, 4, 0), .at = row_i64(rows, 5)};
    }
    if (e != OK) return e;
    *out = list.items;
    *out_count = list.count;
    return arena->failed ? err_memory(err) : OK;
}

err_t spike_count(struct db *db, int64_t unit_id, int32_t month, struct spike_shares *out,
                  struct err *err)
{
    struct value unit = v_i64(unit_id);
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(db,
                       "SELECT c.state, c.holds, CASE WHEN c.rule_id IS NULL THEN 0 ELSE 1 END, "
                       "CASE WHEN EXISTS (SELECT 1 FROM spike_step s WHERE "
                       "s.unit_id = c.unit_id AND s.month = c.month AND s.book_id = c.book_id AND "
                       "s.period_no = c.period_no AND s.point_id = c.point_id AND "
                       "s.usage_kind = c.usage_kind AND s.closing_no = c.closing_no AND "
                       "s.step = 'carry') THEN 1 ELSE 0 END, count(*) FROM spike_case c "
                       "WHERE (CAST($1 AS BIGINT) = 0 OR c.unit_id = $2) AND c.month = $3 AND "
                       "c.state <> 'void' AND " LIVE "GROUP BY 1, 2, 3, 4",
                       ARGS(unit, unit, v_i64(month_to_number(month))), &rows, err);
    struct spike_shares shares = {0};
    for (bool more = false; e == OK;) {
        e = rows_next(rows, &more, err);
        if (e != OK || !more) break;
        int64_t count = row_i64(rows, 4);
        enum spike_state state = state_of(row_text(rows, 0));
        bool held = row_i64(rows, 1) == 1, released = state == SPIKE_RELEASED;
        if (!held) shares.told += count;
        else shares.cases += count;
        if (!held) continue;
        if (released && row_i64(rows, 2) == 1) shares.by_rule += count;
        else if (released && row_i64(rows, 3) == 1) shares.carried += count;
        else if (released) shares.by_person += count;
        else if (state == SPIKE_LAPSED) shares.lapsed += count;
        else if (state == SPIKE_CORRECTED) shares.corrected += count;
        else shares.waiting += count;
    }
    if (e == OK) *out = shares;
    return e;
}

struct use_key spike_use_key(const struct spike_case *spike)
{
    return (struct use_key){.unit_id = spike->unit_id,
                            .book_id = spike->book_id,
                            .month = spike->month,
                            .period_no = spike->period_no,
                            .point_id = spike->point_id,
                            .kind = spike->usage_kind,
                            .closing_no = spike->closing_no};
}

err_t spike_waiting(struct db *db, int64_t unit_id, int32_t month, int64_t *out,
                    int64_t *out_to_sign, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    bool found = false;
    err_t e =
        db_query(db,
                 "SELECT count(*), count(*) FILTER (WHERE " TO_SIGN ") FROM "
                 "spike_case c WHERE c.unit_id = $1 AND c.month = $2 AND " HOLDING "AND " LIVE,
                 ARGS(v_i64(unit_id), v_i64(month_to_number(month))), &rows, err);
    if (e == OK) e = rows_next(rows, &found, err);
    if (e != OK) return e;
    ASSERT(found);
    *out = row_i64(rows, 0);
    *out_to_sign = row_i64(rows, 1);
    return OK;
}

/* ---- steps --------------------------------------------------------------------------------- */

err_t spike_step_add(struct db *db, const struct spike_case *spike, struct str step,
                     int64_t rule_id, struct str evidence, struct str reason, int64_t actor_id,
                     struct err *err)
{
    struct args key = SPIKE_KEY(spike);
    int64_t step_no;
    err_t e = db_get_i64(db,
                         "SELECT COALESCE(max(step_no), 0) + 1 FROM spike_step WHERE unit_id = $1 "
                         "AND month = $2 AND book_id = $3 AND period_no = $4 AND point_id = $5 AND "
                         "usage_kind = $6 AND closing_no = $7", key, &step_no, err);
    if (e != OK) return e;
    return db_run(db,
                  "INSERT INTO spike_step (unit_id, month, book_id, period_no, point_id, "
                  "usage_kind, closing_no, step_no, step, rule_id, evidence, reason, actor_id, at) "
                  "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
                  ARGS(key.values[0], key.values[1], key.values[2], key.values[3], key.values[4],
                       key.values[5], key.values[6], v_i64(step_no), v_text(step),
                       rule_id == 0 ? v_null() : v_i64(rule_id), v_text(evidence),
                       v_text(reason), v_i64(actor_id), v_i64(clock_now_ms())), NULL, err);
}

err_t spike_state_set(struct db *db, const struct spike_case *spike, enum spike_state state,
                      struct err *err)
{
    struct args key = SPIKE_KEY(spike);
    return db_run(db,
                  "UPDATE spike_case SET state = $1 WHERE unit_id = $2 AND month = $3 AND "
                  "book_id = $4 AND period_no = $5 AND point_id = $6 AND usage_kind = $7 AND "
                  "closing_no = $8",
                  ARGS(v_text(spike_state_text(state)), key.values[0], key.values[1],
                       key.values[2], key.values[3], key.values[4], key.values[5],
                       key.values[6]), NULL, err);
}

static struct str action_text(enum spike_action action)
{
    switch (action) {
    case SPIKE_DO_CONFIRM: return S("confirm");
    case SPIKE_DO_CORRECT: return S("correct");
    case SPIKE_DO_ORDER: return S("order_check");
    case SPIKE_DO_SIGN: return S("sign");
    }
    ASSERT(false);
    return S("");
}

err_t spike_confirmer(struct db *db, const struct spike_case *spike, int64_t *out_staff_id,
                      int32_t *out_day, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(db,
                       "SELECT actor_id, at, step FROM spike_step WHERE unit_id = $1 AND "
                       "month = $2 AND book_id = $3 AND period_no = $4 AND point_id = $5 AND "
                       "usage_kind = $6 AND closing_no = $7 AND step IN ('confirm', 'order_check') "
                       "ORDER BY step_no DESC LIMIT 1", SPIKE_KEY(spike), &rows, err);
    bool more = false;
    if (e == OK) e = rows_next(rows, &more, err);
    if (e != OK) return e;
    bool confirmed = more && str_equal(row_text(rows, 2), S("confirm"));
    *out_staff_id = confirmed ? row_i64(rows, 0) : 0;
    *out_day = confirmed ? vietnam_day(row_i64(rows, 1)) : 0;
    return OK;
}

static err_t check_action(struct db *db, const struct spike_case *spike,
                          enum spike_action action, const struct actor *actor, struct err *err)
{
    bool settled = spike->state == SPIKE_RELEASED || spike->state == SPIKE_CORRECTED ||
                   spike->state == SPIKE_VOID;
    if (settled || !spike->holds) {
        err_set(err, E_STATE, "point", "Trường hợp này đã xong hoặc không bị giữ",
                "This case is settled or was never held");
        err_detail(err, "Trạng thái %.*s", "State %.*s",
                   STR_ARG(spike_state_text(spike->state)));
        return err_hint(err, "Xem các trường hợp còn bị giữ: sangden spike list",
                        "See the cases that are still held: sangden spike list");
    }
    if (action != SPIKE_DO_SIGN) return OK;
    int64_t confirmer;
    int32_t confirmed_day;
    err_t e = spike_confirmer(db, spike, &confirmer, &confirmed_day, err);
    if (e != OK) return e;
    if (confirmer == 0) {
        err_set(err, E_STATE, "point",
                "Chưa có người xác minh, hoặc đã yêu cầu kiểm tra lại sau đó",
                "Nobody has confirmed it, or a check was ordered since");
        return err_hint(err, "Xác minh trước: sangden spike confirm",
                        "Confirm first: sangden spike confirm");
    }
    return approval_second(db, actor, spike->unit_id, confirmer, confirmed_day, err);
}

/* A confirmation releases below 3 times; from there on it waits for the signature. */
static enum spike_state state_after(const struct spike_case *spike, enum spike_action action)
{
    switch (action) {
    case SPIKE_DO_CONFIRM: return spike->leader_only ? SPIKE_OPEN : SPIKE_RELEASED;
    case SPIKE_DO_CORRECT: return SPIKE_CORRECTED;
    case SPIKE_DO_ORDER: return SPIKE_ORDERED;
    case SPIKE_DO_SIGN: return SPIKE_RELEASED;
    }
    ASSERT(false);
    return SPIKE_OPEN;
}

err_t spike_lock(struct db *db, struct spike_case *spike, struct err *err)
{
    ASSERT(db_in_transaction(db));
    AUTO(rows_done_at) struct rows *rows = NULL;
    bool found = false;
    err_t e = db_query(db,
                       "SELECT state FROM spike_case WHERE unit_id = $1 AND month = $2 AND "
                       "book_id = $3 AND period_no = $4 AND point_id = $5 AND usage_kind = $6 AND "
                       "closing_no = $7 {for_update}",
                       SPIKE_KEY(spike), &rows, err);
    if (e == OK) e = rows_next(rows, &found, err);
    if (e != OK) return e;
    spike->state = found ? state_of(row_text(rows, 0)) : SPIKE_VOID;
    return OK;
}

err_t spike_do(struct db *db, const struct spike_case *spike, enum spike_action action,
               const struct actor *actor, struct str evidence, struct str reason,
               struct err *err)
{
    struct spike_case now = *spike;
    if (evidence.n == 0 || reason.n == 0) {
        const char *field = evidence.n == 0 ? "evidence" : "reason";
        err_set(err, E_INPUT, field, "Mỗi bước phải ghi căn cứ và lý do",
                "Every step names its evidence and its reason");
        return err_hint(err, "Thêm --evidence và --reason", "Add --evidence and --reason");
    }
    err_t e = spike_lock(db, &now, err);
    if (e == OK) e = check_action(db, &now, action, actor, err);
    if (e == OK)
        e = spike_step_add(db, spike, action_text(action), 0, evidence, reason, actor->staff_id,
                           err);
    if (e == OK) e = spike_state_set(db, spike, state_after(spike, action), err);
    return e;
}
