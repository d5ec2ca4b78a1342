/* SPDX-License-Identifier: Apache-2.0 */
/* Words and figures as the reader's language writes them. */
#include "document/bill_page_int.h"

#include <stdarg.h>
#include <utf8proc.h>

#include "base/date.h"
#include "document/figure.h"

enum { MILLI_PLACES = 3, FIGURE_BYTES = 64, PPM_PLACES = 4, GROUP = 3 };

struct str paper_say(const struct bill_page *page, const char *vi, const char *en)
{
    return str_of(page->english ? en : vi);
}

struct str paper_either(const struct bill_page *page, struct str vi, struct str en)
{
    return page->english && en.n > 0 ? en : vi;
}

static struct str keep(struct bill_page *page, const struct buf *text)
{
    struct str copy = arena_str(page->arena, buf_str(text));
    if (copy.n < text->n) page->sheet.dropped = true;
    return copy;
}

struct str paper_text(struct bill_page *page, const char *format, ...)
{
    char memory[PAGE_TEXT_MAX + 1];
    struct buf text;
    va_list arguments;
    buf_init_fixed(&text, memory, sizeof memory);
    va_start(arguments, format);
    buf_vprintf(&text, format, arguments);
    va_end(arguments);
    return keep(page, &text);
}

/* ---- what belongs together --------------------------------------------------------------- */

/* What a line may not begin with: the unit of the number before it. */
static bool is_unit(struct str words)
{
    static const char *const units[] = {"đ", "kWh", "%", "kvarh"};
    for (size_t i = 0; i < ARRAY_COUNT(units); i++)
        if (str_starts(words, str_of(units[i]))) return true;
    return false;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

struct str paper_bound(struct bill_page *page, struct str words)
{
    static const struct str month = S_INIT("tháng");
    char memory[PAGE_TEXT_MAX + 1];
    struct buf text;
    buf_init_fixed(&text, memory, sizeof memory);
    if (str_find(words, ' ') == words.n) return words;
    for (size_t i = 0; i < words.n; i++) {
        bool binds = words.p[i] == ' ' && i > 0 && i + 1 < words.n &&
                     ((is_digit(words.p[i - 1]) && is_unit(str_sub(words, i + 1, words.n))) ||
                      (is_digit(words.p[i + 1]) && str_ends(str_sub(words, 0, i), month)));
        if (binds) buf_add(&text, S("\u00a0"));
        else buf_add_char(&text, words.p[i]);
    }
    return text.failed ? words : keep(page, &text);
}

/* ---- figures ----------------------------------------------------------------------------- */

/* Scaled by ten to the power places: 1.388,5 in Vietnamese, 1,388.5 in English. */
static struct str number(struct bill_page *page, int64_t scaled, unsigned places,
                         const char *behind)
{
    char memory[FIGURE_BYTES];
    struct buf text;
    buf_init_fixed(&text, memory, sizeof memory);
    figure_add(&text, scaled, places, page->english);
    buf_add(&text, str_of(behind));
    return keep(page, &text);
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
    char memory[FIGURE_BYTES];
    struct buf text;
    buf_init_fixed(&text, memory, sizeof memory);
    buf_add_day_vi(&text, day);
    return keep(page, &text);
}

struct str paper_month(struct bill_page *page, int64_t month)
{
    static const char *const names[] = {"January",   "February", "March",    "April",
                                        "May",       "June",     "July",     "August",
                                        "September", "October",  "November", "December"};
    char memory[FIGURE_BYTES];
    struct buf text;
    if (page->english) return paper_text(page, "%s %d", names[month % 100 - 1], (int)(month / 100));
    buf_init_fixed(&text, memory, sizeof memory);
    buf_add_month_vi(&text, month_from_number(month));
    return keep(page, &text);
}

/* ---- words ------------------------------------------------------------------------------- */

struct str paper_capital(struct bill_page *page, struct str words)
{
    utf8proc_uint8_t capital[4];
    utf8proc_int32_t letter;
    utf8proc_ssize_t length =
        utf8proc_iterate((const utf8proc_uint8_t *)words.p, (utf8proc_ssize_t)words.n, &letter);
    if (length <= 0) return words;
    utf8proc_ssize_t written = utf8proc_encode_char(utf8proc_toupper(letter), capital);
    return paper_text(page, "%.*s%.*s", (int)written, (const char *)capital,
                      STR_ARG(str_sub(words, (size_t)length, words.n)));
}

struct str paper_title(struct bill_page *page)
{
    static const char *const vi[BILL_KIND_COUNT] = {
        [BILL_PERIODIC] = "Tiền điện tháng",
        [BILL_FINAL] = "Quyết toán tiền điện tháng",
        [BILL_SUPPLEMENT] = "Tiền điện bổ sung tháng",
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
    if (page->english) return paper_text(page, "%s, %.*s", en[key->kind], STR_ARG(month));
    if (page->facts->is_fee && key->kind != BILL_FEE)
        return paper_text(page, "Điều chỉnh phí dịch vụ tháng %.*s", STR_ARG(month));
    return paper_text(page, "%s %.*s", vi[key->kind], STR_ARG(month));
}
