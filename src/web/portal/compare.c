/* SPDX-License-Identifier: Apache-2.0 */
/* /khach-hang/so-sanh: the newest bill of use beside other months and other homes. */
#include "insight/insight_view.h"
#include "registry/comparing.h"
#include "web/portal/portal.h"
#include "web/show_portal.h"

/* Why there are no neighbours, where insight published none for this home. */
static err_t explain(struct visit *visit, const struct bill_row *row,
                     const struct bill_facts *facts, struct show_compare *page)
{
    struct peer_comparison peers;
    if (facts->peers.shown || page->declined) return OK;
    err_t e = peer_comparison_of(visit->db, visit->arena, &row->key, &peers, visit->err);
    if (e != OK) return e;
    page->no_peers_vi = arena_printf(visit->arena, "%.*s.", STR_ARG(peers.reason_vi));
    page->no_peers_en = arena_printf(visit->arena, "%.*s.", STR_ARG(peers.reason_en));
    return OK;
}

static err_t judge_peers(struct visit *visit, const struct portal_supply *supply,
                         struct show_compare *page)
{
    err_t e = comparing_declined_on(visit->db, supply->unit_id, supply->agreement_id, visit->today,
                                    &page->declined, visit->err);
    if (e != OK) return e;
    return portal_may(visit, supply->unit_id, supply->agreement_id, LOGIN_CHANGES,
                      &page->may_decline);
}

err_t portal_compare(struct visit *visit)
{
    const struct portal_supply *supply;
    const struct bill_row *row = NULL;
    struct bill_facts facts;
    err_t e = portal_supply(visit, LOGIN_SEES_BILLS, &supply);
    if (e == OK) e = portal_last_bill(visit, supply, &row);
    if (e != OK) return e;
    struct show_compare page = {.agreement = supply->agreement_code};
    if (row != NULL) {
        e = portal_bill_facts(visit, row, &facts);
        if (e == OK) e = judge_peers(visit, supply, &page);
        if (e == OK) e = explain(visit, row, &facts, &page);
        if (e == OK) e = visit_typeface(visit, &visit->show.typeface);
        if (e != OK) return e;
        page.last = &facts;
        page.bill = arena_printf(visit->arena, "/khach-hang/hoa-don/%.*s", STR_ARG(facts.number));
    }
    return show_compare(&visit->show, &page);
}

/* Field: khong ("1": do not compare). */
err_t portal_set_compare(struct visit *visit)
{
    const struct portal_supply *supply;
    bool declined = str_equal(visit_field(visit, S("khong")), S("1"));
    err_t e = portal_supply(visit, LOGIN_CHANGES, &supply);
    if (e == OK) e = db_begin(visit->db, visit->err);
    if (e != OK) return e;
    e = comparing_decline(visit->db, visit->arena, visit->login_id, supply->unit_id,
                          supply->agreement_id, visit->today, declined, visit->err);
    if (e == OK) e = db_commit(visit->db, visit->err);
    if (e == OK) return visit_go(visit, S("/khach-hang/so-sanh"));
    db_rollback(visit->db);
    return e;
}
