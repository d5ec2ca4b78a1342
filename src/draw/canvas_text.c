/* SPDX-License-Identifier: Apache-2.0 */
/* Lines and paragraphs on a page. */
#include <math.h>

#include "draw/canvas_int.h"

enum { LAST_LINE_BYTES = 1024 };

#define USUAL_LINE_HEIGHT 1.4

static void use_font(struct canvas *canvas, double size, enum weight weight)
{
    cairo_scaled_font_t *font = typeface_scaled(canvas->typeface, size, weight);
    if (font == canvas->font) return;
    cairo_set_scaled_font(canvas->cr, font);
    canvas->font = font;
}

/* As much of the text as a line holds; what ends at a point is a column. */
static void set_line(struct typeface *typeface, struct str text, const struct text_style *style,
                     struct point at, struct line *out)
{
    if (style->anchor == ANCHOR_END)
        typeface_line(typeface, text, style->size, style->weight, at, out);
    else typeface_prose(typeface, text, style->size, style->weight, at, out);
}

static double width_of(struct typeface *typeface, struct str text, const struct text_style *style)
{
    struct line line;
    double width = 0;
    for (; text.n > 0; text = str_sub(text, line.text.n, text.n)) {
        set_line(typeface, text, style, (struct point){0, 0}, &line);
        if (line.text.n == 0) break;
        width += line.width;
    }
    return width;
}

double canvas_text(struct canvas *canvas, struct point at, struct str text, struct text_style style)
{
    struct line line;
    canvas_use_role(canvas, style.role == ROLE_NONE ? ROLE_INK : style.role, 0);
    use_font(canvas, style.size, style.weight);
    if (style.anchor != ANCHOR_START) {
        double width = width_of(canvas->typeface, text, &style);
        at.x -= style.anchor == ANCHOR_END ? width : width / 2;
    }
    double start = at.x;
    for (; text.n > 0; at.x += line.width) {
        set_line(canvas->typeface, text, &style, at, &line);
        if (line.text.n == 0) break;
        cairo_show_text_glyphs(canvas->cr, line.shown.p, (int)line.shown.n, line.glyphs,
                               line.glyph_count, line.clusters, line.cluster_count, 0);
        text = str_sub(text, line.text.n, text.n);
    }
    return at.x - start;
}

/* ---- marks ------------------------------------------------------------------------------- */

/* A scaled font is made for one direction of lines. */
static void use_turned_font(struct canvas *canvas, double size, enum weight weight)
{
    cairo_scaled_font_t *level = typeface_scaled(canvas->typeface, size, weight);
    cairo_font_options_t *options = cairo_font_options_create();
    cairo_matrix_t scale, turn;
    cairo_scaled_font_get_font_options(level, options);
    cairo_scaled_font_get_font_matrix(level, &scale);
    cairo_get_matrix(canvas->cr, &turn);
    cairo_scaled_font_t *turned = cairo_scaled_font_create(cairo_scaled_font_get_font_face(level),
                                                           &scale, &turn, options);
    cairo_set_scaled_font(canvas->cr, turned);
    cairo_scaled_font_destroy(turned);
    cairo_font_options_destroy(options);
}

void canvas_mark(struct canvas *canvas, struct point middle, double degrees, double tint,
                 struct str text, struct text_style style)
{
    struct line line;
    double width = typeface_width(canvas->typeface, text, style.size, style.weight);
    struct point at = {-width / 2, style.size * TYPEFACE_CAPITAL / 2};
    cairo_save(canvas->cr);
    cairo_translate(canvas->cr, middle.x, middle.y);
    cairo_rotate(canvas->cr, -degrees * M_PI / 180);
    canvas_use_role(canvas, style.role == ROLE_NONE ? ROLE_INK : style.role, tint);
    use_turned_font(canvas, style.size, style.weight);
    typeface_line(canvas->typeface, text, style.size, style.weight, at, &line);
    cairo_show_text_glyphs(canvas->cr, line.shown.p, (int)line.shown.n, line.glyphs,
                           line.glyph_count, line.clusters, line.cluster_count, 0);
    cairo_restore(canvas->cr);
    canvas->font = NULL; /* what was restored is not what was used last */
    canvas->role = ROLE_NONE;
}

/* ---- paragraphs -------------------------------------------------------------------------- */

static struct str next_line(struct typeface *typeface, const struct paragraph *paragraph,
                            struct str text, double width, struct str *out_rest)
{
    return typeface_break(typeface, text, paragraph->style.size, paragraph->style.weight, width,
                          out_rest);
}

/* The last line there is room for, with the sign that more would follow. */
static struct str cut_line(struct typeface *typeface, const struct paragraph *paragraph,
                           struct str text, struct buf *memory)
{
    struct str rest;
    double sign = typeface_width(typeface, S("…"), paragraph->style.size, paragraph->style.weight);
    struct str line = next_line(typeface, paragraph, text, paragraph->width - sign, &rest);
    buf_add(memory, str_first(line, LAST_LINE_BYTES - sizeof "…"));
    buf_add(memory, S("…"));
    return buf_str(memory);
}

/* Sets the text line by line; without a canvas it only counts. */
static size_t set_lines(struct canvas *canvas, struct typeface *typeface, struct point at,
                        struct str text, const struct paragraph *paragraph)
{
    double down = paragraph->line_height > 0 ? paragraph->line_height
                                             : paragraph->style.size * USUAL_LINE_HEIGHT;
    size_t count = 0;
    while (text.n > 0) {
        char memory[LAST_LINE_BYTES];
        struct buf cut;
        struct str rest;
        struct str line = next_line(typeface, paragraph, text, paragraph->width, &rest);
        buf_init_fixed(&cut, memory, sizeof memory);
        count++;
        if (rest.n > 0 && count == paragraph->lines_max) {
            line = cut_line(typeface, paragraph, text, &cut);
            rest = S("");
        }
        if (canvas != NULL) canvas_text(canvas, at, line, paragraph->style);
        at.y += down;
        text = rest;
    }
    return count;
}

size_t canvas_paragraph(struct canvas *canvas, struct point at, struct str text,
                        const struct paragraph *paragraph)
{
    return set_lines(canvas, canvas->typeface, at, text, paragraph);
}

size_t canvas_paragraph_lines(struct typeface *typeface, struct str text,
                              const struct paragraph *paragraph)
{
    return set_lines(NULL, typeface, (struct point){0, 0}, text, paragraph);
}
