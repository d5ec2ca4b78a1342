/* SPDX-License-Identifier: Apache-2.0 */
/* What has a number and no document, cut into pieces for workers. */
#include "base/date.h"
#include "document/invoice_int.h"
#include "document/invoice_sign.h"
#include "document/invoice_sign_int.h"
#include "store/work.h"

enum { PAYLOAD_BYTES = 96 };

struct cutting {
    struct db *db;
    const struct invoice_sign_unit *unit;
    int64_t total;
};

static err_t add_piece(void *context, const struct invoice_range *range, struct err *err)
{
    struct cutting *c = context;
    char memory[PAYLOAD_BYTES];
    struct buf payload;
    int64_t item_no;
    buf_init_fixed(&payload, memory, sizeof memory);
    buf_printf(&payload, "{\"series\":%lld,\"first\":%lld,\"last\":%lld}",
               (long long)range->series_no, (long long)range->first_no, (long long)range->last_no);
    c->total += range->count;
    err_t e = store_take_numbers(c->db, c->unit->unit_id, S("invoice.sign"), 1, &item_no, err);
    if (e != OK) return e;
    return work_add(c->db, c->unit->unit_id, str_of(c->unit->queue), item_no, buf_str(&payload),
                    err);
}

static err_t cut(struct cutting *c, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(c->db,
                       "SELECT v.series_no, v.invoice_no FROM invoice_series s JOIN einvoice v ON "
                       "v.unit_id = s.unit_id AND v.series_no = s.series_no AND "
                       "v.invoice_no > s.signed_to LEFT JOIN einvoice_document d ON "
                       "d.unit_id = v.unit_id AND d.series_no = v.series_no AND "
                       "d.invoice_no = v.invoice_no WHERE s.unit_id = $1 AND "
                       "d.invoice_no IS NULL ORDER BY v.series_no, v.invoice_no",
                       ARGS(v_i64(c->unit->unit_id)), &rows, err);
    return e == OK ? invoice_ranges_cut(rows, INVOICE_SIGN_PIECE, add_piece, c, err) : e;
}

/* Held until the transaction ends, so that two calls do not plan the same. */
static err_t lock_unit(struct db *db, int64_t unit_id, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    bool more = true;
    err_t e = db_query(db,
                       "SELECT series_no FROM invoice_series WHERE unit_id = $1 ORDER BY series_no "
                       "{for_update}",
                       ARGS(v_i64(unit_id)), &rows, err);
    while (e == OK && more) e = rows_next(rows, &more, err);
    return e;
}

static err_t plan_inside(struct db *db, struct invoice_sign_unit *unit, struct err *err)
{
    struct work_counts counts;
    struct cutting cutting = {.db = db, .unit = unit};
    err_t e = lock_unit(db, unit->unit_id, err);
    if (e == OK) e = work_count(db, str_of(unit->queue), &counts, err);
    if (e != OK) return e;
    unit->left = (counts.open + counts.taken) * INVOICE_SIGN_PIECE;
    if (unit->left > 0) return OK;
    e = work_remove(db, str_of(unit->queue), err);
    if (e == OK) e = cut(&cutting, err);
    unit->left = cutting.total;
    return e;
}

static err_t plan_unit(struct db *db, struct invoice_sign_unit *unit, struct err *err)
{
    err_t e = work_free_dead(db, str_of(unit->queue), err);
    if (e == OK) e = db_begin(db, err);
    if (e != OK) return e;
    e = plan_inside(db, unit, err);
    if (e == OK) e = db_commit(db, err);
    if (e != OK) db_rollback(db);
    return e;
}

static err_t find_units(struct db *db, struct arena *arena, struct str unit_code,
                        struct invoice_sign_ticket *out, struct err *err)
{
    int64_t count = 0;
    err_t e = db_get_i64(db, "SELECT count(*) FROM unit", NO_ARGS, &count, err);
    if (e != OK) return e;
    out->units = ARENA_ARRAY(arena, struct invoice_sign_unit, (size_t)count);
    if (out->units == NULL) return err_memory(err);
    AUTO(rows_done_at) struct rows *rows = NULL;
    e = db_query(db,
                 "SELECT u.unit_id FROM unit u WHERE ($1 = '' OR u.code = $2) AND EXISTS (SELECT 1 "
                 "FROM invoice_series s WHERE s.unit_id = u.unit_id AND s.signed_to < s.next_no - "
                 "1) ORDER BY u.unit_id",
                 ARGS(v_text(unit_code), v_text(unit_code)), &rows, err);
    for (bool more = true; e == OK && out->unit_count < (size_t)count;) {
        struct buf queue;
        e = rows_next(rows, &more, err);
        if (e != OK || !more) break;
        struct invoice_sign_unit *unit = &out->units[out->unit_count++];
        unit->unit_id = row_i64(rows, 0);
        buf_init_fixed(&queue, unit->queue, sizeof unit->queue);
        buf_printf(&queue, "invoice.sign %lld", (long long)unit->unit_id);
    }
    return e;
}

