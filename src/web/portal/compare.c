/* SPDX-License-Identifier: Apache-2.0 */
/* /khach-hang/so-sanh: the newest bill of use beside other months and other homes. */
#include "identity/consent.h"
#include "insight/insight_view.h"
#include "web/portal/portal.h"
#include "web/show_portal.h"

/* Neighbours are shown to who agreed to be compared, and only where insight published them. */
static err_t judge_peers(struct visit *visit, const struct bill_row *row, struct bill_facts *facts,
                         struct show_compare *page)
{
    struct peer_comparison peers;
    bool agreed = false;
    err_t e = consent_holds(visit->db, visit->login_id, PURPOSE_neighbours, &agreed, visit->err);
    if (e != OK) return e;
    if (!agreed) {
        facts->peers = (struct facts_peers){0};
        page->ask_consent = true;
        return OK;
    }
    if (facts->peers.shown) return OK;
    e = peer_comparison_of(visit->db, visit->arena, &row->key, &peers, visit->err);
    if (e != OK) return e;
    page->no_peers_vi = arena_printf(visit->arena, "%.*s.", STR_ARG(peers.reason_vi));
    page->no_peers_en = arena_printf(visit->arena, "%.*s.", STR_ARG(peers.reason_en));
    return OK;
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
        if (e == OK) e = judge_peers(visit, row, &facts, &page);
        if (e == OK) e = visit_typeface(visit, &visit->show.typeface);
        if (e != OK) return e;
        page.last = &facts;
        page.bill = arena_printf(visit->arena, "/khach-hang/hoa-don/%.*s", STR_ARG(facts.number));
    }
    return show_compare(&visit->show, &page);
}
