/* SPDX-License-Identifier: Apache-2.0 */
/* Photos from outside: whatever comes in is refused in words, or is made to fit and can be read
 * again. */
#include "fuzz.h"

#include "draw/photo.h"

enum { ARENA_BYTES = 4 << 20, SMALL_BYTES = 900 };

static void check_prepared(struct str bytes, size_t bytes_max)
{
    struct arena arena;
    struct photo photo;
    struct err err = {0};
    arena_init(&arena, ARENA_BYTES);
    err_t status = photo_prepare(&arena, bytes, bytes_max, &photo, &err);
    if (status == OK) {
        ASSERT(photo.jpeg.n <= bytes_max && photo.turn >= 1 && photo.turn <= 8);
        ASSERT(photo.width > 0 && photo.height > 0);
    } else {
        ASSERT(status == E_INPUT || status == E_LIMIT || status == E_MEMORY);
        ASSERT(err.vi.message[0] != '\0' && err.en.hint[0] != '\0');
    }
    arena_release(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str bytes = {(const char *)data, size};
    check_prepared(bytes, PHOTO_BYTES_MAX);
    check_prepared(bytes, SMALL_BYTES);
    return 0;
}
