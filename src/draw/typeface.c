/* SPDX-License-Identifier: Apache-2.0 */
#include "draw/typeface.h"

#include <string.h>

#include "base/buffer.h"
#include "base/memory.h"
#include "draw/faces.h"
#include "draw/typeface_int.h"

enum {
    WORDS_MAX = 1 << 13, /* places of the table; at most three quarters are taken */
    WORD_BYTES_MAX = 255,
    WORD_GLYPHS_MAX = 255,
    CACHE_BYTES = 4 << 20,
    SIZES_MAX = 32,
    ASCII = 128,
    LINE_BYTES = 8 * LINE_GLYPHS_MAX
};

/* A glyph behind the one before it, in units of the face. A cluster is the bytes of text and the
 * glyphs that belong together; its size stands at its first glyph, the others have zero bytes. */
struct glyph {
    uint16_t index;
    uint8_t cluster_bytes;
    uint8_t cluster_glyphs;
    int16_t advance;
    int16_t dx;
    int16_t dy;
};

struct word {
    struct str text;
    struct str shown; /* the same, unless the face lacks a letter of it */
    uint32_t hash;
    uint16_t face;
    uint16_t count;
    int32_t width;
    const struct glyph *glyphs;
};

struct scaled {
    double size;
    int face;
    cairo_scaled_font_t *font;
};

struct typeface {
    const struct face *faces[FACE_COUNT];
    struct glyph plain[FACE_COUNT][ASCII]; /* what needs no shaping: figures, signs, the space */
    struct glyph one[FACE_COUNT];          /* the 1 of running text, the last glyph of the face */
    hb_buffer_t *shaping;
    struct arena arena;
    const struct word *words[WORDS_MAX];
    size_t word_count;
    struct scaled sizes[SIZES_MAX];
    size_t size_count;
    bool failed;
    cairo_glyph_t glyphs[LINE_GLYPHS_MAX];
    cairo_text_cluster_t clusters[LINE_GLYPHS_MAX];
    char shown[LINE_BYTES]; /* of the last line, where a letter was missing */
};

static int face_of_weight(enum weight weight)
{
    return weight == WEIGHT_STRONG ? FACE_STRONG : FACE_REGULAR;
}

/* ---- opening ----------------------------------------------------------------------------- */

static struct glyph plain_glyph(hb_font_t *font, hb_codepoint_t index)
{
    return (struct glyph){.index = (uint16_t)index,
                          .cluster_bytes = 1,
                          .cluster_glyphs = 1,
                          .advance = (int16_t)hb_font_get_glyph_h_advance(font, index)};
}

static void read_plain(struct typeface *typeface, int which)
{
    hb_font_t *font = typeface->faces[which]->shaper;
    for (hb_codepoint_t code = ' '; code < ASCII; code++) {
        hb_codepoint_t index = 0;
        hb_font_get_nominal_glyph(font, code, &index);
        typeface->plain[which][code] = plain_glyph(font, index);
    }
    unsigned count = hb_face_get_glyph_count(hb_font_get_face(font));
    typeface->one[which] = plain_glyph(font, count - 1);
}

err_t typeface_open(struct typeface **out, struct err *err)
{
    struct typeface *typeface = memory_take(sizeof *typeface);
    if (typeface == NULL) return err_memory(err);
    memset(typeface, 0, sizeof *typeface);
    arena_init(&typeface->arena, CACHE_BYTES);
    typeface->shaping = hb_buffer_create();
    for (int i = 0; i < FACE_COUNT; i++) typeface->faces[i] = face_of(i);
    if (typeface->faces[0] == NULL || !hb_buffer_allocation_successful(typeface->shaping)) {
        typeface_close(typeface);
        return err_memory(err);
    }
    for (int i = 0; i < FACE_COUNT; i++) read_plain(typeface, i);
    *out = typeface;
    return OK;
}

void typeface_close(struct typeface *typeface)
{
    if (typeface == NULL) return;
    for (size_t i = 0; i < typeface->size_count; i++)
        cairo_scaled_font_destroy(typeface->sizes[i].font);
    hb_buffer_destroy(typeface->shaping);
    arena_release(&typeface->arena);
    memory_give(typeface, sizeof *typeface);
}

bool typeface_failed(const struct typeface *typeface)
{
    return typeface->failed;
}

struct str typeface_file(enum weight weight)
{
    const struct face *face = face_of(face_of_weight(weight));
    return face == NULL ? S("") : face->file;
}

/* ---- words ------------------------------------------------------------------------------- */

static bool has_figure(struct str word)
{
    for (size_t i = 0; i < word.n; i++)
        if (word.p[i] >= '0' && word.p[i] <= '9') return true;
    return false;
}

