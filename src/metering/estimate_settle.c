/* SPDX-License-Identifier: Apache-2.0 */
/* Where estimates stand, and how they are settled. */
#include "base/clock.h"
#include "base/date.h"
#include "base/integer.h"
#include "metering/carry.h"
#include "metering/estimate.h"
#include "metering/metering_int.h"
#include "registry/registry_view.h"
#include "store/store.h"
#include "tariff/meter_kwh.h"

enum { READING_MONTHS_MAX = 24 };

static const struct str STAGES[] = {S_INIT("asked"), S_INIT("refused"), S_INIT("approved"),
                                    S_INIT("unused"), S_INIT("billed"), S_INIT("settled")};
_Static_assert(ARRAY_COUNT(STAGES) == ESTIMATE_STAGE_COUNT, "one text per stage");

struct str estimate_stage_text(enum estimate_stage stage)
{
    ASSERT((size_t)stage < ARRAY_COUNT(STAGES));
    return STAGES[stage];
}

bool estimate_is_open(const struct estimate *estimate)
{
    if (estimate->stage == ESTIMATE_BILLED) return estimate->kind == ESTIMATE_PROVISIONAL;
    return estimate->stage == ESTIMATE_ASKED || estimate->stage == ESTIMATE_APPROVED;
}

/* ---- where an estimate stands --------------------------------------------------------------- */

/* The live use whose period holds the estimate's last day. */
static const char use_sql[] =
    "SELECT u.book_id, u.month, u.period_no, u.closing_no, u.agreement_id, u.kind, u.estimated "
    "FROM point_fact f JOIN book_period b ON b.unit_id = f.unit_id AND b.book_id = f.value_i64 "
    "JOIN usage u ON u.unit_id = b.unit_id AND u.book_id = b.book_id AND u.month = b.month AND "
    "u.period_no = b.period_no AND u.point_id = f.point_id WHERE f.unit_id = $1 AND "
    "f.point_id = $2 AND f.kind = 'book' AND f.state = 'set' AND u.kind <> 'supplement' AND "
    "(b.period_no = 0 OR (b.state <> 'open' AND u.closing_no = b.closing_no)) AND "
    "u.from_on < $3 AND u.to_on >= $4 ORDER BY u.estimated DESC, u.closing_no DESC LIMIT 1";

static err_t find_use(struct db *db, struct estimate *estimate, bool *out_used, struct err *err)
{
    char text[DATE_TEXT_BYTES];
    struct value last = v_text(day_text(estimate->to_day, text));
    AUTO(rows_done_at) struct rows *rows = NULL;
    bool more = false;
    err_t e = db_query(db, use_sql,
                       ARGS(v_i64(estimate->unit_id), v_i64(estimate->point_id), last, last),
                       &rows, err);
    if (e == OK) e = rows_next(rows, &more, err);
    if (e != OK || !more) return e;
    bool estimated = row_i64(rows, 6) == 1;
    *out_used = estimated || estimate->kind != ESTIMATE_PROVISIONAL;
    estimate->stage = *out_used ? ESTIMATE_BILLED : ESTIMATE_UNUSED;
    estimate->use = (struct estimate_use){
        .book_id = row_i64(rows, 0), .month = row_i64(rows, 1), .period_no = row_i64(rows, 2),
        .closing_no = row_i64(rows, 3), .agreement_id = row_i64(rows, 4),
        .final = str_equal(row_text(rows, 5), S("final"))};
    return OK;
}

/* A settlement by reading comes before one by name: it is the last word. */
static const char settlement_sql[] =
    "SELECT s.manner, s.from_on, s.to_on, s.read_wh, s.owed_wh, s.ground, s.proof, f.code, "
    "s.settled_at FROM estimate_settlement s LEFT JOIN staff f ON f.staff_id = s.actor_id "
    "LEFT JOIN book_period b ON b.unit_id = s.unit_id AND "
    "b.book_id = s.book_id AND b.month = s.month AND b.period_no = s.period_no WHERE "
    "s.unit_id = $1 AND s.estimate_id = $2 AND (s.manner <> 'reading' OR s.period_no = 0 OR "
    "(b.state <> 'open' AND b.closing_no = s.closing_no)) ORDER BY s.closing_no DESC LIMIT 1";

