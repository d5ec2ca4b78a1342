/* SPDX-License-Identifier: Apache-2.0 */
#include "identity/mask.h"

#define HIDDEN S("···")
enum { PHONE_SHOWN = 3, PHONE_LEAST = 6 };

/* Bytes of the first character of well-formed UTF-8. */
static size_t character_bytes(struct str text)
{
    size_t n = 1;
    while (n < text.n && ((unsigned char)text.p[n] & 0xc0) == 0x80) n++;
    return text.n == 0 ? 0 : n;
}

void mask_phone(struct buf *out, struct str phone)
{
    phone = str_trim(phone);
    if (phone.n == 0) return;
    buf_add(out, HIDDEN);
    if (phone.n >= PHONE_LEAST) buf_add(out, str_sub(phone, phone.n - PHONE_SHOWN, PHONE_SHOWN));
}

void mask_name(struct buf *out, struct str name)
{
    struct str rest = str_trim(name), word;
    bool first = true;
    while (str_split(&rest, ' ', &word)) {
        if (word.n == 0) continue;
        bool last = rest.n == 0;
        if (!first) buf_add_char(out, ' ');
        if (last && !first) buf_add(out, word);
        else {
            buf_add(out, str_sub(word, 0, character_bytes(word)));
            buf_add(out, HIDDEN);
        }
        first = false;
    }
}

void mask_address(struct buf *out, struct str address)
{
    size_t comma = address.n;
    if (str_trim(address).n == 0) return;
    while (comma > 0 && address.p[comma - 1] != ',') comma--;
    buf_add(out, HIDDEN);
    if (comma == 0) return;
    buf_add(out, S(", "));
    buf_add(out, str_trim(str_sub(address, comma, address.n)));
}

/* A word with a digit anywhere is a number: "12", "12/4B", "K3". A comma behind it stays. */
static void mask_word(struct buf *out, struct str word)
{
    bool number = false;
    for (size_t i = 0; i < word.n; i++) number |= word.p[i] >= '0' && word.p[i] <= '9';
    if (!number) buf_add(out, word);
    else buf_add(out, HIDDEN);
    if (number && word.p[word.n - 1] == ',') buf_add_char(out, ',');
}

void mask_house(struct buf *out, struct str address)
{
    struct str rest = str_trim(address), word;
    bool first = true;
    while (str_split(&rest, ' ', &word)) {
        if (word.n == 0) continue;
        if (!first) buf_add_char(out, ' ');
        mask_word(out, word);
        first = false;
    }
}

void mask_email(struct buf *out, struct str email)
{
    size_t at = str_find(email, '@');
    if (email.n == 0) return;
    if (at > 0 && at < email.n) buf_add(out, str_sub(email, 0, character_bytes(email)));
    buf_add(out, HIDDEN);
    if (at > 0 && at < email.n) buf_add(out, str_sub(email, at, email.n));
}

void mask_by_class(struct buf *out, enum privacy privacy, struct str text)
{
    if (privacy_may_show(privacy)) buf_add(out, text);
    else if (privacy == PRIVACY_PERSONAL && text.n > 0) buf_add(out, HIDDEN);
}
