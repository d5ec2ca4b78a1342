/* SPDX-License-Identifier: Apache-2.0 */
/* JPEG to pixels and back. The library leaves a failed call by longjmp; everything that must be
 * given back then is held outside the function that sets the mark. */
#include <setjmp.h>
#include <stddef.h>
#include <stdio.h>

#include <jpeglib.h>

#include "base/memory.h"
#include "draw/photo_int.h"

enum { CHANNELS = 3, EIGHTHS = 8, CHUNK_BYTES = 4096 };

struct failing {
    struct jpeg_error_mgr base;
    jmp_buf mark;
};

static void leave(j_common_ptr codec)
{
    longjmp(((struct failing *)(void *)codec->err)->mark, 1);
}

/* Cameras leave harmless oddities that the library warns of. */
static void say_nothing(j_common_ptr codec, int level)
{
    (void)codec;
    (void)level;
}

static void fail_quietly(struct failing *failing)
{
    jpeg_std_error(&failing->base);
    failing->base.error_exit = leave;
    failing->base.emit_message = say_nothing;
}

static size_t bytes_of(const struct pixels *pixels)
{
    return (size_t)pixels->width * pixels->height * CHANNELS;
}

void pixels_release(struct pixels *pixels)
{
    memory_give(pixels->p, bytes_of(pixels));
    *pixels = (struct pixels){0};
}

/* ---- reading ----------------------------------------------------------------------------- */

static void decode(struct jpeg_decompress_struct *codec, struct str jpeg, unsigned eighths,
                   struct pixels *pixels)
{
    jpeg_mem_src(codec, (const unsigned char *)jpeg.p, jpeg.n);
    jpeg_read_header(codec, TRUE);
    codec->out_color_space = JCS_RGB;
    codec->scale_num = eighths;
    codec->scale_denom = EIGHTHS;
    jpeg_start_decompress(codec);
    *pixels = (struct pixels){NULL, codec->output_width, codec->output_height};
    pixels->p = memory_take(bytes_of(pixels));
    if (pixels->p == NULL) leave((j_common_ptr)codec);
    while (codec->output_scanline < codec->output_height) {
        JSAMPROW row = pixels->p + (size_t)codec->output_scanline * pixels->width * CHANNELS;
        jpeg_read_scanlines(codec, &row, 1);
    }
    jpeg_finish_decompress(codec);
}

bool jpeg_decode(struct str jpeg, unsigned eighths, struct pixels *out)
{
    struct jpeg_decompress_struct codec;
    struct failing failing;
    struct pixels *volatile pixels = out;
    *out = (struct pixels){0};
    codec.err = &failing.base;
    fail_quietly(&failing);
    if (setjmp(failing.mark) != 0) {
        jpeg_destroy_decompress(&codec);
        if (pixels->p != NULL) pixels_release(pixels);
        return false;
    }
    jpeg_create_decompress(&codec);
    decode(&codec, jpeg, eighths, out);
    jpeg_destroy_decompress(&codec);
    return true;
}

/* ---- writing ----------------------------------------------------------------------------- */

/* Where encoded bytes go: through a small piece of memory into a buffer. */
struct sink {
    struct jpeg_destination_mgr base;
    struct buf *out;
    unsigned char chunk[CHUNK_BYTES];
};

static void begin_chunk(j_compress_ptr codec)
{
    struct sink *sink = (struct sink *)(void *)codec->dest;
    sink->base.next_output_byte = sink->chunk;
    sink->base.free_in_buffer = CHUNK_BYTES;
}

static boolean flush_chunk(j_compress_ptr codec)
{
    struct sink *sink = (struct sink *)(void *)codec->dest;
    buf_add(sink->out, (struct str){(const char *)sink->chunk, CHUNK_BYTES});
    if (sink->out->failed) leave((j_common_ptr)codec);
    begin_chunk(codec);
    return TRUE;
}

static void end_chunks(j_compress_ptr codec)
{
    struct sink *sink = (struct sink *)(void *)codec->dest;
    buf_add(sink->out,
            (struct str){(const char *)sink->chunk, CHUNK_BYTES - sink->base.free_in_buffer});
}

static void encode(struct jpeg_compress_struct *codec, const struct pixels *pixels, int quality)
{
    codec->image_width = pixels->width;
    codec->image_height = pixels->height;
    codec->input_components = CHANNELS;
    codec->in_color_space = JCS_RGB;
    jpeg_set_defaults(codec);
    jpeg_set_quality(codec, quality, TRUE);
    codec->optimize_coding = TRUE;
    codec->write_JFIF_header = FALSE;
    jpeg_start_compress(codec, TRUE);
    while (codec->next_scanline < codec->image_height) {
        JSAMPROW row = pixels->p + (size_t)codec->next_scanline * pixels->width * CHANNELS;
        jpeg_write_scanlines(codec, &row, 1);
    }
    jpeg_finish_compress(codec);
}

bool jpeg_encode(const struct pixels *pixels, int quality, struct buf *out)
{
    struct jpeg_compress_struct codec;
    struct failing failing;
    struct sink sink = {.base = {.init_destination = begin_chunk,
                                 .empty_output_buffer = flush_chunk,
                                 .term_destination = end_chunks},
                        .out = out};
    codec.err = &failing.base;
    fail_quietly(&failing);
    if (setjmp(failing.mark) != 0) {
        jpeg_destroy_compress(&codec);
        return false;
    }
    jpeg_create_compress(&codec);
    codec.dest = &sink.base;
    encode(&codec, pixels, quality);
    jpeg_destroy_compress(&codec);
    return !out->failed;
}
