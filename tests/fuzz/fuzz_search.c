/* SPDX-License-Identifier: Apache-2.0 */
/* What is typed into the box of the care centre, and what is recorded of people: keys are short and
 * whole characters, and asking a key again gives it back. */
#include "fuzz.h"

#include "base/text.h"
#include "registry/search_words.h"

enum { ARENA_BYTES = 1 << 20 };

static void check_keys(struct arena *arena, enum search_kind kind, struct str text)
{
    struct search_keys keys;
    struct err err;
    if (search_keys_of(arena, kind, text, &keys, &err) != OK) return;
    ASSERT(keys.count <= SEARCH_KEYS_MAX);
    for (size_t i = 0; i < keys.count; i++) {
        size_t bad;
        ASSERT(keys.key[i].n > 0 && keys.key[i].n <= SEARCH_KEY_BYTES);
        ASSERT(str_is_utf8(keys.key[i], &bad));
    }
    if (kind != SEARCH_name || keys.count == 0) return;
    struct search_keys again;
    err_t e = search_keys_of(arena, kind, keys.key[0], &again, &err);
    ASSERT(e == OK && again.count > 0 && str_equal(again.key[0], keys.key[0]));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;
    struct str text = {(const char *)data, size};
    arena_init(&arena, ARENA_BYTES);
    for (int kind = SEARCH_account; kind <= SEARCH_address; kind++)
        check_keys(&arena, (enum search_kind)kind, text);
    struct str phone = search_phone_of(&arena, text);
    for (size_t i = 0; i < phone.n; i++) ASSERT(phone.p[i] >= '0' && phone.p[i] <= '9');
    arena_release(&arena);
    return 0;
}
