/* SPDX-License-Identifier: Apache-2.0 */
#include "draw/svg.h"

#include "draw/number_int.h"

struct writing {
    struct buf *out;
    enum svg_colours colours;
};

/* ---- pieces ------------------------------------------------------------------------------ */

static void add_name(struct buf *out, const char *name)
{
    buf_add_char(out, ' ');
    buf_add(out, str_of(name));
    buf_add(out, S("=\""));
}

static void add_number(const struct writing *writing, const char *name, double number)
{
    add_name(writing->out, name);
    draw_add_number(writing->out, number);
    buf_add_char(writing->out, '"');
}

static void add_light(struct buf *out, enum paint_role role)
{
    unsigned light = role_light(role);
    const unsigned char bytes[] = {(unsigned char)(light >> 16), (unsigned char)(light >> 8),
                                   (unsigned char)light};
    buf_add_char(out, '#');
    buf_add_hex(out, bytes, sizeof bytes);
}

static void add_colour(const struct writing *writing, const char *name, enum paint_role role)
{
    struct buf *out = writing->out;
    const char *variable = role_variable(role);
    bool plain = variable == NULL || writing->colours == SVG_PLAIN;
    add_name(out, name);
    if (!plain) {
        buf_add(out, S("var(--"));
        buf_add(out, str_of(variable));
        buf_add_char(out, ',');
    }
    add_light(out, role);
    if (!plain) buf_add_char(out, ')');
    buf_add_char(out, '"');
}

/* Characters that XML does not allow are left out. */
static void add_escaped(struct buf *out, struct str text)
{
    size_t start = 0;
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        bool allowed = (unsigned char)c >= ' ' || c == '\n' || c == '\t';
        if (allowed && c != '&' && c != '<' && c != '>') continue;
        buf_add(out, str_sub(text, start, i - start));
        start = i + 1;
        if (c == '&') buf_add(out, S("&amp;"));
        else if (c == '<') buf_add(out, S("&lt;"));
        else if (c == '>') buf_add(out, S("&gt;"));
    }
    buf_add(out, str_sub(text, start, text.n));
}

static void add_element(struct buf *out, const char *name, struct str text)
{
    if (text.n == 0) return;
    buf_printf(out, "<%s>", name);
    add_escaped(out, text);
    buf_printf(out, "</%s>", name);
}

static void add_style(const struct writing *writing, const struct style *style, bool area)
{
    if (style->fill != ROLE_NONE) {
        if (style->fill != ROLE_INK) add_colour(writing, "fill", style->fill);
        if (style->fill_tint > 0) add_number(writing, "fill-opacity", style->fill_tint);
    } else if (area) buf_add(writing->out, S(" fill=\"none\""));
    if (style->stroke == ROLE_NONE || style->stroke_width <= 0) return;
    add_colour(writing, "stroke", style->stroke);
    if (style->stroke_width != 1) add_number(writing, "stroke-width", style->stroke_width);
    if (style->dash > 0) add_number(writing, "stroke-dasharray", style->dash);
}

/* ---- shapes ------------------------------------------------------------------------------ */

static void add_rect(const struct writing *writing, const struct shape *shape)
{
    buf_add(writing->out, S("<rect"));
    add_number(writing, "x", shape->rect.box.x);
    add_number(writing, "y", shape->rect.box.y);
    add_number(writing, "width", shape->rect.box.width);
    add_number(writing, "height", shape->rect.box.height);
    if (shape->rect.radius > 0) add_number(writing, "rx", shape->rect.radius);
    add_style(writing, &shape->style, true);
    buf_add(writing->out, S("/>"));
}

static void add_line(const struct writing *writing, const struct shape *shape)
{
    buf_add(writing->out, S("<line"));
    add_number(writing, "x1", shape->line[0].x);
    add_number(writing, "y1", shape->line[0].y);
    add_number(writing, "x2", shape->line[1].x);
    add_number(writing, "y2", shape->line[1].y);
    add_style(writing, &shape->style, false);
    buf_add(writing->out, S("/>"));
}

static void add_point(struct buf *out, char letter, struct point point)
{
    buf_add_char(out, letter);
    draw_add_number(out, point.x);
    buf_add_char(out, ' ');
    draw_add_number(out, point.y);
}

