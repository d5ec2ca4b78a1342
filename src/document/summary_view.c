/* SPDX-License-Identifier: Apache-2.0 */
/* Summary tables as lists and as files. */
#include "base/file.h"
#include "document/invoice_int.h"
#include "document/pack.h"
#include "document/summary_make.h"

enum { PIECE_ARENA_BYTES = 48 << 20 };

static struct summary_table read_table(const struct rows *rows)
{
    return (struct summary_table){.unit_id = row_i64(rows, 0),
                                  .summary_no = row_i64(rows, 1),
                                  .part_no = row_i64(rows, 2),
                                  .table_no = row_i64(rows, 3),
                                  .supplement_no = row_i64(rows, 4),
                                  .month = row_i64(rows, 5),
                                  .unit_code = row_text(rows, 6),
                                  .tax_code = row_text(rows, 7),
                                  .made_on = row_text(rows, 8),
                                  .sha256 = row_text(rows, 9),
                                  .row_count = row_i64(rows, 10),
                                  .total_vnd = row_i64(rows, 11),
                                  .bytes = row_i64(rows, 12),
                                  .piece_count = row_i64(rows, 13)};
}

err_t summary_each(struct db *db, struct str unit_code, int64_t month, summary_visit *visit,
                   void *context, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = unit_known(db, unit_code, err);
    if (e == OK)
        e = db_query(db,
                     "SELECT t.unit_id, t.summary_no, t.part_no, t.table_no, m.supplement_no, "
                     "m.month, u.code, m.tax_code, m.made_on, t.sha256, t.row_count, t.total_vnd, "
                     "t.xml_bytes, t.piece_count FROM unit u JOIN einvoice_summary m ON "
                     "m.unit_id = u.unit_id JOIN einvoice_summary_table t ON "
                     "t.unit_id = m.unit_id AND t.summary_no = m.summary_no WHERE ($1 = '' OR "
                     "u.code = $2) AND ($3 = 0 OR m.month = $4) ORDER BY t.unit_id, t.summary_no, "
                     "t.part_no",
                     ARGS(v_text(unit_code), v_text(unit_code), v_i64(month), v_i64(month)), &rows,
                     err);
    for (bool more = true; e == OK;) {
        e = rows_next(rows, &more, err);
        if (e != OK || !more) break;
        struct summary_table table = read_table(rows);
        e = visit(context, &table, err);
    }
    return e;
}

/* ---- files ------------------------------------------------------------------------------- */

struct writing {
    struct db *db;
    const struct summary_table *table;
    struct arena arena; /* of one piece */
    struct hash_state hash;
    int64_t piece_no;
};

static err_t refuse_changed(const struct summary_table *table, struct err *err)
{
    err_set(err, E_CHECK, "table", "Bảng tổng hợp số %lld không còn như khi ký",
            "Summary table %lld is not what was signed", (long long)table->table_no);
    return err_hint_stored(err);
}

static err_t next_piece(void *context, struct str *out_piece, struct err *err)
{
    struct writing *w = context;
    const struct summary_table *t = w->table;
    char sha256[HASH_TEXT_BYTES];
    AUTO(rows_done_at) struct rows *rows = NULL;
    bool found = false;
    arena_reset(&w->arena);
    if (w->piece_no == t->piece_count) {
        struct hash hash = hash_finish(&w->hash);
        *out_piece = S("");
        return str_equal(hash_text(&hash, sha256), t->sha256) ? OK : refuse_changed(t, err);
    }
    w->piece_no++;
    err_t e = db_query(
        w->db,
        "SELECT content, bytes FROM einvoice_summary_piece WHERE unit_id = $1 AND "
        "summary_no = $2 AND part_no = $3 AND piece_no = $4",
        ARGS(v_i64(t->unit_id), v_i64(t->summary_no), v_i64(t->part_no), v_i64(w->piece_no)), &rows,
        err);
    if (e == OK) e = rows_next(rows, &found, err);
    if (e != OK) return e;
    if (!found || !unpack_bytes(&w->arena, row_blob(rows, 0), row_i64(rows, 1), out_piece))
        return w->arena.failed ? err_memory(err) : refuse_changed(t, err);
    hash_add(&w->hash, *out_piece);
    return OK;
}

err_t summary_write_file(struct db *db, const struct summary_table *table, const char *folder,
                         struct err *err)
{
    char memory[FILE_PATH_MAX_BYTES];
    struct buf path;
    struct writing w = {.db = db, .table = table};
    buf_init_fixed(&path, memory, sizeof memory);
    buf_printf(&path, "%s/BTH-%.*s-%lld-%05lld.xml", folder, STR_ARG(table->tax_code),
               (long long)table->month, (long long)table->table_no);
    hash_init(&w.hash);
    arena_init(&w.arena, PIECE_ARENA_BYTES);
    err_t e = file_write_pieces(memory, next_piece, &w, err);
    arena_release(&w.arena);
    return e;
}
