/* SPDX-License-Identifier: Apache-2.0 */
/* What the invoice of a correction is to earlier ones, and whether it can be made now.
 *
 *   K1 ◄─ D2 ◄─ D3      invoices: original ◄─ adjusts ◄─ adjusts, each naming the original
 *   K1 ◄─ T2 ◄─ T3      invoices: original ◄─ replaces ◄─ replaces, each naming the one before it
 */
#include "billing/rated.h"
#include "document/invoice_int.h"

enum { SLOT_ARENA_BYTES = 1024 * 1024 };

static const struct invoice_wait_text texts[INVOICE_WAIT_COUNT] = {
    [INVOICE_READY] = {"ready", "", "", "", ""},
    [INVOICE_WAIT_RELATED] = {"related", "hóa đơn bị sửa chưa có số",
                              "the invoice it corrects has no number yet",
                              "Cấp số cho tháng của hóa đơn đó bằng sangden invoice issue",
                              "Number the month of that invoice with sangden invoice issue"},
    [INVOICE_WAIT_METHOD] =
        {"method", "hóa đơn đã được sửa theo cách khác; cách đầu tiên ràng buộc các lần sau",
         "the invoice was put right the other way; the first way binds later ones",
         "Sửa theo cách đầu tiên: bill adjust, có --replace nếu lần đầu là thay thế",
         "Correct it the first way: bill adjust, with --replace if the first was a replacement"},
    [INVOICE_WAIT_AGREEMENT] =
        {"agreement", "cần văn bản thỏa thuận với người mua",
         "a written agreement with the buyer is needed",
         "sangden invoice issue --bill SỐ --agreement \"số, ngày của văn bản\"",
         "sangden invoice issue --bill NUMBER --agreement \"number, day of the paper\""},
};

const struct invoice_wait_text *invoice_wait_text(enum invoice_wait wait)
{
    ASSERT(wait < INVOICE_WAIT_COUNT);
    return &texts[wait];
}

/* ---- the slot ---------------------------------------------------------------------------- */

static bool corrects(enum bill_kind kind)
{
    return kind == BILL_ADJUSTMENT || kind == BILL_REPLACEMENT;
}

err_t slot_bills_load(struct db *db, struct arena *arena, const struct bill_key *key,
                      struct slot_bills *out, struct err *err)
{
    struct slot_bill *last = NULL;
    AUTO(rows_done_at) struct rows *rows = NULL;
    *out = (struct slot_bills){NULL};
    err_t e =
        db_query(db,
                 "SELECT b.version, b.replaces_version, b.kind, "
                 "CASE WHEN b.origin = 'own' AND " BILL_NEEDS_INVOICE(
                     "b") " THEN 1 ELSE 0 END, "
                          "v.series_no, v.invoice_no, v.role FROM bill b LEFT JOIN einvoice v "
                          "ON " INVOICE_OF_BILL(
                              "b", "v") " WHERE b.unit_id = $1 AND b.point_id = $2 AND "
                                        "b.month = $3 AND b.period_no = $4 AND b.agreement_id = $5 "
                                        "ORDER BY b.version",
                 ARGS(v_i64(key->unit_id), v_i64(key->point_id), v_i64(key->month),
                      v_i64(key->period_no), v_i64(key->agreement_id)),
                 &rows, err);
    for (bool more = true; e == OK;) {
        e = rows_next(rows, &more, err);
        if (e != OK || !more) break;
        struct slot_bill *bill = ARENA_NEW(arena, struct slot_bill);
        if (bill == NULL) return err_memory(err);
        *bill = (struct slot_bill){.version = row_i64(rows, 0),
                                   .replaces_version = row_i64_or(rows, 1, 0),
                                   .needs_invoice = row_i64(rows, 3) == 1,
                                   .series_no = row_i64_or(rows, 4, 0),
                                   .invoice_no = row_i64_or(rows, 5, 0),
                                   .role = arena_str(arena, row_text_or_empty(rows, 6))};
        bool known = bill_kind_parse(row_text(rows, 2), &bill->kind);
        ASSERT(known);
        if (last == NULL) out->first = bill;
        else last->next = bill;
        last = bill;
    }
    return e == OK && arena->failed ? err_memory(err) : e;
}

struct slot_bill *slot_bill_find(const struct slot_bills *slot, int64_t version)
{
    for (struct slot_bill *bill = slot->first; bill != NULL; bill = bill->next)
        if (bill->version == version) return bill;
    return NULL;
}

/* The version that the chain of a bill began with. */
static int64_t root_version(const struct slot_bills *slot, const struct slot_bill *bill)
{
    while (corrects(bill->kind)) {
        const struct slot_bill *before = slot_bill_find(slot, bill->replaces_version);
        if (before == NULL || before->version >= bill->version) break;
        bill = before;
    }
    return bill->version;
}

/* ---- the verdict ------------------------------------------------------------------------- */

/* The first invoice of the chain before a bill, and how it was first put right. */
struct chain {
    const struct slot_bill *root; /* NULL: none has an invoice */
    struct str method;            /* empty: not put right yet */
};

static struct chain chain_before(const struct slot_bills *slot, const struct slot_bill *bill)
{
    struct chain chain = {NULL, S("")};
    int64_t root = root_version(slot, bill);
    for (const struct slot_bill *one = slot->first; one != NULL && one->version < bill->version;
         one = one->next) {
        if (one->invoice_no == 0 || root_version(slot, one) != root) continue;
        if (chain.root == NULL) chain.root = one;
        else if (chain.method.n == 0 && !str_equal(one->role, S("original")))
            chain.method = one->role;
    }
    return chain;
}

