/* SPDX-License-Identifier: Apache-2.0 */
#include "app/refused_rows.h"

#include <stdlib.h>

#include "base/file.h"

#define REFUSED_MAX_BYTES ((size_t)64 * 1024 * 1024)

void refused_add(struct refused_rows *rows, int64_t row_no)
{
    if (rows->count == rows->capacity) {
        size_t capacity = rows->capacity == 0 ? 256 : rows->capacity * 2;
        int64_t *more = ARENA_ARRAY(rows->arena, int64_t, capacity);
        if (more == NULL) {
            rows->failed = true;
            return;
        }
        for (size_t i = 0; i < rows->count; i++) more[i] = rows->row[i];
        rows->row = more;
        rows->capacity = capacity;
    }
    rows->row[rows->count++] = row_no;
}

static int by_row(const void *left, const void *right)
{
    int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
    return a < b ? -1 : a > b;
}

/* A row may have been refused for several reasons. */
static void keep_each_once(struct refused_rows *rows)
{
    size_t kept = 1;
    qsort(rows->row, rows->count, sizeof *rows->row, by_row);
    for (size_t i = 1; i < rows->count; i++)
        if (rows->row[i] != rows->row[kept - 1]) rows->row[kept++] = rows->row[i];
    rows->count = kept;
}

static err_t path_of(struct refused_rows *rows, const char *input, const char *ending,
                     struct str *out, struct err *err)
{
    char memory[FILE_PATH_MAX_BYTES];
    struct buf name;
    buf_init_fixed(&name, memory, sizeof memory);
    buf_printf(&name, "%s.rejected.%s", input, ending);
    *out = arena_str(rows->arena, buf_str(&name));
    if (!name.failed && out->p != NULL) return OK;
    err_set(err, E_LIMIT, "FILE", "Đường dẫn quá dài", "The path is too long");
    return err_hint(err, "Đặt tệp vào thư mục có đường dẫn ngắn hơn",
                    "Put the file into a folder with a shorter path");
}

static err_t too_many(struct err *err)
{
    err_set(err, E_LIMIT, "FILE", "Quá nhiều dòng bị từ chối để ghi ra tệp",
            "Too many rows are refused to be written out");
    return err_hint(err, "Sửa lỗi chung của tệp rồi nhập lại",
                    "Mend what is wrong throughout the file and import it again");
}

err_t refused_write(struct refused_rows *rows, const char *input, const char *ending,
                    refused_copy *copy, void *context, struct err *err)
{
    if (rows->failed) return err_memory(err);
    if (rows->count == 0 || rows->path.n > 0) return OK;
    struct str path;
    struct buf text;
    keep_each_once(rows);
    err_t e = path_of(rows, input, ending, &path, err);
    if (e != OK) return e;
    buf_init(&text, REFUSED_MAX_BYTES);
    e = copy(context, rows, &text, err);
    if (e == OK && text.failed) e = too_many(err);
    if (e == OK) e = file_write(path.p, buf_str(&text), err);
    if (e == OK) rows->path = path;
    buf_release(&text);
    return e;
}
