/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <qrencode.h>

#include "draw/chart.h"

enum { QUIET = 4 };

/* What the largest symbol holds. */
static const struct {
    QRecLevel level;
    size_t bytes_max;
} strengths[] = {[QR_LARGE_MODULES] = {QR_ECLEVEL_L, 2953}, [QR_STRONG] = {QR_ECLEVEL_M, 2331}};

static err_t refuse_length(struct str text, size_t bytes_max, struct err *err)
{
    err_set(err, E_LIMIT, NULL, "Chuỗi %zu byte không vừa một mã QR",
            "A text of %zu bytes does not fit into a QR symbol", text.n);
    return err_hint(err, "Rút ngắn chuỗi còn tối đa %zu byte", "Shorten it to at most %zu bytes",
                    bytes_max);
}

static err_t draw_code(struct picture *picture, const QRcode *code, struct err *err)
{
    unsigned across = (unsigned)code->width;
    unsigned char *dark = arena_take(picture->arena, (size_t)across * across);
    if (dark == NULL) return err_memory(err);
    for (size_t i = 0; i < (size_t)across * across; i++) dark[i] = code->data[i] & 1;
    double module = picture->width / (across + 2 * QUIET), side = module * across;
    picture_rect(picture, (struct rect){0, 0, picture->width, picture->height}, 0,
                 FILLED(ROLE_WHITE));
    picture_modules(picture, (struct rect){QUIET * module, QUIET * module, side, side}, dark,
                    across, FILLED(ROLE_BLACK));
    return picture_whole(picture) ? OK : err_memory(err);
}

err_t chart_qr(struct picture *picture, struct arena *arena, double size, enum qr_strength strength,
               struct str text, struct str title, struct err *err)
{
    size_t bytes_max = strengths[strength].bytes_max;
    struct str ended = arena_str(arena, text);
    if (ended.n < text.n) return err_memory(err);
    if (text.n > bytes_max) return refuse_length(text, bytes_max, err);
    QRcode *code = QRcode_encodeString(ended.p, 0, strengths[strength].level, QR_MODE_8, 1);
    if (code == NULL)
        return errno == ERANGE ? refuse_length(text, bytes_max, err) : err_memory(err);
    picture_init(picture, arena, size, size);
    picture_describe(picture, title, S(""));
    err_t e = draw_code(picture, code, err);
    QRcode_free(code);
    return e;
}
