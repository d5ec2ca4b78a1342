/* SPDX-License-Identifier: Apache-2.0 */
/* What the kinds of tables mean on Citus: a script for the administrator of a distributed store. */
#include "store/store_int.h"

/* Written so that it may be run again after each upgrade: what is distributed already is left. */
static void add_table(const struct rows *rows, struct buf *out)
{
    struct str name = row_text(rows, 0);
    bool append_only = row_i64(rows, 3) == 1;
    bool reference = str_equal(row_text(rows, 1), S("reference"));
    /* Citus keeps no triggers on distributed tables: there the rights of sangden_app protect. */
    if (append_only)
        buf_printf(out,
                   "DROP TRIGGER IF EXISTS %.*s_no_change ON %.*s;\n"
                   "DROP TRIGGER IF EXISTS %.*s_no_truncate ON %.*s;\n",
                   STR_ARG(name), STR_ARG(name), STR_ARG(name), STR_ARG(name));
    if (reference) buf_printf(out, "SELECT create_reference_table('%.*s')", STR_ARG(name));
    else
        buf_printf(out, "SELECT create_distributed_table('%.*s', '%.*s')", STR_ARG(name),
                   STR_ARG(row_text(rows, 2)));
    buf_printf(out,
               " WHERE NOT EXISTS (SELECT 1 FROM pg_dist_partition"
               " WHERE logicalrelid = '%.*s'::regclass);\n",
               STR_ARG(name));
}

err_t store_citus_sql(struct db *db, struct buf *out, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    bool row = false;
    err_t e = db_query(db,
                       "SELECT name, kind, key_column, append_only FROM store_table"
                       " ORDER BY CASE kind WHEN 'reference' THEN 0 ELSE 1 END, position",
                       NO_ARGS, &rows, err);
    if (e == OK) e = rows_next(rows, &row, err);
    while (e == OK && row) {
        add_table(rows, out);
        e = rows_next(rows, &row, err);
    }
    if (e == OK && out->failed) return err_memory(err);
    return e;
}
