/* SPDX-License-Identifier: Apache-2.0 */
#include "web/write.h"

#include "base/date.h"
#include "document/figure.h"

enum { MILLI_PLACES = 3, HOUR_MINUTES = 60, HEX_SHIFT = 4 };

#define NO_BREAK_SPACE "\xC2\xA0"

/* ---- texts ------------------------------------------------------------------------------- */

static struct str escape_of(char c)
{
    switch (c) {
    case '&': return S("&amp;");
    case '<': return S("&lt;");
    case '>': return S("&gt;");
    case '"': return S("&quot;");
    case '\'': return S("&#39;");
    default: return (struct str){NULL, 0};
    }
}

/* What needs no escape is appended in one piece. */
static void add_escaped(struct buf *out, struct str text)
{
    size_t start = 0;
    for (size_t i = 0; i < text.n; i++) {
        struct str escape = escape_of(text.p[i]);
        if (escape.n == 0) continue;
        buf_add(out, str_sub(text, start, i - start));
        buf_add(out, escape);
        start = i + 1;
    }
    buf_add(out, str_sub(text, start, text.n));
}

void write_text(struct buf *out, bool english, struct str text)
{
    (void)english;
    add_escaped(out, text);
}

void write_word(struct buf *out, bool english, enum web_text word)
{
    add_escaped(out, web_text(word, english));
}

void write_html(struct buf *out, bool english, struct safe_html html)
{
    (void)english;
    buf_add(out, html.markup);
}

/* ---- addresses --------------------------------------------------------------------------- */

/* "//" and "/\" lead to other sites. */
static bool is_safe(struct str address)
{
    static const struct str starts[] = {S_INIT("#"),       S_INIT("?"),       S_INIT("https://"),
                                        S_INIT("http://"), S_INIT("mailto:"), S_INIT("tel:")};
    for (size_t i = 0; i < address.n; i++)
        if ((unsigned char)address.p[i] <= ' ' || address.p[i] == 0x7F) return false;
    if (str_starts(address, S("/")))
        return address.n == 1 || (address.p[1] != '/' && address.p[1] != '\\');
    for (size_t i = 0; i < ARRAY_COUNT(starts); i++)
        if (str_starts(address, starts[i])) return true;
    return false;
}

void write_url(struct buf *out, bool english, struct str address)
{
    (void)english;
    add_escaped(out, is_safe(address) ? address : S("#"));
}

static bool is_unreserved(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_' || c == '~';
}

void write_url_text(struct buf *out, struct str part)
{
    static const char digits[] = "0123456789ABCDEF";
    for (size_t i = 0; i < part.n; i++) {
        unsigned char c = (unsigned char)part.p[i];
        if (is_unreserved((char)c)) buf_add_char(out, (char)c);
        else buf_printf(out, "%%%c%c", digits[c >> HEX_SHIFT], digits[c & 0xF]);
    }
}

void write_url_number(struct buf *out, int64_t number)
{
    buf_add_i64(out, number);
}

/* ---- figures ----------------------------------------------------------------------------- */

void write_money(struct buf *out, bool english, int64_t vnd)
{
    figure_add(out, vnd, 0, english);
    buf_add(out, S(NO_BREAK_SPACE "đ"));
}

void write_amount(struct buf *out, bool english, int64_t mvnd)
{
    figure_add(out, mvnd, MILLI_PLACES, english);
}

void write_kwh(struct buf *out, bool english, int64_t wh)
{
    figure_add(out, wh, MILLI_PLACES, english);
    buf_add(out, S(NO_BREAK_SPACE "kWh"));
}

void write_number(struct buf *out, bool english, int64_t number)
{
    figure_add(out, number, 0, english);
}

/* ---- time -------------------------------------------------------------------------------- */

void write_day(struct buf *out, bool english, int32_t day)
{
    (void)english;
    buf_add_day_vi(out, day);
}

void write_month(struct buf *out, bool english, int32_t month)
{
    static const char *const names[] = {"January",   "February", "March",    "April",
                                        "May",       "June",     "July",     "August",
                                        "September", "October",  "November", "December"};
    enum { YEAR_MONTHS = 12 };
    if (english) buf_printf(out, "%s %d", names[month % YEAR_MONTHS], (int)(month / YEAR_MONTHS));
    else buf_add_month_vi(out, month);
}

void write_instant(struct buf *out, bool english, int64_t instant_ms)
{
    int minute = vietnam_minute(instant_ms);
    buf_add_padded(out, minute / HOUR_MINUTES, 2);
    buf_add_char(out, ':');
    buf_add_padded(out, minute % HOUR_MINUTES, 2);
    buf_add(out, S(", "));
    write_day(out, english, vietnam_day(instant_ms));
}
