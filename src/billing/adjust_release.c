/* SPDX-License-Identifier: Apache-2.0 */
/* Releasing a proposal: the bill it becomes, and the taking back of what it replaces. */
#include "base/date.h"
#include "base/integer.h"
#include "billing/adjust_int.h"
#include "billing/bill_writer.h"
#include "identity/audit.h"
#include "ledger/ledger.h"

enum { SLOT_ITEMS_MAX = 64 };

struct releasing {
    struct db *db;
    struct arena *arena;
    struct str number, unit_code;
    struct bill_key key;
    struct slot_records records;
    struct slot slot; /* of what it corrects; not of a fee */
    struct bill_record record;
    struct str request, answer;
    int32_t issued_day;
};

static err_t refuse_unproposed(struct str number, struct err *err)
{
    err_set(err, E_NOT_FOUND, "NUMBER", "Không có đề nghị điều chỉnh %.*s",
            "There is no proposal %.*s", STR_ARG(number));
    return err_hint(err, "Số do bill adjust, bill fee và bill propose-adjustments in ra",
                    "bill adjust, bill fee and bill propose-adjustments print the number");
}

/* ---- the draft --------------------------------------------------------------------------- */

static err_t find_unit(struct db *db, struct str code, int64_t *out, struct err *err)
{
    return db_get_i64(db, "SELECT unit_id FROM unit WHERE code = $1", ARGS(v_text(code)), out,
                      err);
}

static err_t load_draft(struct releasing *r, struct err *err)
{
    err_t e = bill_number_parse(r->number, &r->unit_code, &r->key, err);
    if (e == OK) e = find_unit(r->db, r->unit_code, &r->key.unit_id, err);
    if (e == E_NOT_FOUND) return refuse_unproposed(r->number, err);
    if (e != OK) return e;
    AUTO(rows_done_at) struct rows *rows = NULL;
    e = db_query(r->db,
                 "SELECT book_id, account_id, request, answer, price_book FROM bill_draft "
                 "WHERE unit_id = $1 AND month = $2 AND period_no = $3 AND point_id = $4 AND "
                 "agreement_id = $5 AND kind = $6 AND version = $7 AND "
                 "kind IN ('adjustment', 'replacement', 'fee')",
                 ARGS(v_i64(r->key.unit_id), v_i64(r->key.month), v_i64(r->key.period_no),
                      v_i64(r->key.point_id), v_i64(r->key.agreement_id),
                      v_text(bill_kind_code(r->key.kind)), v_i64(r->key.version)),
                 &rows, err);
    bool found = false;
    if (e == OK) e = rows_next(rows, &found, err);
    if (e != OK) return e;
    if (!found) return refuse_unproposed(r->number, err);
    r->key.book_id = row_i64(rows, 0);
    r->request = arena_str(r->arena, row_text(rows, 2));
    r->answer = arena_str(r->arena, row_blob(rows, 3));
    r->record = (struct bill_record){.key = r->key, .account_id = row_i64(rows, 1),
                                     .request = r->request,
                                     .price_book = arena_str(r->arena, row_text(rows, 4))};
    if (r->arena->failed) return err_memory(err);
    return rated_unpack(r->arena, r->answer, &r->record.rated, err);
}

static err_t delete_draft(struct releasing *r, struct err *err)
{
    return db_run(r->db,
                  "DELETE FROM bill_draft WHERE unit_id = $1 AND month = $2 AND period_no = $3 "
                  "AND book_id = $4 AND point_id = $5 AND agreement_id = $6 AND kind = $7 AND "
                  "version = $8",
                  ARGS(v_i64(r->key.unit_id), v_i64(r->key.month), v_i64(r->key.period_no),
                       v_i64(r->key.book_id), v_i64(r->key.point_id),
                       v_i64(r->key.agreement_id), v_text(bill_kind_code(r->key.kind)),
                       v_i64(r->key.version)),
                  NULL, err);
}

/* ---- the bill ---------------------------------------------------------------------------- */

static err_t refuse_overtaken(const struct releasing *r, struct err *err)
{
    err_set(err, E_CONFLICT, "NUMBER", "Kỳ này đã có bản ghi mới hơn đề nghị %.*s",
            "The period has a newer record than the proposal %.*s", STR_ARG(r->number));
    return err_hint(err, "Từ chối đề nghị này và lập đề nghị mới",
                    "Refuse this proposal and make a new one");
}

/* A correction says what it starts from; that must still be what the chain comes to. */
static bool starts_from_the_chain(const struct releasing *r)
{
    const struct slot *slot = &r->slot;
    if (slot->key.version >= r->key.version) return false;
    if (slot->principal_version != r->record.rated.replaces_version) return false;
    return r->key.kind == BILL_REPLACEMENT ||
           str_equal(bill_request_part(r->request, S("before")), slot->request);
}

