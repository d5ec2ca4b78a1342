/* SPDX-License-Identifier: Apache-2.0 */
#include "metering/checks.h"

#include "base/clock.h"
#include "base/date.h"
#include "metering/estimate.h"
#include "metering/metering_int.h"
#include "metering/parameter.h"
#include "metering/spike.h"

/* Rows that count: those of the latest closing, or outside the cycle. */
#define LIVE(u, b)                                                                          \
    b ".unit_id = " u ".unit_id AND " b ".book_id = " u ".book_id AND " b ".month = " u     \
    ".month AND " b ".period_no = " u ".period_no AND (" b ".period_no = 0 OR (" b          \
    ".closing_no = " u ".closing_no AND " b ".state <> 'open')) "

#define SAME_CASE(s, c)                                                                     \
    s ".unit_id = " c ".unit_id AND " s ".month = " c ".month AND " s ".book_id = " c       \
    ".book_id AND " s ".period_no = " c ".period_no AND " s ".point_id = " c ".point_id AND " \
    s ".usage_kind = " c ".usage_kind AND " s ".closing_no = " c ".closing_no "

#define POINT(u) "CAST(" u ".point_id AS TEXT) || ' ' || CAST(" u ".month AS TEXT) "

/* One day of a point is used once, in whatever book and month: one pass by point and first day. */
const struct check check_usage_once = {
    .name = "usage.once",
    .vi = "Sản lượng của một điểm đo không chồng ngày",
    .en = "The days of a point are used once",
    .sql = "SELECT " POINT("x") "FROM (SELECT u.point_id, u.from_on, "
           "lag(u.month) OVER (PARTITION BY u.unit_id, u.point_id ORDER BY u.from_on, u.to_on) "
           "AS month, max(u.to_on) OVER (PARTITION BY u.unit_id, u.point_id "
           "ORDER BY u.from_on, u.to_on ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) "
           "AS before_on, u.to_on FROM usage u JOIN book_period b ON " LIVE("u", "b")
           "WHERE u.kind <> 'supplement') x WHERE x.from_on < x.before_on AND x.from_on < x.to_on"};

/* The record carries the figures and the weight of its use: a rise made small in one of the
 * two is found too. */
const struct check check_spike_recorded = {
    .name = "spike.recorded",
    .vi = "Kỳ tăng từ 1,3 lần nào cũng có hồ sơ phúc tra đúng số liệu",
    .en = "Every period that rose to 1.3 times has its record, with its figures",
    .sql = "SELECT " POINT("u") "FROM usage u JOIN book_period b ON " LIVE("u", "b")
           "WHERE u.spike IN ('told', 'held', 'leader') AND NOT EXISTS (SELECT 1 FROM spike_case c "
           "WHERE c.unit_id = u.unit_id AND c.month = u.month AND c.book_id = u.book_id AND "
           "c.period_no = u.period_no AND c.point_id = u.point_id AND c.usage_kind = u.kind AND "
           "c.closing_no = u.closing_no AND c.new_wh = u.total_wh AND "
           "(u.before_wh IS NULL OR (c.before_wh = u.before_wh AND "
           "c.before_days = u.before_days)) AND "
           "c.holds = CASE WHEN u.spike = 'told' THEN 0 ELSE 1 END AND "
           "c.leader_only = CASE WHEN u.spike = 'leader' THEN 1 ELSE 0 END)"};

/* What a verdict asks of a period: 0 nothing, 1 to be told, 2 to be held, 3 a signature. */
static int weight(enum spike spike)
{
    switch (spike) {
    case SPIKE_TOLD: return 1;
    case SPIKE_HELD: return 2;
    case SPIKE_LEADER: return 3;
    case SPIKE_NONE:
    case SPIKE_FIRST:
    case SPIKE_COUNT: break;
    }
    return 0;
}

static bool is_misjudged(void *context, const struct rows *rows)
{
    (void)context;
    enum spike stored;
    int32_t days = stored_day(row_text(rows, 3)) - stored_day(row_text(rows, 2));
    struct period_use now = {true, row_i64(rows, 1), days};
    struct period_use before = {true, row_i64(rows, 4), row_i64(rows, 5)};
    bool known = spike_parse(row_text(rows, 6), &stored);
    return !known || weight(spike_judge(now, before).spike) > weight(stored);
}

