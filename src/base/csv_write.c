/* SPDX-License-Identifier: Apache-2.0 */
#include "base/csv.h"

static bool needs_quotes(struct str field)
{
    if (field.n == 0) return false;
    if (field.p[0] == ' ' || field.p[field.n - 1] == ' ') return true;
    for (size_t i = 0; i < field.n; i++) {
        char c = field.p[i];
        if (c == ',' || c == ';' || c == '\t' || c == '"' || c == '\n' || c == '\r') return true;
    }
    return false;
}

void buf_add_csv(struct buf *buf, struct str field)
{
    if (!needs_quotes(field)) {
        buf_add(buf, field);
        return;
    }
    buf_add_char(buf, '"');
    for (size_t i = 0; i < field.n; i++) {
        if (field.p[i] == '"') buf_add_char(buf, '"');
        buf_add_char(buf, field.p[i]);
    }
    buf_add_char(buf, '"');
}

void buf_add_csv_row(struct buf *buf, const struct str *fields, size_t field_count)
{
    for (size_t i = 0; i < field_count; i++) {
        if (i > 0) buf_add_char(buf, ',');
        buf_add_csv(buf, fields[i]);
    }
    buf_add_char(buf, '\n');
}
