/* SPDX-License-Identifier: Apache-2.0 */
/* A canvas from inside: what the files that draw on it share. */
#ifndef SANGDEN_DRAW_CANVAS_INT_H
#define SANGDEN_DRAW_CANVAS_INT_H

#include <cairo.h>

#include "draw/canvas.h"
#include "draw/typeface_int.h"

enum { OUTLINE_DEPTH_MAX = 4 };

struct link {
    struct rect box;
    struct str address;
    size_t page; /* from 1 */
    double page_height;
    size_t place; /* in the finished file */
    struct link *next;
};

struct canvas {
    struct typeface *typeface;
    cairo_surface_t *surface;
    cairo_t *cr;
    struct buf pdf;
    bool too_large;
    struct arena arena; /* links and what finishing needs */
    struct link *links;
    struct link **links_end;
    size_t pages;
    double page_height;
    int outline[OUTLINE_DEPTH_MAX + 1]; /* last entry of each level; 0 is the root */
    char language[16];
    cairo_scaled_font_t *font; /* what the next text and shape would be drawn with */
    enum paint_role role;
    double tint;
};

/* Fills and strokes the current path and forgets it. */
void canvas_paint(struct canvas *canvas, const struct style *style);
/* Draws with this colour from now on. */
void canvas_use_role(struct canvas *canvas, enum paint_role role, double tint);
/* Adds the document that cairo has finished to out. */
NODISCARD bool canvas_add_finished(struct canvas *canvas, struct buf *out);

#endif
