/* SPDX-License-Identifier: Apache-2.0 */
/* Mergers of units: a change of the tree, never of a unit's number. */
#include "base/date.h"
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
    return err_hint(err, "Rút lại lần sáp nhập ghi sai",
                    "Take back the merger that is wrong");
}

static err_t append(struct db *db, int64_t unit_id, enum unit_fact kind, int64_t value,
                    int32_t from_day, struct str source, const struct fact_author *author,
                    struct err *err)
{
    struct fact_entry entry = {.unit_id = unit_id,
                               .subject_id = unit_id,
                               .kind = &unit_fact_kinds[kind],
                               .state = FACT_SET,
                               .valid_from_day = from_day,
                               .value = {.i64 = value},
                               .source = source};
    return fact_append(db, &unit_fact_sql, &entry, author, NULL, err);
}

err_t unit_merge(struct db *db, int64_t unit_id, int64_t into_unit_id, int32_t from_day,
                 struct str source, const struct fact_author *author, struct err *err)
{
    int64_t managed = 0, organisation = 0;
    err_t e = unit_managed_as(db, into_unit_id, from_day, INT64_MAX, &managed, err);
    if (e != OK) return e;
    if (managed != into_unit_id || unit_id == into_unit_id) {
        err_set(err, E_STATE, "into", "Đơn vị nhận sáp nhập đã được sáp nhập hoặc chính là nó",
                "The receiving unit is merged itself, or is the same unit");
        return err_hint(err, "Chọn đơn vị đang hoạt động vào ngày đó",
                        "Choose a unit that stands on its own on that day");
    }
    e = unit_value(db, into_unit_id, S("organisation"), from_day, INT64_MAX - 1, &organisation,
                   err);
    if (e == OK)
        e = append(db, unit_id, UNIT_merged_into, into_unit_id, from_day, source, author, err);
    if (e == OK && organisation != 0)
        e = append(db, unit_id, UNIT_organisation, organisation, from_day, source, author, err);
    return e;
}
