/* SPDX-License-Identifier: Apache-2.0 */
/* Charts: whatever the numbers are, no two texts overlap and all stay inside. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/buffer.h"
#include "draw/chart_int.h"

enum { ARENA_BYTES = 8 << 20, ROUNDS = 2000, TEXTS_MAX = 256, WORDS_BYTES = 64 };

#define TOLERANCE 0.01

static struct arena arena;
static struct typeface *typeface;
static struct err err;
static uint64_t chance;

static int begin(void **state)
{
    (void)state;
    arena_init(&arena, ARENA_BYTES);
    return typeface_open(&typeface, &err);
}

static int end(void **state)
{
    (void)state;
    typeface_close(typeface);
    arena_release(&arena);
    return 0;
}

/* A number below limit, the same in every run. */
static int64_t pick(int64_t limit)
{
    chance = chance * 6364136223846793005u + 1442695040888963407u;
    return (int64_t)(chance >> 33) % limit;
}

static struct str with_number(const char *before, int64_t number, const char *after)
{
    char memory[WORDS_BYTES];
    struct buf buf;
    buf_init_fixed(&buf, memory, sizeof memory);
    buf_add(&buf, str_of(before));
    if (number < 0) buf_add_char(&buf, '-');
    buf_add_grouped(&buf, number < 0 ? -number : number);
    buf_add(&buf, str_of(after));
    return arena_str(&arena, buf_str(&buf));
}

/* ---- what is looked at ------------------------------------------------------------------- */

static struct rect box_of(const struct shape *shape)
{
    const struct text_style *style = &shape->text.style;
    double width = typeface_width(typeface, shape->text.words, style->size, style->weight);
    double left = shape->text.at.x - (style->anchor == ANCHOR_END      ? width
                                      : style->anchor == ANCHOR_MIDDLE ? width / 2
                                                                       : 0);
    return (struct rect){left, shape->text.at.y - style->size * TYPEFACE_ABOVE, width,
                         style->size * (TYPEFACE_ABOVE + TYPEFACE_BELOW)};
}

static bool overlap(const struct rect *a, const struct rect *b)
{
    return a->x + a->width > b->x + TOLERANCE && b->x + b->width > a->x + TOLERANCE &&
           a->y + a->height > b->y + TOLERANCE && b->y + b->height > a->y + TOLERANCE;
}

static void check_inside(const struct picture *picture, const struct rect *box, double size)
{
    double above = size * (TYPEFACE_ABOVE - TYPEFACE_CAPITAL);
    assert_true(box->x > -TOLERANCE && box->x + box->width < picture->width + TOLERANCE);
    assert_true(box->y + above > -TOLERANCE);
    assert_true(box->y + box->height < picture->height + TOLERANCE);
}

static size_t check_texts(const struct picture *picture)
{
    static struct rect boxes[TEXTS_MAX];
    static struct str words[TEXTS_MAX];
    size_t count = 0;
    assert_true(picture_whole(picture));
    for (const struct shape *shape = picture->first; shape != NULL; shape = shape->next) {
        if (shape->kind != SHAPE_TEXT) continue;
        assert_true(count < TEXTS_MAX);
        boxes[count] = box_of(shape);
        words[count] = shape->text.words;
        check_inside(picture, &boxes[count], shape->text.style.size);
        for (size_t i = 0; i < count; i++)
            if (overlap(&boxes[i], &boxes[count]))
                fail_msg("\"%.*s\" lies on \"%.*s\"", STR_ARG(words[i]), STR_ARG(words[count]));
        count++;
    }
    return count;
}

static struct chart any_chart(void)
{
    static const double widths[] = {280, 343, 515, 720}, sizes[] = {7, 8, 11, 12};
    int64_t which = pick(ARRAY_COUNT(widths));
    return (struct chart){.arena = &arena,
                          .typeface = typeface,
                          .width = widths[which],
                          .text_size = which < 2 ? sizes[2 + pick(2)] : sizes[pick(4)]};
}

/* No level line runs through the capitals of a text. */
static void check_lines(const struct picture *picture)
{
    for (const struct shape *text = picture->first; text != NULL; text = text->next) {
        if (text->kind != SHAPE_TEXT) continue;
        struct rect box = box_of(text);
        double bottom = text->text.at.y, top = bottom - text->text.style.size * TYPEFACE_CAPITAL;
        for (const struct shape *shape = picture->first; shape != NULL; shape = shape->next) {
            if (shape->kind != SHAPE_LINE || shape->line[0].y != shape->line[1].y) continue;
            bool beside = shape->line[1].x < box.x || shape->line[0].x > box.x + box.width;
            double y = shape->line[0].y;
            if (!beside && y > top && y < bottom)
                fail_msg("a line runs through \"%.*s\"", STR_ARG(text->text.words));
        }
    }
}

