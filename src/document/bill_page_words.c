/* SPDX-License-Identifier: Apache-2.0 */
/* Words and figures as the reader's language writes them. */
#include "document/bill_page_int.h"

#include "document/wording.h"

enum { MILLI_PLACES = 3, PPM_PLACES = 4 };

struct str paper_say(const struct bill_page *page, const char *vi, const char *en)
{
    return str_of(page->english ? en : vi);
}

struct str paper_either(const struct bill_page *page, struct str vi, struct str en)
{
    return page->english && en.n > 0 ? en : vi;
}

/* Full arenas are told at the end, by the sheet. */
static struct str noted(struct bill_page *page, struct str text)
{
    if (page->arena->failed) page->sheet.dropped = true;
    return text;
}

struct str paper_text(struct bill_page *page, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    struct str text = arena_vprintf(page->arena, format, arguments);
    va_end(arguments);
    return noted(page, text);
}

struct str paper_bound(struct bill_page *page, struct str words)
{
    return noted(page, wording_bound(page->arena, words));
}

struct str paper_capital(struct bill_page *page, struct str words)
{
    return noted(page, wording_capital(page->arena, words));
}

/* ---- figures ----------------------------------------------------------------------------- */

static struct str number(struct bill_page *page, int64_t scaled, unsigned places,
                         const char *behind)
{
    return noted(page, wording_figure(page->arena, scaled, places, behind, page->english));
}

struct str paper_vnd(struct bill_page *page, int64_t vnd)
{
    return number(page, vnd, 0, " đ");
}

struct str paper_grouped(struct bill_page *page, int64_t whole)
{
    return number(page, whole, 0, "");
}

struct str paper_mvnd(struct bill_page *page, int64_t mvnd)
{
    return number(page, mvnd, MILLI_PLACES, "");
}

struct str paper_milli(struct bill_page *page, int64_t milli)
{
    return number(page, milli, MILLI_PLACES, "");
}

struct str paper_permille(struct bill_page *page, int64_t permille)
{
    struct str figure = number(page, permille, 1, " %");
    return permille > 0 ? paper_text(page, "+%.*s", STR_ARG(figure)) : figure;
}

struct str paper_percent_of_ppm(struct bill_page *page, int64_t ppm)
{
    return number(page, ppm, PPM_PLACES, " %");
}

struct str paper_day(struct bill_page *page, int32_t day)
{
    return noted(page, wording_day(page->arena, day));
}

struct str paper_month(struct bill_page *page, int64_t month)
{
    return noted(page, wording_month(page->arena, month, page->english));
}

/* ---- titles ------------------------------------------------------------------------------ */

struct str paper_title(struct bill_page *page)
{
    static const char *const vi[BILL_KIND_COUNT] = {
        [BILL_PERIODIC] = "Tiền điện tháng",
        [BILL_FINAL] = "Hóa đơn chốt tháng",
        [BILL_SUPPLEMENT] = "Truy thu tiền điện tháng",
        [BILL_ADJUSTMENT] = "Điều chỉnh tiền điện tháng",
        [BILL_REPLACEMENT] = "Hóa đơn thay thế tháng",
        [BILL_FEE] = "Phí dịch vụ tháng",
    };
    static const char *const en[BILL_KIND_COUNT] = {
        [BILL_PERIODIC] = "Electricity bill",
        [BILL_FINAL] = "Final electricity bill",
        [BILL_SUPPLEMENT] = "Supplementary electricity bill",
        [BILL_ADJUSTMENT] = "Adjustment of the electricity bill",
        [BILL_REPLACEMENT] = "Electricity bill issued anew",
        [BILL_FEE] = "Service fee",
    };
    const struct bill_key *key = &page->facts->row.key;
    struct str month = paper_month(page, key->month);
    if (page->english && page->facts->is_fee && key->kind != BILL_FEE)
        return paper_text(page, "Adjustment of a service fee, %.*s", STR_ARG(month));
    if (page->english) return paper_text(page, "%s, %.*s", en[key->kind], STR_ARG(month));
    if (page->facts->is_fee && key->kind != BILL_FEE)
        return paper_text(page, "Điều chỉnh phí dịch vụ tháng %.*s", STR_ARG(month));
    return paper_text(page, "%s %.*s", vi[key->kind], STR_ARG(month));
}
