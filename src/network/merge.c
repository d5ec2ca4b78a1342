/* SPDX-License-Identifier: Apache-2.0 */
/* Mergers of units: a change of the tree, never of a unit's number. */
#include "base/date.h"
#include "network/circle.h"
#include "network/network.h"

/* A chain of mergers is not longer than this; a circle ends here. */
enum { MERGERS_MAX = 32 };

/* The value of a fact of a unit on a day, 0 when none holds. */
static err_t unit_value(struct db *db, int64_t unit_id, struct str kind, int32_t day,
                        int64_t known_at, int64_t *out, struct err *err)
{
    char text[DATE_TEXT_BYTES];
    struct value on = v_text(day_text(day, text)), known = v_i64(known_at);
    return db_get_i64_or(db,
                         "SELECT value_i64 FROM unit_asof WHERE unit_id = $1 AND kind = $2 "
                         "AND valid_from <= $3 AND valid_to > $4 AND known_from <= $5 "
                         "AND known_to > $6 AND state = 'set'",
                         ARGS(v_i64(unit_id), v_text(kind), on, on, known, known), 0, out, err);
}

err_t unit_managed_as(struct db *db, int64_t unit_id, int32_t day, int64_t known_at,
                      int64_t *out_unit_id, struct err *err)
{
    /* The end of time itself stands for "not known to end". */
    if (known_at == INT64_MAX) known_at--;
    for (int i = 0; i < MERGERS_MAX; i++) {
        int64_t into = 0;
        err_t e = unit_value(db, unit_id, S("merged_into"), day, known_at, &into, err);
        if (e != OK) return e;
        if (into == 0) {
            *out_unit_id = unit_id;
            return OK;
        }
        unit_id = into;
    }
    err_set(err, E_STATE, "unit", "Các lần sáp nhập tạo thành vòng tròn",
            "The mergers of units form a circle");
    return err_hint(err, "Rút lại lần ghi sai: sangden unit merge ĐƠN_VỊ --from NGÀY --retract",
                    "Take the wrong one back: sangden unit merge UNIT --from DAY --retract");
}

static err_t append(struct db *db, int64_t unit_id, enum unit_fact kind, enum fact_state state,
                    int64_t value, int32_t from_day, struct str source,
                    const struct fact_author *author, struct err *err)
{
    struct fact_entry entry = {.unit_id = unit_id,
                               .subject_id = unit_id,
                               .kind = &unit_fact_kinds[kind],
                               .state = state,
                               .valid_from_day = from_day,
                               .value = {.i64 = value},
                               .source = source};
    return fact_append(db, &unit_fact_sql, &entry, author, NULL, err);
}

/* Both units, always in the same order: nobody else merges either of them meanwhile. */
static err_t hold_units(struct db *db, int64_t a, int64_t b, struct err *err)
{
    int64_t moment_ms;
    err_t e = fact_moment(db, a < b ? a : b, &moment_ms, err);
    return e == OK ? fact_moment(db, a < b ? b : a, &moment_ms, err) : e;
}

/* A circle on any day would take the rights of everybody in its units. */
static err_t check_circle(struct db *db, int64_t unit_id, int64_t into_unit_id, int32_t from_day,
                          struct err *err)
{
    bool closes = false;
    err_t e = circle_closes(db, &merger_links, 0, unit_id, into_unit_id, from_day, &closes, err);
    if (e != OK || !closes) return e;
    err_set(err, E_STATE, "into", "Các lần sáp nhập sẽ tạo thành vòng tròn",
            "The mergers of units would form a circle");
    return err_hint(err, "Kiểm tra chiều sáp nhập và ngày; rút lại lần ghi sai bằng: "
                         "sangden unit merge ĐƠN_VỊ --from NGÀY --retract",
                    "Check which unit is merged into which, and the day; take a wrong one back "
                    "with: sangden unit merge UNIT --from DAY --retract");
}

err_t unit_merge(struct db *db, int64_t unit_id, int64_t into_unit_id, int32_t from_day,
                 struct str source, const struct fact_author *author, struct err *err)
{
    int64_t managed = 0, organisation = 0;
    err_t e = hold_units(db, unit_id, into_unit_id, err);
    if (e == OK) e = unit_managed_as(db, into_unit_id, from_day, INT64_MAX, &managed, err);
    if (e != OK) return e;
    if (managed != into_unit_id || unit_id == into_unit_id) {
        err_set(err, E_STATE, "into", "Đơn vị nhận sáp nhập đã được sáp nhập hoặc chính là nó",
                "The receiving unit is merged itself, or is the same unit");
        return err_hint(err, "Chọn đơn vị đang hoạt động vào ngày đó",
                        "Choose a unit that stands on its own on that day");
    }
    e = check_circle(db, unit_id, into_unit_id, from_day, err);
    if (e == OK)
        e = unit_value(db, into_unit_id, S("organisation"), from_day, INT64_MAX - 1,
                       &organisation, err);
    if (e == OK)
        e = append(db, unit_id, UNIT_merged_into, FACT_SET, into_unit_id, from_day, source,
                   author, err);
    if (e == OK && organisation != 0)
        e = append(db, unit_id, UNIT_organisation, FACT_SET, organisation, from_day, source,
                   author, err);
    return e;
}

err_t unit_merge_retract(struct db *db, int64_t unit_id, int32_t from_day, struct str source,
                         const struct fact_author *author, struct err *err)
{
    char text[DATE_TEXT_BYTES];
    int64_t recorded = 0, before = 0, moment_ms;
    struct value unit = v_i64(unit_id), from = v_text(day_text(from_day, text));
    err_t e = fact_moment(db, unit_id, &moment_ms, err);
    if (e == OK)
        e = db_get_i64(db,
                       "SELECT CAST(count(*) AS BIGINT) FROM unit_asof WHERE unit_id = $1 "
                       "AND kind = 'organisation' AND valid_from = $2 "
                       "AND known_to = 9223372036854775807 AND state = 'set'",
                       ARGS(unit, from), &recorded, err);
    if (e == OK)
        e = append(db, unit_id, UNIT_merged_into, FACT_RETRACT, 0, from_day, source, author, err);
    if (e == OK && recorded > 0)
        e = append(db, unit_id, UNIT_organisation, FACT_RETRACT, 0, from_day, source, author,
                   err);
    /* What held before holds on. */
    if (e == OK)
        e = unit_value(db, unit_id, S("merged_into"), from_day, INT64_MAX - 1, &before, err);
    return e == OK && before != 0 ? check_circle(db, unit_id, before, from_day, err) : e;
}
