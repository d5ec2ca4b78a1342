/* SPDX-License-Identifier: Apache-2.0 */
#include "base/base32.h"

#include <string.h>

const char code_alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
static const char rfc_alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/* The five bits from a bit on. */
static unsigned five_bits(const unsigned char *bytes, size_t size, size_t bit)
{
    unsigned at = (unsigned)(bit % 8), high = bytes[bit / 8];
    unsigned low = bit / 8 + 1 < size ? bytes[bit / 8 + 1] : 0;
    return (high << 8 | low) >> (16 - CODE_CHARACTER_BITS - at) & 31;
}

struct str code_write(const unsigned char *bytes, size_t characters, char *out)
{
    struct buf code;
    size_t size = (characters * CODE_CHARACTER_BITS + 7) / 8;
    buf_init_fixed(&code, out, CODE_TEXT_BYTES(characters));
    for (size_t i = 0; i < characters; i++) {
        if (i > 0 && i % CODE_GROUP == 0) buf_add_char(&code, '-');
        buf_add_char(&code, code_alphabet[five_bits(bytes, size, i * CODE_CHARACTER_BITS)]);
    }
    return buf_str(&code);
}

static char one_form(char c)
{
    if (c >= 'a' && c <= 'z') c = (char)(c - 'a' + 'A');
    if (c == 'O') return '0';
    return c == 'I' || c == 'L' ? '1' : c;
}

bool code_read(struct str typed, size_t characters, char *out)
{
    struct buf code;
    size_t count = 0;
    buf_init_fixed(&code, out, CODE_TEXT_BYTES(characters));
    for (size_t i = 0; i < typed.n; i++) {
        char c = one_form(typed.p[i]);
        if (c == '-' || c == ' ') continue;
        if (c == '\0' || strchr(code_alphabet, c) == NULL || count == characters) return false;
        if (count > 0 && count % CODE_GROUP == 0) buf_add_char(&code, '-');
        buf_add_char(&code, c);
        count++;
    }
    return count == characters;
}

void buf_add_base32(struct buf *buf, const void *bytes, size_t size)
{
    for (size_t bit = 0; bit < size * 8; bit += CODE_CHARACTER_BITS)
        buf_add_char(buf, rfc_alphabet[five_bits(bytes, size, bit)]);
}
