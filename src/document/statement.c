/* SPDX-License-Identifier: Apache-2.0 */
#include "document/statement.h"

#include <stdlib.h>

#include "base/date.h"
#include "document/invoice_view.h"
#include "ledger/ledger_view.h"

enum { FIRST_CAPACITY = 64, LINES_ARENA_BYTES = 4 * 1024 * 1024 };

struct collecting {
    struct db *db;
    struct arena *arena;
    struct account_statement *out;
    size_t bill_capacity, entry_capacity, item_capacity, item_count;
    struct ledger_item *items; /* by reference, once they are all there */
};

/* Room for one more of size bytes; *list moves to a place twice as large. NULL on limit. */
static void *one_more(struct arena *arena, void **list, size_t *count, size_t *capacity,
                      size_t size)
{
    if (*count == *capacity) {
        size_t wider = *capacity == 0 ? FIRST_CAPACITY : *capacity * 2;
        char *grown = arena_take_array(arena, wider, size);
        if (grown == NULL) return NULL;
        for (size_t i = 0; i < *count * size; i++) grown[i] = ((char *)*list)[i];
        *list = grown;
        *capacity = wider;
    }
    return (char *)*list + (*count)++ * size;
}

static int32_t day_of(struct str text)
{
    int32_t day = 0;
    bool read = day_parse(text, &day);
    ASSERT(read); /* written from a day, and checked by length */
    return day;
}

/* ---- who --------------------------------------------------------------------------------- */

static err_t read_head(struct collecting *c, struct err *err)
{
    const struct statement_order *order = &c->out->order;
    char text[DATE_TEXT_BYTES];
    struct value day = v_text(day_text(first_day_of_month(order->last_month + 1) - 1, text));
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e =
        db_query(c->db,
                 "SELECT u.code, u.name, a.code, p.name FROM account a JOIN unit u ON "
                 "u.unit_id = a.unit_id LEFT JOIN account_asof f ON "
                 "f.unit_id = a.unit_id AND f.account_id = a.account_id AND "
                 "f.kind = 'payer' AND f.valid_from <= $1 AND f.valid_to > $2 AND "
                 "f.known_to = $3 AND f.state = 'set' LEFT JOIN party p ON "
                 "p.unit_id = f.unit_id AND p.party_id = f.value_i64 "
                 "WHERE a.unit_id = $4 AND a.account_id = $5",
                 ARGS(day, day, v_i64(INT64_MAX), v_i64(order->unit_id), v_i64(order->account_id)),
                 &rows, err);
    bool found = false;
    if (e == OK) e = rows_next(rows, &found, err);
    if (e != OK) return e;
    if (!found) {
        err_set(err, E_NOT_FOUND, "ACCOUNT", "Không có tài khoản này", "There is no such account");
        return err_hint(err, "Kiểm tra mã tài khoản và đơn vị", "Check the account and the unit");
    }
    c->out->unit_code = arena_str(c->arena, row_text(rows, 0));
    c->out->unit_name = arena_str(c->arena, row_text(rows, 1));
    c->out->account_code = arena_str(c->arena, row_text(rows, 2));
    c->out->payer_name = arena_str(c->arena, row_text_or_empty(rows, 3));
    return OK;
}

/* ---- what is due ------------------------------------------------------------------------- */

static err_t keep_item(void *context, const struct ledger_item *item, struct err *err)
{
    struct collecting *c = context;
    void *list = c->items;
    struct ledger_item *kept =
        one_more(c->arena, &list, &c->item_count, &c->item_capacity, sizeof *kept);
    if (kept == NULL) return err_memory(err);
    c->items = list;
    *kept = *item;
    kept->reference = arena_str(c->arena, item->reference);
    kept->kind = arena_str(c->arena, item->kind);
    kept->due_on = arena_str(c->arena, item->due_on);
    return OK;
}

static int compare_items(const void *left, const void *right)
{
    return str_compare(((const struct ledger_item *)left)->reference,
                       ((const struct ledger_item *)right)->reference);
}

