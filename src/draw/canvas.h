/* SPDX-License-Identifier: Apache-2.0 */
/* A PDF document in the making: pages, text, pictures, photos, links.
 *
 *   canvas_open ─► canvas_page ─► canvas_text, canvas_paragraph, canvas_picture, … ─► canvas_close
 *                      ▲──────────────────────────────────────────────┘              bytes in a buf
 *
 * Lengths are points, the origin is the top left corner of the page, texts stand by their baseline.
 * Text is real: it can be searched, copied and read aloud, with Vietnamese marks. The same calls
 * give the same bytes on every machine and day: the creation date is an argument. Only the glyphs
 * that are used are in the file.
 * What fails while drawing (memory, the limit of bytes) is kept and told by canvas_close.
 * Ownership: canvas_close or canvas_cancel gives everything back; the typeface must live until
 * then. Threads: one canvas belongs to one thread, the one of its typeface. */
#ifndef SANGDEN_DRAW_CANVAS_H
#define SANGDEN_DRAW_CANVAS_H

#include "base/buffer.h"
#include "base/error.h"
#include "draw/photo.h"
#include "draw/picture.h"
#include "draw/typeface.h"

/* A4 in points. */
#define PAGE_A4_WIDTH  595.276
#define PAGE_A4_HEIGHT 841.89

struct canvas;

/* What a document says about itself; all may be empty but title. */
struct canvas_about {
    struct str title;
    struct str author;
    struct str subject;
    struct str keywords;
    struct str language; /* "vi-VN" */
    int64_t created_ms;  /* shown in Vietnam time */
};

/* A document of at most limit_bytes. E_MEMORY. */
NODISCARD err_t canvas_open(struct typeface *typeface, const struct canvas_about *about,
                            size_t limit_bytes, struct canvas **out, struct err *err);
/* Ends the document of at least one page and adds its bytes. E_LIMIT, E_MEMORY, E_INPUT where a
 * text was no UTF-8; then nothing was added. The canvas is gone in any case. */
NODISCARD err_t canvas_close(struct canvas *canvas, struct buf *out, struct err *err);
/* Forgets the document; NULL is accepted. */
void canvas_cancel(struct canvas *canvas);

/* Begins the next page; everything else stands on a page. */
void canvas_page(struct canvas *canvas, double width, double height);
/* The number of pages so far. */
size_t canvas_pages(const struct canvas *canvas);

/* One line; its width. With ANCHOR_END it belongs to a column: its figures all have one width. */
double canvas_text(struct canvas *canvas, struct point at, struct str text,
                   struct text_style style);

/* One line turned around its middle, anticlockwise, in a colour of which the tint is left: a mark
 * that lies under everything else. */
void canvas_mark(struct canvas *canvas, struct point middle, double degrees, double tint,
                 struct str text, struct text_style style);

/* How a paragraph is set. */
struct paragraph {
    double width;
    double line_height; /* from baseline to baseline; 0 stands for 1.4 times the size */
    struct text_style style;
    size_t lines_max; /* 0: as many as it takes; otherwise the last one ends in "…" */
};

/* Text broken into lines; at is the baseline of the first line at the anchor. Line feeds in the
 * text begin a new line. Answers how many lines it took. */
size_t canvas_paragraph(struct canvas *canvas, struct point at, struct str text,
                        const struct paragraph *paragraph);
/* The same without drawing. */
size_t canvas_paragraph_lines(struct typeface *typeface, struct str text,
                              const struct paragraph *paragraph);

/* A picture with its top left corner there, scale 1 leaves it as it is. */
void canvas_picture(struct canvas *canvas, struct point at, double scale,
                    const struct picture *picture);
/* Single shapes, as in picture.h. */
void canvas_rect(struct canvas *canvas, struct rect box, double radius, struct style style);
void canvas_line(struct canvas *canvas, struct point from, struct point to, struct style style);

/* A photo as large as fits into the box, upright, at its top left corner; where it stands. */
struct rect canvas_photo(struct canvas *canvas, const struct photo *photo, struct rect box);

/* Whatever lies in the box leads to the address (ASCII). */
void canvas_link(struct canvas *canvas, struct rect box, struct str address);

/* A place in the outline that readers show beside the pages; level 1 is the uppermost. */
void canvas_outline(struct canvas *canvas, int level, struct str title, double y);

#endif
