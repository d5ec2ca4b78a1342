/* SPDX-License-Identifier: Apache-2.0 */
#include "metering/reading_view.h"

#include "base/date.h"
#include "base/integer.h"
#include "store/store.h"

enum { MONTHS_BEFORE = 2, WH_PER_UNIT = 1000, ROWS_FIRST = 64 };

struct seeing {
    struct db *db;
    struct arena *arena;
    struct value unit, point;
    int32_t since_day;
    struct reading_seen *rows; /* by day and register */
    size_t count, capacity;
    struct err *err;
};

/* ---- reading ----------------------------------------------------------------------------- */

static const char readings_sql[] =
    "SELECT r.read_on, r.installation_id, r.register, r.kind, r.entry_no, r.index_wh, r.source, "
    "r.state, r.not_read, i.multiplier, m.serial, m.digits FROM reading r "
    "JOIN installation i ON i.unit_id = r.unit_id AND i.installation_id = r.installation_id "
    "JOIN meter m ON m.unit_id = i.unit_id AND m.meter_id = i.meter_id "
    "WHERE r.unit_id = $1 AND r.month = $2 AND r.point_id = $3 "
    "ORDER BY r.read_on, r.installation_id, r.register, r.kind, r.entry_no";

static struct reading_seen row_of(const struct seeing *s, const struct rows *rows)
{
    enum reading_state state;
    struct reading_seen row = {.point_id = s->point.i64,
                               .installation_id = row_i64(rows, 1),
                               .corrected = row_i64(rows, 4) > 1,
                               .index_wh = row_i64_or(rows, 5, -1),
                               .multiplier = row_i64(rows, 9),
                               .serial = arena_str(s->arena, row_text(rows, 10)),
                               .digits = (unsigned)row_i64(rows, 11),
                               .use_wh = -1};
    bool read = day_parse(row_text(rows, 0), &row.day) &&
                register_parse(row_text(rows, 2), &row.reg) &&
                reading_kind_parse(row_text(rows, 3), &row.kind) &&
                reading_source_parse(row_text(rows, 6), &row.source) &&
                reading_state_parse(row_text(rows, 7), &state) &&
                not_read_parse(row_text_or_empty(rows, 8), &row.not_read);
    ASSERT(read);
    row.rollover = state == READING_ROLLOVER;
    return row;
}

static bool same_reading(const struct reading_seen *a, const struct reading_seen *b)
{
    return a->day == b->day && a->installation_id == b->installation_id && a->reg == b->reg &&
           a->kind == b->kind;
}

static err_t refuse_many(struct err *err)
{
    err_set(err, E_LIMIT, "from", "Quá nhiều chỉ số để xem một lần",
            "Too many readings to be seen at once");
    return err_hint(err, "Chọn ít tháng hơn", "Choose fewer months");
}

static err_t keep(struct seeing *s, const struct reading_seen *row)
{
    if (row->day < s->since_day) return OK;
    if (s->count > 0 && same_reading(&s->rows[s->count - 1], row)) {
        s->rows[s->count - 1] = *row;
        return OK;
    }
    if (s->count == READING_ROWS_MAX) return refuse_many(s->err);
    if (s->count == s->capacity) {
        size_t capacity = s->capacity == 0 ? ROWS_FIRST : s->capacity * 2;
        struct reading_seen *rows = ARENA_ARRAY(s->arena, struct reading_seen, capacity);
        if (rows == NULL) return err_memory(s->err);
        for (size_t i = 0; i < s->count; i++) rows[i] = s->rows[i];
        s->rows = rows;
        s->capacity = capacity;
    }
    s->rows[s->count++] = *row;
    return OK;
}

static err_t read_month(struct seeing *s, int32_t month)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(s->db, readings_sql, ARGS(s->unit, v_i64(month_to_number(month)), s->point),
                       &rows, s->err);
    for (bool more = true; e == OK;) {
        e = rows_next(rows, &more, s->err);
        if (e != OK || !more) break;
        struct reading_seen row = row_of(s, rows);
        e = keep(s, &row);
    }
    return e;
}

/* ---- use --------------------------------------------------------------------------------- */

static int64_t whole_turn(unsigned digits)
{
    int64_t turn = WH_PER_UNIT;
    for (unsigned i = 0; i < digits; i++) turn *= 10;
    return turn;
}

/* The reading of the register before row i, on an earlier day. */
static const struct reading_seen *before_of(const struct seeing *s, size_t i)
{
    const struct reading_seen *row = &s->rows[i];
    while (i-- > 0) {
        const struct reading_seen *other = &s->rows[i];
        if (other->installation_id == row->installation_id && other->reg == row->reg &&
            other->index_wh >= 0 && other->day < row->day)
            return other;
    }
    return NULL;
}

static void compute_use(const struct seeing *s, size_t i)
{
    struct reading_seen *row = &s->rows[i];
    const struct reading_seen *before = row->index_wh < 0 ? NULL : before_of(s, i);
    int64_t use;
    if (before == NULL) return;
    int64_t turned = row->index_wh - before->index_wh;
    if (turned < 0 && row->rollover) turned += whole_turn(row->digits);
    if (turned < 0 || __builtin_mul_overflow(turned, row->multiplier, &use)) return;
    row->use_wh = use;
    row->since_day = before->day;
}