/* A bill of zero has no item: nothing is due. */
static void find_item(const struct collecting *c, struct statement_bill *bill)
{
    struct ledger_item key = {.reference = bill->number};
    const struct ledger_item *item = NULL;
    if (c->item_count > 0) item = bsearch(&key, c->items, c->item_count, sizeof key, compare_items);
    bill->due_day = -1;
    if (item == NULL) return;
    bill->due_day = day_of(item->due_on);
    bill->settled_vnd = item->settled_vnd;
    bill->left_vnd = item->amount_vnd - item->settled_vnd;
}

static err_t read_items(struct collecting *c, struct err *err)
{
    const struct statement_order *order = &c->out->order;
    err_t e = ledger_items_each(c->db, order->unit_id, order->account_id, false, keep_item, c, err);
    if (e == OK && c->item_count > 0)
        qsort(c->items, c->item_count, sizeof c->items[0], compare_items);
    return e;
}

/* ---- bills ------------------------------------------------------------------------------- */

static err_t keep_bill(void *context, const struct bill_row *row, struct err *err)
{
    struct collecting *c = context;
    struct account_statement *out = c->out;
    char number[BILL_NUMBER_BYTES];
    void *list = out->bills;
    struct statement_bill *bill =
        one_more(c->arena, &list, &out->bill_count, &c->bill_capacity, sizeof *bill);
    if (bill == NULL) return err_memory(err);
    out->bills = list;
    *bill = (struct statement_bill){
        .key = row->key,
        .number = arena_str(c->arena, bill_number(row->unit_code, &row->key, number)),
        .agreement_code = arena_str(c->arena, row->agreement_code),
        .point_code = arena_str(c->arena, row->point_code),
        .from_day = day_of(row->from_on),
        .to_day = day_of(row->to_on),
        .has_days = row->key.kind != BILL_FEE,
        .replaces_version = row->replaces_version,
        .total_wh = row->total_wh,
        .pre_vat_vnd = row->pre_vat_vnd,
        .vat_vnd = row->vat_vnd,
        .total_vnd = row->total_vnd,
        .line_count = row->line_count};
    find_item(c, bill);
    return OK;
}

/* Where the energy was used at the end of the period. */
static err_t find_address(struct collecting *c, struct statement_bill *bill, struct err *err)
{
    char text[DATE_TEXT_BYTES];
    struct value day = v_text(day_text(bill->to_day, text));
    err_t e = db_get_text(
        c->db, c->arena,
        "SELECT value_text FROM point_asof WHERE unit_id = $1 AND "
        "point_id = $2 AND kind = 'address' AND valid_from <= $3 AND "
        "valid_to > $4 AND known_to = $5 AND state = 'set'",
        ARGS(v_i64(bill->key.unit_id), v_i64(bill->key.point_id), day, day, v_i64(INT64_MAX)),
        &bill->address, err);
    if (e != E_NOT_FOUND) return e;
    bill->address = S("");
    return OK;
}

static err_t find_invoice(struct collecting *c, struct statement_bill *bill, struct err *err)
{
    char memory[INVOICE_NAME_BYTES];
    struct str name;
    err_t e = invoice_name_of_bill(c->db, &bill->key, memory, &name, err);
    if (e == OK) bill->invoice = arena_str(c->arena, name);
    return e;
}

static int order_of(int64_t left, int64_t right)
{
    return (left > right) - (left < right);
}

/* A correction behind what it corrects: in the order in which they were made. */
static int compare_bills(const void *left, const void *right)
{
    const struct bill_key *a = &((const struct statement_bill *)left)->key;
    const struct bill_key *b = &((const struct statement_bill *)right)->key;
    int order = order_of(a->month, b->month);
    if (order == 0) order = order_of(a->period_no, b->period_no);
    if (order == 0) order = order_of(a->book_id, b->book_id);
    if (order == 0) order = order_of(a->point_id, b->point_id);
    if (order == 0) order = order_of(a->agreement_id, b->agreement_id);
    return order != 0 ? order : order_of(a->version, b->version);
}

