/* SPDX-License-Identifier: Apache-2.0 */
/* One file from its first row to the end of its transaction. */
#include "registry/import.h"

#include <string.h>

#include "base/csv.h"
#include "base/file.h"
#include "registry/import_cell.h"
#include "registry/import_int.h"
#include "store/store.h"

#define FILE_ARENA_MAX_BYTES ((size_t)64 * 1024 * 1024)
#define BATCH_ARENA_MAX_BYTES ((size_t)64 * 1024 * 1024)
enum {
    KEY_SLOTS = 2 * IMPORT_BATCH_ROWS,
    TOUCHED_SLOTS = 4 * IMPORT_BATCH_ROWS * IMPORT_KEY_COLUMNS_MAX,
};

/* Rows that wait for the next batch, with cells of their own, in the order of the file. */
struct waiting {
    struct arena arena;
    struct import_row *rows;
    size_t count;
};

struct run {
    struct import import;
    const struct import_kind *kind;
    struct csv_reader *csv;
    struct buf rejected; /* the file of refused rows */
    struct import_row *rows;
    size_t row_count;
    uint16_t *key_slot; /* row index + 1 by hash of its key */
    struct waiting waiting[2]; /* by turns: one is read while the other is filled */
    size_t waiting_turn;
    uint64_t *touched; /* hashes of what waiting rows are or name; a chance match only waits */
    bool file_ended;
};

/* ---- findings ---------------------------------------------------------------------------- */

static void tell(struct import *import, bool warning, int64_t row_no, int column,
                 const struct err *why)
{
    const struct import_request *request = import->request;
    if (request->found == NULL) return;
    struct str name = {"", 0};
    if (column >= 0) name = str_of(request->kind->columns[column].name);
    struct import_finding finding = {
        .warning = warning, .row_no = row_no, .column = name, .err = why};
    request->found(request->context, &finding);
}

void import_reject(struct import *import, struct import_row *row, int column,
                   const struct err *why)
{
    if (!row->rejected) import->counts.rejected++;
    row->rejected = true;
    tell(import, false, row->row_no, column, why);
}

void import_warn(struct import *import, const struct import_row *row, int column,
                 const struct err *why)
{
    if (import->counts.warnings++ < IMPORT_WARNINGS_MAX)
        tell(import, true, row->row_no, column, why);
}

/* ---- refused rows ------------------------------------------------------------------------ */

static err_t keep_refused(struct run *run, struct str raw, struct err *err)
{
    if (!run->import.request->keep_good || run->import.request->rejected_path == NULL) return OK;
    if (run->rejected.n == 0) {
        buf_add(&run->rejected, csv_raw_header(run->csv));
        buf_add_char(&run->rejected, '\n');
    }
    buf_add(&run->rejected, raw);
    buf_add_char(&run->rejected, '\n');
    run->import.counts.rejected_rows_written++;
    if (!run->rejected.failed) return OK;
    err_set(err, E_LIMIT, NULL, "Quá nhiều dòng bị từ chối để ghi ra tệp",
            "Too many rows are refused to be written out");
    return err_hint(err, "Sửa lỗi chung của tệp rồi nhập lại",
                    "Mend what is wrong throughout the file and import it again");
}

/* ---- reading rows ------------------------------------------------------------------------ */

static err_t read_cells(struct run *run, const struct str *fields, struct import_row *row,
                        struct err *err)
{
    struct import *import = &run->import;
    size_t count = run->kind->column_count;
    struct import_cell *cells = ARENA_ARRAY(&import->batch, struct import_cell, count);
    if (cells == NULL) return err_memory(err);
    for (size_t i = 0; i < count; i++) {
        struct err why;
        err_t e = import_cell_read(&import->batch, &run->kind->columns[i], fields[i], &cells[i],
                                   &why);
        if (e == E_MEMORY) {
            *err = why;
            return e;
        }
        if (e != OK) import_reject(import, row, (int)i, &why);
    }
    row->cells = cells;
    return OK;
}

