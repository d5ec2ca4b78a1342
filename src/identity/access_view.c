/* SPDX-License-Identifier: Apache-2.0 */
/* Whether the batches of the access log are what the chain says. */
#include "identity/access_int.h"
#include "identity/checks.h"
#include "store/store.h"

/* ---- check ------------------------------------------------------------------------------- */

/* "17-20" of a link; false for anything else. */
static bool read_span(struct str subject, int64_t *out_first, int64_t *out_last)
{
    struct str first;
    return str_split(&subject, '-', &first) && str_to_i64(first, out_first) &&
           str_to_i64(subject, out_last);
}

static err_t hash_batch(struct db *db, int64_t unit_id, int64_t first, int64_t last,
                        char out[HASH_TEXT_BYTES], struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    struct hash_state hashing;
    bool more;
    hash_init(&hashing);
    err_t e =
        db_query(db,
                 "SELECT access_no, read_at, staff_id, subject_kind, subject_id, action, "
                 "reason, address, login_id, os_user FROM access_log WHERE unit_id = $1 "
                 "AND access_no >= $2 AND access_no <= $3 ORDER BY access_no",
                 ARGS(v_i64(unit_id), v_i64(first), v_i64(last)), &rows, err);
    while (e == OK) {
        e = rows_next(rows, &more, err);
        if (e != OK || !more) break;
        struct access_hashed row = {.access_no = row_i64(rows, 0),
                                    .read_at_ms = row_i64(rows, 1),
                                    .staff_id = row_i64(rows, 2),
                                    .subject_kind = row_text(rows, 3),
                                    .subject_id = row_i64(rows, 4),
                                    .action = row_text(rows, 5),
                                    .reason = row_text(rows, 6),
                                    .address = row_text(rows, 7),
                                    .login_id = row_i64(rows, 8),
                                    .os_user = row_text(rows, 9)};
        access_hash_row(&hashing, &row);
    }
    if (e != OK) return e;
    struct hash rows_hash = hash_finish(&hashing);
    struct hash content = hash_of((struct str){(const char *)rows_hash.byte, HASH_BYTES});
    hash_text(&content, out);
    return OK;
}

static err_t find_batches(struct db *db, struct check_findings *findings, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    char hash[HASH_TEXT_BYTES];
    bool more;
    err_t e = db_query(db,
                       "SELECT unit_id, subject, content_hash FROM audit_entry WHERE "
                       "stream = 'access' ORDER BY unit_id, seq",
                       NO_ARGS, &rows, err);
    while (e == OK) {
        int64_t first, last;
        e = rows_next(rows, &more, err);
        if (e != OK || !more) break;
        bool good = read_span(row_text(rows, 1), &first, &last);
        if (good) e = hash_batch(db, row_i64(rows, 0), first, last, hash, err);
        if (e == OK && !(good && str_equal(str_of(hash), row_text(rows, 2))))
            check_found(findings, "%lld: %.*s", (long long)row_i64(rows, 0),
                        STR_ARG(row_text(rows, 1)));
    }
    return e;
}

const struct check check_access_chained = {
    .name = "access.chained",
    .vi = "Nhật ký truy cập dữ liệu cá nhân đúng như lúc ghi vào nhật ký kiểm soát",
    .en = "The access log is what the audit chain says of its batches",
    .find = find_batches,
};
