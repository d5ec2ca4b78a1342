/* SPDX-License-Identifier: Apache-2.0 */
/* Taking an order back before it is billed. */
#include "base/clock.h"
#include "base/date.h"
#include "base/json_write.h"
#include "billing/adjust_int.h"
#include "billing/bill_order.h"
#include "billing/supplement_order_int.h"
#include "identity/audit.h"
#include "store/event.h"

enum { REASON_MAX_BYTES = 500, PAYLOAD_BYTES = 256 };

struct withdrawing {
    struct db *db;
    const struct actor *actor;
    struct arena *arena;
    struct str code, reason, kind;
    int64_t unit_id;
    struct bill_key use; /* of an approved supplement; month 0: none */
    int64_t closing_no;
    bool repeated;
};

/* ---- refusals ---------------------------------------------------------------------------- */

static err_t refuse_reason(struct err *err)
{
    err_set(err, E_INPUT, "reason", "Rút một đề nghị phải nêu lý do, ngắn hơn 500 byte",
            "A withdrawal names its reason, in fewer than 500 bytes");
    return err_hint(err, "Ví dụ --reason \"Biên bản 12/BB đã hủy\"",
                    "For example --reason \"Inspection record 12 was cancelled\"");
}

static err_t refuse_issued(const struct withdrawing *w, struct err *err)
{
    bool fee = str_equal(w->kind, S("fee"));
    err_set(err, E_STATE, "CODE", "Hóa đơn của đề nghị %.*s đã phát hành, không rút được nữa",
            "The bill of the order %.*s is issued, it cannot be withdrawn", STR_ARG(w->code));
    return fee ? err_hint(err, "Hủy phí bằng: sangden bill adjust %.*s --cause other --quantity 0",
                          "Take the fee back with: sangden bill adjust %.*s --cause other "
                          "--quantity 0",
                          STR_ARG(w->code))
               : err_hint(err,
                          "Điều chỉnh hóa đơn truy thu bằng sangden bill adjust; số hóa đơn "
                          "xem ở sangden bill orders",
                          "Adjust the supplementary bill with sangden bill adjust; sangden bill "
                          "orders has its number");
}

static err_t refuse_refused(const struct withdrawing *w, struct err *err)
{
    err_set(err, E_STATE, "CODE", "Đề nghị %.*s đã bị từ chối", "The order %.*s was refused",
            STR_ARG(w->code));
    return err_hint(err, "Không còn gì để rút; xem sangden bill orders",
                    "Nothing is left to withdraw; see sangden bill orders");
}

static err_t refuse_other_reason(const struct withdrawing *w, struct str reason, struct err *err)
{
    err_set(err, E_CONFLICT, "reason", "Đề nghị %.*s đã được rút với lý do khác",
            "The order %.*s was withdrawn for another reason", STR_ARG(w->code));
    err_detail(err, "%.*s", "%.*s", STR_ARG(reason));
    return err_hint(err, "Lý do đã ghi không sửa được; xem sangden bill orders",
                    "The recorded reason stays; see sangden bill orders");
}

static err_t refuse_unordered(struct str code, struct err *err)
{
    err_set(err, E_NOT_FOUND, "CODE", "Không có đề nghị %.*s", "There is no order %.*s",
            STR_ARG(code));
    return err_hint(err, "Xem các đề nghị bằng: sangden bill orders",
                    "See the orders with: sangden bill orders");
}

/* ---- the record -------------------------------------------------------------------------- */

static err_t find_withdrawal(struct withdrawing *w, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(w->db,
                       "SELECT reason FROM order_withdrawal WHERE unit_id = $1 AND kind = $2 AND "
                       "order_code = $3",
                       ARGS(v_i64(w->unit_id), v_text(w->kind), v_text(w->code)), &rows, err);
    if (e == OK) e = rows_next(rows, &w->repeated, err);
    if (e != OK || !w->repeated) return e;
    return str_equal(row_text(rows, 0), w->reason) ? OK
                                                   : refuse_other_reason(w, row_text(rows, 0), err);
}

static struct value number_or_null(bool known, int64_t number)
{
    return known ? v_i64(number) : v_null();
}

static err_t keep_withdrawal(struct withdrawing *w, struct err *err)
{
    char day[DATE_TEXT_BYTES];
    bool used = w->use.month > 0;
    struct audit_note note = {w->unit_id, S("billing"), S("bill.withdraw"), w->code, w->reason};
    err_t e = db_run(
        w->db,
        "INSERT INTO order_withdrawal (unit_id, kind, order_code, reason, "
        "withdrawn_by, withdrawn_on, withdrawn_at, month, book_id, point_id, "
        "closing_no) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        ARGS(v_i64(w->unit_id), v_text(w->kind), v_text(w->code), v_text(w->reason),
             v_i64(w->actor->staff_id), v_text(day_text(w->actor->day, day)), v_i64(clock_now_ms()),
             number_or_null(used, w->use.month), number_or_null(used, w->use.book_id),
             number_or_null(used, w->use.point_id), number_or_null(used, w->closing_no)),
        NULL, err);
    return e == OK ? audit_append(w->db, w->actor, &note, err) : e;
}

/* ---- a supplement ------------------------------------------------------------------------ */

