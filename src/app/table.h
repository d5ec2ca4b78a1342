/* SPDX-License-Identifier: Apache-2.0 */
/* Tables for people: aligned columns, widths counted as a terminal shows them.
 *
 *   Số hóa đơn      kWh        Thành tiền
 *   PD01-000001     461       1.388.405 đ
 *
 * On a terminal that is too narrow, long texts go on below in their column; where that is not
 * enough a row takes several lines, the later ones indented, and so do the titles. Anywhere else
 * a row is one line, however long.
 *
 *   table_init(&table, arena, columns, count);
 *   for each row: table_text / table_i64 / … once per column;
 *   table_print(&table, call->out);
 *
 * Ownership: cells are copied into the arena. Threads: one owner. Limits: TABLE_COLUMNS_MAX columns
 * and the arena's bytes (rows that no longer fit are reported by table_print as E_LIMIT). */
#ifndef SANGDEN_APP_TABLE_H
#define SANGDEN_APP_TABLE_H

#include "base/arena.h"
#include "base/buffer.h"
#include "base/error.h"

enum { TABLE_COLUMNS_MAX = 24 };
enum table_align { ALIGN_LEFT, ALIGN_RIGHT };

struct table_column {
    const char *title;
    enum table_align align;
};

struct table_row;

struct table {
    struct arena *arena;
    const struct table_column *column;
    size_t column_count;
    size_t width[TABLE_COLUMNS_MAX];
    size_t next_column;
    size_t screen; /* columns of the terminal, SIZE_MAX when there is none */
    struct table_row *first;
    struct table_row *last;
};

/* An empty table; the columns must outlive it. */
void table_init(struct table *table, struct arena *arena, const struct table_column *columns,
                size_t column_count);
/* The next cell, from left to right; behind the last column a new row begins. */
void table_text(struct table *table, struct str text);
/* 1.388.405 */
void table_i64(struct table *table, int64_t value);
/* 1.388.405 đ */
void table_vnd(struct table *table, int64_t amount_vnd);
/* 461250 with 3 places is 461,25 */
void table_decimal(struct table *table, int64_t scaled, unsigned places);
/* 31/07/2026 */
void table_day(struct table *table, int32_t day);
/* The same from "2026-07-31", as the store keeps days; a text that is no day stands as it is. */
void table_iso_day(struct table *table, struct str text);
/* Writes titles and rows. Rows must be complete. */
NODISCARD err_t table_print(const struct table *table, struct buf *out, struct err *err);

/* Columns that a terminal needs to show well-formed UTF-8 text. */
size_t text_width(struct str text);

#endif
