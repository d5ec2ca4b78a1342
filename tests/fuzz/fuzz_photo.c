/* SPDX-License-Identifier: Apache-2.0 */
/* Photos from outside: whatever comes in is refused in words, or is made to fit and can be read
 * again. */
#include "fuzz.h"

#include "draw/photo_int.h"

enum { ARENA_BYTES = 4 << 20, PIXELS_MAX = 1 << 20, SMALL_BYTES = 900 };

/* What claims to be huge is slow, not wrong. */
static bool is_huge(struct str bytes)
{
    struct jpeg_outline outline;
    struct buf out;
    unsigned width = 0, height = 0;
    buf_init(&out, ARENA_BYTES);
    if (jpeg_read_outline(bytes, &outline, &out)) {
        width = outline.width;
        height = outline.height;
    }
    buf_release(&out);
    return (png_size(bytes, &width, &height) || width > 0) && (uint64_t)width * height > PIXELS_MAX;
}

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
    if (is_huge(bytes)) return 0;
    check_prepared(bytes, PHOTO_BYTES_MAX);
    check_prepared(bytes, SMALL_BYTES);
    return 0;
}
