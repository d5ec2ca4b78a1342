/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/hold.h"

#include <string.h>

#include "base/date.h"
#include "base/json_write.h"
#include "store/event.h"

enum { HOLDS_FIRST_CAPACITY = 32, PAYLOAD_MAX_BYTES = 256 };

static const struct str stops_words[] = {S_INIT("draft"), S_INIT("collection"), S_INIT("cut")};
static const struct str subject_words[] = {S_INIT("point"), S_INIT("account")};

struct str hold_stops_text(enum hold_stops stops)
{
    ASSERT((size_t)stops < ARRAY_COUNT(stops_words));
    return stops_words[stops];
}

struct str hold_subject_text(enum hold_subject subject)
{
    ASSERT((size_t)subject < ARRAY_COUNT(subject_words));
    return subject_words[subject];
}

bool hold_stops_parse(struct str text, enum hold_stops *out)
{
    for (size_t i = 0; i < ARRAY_COUNT(stops_words); i++)
        if (str_equal(stops_words[i], text)) {
            *out = (enum hold_stops)i;
            return true;
        }
    return false;
}

static err_t append_event(struct db *db, int64_t unit_id, struct str topic, int64_t hold_id,
                          struct err *err)
{
    char memory[PAYLOAD_MAX_BYTES];
    struct buf payload;
    buf_init_fixed(&payload, memory, sizeof memory);
    struct json_writer writer;
    json_writer_init(&writer, &payload);
    json_object(&writer, JSON_ITEM);
    json_i64(&writer, S("hold"), hold_id);
    json_end(&writer);
    return event_append(db, unit_id, topic, hold_id, buf_str(&payload), err);
}

static err_t refuse_again(const struct hold *hold, struct err *err)
{
    err_set(err, E_CONFLICT, "matter", "Việc “%.*s” đang giữ mục này rồi",
            "The matter \"%.*s\" holds this already", STR_ARG(hold->matter));
    return err_hint(err, "Bỏ giữ lần trước, hoặc dùng việc khác", "Release the earlier one first");
}

static err_t check_place(struct db *db, int64_t unit_id, const struct hold *hold, struct err *err)
{
    int64_t open = 0;
    if (hold->escalate_day > hold->last_day) {
        err_set(err, E_INPUT, "escalate", "Ngày báo cấp trên sau ngày cuối cùng",
                "The escalation is behind the last day");
        return err_hint(err, "Chọn ngày báo cấp trên không muộn hơn ngày cuối cùng",
                        "Choose an escalation not later than the last day");
    }
    err_t e = db_get_i64(db,
                         "SELECT CAST(count(*) AS BIGINT) FROM hold WHERE unit_id = $1 "
                         "AND subject_kind = $2 AND subject_id = $3 AND stops = $4 "
                         "AND matter = $5 AND released_at IS NULL",
                         ARGS(v_i64(unit_id), v_text(hold_subject_text(hold->subject)),
                              v_i64(hold->subject_id), v_text(hold_stops_text(hold->stops)),
                              v_text(hold->matter)),
                         &open, err);
    return e == OK && open > 0 ? refuse_again(hold, err) : e;
}

err_t hold_place(struct db *db, int64_t unit_id, const struct hold *hold, int64_t now_ms,
                 int64_t *out_hold_id, struct err *err)
{
    int64_t id;
    char escalate[DATE_TEXT_BYTES], last[DATE_TEXT_BYTES];
    err_t e = check_place(db, unit_id, hold, err);
    if (e == OK) e = store_take_numbers(db, unit_id, S("hold"), 1, &id, err);
    if (e == OK)
        e = db_run(db,
                   "INSERT INTO hold (unit_id, hold_id, subject_kind, subject_id, stops, matter, "
                   "reason, owner_id, placed_at, escalate_on, last_on) "
                   "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
                   ARGS(v_i64(unit_id), v_i64(id), v_text(hold_subject_text(hold->subject)),
                        v_i64(hold->subject_id), v_text(hold_stops_text(hold->stops)),
                        v_text(hold->matter), v_text(hold->reason), v_i64(hold->owner_id),
                        v_i64(now_ms), v_text(day_text(hold->escalate_day, escalate)),
                        v_text(day_text(hold->last_day, last))),
                   NULL, err);
    if (e == OK) e = append_event(db, unit_id, S("hold.placed"), id, err);
    if (e == OK) *out_hold_id = id;
    return e;
}

