/* SPDX-License-Identifier: Apache-2.0 */
#include "metering/reading_review.h"

#include "base/clock.h"
#include "base/date.h"
#include "identity/approval.h"
#include "metering/metering_int.h"
#include "store/store.h"

err_t review_list(struct db *db, struct arena *arena, int64_t unit_id, int32_t month,
                  struct str finding, int64_t limit, struct reading_review **out,
                  size_t *out_count, struct err *err)
{
    struct list list = LIST_OF(arena, struct reading_review);
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(db,
                       "SELECT p.code, v.register, v.kind, v.finding, v.read_on, v.before_wh, "
                       "v.index_wh FROM reading_review v JOIN usage_point p ON "
                       "p.unit_id = v.unit_id AND p.point_id = v.point_id WHERE v.unit_id = $1 "
                       "AND v.month = $2 AND v.state = 'open' AND ($3 = '' OR v.finding = $4) "
                       "ORDER BY p.code, v.read_on, v.register, v.finding LIMIT $5",
                       ARGS(v_i64(unit_id), v_i64(month_to_number(month)), v_text(finding),
                            v_text(finding), v_i64(limit)), &rows, err);
    for (bool more = false; e == OK;) {
        e = rows_next(rows, &more, err);
        if (e != OK || !more) break;
        struct reading_review *review = list_add(&list);
        if (review == NULL) return err_memory(err);
        *review = (struct reading_review){.point_code = arena_str(arena, row_text(rows, 0)),
                                          .reg = arena_str(arena, row_text(rows, 1)),
                                          .kind = arena_str(arena, row_text(rows, 2)),
                                          .finding = arena_str(arena, row_text(rows, 3)),
                                          .read_day = stored_day(row_text(rows, 4)),
                                          .before_wh = row_i64(rows, 5),
                                          .index_wh = row_i64(rows, 6)};
    }
    if (e != OK) return e;
    *out = list.items;
    *out_count = list.count;
    return arena->failed ? err_memory(err) : OK;
}

static err_t nothing_open(struct err *err)
{
    err_set(err, E_NOT_FOUND, "finding", "Không có phát hiện nào đang chờ",
            "No such finding is waiting");
    return err_hint(err, "Xem danh sách: sangden reading review", "See: sangden reading review");
}

err_t review_decide(struct db *db, int64_t unit_id, int64_t point_id, int32_t read_day,
                    struct str finding, bool accept, const struct actor *actor,
                    struct str reason, struct err *err)
{
    if (reason.n == 0) {
        err_set(err, E_INPUT, "reason", "Phải ghi lý do", "A reason is needed");
        return err_hint(err, "Thêm --reason", "Add --reason");
    }
    char day[DATE_TEXT_BYTES];
    struct value unit = v_i64(unit_id), point = v_i64(point_id);
    struct value month = v_i64(month_to_number(month_of_day(read_day)));
    struct value on = v_text(day_text(read_day, day));
    int64_t loaded_at, changed = 0;
    err_t e = db_get_i64(db,
                         "SELECT COALESCE(max(b.recorded_at), 0) FROM reading_review v "
                         "JOIN reading_batch b ON b.unit_id = v.unit_id AND "
                         "b.batch_id = v.batch_id WHERE v.unit_id = $1 "
                         "AND v.month = $2 AND v.point_id = $3 AND v.read_on = $4 AND "
                         "v.finding = $5 AND v.state = 'open' AND b.actor_id = $6",
                         ARGS(unit, month, point, on, v_text(finding),
                              v_i64(actor->staff_id)), &loaded_at, err);
    if (e != OK) return e;
    if (loaded_at > 0)
        e = approval_second(db, actor, unit_id, actor->staff_id, vietnam_day(loaded_at), err);
    if (e != OK) return e;
    e = db_run(db,
               "UPDATE reading_review SET state = $1, decided_at = $2, decided_by = $3, "
               "reason = $4 WHERE unit_id = $5 AND month = $6 AND point_id = $7 AND read_on = $8 "
               "AND finding = $9 AND state = 'open'",
               ARGS(v_text(accept ? S("accepted") : S("refused")), v_i64(clock_now_ms()),
                    v_i64(actor->staff_id), v_text(reason), unit, month, point, on,
                    v_text(finding)),
               &changed, err);
    if (e != OK) return e;
    return changed == 0 ? nothing_open(err) : OK;
}
