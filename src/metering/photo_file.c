/* SPDX-License-Identifier: Apache-2.0 */
/* What a photo says of itself: its name, its width and height. */
#include "base/date.h"
#include "metering/photo.h"

static bool is_picture(struct str extension)
{
    return str_equal(extension, S("jpg")) || str_equal(extension, S("jpeg")) ||
           str_equal(extension, S("png")) || str_equal(extension, S("JPG"));
}

static bool digits(struct str text, size_t start, size_t count, int *out)
{
    int64_t value;
    struct str part = str_sub(text, start, count);
    for (size_t i = 0; i < part.n; i++) {
        if (part.p[i] < '0' || part.p[i] > '9') return false;
    }
    if (part.n != count || !str_to_i64(part, &value)) return false;
    *out = (int)value;
    return true;
}

/* 20260731-093000 in Vietnam time. */
static bool read_moment(struct str text, int64_t *out_ms)
{
    int year, month, day, hour, minute, second;
    int32_t civil;
    if (text.n != 15 || text.p[8] != '-') return false;
    bool read = digits(text, 0, 4, &year) && digits(text, 4, 2, &month) &&
                digits(text, 6, 2, &day) && digits(text, 9, 2, &hour) &&
                digits(text, 11, 2, &minute) && digits(text, 13, 2, &second);
    if (!read || hour > 23 || minute > 59 || second > 59) return false;
    char memory[DATE_TEXT_BYTES + 8];
    struct buf iso;
    buf_init_fixed(&iso, memory, sizeof memory);
    buf_printf(&iso, "%04d-%02d-%02d", year, month, day);
    if (!day_parse(buf_str(&iso), &civil)) return false;
    *out_ms = vietnam_midnight_ms(civil) + ((hour * 60 + minute) * 60 + second) * (int64_t)1000;
    return true;
}

bool photo_name_read(struct str file, struct photo_claim *out)
{
    struct photo_claim claim = {.file = file, .clock_skew_ms = 0, .accuracy_m = -1,
                                .ocr_index_wh = -1, .ocr_confidence_ppm = -1};
    size_t dot = str_find(file, '.');
    if (!is_picture(str_sub(file, dot + 1, file.n))) return false;
    struct str rest = str_sub(file, 0, dot), moment, reg;
    if (!str_split(&rest, '_', &claim.serial) || claim.serial.n == 0) return false;
    if (!str_split(&rest, '_', &moment) || !read_moment(moment, &claim.taken_at)) return false;
    if (str_split(&rest, '_', &reg)) {
        if (rest.p != NULL || !register_parse(reg, &claim.reg)) return false;
        claim.has_register = true;
    }
    *out = claim;
    return true;
}

void photo_path_add(struct buf *path, const char *store_folder, struct str sha256)
{
    buf_printf(path, "%s/%.2s/%.2s/%.*s", store_folder, sha256.p, sha256.p + 2, STR_ARG(sha256));
}

static int64_t be16(const unsigned char *p) { return (int64_t)p[0] << 8 | p[1]; }

static bool png_dimensions(struct str bytes, int64_t *out_width, int64_t *out_height)
{
    static const char signature[] = "\x89PNG\r\n\x1a\n";
    if (!str_starts(bytes, (struct str){signature, 8}) || bytes.n < 24) return false;
    const unsigned char *p = (const unsigned char *)bytes.p;
    *out_width = be16(p + 16) << 16 | be16(p + 18);
    *out_height = be16(p + 20) << 16 | be16(p + 22);
    return true;
}

/* A start-of-frame marker holds the size; C4, C8 and CC are other things. */
static bool is_frame(unsigned char marker)
{
    return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
}

bool photo_dimensions(struct str bytes, int64_t *out_width, int64_t *out_height)
{
    if (png_dimensions(bytes, out_width, out_height)) return true;
    const unsigned char *p = (const unsigned char *)bytes.p;
    if (bytes.n < 4 || p[0] != 0xff || p[1] != 0xd8) return false;
    for (size_t at = 2; at + 9 < bytes.n;) {
        if (p[at] != 0xff) return false;
        if (p[at + 1] == 0xff) {
            at++;
            continue;
        }
        if (is_frame(p[at + 1])) {
            *out_height = be16(p + at + 5);
            *out_width = be16(p + at + 7);
            return true;
        }
        at += 2 + (size_t)be16(p + at + 2);
    }
    return false;
}
