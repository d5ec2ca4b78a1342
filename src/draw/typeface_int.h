/* SPDX-License-Identifier: Apache-2.0 */
/* Lines of glyphs, as cairo takes them. */
#ifndef SANGDEN_DRAW_TYPEFACE_INT_H
#define SANGDEN_DRAW_TYPEFACE_INT_H

#include <cairo.h>

#include "draw/typeface.h"

/* Glyphs of one line and how they belong to its text; valid until the next call. */
struct line {
    struct str text;  /* the part of the text that was set */
    struct str shown; /* what its glyphs say: a question mark for a letter that the face lacks */
    cairo_glyph_t *glyphs;
    int glyph_count;
    cairo_text_cluster_t *clusters;
    int cluster_count;
    double width;
};

/* Sets as much of the text as a line holds (LINE_GLYPHS_MAX), beginning at a baseline point. */
void typeface_line(struct typeface *typeface, struct str text, double size, enum weight weight,
                   struct point at, struct line *out);

/* The same for running text: a 1 has its own width, which leaves no gaps around it. */
void typeface_prose(struct typeface *typeface, struct str text, double size, enum weight weight,
                    struct point at, struct line *out);

/* The face at a size, for cairo_set_scaled_font; lives as long as the typeface. */
cairo_scaled_font_t *typeface_scaled(struct typeface *typeface, double size, enum weight weight);

/* Whether memory ran out since it was opened; lines may lack words then. */
bool typeface_failed(const struct typeface *typeface);

enum { LINE_GLYPHS_MAX = 1024 };

#endif
