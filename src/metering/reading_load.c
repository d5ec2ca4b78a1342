/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/date.h"
#include "base/memory.h"
#include "metering/reading_load_int.h"
#include "store/event.h"
#include "store/store.h"

#define RUN_ARENA_MAX_BYTES ((size_t)96 * 1024 * 1024)
#define CHUNK_ARENA_MAX_BYTES ((size_t)96 * 1024 * 1024)

static err_t bulks_open(struct reading_load *load, struct err *err)
{
    err_t e = bulk_open(load->db, "reading",
                        "unit_id, month, point_id, read_on, installation_id, register, kind, "
                        "entry_no, index_wh, source, state, not_read, prorate, read_at, use_wh, "
                        "use_days, multiplier, digits, batch_id", &load->reading, err);
    if (e == OK)
        e = bulk_open(load->db, "reading_review",
                      "unit_id, month, point_id, read_on, installation_id, register, kind, "
                      "entry_no, finding, before_wh, index_wh, state, batch_id", &load->review,
                      err);
    return e;
}

static err_t bulks_close(struct reading_load *load, struct err *err)
{
    struct bulk *reading = load->reading, *review = load->review;
    load->reading = load->review = NULL;
    err_t e = reading == NULL ? OK : bulk_close(reading, err);
    if (e != OK) bulk_drop(review);
    else if (review != NULL) e = bulk_close(review, err);
    return e;
}

static err_t prepare(struct reading_load *load, struct err *err)
{
    const struct reading_load_request *request = &load->request;
    err_t e = db_begin(load->db, err);
    if (e == OK)
        e = parameters_on(load->db, request->unit_id, request->business_day, &load->parameters,
                          err);
    if (e == OK)
        e = db_get_i64_or(load->db, "SELECT min(month) FROM reading WHERE unit_id = $1",
                          ARGS(v_i64(request->unit_id)), 0, &load->first_month, err);
    if (e == OK)
        e = store_take_numbers(load->db, request->unit_id, S("reading_batch"), 1,
                               &load->counts.batch_id, err);
    return e;
}

err_t reading_load_open(struct db *db, const struct reading_load_request *request,
                        struct reading_load **out, struct err *err)
{
    if (request->correct && request->reason.n == 0) {
        err_set(err, E_INPUT, "reason", "Sửa chỉ số phải ghi lý do",
                "A correction needs its reason");
        return err_hint(err, "Thêm --reason", "Add --reason");
    }
    struct reading_load *load = memory_take(sizeof *load);
    if (load == NULL) return err_memory(err);
    *load = (struct reading_load){.db = db, .request = *request};
    arena_init(&load->arena, RUN_ARENA_MAX_BYTES);
    arena_init(&load->chunk, CHUNK_ARENA_MAX_BYTES);
    load->rows = memory_take(sizeof *load->rows * LOAD_RUN_ROWS);
    err_t e = load->rows == NULL ? err_memory(err) : prepare(load, err);
    if (e == OK) *out = load;
    else reading_load_drop(load);
    return e;
}

static void load_free(struct reading_load *load)
{
    bulk_drop(load->reading);
    bulk_drop(load->review);
    arena_release(&load->arena);
    arena_release(&load->chunk);
    memory_give(load->rows, sizeof *load->rows * LOAD_RUN_ROWS);
    memory_give(load, sizeof *load);
}

void reading_load_drop(struct reading_load *load)
{
    if (load == NULL) return;
    struct db *db = load->db;
    load_free(load);
    db_rollback(db);
}

void reading_load_refuse(struct reading_load *load, int64_t row_no, const char *column,
                         const struct err *why)
{
    struct reading_found found = {.refused = true, .row_no = row_no, .column = column,
                                  .err = why};
    load->counts.refused++;
    load->counts.rows++;
    if (load->request.found != NULL) load->request.found(load->request.context, &found);
}

void load_refuse(struct reading_load *load, struct pending *row, const char *column,
                 const struct err *why)
{
    ASSERT(!row->refused);
    row->refused = true;
    struct reading_found found = {.refused = true, .row_no = row->row_no, .column = column,
                                  .err = why};
    load->counts.refused++;
    if (load->request.found != NULL) load->request.found(load->request.context, &found);
}

