/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/relation.h"

#include "base/date.h"
#include "network/circle.h"

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

/* From a corrected point to what corrects it; export leads to the other direction of one place. */
#define RELATION_LINKS(kinds)                                                               \
    CIRCLE_LINKS("point_relation_asof", "point_id", "other_point_id", "r.unit_id = $4",     \
                 kinds, "r.point_id = $3 AND r.other_point_id = $1")
static const struct circle_links use_links = RELATION_LINKS("r.kind IN ('sub', 'sum')");
static const struct circle_links export_links = RELATION_LINKS("r.kind = 'export'");

/* Nearly every sub point has none below itself, and then no circle can be. */
static err_t may_close(struct db *db, int64_t unit_id, const struct point_relation *relation,
                       bool *out, struct err *err)
{
    int64_t below = 0;
    *out = relation->point_id == relation->other_point_id;
    if (*out) return OK;
    err_t e = db_get_i64(db,
                         "SELECT CAST(count(*) AS BIGINT) FROM point_relation_fact "
                         "WHERE unit_id = $1 AND point_id = $2",
                         ARGS(v_i64(unit_id), v_i64(relation->other_point_id)), &below, err);
    if (e == OK) *out = below > 0;
    return e;
}

err_t relation_check(struct db *db, int64_t unit_id, const struct point_relation *relation,
                     int32_t from_day, struct err *err)
{
    bool closes = false, may = false;
    int64_t moment_ms;
    const struct circle_links *links =
        relation->kind == RELATION_EXPORT ? &export_links : &use_links;
    /* Taken before anything is read: of two writers the second sees what the first linked. */
    err_t e = fact_moment(db, unit_id, &moment_ms, err);
    if (e == OK) e = may_close(db, unit_id, relation, &may, err);
    if (e == OK && may)
        e = circle_closes(db, links, unit_id, relation->point_id, relation->other_point_id,
                          from_day, &closes, err);
    if (e != OK || !closes) return e;
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
    int64_t moment_ms = 0;
    err_t e = fact_moment(db, unit_id, &moment_ms, err);
    if (e == OK)
        e = last_entry(db, ARGS(unit, point, other, kind, from), &entry_no, &set, err);
    bool write = entry_no == 0 || set != (state == FACT_SET);
    if (e == OK && write && state == FACT_SET)
        e = relation_check(db, unit_id, relation, from_day, err);
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
