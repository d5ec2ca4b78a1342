/* SPDX-License-Identifier: Apache-2.0 */
/* Streaming JSON writer.
 *
 *   json_object(w, key) … json_end(w)     members name themselves; inside arrays the key is the
 *   json_array(w, key)  … json_end(w)     empty view.
 *
 * The writer puts commas and escapes; closing what is not open, or naming nothing inside an object,
 * is a programming error and asserted. Compact output, no white space. Numbers are integers; exact
 * decimals are written as strings.
 * Ownership: the caller owns writer and buffer. Threads: one owner.
 * Limit: JSON_DEPTH_MAX levels. */
#ifndef SANGDEN_BASE_JSON_WRITE_H
#define SANGDEN_BASE_JSON_WRITE_H

#include "base/buffer.h"

enum { JSON_DEPTH_MAX = 32 };

struct json_writer {
    struct buf *out;
    unsigned depth;
    bool started[JSON_DEPTH_MAX + 1];
    char closing[JSON_DEPTH_MAX + 1];
};

#define JSON_ITEM ((struct str){NULL, 0})

/* Starts a document behind what out already holds; out must outlive the writer. */
void json_writer_init(struct json_writer *writer, struct buf *out);
/* Opens an object or a list; json_end closes the innermost one that is open. */
void json_object(struct json_writer *writer, struct str key);
void json_array(struct json_writer *writer, struct str key);
void json_end(struct json_writer *writer);
/* One value each; key is JSON_ITEM inside a list. */
void json_text(struct json_writer *writer, struct str key, struct str value);
void json_i64(struct json_writer *writer, struct str key, int64_t value);
void json_bool(struct json_writer *writer, struct str key, bool value);
void json_null(struct json_writer *writer, struct str key);
/* An exact decimal as a string: 461250 with 3 places is "461.25". */
void json_decimal(struct json_writer *writer, struct str key, int64_t scaled, unsigned places);
/* A civil day as "YYYY-MM-DD" and an instant as RFC 3339 in Vietnam time. */
void json_day(struct json_writer *writer, struct str key, int32_t day);
void json_instant(struct json_writer *writer, struct str key, int64_t instant_ms);
/* Members of an earlier object, written again: the bytes of out from start to before end, which are
 * the first of this object and of that one. */
void json_again(struct json_writer *writer, size_t start, size_t end);
/* Text that is JSON already. */
void json_raw(struct json_writer *writer, struct str key, struct str json);

/* Writes value as a JSON string, quotes included. */
void buf_add_json_text(struct buf *buf, struct str value);

#endif
