/* SPDX-License-Identifier: Apache-2.0 */
/* The list of shapes: what is added stands there in order, and a full arena is told. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "draw/picture.h"

enum { ARENA_BYTES = 1 << 20, SMALL_ARENA_BYTES = 8 << 10, MANY = 1000 };

static struct arena arena;

static int begin(void **state)
{
    (void)state;
    arena_init(&arena, ARENA_BYTES);
    return 0;
}

static int end(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static void shapes_stand_in_order(void **state)
{
    (void)state;
    struct picture picture;
    picture_init(&picture, &arena, 100, 50);
    picture_rect(&picture, (struct rect){0, 0, 10, 4}, 6, FILLED(ROLE_LAMP));
    picture_text(&picture, (struct point){1, 2}, S("461 kWh"), (struct text_style){.size = 8});
    picture_text(&picture, (struct point){1, 2}, S(""), (struct text_style){.size = 8});
    assert_true(picture_whole(&picture));
    assert_int_equal(picture.first->kind, SHAPE_RECT);
    assert_true(picture.first->rect.radius == 2);
    assert_int_equal(picture.last->kind, SHAPE_TEXT);
    assert_int_equal(picture.last->text.style.role, ROLE_INK);
    assert_int_equal(picture.last->text.style.weight, WEIGHT_REGULAR);
    assert_ptr_equal(picture.first->next, picture.last);
}

static void a_part_is_moved_and_grouped(void **state)
{
    (void)state;
    static const struct point corners[] = {{0, 0}, {4, 0}, {4, 4}};
    struct picture part, whole;
    picture_init(&part, &arena, 4, 4);
    picture_describe(&part, S("góc"), S(""));
    picture_polyline(&part, corners, ARRAY_COUNT(corners), true, STROKED(ROLE_INK, 1));
    picture_init(&whole, &arena, 100, 50);
    picture_place(&whole, &part, (struct point){10, 20});
    assert_true(picture_whole(&whole));
    assert_int_equal(whole.first->kind, SHAPE_GROUP);
    assert_true(str_equal(whole.first->title, S("góc")));
    const struct shape *path = whole.first->next;
    assert_int_equal(path->path.count, 4);
    assert_true(path->path.steps[2].at.x == 14 && path->path.steps[2].at.y == 24);
    assert_int_equal(path->next->kind, SHAPE_GROUP_END);
}

static void a_full_arena_is_told(void **state)
{
    (void)state;
    struct arena small;
    struct picture picture;
    arena_init(&small, SMALL_ARENA_BYTES);
    picture_init(&picture, &small, 100, 50);
    for (int i = 0; i < MANY; i++)
        picture_line(&picture, (struct point){0, i}, (struct point){1, i}, STROKED(ROLE_LINE, 1));
    assert_false(picture_whole(&picture));
    arena_release(&small);
}

static void every_role_has_a_colour(void **state)
{
    (void)state;
    for (int role = ROLE_NONE + 1; role < PAINT_ROLE_COUNT; role++)
        assert_true(role_light((enum paint_role)role) <= 0xFFFFFF);
    assert_string_equal(role_variable(ROLE_LAMP), "lamp");
    assert_null(role_variable(ROLE_BLACK));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shapes_stand_in_order),
        cmocka_unit_test(a_part_is_moved_and_grouped),
        cmocka_unit_test(a_full_arena_is_told),
        cmocka_unit_test(every_role_has_a_colour),
    };
    return cmocka_run_group_tests_name("draw picture", tests, begin, end);
}
