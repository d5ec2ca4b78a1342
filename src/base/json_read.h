/* SPDX-License-Identifier: Apache-2.0 */
/* JSON reader: a whole document into a tree inside an arena.
 *
 *   {"kwh":"250","lines":[1,2]}  ─►  object ─ member "kwh" (text) ─► member "lines" (list) ─ 1 ─► 2
 *
 * Strict RFC 8259 on well-formed UTF-8, and stricter where money is at stake: duplicate keys are
 * refused by name; numbers keep their exact text (no floating point anywhere). Errors carry the
 * byte position in detail and the path in field.
 * Ownership: nodes and texts live in the arena; texts without escapes look into the input, which
 * must live as long. Threads: pure. Limits: JSON_DEPTH_MAX levels, the arena's bytes. */
#ifndef SANGDEN_BASE_JSON_READ_H
#define SANGDEN_BASE_JSON_READ_H

#include "base/arena.h"
#include "base/error.h"

enum json_type { JSON_NULL, JSON_FALSE, JSON_TRUE, JSON_NUMBER, JSON_TEXT, JSON_LIST, JSON_MAP };

struct json {
    enum json_type type;
    struct str key;     /* name inside an object, unescaped */
    struct str text;    /* JSON_TEXT: unescaped; JSON_NUMBER: as written */
    struct json *child; /* first member or item */
    struct json *next;  /* next member or item of the same parent */
    size_t count;       /* members or items */
};

/* Parses exactly one value with nothing but white space around it. E_INPUT, E_LIMIT, E_MEMORY. */
NODISCARD err_t json_parse(struct arena *arena, struct str input, struct json **out,
                           struct err *err);

/* The member of an object, or NULL (also when node is NULL or no object). */
const struct json *json_member(const struct json *node, struct str key);

/* A number without point and exponent that fits; false otherwise. */
NODISCARD bool json_to_i64(const struct json *node, int64_t *out);

/* The type in words for messages, "một chuỗi" / "a string". */
const char *json_type_vi(enum json_type type);
const char *json_type_en(enum json_type type);

#endif