static err_t check_slot(struct releasing *r, struct err *err)
{
    err_t e = slot_records_load(r->db, r->arena, &r->key, &r->records, err);
    if (e != OK) return e;
    for (const struct slot_record *record = r->records.first; record != NULL;
         record = record->next)
        if (record->version == r->key.version) return refuse_overtaken(r, err);
    if (r->key.kind == BILL_FEE) return OK;
    e = slot_of(&r->records, &r->key, r->record.rated.replaces_version, &r->slot, err);
    if (e != OK) return e;
    return starts_from_the_chain(r) ? OK : refuse_overtaken(r, err);
}

static err_t write_bill(struct releasing *r, struct err *err)
{
    struct bill_writer *writer;
    int64_t due_days;
    err_t e = bill_due_days(r->db, r->issued_day, &due_days, err);
    if (e == OK)
        e = bill_posting_month(r->db, r->key.unit_id,
                               month_to_number(month_of_day(r->issued_day)),
                               &r->record.posting_month, err);
    if (e == OK)
        e = bill_writer_open(r->db, r->key.unit_id, r->unit_code, r->issued_day, 1, &writer, err);
    if (e != OK) return e;
    r->record.due_day = r->issued_day + (int32_t)due_days;
    e = bill_writer_add(writer, &r->record, err);
    if (e == OK) return bill_writer_close(writer, err);
    bill_writer_drop(writer);
    return e;
}

/* ---- taking back ------------------------------------------------------------------------- */

struct slot_item {
    char reference[BILL_NUMBER_BYTES];
    int64_t open_vnd;
};

struct taking {
    struct slot_item item[SLOT_ITEMS_MAX];
    size_t count;
    int64_t net_vnd, vat_vnd;
};

static struct str item_reference(const struct slot_item *item)
{
    return str_of(item->reference);
}

static err_t add_item(struct releasing *r, struct taking *taking, struct str reference,
                      struct err *err)
{
    if (taking->count == SLOT_ITEMS_MAX) {
        err_set(err, E_LIMIT, "NUMBER", "Kỳ này có quá nhiều bản ghi",
                "The period has too many records");
        return err_hint(err,
                        "Chạy sangden check; nếu không có lỗi, báo cho người phát triển kèm số "
                        "hóa đơn",
                        "Run sangden check; if all holds, report this to the developers with the "
                        "number");
    }
    struct slot_item *item = &taking->item[taking->count];
    struct buf text;
    buf_init_fixed(&text, item->reference, sizeof item->reference);
    buf_add(&text, reference);
    ASSERT(!text.failed);
    err_t e = db_get_i64_or(r->db,
                            "SELECT i.amount_vnd - COALESCE((SELECT CAST(sum(s.amount_vnd) AS "
                            "BIGINT) FROM settlement s WHERE s.unit_id = i.unit_id AND "
                            "s.account_id = i.account_id AND s.reference = i.reference), 0) "
                            "FROM open_item i WHERE i.unit_id = $1 AND i.account_id = $2 AND "
                            "i.reference = $3",
                            ARGS(v_i64(r->key.unit_id), v_i64(r->record.account_id),
                                 v_text(reference)),
                            0, &item->open_vnd, err);
    if (e == OK && item->open_vnd != 0) taking->count++;
    return e;
}

/* The document that takes back what a replacement replaces: the replacement's number and "/H". */
static struct str reversal_reference(struct str number, char out[LEDGER_REFERENCE_BYTES])
{
    struct buf reference;
    buf_init_fixed(&reference, out, LEDGER_REFERENCE_BYTES);
    buf_printf(&reference, "%.*s/H", STR_ARG(number));
    ASSERT(!reference.failed);
    return buf_str(&reference);
}

/* The open items of one record of the chain. */
static err_t gather_items(struct releasing *r, struct taking *taking,
                          const struct slot_record *record, struct err *err)
{
    char memory[BILL_NUMBER_BYTES], reversal[LEDGER_REFERENCE_BYTES];
    struct bill_key key = r->key;
    key.kind = record->kind;
    key.version = record->version;
    struct str number = bill_number(r->unit_code, &key, memory);
    err_t e = add_item(r, taking, number, err);
    if (e != OK || record->kind != BILL_REPLACEMENT) return e;
    return add_item(r, taking, reversal_reference(number, reversal), err);
}

/* The open items of the chain, and what its records from the bill that stands on came to. */
static err_t gather(struct releasing *r, struct taking *taking, struct err *err)
{
    err_t e = OK;
    for (const struct slot_record *record = r->records.first; record != NULL && e == OK;
         record = record->next) {
        if (record->root != r->slot.root) continue;
        e = gather_items(r, taking, record, err);
        if (record->version < r->slot.principal_version) continue;
        if (!add_i64(taking->net_vnd, record->pre_vat_vnd, &taking->net_vnd) ||
            !add_i64(taking->vat_vnd, record->vat_vnd, &taking->vat_vnd)) {
            err_set(err, E_OVERFLOW, "NUMBER", "Số tiền của kỳ quá lớn",
                    "The amounts of the period are too large");
            return err_hint_stored(err);
        }
    }
    return e;
}

