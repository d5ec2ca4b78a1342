/* SPDX-License-Identifier: Apache-2.0 */
#include "billing/price_books.h"

#include "base/date.h"

static const char current_sql[] =
    "SELECT v.content FROM price_book_version v JOIN price_book_release r ON r.book_no = v.book_no "
    "ORDER BY r.release_no DESC LIMIT 1";
static const char hash_sql[] = "SELECT content FROM price_book_version WHERE hash = $1";
static const char number_sql[] = "SELECT content FROM price_book_version WHERE book_no = $1";

static err_t load_builtin(struct arena *arena, const struct price_book **out, struct err *err)
{
    return book_load(arena, book_builtin_text(), out, err);
}

err_t price_book_current(struct db *db, struct arena *arena, const struct price_book **out,
                         struct err *err)
{
    struct str content;
    err_t e = db_get_text(db, arena, current_sql, NO_ARGS, &content, err);
    if (e == E_NOT_FOUND) return load_builtin(arena, out, err);
    return e != OK ? e : book_load(arena, content, out, err);
}

err_t price_book_by_hash(struct db *db, struct arena *arena, struct str hash,
                         const struct price_book **out, struct err *err)
{
    struct str content;
    err_t e = db_get_text(db, arena, hash_sql, ARGS(v_text(hash)), &content, err);
    if (e == OK) return book_load(arena, content, out, err);
    if (e != E_NOT_FOUND) return e;
    const struct price_book *builtin;
    e = load_builtin(arena, &builtin, err);
    if (e != OK) return e;
    if (str_equal(str_of(builtin->hash), hash)) {
        *out = builtin;
        return OK;
    }
    err_set(err, E_NOT_FOUND, "price_book", "Không có biểu giá mang mã %.*s",
            "There is no price book with the hash %.*s", STR_ARG(hash));
    return err_hint(err, "Nạp lại tệp biểu giá đã dùng: sangden tariff load FILE",
                    "Load the file that was used again: sangden tariff load FILE");
}

err_t price_book_text(struct db *db, struct arena *arena, int64_t book_no, struct str *out,
                      struct err *err)
{
    err_t e = db_get_text(db, arena, number_sql, ARGS(v_i64(book_no)), out, err);
    if (e != E_NOT_FOUND) return e;
    err_set(err, E_NOT_FOUND, "ID", "Không có biểu giá số %lld", "There is no price book %lld",
            (long long)book_no);
    return err_hint(err, "Xem các biểu giá bằng: sangden tariff books",
                    "See the price books with: sangden tariff books");
}

err_t price_book_by_no(struct db *db, struct arena *arena, int64_t book_no,
                       const struct price_book **out, struct err *err)
{
    struct str content;
    err_t e = price_book_text(db, arena, book_no, &content, err);
    return e != OK ? e : book_load(arena, content, out, err);
}

static const char list_sql[] =
    "SELECT v.book_no, v.version, v.hash, v.first_on, v.loaded_at, v.loaded_by, "
    "coalesce(r.release_no, 0), CASE WHEN r.release_no = (SELECT max(m.release_no) FROM "
    "price_book_release m) THEN 1 ELSE 0 END FROM price_book_version v LEFT JOIN "
    "price_book_release r ON r.book_no = v.book_no ORDER BY v.book_no DESC LIMIT $1";

err_t price_book_list(struct db *db, struct arena *arena, struct price_book_row **out,
                      size_t *out_count, struct err *err)
{
    struct price_book_row *books = ARENA_ARRAY(arena, struct price_book_row, PRICE_BOOKS_MAX);
    size_t count = 0;
    if (books == NULL) return err_memory(err);
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(db, list_sql, ARGS(v_i64(PRICE_BOOKS_MAX)), &rows, err);
    for (bool more = true; e == OK && count < PRICE_BOOKS_MAX;) {
        e = rows_next(rows, &more, err);
        if (e != OK || !more) break;
        struct price_book_row *book = &books[count++];
        *book = (struct price_book_row){.book_no = row_i64(rows, 0),
                                        .version = arena_str(arena, row_text(rows, 1)),
                                        .hash = arena_str(arena, row_text(rows, 2)),
                                        .loaded_at_ms = row_i64(rows, 4),
                                        .loaded_by = row_i64(rows, 5),
                                        .release_no = row_i64(rows, 6),
                                        .in_force = row_i64(rows, 7) == 1};
        bool read = day_parse(row_text(rows, 3), &book->first_day);
        ASSERT(read);
    }
    if (e != OK) return e;
    *out = books;
    *out_count = count;
    return arena->failed ? err_memory(err) : OK;
}

err_t price_change_days(struct db *db, struct arena *arena, const int32_t **out_days,
                        size_t *out_count, struct err *err)
{
    const struct price_book *book;
    err_t e = price_book_current(db, arena, &book, err);
    if (e != OK) return e;
    int32_t *days = ARENA_ARRAY(arena, int32_t, DECISION_MAX);
    if (days == NULL) return err_memory(err);
    *out_count = book_change_days(book, INT32_MIN, INT32_MAX, days, DECISION_MAX);
    *out_days = days;
    return OK;
}
