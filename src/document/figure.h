/* SPDX-License-Identifier: Apache-2.0 */
/* Figures as every document writes them, so that one number never stands in two ways: 1.388,5 in
 * Vietnamese, 1,388.5 in English, with the sign of minus (−) and not a hyphen.
 * Threads: pure. */
#ifndef SANGDEN_DOCUMENT_FIGURE_H
#define SANGDEN_DOCUMENT_FIGURE_H

#include "base/buffer.h"

/* scaled by ten to the power places, without zeros at the end. */
void figure_add(struct buf *out, int64_t scaled, unsigned places, bool english);
/* The same with + above zero. */
void figure_add_signed(struct buf *out, int64_t scaled, unsigned places, bool english);
/* An index of a meter, in thousandths, as dials show it: no groups. */
void figure_add_index(struct buf *out, int64_t milli, bool english);

#endif
