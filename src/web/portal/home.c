/* SPDX-License-Identifier: Apache-2.0 */
/* /khach-hang: what stands at present with one agreement. */
#include "registry/supply_view.h"
#include "web/portal/portal.h"

/* Which home it is: several agreements differ for people by where they are. */
static err_t place_of(struct visit *visit, const struct portal_supply *supply, struct str *out)
{
    bool may = false;
    err_t e = portal_may(visit, supply->unit_id, supply->agreement_id, LOGIN_SEES_BILLS, &may);
    if (e != OK || !may) return e;
    return supply_place(visit->db, visit->arena, supply->unit_id, supply->agreement_id,
                        visit->today, out, visit->err);
}

static err_t fill_choices(struct visit *visit, const struct portal_supplies *list,
                          struct show_home *home)
{
    struct show_choice *choices = ARENA_ARRAY(visit->arena, struct show_choice, list->count);
    err_t e = OK;
    if (choices == NULL) return err_memory(visit->err);
    for (size_t i = 0; i < list->count; i++)
        choices[i] = (struct show_choice){
            .words = list->supply[i].agreement_code,
            .note = visit->show.english ? str_of(login_role_en(list->supply[i].role))
                                        : str_of(login_role_vi(list->supply[i].role)),
            .address = arena_printf(visit->arena, "/khach-hang?hop-dong=%.*s",
                                    STR_ARG(list->supply[i].agreement_code)),
            .current = &list->supply[i] == list->chosen};
    for (size_t i = 0; i < list->count && list->count > 1 && e == OK; i++)
        e = place_of(visit, &list->supply[i], &choices[i].place);
    home->choices = choices;
    home->choice_count = list->count > 1 ? list->count : 0;
    return e;
}

static err_t fill_bill(struct visit *visit, const struct portal_supply *supply,
                       struct bill_facts *facts, struct show_home *home)
{
    const struct bill_row *last = NULL;
    err_t e = portal_last_bill(visit, supply, &last);
    if (e != OK || last == NULL) return e;
    e = portal_bill_facts(visit, last, facts);
    if (e == OK) e = visit_typeface(visit, &visit->show.typeface);
    if (e != OK) return e;
    home->last = facts;
    home->is_cooperative = portal_is_cooperative(facts);
    home->name = facts->customer.name.n > 0 ? facts->customer.name : supply->agreement_code;
    home->address = facts->customer.address;
    home->bill = arena_printf(visit->arena, "/khach-hang/hoa-don/%.*s", STR_ARG(facts->number));
    e = portal_so_far(visit, supply, facts, &home->so_far);
    if (e != OK) return e;
    home->pay = arena_printf(visit->arena, "%.*s#pay", STR_ARG(home->bill));
    return OK;
}

static err_t fill_level(struct visit *visit, const struct portal_supply *supply,
                        struct show_home *home)
{
    err_t e = portal_may(visit, supply->unit_id, supply->agreement_id, LOGIN_CHANGES,
                         &home->may_set_level);
    if (e != OK || !home->may_set_level) return e;
    return warning_level_on(visit->db, supply->unit_id, supply->agreement_id, visit->today,
                            &home->level, visit->err);
}

err_t portal_home(struct visit *visit)
{
    struct portal_supplies *list;
    struct bill_facts facts;
    struct show_home home = {.today = visit->today};
    err_t e = portal_supplies(visit, &list);
    if (e == OK) e = fill_choices(visit, list, &home);
    home.without = e == OK && list->count == 0;
    if (e == OK && list->count > 1 && list->chosen != NULL)
        e = portal_account_link(visit, list->chosen, &home.account);
    if (e == OK && list->chosen != NULL) e = fill_level(visit, list->chosen, &home);
    if (e == OK && list->chosen != NULL) {
        bool may = false;
        home.name = list->chosen->agreement_code;
        e = portal_seller(visit, list->chosen->unit_id);
        if (e == OK)
            e = portal_may(visit, list->chosen->unit_id, list->chosen->agreement_id,
                           LOGIN_SEES_BILLS, &may);
        if (e == OK && may) e = fill_bill(visit, list->chosen, &facts, &home);
    }
    return e == OK ? show_home(&visit->show, &home) : e;
}
