/* SPDX-License-Identifier: Apache-2.0 */
/* What has no invoice yet, under which series and day it gets one, what the rules say to that. */
#include "base/date.h"
#include "billing/billing_view.h"
#include "document/invoice_int.h"
#include "document/invoice_parameter.h"
#include "registry/registry_view.h"

enum { SELLER_ARENA_BYTES = 64 * 1024, FIND_ARENA_BYTES = 1024 * 1024 };

int32_t invoice_stored_day(struct str text)
{
    int32_t day = 0;
    bool read = day_parse(text, &day);
    ASSERT(read); /* written from a day, and checked by length */
    return day;
}

err_t invoice_seller(struct db *db, struct arena *arena, int64_t unit_id, int32_t day,
                     int64_t known_at, struct seller *out, struct err *err)
{
    char text[DATE_TEXT_BYTES];
    struct seller seller;
    err_t e = seller_of_unit(db, arena, unit_id, day, known_at, &seller, err);
    if (e != OK) return e;
    if (seller.tax_code.n > 0 && seller.legal_name.n > 0 && seller.address.n > 0) {
        *out = seller;
        return OK;
    }
    err_set(err, E_STATE, "unit",
            "Chưa khai báo tên, mã số thuế hoặc địa chỉ của người bán vào ngày %s",
            "Name, tax code or address of the seller is not recorded for %s",
            day_text(day, text).p);
    return err_hint(err, "Nhập bằng: sangden import sellers TỆP",
                    "Import them with: sangden import sellers FILE");
}

err_t invoice_seller_of(struct db *db, struct arena *arena, int64_t unit_id, int32_t day,
                        int64_t known_at, struct str tax_code, struct seller *out, struct err *err)
{
    struct str last_on;
    err_t e = invoice_seller(db, arena, unit_id, day, known_at, out, err);
    if (e != OK || str_equal(out->tax_code, tax_code)) return e;
    e = db_get_text(db, arena,
                    "SELECT last_on FROM invoice_series WHERE unit_id = $1 AND tax_code = $2 AND "
                    "last_on IS NOT NULL ORDER BY last_on DESC LIMIT 1",
                    ARGS(v_i64(unit_id), v_text(tax_code)), &last_on, err);
    if (e != OK) return e;
    return invoice_seller(db, arena, unit_id, invoice_stored_day(last_on), known_at, out, err);
}

/* ---- what is there to do ----------------------------------------------------------------- */

/* Bills of one last day of the period, corrections apart: those are never late. */
struct due {
    struct due *next;
    int32_t to_day;
    int64_t count;
};

struct book_ref {
    int64_t book_id;
    struct str code;
};

/* What one unit has without an invoice: of one day of issue, or, where the day of the invoices is
 * given, of all. */
struct demand {
    struct demand *next; /* by issued_day */
    int32_t issued_day;  /* the last one */
    int64_t bill_count;
    struct due *first_due;
    struct book_ref *books; /* by their codes */
    size_t book_count;
};

static const char demand_sql[] =
    "SELECT b.book_id, coalesce(k.code, ''), b.to_on, b.issued_on, CASE WHEN b.kind IN "
    "('adjustment', 'replacement') THEN 1 ELSE 0 END, count(*) FROM bill b LEFT JOIN einvoice v "
    "ON " INVOICE_OF_BILL(
        "b",
        "v") " LEFT JOIN book k ON k.unit_id = b.unit_id AND "
             "k.book_id = b.book_id WHERE b.unit_id = $1 AND b.month = $2 AND ($3 = 0 OR b.run_id "
             "= $4) "
             "AND ($5 = 0 OR (b.point_id = $6 AND b.period_no = $7 AND b.agreement_id = $8 AND "
             "b.version = $9)) AND " WITHOUT_INVOICE("b", "v") " GROUP BY 1, 2, 3, 4, 5";

/* Codes are compared byte by byte, the same on both engines. */
static void add_book(struct demand *demand, int64_t book_id, struct str code)
{
    size_t at = demand->book_count;
    for (; at > 0; at--) {
        const struct book_ref *before = &demand->books[at - 1];
        if (before->book_id == book_id) return;
        int order = str_compare(before->code, code);
        if (order < 0 || (order == 0 && before->book_id < book_id)) break;
    }
    for (size_t i = demand->book_count++; i > at; i--) demand->books[i] = demand->books[i - 1];
    demand->books[at] = (struct book_ref){book_id, code};
}