static err_t find_settlement(struct db *db, struct arena *arena, struct estimate *estimate,
                             struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    bool more = false;
    err_t e = db_query(db, settlement_sql,
                       ARGS(v_i64(estimate->unit_id), v_i64(estimate->estimate_id)), &rows, err);
    if (e == OK) e = rows_next(rows, &more, err);
    if (e != OK || !more) return e;
    estimate->stage = ESTIMATE_SETTLED;
    estimate->settlement = (struct estimate_settlement){
        .manner = arena_str(arena, row_text(rows, 0)), .from_day = stored_day(row_text(rows, 1)),
        .to_day = stored_day(row_text(rows, 2)), .read_wh = row_i64(rows, 3),
        .owed_wh = row_i64(rows, 4), .ground = arena_str(arena, row_text(rows, 5)),
        .proof = arena_str(arena, row_text(rows, 6)),
        .actor = arena_str(arena, row_text_or_empty(rows, 7)), .settled_at = row_i64(rows, 8)};
    return OK;
}

static err_t find_stage(struct db *db, struct arena *arena, struct estimate *estimate,
                        struct err *err)
{
    bool used = false;
    if (str_equal(estimate->state, S("refused"))) estimate->stage = ESTIMATE_REFUSED;
    if (!str_equal(estimate->state, S("approved"))) return OK;
    estimate->stage = ESTIMATE_APPROVED;
    err_t e = find_use(db, estimate, &used, err);
    if (e == OK && used && estimate->kind == ESTIMATE_PROVISIONAL)
        e = find_settlement(db, arena, estimate, err);
    return e;
}

/* ---- lists ---------------------------------------------------------------------------------- */

#define ESTIMATES                                                                             \
    "SELECT e.estimate_id, e.point_id, e.kind, e.register, e.from_on, e.to_on, e.energy_wh, " \
    "e.ground, e.proof, e.state, p.code, d.code FROM estimate e LEFT JOIN staff p ON "        \
    "p.staff_id = e.proposed_by LEFT JOIN staff d ON d.staff_id = e.decided_by WHERE "        \
    "e.unit_id = $1 AND "

static struct estimate read_estimate(struct arena *arena, int64_t unit_id,
                                     const struct rows *rows)
{
    struct estimate estimate = {
        .unit_id = unit_id, .estimate_id = row_i64(rows, 0), .point_id = row_i64(rows, 1),
        .from_day = stored_day(row_text(rows, 4)), .to_day = stored_day(row_text(rows, 5)),
        .energy_wh = row_i64(rows, 6), .ground = arena_str(arena, row_text(rows, 7)),
        .proof = arena_str(arena, row_text(rows, 8)), .state = arena_str(arena, row_text(rows, 9)),
        .proposed_by = arena_str(arena, row_text_or_empty(rows, 10)),
        .decided_by = arena_str(arena, row_text_or_empty(rows, 11))};
    bool known = estimate_kind_parse(row_text(rows, 2), &estimate.kind) &&
                 register_parse(row_text(rows, 3), &estimate.reg);
    ASSERT(known); /* the table's own checks allow no other words */
    return estimate;
}

static err_t read_all(struct db *db, struct arena *arena, int64_t unit_id, const char *sql,
                      struct value which, struct list *list, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(db, sql, ARGS(v_i64(unit_id), which), &rows, err);
    for (bool more = false; e == OK;) {
        e = rows_next(rows, &more, err);
        if (e != OK || !more) break;
        struct estimate *estimate = list_add(list);
        if (estimate == NULL) return err_memory(err);
        *estimate = read_estimate(arena, unit_id, rows);
    }
    return e;
}

err_t estimate_list(struct db *db, struct arena *arena, int64_t unit_id, int32_t since_day,
                    struct estimate **out, size_t *out_count, struct err *err)
{
    struct list list = LIST_OF(arena, struct estimate);
    char text[DATE_TEXT_BYTES];
    err_t e = read_all(db, arena, unit_id, ESTIMATES "e.to_on >= $2 ORDER BY e.estimate_id",
                       v_text(day_text(since_day, text)), &list, err);
    struct estimate *estimates = list.items;
    for (size_t i = 0; e == OK && i < list.count; i++)
        e = find_stage(db, arena, &estimates[i], err);
    if (e != OK) return e;
    *out = estimates;
    *out_count = list.count;
    return arena->failed ? err_memory(err) : OK;
}

