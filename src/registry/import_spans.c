/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/import_spans_int.h"

#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "store/store.h"

enum { SPANS_FIRST_CAPACITY = 1024 };

void import_spans_init(struct import_spans *spans, struct import *import, int column)
{
    *spans = (struct import_spans){.import = import, .column = column};
}

err_t import_spans_add(struct import_spans *spans, struct import_span span, struct err *err)
{
    if (spans->count == spans->capacity) {
        size_t capacity = spans->capacity == 0 ? SPANS_FIRST_CAPACITY : 2 * spans->capacity;
        struct import_span *items =
            ARENA_ARRAY(&spans->import->batch, struct import_span, capacity);
        if (items == NULL) return err_memory(err);
        if (spans->count > 0) memcpy(items, spans->items, spans->count * sizeof *items);
        spans->items = items;
        spans->capacity = capacity;
    }
    spans->items[spans->count++] = span;
    return OK;
}

/* ---- known ones -------------------------------------------------------------------------- */

#define SPANS_SQL                                                                         \
    "SELECT installation_id, point_id, meter_id, role, multiplier, hung_at, removed_at "  \
    "FROM installation WHERE "
static const char by_point_sql[] =
    SPANS_SQL "point_id IN (" IMPORT_CODES ") AND unit_id = " IMPORT_CODES_UNIT;
static const char by_meter_sql[] =
    SPANS_SQL "meter_id IN (" IMPORT_CODES ") AND unit_id = " IMPORT_CODES_UNIT;

static err_t read_known(struct import_spans *spans, const char *sql, struct args args,
                        int64_t unit_id, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(spans->import->db, sql, args, &rows, err);
    bool row = true;
    while (e == OK && (e = rows_next(rows, &row, err)) == OK && row) {
        struct import_span span = {.unit_id = unit_id,
                                   .installation_id = row_i64(rows, 0),
                                   .point_id = row_i64(rows, 1),
                                   .meter_id = row_i64(rows, 2),
                                   .multiplier = row_i64(rows, 4),
                                   .hung_at = row_i64(rows, 5),
                                   .removed_at = row_i64_or(rows, 6, INT64_MAX),
                                   .row = -1,
                                   .corrected_by = -1,
                                   .meter_exists = true};
        bool known = meter_role_parse(row_text(rows, 3), &span.role);
        ASSERT(known);
        e = import_spans_add(spans, span, err);
    }
    return e;
}

/* Asks for the points (or meters) of the first new_count spans, many at a time. */
static err_t load_known(struct import_spans *spans, size_t new_count, bool by_meter,
                        struct err *err)
{
    struct value values[IMPORT_CODES_COUNT + 1];
    size_t count = 0;
    err_t e = OK;
    for (size_t i = 0; e == OK && i <= new_count; i++) {
        bool end = i == new_count;
        bool other_unit = !end && count > 0 &&
                          values[IMPORT_CODES_COUNT].i64 != spans->items[i].unit_id;
        if (count > 0 && (end || other_unit || count == IMPORT_CODES_COUNT)) {
            for (size_t k = count; k < IMPORT_CODES_COUNT; k++) values[k] = v_null();
            e = read_known(spans, by_meter ? by_meter_sql : by_point_sql,
                           (struct args){values, IMPORT_CODES_COUNT + 1},
                           values[IMPORT_CODES_COUNT].i64, err);
            count = 0;
        }
        if (end) break;
        const struct import_span *span = &spans->items[i];
        if (by_meter && !span->meter_exists) continue;
        values[IMPORT_CODES_COUNT] = v_i64(span->unit_id);
        values[count++] = v_i64(by_meter ? span->meter_id : span->point_id);
    }
    return e;
}

/* ---- overlaps ---------------------------------------------------------------------------- */

static int compare_numbers(int64_t a, int64_t b)
{
    return a == b ? 0 : a < b ? -1 : 1;
}

/* By place and role, then time; known ones before new ones of the same minute. */
static int compare_times(const struct import_span *a, const struct import_span *b)
{
    int order = compare_numbers(a->hung_at, b->hung_at);
    return order != 0 ? order : compare_numbers(a->row, b->row);
}

static int compare_points(const void *left, const void *right)
{
    const struct import_span *a = left, *b = right;
    int order = compare_numbers(a->unit_id, b->unit_id);
    if (order == 0) order = compare_numbers(a->point_id, b->point_id);
    if (order == 0) order = compare_numbers((int64_t)a->role, (int64_t)b->role);
    return order != 0 ? order : compare_times(a, b);
}

static int compare_meters(const void *left, const void *right)
{
    const struct import_span *a = left, *b = right;
    int order = compare_numbers(a->unit_id, b->unit_id);
    if (order == 0) order = compare_numbers(a->meter_id, b->meter_id);
    if (order == 0) order = compare_numbers((int64_t)a->role, (int64_t)b->role);
    return order != 0 ? order : compare_times(a, b);
}