/* Reads the next row that passed its columns; refused ones are noted and passed over. */
static err_t read_row(struct run *run, struct import_row *out, bool *out_row, struct err *err)
{
    struct str fields[CSV_COLUMNS_MAX];
    for (;;) {
        bool row = false;
        struct err why;
        err_t e = csv_next(run->csv, fields, &row, &why);
        if (e != OK && e != E_INPUT) {
            *err = why;
            return e;
        }
        if (e == OK && !row) {
            *out_row = false;
            return OK;
        }
        struct import_row read = {.row_no = csv_row(run->csv)};
        run->import.counts.rows++;
        if (e == E_INPUT) import_reject(&run->import, &read, -1, &why);
        else e = read_cells(run, fields, &read, err);
        if (e != OK && e != E_INPUT) return e;
        if (read.rejected) {
            if ((e = keep_refused(run, csv_raw(run->csv), err)) != OK) return e;
            continue;
        }
        if (run->import.request->keep_good)
            read.raw = arena_str(&run->import.batch, csv_raw(run->csv));
        *out = read;
        *out_row = true;
        return OK;
    }
}

/* ---- batches ----------------------------------------------------------------------------- */

static uint64_t mix_text(uint64_t hash, struct str text)
{
    for (size_t i = 0; i < text.n; i++) hash = (hash ^ (unsigned char)text.p[i]) * 1099511628211U;
    return (hash ^ 0xFF) * 1099511628211U;
}

static bool same_cell(const struct import_cell *a, const struct import_cell *b)
{
    return a->given == b->given && a->i64 == b->i64 && str_equal(a->text, b->text);
}

static bool same_key(const struct import_kind *kind, const struct import_row *a,
                     const struct import_row *b)
{
    for (size_t i = 0; i < kind->key_column_count; i++)
        if (!same_cell(&a->cells[kind->key_columns[i]], &b->cells[kind->key_columns[i]]))
            return false;
    return true;
}

/* Notes the key of a row; false when an earlier row of the batch has it. */
static bool claim_key(struct run *run, const struct import_row *row, size_t index)
{
    uint64_t hash = 14695981039346656037U;
    for (size_t i = 0; i < run->kind->key_column_count; i++)
        hash = mix_text(hash, row->cells[run->kind->key_columns[i]].text);
    for (size_t slot = hash % KEY_SLOTS;; slot = (slot + 1) % KEY_SLOTS) {
        if (run->key_slot[slot] == 0) {
            run->key_slot[slot] = (uint16_t)(index + 1);
            return true;
        }
        if (same_key(run->kind, &run->rows[run->key_slot[slot] - 1], row)) return false;
    }
}

/* Whether the row names the key of an earlier row of the batch. */
static bool names_earlier(const struct run *run, const struct import_row *row)
{
    for (size_t i = 0; i < run->kind->self_column_count; i++) {
        const struct import_cell *cell = &row->cells[run->kind->self_columns[i]];
        if (!cell->given) continue;
        size_t slot = mix_text(14695981039346656037U, cell->text) % KEY_SLOTS;
        for (; run->key_slot[slot] != 0; slot = (slot + 1) % KEY_SLOTS) {
            const struct import_row *other = &run->rows[run->key_slot[slot] - 1];
            if (str_equal(other->cells[run->kind->key_columns[0]].text, cell->text)) return true;
        }
    }
    return false;
}

/* Calls one for the hash of everything that ties a row to its place in the file: its key, the keys
 * it names, what the kind says. Ends early when one answers true. */
static bool any_touch(struct run *run, const struct import_row *row,
                      bool (*one)(struct run *run, uint64_t hash))
{
    const struct import_kind *kind = run->kind;
    uint64_t key = 14695981039346656037U;
    for (size_t i = 0; i < kind->key_column_count; i++)
        key = mix_text(key, row->cells[kind->key_columns[i]].text);
    if (one(run, key)) return true;
    for (size_t i = 0; i < kind->self_column_count + kind->order_column_count; i++) {
        size_t column = i < kind->self_column_count
                            ? kind->self_columns[i]
                            : kind->order_columns[i - kind->self_column_count];
        if (!row->cells[column].given) continue;
        if (one(run, mix_text(14695981039346656037U, row->cells[column].text))) return true;
    }
    return false;
}

static uint64_t *touched_slot(struct run *run, uint64_t hash)
{
    size_t slot = hash % TOUCHED_SLOTS;
    while (run->touched[slot] != 0 && run->touched[slot] != hash)
        slot = (slot + 1) % TOUCHED_SLOTS;
    return &run->touched[slot];
}