/* ---- runs ---------------------------------------------------------------------------------- */

static int by_number(int64_t a, int64_t b)
{
    return a < b ? -1 : a > b;
}

/* The order of the primary key; rows of one key by their place in the file. */
static int by_key(const void *left, const void *right)
{
    const struct pending *a = left, *b = right;
    int order = by_number(a->month, b->month);
    if (order == 0) order = by_number(a->point_id, b->point_id);
    if (order == 0) order = by_number(a->day, b->day);
    if (order == 0) order = by_number(a->row_no, b->row_no);
    return order;
}

static bool is_sorted(const struct pending *rows, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        if (by_key(&rows[i - 1], &rows[i]) > 0) return false;
    }
    return true;
}

/* Leaves out refused rows, keeps the order. */
static void drop_refused(struct reading_load *load)
{
    size_t kept = 0;
    for (size_t i = 0; i < load->row_count; i++) {
        if (!load->rows[i].refused) load->rows[kept++] = load->rows[i];
    }
    load->row_count = kept;
}

/* The end of the chunk that begins at first: one month, whole points. */
static size_t chunk_end(const struct reading_load *load, size_t first)
{
    const struct pending *rows = load->rows;
    size_t points = 1, at = first + 1;
    for (; at < load->row_count; at++) {
        if (rows[at].month != rows[first].month) break;
        if (rows[at].point_id != rows[at - 1].point_id && ++points > LOAD_CHUNK_POINTS) break;
    }
    return at;
}

static err_t run_rows(struct reading_load *load, struct err *err)
{
    err_t e = load_find_points(load, err);
    if (e != OK) return e;
    drop_refused(load);
    if (!is_sorted(load->rows, load->row_count))
        qsort(load->rows, load->row_count, sizeof *load->rows, by_key);
    size_t at = 0;
    while (e == OK && at < load->row_count) {
        /* A month sees what the month before wrote. */
        bool new_month = at == 0 || load->rows[at].month != load->rows[at - 1].month;
        if (new_month) e = bulks_close(load, err);
        if (e == OK && load->reading == NULL) e = bulks_open(load, err);
        size_t end = chunk_end(load, at);
        if (e == OK) e = load_chunk(load, load->rows + at, end - at, err);
        at = end;
    }
    if (e == OK) e = bulks_close(load, err);
    if (e == OK) e = load_tell_behind(load, err);
    load->row_count = 0;
    arena_reset(&load->arena);
    return e;
}

err_t reading_load_add(struct reading_load *load, const struct reading_row *row, struct err *err)
{
    ASSERT((row->index_wh < 0) == (row->not_read != NOT_READ_NONE));
    struct pending *pending = &load->rows[load->row_count];
    *pending = (struct pending){
        .row_no = row->row_no, .point_id = row->point_id, .index_wh = row->index_wh,
        .read_at = row->read_at, .day = row->day, .month = month_of_day(row->day),
        .reg = (uint8_t)row->reg, .kind = (uint8_t)row->kind, .source = (uint8_t)row->source,
        .state = (uint8_t)row->state, .not_read = (uint8_t)row->not_read,
        .prorate = (uint8_t)row->prorate};
    if (row->point_code.n > 0) pending->code = arena_str(&load->arena, row->point_code);
    if (row->serial.n > 0) pending->serial = arena_str(&load->arena, row->serial);
    if (load->arena.failed) return err_memory(err);
    load->counts.rows++;
    load->row_count++;
    return load->row_count == LOAD_RUN_ROWS ? run_rows(load, err) : OK;
}

/* ---- end ----------------------------------------------------------------------------------- */

void reading_load_of_file(struct reading_load *load, struct str sha256)
{
    struct buf text;
    buf_init_fixed(&text, load->sha256, sizeof load->sha256);
    buf_add(&text, sha256);
    ASSERT(!text.failed);
}

