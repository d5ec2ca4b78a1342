/* SPDX-License-Identifier: Apache-2.0 */
/* The row machine: windows over the input, rows, fields. What stands in the header and how fields
 * map to columns is csv_header.c's. */
#include "base/csv.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/csv_int.h"
#include "base/file.h"
#include "base/memory.h"

enum { WINDOW_BYTES = 256 * 1024 };

/* ---- the window ------------------------------------------------------------------------------ */

/* Moves what is left to the front, makes room and reads more. Sets ended at the end of the file. */
static err_t refill(struct csv_reader *r, struct err *err)
{
    size_t left = r->end - r->start;
    if (left > CSV_ROW_MAX_BYTES) return csv_too_long(r, err);
    if (left + WINDOW_BYTES > r->capacity) {
        size_t capacity = r->capacity == 0 ? 2 * WINDOW_BYTES : 2 * r->capacity;
        char *grown = memory_take(capacity);
        if (grown == NULL) return err_memory(err);
        if (left > 0) memcpy(grown, r->window + r->start, left);
        memory_give(r->window, r->capacity);
        r->window = grown;
        r->capacity = capacity;
    } else if (left > 0) {
        memmove(r->window, r->window + r->start, left);
    }
    r->data = r->window;
    r->start = 0;
    r->end = left;
    ssize_t got;
    do got = read(r->fd, r->window + left, r->capacity - left);
    while (got < 0 && errno == EINTR);
    if (got < 0) return file_error(err, r->path, errno);
    r->end += (size_t)got;
    r->bytes += got;
    r->ended = got == 0;
    hash_add(&r->hash, (struct str){r->window + left, (size_t)got});
    return OK;
}

err_t csv_fill(struct csv_reader *r, size_t size, struct err *err)
{
    while (!r->ended && r->end - r->start < size) {
        err_t e = refill(r, err);
        if (e != OK) return e;
    }
    return OK;
}

/* ---- scanning -------------------------------------------------------------------------------- */

#define ONES UINT64_C(0x0101010101010101)
#define HIGHS UINT64_C(0x8080808080808080)

/* Whether all bytes are ASCII without NUL, and none is a quote: the row needs no closer look. Eight
 * bytes at a time; the borrow of the zero tests only ever adds suspicion, never hides a byte. */
static bool is_simple(const char *p, size_t n)
{
    uint64_t suspect = 0;
    size_t i = 0;
    for (; i + 8 <= n; i += 8) {
        uint64_t word, quote;
        memcpy(&word, p + i, 8);
        quote = word ^ (ONES * '"');
        suspect |= word | ((word - ONES) & ~word) | ((quote - ONES) & ~quote);
    }
    for (; i < n; i++) suspect |= (signed char)p[i] <= 0 || p[i] == '"' ? HIGHS : 0;
    return (suspect & HIGHS) == 0;
}

static bool add_field(struct csv_reader *r, struct str field)
{
    if (r->field_count < CSV_COLUMNS_MAX) r->field[r->field_count] = field;
    r->field_count++;
    return r->field_count <= CSV_COLUMNS_MAX;
}

static bool is_code_character(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           c == '.' || c == '-' || c == '/' || c == '_' || c == '+';
}

/* Spreadsheets keep leading zeros by an apostrophe or a formula: '00123 and ="00123" are 00123. An
 * apostrophe in front of anything but a number or code is part of the text. */
static struct str unwrap(struct str field)
{
    if (field.n >= 3 && field.p[0] == '=' && field.p[1] == '"' && field.p[field.n - 1] == '"')
        return str_sub(field, 2, field.n - 3);
    if (field.n < 2 || field.p[0] != '\'' || field.p[1] < '0' || field.p[1] > '9') return field;
    for (size_t i = 2; i < field.n; i++)
        if (!is_code_character(field.p[i])) return field;
    return str_sub(field, 1, field.n);
}

static bool split_plain(struct csv_reader *r, struct str row)
{
    const char *start = row.p, *end = row.p + row.n, delimiter = r->delimiter;
    for (const char *p = start;; p++) {
        if (p < end && *p != delimiter) continue;
        struct str field = {start, (size_t)(p - start)};
        if (field.n >= 2 && (*start == '\'' || *start == '=')) field = unwrap(field);
        if (!add_field(r, field)) return false;
        if (p == end) return true;
        start = p + 1;
    }
}

/* ---- rows with quotes ------------------------------------------------------------------------ */

/* Where the row that starts at r->start ends, quoted line breaks counted in; -1 when the window
 * does not hold its end. A quote opens a field at its first byte, or behind "=" there. */
static ptrdiff_t quoted_row_end(const struct csv_reader *r)
{
    const char *p = r->data + r->start, *end = r->data + r->end;
    bool inside = false, at_start = true;
    for (; p < end; p++) {
        if (inside) {
            if (*p == '"') inside = false;
            continue;
        }
        if (*p == '\n') return p - (r->data + r->start);
        /* A doubled quote closes and opens again. */
        bool reopens = p > r->data + r->start && p[-1] == '"';
        if (*p == '"' && (at_start || reopens)) inside = true;
        at_start = *p == r->delimiter || (at_start && *p == '=');
    }
    return -1;
}

/* Takes one quoted field off *p, its text without the doubling appended to scratch. False when the
 * quotes are out of place. */
static bool read_quoted(struct csv_reader *r, const char **p, const char *end, size_t *used)
{
    const char *at = *p + 1;
    for (;; at++) {
        if (at == end) return false;
        if (*at == '"') {
            if (at + 1 == end || at[1] != '"') break;
            at++;
        }
        r->scratch[(*used)++] = *at;
    }
    *p = at + 1;
    return *p == end || **p == r->delimiter;
}

