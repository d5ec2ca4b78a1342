/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers for the bills of one book after the other, a few whole books in one transaction. */
#include "base/clock.h"
#include "base/date.h"
#include "document/invoice_int.h"
#include "identity/audit.h"
#include "registry/believed.h"
#include "registry/registry_view.h"
#include "store/event.h"

enum {
    PARTS_BYTES = 1024 * 1024,
    CHUNK_BYTES = 256 * 1024 * 1024,
    CHUNK_BILLS = 500,
    PAYLOAD_BYTES = 192,
    GROWTH = 4
};

/* One bill on its way to a number. */
struct item {
    struct item *next;
    struct bill_key key;
    int64_t route_order, pre_vat_vnd, vat_vnd, total_vnd;
    int64_t invoice_no; /* 0: it waits */
    struct str role;
    struct correction_verdict verdict; /* of a correction */
};

struct numbering {
    struct db *db;
    const struct invoice_plan *plan;
    const struct invoice_part *part;
    struct arena arena; /* of the books of one transaction */
    int64_t book_id;
    struct item *first, *last; /* of the books of one transaction */
    int64_t item_count;
    int64_t next_no, count, total_vnd;
    int64_t given, told_growth_at; /* by this process */
};

/* ---- the bills of a book ----------------------------------------------------------------- */

static const char bills_sql[] =
    "SELECT b.period_no, b.point_id, b.agreement_id, b.kind, b.version, b.pre_vat_vnd, b.vat_vnd, "
    "b.total_vnd, coalesce((SELECT r.value_i64 FROM point_fact r WHERE r.unit_id = b.unit_id AND "
    "r.point_id = b.point_id AND r.kind = 'route_order' AND r.state = 'set' AND " BELIEVED(
        "point_fact", "point_id", "r", "b.to_on",
        "$1") "), CAST(0 AS BIGINT)) AS route_order "
              "FROM bill b LEFT JOIN einvoice v ON " INVOICE_OF_BILL(
                  "b", "v") " WHERE b.unit_id = $2 AND "
                            "b.month = $3 AND b.period_no IN (0, 1, 2, 3) AND b.book_id = $4 AND "
                            "($5 = 0 OR b.run_id = $6) AND ($7 = 0 OR (b.point_id = $8 AND "
                            "b.period_no = $9 AND "
                            "b.agreement_id = $10 AND b.version = $11)) AND ($12 = '' OR "
                            "b.issued_on = $13) AND " WITHOUT_INVOICE(
                                "b", "v") " ORDER BY route_order, b.point_id, b.period_no, "
                                          "b.agreement_id, b.version";

static err_t keep_item(struct numbering *n, const struct rows *rows, struct err *err)
{
    struct item *item = ARENA_NEW(&n->arena, struct item);
    if (item == NULL) return err_memory(err);
    *item =
        (struct item){.key = {n->part->unit_id, n->plan->order.month, row_i64(rows, 0), n->book_id,
                              row_i64(rows, 1), row_i64(rows, 2), BILL_PERIODIC, row_i64(rows, 4)},
                      .pre_vat_vnd = row_i64(rows, 5),
                      .vat_vnd = row_i64(rows, 6),
                      .total_vnd = row_i64(rows, 7),
                      .route_order = row_i64(rows, 8)};
    bool known = bill_kind_parse(row_text(rows, 3), &item->key.kind);
    ASSERT(known);
    if (n->first == NULL) n->first = item;
    else n->last->next = item;
    n->last = item;
    n->item_count++;
    return OK;
}

static err_t read_bills(struct numbering *n, struct err *err)
{
    const struct invoice_plan *plan = n->plan;
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(n->db, bills_sql,
                       ARGS(v_i64(KNOWN_NOW), v_i64(n->part->unit_id), v_i64(plan->order.month),
                            v_i64(n->book_id), v_i64(plan->order.run_id), v_i64(plan->order.run_id),
                            v_i64(plan->bill.unit_id), v_i64(plan->bill.point_id),
                            v_i64(plan->bill.period_no), v_i64(plan->bill.agreement_id),
                            v_i64(plan->bill.version), v_text(str_of(n->part->issued_on)),
                            v_text(str_of(n->part->issued_on))),
                       &rows, err);
    for (bool more = true; e == OK;) {
        e = rows_next(rows, &more, err);
        if (e != OK || !more) break;
        e = keep_item(n, rows, err);
    }
    return e;
}

