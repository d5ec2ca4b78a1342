/* SPDX-License-Identifier: Apache-2.0 */
/* Bringing files of an earlier system in: one frame, many kinds.
 *
 *   CSV ─► cells by column type ─► batch of rows ─► kind: references, what exists, what is new
 *            │ refused cells            │ refused rows               │ bulk insertion
 *            └──────────► findings: row, column, reason, remedy ◄────┘
 *
 * One file is one transaction. With refused rows nothing is taken, unless keep_good: then the good
 * rows are taken and the refused ones are written out as they stand, to be mended and imported
 * again; a row that refers to a refused one is refused with it, because what it refers to does not
 * exist. The same file a second time changes nothing: what is there with the same content is
 * counted as unchanged; the same key with other content is refused, or becomes a correction when
 * the caller asks for corrections.
 *
 * A kind is one struct import_kind in any room; the program lists them. Memory is that of one
 * batch, whatever the size of the file.
 * Ownership: the caller owns the request and the connection; rows and cells live for one batch.
 * Threads: one import, one thread. */
#ifndef SANGDEN_REGISTRY_IMPORT_H
#define SANGDEN_REGISTRY_IMPORT_H

#include "base/arena.h"
#include "base/error.h"
#include "network/fact_kind.h"

struct db;

enum { IMPORT_BATCH_ROWS = 2048, IMPORT_KEY_COLUMNS_MAX = 4, IMPORT_WARNINGS_MAX = 1000 };
#define IMPORT_REJECTED_MAX_BYTES ((size_t)64 * 1024 * 1024)

/* ---- columns ----------------------------------------------------------------------------- */

enum cell_type {
    CELL_CODE,    /* what the outside world calls a thing: letter for letter (NFC), with zeros */
    CELL_TEXT,    /* free text, kept in NFC */
    CELL_DAY,     /* YYYY-MM-DD or DD/MM/YYYY */
    CELL_INSTANT, /* RFC 3339, or YYYY-MM-DD HH:MM in Vietnam time */
    CELL_NUMBER,  /* whole number between min and max */
    CELL_CHOICE,  /* one word of choices */
    CELL_FLAG,    /* 0 or 1 */
    CELL_FACT     /* as the kind of fact reads it */
};

struct import_column {
    const char *name;
    bool required; /* every row must have it */
    enum cell_type type;
    int64_t min;
    int64_t max;
    const char *choices;
    const struct fact_kind *fact;
    const char *example;
    enum privacy privacy;
    const char *vi;
    const char *en;
};

#define AS_CODE         .type = CELL_CODE
#define AS_TEXT         .type = CELL_TEXT
#define AS_DAY          .type = CELL_DAY
#define AS_INSTANT      .type = CELL_INSTANT
#define AS_NUMBER(least, most) .type = CELL_NUMBER, .min = (least), .max = (most)
#define AS_CHOICE(words) .type = CELL_CHOICE, .choices = (words)
#define AS_FLAG         .type = CELL_FLAG
#define AS_FACT(kind)   .type = CELL_FACT, .fact = &(kind)

/* "code", "text", "date", "time", "number", "flag", "choice a|b", "decimal". */
void import_type_write(const struct import_column *column, struct buf *out);

/* ---- rows -------------------------------------------------------------------------------- */

struct import_cell {
    bool given;
    int64_t i64;     /* numbers, flags, instants, facts that are numbers, days as day numbers */
    struct str text; /* codes, texts, choices, facts that are texts, days as ISO text */
};

struct import_row {
    int64_t row_no; /* as a spreadsheet counts: the header is 1 */
    const struct import_cell *cells;
    struct str raw;
    bool rejected;
};

struct import;

