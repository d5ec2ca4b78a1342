/* SPDX-License-Identifier: Apache-2.0 */
/* The records of a slot and the chains they form. */
#include "billing/adjust_int.h"

static struct slot_record *find_version(const struct slot_records *records, int64_t version)
{
    for (struct slot_record *r = records->first; r != NULL; r = r->next)
        if (r->version == version) return r;
    return NULL;
}

static void note_version(struct slot_records *records, int64_t version)
{
    if (version > records->last_version) records->last_version = version;
}

err_t slot_records_add(struct slot_records *records, struct arena *arena, const struct rows *rows,
                       int first, struct err *err)
{
    struct slot_record *record = ARENA_NEW(arena, struct slot_record);
    if (record == NULL) return err_memory(err);
    *record = (struct slot_record){
        .version = row_i64(rows, first), .earlier = str_equal(row_text(rows, first + 3),
                                                              S("earlier")),
        .book_id = row_i64(rows, first + 4), .account_id = row_i64(rows, first + 5),
        .closing_no = row_i64(rows, first + 6), .pre_vat_vnd = row_i64(rows, first + 7),
        .vat_vnd = row_i64(rows, first + 8),
        .request = arena_str(arena, row_text(rows, first + 9)),
        .price_book = arena_str(arena, row_text(rows, first + 10))};
    bool known = bill_kind_parse(row_text(rows, first + 2), &record->kind);
    ASSERT(known);
    const struct slot_record *stood = find_version(records, row_i64_or(rows, first + 1, 0));
    record->root = stood == NULL ? record->version : stood->root;
    if (records->last == NULL) records->first = record;
    else records->last->next = record;
    records->last = record;
    note_version(records, record->version);
    return arena->failed ? err_memory(err) : OK;
}

err_t slot_records_add_draft(struct slot_records *records, struct arena *arena,
                             const struct rows *rows, int first, struct err *err)
{
    enum bill_kind kind;
    struct rated_bill rated;
    bool known = bill_kind_parse(row_text(rows, first + 1), &kind);
    ASSERT(known);
    note_version(records, row_i64(rows, first));
    if (kind != BILL_ADJUSTMENT && kind != BILL_REPLACEMENT) return OK;
    err_t e = rated_unpack(arena, row_blob(rows, first + 2), &rated, err);
    if (e != OK) return e;
    const struct slot_record *stood = find_version(records, rated.replaces_version);
    struct slot_record *root = stood == NULL ? NULL : find_version(records, stood->root);
    if (root != NULL) root->proposed = true;
    return OK;
}

#define SLOT                                                                                    \
    " WHERE unit_id = $1 AND point_id = $2 AND month = $3 AND period_no = $4 AND "              \
    "agreement_id = $5 ORDER BY version"

err_t slot_records_load(struct db *db, struct arena *arena, const struct bill_key *key,
                        struct slot_records *out, struct err *err)
{
    struct args place = ARGS(v_i64(key->unit_id), v_i64(key->point_id), v_i64(key->month),
                             v_i64(key->period_no), v_i64(key->agreement_id));
    struct slot_records records = {0};
    AUTO(rows_done_at) struct rows *bills = NULL;
    AUTO(rows_done_at) struct rows *drafts = NULL;
    err_t e = db_query(db, "SELECT " SLOT_COLUMNS " FROM bill" SLOT, place, &bills, err);
    for (bool more = true; e == OK && more;) {
        e = rows_next(bills, &more, err);
        if (e == OK && more) e = slot_records_add(&records, arena, bills, 0, err);
    }
    if (e == OK)
        e = db_query(db, "SELECT version, kind, answer FROM bill_draft" SLOT, place, &drafts, err);
    for (bool more = true; e == OK && more;) {
        e = rows_next(drafts, &more, err);
        if (e == OK && more) e = slot_records_add_draft(&records, arena, drafts, 0, err);
    }
    if (e == OK) *out = records;
    return e;
}

err_t slot_of(const struct slot_records *records, const struct bill_key *key, int64_t version,
              struct slot *out, struct err *err)
{
    const struct slot_record *named = find_version(records, version);
    if (named == NULL) {
        err_set(err, E_NOT_FOUND, "NUMBER", "Không có hóa đơn này", "There is no such bill");
        return err_hint(err, "Xem các số hóa đơn bằng: sangden bill list --month …",
                        "See the numbers with: sangden bill list --month …");
    }
    const struct slot_record *root = find_version(records, named->root);
    if (root->earlier) {
        err_set(err, E_STATE, "NUMBER",
                "Hóa đơn của hệ thống trước không điều chỉnh ở đây",
                "Bills of the earlier system are not adjusted here");
        return err_hint(err, "Điều chỉnh ở hệ thống đã lập hóa đơn đó và nhập phần chênh lệch: "
                        "sangden import open-items",
                        "Adjust it in the system that made it and bring the difference in: "
                        "sangden import open-items");
    }
    struct slot slot = {.key = *key, .root = root->version, .kind = root->kind,
                        .next_version = records->last_version + 1, .proposed = root->proposed,
                        .first_request = root->request};
    for (const struct slot_record *r = root; r != NULL; r = r->next) {
        if (r->root != root->version) continue;
        if (r->kind != BILL_ADJUSTMENT) {
            slot.principal_version = r->version;
            slot.principal_kind = r->kind;
        }
        struct str after = bill_request_part(r->request, S("after"));
        if (r == root || !str_equal(bill_request_member(after, S("usage")),
                                    bill_request_member(slot.request, S("usage")))) {
            slot.use_version = r->version;
            slot.use_kind = r->kind;
        }
        slot.key.kind = r->kind;
        slot.key.version = r->version;
        slot.key.book_id = r->book_id;
        slot.request = after;
        slot.price_book = r->price_book;
        slot.account_id = r->account_id;
        slot.closing_no = r->closing_no;
    }
    *out = slot;
    return OK;
}