static err_t post_reversal(struct releasing *r, const struct taking *taking,
                           struct str reference, struct err *err)
{
    struct ledger_chart chart;
    struct ledger_writer *writer;
    struct ledger_document document = {
        .account_id = r->record.account_id, .reference = reference, .kind = ITEM_ADJUSTMENT,
        .month = r->key.month, .due_day = r->issued_day, .debit = SIDE_RECEIVABLE,
        .credit = r->slot.kind == BILL_FEE ? SIDE_FEE_INCOME : SIDE_REVENUE,
        .net_vnd = -taking->net_vnd, .vat_vnd = -taking->vat_vnd};
    err_t e = ledger_chart_on(r->db, r->issued_day, &chart, err);
    if (e == OK)
        e = ledger_writer_open(r->db, r->key.unit_id, &chart, r->issued_day, &writer, err);
    if (e != OK) return e;
    e = ledger_post(writer, &document, err);
    if (e == OK) return ledger_writer_close(writer, err);
    ledger_writer_drop(writer);
    return e;
}

/* Debts and credits of the slot settle each other as far as they go. */
static err_t set_off(struct releasing *r, struct taking *taking, struct err *err)
{
    err_t e = OK;
    for (size_t d = 0; d < taking->count; d++) {
        for (size_t c = 0; c < taking->count && e == OK; c++) {
            struct slot_item *debt = &taking->item[d], *credit = &taking->item[c];
            if (debt->open_vnd <= 0 || credit->open_vnd >= 0) continue;
            int64_t amount_vnd = min_i64(debt->open_vnd, -credit->open_vnd);
            e = ledger_set_off(r->db, r->key.unit_id, r->record.account_id,
                               item_reference(debt), item_reference(credit), amount_vnd,
                               r->issued_day, err);
            debt->open_vnd -= amount_vnd;
            credit->open_vnd += amount_vnd;
        }
    }
    return e;
}

/* After a correction the records of its chain net out: a replacement takes back what it replaces,
 * and what was paid or credited for the chain counts towards what it still owes. */
static err_t net_out(struct releasing *r, struct err *err)
{
    struct taking taking = {0};
    char reference[LEDGER_REFERENCE_BYTES];
    err_t e = gather(r, &taking, err);
    bool reverse = r->key.kind == BILL_REPLACEMENT &&
                   (taking.net_vnd != 0 || taking.vat_vnd != 0);
    if (e == OK && reverse) {
        struct str reversal = reversal_reference(r->number, reference);
        e = post_reversal(r, &taking, reversal, err);
        if (e == OK) e = add_item(r, &taking, reversal, err);
    }
    if (e == OK) e = add_item(r, &taking, r->number, err);
    return e == OK ? set_off(r, &taking, err) : e;
}

/* ---- release and refusal ----------------------------------------------------------------- */

static err_t release_inside(struct releasing *r, const struct actor *actor, struct err *err)
{
    err_t e = load_draft(r, err);
    if (e == OK) e = actor_require(r->db, actor, r->key.unit_id, PERMISSION_BILL_ADJUST, err);
    if (e == OK) e = check_slot(r, err);
    if (e != OK) return e;
    struct approval_matter matter = proposal_matter(&r->key, r->number, r->request, r->answer);
    /* The link is appended before the posting month is read: who closes a month appends to the same
     * chain, so that the two wait for each other. */
    struct audit_note note = {r->key.unit_id, S("billing"), S("bill.release"), r->number,
                              r->request};
    e = approval_release(r->db, actor, &matter, err);
    if (e == OK) e = audit_append(r->db, actor, &note, err);
    if (e == OK) e = write_bill(r, err);
    if (e == OK && r->key.kind != BILL_FEE) e = net_out(r, err);
    return e != OK ? e : delete_draft(r, err);
}

err_t adjust_release(struct db *db, const struct actor *actor, struct arena *arena,
                     struct str number, int32_t issued_day, struct err *err)
{
    struct releasing r = {.db = db, .arena = arena, .number = number, .issued_day = issued_day};
    err_t e = db_begin(db, err);
    if (e == OK) e = release_inside(&r, actor, err);
    if (e == OK) e = db_commit(db, err);
    if (e != OK) db_rollback(db);
    return e;
}

err_t proposal_refuse(struct db *db, const struct actor *actor, struct arena *arena,
                      struct str number, struct str reason, struct err *err)
{
    struct releasing r = {.db = db, .arena = arena, .number = number};
    err_t e = load_draft(&r, err);
    if (e == OK) e = actor_require(db, actor, r.key.unit_id, PERMISSION_BILL_ADJUST, err);
    if (e == OK) {
        struct approval_matter matter = proposal_matter(&r.key, number, r.request, r.answer);
        e = approval_refuse(db, actor, &matter, reason, err);
    }
    return e == OK ? delete_draft(&r, err) : e;
}

err_t adjust_refuse(struct db *db, const struct actor *actor, struct str number, struct str reason,
                    struct err *err)
{
    struct arena arena;
    arena_init(&arena, 1024 * 1024);
    err_t e = db_begin(db, err);
    if (e == OK) e = proposal_refuse(db, actor, &arena, number, reason, err);
    if (e == OK) e = db_commit(db, err);
    if (e != OK) db_rollback(db);
    arena_release(&arena);
    return e;
}
