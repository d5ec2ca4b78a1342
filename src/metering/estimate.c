/* SPDX-License-Identifier: Apache-2.0 */
#include "metering/estimate.h"

#include "base/clock.h"
#include "base/date.h"
#include "base/integer.h"
#include "identity/approval.h"
#include "metering/metering_int.h"
#include "store/store.h"

static const struct str KINDS[] = {S_INIT("provisional"), S_INIT("stopped_meter"),
                                   S_INIT("direct")};
_Static_assert(ARRAY_COUNT(KINDS) == ESTIMATE_KIND_COUNT, "one text per kind");

struct str estimate_kind_text(enum estimate_kind kind)
{
    ASSERT((size_t)kind < ARRAY_COUNT(KINDS));
    return KINDS[kind];
}

bool estimate_kind_parse(struct str text, enum estimate_kind *out)
{
    for (size_t i = 0; i < ARRAY_COUNT(KINDS); i++) {
        if (!str_equal(text, KINDS[i])) continue;
        *out = (enum estimate_kind)i;
        return true;
    }
    return false;
}

static err_t no_periods(struct err *err)
{
    err_set(err, E_NOT_FOUND, "point", "Điểm đo chưa có kỳ nào để lấy bình quân",
            "The point has no period to take an average of");
    return err_hint(err, "Ghi sản lượng bằng --kwh kèm căn cứ", "Give --kwh with its ground");
}

err_t estimate_suggest(struct db *db, int64_t unit_id, int64_t point_id, enum estimate_kind kind,
                       int32_t from_day, int32_t to_day, int64_t *out_wh, struct err *err)
{
    if (kind == ESTIMATE_DIRECT) {
        err_set(err, E_INPUT, "kwh", "Điện năng trực tiếp phải ghi số kWh",
                "Direct energy needs its kWh");
        return err_hint(err, "Thêm --kwh",
                        "Add --kwh");
    }
    char text[DATE_TEXT_BYTES];
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(db,
                       "SELECT u.from_on, u.to_on, u.total_wh FROM point_fact f JOIN book_period b "
                       "ON b.unit_id = f.unit_id AND b.book_id = f.value_i64 JOIN usage u ON "
                       "u.unit_id = b.unit_id AND u.book_id = b.book_id AND u.month = b.month AND "
                       "u.period_no = b.period_no AND u.point_id = f.point_id WHERE "
                       "f.unit_id = $1 AND f.point_id = $2 AND f.kind = 'book' AND "
                       "f.state = 'set' AND u.kind <> 'supplement' AND u.estimated = 0 AND "
                       "(b.period_no = 0 OR (b.state <> 'open' AND u.closing_no = b.closing_no)) "
                       "AND u.to_on <= $3 AND u.to_on > u.from_on "
                       "ORDER BY u.to_on DESC, u.closing_no DESC LIMIT 3",
                       ARGS(v_i64(unit_id), v_i64(point_id), v_text(day_text(from_day, text))),
                       &rows, err);
    int64_t wh = 0, days = 0;
    for (bool more = false; e == OK;) {
        e = rows_next(rows, &more, err);
        if (e != OK || !more) break;
        days += stored_day(row_text(rows, 1)) - stored_day(row_text(rows, 0));
        wh += row_i64(rows, 2);
    }
    if (e != OK) return e;
    if (days == 0) return no_periods(err);
    if (!mul_div_half_up(wh, to_day - from_day, days, out_wh)) {
        err_set(err, E_OVERFLOW, "kwh", "Sản lượng quá lớn", "The energy is too large");
        return err_hint(err, "Kiểm tra sản lượng các kỳ trước và số ngày tạm tính",
                        "Check the use of the periods before and the days estimated");
    }
    return OK;
}

