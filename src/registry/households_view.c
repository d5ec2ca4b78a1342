/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/households_view.h"

#include "base/date.h"
#include "store/store.h"

/* The paper beside a count is that of its last day, or of the day asked where that is earlier. */
static const char list_sql[] =
    "SELECT h.valid_from, h.valid_to, h.value_i64, h.proof, h.source, h.expires_on, p.value_i64, "
    "p.proof, p.expires_on FROM point_asof h LEFT JOIN point_asof p ON p.unit_id = h.unit_id AND "
    "p.point_id = h.point_id AND p.kind = 'paper_households' AND p.state = 'set' AND "
    "p.known_to = 9223372036854775807 AND p.valid_from <= $1 AND p.valid_from < h.valid_to AND "
    "(p.valid_to > $1 OR p.valid_to >= h.valid_to) WHERE "
    "h.unit_id = $2 AND h.point_id = $3 AND h.kind = 'households' AND h.state = 'set' AND "
    "h.known_to = 9223372036854775807 AND h.valid_from <= $1 AND h.valid_to > $4 "
    "ORDER BY h.valid_from DESC LIMIT 50";

static const char missing_sql[] =
    "SELECT value_i64 FROM point_asof WHERE unit_id = $1 AND point_id = $2 AND "
    "kind = 'papers_missing' AND state = 'set' AND known_to = 9223372036854775807 AND "
    "valid_from <= $3 AND valid_to > $3";

static struct households read_row(struct arena *arena, const struct rows *rows)
{
    struct households row = {.to_day = INT32_MAX,
                             .quarters = row_i64(rows, 2),
                             .proof = arena_str(arena, row_text_or_empty(rows, 3)),
                             .source = arena_str(arena, row_text_or_empty(rows, 4))};
    int32_t day;
    bool read = day_parse(row_text(rows, 0), &row.from_day);
    ASSERT(read);
    if (day_parse(row_text(rows, 1), &day)) row.to_day = day;
    if (day_parse(row_text_or_empty(rows, 5), &day)) row.proof_until_day = day;
    if (row_is_null(rows, 6)) return row;
    row.paper_counted = true;
    row.paper_quarters = row_i64(rows, 6);
    if (row_text_or_empty(rows, 7).n > 0) row.proof = arena_str(arena, row_text(rows, 7));
    bool ends = day_parse(row_text_or_empty(rows, 8), &day);
    if (ends && (row.proof_until_day == 0 || day < row.proof_until_day)) row.proof_until_day = day;
    return row;
}

enum paper_state paper_state_on(const struct households *count, int32_t day)
{
    int32_t last = count->to_day <= day ? count->to_day - 1 : day;
    if (count->proof.n == 0 && !count->paper_counted) return PAPER_NONE;
    if (count->proof_until_day != 0 && count->proof_until_day < last) return PAPER_OVER;
    if (!count->paper_counted) return PAPER_UNCOUNTED;
    return count->paper_quarters == count->quarters ? PAPER_AGREES : PAPER_DIFFERS;
}

err_t households_of_point(struct db *db, struct arena *arena, int64_t unit_id, int64_t point_id,
                          int32_t since_day, int32_t day, struct households **out,
                          size_t *out_count, bool *out_papers_missing, struct err *err)
{
    char today[DATE_TEXT_BYTES], since[DATE_TEXT_BYTES];
    struct value unit = v_i64(unit_id), point = v_i64(point_id), on = v_text(day_text(day, today));
    struct households *list = ARENA_ARRAY(arena, struct households, HOUSEHOLDS_MAX);
    int64_t missing = 0;
    size_t count = 0;
    if (list == NULL) return err_memory(err);
    err_t e = db_get_i64_or(db, missing_sql, ARGS(unit, point, on), 0, &missing, err);
    if (e != OK) return e;
    AUTO(rows_done_at) struct rows *rows = NULL;
    e = db_query(db, list_sql, ARGS(on, unit, point, v_text(day_text(since_day, since))), &rows,
                 err);
    for (bool more = true; e == OK && count < HOUSEHOLDS_MAX;) {
        e = rows_next(rows, &more, err);
        if (e != OK || !more) break;
        list[count++] = read_row(arena, rows);
    }
    if (e != OK) return e;
    if (arena->failed) return err_memory(err);
    *out = list;
    *out_count = count;
    *out_papers_missing = missing == 1;
    return OK;
}