/* What was made later stands behind, in the same month. */
static void mark_taken_back(struct account_statement *out, size_t at)
{
    const struct statement_bill *bill = &out->bills[at];
    if (bill->key.kind != BILL_REPLACEMENT) return;
    for (size_t i = at; i > 0; i--) {
        struct statement_bill *before = &out->bills[i - 1];
        if (before->key.month != bill->key.month) return;
        if (bill_takes_back(&bill->key, bill->replaces_version, &before->key,
                            before->replaces_version))
            before->taken_back = true;
    }
}

static void sum_bills(struct account_statement *out)
{
    for (size_t i = 0; i < out->bill_count; i++) mark_taken_back(out, i);
    for (size_t i = 0; i < out->bill_count; i++) {
        const struct statement_bill *bill = &out->bills[i];
        out->left_vnd += bill->left_vnd;
        if (bill->taken_back) continue;
        out->counted_count++;
        out->total_wh += bill->total_wh;
        out->pre_vat_vnd += bill->pre_vat_vnd;
        out->vat_vnd += bill->vat_vnd;
        out->total_vnd += bill->total_vnd;
        out->settled_vnd += bill->settled_vnd;
    }
}

static err_t read_bills(struct collecting *c, struct err *err)
{
    struct account_statement *out = c->out;
    struct bill_filter filter = {.unit_code = out->unit_code,
                                 .first_month = month_to_number(out->order.first_month),
                                 .last_month = month_to_number(out->order.last_month),
                                 .account_id = out->order.account_id};
    err_t e = bill_each(c->db, &filter, keep_bill, c, err);
    if (e == OK && out->bill_count > 1)
        qsort(out->bills, out->bill_count, sizeof out->bills[0], compare_bills);
    if (e == OK) sum_bills(out);
    for (size_t i = 0; i < out->bill_count && e == OK; i++) {
        e = find_address(c, &out->bills[i], err);
        if (e == OK) e = find_invoice(c, &out->bills[i], err);
    }
    return e;
}

/* ---- what happened ----------------------------------------------------------------------- */

static err_t keep_entry(void *context, const struct ledger_entry *entry, struct err *err)
{
    struct collecting *c = context;
    struct account_statement *out = c->out;
    int32_t day = day_of(entry->on);
    if (day >= first_day_of_month(out->order.last_month + 1)) return OK;
    out->closing_vnd += entry->amount_vnd;
    if (day < first_day_of_month(out->order.first_month)) {
        out->opening_vnd = out->closing_vnd;
        return OK;
    }
    void *list = out->entries;
    struct statement_entry *kept =
        one_more(c->arena, &list, &out->entry_count, &c->entry_capacity, sizeof *kept);
    if (kept == NULL) return err_memory(err);
    out->entries = list;
    *kept = (struct statement_entry){.day = day,
                                     .reference = arena_str(c->arena, entry->reference),
                                     .by_reference = arena_str(c->arena, entry->by_reference),
                                     .kind = arena_str(c->arena, entry->kind),
                                     .amount_vnd = entry->amount_vnd,
                                     .balance_vnd = out->closing_vnd};
    return OK;
}

static err_t read_entries(struct collecting *c, struct err *err)
{
    const struct statement_order *order = &c->out->order;
    struct ledger_balance balance;
    err_t e = ledger_entries_each(c->db, order->unit_id, order->account_id, keep_entry, c, err);
    if (e == OK) e = ledger_balance_of(c->db, order->unit_id, order->account_id, &balance, err);
    if (e == OK) c->out->deposit_vnd = balance.deposit_vnd;
    return e;
}

err_t account_statement_collect(struct db *db, struct arena *arena,
                                const struct statement_order *order, struct account_statement *out,
                                struct err *err)
{
    struct account_statement statement = {.order = *order};
    struct collecting c = {.db = db, .arena = arena, .out = &statement};
    err_t e = read_head(&c, err);
    if (e == OK) e = read_items(&c, err);
    if (e == OK) e = read_bills(&c, err);
    if (e == OK) e = read_entries(&c, err);
    if (e == OK && arena->failed) e = err_memory(err);
    if (e == OK) *out = statement;
    return e;
}

