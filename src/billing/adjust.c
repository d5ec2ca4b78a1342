/* SPDX-License-Identifier: Apache-2.0 */
/* Proposing one adjustment: the chain as it stands, the new request, the draft. */
#include "billing/adjust.h"

#include "base/decimal.h"
#include "billing/adjust_int.h"
#include "billing/supplement.h"
#include "metering/restate.h"
#include "registry/registry_view.h"
#include "registry/terms_view.h"

enum { REQUEST_BYTES = 64 * 1024 };

static const char *const causes[] = {"households", "uses", "reading", "price", "decision",
                                     "inspection", "buyer", "other"};

bool adjust_cause_known(struct str cause)
{
    for (size_t i = 0; i < ARRAY_COUNT(causes); i++)
        if (str_equal(cause, str_of(causes[i]))) return true;
    return false;
}

/* The bill was right, and who it was made out to was not: only a replacement says that. */
static bool is_of_buyer(struct str cause)
{
    return str_equal(cause, S("buyer"));
}

/* ---- the new request --------------------------------------------------------------------- */

static err_t refuse_unclear(struct err *err)
{
    err_set(err, E_INPUT, "kwh",
            "Chỉ số hoặc lần treo đã sửa sau khi chốt không tự cho ra sản lượng của kỳ này",
            "Readings or installations corrected behind the closing do not give the use of this "
            "period");
    return err_hint(err, "Kiểm tra chỉ số và lần treo rồi nêu sản lượng đúng: --kwh hoặc --request",
                    "Look at readings and meters, then give the right use: --kwh or --request");
}

/* What the readings of the use say now. */
static err_t restate(struct db *db, struct arena *arena, int64_t unit_id,
                     const struct point_terms *terms, struct usage_row *usage, struct err *err)
{
    struct corrected_readings corrected;
    enum restatement restatement = RESTATE_SAME;
    err_t e = corrected_readings_load(db, arena, unit_id, usage->point_id, usage->point_id,
                                      &corrected, err);
    if (e == OK)
        e = usage_restate(db, arena, unit_id, &corrected, terms, usage, &restatement, err);
    return e == OK && restatement == RESTATE_UNCLEAR ? refuse_unclear(err) : e;
}

static err_t request_from_facts(struct db *db, struct arena *arena, const struct slot *slot,
                                struct str *out, struct err *err)
{
    struct bill_key key = slot->key;
    struct usage_row usage;
    struct point_terms terms;
    struct terms_scan *scan;
    if (slot->kind == BILL_FEE) {
        err_set(err, E_INPUT, "NUMBER", "Hóa đơn phí không tính lại từ chỉ số",
                "A fee does not follow from readings");
        return err_hint(err, "Nêu số lượng đúng bằng --quantity (0 là hủy phí)",
                        "Give the right --quantity (0 takes the fee back)");
    }
    key.kind = slot->kind;
    AUTO(rows_done_at) struct rows *rows = NULL;
    enum problem problem = PROBLEM_NONE;
    err_t e = usage_live(db, &key, slot->closing_no, &usage, &rows, err);
    if (e == OK) e = supplement_complete(db, arena, &key, &usage, &problem, err);
    if (e == OK && problem != PROBLEM_NONE) e = refuse_facts(problem, err);
    if (e == OK)
        e = terms_scan_open(db, key.unit_id, key.point_id, key.point_id, KNOWN_NOW, &scan, err);
    if (e != OK) return e;
    e = terms_of(scan, key.point_id, usage.from_day, usage.to_day, &terms, err);
    if (e == OK) e = restate(db, arena, key.unit_id, &terms, &usage, err);
    if (e == OK) e = bill_take_readings(arena, NULL, &terms, &usage, err);
    if (e == OK) e = request_of_facts(arena, slot, &usage, &terms, out, err);
    terms_scan_close(scan);
    return e;
}

/* The request with old, a piece of it, replaced. */
static err_t request_with(struct arena *arena, struct str request, struct str old,
                          struct str replacement, struct str *out, struct err *err)
{
    struct buf text;
    buf_init(&text, REQUEST_BYTES);
    buf_add(&text, str_sub(request, 0, (size_t)(old.p - request.p)));
    buf_add(&text, replacement);
    size_t behind = (size_t)(old.p - request.p) + old.n;
    buf_add(&text, str_sub(request, behind, request.n));
    *out = arena_str(arena, buf_str(&text));
    bool failed = text.failed || arena->failed;
    buf_release(&text);
    return failed ? err_memory(err) : OK;
}

err_t request_with_usage(struct arena *arena, struct str request, struct str usage,
                         struct str *out, struct err *err)
{
    struct str old = bill_request_member(request, S("usage"));
    if (old.n == 0) {
        err_set(err, E_INPUT, "usage", "Hóa đơn này không ghi sản lượng theo cách đó",
                "This bill does not state its use that way");
        return err_hint(err, "Nêu cả yêu cầu tính toán bằng --request; hóa đơn phí: --quantity",
                        "Give the whole request with --request; a fee: --quantity");
    }
    struct buf plain;
    struct str text;
    err_t e = request_with(arena, request, old, usage, &text, err);
    if (e != OK) return e;
    buf_init(&plain, REQUEST_BYTES);
    bill_request_without_readings(text, &plain);
    *out = arena_str(arena, buf_str(&plain));
    bool failed = plain.failed || arena->failed;
    buf_release(&plain);
    return failed ? err_memory(err) : OK;
}

