/* SPDX-License-Identifier: Apache-2.0 */
/* The typeface of documents and charts, Be Vietnam Pro in two weights, and how wide a text is.
 *
 * The faces are part of the program; no typeface of the machine is looked at, so a text has the
 * same width and the same look everywhere. Hints for coarse screens were taken out and all figures
 * have one width (typeface.py), so that columns of numbers stand in line; only in lines that do not
 * end at a point (columns do) a 1 is drawn in its own, smaller width.
 *
 *   text ─► words ─► glyphs      a word is shaped once and kept: bills repeat their words
 *
 * Text is UTF-8, one line, left to right. There are Latin letters with all Vietnamese marks,
 * figures and − × ÷ ≈ ≤ ≥ – … “ ” ₫ €; arrows, check marks and other signs are drawn as shapes, for
 * a character the typeface lacks shows as an empty box.
 * When memory runs out the typeface stays failed: pictures and documents made with it tell so, and
 * a new one must be opened.
 * Ownership: typeface_close gives everything back. Threads: one typeface belongs to one thread; any
 * number of threads may have one each. */
#ifndef SANGDEN_DRAW_TYPEFACE_H
#define SANGDEN_DRAW_TYPEFACE_H

#include "base/error.h"
#include "draw/picture.h"

struct typeface;

/* Lengths of the typeface as parts of its size: capitals and figures, small letters, the space
 * above a baseline that keeps two tone marks free, and the depth below. */
#define TYPEFACE_CAPITAL 0.74
#define TYPEFACE_SMALL   0.54
#define TYPEFACE_ABOVE   1.0
#define TYPEFACE_BELOW   0.265

/* E_MEMORY. */
NODISCARD err_t typeface_open(struct typeface **out, struct err *err);
void typeface_close(struct typeface *typeface);

/* Width of a line in points, every figure taken as wide as in a column: never too little. */
double typeface_width(struct typeface *typeface, struct str text, double size, enum weight weight);

/* The TrueType file of a weight; lives as long as the program. */
struct str typeface_file(enum weight weight);

/* The longest beginning of text that is not wider than width, cut in front of a space where there
 * is one, otherwise between characters (at least one). *out_rest is what follows, without the
 * space; a line feed ends the line in any case. The way a paragraph is broken into lines. */
struct str typeface_break(struct typeface *typeface, struct str text, double size,
                          enum weight weight, double width, struct str *out_rest);

#endif