/* Figures and the signs around them stand side by side as they are, so that columns align. */
static bool needs_no_shaping(struct str word)
{
    for (size_t i = 0; i < word.n; i++)
        if (word.p[i] < '%' || word.p[i] > '9' || word.p[i] == '\'') return false;
    return true;
}

static void shape(struct typeface *typeface, struct str text, int face)
{
    hb_buffer_t *buffer = typeface->shaping;
    hb_feature_t no_kerning = {HB_TAG('k', 'e', 'r', 'n'), 0, 0, (unsigned)-1};
    hb_buffer_reset(buffer);
    hb_buffer_set_direction(buffer, HB_DIRECTION_LTR);
    hb_buffer_set_script(buffer, HB_SCRIPT_LATIN);
    hb_buffer_set_language(buffer, hb_language_from_string("vi", 2));
    /* A letter that the typeface lacks is seen to be missing: a question mark, not a blank. */
    hb_buffer_set_not_found_glyph(buffer, typeface->plain[face]['?'].index);
    hb_buffer_add_utf8(buffer, text.p, (int)text.n, 0, (int)text.n);
    hb_shape(typeface->faces[face]->shaper, buffer, &no_kerning, has_figure(text) ? 1 : 0);
}

/* Bytes and glyphs of the cluster that begins at glyph i. */
static void measure_cluster(const hb_glyph_info_t *infos, unsigned count, unsigned i,
                            size_t text_bytes, struct glyph *glyph)
{
    unsigned end = i + 1;
    while (end < count && infos[end].cluster == infos[i].cluster) end++;
    size_t next = end < count ? infos[end].cluster : text_bytes;
    glyph->cluster_bytes = (uint8_t)(next - infos[i].cluster);
    glyph->cluster_glyphs = (uint8_t)(end - i);
}

/* Where a cluster shows the question mark for a letter that is none, its text becomes one, too:
 * who copies or searches finds what stands on the page. */
static void tell_missing(struct typeface *typeface, struct word *word, struct glyph *glyphs)
{
    uint16_t mark = typeface->plain[word->face]['?'].index;
    char memory[WORD_BYTES_MAX + 1];
    struct buf shown;
    buf_init_fixed(&shown, memory, sizeof memory);
    bool missing = false;
    size_t bad;
    word->shown = word->text;
    if (!str_is_utf8(word->text, &bad)) return; /* the canvas refuses it */
    for (size_t i = 0, at = 0; i < word->count; i++) {
        struct str text = str_sub(word->text, at, glyphs[i].cluster_bytes);
        at += text.n;
        if (glyphs[i].index == mark && text.n > 0 && !str_equal(text, S("?"))) {
            missing = true;
            glyphs[i].cluster_bytes = 1;
            text = S("?");
        }
        buf_add(&shown, text);
    }
    if (missing) word->shown = arena_str(&typeface->arena, buf_str(&shown));
}

static struct word *make_word(struct typeface *typeface, struct str text, int face)
{
    shape(typeface, text, face);
    unsigned count = 0;
    const hb_glyph_info_t *infos = hb_buffer_get_glyph_infos(typeface->shaping, &count);
    const hb_glyph_position_t *places = hb_buffer_get_glyph_positions(typeface->shaping, &count);
    if (count > WORD_GLYPHS_MAX) count = WORD_GLYPHS_MAX;
    struct word *word = ARENA_NEW(&typeface->arena, struct word);
    struct glyph *glyphs = ARENA_ARRAY(&typeface->arena, struct glyph, count);
    struct str copy = arena_str(&typeface->arena, text);
    if (word == NULL || glyphs == NULL || copy.n < text.n) return NULL;
    *word = (struct word){
        .text = copy, .face = (uint16_t)face, .count = (uint16_t)count, .glyphs = glyphs};
    for (unsigned i = 0; i < count; i++) {
        glyphs[i] = (struct glyph){.index = (uint16_t)infos[i].codepoint,
                                   .advance = (int16_t)places[i].x_advance,
                                   .dx = (int16_t)places[i].x_offset,
                                   .dy = (int16_t)places[i].y_offset};
        if (i == 0 || infos[i].cluster != infos[i - 1].cluster)
            measure_cluster(infos, count, i, text.n, &glyphs[i]);
        word->width += glyphs[i].advance;
    }
    tell_missing(typeface, word, glyphs);
    return word->shown.n > 0 ? word : NULL;
}

static uint32_t hash_of(struct str text, int face)
{
    uint32_t hash = 2166136261u + (uint32_t)face;
    for (size_t i = 0; i < text.n; i++) hash = (hash ^ (unsigned char)text.p[i]) * 16777619u;
    return hash;
}

