/* SPDX-License-Identifier: Apache-2.0 */
/* Items are measured as they are added: the width of their stack is known. */
#include "document/sheet.h"

#include <math.h>

void sheet_init(struct sheet *sheet, struct arena *arena, struct typeface *typeface,
                const struct sheet_frame *frame)
{
    *sheet = (struct sheet){.arena = arena, .typeface = typeface, .frame = *frame};
    sheet->body =
        (struct stack){.sheet = sheet, .width = frame->width - frame->left - frame->right};
}

/* When there is no memory there is one item to write into; nobody draws it. */
static struct item *append(struct stack *stack, enum item_kind kind, double height)
{
    struct sheet *sheet = stack->sheet;
    struct item *item = ARENA_NEW(sheet->arena, struct item);
    if (item == NULL) {
        sheet->dropped = true;
        sheet->spare = (struct item){.kind = kind};
        if (stack->last == NULL) stack->first = stack->last = &sheet->spare;
        return &sheet->spare;
    }
    *item = (struct item){.kind = kind, .height = height};
    if (stack->last == NULL) stack->first = item;
    else stack->last->next = item;
    stack->last = item;
    return item;
}

/* ---- items ------------------------------------------------------------------------------- */

/* What a page, or a column beside others, has room for. */
static size_t lines_max(const struct stack *stack, double line_height)
{
    const struct sheet_frame *frame = &stack->sheet->frame;
    double room = frame->height - frame->bottom - fmax(frame->first_top, frame->later_top);
    size_t most = (size_t)(room / line_height) - 2;
    return stack != &stack->sheet->body && most > COLUMN_LINES_MAX ? COLUMN_LINES_MAX : most;
}

struct item *stack_text(struct stack *stack, struct str words, struct text_style style,
                        double line_height)
{
    struct paragraph how = {.width = stack->width,
                            .line_height = line_height,
                            .style = style,
                            .lines_max = lines_max(stack, line_height)};
    size_t lines = canvas_paragraph_lines(stack->sheet->typeface, words, &how);
    struct item *item = append(stack, ITEM_TEXT, (double)lines * line_height);
    item->text.words = words;
    item->text.how = how;
    return item;
}

static size_t cell_lines(const struct stack *stack, const struct cell *cell, size_t most)
{
    struct paragraph how = {.width = cell->width, .style = cell->style, .lines_max = most};
    return cell->wrap ? canvas_paragraph_lines(stack->sheet->typeface, cell->text, &how) : 1;
}

struct item *stack_cells(struct stack *stack, const struct cell *cells, size_t count,
                         double line_height)
{
    struct cell *copy = ARENA_ARRAY(stack->sheet->arena, struct cell, count);
    size_t lines = 1, most = lines_max(stack, line_height);
    if (copy == NULL) stack->sheet->dropped = true;
    for (size_t i = 0; i < count && copy != NULL; i++) {
        ASSERT(cells[i].x >= 0 && cells[i].x + cells[i].width <= stack->width + 0.01);
        copy[i] = cells[i];
        size_t needed = cell_lines(stack, &cells[i], most);
        if (needed > lines) lines = needed;
    }
    struct item *item = append(stack, ITEM_CELLS, (double)lines * line_height);
    item->cells.cell = copy;
    item->cells.count = copy == NULL ? 0 : count;
    item->cells.line_height = line_height;
    item->cells.lines = lines;
    return item;
}

struct item *stack_row(struct stack *stack, const struct row_shape *shape, const struct str *texts,
                       struct text_style style, double line_height)
{
    struct cell cells[CELLS_MAX];
    double start = 0;
    ASSERT(shape->count <= CELLS_MAX);
    for (size_t i = 0; i < shape->count; i++) {
        double end = shape->ends[i] * stack->width;
        cells[i] = (struct cell){start, end - start, texts[i], style, shape->wrap && i == 0};
        if (i >= shape->words) cells[i].style.anchor = ANCHOR_END;
        start = end;
    }
    return stack_cells(stack, cells, shape->count, line_height);
}

struct item *stack_picture(struct stack *stack, const struct picture *picture)
{
    ASSERT(picture->width <= stack->width + 0.01);
    struct item *item = append(stack, ITEM_PICTURE, picture->height);
    item->picture = picture;
    return item;
}

struct item *stack_chart(struct stack *stack, double height, double stretch, chart_draw *draw,
                         const void *of)
{
    struct item *item = append(stack, ITEM_CHART, height);
    item->stretch = stretch;
    item->chart.draw = draw;
    item->chart.of = of;
    return item;
}

/* Turns from 5 on lay a photo on its side (photo.h). */
struct item *stack_photo(struct stack *stack, const struct photo *photo, double width,
                         double height)
{
    bool aside = photo->turn >= 5;
    double wide = aside ? photo->height : photo->width, high = aside ? photo->width : photo->height;
    double scale = fmin(width / wide, height / high);
    struct item *item = append(stack, ITEM_PHOTO, high * scale);
    item->photo.photo = photo;
    item->photo.width = wide * scale;
    return item;
}

struct item *stack_rule(struct stack *stack, struct style style)
{
    struct item *item = append(stack, ITEM_RULE, style.stroke_width);
    item->rule = style;
    return item;
}

/* ---- stacks in stacks -------------------------------------------------------------------- */

static struct stack *new_stack(struct stack *outer, double width)
{
    struct stack *stack = ARENA_NEW(outer->sheet->arena, struct stack);
    if (stack == NULL) {
        outer->sheet->dropped = true;
        return outer;
    }
    *stack = (struct stack){.sheet = outer->sheet, .width = width};
    return stack;
}

struct item *stack_columns(struct stack *stack, const double *widths, size_t count, double gap,
                           struct stack **out)
{
    double x = 0;
    struct item *item = append(stack, ITEM_COLUMNS, 0);
    ASSERT(count >= 1 && count <= COLUMNS_MAX);
    for (size_t i = 0; i < count; i++) {
        out[i] = new_stack(stack, widths[i]);
        item->columns.stack[i] = out[i];
        item->columns.x[i] = x;
        x += widths[i] + gap;
    }
    ASSERT(x - gap <= stack->width + 0.01);
    item->columns.count = count;
    return item;
}

struct item *stack_panel(struct stack *stack, double padding, struct style style,
                         struct stack **out)
{
    struct item *item = append(stack, ITEM_PANEL, 0);
    *out = new_stack(stack, stack->width - 2 * padding);
    item->panel.stack = *out;
    item->panel.padding = padding;
    item->panel.style = style;
    return item;
}

/* ---- heights ----------------------------------------------------------------------------- */

/* What holds stacks is as high as they are by now. */
static double item_height(const struct item *item)
{
    double height = item->height;
    if (item->kind == ITEM_PANEL) return stack_height(item->panel.stack) + 2 * item->panel.padding;
    if (item->kind != ITEM_COLUMNS) return height;
    for (size_t i = 0; i < item->columns.count; i++) {
        double column = stack_height(item->columns.stack[i]);
        if (column > height) height = column;
    }
    return height;
}

double stack_height(const struct stack *stack)
{
    double height = 0;
    for (struct item *item = stack->first; item != NULL; item = item->next) {
        item->height = item_height(item);
        height += item->height + (item == stack->first ? 0 : item->above);
    }
    return height;
}
