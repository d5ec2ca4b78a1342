/* SPDX-License-Identifier: Apache-2.0 */
/* Writes the sample charts and a QR symbol: a page as on paper (print.pdf) and one picture each as
 * on a phone (months.svg, …).
 * usage: draw_samples FOLDER */
#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "draw/canvas.h"
#include "draw/svg.h"
#include "samples.h"

enum { ARENA_BYTES = 16 << 20, FILE_BYTES = 1 << 20 };

#define MARGIN      40.0
#define PRINT_TEXT  7.0
#define PHONE_WIDTH 343.0
#define PHONE_TEXT  11.0
#define QR_SIZE     96.0

static struct arena arena;
static struct err err;
static const char *folder;

static void must(err_t e)
{
    if (e == OK) return;
    fprintf(stderr, "%s %s\n", err.en.message, err.en.hint);
    exit(1);
}

static void write_file(const char *name, const struct buf *content)
{
    struct buf path;
    buf_init(&path, FILE_PATH_MAX_BYTES);
    buf_printf(&path, "%s/%s", folder, name);
    must(file_write(path.p, buf_str(content), &err));
    buf_release(&path);
}

static void write_print(struct typeface *typeface)
{
    static const struct canvas_about about = {
        .title = S_INIT("Biểu đồ mẫu"), .language = S_INIT("vi-VN"), .created_ms = 1785000000000};
    static const struct paragraph paragraph = {.width = 220, .style = {.size = 9}};
    struct canvas *canvas;
    struct picture picture;
    struct buf pdf;
    double y = MARGIN;
    must(canvas_open(typeface, &about, FILE_BYTES, &canvas, &err));
    canvas_page(canvas, PAGE_A4_WIDTH, PAGE_A4_HEIGHT);
    canvas_text(canvas, (struct point){MARGIN, y}, S("Hóa đơn mẫu của hộ Nguyễn Thị Đào"),
                (struct text_style){.size = 16, .weight = WEIGHT_STRONG});
    size_t lines =
        canvas_paragraph(canvas, (struct point){MARGIN, y + 20},
                         S("Kỳ này dài hơn một ngày và thời tiết nóng hơn, nên hộ dùng nhiều hơn "
                           "96 kWh; ưỡn ẹo, quỳnh, ngoằn ngoèo; hóa đơn PD0100-26071-11-K1."),
                         &paragraph);
    y += (double)lines * 14 + 30;
    for (int sample = 0; sample < SAMPLE_COUNT; sample++) {
        sample_draw((enum sample)sample, &arena, typeface, PAGE_A4_WIDTH - 2 * MARGIN, PRINT_TEXT,
                    &picture);
        canvas_picture(canvas, (struct point){MARGIN, y}, 1, &picture);
        y += picture.height + 30;
    }
    must(chart_qr(&picture, &arena, QR_SIZE, QR_STRONG, S("https://vidu.vn/hoa-don?so=1#461"),
                  S("Mã QR"), &err));
    canvas_picture(canvas, (struct point){MARGIN, y}, 1, &picture);
    canvas_link(canvas, (struct rect){MARGIN, y, QR_SIZE, QR_SIZE}, S("https://vidu.vn/hoa-don"));
    buf_init(&pdf, FILE_BYTES);
    must(canvas_close(canvas, &pdf, &err));
    write_file("print.pdf", &pdf);
    buf_release(&pdf);
}

static void write_svg(const char *name, const struct picture *picture)
{
    struct buf svg;
    buf_init(&svg, FILE_BYTES);
    svg_write(picture, SVG_VARIABLES, &svg);
    write_file(name, &svg);
    buf_release(&svg);
}

static void write_phone(struct typeface *typeface)
{
    static const char *const names[SAMPLE_COUNT] = {"months.svg", "blocks.svg", "steps.svg"};
    struct picture picture;
    for (int sample = 0; sample < SAMPLE_COUNT; sample++) {
        sample_draw((enum sample)sample, &arena, typeface, PHONE_WIDTH, PHONE_TEXT, &picture);
        write_svg(names[sample], &picture);
    }
    must(chart_qr(&picture, &arena, QR_SIZE, QR_STRONG, S("https://vidu.vn/hoa-don?so=1#461"),
                  S("Mã QR"), &err));
    write_svg("qr.svg", &picture);
}

int main(int argc, char **argv)
{
    struct typeface *typeface;
    if (argc != 2) return 2;
    folder = argv[1];
    arena_init(&arena, ARENA_BYTES);
    must(folder_make(folder, &err));
    must(typeface_open(&typeface, &err));
    write_print(typeface);
    write_phone(typeface);
    typeface_close(typeface);
    arena_release(&arena);
    return 0;
}
