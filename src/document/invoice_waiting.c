/* SPDX-License-Identifier: Apache-2.0 */
/* Corrections that cannot have their invoice yet, with the reason. */
#include "base/date.h"
#include "document/invoice_int.h"
#include "document/invoice_parameter.h"

enum { WAITING_BYTES = 64 * 1024 * 1024, SLOT_BYTES = 4 * 1024 * 1024 };

struct candidate {
    struct candidate *next;
    struct bill_key key;
    int64_t total_vnd;
    int32_t issued_day;
    char unit_code[UNIT_CODE_BYTES];
};

static err_t read_candidate(struct arena *arena, const struct rows *rows, struct candidate **out,
                            struct err *err)
{
    struct candidate *one = ARENA_NEW(arena, struct candidate);
    struct buf code;
    if (one == NULL) return err_memory(err);
    *one = (struct candidate){.key = {row_i64(rows, 0), row_i64(rows, 1), row_i64(rows, 2),
                                      row_i64(rows, 3), row_i64(rows, 4), row_i64(rows, 5),
                                      BILL_PERIODIC, row_i64(rows, 7)},
                              .total_vnd = row_i64(rows, 8),
                              .issued_day = invoice_stored_day(row_text(rows, 9))};
    bool known = bill_kind_parse(row_text(rows, 6), &one->key.kind);
    ASSERT(known);
    buf_init_fixed(&code, one->unit_code, sizeof one->unit_code);
    buf_add(&code, row_text(rows, 10));
    *out = one;
    return OK;
}

static err_t load(struct db *db, struct arena *arena, struct str unit_code, int64_t month,
                  struct candidate **out, struct err *err)
{
    struct candidate *last = NULL, *one = NULL;
    AUTO(rows_done_at) struct rows *rows = NULL;
    *out = NULL;
    err_t e = db_query(
        db,
        "SELECT b.unit_id, b.month, b.period_no, b.book_id, b.point_id, "
        "b.agreement_id, b.kind, b.version, b.total_vnd, b.issued_on, u.code FROM "
        "unit u JOIN bill b ON b.unit_id = u.unit_id LEFT JOIN einvoice v ON " INVOICE_OF_BILL(
            "b", "v") " WHERE b.month = $1 AND ($2 = '' OR u.code = $3) "
                      "AND b.kind IN ('adjustment', 'replacement') AND " WITHOUT_INVOICE(
                          "b",
                          "v") " ORDER BY b.unit_id, b.period_no, b.book_id, b.point_id, b.version",
        ARGS(v_i64(month), v_text(unit_code), v_text(unit_code)), &rows, err);
    for (bool more = true; e == OK;) {
        e = rows_next(rows, &more, err);
        if (e != OK || !more) break;
        e = read_candidate(arena, rows, &one, err);
        if (e != OK) break;
        if (last == NULL) *out = one;
        else last->next = one;
        last = one;
    }
    return e;
}

static err_t judge(struct db *db, struct arena *arena, const struct candidate *one, int32_t day,
                   enum invoice_wait *out, struct err *err)
{
    struct slot_bills slot;
    struct invoice_parameters parameters;
    int32_t on = day < 0 ? one->issued_day : day;
    err_t e = invoice_parameters_on(db, one->key.unit_id, on, &parameters, err);
    if (e == OK) e = slot_bills_load(db, arena, &one->key, &slot, err);
    if (e != OK) return e;
    *out = correction_judge(&slot, slot_bill_find(&slot, one->key.version),
                            parameters.summary_table == 1)
               .wait;
    return OK;
}

err_t invoice_waiting_each(struct db *db, struct str unit_code, int64_t month, int32_t day,
                           invoice_waiting_visit *visit, void *context, struct err *err)
{
    AUTO(arena_release) struct arena arena = ARENA_OF(WAITING_BYTES);
    AUTO(arena_release) struct arena slot_arena = ARENA_OF(SLOT_BYTES);
    struct candidate *first = NULL;
    err_t e = unit_known(db, unit_code, err);
    if (e == OK) e = load(db, &arena, unit_code, month, &first, err);
    for (const struct candidate *one = first; one != NULL && e == OK; one = one->next) {
        enum invoice_wait wait;
        arena_reset(&slot_arena);
        e = judge(db, &slot_arena, one, day, &wait, err);
        if (e != OK || wait == INVOICE_READY) continue;
        struct invoice_waiting waiting = {str_of(one->unit_code), one->key, one->total_vnd, wait};
        e = visit(context, &waiting, err);
    }
    return e;
}