/* ---- numbers ----------------------------------------------------------------------------- */

static bool same_slot(const struct bill_key *a, const struct bill_key *b)
{
    return a->point_id == b->point_id && a->period_no == b->period_no &&
           a->agreement_id == b->agreement_id;
}

/* Adds to what the database knows of a slot what this transaction gave it just now; the bills of a
 * slot stand side by side, slot_first being the first of them. */
static err_t judge(struct numbering *n, const struct item *slot_first, struct item *item,
                   struct err *err)
{
    struct slot_bills slot;
    bool agreed = n->part->summary_table || n->plan->order.agreement.n > 0;
    err_t e = slot_bills_load(n->db, &n->arena, &item->key, &slot, err);
    if (e != OK) return e;
    for (const struct item *one = slot_first; one != item; one = one->next) {
        struct slot_bill *bill = slot_bill_find(&slot, one->key.version);
        if (bill == NULL || one->invoice_no == 0) continue;
        bill->series_no = n->part->series_no;
        bill->invoice_no = one->invoice_no;
        bill->role = one->role;
    }
    item->verdict = correction_judge(&slot, slot_bill_find(&slot, item->key.version), agreed);
    item->role = item->verdict.role;
    return OK;
}

static err_t refuse_full(const struct numbering *n, struct err *err)
{
    err_set(err, E_LIMIT, "unit", "Ký hiệu %s đã dùng hết số", "Symbol %s has no numbers left",
            n->part->symbol);
    return err_hint(err, "Số hóa đơn có tám chữ số mỗi năm; chia đơn vị cho năm sau",
                    "A year has numbers of eight digits; divide the unit for the next year");
}

static err_t give_numbers(struct numbering *n, struct err *err)
{
    const struct item *slot_first = n->first;
    for (struct item *item = n->first; item != NULL; item = item->next) {
        err_t e = OK;
        item->role = S("original");
        if (!same_slot(&slot_first->key, &item->key)) slot_first = item;
        if (item->key.kind == BILL_ADJUSTMENT || item->key.kind == BILL_REPLACEMENT)
            e = judge(n, slot_first, item, err);
        if (e != OK) return e;
        if (item->verdict.wait != INVOICE_READY) continue;
        if (n->next_no > EINVOICE_NUMBER_MAX) return refuse_full(n, err);
        item->invoice_no = n->next_no++;
        n->count++;
        n->total_vnd += item->total_vnd;
    }
    return OK;
}

/* ---- writing ----------------------------------------------------------------------------- */

static const char invoice_columns[] =
    "unit_id, series_no, invoice_no, issue_no, invoice_on, month, period_no, book_id, point_id, "
    "agreement_id, kind, version, route_order, role, pre_vat_vnd, vat_vnd, total_vnd";
static const char directory_columns[] =
    "invoice_no, symbol, template_no, tax_code, unit_id, series_no";

static err_t write_invoice(struct bulk *bulk, const struct numbering *n, const struct item *item,
                           struct str day, struct err *err)
{
    const struct bill_key *key = &item->key;
    return bulk_row(bulk,
                    ARGS(v_i64(key->unit_id), v_i64(n->part->series_no), v_i64(item->invoice_no),
                         v_i64(n->part->issue_no), v_text(day), v_i64(key->month),
                         v_i64(key->period_no), v_i64(key->book_id), v_i64(key->point_id),
                         v_i64(key->agreement_id), v_text(bill_kind_code(key->kind)),
                         v_i64(key->version), v_i64(item->route_order), v_text(item->role),
                         v_i64(item->pre_vat_vnd), v_i64(item->vat_vnd), v_i64(item->total_vnd)),
                    err);
}

