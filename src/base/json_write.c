/* SPDX-License-Identifier: Apache-2.0 */
#include "base/json_write.h"

#include <string.h>

#include "base/date.h"
#include "base/decimal.h"

void json_writer_init(struct json_writer *writer, struct buf *out)
{
    *writer = (struct json_writer){.out = out};
}

/* Whether one of eight bytes is a control, a quote or a backslash. */
static bool needs_escape(uint64_t bytes)
{
    const uint64_t ones = 0x0101010101010101U, tops = 0x8080808080808080U;
    uint64_t quote = bytes ^ '"' * ones, backslash = bytes ^ '\\' * ones;
    uint64_t control = (bytes - 0x20 * ones) & ~bytes;
    return ((control | ((quote - ones) & ~quote) | ((backslash - ones) & ~backslash)) & tops) != 0;
}

/* Copies a text in which nothing is to be escaped; false where something is. */
static bool copy_plain(char *to, struct str text)
{
    size_t at = 0;
    uint64_t bytes;
    for (; at + sizeof bytes <= text.n; at += sizeof bytes) {
        memcpy(&bytes, text.p + at, sizeof bytes);
        if (needs_escape(bytes)) return false;
        memcpy(to + at, &bytes, sizeof bytes);
    }
    for (; at < text.n; at++) {
        unsigned char c = (unsigned char)text.p[at];
        if (c < 0x20 || c == '"' || c == '\\') return false;
        to[at] = (char)c;
    }
    return true;
}

/* before, the text in quotes, behind: each mark is one character or none (NUL). */
static bool put_plain(struct buf *buf, char before, struct str text, char behind)
{
    size_t first = before != '\0';
    char *to = buf_room(buf, text.n + 4);
    if (to == NULL || !copy_plain(to + first + 1, text)) return false;
    if (before != '\0') to[0] = before;
    to[first] = to[first + 1 + text.n] = '"';
    if (behind != '\0') to[first + 2 + text.n] = behind;
    buf_wrote(buf, first + 2 + text.n + (behind != '\0'));
    return true;
}

/* Puts the comma and the name of the next value. */
static void begin_value(struct json_writer *writer, struct str key)
{
    bool in_object = writer->depth > 0 && writer->closing[writer->depth] == '}';
    char comma = writer->started[writer->depth] ? ',' : '\0';
    ASSERT(in_object == (key.p != NULL));
    writer->started[writer->depth] = writer->depth > 0;
    if (in_object && put_plain(writer->out, comma, key, ':')) return;
    if (comma != '\0') buf_add_char(writer->out, comma);
    if (!in_object) return;
    buf_add_json_text(writer->out, key);
    buf_add_char(writer->out, ':');
}

static void open_level(struct json_writer *writer, struct str key, char opening, char closing)
{
    begin_value(writer, key);
    ASSERT(writer->depth < JSON_DEPTH_MAX);
    writer->depth++;
    writer->closing[writer->depth] = closing;
    writer->started[writer->depth] = false;
    buf_add_char(writer->out, opening);
}

void json_object(struct json_writer *writer, struct str key)
{
    open_level(writer, key, '{', '}');
}

void json_array(struct json_writer *writer, struct str key)
{
    open_level(writer, key, '[', ']');
}

void json_end(struct json_writer *writer)
{
    ASSERT(writer->depth > 0);
    buf_add_char(writer->out, writer->closing[writer->depth]);
    writer->depth--;
}

void json_text(struct json_writer *writer, struct str key, struct str value)
{
    begin_value(writer, key);
    buf_add_json_text(writer->out, value);
}

void json_i64(struct json_writer *writer, struct str key, int64_t value)
{
    begin_value(writer, key);
    buf_add_i64(writer->out, value);
}

void json_bool(struct json_writer *writer, struct str key, bool value)
{
    begin_value(writer, key);
    buf_add(writer->out, value ? S("true") : S("false"));
}

void json_null(struct json_writer *writer, struct str key)
{
    begin_value(writer, key);
    buf_add(writer->out, S("null"));
}

void json_decimal(struct json_writer *writer, struct str key, int64_t scaled, unsigned places)
{
    begin_value(writer, key);
    buf_add_char(writer->out, '"');
    buf_add_decimal(writer->out, scaled, places);
    buf_add_char(writer->out, '"');
}

void json_day(struct json_writer *writer, struct str key, int32_t day)
{
    char text[DATE_TEXT_BYTES];
    json_text(writer, key, day_text(day, text));
}

void json_instant(struct json_writer *writer, struct str key, int64_t instant_ms)
{
    char text[INSTANT_TEXT_BYTES];
    json_text(writer, key, instant_text(instant_ms, text));
}

void json_raw(struct json_writer *writer, struct str key, struct str json)
{
    begin_value(writer, key);
    buf_add(writer->out, json);
}

void json_again(struct json_writer *writer, size_t start, size_t end)
{
    struct buf *out = writer->out;
    ASSERT(writer->depth > 0 && !writer->started[writer->depth]);
    if (start >= end || end > out->n) return; /* of a buffer that is full */
    writer->started[writer->depth] = true;
    char *to = buf_room(out, end - start);
    if (to == NULL) {
        out->failed = true;
        return;
    }
    memcpy(to, out->p + start, end - start);
    buf_wrote(out, end - start);
}

static struct str escape_of(unsigned char c)
{
    switch (c) {
    case '"': return S("\\\"");
    case '\\': return S("\\\\");
    case '\n': return S("\\n");
    case '\r': return S("\\r");
    case '\t': return S("\\t");
    default: return (struct str){NULL, 0};
    }
}

void buf_add_json_text(struct buf *buf, struct str value)
{
    if (put_plain(buf, '\0', value, '\0')) return;
    buf_add_char(buf, '"');
    size_t start = 0;
    for (size_t i = 0; i < value.n; i++) {
        unsigned char c = (unsigned char)value.p[i];
        if (c >= 0x20 && c != '"' && c != '\\') continue;
        buf_add(buf, str_sub(value, start, i - start));
        struct str escape = escape_of(c);
        if (escape.p != NULL) buf_add(buf, escape);
        else buf_printf(buf, "\\u%04x", c);
        start = i + 1;
    }
    buf_add(buf, str_sub(value, start, value.n - start));
    buf_add_char(buf, '"');
}