err_t estimate_get(struct db *db, struct arena *arena, int64_t unit_id, int64_t estimate_id,
                   struct estimate *out, struct err *err)
{
    struct list list = LIST_OF(arena, struct estimate);
    err_t e = read_all(db, arena, unit_id, ESTIMATES "e.estimate_id = $2", v_i64(estimate_id),
                       &list, err);
    if (e == OK && list.count == 0) {
        err_set(err, E_NOT_FOUND, "estimate", "Không có đề nghị số %lld",
                "There is no proposal %lld", (long long)estimate_id);
        return err_hint(err, "Xem danh sách: sangden estimate list",
                        "See the list: sangden estimate list");
    }
    if (e == OK) e = find_stage(db, arena, list.items, err);
    if (e != OK) return e;
    if (arena->failed) return err_memory(err);
    *out = *(struct estimate *)list.items;
    return OK;
}

/* ---- settlement by name --------------------------------------------------------------------- */

err_t estimate_may_settle(const struct estimate *estimate, struct err *err)
{
    if (estimate->kind != ESTIMATE_PROVISIONAL) {
        err_set(err, E_STATE, "estimate", "Chỉ tạm tính (provisional) mới cần quyết toán",
                "Only provisional estimates are settled");
        return err_hint(err, "Loại này là số cuối cùng khi lên hóa đơn",
                        "This kind is final once it is billed");
    }
    if (estimate->stage == ESTIMATE_BILLED) return OK;
    if (estimate->stage == ESTIMATE_SETTLED) {
        err_set(err, E_STATE, "estimate", "Tạm tính đã quyết toán (%.*s)",
                "The estimate is settled already (%.*s)", STR_ARG(estimate->settlement.manner));
        return err_hint(err, "Xem bằng sangden estimate list", "See sangden estimate list");
    }
    err_set(err, E_STATE, "estimate", "Tạm tính chưa lên sản lượng của kỳ nào (%.*s)",
            "No closing has used the estimate (%.*s)", STR_ARG(STAGES[estimate->stage]));
    return err_hint(err, "Duyệt tạm tính và chốt sổ trước", "Approve it and close the book first");
}

static err_t agree_instead(struct err *err)
{
    return err_hint(err, "Ghi sản lượng hai bên thống nhất: --kwh",
                    "Give the energy that both sides agree on: --kwh");
}

/* The last real state of the estimated register, from the use the estimate went into. */
static err_t last_state(struct db *db, const struct estimate *estimate, struct carry_item *out,
                        struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    bool more = false;
    err_t e = db_query(db,
                       "SELECT carry FROM usage WHERE unit_id = $1 AND book_id = $2 AND "
                       "month = $3 AND period_no = $4 AND point_id = $5 AND closing_no = $6 AND "
                       "estimated = 1",
                       ARGS(v_i64(estimate->unit_id), v_i64(estimate->use.book_id),
                            v_i64(estimate->use.month), v_i64(estimate->use.period_no),
                            v_i64(estimate->point_id), v_i64(estimate->use.closing_no)),
                       &rows, err);
    if (e == OK) e = rows_next(rows, &more, err);
    if (e != OK) return e;
    struct carry carry;
    bool read = more && carry_read(row_text(rows, 0), &carry);
    for (size_t i = 0; read && i < carry.count; i++) {
        if (carry.items[i].reg != estimate->reg || carry.items[i].estimated_wh == 0) continue;
        *out = carry.items[i];
        return OK;
    }
    err_set(err, E_INPUT, "kwh", "Không xác định được chỉ số thật gần nhất trước tạm tính",
            "The last real state of the register is not known");
    return agree_instead(err);
}

/* The first real reading of the register behind the estimate. */
static err_t next_reading(struct db *db, const struct estimate *estimate,
                          const struct carry_item *state, int32_t *out_day,
                          struct meter_register *meter, struct err *err)
{
    char text[DATE_TEXT_BYTES];
    struct value since = v_text(day_text(estimate->to_day, text));
    int32_t first = month_of_day(estimate->to_day);
    for (int32_t month = first; month < first + READING_MONTHS_MAX; month++) {
        AUTO(rows_done_at) struct rows *rows = NULL;
        bool more = false;
        err_t e = db_query(db,
                           "SELECT read_on, index_wh FROM reading WHERE unit_id = $1 AND "
                           "month = $2 AND point_id = $3 AND read_on > $4 AND "
                           "installation_id = $5 AND register = $6 AND kind IN ('periodic', "
                           "'final', 'check') AND index_wh IS NOT NULL "
                           "ORDER BY read_on, kind, entry_no DESC LIMIT 1",
                           ARGS(v_i64(estimate->unit_id), v_i64(month_to_number(month)),
                                v_i64(estimate->point_id), since,
                                v_i64(state->installation_id),
                                v_text(register_text(state->reg))), &rows, err);
        if (e == OK) e = rows_next(rows, &more, err);
        if (e != OK) return e;
        if (!more) continue;
        *out_day = stored_day(row_text(rows, 0));
        meter->new_milli = row_i64(rows, 1);
        return OK;
    }
    err_set(err, E_NOT_FOUND, "estimate", "Chưa có chỉ số thật sau tạm tính để chia",
            "There is no real reading behind the estimate to divide");
    return agree_instead(err);
}