static err_t write_directory(struct bulk *bulk, const struct numbering *n, const struct item *item,
                             struct err *err)
{
    return bulk_row(bulk,
                    ARGS(v_i64(item->invoice_no), v_text(str_of(n->part->symbol)),
                         v_i64(INVOICE_TEMPLATE_VAT), v_text(str_of(n->part->tax_code)),
                         v_i64(n->part->unit_id), v_i64(n->part->series_no)),
                    err);
}

static err_t write_event(struct bulk *bulk, const struct numbering *n, const struct item *item,
                         int64_t event_id, int64_t now_ms, struct err *err)
{
    char memory[PAYLOAD_BYTES], name[INVOICE_NAME_BYTES], number[BILL_NUMBER_BYTES];
    struct buf payload;
    buf_init_fixed(&payload, memory, sizeof memory);
    buf_printf(
        &payload, "{\"invoice\":\"%s\",\"bill\":\"%s\"}",
        invoice_name(INVOICE_TEMPLATE_VAT, str_of(n->part->symbol), item->invoice_no, name).p,
        bill_number(str_of(n->part->unit_code), &item->key, number).p);
    ASSERT(!payload.failed);
    return bulk_row(bulk,
                    ARGS(v_i64(n->part->unit_id), v_i64(event_id), v_text(S("einvoice.issued")),
                         v_i64(item->key.point_id), v_text(buf_str(&payload)), v_i64(now_ms)),
                    err);
}

struct bulks {
    struct bulk *invoice, *directory, *event;
};

static err_t write_items(struct numbering *n, struct bulks *bulks, struct err *err)
{
    char text[DATE_TEXT_BYTES];
    struct str day = day_text(n->part->day, text);
    int64_t event_id, now_ms = clock_now_ms();
    err_t e = event_take_ids(n->db, n->part->unit_id, n->count, &event_id, err);
    if (e == OK) e = bulk_open(n->db, "einvoice", invoice_columns, &bulks->invoice, err);
    if (e == OK)
        e = bulk_open(n->db, "invoice_directory", directory_columns, &bulks->directory, err);
    if (e == OK) e = bulk_open(n->db, EVENT_NEW_TABLE, EVENT_NEW_COLUMNS, &bulks->event, err);
    for (const struct item *item = n->first; item != NULL && e == OK; item = item->next) {
        if (item->invoice_no == 0) continue;
        e = write_invoice(bulks->invoice, n, item, day, err);
        if (e == OK) e = write_directory(bulks->directory, n, item, err);
        if (e == OK) e = write_event(bulks->event, n, item, event_id++, now_ms, err);
    }
    return e;
}

static err_t close_bulks(struct bulks *bulks, err_t e, struct err *err)
{
    struct bulk *all[] = {bulks->invoice, bulks->directory, bulks->event};
    for (size_t i = 0; i < ARRAY_COUNT(all); i++) {
        if (e != OK) bulk_drop(all[i]);
        else e = bulk_close(all[i], err);
    }
    return e;
}

static err_t write_correction(struct numbering *n, const struct item *item, struct err *err)
{
    const struct correction_verdict *v = &item->verdict;
    struct value unit = v_i64(n->part->unit_id);
    err_t e = OK;
    if (v->binds)
        e = db_run(
            n->db,
            "INSERT INTO einvoice_method (unit_id, series_no, invoice_no, method) VALUES "
            "($1, $2, $3, $4)",
            ARGS(unit, v_i64(v->root.series_no), v_i64(v->root.invoice_no), v_text(item->role)),
            NULL, err);
    if (e != OK) return e;
    return db_run(
        n->db,
        "INSERT INTO einvoice_correction (unit_id, series_no, invoice_no, method, "
        "root_series, root_no, related_series, related_no, agreement) VALUES ($1, $2, $3, "
        "$4, $5, $6, $7, $8, $9)",
        ARGS(unit, v_i64(n->part->series_no), v_i64(item->invoice_no), v_text(item->role),
             v_i64(v->root.series_no), v_i64(v->root.invoice_no), v_i64(v->related.series_no),
             v_i64(v->related.invoice_no), v_text(n->plan->order.agreement)),
        NULL, err);
}

