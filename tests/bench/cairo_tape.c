/* SPDX-License-Identifier: Apache-2.0 */
#include "cairo_tape.h"

#include <cairo-pdf.h>
#include <stdlib.h>
#include <string.h>

#include "base/compat.h"

enum { CALLS_MAX = 1 << 16, NUMBERS = 6 };

enum call {
#define SHORT(name) CALL_##name,
#define LONG(name)  CALL_##name,
#include "cairo_tape.def"
    CALL_set_source_rgb,
    CALL_set_dash,
    CALL_transform,
    CALL_set_scaled_font,
    CALL_show_text_glyphs,
    CALL_mask,
    CALL_set_source_surface,
    CALL_set_size
};

struct entry {
    enum call call;
    double numbers[NUMBERS];
    void *thing; /* a font, a pattern or a surface */
    char *text;
    int text_bytes;
    cairo_glyph_t *glyphs;
    int glyph_count;
    cairo_text_cluster_t *clusters;
    int cluster_count;
};

static struct entry *entries;
static size_t entry_count;
static bool running;

static struct entry *note(enum call call)
{
    static struct entry ignored;
    if (!running) return &ignored;
    ASSERT(entry_count < CALLS_MAX);
    entries[entry_count] = (struct entry){.call = call};
    return &entries[entry_count++];
}

static void *copy(const void *bytes, size_t size)
{
    void *memory = malloc(size);
    ASSERT(memory != NULL);
    return memcpy(memory, bytes, size);
}

/* ---- catching ---------------------------------------------------------------------------- */

#define CAUGHT(result, name, ...) \
    result __real_##name(__VA_ARGS__); \
    result __wrap_##name(__VA_ARGS__); \
    result __wrap_##name(__VA_ARGS__)

