/* SPDX-License-Identifier: Apache-2.0 */
#include "insight/insight_view.h"

#include "base/date.h"
#include "base/integer.h"

enum { WH_PER_KWH = 1000, WORDS_BYTES = 512 };

/* What one row of peer_home joined with its group says. */
#define HOME_COLUMNS \
    "h.state, h.household_wh, h.quarters, g.level, g.urban, g.households, g.days, " \
    "g.member_count, g.below_wh, g.middle_wh, g.above_wh, g.low_sum_wh, g.low_edge_wh, " \
    "g.low_next_wh, d.code, p.name, h.group_no"
enum home_column {
    HOME_STATE,
    HOME_WH,
    HOME_QUARTERS,
    GROUP_LEVEL,
    GROUP_URBAN,
    GROUP_HOUSEHOLDS,
    GROUP_DAYS,
    GROUP_MEMBERS,
    GROUP_BELOW,
    GROUP_MIDDLE,
    GROUP_ABOVE,
    GROUP_LOW_SUM,
    GROUP_LOW_EDGE,
    GROUP_LOW_NEXT,
    STATION_CODE,
    PLACE_NAME,
    HOME_GROUP
};
/* Names of the place and of the station of a group. */
#define GROUP_NAMES \
    "LEFT JOIN place p ON p.place_id = g.place_id LEFT JOIN device d ON " \
    "d.unit_id = g.unit_id AND d.device_id = g.station_id "

static void hide(struct peer_comparison *out, enum peer_answer answer)
{
    *out = (struct peer_comparison){
        .answer = answer, .reason_vi = peer_answer_vi(answer), .reason_en = peer_answer_en(answer)};
}

/* The answer for a home that is shown no group. */
static enum peer_answer answer_of(struct str state_text)
{
    static const enum peer_answer answers[PEER_STATE_COUNT] = {
        [PEER_COUNTED] = PEER_HIDDEN_FEW,         [PEER_EXCHANGED] = PEER_HIDDEN_FEW,
        [PEER_VACANT] = PEER_HIDDEN_VACANT,       [PEER_ESTIMATED] = PEER_HIDDEN_ESTIMATED,
        [PEER_CORRECTED] = PEER_HIDDEN_CORRECTED, [PEER_PROSUMER] = PEER_HIDDEN_PROSUMER,
        [PEER_OPTED_OUT] = PEER_HIDDEN_OPTED_OUT, [PEER_NO_PLACE] = PEER_HIDDEN_NO_PLACE};
    enum peer_state state;
    bool known = peer_state_parse(state_text, &state);
    ASSERT(known);
    return answers[state];
}

static err_t write_criteria(const struct rows *rows, struct arena *arena,
                            struct peer_comparison *out, struct err *err)
{
    char memory_vi[WORDS_BYTES], memory_en[WORDS_BYTES], kind_vi[WORDS_BYTES], kind_en[WORDS_BYTES];
    struct buf vi, en, of_vi, of_en;
    buf_init_fixed(&of_vi, kind_vi, sizeof kind_vi);
    buf_init_fixed(&of_en, kind_en, sizeof kind_en);
    buf_init_fixed(&vi, memory_vi, sizeof memory_vi);
    buf_init_fixed(&en, memory_en, sizeof memory_en);
    buf_add_grouped(&vi, out->others);
    buf_add(&vi, S(" hộ sinh hoạt cùng "));
    buf_printf(&en, "%lld homes of the same ", (long long)out->others);
    peer_words_place(out->level, row_text_or_empty(rows, STATION_CODE),
                     row_text_or_empty(rows, PLACE_NAME), &vi, &en);
    peer_words_kind(row_i64(rows, GROUP_URBAN) == 1, row_i64(rows, GROUP_HOUSEHOLDS),
                    (int32_t)row_i64(rows, GROUP_DAYS), &of_vi, &of_en);
    out->criteria_vi = arena_str(arena, buf_str(&vi));
    out->criteria_en = arena_str(arena, buf_str(&en));
    out->kind_vi = arena_str(arena, buf_str(&of_vi));
    out->kind_en = arena_str(arena, buf_str(&of_en));
    return arena->failed ? err_memory(err) : OK;
}

static err_t show(const struct rows *rows, struct arena *arena, struct peer_comparison *out,
                  struct err *err)
{
    bool member = str_equal(row_text(rows, HOME_STATE), peer_state_text(PEER_COUNTED));
    struct peer_statistics s = {.count = row_i64(rows, GROUP_MEMBERS),
                                .below_wh = row_i64(rows, GROUP_BELOW),
                                .middle_wh = row_i64(rows, GROUP_MIDDLE),
                                .above_wh = row_i64(rows, GROUP_ABOVE),
                                .low_sum_wh = row_i64(rows, GROUP_LOW_SUM),
                                .low_edge_wh = row_i64(rows, GROUP_LOW_EDGE),
                                .low_next_wh = row_i64(rows, GROUP_LOW_NEXT)};
    struct peer_figures figures = peer_figures_of(&s, member, row_i64(rows, HOME_WH));
    *out = (struct peer_comparison){.answer = PEER_SHOWN,
                                    .others = figures.others,
                                    .per_household =
                                        row_i64(rows, HOME_QUARTERS) != QUARTERS_PER_HOUSEHOLD,
                                    .own_kwh = div_half_up(row_i64(rows, HOME_WH), WH_PER_KWH),
                                    .median_kwh = figures.median_kwh,
                                    .efficient_kwh = figures.efficient_kwh};
    out->standing = out->own_kwh <= out->efficient_kwh ? STANDING_EFFICIENT
                    : out->own_kwh <= out->median_kwh  ? STANDING_BELOW
                                                       : STANDING_ABOVE;
    bool known = peer_level_parse(row_text(rows, GROUP_LEVEL), &out->level);
    ASSERT(known);
    return write_criteria(rows, arena, out, err);
}

