/* SPDX-License-Identifier: Apache-2.0 */
#include "identity/token_int.h"

#include <sodium.h>

#include "base/clock.h"

void token_make(char out[TOKEN_BYTES])
{
    unsigned char bytes[(TOKEN_BYTES - 1) / 2];
    struct buf text;
    random_bytes(bytes, sizeof bytes);
    buf_init_fixed(&text, out, TOKEN_BYTES);
    buf_add_hex(&text, bytes, sizeof bytes);
    sodium_memzero(bytes, sizeof bytes);
}

bool token_hash(struct str token, char out[HASH_TEXT_BYTES])
{
    if (token.n != TOKEN_BYTES - 1) return false;
    for (size_t i = 0; i < token.n; i++) {
        char c = token.p[i];
        if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) return false;
    }
    struct hash hash = hash_of(token);
    hash_text(&hash, out);
    return true;
}

bool text_same(struct str a, struct str b)
{
    return a.n == b.n && sodium_memcmp(a.p, b.p, a.n) == 0;
}

struct str seen_text(struct str text, size_t bytes_max)
{
    size_t bad;
    text = str_first(text, bytes_max);
    return text.n > 0 && str_is_utf8(text, &bad) ? text : S("");
}
