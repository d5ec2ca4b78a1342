/* SPDX-License-Identifier: Apache-2.0 */
/* Inside of the CSV reader.
 *
 *   window  |.....consumed.....|start ── row ── \n ── next rows ──|end ......|capacity
 *
 * data is the window of a file, or the caller's text. */
#ifndef SANGDEN_BASE_CSV_INT_H
#define SANGDEN_BASE_CSV_INT_H

#include "base/csv.h"

/* Where a field of the file goes. */
enum { CSV_UNNAMED = -1 };

enum csv_split { CSV_SPLIT, CSV_BAD_QUOTES, CSV_TOO_MANY };

struct csv_reader {
    int fd;
    const char *path;
    struct buf path_text;
    char *window;
    size_t capacity;
    const char *data;
    size_t start;
    size_t end;
    bool ended; /* the input has no more bytes behind end */
    bool failed; /* an error that nothing can follow */
    int64_t bytes;
    struct hash_state hash;

    char delimiter;
    int64_t row;
    struct str raw;
    char *scratch; /* texts of quoted fields of the row */
    size_t scratch_capacity;
    struct str field[CSV_COLUMNS_MAX]; /* as they stand in the row */
    size_t field_count;

    struct buf header;
    const struct csv_column *column;
    size_t column_count;
    int position_of[CSV_COLUMNS_MAX]; /* declared column -> place in the row, or CSV_UNNAMED */
    bool named[CSV_COLUMNS_MAX];      /* place in the row has a name in the header */
    size_t header_count;
    size_t least_count; /* fields that every row must have */
};

/* Makes the window hold size bytes more, or all that is left. */
NODISCARD err_t csv_fill(struct csv_reader *r, size_t size, struct err *err);
/* Takes the next row off the window into raw. *out_row is false at the end. */
NODISCARD err_t csv_take_row(struct csv_reader *r, bool *out_row, struct err *err);
/* Splits raw into field. */
NODISCARD err_t csv_split_row(struct csv_reader *r, struct err *err);
/* Finds the delimiter and maps the header to the columns. */
NODISCARD err_t csv_read_header(struct csv_reader *r, const struct csv_column *columns,
                                size_t column_count, struct err *err);

/* Refusals of a row. */
err_t csv_too_long(struct csv_reader *r, struct err *err);
err_t csv_not_utf8(struct csv_reader *r, size_t bad, struct err *err);
err_t csv_bad_split(struct csv_reader *r, enum csv_split split, struct err *err);

#endif
