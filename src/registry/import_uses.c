/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/import_kinds.h"
#include "registry/import_point_facts.h"

#define IMPORT_DEF "registry/import_uses.def"
#include "registry/import_columns.h"

static const struct import_point_column facts[] = {{COL_uses, POINT_uses}};
static const struct import_point_columns layout = {.point_column = COL_point,
                                                   .from_column = COL_from,
                                                   .proof_column = COL_proof,
                                                   .source_column = COL_source,
                                                   .expires_column = IMPORT_NO_COLUMN,
                                                   .fact_count = ARRAY_COUNT(facts),
                                                   .facts = facts};

static err_t take(struct import *import, struct import_row *rows, size_t count, struct err *err)
{
    return import_point_facts_take(import, rows, count, &layout, err);
}

const struct import_kind import_kind_uses = {
    .name = "uses",
    .vi = "Áp giá: nhóm giá, cấp điện áp, tỷ lệ",
    .en = "Price uses: category, voltage, share",
    .columns = columns,
    .column_count = COLUMN_COUNT,
    .key_columns = {COL_point, COL_from},
    .key_column_count = 2,
    .tables = "point_fact",
    .take = take,
};