static err_t add_due(struct arena *arena, struct demand *demand, int32_t to_day, int64_t count,
                     struct err *err)
{
    struct due *due = demand->first_due;
    while (due != NULL && due->to_day != to_day) due = due->next;
    if (due == NULL) {
        due = ARENA_NEW(arena, struct due);
        if (due == NULL) return err_memory(err);
        *due = (struct due){demand->first_due, to_day, 0};
        demand->first_due = due;
    }
    due->count += count;
    return OK;
}

/* The demand that bills of a day of issue belong to. */
static err_t demand_of(struct arena *arena, struct demand **first, int32_t issued_day, bool by_day,
                       size_t books, struct demand **out, struct err *err)
{
    struct demand **place = first;
    while (*place != NULL && by_day && (*place)->issued_day < issued_day) place = &(*place)->next;
    if (*place == NULL || (by_day && (*place)->issued_day != issued_day)) {
        struct demand *demand = ARENA_NEW(arena, struct demand);
        if (demand == NULL) return err_memory(err);
        *demand = (struct demand){.next = *place,
                                  .issued_day = issued_day,
                                  .books = ARENA_ARRAY(arena, struct book_ref, books)};
        if (demand->books == NULL) return err_memory(err);
        *place = demand;
    }
    *out = *place;
    return OK;
}

static err_t add_group(struct arena *arena, struct demand **first, bool by_day, size_t books,
                       const struct rows *rows, struct err *err)
{
    struct demand *demand = NULL;
    int32_t issued_day = invoice_stored_day(row_text(rows, 3));
    err_t e = demand_of(arena, first, issued_day, by_day, books, &demand, err);
    if (e != OK) return e;
    struct str code = arena_str(arena, row_text(rows, 1));
    if (arena->failed) return err_memory(err);
    add_book(demand, row_i64(rows, 0), code);
    demand->bill_count += row_i64(rows, 5);
    if (issued_day > demand->issued_day) demand->issued_day = issued_day;
    if (row_i64(rows, 4) == 1) return OK;
    return add_due(arena, demand, invoice_stored_day(row_text(rows, 2)), row_i64(rows, 5), err);
}

static err_t find_demand(struct db *db, struct arena *arena, const struct invoice_plan *plan,
                         int64_t unit_id, struct demand **out, struct err *err)
{
    const struct bill_key *bill = &plan->bill;
    int64_t books = 0, run_id = plan->order.run_id;
    struct value unit = v_i64(unit_id);
    *out = NULL;
    err_t e =
        db_get_i64(db, "SELECT count(*) FROM book WHERE unit_id = $1", ARGS(unit), &books, err);
    if (e != OK) return e;
    AUTO(rows_done_at) struct rows *rows = NULL;
    e = db_query(db, demand_sql,
                 ARGS(unit, v_i64(plan->order.month), v_i64(run_id), v_i64(run_id),
                      v_i64(bill->unit_id), v_i64(bill->point_id), v_i64(bill->period_no),
                      v_i64(bill->agreement_id), v_i64(bill->version)),
                 &rows, err);
    for (bool more = true; e == OK;) {
        e = rows_next(rows, &more, err);
        if (e != OK || !more) break;
        /* One more than there are books: bills of none. */
        e = add_group(arena, out, plan->order.day < 0, (size_t)books + 1, rows, err);
    }
    return e;
}

static err_t keep_books(struct arena *arena, const struct demand *demand, struct invoice_part *part,
                        struct err *err)
{
    int64_t *ids = ARENA_ARRAY(arena, int64_t, demand->book_count);
    if (ids == NULL) return err_memory(err);
    for (size_t i = 0; i < demand->book_count; i++) ids[i] = demand->books[i].book_id;
    part->book_ids = ids;
    part->book_count = demand->book_count;
    return OK;
}

/* ---- series and day ---------------------------------------------------------------------- */

static err_t refuse_no_series(const struct invoice_part *part, struct str tax_code, struct err *err)
{
    int year, month, day;
    civil_from_day(part->day, &year, &month, &day);
    err_set(err, E_STATE, "unit", "Đơn vị %s chưa có dải số hóa đơn năm %d đã duyệt",
            "Unit %s has no released series of the year %d", part->unit_code, year);
    err_detail(err, "Mã số thuế người bán: %.*s", "Tax code of the seller: %.*s",
               STR_ARG(tax_code));
    return err_hint(err,
                    "sangden invoice series add --unit %s --symbol K%02dTXX, rồi người khác duyệt "
                    "bằng sangden invoice series release",
                    "sangden invoice series add --unit %s --symbol K%02dTXX, then another person "
                    "runs sangden invoice series release",
                    part->unit_code, year % 100);
}