static bool touch(struct run *run, uint64_t hash)
{
    *touched_slot(run, hash) = hash;
    return false;
}

static bool is_touched(struct run *run, uint64_t hash)
{
    return *touched_slot(run, hash) == hash;
}

static err_t keep_waiting(struct run *run, const struct import_row *row, struct err *err)
{
    struct waiting *waiting = &run->waiting[run->waiting_turn];
    size_t count = run->kind->column_count;
    struct import_cell *cells = ARENA_ARRAY(&waiting->arena, struct import_cell, count);
    if (cells == NULL) return err_memory(err);
    for (size_t i = 0; i < count; i++) {
        cells[i] = row->cells[i];
        cells[i].text = arena_str(&waiting->arena, row->cells[i].text);
    }
    struct import_row *kept = &waiting->rows[waiting->count++];
    *kept = *row;
    kept->cells = cells;
    kept->raw = arena_str(&waiting->arena, row->raw);
    (void)any_touch(run, row, touch);
    return waiting->arena.failed ? err_memory(err) : OK;
}

/* Into the batch, unless the row depends on one that stands there or waits. */
static err_t place_row(struct run *run, const struct import_row *row, struct err *err)
{
    bool tied = run->waiting[run->waiting_turn].count > 0 && any_touch(run, row, is_touched);
    if (tied || names_earlier(run, row) || !claim_key(run, row, run->row_count))
        return keep_waiting(run, row, err);
    run->rows[run->row_count++] = *row;
    return OK;
}

/* The other rows go to the other place, whose rows are all taken by now. */
static const struct waiting *turn_waiting(struct run *run)
{
    const struct waiting *before = &run->waiting[run->waiting_turn];
    run->waiting_turn = 1 - run->waiting_turn;
    struct waiting *next = &run->waiting[run->waiting_turn];
    arena_reset(&next->arena);
    next->count = 0;
    if (before->count > 0) memset(run->touched, 0, TOUCHED_SLOTS * sizeof *run->touched);
    return before;
}

static err_t fill_batch(struct run *run, struct err *err)
{
    arena_reset(&run->import.batch);
    run->row_count = 0;
    memset(run->key_slot, 0, KEY_SLOTS * sizeof *run->key_slot);
    const struct waiting *before = turn_waiting(run);
    const struct waiting *waiting = &run->waiting[run->waiting_turn];
    err_t e = OK;
    for (size_t i = 0; e == OK && i < before->count; i++)
        e = place_row(run, &before->rows[i], err);
    while (e == OK && !run->file_ended && run->row_count < IMPORT_BATCH_ROWS &&
           waiting->count < IMPORT_BATCH_ROWS) {
        struct import_row row;
        bool more = false;
        e = read_row(run, &row, &more, err);
        if (e == OK && more) e = place_row(run, &row, err);
        run->file_ended = e == OK && !more;
    }
    return e;
}

/* After the first batch, and whenever the tables have become eight times as large since. */
static err_t plan_anew(struct run *run, int64_t batches, struct err *err)
{
    int64_t power = 1;
    while (power < batches) power *= 8;
    if (run->kind->tables == NULL || power != batches) return OK;
    return db_grown(run->import.db, run->kind->tables, err);
}

static err_t take_batches(struct run *run, struct err *err)
{
    int64_t batches = 0;
    const struct import_request *request = run->import.request;
    while (!run->file_ended || run->waiting[run->waiting_turn].count > 0) {
        err_t e = fill_batch(run, err);
        if (e == OK && run->row_count > 0)
            e = run->kind->take(&run->import, run->rows, run->row_count, err);
        for (size_t i = 0; e == OK && i < run->row_count; i++)
            if (run->rows[i].rejected) e = keep_refused(run, run->rows[i].raw, err);
        if (e != OK) return e;
        e = plan_anew(run, ++batches, err);
        if (e != OK) return e;
        if (request->progress != NULL)
            request->progress(request->context, run->import.counts.rows, csv_bytes(run->csv));
    }
    return OK;
}

/* ---- the whole file ---------------------------------------------------------------------- */

