/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/agreement_view.h"

#include "base/date.h"
#include "registry/believed.h"
#include "registry/registry_view.h"
#include "store/store.h"

/* clang-format off */
#define FACT(f, kind)                                                                         \
    "LEFT JOIN agreement_fact " f " ON " f ".unit_id = a.unit_id AND " f                      \
    ".agreement_id = a.agreement_id AND " f ".kind = '" kind "' AND " f ".state = 'set' AND " \
    BELIEVED("agreement_fact", "agreement_id", f, "$1", "$2") " "
/* The agreements asked for are found first, so that facts are looked up for those alone. */
#define AGREEMENTS(found)                                                                     \
    "SELECT a.unit_id, a.agreement_id, u.code, a.code, a.signed_on, c.code, p.kind, p.name, " \
    "p.tax_code, p.phone, p.email, p.address FROM (SELECT * FROM agreement WHERE "            \
    "unit_id = $3 AND " found ") a JOIN unit u ON u.unit_id = a.unit_id "                     \
    FACT("fa", "account") FACT("fh", "holder")                                                \
    "LEFT JOIN account c ON c.unit_id = a.unit_id AND c.account_id = fa.value_i64 "           \
    "LEFT JOIN party p ON p.unit_id = a.unit_id AND p.party_id = fh.value_i64 "               \
    "ORDER BY a.agreement_id"
/* clang-format on */

static struct agreement_row read_row(const struct rows *rows)
{
    return (struct agreement_row){.unit_id = row_i64(rows, 0),
                                  .agreement_id = row_i64(rows, 1),
                                  .unit_code = row_text(rows, 2),
                                  .code = row_text(rows, 3),
                                  .signed_on = row_text_or_empty(rows, 4),
                                  .account_code = row_text_or_empty(rows, 5),
                                  .kind = row_text_or_empty(rows, 6),
                                  .name = row_text_or_empty(rows, 7),
                                  .tax_code = row_text_or_empty(rows, 8),
                                  .phone = row_text_or_empty(rows, 9),
                                  .email = row_text_or_empty(rows, 10),
                                  .address = row_text_or_empty(rows, 11)};
}

err_t agreement_page(struct db *db, int64_t unit_id, int64_t after_agreement_id, int64_t limit,
                     int32_t day, agreement_visit *visit, void *context, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    char on[DATE_TEXT_BYTES];
    bool more;
    err_t e = db_query(db, AGREEMENTS("agreement_id > $4 ORDER BY agreement_id LIMIT $5"),
                       ARGS(v_text(day_text(day, on)), v_i64(KNOWN_NOW), v_i64(unit_id),
                            v_i64(after_agreement_id), v_i64(limit)),
                       &rows, err);
    while (e == OK) {
        e = rows_next(rows, &more, err);
        if (e != OK || !more) break;
        struct agreement_row row = read_row(rows);
        e = visit(context, &row, err);
    }
    return e;
}

static err_t refuse_unknown(struct err *err)
{
    err_set(err, E_NOT_FOUND, "agreement", "Không có hợp đồng này", "There is no such agreement");
    return err_hint(err, "Kiểm tra mã khách hàng", "Check the customer code");
}

err_t agreement_show(struct db *db, struct arena *arena, int64_t unit_id, int64_t agreement_id,
                     int32_t day, struct agreement_row *out, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    char on[DATE_TEXT_BYTES];
    bool found = false;
    err_t e = db_query(
        db, AGREEMENTS("agreement_id = $4"),
        ARGS(v_text(day_text(day, on)), v_i64(KNOWN_NOW), v_i64(unit_id), v_i64(agreement_id)),
        &rows, err);
    if (e == OK) e = rows_next(rows, &found, err);
    if (e != OK) return e;
    if (!found) return refuse_unknown(err);
    struct agreement_row row = read_row(rows);
    struct str *const texts[] = {&row.unit_code, &row.code,   &row.signed_on, &row.account_code,
                                 &row.kind,      &row.name,   &row.tax_code,  &row.phone,
                                 &row.email,     &row.address};
    for (size_t i = 0; i < ARRAY_COUNT(texts); i++) *texts[i] = arena_str(arena, *texts[i]);
    *out = row;
    return arena->failed ? err_memory(err) : OK;
}

err_t agreement_holder_since(struct db *db, int64_t unit_id, int64_t agreement_id, int32_t day,
                             int32_t *out_day, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    char on[DATE_TEXT_BYTES];
    bool found = false;
    int32_t since = 0;
    err_t e = db_query(
        db,
        "SELECT f.valid_from FROM agreement_fact f WHERE " BELIEVED(
            "agreement_fact", "agreement_id", "f", "$1",
            "$2") " AND f.unit_id = $3 AND f.agreement_id = $4 AND "
                  "f.kind = 'holder' AND f.state = 'set'",
        ARGS(v_text(day_text(day, on)), v_i64(KNOWN_NOW), v_i64(unit_id), v_i64(agreement_id)),
        &rows, err);
    if (e == OK) e = rows_next(rows, &found, err);
    if (e != OK) return e;
    if (found) {
        bool read = day_parse(row_text(rows, 0), &since);
        ASSERT(read);
    }
    *out_day = since;
    return OK;
}