/* ---- charts ------------------------------------------------------------------------------ */

enum { MONTHS_MAX = 36, BLOCKS_MOST = 12, STEPS_MAX = 8 };

static void any_month(struct chart_month *month, int64_t scale, size_t i)
{
    *month = (struct chart_month){.label = with_number("", (int64_t)(i % 12) + 1, ""),
                                  .year = i % 12 == 0 ? S("2026") : S(""),
                                  .value = (double)pick(scale),
                                  .missing = pick(8) == 0,
                                  .before = (double)pick(scale),
                                  .before_missing = pick(3) == 0};
}

static void months_never_overlap(void **state)
{
    (void)state;
    static struct chart_month months[MONTHS_MAX];
    chance = 1;
    for (int round = 0; round < ROUNDS; round++) {
        arena_reset(&arena);
        struct picture picture;
        int64_t scale = pick(2) == 0 ? 3 + pick(20) : 100 + pick(200000);
        size_t count = (size_t)pick(MONTHS_MAX) + 1;
        for (size_t i = 0; i < count; i++) any_month(&months[i], scale, i);
        size_t current = (size_t)pick((int64_t)count + 1);
        struct chart_months chart = {.common = any_chart(),
                                     .months = months,
                                     .count = count,
                                     .current = current,
                                     .unit = pick(2) == 0 ? S("kWh") : S("kWh/ngày"),
                                     .english = pick(2) == 0};
        chart.height = chart.common.text_size * (double)(14 + pick(12));
        if (current < count)
            chart.current_words = with_number("", (int64_t)months[current].value, " kWh");
        if (pick(3) > 0)
            chart.mean = (struct chart_mean){(double)pick(scale), S("Trung bình khu vực 312 kWh")};
        if (pick(3) > 0)
            chart.efficient = (struct chart_mean){(double)pick(scale), S("Nhóm tiết kiệm 205 kWh")};
        if (pick(2) > 0) chart.before_words = S("Tháng 7/2025: 402 kWh");
        chart_months(&picture, &chart);
        assert_true(check_texts(&picture) >= 2);
        check_lines(&picture);
    }
}

static void blocks_never_overlap(void **state)
{
    (void)state;
    static struct chart_block blocks[BLOCKS_MOST];
    chance = 2;
    for (int round = 0; round < ROUNDS; round++) {
        arena_reset(&arena);
        struct picture picture;
        size_t count = (size_t)pick(BLOCKS_MOST) + 1;
        for (size_t i = 0; i < count; i++) {
            int64_t kwh = pick(4) == 0 ? 1 : 1 + pick(400);
            blocks[i] = (struct chart_block){.quantity = (double)kwh,
                                             .name = with_number("Bậc ", (int64_t)i + 1, ""),
                                             .used = with_number("", kwh, " kWh"),
                                             .price = with_number("", 1984 + pick(1500), " đ"),
                                             .amount = with_number("", kwh * 3460, " đ")};
        }
        struct chart_blocks chart = {any_chart(), blocks, count};
        chart_blocks(&picture, &chart);
        assert_int_equal(check_texts(&picture), 4 * count);
    }
}

static void steps_never_overlap(void **state)
{
    (void)state;
    static const struct str names[] = {
        S_INIT("Thêm 1 ngày"), S_INIT("Dùng nhiều hơn mỗi ngày: 2,7 kWh vì thời tiết nóng hơn"),
        S_INIT("Giá điện"), S_INIT("Hỗ trợ tiền điện đợt 4")};
    static struct chart_step steps[STEPS_MAX];
    chance = 3;
    for (int round = 0; round < ROUNDS; round++) {
        arena_reset(&arena);
        struct picture picture;
        size_t count = (size_t)pick(STEPS_MAX);
        int64_t start = pick(5) == 0 ? -pick(90000) : pick(9000000), value = start;
        for (size_t i = 0; i < count; i++) {
            int64_t step = pick(4) == 0 ? 0 : pick(2000000) - 1000000;
            value += step;
            steps[i] = (struct chart_step){names[pick(ARRAY_COUNT(names))],
                                           with_number("", step, " đ"), (double)step};
        }
        struct chart_steps chart = {
            any_chart(),
            {S("Tháng 6/2026"), with_number("", start, " đ"), (double)start},
            steps,
            count,
            {S("Tháng 7/2026"), with_number("", value, " đ"), (double)value}};
        chart_steps(&picture, &chart);
        assert_true(check_texts(&picture) >= 4 + 2 * count);
    }
}

