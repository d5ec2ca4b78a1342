/* SPDX-License-Identifier: Apache-2.0 */
/* Which agreement a page of the portal is about. */
#include "web/portal/portal.h"

#include "network/seller_view.h"
#include "registry/registry_view.h"

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

/* ---- agreements that moved between units -------------------------------------------------- */

/* The directory knows where an agreement is; roles stay with it where it was. */
static err_t mark_left(struct visit *visit, struct portal_supplies *list, size_t at, bool *any)
{
    struct portal_supply *supply = &list->supply[at];
    int64_t unit_id = supply->unit_id, agreement_id;
    for (size_t i = 0; i < list->count; i++) {
        if (i == at || !str_equal(list->supply[i].agreement_code, supply->agreement_code)) continue;
        err_t e = agreement_by_code(visit->db, supply->agreement_code, &unit_id, &agreement_id,
                                    visit->err);
        if (e != OK) return e;
        supply->left = unit_id != supply->unit_id;
        *any = *any || supply->left;
        return OK;
    }
    return OK;
}

/* Hangs one that left behind the same agreement where it went, the latest first. */
static bool hang_behind(struct portal_supplies *list, struct portal_supply *left)
{
    struct portal_supply *place = NULL;
    for (size_t i = 0; i < list->count && place == NULL; i++)
        if (str_equal(list->supply[i].agreement_code, left->agreement_code))
            place = &list->supply[i];
    if (place == NULL) return false;
    const struct portal_supply **link = &place->before;
    while (*link != NULL && (*link)->from_day > left->from_day)
        link = &((struct portal_supply *)*link)->before;
    left->before = *link;
    *link = left;
    return true;
}

/* Each agreement stands once, where it is. */
static err_t gather_moved(struct visit *visit, struct portal_supplies *list)
{
    bool any = false;
    err_t e = OK;
    for (size_t i = 0; i < list->count && e == OK; i++) e = mark_left(visit, list, i, &any);
    if (e != OK || !any) return e;
    struct portal_supply *left = ARENA_ARRAY(visit->arena, struct portal_supply, list->count);
    size_t kept = 0, left_count = 0;
    if (left == NULL) return err_memory(visit->err);
    for (size_t i = 0; i < list->count; i++)
        if (list->supply[i].left) left[left_count++] = list->supply[i];
        else list->supply[kept++] = list->supply[i];
    list->count = kept;
    for (size_t i = 0; i < left_count; i++)
        if (!hang_behind(list, &left[i])) list->supply[list->count++] = left[i];
    return OK;
}

/* As many steps back as ?truoc-khi-chuyen= says; NULL: it was not there. */
static const struct portal_supply *step_back(const struct visit *visit,
                                             const struct portal_supply *supply)
{
    int64_t steps = 0;
    struct str typed = http_field(&visit->request->query, S("truoc-khi-chuyen"));
    if (typed.n == 0 || visit->request->method == HTTP_POST) return supply; /* for reading */
    if (!str_to_i64(typed, &steps) || steps < 0) return NULL;
    while (steps-- > 0 && supply != NULL) supply = supply->before;
    return supply;
}

struct str portal_supply_query(struct visit *visit, const struct portal_supply *supply)
{
    struct str steps = http_field(&visit->request->query, S("truoc-khi-chuyen"));
    if (!supply->left || steps.n == 0)
        return arena_printf(visit->arena, "hop-dong=%.*s", STR_ARG(supply->agreement_code));
    return arena_printf(visit->arena, "hop-dong=%.*s&truoc-khi-chuyen=%.*s",
                        STR_ARG(supply->agreement_code), STR_ARG(steps));
}

struct str portal_before(struct visit *visit, const struct portal_supply *supply, const char *page)
{
    int64_t steps = 0;
    if (supply->before == NULL) return S("");
    if (!str_to_i64(http_field(&visit->request->query, S("truoc-khi-chuyen")), &steps)) steps = 0;
    return arena_printf(visit->arena, "%s?hop-dong=%.*s&truoc-khi-chuyen=%lld", page,
                        STR_ARG(supply->agreement_code), (long long)steps + 1);
}

