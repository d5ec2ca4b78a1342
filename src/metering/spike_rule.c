/* SPDX-License-Identifier: Apache-2.0 */
/* Rules that settle flagged periods in bulk, and the days on which a case must be settled. */
#include "base/clock.h"
#include "base/date.h"
#include "identity/approval.h"
#include "metering/metering_int.h"
#include "metering/spike_int.h"
#include "store/event.h"

static const struct str KINDS[] = {S_INIT("second_remote"), S_INIT("daily_agree"),
                                   S_INIT("photo_again"), S_INIT("same_rise_last_year"),
                                   S_INIT("last_day")};
_Static_assert(ARRAY_COUNT(KINDS) == RULE_KIND_COUNT, "one text per kind");

struct str spike_rule_kind_text(enum spike_rule_kind kind)
{
    ASSERT((size_t)kind < ARRAY_COUNT(KINDS));
    return KINDS[kind];
}

bool spike_rule_kind_parse(struct str text, enum spike_rule_kind *out)
{
    for (size_t i = 0; i < ARRAY_COUNT(KINDS); i++) {
        if (!str_equal(text, KINDS[i])) continue;
        *out = (enum spike_rule_kind)i;
        return true;
    }
    return false;
}

/* ---- proposal and approval ----------------------------------------------------------------- */

/* How far evidence may be apart, by kind; 0: the rule compares exactly. From a quarter on the
 * period before would agree with a rise of 1.3 times. */
static const int64_t TOLERANCE_MAX_PPM[RULE_KIND_COUNT] = {
    [RULE_DAILY_AGREE] = 50000, [RULE_SAME_RISE_LAST_YEAR] = 200000};

static err_t check_tolerance(const struct spike_rule *rule, struct err *err)
{
    int64_t most = TOLERANCE_MAX_PPM[rule->kind];
    if (rule->tolerance_ppm >= 0 && rule->tolerance_ppm <= most) return OK;
    err_set(err, E_RANGE, "tolerance-ppm", "Dung sai của loại quy tắc này là 0 đến %lld phần triệu",
            "The tolerance of this kind of rule is 0 to %lld parts per million", (long long)most);
    err_detail(err, "Nhận được %lld", "Received %lld", (long long)rule->tolerance_ppm);
    return err_hint(err, "Bỏ --tolerance-ppm hoặc chọn số nhỏ hơn; rộng hơn thì hết bằng chứng",
                    "Leave out --tolerance-ppm or choose less; wider, it proves nothing");
}

err_t spike_rule_propose(struct db *db, const struct spike_rule *rule, int64_t actor_id,
                         int64_t *out_rule_id, struct err *err)
{
    if (rule->document.n == 0) {
        err_set(err, E_INPUT, "document", "Quy tắc phải nêu văn bản căn cứ",
                "A rule names the document it rests on");
        return err_hint(err, "Thêm --document \"số, ngày\"", "Add --document \"number, day\"");
    }
    if (rule->from_day >= rule->to_day) {
        err_set(err, E_RANGE, "from", "Thời hạn không hợp lệ", "The days are not valid");
        return err_hint(err, "Ngày hết hạn phải sau ngày bắt đầu",
                        "The end must be behind the start");
    }
    int64_t rule_id;
    char from[DATE_TEXT_BYTES], to[DATE_TEXT_BYTES];
    err_t e = check_tolerance(rule, err);
    if (e == OK) e = store_take_numbers(db, rule->unit_id, S("spike_rule"), 1, &rule_id, err);
    if (e != OK) return e;
    e = db_run(db,
               "INSERT INTO spike_rule (unit_id, rule_id, kind, tolerance_ppm, action, valid_from, "
               "valid_to, document, state, proposed_by, proposed_at) "
               "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'proposed', $9, $10)",
               ARGS(v_i64(rule->unit_id), v_i64(rule_id), v_text(KINDS[rule->kind]),
                    v_i64(rule->tolerance_ppm), v_text(rule->waits ? S("wait") : S("release")),
                    v_text(day_text(rule->from_day, from)), v_text(day_text(rule->to_day, to)),
                    v_text(rule->document), v_i64(actor_id), v_i64(clock_now_ms())), NULL, err);
    if (e == OK) *out_rule_id = rule_id;
    return e;
}