/* The draft goes first: an issue that has it in hand is over before the bill is looked for. */
static err_t drop_draft(struct withdrawing *w, struct err *err)
{
    int64_t bills = 0;
    struct args slot =
        ARGS(v_i64(w->unit_id), v_i64(w->use.month), v_i64(w->use.book_id), v_i64(w->use.point_id),
             v_i64(w->use.agreement_id), v_i64(w->closing_no));
    err_t e = db_run(w->db,
                     "DELETE FROM bill_draft WHERE unit_id = $1 AND month = $2 AND period_no = 0 "
                     "AND book_id = $3 AND point_id = $4 AND agreement_id = $5 AND "
                     "kind = 'supplement' AND closing_no = $6",
                     slot, NULL, err);
    if (e == OK)
        e = db_get_i64(w->db,
                       "SELECT count(*) FROM bill WHERE unit_id = $1 AND month = $2 AND "
                       "period_no = 0 AND book_id = $3 AND point_id = $4 AND agreement_id = $5 AND "
                       "kind = 'supplement' AND closing_no = $6",
                       slot, &bills, err);
    return e == OK && bills > 0 ? refuse_issued(w, err) : e;
}

static err_t tell_withdrawn(struct withdrawing *w, struct err *err)
{
    char memory[PAYLOAD_BYTES];
    struct buf payload;
    struct json_writer writer;
    buf_init_fixed(&payload, memory, sizeof memory);
    json_writer_init(&writer, &payload);
    json_object(&writer, JSON_ITEM);
    json_text(&writer, S("order"), w->code);
    json_i64(&writer, S("month"), w->use.month);
    json_end(&writer);
    ASSERT(!payload.failed); /* a code and a number */
    return event_append(w->db, w->unit_id, S("supplement.withdrawn"), w->use.point_id,
                        buf_str(&payload), err);
}

static err_t withdraw_supplement(struct withdrawing *w, struct err *err)
{
    struct supplement_ordering o = {.db = w->db, .actor = w->actor, .arena = w->arena};
    w->kind = S("supplement");
    err_t e = supplement_order_load(&o, w->code, err);
    w->unit_id = o.unit_id;
    if (e == OK) e = find_withdrawal(w, err);
    if (e != OK || w->repeated) return e;
    if (str_equal(o.state, S("refused"))) return refuse_refused(w, err);
    if (str_equal(o.state, S("proposed"))) {
        e = supplement_refuse_with(&o, w->reason, err);
        return e == OK ? keep_withdrawal(w, err) : e;
    }
    w->use = o.slot;
    w->closing_no = o.closing_no;
    e = drop_draft(w, err);
    if (e == OK) e = keep_withdrawal(w, err);
    return e == OK ? tell_withdrawn(w, err) : e;
}

/* ---- a fee ------------------------------------------------------------------------------- */

static err_t withdraw_fee(struct withdrawing *w, struct bill_key *key, struct err *err)
{
    struct bill_row row;
    int64_t orders = 0;
    w->kind = S("fee");
    w->unit_id = key->unit_id;
    err_t e = db_get_i64(w->db,
                         "SELECT count(*) FROM fee_bill_order WHERE unit_id = $1 AND "
                         "bill_number = $2",
                         ARGS(v_i64(w->unit_id), v_text(w->code)), &orders, err);
    if (e == OK && orders == 0) return refuse_unordered(w->code, err);
    if (e == OK) e = actor_require(w->db, w->actor, w->unit_id, PERMISSION_BILL_ADJUST, err);
    if (e == OK) e = find_withdrawal(w, err);
    if (e != OK || w->repeated) return e;
    e = proposal_refuse(w->db, w->actor, w->arena, w->code, w->reason, err);
    if (e == OK) return keep_withdrawal(w, err);
    if (e != E_NOT_FOUND) return e;
    e = bill_find(w->db, w->arena, w->code, &row, err);
    if (e == OK) return refuse_issued(w, err);
    return e == E_NOT_FOUND ? refuse_refused(w, err) : e;
}

static err_t withdraw_inside(struct withdrawing *w, struct err *err)
{
    struct bill_key key;
    struct str unit_code;
    struct err none = {0};
    bool number = bill_number_parse(w->code, &unit_code, &key, &none) == OK;
    if (!number) return withdraw_supplement(w, err);
    if (key.kind != BILL_FEE) return refuse_unordered(w->code, err);
    err_t e = db_get_i64_or(w->db, "SELECT unit_id FROM unit WHERE code = $1",
                            ARGS(v_text(unit_code)), 0, &key.unit_id, err);
    return e == OK ? withdraw_fee(w, &key, err) : e;
}

static err_t try_withdraw(struct withdrawing *w, struct err *err)
{
    err_t e = db_begin(w->db, err);
    if (e == OK) e = withdraw_inside(w, err);
    if (e == OK) e = db_commit(w->db, err);
    if (e != OK) db_rollback(w->db);
    return e;
}

/* Whether somebody else may have decided or withdrawn the order at the same moment. */
static bool may_have_changed(err_t e)
{
    return e == E_NOT_FOUND || e == E_STATE || e == E_CONFLICT;
}

err_t bill_order_withdraw(struct db *db, const struct actor *actor, struct arena *arena,
                          struct str code, struct str reason, bool *out_repeated, struct err *err)
{
    const struct withdrawing first = {
        .db = db, .actor = actor, .arena = arena, .code = code, .reason = str_trim(reason)};
    struct withdrawing w = first;
    if (w.reason.n == 0 || w.reason.n > REASON_MAX_BYTES) return refuse_reason(err);
    err_t e = try_withdraw(&w, err);
    if (may_have_changed(e)) {
        w = first;
        e = try_withdraw(&w, err);
    }
    if (e == OK) *out_repeated = w.repeated;
    return e;
}