/* ---- which ------------------------------------------------------------------------------- */

err_t portal_supplies(struct visit *visit, struct portal_supplies **out)
{
    struct portal_supplies *list = ARENA_NEW(visit->arena, struct portal_supplies);
    struct str asked = http_field(&visit->request->query, S("hop-dong"));
    if (list == NULL) return err_memory(visit->err);
    *list = (struct portal_supplies){.count = 0};
    struct gathering g = {list, visit->arena};
    err_t e = login_supplies_each(visit->db, visit->login_id, visit->today, gather, &g, visit->err);
    if (e == OK) e = gather_moved(visit, list);
    if (e != OK) return e;
    if (visit->arena->failed) return err_memory(visit->err);
    *out = list;
    list->chosen = find(list, asked);
    if (asked.n > 0) {
        if (list->chosen == NULL) return visit_nothing(visit);
        visit_keep_code(visit, S("hop-dong"), asked);
        list->chosen = step_back(visit, list->chosen);
        return list->chosen != NULL ? OK : visit_nothing(visit);
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

err_t portal_note(struct visit *visit, int64_t unit_id, int64_t agreement_id,
                  enum login_right right)
{
    static const char *const actions[] = {[LOGIN_SEES_BILLS] = "bill.show",
                                          [LOGIN_SEES_READINGS] = "reading.show",
                                          [LOGIN_SEES_PERSONAL] = "customer.show"};
    bool may = false;
    err_t e = portal_may(visit, unit_id, agreement_id, right, &may);
    if (e != OK || !may || right == LOGIN_CHANGES) return e;
    const struct visit_shown shown = {.unit_id = unit_id,
                                      .subject = ACCESS_AGREEMENT,
                                      .subject_id = agreement_id,
                                      .action = actions[right],
                                      .part = login_role_name(visit->role.role)};
    return visit_note_shown(visit, &shown);
}

static err_t refuse_role(struct visit *visit, enum login_right right)
{
    if (right == LOGIN_CHANGES) {
        err_set(visit->err, E_FORBIDDEN, NULL, "Chỉ chủ hợp đồng thay đổi được phần này",
                "Only the holder of the agreement changes this part");
        return err_hint(visit->err, "Nhờ chủ hợp đồng làm", "Ask the holder to do it");
    }
    err_set(visit->err, E_FORBIDDEN, NULL, "Chủ hợp đồng chưa cho phép xem phần này",
            "The holder of the agreement has not allowed this part");
    return err_hint(visit->err, "Nhờ chủ hợp đồng cho phép ở mục Dữ liệu của tôi",
                    "Ask the holder to allow it under My data");
}

static err_t refuse_without(struct visit *visit)
{
    err_set(visit->err, E_NOT_FOUND, NULL, "Chưa có hợp đồng nào gắn với số này",
            "No agreement belongs to this phone or e-mail");
    return err_hint(visit->err, "Nhờ chủ hợp đồng cho xem, hoặc đến quầy giao dịch",
                    "Ask the holder to let you see it, or come to the counter");
}

err_t portal_supply(struct visit *visit, enum login_right right, const struct portal_supply **out)
{
    struct portal_supplies *list;
    bool may = false;
    err_t e = portal_supplies(visit, &list);
    if (e != OK) return e;
    if (list->chosen == NULL) return refuse_without(visit);
    e = portal_may(visit, list->chosen->unit_id, list->chosen->agreement_id, right, &may);
    if (e != OK) return e;
    if (!may) return refuse_role(visit, right);
    *out = list->chosen;
    e = portal_seller(visit, list->chosen->unit_id);
    if (e != OK) return e;
    return portal_note(visit, list->chosen->unit_id, list->chosen->agreement_id, right);
}

err_t portal_require(struct visit *visit, int64_t unit_id, int64_t agreement_id,
                     enum login_right right)
{
    bool may = false;
    err_t e = portal_may(visit, unit_id, agreement_id, right, &may);
    if (e == OK && !may) return visit_nothing(visit);
    return e == OK ? portal_note(visit, unit_id, agreement_id, right) : e;
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
