/* SPDX-License-Identifier: Apache-2.0 */
/* PDF documents: the same bytes twice, what the file says of itself, limits, and how lines break.
 * What a reader sees of them is checked by draw.sh. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <pthread.h>

#include "base/memory.h"
#include "draw/canvas.h"
#include "samples.h"

enum { PDF_BYTES = 1 << 20, SMALL_BYTES = 2000, CREATED_MS = 1785000000 };

static char fixed[PDF_BYTES];
static struct typeface *typeface;
static struct err err;

static const struct canvas_about about = {
    .title = S_INIT("Hóa đơn"), .language = S_INIT("vi-VN"), .created_ms = CREATED_MS * 1000LL};

static int begin(void **state)
{
    (void)state;
    return typeface_open(&typeface, &err);
}

static int end(void **state)
{
    (void)state;
    typeface_close(typeface);
    return 0;
}

static err_t make(size_t limit_bytes, size_t pages, struct buf *out)
{
    struct canvas *canvas;
    err_t e = canvas_open(typeface, &about, limit_bytes, &canvas, &err);
    if (e != OK) return e;
    for (size_t i = 1; i <= pages; i++) {
        canvas_page(canvas, PAGE_A4_WIDTH, PAGE_A4_HEIGHT);
        assert_int_equal(canvas_pages(canvas), i);
        canvas_text(canvas, (struct point){40, 60}, S("Tiền điện tháng 7"),
                    (struct text_style){.size = 12});
        canvas_outline(canvas, 1, S("Trang"), 0);
        canvas_link(canvas, (struct rect){40, 50, 100, 12}, S("https://vidu.vn/(a)"));
    }
    return canvas_close(canvas, out, &err);
}

static bool contains(const struct buf *pdf, struct str piece)
{
    return memmem(pdf->p, pdf->n, piece.p, piece.n) != NULL;
}

static void the_same_calls_give_the_same_bytes(void **state)
{
    (void)state;
    struct buf first, second;
    buf_init(&first, PDF_BYTES);
    buf_init(&second, PDF_BYTES);
    assert_int_equal(make(PDF_BYTES, 2, &first), OK);
    assert_int_equal(make(PDF_BYTES, 2, &second), OK);
    assert_true(str_equal(buf_str(&first), buf_str(&second)));
    assert_true(contains(&first, S("/Lang (vi-VN)")));
    assert_true(contains(&first, S("/URI (https://vidu.vn/\\(a\\))")));
    assert_true(contains(&first, S("/Count 2")));
    buf_release(&first);
    buf_release(&second);
}

enum { THREADS = 4, DOCUMENTS = 25 };

/* Each thread has a typeface of its own; what they draw is the same. */
static void *draw_many(void *context)
{
    struct buf *out = context;
    struct typeface *own;
    struct err failed;
    if (typeface_open(&own, &failed) != OK) return NULL;
    for (int i = 0; i < DOCUMENTS; i++) {
        struct canvas *canvas;
        buf_reset(out);
        if (canvas_open(own, &about, PDF_BYTES, &canvas, &failed) != OK) break;
        canvas_page(canvas, PAGE_A4_WIDTH, PAGE_A4_HEIGHT);
        canvas_text(canvas, (struct point){40, 60}, S("Tiền điện tháng 7: 1.388.405 đ"),
                    (struct text_style){.size = 12, .weight = WEIGHT_STRONG});
        if (canvas_close(canvas, out, &failed) != OK) break;
    }
    typeface_close(own);
    return out;
}

static void threads_draw_the_same(void **state)
{
    (void)state;
    pthread_t threads[THREADS];
    struct buf outs[THREADS];
    for (int i = 0; i < THREADS; i++) {
        buf_init(&outs[i], PDF_BYTES);
        assert_int_equal(pthread_create(&threads[i], NULL, draw_many, &outs[i]), 0);
    }
    for (int i = 0; i < THREADS; i++) assert_int_equal(pthread_join(threads[i], NULL), 0);
    for (int i = 0; i < THREADS; i++) {
        assert_true(outs[i].n > 0 && str_equal(buf_str(&outs[i]), buf_str(&outs[0])));
        if (i > 0) buf_release(&outs[i]);
    }
    buf_release(&outs[0]);
}

static void a_document_beyond_its_limit_is_refused(void **state)
{
    (void)state;
    struct buf out;
    buf_init(&out, PDF_BYTES);
    assert_int_equal(make(SMALL_BYTES, 1, &out), E_LIMIT);
    assert_int_equal(out.n, 0);
    assert_true(err.vi.hint[0] != '\0' && err.en.hint[0] != '\0');
    buf_release(&out);
}

