/* SPDX-License-Identifier: Apache-2.0 */
#include "http/decode.h"

#include <string.h>

#include "base/text.h"

static err_t hint_encoding(struct err *err)
{
    return err_hint(
        err, "Mã hóa theo RFC 3986: UTF-8, mỗi byte đặc biệt là %% và hai chữ số hệ 16",
        "Encode as RFC 3986 says: UTF-8, special bytes as %% and two hexadecimal digits");
}

#define REFUSE(field, vi, en, err) (err_set((err), E_INPUT, (field), vi, en), hint_encoding(err))

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

bool http_is_token(struct str text)
{
    static const struct str marks = S_INIT("!#$%&'*+-.^_`|~");
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!letter && str_find(marks, c) == marks.n) return false;
    }
    return text.n > 0;
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

bool http_same_word(struct str a, struct str b)
{
    if (a.n != b.n) return false;
    for (size_t i = 0; i < a.n; i++)
        if (lower(a.p[i]) != lower(b.p[i])) return false;
    return true;
}

/* Controls act where a text is shown; a form may hold lines. */
static bool has_control(struct str text, bool lines)
{
    for (size_t i = 0; i < text.n; i++) {
        if (lines && (text.p[i] == '\n' || text.p[i] == '\r' || text.p[i] == '\t')) continue;
        if (text_control(text, i) > 0) return true;
    }
    return false;
}

/* The bytes meant by text, in the arena. */
static err_t decode(struct arena *arena, struct str text, const char *field, bool form,
                    struct str *out, struct err *err)
{
    char *bytes = arena_take(arena, text.n + 1);
    if (bytes == NULL) return err_memory(err);
    size_t n = 0, bad;
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        if (c == '%') {
            int high = i + 2 < text.n ? hex_digit(text.p[i + 1]) : -1;
            int low = high >= 0 ? hex_digit(text.p[i + 2]) : -1;
            if (low < 0)
                return REFUSE(field, "Dấu %% không có hai chữ số hệ 16 theo sau",
                              "A %% without two hexadecimal digits behind it", err);
            c = (char)(high * 16 + low);
            i += 2;
        } else if (c == '+' && form) {
            c = ' ';
        }
        bytes[n++] = c;
    }
    *out = (struct str){bytes, n};
    if (!str_is_utf8(*out, &bad))
        return REFUSE(field, "Không phải là UTF-8", "This is not UTF-8", err);
    if (has_control(*out, form))
        return REFUSE(field, "Có ký tự điều khiển", "There is a control character", err);
    return OK;
}

err_t http_decode_value(struct arena *arena, struct str text, const char *field, struct str *out,
                        struct err *err)
{
    return decode(arena, text, field, true, out, err);
}

/* ---- the path ----------------------------------------------------------------------------- */

static bool is_plain_segment(struct str segment)
{
    if (str_equal(segment, S(".")) || str_equal(segment, S(".."))) return false;
    return str_find(segment, '/') == segment.n && str_find(segment, '\\') == segment.n;
}

static err_t decode_path(struct arena *arena, struct str text, struct str *out, struct err *err)
{
    struct buf path;
    char *memory = arena_take(arena, text.n + 1);
    if (memory == NULL) return err_memory(err);
    buf_init_fixed(&path, memory, text.n + 1);
    if (text.n == 0 || text.p[0] != '/')
        return REFUSE("path", "Đường dẫn phải bắt đầu bằng “/”", "A path begins with “/”", err);
    for (size_t at = 1; at <= text.n;) {
        struct str piece = str_sub(text, at, text.n), segment;
        piece.n = str_find(piece, '/');
        err_t e = decode(arena, piece, "path", false, &segment, err);
        if (e != OK) return e;
        if (!is_plain_segment(segment))
            return REFUSE("path", "Đường dẫn có phần “.”, “..” hoặc dấu gạch chéo mã hóa",
                          "The path has a part “.”, “..” or an encoded slash", err);
        buf_add_char(&path, '/');
        buf_add(&path, segment);
        at += piece.n + 1;
    }
    ASSERT(!path.failed);
    *out = buf_str(&path);
    return OK;
}

