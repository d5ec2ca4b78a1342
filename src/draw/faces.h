/* SPDX-License-Identifier: Apache-2.0 */
/* The two embedded faces, opened once for the whole program and never closed: cairo keeps fonts
 * beyond the documents they were used in.
 * Threads: safe. */
#ifndef SANGDEN_DRAW_FACES_H
#define SANGDEN_DRAW_FACES_H

#include <cairo.h>
#include <hb.h>

#include "base/str.h"

enum { FACE_REGULAR, FACE_STRONG, FACE_COUNT };

struct face {
    struct str file;
    hb_font_t *shaper; /* in units of the face */
    unsigned units;    /* of one size */
    cairo_font_face_t *painter;
};

/* NULL when there is no memory. */
const struct face *face_of(int which);

#endif
