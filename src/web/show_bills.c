/* SPDX-License-Identifier: Apache-2.0 */
/* The bills of a customer, newest first, a page at a time. */
#include "web/show_int.h"

static struct page_bills_bills row_of(const struct show_bills_row *row, int32_t today)
{
    bool open = row->left_vnd > 0, late = open && row->due_day < today;
    return (struct page_bills_bills){.words = row->words,
                                     .address = row->address,
                                     .use = row->wh,
                                     .is_fee = row->is_fee,
                                     .total = row->total_vnd,
                                     .paid = row->left_vnd <= 0,
                                     .late = late,
                                     .due = row->due_day,
                                     .open = open && !late};
}

err_t show_bills(const struct show *show, const struct show_bills *bills)
{
    struct portal_links links;
    struct page_bills_bills *rows =
        ARENA_ARRAY(show->arena, struct page_bills_bills, bills->row_count);
    if (rows == NULL) return err_memory(show->err);
    portal_links(&links, PORTAL_BILLS);
    for (size_t i = 0; i < bills->row_count; i++) rows[i] = row_of(&bills->rows[i], bills->today);
    page_bills(show->out, show->english,
               &(struct page_bills){.visit = visit_of(show),
                                    .links = links.link,
                                    .links_count = PORTAL_LINKS,
                                    .hotline = show->hotline,
                                    .bills = rows,
                                    .bills_count = bills->row_count,
                                    .before = bills->before,
                                    .after = bills->after,
                                    .earlier = bills->earlier,
                                    .left = bills->left});
    return shown(show);
}