static err_t refuse_before_issue(const struct invoice_part *part, int32_t issued_day,
                                 struct err *err)
{
    char text[DATE_TEXT_BYTES];
    err_set(err, E_INPUT, "date",
            "Ngày hóa đơn không được trước ngày phát hành của hóa đơn tiền điện",
            "The day of an invoice is not before the issue of its bill");
    err_detail(err, "Đơn vị %s: hóa đơn phát hành ngày %s", "Unit %s: a bill was issued on %s",
               part->unit_code, day_text(issued_day, text).p);
    return err_hint(err, "Chọn --date từ ngày đó trở đi, hoặc bỏ --date",
                    "Choose --date from that day on, or leave it out");
}

static err_t refuse_before_last(const struct invoice_part *part, int32_t last_day, struct err *err)
{
    char text[DATE_TEXT_BYTES];
    err_set(err, E_INPUT, "date", "Số hóa đơn phải tăng theo ngày",
            "Numbers of invoices rise with their days");
    err_detail(err, "Đơn vị %s: ký hiệu %s đã dùng đến ngày %s",
               "Unit %s: symbol %s was used until %s", part->unit_code, part->symbol,
               day_text(last_day, text).p);
    return err_hint(err, "Chọn --date từ ngày đó trở đi, hoặc bỏ --date",
                    "Choose --date from that day on, or leave it out");
}

static void keep_text(char *out, size_t size, struct str text)
{
    struct buf copy;
    buf_init_fixed(&copy, out, size);
    buf_add(&copy, text);
    ASSERT(!copy.failed);
}

/* The released series of the seller on part->day. *out_last_day is 0 before its first number. */
static err_t find_series(struct db *db, struct invoice_part *part, int32_t *out_last_day,
                         struct err *err)
{
    struct seller seller;
    bool found = false;
    int year, month, day;
    AUTO(arena_release) struct arena arena = ARENA_OF(SELLER_ARENA_BYTES);
    civil_from_day(part->day, &year, &month, &day);
    err_t e = invoice_seller(db, &arena, part->unit_id, part->day, KNOWN_NOW, &seller, err);
    if (e != OK) return e;
    AUTO(rows_done_at) struct rows *rows = NULL;
    e = db_query(db,
                 "SELECT series_no, symbol, last_on FROM invoice_series WHERE "
                 "unit_id = $1 AND year = $2 AND tax_code = $3 AND state = 'released'",
                 ARGS(v_i64(part->unit_id), v_i64(year), v_text(seller.tax_code)), &rows, err);
    if (e == OK) e = rows_next(rows, &found, err);
    if (e != OK) return e;
    if (!found) return refuse_no_series(part, seller.tax_code, err);
    part->series_no = row_i64(rows, 0);
    keep_text(part->symbol, sizeof part->symbol, row_text(rows, 1));
    keep_text(part->tax_code, sizeof part->tax_code, seller.tax_code);
    *out_last_day = row_is_null(rows, 2) ? 0 : invoice_stored_day(row_text(rows, 2));
    return OK;
}

/* Without --date: the day of the bills' issue, or the last day used if that is later. */
static err_t choose_day(struct db *db, const struct invoice_plan *plan, struct invoice_part *part,
                        const struct demand *demand, int32_t day_before, struct err *err)
{
    int32_t last_day = 0, given = plan->order.day;
    part->day = given >= 0 ? given : demand->issued_day;
    if (given < 0 && part->day < day_before) part->day = day_before;
    if (part->day < demand->issued_day) return refuse_before_issue(part, demand->issued_day, err);
    err_t e = find_series(db, part, &last_day, err);
    if (e != OK || last_day <= part->day) return e;
    if (given >= 0) return refuse_before_last(part, last_day, err);
    part->day = last_day;
    /* The seller may have changed its tax code between the two days. */
    e = find_series(db, part, &last_day, err);
    return e == OK && last_day > part->day ? refuse_before_last(part, last_day, err) : e;
}

