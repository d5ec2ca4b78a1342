/* SPDX-License-Identifier: Apache-2.0 */
/* Packed documents: they come back whole, and take no more room than they have bytes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "document/pack.h"

enum { PIECE_BYTES = 512 * 1024, PIECES = 40, KEPT_BYTES = 1 << 20 };

static char piece[PIECE_BYTES];

/* A table of a million rows is some hundred megabytes, and a tenth of it when packed: its pieces
 * are kept together until the table is signed. */
static void packed_takes_what_it_has(void **state)
{
    (void)state;
    struct arena kept, room;
    struct str packed[PIECES], back;
    arena_init(&kept, KEPT_BYTES);
    arena_init(&room, 2 * PIECE_BYTES);
    for (int i = 0; i < PIECES; i++) {
        for (size_t k = 0; k < sizeof piece; k++) piece[k] = (char)('a' + (k / 7 + (size_t)i) % 26);
        assert_true(pack_bytes(&kept, (struct str){piece, sizeof piece}, &packed[i]));
    }
    for (size_t k = 0; k < sizeof piece; k++)
        piece[k] = (char)('a' + (k / 7 + (size_t)PIECES - 1) % 26);
    assert_true(unpack_bytes(&room, packed[PIECES - 1], PIECE_BYTES, &back));
    assert_memory_equal(back.p, piece, PIECE_BYTES);
    arena_release(&room);
    arena_release(&kept);
}

static void what_was_changed_is_refused(void **state)
{
    (void)state;
    struct arena arena;
    struct str packed, back;
    arena_init(&arena, KEPT_BYTES);
    assert_true(pack_bytes(&arena, S("<DLHDon/>"), &packed));
    assert_false(unpack_bytes(&arena, packed, 8, &back));
    assert_false(unpack_bytes(&arena, packed, 10, &back));
    assert_false(unpack_bytes(&arena, S("x"), 9, &back));
    assert_true(unpack_bytes(&arena, packed, 9, &back));
    assert_true(str_equal(back, S("<DLHDon/>")));
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(packed_takes_what_it_has),
        cmocka_unit_test(what_was_changed_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
