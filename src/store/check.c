/* SPDX-License-Identifier: Apache-2.0 */
#include "store/check.h"

#include "base/buffer.h"

enum { OFFENDER_MAX_BYTES = 256 };

void check_found(struct check_findings *findings, const char *format, ...)
{
    if (findings->count < CHECK_SHOWN_MAX) {
        char place[OFFENDER_MAX_BYTES];
        struct buf text;
        buf_init_fixed(&text, place, sizeof place);
        va_list arguments;
        va_start(arguments, format);
        buf_vprintf(&text, format, arguments);
        va_end(arguments);
        findings->shown[findings->count] = arena_str(findings->arena, buf_str(&text));
    }
    findings->count++;
}

err_t check_rows(struct db *db, const char *sql, check_row *breaks, void *context,
                 struct check_findings *findings, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    bool row;
    err_t e = db_query(db, sql, NO_ARGS, &rows, err);
    while (e == OK) {
        e = rows_next(rows, &row, err);
        if (e != OK || !row) break;
        if (breaks(context, rows)) check_found(findings, "%.*s", STR_ARG(row_text(rows, 0)));
    }
    return e;
}

static bool every_row(void *context, const struct rows *rows)
{
    (void)context, (void)rows;
    return true;
}

static err_t run_share(struct db *db, const char *sql, struct check_findings *findings,
                       struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    bool row = false;
    err_t e = db_query(db, sql, NO_ARGS, &rows, err);
    if (e == OK) e = rows_next(rows, &row, err);
    if (e != OK) return e;
    ASSERT(row);
    findings->part = row_i64_or(rows, 0, 0);
    findings->whole = row_i64_or(rows, 1, 0);
    return OK;
}

err_t check_run(struct db *db, const struct check *check, struct check_findings *findings,
                struct err *err)
{
    ASSERT((check->sql != NULL) != (check->find != NULL));
    err_t e = check->sql != NULL ? check_rows(db, check->sql, every_row, NULL, findings, err)
                                 : check->find(db, findings, err);
    if (e == OK && check->share_sql != NULL) e = run_share(db, check->share_sql, findings, err);
    return e == OK && findings->arena->failed ? err_memory(err) : e;
}