/* Calls of a context alone; those with numbers follow one by one. */
#define SHORT(name) \
    CAUGHT(void, cairo_##name, cairo_t *cr) \
    { \
        note(CALL_##name); \
        __real_cairo_##name(cr); \
    }
#define LONG(name)
#include "cairo_tape.def"

CAUGHT(void, cairo_move_to, cairo_t *cr, double x, double y)
{
    struct entry *entry = note(CALL_move_to);
    entry->numbers[0] = x, entry->numbers[1] = y;
    __real_cairo_move_to(cr, x, y);
}

CAUGHT(void, cairo_line_to, cairo_t *cr, double x, double y)
{
    struct entry *entry = note(CALL_line_to);
    entry->numbers[0] = x, entry->numbers[1] = y;
    __real_cairo_line_to(cr, x, y);
}

CAUGHT(void, cairo_translate, cairo_t *cr, double x, double y)
{
    struct entry *entry = note(CALL_translate);
    entry->numbers[0] = x, entry->numbers[1] = y;
    __real_cairo_translate(cr, x, y);
}

CAUGHT(void, cairo_scale, cairo_t *cr, double x, double y)
{
    struct entry *entry = note(CALL_scale);
    entry->numbers[0] = x, entry->numbers[1] = y;
    __real_cairo_scale(cr, x, y);
}

CAUGHT(void, cairo_rotate, cairo_t *cr, double angle)
{
    note(CALL_rotate)->numbers[0] = angle;
    __real_cairo_rotate(cr, angle);
}

CAUGHT(void, cairo_set_line_width, cairo_t *cr, double width)
{
    note(CALL_set_line_width)->numbers[0] = width;
    __real_cairo_set_line_width(cr, width);
}

CAUGHT(void, cairo_rectangle, cairo_t *cr, double x, double y, double width, double height)
{
    double numbers[] = {x, y, width, height};
    memcpy(note(CALL_rectangle)->numbers, numbers, sizeof numbers);
    __real_cairo_rectangle(cr, x, y, width, height);
}

CAUGHT(void, cairo_curve_to, cairo_t *cr, double x1, double y1, double x2, double y2, double x3,
       double y3)
{
    double numbers[] = {x1, y1, x2, y2, x3, y3};
    memcpy(note(CALL_curve_to)->numbers, numbers, sizeof numbers);
    __real_cairo_curve_to(cr, x1, y1, x2, y2, x3, y3);
}

CAUGHT(void, cairo_set_source_rgb, cairo_t *cr, double red, double green, double blue)
{
    double numbers[] = {red, green, blue};
    memcpy(note(CALL_set_source_rgb)->numbers, numbers, sizeof numbers);
    __real_cairo_set_source_rgb(cr, red, green, blue);
}

CAUGHT(void, cairo_set_dash, cairo_t *cr, const double *dashes, int count, double offset)
{
    struct entry *entry = note(CALL_set_dash);
    ASSERT(count <= 1);
    entry->glyph_count = count;
    if (count == 1) entry->numbers[0] = dashes[0];
    __real_cairo_set_dash(cr, dashes, count, offset);
}

CAUGHT(void, cairo_transform, cairo_t *cr, const cairo_matrix_t *matrix)
{
    memcpy(note(CALL_transform)->numbers, matrix, sizeof *matrix);
    __real_cairo_transform(cr, matrix);
}

CAUGHT(void, cairo_set_scaled_font, cairo_t *cr, const cairo_scaled_font_t *font)
{
    struct entry *entry = note(CALL_set_scaled_font);
    if (running) entry->thing = cairo_scaled_font_reference((cairo_scaled_font_t *)(uintptr_t)font);
    __real_cairo_set_scaled_font(cr, font);
}

CAUGHT(void, cairo_show_text_glyphs, cairo_t *cr, const char *text, int text_bytes,
       const cairo_glyph_t *glyphs, int glyph_count, const cairo_text_cluster_t *clusters,
       int cluster_count, cairo_text_cluster_flags_t flags)
{
    struct entry *entry = note(CALL_show_text_glyphs);
    if (running) {
        entry->text = copy(text, (size_t)text_bytes);
        entry->text_bytes = text_bytes;
        entry->glyphs = copy(glyphs, (size_t)glyph_count * sizeof *glyphs);
        entry->glyph_count = glyph_count;
        entry->clusters = copy(clusters, (size_t)cluster_count * sizeof *clusters);
        entry->cluster_count = cluster_count;
    }
    __real_cairo_show_text_glyphs(cr, text, text_bytes, glyphs, glyph_count, clusters,
                                  cluster_count, flags);
}

CAUGHT(void, cairo_mask, cairo_t *cr, cairo_pattern_t *pattern)
{
    struct entry *entry = note(CALL_mask);
    if (running) entry->thing = cairo_pattern_reference(pattern);
    __real_cairo_mask(cr, pattern);
}

CAUGHT(void, cairo_set_source_surface, cairo_t *cr, cairo_surface_t *surface, double x, double y)
{
    struct entry *entry = note(CALL_set_source_surface);
    if (running) entry->thing = cairo_surface_reference(surface);
    __real_cairo_set_source_surface(cr, surface, x, y);
}

CAUGHT(void, cairo_pdf_surface_set_size, cairo_surface_t *surface, double width, double height)
{
    struct entry *entry = note(CALL_set_size);
    entry->numbers[0] = width, entry->numbers[1] = height;
    __real_cairo_pdf_surface_set_size(surface, width, height);
}

/* ---- playing ----------------------------------------------------------------------------- */

static void play_path(cairo_t *cr, const struct entry *entry)
{
    const double *n = entry->numbers;
    switch (entry->call) {
    case CALL_move_to: __real_cairo_move_to(cr, n[0], n[1]); break;
    case CALL_line_to: __real_cairo_line_to(cr, n[0], n[1]); break;
    case CALL_curve_to: __real_cairo_curve_to(cr, n[0], n[1], n[2], n[3], n[4], n[5]); break;
    case CALL_rectangle: __real_cairo_rectangle(cr, n[0], n[1], n[2], n[3]); break;
    default: ASSERT(false);
    }
}

static void play(cairo_t *cr, cairo_surface_t *surface, const struct entry *entry)
{
    const double *n = entry->numbers;
    cairo_matrix_t matrix;
    switch (entry->call) {
#define SHORT(name) \
    case CALL_##name: \
        __real_cairo_##name(cr); \
        break;
#define LONG(name)
#include "cairo_tape.def"
    case CALL_translate: __real_cairo_translate(cr, n[0], n[1]); break;
    case CALL_scale: __real_cairo_scale(cr, n[0], n[1]); break;
    case CALL_rotate: __real_cairo_rotate(cr, n[0]); break;
    case CALL_set_line_width: __real_cairo_set_line_width(cr, n[0]); break;
    case CALL_set_source_rgb: __real_cairo_set_source_rgb(cr, n[0], n[1], n[2]); break;
    case CALL_set_dash: __real_cairo_set_dash(cr, n, entry->glyph_count, 0); break;
    case CALL_transform:
        memcpy(&matrix, n, sizeof matrix);
        __real_cairo_transform(cr, &matrix);
        break;
    case CALL_set_scaled_font: __real_cairo_set_scaled_font(cr, entry->thing); break;
    case CALL_show_text_glyphs:
        __real_cairo_show_text_glyphs(cr, entry->text, entry->text_bytes, entry->glyphs,
                                      entry->glyph_count, entry->clusters, entry->cluster_count, 0);
        break;
    case CALL_mask: __real_cairo_mask(cr, entry->thing); break;
    case CALL_set_source_surface: __real_cairo_set_source_surface(cr, entry->thing, 0, 0); break;
    case CALL_set_size: __real_cairo_pdf_surface_set_size(surface, n[0], n[1]); break;
    default: play_path(cr, entry);
    }
}

static cairo_status_t count_bytes(void *closure, const unsigned char *bytes, unsigned count)
{
    (void)bytes;
    *(size_t *)closure += count;
    return CAIRO_STATUS_SUCCESS;
}

void tape_start(void)
{
    if (entries == NULL) entries = malloc(CALLS_MAX * sizeof *entries);
    ASSERT(entries != NULL && entry_count == 0);
    running = true;
}

size_t tape_stop(void)
{
    running = false;
    return entry_count;
}

size_t tape_play(void)
{
    size_t bytes = 0;
    cairo_surface_t *surface = cairo_pdf_surface_create_for_stream(count_bytes, &bytes, 1, 1);
    cairo_t *cr = cairo_create(surface);
    ASSERT(!running);
    for (size_t i = 0; i < entry_count; i++) play(cr, surface, &entries[i]);
    cairo_destroy(cr);
    cairo_surface_finish(surface);
    ASSERT(cairo_surface_status(surface) == CAIRO_STATUS_SUCCESS);
    cairo_surface_destroy(surface);
    return bytes;
}

void tape_forget(void)
{
    for (size_t i = 0; i < entry_count; i++) {
        struct entry *entry = &entries[i];
        if (entry->call == CALL_set_scaled_font) cairo_scaled_font_destroy(entry->thing);
        if (entry->call == CALL_mask) cairo_pattern_destroy(entry->thing);
        if (entry->call == CALL_set_source_surface) cairo_surface_destroy(entry->thing);
        free(entry->text);
        free(entry->glyphs);
        free(entry->clusters);
    }
    free(entries);
    entries = NULL;
    entry_count = 0;
}
