/* SPDX-License-Identifier: Apache-2.0 */
#include "metering/supplement_use.h"

#include "base/date.h"
#include "store/store.h"

/* A point may have been read in several books of the month: its supplements count through all. */
static err_t next_number(struct db *db, const struct supplement_use *use, int64_t *out,
                         struct err *err)
{
    return db_get_i64(db,
                      "SELECT COALESCE(max(u.closing_no), 0) + 1 FROM book b JOIN usage u ON "
                      "u.unit_id = b.unit_id AND u.book_id = b.book_id AND u.month = $1 AND "
                      "u.period_no = 0 AND u.point_id = $2 AND u.kind = 'supplement' "
                      "WHERE b.unit_id = $3",
                      ARGS(v_i64(use->month), v_i64(use->point_id), v_i64(use->unit_id)), out,
                      err);
}

static struct value wh_or_null(bool known, int64_t wh)
{
    return known ? v_i64(wh) : v_null();
}

err_t supplement_use_add(struct db *db, const struct supplement_use *use, int64_t *out_number,
                         struct err *err)
{
    ASSERT(db_in_transaction(db));
    char from[DATE_TEXT_BYTES], to[DATE_TEXT_BYTES];
    bool three = use->three_registers;
    int64_t number;
    err_t e = next_number(db, use, &number, err);
    if (e != OK) return e;
    e = db_run(db,
               "INSERT INTO usage (unit_id, book_id, month, period_no, point_id, kind, closing_no, "
               "agreement_id, from_on, to_on, total_wh, normal_wh, peak_wh, offpeak_wh, "
               "reactive_varh, metered_wh, estimated, spike, carry, detail) VALUES ($1, $2, $3, 0, "
               "$4, 'supplement', $5, $6, $7, $8, $9, $10, $11, $12, $13, 0, 0, 'none', '{}', $14)",
               ARGS(v_i64(use->unit_id), v_i64(use->book_id), v_i64(use->month),
                    v_i64(use->point_id), v_i64(number), v_i64(use->agreement_id),
                    v_text(day_text(use->from_day, from)), v_text(day_text(use->to_day, to)),
                    v_i64(use->total_wh), wh_or_null(three, use->normal_wh),
                    wh_or_null(three, use->peak_wh), wh_or_null(three, use->offpeak_wh),
                    wh_or_null(use->reactive_varh >= 0, use->reactive_varh),
                    v_text(use->detail)),
               NULL, err);
    if (e == OK) *out_number = number;
    return e;
}