static void forget_words(struct typeface *typeface)
{
    memset(typeface->words, 0, sizeof typeface->words);
    arena_reset(&typeface->arena);
    typeface->word_count = 0;
}

/* The shaped word, valid until the next one is asked for; NULL when memory ran out. */
static const struct word *word_of(struct typeface *typeface, struct str text, int face)
{
    uint32_t hash = hash_of(text, face);
    size_t at = hash % WORDS_MAX;
    for (const struct word *word; (word = typeface->words[at]) != NULL; at = (at + 1) % WORDS_MAX)
        if (word->hash == hash && word->face == face && str_equal(word->text, text)) return word;
    if (typeface->word_count >= WORDS_MAX / 4 * 3) {
        forget_words(typeface);
        at = hash % WORDS_MAX;
    }
    struct word *word = make_word(typeface, text, face);
    if (word == NULL) {
        forget_words(typeface);
        at = hash % WORDS_MAX;
        word = make_word(typeface, text, face);
    }
    if (word == NULL) {
        typeface->failed = true;
        return NULL;
    }
    word->hash = hash;
    typeface->words[at] = word;
    typeface->word_count++;
    return word;
}

/* ---- lines ------------------------------------------------------------------------------- */

/* The next piece: a space, or a word (cut at a character when it is longer than any word). */
static struct str next_piece(struct str text)
{
    if (text.p[0] == ' ') return str_sub(text, 0, 1);
    size_t end = str_find(text, ' ');
    if (end <= WORD_BYTES_MAX) return str_sub(text, 0, end);
    struct str first = str_first(text, WORD_BYTES_MAX);
    return first.n > 0 ? first : str_sub(text, 0, WORD_BYTES_MAX);
}

/* What a line is set with: where the next glyph goes and what a unit of the face is there. */
struct pen {
    struct typeface *typeface;
    struct line *line;
    int face;
    double scale;
    double x;
    double y;
    uint16_t wide_one; /* the glyph that running text does not want; 0 in columns */
};

static void put_glyphs(struct pen *pen, const struct glyph *glyphs, size_t count)
{
    struct line *line = pen->line;
    for (size_t i = 0; i < count; i++) {
        struct glyph glyph = glyphs[i];
        if (glyph.index == pen->wide_one) {
            glyph.index = pen->typeface->one[pen->face].index;
            glyph.advance = pen->typeface->one[pen->face].advance;
        }
        line->glyphs[line->glyph_count++] = (cairo_glyph_t){
            glyph.index, pen->x + glyph.dx * pen->scale, pen->y - glyph.dy * pen->scale};
        pen->x += glyph.advance * pen->scale;
        if (glyph.cluster_glyphs > 0)
            line->clusters[line->cluster_count++] =
                (cairo_text_cluster_t){glyph.cluster_bytes, glyph.cluster_glyphs};
    }
}

static void put_plain(struct pen *pen, struct str piece)
{
    for (size_t i = 0; i < piece.n; i++)
        put_glyphs(pen, &pen->typeface->plain[pen->face][(unsigned char)piece.p[i]], 1);
}

/* Sets a line at the pen's place with its size. */
static void set_line(struct pen *pen, struct str text)
{
    struct line *line = pen->line;
    struct str rest = text;
    double start = pen->x;
    struct buf shown;
    bool missing = false;
    buf_init_fixed(&shown, pen->typeface->shown, sizeof pen->typeface->shown);
    while (rest.n > 0) {
        struct str piece = next_piece(rest), says = piece;
        if (line->glyph_count + WORD_GLYPHS_MAX > LINE_GLYPHS_MAX ||
            text.n - rest.n + WORD_BYTES_MAX >= LINE_BYTES)
            break;
        if (piece.p[0] == ' ' || needs_no_shaping(piece)) {
            put_plain(pen, piece);
        } else {
            const struct word *word = word_of(pen->typeface, piece, pen->face);
            if (word == NULL) break;
            put_glyphs(pen, word->glyphs, word->count);
            says = word->shown;
        }
        if (!missing && !str_equal(says, piece)) {
            missing = true;
            buf_add(&shown, str_sub(text, 0, text.n - rest.n));
        }
        if (missing) buf_add(&shown, says);
        rest = str_sub(rest, piece.n, rest.n);
    }
    line->text = str_sub(text, 0, text.n - rest.n);
    line->shown = missing ? buf_str(&shown) : line->text;
    line->width = pen->x - start;
}

void typeface_line(struct typeface *typeface, struct str text, double size, enum weight weight,
                   struct point at, struct line *out)
{
    int face = face_of_weight(weight);
    *out = (struct line){.glyphs = typeface->glyphs, .clusters = typeface->clusters};
    struct pen pen = {typeface, out, face, size / typeface->faces[face]->units, at.x, at.y, 0};
    set_line(&pen, text);
}

