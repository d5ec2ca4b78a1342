/* SPDX-License-Identifier: Apache-2.0 */
/* /khach-hang/hop-tac-xa: for who buys wholesale in the country (BB_NT_…): the bills of the master
 * meter computed again, the households with their papers, and what can be said of the loss. */
#include "billing/recompute.h"
#include "registry/households_view.h"
#include "registry/supply_view.h"
#include "web/portal/portal.h"
#include "web/show_portal.h"

enum { BILLS_SHOWN = 12, WH_PER_KWH = 1000, KWH_MAX = 1000000000 };

/* ---- whether ----------------------------------------------------------------------------- */

bool portal_is_cooperative(const struct bill_facts *facts)
{
    for (size_t i = 0; i < facts->use_count; i++)
        if (str_starts(facts->use[i].category, S("BB_NT_"))) return true;
    return false;
}

/* ---- bought ------------------------------------------------------------------------------ */

static err_t compute_again(struct visit *visit, struct recompute *recompute,
                           const struct bill_row *row, struct show_purchase *out)
{
    struct rated_bill stored, computed;
    struct err why = {0};
    if (str_equal(row->origin, S("earlier"))) return OK;
    err_t e = bill_rated(visit->db, visit->arena, row, &stored, visit->err);
    if (e != OK) return e;
    e = recompute_bill(recompute, visit->arena, row->request, row->price_book, &computed, &why);
    if (err_of_machine(e)) {
        *visit->err = why;
        return e;
    }
    out->computed = e != E_NOT_FOUND;
    out->same = e == OK && rated_equal(&stored, &computed);
    return OK;
}

static err_t add_purchase(struct visit *visit, struct recompute *recompute,
                          const struct bill_row *row, struct show_purchase *out)
{
    char memory[BILL_NUMBER_BYTES];
    struct str number = arena_str(visit->arena, bill_number(row->unit_code, &row->key, memory));
    *out = (struct show_purchase){
        .number = number,
        .address = arena_printf(visit->arena, "/khach-hang/hoa-don/%.*s", STR_ARG(number)),
        .month = row->key.month,
        .wh = row->total_wh,
        .pre_vat_vnd = row->pre_vat_vnd,
        .total_vnd = row->total_vnd};
    return compute_again(visit, recompute, row, out);
}

static err_t load_purchases(struct visit *visit, const struct portal_supply *supply,
                            struct show_cooperative *page)
{
    struct bill_row *rows;
    struct recompute recompute;
    struct show_purchase *purchases = ARENA_ARRAY(visit->arena, struct show_purchase, BILLS_SHOWN);
    size_t count = 0;
    if (purchases == NULL) return err_memory(visit->err);
    err_t e = bill_page(visit->db, visit->arena, supply->unit_id, supply->agreement_id,
                        &(struct bill_place){0}, false, BILLS_SHOWN, &rows, &count, visit->err);
    recompute_init(&recompute, visit->db);
    for (size_t i = 0; i < count && e == OK; i++) {
        if (rows[i].key.kind == BILL_FEE) continue;
        e = add_purchase(visit, &recompute, &rows[i], &purchases[page->purchase_count++]);
    }
    recompute_release(&recompute);
    page->purchases = purchases;
    return e;
}

/* ---- households -------------------------------------------------------------------------- */

/* Of the point of the newest bill, as long as this holder has been there. */
static err_t load_households(struct visit *visit, const struct portal_supply *supply,
                             struct show_cooperative *page)
{
    struct supplied_point *points;
    struct households *households;
    size_t count = 0;
    int64_t point_id = page->last->row.key.point_id;
    err_t e = supplied_points(visit->db, visit->arena, supply->unit_id, supply->agreement_id,
                              visit->today, &points, &count, visit->err);
    for (size_t i = 0; i < count && e == OK; i++) {
        if (points[i].point_id != point_id) continue;
        e = households_of_point(visit->db, visit->arena, supply->unit_id, point_id,
                                points[i].from_day, visit->today, &households,
                                &page->household_count, &page->papers_missing, visit->err);
        page->households = households;
    }
    return e;
}

/* ---- sold -------------------------------------------------------------------------------- */

static void read_sold(struct visit *visit, struct err *refused, struct show_cooperative *page)
{
    int64_t kwh = 0;
    page->typed = visit_field(visit, S("sold"));
    if (page->typed.n == 0) return;
    page->has_sold = portal_read_number(page->typed, &kwh) && kwh <= KWH_MAX;
    page->sold_wh = kwh * WH_PER_KWH;
    if (page->has_sold) return;
    page->sold_wh = 0;
    err_set(refused, E_INPUT, "sold", "Không đọc được số kWh này", "This is no number of kWh");
    err_hint(refused, "Nhập số nguyên, ví dụ 41.250", "Enter a whole number such as 41,250");
    page->refused = refused;
}

err_t portal_cooperative(struct visit *visit)
{
    const struct portal_supply *supply;
    const struct bill_row *row = NULL;
    struct bill_facts facts;
    struct err refused = {0};
    struct show_cooperative page = {.today = visit->today};
    err_t e = portal_supply(visit, LOGIN_SEES_BILLS, &supply);
    if (e == OK) e = portal_last_bill(visit, supply, &row);
    if (e == OK && row == NULL) return visit_nothing(visit);
    if (e == OK) e = portal_bill_facts(visit, row, &facts);
    if (e != OK) return e;
    if (!portal_is_cooperative(&facts)) return visit_nothing(visit);
    page.agreement = supply->agreement_code;
    page.last = &facts;
    read_sold(visit, &refused, &page);
    e = load_purchases(visit, supply, &page);
    if (e == OK) e = load_households(visit, supply, &page);
    return e == OK ? show_cooperative(&visit->show, &page) : e;
}