err_t hold_release(struct db *db, int64_t unit_id, int64_t hold_id, int64_t actor_id,
                   struct str reason, int64_t now_ms, struct err *err)
{
    int64_t changed = 0, there = 0;
    err_t e = db_run(db,
                     "UPDATE hold SET released_at = $1, released_by = $2, release_reason = $3 "
                     "WHERE unit_id = $4 AND hold_id = $5 AND released_at IS NULL",
                     ARGS(v_i64(now_ms), v_i64(actor_id), v_text(reason), v_i64(unit_id),
                          v_i64(hold_id)),
                     &changed, err);
    if (e == OK && changed == 1)
        return append_event(db, unit_id, S("hold.released"), hold_id, err);
    if (e == OK)
        e = db_get_i64(db,
                       "SELECT CAST(count(*) AS BIGINT) FROM hold WHERE unit_id = $1 "
                       "AND hold_id = $2",
                       ARGS(v_i64(unit_id), v_i64(hold_id)), &there, err);
    if (e != OK) return e;
    if (there == 0) {
        err_set(err, E_NOT_FOUND, "hold", "Không có lần giữ số %lld", "There is no hold %lld",
                (long long)hold_id);
        return err_hint(err, "Xem các lần giữ bằng: sangden hold list",
                        "See the holds with: sangden hold list");
    }
    err_set(err, E_STATE, "hold", "Lần giữ số %lld đã được bỏ", "Hold %lld is released",
            (long long)hold_id);
    return err_hint(err, "Không cần làm gì thêm",
                    "Nothing more is needed");
}

static struct hold hold_of(struct arena *arena, const struct rows *row)
{
    struct hold hold = {.hold_id = row_i64(row, 0),
                        .subject = str_equal(row_text(row, 1), S("point")) ? HOLD_POINT
                                                                          : HOLD_ACCOUNT,
                        .subject_id = row_i64(row, 2),
                        .matter = arena_str(arena, row_text(row, 4)),
                        .reason = arena_str(arena, row_text(row, 5)),
                        .owner_id = row_i64(row, 6),
                        .placed_at_ms = row_i64(row, 7)};
    bool read = hold_stops_parse(row_text(row, 3), &hold.stops) &&
                day_parse(row_text(row, 8), &hold.escalate_day) &&
                day_parse(row_text(row, 9), &hold.last_day);
    ASSERT(read);
    return hold;
}

#define HOLD_COLUMNS                                                                   \
    "SELECT hold_id, subject_kind, subject_id, stops, matter, reason, owner_id, placed_at, " \
    "escalate_on, last_on FROM hold WHERE unit_id = $1 AND released_at IS NULL AND "

static err_t read_holds(struct db *db, struct arena *arena, const char *sql, struct args args,
                        const struct hold **out, size_t *out_count, struct err *err)
{
    struct hold *holds = NULL;
    size_t count = 0, capacity = 0;
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(db, sql, args, &rows, err);
    bool row = true;
    while (e == OK && (e = rows_next(rows, &row, err)) == OK && row) {
        if (count == capacity) {
            capacity = capacity == 0 ? HOLDS_FIRST_CAPACITY : 2 * capacity;
            struct hold *larger = ARENA_ARRAY(arena, struct hold, capacity);
            if (larger == NULL) return err_memory(err);
            if (count > 0) memcpy(larger, holds, count * sizeof *holds);
            holds = larger;
        }
        holds[count++] = hold_of(arena, rows);
    }
    if (e != OK) return e;
    *out = holds;
    *out_count = count;
    return arena->failed ? err_memory(err) : OK;
}

err_t hold_list(struct db *db, struct arena *arena, int64_t unit_id, int32_t escalated_by,
                const struct hold **out, size_t *out_count, struct err *err)
{
    char memory[DATE_TEXT_BYTES];
    struct str day = escalated_by == INT32_MAX ? S("9999-12-31") : day_text(escalated_by, memory);
    return read_holds(db, arena, HOLD_COLUMNS "escalate_on <= $2 ORDER BY last_on, hold_id",
                      ARGS(v_i64(unit_id), v_text(day)), out, out_count, err);
}

err_t hold_list_of(struct db *db, struct arena *arena, int64_t unit_id, enum hold_subject subject,
                   int64_t subject_id, const struct hold **out, size_t *out_count, struct err *err)
{
    return read_holds(db, arena,
                      HOLD_COLUMNS "subject_kind = $2 AND subject_id = $3 "
                                   "ORDER BY last_on, hold_id",
                      ARGS(v_i64(unit_id), v_text(hold_subject_text(subject)), v_i64(subject_id)),
                      out, out_count, err);
}

err_t hold_stops_it(struct db *db, int64_t unit_id, enum hold_stops stops, int64_t point_id,
                    int64_t account_id, bool *out, struct err *err)
{
    int64_t count = 0;
    err_t e = db_get_i64(db,
                         "SELECT CAST(count(*) AS BIGINT) FROM hold WHERE unit_id = $1 "
                         "AND stops = $2 AND released_at IS NULL AND "
                         "((subject_kind = 'point' AND subject_id = $3) OR "
                         "(subject_kind = 'account' AND subject_id = $4))",
                         ARGS(v_i64(unit_id), v_text(hold_stops_text(stops)), v_i64(point_id),
                              v_i64(account_id)),
                         &count, err);
    if (e == OK) *out = count > 0;
    return e;
}
