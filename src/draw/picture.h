/* SPDX-License-Identifier: Apache-2.0 */
/* A picture: a list of shapes that has not been drawn yet.
 *
 *   chart_months(…) ─► picture: bar, bar, line, words ─┬─► canvas.h   page of a PDF
 *                      (points, y downwards)           └─► svg.h      page, e-mail
 *
 * Lengths are points of 1/72 inch, the origin is the top left corner. A text stands by the baseline
 * of its first line and has one line. Later shapes lie above earlier ones. Colours are roles
 * (roles.def), so that one picture is right on paper and on light and dark pages.
 * Ownership: shapes and copies of texts live in the arena given at the start. When it is full, what
 * is added is dropped and picture_whole() tells. Threads: one picture belongs to one thread. */
#ifndef SANGDEN_DRAW_PICTURE_H
#define SANGDEN_DRAW_PICTURE_H

#include "base/arena.h"

enum paint_role {
    ROLE_NONE, /* not filled, not stroked */
#define ROLE(name, variable, light) ROLE_##name,
#include "draw/roles.def"
#undef ROLE
    PAINT_ROLE_COUNT
};

/* Colour of a role on paper, 0xRRGGBB; role is not ROLE_NONE. */
uint32_t role_light(enum paint_role role);
/* Name of its CSS variable without dashes ("ink"); NULL for a role without. */
const char *role_variable(enum paint_role role);

/* How an area and its edge look. Zero stands for: not filled, not stroked. */
struct style {
    enum paint_role fill;
    double fill_tint; /* part of the colour that is left, 0 < tint < 1; 0 means all of it */
    enum paint_role stroke;
    double stroke_width;
    double dash; /* length of dashes and gaps; 0 for an unbroken line */
};

#define FILLED(the_role)         ((struct style){.fill = (the_role)})
#define TINTED(the_role, tint)   ((struct style){.fill = (the_role), .fill_tint = (tint)})
#define STROKED(the_role, width) ((struct style){.stroke = (the_role), .stroke_width = (width)})

enum weight { WEIGHT_REGULAR = 400, WEIGHT_STRONG = 600 };
enum anchor { ANCHOR_START, ANCHOR_MIDDLE, ANCHOR_END }; /* the part of the text that is at x */

struct text_style {
    double size;
    enum weight weight; /* 0 stands for WEIGHT_REGULAR */
    enum anchor anchor;
    enum paint_role role; /* 0 stands for ROLE_INK */
};

struct point {
    double x;
    double y;
};

struct rect {
    double x;
    double y;
    double width;
    double height;
};

enum step_kind { STEP_MOVE, STEP_LINE, STEP_CURVE, STEP_CLOSE };

/* One step of a path: at is where it leads, control the two points a curve (cubic Bézier) bends
 * to. A close needs neither. */
struct step {
    enum step_kind kind;
    struct point at;
    struct point control[2];
};

enum shape_kind {
    SHAPE_RECT,
    SHAPE_LINE,
    SHAPE_PATH,
    SHAPE_TEXT,
    SHAPE_MODULES,
    SHAPE_GROUP,
    SHAPE_GROUP_END
};

struct shape {
    enum shape_kind kind;
    union {
        struct {
            struct rect box;
            double radius;
        } rect;
        struct point line[2];
        struct {
            const struct step *steps;
            size_t count;
        } path;
        struct {
            struct point at;
            struct str words;
            struct text_style style;
        } text;
        struct {
            struct rect box;
            const unsigned char *dark; /* row by row, not zero where a module is filled */
            unsigned across;
        } modules;
        struct str title; /* of a group; may be empty */
    };
    struct style style;
    struct shape *next;
};

struct picture {
    struct arena *arena;
    double width;
    double height;
    struct str title;       /* the picture in a few words; may be empty */
    struct str description; /* one sentence that says what it shows; may be empty */
    struct shape *first;
    struct shape *last;
    unsigned depth; /* groups that are open */
    bool dropped;   /* something did not fit into the arena */
};

/* An empty picture of this size. */
void picture_init(struct picture *picture, struct arena *arena, double width, double height);
/* What people hear who do not see it. */
void picture_describe(struct picture *picture, struct str title, struct str description);
/* Whether everything that was added is there; asserts that every group was ended. */
NODISCARD bool picture_whole(const struct picture *picture);

/* A rectangle; radius rounds its corners and is cut to what fits. */
void picture_rect(struct picture *picture, struct rect box, double radius, struct style style);
void picture_line(struct picture *picture, struct point from, struct point to, struct style style);
/* A line through all points; closed leads back to the first. */
void picture_polyline(struct picture *picture, const struct point *points, size_t count,
                      bool closed, struct style style);
/* Any path; the first step is a move. */
void picture_path(struct picture *picture, const struct step *steps, size_t count,
                  struct style style);
/* One line of UTF-8; at is the baseline at the anchor. Nothing for an empty text. */
void picture_text(struct picture *picture, struct point at, struct str words,
                  struct text_style style);

/* A square of so many modules across, each filled or not, as in a QR symbol; dark is copied. */
void picture_modules(struct picture *picture, struct rect box, const unsigned char *dark,
                     unsigned across, struct style style);

/* Shapes that belong together, under a title that a pointer or a screen reader finds. */
void picture_group(struct picture *picture, struct str title);
void picture_group_end(struct picture *picture);

/* Adds the shapes of another picture, moved by offset, as a group with its title. */
void picture_place(struct picture *picture, const struct picture *part, struct point offset);

#endif