err_t load_find_same(struct db *db, int64_t unit_id, struct str sha256,
                     struct reading_load_counts *counts, struct err *err)
{
    if (sha256.n == 0) return OK;
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(db,
                       "SELECT batch_id, recorded_at FROM reading_batch WHERE unit_id = $1 AND "
                       "sha256 = $2 ORDER BY batch_id DESC LIMIT 1",
                       ARGS(v_i64(unit_id), v_text(sha256)), &rows, err);
    bool more = false;
    if (e == OK) e = rows_next(rows, &more, err);
    if (e != OK || !more) return e;
    counts->same_batch_id = row_i64(rows, 0);
    counts->same_recorded_at = row_i64(rows, 1);
    return OK;
}

err_t load_write_batch(struct db *db, const struct reading_load_request *request,
                       struct str sha256, const struct reading_load_counts *counts,
                       struct err *err)
{
    return db_run(db,
                  "INSERT INTO reading_batch (unit_id, batch_id, name, sha256, row_count, "
                  "reason, recorded_at, actor_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
                  ARGS(v_i64(request->unit_id), v_i64(counts->batch_id), v_text(request->name),
                       v_text(sha256), v_i64(counts->added + counts->corrected),
                       v_text(request->reason), v_i64(clock_now_ms()),
                       v_i64(request->actor_id)), NULL, err);
}

static err_t write_batch(struct reading_load *load, struct err *err)
{
    const struct reading_load_request *request = &load->request;
    char memory[160];
    struct buf payload;
    buf_init_fixed(&payload, memory, sizeof memory);
    buf_printf(&payload, "{\"batch\":%lld,\"added\":%lld,\"corrected\":%lld}",
               (long long)load->counts.batch_id, (long long)load->counts.added,
               (long long)load->counts.corrected);
    err_t e = load_write_batch(load->db, request, str_of(load->sha256), &load->counts, err);
    if (e != OK) return e;
    return event_append(load->db, request->unit_id, S("readings.loaded"), load->counts.batch_id,
                        buf_str(&payload), err);
}

err_t load_refuse_file(const struct reading_load_counts *counts, struct err *err)
{
    err_set(err, E_INPUT, "file", "Tệp có %lld dòng bị từ chối; chưa nhập dòng nào",
            "The file has %lld refused rows; nothing was taken", (long long)counts->refused);
    if (counts->same_batch_id != 0)
        err_detail(err, "Đúng tệp này đã nhập ở lô %lld; chỉ số đã được sửa sau đó",
                   "This very file was taken as batch %lld; readings were corrected since",
                   (long long)counts->same_batch_id);
    return err_hint(err, "Sửa các dòng đã nêu, hoặc thêm --keep-good để nhập các dòng đúng",
                    "Mend the rows listed, or add --keep-good to take the good ones");
}

err_t load_before_commit(const struct reading_load_request *request,
                         const struct reading_load_counts *counts, struct err *err)
{
    if (request->before_commit == NULL) return OK;
    return request->before_commit(request->context, counts, err);
}

err_t reading_load_finish(struct reading_load *load, struct reading_load_counts *out,
                          struct err *err)
{
    err_t e = run_rows(load, err);
    if (e == OK)
        e = load_find_same(load->db, load->request.unit_id, str_of(load->sha256), &load->counts,
                           err);
    bool nothing = load->counts.added + load->counts.corrected == 0;
    bool refused = load->counts.refused > 0 && !load->request.keep_good;
    if (e == OK && refused) {
        *out = load->counts;
        e = load_refuse_file(&load->counts, err);
    }
    bool take = e == OK && !nothing && !load->request.dry_run;
    if (take) e = write_batch(load, err);
    if (take && e == OK) e = load_before_commit(&load->request, &load->counts, err);
    if (take && e == OK) e = db_commit(load->db, err);
    if (take && e == OK && load->counts.added >= DB_GROWN_ROWS)
        e = db_grown(load->db, "reading", err);
    if (e == OK) *out = load->counts;
    reading_load_drop(load); /* rolls back what was not committed */
    return e;
}
