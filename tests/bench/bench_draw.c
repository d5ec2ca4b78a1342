/* SPDX-License-Identifier: Apache-2.0 */
/* A page of charts, words and a QR symbol as PDF, against the same page from glyphs that are shaped
 * and placed already: what laying out costs beside drawing. */
#include "bench.h"
#include "cairo_tape.h"
#include "draw/canvas.h"
#include "samples.h"

enum { ARENA_BYTES = 16 << 20, PDF_BYTES = 1 << 20, ROUNDS = 15, PAGES = 20, PARAGRAPHS = 8 };

static struct arena arena;
static struct typeface *typeface;
static struct err err;
static struct buf pdf;

static void draw_page(struct canvas *canvas)
{
    static const struct paragraph paragraph = {.width = 240, .style = {.size = 8}};
    struct picture picture;
    double y = 40;
    canvas_page(canvas, PAGE_A4_WIDTH, PAGE_A4_HEIGHT);
    for (int i = 0; i < SAMPLE_COUNT; i++) {
        sample_draw((enum sample)i, &arena, typeface, 515, 7, &picture);
        canvas_picture(canvas, (struct point){40, y}, 1, &picture);
        y += picture.height + 20;
    }
    ASSERT(chart_qr(&picture, &arena, 96, QR_STRONG, S("https://vidu.vn/hoa-don?so=1#461"),
                    S("Mã QR"), &err) == OK);
    canvas_picture(canvas, (struct point){40, y}, 1, &picture);
    for (int i = 0; i < PARAGRAPHS; i++)
        canvas_paragraph(
            canvas, (struct point){300, y + 36 * i},
            S("Kỳ này dài hơn một ngày và thời tiết nóng hơn, nên hộ dùng nhiều hơn 96 "
              "kWh; nếu thấy có gì chưa đúng, quý khách gọi tổng đài."),
            &paragraph);
}

static void draw_document(void)
{
    struct canvas *canvas;
    arena_reset(&arena);
    buf_reset(&pdf);
    ASSERT(canvas_open(typeface, &(struct canvas_about){.title = S_INIT("Trang mẫu")}, PDF_BYTES,
                       &canvas, &err) == OK);
    draw_page(canvas);
    ASSERT(canvas_close(canvas, &pdf, &err) == OK);
}

static void draw_many(void *context)
{
    (void)context;
    for (int i = 0; i < PAGES; i++) draw_document();
}

static void play_many(void *context)
{
    (void)context;
    for (int i = 0; i < PAGES; i++) tape_play();
}

int main(void)
{
    int64_t drawn_ns = INT64_MAX, played_ns = INT64_MAX;
    arena_init(&arena, ARENA_BYTES);
    buf_init(&pdf, PDF_BYTES);
    ASSERT(typeface_open(&typeface, &err) == OK);
    draw_document();
    tape_start();
    draw_document();
    tape_stop();
    /* In turn, so that a busy machine slows both. */
    for (int i = 0; i < ROUNDS; i++) {
        int64_t drawn = bench_best_ns(1, draw_many, NULL),
                played = bench_best_ns(1, play_many, NULL);
        drawn_ns = drawn < drawn_ns ? drawn : drawn_ns;
        played_ns = played < played_ns ? played : played_ns;
    }
    bench_print("pages of charts as PDF, one core", bench_per_second(PAGES, drawn_ns), "pages/s",
                bench_per_second(PAGES, played_ns), "from shaped glyphs");
    bench_print("size of such a page", (int64_t)pdf.n, "bytes", 45000, "limit");
    tape_forget();
    typeface_close(typeface);
    buf_release(&pdf);
    arena_release(&arena);
    return 0;
}
