/* SPDX-License-Identifier: Apache-2.0 */
/* What a co-operative bought, by its bills, beside what it sold on; and who is behind its meters.
 *
 *   bills of a year ─ those of BB_NT_ points ─ computed again ─► by month ─┬─► bought − sold = lost
 *                                              resale (registry) ──────────┘ */
#include "base/date.h"
#include "billing/recompute.h"
#include "registry/supply_view.h"
#include "web/portal/portal.h"
#include "web/show_portal.h"

enum { MONTHS_SHOWN = 12, BILLS_SHOWN = 12, BILLS_MOST = 600 };

struct trade {
    struct visit *visit;
    const struct portal_supply *supply;
    struct bill_row *row;
    struct rated_bill *rated;
    enum show_recomputed *recomputed;
    size_t count;
};

/* ---- its bills --------------------------------------------------------------------------- */

/* The month that the last bill read stands in may have more of them: it is left out. */
static void leave_last_month(struct trade *t)
{
    int64_t month = t->row[t->count - 1].key.month;
    while (t->count > 0 && t->row[t->count - 1].key.month == month) t->count--;
}

static err_t load_bills(struct trade *t, int64_t last_month)
{
    struct visit *visit = t->visit;
    const struct bill_place place = {
        .since_month = month_to_number(month_from_number(last_month) - (MONTHS_SHOWN - 1))};
    err_t e = bill_page(visit->db, visit->arena, t->supply->unit_id, t->supply->agreement_id,
                        &place, false, BILLS_MOST + 1, &t->row, &t->count, visit->err);
    if (e != OK) return e;
    if (t->count > BILLS_MOST) leave_last_month(t);
    t->rated = ARENA_ARRAY(visit->arena, struct rated_bill, t->count);
    t->recomputed = ARENA_ARRAY(visit->arena, enum show_recomputed, t->count);
    if (t->rated == NULL || t->recomputed == NULL) return err_memory(visit->err);
    for (size_t i = 0; i < t->count && e == OK; i++)
        e = bill_rated(visit->db, visit->arena, &t->row[i], &t->rated[i], visit->err);
    return e;
}

static bool is_wholesale(const struct rated_bill *bill)
{
    for (size_t i = 0; i < bill->line_count; i++)
        if (str_starts(bill->lines[i].category, S("BB_NT_"))) return true;
    return false;
}

/* Bills of the earlier system have no lines: their point tells what they are of. */
static bool point_is_wholesale(const struct trade *t, int64_t point_id)
{
    for (size_t i = 0; i < t->count; i++)
        if (t->row[i].key.point_id == point_id && is_wholesale(&t->rated[i])) return true;
    return false;
}

static bool is_purchase(const struct trade *t, size_t i)
{
    return t->row[i].key.kind != BILL_FEE && point_is_wholesale(t, t->row[i].key.point_id);
}

static bool is_taken_back(const struct trade *t, size_t record)
{
    const struct bill_row *row = &t->row[record];
    for (size_t i = 0; i < t->count; i++)
        if (bill_takes_back(&t->row[i].key, t->row[i].replaces_version, &row->key,
                            row->replaces_version))
            return true;
    return false;
}

/* ---- computed again ---------------------------------------------------------------------- */

static err_t compute_again(struct trade *t, struct recompute *recompute, size_t i)
{
    const struct bill_row *row = &t->row[i];
    struct rated_bill computed;
    struct err why = {0};
    t->recomputed[i] = RECOMPUTED_EARLIER;
    if (str_equal(row->origin, S("earlier"))) return OK;
    err_t e =
        recompute_bill(recompute, t->visit->arena, row->request, row->price_book, &computed, &why);
    if (err_of_machine(e)) {
        *t->visit->err = why;
        return e;
    }
    bool same = e == OK && rated_equal(&t->rated[i], &computed);
    t->recomputed[i] = e == E_NOT_FOUND ? RECOMPUTED_NO_BOOK
                       : same           ? RECOMPUTED_SAME
                                        : RECOMPUTED_DIFFERS;
    return OK;
}

static err_t compute_all(struct trade *t)
{
    struct recompute recompute;
    err_t e = OK;
    recompute_init(&recompute, t->visit->db);
    for (size_t i = 0; i < t->count && e == OK; i++)
        if (is_purchase(t, i)) e = compute_again(t, &recompute, i);
    recompute_release(&recompute);
    return e;
}

/* ---- what the page shows of them --------------------------------------------------------- */

