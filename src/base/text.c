/* SPDX-License-Identifier: Apache-2.0 */
#include "base/text.h"

#include <utf8proc.h>

static err_t refuse_bytes(struct err *err, size_t bad)
{
    err_set(err, E_INPUT, NULL, "Văn bản không phải UTF-8", "The text is not UTF-8");
    err_detail(err, "Byte thứ %zu", "Byte %zu", bad + 1);
    return err_hint(err, "Lưu lại dữ liệu với bảng mã UTF-8", "Save the data again as UTF-8");
}

/* Whether NFC is certain from the bytes alone: everything below U+0300 and U+1E00 to U+1EFF, where
 * all composed Vietnamese letters stand, is in its composed form already. */
static bool surely_composed(struct str text)
{
    for (size_t i = 0; i < text.n;) {
        unsigned char c = (unsigned char)text.p[i];
        if (c < 0x80) i++;
        else if (c < 0xCC) i += 2;
        else if (c == 0xE1 && ((unsigned char)text.p[i + 1] & 0xFC) == 0xB8) i += 3;
        else return false;
    }
    return true;
}

/* Code points of text after the options, in the arena. */
static err_t decompose(struct arena *arena, struct str text, utf8proc_option_t options,
                       utf8proc_int32_t **out, utf8proc_ssize_t *out_count, struct err *err)
{
    const utf8proc_uint8_t *bytes = (const utf8proc_uint8_t *)text.p;
    utf8proc_ssize_t size = (utf8proc_ssize_t)text.n;
    utf8proc_ssize_t count = utf8proc_decompose(bytes, size, NULL, 0, options);
    if (count < 0) return refuse_bytes(err, 0);
    /* utf8proc_reencode writes a NUL behind the text, in place. */
    utf8proc_int32_t *points = ARENA_ARRAY(arena, utf8proc_int32_t, (size_t)count + 1);
    if (points == NULL) return err_memory(err);
    utf8proc_ssize_t again = utf8proc_decompose(bytes, size, points, count, options);
    ASSERT(again == count);
    *out = points;
    *out_count = count;
    return OK;
}

err_t text_nfc(struct arena *arena, struct str text, struct str *out, struct err *err)
{
    size_t bad;
    if (!str_is_utf8(text, &bad)) return refuse_bytes(err, bad);
    if (surely_composed(text)) {
        *out = text;
        return OK;
    }
    utf8proc_option_t options = UTF8PROC_STABLE | UTF8PROC_COMPOSE;
    utf8proc_int32_t *points;
    utf8proc_ssize_t count;
    err_t e = decompose(arena, text, options, &points, &count, err);
    if (e != OK) return e;
    utf8proc_ssize_t size = utf8proc_reencode(points, count, options);
    ASSERT(size >= 0);
    *out = (struct str){(const char *)points, (size_t)size};
    return OK;
}

static bool is_white(utf8proc_int32_t point)
{
    return (point >= 0x09 && point <= 0x0D) || point == 0x85 ||
           utf8proc_category(point) == UTF8PROC_CATEGORY_ZS ||
           utf8proc_category(point) == UTF8PROC_CATEGORY_ZL ||
           utf8proc_category(point) == UTF8PROC_CATEGORY_ZP;
}

/* đ is a letter of its own in Unicode, without a decomposition; folding has made it of Đ too. Old
 * Vietnamese fonts wrote Đ with the code of the Icelandic Ð. */
static utf8proc_ssize_t squeeze(utf8proc_int32_t *points, utf8proc_ssize_t count)
{
    utf8proc_ssize_t kept = 0;
    bool space = false;
    for (utf8proc_ssize_t i = 0; i < count; i++) {
        utf8proc_int32_t point = points[i] == 0x111 || points[i] == 0xF0 ? 'd' : points[i];
        if (is_white(point)) {
            space = kept > 0;
            continue;
        }
        if (space) points[kept++] = ' ';
        space = false;
        points[kept++] = point;
    }
    return kept;
}

err_t text_fold(struct arena *arena, struct str text, struct str *out, struct err *err)
{
    size_t bad;
    if (!str_is_utf8(text, &bad)) return refuse_bytes(err, bad);
    utf8proc_option_t options = UTF8PROC_STABLE | UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT |
                                UTF8PROC_STRIPMARK | UTF8PROC_CASEFOLD | UTF8PROC_IGNORE;
    utf8proc_int32_t *points;
    utf8proc_ssize_t count;
    err_t e = decompose(arena, text, options, &points, &count, err);
    if (e != OK) return e;
    utf8proc_ssize_t size = utf8proc_reencode(points, squeeze(points, count), UTF8PROC_STABLE);
    ASSERT(size >= 0);
    *out = (struct str){(const char *)points, (size_t)size};
    return OK;
}

err_t text_plain(struct arena *arena, struct str text, struct str *out, struct err *err)
{
    size_t bad;
    if (!str_is_utf8(text, &bad)) return refuse_bytes(err, bad);
    utf8proc_int32_t *points;
    utf8proc_ssize_t count;
    err_t e = decompose(arena, text, UTF8PROC_STABLE | UTF8PROC_DECOMPOSE | UTF8PROC_STRIPMARK,
                        &points, &count, err);
    if (e != OK) return e;
    for (utf8proc_ssize_t i = 0; i < count; i++) {
        if (points[i] == 0x111 || points[i] == 0xF0) points[i] = 'd';
        if (points[i] == 0x110 || points[i] == 0xD0) points[i] = 'D';
    }
    utf8proc_ssize_t size = utf8proc_reencode(points, count, UTF8PROC_STABLE);
    ASSERT(size >= 0);
    *out = (struct str){(const char *)points, (size_t)size};
    return OK;
}

size_t text_control(struct str text, size_t at)
{
    unsigned char c[3] = {0};
    for (size_t i = 0; i < sizeof c && at + i < text.n; i++) c[i] = (unsigned char)text.p[at + i];
    if (c[0] < 0x20 || c[0] == 0x7F) return 1;
    if (c[0] == 0xC2 && c[1] >= 0x80 && c[1] < 0xA0) return 2;
    if (c[0] != 0xE2) return 0;
    bool general = c[1] == 0x80 && c[2] >= 0xA8 && c[2] <= 0xAE;
    bool isolate = c[1] == 0x81 && c[2] >= 0xA6 && c[2] <= 0xA9;
    return general || isolate ? 3 : 0;
}
