/* SPDX-License-Identifier: Apache-2.0 */
#include "billing/compare_keep.h"

#include "network/unit_list.h"
#include "store/store.h"

enum { KEEP_ARENA_BYTES = 32 * 1024 * 1024 };

/* ---- comparing --------------------------------------------------------------------------- */

struct keeping {
    struct arena arena;
    struct compared *difference;
    size_t count;
    bool rejected;
    struct err first; /* why the first row was refused */
};

static err_t keep_difference(void *context, const struct compared *compared, struct err *err)
{
    struct keeping *k = context;
    if (compared->verdict == VERDICT_SAME) return OK;
    if (k->count == COMPARE_DIFFERENCES_MAX) {
        err_set(err, E_LIMIT, "history", "Có hơn %d chênh lệch",
                "There are more than %d differences", COMPARE_DIFFERENCES_MAX);
        return err_hint(err, "Kiểm tra tệp có đúng sổ và đúng tháng không",
                        "See whether the file is of this book and month");
    }
    struct compared *kept = &k->difference[k->count++];
    *kept = *compared;
    kept->point_code = arena_str(&k->arena, compared->point_code);
    kept->detail = arena_str(&k->arena, compared->detail);
    return k->arena.failed ? err_memory(err) : OK;
}

static void keep_rejection(void *context, int64_t row_no, struct str column, const struct err *why)
{
    struct keeping *k = context;
    if (k->rejected) return;
    k->rejected = true;
    k->first = *why;
    err_t e = err_detail(&k->first, "Dòng %lld, cột %.*s", "Row %lld, column %.*s",
                         (long long)row_no, STR_ARG(column));
    (void)e;
}

static err_t write_differences(struct db *db, const struct keeping *k, int64_t unit_id,
                               int64_t book_id, struct err *err)
{
    struct bulk *bulk;
    err_t e = bulk_open(db, "cut_over_difference",
                        "unit_id, book_id, difference_no, point_code, earlier_wh, earlier_vnd, "
                        "our_wh, our_vnd, verdict, detail",
                        &bulk, err);
    if (e != OK) return e;
    for (size_t i = 0; i < k->count && e == OK; i++) {
        const struct compared *c = &k->difference[i];
        e = bulk_row(bulk,
                     ARGS(v_i64(unit_id), v_i64(book_id), v_i64((int64_t)i + 1),
                          v_text(c->point_code), v_i64(c->earlier_wh), v_i64(c->earlier_vnd),
                          v_i64(c->our_wh), v_i64(c->our_vnd),
                          v_text(str_of(verdict_text(c->verdict)->code)), v_text(c->detail)),
                     err);
    }
    if (e == OK) return bulk_close(bulk, err);
    bulk_drop(bulk);
    return e;
}

static err_t write_kept(struct db *db, const struct keeping *k, const struct compare_order *order,
                        const struct compare_counts *counts, int64_t unit_id, int64_t book_id,
                        struct err *err)
{
    struct args book = ARGS(v_i64(unit_id), v_i64(book_id));
    err_t e = db_run(db, "DELETE FROM cut_over_difference WHERE unit_id = $1 AND book_id = $2",
                     book, NULL, err);
    if (e == OK)
        e = db_run(db, "DELETE FROM cut_over_compare WHERE unit_id = $1 AND book_id = $2", book,
                   NULL, err);
    if (e == OK)
        e = db_run(db,
                   "INSERT INTO cut_over_compare (unit_id, book_id, month, row_count, same, "
                   "explained, unexplained, not_there, compared_at, actor_id) VALUES ($1, $2, $3, "
                   "$4, $5, $6, $7, $8, $9, $10)",
                   ARGS(v_i64(unit_id), v_i64(book_id), v_i64(order->month), v_i64(counts->rows),
                        v_i64(counts->same), v_i64(counts->explained), v_i64(counts->unexplained),
                        v_i64(counts->not_there), v_i64(order->now_ms), v_i64(order->actor_id)),
                   NULL, err);
    return e == OK ? write_differences(db, k, unit_id, book_id, err) : e;
}