static bool is_formula(const char *p, const char *end)
{
    return end - p >= 3 && p[0] == '=' && p[1] == '"';
}

static enum csv_split split_quoted(struct csv_reader *r, struct str row)
{
    const char *p = row.p, *end = row.p + row.n;
    size_t used = 0;
    for (;;) {
        size_t first = used;
        struct str field;
        if (p < end && (*p == '"' || is_formula(p, end))) {
            if (*p == '=') p++;
            if (!read_quoted(r, &p, end, &used)) return CSV_BAD_QUOTES;
            field = unwrap((struct str){r->scratch + first, used - first});
        } else {
            const char *start = p;
            while (p < end && *p != r->delimiter && *p != '"') p++;
            if (p < end && *p == '"') return CSV_BAD_QUOTES;
            field = unwrap((struct str){start, (size_t)(p - start)});
        }
        if (!add_field(r, field)) return CSV_TOO_MANY;
        if (p == end) return CSV_SPLIT;
        p++;
    }
}

static err_t take_scratch(struct csv_reader *r, size_t size, struct err *err)
{
    if (size <= r->scratch_capacity) return OK;
    char *grown = memory_take(2 * size);
    if (grown == NULL) return err_memory(err);
    memory_give(r->scratch, r->scratch_capacity);
    r->scratch = grown;
    r->scratch_capacity = 2 * size;
    return OK;
}

/* ---- one row --------------------------------------------------------------------------------- */

/* Bytes of the next row without its line end, or -1 when the window does not hold all of it. */
static ptrdiff_t row_end(const struct csv_reader *r)
{
    const char *start = r->data + r->start;
    size_t left = r->end - r->start;
    const char *newline = left > 0 ? memchr(start, '\n', left) : NULL;
    if (newline != NULL && memchr(start, '"', (size_t)(newline - start)) == NULL)
        return newline - start;
    if (newline == NULL && !r->ended) return -1;
    ptrdiff_t end = quoted_row_end(r);
    return end < 0 && r->ended ? (ptrdiff_t)left : end;
}

err_t csv_take_row(struct csv_reader *r, bool *out_row, struct err *err)
{
    ptrdiff_t size;
    while ((size = row_end(r)) < 0) {
        err_t e = refill(r, err);
        if (e != OK) return e;
    }
    *out_row = r->start < r->end;
    if (!*out_row) return OK;
    if (size > CSV_ROW_MAX_BYTES) return csv_too_long(r, err);
    r->raw = (struct str){r->data + r->start, (size_t)size};
    r->start += (size_t)size;
    if (r->start < r->end) r->start++;
    if (size > 0 && r->raw.p[size - 1] == '\r') r->raw.n--;
    r->row++;
    return OK;
}

err_t csv_split_row(struct csv_reader *r, struct err *err)
{
    r->field_count = 0;
    bool simple = is_simple(r->raw.p, r->raw.n);
    size_t bad = 0;
    if (!simple && !str_is_utf8(r->raw, &bad)) return csv_not_utf8(r, bad, err);
    enum csv_split split;
    if (simple || memchr(r->raw.p, '"', r->raw.n) == NULL) {
        split = split_plain(r, r->raw) ? CSV_SPLIT : CSV_TOO_MANY;
    } else {
        err_t e = take_scratch(r, r->raw.n + 1, err);
        if (e != OK) return e;
        split = split_quoted(r, r->raw);
    }
    return split == CSV_SPLIT ? OK : csv_bad_split(r, split, err);
}

/* ---- opening and closing --------------------------------------------------------------------- */

static struct csv_reader *reader_new(void)
{
    struct csv_reader *r = memory_take(sizeof *r);
    if (r == NULL) return NULL;
    *r = (struct csv_reader){.fd = -1};
    hash_init(&r->hash);
    return r;
}

err_t csv_open_file(const char *path, const struct csv_column *columns, size_t column_count,
                    struct csv_reader **out, struct err *err)
{
    struct csv_reader *r = reader_new();
    if (r == NULL) return err_memory(err);
    buf_init(&r->header, CSV_ROW_MAX_BYTES);
    buf_init(&r->path_text, FILE_PATH_MAX_BYTES);
    buf_add(&r->path_text, str_of(path));
    r->path = r->path_text.p;
    bool standard = str_equal(str_of(path), S("-"));
    r->fd = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    err_t e = r->fd < 0 ? file_error(err, path, errno) : OK;
    if (e == OK) e = csv_read_header(r, columns, column_count, err);
    if (e == OK) *out = r;
    else csv_close(r);
    return e;
}

err_t csv_open_text(struct str text, const struct csv_column *columns, size_t column_count,
                    struct csv_reader **out, struct err *err)
{
    struct csv_reader *r = reader_new();
    if (r == NULL) return err_memory(err);
    buf_init(&r->header, CSV_ROW_MAX_BYTES);
    r->data = text.p;
    r->end = text.n;
    r->bytes = (int64_t)text.n;
    r->ended = true;
    hash_add(&r->hash, text);
    err_t e = csv_read_header(r, columns, column_count, err);
    if (e == OK) *out = r;
    else csv_close(r);
    return e;
}

struct str csv_sha256(const struct csv_reader *reader, char out[HASH_TEXT_BYTES])
{
    struct hash_state state = reader->hash;
    struct hash hash = hash_finish(&state);
    return hash_text(&hash, out);
}

void csv_close(struct csv_reader *r)
{
    if (r == NULL) return;
    if (r->fd > STDERR_FILENO) close(r->fd);
    memory_give(r->window, r->capacity);
    memory_give(r->scratch, r->scratch_capacity);
    buf_release(&r->header);
    buf_release(&r->path_text);
    memory_give(r, sizeof *r);
}

void csv_close_at(struct csv_reader **reader)
{
    csv_close(*reader);
}
