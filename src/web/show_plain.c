/* SPDX-License-Identifier: Apache-2.0 */
/* Pages for everybody: help, and what happened when something failed. */
#include "web/show_int.h"

err_t show_help(const struct show *show)
{
    struct portal_links links;
    portal_links(&links, PORTAL_HELP);
    page_help(show->out, show->english,
              &(struct page_help){.visit = visit_of(show),
                                  .links = links.link,
                                  .links_count = show->signed_in ? PORTAL_LINKS : 0,
                                  .hotline = show->hotline,
                                  .email = show->email});
    return shown(show);
}

struct error_page {
    int status;
    enum web_text title, next;
};

static const struct error_page error_pages[] = {
#define ERROR_PAGE(status) {status, TEXT_error_##status, TEXT_error_##status##_next},
#include "web/errors.def"
#undef ERROR_PAGE
};

static const struct error_page *error_page(int status)
{
    enum { HUNDRED = 100 };
    const struct error_page *found = NULL;
    for (size_t i = 0; i < ARRAY_COUNT(error_pages); i++) {
        const struct error_page *page = &error_pages[i];
        if (page->status == status) return page;
        if (found == NULL && page->status / HUNDRED == status / HUNDRED) found = page;
    }
    return found != NULL ? found : &error_pages[ARRAY_COUNT(error_pages) - 1];
}

/* Where who reads begins. */
static struct str home_of(const struct show *show)
{
    if (show->staff) return S("/dang-nhap/nhan-vien"); /* which leads the signed-in on */
    return show->signed_in ? S("/khach-hang") : S("/");
}

err_t show_error(const struct show *show, const struct show_problem *problem)
{
    const struct error_page *page = error_page(problem->status);
    struct portal_links links;
    bool customer = show->signed_in && !show->staff;
    portal_links(&links, PORTAL_NOWHERE);
    page_error(show->out, show->english,
               &(struct page_error){.visit = visit_of(show),
                                    .links = links.link,
                                    .links_count = customer ? PORTAL_LINKS : 0,
                                    .home = home_of(show),
                                    .hotline = show->hotline,
                                    .status = problem->status,
                                    .title = problem->form ? TEXT_error_form : page->title,
                                    .safe = TEXT_error_safe,
                                    .next = page->next,
                                    .reason = problem->reason,
                                    .remedy = problem->remedy,
                                    .reference = problem->reference});
    return shown(show);
}
