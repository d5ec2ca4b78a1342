/* SPDX-License-Identifier: Apache-2.0 */
#include "draw/picture_jpeg.h"

#include "base/memory.h"
#include "draw/canvas_int.h"
#include "draw/photo_int.h"

enum { CHANNELS = 3, RED_SHIFT = 16, GREEN_SHIFT = 8, CHANNEL = 255, CANVAS_BYTES = 65536 };

/* Draws as on a page; a canvas without a document is enough for that. */
static bool draw(struct typeface *typeface, cairo_surface_t *surface, double scale,
                 const struct picture *picture)
{
    struct canvas canvas = {.typeface = typeface, .surface = surface};
    arena_init(&canvas.arena, CANVAS_BYTES);
    canvas.cr = cairo_create(surface);
    cairo_set_source_rgb(canvas.cr, 1, 1, 1);
    cairo_paint(canvas.cr);
    canvas_picture(&canvas, (struct point){0, 0}, scale, picture);
    bool drawn = cairo_status(canvas.cr) == CAIRO_STATUS_SUCCESS && !canvas.arena.failed &&
                 !typeface_failed(typeface);
    cairo_destroy(canvas.cr);
    arena_release(&canvas.arena);
    return drawn;
}

/* cairo keeps a pixel as one number, xRGB. */
static void take_pixels(cairo_surface_t *surface, struct pixels *pixels)
{
    cairo_surface_flush(surface);
    const unsigned char *data = cairo_image_surface_get_data(surface);
    size_t stride = (size_t)cairo_image_surface_get_stride(surface);
    unsigned char *to = pixels->p;
    for (size_t y = 0; y < pixels->height; y++) {
        const uint32_t *row = (const void *)(data + y * stride);
        for (size_t x = 0; x < pixels->width; x++) {
            *to++ = row[x] >> RED_SHIFT & CHANNEL;
            *to++ = row[x] >> GREEN_SHIFT & CHANNEL;
            *to++ = row[x] & CHANNEL;
        }
    }
}

static bool encode(cairo_surface_t *surface, unsigned width, unsigned height, int quality,
                   struct buf *out)
{
    struct pixels pixels = {memory_take((size_t)width * height * CHANNELS), width, height};
    if (pixels.p == NULL) return false;
    take_pixels(surface, &pixels);
    bool done = jpeg_encode(&pixels, quality, out);
    pixels_release(&pixels);
    return done;
}

err_t picture_jpeg(struct typeface *typeface, const struct picture *picture, double scale,
                   int quality, struct buf *out, struct err *err)
{
    int width = (int)(picture->width * scale), height = (int)(picture->height * scale);
    ASSERT(width > 0 && height > 0);
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height);
    bool done = cairo_surface_status(surface) == CAIRO_STATUS_SUCCESS && picture_whole(picture) &&
                draw(typeface, surface, scale, picture) &&
                encode(surface, (unsigned)width, (unsigned)height, quality, out);
    cairo_surface_destroy(surface);
    return done ? OK : err_memory(err);
}