/* Everything from the first block of memory on, with the n-th refused. */
static err_t make_all(uint64_t refused, struct buf *out)
{
    struct arena own;
    struct typeface *fresh = NULL;
    struct canvas *canvas = NULL;
    struct picture picture;
    arena_init(&own, PDF_BYTES);
    memory_fail_after(refused);
    err_t e = typeface_open(&fresh, &err);
    if (e == OK) e = canvas_open(fresh, &about, PDF_BYTES, &canvas, &err);
    if (e == OK) e = chart_qr(&picture, &own, 96, QR_STRONG, S("HD2026"), S("Mã QR"), &err);
    if (e == OK) {
        canvas_page(canvas, PAGE_A4_WIDTH, PAGE_A4_HEIGHT);
        canvas_picture(canvas, (struct point){0, 0}, 1, &picture);
        sample_draw(SAMPLE_BLOCKS, &own, fresh, 343, 8, &picture);
        if (!picture_whole(&picture)) e = err_memory(&err);
        canvas_picture(canvas, (struct point){0, 0}, 1, &picture);
        canvas_link(canvas, (struct rect){0, 0, 1, 1}, S("https://vidu.vn"));
    }
    if (e == OK) e = canvas_close(canvas, out, &err);
    else canvas_cancel(canvas);
    typeface_close(fresh);
    arena_release(&own);
    return e;
}

static void memory_that_runs_out_is_told(void **state)
{
    (void)state;
    uint64_t refused = 1, failed = 0;
    bool struck = true;
    for (; struck; refused++) {
        struct buf out;
        buf_init_fixed(&out, fixed, sizeof fixed);
        err_t e = make_all(refused, &out);
        struck = memory_fail_after(0) == 0;
        assert_true(e == OK || (struck && e == E_MEMORY)); /* a word is tried twice */
        failed += e != OK;
        assert_true(e == OK ? out.n > 0 : out.n == 0);
    }
    assert_true(failed > 5);
}

static void broken_text_is_refused(void **state)
{
    (void)state;
    static const char *const broken[] = {"Nguy\xe1\xbb", "\xff", "a\x80 b", "\xed\xa0\x80"};
    for (size_t i = 0; i < ARRAY_COUNT(broken); i++) {
        struct canvas *canvas;
        struct buf out;
        buf_init(&out, PDF_BYTES);
        assert_int_equal(canvas_open(typeface, &about, PDF_BYTES, &canvas, &err), OK);
        canvas_page(canvas, PAGE_A4_WIDTH, PAGE_A4_HEIGHT);
        canvas_text(canvas, (struct point){40, 60}, str_of(broken[i]),
                    (struct text_style){.size = 12});
        assert_int_equal(canvas_close(canvas, &out, &err), E_INPUT);
        assert_true(out.n == 0 && err.vi.hint[0] != '\0');
        buf_release(&out);
    }
}

/* What the typeface lacks is drawn as a question mark and says so, wherever it stands. */
static void letters_that_are_missing_are_seen(void **state)
{
    (void)state;
    static const char *const texts[] = {"a Ω b", "a 中国Ω b", "中国", "Công ty 中国Ω thật? 😀 Vì"};
    for (size_t i = 0; i < ARRAY_COUNT(texts); i++) {
        struct canvas *canvas;
        struct buf out;
        buf_init(&out, PDF_BYTES);
        assert_int_equal(canvas_open(typeface, &about, PDF_BYTES, &canvas, &err), OK);
        canvas_page(canvas, PAGE_A4_WIDTH, PAGE_A4_HEIGHT);
        canvas_text(canvas, (struct point){40, 60}, str_of(texts[i]),
                    (struct text_style){.size = 12});
        assert_int_equal(canvas_close(canvas, &out, &err), OK);
        buf_release(&out);
    }
    assert_true(typeface_width(typeface, S("中国"), 12, WEIGHT_REGULAR) ==
                typeface_width(typeface, S("??"), 12, WEIGHT_REGULAR));
}

/* ---- text -------------------------------------------------------------------------------- */

#define SIZE 10

static double width_of(const char *text)
{
    return typeface_width(typeface, str_of(text), SIZE, WEIGHT_REGULAR);
}

static void figures_have_one_width(void **state)
{
    (void)state;
    for (int i = 0; i <= 9; i++) {
        char figure = (char)('0' + i);
        char text[] = {figure, figure, '.', figure, '\0'};
        assert_true(width_of(text) == width_of("11.1"));
        assert_true(typeface_width(typeface, str_of(text), SIZE, WEIGHT_STRONG) ==
                    typeface_width(typeface, S("11.1"), SIZE, WEIGHT_STRONG));
    }
}