struct import_kind {
    const char *name; /* "points" */
    const char *vi;
    const char *en;
    const struct import_column *columns;
    size_t column_count;
    /* Rows of one batch never share a key, so what an earlier row made is there to be found. */
    size_t key_columns[IMPORT_KEY_COLUMNS_MAX];
    size_t key_column_count;
    /* Columns that may name the key of an earlier row of the file: such a row waits for the next
     * batch, and every row that depends on it. The key is one column then. */
    size_t self_columns[IMPORT_KEY_COLUMNS_MAX];
    size_t self_column_count;
    /* Rows with the same cell here are taken in the order of the file. */
    size_t order_columns[IMPORT_KEY_COLUMNS_MAX];
    size_t order_column_count;
    const char *tables; /* what a large file makes grow (db_grown); NULL: nothing much */
    size_t state_bytes; /* zeroed memory of the kind for one file, import_state() */
    /* Any may be NULL but take. take rejects rows with import_reject and writes the others. */
    err_t (*begin)(struct import *import, struct err *err);
    err_t (*take)(struct import *import, struct import_row *rows, size_t count,
                  struct err *err);
    err_t (*end)(struct import *import, struct err *err);
};

/* ---- running ----------------------------------------------------------------------------- */

struct import_finding {
    bool warning;
    int64_t row_no;
    struct str column; /* empty: the whole row */
    const struct err *err;
};

struct import_counts {
    int64_t rows;
    int64_t added;     /* rows that made something new */
    int64_t changed;   /* rows that added facts or corrections to what was there */
    int64_t unchanged; /* rows that were there with the same content */
    int64_t rejected;
    int64_t warnings;
    int64_t rejected_rows_written;
};

struct import_request {
    const struct import_kind *kind;
    const char *path; /* "-" is standard input */
    struct str text;  /* the file itself when path is NULL */
    const char *rejected_path; /* where keep_good writes refused rows; NULL: nowhere */
    struct str unit_code;      /* unit of rows that name none; empty: the only unit there is */
    bool one_unit;             /* rows of other units than unit_code are refused */
    struct str source;         /* where the file comes from, kept with every fact */
    int64_t actor_id;
    int64_t now_ms; /* when things are made, as told */
    bool keep_good;
    bool correct; /* other content under the same key is a correction */
    bool dry_run; /* checks everything and takes nothing */
    void *context;
    void (*found)(void *context, const struct import_finding *finding);
    void (*progress)(void *context, int64_t rows, int64_t bytes); /* may be NULL */
    const struct installation_watch *watch; /* of corrected installations; may be NULL */
    /* Joins the transaction that takes the rows; may be NULL. */
    err_t (*before_commit)(void *context, struct db *db, const struct import_counts *counts,
                           struct err *err);
};

/* Runs one file. E_INPUT when rows were refused and nothing was taken (the counts are filled then
 * too); with keep_good refused rows are no error. Begins and ends its own transaction. */
NODISCARD err_t import_run(struct db *db, const struct import_request *request,
                           struct import_counts *out, struct err *err);

/* ---- for kinds --------------------------------------------------------------------------- */

struct import {
    struct db *db;
    const struct import_request *request;
    struct import_counts counts;
    struct arena arena; /* of the whole file, small things only */
    struct arena batch; /* of the present batch */
    struct import_unit *units;
    size_t unit_count;
    int64_t default_unit_id; /* 0: none */
    int64_t shared_moment_ms; /* of facts outside units; 0: not taken yet */
    void *state;
};

struct import_unit {
    int64_t unit_id;
    struct str code;
    struct str customer_prefix;
    int64_t moment_ms; /* 0: not taken yet */
};

/* Refuses a row. why is what err_set and err_hint wrote; column is a column index or -1. */
void import_reject(struct import *import, struct import_row *row, int column,
                   const struct err *why);
/* Tells something without refusing the row; beyond IMPORT_WARNINGS_MAX they are only counted. */
void import_warn(struct import *import, const struct import_row *row, int column,
                 const struct err *why);
/* The unit that a row belongs to; false after rejecting it. column -1: there is no such column. */
bool import_unit_of(struct import *import, struct import_row *row, int column,
                    int64_t *out_unit_id);

