/* SPDX-License-Identifier: Apache-2.0 */
/* SHA-256 against the vectors of FIPS 180-4 and in pieces of every size. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/hash.h"

static void check(struct str bytes, const char *expected)
{
    char text[HASH_TEXT_BYTES];
    struct hash hash = hash_of(bytes);
    assert_true(str_equal(hash_text(&hash, text), str_of(expected)));
}

static void known_vectors(void **state)
{
    (void)state;
    check(S(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    check(S("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    check(S("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
          "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

static void a_million_letters(void **state)
{
    (void)state;
    char block[1000], text[HASH_TEXT_BYTES];
    struct hash_state hashing;
    memset(block, 'a', sizeof block);
    hash_init(&hashing);
    for (int i = 0; i < 1000; i++) hash_add(&hashing, (struct str){block, sizeof block});
    struct hash hash = hash_finish(&hashing);
    assert_true(str_equal(hash_text(&hash, text),
                          S("cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")));
}

static void pieces_do_not_matter(void **state)
{
    (void)state;
    char text[300];
    for (size_t i = 0; i < sizeof text; i++) text[i] = (char)(i * 7);
    for (size_t size = 0; size < sizeof text; size++) {
        struct hash whole = hash_of((struct str){text, size});
        for (size_t piece = 1; piece < 130; piece += 9) {
            struct hash_state hashing;
            hash_init(&hashing);
            for (size_t at = 0; at < size; at += piece)
                hash_add(&hashing, str_sub((struct str){text, size}, at, piece));
            struct hash parts = hash_finish(&hashing);
            assert_memory_equal(parts.byte, whole.byte, HASH_BYTES);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_vectors),
        cmocka_unit_test(a_million_letters),
        cmocka_unit_test(pieces_do_not_matter),
    };
    return cmocka_run_group_tests_name("hash", tests, NULL, NULL);
}
