/* SPDX-License-Identifier: Apache-2.0 */
#include "document/spoken.h"

#include "base/date.h"
#include "tariff/words.h"

enum { MILLI = 1000 };

/* ---- English numbers --------------------------------------------------------------------- */

static const char *const small_en[] = {"zero",    "one",     "two",       "three",    "four",
                                       "five",    "six",     "seven",     "eight",    "nine",
                                       "ten",     "eleven",  "twelve",    "thirteen", "fourteen",
                                       "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"};
static const char *const tens_en[] = {"",      "",      "twenty",  "thirty", "forty",
                                      "fifty", "sixty", "seventy", "eighty", "ninety"};

static void group_en(struct buf *out, unsigned group)
{
    if (group >= 100) {
        buf_printf(out, "%s hundred", small_en[group / 100]);
        group %= 100;
        if (group == 0) return;
        buf_add_char(out, ' ');
    }
    if (group < ARRAY_COUNT(small_en)) {
        buf_add(out, str_of(small_en[group]));
        return;
    }
    buf_add(out, str_of(tens_en[group / 10]));
    if (group % 10 > 0) buf_printf(out, " %s", small_en[group % 10]);
}

static void number_en(struct buf *out, uint64_t number)
{
    static const struct {
        uint64_t size;
        const char *name;
    } scales[] = {{1000000000, " billion"}, {1000000, " million"}, {1000, " thousand"}, {1, ""}};
    bool said = false;
    if (number >= UINT64_C(1000000000000)) {
        number_en(out, number / scales[0].size);
        buf_add(out, S(" billion"));
        number %= scales[0].size;
        said = true;
    }
    for (size_t i = 0; i < ARRAY_COUNT(scales); i++) {
        unsigned group = (unsigned)(number / scales[i].size % 1000);
        if (group == 0) continue;
        if (said) buf_add_char(out, ' ');
        group_en(out, group);
        buf_add(out, str_of(scales[i].name));
        said = true;
    }
    if (!said) buf_add(out, S("zero"));
}

/* ---- numbers ----------------------------------------------------------------------------- */

void spoken_number(struct buf *out, int64_t number, bool english)
{
    if (!english) {
        words_add_number(out, number, WORDS_NORTH);
        return;
    }
    if (number < 0) buf_add(out, S("minus "));
    number_en(out, number < 0 ? (uint64_t)0 - (uint64_t)number : (uint64_t)number);
}

void spoken_quantity(struct buf *out, int64_t milli, bool english)
{
    if (milli < 0) {
        buf_add(out, english ? S("minus ") : S("âm "));
        milli = -milli;
    }
    spoken_number(out, milli / MILLI, english);
    int64_t rest = milli % MILLI;
    if (rest == 0) return;
    buf_add(out, english ? S(" point") : S(" phẩy"));
    for (int64_t place = MILLI / 10; rest > 0; place /= 10) {
        buf_add_char(out, ' ');
        spoken_number(out, rest / place, english);
        rest %= place;
    }
}

void spoken_money(struct buf *out, int64_t vnd, bool english)
{
    spoken_number(out, vnd < 0 ? -vnd : vnd, english);
    buf_add(out, english ? S(" dong") : S(" đồng"));
}

/* ---- dates ------------------------------------------------------------------------------- */

static const char *const months_en[] = {"January",   "February", "March",    "April",
                                        "May",       "June",     "July",     "August",
                                        "September", "October",  "November", "December"};

/* "thirty first", "twelfth": days of a month. */
static void ordinal_en(struct buf *out, int day)
{
    static const char *const small[] = {"first",       "second",     "third",      "fourth",
                                        "fifth",       "sixth",      "seventh",    "eighth",
                                        "ninth",       "tenth",      "eleventh",   "twelfth",
                                        "thirteenth",  "fourteenth", "fifteenth",  "sixteenth",
                                        "seventeenth", "eighteenth", "nineteenth", "twentieth"};
    ASSERT(day >= 1 && day <= 31);
    if (day == 30) buf_add(out, S("thirtieth"));
    else if (day <= 20) buf_add(out, str_of(small[day - 1]));
    else buf_printf(out, "%s %s", tens_en[day / 10], small[day % 10 - 1]);
}

/* April is "tháng tư". */
static void month_vi(struct buf *out, int month)
{
    buf_add(out, S("tháng "));
    if (month == 4) buf_add(out, S("tư"));
    else spoken_number(out, month, false);
}

void spoken_month(struct buf *out, int32_t month, bool english)
{
    int in_year = month % 12 + 1;
    if (english) buf_printf(out, "%s ", months_en[in_year - 1]);
    else {
        month_vi(out, in_year);
        buf_add(out, S(" năm "));
    }
    spoken_number(out, month / 12, english);
}

