/* SPDX-License-Identifier: Apache-2.0 */
/* PNG to pixels, by cairo's reader. */
#include <cairo.h>
#include <string.h>

#include "base/memory.h"
#include "draw/photo_int.h"

enum { CHANNELS = 3, SOURCE_CHANNELS = 4, HEAD_BYTES = 24, OPAQUE = 255 };

static unsigned word_at(struct str png, size_t at)
{
    unsigned word = 0;
    for (size_t i = 0; i < 4; i++) word = word << 8 | (unsigned char)png.p[at + i];
    return word;
}

bool png_size(struct str png, unsigned *width, unsigned *height)
{
    static const struct str mark = S_INIT("\x89PNG\r\n\x1a\n");
    if (png.n < HEAD_BYTES || !str_starts(png, mark)) return false;
    *width = word_at(png, 16);
    *height = word_at(png, 20);
    return *width > 0 && *height > 0;
}

static cairo_status_t give_bytes(void *closure, unsigned char *bytes, unsigned count)
{
    struct str *rest = closure;
    if (rest->n < count) return CAIRO_STATUS_READ_ERROR;
    memcpy(bytes, rest->p, count);
    *rest = str_sub(*rest, count, rest->n);
    return CAIRO_STATUS_SUCCESS;
}

/* The mean of a square of pixels, over white: colours are premultiplied, so what is missing of the
 * opacity is white. */
static void mean_of_square(const unsigned char *data, size_t stride, unsigned every, bool alpha,
                           unsigned char *out)
{
    unsigned sums[CHANNELS] = {0}, count = every * every;
    for (unsigned y = 0; y < every; y++) {
        for (unsigned x = 0; x < every; x++) {
            const unsigned char *pixel = data + y * stride + (size_t)x * SOURCE_CHANNELS;
            uint32_t value;
            memcpy(&value, pixel, sizeof value);
            unsigned white = alpha ? OPAQUE - (value >> 24) : 0;
            for (unsigned c = 0; c < CHANNELS; c++)
                sums[c] += (value >> (16 - 8 * c) & OPAQUE) + white;
        }
    }
    for (unsigned c = 0; c < CHANNELS; c++) out[c] = (unsigned char)(sums[c] / count);
}

static bool take_pixels(cairo_surface_t *surface, unsigned every, struct pixels *out)
{
    cairo_format_t format = cairo_image_surface_get_format(surface);
    const unsigned char *data = cairo_image_surface_get_data(surface);
    size_t stride = (size_t)cairo_image_surface_get_stride(surface);
    if (format != CAIRO_FORMAT_ARGB32 && format != CAIRO_FORMAT_RGB24) return false;
    struct pixels pixels = {NULL, (unsigned)cairo_image_surface_get_width(surface) / every,
                            (unsigned)cairo_image_surface_get_height(surface) / every};
    if (pixels.width == 0 || pixels.height == 0) return false;
    pixels.p = memory_take((size_t)pixels.width * pixels.height * CHANNELS);
    if (pixels.p == NULL) return false;
    for (unsigned y = 0; y < pixels.height; y++)
        for (unsigned x = 0; x < pixels.width; x++)
            mean_of_square(data + (size_t)y * every * stride + (size_t)x * every * SOURCE_CHANNELS,
                           stride, every, format == CAIRO_FORMAT_ARGB32,
                           pixels.p + ((size_t)y * pixels.width + x) * CHANNELS);
    *out = pixels;
    return true;
}

bool png_decode(struct str png, unsigned every, struct pixels *out)
{
    cairo_surface_t *surface = cairo_image_surface_create_from_png_stream(give_bytes, &png);
    bool taken =
        cairo_surface_status(surface) == CAIRO_STATUS_SUCCESS && take_pixels(surface, every, out);
    cairo_surface_destroy(surface);
    return taken;
}