static err_t meter_of(struct db *db, const struct estimate *estimate,
                      const struct carry_item *state, struct meter_register *out,
                      struct err *err)
{
    struct installation_scan *scan;
    bool found = false;
    err_t e = installation_scan_open(db, estimate->unit_id, estimate->point_id,
                                     estimate->point_id, KNOWN_NOW, &scan, err);
    if (e != OK) return e;
    for (bool more = false; e == OK;) {
        struct installation_span span;
        e = installation_scan_next(scan, &span, &more, err);
        if (e != OK || !more) break;
        if (span.installation_id != state->installation_id) continue;
        out->multiplier_milli = span.multiplier * 1000;
        out->digits = (unsigned)span.digits;
        found = true;
    }
    installation_scan_close(scan);
    if (e != OK || found) return e;
    err_set(err, E_INPUT, "kwh", "Công tơ của tạm tính không còn trong dữ liệu",
            "The estimated meter is not known any more");
    return agree_instead(err);
}

err_t estimate_spread(struct db *db, const struct estimate *estimate, int64_t *out_wh,
                      struct err *err)
{
    struct carry_item state = {0};
    struct meter_register meter = {.expected_wh = -1};
    struct meter_use use;
    int32_t read_day = 0;
    err_t e = estimate_may_settle(estimate, err);
    if (e == OK) e = last_state(db, estimate, &state, err);
    if (e == OK) e = meter_of(db, estimate, &state, &meter, err);
    if (e == OK) e = next_reading(db, estimate, &state, &read_day, &meter, err);
    if (e != OK) return e;
    meter.old_milli = state.index_wh;
    e = meter_use_of(&meter, &use, err);
    if (e != OK) return agree_instead(err);
    if (use.verdict != METER_FORWARD) {
        err_set(err, E_INPUT, "kwh", "Chỉ số thật nhỏ hơn chỉ số trước tạm tính",
                "The real reading is lower than the one before the estimate");
        return agree_instead(err);
    }
    ASSERT(read_day > state.day);
    int64_t wh;
    if (!mul_div_half_up(use.use_wh, estimate->to_day - estimate->from_day,
                         read_day - state.day, &wh)) {
        err_set(err, E_OVERFLOW, "kwh", "Sản lượng quá lớn", "The energy is too large");
        return err_hint(err, "Kiểm tra các chỉ số và hệ số nhân của công tơ",
                        "Check the readings and the multiplier of the meter");
    }
    *out_wh = wh;
    return OK;
}

err_t estimate_settle(struct db *db, const struct estimate *estimate, bool spread, int64_t wh,
                      struct str ground, struct str proof, int64_t actor_id, struct err *err)
{
    char from[DATE_TEXT_BYTES], to[DATE_TEXT_BYTES];
    err_t e = estimate_may_settle(estimate, err);
    if (e != OK) return e;
    if (ground.n == 0) {
        err_set(err, E_INPUT, "ground", "Quyết toán phải nêu căn cứ",
                "A settlement names its ground");
        return err_hint(err, "Ví dụ: --ground \"Biên bản thỏa thuận 15/5\"",
                        "Example: --ground \"Minutes of 15 May\"");
    }
    ASSERT(wh >= 0);
    return db_run(db,
                  "INSERT INTO estimate_settlement (unit_id, estimate_id, book_id, month, "
                  "period_no, closing_no, manner, from_on, to_on, read_wh, owed_wh, ground, "
                  "proof, actor_id, settled_at) VALUES ($1, $2, 0, 0, 0, 0, $3, $4, $5, $6, $7, "
                  "$8, $9, $10, $11)",
                  ARGS(v_i64(estimate->unit_id), v_i64(estimate->estimate_id),
                       v_text(spread ? S("spread") : S("agreed")),
                       v_text(day_text(estimate->from_day, from)),
                       v_text(day_text(estimate->to_day, to)), v_i64(wh),
                       v_i64(estimate->energy_wh), v_text(ground), v_text(proof),
                       v_i64(actor_id), v_i64(clock_now_ms())), NULL, err);
}