static void add_step(struct buf *out, const struct step *step, struct point from)
{
    switch (step->kind) {
    case STEP_MOVE: add_point(out, 'M', step->at); break;
    case STEP_LINE:
        if (step->at.y == from.y) {
            buf_add_char(out, 'H');
            draw_add_number(out, step->at.x);
        } else if (step->at.x == from.x) {
            buf_add_char(out, 'V');
            draw_add_number(out, step->at.y);
        } else add_point(out, 'L', step->at);
        break;
    case STEP_CURVE:
        add_point(out, 'C', step->control[0]);
        add_point(out, ' ', step->control[1]);
        add_point(out, ' ', step->at);
        break;
    case STEP_CLOSE: buf_add_char(out, 'Z'); break;
    }
}

static void add_path(const struct writing *writing, const struct shape *shape)
{
    struct point from = {0, 0};
    buf_add(writing->out, S("<path d=\""));
    for (size_t i = 0; i < shape->path.count; i++) {
        add_step(writing->out, &shape->path.steps[i], from);
        if (shape->path.steps[i].kind != STEP_CLOSE) from = shape->path.steps[i].at;
    }
    buf_add_char(writing->out, '"');
    add_style(writing, &shape->style, true);
    buf_add(writing->out, S("/>"));
}

/* Modules side by side are one rectangle, all in one path: no seams show. */
static void add_modules(const struct writing *writing, const struct shape *shape)
{
    struct buf *out = writing->out;
    unsigned across = shape->modules.across;
    buf_add(out, S("<path transform=\"translate("));
    draw_add_number(out, shape->modules.box.x);
    buf_add_char(out, ' ');
    draw_add_number(out, shape->modules.box.y);
    buf_add(out, S(") scale("));
    draw_add_fine_number(out, shape->modules.box.width / across);
    buf_add(out, S(")\" d=\""));
    for (unsigned y = 0; y < across; y++) {
        const unsigned char *row = shape->modules.dark + (size_t)y * across;
        for (unsigned x = 0; x < across; x++) {
            unsigned start = x;
            while (x < across && row[x] != 0) x++;
            if (x > start) buf_printf(out, "M%u %uh%uv1h-%uz", start, y, x - start, x - start);
        }
    }
    buf_add_char(out, '"');
    add_style(writing, &shape->style, true);
    buf_add(out, S("/>"));
}

static void add_text(const struct writing *writing, const struct shape *shape)
{
    static const char *const anchors[] = {NULL, "middle", "end"};
    const struct text_style *style = &shape->text.style;
    buf_add(writing->out, S("<text"));
    add_number(writing, "x", shape->text.at.x);
    add_number(writing, "y", shape->text.at.y);
    add_number(writing, "font-size", style->size);
    if (style->weight != WEIGHT_REGULAR)
        buf_printf(writing->out, " font-weight=\"%d\"", (int)style->weight);
    if (anchors[style->anchor] != NULL)
        buf_printf(writing->out, " text-anchor=\"%s\"", anchors[style->anchor]);
    if (style->role != ROLE_INK) add_colour(writing, "fill", style->role);
    buf_add_char(writing->out, '>');
    add_escaped(writing->out, shape->text.words);
    buf_add(writing->out, S("</text>"));
}

void svg_write(const struct picture *picture, enum svg_colours colours, struct buf *out)
{
    struct writing writing = {out, colours};
    buf_add(out, S("<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\""));
    if (colours == SVG_PLAIN)
        buf_add(out, S(" style=\"max-width:100%;height:auto;overflow:visible\""));
    add_number(&writing, "width", picture->width);
    add_number(&writing, "height", picture->height);
    buf_add(out, S(" viewBox=\"0 0 "));
    draw_add_number(out, picture->width);
    buf_add_char(out, ' ');
    draw_add_number(out, picture->height);
    buf_add(out, S("\" font-family=\"Be Vietnam Pro,system-ui,sans-serif\""));
    add_colour(&writing, "fill", ROLE_INK);
    buf_add_char(out, '>');
    add_element(out, "title", picture->title);
    add_element(out, "desc", picture->description);
    for (const struct shape *shape = picture->first; shape != NULL; shape = shape->next) {
        switch (shape->kind) {
        case SHAPE_RECT: add_rect(&writing, shape); break;
        case SHAPE_LINE: add_line(&writing, shape); break;
        case SHAPE_PATH: add_path(&writing, shape); break;
        case SHAPE_TEXT: add_text(&writing, shape); break;
        case SHAPE_MODULES: add_modules(&writing, shape); break;
        case SHAPE_GROUP:
            buf_add(out, S("<g>"));
            add_element(out, "title", shape->title);
            break;
        case SHAPE_GROUP_END: buf_add(out, S("</g>")); break;
        }
    }
    buf_add(out, S("</svg>"));
}
