/* SPDX-License-Identifier: Apache-2.0 */
/* Installations out of a file: against each other and against what hangs there.
 *
 *   new spans + known spans of the same points and meters ─ sort by place and time ─► overlaps
 *
 * Ownership: everything lives in the arena of the batch. */
#ifndef SANGDEN_REGISTRY_IMPORT_SPANS_H
#define SANGDEN_REGISTRY_IMPORT_SPANS_H

#include "registry/import.h"
#include "registry/installation_correct.h"
#include "registry/registry_view.h"

struct import_span {
    int64_t unit_id;
    int64_t point_id;
    int64_t meter_id;
    enum meter_role role;
    int64_t multiplier;
    int64_t hung_at;
    int64_t removed_at; /* INT64_MAX while it hangs */
    int64_t row;        /* index in the batch; -1: known already */
    bool meter_exists;
    int64_t installation_id; /* of a known one; of a new one: the known one it repeats, or 0 */
    bool ends_known;         /* a known one gets its removal from this row */
    int64_t corrected_by;    /* of a known one: the row that corrects it, or -1 */
    struct installation_state was; /* of a known one that is corrected: as it is stored */
};

struct import_spans {
    struct import *import;
    int column; /* named in refusals */
    struct import_span *items;
    size_t count;
    size_t capacity;
};

/* An empty list. */
void import_spans_init(struct import_spans *spans, struct import *import, int column);
/* Adds a new or a known one. */
NODISCARD err_t import_spans_add(struct import_spans *spans, struct import_span span,
                                 struct err *err);
/* Reads the known ones of the same points and meters and rejects rows that overlap. Where the
 * import corrects, a row that names a known one with another multiplier or minute replaces it. */
NODISCARD err_t import_spans_compare(struct import_spans *spans, struct import_row *rows,
                                     struct err *err);
/* Inserts the new ones of rows that are not rejected and ends the known ones. */
NODISCARD err_t import_spans_write(struct import_spans *spans, const struct import_row *rows,
                                   bool *wrote, struct err *err);

#endif
