/* SPDX-License-Identifier: Apache-2.0 */
/* For kinds of few rows that may refer to each other: one row after the other, each whole or not at
 * all. */
#ifndef SANGDEN_REGISTRY_IMPORT_BY_ROW_H
#define SANGDEN_REGISTRY_IMPORT_BY_ROW_H

#include "network/circle.h"
#include "network/fact_write.h"
#include "registry/import.h"

/* One row in the middle of being taken. */
struct import_step {
    struct import *import;
    struct import_row *row;
    bool is_new;  /* set by the kind */
    bool changed; /* set when a fact was written */
};

typedef err_t import_one(struct import_step *step, struct err *err);

/* Calls one for every row that is not rejected; what a row wrote before it was rejected is
 * undone. */
NODISCARD err_t import_each(struct import *import, struct import_row *rows, size_t count,
                            import_one *one, struct err *err);
/* Writes one fact of the row's own day; a conflict rejects the row. */
NODISCARD err_t import_step_fact(struct import_step *step, size_t column,
                                 const struct fact_sql *table, struct fact_entry entry,
                                 struct err *err);
/* Rejects the row when the link from node to next that it has just written closes a circle. What
 * is new, or was there before, closes none. */
NODISCARD err_t import_step_circle(struct import_step *step, size_t column,
                                   const struct circle_links *links, int64_t unit_id,
                                   int64_t node, int64_t next, int32_t from_day,
                                   struct err *err);
/* One plain column of a thing: select_sql gives it as text ($1 the thing, $2 its unit), update_sql
 * replaces it ($1 the value, $2 the thing, $3 its unit). A cell that is given and differs rejects
 * the row, or is written when the import takes corrections. */
NODISCARD err_t import_step_column(struct import_step *step, size_t column,
                                   const char *select_sql, const char *update_sql, int64_t id,
                                   int64_t unit_id, struct err *err);
/* Rejects the row because the thing is there with another value in this column. */
void import_step_differs(struct import_step *step, size_t column, struct str there);

#endif
