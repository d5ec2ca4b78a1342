/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger/import_open_items.h"

#include "base/date.h"
#include "ledger/ledger.h"
#include "store/store.h"

#define IMPORT_DEF "ledger/import_open_items.def"
#include "registry/import_columns.h"

/* One row understood. */
struct opening {
    struct ledger_document document;
    int64_t unit_id;
    int32_t on_day;
    bool fresh;
};

static void reject_month(struct import *import, struct import_row *row)
{
    struct err why;
    err_set(&why, E_INPUT, "month", "Tháng không hợp lệ", "This is no month");
    err_hint(&why, "Viết dạng YYYY-MM, ví dụ 2026-09", "Write YYYY-MM, for example 2026-09");
    import_reject(import, row, COL_month, &why);
}

static bool read_row(struct import *import, struct import_row *row, int64_t account_id,
                     struct opening *out)
{
    const struct import_cell *cells = row->cells;
    int32_t month;
    int64_t amount_vnd = cells[COL_amount].i64;
    bool debt = str_equal(cells[COL_kind].text, S("debt"));
    bool deposit = str_equal(cells[COL_kind].text, S("deposit"));
    if (!month_parse(cells[COL_month].text, &month)) {
        reject_month(import, row);
        return false;
    }
    out->on_day = (int32_t)cells[COL_on].i64;
    out->document = (struct ledger_document){
        .account_id = account_id, .reference = cells[COL_reference].text,
        .kind = debt ? ITEM_OPENING_DEBT : deposit ? ITEM_DEPOSIT : ITEM_OPENING_CREDIT,
        .month = month_to_number(month), .due_day = (int32_t)cells[COL_due].i64,
        .debit = deposit ? SIDE_DEPOSIT : SIDE_RECEIVABLE, .credit = SIDE_OPENING,
        .net_vnd = debt ? amount_vnd : -amount_vnd};
    return true;
}

static err_t compare(struct import *import, struct import_row *row, struct opening *opening,
                     struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    bool found = false;
    err_t e = db_query(import->db,
                       "SELECT kind, amount_vnd FROM open_item WHERE unit_id = $1 AND "
                       "account_id = $2 AND reference = $3",
                       ARGS(v_i64(opening->unit_id), v_i64(opening->document.account_id),
                            v_text(opening->document.reference)),
                       &rows, err);
    if (e == OK) e = rows_next(rows, &found, err);
    if (e != OK) return e;
    opening->fresh = !found;
    if (!found) return OK;
    bool same = str_equal(row_text(rows, 0), item_kind_code(opening->document.kind)) &&
                row_i64(rows, 1) == opening->document.net_vnd;
    if (same) import->counts.unchanged++;
    else import_reject_different(import, row, COL_amount, row_text(rows, 0));
    return OK;
}

/* Posts the new rows; one writer as long as unit and day stay the same. */
static err_t post_all(struct import *import, const struct opening *openings, size_t count,
                      struct err *err)
{
    struct ledger_writer *writer = NULL;
    const struct opening *last = NULL;
    struct ledger_chart chart;
    err_t e = OK;
    for (size_t i = 0; i < count && e == OK; i++) {
        const struct opening *opening = &openings[i];
        if (!opening->fresh) continue;
        bool same = last != NULL && last->unit_id == opening->unit_id &&
                    last->on_day == opening->on_day;
        if (!same && writer != NULL) {
            e = ledger_writer_close(writer, err);
            writer = NULL;
        }
        if (e == OK && writer == NULL)
            e = ledger_chart_on(import->db, opening->on_day, &chart, err);
        if (e == OK && writer == NULL)
            e = ledger_writer_open(import->db, opening->unit_id, &chart, opening->on_day, &writer,
                                   err);
        if (e == OK) e = ledger_post(writer, &opening->document, err);
        if (e == OK) import->counts.added++;
        last = opening;
    }
    if (e == OK && writer != NULL) return ledger_writer_close(writer, err);
    ledger_writer_drop(writer);
    return e;
}

static err_t take(struct import *import, struct import_row *rows, size_t count, struct err *err)
{
    struct import_target *accounts = ARENA_ARRAY(&import->batch, struct import_target, count);
    struct opening *openings = ARENA_ARRAY(&import->batch, struct opening, count);
    int64_t *unit_ids = ARENA_ARRAY(&import->batch, int64_t, count);
    if (accounts == NULL || openings == NULL || unit_ids == NULL) return err_memory(err);
    for (size_t i = 0; i < count; i++)
        if (!rows[i].rejected) (void)import_unit_of(import, &rows[i], COL_unit, &unit_ids[i]);
    err_t e = import_refer(import, rows, count, COL_account, &import_accounts, unit_ids, accounts,
                           err);
    for (size_t i = 0; i < count && e == OK; i++) {
        if (rows[i].rejected) continue;
        openings[i].unit_id = unit_ids[i];
        if (read_row(import, &rows[i], accounts[i].id, &openings[i]))
            e = compare(import, &rows[i], &openings[i], err);
    }
    return e != OK ? e : post_all(import, openings, count, err);
}

const struct import_kind import_kind_open_items = {
    .name = "open-items",
    .vi = "Nợ, có và bảo đảm chuyển từ hệ thống trước",
    .en = "Debts, credits and securities of an earlier system",
    .columns = columns,
    .column_count = COLUMN_COUNT,
    .key_columns = {COL_account, COL_reference},
    .key_column_count = 2,
    .take = take,
};