err_t invoice_sign_plan(struct db *db, struct arena *arena, struct str unit_code,
                        struct invoice_sign_ticket *out, struct err *err)
{
    struct invoice_sign_ticket ticket = {NULL, 0, 0};
    err_t e = unit_known(db, unit_code, err);
    if (e == OK) e = find_units(db, arena, unit_code, &ticket, err);
    for (size_t i = 0; i < ticket.unit_count && e == OK; i++) {
        e = plan_unit(db, &ticket.units[i], err);
        ticket.left += ticket.units[i].left;
    }
    if (e == OK) *out = ticket;
    return e;
}

/* ---- the end ----------------------------------------------------------------------------- */

static err_t move_mark(struct db *db, int64_t unit_id, struct err *err)
{
    return db_run(db,
                  "UPDATE invoice_series SET signed_to = coalesce((SELECT min(v.invoice_no) FROM "
                  "einvoice v LEFT JOIN einvoice_document d ON d.unit_id = v.unit_id AND "
                  "d.series_no = v.series_no AND d.invoice_no = v.invoice_no WHERE "
                  "v.unit_id = invoice_series.unit_id AND v.series_no = invoice_series.series_no "
                  "AND v.invoice_no > invoice_series.signed_to AND d.invoice_no IS NULL), next_no) "
                  "- 1 WHERE unit_id = $1",
                  ARGS(v_i64(unit_id)), NULL, err);
}

#define UNSIGNED_OF_UNIT \
    "SELECT count(*) FROM invoice_series s JOIN einvoice v ON v.unit_id = s.unit_id AND " \
    "v.series_no = s.series_no AND v.invoice_no > s.signed_to LEFT JOIN einvoice_document d ON " \
    "d.unit_id = v.unit_id AND d.series_no = v.series_no AND d.invoice_no = v.invoice_no WHERE " \
    "s.unit_id = $1 AND d.invoice_no IS NULL"

err_t invoice_sign_outside(struct db *db, const struct invoice_sign_ticket *ticket,
                           const struct signer *signer, int64_t *out, struct err *err)
{
    char first[DATE_TEXT_BYTES], last[DATE_TEXT_BYTES];
    struct str from = day_text(signer_first_day(signer), first);
    struct str to = day_text(signer_last_day(signer), last);
    int64_t sum = 0;
    err_t e = OK;
    for (size_t i = 0; i < ticket->unit_count && e == OK; i++) {
        int64_t count = 0;
        e = db_get_i64(db, UNSIGNED_OF_UNIT " AND (v.invoice_on < $2 OR v.invoice_on > $3)",
                       ARGS(v_i64(ticket->units[i].unit_id), v_text(from), v_text(to)), &count,
                       err);
        sum += count;
    }
    if (e == OK) *out = sum;
    return e;
}

err_t invoice_sign_close(struct db *db, const struct invoice_sign_ticket *ticket, int64_t *out_left,
                         struct err *err)
{
    int64_t sum = 0;
    err_t e = OK;
    for (size_t i = 0; i < ticket->unit_count && e == OK; i++) {
        int64_t left = 0, unit_id = ticket->units[i].unit_id;
        e = db_begin(db, err);
        if (e == OK) e = lock_unit(db, unit_id, err);
        if (e == OK) e = move_mark(db, unit_id, err);
        if (e == OK) e = db_get_i64(db, UNSIGNED_OF_UNIT, ARGS(v_i64(unit_id)), &left, err);
        if (e == OK) e = db_commit(db, err);
        if (e != OK) db_rollback(db);
        sum += left;
    }
    if (e == OK) *out_left = sum;
    return e;
}

err_t invoice_sign_done(struct db *db, const struct invoice_sign_ticket *ticket, int64_t *out,
                        struct err *err)
{
    int64_t left = 0;
    err_t e = OK;
    for (size_t i = 0; i < ticket->unit_count && e == OK; i++) {
        struct work_counts counts;
        e = work_count(db, str_of(ticket->units[i].queue), &counts, err);
        if (e == OK) left += (counts.open + counts.taken) * INVOICE_SIGN_PIECE;
    }
    if (e == OK) *out = left < ticket->left ? ticket->left - left : 0;
    return e;
}
