/* SPDX-License-Identifier: Apache-2.0 */
/* Which agreement a page of the portal is about. */
#include "web/portal/portal.h"

#include "network/seller_view.h"

struct gathering {
    struct portal_supplies *out;
    struct arena *arena;
};

static void gather(void *context, const struct login_supply_row *row)
{
    struct gathering *g = context;
    if (g->out->count == PORTAL_SUPPLIES_MAX) return;
    g->out->supply[g->out->count++] =
        (struct portal_supply){.unit_id = row->supply.unit_id,
                               .agreement_id = row->supply.agreement_id,
                               .agreement_code = arena_str(g->arena, row->agreement_code),
                               .role = row->supply.role,
                               .from_day = row->supply.from_day};
}

static const struct portal_supply *find(const struct portal_supplies *list, struct str code)
{
    for (size_t i = 0; i < list->count && code.n > 0; i++)
        if (str_equal(list->supply[i].agreement_code, code)) return &list->supply[i];
    return NULL;
}

err_t portal_supplies(struct visit *visit, struct portal_supplies **out)
{
    struct portal_supplies *list = ARENA_NEW(visit->arena, struct portal_supplies);
    struct str asked = http_field(&visit->request->query, S("hop-dong"));
    if (list == NULL) return err_memory(visit->err);
    *list = (struct portal_supplies){.count = 0};
    struct gathering g = {list, visit->arena};
    err_t e = login_supplies_each(visit->db, visit->login_id, visit->today, gather, &g, visit->err);
    if (e != OK) return e;
    if (visit->arena->failed) return err_memory(visit->err);
    *out = list;
    list->chosen = find(list, asked);
    if (asked.n > 0) {
        if (list->chosen == NULL) return visit_nothing(visit);
        visit_keep_code(visit, S("hop-dong"), asked);
        return OK;
    }
    list->chosen = find(list, visit_cookie(visit, S("hop-dong")));
    if (list->chosen == NULL && list->count > 0) list->chosen = &list->supply[0];
    return OK;
}

err_t portal_may(struct visit *visit, int64_t unit_id, int64_t agreement_id, enum login_right right,
                 bool *out)
{
    struct visit_role *known = &visit->role;
    err_t e = OK;
    if (known->unit_id != unit_id || known->agreement_id != agreement_id) {
        struct visit_role read = {.unit_id = unit_id, .agreement_id = agreement_id};
        e = login_role_of(visit->db, visit->login_id, unit_id, agreement_id, visit->today,
                          &read.role, &read.any, visit->err);
        if (e == OK) *known = read;
    }
    if (e == OK) *out = known->any && login_role_may(known->role, right);
    return e;
}

static err_t refuse_role(struct visit *visit)
{
    err_set(visit->err, E_FORBIDDEN, NULL, "Chủ hợp đồng chưa cho phép xem phần này",
            "The holder of the agreement has not allowed this part");
    return err_hint(visit->err, "Nhờ chủ hợp đồng cho phép ở mục Dữ liệu của tôi",
                    "Ask the holder to allow it under My data");
}

err_t portal_supply(struct visit *visit, enum login_right right, const struct portal_supply **out)
{
    struct portal_supplies *list;
    bool may = false;
    err_t e = portal_supplies(visit, &list);
    if (e != OK) return e;
    if (list->chosen == NULL) return visit_nothing(visit);
    e = portal_may(visit, list->chosen->unit_id, list->chosen->agreement_id, right, &may);
    if (e != OK) return e;
    if (!may) return refuse_role(visit);
    *out = list->chosen;
    return portal_seller(visit, list->chosen->unit_id);
}

err_t portal_require(struct visit *visit, int64_t unit_id, int64_t agreement_id,
                     enum login_right right)
{
    bool may = false;
    err_t e = portal_may(visit, unit_id, agreement_id, right, &may);
    return e == OK && !may ? visit_nothing(visit) : e;
}

err_t portal_seller(struct visit *visit, int64_t unit_id)
{
    struct seller seller;
    err_t e = visit_seller(visit, unit_id, &seller);
    if (e != OK) return e;
    visit->show.hotline = seller.hotline;
    visit->show.email = seller.email;
    return OK;
}
