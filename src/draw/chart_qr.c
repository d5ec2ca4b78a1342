/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <qrencode.h>

#include "draw/chart.h"

enum { QUIET = 4, CORNERS = 5, TEXT_BYTES_MAX = 2331 };

static err_t refuse_length(struct str text, struct err *err)
{
    err_set(err, E_LIMIT, NULL, "Chuỗi %zu byte không vừa một mã QR",
            "A text of %zu bytes does not fit into a QR symbol", text.n);
    return err_hint(err, "Rút ngắn chuỗi còn tối đa 2331 byte", "Shorten it to at most 2331 bytes");
}

/* Where the modules are drawn: steps of one path, so that no seams show between neighbours. */
struct weaving {
    double module;
    struct step *steps; /* NULL: only count */
    size_t count;
};

static void add_run(struct weaving *weaving, int x, int y, int length)
{
    double left = (x + QUIET) * weaving->module, top = (y + QUIET) * weaving->module;
    double right = left + length * weaving->module, bottom = top + weaving->module;
    const struct step corners[CORNERS] = {{.kind = STEP_MOVE, .at = {left, top}},
                                          {.kind = STEP_LINE, .at = {right, top}},
                                          {.kind = STEP_LINE, .at = {right, bottom}},
                                          {.kind = STEP_LINE, .at = {left, bottom}},
                                          {.kind = STEP_CLOSE}};
    for (int i = 0; weaving->steps != NULL && i < CORNERS; i++)
        weaving->steps[weaving->count + (size_t)i] = corners[i];
    weaving->count += CORNERS;
}

/* Dark modules side by side are one rectangle. */
static void add_runs(struct weaving *weaving, const QRcode *code)
{
    for (int y = 0; y < code->width; y++) {
        const unsigned char *row = code->data + y * code->width;
        for (int x = 0; x < code->width; x++) {
            int start = x;
            while (x < code->width && (row[x] & 1) != 0) x++;
            if (x > start) add_run(weaving, start, y, x - start);
        }
    }
}

static err_t draw_code(struct picture *picture, const QRcode *code, struct err *err)
{
    struct weaving weaving = {.module = picture->width / (code->width + 2 * QUIET)};
    add_runs(&weaving, code);
    struct step *steps = ARENA_ARRAY(picture->arena, struct step, weaving.count);
    if (steps == NULL) return err_memory(err);
    weaving.steps = steps;
    weaving.count = 0;
    add_runs(&weaving, code);
    picture_rect(picture, (struct rect){0, 0, picture->width, picture->height}, 0,
                 FILLED(ROLE_WHITE));
    picture_path_kept(picture, steps, weaving.count, FILLED(ROLE_BLACK));
    return picture_whole(picture) ? OK : err_memory(err);
}

err_t chart_qr(struct picture *picture, struct arena *arena, double size, struct str text,
               struct str title, struct err *err)
{
    struct str ended = arena_str(arena, text);
    if (ended.n < text.n) return err_memory(err);
    if (text.n > TEXT_BYTES_MAX) return refuse_length(text, err);
    QRcode *code = QRcode_encodeString(ended.p, 0, QR_ECLEVEL_M, QR_MODE_8, 1);
    if (code == NULL) return errno == ERANGE ? refuse_length(text, err) : err_memory(err);
    picture_init(picture, arena, size, size);
    picture_describe(picture, title, S(""));
    err_t e = draw_code(picture, code, err);
    QRcode_free(code);
    return e;
}