void typeface_prose(struct typeface *typeface, struct str text, double size, enum weight weight,
                    struct point at, struct line *out)
{
    int face = face_of_weight(weight);
    *out = (struct line){.glyphs = typeface->glyphs, .clusters = typeface->clusters};
    struct pen pen = {typeface,
                      out,
                      face,
                      size / typeface->faces[face]->units,
                      at.x,
                      at.y,
                      typeface->plain[face]['1'].index};
    set_line(&pen, text);
}

static int64_t width_of_piece(struct typeface *typeface, struct str piece, int face)
{
    int64_t width = 0;
    if (piece.p[0] != ' ' && !needs_no_shaping(piece)) {
        const struct word *word = word_of(typeface, piece, face);
        return word == NULL ? 0 : word->width;
    }
    for (size_t i = 0; i < piece.n; i++)
        width += typeface->plain[face][(unsigned char)piece.p[i]].advance;
    return width;
}

static int64_t units_of(struct typeface *typeface, struct str text, int face)
{
    int64_t width = 0;
    while (text.n > 0) {
        struct str piece = next_piece(text);
        width += width_of_piece(typeface, piece, face);
        text = str_sub(text, piece.n, text.n);
    }
    return width;
}

double typeface_width(struct typeface *typeface, struct str text, double size, enum weight weight)
{
    int face = face_of_weight(weight);
    return (double)units_of(typeface, text, face) * size / typeface->faces[face]->units;
}

/* The first characters of a word that is wider than a line. */
static struct str first_that_fit(struct typeface *typeface, struct str word, int face,
                                 int64_t units)
{
    size_t end = 1;
    while (end < word.n && ((unsigned char)word.p[end] & 0xC0) == 0x80) end++;
    for (size_t next = end; next < word.n;) {
        do next++;
        while (next < word.n && ((unsigned char)word.p[next] & 0xC0) == 0x80);
        if (units_of(typeface, str_sub(word, 0, next), face) > units) break;
        end = next;
    }
    return str_sub(word, 0, end);
}

struct str typeface_break(struct typeface *typeface, struct str text, double size,
                          enum weight weight, double width, struct str *out_rest)
{
    int face = face_of_weight(weight);
    int64_t units = (int64_t)(width * typeface->faces[face]->units / size), used = 0;
    struct str line = str_sub(text, 0, str_find(text, '\n'));
    bool whole = line.n == text.n;
    size_t end = 0, at = 0; /* the end of the last word that fits; where the next piece stands */
    while (at < line.n) {
        struct str piece = next_piece(str_sub(line, at, line.n));
        used += width_of_piece(typeface, piece, face);
        if (used > units && piece.p[0] != ' ') {
            if (end == 0)
                end = first_that_fit(typeface, str_sub(line, 0, at + piece.n), face, units).n;
            break;
        }
        at += piece.n;
        if (piece.p[0] != ' ') end = at;
    }
    if (at == line.n) {
        *out_rest = str_sub(text, whole ? text.n : line.n + 1, text.n);
        return str_sub(line, 0, end);
    }
    size_t next = end;
    while (next < line.n && line.p[next] == ' ') next++;
    *out_rest = str_sub(text, next, text.n);
    return str_sub(line, 0, end);
}

/* ---- sizes ------------------------------------------------------------------------------- */

static cairo_scaled_font_t *make_scaled(const struct face *face, double size)
{
    cairo_matrix_t scale, identity;
    cairo_font_options_t *options = cairo_font_options_create();
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
    cairo_matrix_init_scale(&scale, size, size);
    cairo_matrix_init_identity(&identity);
    cairo_scaled_font_t *font = cairo_scaled_font_create(face->painter, &scale, &identity, options);
    cairo_font_options_destroy(options);
    return font;
}

cairo_scaled_font_t *typeface_scaled(struct typeface *typeface, double size, enum weight weight)
{
    int face = face_of_weight(weight);
    for (size_t i = 0; i < typeface->size_count; i++)
        if (typeface->sizes[i].face == face && typeface->sizes[i].size == size)
            return typeface->sizes[i].font;
    if (typeface->size_count == SIZES_MAX)
        cairo_scaled_font_destroy(typeface->sizes[--typeface->size_count].font);
    cairo_scaled_font_t *font = make_scaled(typeface->faces[face], size);
    if (cairo_scaled_font_status(font) != CAIRO_STATUS_SUCCESS) typeface->failed = true;
    typeface->sizes[typeface->size_count++] = (struct scaled){size, face, font};
    return font;
}
