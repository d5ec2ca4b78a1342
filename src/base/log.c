/* SPDX-License-Identifier: Apache-2.0 */
#include "base/log.h"

#include <stdatomic.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/date.h"

static _Atomic int least_level = LOG_INFO;

static const char *const level_names[] = {"debug", "info", "warning", "error"};

void log_set_level(enum log_level least)
{
    atomic_store(&least_level, (int)least);
}

bool log_level_parse(struct str text, enum log_level *out)
{
    for (size_t i = 0; i < ARRAY_COUNT(level_names); i++) {
        if (!str_equal(text, str_of(level_names[i]))) continue;
        *out = (enum log_level)i;
        return true;
    }
    return false;
}

static bool is_plain(struct str text)
{
    for (size_t i = 0; i < text.n; i++) {
        unsigned char c = (unsigned char)text.p[i];
        if (c <= ' ' || c == '"' || c == '=' || c == '\\' || c == 0x7F) return false;
    }
    return text.n > 0;
}

/* Control characters would let a value forge a second line. */
static void add_quoted(struct buf *buf, struct str text)
{
    buf_add_char(buf, '"');
    for (size_t i = 0; i < text.n; i++) {
        unsigned char c = (unsigned char)text.p[i];
        if (c == '"' || c == '\\') {
            buf_add_char(buf, '\\');
            buf_add_char(buf, (char)c);
        } else if (c < ' ' || c == 0x7F) {
            buf_printf(buf, "\\x%02x", (unsigned)c);
        } else {
            buf_add_char(buf, (char)c);
        }
    }
    buf_add_char(buf, '"');
}

static void add_field(struct buf *buf, const struct log_field *field)
{
    buf_printf(buf, " %s=", field->key);
    if (!field->is_text) {
        buf_add_i64(buf, field->i64);
        return;
    }
    if (!privacy_may_show(field->privacy)) {
        buf_printf(buf, "[%.*s]", STR_ARG(privacy_word(field->privacy)));
        return;
    }
    if (is_plain(field->text)) buf_add(buf, field->text);
    else add_quoted(buf, field->text);
}

void buf_add_log(struct buf *buf, int64_t now_ms, enum log_level level, const char *event,
                 struct log_fields fields)
{
    char at[INSTANT_TEXT_BYTES];
    buf_printf(buf, "at=%.*s level=%s event=%s", STR_ARG(instant_text(now_ms, at)),
               level_names[level], event);
    for (size_t i = 0; i < fields.count; i++) add_field(buf, &fields.field[i]);
}

void log_event(enum log_level level, const char *event, struct log_fields fields)
{
    if ((int)level < atomic_load(&least_level)) return;
    char line[LOG_LINE_MAX_BYTES + 1];
    struct buf buf;
    buf_init_fixed(&buf, line, sizeof line - 1);
    buf_add_log(&buf, clock_now_ms(), level, event, fields);
    line[buf.n] = '\n';
    ssize_t written = write(STDERR_FILENO, line, buf.n + 1);
    (void)written; /* A lost log line stops nothing. */
}