static err_t write_corrections(struct numbering *n, struct err *err)
{
    err_t e = OK;
    for (const struct item *item = n->first; item != NULL && e == OK; item = item->next)
        if (item->invoice_no != 0 && item->verdict.root.invoice_no != 0)
            e = write_correction(n, item, err);
    return e;
}

/* The record of the call stands as soon as it has given a number. */
static err_t write_call(struct numbering *n, struct err *err)
{
    char text[DATE_TEXT_BYTES];
    return db_run(n->db,
                  "INSERT INTO invoice_issue (unit_id, issue_no, month, invoice_on, actor_id, at) "
                  "VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING",
                  ARGS(v_i64(n->part->unit_id), v_i64(n->part->issue_no),
                       v_i64(n->plan->order.month), v_text(day_text(n->part->day, text)),
                       v_i64(n->plan->order.actor->staff_id), v_i64(clock_now_ms())),
                  NULL, err);
}

static err_t move_counter(struct numbering *n, struct err *err)
{
    char text[DATE_TEXT_BYTES];
    return db_run(n->db,
                  "UPDATE invoice_series SET next_no = $1, last_on = $2 WHERE unit_id = $3 AND "
                  "series_no = $4",
                  ARGS(v_i64(n->next_no), v_text(day_text(n->part->day, text)),
                       v_i64(n->part->unit_id), v_i64(n->part->series_no)),
                  NULL, err);
}

/* Who gave which numbers, for how much money. */
static err_t write_audit(struct numbering *n, struct err *err)
{
    char first[INVOICE_NAME_BYTES], subject[64], content[64];
    struct buf numbers, sums;
    buf_init_fixed(&numbers, subject, sizeof subject);
    buf_init_fixed(&sums, content, sizeof content);
    buf_printf(
        &numbers, "%s..%lld",
        invoice_name(INVOICE_TEMPLATE_VAT, str_of(n->part->symbol), n->next_no - n->count, first).p,
        (long long)(n->next_no - 1));
    buf_printf(&sums, "%lld invoices, %lld", (long long)n->count, (long long)n->total_vnd);
    struct audit_note note = {n->part->unit_id, S("invoice"), S("invoice.issue"), buf_str(&numbers),
                              buf_str(&sums)};
    return audit_append(n->db, n->plan->order.actor, &note, err);
}

static err_t write_all(struct numbering *n, struct err *err)
{
    struct bulks bulks = {NULL, NULL, NULL};
    err_t e = write_call(n, err);
    if (e == OK) e = write_items(n, &bulks, err);
    e = close_bulks(&bulks, e, err);
    if (e == OK) e = write_corrections(n, err);
    if (e == OK) e = move_counter(n, err);
    return e == OK ? write_audit(n, err) : e;
}

/* ---- some books --------------------------------------------------------------------------- */

static err_t refuse_later(const struct numbering *n, struct str last_on, struct err *err)
{
    err_set(err, E_STATE, "date", "Một lệnh khác vừa cấp số cho ngày sau",
            "Another call has just used a later day");
    err_detail(err, "Ký hiệu %s đã dùng đến ngày %.*s", "Symbol %s was used until %.*s",
               n->part->symbol, STR_ARG(last_on));
    return err_hint(err, "Chạy lại lệnh với --date từ ngày đó trở đi",
                    "Run the command again with --date from that day on");
}

#define SERIES_ROW \
    "SELECT next_no, last_on FROM invoice_series WHERE unit_id = $1 AND series_no = $2 "

/* Locks the series until the transaction ends. *out_got is false when another process has it and
 * this one need not wait. */
static err_t lock_series(struct numbering *n, bool wait, bool *out_got, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(n->db, wait ? SERIES_ROW "{for_update}" : SERIES_ROW "{skip_locked}",
                       ARGS(v_i64(n->part->unit_id), v_i64(n->part->series_no)), &rows, err);
    if (e == OK) e = rows_next(rows, out_got, err);
    if (e != OK || !*out_got) return e;
    n->next_no = row_i64(rows, 0);
    struct str last_on = row_text_or_empty(rows, 1);
    if (last_on.n > 0 && invoice_stored_day(last_on) > n->part->day)
        return refuse_later(n, last_on, err);
    return OK;
}

