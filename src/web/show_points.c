/* SPDX-License-Identifier: Apache-2.0 */
/* An account of many points: sums by month, the points of one of them, and all of it as files. */
#include "base/date.h"
#include "web/show_int.h"
#include "web/show_portal.h"

struct making {
    const struct show *show;
    const struct show_points *account;
    struct page_points page;
};

/* The newest month first, as people look for it. */
static err_t fill_months(struct making *m)
{
    const struct show_points *account = m->account;
    struct arena *arena = m->show->arena;
    struct page_points_months *rows =
        ARENA_ARRAY(arena, struct page_points_months, account->month_count);
    if (rows == NULL) return err_memory(m->show->err);
    for (size_t i = 0; i < account->month_count; i++) {
        const struct account_month *sum = &account->months[account->month_count - 1 - i];
        char text[MONTH_TEXT_BYTES];
        int32_t month = month_from_number(sum->month);
        rows[i] = (struct page_points_months){
            .month = month,
            .address = arena_printf(arena, "%.*s?thang=%.*s", STR_ARG(account->base),
                                    STR_ARG(month_text(month, text))),
            .points = sum->point_count,
            .use = sum->total_wh,
            .total = sum->total_vnd};
        if (month == account->month) m->page.may_archive = sum->bill_count <= account->archive_most;
    }
    m->page.months = rows;
    m->page.months_count = account->month_count;
    return OK;
}

static err_t fill_points(struct making *m)
{
    const struct show_points *account = m->account;
    struct page_points_points *rows =
        ARENA_ARRAY(m->show->arena, struct page_points_points, account->point_count);
    if (rows == NULL) return err_memory(m->show->err);
    for (size_t i = 0; i < account->point_count; i++) {
        const struct account_point *point = &account->points[i];
        rows[i] = (struct page_points_points){
            .code = point->point_code,
            .address = point->address,
            .use = point->total_wh,
            .total = point->total_vnd,
            .bills = arena_printf(m->show->arena, "/khach-hang/hoa-don?hop-dong=%.*s",
                                  STR_ARG(point->agreement_code))};
    }
    m->page.points = rows;
    m->page.points_count = account->point_count;
    return OK;
}

err_t show_points(const struct show *show, const struct show_points *account)
{
    struct portal_links links;
    char text[MONTH_TEXT_BYTES];
    struct making m = {.show = show, .account = account};
    portal_links(&links, PORTAL_HOME);
    m.page = (struct page_points){.visit = visit_of(show),
                                  .links = links.link,
                                  .links_count = PORTAL_LINKS,
                                  .hotline = show->hotline,
                                  .token = show->token,
                                  .account = account->account,
                                  .owed = account->owed_vnd,
                                  .credit = account->credit_vnd,
                                  .has_credit = account->credit_vnd > 0,
                                  .pdf = account->pdf,
                                  .sheet = account->sheet,
                                  .month = account->month,
                                  .first = account->first,
                                  .after = account->after,
                                  .archive_most = account->archive_most};
    m.page.archive = arena_printf(show->arena, "%.*s/goi", STR_ARG(account->base));
    m.page.archive_month = arena_str(show->arena, month_text(account->month, text));
    place_refusal(show, account->refused, NULL, 0, &m.page.problem);
    err_t e = fill_months(&m);
    if (e == OK) e = fill_points(&m);
    if (e != OK) return e;
    page_points(show->out, show->english, &m.page);
    return shown(show);
}