/* The row that says what a span is; -1: none, it is stored so. */
static int64_t row_of(const struct import_span *span)
{
    return span->row >= 0 ? span->row : span->corrected_by;
}

static void reject_overlap(struct import_spans *spans, struct import_row *rows,
                           const struct import_span *span, const struct import_span *other)
{
    struct err why;
    char memory[INSTANT_TEXT_BYTES];
    const struct import_kind *kind = spans->import->request->kind;
    err_set(&why, E_CONFLICT, kind->columns[spans->column].name,
            "Bộ chỉ số này của điểm đo, hoặc chính công tơ này, đã có lần treo khác từ %.*s",
            "This register role of the point, or the meter itself, is taken by another "
            "installation since %.*s",
            STR_ARG(instant_text(other->hung_at, memory)));
    if (other->row >= 0)
        err_detail(&why, "Dòng %lld của tệp", "Row %lld of the file",
                   (long long)rows[other->row].row_no);
    if (!spans->import->request->correct && other->row < 0 && import_span_names(span, other))
        err_hint(&why, "Nhập lại với --correct nếu hệ số nhân hay thời điểm đã ghi là sai; nếu "
                 "không, ghi thời điểm tháo của lần treo trước",
                 "Import with --correct when the recorded multiplier or time is wrong; otherwise "
                 "give the time of removal of the earlier one");
    else
        err_hint(&why, "Ghi thời điểm tháo của lần treo trước, hoặc sửa điểm đo hay thời điểm treo",
                 "Give the time of removal of the earlier one, or mend the point or the time");
    import_reject(spans->import, &rows[row_of(span)], spans->column, &why);
}

/* A new span that says again what is known; it may add the removal. */
static bool repeats(struct import_span *span, const struct import_span *known)
{
    if (known->row >= 0 || span->row < 0) return false;
    if (known->point_id != span->point_id || known->meter_id != span->meter_id ||
        known->role != span->role || known->hung_at != span->hung_at ||
        known->multiplier != span->multiplier)
        return false;
    bool ends = known->removed_at == INT64_MAX && span->removed_at != INT64_MAX;
    bool agrees = known->removed_at == span->removed_at || span->removed_at == INT64_MAX;
    if (!ends && !agrees) return false;
    span->installation_id = known->installation_id;
    span->ends_known |= ends;
    return true;
}

static int compare_installations(const void *left, const void *right)
{
    const struct import_span *a = left, *b = right;
    int order = compare_numbers(a->row, b->row);
    if (order == 0) order = compare_numbers(a->unit_id, b->unit_id);
    return order != 0 ? order : compare_numbers(a->installation_id, b->installation_id);
}

/* A known one may have been met through its point and through its meter. */
static void drop_repeated(struct import_spans *spans)
{
    qsort(spans->items, spans->count, sizeof *spans->items, compare_installations);
    size_t kept = 0;
    for (size_t i = 0; i < spans->count; i++) {
        struct import_span *last = kept == 0 ? NULL : &spans->items[kept - 1];
        bool again = last != NULL && spans->items[i].row < 0 &&
                     compare_installations(last, &spans->items[i]) == 0;
        if (!again) spans->items[kept++] = spans->items[i];
    }
    spans->count = kept;
}

/* Walks spans of one place in order of time; last is the one that reaches furthest. */
static void sweep(struct import_spans *spans, struct import_row *rows,
                  int (*same_place)(const struct import_span *, const struct import_span *))
{
    struct import_span *last = NULL;
    for (size_t i = 0; i < spans->count; i++) {
        struct import_span *span = &spans->items[i];
        if (row_of(span) >= 0 && rows[row_of(span)].rejected) continue;
        if (last != NULL && same_place(last, span) != 0) last = NULL;
        if (last != NULL && repeats(span, last)) {
            if (span->ends_known) last->removed_at = span->removed_at;
            continue;
        }
        if (last != NULL && span->hung_at < last->removed_at) {
            if (row_of(span) >= 0) {
                reject_overlap(spans, rows, span, last);
                continue;
            }
            if (row_of(last) >= 0) reject_overlap(spans, rows, last, span);
        }
        last = span;
    }
}

static int point_differs(const struct import_span *a, const struct import_span *b)
{
    return a->unit_id != b->unit_id || a->point_id != b->point_id || a->role != b->role;
}

static int meter_differs(const struct import_span *a, const struct import_span *b)
{
    return a->unit_id != b->unit_id || a->meter_id != b->meter_id || a->role != b->role;
}

