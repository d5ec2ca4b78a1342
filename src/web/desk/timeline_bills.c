/* SPDX-License-Identifier: Apache-2.0 */
/* What is billed and paid, as events. */
#include "billing/billing_view.h"
#include "document/bill_notice.h"
#include "document/wording.h"
#include "ledger/ledger_view.h"
#include "web/desk/timeline_int.h"

enum { BILLS_MAX = 60, HEADING_BYTES = 256 };

static struct str money(const struct timeline *timeline, int64_t vnd)
{
    return wording_figure(timeline->arena, vnd, 0, "\u00a0đ", timeline->window->english);
}

static struct str energy(const struct timeline *timeline, int64_t wh)
{
    return wording_figure(timeline->arena, wh, 3, "\u00a0kWh", timeline->window->english);
}

static void add_bill(struct timeline *timeline, const struct bill_row *bill)
{
    char number[BILL_NUMBER_BYTES], heading[HEADING_BYTES];
    struct buf words;
    buf_init_fixed(&words, heading, sizeof heading);
    bill_row_heading(bill, timeline->window->english, &words);
    struct timeline_event event = {
        .kind = TIMELINE_bill,
        .order = bill->key.version,
        .bill = arena_str(timeline->arena, bill_number(bill->unit_code, &bill->key, number)),
        .title = arena_printf(timeline->arena, "%.*s: %.*s", STR_ARG(buf_str(&words)),
                              STR_ARG(money(timeline, bill->total_vnd)))};
    event.detail = bill->key.kind == BILL_FEE ? S("") : energy(timeline, bill->total_wh);
    if (bill->estimated)
        event.detail = arena_printf(timeline->arena, "%.*s · %s", STR_ARG(event.detail),
                                    timeline->window->english ? "estimated" : "tạm tính");
    if (day_parse(bill->issued_on, &event.day)) timeline_add(timeline, &event);
}

err_t timeline_bills(struct timeline *timeline)
{
    const struct timeline_subject *subject = timeline->subject;
    struct bill_place place = {.month = timeline->month[TIMELINE_MONTHS - 1] + 1,
                               .since_month = timeline->month[0]};
    struct bill_row *rows;
    size_t count = 0;
    err_t e = bill_page(timeline->db, timeline->arena, subject->unit_id, subject->agreement_id,
                        &place, false, BILLS_MAX, &rows, &count, timeline->err);
    for (size_t i = 0; e == OK && i < count; i++) add_bill(timeline, &rows[i]);
    return e;
}

/* ---- e-invoices -------------------------------------------------------------------------- */

static const struct timeline_word roles[] = {{"original", "lập mới", "new"},
                                             {"adjusts", "điều chỉnh", "adjusts"},
                                             {"replaces", "thay thế", "replaces"}};

static err_t read_invoices(struct timeline *timeline, int64_t point_id)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    bool row = true;
    err_t e = db_query(
        timeline->db,
        "SELECT v.invoice_on, s.template_no, s.symbol, v.invoice_no, v.role, v.total_vnd, "
        "CASE WHEN v.invoice_no <= s.signed_to THEN CAST(1 AS BIGINT) ELSE CAST(0 AS BIGINT) END "
        "FROM einvoice v JOIN invoice_series s ON s.unit_id = v.unit_id "
        "AND s.series_no = v.series_no WHERE v.unit_id = $1 AND v.point_id = $2 "
        "AND v.month >= $3 AND v.month <= $4 AND v.agreement_id = $5 "
        "ORDER BY v.month DESC, v.invoice_no DESC LIMIT 100",
        ARGS(v_i64(timeline->subject->unit_id), v_i64(point_id), v_i64(timeline->month[0]),
             v_i64(timeline->month[TIMELINE_MONTHS - 1]), v_i64(timeline->subject->agreement_id)),
        &rows, timeline->err);
    while (e == OK && (e = rows_next(rows, &row, timeline->err)) == OK && row) {
        struct str role = timeline_word(timeline, roles, ARRAY_COUNT(roles), row_text(rows, 4));
        struct str state = row_i64(rows, 6) == 1 ? timeline_pick(timeline, "đã ký", "signed")
                                                 : timeline_pick(timeline, "chưa ký", "not signed");
        timeline_add_on(timeline, TIMELINE_invoice, row_text(rows, 0),
                        arena_printf(timeline->arena, "%lld%.*s-%08lld",
                                     (long long)row_i64(rows, 1), STR_ARG(row_text(rows, 2)),
                                     (long long)row_i64(rows, 3)),
                        arena_printf(timeline->arena, "%.*s · %.*s · %.*s", STR_ARG(role),
                                     STR_ARG(money(timeline, row_i64(rows, 5))), STR_ARG(state)));
    }
    return e;
}

static err_t read_notices(struct timeline *timeline, int64_t point_id)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    bool row = true;
    err_t e = db_query(
        timeline->db,
        "SELECT n.noticed_on, n.notice_no, i.reason FROM einvoice v JOIN error_notice_invoice i "
        "ON i.unit_id = v.unit_id AND i.series_no = v.series_no AND i.invoice_no = v.invoice_no "
        "JOIN error_notice n ON n.unit_id = i.unit_id AND n.notice_no = i.notice_no "
        "WHERE v.unit_id = $1 AND v.point_id = $2 AND v.month >= $3 AND v.month <= $4 "
        "AND v.agreement_id = $5 ORDER BY n.notice_no DESC LIMIT 100",
        ARGS(v_i64(timeline->subject->unit_id), v_i64(point_id), v_i64(timeline->month[0]),
             v_i64(timeline->month[TIMELINE_MONTHS - 1]), v_i64(timeline->subject->agreement_id)),
        &rows, timeline->err);
    while (e == OK && (e = rows_next(rows, &row, timeline->err)) == OK && row)
        timeline_add_on(
            timeline, TIMELINE_notice, row_text(rows, 0),
            arena_printf(timeline->arena, "04/SS-HĐĐT %lld", (long long)row_i64(rows, 1)),
            arena_str(timeline->arena, row_text(rows, 2)));
    return e;
}

err_t timeline_invoices(struct timeline *timeline)
{
    err_t e = OK;
    for (size_t i = 0; e == OK && i < timeline->subject->point_count; i++)
        e = read_invoices(timeline, timeline->subject->points[i]);
    return e;
}

err_t timeline_notices(struct timeline *timeline)
{
    err_t e = OK;
    for (size_t i = 0; e == OK && i < timeline->subject->point_count; i++)
        e = read_notices(timeline, timeline->subject->points[i]);
    return e;
}

/* ---- payments ---------------------------------------------------------------------------- */

static err_t add_payment(void *context, const struct ledger_entry *entry, struct err *err)
{
    struct timeline *timeline = context;
    (void)err;
    timeline_add_on(timeline, TIMELINE_payment, entry->on, money(timeline, -entry->amount_vnd),
                    arena_printf(timeline->arena, "%.*s ← %.*s", STR_ARG(entry->reference),
                                 STR_ARG(entry->by_reference)));
    return OK;
}

err_t timeline_payments(struct timeline *timeline)
{
    if (timeline->subject->account_id == 0) return OK;
    const struct ledger_days days = {timeline->from_on, timeline->to_on};
    return ledger_settled_each(timeline->db, timeline->subject->unit_id,
                               timeline->subject->account_id, &days, TIMELINE_OF_KIND_MAX,
                               add_payment, timeline, timeline->err);
}