static err_t compare_and_write(struct db *db, struct keeping *k, const struct compare_order *order,
                               int64_t unit_id, int64_t book_id, struct compare_counts *out,
                               struct err *err)
{
    k->difference = ARENA_ARRAY(&k->arena, struct compared, COMPARE_DIFFERENCES_MAX);
    if (k->difference == NULL) return err_memory(err);
    err_t e = bill_compare(db, order, keep_difference, keep_rejection, k, out, err);
    if (e == E_INPUT && k->rejected) *err = k->first;
    if (e == OK) e = db_begin(db, err);
    if (e != OK) return e;
    e = write_kept(db, k, order, out, unit_id, book_id, err);
    if (e == OK) e = db_commit(db, err);
    if (e != OK) db_rollback(db);
    return e;
}

err_t compare_keep(struct db *db, const struct compare_order *order, struct compare_counts *out,
                   struct err *err)
{
    struct compared_book book;
    struct keeping k = {0};
    int64_t unit_id;
    arena_init(&k.arena, KEEP_ARENA_BYTES);
    err_t e = unit_require(db, order->unit_code, &unit_id, err);
    if (e == OK) e = compared_book_find(db, &k.arena, unit_id, order->book_code, &book, err);
    if (e == OK) e = compare_and_write(db, &k, order, unit_id, book.book_id, out, err);
    arena_release(&k.arena);
    return e;
}

/* ---- what was kept ----------------------------------------------------------------------- */

#define BOOK_COLUMNS \
    "SELECT b.unit_id, b.book_id, b.code, b.name, c.month, c.row_count, c.same, c.explained, " \
    "c.unexplained, c.not_there, c.compared_at, l.signed_at FROM book b LEFT JOIN " \
    "cut_over_compare c ON c.unit_id = b.unit_id AND c.book_id = b.book_id LEFT JOIN " \
    "book_cut_over l ON l.unit_id = b.unit_id AND l.book_id = b.book_id WHERE b.unit_id = $1 AND "

static void read_book(struct rows *rows, struct arena *arena, struct compared_book *out)
{
    *out = (struct compared_book){.unit_id = row_i64(rows, 0),
                                  .book_id = row_i64(rows, 1),
                                  .code = arena_str(arena, row_text(rows, 2)),
                                  .name = arena_str(arena, row_text(rows, 3)),
                                  .compared = !row_is_null(rows, 4),
                                  .month = row_i64_or(rows, 4, 0),
                                  .counts = {.rows = row_i64_or(rows, 5, 0),
                                             .same = row_i64_or(rows, 6, 0),
                                             .explained = row_i64_or(rows, 7, 0),
                                             .unexplained = row_i64_or(rows, 8, 0),
                                             .not_there = row_i64_or(rows, 9, 0)},
                                  .compared_at_ms = row_i64_or(rows, 10, 0),
                                  .live = !row_is_null(rows, 11),
                                  .signed_at_ms = row_i64_or(rows, 11, 0)};
}

err_t compared_books(struct db *db, struct arena *arena, int64_t unit_id, struct str behind,
                     size_t most, struct compared_book **out, size_t *out_count, struct err *err)
{
    struct compared_book *books = ARENA_ARRAY(arena, struct compared_book, most);
    size_t count = 0;
    if (books == NULL) return err_memory(err);
    AUTO(rows_done_at) struct rows *rows = NULL;
    struct str code = behind.n > 0 ? behind : S("");
    err_t e = db_query(db, BOOK_COLUMNS "b.code > $2 ORDER BY b.code LIMIT $3",
                       ARGS(v_i64(unit_id), v_text(code), v_i64((int64_t)most)), &rows, err);
    for (bool more = true; e == OK && count < most;) {
        e = rows_next(rows, &more, err);
        if (e != OK || !more) break;
        read_book(rows, arena, &books[count++]);
    }
    if (e != OK) return e;
    *out = books;
    *out_count = count;
    return arena->failed ? err_memory(err) : OK;
}