#define RULE_COLUMNS                                                                        \
    "SELECT unit_id, rule_id, kind, tolerance_ppm, action, valid_from, valid_to, document, " \
    "state, proposed_by, decided_by, proposed_at FROM spike_rule "

static struct spike_rule read_rule(struct arena *arena, const struct rows *rows)
{
    struct spike_rule rule = {
        .unit_id = row_i64(rows, 0), .rule_id = row_i64(rows, 1),
        .tolerance_ppm = row_i64(rows, 3), .waits = str_equal(row_text(rows, 4), S("wait")),
        .from_day = stored_day(row_text(rows, 5)), .to_day = stored_day(row_text(rows, 6)),
        .document = arena_str(arena, row_text(rows, 7)),
        .state = arena_str(arena, row_text(rows, 8)), .proposed_by = row_i64(rows, 9),
        .decided_by = row_i64_or(rows, 10, 0), .proposed_day = vietnam_day(row_i64(rows, 11))};
    bool known = spike_rule_kind_parse(row_text(rows, 2), &rule.kind);
    ASSERT(known);
    return rule;
}

static err_t get_rule(struct db *db, struct arena *arena, int64_t unit_id, int64_t rule_id,
                      struct spike_rule *out, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(db, RULE_COLUMNS "WHERE unit_id = $1 AND rule_id = $2",
                       ARGS(v_i64(unit_id), v_i64(rule_id)), &rows, err);
    bool more = false;
    if (e == OK) e = rows_next(rows, &more, err);
    if (e != OK) return e;
    if (!more) {
        err_set(err, E_NOT_FOUND, "rule", "Không có quy tắc số %lld", "There is no rule %lld",
                (long long)rule_id);
        return err_hint(err, "Xem danh sách: sangden spike rule list",
                        "See the list: sangden spike rule list");
    }
    *out = read_rule(arena, rows);
    return arena->failed ? err_memory(err) : OK;
}

err_t spike_rule_list(struct db *db, struct arena *arena, int64_t unit_id, struct spike_rule **out,
                      size_t *out_count, struct err *err)
{
    struct list list = LIST_OF(arena, struct spike_rule);
    struct value unit = v_i64(unit_id);
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(db, RULE_COLUMNS "WHERE CAST($1 AS BIGINT) = 0 OR unit_id = $2 "
                           "ORDER BY unit_id, rule_id", ARGS(unit, unit), &rows, err);
    for (bool more = false; e == OK;) {
        e = rows_next(rows, &more, err);
        if (e != OK || !more) break;
        struct spike_rule *rule = list_add(&list);
        if (rule == NULL) return err_memory(err);
        *rule = read_rule(arena, rows);
    }
    if (e != OK) return e;
    *out = list.items;
    *out_count = list.count;
    return arena->failed ? err_memory(err) : OK;
}

err_t spike_rule_decide(struct db *db, int64_t unit_id, int64_t rule_id, bool approve,
                        const struct actor *actor, struct err *err)
{
    AUTO(arena_release) struct arena arena = ARENA_OF(1 << 20);
    struct spike_rule rule;
    err_t e = get_rule(db, &arena, unit_id, rule_id, &rule, err);
    if (e != OK) return e;
    if (!str_equal(rule.state, S("proposed"))) {
        err_set(err, E_STATE, "rule", "Quy tắc đã được quyết định",
                "The rule was decided already");
        return err_hint(err, "Đề nghị quy tắc mới: sangden spike rule propose",
                        "Propose a new one: sangden spike rule propose");
    }
    e = approval_second(db, actor, unit_id, rule.proposed_by, rule.proposed_day, err);
    if (e != OK) return e;
    return db_run(db, "UPDATE spike_rule SET state = $1, decided_by = $2, decided_at = $3 "
                      "WHERE unit_id = $4 AND rule_id = $5",
                  ARGS(v_text(approve ? S("approved") : S("refused")), v_i64(actor->staff_id),
                       v_i64(clock_now_ms()), v_i64(unit_id), v_i64(rule_id)), NULL, err);
}

