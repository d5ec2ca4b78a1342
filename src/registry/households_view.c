/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/households_view.h"

#include "base/date.h"
#include "store/store.h"

static const char list_sql[] =
    "SELECT valid_from, valid_to, value_i64, proof, source, expires_on FROM point_asof WHERE "
    "unit_id = $1 AND point_id = $2 AND kind = 'households' AND state = 'set' AND "
    "known_to = 9223372036854775807 AND valid_from <= $3 AND valid_to > $4 "
    "ORDER BY valid_from DESC LIMIT 50";

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
    return row;
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
    e = db_query(db, list_sql, ARGS(unit, point, on, v_text(day_text(since_day, since))), &rows,
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