/* When the facts that this file records in a unit (0: in none) become known. */
NODISCARD err_t import_moment(struct import *import, int64_t unit_id, int64_t *out_ms,
                              struct err *err);

/* Whether a row may speak of a thing of this unit; false after rejecting it. */
bool import_may(struct import *import, struct import_row *row, int column, int64_t unit_id);

/* What a code of a file leads to. */
struct import_target {
    int64_t unit_id;
    int64_t id; /* 0: there is none */
};

/* A reference from a code. directory_sql looks across units, "SELECT code, unit_id, id … WHERE
 * code IN (" IMPORT_CODES ")"; unit_sql inside one unit, the same with "AND unit_id = "
 * IMPORT_CODES_UNIT behind it. One of the two is NULL. Unused places are NULL. */
struct import_reference {
    const char *directory_sql;
    const char *unit_sql;
    const char *vi; /* "điểm đo" */
    const char *en; /* "usage point" */
};

/* Looks up the codes of one column for all rows that are not rejected, in few queries. unit_ids
 * (one per row) is needed for unit_sql. targets[i].id is 0 where the cell is empty or nothing was
 * found. */
NODISCARD err_t import_look_up(struct import *import, const struct import_row *rows,
                               size_t count, size_t column,
                               const struct import_reference *reference,
                               const int64_t *unit_ids, struct import_target *targets,
                               struct err *err);
/* The same for keys that are not one column: keys[i] (empty: nothing to look up) is what the first
 * column of the query gives, asked[i] what stands in its list of codes. */
NODISCARD err_t import_look_up_keys(struct import *import, size_t count, const struct str *keys,
                                    const struct str *asked,
                                    const struct import_reference *reference,
                                    const int64_t *unit_ids, struct import_target *targets,
                                    struct err *err);
/* The same, and every row whose given code leads nowhere, or into another unit than the row's (when
 * unit_ids is given), is rejected. */
NODISCARD err_t import_refer(struct import *import, struct import_row *rows, size_t count,
                             size_t column, const struct import_reference *reference,
                             const int64_t *unit_ids, struct import_target *targets,
                             struct err *err);
/* Refuses a row because what it names is not there. */
void import_reject_unknown(struct import *import, struct import_row *row, size_t column,
                           const struct import_reference *reference);
/* Refuses a row because its key is there with other content; says which column differs. */
void import_reject_different(struct import *import, struct import_row *row, int column,
                             struct str there);

/* $1 … $128, and $129 behind them. */
enum { IMPORT_CODES_COUNT = 128 };
#define IMPORT_CODES                                                                       \
    "$1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18,$19,$20,$21,$22,$23,"  \
    "$24,$25,$26,$27,$28,$29,$30,$31,$32,$33,$34,$35,$36,$37,$38,$39,$40,$41,$42,$43,$44," \
    "$45,$46,$47,$48,$49,$50,$51,$52,$53,$54,$55,$56,$57,$58,$59,$60,$61,$62,$63,$64,$65," \
    "$66,$67,$68,$69,$70,$71,$72,$73,$74,$75,$76,$77,$78,$79,$80,$81,$82,$83,$84,$85,$86," \
    "$87,$88,$89,$90,$91,$92,$93,$94,$95,$96,$97,$98,$99,$100,$101,$102,$103,$104,$105,"   \
    "$106,$107,$108,$109,$110,$111,$112,$113,$114,$115,$116,$117,$118,$119,$120,$121,"     \
    "$122,$123,$124,$125,$126,$127,$128"
#define IMPORT_CODES_UNIT "$129"

/* Agreements, points and meters are found across units; the others inside one. Meters are found by
 * serial alone, so two makers of one serial are told apart by import_look_up_keys only. */
extern const struct import_reference import_agreements, import_points, import_meters,
    import_accounts, import_parties, import_books, import_places, import_stations;

#endif
