/* SPDX-License-Identifier: Apache-2.0 */
#include "app/table.h"

#include <sys/ioctl.h>
#include <unistd.h>
#include <utf8proc.h>

#include "base/date.h"
#include "base/decimal.h"

enum { CELL_MAX_BYTES = 64, GAP = 2, INDENT = 4, SCREEN_MIN = 40, WRAPPED_MIN = 20 };

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
    struct winsize size;
    bool terminal = isatty(STDOUT_FILENO) == 1 && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0;
    table->screen = terminal && size.ws_col >= SCREEN_MIN ? size.ws_col : SIZE_MAX;
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

/* ---- where the columns stand ------------------------------------------------------------- */

/* How a table is laid out: the widths that cells are wrapped to, and which columns begin a line. */
struct layout {
    const struct table *table;
    size_t width[TABLE_COLUMNS_MAX];
    bool begins_line[TABLE_COLUMNS_MAX];
};

static size_t line_width(const struct layout *layout)
{
    size_t width = 0;
    for (size_t i = 0; i < layout->table->column_count; i++)
        width += layout->width[i] + (i > 0 ? GAP : 0);
    return width;
}

/* Takes from the widest text columns what is too much, as long as they stay readable. */
static void narrow(struct layout *layout)
{
    const struct table *table = layout->table;
    while (line_width(layout) > table->screen) {
        size_t widest = table->column_count;
        for (size_t i = 0; i < table->column_count; i++) {
            bool candidate = table->column[i].align == ALIGN_LEFT &&
                             layout->width[i] > WRAPPED_MIN;
            if (candidate && (widest == table->column_count ||
                              layout->width[i] > layout->width[widest]))
                widest = i;
        }
        if (widest == table->column_count) return;
        layout->width[widest]--;
    }
}

/* Lets columns begin a new line where the one before is full; texts need not be narrow then. */
static void fold(struct layout *layout)
{
    const struct table *table = layout->table;
    size_t used = layout->width[0];
    for (size_t i = 1; i < table->column_count; i++) {
        if (layout->width[i] > table->screen - INDENT)
            layout->width[i] = table->screen - INDENT;
        layout->begins_line[i] = used + GAP + layout->width[i] > table->screen;
        used = layout->begins_line[i] ? INDENT + layout->width[i]
                                      : used + GAP + layout->width[i];
    }
}

static void lay_out(struct layout *layout, const struct table *table)
{
    *layout = (struct layout){.table = table};
    for (size_t i = 0; i < table->column_count; i++) layout->width[i] = table->width[i];
    if (line_width(layout) <= table->screen) return;
    narrow(layout);
    if (line_width(layout) <= table->screen) return;
    for (size_t i = 0; i < table->column_count; i++) layout->width[i] = table->width[i];
    fold(layout);
}

/* ---- printing ---------------------------------------------------------------------------- */

/* Takes as many whole words off the text as fit, one word at least. */
static struct str take_words(struct str *text, size_t width)
{
    size_t end = 0;
    for (size_t i = 0; i <= text->n; i++) {
        if (i < text->n && text->p[i] != ' ') continue;
        if (end > 0 && text_width(str_sub(*text, 0, i)) > width) break;
        end = i;
    }
    struct str taken = str_sub(*text, 0, end);
    *text = str_sub(*text, end < text->n ? end + 1 : end, text->n);
    return taken;
}

/* One line of a row: the cells [from, to), each as far as it was not printed yet. */
static bool print_line(const struct layout *layout, struct str *rest, size_t from, size_t to,
                       struct buf *out)
{
    bool more = false;
    size_t pending = from > 0 ? INDENT : 0; /* no spaces at the end of a line */
    for (size_t i = from; i < to; i++) {
        struct str text = text_width(rest[i]) <= layout->width[i]
                              ? rest[i]
                              : take_words(&rest[i], layout->width[i]);
        if (text.p == rest[i].p && text.n == rest[i].n) rest[i] = S("");
        size_t width = text_width(text);
        size_t fill = width < layout->width[i] ? layout->width[i] - width : 0;
        bool right = layout->table->column[i].align == ALIGN_RIGHT;
        if (i > from) pending += GAP;
        if (right) pending += fill;
        if (text.n > 0) {
            add_spaces(out, pending);
            buf_add(out, text);
            pending = 0;
        }
        pending += right ? 0 : fill;
        more = more || rest[i].n > 0;
    }
    buf_add_char(out, '\n');
    return more;
}

static void print_row(const struct layout *layout, const struct str *cells, struct buf *out)
{
    struct str rest[TABLE_COLUMNS_MAX];
    size_t count = layout->table->column_count;
    for (size_t i = 0; i < count; i++) rest[i] = cells[i];
    for (size_t from = 0, to; from < count; from = to) {
        for (to = from + 1; to < count && !layout->begins_line[to];) to++;
        while (print_line(layout, rest, from, to, out)) continue;
    }
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
    struct layout layout;
    struct str titles[TABLE_COLUMNS_MAX] = {{0}};
    lay_out(&layout, table);
    for (size_t i = 0; i < table->column_count; i++) titles[i] = str_of(table->column[i].title);
    print_row(&layout, titles, out);
    for (const struct table_row *row = table->first; row != NULL; row = row->next)
        print_row(&layout, row->cell, out);
    return OK;
}
