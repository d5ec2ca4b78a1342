/* SPDX-License-Identifier: Apache-2.0 */
#include "document/wording.h"

#include <utf8proc.h>

#include "base/date.h"
#include "document/figure.h"

enum { FIGURE_BYTES = 96 };

static struct str keep(struct arena *arena, const struct buf *text)
{
    return arena_str(arena, buf_str(text));
}

/* ---- figures ----------------------------------------------------------------------------- */

struct str wording_figure(struct arena *arena, int64_t scaled, unsigned places, const char *behind,
                          bool english)
{
    char memory[FIGURE_BYTES];
    struct buf text;
    buf_init_fixed(&text, memory, sizeof memory);
    figure_add(&text, scaled, places, english);
    buf_add(&text, str_of(behind));
    return keep(arena, &text);
}

struct str wording_index(struct arena *arena, int64_t milli, bool english)
{
    char memory[FIGURE_BYTES];
    struct buf text;
    buf_init_fixed(&text, memory, sizeof memory);
    figure_add_index(&text, milli, english);
    return keep(arena, &text);
}

struct str wording_change(struct arena *arena, int64_t vnd, bool english)
{
    char memory[FIGURE_BYTES];
    struct buf text;
    buf_init_fixed(&text, memory, sizeof memory);
    figure_add_signed(&text, vnd, 0, english);
    buf_add(&text, S(" đ"));
    return keep(arena, &text);
}

struct str wording_day(struct arena *arena, int32_t day)
{
    char memory[FIGURE_BYTES];
    struct buf text;
    buf_init_fixed(&text, memory, sizeof memory);
    buf_add_day_vi(&text, day);
    return keep(arena, &text);
}

struct str wording_month(struct arena *arena, int64_t month, bool english)
{
    static const char *const names[] = {"January",   "February", "March",    "April",
                                        "May",       "June",     "July",     "August",
                                        "September", "October",  "November", "December"};
    char memory[FIGURE_BYTES];
    struct buf text;
    if (english) return arena_printf(arena, "%s %d", names[month % 100 - 1], (int)(month / 100));
    buf_init_fixed(&text, memory, sizeof memory);
    buf_add_month_vi(&text, month_from_number(month));
    return keep(arena, &text);
}

/* ---- words ------------------------------------------------------------------------------- */

struct str wording_capital(struct arena *arena, struct str words)
{
    utf8proc_uint8_t capital[4];
    utf8proc_int32_t letter;
    utf8proc_ssize_t length =
        utf8proc_iterate((const utf8proc_uint8_t *)words.p, (utf8proc_ssize_t)words.n, &letter);
    if (length <= 0) return words;
    utf8proc_ssize_t written = utf8proc_encode_char(utf8proc_toupper(letter), capital);
    return arena_printf(arena, "%.*s%.*s", (int)written, (const char *)capital,
                        STR_ARG(str_sub(words, (size_t)length, words.n)));
}

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

struct str wording_bound(struct arena *arena, struct str words)
{
    static const struct str month = S_INIT("tháng");
    char memory[ARENA_WORDS_MAX_BYTES + 1];
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
    return text.failed ? words : keep(arena, &text);
}
