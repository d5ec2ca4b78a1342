/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "registry/registry_view.h"
#include "store/store.h"

enum { BOOKS_FIRST_CAPACITY = 16 };

/* The concatenation keeps the index by value out of play: the range of points decides. */
static const char books_sql[] =
    "SELECT DISTINCT point_id, value_i64 FROM point_fact WHERE unit_id = $1 AND point_id >= $2 AND "
    "point_id <= $3 AND kind || '' = 'book' AND state = 'set' AND value_i64 <> $4 "
    "ORDER BY point_id, value_i64";

err_t point_books(struct db *db, struct arena *arena, int64_t unit_id, int64_t first_point,
                  int64_t last_point, int64_t but_book_id, const struct point_book **out,
                  size_t *out_count, struct err *err)
{
    struct point_book *books = NULL;
    size_t count = 0, capacity = 0;
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(db, books_sql,
                       ARGS(v_i64(unit_id), v_i64(first_point), v_i64(last_point),
                            v_i64(but_book_id)),
                       &rows, err);
    for (bool row = false; e == OK;) {
        e = rows_next(rows, &row, err);
        if (e != OK || !row) break;
        if (count == capacity) {
            capacity = capacity == 0 ? BOOKS_FIRST_CAPACITY : capacity * 2;
            struct point_book *larger = ARENA_ARRAY(arena, struct point_book, capacity);
            if (larger == NULL) return err_memory(err);
            if (count > 0) memcpy(larger, books, count * sizeof *books);
            books = larger;
        }
        books[count++] = (struct point_book){row_i64(rows, 0), row_i64(rows, 1)};
    }
    if (e != OK) return e;
    *out = books;
    *out_count = count;
    return OK;
}
