/* SPDX-License-Identifier: Apache-2.0 */
/* The rows of a file that an import refused, kept beside it to be mended and imported again.
 *
 *   back.csv ─ row 7 refused, row 9 refused ─► back.csv.rejected.csv: the header, rows 7 and 9
 *
 * Ownership: numbers and path live in the arena. Threads: one owner. */
#ifndef SANGDEN_APP_REFUSED_ROWS_H
#define SANGDEN_APP_REFUSED_ROWS_H

#include "base/arena.h"
#include "base/buffer.h"
#include "base/error.h"

struct refused_rows {
    struct arena *arena;
    int64_t *row; /* of the file; behind refused_write ascending, each once */
    size_t count, capacity;
    bool failed;     /* there was no memory for one */
    struct str path; /* where they were written; empty: nowhere */
};

/* Writes the rows, as a file of the same form as the one they come from. */
typedef err_t refused_copy(void *context, const struct refused_rows *rows, struct buf *out,
                           struct err *err);

/* Remembers one more row. */
void refused_add(struct refused_rows *rows, int64_t row_no);
/* Writes "INPUT.rejected.ENDING" once; nothing when no row was refused. E_LIMIT, E_IO, and what
 * copy answers. */
NODISCARD err_t refused_write(struct refused_rows *rows, const char *input, const char *ending,
                              refused_copy *copy, void *context, struct err *err);

#endif
