/* SPDX-License-Identifier: Apache-2.0 */
/* What the parts of the loader share.
 *
 *   reading_load.c   runs, order, transaction
 *   reading_find.c   codes and serials to points
 *   reading_chunk.c  meters and known readings of a chunk of points, checks, rows
 *   reading_behind.c corrections that a closed period does not follow
 *   reading_csv.c    the file */
#ifndef SANGDEN_METERING_READING_LOAD_INT_H
#define SANGDEN_METERING_READING_LOAD_INT_H

#include "base/hash.h"
#include "metering/metering_int.h"
#include "metering/reading_check.h"
#include "metering/reading_load.h"

/* A row on its way: what is left once texts were looked up. 96 bytes. */
struct pending {
    int64_t row_no;
    int64_t point_id;        /* 0: not found */
    int64_t meter_id;        /* of serial; 0: any meter of the point that has the register */
    int64_t installation_id; /* set by the chunk */
    int64_t index_wh;
    int64_t read_at;
    struct str code, serial; /* one of them may be empty: for messages and look-up */
    int32_t day;
    int32_t month;
    uint8_t reg, kind, source, state, not_read, prorate;
    bool hung;               /* the meter of that serial hung at the point that day */
    bool refused, corrected;
};

struct reading_load {
    struct db *db;
    struct reading_load_request request;
    struct metering_parameters parameters;
    struct arena arena;     /* of one run */
    struct arena chunk;     /* of one chunk */
    struct pending *rows;   /* of the present run */
    size_t row_count;
    int64_t first_month;    /* YYYYMM of the oldest reading in the store; 0: none */
    struct bulk *reading, *review;
    struct reading_load_counts counts;
    char sha256[HASH_TEXT_BYTES]; /* of the file; empty: not known */
};

/* Finds the batch that took the file with this content into the unit before. */
NODISCARD err_t load_find_same(struct db *db, int64_t unit_id, struct str sha256,
                               struct reading_load_counts *counts, struct err *err);
/* The refusal of a file with refused rows; says so when the very same file was taken before. */
err_t load_refuse_file(const struct reading_load_counts *counts, struct err *err);
/* Records the batch of a load that took something. */
NODISCARD err_t load_write_batch(struct db *db, const struct reading_load_request *request,
                                 struct str sha256, const struct reading_load_counts *counts,
                                 struct err *err);

/* Refuses a row; why is what err_set wrote. */
void load_refuse(struct reading_load *load, struct pending *row, const char *column,
                 const struct err *why);
/* Finds the points of all rows of the run. */
NODISCARD err_t load_find_points(struct reading_load *load, struct err *err);
/* Checks and writes rows of one month, sorted by point; few enough points for one chunk. */
NODISCARD err_t load_chunk(struct reading_load *load, struct pending *rows, size_t count,
                           struct err *err);
/* Tells each period that was closed with another value of a corrected row. The rows are written. */
NODISCARD err_t load_tell_behind(struct reading_load *load, struct err *err);
/* How a cell of the column is written, as the hint of why. */
void load_hint_column(const struct reading_column *column, struct err *why);
/* Asks the caller's before_commit, when there is one. */
NODISCARD err_t load_before_commit(const struct reading_load_request *request,
                                   const struct reading_load_counts *counts, struct err *err);

#endif