static err_t open_csv(struct run *run, struct err *err)
{
    size_t count = run->kind->column_count;
    struct csv_column *columns = ARENA_ARRAY(&run->import.arena, struct csv_column, count);
    if (columns == NULL) return err_memory(err);
    for (size_t i = 0; i < count; i++)
        columns[i] = (struct csv_column){run->kind->columns[i].name,
                                         run->kind->columns[i].required};
    const struct import_request *request = run->import.request;
    if (request->path == NULL)
        return csv_open_text(request->text, columns, count, &run->csv, err);
    return csv_open_file(request->path, columns, count, &run->csv, err);
}

static err_t prepare(struct run *run, struct err *err)
{
    struct import *import = &run->import;
    run->rows = ARENA_ARRAY(&import->arena, struct import_row, IMPORT_BATCH_ROWS);
    run->key_slot = ARENA_ARRAY(&import->arena, uint16_t, KEY_SLOTS);
    run->touched = ARENA_ARRAY(&import->arena, uint64_t, TOUCHED_SLOTS);
    for (size_t i = 0; i < ARRAY_COUNT(run->waiting); i++)
        run->waiting[i].rows = ARENA_ARRAY(&import->arena, struct import_row, IMPORT_BATCH_ROWS);
    import->state = arena_take(&import->arena, run->kind->state_bytes);
    if (import->arena.failed) return err_memory(err);
    err_t e = open_csv(run, err);
    if (e == OK) e = db_begin(import->db, err);
    if (e == OK) e = import_load_units(import, err);
    if (e == OK && run->kind->begin != NULL) e = run->kind->begin(import, err);
    return e;
}

static err_t refuse_file(const struct import_counts *counts, struct err *err)
{
    err_set(err, E_INPUT, NULL, "Tệp có %lld dòng bị từ chối trong %lld dòng; không nhập dòng nào",
            "%lld rows of %lld are refused; nothing was taken", (long long)counts->rejected,
            (long long)counts->rows);
    return err_hint(err, "Sửa các dòng đã nêu rồi nhập lại, hoặc thêm --keep-good để nhập các dòng "
                         "đúng",
                    "Mend the rows named above and import again, or add --keep-good to take the "
                    "good rows");
}

static err_t finish(struct run *run, struct err *err)
{
    const struct import_request *request = run->import.request;
    struct import_counts *counts = &run->import.counts;
    if (counts->rejected > 0 && !request->keep_good) {
        db_rollback(run->import.db);
        return refuse_file(counts, err);
    }
    if (request->dry_run) {
        db_rollback(run->import.db);
        return OK;
    }
    /* The refused rows are on disk before the others are taken: no row is ever lost between. */
    err_t e = OK;
    if (run->rejected.n > 0) e = file_write(request->rejected_path, buf_str(&run->rejected), err);
    if (e == OK && request->before_commit != NULL)
        e = request->before_commit(request->context, run->import.db, counts, err);
    if (e == OK) e = db_commit(run->import.db, err);
    return e;
}

err_t import_run(struct db *db, const struct import_request *request, struct import_counts *out,
                 struct err *err)
{
    ASSERT(request->kind->key_column_count > 0);
    struct run run = {.import = {.db = db, .request = request}, .kind = request->kind};
    arena_init(&run.import.arena, FILE_ARENA_MAX_BYTES);
    arena_init(&run.import.batch, BATCH_ARENA_MAX_BYTES);
    for (size_t i = 0; i < ARRAY_COUNT(run.waiting); i++)
        arena_init(&run.waiting[i].arena, BATCH_ARENA_MAX_BYTES);
    buf_init(&run.rejected, IMPORT_REJECTED_MAX_BYTES);
    err_t e = prepare(&run, err);
    if (e == OK) e = take_batches(&run, err);
    if (e == OK && run.kind->end != NULL) e = run.kind->end(&run.import, err);
    if (e == OK) e = finish(&run, err);
    if (e != OK) db_rollback(db);
    if (e == OK && run.import.counts.added >= DB_GROWN_ROWS) e = db_grown(db, NULL, err);
    *out = run.import.counts;
    csv_close(run.csv);
    buf_release(&run.rejected);
    for (size_t i = 0; i < ARRAY_COUNT(run.waiting); i++) arena_release(&run.waiting[i].arena);
    arena_release(&run.import.batch);
    arena_release(&run.import.arena);
    return e;
}
