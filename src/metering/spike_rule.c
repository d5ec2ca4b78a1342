/* SPDX-License-Identifier: Apache-2.0 */
/* Rules that settle flagged periods in bulk, and the days on which a case must be settled. */
#include <string.h>

#include "base/clock.h"
#include "base/date.h"
#include "base/integer.h"
#include "identity/approval.h"
#include "metering/carry.h"
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

err_t spike_rule_propose(struct db *db, const struct spike_rule *rule, int64_t actor_id,
                         int64_t *out_rule_id, struct err *err)
{
    if (rule->document.n == 0) {
        err_set(err, E_INPUT, "document", "Quy tắc phải nêu văn bản căn cứ",
                "A rule names the document it rests on");
        return err_hint(err, "Thêm --document \"số, ngày\"", "Add --document \"number, day\"");
    }
    if (rule->from_day >= rule->to_day || rule->tolerance_ppm < 0 ||
        rule->tolerance_ppm > 1000000) {
        err_set(err, E_RANGE, "from", "Thời hạn hoặc dung sai không hợp lệ",
                "The days or the tolerance are not valid");
        return err_hint(err, "Ngày hết hạn phải sau ngày bắt đầu; dung sai từ 0 đến 1000000",
                        "The end must be behind the start; a tolerance is 0 to 1000000");
    }
    int64_t rule_id;
    char from[DATE_TEXT_BYTES], to[DATE_TEXT_BYTES];
    err_t e = store_take_numbers(db, rule->unit_id, S("spike_rule"), 1, &rule_id, err);
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
    AUTO(arena_release) struct arena arena;
    arena_init(&arena, 1 << 20);
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

/* ---- what settles a case ------------------------------------------------------------------- */

/* A case that a rule may settle, with the number of its next step. 72 bytes. */
struct candidate {
    int64_t book_id, point_id, closing_no, step_no;
    struct period_use now, year_ago;
    int32_t to_day;
    int8_t period_no;
    bool final;
    bool settled;
};

struct candidates {
    struct list list; /* struct candidate, by key */
    struct carry carry;      /* of the case at hand */
    unsigned shown;          /* registers that the evidence confirms */
    bool contradicted;
};

#define CASE_KEY(alias, other)                                                             \
    alias ".unit_id = " other ".unit_id AND " alias ".month = " other ".month AND "        \
    alias ".book_id = " other ".book_id AND " alias ".period_no = " other ".period_no AND " \
    alias ".point_id = " other ".point_id AND "

#define CANDIDATE_COLUMNS                                                                  \
    "SELECT c.book_id, c.period_no, c.point_id, c.usage_kind, c.closing_no, c.new_wh, "    \
    "c.new_days, c.year_ago_wh, c.year_ago_days, u.to_on, u.carry, "                       \
    "COALESCE((SELECT max(s.step_no) FROM spike_step s WHERE " CASE_KEY("s", "c")          \
    "s.usage_kind = c.usage_kind AND s.closing_no = c.closing_no), 0) + 1"

#define CANDIDATE_FROM                                                                     \
    " FROM spike_case c JOIN usage u ON " CASE_KEY("u", "c") "u.kind = c.usage_kind AND "  \
    "u.closing_no = c.closing_no "

#define CANDIDATE_WHERE                                                                    \
    "WHERE c.unit_id = $1 AND c.month = $2 AND c.state = 'open' AND c.holds = 1 AND "      \
    "c.leader_only = 0 "

#define CANDIDATE_ORDER "ORDER BY c.book_id, c.period_no, c.point_id, c.usage_kind, c.closing_no"

static const char year_sql[] = CANDIDATE_COLUMNS CANDIDATE_FROM CANDIDATE_WHERE CANDIDATE_ORDER;

/* A check reading by remote at or behind the end of the period. */
static const char remote_sql[] = CANDIDATE_COLUMNS
    ", r.register, r.installation_id, r.index_wh, r.read_on" CANDIDATE_FROM
    "JOIN reading r ON r.unit_id = c.unit_id AND r.month IN (c.month, "
    "CASE WHEN c.month % 100 = 12 THEN c.month + 89 ELSE c.month + 1 END) AND "
    "r.point_id = c.point_id AND r.kind = 'check' AND r.source = 'remote' AND "
    "r.index_wh IS NOT NULL AND r.read_on >= u.to_on " CANDIDATE_WHERE CANDIDATE_ORDER;

/* A photo of the reading day read again by another person than the one who brought it. */
static const char photo_sql[] = CANDIDATE_COLUMNS
    ", v.register, p.installation_id, v.index_wh, p.read_on" CANDIDATE_FROM
    "JOIN photo p ON p.unit_id = c.unit_id AND p.month = c.month AND p.point_id = c.point_id AND "
    "p.read_on = u.to_on JOIN photo_review v ON v.unit_id = p.unit_id AND v.month = p.month AND "
    "v.point_id = p.point_id AND v.sha256 = p.sha256 AND v.actor_id <> p.actor_id AND "
    "v.index_wh IS NOT NULL " CANDIDATE_WHERE CANDIDATE_ORDER;

/* The months that the days of a period may lie in. */
#define TWO_MONTHS                                                                         \
    "(c.month, CASE WHEN c.month % 100 = 1 THEN c.month - 89 ELSE c.month - 1 END)"

/* Days with intervals inside the period, the latest entry of each day. */
static const char daily_sql[] = CANDIDATE_COLUMNS
    ", CAST((SELECT count(*) FROM interval_day d WHERE d.unit_id = c.unit_id AND "
    "d.point_id = c.point_id AND d.month IN " TWO_MONTHS " AND "
    "d.used_on >= u.from_on AND d.used_on < u.to_on AND d.entry_no = 1) AS BIGINT), "
    "CAST((SELECT sum(d.total_wh) FROM interval_day d WHERE d.unit_id = c.unit_id AND "
    "d.point_id = c.point_id AND d.month IN " TWO_MONTHS " AND "
    "d.used_on >= u.from_on AND d.used_on < u.to_on AND NOT EXISTS (SELECT 1 FROM interval_day n "
    "WHERE n.unit_id = d.unit_id AND n.month = d.month AND n.point_id = d.point_id AND "
    "n.used_on = d.used_on AND n.entry_no > d.entry_no)) AS BIGINT)"
    CANDIDATE_FROM CANDIDATE_WHERE CANDIDATE_ORDER;

static const char *rule_sql(enum spike_rule_kind kind)
{
    switch (kind) {
    case RULE_SECOND_REMOTE: return remote_sql;
    case RULE_DAILY_AGREE: return daily_sql;
    case RULE_PHOTO_AGAIN: return photo_sql;
    case RULE_SAME_RISE_LAST_YEAR: return year_sql;
    case RULE_LAST_DAY:
    case RULE_KIND_COUNT: break;
    }
    ASSERT(false);
    return year_sql;
}

/* The second remote value proves the first when the register has not gone back and has not gone on
 * faster than the flagged use itself: a value read too high would now seem to stand still or
 * fall. */
static void judge_second(struct candidates *all, const struct candidate *one,
                         const struct rows *rows, bool exact)
{
    enum register_code reg;
    bool known = register_parse(row_text(rows, 12), &reg);
    ASSERT(known);
    const struct carry_item *item = carry_find(&all->carry, row_i64(rows, 13), reg);
    if (item == NULL) return;
    int64_t further_wh = row_i64(rows, 14) - item->index_wh;
    int64_t days = stored_day(row_text(rows, 15)) - one->to_day;
    bool agrees = exact ? further_wh == 0
                        : further_wh >= 0 && (days > 0 || further_wh == 0) &&
                              (int128)further_wh * max_i64(one->now.days, 1) <=
                                  (int128)max_i64(one->now.wh, 1) * max_i64(days, 1);
    if (agrees) all->shown |= 1U << reg;
    else all->contradicted = true;
}

/* Every register that the period ended with must be confirmed. */
static bool all_shown(const struct candidates *all)
{
    unsigned wanted = 0;
    for (size_t i = 0; i < all->carry.count; i++) wanted |= 1U << all->carry.items[i].reg;
    return wanted != 0 && !all->contradicted && (wanted & ~all->shown) == 0;
}

static bool same_case(const struct candidate *a, const struct candidate *b)
{
    return a->book_id == b->book_id && a->period_no == b->period_no &&
           a->point_id == b->point_id && a->final == b->final && a->closing_no == b->closing_no;
}

static struct candidate read_candidate(const struct rows *rows)
{
    struct candidate one = {
        .book_id = row_i64(rows, 0), .period_no = (int8_t)row_i64(rows, 1),
        .point_id = row_i64(rows, 2), .final = str_equal(row_text(rows, 3), S("final")),
        .closing_no = row_i64(rows, 4), .to_day = stored_day(row_text(rows, 9)),
        .step_no = row_i64(rows, 11)};
    one.now = (struct period_use){true, row_i64(rows, 5), row_i64(rows, 6)};
    if (!row_is_null(rows, 7))
        one.year_ago = (struct period_use){true, row_i64(rows, 7), row_i64(rows, 8)};
    return one;
}

static bool judge_daily(const struct candidate *one, const struct rows *rows,
                        int64_t tolerance_ppm)
{
    if (row_i64(rows, 12) != one->now.days || row_is_null(rows, 13)) return false;
    int128 apart = (int128)row_i64(rows, 13) - one->now.wh;
    if (apart < 0) apart = -apart;
    return apart * 1000000 <= (int128)one->now.wh * tolerance_ppm;
}

/* Judges one row; several rows of one case add to its evidence. */
static err_t judge_row(struct candidates *all, const struct spike_rule *rule,
                       const struct rows *rows, struct err *err)
{
    struct candidate one = read_candidate(rows);
    struct candidate *items = all->list.items;
    struct candidate *place = all->list.count > 0 ? &items[all->list.count - 1] : NULL;
    if (place == NULL || !same_case(place, &one)) {
        place = list_add(&all->list);
        if (place == NULL) return err_memory(err);
        *place = one;
        all->shown = 0;
        all->contradicted = false;
        if (!carry_read(row_text(rows, 10), &all->carry)) all->carry.count = 0;
    }
    switch (rule->kind) {
    case RULE_SAME_RISE_LAST_YEAR:
        place->settled = spike_same_last_year(one.now, one.year_ago, rule->tolerance_ppm);
        break;
    case RULE_DAILY_AGREE:
        place->settled = judge_daily(&one, rows, rule->tolerance_ppm);
        break;
    case RULE_SECOND_REMOTE:
    case RULE_PHOTO_AGAIN:
        judge_second(all, &one, rows, rule->kind == RULE_PHOTO_AGAIN);
        place->settled = all_shown(all);
        break;
    case RULE_LAST_DAY:
    case RULE_KIND_COUNT: ASSERT(false);
    }
    return OK;
}

static err_t find_candidates(struct db *db, const struct spike_rule *rule, int32_t month,
                             struct candidates *all, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(db, rule_sql(rule->kind),
                       ARGS(v_i64(rule->unit_id), v_i64(month_to_number(month))), &rows, err);
    for (bool more = false; e == OK;) {
        e = rows_next(rows, &more, err);
        if (e != OK || !more) break;
        e = judge_row(all, rule, rows, err);
    }
    return e;
}

/* ---- bulk release -------------------------------------------------------------------------- */

static err_t write_steps(struct db *db, const struct spike_rule *rule, int32_t month,
                         const struct candidates *all, int64_t actor_id, int64_t at,
                         int64_t *out_count, struct err *err)
{
    struct bulk *bulk;
    err_t e = bulk_open(db, "spike_step",
                        "unit_id, month, book_id, period_no, point_id, usage_kind, closing_no, "
                        "step_no, step, rule_id, evidence, reason, actor_id, at", &bulk, err);
    if (e != OK) return e;
    const struct candidate *items = all->list.items;
    for (size_t i = 0; e == OK && i < all->list.count; i++) {
        const struct candidate *one = &items[i];
        if (!one->settled) continue;
        (*out_count)++;
        e = bulk_row(bulk,
                     ARGS(v_i64(rule->unit_id), v_i64(month_to_number(month)),
                          v_i64(one->book_id), v_i64(one->period_no), v_i64(one->point_id),
                          v_text(one->final ? S("final") : S("periodic")),
                          v_i64(one->closing_no), v_i64(one->step_no), v_text(S("rule")),
                          v_i64(rule->rule_id), v_text(spike_rule_kind_text(rule->kind)),
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
    bool valid = day >= rule->from_day && day < rule->to_day;
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
    AUTO(arena_release) struct arena arena;
    arena_init(&arena, (size_t)256 * 1024 * 1024);
    struct spike_rule rule;
    err_t e = get_rule(db, &arena, unit_id, rule_id, &rule, err);
    if (e == OK) e = check_rule(&rule, business_day, err);
    if (e != OK) return e;
    struct candidates all = {.list = LIST_OF(&arena, struct candidate)};
    e = find_candidates(db, &rule, month, &all, err);
    if (e != OK) return e;
    struct spike_release done = {.looked_at = (int64_t)all.list.count};
    int64_t at = clock_now_ms();
    e = write_steps(db, &rule, month, &all, actor_id, at, &done.released, err);
    if (e == OK && done.released > 0)
        e = db_run(db,
                   "UPDATE spike_case SET state = 'released', rule_id = $1 WHERE unit_id = $2 AND "
                   "month = $3 AND state = 'open' AND EXISTS (SELECT 1 FROM spike_step s WHERE "
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

/* The approved rule of the last day that holds on a day; rule_id 0 when there is none. */
static err_t last_day_rule(struct db *db, struct arena *arena, int64_t unit_id, struct value day,
                           struct spike_rule *out, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(db, RULE_COLUMNS "WHERE unit_id = $1 AND kind = 'last_day' AND "
                           "state = 'approved' AND valid_from <= $2 AND valid_to > $3 "
                           "ORDER BY rule_id DESC LIMIT 1",
                       ARGS(v_i64(unit_id), day, day), &rows, err);
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

err_t spike_escalate(struct db *db, int64_t unit_id, int32_t business_day, int64_t actor_id,
                     struct spike_escalation *out, struct err *err)
{
    AUTO(arena_release) struct arena arena;
    arena_init(&arena, 1 << 20);
    char text[DATE_TEXT_BYTES];
    struct value day = v_text(day_text(business_day, text));
    struct spike_escalation done = {0};
    struct spike_rule rule;
    err_t e = escalate_cases(db, unit_id, day, actor_id, &done.escalated, err);
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