static err_t is_published(struct db *db, int64_t unit_id, int64_t month, bool *out, struct err *err)
{
    int64_t floor = 0;
    err_t e = db_get_i64_or(db, "SELECT floor FROM peer_month WHERE unit_id = $1 AND month = $2",
                            ARGS(v_i64(unit_id), v_i64(month)), 0, &floor, err);
    if (e == OK) *out = floor > 0;
    return e;
}

err_t peer_comparison_of(struct db *db, struct arena *arena, const struct bill_key *bill,
                         struct peer_comparison *out, struct err *err)
{
    bool periodic = bill->kind == BILL_PERIODIC || bill->kind == BILL_ADJUSTMENT ||
                    bill->kind == BILL_REPLACEMENT;
    bool published = false, found = false;
    hide(out, PEER_HIDDEN_OTHER_BILL);
    if (!periodic || bill->period_no != 1) return OK;
    err_t e = is_published(db, bill->unit_id, bill->month, &published, err);
    if (e != OK) return e;
    hide(out, PEER_HIDDEN_UNPUBLISHED);
    if (!published) return OK;
    AUTO(rows_done_at) struct rows *rows = NULL;
    e = db_query(
        db,
        "SELECT " HOME_COLUMNS " FROM peer_home h LEFT JOIN peer_group g ON "
        "g.unit_id = h.unit_id AND g.month = h.month AND g.group_no = h.group_no " GROUP_NAMES
        "WHERE h.unit_id = $1 AND h.month = $2 AND h.point_id = $3 AND "
        "h.agreement_id = $4",
        ARGS(v_i64(bill->unit_id), v_i64(bill->month), v_i64(bill->point_id),
             v_i64(bill->agreement_id)),
        &rows, err);
    if (e == OK) e = rows_next(rows, &found, err);
    if (e != OK) return e;
    hide(out, PEER_HIDDEN_NO_HOME);
    if (!found) return OK;
    if (!row_is_null(rows, HOME_GROUP)) return show(rows, arena, out, err);
    hide(out, answer_of(row_text(rows, HOME_STATE)));
    return OK;
}

/* ---- groups ------------------------------------------------------------------------------ */

static err_t visit_group(const struct rows *rows, peer_group_visit *visit, void *context,
                         struct err *err)
{
    char memory_vi[WORDS_BYTES], memory_en[WORDS_BYTES];
    struct buf vi, en;
    struct peer_group_row row = {.group_no = row_i64(rows, 0),
                                 .urban = row_i64(rows, 2) == 1,
                                 .households = row_i64(rows, 3),
                                 .days = (int32_t)row_i64(rows, 4),
                                 .members = row_i64(rows, 5),
                                 .state = row_text(rows, 6),
                                 .median_kwh = row_i64_or(rows, 7, 0),
                                 .efficient_kwh = row_i64_or(rows, 8, 0)};
    bool known = peer_level_parse(row_text(rows, 1), &row.level);
    ASSERT(known);
    buf_init_fixed(&vi, memory_vi, sizeof memory_vi);
    buf_init_fixed(&en, memory_en, sizeof memory_en);
    peer_words_place(row.level, row_text_or_empty(rows, 9), row_text_or_empty(rows, 10), &vi, &en);
    row.place_vi = buf_str(&vi);
    row.place_en = buf_str(&en);
    return visit(context, &row, err);
}

err_t peer_groups_each(struct db *db, int64_t unit_id, int64_t month, peer_group_visit *visit,
                       void *context, struct err *err)
{
    bool published = false;
    err_t e = is_published(db, unit_id, month, &published, err);
    if (e == OK && !published) {
        err_set(err, E_NOT_FOUND, "month", "Tháng %04lld-%02lld chưa công bố so sánh",
                "The comparison of month %04lld-%02lld is not published", (long long)(month / 100),
                (long long)(month % 100));
        return err_hint(err, "Công bố bằng: sangden insight peers --month …",
                        "Publish it with: sangden insight peers --month …");
    }
    if (e != OK) return e;
    AUTO(rows_done_at) struct rows *rows = NULL;
    e = db_query(
        db,
        "SELECT g.group_no, g.level, g.urban, g.households, g.days, g.member_count, "
        "g.state, g.median_kwh, g.efficient_kwh, d.code, p.name FROM peer_group g " GROUP_NAMES
        "WHERE g.unit_id = $1 AND g.month = $2 ORDER BY g.group_no",
        ARGS(v_i64(unit_id), v_i64(month)), &rows, err);
    for (bool more = true; e == OK;) {
        e = rows_next(rows, &more, err);
        if (e != OK || !more) break;
        e = visit_group(rows, visit, context, err);
    }
    return e;
}