/* ---- bulk release -------------------------------------------------------------------------- */

static err_t write_steps(struct db *db, const struct spike_rule *rule, int32_t month,
                         const struct list *all, int64_t actor_id, int64_t at,
                         int64_t *out_count, struct err *err)
{
    struct bulk *bulk;
    err_t e = bulk_open(db, "spike_step",
                        "unit_id, month, book_id, period_no, point_id, usage_kind, closing_no, "
                        "step_no, step, rule_id, evidence, reason, actor_id, at", &bulk, err);
    if (e != OK) return e;
    const struct spike_candidate *items = all->items;
    for (size_t i = 0; e == OK && i < all->count; i++) {
        const struct spike_candidate *one = &items[i];
        if (!one->settled) continue;
        (*out_count)++;
        e = bulk_row(bulk,
                     ARGS(v_i64(rule->unit_id), v_i64(month_to_number(month)),
                          v_i64(one->book_id), v_i64(one->period_no), v_i64(one->point_id),
                          v_text(one->final ? S("final") : S("periodic")),
                          v_i64(one->closing_no), v_i64(one->step_no), v_text(S("rule")),
                          v_i64(rule->rule_id), v_text(one->evidence),
                          v_text(rule->document), v_i64(actor_id), v_i64(at)), err);
    }
    if (e == OK) return bulk_close(bulk, err);
    bulk_drop(bulk);
    return e;
}

static err_t check_rule(const struct spike_rule *rule, int32_t day, struct err *err)
{
    if (rule->kind == RULE_LAST_DAY) {
        err_set(err, E_INPUT, "rule", "Quy tắc ngày cuối không dùng để duyệt hàng loạt",
                "The rule of the last day releases nothing in bulk");
        return err_hint(err, "Quy tắc ngày cuối được áp dụng bởi: sangden spike escalate",
                        "It is applied by: sangden spike escalate");
    }
    /* The business day is an argument; on the day of the clock the rule must hold as well. */
    int32_t clock_day = vietnam_day(clock_now_ms());
    bool valid = day <= clock_day && day >= rule->from_day && clock_day < rule->to_day;
    if (valid && str_equal(rule->state, S("approved"))) return OK;
    err_set(err, E_STATE, "rule", "Quy tắc chưa được duyệt hoặc không còn hiệu lực",
            "The rule is not approved, or not valid on this day");
    return err_hint(err, "Duyệt: sangden spike rule approve, hoặc lập quy tắc mới",
                    "Approve it (sangden spike rule approve), or propose a new one");
}