/* ---- parts ------------------------------------------------------------------------------- */

static void grid_lines_are_round_and_few(void **state)
{
    (void)state;
    chance = 4;
    assert_true(chart_grid_step(461, 3) == 200);
    assert_true(chart_grid_step(399, 3) == 100);
    assert_true(chart_grid_step(12, 3) == 5);
    assert_true(chart_grid_step(0, 3) == 0);
    for (int round = 0; round < ROUNDS; round++) {
        double top = (double)(1 + pick(1000000)) / 100, step = chart_grid_step(top, 3);
        assert_true(step > 0 && top / step < 4 && top / step >= 1);
    }
}

static void neighbours_share_the_room(void **state)
{
    (void)state;
    struct spread items[] = {{10, 8, 0}, {11, 8, 0}, {40, 8, 0}};
    assert_true(chart_spread(items, 3, 0, 44, 2));
    assert_true(items[0].start == 1.5 && items[1].start == 11.5 && items[2].start == 36);
    struct spread tight[] = {{0, 8, 0}, {0, 8, 0}};
    assert_true(chart_spread(tight, 2, 0, 18, 2));
    assert_true(tight[0].start == 0 && tight[1].start == 10);
    assert_false(chart_spread(tight, 2, 0, 17, 2));
    assert_true(chart_spread(NULL, 0, 0, 17, 2));
}

/* A bar is one rectangle: three of four months are known, a zero among them. */
static void small_bars_tell_a_zero_from_a_gap(void **state)
{
    (void)state;
    static const struct chart_bar bars[] = {{0, false}, {0, true}, {5, false}, {10, false}};
    struct picture picture;
    const struct shape *seen[4];
    size_t count = 0;
    arena_reset(&arena);
    chart_bars(&picture, &(struct chart_bars){.common = {.arena = &arena, .width = 40},
                                              .height = 20.5,
                                              .bars = bars,
                                              .count = ARRAY_COUNT(bars),
                                              .current = 3,
                                              .beside = 2});
    assert_true(picture_whole(&picture));
    for (const struct shape *shape = picture.first; shape != NULL; shape = shape->next)
        if (shape->kind == SHAPE_RECT) seen[count++] = shape;
    assert_int_equal(count, 3);
    assert_true(seen[0]->rect.box.height > 0 && seen[0]->rect.box.height < 2);
    assert_true(seen[1]->rect.box.x > 20 && seen[1]->style.fill == ROLE_INK);
    assert_true(seen[2]->rect.box.y == 0 && seen[2]->style.fill == ROLE_LAMP);
    assert_true(fabs(seen[2]->rect.box.height - 2 * seen[1]->rect.box.height) < TOLERANCE);
}

static void numbers_are_grouped(void **state)
{
    (void)state;
    char memory[WORDS_BYTES];
    struct buf buf;
    buf_init_fixed(&buf, memory, sizeof memory);
    chart_add_number(&buf, 1234.5, false);
    buf_add_char(&buf, ' ');
    chart_add_number(&buf, 1234567, true);
    buf_add_char(&buf, ' ');
    chart_add_number(&buf, 0.25, true);
    assert_string_equal(memory, "1.234,5 1,234,567 0.25");
}

static void a_text_too_long_for_a_qr_is_refused(void **state)
{
    (void)state;
    enum { MOST = 2331 };
    static char text[MOST + 1];
    struct picture picture;
    arena_reset(&arena);
    for (int i = 0; i < MOST + 1; i++) text[i] = (char)('a' + i % 26);
    assert_int_equal(
        chart_qr(&picture, &arena, 96, QR_STRONG, (struct str){text, MOST}, S("Mã QR"), &err), OK);
    assert_int_equal(
        chart_qr(&picture, &arena, 96, QR_STRONG, (struct str){text, MOST + 1}, S("Mã QR"), &err),
        E_LIMIT);
    assert_true(err.vi.hint[0] != '\0');
    assert_int_equal(chart_qr(&picture, &arena, 96, QR_LARGE_MODULES, (struct str){text, MOST + 1},
                              S("Mã QR"), &err),
                     OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(months_never_overlap),
        cmocka_unit_test(blocks_never_overlap),
        cmocka_unit_test(steps_never_overlap),
        cmocka_unit_test(grid_lines_are_round_and_few),
        cmocka_unit_test(neighbours_share_the_room),
        cmocka_unit_test(small_bars_tell_a_zero_from_a_gap),
        cmocka_unit_test(numbers_are_grouped),
        cmocka_unit_test(a_text_too_long_for_a_qr_is_refused),
    };
    return cmocka_run_group_tests_name("draw chart", tests, begin, end);
}
