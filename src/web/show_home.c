/* SPDX-License-Identifier: Apache-2.0 */
/* The first page of a customer: this period, the last bill, when it is due, the months. */
#include "web/show_int.h"

static err_t fill_bill(const struct show *show, const struct show_home *home,
                       struct page_home *page)
{
    const struct bill_facts *facts = home->last;
    page->has_bill = true;
    page->demonstration = facts->demonstration;
    page->heading = heading_of(show, facts);
    page->total = facts->rated.total_vnd;
    page->is_long = amount_is_long(page->total);
    page->due = due_of(facts, home->today);
    page->to_pay = facts->balance.known && facts->balance.left_vnd > 0;
    if (facts->peers.shown) page->peers = pick(show, facts->peers.words_vi, facts->peers.words_en);
    err_t e = months_draw(show, facts, &page->months.picture, &page->months.sentence);
    page->has_months = page->months.picture.markup.n > 0;
    return e;
}

static err_t fill_choices(const struct show *show, const struct show_home *home,
                          struct page_home *page)
{
    struct page_home_choices *choices =
        ARENA_ARRAY(show->arena, struct page_home_choices, home->choice_count);
    if (choices == NULL) return err_memory(show->err);
    for (size_t i = 0; i < home->choice_count; i++)
        choices[i] = (struct page_home_choices){.words = home->choices[i].words,
                                                .note = home->choices[i].note,
                                                .place = home->choices[i].place,
                                                .address = home->choices[i].address,
                                                .current = home->choices[i].current};
    page->choices = choices;
    page->choices_count = home->choice_count;
    page->choice_count = (int64_t)home->choice_count;
    return OK;
}

err_t show_home(const struct show *show, const struct show_home *home)
{
    struct portal_links links;
    portal_links(&links, PORTAL_HOME);
    struct page_home page = {.visit = visit_of(show),
                             .links = links.link,
                             .links_count = PORTAL_LINKS,
                             .hotline = show->hotline,
                             .name = home->name,
                             .address = home->address,
                             .so_far = home->so_far.known,
                             .so_far_on = home->so_far.day,
                             .so_far_use = home->so_far.wh,
                             .so_far_vnd = home->so_far.vnd,
                             .so_far_long = amount_is_long(home->so_far.vnd),
                             .bill_url = home->bill,
                             .pay_url = home->pay,
                             .account_url = home->account,
                             .without = home->without,
                             .may_set = home->may_set_level,
                             .cooperative = home->is_cooperative,
                             .has_level = home->level.kind != WARNING_NONE};
    page.knows_used = level_used(show, &home->level, &home->so_far, &page.used);
    err_t e = home->last != NULL ? fill_bill(show, home, &page) : OK;
    if (e == OK) e = fill_choices(show, home, &page);
    if (e != OK) return e;
    page_home(show->out, show->english, &page);
    return shown(show);
}