static err_t request_with_quantity(struct arena *arena, struct str request, struct str quantity,
                                   struct str *out, struct err *err)
{
    struct str old = bill_fee_quantity(request);
    if (old.n == 0) {
        err_set(err, E_INPUT, "quantity", "Chỉ hóa đơn phí có số lượng",
                "Only the bill of a fee has a quantity");
        return err_hint(err, "Hóa đơn tiền điện: nêu sản lượng bằng --kwh",
                        "For energy give the use with --kwh");
    }
    return request_with(arena, request, old, quantity, out, err);
}

static err_t refuse_buyer(struct err *err)
{
    err_set(err, E_INPUT, "cause",
            "Sai thông tin người mua không đổi số tiền, chỉ thay thế hóa đơn",
            "A wrong buyer changes no amount; the bill is replaced as it is");
    return err_hint(err,
                    "Sửa hồ sơ khách hàng, rồi dùng --cause buyer cùng --replace, không kèm số "
                    "khác",
                    "Mend the record of the party, then use --cause buyer with --replace and no "
                    "other figure");
}

static err_t request_of_buyer(const struct slot *slot, const struct adjust_order *order,
                              struct str *out, struct err *err)
{
    if (!order->replace || order->usage.n + order->quantity.n + order->request.n > 0)
        return refuse_buyer(err);
    *out = slot->request;
    return OK;
}

static err_t new_request(struct db *db, struct arena *arena, const struct slot *slot,
                         const struct adjust_order *order, struct str *out, struct err *err)
{
    if (is_of_buyer(order->cause)) return request_of_buyer(slot, order, out, err);
    if (order->usage.n > 0)
        return request_with_usage(arena, slot->request, order->usage, out, err);
    if (order->quantity.n > 0)
        return request_with_quantity(arena, slot->request, order->quantity, out, err);
    if (order->request.n == 0 && order->price_book.n == 0)
        return request_from_facts(db, arena, slot, out, err);
    *out = order->request.n > 0 ? order->request : slot->request;
    if (bill_request_is_fee(*out) == (slot->kind == BILL_FEE)) return OK;
    err_set(err, E_INPUT, "request", "Phí và tiền điện không thay được cho nhau",
            "A fee and a bill of energy cannot take each other's place");
    return err_hint(err, "Yêu cầu của phí bắt đầu bằng {\"type\":",
                    "The request of a fee begins with {\"type\":");
}

/* ---- the draft --------------------------------------------------------------------------- */

static err_t refuse_same(struct err *err)
{
    err_set(err, E_STATE, "NUMBER", "Tính lại không khác: không có gì để điều chỉnh",
            "The computation gives the same: there is nothing to adjust");
    return err_hint(err, "Sửa dữ liệu của điểm đo trước, hoặc nêu sản lượng mới",
                    "Correct the facts of the point first, or give the new use");
}

static err_t refuse_proposed(struct err *err)
{
    err_set(err, E_STATE, "NUMBER", "Kỳ này đang có một đề nghị điều chỉnh chưa duyệt",
            "A proposal for this period is open");
    return err_hint(err, "Duyệt hoặc từ chối đề nghị đó trước: sangden bill release",
                    "Release or refuse it first: sangden bill release");
}

/* given: a person wrote the whole request, and the calculator judges its readings. */
static err_t propose_correction(struct db *db, const struct actor *actor, struct arena *arena,
                                struct correction *correction, bool given, struct str unit_code,
                                struct adjustment *out, struct err *err)
{
    struct recompute recompute;
    struct proposal proposal;
    recompute_init(&recompute, db);
    err_t e = OK;
    if (!given)
        e = recompute_fit_readings(&recompute, arena, correction->after, correction->book,
                                   &correction->after, err);
    if (e == OK) e = correction_compute(&recompute, arena, correction, out, err);
    if (e == OK && adjustment_is_nothing(out) && !is_of_buyer(correction->cause))
        e = refuse_same(err);
    if (e == OK) e = proposal_of(arena, correction, unit_code, out, &proposal, err);
    if (e == OK) e = proposals_insert(db, actor, arena, unit_code, &proposal, err);
    recompute_release(&recompute);
    return e;
}

err_t adjust_propose_with(struct db *db, const struct actor *actor, struct arena *arena,
                          const struct adjust_order *order, struct adjustment *out,
                          struct err *err)
{
    ASSERT(adjust_cause_known(order->cause));
    struct bill_row row;
    struct slot_records records;
    struct correction correction = {.cause = order->cause, .replace = order->replace};
    struct slot *slot = &correction.slot;
    err_t e = bill_find(db, arena, order->number, &row, err);
    if (e == OK) e = slot_records_load(db, arena, &row.key, &records, err);
    if (e == OK) e = slot_of(&records, &row.key, row.key.version, slot, err);
    if (e != OK) return e;
    if (slot->proposed) return refuse_proposed(err);
    correction.book = order->price_book.n > 0 ? order->price_book : slot->price_book;
    e = new_request(db, arena, slot, order, &correction.after, err);
    return e != OK ? e
                   : propose_correction(db, actor, arena, &correction, order->request.n > 0,
                                        row.unit_code, out, err);
}

err_t adjust_propose(struct db *db, const struct actor *actor, struct arena *arena,
                     const struct adjust_order *order, struct adjustment *out, struct err *err)
{
    struct adjustment adjustment;
    err_t e = db_begin(db, err);
    if (e == OK) e = adjust_propose_with(db, actor, arena, order, &adjustment, err);
    if (e == OK) e = db_commit(db, err);
    if (e != OK) {
        db_rollback(db);
        return e;
    }
    *out = adjustment;
    return OK;
}
