/* SPDX-License-Identifier: Apache-2.0 */
/* Is a bill genuine? The question and its answer on one page. */
#include "web/show_int.h"

#include "base/date.h"

static void fill_answer(const struct bill_row *row, struct page_verify *page)
{
    bool known = day_parse(row->from_on, &page->from) && day_parse(row->to_on, &page->to);
    page->has_days = known && row->key.kind != BILL_FEE;
    page->use = row->total_wh;
    page->total = row->total_vnd;
    page->has_issued = day_parse(row->issued_on, &page->issued);
}

err_t show_verify(const struct show *show, const struct show_verify *verify)
{
    struct page_verify page = {.visit = visit_of(show),
                               .hotline = show->hotline,
                               .token = show->token,
                               .asked = verify->asked,
                               .genuine = verify->asked && verify->answer != NULL &&
                                          verify->answer->genuine,
                               .demonstration = verify->demonstration,
                               .bill = verify->number,
                               .number = {.name = S("number"),
                                          .label = TEXT_verify_number,
                                          .value = verify->number,
                                          .hint = TEXT_verify_number_hint,
                                          .complete = S("off")},
                               .code = {.name = S("code"),
                                        .label = TEXT_verify_code,
                                        .value = verify->code,
                                        .hint = TEXT_verify_code_hint,
                                        .complete = S("off")}};
    struct component_field *const fields[] = {&page.number, &page.code};
    if (page.genuine) fill_answer(&verify->answer->row, &page);
    place_refusal(show, verify->refused, fields, ARRAY_COUNT(fields), &page.problem);
    page_verify(show->out, show->english, &page);
    return shown(show);
}
