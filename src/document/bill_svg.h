/* SPDX-License-Identifier: Apache-2.0 */
/* The two charts of a bill as SVG for pages and e-mail; their words are ready.
 *
 * Colours are plain, because readers of e-mail know no variables.
 * Threads: those of the typeface. */
#ifndef SANGDEN_DOCUMENT_BILL_SVG_H
#define SANGDEN_DOCUMENT_BILL_SVG_H

#include "base/arena.h"
#include "base/buffer.h"
#include "base/error.h"

struct typeface;

/* What both are told: for those who do not see them, a title and one sentence. */
struct bill_svg {
    struct arena *arena;
    struct typeface *typeface;
    struct str title, description;
    bool english;
};

struct svg_month {
    struct str label, year;
    bool known, before_known;
    int64_t wh, before_wh; /* of the month, or of a day of it, and a year before */
};

struct svg_step {
    struct str name, amount;
    int64_t vnd;
};

/* Twelve months, the last of them the bill's. mean_words may be empty. E_MEMORY. */
NODISCARD err_t svg_months(const struct bill_svg *svg, const struct svg_month *months,
                           size_t count, struct str current_words, struct str before_words,
                           int64_t mean_wh, struct str mean_words, struct buf *out,
                           struct err *err);
/* From the bill before to this one; the first step is before, the last one this. E_MEMORY. */
NODISCARD err_t svg_steps(const struct bill_svg *svg, const struct svg_step *steps, size_t count,
                          struct buf *out, struct err *err);

#endif
