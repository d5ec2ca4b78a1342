/* SPDX-License-Identifier: Apache-2.0 */
/* Charts: pictures made from plain numbers and words that are ready.
 *
 *   chart_months   bars of months, the year before as outlines behind, lines of comparison
 *   chart_bars     the same months as bars without words, small enough for a row of a table
 *   chart_blocks   one bar cut into parts, each with its words
 *   chart_steps    from one amount to another in signed steps
 *   chart_qr       a QR symbol
 *
 * Each starts the picture it is given; texts never overlap and stay inside, as long as a single
 * word is narrower than a third of the picture. Colours follow the rules of charts: the one that
 * matters in the colour of the lamp, and nothing told by colour alone. The same picture serves page
 * and paper: only width and text size differ.
 * Ownership: the picture lives in the arena. Threads: those of the typeface. */
#ifndef SANGDEN_DRAW_CHART_H
#define SANGDEN_DRAW_CHART_H

#include "base/error.h"
#include "draw/picture.h"
#include "draw/typeface.h"

/* What every chart is told. */
struct chart {
    struct arena *arena;
    struct typeface *typeface;
    double width;
    double text_size;       /* of labels; the number that matters is larger */
    struct str title;       /* for those who do not see it */
    struct str description; /* the same in one sentence */
};

/* ---- months ------------------------------------------------------------------------------ */

struct chart_month {
    struct str label; /* "7" */
    struct str year;  /* "2026" below the first month of a year, otherwise empty */
    struct str title; /* "Tháng 7/2026: 461 kWh"; may be empty */
    double value;     /* not negative */
    bool missing;     /* nothing is known: a gap */
    double before;    /* the same month of the year before */
    bool before_missing;
};

/* A line across with its words at the end; no words, no line. */
struct chart_mean {
    double value;
    struct str words; /* "Trung bình khu vực 312 kWh" */
};

struct chart_months {
    struct chart common;
    double height;
    const struct chart_month *months;
    size_t count;
    size_t current;           /* the one that matters; count or more for none */
    struct str current_words; /* "461 kWh" */
    struct str unit;          /* "kWh" */
    bool english;             /* 1,234.5 instead of 1.234,5 beside the grid */
    struct chart_mean mean;
    struct chart_mean efficient; /* of those who use least */
    struct str before_words;     /* of the last outline: "Tháng 7/2025: 402 kWh"; may be empty */
};

/* Bars from zero, at most three grid lines. */
void chart_months(struct picture *picture, const struct chart_months *chart);

/* ---- small bars -------------------------------------------------------------------------- */

struct chart_bar {
    double value; /* not negative */
    bool missing; /* nothing is known: a gap */
};

/* Needs no typeface: whoever does not see it is told title and description. */
struct chart_bars {
    struct chart common;
    double height;
    const struct chart_bar *bars;
    size_t count;
    size_t current; /* in the colour of the lamp; count or more for none */
    size_t beside;  /* what the current one is compared with, darker; count or more for none */
};

/* Bars from a ground line, as wide as the picture allows. */
void chart_bars(struct picture *picture, const struct chart_bars *chart);

/* ---- blocks ------------------------------------------------------------------------------ */

struct chart_block {
    double quantity;   /* above zero */
    struct str name;   /* "Bậc 1" */
    struct str used;   /* "50 kWh" */
    struct str price;  /* "1.984 đ" */
    struct str amount; /* "99.200 đ" */
    struct str title;  /* all of it, for a pointer; may be empty */
};

/* More parts than this are grouped by the caller. */
enum { CHART_BLOCKS_MAX = 48 };

struct chart_blocks {
    struct chart common;
    const struct chart_block *blocks;
    size_t count; /* at most CHART_BLOCKS_MAX */
};

/* The height follows from the words: parts that are too narrow for them have them lower. */
void chart_blocks(struct picture *picture, const struct chart_blocks *chart);

/* ---- steps ------------------------------------------------------------------------------- */

struct chart_step {
    struct str name;   /* "Thêm một ngày" */
    struct str amount; /* "+41.250 đ" */
    double value;      /* signed; of start and end the amount itself */
};

struct chart_steps {
    struct chart common;
    struct chart_step start;
    const struct chart_step *steps;
    size_t count;
    struct chart_step end; /* its value is the sum of all before */
};

/* One row for each, the height follows. */
void chart_steps(struct picture *picture, const struct chart_steps *chart);

/* ---- QR ---------------------------------------------------------------------------------- */

/* How much of a symbol may be lost: levels L (7 %) and M (15 %) of ISO/IEC 18004. A weaker one has
 * fewer and larger modules, which a cheap camera reads from further away. */
enum qr_strength { QR_LARGE_MODULES, QR_STRONG };

/* A square of this size with its quiet zone of four modules, black on white, the smallest version
 * that holds the text. E_LIMIT when no version does, E_MEMORY. */
NODISCARD err_t chart_qr(struct picture *picture, struct arena *arena, double size,
                         enum qr_strength strength, struct str text, struct str title,
                         struct err *err);

#endif
