/* SPDX-License-Identifier: Apache-2.0 */
/* Pictures as SVG, character by character. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "draw/number_int.h"
#include "draw/svg.h"

enum { ARENA_BYTES = 1 << 20, SVG_BYTES = 64 << 10 };

#define START "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\""
#define SIZE \
    " width=\"40\" height=\"20\" " \
    "viewBox=\"0 0 40 20\" font-family=\"Be Vietnam Pro,system-ui,sans-serif\""

/* A page has a style sheet and refuses styles in its elements; mail has none. */
#define HEAD       START SIZE
#define PLAIN_HEAD START " style=\"max-width:100%;height:auto;overflow:visible\"" SIZE

static struct arena arena;
static struct buf out;

static int begin(void **state)
{
    (void)state;
    arena_init(&arena, ARENA_BYTES);
    buf_init(&out, SVG_BYTES);
    return 0;
}

static int end(void **state)
{
    (void)state;
    buf_release(&out);
    arena_release(&arena);
    return 0;
}

static struct picture start(void)
{
    struct picture picture;
    picture_init(&picture, &arena, 40, 20);
    return picture;
}

static void check(const struct picture *picture, enum svg_colours colours, const char *expected)
{
    buf_reset(&out);
    assert_true(picture_whole(picture));
    svg_write(picture, colours, &out);
    assert_string_equal(out.p, expected);
}

static void shapes_are_short(void **state)
{
    (void)state;
    struct picture picture = start();
    picture_rect(&picture, (struct rect){0.5, 2, 12.345, 4}, 1, FILLED(ROLE_LAMP));
    picture_line(&picture, (struct point){0, 20}, (struct point){40, 20}, STROKED(ROLE_LINE, 0.5));
    picture_rect(&picture, (struct rect){1, 2, 3, 4}, 0,
                 (struct style){.stroke = ROLE_MUTED, .stroke_width = 1, .dash = 3});
    check(&picture, SVG_VARIABLES,
          HEAD " fill=\"var(--ink,#1b2430)\">"
               "<rect x=\".5\" y=\"2\" width=\"12.35\" height=\"4\" rx=\"1\" "
               "fill=\"var(--lamp,#b45309)\"/>"
               "<line x1=\"0\" y1=\"20\" x2=\"40\" y2=\"20\" stroke=\"var(--line,#dad7cf)\" "
               "stroke-width=\".5\"/>"
               "<rect x=\"1\" y=\"2\" width=\"3\" height=\"4\" fill=\"none\" "
               "stroke=\"var(--muted,#55606e)\" stroke-dasharray=\"3\"/>"
               "</svg>");
}

static void texts_are_escaped(void **state)
{
    (void)state;
    struct picture picture = start();
    picture_describe(&picture, S("Điện <7/2026>"), S("A & \"B\""));
    picture_text(&picture, (struct point){20, 8}, S("1 < 2\x01 & đ"),
                 (struct text_style){8, WEIGHT_STRONG, ANCHOR_MIDDLE, ROLE_LAMP});
    picture_text(&picture, (struct point){20, 18}, S("ế"), (struct text_style){.size = 8});
    check(&picture, SVG_PLAIN,
          PLAIN_HEAD " fill=\"#1b2430\">"
               "<title>Điện &lt;7/2026&gt;</title><desc>A &amp; \"B\"</desc>"
               "<text x=\"20\" y=\"8\" font-size=\"8\" font-weight=\"600\" text-anchor=\"middle\" "
               "fill=\"#b45309\">1 &lt; 2 &amp; đ</text>"
               "<text x=\"20\" y=\"18\" font-size=\"8\">ế</text></svg>");
}

static void groups_have_titles(void **state)
{
    (void)state;
    static const struct point corners[] = {{1, 2}, {5, 2}, {5, 6}, {3, 7}};
    struct picture picture = start();
    picture_group(&picture, S("Tháng 7"));
    picture_polyline(&picture, corners, ARRAY_COUNT(corners), true, TINTED(ROLE_INK, 0.3));
    picture_group_end(&picture);
    picture_group(&picture, S(""));
    picture_group_end(&picture);
    check(&picture, SVG_PLAIN,
          PLAIN_HEAD " fill=\"#1b2430\"><g><title>Tháng 7</title>"
               "<path d=\"M1 2H5V6L3 7Z\" fill-opacity=\".3\"/></g><g></g></svg>");
}

static void curves_and_cameras(void **state)
{
    (void)state;
    static const struct step steps[] = {{.kind = STEP_MOVE, .at = {0, 0}},
                                        {STEP_CURVE, {4, 4}, {{1, 0}, {4, 3}}}};
    struct picture picture = start();
    picture_path(&picture, steps, ARRAY_COUNT(steps), FILLED(ROLE_BLACK));
    check(&picture, SVG_VARIABLES,
          HEAD
          " fill=\"var(--ink,#1b2430)\"><path d=\"M0 0C1 0 4 3 4 4\" fill=\"#000000\"/></svg>");
}

static void modules_are_runs_of_one_path(void **state)
{
    (void)state;
    static const unsigned char dark[] = {1, 1, 0, 0, 0, 0, 1, 0, 1};
    struct picture picture = start();
    picture_modules(&picture, (struct rect){4, 4, 10, 10}, dark, 3, FILLED(ROLE_BLACK));
    check(&picture, SVG_PLAIN,
          PLAIN_HEAD " fill=\"#1b2430\"><path transform=\"translate(4 4) scale(3.33333)\" "
               "d=\"M0 0h2v1h-2zM0 2h1v1h-1zM2 2h1v1h-1z\" fill=\"#000000\"/></svg>");
}

static void numbers_have_no_more_than_they_need(void **state)
{
    (void)state;
    static const double numbers[] = {0, 1, -1, 0.5, -0.25, 12.3456, -0.001, 1000.999, 3.1};
    buf_reset(&out);
    for (size_t i = 0; i < ARRAY_COUNT(numbers); i++) {
        draw_add_number(&out, numbers[i]);
        buf_add_char(&out, ' ');
    }
    assert_string_equal(out.p, "0 1 -1 .5 -.25 12.35 0 1001 3.1 ");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shapes_are_short),
        cmocka_unit_test(texts_are_escaped),
        cmocka_unit_test(groups_have_titles),
        cmocka_unit_test(curves_and_cameras),
        cmocka_unit_test(modules_are_runs_of_one_path),
        cmocka_unit_test(numbers_have_no_more_than_they_need),
    };
    return cmocka_run_group_tests_name("draw svg", tests, begin, end);
}
