/* SPDX-License-Identifier: Apache-2.0 */
/* Loading of readings: checked against what is known, written in bulk.
 *
 *   rows ─ run of 200,000 ─ sorted by month and point ─ chunk of points ─► checks ─► reading
 *                                   meters, last readings: range scans  ─┘       └─► reading_review
 *
 * One load is one transaction of the caller's file: all rows or none, unless keep_good. A row that
 * is there already with the same value is unchanged; with another value it is refused, or, with
 * correct and a reason, a new entry of the same reading. What cannot be true is refused (unknown
 * point, no such register, future, more digits than the register, meter not hanging that day);
 * what may be true is a finding that waits for a person (lower, high, low, zero). A correction that
 * a closed period does not follow is told with its remedy: that period keeps the value it closed.
 * Ownership: texts of a row are copied. Memory: one run. Threads: one connection, one thread. */
#ifndef SANGDEN_METERING_READING_LOAD_H
#define SANGDEN_METERING_READING_LOAD_H

#include "base/arena.h"
#include "base/error.h"
#include "metering/register.h"

struct db;
struct reading_load;
struct reading_load_counts;

enum { LOAD_RUN_ROWS = 200000, LOAD_CHUNK_POINTS = 20000 };

/* A reported reading. The point is named by its code, by the serial of a meter, or by point_id. */
struct reading_row {
    int64_t row_no; /* of the file, for messages */
    struct str point_code, serial;
    int64_t point_id; /* 0: by code or serial */
    enum register_code reg;
    enum reading_kind kind;
    enum reading_source source;
    enum reading_state state;
    enum not_read not_read;
    enum prorate prorate;
    int32_t day;
    int64_t index_wh; /* in thousandths of what the register shows; -1: not read */
    int64_t read_at;  /* unix ms; -1: not known */
};

struct reading_found {
    bool refused; /* false: taken, and a finding waits for a person, or a closed period keeps the
                     value before */
    int64_t row_no;
    const char *column;
    const struct err *err;
};

struct reading_load_request {
    int64_t unit_id;
    struct str name;      /* of the file, kept with the batch */
    int64_t actor_id;
    int32_t business_day; /* readings behind this day are refused */
    bool correct;
    struct str reason;    /* of the correction */
    bool keep_good;
    bool dry_run;         /* checks everything, takes nothing */
    void *context;
    void (*found)(void *context, const struct reading_found *found); /* may be NULL */
    /* Joins the transaction that takes the rows, when any is taken; may be NULL. */
    err_t (*before_commit)(void *context, const struct reading_load_counts *counts,
                           struct err *err);
};

struct reading_load_counts {
    int64_t batch_id;
    int64_t rows, added, corrected, unchanged, refused;
    int64_t not_read;
    int64_t lower, high, low, zero; /* findings that wait */
    int64_t closed_before;          /* corrected behind a closing whose book may be returned */
    int64_t issued_before;          /* corrected behind one that is billed */
    int64_t registers_missing;      /* a point read on a day without all of its registers */
    int64_t same_batch_id;          /* a batch that took the very same file; 0: none */
    int64_t same_recorded_at;       /* when it did, unix ms */
};

/* Begins a transaction on db, which must not be used otherwise until finish or drop. */
NODISCARD err_t reading_load_open(struct db *db, const struct reading_load_request *request,
                                  struct reading_load **out, struct err *err);
NODISCARD err_t reading_load_add(struct reading_load *load, const struct reading_row *row,
                                 struct err *err);
/* The SHA-256 of the file the rows came from, as text: kept with the batch, so that the same file
 * is known again. */
void reading_load_of_file(struct reading_load *load, struct str sha256);
/* Counts a row as refused that could not even be read. */
void reading_load_refuse(struct reading_load *load, int64_t row_no, const char *column,
                         const struct err *why);
/* Writes what is left and commits; frees load, also after an error. E_INPUT when rows were refused
 * and nothing was taken; the counts are filled then too. */
NODISCARD err_t reading_load_finish(struct reading_load *load, struct reading_load_counts *out,
                                    struct err *err);
/* Gives up: rolls back and frees. NULL is accepted. */
void reading_load_drop(struct reading_load *load);

/* Columns of the file of readings, for templates. */
struct reading_column {
    const char *name;
    bool required;
    const char *type; /* "code", "date", "choice a|b" … */
    const char *example;
    const char *vi, *en;
};
const struct reading_column *reading_columns(size_t *out_count);

/* A whole CSV file; path "-" is standard input. text is used when path is NULL. */
NODISCARD err_t reading_load_csv(struct db *db, const struct reading_load_request *request,
                                 const char *path, struct str text,
                                 struct reading_load_counts *out, struct err *err);

#endif
