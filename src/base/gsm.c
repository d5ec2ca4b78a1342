/* SPDX-License-Identifier: Apache-2.0 */
#include "base/gsm.h"

enum { BASIC_PLANE_END = 0x10000 };

/* Letters of GSM 03.38 beyond ASCII. */
static const uint32_t beyond_ascii[] = {
    0xA3,  0xA5,  0xE8,  0xE9,  0xF9,  0xEC,  0xF2,  0xC7,  0xD8,  0xF8, 0xC5, 0xE5, 0x394,
    0x3A6, 0x393, 0x39B, 0x3A9, 0x3A0, 0x3A8, 0x3A3, 0x398, 0x39E, 0xC6, 0xE6, 0xDF, 0xC9,
    0xA4,  0xA1,  0xC4,  0xD6,  0xD1,  0xDC,  0xA7,  0xBF,  0xE4,  0xF6, 0xF1, 0xFC, 0xE0};

/* The next character; the text is not empty. */
static uint32_t take(struct str *text)
{
    const unsigned char *p = (const unsigned char *)text->p;
    size_t bytes = p[0] < 0x80 ? 1 : p[0] < 0xE0 ? 2 : p[0] < 0xF0 ? 3 : 4;
    uint32_t letter = bytes == 1 ? p[0] : p[0] & (0x7Fu >> bytes);
    for (size_t i = 1; i < bytes && i < text->n; i++) letter = letter << 6 | (p[i] & 0x3F);
    *text = str_sub(*text, bytes, text->n);
    return letter;
}

static bool is_extension(uint32_t letter)
{
    static const char ascii[] = "^{}[]~\\|\f";
    for (size_t i = 0; i + 1 < sizeof ascii; i++)
        if (letter == (unsigned char)ascii[i]) return true;
    return letter == 0x20AC;
}

/* Septets of a letter: 1, 2, or 0 when GSM 03.38 does not have it. */
static size_t septets(uint32_t letter)
{
    if (is_extension(letter)) return 2;
    if (letter == '`' || letter == 0x7F) return 0;
    if (letter >= 0x20 && letter < 0x7F) return 1;
    if (letter == '\n' || letter == '\r') return 1;
    for (size_t i = 0; i < ARRAY_COUNT(beyond_ascii); i++)
        if (letter == beyond_ascii[i]) return 1;
    return 0;
}

static bool all_gsm(struct str text)
{
    while (text.n > 0)
        if (septets(take(&text)) == 0) return false;
    return true;
}

static size_t units_of(uint32_t letter, bool gsm)
{
    if (gsm) return septets(letter);
    return letter < BASIC_PLANE_END ? 1 : 2;
}

/* Parts of that size, no letter divided. */
static size_t count_parts(struct str text, bool gsm, size_t size)
{
    size_t parts = 0, left = 0;
    while (text.n > 0) {
        size_t units = units_of(take(&text), gsm);
        if (units > left) {
            parts++;
            left = size;
        }
        left -= units;
    }
    return parts;
}

struct message_size message_size(struct str text)
{
    struct message_size size = {.gsm = all_gsm(text)};
    for (struct str rest = text; rest.n > 0;) size.units += units_of(take(&rest), size.gsm);
    size_t one = size.gsm ? GSM_ONE_PART : UCS2_ONE_PART;
    size_t many = size.gsm ? GSM_MANY_PARTS : UCS2_MANY_PARTS;
    if (size.units > 0) size.parts = size.units <= one ? 1 : count_parts(text, size.gsm, many);
    return size;
}
