/* SPDX-License-Identifier: Apache-2.0 */
/* Shapes of a picture as paths of cairo. */
#include "draw/canvas_int.h"

enum { RED_SHIFT = 16, GREEN_SHIFT = 8, CHANNEL = 255 };

/* Part of the way a Bézier curve needs to look like a quarter of a circle. */
#define ROUND 0.5523

/* A tinted colour is mixed with white here: transparency makes printing slow. */
static double channel(uint32_t colour, int shift, double tint)
{
    double value = (double)(colour >> shift & CHANNEL) / CHANNEL;
    return tint > 0 ? 1 - (1 - value) * tint : value;
}

void canvas_use_role(struct canvas *canvas, enum paint_role role, double tint)
{
    uint32_t colour = role_light(role);
    if (role == canvas->role && tint == canvas->tint) return;
    canvas->role = role;
    canvas->tint = tint;
    cairo_set_source_rgb(canvas->cr, channel(colour, RED_SHIFT, tint),
                         channel(colour, GREEN_SHIFT, tint), channel(colour, 0, tint));
}

void canvas_paint(struct canvas *canvas, const struct style *style)
{
    cairo_t *cr = canvas->cr;
    bool stroked = style->stroke != ROLE_NONE && style->stroke_width > 0;
    if (style->fill != ROLE_NONE) {
        canvas_use_role(canvas, style->fill, style->fill_tint);
        if (stroked) cairo_fill_preserve(cr);
        else cairo_fill(cr);
    }
    if (stroked) {
        canvas_use_role(canvas, style->stroke, 0);
        cairo_set_line_width(cr, style->stroke_width);
        cairo_set_dash(cr, &style->dash, style->dash > 0 ? 1 : 0, 0);
        cairo_stroke(cr);
    }
    cairo_new_path(cr);
}

static void add_round_rect(cairo_t *cr, struct rect box, double radius)
{
    double left = box.x, top = box.y, right = left + box.width, bottom = top + box.height;
    double bend = radius * (1 - ROUND);
    cairo_move_to(cr, left + radius, top);
    cairo_line_to(cr, right - radius, top);
    cairo_curve_to(cr, right - bend, top, right, top + bend, right, top + radius);
    cairo_line_to(cr, right, bottom - radius);
    cairo_curve_to(cr, right, bottom - bend, right - bend, bottom, right - radius, bottom);
    cairo_line_to(cr, left + radius, bottom);
    cairo_curve_to(cr, left + bend, bottom, left, bottom - bend, left, bottom - radius);
    cairo_line_to(cr, left, top + radius);
    cairo_curve_to(cr, left, top + bend, left + bend, top, left + radius, top);
    cairo_close_path(cr);
}

void canvas_rect(struct canvas *canvas, struct rect box, double radius, struct style style)
{
    if (radius > 0) add_round_rect(canvas->cr, box, radius);
    else cairo_rectangle(canvas->cr, box.x, box.y, box.width, box.height);
    canvas_paint(canvas, &style);
}

void canvas_line(struct canvas *canvas, struct point from, struct point to, struct style style)
{
    cairo_move_to(canvas->cr, from.x, from.y);
    cairo_line_to(canvas->cr, to.x, to.y);
    canvas_paint(canvas, &style);
}

/* ---- modules ----------------------------------------------------------------------------- */

/* Dots of a mask for a module: readers that smooth images blur an edge by one of them only. */
enum { DOTS = 8, DOTS_A_BYTE = 8 };

/* Every module is a byte of eight dots in eight rows. */
static void fill_mask(cairo_surface_t *mask, const unsigned char *dark, unsigned across)
{
    unsigned char *data = cairo_image_surface_get_data(mask);
    size_t stride = (size_t)cairo_image_surface_get_stride(mask);
    cairo_surface_flush(mask);
    for (size_t y = 0; y < (size_t)across * DOTS; y++)
        for (size_t x = 0; x < across; x++)
            data[y * stride + x] = dark[y / DOTS * across + x] != 0 ? (unsigned char)-1 : 0;
    cairo_surface_mark_dirty(mask);
}

