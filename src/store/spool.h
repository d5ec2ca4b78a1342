/* SPDX-License-Identifier: Apache-2.0 */
/* Rows set aside in order: in memory while they are few, in a file without a name when many.
 *
 *   spool_add, spool_add, …, spool_rewind, spool_next, spool_next, …
 *
 * Ownership: the caller owns the struct; spool_release gives memory and file back. The values of a
 * row live until the next call. Limit: SPOOL_MEMORY_BYTES in memory; the file goes to TMPDIR. */
#ifndef SANGDEN_STORE_SPOOL_H
#define SANGDEN_STORE_SPOOL_H

#include <stdio.h>

#include "base/buffer.h"
#include "store/store.h"

enum { SPOOL_MEMORY_BYTES = 1 << 20, SPOOL_ROW_BYTES_MAX = 256 << 20 };

struct spool {
    struct buf memory;
    size_t position; /* read so far of memory */
    FILE *file;
    struct buf row;
    int64_t left;    /* rows not read yet */
};

/* Writes one row so that equal rows, and only they, give equal bytes. */
void row_encode(struct buf *out, const struct value *values, int count);

/* An empty spool. */
void spool_init(struct spool *spool);
/* Gives memory and file back. */
void spool_release(struct spool *spool);
/* Sets one row aside. E_IO, E_MEMORY. */
NODISCARD err_t spool_add(struct spool *spool, const struct value *values, int count,
                          struct err *err);
/* Call once between the last row added and the first row read. */
NODISCARD err_t spool_rewind(struct spool *spool, struct err *err);
/* *out_row is false behind the last row. */
NODISCARD err_t spool_next(struct spool *spool, struct value *values, int count, bool *out_row,
                           struct err *err);

#endif