err_t import_spans_compare(struct import_spans *spans, struct import_row *rows, struct err *err)
{
    size_t new_count = spans->count;
    int64_t moment_ms;
    err_t e = OK;
    /* Taken before anything is read: of two writers the second sees what the first hung. */
    for (size_t i = 0; e == OK && i < new_count; i++)
        e = import_moment(spans->import, spans->items[i].unit_id, &moment_ms, err);
    if (e == OK) e = load_known(spans, new_count, false, err);
    if (e == OK) e = load_known(spans, new_count, true, err);
    if (e != OK || spans->count == 0) return e;
    drop_repeated(spans);
    if (spans->import->request->correct) {
        e = import_spans_correct(spans, rows, err);
        if (e != OK) return e;
    }
    qsort(spans->items, spans->count, sizeof *spans->items, compare_points);
    sweep(spans, rows, point_differs);
    qsort(spans->items, spans->count, sizeof *spans->items, compare_meters);
    sweep(spans, rows, meter_differs);
    return OK;
}

/* ---- writing ----------------------------------------------------------------------------- */

static err_t end_known(struct import_spans *spans, const struct import_span *span,
                       struct err *err)
{
    int64_t moment_ms;
    err_t e = import_moment(spans->import, span->unit_id, &moment_ms, err);
    if (e != OK) return e;
    return db_run(spans->import->db,
                  "UPDATE installation SET removed_at = $1, removal_recorded_at = $2 "
                  "WHERE unit_id = $3 AND installation_id = $4 AND removed_at IS NULL",
                  ARGS(v_i64(span->removed_at), v_i64(moment_ms), v_i64(span->unit_id),
                       v_i64(span->installation_id)),
                  NULL, err);
}

static err_t insert_span(struct import_spans *spans, struct bulk *bulk,
                         const struct import_span *span, int64_t installation_id,
                         struct err *err)
{
    int64_t moment_ms;
    err_t e = import_moment(spans->import, span->unit_id, &moment_ms, err);
    bool ended = span->removed_at != INT64_MAX;
    if (e == OK)
        e = bulk_row(bulk,
                     ARGS(v_i64(span->unit_id), v_i64(installation_id), v_i64(span->point_id),
                          v_i64(span->meter_id), v_text(meter_role_text(span->role)),
                          v_i64(span->multiplier), v_i64(span->hung_at),
                          ended ? v_i64(span->removed_at) : v_null(), v_i64(moment_ms),
                          ended ? v_i64(moment_ms) : v_null(),
                          v_i64(spans->import->request->actor_id)),
                     err);
    return e;
}

static bool is_new(const struct import_span *span, const struct import_row *rows)
{
    return span->row >= 0 && !rows[span->row].rejected && span->installation_id == 0;
}

/* Numbers for the new ones of the unit that begins at index from. */
static err_t take_numbers(const struct import_spans *spans, const struct import_row *rows,
                          size_t from, int64_t *out_first, struct err *err)
{
    int64_t wanted = 0, unit_id = spans->items[from].unit_id;
    for (size_t i = from; i < spans->count && spans->items[i].unit_id == unit_id; i++)
        wanted += is_new(&spans->items[i], rows);
    if (wanted == 0) return OK;
    return store_take_numbers(spans->import->db, unit_id, S("installation"), wanted, out_first,
                              err);
}

static err_t end_all_known(struct import_spans *spans, const struct import_row *rows, bool *wrote,
                           struct err *err)
{
    err_t e = OK;
    for (size_t i = 0; e == OK && i < spans->count; i++) {
        const struct import_span *span = &spans->items[i];
        if (span->row < 0 || rows[span->row].rejected || !span->ends_known) continue;
        e = end_known(spans, span, err);
        wrote[span->row] = true;
    }
    return e;
}

/* What was wrong is corrected and what hangs is removed first, so that its place is free for what
 * comes after it. */
err_t import_spans_write(struct import_spans *spans, const struct import_row *rows, bool *wrote,
                         struct err *err)
{
    if (spans->count == 0) return OK;
    struct bulk *bulk = NULL;
    int64_t next = 0;
    err_t e = import_spans_write_corrected(spans, rows, wrote, err);
    if (e == OK) e = end_all_known(spans, rows, wrote, err);
    if (e == OK)
        e = bulk_open(spans->import->db, "installation",
                      "unit_id, installation_id, point_id, meter_id, role, multiplier, hung_at, "
                      "removed_at, recorded_at, removal_recorded_at, actor_id",
                      &bulk, err);
    for (size_t i = 0; e == OK && i < spans->count; i++) {
        const struct import_span *span = &spans->items[i];
        if (i == 0 || spans->items[i - 1].unit_id != span->unit_id)
            e = take_numbers(spans, rows, i, &next, err);
        if (e == OK && is_new(span, rows)) {
            e = insert_span(spans, bulk, span, next++, err);
            wrote[span->row] = true;
        }
    }
    if (e == OK) return bulk_close(bulk, err);
    bulk_drop(bulk);
    return e;
}