/* As a mask of one bit a dot: paths of as many rectangles take ten times the bytes and time. */
static void draw_modules(struct canvas *canvas, struct rect box, const struct shape *shape)
{
    _Static_assert(DOTS == DOTS_A_BYTE, "a module is a whole byte of a row");
    int side = (int)shape->modules.across * DOTS;
    cairo_surface_t *mask = cairo_image_surface_create(CAIRO_FORMAT_A1, side, side);
    if (cairo_surface_status(mask) != CAIRO_STATUS_SUCCESS) {
        canvas->arena.failed = true;
        return;
    }
    fill_mask(mask, shape->modules.dark, shape->modules.across);
    canvas_use_role(canvas, shape->style.fill, 0);
    cairo_save(canvas->cr);
    cairo_translate(canvas->cr, box.x, box.y);
    cairo_scale(canvas->cr, box.width / side, box.height / side);
    cairo_pattern_t *pattern = cairo_pattern_create_for_surface(mask);
    cairo_pattern_set_filter(pattern, CAIRO_FILTER_NEAREST);
    cairo_mask(canvas->cr, pattern);
    cairo_pattern_destroy(pattern);
    cairo_restore(canvas->cr);
    cairo_surface_destroy(mask);
}

/* ---- pictures ---------------------------------------------------------------------------- */

/* Where a picture stands and how large. */
struct placing {
    struct point at;
    double scale;
};

static struct point placed(const struct placing *placing, struct point point)
{
    return (struct point){placing->at.x + point.x * placing->scale,
                          placing->at.y + point.y * placing->scale};
}

static struct rect placed_box(const struct placing *placing, struct rect box)
{
    struct point corner = placed(placing, (struct point){box.x, box.y});
    return (struct rect){corner.x, corner.y, box.width * placing->scale,
                         box.height * placing->scale};
}

static void add_step(cairo_t *cr, const struct placing *placing, const struct step *step)
{
    struct point at = placed(placing, step->at);
    struct point first = placed(placing, step->control[0]);
    struct point second = placed(placing, step->control[1]);
    switch (step->kind) {
    case STEP_MOVE: cairo_move_to(cr, at.x, at.y); break;
    case STEP_LINE: cairo_line_to(cr, at.x, at.y); break;
    case STEP_CURVE: cairo_curve_to(cr, first.x, first.y, second.x, second.y, at.x, at.y); break;
    case STEP_CLOSE: cairo_close_path(cr); break;
    }
}

static void draw_shape(struct canvas *canvas, const struct placing *placing,
                       const struct shape *shape)
{
    struct style style = shape->style;
    style.stroke_width *= placing->scale;
    style.dash *= placing->scale;
    struct text_style words =
        shape->kind == SHAPE_TEXT ? shape->text.style : (struct text_style){0};
    words.size *= placing->scale;
    switch (shape->kind) {
    case SHAPE_RECT:
        canvas_rect(canvas, placed_box(placing, shape->rect.box),
                    shape->rect.radius * placing->scale, style);
        break;
    case SHAPE_MODULES: draw_modules(canvas, placed_box(placing, shape->modules.box), shape); break;
    case SHAPE_LINE:
        canvas_line(canvas, placed(placing, shape->line[0]), placed(placing, shape->line[1]),
                    style);
        break;
    case SHAPE_PATH:
        for (size_t i = 0; i < shape->path.count; i++)
            add_step(canvas->cr, placing, &shape->path.steps[i]);
        canvas_paint(canvas, &style);
        break;
    case SHAPE_TEXT:
        canvas_text(canvas, placed(placing, shape->text.at), shape->text.words, words);
        break;
    case SHAPE_GROUP:
    case SHAPE_GROUP_END: break;
    }
}

void canvas_picture(struct canvas *canvas, struct point at, double scale,
                    const struct picture *picture)
{
    struct placing placing = {at, scale};
    for (const struct shape *shape = picture->first; shape != NULL; shape = shape->next)
        draw_shape(canvas, &placing, shape);
}
