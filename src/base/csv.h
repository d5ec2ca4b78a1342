/* SPDX-License-Identifier: Apache-2.0 */
/* CSV after RFC 4180, as spreadsheets really write it; pulled row by row in bounded memory.
 *
 *   file ─► window ─► row ─► fields in the order of the declared columns
 *
 *   customer_code;serial;kwh          header: names any column order, any of , ; TAB
 *   PD0100001;="00123";250            ="00123" and '00123 keep their zeros: 00123
 *
 * Tolerated: a byte order mark, CRLF, a first line "sep=;", empty rows, empty columns at the end.
 * Refused with row and column: unknown, missing and repeated columns, rows of another length, bytes
 * that are not UTF-8, quotes out of place. Rows are counted as spreadsheets do: the header is
 * row 1, a quoted field with line breaks is one row.
 *
 * After E_INPUT from csv_next the reader stands behind the bad row and may go on, so that every bad
 * row of a file can be listed; after any other error it is at its end.
 * Ownership: fields live until the next csv_next. Threads: one owner.
 * Limits: CSV_ROW_MAX_BYTES per row, CSV_COLUMNS_MAX columns. */
#ifndef SANGDEN_BASE_CSV_H
#define SANGDEN_BASE_CSV_H

#include "base/buffer.h"
#include "base/error.h"
#include "base/hash.h"

enum { CSV_COLUMNS_MAX = 256, CSV_ROW_MAX_BYTES = 1024 * 1024 };

struct csv_column {
    const char *name;
    bool required; /* the column must stand in the header; its cells may still be empty */
};

struct csv_reader;

/* Reads the header and maps it to the columns, which must live as long as the reader. "-" is
 * standard input. E_IO, E_INPUT, E_LIMIT, E_MEMORY. */
NODISCARD err_t csv_open_file(const char *path, const struct csv_column *columns,
                              size_t column_count, struct csv_reader **out, struct err *err);
/* The same over text in memory, which must live as long as the reader. */
NODISCARD err_t csv_open_text(struct str text, const struct csv_column *columns,
                              size_t column_count, struct csv_reader **out, struct err *err);
/* NULL is accepted. */
void csv_close(struct csv_reader *reader);
/* For AUTO. */
void csv_close_at(struct csv_reader **reader);

/* Fills fields[0..column_count) in the order of the declared columns; columns that the file does
 * not have are empty. *out_row is false behind the last row. E_INPUT, E_LIMIT, E_IO. */
NODISCARD err_t csv_next(struct csv_reader *reader, struct str *fields, bool *out_row,
                         struct err *err);

/* The row last read, counted from 1 (the header). */
int64_t csv_row(const struct csv_reader *reader);
/* Whether the file has the declared column. */
bool csv_has(const struct csv_reader *reader, size_t column);
/* Bytes read so far, for progress. */
int64_t csv_bytes(const struct csv_reader *reader);
/* SHA-256 of the bytes read so far: behind the last row, of the whole input as it stands. */
struct str csv_sha256(const struct csv_reader *reader, char out[HASH_TEXT_BYTES]);
/* The row last read and the header as they stand in the file, without the line's end; for files of
 * refused rows. The row lives until the next csv_next, the header as long as the reader. */
struct str csv_raw(const struct csv_reader *reader);
struct str csv_raw_header(const struct csv_reader *reader);

/* Gives an error about a cell of the row last read its place: the column's name as field; row,
 * column number and value as detail. Answers the code. */
err_t csv_place(const struct csv_reader *reader, size_t column, struct err *err);

/* Writes one field, in quotes only where it must be; separator ','. */
void buf_add_csv(struct buf *buf, struct str field);
/* Fields with commas between them and a line feed behind them. */
void buf_add_csv_row(struct buf *buf, const struct str *fields, size_t field_count);

#endif
