/* SPDX-License-Identifier: Apache-2.0 */
/* The box of the care centre, and whom it found. */
#include "web/show_desk_int.h"

void desk_links(struct desk_links *out, enum desk_section current,
                const struct show_desk_sections *sections)
{
    const struct component_link links[DESK_LINKS] = {
        [DESK_SEARCH] = {.words = TEXT_desk_title, .address = S("/ban-lam-viec")},
        [DESK_CALL_BACKS] = {.words = TEXT_desk_call_backs, .address = sections->call_backs},
        [DESK_OPERATIONS] = {.words = TEXT_desk_operations, .address = sections->operations},
        [DESK_ACCOUNT] = {.words = TEXT_desk_account, .address = S("/tai-khoan")},
    };
    out->count = 0;
    for (size_t i = 0; i < DESK_LINKS; i++) {
        if (links[i].address.n == 0) continue;
        out->link[out->count] = links[i];
        out->link[out->count++].current = i == (size_t)current;
    }
}

static const struct page_desk_search_examples examples[] = {
    {.way = TEXT_desk_by_code, .words = S_INIT("PD01000000001")},
    {.way = TEXT_desk_by_name, .words = S_INIT("nguyen van an")},
    {.way = TEXT_desk_by_phone, .words = S_INIT("0912 345 678")},
    {.way = TEXT_desk_by_place, .words = S_INIT("12 tran phu")},
    {.way = TEXT_desk_by_both, .words = S_INIT("an tran phu")},
};

static struct page_desk_search_hits hit_of(const struct show_desk_hit *hit)
{
    return (struct page_desk_search_hits){.address = hit->address,
                                          .code = hit->code,
                                          .name = hit->name,
                                          .place = hit->place,
                                          .phone = hit->phone,
                                          .unit = hit->unit,
                                          .found = hit->found,
                                          .former = hit->former,
                                          .ended = hit->ended,
                                          .elsewhere = hit->address.n == 0};
}

err_t show_desk_search(const struct show *show, const struct show_desk_search *search)
{
    struct desk_links links;
    struct page_desk_search_hits *hits =
        ARENA_ARRAY(show->arena, struct page_desk_search_hits, search->hit_count);
    struct page_desk_search_recents *recents =
        ARENA_ARRAY(show->arena, struct page_desk_search_recents, search->recent_count);
    if (hits == NULL || recents == NULL) return err_memory(show->err);
    for (size_t i = 0; i < search->hit_count; i++) hits[i] = hit_of(&search->hits[i]);
    for (size_t i = 0; i < search->recent_count; i++)
        recents[i] = (struct page_desk_search_recents){.code = search->recents[i].code,
                                                       .address = search->recents[i].address};
    desk_links(&links, DESK_SEARCH, &search->sections);
    page_desk_search(
        show->out, show->english,
        &(struct page_desk_search){
            .visit = visit_of(show),
            .links = links.link,
            .links_count = links.count,
            .token = show->token,
            .title = web_text(search->asked ? TEXT_desk_results : TEXT_desk_title, show->english),
            .sought = search->sought,
            .asked = search->asked,
            .hits = hits,
            .hits_count = search->hit_count,
            .count = (int64_t)search->hit_count,
            .more = search->more,
            .examples = examples,
            .examples_count = ARRAY_COUNT(examples),
            .recents = recents,
            .recents_count = search->recent_count});
    return shown(show);
}

err_t show_desk_calls(const struct show *show, const struct show_desk_sections *sections,
                      const struct show_desk_call *calls, size_t count)
{
    struct desk_links links;
    struct page_desk_call_backs_calls *rows =
        ARENA_ARRAY(show->arena, struct page_desk_call_backs_calls, count + 1);
    if (rows == NULL) return err_memory(show->err);
    for (size_t i = 0; i < count; i++)
        rows[i] = (struct page_desk_call_backs_calls){.address = calls[i].address,
                                                      .code = calls[i].code,
                                                      .name = calls[i].name,
                                                      .phone = calls[i].phone,
                                                      .unit = calls[i].unit,
                                                      .asked = calls[i].asked_ms,
                                                      .taken_by = calls[i].taken_by};
    desk_links(&links, DESK_CALL_BACKS, sections);
    page_desk_call_backs(show->out, show->english,
                         &(struct page_desk_call_backs){.visit = visit_of(show),
                                                        .links = links.link,
                                                        .links_count = links.count,
                                                        .token = show->token,
                                                        .calls = rows,
                                                        .calls_count = count});
    return shown(show);
}
