/* SPDX-License-Identifier: Apache-2.0 */
#include "network/tree.h"

#include "base/date.h"
#include "network/network.h"

static err_t organisation_of(struct db *db, int64_t unit_id, struct value on, int64_t *out,
                             struct err *err)
{
    return db_get_i64_or(db,
                         "SELECT value_i64 FROM unit_asof WHERE unit_id = $1 "
                         "AND kind = 'organisation' AND valid_from <= $2 AND valid_to > $2 "
                         "AND known_to = 9223372036854775807 AND state = 'set'",
                         ARGS(v_i64(unit_id), on), 0, out, err);
}

static err_t parent_of(struct db *db, int64_t organisation_id, struct value on, int64_t *out,
                       struct err *err)
{
    return db_get_i64_or(db,
                         "SELECT value_i64 FROM organisation_asof WHERE unit_id = 0 "
                         "AND organisation_id = $1 AND kind = 'parent' AND valid_from <= $2 "
                         "AND valid_to > $2 AND known_to = 9223372036854775807 "
                         "AND state = 'set'",
                         ARGS(v_i64(organisation_id), on), 0, out, err);
}

static err_t refuse_circle(struct err *err)
{
    err_set(err, E_STATE, "organisation", "Cây tổ chức tạo thành vòng tròn hoặc quá sâu",
            "The tree of organisations forms a circle or is too deep");
    return err_hint(err, "Sửa tổ chức cấp trên trong tệp đơn vị rồi nhập lại",
                    "Correct the organisation above in the file of units and import it again");
}

err_t unit_tree(struct db *db, int64_t unit_id, int32_t day, struct identity_tree *out,
                struct err *err)
{
    char text[DATE_TEXT_BYTES];
    struct value on = v_text(day_text(day, text));
    struct identity_tree tree = {.managed_as_unit_id = unit_id};
    int64_t above = 0;
    err_t e = unit_managed_as(db, unit_id, day, INT64_MAX, &tree.managed_as_unit_id, err);
    if (e == OK) e = organisation_of(db, tree.managed_as_unit_id, on, &above, err);
    while (e == OK && above != 0) {
        if (tree.organisation_count == IDENTITY_TREE_DEPTH_MAX) return refuse_circle(err);
        tree.organisation_ids[tree.organisation_count++] = above;
        e = parent_of(db, above, on, &above, err);
    }
    if (e == OK) *out = tree;
    return e;
}