err_t spike_release_by_rule(struct db *db, int64_t unit_id, int32_t month, int64_t rule_id,
                            int32_t business_day, int64_t actor_id, struct spike_release *out,
                            struct err *err)
{
    AUTO(arena_release) struct arena arena = ARENA_OF((size_t)256 * 1024 * 1024);
    struct spike_rule rule;
    err_t e = get_rule(db, &arena, unit_id, rule_id, &rule, err);
    if (e == OK) e = check_rule(&rule, business_day, err);
    if (e != OK) return e;
    struct list all = LIST_OF(&arena, struct spike_candidate);
    e = spike_evidence_find(db, &rule, month, &all, err);
    if (e != OK) return e;
    struct spike_release done = {.looked_at = (int64_t)all.count};
    int64_t at = clock_now_ms();
    e = write_steps(db, &rule, month, &all, actor_id, at, &done.released, err);
    if (e == OK && done.released > 0)
        e = db_run(db,
                   "UPDATE spike_case SET state = 'released', rule_id = $1 WHERE unit_id = $2 AND "
                   "month = $3 AND state IN ('open', 'lapsed') AND EXISTS (SELECT 1 FROM "
                   "spike_step s WHERE "
                   "s.unit_id = spike_case.unit_id AND s.month = spike_case.month AND "
                   "s.book_id = spike_case.book_id AND s.period_no = spike_case.period_no AND "
                   "s.point_id = spike_case.point_id AND s.usage_kind = spike_case.usage_kind AND "
                   "s.closing_no = spike_case.closing_no AND s.step = 'rule' AND "
                   "s.rule_id = $4 AND s.at = $5)",
                   ARGS(v_i64(rule_id), v_i64(unit_id), v_i64(month_to_number(month)),
                        v_i64(rule_id), v_i64(at)), NULL, err);
    if (e == OK) *out = done;
    return e;
}

/* ---- days ---------------------------------------------------------------------------------- */

/* The approved rule of the last day that holds on a day, and still on the day of the clock; rule_id
 * 0 when there is none. */
static err_t last_day_rule(struct db *db, struct arena *arena, int64_t unit_id, struct value day,
                           struct spike_rule *out, struct err *err)
{
    char text[DATE_TEXT_BYTES];
    struct value clock_day = v_text(day_text(vietnam_day(clock_now_ms()), text));
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(db, RULE_COLUMNS "WHERE unit_id = $1 AND kind = 'last_day' AND "
                           "state = 'approved' AND valid_from <= $2 AND valid_to > $3 "
                           "ORDER BY rule_id DESC LIMIT 1",
                       ARGS(v_i64(unit_id), day, clock_day), &rows, err);
    bool more = false;
    if (e == OK) e = rows_next(rows, &more, err);
    if (e != OK) return e;
    *out = more ? read_rule(arena, rows) : (struct spike_rule){.rule_id = 0, .waits = true};
    return arena->failed ? err_memory(err) : OK;
}

/* Appends one step to all cases that a condition picks, then changes them. */
#define STEP_OF_CASES(condition)                                                            \
    "INSERT INTO spike_step (unit_id, month, book_id, period_no, point_id, usage_kind, "    \
    "closing_no, step_no, step, rule_id, evidence, reason, actor_id, at) "                  \
    "SELECT c.unit_id, c.month, c.book_id, c.period_no, c.point_id, c.usage_kind, "         \
    "c.closing_no, COALESCE((SELECT max(s.step_no) FROM spike_step s WHERE "                \
    CASE_KEY("s", "c") "s.usage_kind = c.usage_kind AND s.closing_no = c.closing_no), 0) + 1, " \
    "$1, CAST($2 AS BIGINT), $3, $4, CAST($5 AS BIGINT), CAST($6 AS BIGINT) "               \
    "FROM spike_case c WHERE c.unit_id = $7 AND " condition

/* The condition of the partial index, so that years of settled cases are not read. */
#define WAITING "state IN ('open', 'ordered', 'lapsed') "
#define ESCALATES                                                                           \
    WAITING "AND state <> 'lapsed' AND holds = 1 AND escalated = 0 AND escalate_on <= "
#define LAPSES WAITING "AND state <> 'lapsed' AND holds = 1 AND last_on < "

static err_t escalate_cases(struct db *db, int64_t unit_id, struct value day, int64_t actor_id,
                            int64_t *out_count, struct err *err)
{
    struct value at = v_i64(clock_now_ms()), unit = v_i64(unit_id);
    err_t e = db_run(db, STEP_OF_CASES(ESCALATES "$8"),
                     ARGS(v_text(S("escalate")), v_null(), v_text(S("escalate_on")),
                          v_text(S("Sắp hết hạn phúc tra")), v_i64(actor_id), at, unit, day),
                     NULL, err);
    if (e != OK) return e;
    return db_run(db, "UPDATE spike_case SET escalated = 1 WHERE unit_id = $1 AND " ESCALATES "$2",
                  ARGS(unit, day), out_count, err);
}

