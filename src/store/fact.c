/* SPDX-License-Identifier: Apache-2.0 */
#include "store/fact.h"

#include "base/clock.h"
#include "base/date.h"
#include "store/store_int.h"

/* ---- in memory --------------------------------------------------------------------------- */

enum fact_state fact_state_of(struct str text)
{
    if (str_equal(text, S("set"))) return FACT_SET;
    if (str_equal(text, S("end"))) return FACT_END;
    ASSERT(str_equal(text, S("retract")));
    return FACT_RETRACT;
}

struct str fact_state_text(enum fact_state state)
{
    static const struct str texts[] = {S_INIT("set"), S_INIT("end"), S_INIT("retract")};
    return texts[state];
}

/* The last entry of the day at rows[start] that was known; *out_next is where the next day starts.
 * False when nothing of that day was known, or it was taken back. */
static bool believed(const struct fact_row *rows, size_t count, size_t start, int64_t known_at_ms,
                     size_t *out_index, size_t *out_next)
{
    size_t i = start;
    bool found = false;
    for (; i < count && rows[i].valid_from_day == rows[start].valid_from_day; i++) {
        DASSERT(i == start || rows[i].entry_no > rows[i - 1].entry_no);
        if (rows[i].recorded_at_ms > known_at_ms) continue;
        *out_index = i;
        found = true;
    }
    *out_next = i;
    return found && rows[*out_index].state != FACT_RETRACT;
}

bool fact_resolve(const struct fact_row *rows, size_t count, int32_t day, int64_t known_at_ms,
                  size_t *out_index)
{
    bool holds = false;
    size_t holder = 0;
    for (size_t i = 0; i < count && rows[i].valid_from_day <= day;) {
        size_t index;
        size_t next;
        if (believed(rows, count, i, known_at_ms, &index, &next)) {
            holder = index;
            holds = rows[index].state == FACT_SET;
        }
        i = next;
    }
    if (holds) *out_index = holder;
    return holds;
}

static bool add_segment(struct fact_segment segment, struct fact_segment *out, size_t capacity,
                        size_t *count)
{
    if (segment.from_day >= segment.to_day) return true;
    if (*count == capacity) return false;
    out[(*count)++] = segment;
    return true;
}

bool fact_segments(const struct fact_row *rows, size_t count, int32_t from_day, int32_t to_day,
                   int64_t known_at_ms, struct fact_segment *out, size_t capacity,
                   size_t *out_count)
{
    ASSERT(from_day <= to_day);
    struct fact_segment open = {0};
    bool holds = false;
    size_t found = 0;
    for (size_t i = 0; i < count && rows[i].valid_from_day < to_day;) {
        size_t index;
        size_t next;
        if (believed(rows, count, i, known_at_ms, &index, &next)) {
            int32_t day = rows[index].valid_from_day > from_day ? rows[index].valid_from_day
                                                               : from_day;
            open.to_day = day;
            if (holds && !add_segment(open, out, capacity, &found)) return false;
            open = (struct fact_segment){.from_day = day, .row_index = index};
            holds = rows[index].state == FACT_SET;
        }
        i = next;
    }
    open.to_day = to_day;
    if (holds && !add_segment(open, out, capacity, &found)) return false;
    *out_count = found;
    return true;
}

/* ---- writing ----------------------------------------------------------------------------- */

err_t fact_moment(struct db *db, int64_t unit_id, int64_t *out_moment_ms, struct err *err)
{
    ASSERT(db->transaction == TX_WRITE);
    for (size_t i = 0; i < db->moment_count; i++) {
        if (db->moments[i].unit_id != unit_id) continue;
        *out_moment_ms = db->moments[i].moment_ms;
        return OK;
    }
    int64_t taken;
    err_t e = db_get_i64(db,
                         "INSERT INTO store_clock (unit_id, last_at) VALUES ($1, $2)"
                         " ON CONFLICT (unit_id) DO UPDATE SET last_at ="
                         " CASE WHEN excluded.last_at > store_clock.last_at"
                         " THEN excluded.last_at ELSE store_clock.last_at + 1 END"
                         " RETURNING last_at",
                         ARGS(v_i64(unit_id), v_i64(clock_now_ms())), &taken, err);
    if (e != OK) return e;
    if (db->moment_count < MOMENTS_KEPT_MAX)
        db->moments[db->moment_count++] =
            (struct unit_moment){.unit_id = unit_id, .moment_ms = taken};
    *out_moment_ms = taken;
    return OK;
}

/* The last entry of the day, and the last recording of the subject on any day. */
static void last_sql(struct buf *sql, const struct fact_table *table)
{
    struct str rest = str_of(table->subject);
    struct str column;
    buf_printf(sql,
               "SELECT coalesce(max(CASE WHEN valid_from = $1 THEN entry_no END), 0),"
               " coalesce(max(recorded_at), 0) FROM %s WHERE unit_id = $2", table->name);
    for (int i = 3; str_split(&rest, ',', &column); i++)
        buf_printf(sql, " AND %.*s = $%d", STR_ARG(column), i);
}

err_t fact_next(struct db *db, const struct fact_table *table, int64_t unit_id,
                struct args subject, int32_t valid_from_day, struct fact_stamp *out,
                struct err *err)
{
    char text[512];
    char day[DATE_TEXT_BYTES];
    struct buf sql;
    struct value values[8];
    int64_t moment_ms;
    ASSERT(subject.count >= 1 && subject.count + 2 <= ARRAY_COUNT(values));
    err_t e = fact_moment(db, unit_id, &moment_ms, err);
    if (e != OK) return e;
    buf_init_fixed(&sql, text, sizeof text);
    last_sql(&sql, table);
    ASSERT(!sql.failed);
    values[0] = v_text(day_text(valid_from_day, day));
    values[1] = v_i64(unit_id);
    for (size_t i = 0; i < subject.count; i++) values[i + 2] = subject.values[i];
    AUTO(rows_done_at) struct rows *rows = NULL;
    bool row = false;
    e = db_query(db, text, (struct args){values, subject.count + 2}, &rows, err);
    if (e == OK) e = rows_next(rows, &row, err);
    if (e != OK) return e;
    ASSERT(row);
    /* Rows of a history that was taken over may carry moments of their own: never go back. */
    int64_t last_ms = row_i64(rows, 1);
    out->entry_no = row_i64(rows, 0) + 1;
    out->recorded_at_ms = last_ms > moment_ms ? last_ms : moment_ms;
    return OK;
}
