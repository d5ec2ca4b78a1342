/* SPDX-License-Identifier: Apache-2.0 */
/* Route files: what a reader takes along, and what comes back, in the field names that today's
 * handheld programs know (row Table1 of an XML NewDataSet, or CSV with the same names).
 *
 *   book ─ route_export ─► MA_DDO, SERY_CTO, LOAI_BCS, CS_CU … ─ handheld ─► CS_MOI, TTR_MOI,
 *   NGAY_MOI … ─ route_import ─► reading (the checks are those of every import)
 *
 * One row per register, in the order of the route. TTR_MOI "Q" states that the register rolled
 * over. A row without CS_MOI is not read: GHICHU may give one of our words for the reason,
 * otherwise the row is passed over. LOAI_CS "DDK" is the periodic reading; other kinds are refused.
 * Threads: one connection, one thread. */
#ifndef SANGDEN_METERING_ROUTE_H
#define SANGDEN_METERING_ROUTE_H

#include "base/buffer.h"
#include "metering/book.h"
#include "metering/reading_load.h"

enum route_format { ROUTE_CSV, ROUTE_XML };

enum route_field {
#define ROUTE_FIELD(name) ROUTE_##name,
#include "metering/route_fields.def"
#undef ROUTE_FIELD
    ROUTE_FIELD_COUNT
};

/* "MA_DDO": as the files name it. */
const char *route_field_name(enum route_field field);

/* Writes a piece of the file whenever some of it is ready; a refusal ends the export. */
typedef err_t route_sink(void *context, struct str piece, struct err *err);

/* The route of a book in a period. *out_rows is the number of registers. */
NODISCARD err_t route_export(struct db *db, const struct book *book, int32_t month, int period_no,
                             enum route_format format, route_sink *sink, void *context,
                             int64_t *out_rows, struct err *err);

/* Reads what came back, XML or CSV by its first letter, into readings. *out_skipped rows have
 * neither a value nor a reason. text must live until the call returns. */
NODISCARD err_t route_import(struct db *db, const struct reading_load_request *request,
                             struct str text, struct reading_load_counts *out,
                             int64_t *out_skipped, struct err *err);

/* "xml" or "csv": the form of a route file, by its first letter. */
const char *route_ending(struct str text);
/* Adds the rows of those numbers (ascending, as findings name them), as they stand in the text, as
 * a file of the same form. */
NODISCARD err_t route_copy_rows(struct str text, const int64_t *rows, size_t count,
                                struct buf *out, struct err *err);

#endif
