/* SPDX-License-Identifier: Apache-2.0 */
/* Photos on a page: the JPEG goes into the file as it is. */
#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "draw/canvas_int.h"

enum { TURNS = 8, TURNED_FROM = 5 };

/* Bytes that cairo gives back when the document is finished. */
struct held {
    size_t size;
    unsigned char bytes[];
};

static void give_back(void *closure)
{
    struct held *held = closure;
    memory_give(held, sizeof *held + held->size);
}

/* An image without content that carries the JPEG; cairo asks for nothing else of it. */
static cairo_surface_t *carry(const struct photo *photo)
{
    struct held *held = memory_take(sizeof *held + photo->jpeg.n);
    if (held == NULL) return NULL;
    held->size = photo->jpeg.n;
    memcpy(held->bytes, photo->jpeg.p, photo->jpeg.n);
    cairo_surface_t *surface =
        cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)photo->width, (int)photo->height);
    if (cairo_surface_set_mime_data(surface, CAIRO_MIME_TYPE_JPEG, held->bytes, held->size,
                                    give_back, held) == CAIRO_STATUS_SUCCESS)
        return surface;
    give_back(held);
    cairo_surface_destroy(surface);
    return NULL;
}

/* From the unit square of the stored photo to that of the upright one, by EXIF orientation. */
static void turn(cairo_t *cr, unsigned orientation)
{
    static const double turns[TURNS][6] = {
        {1, 0, 0, 1, 0, 0}, {-1, 0, 0, 1, 1, 0}, {-1, 0, 0, -1, 1, 1}, {1, 0, 0, -1, 0, 1},
        {0, 1, 1, 0, 0, 0}, {0, 1, -1, 0, 1, 0}, {0, -1, -1, 0, 1, 1}, {0, -1, 1, 0, 0, 1}};
    const double *t = turns[orientation - 1];
    cairo_matrix_t matrix;
    cairo_matrix_init(&matrix, t[0], t[1], t[2], t[3], t[4], t[5]);
    cairo_transform(cr, &matrix);
}

struct rect canvas_photo(struct canvas *canvas, const struct photo *photo, struct rect box)
{
    bool lying = photo->turn >= TURNED_FROM;
    double width = lying ? photo->height : photo->width,
           height = lying ? photo->width : photo->height;
    double scale = fmin(box.width / width, box.height / height);
    struct rect shown = {box.x, box.y, width * scale, height * scale};
    cairo_surface_t *image = carry(photo);
    if (image == NULL) {
        canvas->arena.failed = true;
        return shown;
    }
    cairo_save(canvas->cr);
    cairo_translate(canvas->cr, shown.x, shown.y);
    cairo_scale(canvas->cr, shown.width, shown.height);
    turn(canvas->cr, photo->turn);
    cairo_scale(canvas->cr, 1.0 / photo->width, 1.0 / photo->height);
    cairo_set_source_surface(canvas->cr, image, 0, 0);
    cairo_paint(canvas->cr);
    cairo_restore(canvas->cr);
    cairo_surface_destroy(image);
    return shown;
}
