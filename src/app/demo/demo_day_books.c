/* SPDX-License-Identifier: Apache-2.0 */
/* A book compared with an earlier system, and the question whether all invariants hold. */
#include "app/check_list.h"
#include "app/demo/demo_day.h"
#include "base/clock.h"
#include "base/date.h"
#include "base/decimal.h"
#include "billing/compare_keep.h"

enum {
    KWH_PLACES = 3,
    ROUNDED_VND = 1,
    MISSED_ONE_IN = 90,
    DIFFERENT_ONE_IN = 40,
    ROUNDED_ONE_IN = 15,
    DIFFERENT_VND = 12600,
    FILE_BYTES_MAX = 4 * 1024 * 1024
};

/* ---- a book beside an earlier system ----------------------------------------------------- */

struct history {
    struct buf file;
    struct str book_code; /* of the first bill; others are left out */
    struct arena *arena;
    int64_t count;
};

static err_t add_bill(void *context, const struct bill_row *bill, struct err *err)
{
    struct history *h = context;
    char month[MONTH_TEXT_BYTES];
    bool use = bill->key.kind == BILL_PERIODIC && bill->replaces_version == 0;
    (void)err;
    if (h->book_code.n == 0 && use) h->book_code = arena_str(h->arena, bill->book_code);
    if (!use || !str_equal(h->book_code, bill->book_code)) return OK;
    int64_t i = h->count++;
    if (i % MISSED_ONE_IN == MISSED_ONE_IN - 1) return OK;
    int64_t more = i % DIFFERENT_ONE_IN == 7 ? DIFFERENT_VND
                   : i % ROUNDED_ONE_IN == 3 ? ROUNDED_VND
                                             : 0;
    buf_printf(&h->file, "%.*s,%.*s,%.*s,%.*s,", STR_ARG(bill->point_code),
               STR_ARG(month_text(month_from_number(bill->key.month), month)),
               STR_ARG(bill->from_on), STR_ARG(bill->to_on));
    buf_add_decimal(&h->file, bill->total_wh, KWH_PLACES);
    const int64_t sums[] = {bill->pre_vat_vnd + more, bill->vat_vnd, bill->total_vnd + more};
    buf_printf(&h->file, ",%lld,%lld,%lld\n", (long long)sums[0], (long long)sums[1],
               (long long)sums[2]);
    return OK;
}

err_t demo_day_compare(struct demo_day *day, struct err *err)
{
    struct actor leader;
    struct compare_counts counts;
    struct history h = {.arena = day->arena};
    int64_t month = month_to_number(day->month);
    struct bill_filter filter = {
        .unit_code = day->unit_code, .first_month = month, .last_month = month};
    buf_init(&h.file, FILE_BYTES_MAX);
    buf_add(&h.file, S("point,month,from,to,kwh,pre_vat,vat,total\n"));
    err_t e = demo_day_actor(day, "TRUONGHD", &leader, err);
    if (e == OK) e = bill_each(day->db, &filter, add_bill, &h, err);
    if (e == OK && h.file.failed) e = err_memory(err);
    struct compare_order order = {.text = buf_str(&h.file),
                                  .month = month,
                                  .unit_code = day->unit_code,
                                  .book_code = h.book_code,
                                  .actor_id = leader.staff_id,
                                  .now_ms = clock_now_ms()};
    if (e == OK && h.count > 0) e = compare_keep(day->db, &order, &counts, err);
    buf_release(&h.file);
    return e;
}

/* ---- invariants -------------------------------------------------------------------------- */

/* Workers of the server answer: all of a large store takes seconds. */
err_t demo_day_checks(struct demo_day *day, struct err *err)
{
    bool begun;
    struct actor auditor;
    err_t e = demo_day_actor(day, "KIEMSOAT", &auditor, err);
    if (e != OK) return e;
    return check_ask(day->db, &check_list, auditor.staff_id, clock_now_ms(), &begun, err);
}
