/* SPDX-License-Identifier: Apache-2.0 */
/* Photos: what is small enough stays, what is larger is made to fit, remarks are left out, and
 * damaged files are refused. The photos are made here. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cairo.h>
#include <cmocka.h>

#include "base/memory.h"
#include "draw/canvas.h"
#include "draw/photo_int.h"
#include "draw/picture_jpeg.h"

enum { ARENA_BYTES = 64 << 20, JPEG_BYTES = 32 << 20, WIDTH = 2400, HEIGHT = 1800, SMALL = 64 };

static struct arena arena;
static struct buf jpeg;
static struct err err;

static int begin(void **state)
{
    (void)state;
    arena_init(&arena, ARENA_BYTES);
    buf_init(&jpeg, JPEG_BYTES);
    return 0;
}

static int end(void **state)
{
    (void)state;
    buf_release(&jpeg);
    arena_release(&arena);
    return 0;
}

/* A picture with so much noise that no quality hides it: the left half red, the right half blue. */
static struct str make_jpeg(unsigned width, unsigned height, unsigned noise)
{
    struct pixels pixels = {memory_take((size_t)width * height * 3), width, height};
    uint32_t chance = 7;
    assert_non_null(pixels.p);
    for (size_t i = 0; i < (size_t)width * height; i++) {
        chance = chance * 1664525 + 1013904223;
        unsigned char other = (unsigned char)(noise > 0 ? (chance >> 16) % noise : 0);
        bool left = i % width < width / 2;
        pixels.p[3 * i] = left ? 220 : other;
        pixels.p[3 * i + 1] = other;
        pixels.p[3 * i + 2] = left ? other : 220;
    }
    buf_reset(&jpeg);
    assert_true(jpeg_encode(&pixels, 90, &jpeg));
    pixels_release(&pixels);
    return arena_str(&arena, buf_str(&jpeg));
}

/* The JPEG with a remark and EXIF of an orientation behind its head, and bytes behind its end. */
static struct str with_remarks(struct str plain, char orientation)
{
    static const char exif[] = "\xFF\xE1\x00\x22"
                               "Exif\0\0MM\0\x2A\0\0\0\x08\0\x01\x01\x12\0\x03"
                               "\0\0\0\x01\0\0\0\0\0\0\0\0";
    static const char remark[] = "\xFF\xFE\x00\x0D"
                                 "VERY SECRET";
    buf_reset(&jpeg);
    buf_add(&jpeg, str_sub(plain, 0, 2));
    size_t at = jpeg.n;
    buf_add(&jpeg, (struct str){exif, sizeof exif - 1});
    jpeg.p[at + 29] = orientation;
    buf_add(&jpeg, (struct str){remark, sizeof remark - 1});
    buf_add(&jpeg, str_sub(plain, 2, plain.n));
    buf_add(&jpeg, S("SEFT camera trailer"));
    return arena_str(&arena, buf_str(&jpeg));
}

static void check_shown(const struct photo *photo, size_t bytes_max)
{
    struct pixels pixels;
    assert_true(photo->jpeg.n <= bytes_max);
    assert_true(jpeg_decode(photo->jpeg, 8, &pixels));
    assert_int_equal(pixels.width, photo->width);
    assert_int_equal(pixels.height, photo->height);
    const unsigned char *left = pixels.p + (size_t)(pixels.height / 2 * pixels.width + 4) * 3;
    assert_true(left[0] > 150 && left[2] < 130);
    pixels_release(&pixels);
}

static void a_small_photo_stays_as_it_is(void **state)
{
    (void)state;
    struct photo photo;
    struct str plain = make_jpeg(SMALL, SMALL / 2, 0);
    assert_int_equal(photo_prepare(&arena, plain, PHOTO_BYTES_MAX, &photo, &err), OK);
    assert_true(str_equal(photo.jpeg, plain));
    assert_int_equal(photo.width, SMALL);
    assert_int_equal(photo.turn, 1);
}

static void remarks_are_left_out_and_the_turn_is_kept(void **state)
{
    (void)state;
    struct photo photo;
    struct str plain = make_jpeg(SMALL, SMALL / 2, 0);
    assert_int_equal(photo_prepare(&arena, with_remarks(plain, 6), PHOTO_BYTES_MAX, &photo, &err),
                     OK);
    assert_true(str_equal(photo.jpeg, plain));
    assert_int_equal(photo.turn, 6);
}

