/* SPDX-License-Identifier: Apache-2.0 */
/* The parts a photo is prepared with. */
#ifndef SANGDEN_DRAW_PHOTO_INT_H
#define SANGDEN_DRAW_PHOTO_INT_H

#include "base/buffer.h"
#include "draw/photo.h"

/* Pixels of three bytes: red, green, blue. */
struct pixels {
    unsigned char *p;
    unsigned width;
    unsigned height;
};

/* What stands in the segments of a JPEG. */
struct jpeg_outline {
    unsigned width;
    unsigned height;
    bool common; /* of a kind every reader of PDF shows */
    unsigned turn;
};

/* Reads the segments and adds the JPEG without remarks to out. False when it is none or is cut
 * short. */
bool jpeg_read_outline(struct str jpeg, struct jpeg_outline *outline, struct buf *out);

/* Decodes at so many eighths of its size into memory of memory_take; false when it cannot be. */
bool jpeg_decode(struct str jpeg, unsigned eighths, struct pixels *out);
/* Encodes at a quality of 1 to 100; false when it does not fit into out or memory. */
bool jpeg_encode(const struct pixels *pixels, int quality, struct buf *out);
/* Decodes a PNG over white at one of so many pixels; false when it cannot be. */
bool png_decode(struct str png, unsigned every, struct pixels *out);
/* Size of a PNG; false when it is none. */
bool png_size(struct str png, unsigned *width, unsigned *height);
void pixels_release(struct pixels *pixels);

#endif
