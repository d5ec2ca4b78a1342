/* SPDX-License-Identifier: Apache-2.0 */
#include "web/show_ops_closing_int.h"

bool closing_is_open(const struct closing_errand *errand)
{
    return errand != NULL && (errand->state == ERRAND_ASKED || errand->state == ERRAND_WORKING);
}

static struct component_notice notice_of(const struct show *show,
                                         const struct closing_errand *errand)
{
    if (errand == NULL || errand->state == ERRAND_DONE) return (struct component_notice){0};
    if (errand->state == ERRAND_REFUSED)
        return (struct component_notice){.kind = S("danger"),
                                         .title = pick(show, errand->reason_vi, errand->reason_en),
                                         .next = pick(show, errand->remedy_vi, errand->remedy_en)};
    bool asked = errand->state == ERRAND_ASKED, month = errand->subject.book_id == 0;
    enum web_text working = month ? TEXT_closing_month_works : TEXT_closing_book_works;
    return (struct component_notice){
        .kind = S("attention"),
        .title = web_text(asked ? TEXT_ops_errand_asked : working, show->english),
        .safe = web_text(asked ? TEXT_ops_errand_asked_next : TEXT_closing_leave, show->english)};
}

static struct str plain(const struct show *show, int64_t number)
{
    return arena_printf(show->arena, "%lld", (long long)number);
}

struct component_closing_live closing_live(const struct show *show,
                                           const struct show_closing *closing)
{
    const struct closing_errand *errand = closing->errand;
    struct component_closing_live live = {.address = closing->address,
                                          .working = closing_is_open(errand),
                                          .notice = notice_of(show, errand)};
    if (errand == NULL || errand->state != ERRAND_WORKING || errand->parts == 0) return live;
    live.parts = errand->parts;
    live.done = errand->parts_done;
    live.total = plain(show, errand->parts);
    live.reached = plain(show, errand->parts_done);
    return live;
}

err_t show_ops_closing(const struct show *show, const struct show_closing *closing)
{
    page_ops_closing_live(show->out, show->english,
                          &(struct page_ops_closing_live){.live = closing_live(show, closing)});
    return shown(show);
}