static void a_file_keeps_the_turn_and_nothing_else(void **state)
{
    (void)state;
    struct photo photo, again;
    struct buf file;
    struct str plain = make_jpeg(SMALL, SMALL / 2, 0);
    buf_init(&file, JPEG_BYTES);
    assert_int_equal(photo_prepare(&arena, with_remarks(plain, 6), PHOTO_BYTES_MAX, &photo, &err),
                     OK);
    photo_file_add(&file, &photo);
    assert_null(memmem(file.p, file.n, "SECRET", 6));
    assert_int_equal(photo_prepare(&arena, buf_str(&file), PHOTO_BYTES_MAX, &again, &err), OK);
    assert_int_equal(again.turn, 6);
    assert_true(str_equal(again.jpeg, plain));
    buf_reset(&file);
    photo.turn = 1;
    photo_file_add(&file, &photo);
    assert_true(str_equal(buf_str(&file), plain));
    buf_release(&file);
}

static void a_large_photo_is_made_to_fit(void **state)
{
    (void)state;
    static const size_t limits[] = {PHOTO_BYTES_MAX, 20000, 4000};
    struct photo photo;
    struct str large = with_remarks(make_jpeg(WIDTH, HEIGHT, 120), 8);
    assert_true(large.n > 500000);
    for (size_t i = 0; i < ARRAY_COUNT(limits); i++) {
        assert_int_equal(photo_prepare(&arena, large, limits[i], &photo, &err), OK);
        check_shown(&photo, limits[i]);
        assert_int_equal(photo.turn, 8);
    }
    assert_int_equal(photo_prepare(&arena, large, 500, &photo, &err), E_LIMIT);
    assert_true(err.vi.hint[0] != '\0');
}

static cairo_status_t collect(void *closure, const unsigned char *bytes, unsigned count)
{
    buf_add(closure, (struct str){(const char *)bytes, count});
    return CAIRO_STATUS_SUCCESS;
}

static void a_png_becomes_a_jpeg_on_white(void **state)
{
    (void)state;
    struct photo photo;
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, WIDTH, HEIGHT);
    cairo_t *cr = cairo_create(surface);
    cairo_set_source_rgb(cr, 0.85, 0.1, 0.1);
    cairo_rectangle(cr, 0, 0, WIDTH / 2.0, HEIGHT);
    cairo_fill(cr);
    cairo_destroy(cr);
    buf_reset(&jpeg);
    assert_int_equal(cairo_surface_write_to_png_stream(surface, collect, &jpeg), 0);
    cairo_surface_destroy(surface);
    struct str png = arena_str(&arena, buf_str(&jpeg));
    assert_int_equal(photo_prepare(&arena, png, PHOTO_BYTES_MAX, &photo, &err), OK);
    assert_true(photo.width <= PHOTO_EDGE_MAX && photo.width > PHOTO_EDGE_MAX / 3);
    check_shown(&photo, PHOTO_BYTES_MAX);
    struct pixels pixels;
    assert_true(jpeg_decode(photo.jpeg, 8, &pixels));
    assert_true(pixels.p[(size_t)(pixels.width - 4) * 3 + 1] > 240);
    pixels_release(&pixels);
    assert_int_equal(
        photo_prepare(&arena, str_sub(png, 0, png.n / 2), PHOTO_BYTES_MAX, &photo, &err), E_INPUT);
}

static void damaged_files_are_refused(void **state)
{
    (void)state;
    struct photo photo;
    struct str plain = make_jpeg(SMALL, SMALL / 2, 0);
    for (size_t n = 0; n < plain.n; n++)
        assert_int_equal(photo_prepare(&arena, str_sub(plain, 0, n), PHOTO_BYTES_MAX, &photo, &err),
                         E_INPUT);
    assert_int_equal(photo_prepare(&arena, S("GIF89a"), PHOTO_BYTES_MAX, &photo, &err), E_INPUT);
    assert_true(err.vi.hint[0] != '\0' && err.en.hint[0] != '\0');
}

/* A second frame would say another size than the one that is decoded. */
static void a_second_frame_is_refused(void **state)
{
    (void)state;
    static const char frame[] = "\xFF\xC0\0\x0B\x08\0\x01\0\x01\x01\x01\x11\0";
    struct photo photo;
    struct str plain = make_jpeg(SMALL, SMALL / 2, 0);
    buf_reset(&jpeg);
    buf_add(&jpeg, str_sub(plain, 0, plain.n - 2));
    buf_add(&jpeg, (struct str){frame, sizeof frame - 1});
    buf_add(&jpeg, str_sub(plain, plain.n - 2, 2));
    struct str twice = arena_str(&arena, buf_str(&jpeg));
    assert_int_equal(photo_prepare(&arena, twice, PHOTO_BYTES_MAX, &photo, &err), E_INPUT);
}

