/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/relation.h"

#include "base/date.h"

static const struct str kind_words[] = {S_INIT("sub"), S_INIT("sum"), S_INIT("export")};

struct str relation_text(enum relation_kind kind)
{
    ASSERT((size_t)kind < ARRAY_COUNT(kind_words));
    return kind_words[kind];
}

bool relation_parse(struct str text, enum relation_kind *out)
{
    for (size_t i = 0; i < ARRAY_COUNT(kind_words); i++)
        if (str_equal(kind_words[i], text)) {
            *out = (enum relation_kind)i;
            return true;
        }
    return false;
}

/* Points below the other one, and below those, and so on: the corrected point must not be there. */
static const char circle_sql[] =
    "WITH RECURSIVE below (point_id) AS (SELECT CAST($1 AS BIGINT) "
    "UNION SELECT r.other_point_id FROM below b JOIN point_relation_asof r "
    "ON r.point_id = b.point_id WHERE r.unit_id = $2 AND r.kind IN ('sub', 'sum') "
    "AND r.valid_from <= $3 AND r.valid_to > $4 AND r.known_to = 9223372036854775807 "
    "AND r.state = 'set') SELECT CAST(count(*) AS BIGINT) FROM below WHERE point_id = $5";

err_t relation_check(struct db *db, int64_t unit_id, const struct point_relation *relation,
                     int32_t from_day, struct err *err)
{
    char memory[DATE_TEXT_BYTES];
    struct value day = v_text(day_text(from_day, memory));
    int64_t found = relation->point_id == relation->other_point_id;
    err_t e = OK;
    if (found == 0)
        e = db_get_i64(db, circle_sql,
                       ARGS(v_i64(relation->other_point_id), v_i64(unit_id), day, day,
                            v_i64(relation->point_id)),
                       &found, err);
    if (e != OK || found == 0) return e;
    err_set(err, E_INPUT, "relation", "Quan hệ điểm đo tạo thành vòng tròn",
            "The relation of points closes a circle");
    return err_hint(err, "Kiểm tra điểm đo tổng và điểm đo phụ",
                    "Check which point is the main one and which is the sub");
}

static err_t last_entry(struct db *db, struct args key, int64_t *out_entry_no, bool *out_set,
                        struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    bool row = false;
    err_t e = db_query(db,
                       "SELECT entry_no, state FROM point_relation_fact WHERE unit_id = $1 "
                       "AND point_id = $2 AND other_point_id = $3 AND kind = $4 "
                       "AND valid_from = $5 ORDER BY entry_no DESC LIMIT 1",
                       key, &rows, err);
    if (e == OK) e = rows_next(rows, &row, err);
    if (e != OK) return e;
    *out_entry_no = row ? row_i64(rows, 0) : 0;
    *out_set = row && str_equal(row_text(rows, 1), S("set"));
    return OK;
}

err_t relation_write(struct db *db, int64_t unit_id, const struct point_relation *relation,
                     enum fact_state state, int32_t from_day, struct str source,
                     const struct fact_author *author, bool *out_changed, struct err *err)
{
    ASSERT(state != FACT_RETRACT);
    char memory[DATE_TEXT_BYTES];
    struct value unit = v_i64(unit_id), point = v_i64(relation->point_id);
    struct value other = v_i64(relation->other_point_id);
    struct value kind = v_text(relation_text(relation->kind));
    struct value from = v_text(day_text(from_day, memory));
    int64_t entry_no = 0;
    bool set = false;
    err_t e = OK;
    if (state == FACT_SET) e = relation_check(db, unit_id, relation, from_day, err);
    if (e == OK)
        e = last_entry(db, ARGS(unit, point, other, kind, from), &entry_no, &set, err);
    if (e != OK) return e;
    bool write = entry_no == 0 || set != (state == FACT_SET);
    int64_t moment_ms = 0;
    if (write) e = fact_moment(db, unit_id, &moment_ms, err);
    if (e == OK && write)
        e = db_run(db,
                   "INSERT INTO point_relation_fact (unit_id, point_id, other_point_id, kind, "
                   "valid_from, entry_no, state, recorded_at, actor_id, source) "
                   "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
                   ARGS(unit, point, other, kind, from, v_i64(entry_no + 1),
                        v_text(fact_state_text(state)), v_i64(moment_ms),
                        v_i64(author->actor_id), v_text(source)),
                   NULL, err);
    if (e == OK && out_changed != NULL) *out_changed = write;
    return e;
}