static void a_one_is_narrow_outside_columns(void **state)
{
    (void)state;
    struct canvas *canvas;
    double wide = width_of("K1.111"), ends[3];
    assert_int_equal(canvas_open(typeface, &about, PDF_BYTES, &canvas, &err), OK);
    canvas_page(canvas, PAGE_A4_WIDTH, PAGE_A4_HEIGHT);
    for (int anchor = ANCHOR_START; anchor <= ANCHOR_END; anchor++)
        ends[anchor] =
            canvas_text(canvas, (struct point){200, 60}, S("K1.111"),
                        (struct text_style){.size = SIZE, .anchor = (enum anchor)anchor});
    canvas_cancel(canvas);
    assert_true(ends[ANCHOR_END] - wide < 1e-9 && wide - ends[ANCHOR_END] < 1e-9);
    assert_true(ends[ANCHOR_START] < wide - SIZE && ends[ANCHOR_START] > wide / 2);
    assert_true(ends[ANCHOR_MIDDLE] == ends[ANCHOR_START]);
}

static void width_follows_size_and_words(void **state)
{
    (void)state;
    assert_true(width_of("") == 0);
    assert_true(width_of("Tiền điện") > 3 * SIZE && width_of("Tiền điện") < 6 * SIZE);
    double both = width_of("Tiền điện"),
           parts = width_of("Tiền") + width_of(" ") + width_of("điện");
    assert_true(both - parts < 1e-9 && parts - both < 1e-9);
    double twice = typeface_width(typeface, S("Tiền điện"), 2 * SIZE, WEIGHT_REGULAR);
    assert_true(twice - 2 * both < 1e-9 && 2 * both - twice < 1e-9);
}

static void check_break(const char *text, double width, const char *line, const char *left)
{
    struct str rest;
    struct str first = typeface_break(typeface, str_of(text), SIZE, WEIGHT_REGULAR, width, &rest);
    assert_true(str_equal(first, str_of(line)));
    assert_true(str_equal(rest, str_of(left)));
}

static void lines_break_at_spaces(void **state)
{
    (void)state;
    check_break("Tiền điện", 1000, "Tiền điện", "");
    check_break("Tiền điện", width_of("Tiền điện") - 0.1, "Tiền", "điện");
    check_break("Tiền   điện", width_of("Tiền") + 0.1, "Tiền", "điện");
    check_break("Tiền\nđiện", 1000, "Tiền", "điện");
    check_break("\nđiện", 1000, "", "điện");
    check_break("Tiền ", 1000, "Tiền", "");
    check_break("điện", width_of("đi") + 0.1, "đi", "ện");
    check_break("ệ", 0.1, "ệ", "");
}

static void paragraphs_are_counted_and_cut(void **state)
{
    (void)state;
    struct str text = S("một hai ba bốn năm sáu bảy tám chín mười");
    struct paragraph paragraph = {.width = width_of("một hai ba bốn"), .style = {.size = SIZE}};
    size_t lines = canvas_paragraph_lines(typeface, text, &paragraph);
    assert_true(lines >= 3 && lines <= 4);
    paragraph.lines_max = 2;
    assert_int_equal(canvas_paragraph_lines(typeface, text, &paragraph), 2);
}

/* More different words than are kept: they are forgotten and shaped again. */
static void any_number_of_words_is_set(void **state)
{
    (void)state;
    enum { WORDS = 20000 };
    double first = width_of("xaaa");
    for (int i = 0; i < WORDS; i++) {
        char text[] = {'x', (char)('a' + i % 26), (char)('a' + i / 26 % 26), (char)('a' + i / 676),
                       '\0'};
        assert_true(width_of(text) > SIZE);
    }
    assert_true(width_of("xaaa") == first);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_calls_give_the_same_bytes),
        cmocka_unit_test(threads_draw_the_same),
        cmocka_unit_test(a_document_beyond_its_limit_is_refused),
        cmocka_unit_test(memory_that_runs_out_is_told),
        cmocka_unit_test(broken_text_is_refused),
        cmocka_unit_test(letters_that_are_missing_are_seen),
        cmocka_unit_test(figures_have_one_width),
        cmocka_unit_test(a_one_is_narrow_outside_columns),
        cmocka_unit_test(width_follows_size_and_words),
        cmocka_unit_test(lines_break_at_spaces),
        cmocka_unit_test(paragraphs_are_counted_and_cut),
        cmocka_unit_test(any_number_of_words_is_set),
    };
    return cmocka_run_group_tests_name("draw canvas", tests, begin, end);
}