err_t compared_book_find(struct db *db, struct arena *arena, int64_t unit_id, struct str code,
                         struct compared_book *out, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    bool found = false;
    err_t e =
        db_query(db, BOOK_COLUMNS "b.code = $2", ARGS(v_i64(unit_id), v_text(code)), &rows, err);
    if (e == OK) e = rows_next(rows, &found, err);
    if (e != OK) return e;
    if (!found) {
        err_set(err, E_NOT_FOUND, "book", "Không có sổ %.*s", "There is no book %.*s",
                STR_ARG(code));
        return err_hint(err, "Chọn trong danh sách sổ", "Choose from the list of books");
    }
    read_book(rows, arena, out);
    return arena->failed ? err_memory(err) : OK;
}

static enum verdict verdict_of(struct str code)
{
    for (int i = 0; i < VERDICT_COUNT; i++)
        if (str_equal(code, str_of(verdict_text((enum verdict)i)->code))) return (enum verdict)i;
    return VERDICT_UNKNOWN;
}

err_t compared_differences(struct db *db, struct arena *arena, const struct compared_book *book,
                           int64_t behind, size_t most, struct compared_difference **out,
                           size_t *out_count, struct err *err)
{
    struct compared_difference *items = ARENA_ARRAY(arena, struct compared_difference, most);
    size_t count = 0;
    if (items == NULL) return err_memory(err);
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(
        db,
        "SELECT difference_no, point_code, earlier_wh, earlier_vnd, our_wh, "
        "our_vnd, verdict, detail FROM cut_over_difference WHERE unit_id = $1 AND "
        "book_id = $2 AND difference_no > $3 ORDER BY difference_no LIMIT $4",
        ARGS(v_i64(book->unit_id), v_i64(book->book_id), v_i64(behind), v_i64((int64_t)most)),
        &rows, err);
    for (bool more = true; e == OK && count < most;) {
        e = rows_next(rows, &more, err);
        if (e != OK || !more) break;
        items[count++] = (struct compared_difference){
            .difference_no = row_i64(rows, 0),
            .compared = {.point_code = arena_str(arena, row_text(rows, 1)),
                         .earlier_wh = row_i64(rows, 2),
                         .earlier_vnd = row_i64(rows, 3),
                         .our_wh = row_i64(rows, 4),
                         .our_vnd = row_i64(rows, 5),
                         .verdict = verdict_of(row_text(rows, 6)),
                         .detail = arena_str(arena, row_text(rows, 7))}};
    }
    if (e != OK) return e;
    *out = items;
    *out_count = count;
    return arena->failed ? err_memory(err) : OK;
}

/* ---- going live -------------------------------------------------------------------------- */

static err_t refuse_stale(bool compared, struct err *err)
{
    if (!compared)
        err_set(err, E_STATE, "book", "Sổ này chưa được đối chiếu",
                "This book was not compared yet");
    else
        err_set(err, E_STATE, "book", "Hóa đơn của tháng đã được tính lại sau lần đối chiếu",
                "Bills of the month were computed after the comparison");
    return err_hint(err, "Đối chiếu sổ rồi ký", "Compare the book, then sign it");
}

err_t compare_sign(struct db *db, struct str unit_code, const struct compared_book *book,
                   const struct actor *actor, int64_t now_ms, struct err *err)
{
    struct compare_order order = {.month = book->month,
                                  .unit_code = unit_code,
                                  .book_code = book->code,
                                  .actor_id = actor->staff_id,
                                  .now_ms = now_ms};
    int64_t later = 0;
    err_t e = actor_require(db, actor, book->unit_id, PERMISSION_CUTOVER_SIGN, err);
    if (e != OK) return e;
    if (!book->compared) return refuse_stale(false, err);
    e = db_get_i64(db,
                   "SELECT count(*) FROM bill_run WHERE unit_id = $1 AND month = $2 AND "
                   "stage_began_at > $3",
                   ARGS(v_i64(book->unit_id), v_i64(book->month), v_i64(book->compared_at_ms)),
                   &later, err);
    if (e != OK) return e;
    if (later > 0) return refuse_stale(true, err);
    return cut_over_sign(db, &order, &book->counts, actor, err);
}
