/* SPDX-License-Identifier: Apache-2.0 */
/* Kinds of files that only date facts of points that are there. */
#ifndef SANGDEN_REGISTRY_IMPORT_POINT_FACTS_H
#define SANGDEN_REGISTRY_IMPORT_POINT_FACTS_H

#include "registry/facts.h"
#include "registry/import_facts.h"

#define IMPORT_NO_COLUMN SIZE_MAX

struct import_point_column {
    size_t column;
    enum point_fact kind;
};

struct import_point_columns {
    size_t point_column;
    size_t from_column;
    size_t proof_column;
    size_t source_column;
    size_t expires_column; /* IMPORT_NO_COLUMN: none */
    size_t fact_count;
    const struct import_point_column *facts;
};

/* Takes one batch: finds the points, compares, inserts what is new. */
NODISCARD err_t import_point_facts_take(struct import *import, struct import_row *rows,
                                        size_t count, const struct import_point_columns *layout,
                                        struct err *err);

#endif