/* Whatever bytes are changed, it is read or refused. */
static void changed_bytes_do_no_harm(void **state)
{
    (void)state;
    enum { ROUNDS = 1000 };
    struct str plain = with_remarks(make_jpeg(SMALL, SMALL, 60), 3);
    char *bytes = memory_take(plain.n);
    uint32_t chance = 11;
    assert_non_null(bytes);
    for (int round = 0; round < ROUNDS; round++) {
        struct arena own;
        struct photo photo;
        arena_init(&own, 1 << 20);
        memcpy(bytes, plain.p, plain.n);
        for (int i = 0; i < 3; i++) {
            chance = chance * 1664525 + 1013904223;
            bytes[chance % plain.n] = (char)(chance >> 16);
        }
        size_t limit = round % 2 == 0 ? PHOTO_BYTES_MAX : 700;
        err_t e = photo_prepare(&own, (struct str){bytes, plain.n}, limit, &photo, &err);
        assert_true(e == OK || e == E_INPUT || e == E_LIMIT);
        if (e == OK) assert_true(photo.jpeg.n <= limit);
        arena_release(&own);
    }
    memory_give(bytes, plain.n);
}

static void a_photo_adds_its_bytes_and_little_more(void **state)
{
    (void)state;
    enum { HEAD_BYTES = 4000 };
    struct typeface *typeface;
    struct canvas *canvas;
    struct photo photo;
    struct buf pdf;
    buf_init(&pdf, JPEG_BYTES);
    assert_int_equal(photo_prepare(&arena, with_remarks(make_jpeg(WIDTH, HEIGHT, 120), 6),
                                   PHOTO_BYTES_MAX, &photo, &err),
                     OK);
    assert_int_equal(typeface_open(&typeface, &err), OK);
    assert_int_equal(canvas_open(typeface, &(struct canvas_about){.title = S_INIT("Ảnh")},
                                 JPEG_BYTES, &canvas, &err),
                     OK);
    canvas_page(canvas, 200, 200);
    struct rect shown = canvas_photo(canvas, &photo, (struct rect){10, 10, 120, 120});
    assert_true(shown.height == 120 && shown.width > 89 && shown.width < 91);
    assert_int_equal(canvas_close(canvas, &pdf, &err), OK);
    assert_true(memmem(pdf.p, pdf.n, photo.jpeg.p, photo.jpeg.n) != NULL);
    assert_true(pdf.n < photo.jpeg.n + HEAD_BYTES);
    typeface_close(typeface);
    buf_release(&pdf);
}

static void a_picture_becomes_a_photo(void **state)
{
    (void)state;
    struct picture picture;
    struct typeface *typeface;
    struct photo photo;
    struct buf second;
    struct pixels pixels;
    picture_init(&picture, &arena, 40, 30);
    picture_rect(&picture, (struct rect){0, 0, 20, 30}, 0, FILLED(ROLE_BLACK));
    picture_text(&picture, (struct point){22, 20}, S("MẪU"), (struct text_style){.size = 6});
    assert_int_equal(typeface_open(&typeface, &err), OK);
    buf_reset(&jpeg);
    buf_init(&second, JPEG_BYTES);
    assert_int_equal(picture_jpeg(typeface, &picture, 4, 80, &jpeg, &err), OK);
    assert_int_equal(picture_jpeg(typeface, &picture, 4, 80, &second, &err), OK);
    assert_true(str_equal(buf_str(&jpeg), buf_str(&second)));
    assert_int_equal(photo_prepare(&arena, buf_str(&jpeg), PHOTO_BYTES_MAX, &photo, &err), OK);
    assert_int_equal(photo.width, 160);
    assert_int_equal(photo.height, 120);
    assert_true(jpeg_decode(photo.jpeg, 8, &pixels));
    assert_in_range(pixels.p[3 * (60 * 160 + 20)], 0, 10);     /* black on the left */
    assert_in_range(pixels.p[3 * (10 * 160 + 150)], 245, 255); /* white where nothing is drawn */
    pixels_release(&pixels);
    buf_release(&second);
    typeface_close(typeface);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_small_photo_stays_as_it_is),
        cmocka_unit_test(remarks_are_left_out_and_the_turn_is_kept),
        cmocka_unit_test(a_file_keeps_the_turn_and_nothing_else),
        cmocka_unit_test(a_large_photo_is_made_to_fit),
        cmocka_unit_test(a_png_becomes_a_jpeg_on_white),
        cmocka_unit_test(damaged_files_are_refused),
        cmocka_unit_test(a_second_frame_is_refused),
        cmocka_unit_test(changed_bytes_do_no_harm),
        cmocka_unit_test(a_photo_adds_its_bytes_and_little_more),
        cmocka_unit_test(a_picture_becomes_a_photo),
    };
    return cmocka_run_group_tests_name("draw photo", tests, begin, end);
}
