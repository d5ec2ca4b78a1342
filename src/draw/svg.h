/* SPDX-License-Identifier: Apache-2.0 */
/* A picture as an SVG element inside a page or an e-mail.
 *
 *   <svg role="img" viewBox="0 0 343 180" …><title>…</title><desc>…</desc><g><title>…</title><rect…
 *
 * No scripts, no identifiers and, with variables, no styles: any number of pictures may stand in
 * one page, under the strictest content policy. A point is a unit of the view box; the page sizes
 * the element and sets the typeface, the figures (tabular) and the variables of the colours
 * (roles.def) for light and dark. Texts are escaped. Threads: pure. */
#ifndef SANGDEN_DRAW_SVG_H
#define SANGDEN_DRAW_SVG_H

#include "base/buffer.h"
#include "draw/picture.h"

enum svg_colours {
    SVG_VARIABLES, /* var(--ink,#1b2430): follows the page, light where it sets nothing */
    SVG_PLAIN      /* #1b2430: for readers of e-mail that know no variables; sized by a style */
};

/* Adds the element, without a line end. */
void svg_write(const struct picture *picture, enum svg_colours colours, struct buf *out);

#endif
