/* SPDX-License-Identifier: Apache-2.0 */
#include "document/bill_pdf.h"

#include "base/date.h"
#include "document/bill_page_int.h"

static const struct type_scale normal_type = {.small = 7.2,
                                              .body = 8.6,
                                              .lead = 11,
                                              .heading = 11,
                                              .title = 15.5,
                                              .amount = 26,
                                              .leading = 1.4,
                                              .gap = 13,
                                              .padding = 12,
                                              .qr = 84,
                                              .photo = 88,
                                              .chart = 88};
static const struct type_scale tight_type = {.small = 7,
                                             .body = 8.3,
                                             .lead = 10.5,
                                             .heading = 10.5,
                                             .title = 15,
                                             .amount = 25,
                                             .leading = 1.36,
                                             .gap = 9.5,
                                             .padding = 10,
                                             .qr = 78,
                                             .photo = 66,
                                             .chart = 80};
static const struct type_scale large_type = {.small = 18,
                                             .body = 20,
                                             .lead = 24,
                                             .heading = 26,
                                             .title = 30,
                                             .amount = 44,
                                             .leading = 1.4,
                                             .gap = 26,
                                             .padding = 0,
                                             .qr = 170,
                                             .photo = 220,
                                             .chart = 210};

static struct sheet_frame frame_of(const struct bill_page *page)
{
    struct sheet_frame frame = {.width = PAGE_A4_WIDTH,
                                .height = PAGE_A4_HEIGHT,
                                .left = 42,
                                .right = 42,
                                .bottom = 44,
                                .first_top = 32,
                                .later_top = 62,
                                .under = paper_under,
                                .over = paper_over,
                                .of = page};
    if (page->large) {
        frame.bottom = 84;
        frame.first_top = 40;
        frame.later_top = 90;
    }
    return frame;
}

static void add_parts(struct bill_page *page)
{
    paper_seller(page, &page->facts->seller, page->facts->unit_name);
    paper_who(page);
    paper_correction(page);
    paper_use(page);
    paper_lines(page);
    paper_sums(page);
    paper_compare(page);
    paper_help(page);
}

static void lay_out(struct bill_page *page, struct typeface *typeface, bool tight)
{
    page->tight = tight;
    page->type = page->large ? large_type : tight ? tight_type : normal_type;
    struct sheet_frame frame = frame_of(page);
    sheet_init(&page->sheet, page->arena, typeface, &frame);
    add_parts(page);
}

err_t bill_pdf(struct typeface *typeface, struct arena *arena, const struct bill_facts *facts,
               const struct bill_pdf_form *form, struct buf *out, struct err *err)
{
    struct bill_page page = {.facts = facts,
                             .arena = arena,
                             .photo = form->photo,
                             .english = form->english,
                             .large = form->large};
    lay_out(&page, typeface, false);
    if (!page.large && sheet_pages(&page.sheet) > 1) {
        int pages = sheet_pages(&page.sheet);
        lay_out(&page, typeface, true);
        if (sheet_pages(&page.sheet) >= pages) lay_out(&page, typeface, false);
    }
    struct str seller = facts->seller.legal_name;
    struct canvas_about about = {.title =
                                     paper_text(&page, "%.*s – %.*s", STR_ARG(paper_title(&page)),
                                                STR_ARG(facts->customer.name)),
                                 .author = seller.n > 0 ? seller : facts->unit_name,
                                 .subject = facts->number,
                                 .language = paper_say(&page, "vi-VN", "en"),
                                 .created_ms = vietnam_midnight_ms(facts->issued_day)};
    return sheet_draw(&page.sheet, &about, BILL_PDF_BYTES_MAX, out, err);
}