static err_t find_misjudged(struct db *db, struct check_findings *findings, struct err *err)
{
    return check_rows(db,
                      "SELECT " POINT("u") ", u.total_wh, u.from_on, u.to_on, u.before_wh, "
                      "u.before_days, u.spike FROM usage u JOIN book_period b ON " LIVE("u", "b")
                      "WHERE u.kind <> 'supplement' AND u.before_wh IS NOT NULL AND "
                      "u.spike <> 'leader'",
                      is_misjudged, NULL, findings, err);
}

const struct check check_spike_judged = {
    .name = "spike.judged",
    .vi = "Không kỳ nào tăng mà được ghi nhẹ hơn số liệu của nó",
    .en = "No period is marked below what its own figures say",
    .find = find_misjudged};

/* The other way round: a record makes no sense of a use that is not flagged. */
const struct check check_spike_flagged = {
    .name = "spike.flagged",
    .vi = "Hồ sơ phúc tra nào cũng thuộc một kỳ mang dấu tăng bất thường",
    .en = "Every record of a rise belongs to a period that is flagged",
    .sql = "SELECT " POINT("u") "FROM usage u JOIN book_period b ON " LIVE("u", "b")
           "WHERE u.spike IN ('none', 'first') AND u.kind <> 'supplement' AND "
           "EXISTS (SELECT 1 FROM spike_case c "
           "WHERE c.unit_id = u.unit_id AND c.month = u.month AND c.book_id = u.book_id AND "
           "c.period_no = u.period_no AND c.point_id = u.point_id AND c.usage_kind = u.kind AND "
           "c.closing_no = u.closing_no)"};

/* Whether a step s lets case c go: a person, an approved rule that may, or the release of an
 * earlier closing with the same figures. */
#define LETS_GO                                                                             \
    "s.evidence <> '' AND s.reason <> '' AND (s.step = 'sign' OR "                          \
    "(s.step = 'confirm' AND c.leader_only = 0) OR "                                        \
    "(s.step IN ('rule', 'lapse') AND c.leader_only = 0 AND EXISTS (SELECT 1 FROM spike_rule r " \
    "WHERE r.unit_id = c.unit_id AND r.rule_id = s.rule_id AND r.state = 'approved' AND "   \
    "r.decided_at <= s.at AND ((s.step = 'rule' AND r.kind <> 'last_day') OR "              \
    "(s.step = 'lapse' AND r.kind = 'last_day' AND r.action = 'release')))) OR "            \
    "(s.step = 'carry' AND EXISTS (SELECT 1 FROM spike_case o WHERE o.unit_id = c.unit_id AND " \
    "o.month = c.month AND o.book_id = c.book_id AND o.period_no = c.period_no AND "        \
    "o.point_id = c.point_id AND o.usage_kind = c.usage_kind AND "                          \
    "o.closing_no < c.closing_no AND o.holds = 1 AND o.state = 'released' AND "             \
    "o.new_wh = c.new_wh AND o.new_days = c.new_days AND o.before_wh = c.before_wh AND "    \
    "o.before_days = c.before_days)))"

const struct check check_spike_released = {
    .name = "spike.released",
    .vi = "Phúc tra đã xong nào cũng ghi ai, vì sao, căn cứ gì",
    .en = "Every release says who, why and on what evidence",
    .sql = "SELECT " POINT("c") "FROM spike_case c WHERE c.holds = 1 AND c.state = 'released' AND "
           "NOT EXISTS (SELECT 1 FROM spike_step s WHERE " SAME_CASE("s", "c") "AND " LETS_GO ")",
    .share_vi = "giữ lại rồi xác minh hàng loạt theo quy tắc đã duyệt",
    .share_en = "held and then released in bulk by an approved rule",
    .share_sql = "SELECT count(*) FILTER (WHERE EXISTS (SELECT 1 FROM spike_step s WHERE "
                 SAME_CASE("s", "c") "AND s.step = 'rule')), count(*) FROM spike_case c "
                 "JOIN book_period b ON " LIVE("c", "b")
                 "WHERE c.holds = 1 AND c.state = 'released'"};

/* The signature follows a confirmation of another person, or of the same on an earlier day in
 * Vietnam (an organisation of one). */
const struct check check_spike_leader = {
    .name = "spike.leader",
    .vi = "Từ 3 lần trở lên phải có lãnh đạo ký sau khi có người xác minh",
    .en = "From three times on a leader signed what was confirmed before",
    .sql = "SELECT " POINT("c") "FROM spike_case c WHERE c.leader_only = 1 AND "
           "c.state = 'released' AND NOT EXISTS (SELECT 1 FROM spike_step s WHERE "
           SAME_CASE("s", "c") "AND (s.step = 'carry' OR (s.step = 'sign' AND EXISTS (SELECT 1 "
           "FROM spike_step f WHERE " SAME_CASE("f", "c") "AND f.step = 'confirm' AND "
           "f.step_no < s.step_no AND (f.actor_id <> s.actor_id OR "
           "(f.at + 25200000) / 86400000 < (s.at + 25200000) / 86400000)))))"};

