/* SPDX-License-Identifier: Apache-2.0 */
/* The segments of a JPEG: FF, kind, length, content. Behind the head of a scan its data follow, in
 * which FF stands only before 00 or a restart; behind the end cameras may write what they like. */
#include "draw/photo_int.h"

enum {
    MARK = 0xFF,
    START = 0xD8,
    END = 0xD9,
    SCAN = 0xDA,
    FRAME_FIRST = 0xC0,
    FRAME_LAST = 0xCF,
    HUFFMAN = 0xC4,
    EXTENSION = 0xC8,
    ARITHMETIC = 0xCC,
    FRAME_PROGRESSIVE = 0xC2,
    RESTART_FIRST = 0xD0,
    RESTART_LAST = 0xD7,
    REMARK = 0xFE,
    APPLICATION_FIRST = 0xE0,
    APPLICATION_EXIF = 0xE1,
    APPLICATION_ADOBE = 0xEE,
    APPLICATION_LAST = 0xEF,
    EXIF_HEAD = 6,
    EXIF_ENTRY = 12,
    EXIF_ENTRIES_MAX = 512,
    EXIF_TURN = 0x0112,
    TURN_MAX = 8,
    BITS = 8,
    COLOURS = 3
};

static unsigned byte_at(struct str text, size_t at)
{
    return at < text.n ? (unsigned char)text.p[at] : 0;
}

static unsigned pair_at(struct str text, size_t at, bool little)
{
    unsigned first = byte_at(text, at), second = byte_at(text, at + 1);
    return little ? second << 8 | first : first << 8 | second;
}

/* The orientation in an EXIF block (a small TIFF); 1 when it says none. */
static unsigned exif_turn(struct str segment)
{
    if (!str_starts(segment, (struct str){"Exif\0", EXIF_HEAD})) return 1;
    struct str tiff = str_sub(segment, EXIF_HEAD, segment.n);
    bool little = byte_at(tiff, 0) == 'I';
    size_t low = pair_at(tiff, little ? 4 : 6, little),
           high = pair_at(tiff, little ? 6 : 4, little);
    size_t directory = high << 16 | low;
    if (directory >= tiff.n) return 1;
    unsigned count = pair_at(tiff, directory, little);
    for (unsigned i = 0; i < count && i < EXIF_ENTRIES_MAX; i++) {
        size_t entry = directory + 2 + (size_t)i * EXIF_ENTRY;
        if (pair_at(tiff, entry, little) != EXIF_TURN) continue;
        unsigned turn = pair_at(tiff, entry + 8, little);
        return turn >= 1 && turn <= TURN_MAX ? turn : 1;
    }
    return 1;
}

static bool is_frame(unsigned kind)
{
    return kind >= FRAME_FIRST && kind <= FRAME_LAST && kind != HUFFMAN && kind != EXTENSION &&
           kind != ARITHMETIC;
}

/* Whether a reader of PDF needs the segment. */
static bool is_needed(unsigned kind)
{
    bool application = kind >= APPLICATION_FIRST && kind <= APPLICATION_LAST;
    return kind != REMARK && (!application || kind == APPLICATION_ADOBE);
}

static void read_segment(unsigned kind, struct str segment, struct jpeg_outline *outline)
{
    if (kind == APPLICATION_EXIF && outline->turn == 1) outline->turn = exif_turn(segment);
    if (!is_frame(kind)) return;
    unsigned components = byte_at(segment, 5);
    outline->height = pair_at(segment, 1, false);
    outline->width = pair_at(segment, 3, false);
    outline->common = kind <= FRAME_PROGRESSIVE && byte_at(segment, 0) == BITS &&
                      (components == 1 || components == COLOURS);
}

/* Behind the data of a scan that begin at a place: at the next mark. */
static size_t skip_scan(struct str jpeg, size_t at)
{
    for (; at + 1 < jpeg.n; at++) {
        unsigned kind = byte_at(jpeg, at + 1);
        bool inside = kind == 0 || kind == MARK || (kind >= RESTART_FIRST && kind <= RESTART_LAST);
        if (byte_at(jpeg, at) == MARK && !inside) return at;
    }
    return jpeg.n;
}

bool jpeg_read_outline(struct str jpeg, struct jpeg_outline *outline, struct buf *out)
{
    size_t at = 2;
    *outline = (struct jpeg_outline){.turn = 1};
    if (byte_at(jpeg, 0) != MARK || byte_at(jpeg, 1) != START) return false;
    buf_add(out, str_sub(jpeg, 0, at));
    while (at + 2 <= jpeg.n && byte_at(jpeg, at) == MARK) {
        unsigned kind = byte_at(jpeg, at + 1), length = pair_at(jpeg, at + 2, false);
        if (kind == END) {
            buf_add(out, str_sub(jpeg, at, 2));
            return outline->width > 0 && outline->height > 0;
        }
        if (kind == MARK) {
            at++;
            continue;
        }
        size_t end = at + 2 + length;
        if (length < 2 || end > jpeg.n) return false;
        if (is_frame(kind) && outline->width > 0) return false;
        read_segment(kind, str_sub(jpeg, at + 4, length - 2), outline);
        if (kind == SCAN) end = skip_scan(jpeg, end);
        if (is_needed(kind)) buf_add(out, str_sub(jpeg, at, end - at));
        at = end;
    }
    return false;
}