static err_t check_target(struct str target, struct err *err)
{
    static const bool never[UINT8_MAX + 1] = {
        [0 ... ' '] = true, ['#'] = true,  ['"'] = true, ['<'] = true,
        ['>'] = true,       ['\\'] = true, ['^'] = true, ['`'] = true,
        ['{'] = true,       ['|'] = true,  ['}'] = true, [0x7f ... UINT8_MAX] = true};
    if (target.n > HTTP_PATH_MAX_BYTES) {
        err_set(err, E_LIMIT, "path", "Địa chỉ dài hơn %d byte",
                "The address is longer than %d bytes", HTTP_PATH_MAX_BYTES);
        return err_hint(err, "Gửi dữ liệu dài trong thân của POST",
                        "Send long data in the body of a POST");
    }
    for (size_t i = 0; i < target.n; i++)
        if (never[(unsigned char)target.p[i]])
            return REFUSE("path", "Địa chỉ có ký tự chưa mã hóa",
                          "The address has a character that is not encoded", err);
    return OK;
}

err_t http_decode_target(struct arena *arena, struct str target, struct str *out_path,
                         struct http_fields *out_query, struct err *err)
{
    size_t mark = str_find(target, '?');
    *out_query = (struct http_fields){0};
    err_t e = check_target(target, err);
    if (e == OK) e = decode_path(arena, str_sub(target, 0, mark), out_path, err);
    if (e != OK || mark == target.n) return e;
    return http_decode_form(arena, str_sub(target, mark + 1, target.n), "query", out_query, err);
}

/* ---- fields ------------------------------------------------------------------------------- */

/* Room for as many fields as the text has pieces. */
static err_t take_fields(struct arena *arena, struct str text, char separator, const char *field,
                         struct http_field **out, struct err *err)
{
    size_t count = 1;
    for (size_t i = 0; i < text.n; i++) count += text.p[i] == separator;
    if (count > HTTP_FIELD_MAX_COUNT) {
        err_set(err, E_LIMIT, field, "Nhiều hơn %d trường", "More than %d fields",
                HTTP_FIELD_MAX_COUNT);
        return err_hint(err, "Gửi ít trường hơn", "Send fewer fields");
    }
    *out = ARENA_ARRAY(arena, struct http_field, count);
    return *out == NULL ? err_memory(err) : OK;
}

err_t http_decode_form(struct arena *arena, struct str text, const char *field,
                       struct http_fields *out, struct err *err)
{
    struct http_field *fields;
    struct str piece;
    size_t count = 0;
    err_t e = take_fields(arena, text, '&', field, &fields, err);
    while (e == OK && str_split(&text, '&', &piece)) {
        size_t equal = str_find(piece, '=');
        if (piece.n == 0) continue;
        struct http_field *to = &fields[count++];
        e = decode(arena, str_sub(piece, 0, equal), field, true, &to->name, err);
        if (e == OK)
            e = decode(arena, str_sub(piece, equal + 1, piece.n), field, true, &to->value, err);
    }
    if (e == OK) *out = (struct http_fields){fields, count};
    return e;
}

bool http_is_cookie_value(struct str text)
{
    static const struct str never = S_INIT("\",;\\");
    for (size_t i = 0; i < text.n; i++)
        if (text.p[i] <= ' ' || text.p[i] > '~' || str_find(never, text.p[i]) < never.n)
            return false;
    return true;
}

err_t http_decode_cookies(struct arena *arena, struct str text, struct http_fields *out,
                          struct err *err)
{
    struct http_field *fields;
    struct str piece;
    size_t count = 0;
    err_t e = take_fields(arena, text, ';', "Cookie", &fields, err);
    if (e != OK) return e;
    while (str_split(&text, ';', &piece)) {
        piece = str_trim(piece);
        size_t equal = str_find(piece, '=');
        struct str name = str_sub(piece, 0, equal), value = str_sub(piece, equal + 1, piece.n);
        if (value.n >= 2 && value.p[0] == '"' && value.p[value.n - 1] == '"')
            value = str_sub(value, 1, value.n - 2);
        /* Cookies of other programs on the same name are not ours to refuse. */
        if (equal == piece.n || !http_is_token(name) || !http_is_cookie_value(value)) continue;
        fields[count++] = (struct http_field){name, value};
    }
    *out = (struct http_fields){fields, count};
    return OK;
}

/* ---- for handlers ------------------------------------------------------------------------- */

struct str http_header(const struct http_request *request, struct str name)
{
    for (size_t i = 0; i < request->headers.count; i++)
        if (http_same_word(request->headers.field[i].name, name))
            return request->headers.field[i].value;
    return (struct str){NULL, 0};
}

struct str http_field(const struct http_fields *fields, struct str name)
{
    for (size_t i = 0; i < fields->count; i++)
        if (str_equal(fields->field[i].name, name)) return fields->field[i].value;
    return (struct str){NULL, 0};
}