/* ---- photos ------------------------------------------------------------------------------ */

/* Of its register where it names one; otherwise of the first of the day. */
static struct reading_seen *shown_on(const struct seeing *s, int32_t day, int64_t installation_id,
                                     struct str reg)
{
    for (size_t i = 0; i < s->count; i++) {
        struct reading_seen *row = &s->rows[i];
        if (row->day != day || row->installation_id != installation_id) continue;
        if (reg.n == 0 || str_equal(register_text(row->reg), reg)) return row;
    }
    return NULL;
}

static err_t read_photos(struct seeing *s, int32_t month)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(s->db,
                       "SELECT read_on, installation_id, register, sha256 FROM photo WHERE "
                       "unit_id = $1 AND month = $2 AND point_id = $3 ORDER BY taken_at, sha256",
                       ARGS(s->unit, v_i64(month_to_number(month)), s->point), &rows, s->err);
    for (bool more = true; e == OK;) {
        int32_t day;
        e = rows_next(rows, &more, s->err);
        if (e != OK || !more) break;
        if (!day_parse(row_text(rows, 0), &day)) continue;
        struct reading_seen *row = shown_on(s, day, row_i64(rows, 1), row_text_or_empty(rows, 2));
        if (row != NULL) row->photo = arena_str(s->arena, row_text(rows, 3));
    }
    return e;
}

/* ---- questions --------------------------------------------------------------------------- */

/* What lies before the days was read only to tell the use of the first. */
static void cut(struct seeing *s, int32_t from_day, int32_t to_day)
{
    size_t kept = 0;
    for (size_t i = 0; i < s->count; i++)
        if (s->rows[i].day >= from_day && s->rows[i].day <= to_day) s->rows[kept++] = s->rows[i];
    s->count = kept;
}

err_t readings_of_point(struct db *db, struct arena *arena, const struct reading_question *question,
                        struct reading_seen **out, size_t *out_count, struct err *err)
{
    int32_t first = month_of_day(question->from_day), last = month_of_day(question->to_day);
    struct seeing s = {.db = db,
                       .arena = arena,
                       .unit = v_i64(question->unit_id),
                       .point = v_i64(question->point_id),
                       .since_day = question->since_day,
                       .err = err};
    err_t e = last - first >= READING_MONTHS_MAX ? refuse_many(err) : OK;
    for (int32_t month = first - MONTHS_BEFORE; month <= last && e == OK; month++)
        e = read_month(&s, month);
    for (size_t i = 0; i < s.count && e == OK; i++) compute_use(&s, i);
    for (int32_t month = first; month <= last && e == OK; month++) e = read_photos(&s, month);
    if (e == OK && arena->failed) e = err_memory(err);
    if (e != OK) return e;
    cut(&s, question->from_day, question->to_day);
    *out = s.rows;
    *out_count = s.count;
    return OK;
}

err_t readings_first_month(struct db *db, int64_t unit_id, int32_t *out_month, bool *out_found,
                           struct err *err)
{
    int64_t month = 0;
    err_t e = db_get_i64_or(
        db, "SELECT month FROM reading WHERE unit_id = $1 ORDER BY unit_id, month LIMIT 1",
        ARGS(v_i64(unit_id)), 0, &month, err);
    if (e != OK) return e;
    *out_found = month != 0;
    if (month != 0) *out_month = month_from_number(month);
    return OK;
}

err_t photo_day(struct db *db, int64_t unit_id, int32_t month, int64_t point_id, struct str sha256,
                int32_t *out_day, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    bool found = false;
    err_t e = db_query(
        db,
        "SELECT read_on FROM photo WHERE unit_id = $1 AND month = $2 AND "
        "point_id = $3 AND sha256 = $4",
        ARGS(v_i64(unit_id), v_i64(month_to_number(month)), v_i64(point_id), v_text(sha256)), &rows,
        err);
    if (e == OK) e = rows_next(rows, &found, err);
    if (e != OK) return e;
    if (found && day_parse(row_text(rows, 0), out_day)) return OK;
    err_set(err, E_NOT_FOUND, "photo", "Không có ảnh này", "There is no such photo");
    return err_hint(err, "Mở lại trang chỉ số và chọn ảnh", "Choose it on the page of readings");
}

err_t photo_of_day(struct db *db, struct arena *arena, int64_t unit_id, int64_t point_id,
                   int32_t day, struct str *out_sha256, struct err *err)
{
    char text[DATE_TEXT_BYTES];
    bool found = false;
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(db,
                       "SELECT sha256 FROM photo WHERE unit_id = $1 AND month = $2 AND "
                       "point_id = $3 AND read_on = $4 ORDER BY taken_at DESC, sha256 LIMIT 1",
                       ARGS(v_i64(unit_id), v_i64(month_to_number(month_of_day(day))),
                            v_i64(point_id), v_text(day_text(day, text))),
                       &rows, err);
    if (e == OK) e = rows_next(rows, &found, err);
    if (e != OK) return e;
    *out_sha256 = found ? arena_str(arena, row_text(rows, 0)) : S("");
    return arena->failed ? err_memory(err) : OK;
}
