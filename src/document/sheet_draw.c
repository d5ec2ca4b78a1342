/* SPDX-License-Identifier: Apache-2.0 */
/* Drawing of single items, each on a place that nothing else takes. */
#include "document/sheet_int.h"

/* How much of a line lies above its baseline; what is left keeps the marks of the next one off. */
#define BASELINE 0.74
#define NEARLY   0.05

#define PANEL_RADIUS 6.0

/* ---- places ------------------------------------------------------------------------------ */

void sheet_clear_page(struct sheet *sheet)
{
    sheet->claims = 0;
}

static bool apart(const struct rect *a, const struct rect *b)
{
    return a->x + a->width <= b->x + NEARLY || b->x + b->width <= a->x + NEARLY ||
           a->y + a->height <= b->y + NEARLY || b->y + b->height <= a->y + NEARLY;
}

/* Takes a place of the page. */
static void claim(struct sheet *sheet, struct rect box)
{
    const struct sheet_frame *frame = &sheet->frame;
    ASSERT(box.x >= frame->left - NEARLY &&
           box.x + box.width <= frame->width - frame->right + NEARLY);
    ASSERT(box.y >= 0 && box.y + box.height <= frame->height - frame->bottom + NEARLY);
    for (size_t i = 0; i < sheet->claims; i++) ASSERT(apart(&sheet->claim[i], &box));
    ASSERT(sheet->claims < sheet->claims_max);
    sheet->claim[sheet->claims++] = box;
}

/* ---- texts ------------------------------------------------------------------------------- */

static double anchor_x(double x, double width, enum anchor anchor)
{
    return anchor == ANCHOR_START ? x : anchor == ANCHOR_END ? x + width : x + width / 2;
}

static double baseline(double line_height, double size)
{
    return (line_height - size) / 2 + size * BASELINE + size * 0.1;
}

/* Smaller when it is wider than its place. */
static double size_that_fits(struct sheet *sheet, const struct cell *cell)
{
    double size = cell->style.size;
    double width = typeface_width(sheet->typeface, cell->text, size, cell->style.weight);
    return width <= cell->width || width == 0 ? size : size * cell->width / width;
}

static void draw_cell(struct sheet *sheet, const struct cell *cell, struct point at,
                      double line_height, size_t lines)
{
    struct text_style style = cell->style;
    struct point where = {anchor_x(at.x + cell->x, cell->width, style.anchor),
                          at.y + baseline(line_height, style.size)};
    if (cell->text.n == 0) return;
    if (cell->wrap) {
        struct paragraph how = {cell->width, line_height, style, lines};
        canvas_paragraph(sheet->canvas, where, cell->text, &how);
        return;
    }
    style.size = size_that_fits(sheet, cell);
    canvas_text(sheet->canvas, where, cell->text, style);
}

static void draw_cells(struct sheet *sheet, const struct item *item, struct point at)
{
    for (size_t i = 0; i < item->cells.count; i++)
        draw_cell(sheet, &item->cells.cell[i], at, item->cells.line_height, item->cells.lines);
}

static void draw_text(struct sheet *sheet, const struct item *item, struct point at)
{
    const struct paragraph *how = &item->text.how;
    struct point where = {anchor_x(at.x + item->indent, how->width, how->style.anchor),
                          at.y + baseline(how->line_height, how->style.size)};
    canvas_paragraph(sheet->canvas, where, item->text.words, how);
}

/* ---- pictures ---------------------------------------------------------------------------- */

static void draw_chart(struct sheet *sheet, const struct item *item, struct rect box)
{
    const struct picture *picture = item->chart.draw(sheet, item->chart.of, box.width, box.height);
    if (picture == NULL || !picture_whole(picture)) {
        sheet->dropped = true;
        return;
    }
    ASSERT(picture->width <= box.width + NEARLY && picture->height <= box.height + NEARLY);
    canvas_picture(sheet->canvas, (struct point){box.x, box.y}, 1, picture);
}

/* ---- stacks ------------------------------------------------------------------------------ */

static double stretch_of(const struct stack *stack)
{
    double stretch = 0;
    for (const struct item *item = stack->first; item != NULL; item = item->next)
        stretch += item->stretch + (item == stack->first ? 0 : item->above_stretch);
    return stretch;
}

/* Items below one another; room that is left goes to those that stretch. */
static void draw_stack(struct sheet *sheet, const struct stack *stack, struct point at,
                       double height)
{
    double slack = height - stack_height(stack), stretch = stretch_of(stack);
    double part = stretch <= 0 || slack <= 0 ? 0 : slack >= stretch ? 1 : slack / stretch;
    for (const struct item *item = stack->first; item != NULL; item = item->next) {
        if (item != stack->first) at.y += item->above + item->above_stretch * part;
        sheet_draw_item(sheet, item, at, stack->width, item->stretch * part);
        at.y += item->height + item->stretch * part;
    }
}

static void draw_columns(struct sheet *sheet, const struct item *item, struct point at,
                         double height)
{
    for (size_t i = 0; i < item->columns.count; i++)
        draw_stack(sheet, item->columns.stack[i], (struct point){at.x + item->columns.x[i], at.y},
                   height);
}

static void draw_panel(struct sheet *sheet, const struct item *item, struct rect box)
{
    double padding = item->panel.padding;
    canvas_rect(sheet->canvas, box, PANEL_RADIUS, item->panel.style);
    draw_stack(sheet, item->panel.stack, (struct point){box.x + padding, box.y + padding},
               box.height - 2 * padding);
}

/* ---- all --------------------------------------------------------------------------------- */

static void mark(struct sheet *sheet, const struct item *item, struct rect box)
{
    if (item->outline.n > 0) canvas_outline(sheet->canvas, 1, item->outline, box.y);
    if (item->link.n > 0) canvas_link(sheet->canvas, box, item->link);
}

void sheet_draw_item(struct sheet *sheet, const struct item *item, struct point at, double width,
                     double extra)
{
    struct rect box = {at.x, at.y, width, item->height + extra};
    bool holds_others = item->kind == ITEM_COLUMNS || item->kind == ITEM_PANEL;
    if (!holds_others && box.height > 0) claim(sheet, box);
    mark(sheet, item, box);
    switch (item->kind) {
    case ITEM_TEXT: draw_text(sheet, item, at); break;
    case ITEM_CELLS: draw_cells(sheet, item, at); break;
    case ITEM_PICTURE:
        canvas_picture(sheet->canvas, (struct point){at.x + item->indent, at.y}, 1, item->picture);
        break;
    case ITEM_CHART: draw_chart(sheet, item, box); break;
    case ITEM_PHOTO:
        canvas_photo(sheet->canvas, item->photo.photo,
                     (struct rect){at.x, at.y, item->photo.width, item->height});
        break;
    case ITEM_RULE:
        canvas_line(sheet->canvas, (struct point){box.x, box.y + box.height / 2},
                    (struct point){box.x + width, box.y + box.height / 2}, item->rule);
        break;
    case ITEM_COLUMNS: draw_columns(sheet, item, at, box.height); break;
    case ITEM_PANEL: draw_panel(sheet, item, box); break;
    }
}
