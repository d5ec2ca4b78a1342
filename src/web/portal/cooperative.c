/* SPDX-License-Identifier: Apache-2.0 */
/* /khach-hang/hop-tac-xa: for who buys wholesale in the country (BB_NT_…): the bills of the master
 * meters computed again, what was sold on and lost by month, the households with their papers. */
#include "base/date.h"
#include "web/portal/portal.h"
#include "web/show_portal.h"

enum { WH_PER_KWH = 1000 };
static const struct str here = S_INIT("/khach-hang/hop-tac-xa");

bool portal_is_cooperative(const struct bill_facts *facts)
{
    for (size_t i = 0; i < facts->use_count; i++)
        if (str_starts(facts->use[i].category, S("BB_NT_"))) return true;
    return false;
}

/* ---- the page ---------------------------------------------------------------------------- */

/* facts is what the page keeps of the newest bill, and lives as long. */
static err_t load(struct visit *visit, enum login_right right, const struct portal_supply **supply,
                  struct bill_facts *facts, struct show_cooperative *page)
{
    const struct bill_row *row = NULL;
    *page = (struct show_cooperative){.today = visit->today};
    err_t e = portal_supply(visit, right, supply);
    if (e == OK) e = portal_last_bill(visit, *supply, &row);
    if (e == OK && row == NULL) return visit_nothing(visit);
    if (e == OK) e = portal_bill_facts(visit, row, facts);
    if (e != OK) return e;
    if (!portal_is_cooperative(facts)) return visit_nothing(visit);
    page->agreement = (*supply)->agreement_code;
    page->last = facts;
    e = portal_may(visit, (*supply)->unit_id, (*supply)->agreement_id, LOGIN_CHANGES,
                   &page->may_declare);
    return e == OK ? portal_trade(visit, *supply, page) : e;
}

err_t portal_cooperative(struct visit *visit)
{
    const struct portal_supply *supply;
    struct bill_facts facts;
    struct show_cooperative page;
    err_t e = load(visit, LOGIN_SEES_BILLS, &supply, &facts, &page);
    return e == OK ? show_cooperative(&visit->show, &page) : e;
}

/* ---- what was sold on -------------------------------------------------------------------- */

static err_t read_month(struct visit *visit, const struct show_cooperative *page, int64_t *out)
{
    int32_t month;
    bool read = month_parse(visit_field(visit, S("month")), &month);
    *out = read ? month_to_number(month) : 0;
    for (size_t i = 0; i < page->month_count; i++)
        if (page->months[i].month == *out) return OK;
    err_set(visit->err, E_INPUT, "month", "Tháng này không có hóa đơn mua điện trên trang",
            "The page has no bill of that month");
    return err_hint(visit->err, "Chọn một tháng trong bảng", "Choose a month of the table");
}

static err_t refuse_energy(struct visit *visit)
{
    err_set(visit->err, E_INPUT, "sold", "Không đọc được số kWh này", "This is no number of kWh");
    return err_hint(visit->err, "Nhập số nguyên, ví dụ 41.250",
                    "Enter a whole number such as 41,250");
}

static err_t refuse_money(struct visit *visit)
{
    err_set(visit->err, E_INPUT, "money", "Không đọc được số đồng này",
            "This is no number of đồng");
    return err_hint(visit->err, "Nhập số nguyên, ví dụ 95.000.000, hoặc để trống",
                    "Enter a whole number such as 95,000,000, or leave it empty");
}

static err_t read_resale(struct visit *visit, const struct show_cooperative *page,
                         struct resale *out)
{
    struct str money = str_trim(visit_field(visit, S("money")));
    out->sold_vnd = RESALE_NO_MONEY;
    err_t e = read_month(visit, page, &out->month);
    if (e != OK) return e;
    if (!portal_read_number(visit_field(visit, S("sold")), &out->sold_wh) ||
        __builtin_mul_overflow(out->sold_wh, WH_PER_KWH, &out->sold_wh))
        return refuse_energy(visit);
    if (money.n > 0 && !portal_read_number(money, &out->sold_vnd)) return refuse_money(visit);
    return OK;
}

static err_t show_refusal(struct visit *visit, struct show_cooperative *page)
{
    page->typed_month = visit_field(visit, S("month"));
    page->typed_sold = visit_field(visit, S("sold"));
    page->typed_money = visit_field(visit, S("money"));
    page->refused = visit->err;
    return show_cooperative(&visit->show, page);
}

/* Fields: month, sold, money. */
err_t portal_declare_resale(struct visit *visit)
{
    const struct portal_supply *supply;
    struct bill_facts facts;
    struct show_cooperative page;
    struct resale resale = {0};
    err_t e = load(visit, LOGIN_CHANGES, &supply, &facts, &page);
    if (e == OK) e = db_begin(visit->db, visit->err);
    if (e != OK) return e;
    e = read_resale(visit, &page, &resale);
    if (e == OK)
        e = resale_declare(visit->db, visit->arena, visit->login_id, supply->unit_id,
                           supply->agreement_id, visit->today, &resale, visit->err);
    if (e == OK) e = db_commit(visit->db, visit->err);
    if (e == OK) return visit_go(visit, here);
    db_rollback(visit->db);
    return e == E_INPUT ? show_refusal(visit, &page) : e;
}

/* Field: month. */
err_t portal_retract_resale(struct visit *visit)
{
    const struct portal_supply *supply;
    int32_t month = 0;
    err_t e = portal_supply(visit, LOGIN_CHANGES, &supply);
    if (e != OK) return e;
    if (!month_parse(visit_field(visit, S("month")), &month)) return visit_nothing(visit);
    e = db_begin(visit->db, visit->err);
    if (e != OK) return e;
    e = resale_retract(visit->db, visit->arena, visit->login_id, supply->unit_id,
                       supply->agreement_id, visit->today, month_to_number(month), visit->err);
    if (e == OK) e = db_commit(visit->db, visit->err);
    if (e == OK) return visit_go(visit, here);
    db_rollback(visit->db);
    return e;
}
