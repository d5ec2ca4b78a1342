/* SPDX-License-Identifier: Apache-2.0 */
/* Words and figures of documents as texts of an arena, so that paper, page and message write them
 * alike. Texts are empty when the arena is full, which arena->failed tells.
 * Threads: as the arena. */
#ifndef SANGDEN_DOCUMENT_WORDING_H
#define SANGDEN_DOCUMENT_WORDING_H

#include "base/arena.h"
#include "base/buffer.h"

/* figure_add (figure.h) with something behind it: "1.388.405 đ". */
struct str wording_figure(struct arena *arena, int64_t scaled, unsigned places, const char *behind,
                          bool english);
/* An index of a meter, in thousandths, as dials show it: no groups. */
struct str wording_index(struct arena *arena, int64_t milli, bool english);
/* "+271.642 đ", "−32.362 đ", "0 đ". */
struct str wording_change(struct arena *arena, int64_t vnd, bool english);
/* Of a day, "03/07/2026"; of a month (YYYYMM), "7/2026" and "July 2026". */
struct str wording_day(struct arena *arena, int32_t day);
struct str wording_month(struct arena *arena, int64_t month, bool english);

/* The first letter as a capital. */
struct str wording_capital(struct arena *arena, struct str words);
/* Numbers and their units are not parted at the end of a line. */
struct str wording_bound(struct arena *arena, struct str words);

#endif
