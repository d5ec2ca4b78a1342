/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of usage as billing reads them. */
#include "base/date.h"
#include "billing/run_int.h"
#include "metering/restate.h"

static int32_t row_day(const struct rows *rows, int column)
{
    int32_t day = 0;
    bool read = day_parse(row_text(rows, column), &day);
    ASSERT(read); /* the column is written by metering, from a day */
    return day;
}

struct usage_row usage_read(const struct rows *rows)
{
    struct usage_row usage = {
        .point_id = row_i64(rows, 0), .agreement_id = row_i64(rows, 1),
        .closing_no = row_i64(rows, 2), .from_day = row_day(rows, 4), .to_day = row_day(rows, 5),
        .total_wh = row_i64(rows, 6), .three_registers = !row_is_null(rows, 7),
        .normal_wh = row_i64_or(rows, 7, 0), .peak_wh = row_i64_or(rows, 8, 0),
        .offpeak_wh = row_i64_or(rows, 9, 0), .reactive_varh = row_i64_or(rows, 10, -1),
        .estimated = row_i64(rows, 11) == 1, .prorate = row_text_or_empty(rows, 12),
        .spike = row_text(rows, 13), .detail = row_text(rows, 14)};
    bool known = bill_kind_parse(row_text(rows, 3), &usage.kind);
    ASSERT(known);
    return usage;
}

/* The last word on a use: what the period's latest closing says; outside the cycle the last row,
 * of supplements the one that was billed. */
static const char live_sql[] =
    "SELECT " USAGE_COLUMNS " FROM usage u LEFT JOIN book_period p ON p.unit_id = u.unit_id AND "
    "p.book_id = u.book_id AND p.month = u.month AND p.period_no = u.period_no "
    "WHERE u.unit_id = $1 AND u.book_id = $2 AND u.month = $3 AND u.period_no = $4 AND "
    "u.point_id = $5 AND u.kind = $6 AND (u.period_no = 0 OR u.closing_no = p.closing_no) "
    "AND (u.kind <> 'supplement' OR u.closing_no = $7) ORDER BY u.closing_no DESC LIMIT 1";

err_t usage_live(struct db *db, const struct bill_key *key, int64_t closing_no,
                 struct usage_row *out, struct rows **out_rows, struct err *err)
{
    struct rows *rows = NULL;
    bool found = false;
    err_t e = db_query(db, live_sql,
                       ARGS(v_i64(key->unit_id), v_i64(key->book_id), v_i64(key->month),
                            v_i64(key->period_no), v_i64(key->point_id),
                            v_text(bill_kind_code(key->kind)), v_i64(closing_no)),
                       &rows, err);
    if (e != OK) return e;
    e = rows_next(rows, &found, err);
    if (e == OK && !found) {
        err_set(err, E_NOT_FOUND, "usage", "Không có sản lượng đã chốt của kỳ này",
                "There is no closed use of this period");
        e = err_hint(err, "Chốt sổ trước: sangden bill close SỔ",
                     "Close the book first: sangden bill close BOOK");
    }
    if (e != OK) {
        rows_done(rows);
        return e;
    }
    *out = usage_read(rows);
    *out_rows = rows;
    return OK;
}

/* ---- readings corrected behind the closing ------------------------------------------------ */

/* One price counts as the normal hours of three, as the closing counts it. False when the use would
 * be negative. */
static bool add_registers(struct usage_row *usage, const int64_t wh[REGISTER_COUNT])
{
    struct usage_row now = *usage;
    int64_t three_wh = wh[REGISTER_BT] + wh[REGISTER_CD] + wh[REGISTER_TD];
    now.total_wh += wh[REGISTER_KT] + three_wh;
    if (now.three_registers) {
        now.normal_wh += wh[REGISTER_KT] + wh[REGISTER_BT];
        now.peak_wh += wh[REGISTER_CD];
        now.offpeak_wh += wh[REGISTER_TD];
    }
    if (now.reactive_varh >= 0) now.reactive_varh += wh[REGISTER_VC];
    bool positive = now.total_wh >= 0 && now.normal_wh >= 0 && now.peak_wh >= 0 &&
                    now.offpeak_wh >= 0 && (usage->reactive_varh < 0 || now.reactive_varh >= 0);
    if (positive) *usage = now;
    return positive;
}

err_t usage_restate(struct db *db, struct arena *arena, int64_t unit_id,
                    const struct corrected_readings *corrected, const struct point_terms *terms,
                    struct usage_row *usage, enum restatement *out, struct err *err)
{
    struct closed_use use = {.unit_id = unit_id, .point_id = usage->point_id,
                             .from_day = usage->from_day, .to_day = usage->to_day,
                             .detail = usage->detail, .loss_ppm = terms->loss_ppm};
    int64_t wh[REGISTER_COUNT];
    *out = RESTATE_SAME;
    if (usage->kind == BILL_SUPPLEMENT) return OK;
    err_t e = use_restate(db, arena, &use, corrected, out, wh, err);
    if (e == OK && *out == RESTATE_KNOWN && !add_registers(usage, wh)) *out = RESTATE_UNCLEAR;
    return e;
}
