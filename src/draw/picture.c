/* SPDX-License-Identifier: Apache-2.0 */
#include "draw/picture.h"

static const struct {
    const char *variable;
    uint32_t light;
} roles[PAINT_ROLE_COUNT] = {
#define ROLE(name, variable, light) [ROLE_##name] = {variable, light},
#include "draw/roles.def"
#undef ROLE
};

uint32_t role_light(enum paint_role role)
{
    ASSERT(role > ROLE_NONE && role < PAINT_ROLE_COUNT);
    return roles[role].light;
}

const char *role_variable(enum paint_role role)
{
    ASSERT(role > ROLE_NONE && role < PAINT_ROLE_COUNT);
    return roles[role].variable;
}

void picture_init(struct picture *picture, struct arena *arena, double width, double height)
{
    *picture = (struct picture){.arena = arena, .width = width, .height = height};
}

/* A copy in the arena; the empty text when there is no room. */
static struct str keep(struct picture *picture, struct str text)
{
    struct str copy = arena_str(picture->arena, text);
    if (copy.n < text.n) picture->dropped = true;
    return copy;
}

void picture_describe(struct picture *picture, struct str title, struct str description)
{
    picture->title = keep(picture, title);
    picture->description = keep(picture, description);
}

bool picture_whole(const struct picture *picture)
{
    ASSERT(picture->depth == 0);
    return !picture->dropped;
}

/* ---- shapes ------------------------------------------------------------------------------ */

static void append(struct picture *picture, struct shape content)
{
    struct shape *shape = ARENA_NEW(picture->arena, struct shape);
    if (shape == NULL) {
        picture->dropped = true;
        return;
    }
    *shape = content;
    shape->next = NULL;
    if (picture->last == NULL) picture->first = shape;
    else picture->last->next = shape;
    picture->last = shape;
}

void picture_rect(struct picture *picture, struct rect box, double radius, struct style style)
{
    double half = (box.width < box.height ? box.width : box.height) / 2;
    append(picture, (struct shape){.kind = SHAPE_RECT,
                                   .style = style,
                                   .rect = {box, radius < half ? radius : half}});
}

void picture_line(struct picture *picture, struct point from, struct point to, struct style style)
{
    append(picture, (struct shape){.kind = SHAPE_LINE, .style = style, .line = {from, to}});
}

/* A path of steps that live in the arena already. */
static void append_path(struct picture *picture, const struct step *steps, size_t count,
                        struct style style)
{
    if (count == 0) return;
    ASSERT(steps[0].kind == STEP_MOVE);
    append(picture, (struct shape){.kind = SHAPE_PATH, .style = style, .path = {steps, count}});
}

static struct step *new_steps(struct picture *picture, size_t count)
{
    struct step *steps = ARENA_ARRAY(picture->arena, struct step, count);
    if (steps == NULL) picture->dropped = true;
    return steps;
}

void picture_path(struct picture *picture, const struct step *steps, size_t count,
                  struct style style)
{
    struct step *copy = new_steps(picture, count);
    if (copy == NULL) return;
    for (size_t i = 0; i < count; i++) copy[i] = steps[i];
    append_path(picture, copy, count, style);
}

void picture_polyline(struct picture *picture, const struct point *points, size_t count,
                      bool closed, struct style style)
{
    if (count == 0) return;
    struct step *steps = new_steps(picture, count + 1);
    if (steps == NULL) return;
    for (size_t i = 0; i < count; i++)
        steps[i] = (struct step){.kind = i == 0 ? STEP_MOVE : STEP_LINE, .at = points[i]};
    steps[count].kind = STEP_CLOSE;
    append_path(picture, steps, closed ? count + 1 : count, style);
}

void picture_text(struct picture *picture, struct point at, struct str words,
                  struct text_style style)
{
    if (words.n == 0) return;
    if (style.weight == 0) style.weight = WEIGHT_REGULAR;
    if (style.role == ROLE_NONE) style.role = ROLE_INK;
    append(picture, (struct shape){.kind = SHAPE_TEXT, .text = {at, keep(picture, words), style}});
}

void picture_modules(struct picture *picture, struct rect box, const unsigned char *dark,
                     unsigned across, struct style style)
{
    size_t count = (size_t)across * across;
    unsigned char *copy = arena_take(picture->arena, count);
    if (copy == NULL) {
        picture->dropped = true;
        return;
    }
    for (size_t i = 0; i < count; i++) copy[i] = dark[i] != 0;
    append(picture,
           (struct shape){.kind = SHAPE_MODULES, .style = style, .modules = {box, copy, across}});
}

void picture_group(struct picture *picture, struct str title)
{
    picture->depth++;
    append(picture, (struct shape){.kind = SHAPE_GROUP, .title = keep(picture, title)});
}

void picture_group_end(struct picture *picture)
{
    ASSERT(picture->depth > 0);
    picture->depth--;
    append(picture, (struct shape){.kind = SHAPE_GROUP_END});
}

/* ---- a picture inside another ------------------------------------------------------------ */

static struct point moved(struct point point, struct point offset)
{
    return (struct point){point.x + offset.x, point.y + offset.y};
}

static void place_path(struct picture *picture, const struct shape *shape, struct point offset)
{
    struct step *steps = new_steps(picture, shape->path.count);
    if (steps == NULL) return;
    for (size_t i = 0; i < shape->path.count; i++) {
        const struct step *step = &shape->path.steps[i];
        steps[i] =
            (struct step){step->kind,
                          moved(step->at, offset),
                          {moved(step->control[0], offset), moved(step->control[1], offset)}};
    }
    append_path(picture, steps, shape->path.count, shape->style);
}

static struct rect moved_box(struct rect box, struct point offset)
{
    return (struct rect){box.x + offset.x, box.y + offset.y, box.width, box.height};
}

static void place_shape(struct picture *picture, const struct shape *shape, struct point offset)
{
    switch (shape->kind) {
    case SHAPE_RECT:
        picture_rect(picture, moved_box(shape->rect.box, offset), shape->rect.radius, shape->style);
        break;
    case SHAPE_MODULES:
        picture_modules(picture, moved_box(shape->modules.box, offset), shape->modules.dark,
                        shape->modules.across, shape->style);
        break;
    case SHAPE_LINE:
        picture_line(picture, moved(shape->line[0], offset), moved(shape->line[1], offset),
                     shape->style);
        break;
    case SHAPE_PATH: place_path(picture, shape, offset); break;
    case SHAPE_TEXT:
        picture_text(picture, moved(shape->text.at, offset), shape->text.words, shape->text.style);
        break;
    case SHAPE_GROUP: picture_group(picture, shape->title); break;
    case SHAPE_GROUP_END: picture_group_end(picture); break;
    }
}

void picture_place(struct picture *picture, const struct picture *part, struct point offset)
{
    ASSERT(part->depth == 0);
    picture_group(picture, part->title);
    for (const struct shape *shape = part->first; shape != NULL; shape = shape->next)
        place_shape(picture, shape, offset);
    picture_group_end(picture);
    picture->dropped |= part->dropped;
}
