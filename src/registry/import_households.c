/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/import_kinds.h"
#include "registry/import_point_facts.h"

#define IMPORT_DEF "registry/import_households.def"
#include "registry/import_columns.h"

static const struct import_point_column facts[] = {
    {COL_households, POINT_households},
    {COL_paper_households, POINT_paper_households},
    {COL_lodgers, POINT_lodgers},
    {COL_lodgers_undeclared, POINT_lodgers_undeclared},
    {COL_papers_missing, POINT_papers_missing}};
static const struct import_point_columns layout = {.point_column = COL_point,
                                                   .from_column = COL_from,
                                                   .proof_column = COL_proof,
                                                   .source_column = COL_source,
                                                   .expires_column = COL_expires_on,
                                                   .fact_count = ARRAY_COUNT(facts),
                                                   .facts = facts};

static void check_something(struct import *import, struct import_row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        bool any = false;
        for (size_t k = 0; !rows[i].rejected && k < ARRAY_COUNT(facts); k++)
            any |= rows[i].cells[facts[k].column].given;
        if (rows[i].rejected || any) continue;
        struct err why;
        err_set(&why, E_INPUT, "households", "Dòng không ghi số hộ, số người thuê hay hồ sơ nào",
                "The row names no households, lodgers or papers");
        err_hint(&why,
                 "Điền ít nhất một trong các cột households, paper_households, lodgers, "
                 "lodgers_undeclared, papers_missing",
                 "Fill at least one of households, paper_households, lodgers, "
                 "lodgers_undeclared, papers_missing");
        import_reject(import, &rows[i], COL_households, &why);
    }
}

static err_t take(struct import *import, struct import_row *rows, size_t count, struct err *err)
{
    check_something(import, rows, count);
    return import_point_facts_take(import, rows, count, &layout, err);
}

const struct import_kind import_kind_households = {
    .name = "households",
    .vi = "Số hộ và định mức người thuê",
    .en = "Household counts and lodger quotas",
    .columns = columns,
    .column_count = COLUMN_COUNT,
    .key_columns = {COL_point, COL_from},
    .key_column_count = 2,
    .tables = "point_fact",
    .take = take,
};
