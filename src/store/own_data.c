/* SPDX-License-Identifier: Apache-2.0 */
#include "store/own_data.h"

#include "store/erasure.h"

/* How many parameters a query has: the greatest $n. */
static size_t parameters_of(const char *sql)
{
    size_t count = 0;
    for (; *sql != '\0'; sql++) {
        if (sql[0] != '$') continue;
        size_t n = (size_t)(sql[1] - '0');
        ASSERT(n >= 1 && n <= 9);
        if (n > count) count = n;
    }
    return count;
}

static struct args wanted_of(const char *sql, struct args args)
{
    size_t wanted = parameters_of(sql);
    ASSERT(wanted <= args.count);
    return (struct args){args.values, wanted};
}

/* "f.kind" and "value_text AS value" are named by their last word. */
static struct str name_of(struct str column)
{
    column = str_trim(column);
    for (size_t i = column.n; i > 0; i--)
        if (column.p[i - 1] == ' ' || column.p[i - 1] == '.') return str_sub(column, i, column.n);
    return column;
}

static void write_value(struct json_writer *w, struct str name, struct value value)
{
    if (value.type == VALUE_TEXT) json_text(w, name, value.str);
    else if (value.type != VALUE_I64) json_null(w, name);
    else if (str_ends(name, S("_at"))) json_instant(w, name, value.i64);
    else json_i64(w, name, value.i64);
}

err_t own_data_rows(struct db *db, const struct own_data *data, struct args args,
                    struct json_writer *w, int64_t *out_count, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    bool more;
    err_t e = db_query(db, data->sql, wanted_of(data->sql, args), &rows, err);
    while (e == OK) {
        struct str columns = str_of(data->columns), column;
        e = rows_next(rows, &more, err);
        if (e != OK || !more) break;
        json_object(w, JSON_ITEM);
        for (int i = 0; str_split(&columns, ',', &column); i++)
            write_value(w, name_of(column), row_value(rows, i));
        json_end(w);
        (*out_count)++;
    }
    return e;
}

err_t erasure_run(struct db *db, const struct erasure *erasure, struct args args, bool erase,
                  int64_t *out_count, struct err *err)
{
    int64_t count = 0;
    err_t e = db_get_i64(db, erasure->count, wanted_of(erasure->count, args), &count, err);
    if (e == OK && erase && count > 0)
        e = db_run(db, erasure->change, wanted_of(erasure->change, args), NULL, err);
    if (e == OK) *out_count += count;
    return e;
}
