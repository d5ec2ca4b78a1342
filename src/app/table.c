/* SPDX-License-Identifier: Apache-2.0 */
#include "app/table.h"

#include <utf8proc.h>

#include "base/date.h"
#include "base/decimal.h"

enum { CELL_MAX_BYTES = 64, GAP = 2 };

struct table_row {
    struct table_row *next;
    struct str cell[];
};

size_t text_width(struct str text)
{
    size_t width = 0;
    while (text.n > 0) {
        utf8proc_int32_t point;
        utf8proc_ssize_t taken = utf8proc_iterate((const utf8proc_uint8_t *)text.p,
                                                  (utf8proc_ssize_t)text.n, &point);
        if (taken <= 0) return width + text.n;
        width += (size_t)utf8proc_charwidth(point);
        text = str_sub(text, (size_t)taken, text.n);
    }
    return width;
}

void table_init(struct table *table, struct arena *arena, const struct table_column *columns,
                size_t column_count)
{
    ASSERT(column_count > 0 && column_count <= TABLE_COLUMNS_MAX);
    *table = (struct table){.arena = arena, .column = columns, .column_count = column_count};
    for (size_t i = 0; i < column_count; i++)
        table->width[i] = text_width(str_of(columns[i].title));
}

static struct table_row *row_for_next_cell(struct table *table)
{
    if (table->next_column > 0) return table->last;
    size_t bytes = sizeof(struct table_row) + table->column_count * sizeof(struct str);
    struct table_row *row = arena_take(table->arena, bytes);
    if (row == NULL) return NULL;
    if (table->last != NULL) table->last->next = row;
    else table->first = row;
    table->last = row;
    return row;
}

void table_text(struct table *table, struct str text)
{
    if (table->arena->failed) return;
    struct table_row *row = row_for_next_cell(table);
    if (row == NULL) return;
    size_t at = table->next_column;
    row->cell[at] = arena_str(table->arena, text);
    size_t width = text_width(row->cell[at]);
    if (width > table->width[at]) table->width[at] = width;
    table->next_column = (at + 1) % table->column_count;
}

void table_i64(struct table *table, int64_t value)
{
    struct buf buf;
    char place[CELL_MAX_BYTES];
    buf_init_fixed(&buf, place, sizeof place);
    buf_add_grouped(&buf, value);
    table_text(table, buf_str(&buf));
}

void table_vnd(struct table *table, int64_t amount_vnd)
{
    struct buf buf;
    char place[CELL_MAX_BYTES];
    buf_init_fixed(&buf, place, sizeof place);
    buf_add_grouped(&buf, amount_vnd);
    buf_add(&buf, S(" đ"));
    table_text(table, buf_str(&buf));
}

void table_decimal(struct table *table, int64_t scaled, unsigned places)
{
    struct buf buf;
    char place[CELL_MAX_BYTES];
    buf_init_fixed(&buf, place, sizeof place);
    buf_add_decimal_vi(&buf, scaled, places);
    table_text(table, buf_str(&buf));
}

void table_day(struct table *table, int32_t day)
{
    struct buf buf;
    char place[CELL_MAX_BYTES];
    buf_init_fixed(&buf, place, sizeof place);
    buf_add_day_vi(&buf, day);
    table_text(table, buf_str(&buf));
}

void table_iso_day(struct table *table, struct str text)
{
    int32_t day;
    if (day_parse(text, &day)) table_day(table, day);
    else table_text(table, text);
}

static void add_spaces(struct buf *out, size_t count)
{
    while (count-- > 0) buf_add_char(out, ' ');
}

/* No spaces at the end of a line: the last column is not padded on its right. */
static void print_cell(const struct table *table, size_t at, struct str text, struct buf *out)
{
    size_t fill = table->width[at] - text_width(text);
    if (at > 0) add_spaces(out, GAP);
    if (table->column[at].align == ALIGN_RIGHT) add_spaces(out, fill);
    buf_add(out, text);
    bool last = at + 1 == table->column_count;
    if (table->column[at].align == ALIGN_LEFT && !last) add_spaces(out, fill);
    if (last) buf_add_char(out, '\n');
}

err_t table_print(const struct table *table, struct buf *out, struct err *err)
{
    if (table->arena->failed) {
        err_set(err, E_LIMIT, NULL, "Bảng kết quả quá dài để in ra một lần",
                "The table is too long to print at once");
        return err_hint(err, "Thu hẹp điều kiện, hoặc dùng --json",
                        "Narrow the condition, or use --json");
    }
    ASSERT(table->next_column == 0);
    for (size_t i = 0; i < table->column_count; i++)
        print_cell(table, i, str_of(table->column[i].title), out);
    for (const struct table_row *row = table->first; row != NULL; row = row->next)
        for (size_t i = 0; i < table->column_count; i++) print_cell(table, i, row->cell[i], out);
    return OK;
}