static err_t plan_part(struct db *db, struct arena *arena, const struct invoice_plan *plan,
                       const struct demand *demand, int32_t day_before, struct invoice_part *part,
                       struct err *err)
{
    struct invoice_parameters parameters;
    err_t e = choose_day(db, plan, part, demand, day_before, err);
    if (e == OK) e = invoice_parameters_on(db, part->unit_id, part->day, &parameters, err);
    if (e != OK) return e;
    part->bill_count = demand->bill_count;
    part->summary_table = parameters.summary_table == 1;
    if (plan->order.day < 0) day_text(demand->issued_day, part->issued_on);
    for (const struct due *due = demand->first_due; due != NULL; due = due->next)
        if (part->day > due->to_day + parameters.issue_days) part->late_count += due->count;
    return keep_books(arena, demand, part, err);
}

/* The parts of one unit behind those that the plan has. */
struct part_list {
    struct part_list *next;
    struct invoice_part part;
};

static err_t plan_unit(struct db *db, struct arena *arena, struct invoice_plan *plan,
                       const struct invoice_part *unit, struct part_list ***last, struct err *err)
{
    struct demand *first;
    int32_t day_before = 0;
    err_t e = find_demand(db, arena, plan, unit->unit_id, &first, err);
    for (const struct demand *demand = first; demand != NULL && e == OK; demand = demand->next) {
        struct part_list *one = ARENA_NEW(arena, struct part_list);
        if (one == NULL) return err_memory(err);
        one->part = *unit;
        e = plan_part(db, arena, plan, demand, day_before, &one->part, err);
        day_before = one->part.day;
        **last = one;
        *last = &one->next;
        plan->part_count++;
    }
    return e;
}

/* ---- the plan ---------------------------------------------------------------------------- */

static err_t find_units(struct db *db, struct arena *arena, const struct invoice_plan *plan,
                        struct invoice_part **out, size_t *out_count, struct err *err)
{
    size_t count = 0;
    struct unit_list all = {0};
    err_t e = unit_list_load(db, arena, plan->order.unit_code, &all, err);
    if (e != OK) return e;
    struct invoice_part *units = ARENA_ARRAY(arena, struct invoice_part, all.count);
    if (units == NULL) return err_memory(err);
    for (size_t i = 0; i < all.count; i++) {
        if (plan->bill.unit_id != 0 && plan->bill.unit_id != all.items[i].unit_id) continue;
        struct invoice_part *unit = &units[count++];
        unit->unit_id = all.items[i].unit_id;
        keep_text(unit->unit_code, sizeof unit->unit_code, all.items[i].code);
    }
    *out = units;
    *out_count = count;
    return OK;
}

static err_t find_bill(struct db *db, struct invoice_plan *plan, struct err *err)
{
    struct bill_row row;
    AUTO(arena_release) struct arena arena = ARENA_OF(FIND_ARENA_BYTES);
    if (plan->order.bill_number.n == 0) return OK;
    err_t e = bill_find(db, &arena, plan->order.bill_number, &row, err);
    if (e != OK) return e;
    plan->bill = row.key;
    plan->order.month = row.key.month;
    return OK;
}

/* The parts as an array, each with the number of this call. */
static err_t keep_parts(struct db *db, struct arena *arena, const struct part_list *first,
                        struct invoice_plan *plan, struct err *err)
{
    struct invoice_part *part = ARENA_ARRAY(arena, struct invoice_part, plan->part_count);
    if (part == NULL) return err_memory(err);
    err_t e = OK;
    plan->parts = part;
    for (const struct part_list *one = first; one != NULL && e == OK; one = one->next, part++) {
        *part = one->part;
        e = store_take_numbers(db, part->unit_id, S("invoice.issue"), 1, &part->issue_no, err);
        plan->bill_count += part->bill_count;
        plan->late_count += part->late_count;
    }
    return e;
}

err_t invoice_plan_make(struct db *db, struct arena *arena, const struct invoice_order *order,
                        struct invoice_plan *out, struct err *err)
{
    struct invoice_plan plan = {.order = *order};
    struct part_list *first = NULL, **last = &first;
    struct invoice_part *units = NULL;
    size_t unit_count = 0;
    err_t e = unit_known(db, order->unit_code, err);
    if (e == OK) e = find_bill(db, &plan, err);
    if (e == OK) e = find_units(db, arena, &plan, &units, &unit_count, err);
    for (size_t i = 0; i < unit_count && e == OK; i++)
        e = plan_unit(db, arena, &plan, &units[i], &last, err);
    if (e == OK) e = keep_parts(db, arena, first, &plan, err);
    if (e == OK) *out = plan;
    return e;
}