err_t estimate_propose(struct db *db, const struct estimate *estimate, int64_t actor_id,
                       int64_t *out_estimate_id, struct err *err)
{
    if (estimate->ground.n == 0) {
        err_set(err, E_INPUT, "ground", "Tạm tính phải nêu căn cứ pháp lý hoặc hợp đồng",
                "An estimate names its ground in law or contract");
        return err_hint(err, "Ví dụ: --ground \"Hợp đồng điều 4 khoản 2\"",
                        "Example: --ground \"Contract article 4 clause 2\"");
    }
    if (estimate->from_day >= estimate->to_day || estimate->energy_wh < 0) {
        err_set(err, E_RANGE, "to", "Khoảng ngày hoặc sản lượng không hợp lệ",
                "The days or the energy are not valid");
        return err_hint(err, "Ngày cuối phải sau ngày đầu và sản lượng không âm",
                        "The end must be behind the start and the energy not negative");
    }
    int64_t id;
    char from[DATE_TEXT_BYTES], to[DATE_TEXT_BYTES];
    err_t e = store_take_numbers(db, estimate->unit_id, S("estimate"), 1, &id, err);
    if (e != OK) return e;
    e = db_run(db,
               "INSERT INTO estimate (unit_id, estimate_id, point_id, kind, register, from_on, "
               "to_on, energy_wh, ground, proof, state, proposed_by, proposed_at) "
               "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'proposed', $11, $12)",
               ARGS(v_i64(estimate->unit_id), v_i64(id), v_i64(estimate->point_id),
                    v_text(KINDS[estimate->kind]), v_text(register_text(estimate->reg)),
                    v_text(day_text(estimate->from_day, from)),
                    v_text(day_text(estimate->to_day, to)), v_i64(estimate->energy_wh),
                    v_text(estimate->ground), v_text(estimate->proof), v_i64(actor_id),
                    v_i64(clock_now_ms())), NULL, err);
    if (e == OK) *out_estimate_id = id;
    return e;
}

static err_t check_decision(struct db *db, int64_t unit_id, int64_t estimate_id,
                            int64_t *out_by, int32_t *out_day, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(db, "SELECT state, proposed_by, proposed_at FROM estimate WHERE "
                           "unit_id = $1 AND estimate_id = $2",
                       ARGS(v_i64(unit_id), v_i64(estimate_id)), &rows,
                       err);
    bool more = false;
    if (e == OK) e = rows_next(rows, &more, err);
    if (e != OK) return e;
    if (!more) {
        err_set(err, E_NOT_FOUND, "estimate", "Không có đề nghị số %lld",
                "There is no proposal %lld", (long long)estimate_id);
        return err_hint(err, "Xem danh sách: sangden estimate list",
                        "See the list: sangden estimate list");
    }
    if (!str_equal(row_text(rows, 0), S("proposed"))) {
        err_set(err, E_STATE, "estimate", "Đề nghị đã được quyết định",
                "The proposal was decided already");
        return err_hint(err, "Đề nghị lại nếu cần: sangden estimate propose",
                        "Propose again if need be: sangden estimate propose");
    }
    *out_by = row_i64(rows, 1);
    *out_day = vietnam_day(row_i64(rows, 2));
    return OK;
}

err_t estimate_decide(struct db *db, int64_t unit_id, int64_t estimate_id, bool approve,
                      const struct actor *actor, struct err *err)
{
    int64_t proposer = 0;
    int32_t proposed_day = 0;
    err_t e = check_decision(db, unit_id, estimate_id, &proposer, &proposed_day, err);
    if (e == OK) e = approval_second(db, actor, unit_id, proposer, proposed_day, err);
    if (e != OK) return e;
    return db_run(db, "UPDATE estimate SET state = $1, decided_by = $2, decided_at = $3 "
                      "WHERE unit_id = $4 AND estimate_id = $5",
                  ARGS(v_text(approve ? S("approved") : S("refused")), v_i64(actor->staff_id),
                       v_i64(clock_now_ms()), v_i64(unit_id), v_i64(estimate_id)), NULL, err);
}