static err_t fill_purchases(struct trade *t, struct show_cooperative *page)
{
    struct arena *arena = t->visit->arena;
    struct show_purchase *list = ARENA_ARRAY(arena, struct show_purchase, BILLS_SHOWN);
    size_t count = 0;
    if (list == NULL) return err_memory(t->visit->err);
    for (size_t i = 0; i < t->count && count < BILLS_SHOWN; i++) {
        const struct bill_row *row = &t->row[i];
        char memory[BILL_NUMBER_BYTES];
        if (!is_purchase(t, i)) continue;
        struct str number = arena_str(arena, bill_number(row->unit_code, &row->key, memory));
        list[count++] = (struct show_purchase){
            .number = number,
            .address = arena_printf(arena, "/khach-hang/hoa-don/%.*s", STR_ARG(number)),
            .month = row->key.month,
            .wh = row->total_wh,
            .pre_vat_vnd = row->pre_vat_vnd,
            .total_vnd = row->total_vnd,
            .recomputed = t->recomputed[i]};
    }
    page->purchases = list;
    page->purchase_count = count;
    return OK;
}

static void add_bill(const struct trade *t, size_t i, struct show_trade *month)
{
    month->wh += t->row[i].total_wh;
    month->pre_vat_vnd += t->row[i].pre_vat_vnd;
    if (t->recomputed[i] == RECOMPUTED_DIFFERS) month->differing++;
    else if (t->recomputed[i] != RECOMPUTED_SAME) month->unchecked++;
}

/* The bills stand by month, the newest first. */
static err_t fill_months(struct trade *t, struct show_cooperative *page)
{
    struct visit *visit = t->visit;
    struct show_trade *months = ARENA_ARRAY(visit->arena, struct show_trade, MONTHS_SHOWN);
    struct resale *sales;
    size_t count = 0, sale_count = 0;
    if (months == NULL) return err_memory(visit->err);
    for (size_t i = 0; i < t->count; i++) {
        int64_t month = t->row[i].key.month;
        if (!is_purchase(t, i) || is_taken_back(t, i)) continue;
        if (count == 0 || months[count - 1].month != month) {
            if (count == MONTHS_SHOWN) break;
            months[count++] = (struct show_trade){.month = month};
        }
        add_bill(t, i, &months[count - 1]);
    }
    page->months = months;
    page->month_count = count;
    if (count == 0) return OK;
    err_t e = resale_months(visit->db, visit->arena, t->supply->unit_id, t->supply->agreement_id,
                            visit->today, months[count - 1].month, months[0].month, &sales,
                            &sale_count, visit->err);
    for (size_t i = 0; i < count && e == OK; i++)
        for (size_t k = 0; k < sale_count; k++)
            if (sales[k].month == months[i].month) months[i].sale = &sales[k];
    return e;
}

/* ---- households -------------------------------------------------------------------------- */

/* Of every point at which it buys, or for which households were declared, as long as this holder
 * has been there. */
static err_t fill_masters(struct trade *t, struct show_cooperative *page)
{
    struct visit *visit = t->visit;
    struct supplied_point *points;
    struct households *households;
    size_t count = 0;
    err_t e = supplied_points(visit->db, visit->arena, t->supply->unit_id, t->supply->agreement_id,
                              visit->today, &points, &count, visit->err);
    if (e != OK) return e;
    struct show_master *masters = ARENA_ARRAY(visit->arena, struct show_master, count);
    if (masters == NULL) return err_memory(visit->err);
    for (size_t i = 0; i < count && e == OK; i++) {
        const struct supplied_point *point = &points[i];
        struct show_master master = {.code = point->code};
        int32_t last = point->to_day <= visit->today ? point->to_day - 1 : visit->today;
        if (point->from_day > last) continue;
        e = households_of_point(visit->db, visit->arena, t->supply->unit_id, point->point_id,
                                point->from_day, last, &households, &master.household_count,
                                &master.papers_missing, visit->err);
        master.households = households;
        if (e == OK && (master.household_count > 0 || point_is_wholesale(t, point->point_id)))
            masters[page->master_count++] = master;
    }
    page->masters = masters;
    return e;
}

err_t portal_trade(struct visit *visit, const struct portal_supply *supply,
                   struct show_cooperative *page)
{
    struct trade t = {.visit = visit, .supply = supply};
    err_t e = load_bills(&t, page->last->row.key.month);
    if (e == OK) e = compute_all(&t);
    if (e == OK) e = fill_purchases(&t, page);
    if (e == OK) e = fill_months(&t, page);
    if (e == OK) e = fill_masters(&t, page);
    return e;
}
