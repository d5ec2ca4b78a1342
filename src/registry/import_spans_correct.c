/* SPDX-License-Identifier: Apache-2.0 */
/* Rows that say of a known installation that its multiplier or a minute was recorded wrongly. */
#include <stdlib.h>

#include "registry/import_spans_int.h"

static bool same_place(const struct import_span *a, const struct import_span *b)
{
    return a->unit_id == b->unit_id && a->point_id == b->point_id && a->meter_id == b->meter_id &&
           a->role == b->role;
}

bool import_span_names(const struct import_span *span, const struct import_span *known)
{
    return same_place(span, known) && span->hung_at < known->removed_at &&
           known->hung_at < span->removed_at;
}

static int order(int64_t a, int64_t b)
{
    return a == b ? 0 : a < b ? -1 : 1;
}

/* By meter and point, then time; known ones before new ones of the same minute. */
static int compare(const void *left, const void *right)
{
    const struct import_span *a = left, *b = right;
    int by = order(a->unit_id, b->unit_id);
    if (by == 0) by = order(a->meter_id, b->meter_id);
    if (by == 0) by = order(a->point_id, b->point_id);
    if (by == 0) by = order((int64_t)a->role, (int64_t)b->role);
    if (by == 0) by = order(a->hung_at, b->hung_at);
    return by != 0 ? by : order(a->row, b->row);
}

static bool hung_the_same_minute(const struct import_span *group, size_t count,
                                 const struct import_span *known)
{
    for (size_t i = 0; i < count; i++)
        if (group[i].row >= 0 && group[i].hung_at == known->hung_at) return true;
    return false;
}

/* The known one that a row means: hung at the minute it names, or else the only one it meets that
 * no other row names by its minute. NULL: the row is new, or its meaning is not plain. */
static struct import_span *meant_by(struct import_span *group, size_t count,
                                    const struct import_span *span)
{
    struct import_span *met = NULL;
    size_t met_count = 0;
    for (size_t i = 0; i < count; i++) {
        struct import_span *known = &group[i];
        if (known->row >= 0 || known->corrected_by >= 0) continue;
        if (known->hung_at == span->hung_at) return known;
        if (!import_span_names(span, known) || hung_the_same_minute(group, count, known)) continue;
        met = known;
        met_count++;
    }
    return met_count == 1 ? met : NULL;
}

static struct installation_state state_of(const struct import_span *span)
{
    return (struct installation_state){.unit_id = span->unit_id,
                                       .installation_id = span->installation_id,
                                       .point_id = span->point_id,
                                       .meter_id = span->meter_id,
                                       .role = span->role,
                                       .multiplier = span->multiplier,
                                       .hung_at_ms = span->hung_at,
                                       .removed_at_ms = span->removed_at};
}

static struct installation_correction correction_of(const struct import_spans *spans,
                                                    const struct import_span *known)
{
    return (struct installation_correction){.was = known->was,
                                            .right = state_of(known),
                                            .overlaps_judged = true,
                                            .source = spans->import->request->source};
}

/* A row without a removal leaves it as it is; the first removal of what hangs is no correction. */
static err_t correct_one(struct import_spans *spans, struct import_row *rows,
                         struct import_span *known, const struct import_span *span,
                         struct err *err)
{
    bool moves_removal = known->removed_at != INT64_MAX && span->removed_at != INT64_MAX &&
                         known->removed_at != span->removed_at;
    if (known->multiplier == span->multiplier && known->hung_at == span->hung_at && !moves_removal)
        return OK;
    known->was = state_of(known);
    known->corrected_by = span->row;
    known->multiplier = span->multiplier;
    known->hung_at = span->hung_at;
    if (moves_removal) known->removed_at = span->removed_at;
    const struct installation_watch *watch = spans->import->request->watch;
    struct installation_correction correction = correction_of(spans, known);
    struct err why;
    err_t e = watch == NULL ? OK : watch->may(spans->import->db, &correction, &why);
    if (e == E_STATE || e == E_INPUT) {
        import_reject(spans->import, &rows[span->row], spans->column, &why);
        return OK;
    }
    if (e != OK) *err = why;
    return e;
}

err_t import_spans_correct(struct import_spans *spans, struct import_row *rows, struct err *err)
{
    err_t e = OK;
    qsort(spans->items, spans->count, sizeof *spans->items, compare);
    for (size_t from = 0, to; from < spans->count && e == OK; from = to) {
        struct import_span *group = &spans->items[from];
        for (to = from + 1; to < spans->count && same_place(group, &spans->items[to]);) to++;
        for (size_t i = 0; i < to - from && e == OK; i++) {
            if (group[i].row < 0 || rows[group[i].row].rejected) continue;
            struct import_span *known = meant_by(group, to - from, &group[i]);
            if (known != NULL) e = correct_one(spans, rows, known, &group[i], err);
        }
    }
    return e;
}

struct warned {
    const struct import_spans *spans;
    const struct import_row *row;
};

static void warn(void *context, const struct err *why)
{
    const struct warned *warned = context;
    import_warn(warned->spans->import, warned->row, warned->spans->column, why);
}

static err_t write_one(struct import_spans *spans, const struct import_span *known,
                       const struct import_row *row, bool *out_changed, struct err *err)
{
    const struct import_request *request = spans->import->request;
    const struct fact_author author = {.actor_id = request->actor_id, .correct = true};
    struct installation_correction correction = correction_of(spans, known);
    struct warned warned = {spans, row};
    err_t e = installation_correct(spans->import->db, &correction, &author, out_changed, err);
    if (e != OK || request->watch == NULL) return e;
    return request->watch->done(spans->import->db, &correction, warn, &warned, err);
}

err_t import_spans_write_corrected(struct import_spans *spans, const struct import_row *rows,
                                   bool *wrote, struct err *err)
{
    err_t e = OK;
    for (size_t i = 0; i < spans->count && e == OK; i++) {
        const struct import_span *known = &spans->items[i];
        bool changed = false;
        if (known->row >= 0 || known->corrected_by < 0 || rows[known->corrected_by].rejected)
            continue;
        e = write_one(spans, known, &rows[known->corrected_by], &changed, err);
        wrote[known->corrected_by] |= changed;
    }
    return e;
}