/* ---- lines ------------------------------------------------------------------------------- */

static err_t visit_lines(struct db *db, struct arena *arena, const struct statement_bill *bill,
                         statement_line_visit *visit, void *context, struct err *err)
{
    char from[DATE_TEXT_BYTES], to[DATE_TEXT_BYTES];
    struct rated_bill rated;
    struct bill_row row = {.key = bill->key,
                           .from_on = day_text(bill->from_day, from),
                           .to_on = day_text(bill->to_day, to),
                           .line_count = bill->line_count};
    arena_reset(arena);
    err_t e = bill_rated(db, arena, &row, &rated, err);
    for (size_t i = 0; e == OK && i < rated.line_count; i++)
        e = visit(context, bill, &rated.lines[i], err);
    return e;
}

err_t statement_lines_each(struct db *db, const struct account_statement *statement,
                           statement_line_visit *visit, void *context, struct err *err)
{
    struct arena arena;
    err_t e = OK;
    arena_init(&arena, LINES_ARENA_BYTES);
    for (size_t i = 0; i < statement->bill_count && e == OK; i++)
        e = visit_lines(db, &arena, &statement->bills[i], visit, context, err);
    arena_release(&arena);
    return e;
}

/* ---- by code ----------------------------------------------------------------------------- */

static err_t refuse_account(struct str code, bool several, struct err *err)
{
    if (several) {
        err_set(err, E_INPUT, "unit", "Nhiều đơn vị có tài khoản %.*s",
                "Several units have an account %.*s", STR_ARG(code));
        return err_hint(err, "Chọn đơn vị bằng --unit", "Choose the unit with --unit");
    }
    err_set(err, E_NOT_FOUND, "ACCOUNT", "Không có tài khoản %.*s", "There is no account %.*s",
            STR_ARG(code));
    return err_hint(err, "Kiểm tra mã tài khoản và đơn vị", "Check the account and the unit");
}

err_t account_by_code(struct db *db, struct str unit_code, struct str code, int64_t *out_unit_id,
                      int64_t *out_account_id, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(db,
                       "SELECT a.unit_id, a.account_id FROM account a JOIN unit u ON "
                       "u.unit_id = a.unit_id WHERE a.code = $1 AND ($2 = '' OR u.code = $3) "
                       "ORDER BY a.unit_id LIMIT 2",
                       ARGS(v_text(code), v_text(unit_code), v_text(unit_code)), &rows, err);
    bool first = false, second = false;
    if (e == OK) e = rows_next(rows, &first, err);
    if (e != OK) return e;
    if (!first) return refuse_account(code, false, err);
    int64_t unit_id = row_i64(rows, 0), account_id = row_i64(rows, 1);
    e = rows_next(rows, &second, err);
    if (e != OK) return e;
    if (second) return refuse_account(code, true, err);
    *out_unit_id = unit_id;
    *out_account_id = account_id;
    return OK;
}

/* ---- words ------------------------------------------------------------------------------- */

static const struct {
    const char *vi, *en;
} kind_words[ITEM_KIND_COUNT] = {
    [ITEM_BILL] = {"Hóa đơn", "Bill"},
    [ITEM_ADJUSTMENT] = {"Điều chỉnh", "Adjustment"},
    [ITEM_OPENING_DEBT] = {"Nợ đầu kỳ chuyển sang", "Debt taken over"},
    [ITEM_OPENING_CREDIT] = {"Dư có chuyển sang", "Credit taken over"},
    [ITEM_DEPOSIT] = {"Tiền bảo đảm", "Deposit"},
    [ITEM_FEE] = {"Phí dịch vụ", "Fee"},
};

struct str statement_kind_vi(struct str kind)
{
    enum item_kind which;
    return item_kind_parse(kind, &which) ? str_of(kind_words[which].vi) : kind;
}

struct str statement_kind_en(struct str kind)
{
    enum item_kind which;
    return item_kind_parse(kind, &which) ? str_of(kind_words[which].en) : kind;
}
