/* SPDX-License-Identifier: Apache-2.0 */
/* A photo of a register that nobody took: drawn, and marked as a sample. */
#include "app/demo/demo_day.h"
#include "base/date.h"
#include "draw/picture_jpeg.h"

enum {
    WIDTH = 320,
    HEIGHT = 240,
    DIAL_TOP = 92,
    DIAL_HEIGHT = 56,
    QUALITY = 70,
    MILLI = 1000,
    DECIMALS_SHOWN = 1,
    FIGURE = 24,
    WHEN_BYTES = 32,
    HOUR_MINUTES = 60
};

#define PIXELS_A_POINT 2.0

static struct text_style words(double size, enum paint_role role)
{
    return (struct text_style){
        .size = size, .weight = WEIGHT_STRONG, .anchor = ANCHOR_MIDDLE, .role = role};
}

/* One figure of the dial in its window; the decimal one is red, as on real ones. */
static void draw_figure(struct picture *picture, double x, int64_t figure, bool decimal)
{
    char text[2] = {(char)('0' + figure), '\0'};
    struct rect window = {x, DIAL_TOP, FIGURE, DIAL_HEIGHT};
    picture_rect(picture, window, 3, FILLED(decimal ? ROLE_DANGER : ROLE_BLACK));
    picture_text(picture, (struct point){x + FIGURE / 2.0, DIAL_TOP + DIAL_HEIGHT - 17},
                 (struct str){text, 1}, words(FIGURE + 6, ROLE_WHITE));
}

static void draw_dial(struct picture *picture, const struct demo_photo *photo)
{
    unsigned count = photo->digits + DECIMALS_SHOWN;
    int64_t left = photo->index_wh / (MILLI / 10); /* with its first decimal */
    double x = WIDTH / 2.0 + count * (FIGURE + 4) / 2.0;
    for (unsigned i = 0; i < count; i++, left /= 10) {
        x -= FIGURE + 4;
        draw_figure(picture, x + 2, left % 10, i < DECIMALS_SHOWN);
    }
}

static void draw_case(struct picture *picture, struct arena *arena, const struct demo_photo *photo)
{
    char memory[WHEN_BYTES];
    struct buf taken;
    int minute = vietnam_minute(photo->taken_ms);
    buf_init_fixed(&taken, memory, sizeof memory);
    buf_add_day_vi(&taken, vietnam_day(photo->taken_ms));
    buf_printf(&taken, " %02d:%02d", minute / HOUR_MINUTES, minute % HOUR_MINUTES);
    bool reactive = str_equal(photo->reg, S("VC"));
    picture_rect(picture, (struct rect){0, 0, WIDTH, HEIGHT}, 0, TINTED(ROLE_MUTED, 0.55));
    picture_rect(picture, (struct rect){14, 40, WIDTH - 28, HEIGHT - 54}, 12, FILLED(ROLE_SURFACE));
    picture_rect(picture, (struct rect){14, 40, WIDTH - 28, HEIGHT - 54}, 12,
                 STROKED(ROLE_INK, 1.5));
    picture_text(picture, (struct point){WIDTH / 2.0, 68},
                 arena_printf(arena, "%s · %.*s", reactive ? "kvarh" : "kWh", STR_ARG(photo->reg)),
                 words(15, ROLE_INK));
    picture_text(picture, (struct point){WIDTH / 2.0, 182},
                 arena_printf(arena, "Số công tơ %.*s", STR_ARG(photo->serial)),
                 words(14, ROLE_INK));
    picture_text(picture, (struct point){WIDTH / 2.0, 206}, buf_str(&taken), words(11, ROLE_MUTED));
}

err_t demo_photo_draw(struct typeface *typeface, struct arena *arena,
                      const struct demo_photo *photo, struct buf *out, struct err *err)
{
    struct picture picture;
    picture_init(&picture, arena, WIDTH, HEIGHT);
    draw_case(&picture, arena, photo);
    draw_dial(&picture, photo);
    picture_rect(&picture, (struct rect){0, 0, WIDTH, 30}, 0, FILLED(ROLE_DANGER));
    picture_text(&picture, (struct point){WIDTH / 2.0, 21}, S("MẪU – không phải ảnh thật"),
                 words(15, ROLE_WHITE));
    return picture_jpeg(typeface, &picture, PIXELS_A_POINT, QUALITY, out, err);
}