/* The first ten days of a month are "mùng". */
void spoken_day(struct buf *out, int32_t day, bool english)
{
    int year, month, of_month;
    civil_from_day(day, &year, &month, &of_month);
    if (english) {
        buf_printf(out, "%s ", months_en[month - 1]);
        ordinal_en(out, of_month);
        buf_add(out, S(", "));
        spoken_number(out, year, true);
        return;
    }
    buf_add(out, of_month <= 10 ? S("ngày mùng ") : S("ngày "));
    spoken_number(out, of_month, false);
    buf_add_char(out, ' ');
    spoken_month(out, month_of_day(day), false);
}

/* ---- characters -------------------------------------------------------------------------- */

static const char *const letters_vi[] = {
    "a",     "bê", "xê",   "đê",    "e",      "ép phờ", "giê",   "hát", "i",
    "gi",    "ca", "e lờ", "em mờ", "en nờ",  "o",      "pê",    "quy", "e rờ",
    "ét xì", "tê", "u",    "vê",    "vê kép", "ích xì", "i dài", "dét"};

static void character(struct buf *out, char c, bool english)
{
    if (c >= 'a' && c <= 'z') c = (char)(c - 'a' + 'A');
    if (c >= '0' && c <= '9') spoken_number(out, c - '0', english);
    else if (english) buf_add_char(out, c);
    else buf_add(out, str_of(letters_vi[c - 'A']));
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

void spoken_code(struct buf *out, struct str code, bool english)
{
    bool said = false;
    for (size_t i = 0; i < code.n; i++) {
        char c = code.p[i];
        if (!is_letter(c) && !(c >= '0' && c <= '9')) continue;
        if (said) buf_add(out, S(", "));
        character(out, c, english);
        said = true;
    }
}

/* ---- sentences --------------------------------------------------------------------------- */

struct abbreviation {
    struct str sign, vi, en;
};

/* Longer ones stand before those that they begin with. */
static const struct abbreviation abbreviations[] = {
    {S_INIT("kWh"), S_INIT("ki lô oát giờ"), S_INIT("kilowatt hours")},
    {S_INIT("GTGT"), S_INIT("giá trị gia tăng"), S_INIT("value added tax")},
    {S_INIT("VAT"), S_INIT("giá trị gia tăng"), S_INIT("value added tax")},
    {S_INIT("VND"), S_INIT("đồng"), S_INIT("dong")},
    {S_INIT("%"), S_INIT(" phần trăm"), S_INIT(" per cent")},
    {S_INIT("/"), S_INIT(" trên "), S_INIT(" of ")},
    {S_INIT("&"), S_INIT(" và "), S_INIT(" and ")},
    {S_INIT("−"), S_INIT("giảm "), S_INIT("less ")},
    {S_INIT("–"), S_INIT(" đến "), S_INIT(" to ")},
};

static size_t abbreviated(struct buf *out, struct str text, bool english)
{
    for (size_t i = 0; i < ARRAY_COUNT(abbreviations); i++) {
        const struct abbreviation *a = &abbreviations[i];
        if (!str_starts(text, a->sign)) continue;
        buf_add(out, english ? a->en : a->vi);
        return a->sign.n;
    }
    return 0;
}

/* A run of digits; a group or place behind a point or comma belongs to it. Zeros in front, and runs
 * too long to be a quantity, are read digit by digit. */
static size_t digits(struct buf *out, struct str text, bool english)
{
    size_t n = 0;
    int64_t value;
    while (n < text.n && text.p[n] >= '0' && text.p[n] <= '9') n++;
    if (n == 0) return 0;
    struct str run = str_sub(text, 0, n);
    if ((n > 1 && run.p[0] == '0') || !str_to_i64(run, &value)) spoken_code(out, run, english);
    else spoken_number(out, value, english);
    bool fraction = n + 1 < text.n && text.p[n] == (english ? '.' : ',') && text.p[n + 1] >= '0' &&
                    text.p[n + 1] <= '9';
    if (!fraction) return n;
    buf_add(out, english ? S(" point") : S(" phẩy"));
    for (n++; n < text.n && text.p[n] >= '0' && text.p[n] <= '9'; n++) {
        buf_add_char(out, ' ');
        spoken_number(out, text.p[n] - '0', english);
    }
    return n;
}

/* Signs that a voice does not read. */
static bool is_mute(char c)
{
    static const char mute[] = "+*#_\"'()[]{}<>|\\=~^`@";
    for (size_t i = 0; i + 1 < sizeof mute; i++)
        if (c == mute[i]) return true;
    return false;
}

void spoken_text(struct buf *out, struct str text, bool english)
{
    for (size_t i = 0; i < text.n;) {
        struct str rest = str_sub(text, i, text.n);
        size_t taken = abbreviated(out, rest, english);
        if (taken == 0) taken = digits(out, rest, english);
        if (taken == 0) {
            char c = text.p[i] == '-' ? ' ' : text.p[i];
            if (!is_mute(c)) buf_add_char(out, c);
            taken = 1;
        }
        i += taken;
    }
}
