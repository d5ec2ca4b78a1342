/* SPDX-License-Identifier: Apache-2.0 */
#include "draw/photo.h"

#include "draw/photo_int.h"

enum { EIGHTHS = 8, EVERY_MAX = 64, JPEG_START_BYTES = 2 };

static const int qualities[] = {80, 65, 50, 35};

static err_t refuse_bytes(struct err *err)
{
    err_set(err, E_INPUT, NULL, "Ảnh bị hỏng hoặc không phải JPEG hay PNG",
            "The photo is damaged, or no JPEG or PNG");
    return err_hint(err, "Chụp hoặc xuất lại ảnh dạng JPEG màu RGB",
                    "Take it again, or save it as a JPEG in RGB");
}

static err_t refuse_pixels(unsigned width, unsigned height, struct err *err)
{
    err_set(err, E_LIMIT, NULL, "Ảnh %ux%u điểm quá lớn", "A photo of %u×%u pixels is too large",
            width, height);
    return err_hint(err, "Thu nhỏ ảnh còn tối đa 64 triệu điểm",
                    "Make it smaller, at most 64 million pixels");
}

static err_t refuse_small(size_t bytes_max, struct err *err)
{
    err_set(err, E_LIMIT, NULL, "Ảnh không thu nhỏ được còn %zu byte",
            "The photo cannot be made smaller than %zu bytes", bytes_max);
    return err_hint(err, "Nâng giới hạn, hoặc cắt bớt phần không cần của ảnh",
                    "Raise the limit, or crop the photo");
}

static bool too_many(unsigned width, unsigned height)
{
    return (uint64_t)width * height > PHOTO_PIXELS_MAX;
}

static unsigned longer(unsigned width, unsigned height)
{
    return width > height ? width : height;
}

static err_t keep(struct arena *arena, const struct buf *jpeg, unsigned width, unsigned height,
                  unsigned turn, struct photo *out, struct err *err)
{
    struct str copy = arena_str(arena, buf_str(jpeg));
    if (copy.n < jpeg->n) return err_memory(err);
    *out = (struct photo){copy, width, height, turn};
    return OK;
}

/* Encodes at falling qualities until it fits; *out_fits tells. */
static err_t encode_to_fit(struct arena *arena, const struct pixels *pixels, unsigned turn,
                           struct buf *jpeg, bool *out_fits, struct photo *out, struct err *err)
{
    *out_fits = false;
    for (size_t i = 0; i < ARRAY_COUNT(qualities); i++) {
        buf_reset(jpeg);
        if (!jpeg_encode(pixels, qualities[i], jpeg)) continue;
        *out_fits = true;
        return keep(arena, jpeg, pixels->width, pixels->height, turn, out, err);
    }
    return OK;
}

static err_t shrink_jpeg(struct arena *arena, struct str bytes, const struct jpeg_outline *outline,
                         struct buf *jpeg, struct photo *out, struct err *err)
{
    unsigned eighths = EIGHTHS, edge = longer(outline->width, outline->height);
    while (eighths > 1 && edge * eighths / EIGHTHS > PHOTO_EDGE_MAX) eighths--;
    for (; eighths >= 1; eighths--) {
        struct pixels pixels;
        bool fits;
        if (!jpeg_decode(bytes, eighths, &pixels)) return refuse_bytes(err);
        err_t e = encode_to_fit(arena, &pixels, outline->turn, jpeg, &fits, out, err);
        pixels_release(&pixels);
        if (e != OK || fits) return e;
    }
    return refuse_small(jpeg->max_bytes, err);
}

static err_t shrink_png(struct arena *arena, struct str bytes, unsigned edge, struct buf *jpeg,
                        struct photo *out, struct err *err)
{
    unsigned every = (edge + PHOTO_EDGE_MAX - 1) / PHOTO_EDGE_MAX;
    for (; every <= EVERY_MAX && every <= edge; every *= 2) {
        struct pixels pixels;
        bool fits;
        if (!png_decode(bytes, every, &pixels)) return refuse_bytes(err);
        err_t e = encode_to_fit(arena, &pixels, 1, jpeg, &fits, out, err);
        pixels_release(&pixels);
        if (e != OK || fits) return e;
    }
    return refuse_small(jpeg->max_bytes, err);
}

static err_t prepare(struct arena *arena, struct str bytes, struct buf *jpeg, struct photo *out,
                     struct err *err)
{
    struct jpeg_outline outline;
    unsigned width, height;
    if (png_size(bytes, &width, &height)) {
        if (too_many(width, height)) return refuse_pixels(width, height, err);
        return shrink_png(arena, bytes, longer(width, height), jpeg, out, err);
    }
    if (!jpeg_read_outline(bytes, &outline, jpeg)) return refuse_bytes(err);
    if (too_many(outline.width, outline.height))
        return refuse_pixels(outline.width, outline.height, err);
    if (outline.common && !jpeg->failed)
        return keep(arena, jpeg, outline.width, outline.height, outline.turn, out, err);
    return shrink_jpeg(arena, bytes, &outline, jpeg, out, err);
}

err_t photo_prepare(struct arena *arena, struct str bytes, size_t bytes_max, struct photo *out,
                    struct err *err)
{
    struct buf jpeg;
    buf_init(&jpeg, bytes_max);
    err_t e = prepare(arena, bytes, &jpeg, out, err);
    buf_release(&jpeg);
    return e;
}

/* EXIF (a TIFF of one entry, CIPA DC-008) with the orientation alone. */
void photo_file_add(struct buf *out, const struct photo *photo)
{
    static const char before[] = "\xFF\xE1\x00\x22"
                                 "Exif\0\0MM\0\x2A\0\0\0\x08\0\x01\x01\x12\0\x03"
                                 "\0\0\0\x01\0";
    static const char behind[] = "\0\0\0\0\0\0";
    size_t head = photo->turn == 1 ? 0 : JPEG_START_BYTES;
    if (head > 0) {
        buf_add(out, str_sub(photo->jpeg, 0, head));
        buf_add(out, (struct str){before, sizeof before - 1});
        buf_add_char(out, (char)photo->turn);
        buf_add(out, (struct str){behind, sizeof behind - 1});
    }
    buf_add(out, str_sub(photo->jpeg, head, photo->jpeg.n));
}