static struct invoice_ref ref_of(const struct slot_bill *bill)
{
    return (struct invoice_ref){bill->series_no, bill->invoice_no};
}

struct correction_verdict correction_judge(const struct slot_bills *slot,
                                           const struct slot_bill *correction,
                                           bool without_agreement)
{
    const struct slot_bill *before = slot_bill_find(slot, correction->replaces_version);
    struct chain chain = chain_before(slot, correction);
    if (before != NULL && before->needs_invoice && before->invoice_no == 0)
        return (struct correction_verdict){.wait = INVOICE_WAIT_RELATED};
    if (chain.root == NULL) return (struct correction_verdict){.role = S("original")};
    struct str role = correction->kind == BILL_REPLACEMENT ? S("replaces") : S("adjusts");
    if (chain.method.n > 0 && !str_equal(chain.method, role))
        return (struct correction_verdict){.wait = INVOICE_WAIT_METHOD};
    if (!without_agreement) return (struct correction_verdict){.wait = INVOICE_WAIT_AGREEMENT};
    bool names_before =
        correction->kind == BILL_REPLACEMENT && before != NULL && before->invoice_no != 0;
    return (struct correction_verdict){.role = role,
                                       .root = ref_of(chain.root),
                                       .related = ref_of(names_before ? before : chain.root),
                                       .binds = chain.method.n == 0};
}

/* ---- asked before a correction is made --------------------------------------------------- */

static err_t refuse_method(bool replace, struct err *err)
{
    err_set(err, E_STATE, "replace",
            replace ? "Kỳ này đã được sửa bằng hóa đơn điều chỉnh, các lần sau cũng phải điều chỉnh"
                    : "Kỳ này đã được sửa bằng hóa đơn thay thế, các lần sau cũng phải thay thế",
            replace ? "The period was put right by an adjusting invoice, later ones must adjust too"
                    : "The period was put right by a replacing invoice, later ones must replace "
                      "too");
    return replace ? err_hint(err, "Đề nghị bằng bill adjust không có --replace",
                              "Propose with bill adjust, without --replace")
                   : err_hint(err, "Đề nghị bằng bill adjust có --replace",
                              "Propose with bill adjust and --replace");
}

/* The manner of the first correction of the chain that was issued as a bill. */
static void find_manner(const struct slot_bills *slot, int64_t root, bool *out_found,
                        bool *out_replace)
{
    for (const struct slot_bill *one = slot->first; one != NULL && !*out_found; one = one->next) {
        if (!corrects(one->kind) || !one->needs_invoice || root_version(slot, one) != root)
            continue;
        *out_found = true;
        *out_replace = one->kind == BILL_REPLACEMENT;
    }
}

/* The version of the bill that a proposal would correct; 0 when there is no such proposal. */
static err_t version_proposed(struct db *db, struct arena *arena, const struct bill_key *key,
                              int64_t *out, struct err *err)
{
    struct rated_bill rated;
    bool found = false;
    AUTO(rows_done_at) struct rows *rows = NULL;
    *out = 0;
    err_t e =
        db_query(db,
                 "SELECT answer FROM bill_draft WHERE unit_id = $1 AND month = $2 AND "
                 "period_no = $3 AND point_id = $4 AND agreement_id = $5 AND version = $6 AND "
                 "kind IN ('adjustment', 'replacement') AND answer IS NOT NULL",
                 ARGS(v_i64(key->unit_id), v_i64(key->month), v_i64(key->period_no),
                      v_i64(key->point_id), v_i64(key->agreement_id), v_i64(key->version)),
                 &rows, err);
    if (e == OK) e = rows_next(rows, &found, err);
    if (e != OK || !found) return e;
    e = rated_unpack(arena, row_blob(rows, 0), &rated, err);
    if (e == OK) *out = rated.replaces_version;
    return e;
}

static err_t check_chain(struct db *db, struct arena *arena, const struct bill_key *key,
                         bool replace, struct err *err)
{
    struct slot_bills slot;
    bool found = false, before_replaced = false;
    int64_t version = key->version;
    err_t e = slot_bills_load(db, arena, key, &slot, err);
    if (e == OK && slot_bill_find(&slot, version) == NULL)
        e = version_proposed(db, arena, key, &version, err);
    if (e != OK) return e;
    const struct slot_bill *bill = slot_bill_find(&slot, version);
    if (bill != NULL) find_manner(&slot, root_version(&slot, bill), &found, &before_replaced);
    return found && before_replaced != replace ? refuse_method(replace, err) : OK;
}

err_t invoice_method_check(struct db *db, struct str number, bool replace, struct err *err)
{
    struct str unit_code;
    struct bill_key key;
    AUTO(arena_release) struct arena arena = ARENA_OF(SLOT_ARENA_BYTES);
    err_t e = bill_number_parse(number, &unit_code, &key, err);
    if (e == OK)
        e = db_get_i64_or(
            db,
            "SELECT u.unit_id FROM unit u WHERE u.code = $1 AND EXISTS (SELECT 1 FROM "
            "invoice_series s WHERE s.unit_id = u.unit_id AND s.state = 'released')",
            ARGS(v_text(unit_code)), 0, &key.unit_id, err);
    return e != OK || key.unit_id == 0 ? e : check_chain(db, &arena, &key, replace, err);
}