static bool is_unruled(void *context, const struct rows *rows)
{
    (void)context;
    int64_t day = row_i64(rows, 1);
    bool lapse = str_equal(row_text(rows, 5), S("lapse"));
    bool valid = !row_is_null(rows, 4) && str_equal(row_text(rows, 4), S("approved")) &&
                 (lapse || (day < stored_day(row_text(rows, 3)) &&
                            day >= stored_day(row_text(rows, 2))));
    return !valid;
}

static err_t find_unruled(struct db *db, struct check_findings *findings, struct err *err)
{
    return check_rows(db,
                      "SELECT 'unit ' || CAST(s.unit_id AS TEXT) || ' rule ' || "
                      "CAST(coalesce(s.rule_id, 0) AS TEXT), s.day, r.valid_from, r.valid_to, "
                      "r.state, s.step FROM (SELECT unit_id, rule_id, step, "
                      "(at + 25200000) / 86400000 AS day FROM spike_step WHERE "
                      "step IN ('rule', 'lapse') AND (step = 'rule' OR rule_id IS NOT NULL) "
                      "GROUP BY 1, 2, 3, 4) s LEFT JOIN spike_rule r ON r.unit_id = s.unit_id "
                      "AND r.rule_id = s.rule_id ORDER BY s.unit_id, s.rule_id, s.day",
                      is_unruled, NULL, findings, err);
}

const struct check check_spike_ruled = {
    .name = "spike.ruled",
    .vi = "Mỗi lần xác minh hàng loạt nêu một quy tắc đã duyệt, đang có hiệu lực",
    .en = "Every release in bulk names an approved rule that was in force",
    .find = find_unruled};

/* The estimates of a unit that its parameter says should have been settled by today. */
static err_t find_late_estimates(struct db *db, struct arena *arena, int64_t unit_id,
                                 struct check_findings *findings, struct err *err)
{
    struct metering_parameters parameters;
    struct estimate *estimates;
    size_t count = 0;
    int32_t today = vietnam_day(clock_now_ms());
    err_t e = parameters_on(db, unit_id, today, &parameters, err);
    if (e == OK) e = estimate_list(db, arena, unit_id, 0, &estimates, &count, err);
    for (size_t i = 0; e == OK && i < count; i++) {
        const struct estimate *estimate = &estimates[i];
        char last[DATE_TEXT_BYTES];
        bool late = estimate->stage == ESTIMATE_BILLED && estimate_is_open(estimate) &&
                    today - estimate->to_day > parameters.estimate_settle_days;
        if (!late) continue;
        struct str day = day_text(estimate->to_day, last);
        check_found(findings, "unit %lld estimate %lld: point %lld, %.*s", (long long)unit_id,
                    (long long)estimate->estimate_id, (long long)estimate->point_id,
                    STR_ARG(day));
    }
    return e;
}

static err_t find_unsettled(struct db *db, struct check_findings *findings, struct err *err)
{
    enum { ESTIMATES_MAX_BYTES = 64 * 1024 * 1024 };
    struct arena arena;
    arena_init(&arena, ESTIMATES_MAX_BYTES);
    struct list units = LIST_OF(&arena, int64_t);
    struct rows *rows = NULL;
    err_t e = db_query(db, "SELECT DISTINCT unit_id FROM estimate ORDER BY unit_id", NO_ARGS,
                       &rows, err);
    for (bool more = false; e == OK;) {
        e = rows_next(rows, &more, err);
        if (e != OK || !more) break;
        int64_t *unit_id = list_add(&units);
        if (unit_id == NULL) e = err_memory(err);
        else *unit_id = row_i64(rows, 0);
    }
    rows_done(rows);
    for (size_t i = 0; e == OK && i < units.count; i++)
        e = find_late_estimates(db, &arena, LIST_ITEMS(units, int64_t)[i], findings, err);
    arena_release(&arena);
    return e;
}

const struct check check_estimate_settled = {
    .name = "estimate.settled",
    .vi = "Tạm tính đã lên hóa đơn nào cũng được quyết toán đúng hạn",
    .en = "Every billed estimate is settled in time",
    .find = find_unsettled};