/* The bills of the next books, whole books and at least CHUNK_BILLS bills while there are any. */
static err_t read_books(struct numbering *n, size_t *next_book, struct err *err)
{
    err_t e = OK;
    n->first = n->last = NULL;
    n->item_count = n->total_vnd = 0;
    arena_reset(&n->arena);
    while (e == OK && *next_book < n->part->book_count && n->item_count < CHUNK_BILLS) {
        n->book_id = n->part->book_ids[(*next_book)++];
        e = read_bills(n, err);
    }
    return e;
}

static err_t number_books(struct numbering *n, bool wait, size_t *next_book, bool *out_got,
                          struct err *err)
{
    n->count = 0;
    err_t e = db_begin(n->db, err);
    if (e == OK) e = lock_series(n, wait, out_got, err);
    if (e == OK && *out_got) e = read_books(n, next_book, err);
    if (e == OK && *out_got && n->first != NULL) e = give_numbers(n, err);
    if (e != OK || !*out_got || n->count == 0) {
        db_rollback(n->db);
        return e;
    }
    e = write_all(n, err);
    if (e == OK) e = db_commit(n->db, err);
    if (e != OK) db_rollback(n->db);
    return e;
}

/* What was planned while the tables were small is planned anew when they have grown. */
static err_t tell_growth(struct numbering *n, struct err *err)
{
    n->given += n->count;
    if (n->given < n->told_growth_at) return OK;
    n->told_growth_at = n->given * GROWTH;
    return db_grown(n->db, "einvoice, invoice_directory", err);
}

/* ---- all of them ------------------------------------------------------------------------- */

/* *out_got is false when another process is at the unit. */
static err_t number_part(struct numbering *n, bool wait, bool *out_got, bool *out_go_on,
                         invoice_told *told, void *context, struct err *err)
{
    err_t e = OK;
    *out_got = true;
    for (size_t next = 0; next < n->part->book_count && e == OK && *out_got && *out_go_on;) {
        e = number_books(n, wait, &next, out_got, err);
        if (e == OK && n->count > 0) e = tell_growth(n, err);
        if (e == OK) *out_go_on = told == NULL || told(context, n->count);
    }
    return e;
}

err_t invoice_number(struct db *db, const struct invoice_plan *plan, invoice_told *told,
                     void *context, struct err *err)
{
    struct numbering n = {.db = db, .plan = plan, .told_growth_at = DB_GROWN_ROWS};
    AUTO(arena_release) struct arena done_arena = ARENA_OF(PARTS_BYTES);
    bool go_on = true;
    bool *done = ARENA_ARRAY(&done_arena, bool, plan->part_count);
    if (done == NULL) return err_memory(err);
    arena_init(&n.arena, CHUNK_BYTES);
    err_t e = OK;
    /* First what nobody is at, then what others have left. A unit's later day begins when its
     * earlier one is done. */
    for (int wait = 0; wait <= 1 && e == OK; wait++)
        for (size_t i = 0; i < plan->part_count && e == OK && go_on; i++) {
            bool follows = i > 0 && plan->parts[i - 1].unit_id == plan->parts[i].unit_id;
            if (done[i] || (follows && !done[i - 1])) continue;
            n.part = &plan->parts[i];
            e = number_part(&n, wait == 1, &done[i], &go_on, told, context, err);
        }
    arena_release(&n.arena);
    return e;
}

err_t invoice_numbered(struct db *db, const struct invoice_plan *plan, int64_t *out,
                       struct err *err)
{
    int64_t sum = 0;
    err_t e = OK;
    for (size_t i = 0; i < plan->part_count && e == OK; i++) {
        const struct invoice_part *part = &plan->parts[i];
        int64_t count = 0;
        e = db_get_i64(db, "SELECT count(*) FROM einvoice WHERE unit_id = $1 AND issue_no = $2",
                       ARGS(v_i64(part->unit_id), v_i64(part->issue_no)), &count, err);
        sum += count;
    }
    if (e == OK) *out = sum;
    return e;
}