static struct str lapse_reason(const struct spike_rule *rule, bool leader_only)
{
    if (leader_only) return S("Quá hạn phúc tra; từ 3 lần chỉ chữ ký lãnh đạo mới cho phát hành");
    return rule->rule_id == 0 ? S("Quá hạn phúc tra, chưa có quy tắc cho ngày cuối")
                              : rule->document;
}

/* Below three times as the rule says; from there on no rule takes the place of a signature. */
static err_t lapse_cases(struct db *db, int64_t unit_id, const struct spike_rule *rule,
                         bool leader_only, struct value day, int64_t actor_id,
                         int64_t *out_count, struct err *err)
{
    struct value at = v_i64(clock_now_ms()), unit = v_i64(unit_id), leader = v_i64(leader_only);
    bool unruled = leader_only || rule->rule_id == 0;
    struct value rule_id = unruled ? v_null() : v_i64(rule->rule_id);
    bool waits = leader_only || rule->waits;
    err_t e = db_run(db, STEP_OF_CASES(LAPSES "$8 AND leader_only = $9"),
                     ARGS(v_text(S("lapse")), rule_id, v_text(S("last_on")),
                          v_text(lapse_reason(rule, leader_only)), v_i64(actor_id), at, unit,
                          day, leader), NULL, err);
    if (e != OK) return e;
    return db_run(db, "UPDATE spike_case SET state = $1, rule_id = CAST($2 AS BIGINT) WHERE "
                      "unit_id = $3 AND " LAPSES "$4 AND leader_only = $5",
                  ARGS(v_text(waits ? S("lapsed") : S("released")), rule_id, unit, day, leader),
                  out_count, err);
}

/* A day to come would end holds before their last day. */
static err_t check_day(int32_t business_day, struct err *err)
{
    if (business_day <= vietnam_day(clock_now_ms())) return OK;
    err_set(err, E_INPUT, "date", "Ngày làm việc nằm ở tương lai",
            "The business date lies in the future");
    return err_hint(err, "Bỏ --date hoặc chọn một ngày đến hôm nay",
                    "Leave out --date or choose a day up to today");
}

err_t spike_escalate(struct db *db, int64_t unit_id, int32_t business_day, int64_t actor_id,
                     struct spike_escalation *out, struct err *err)
{
    AUTO(arena_release) struct arena arena = ARENA_OF(1 << 20);
    char text[DATE_TEXT_BYTES];
    struct value day = v_text(day_text(business_day, text));
    struct spike_escalation done = {0};
    struct spike_rule rule;
    err_t e = check_day(business_day, err);
    if (e == OK) e = escalate_cases(db, unit_id, day, actor_id, &done.escalated, err);
    if (e == OK) e = last_day_rule(db, &arena, unit_id, day, &rule, err);
    int64_t count = 0;
    if (e == OK) e = lapse_cases(db, unit_id, &rule, true, day, actor_id, &done.lapsed, err);
    if (e == OK) e = lapse_cases(db, unit_id, &rule, false, day, actor_id, &count, err);
    if (e != OK) return e;
    if (rule.waits) done.lapsed += count;
    else done.released = count;
    *out = done;
    int64_t ended = done.released + done.lapsed;
    if (done.escalated + ended == 0) return OK;
    char memory[120];
    struct buf payload;
    buf_init_fixed(&payload, memory, sizeof memory);
    buf_printf(&payload, "{\"escalated\":%lld,\"last_day\":%lld}", (long long)done.escalated,
               (long long)ended);
    return event_append(db, unit_id, S("spike.escalated"), unit_id, buf_str(&payload), err);
}
