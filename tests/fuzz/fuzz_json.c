/* SPDX-License-Identifier: Apache-2.0 */
/* The JSON reader against the JSON writer: what was read and written again is read the same. */
#include "fuzz.h"

#include "base/json_read.h"
#include "base/json_write.h"

enum { ARENA_BYTES = 8 << 20, OUTPUT_BYTES = 1 << 20 };

static void write_value(struct json_writer *writer, const struct json *node, struct str key);

static void write_children(struct json_writer *writer, const struct json *node)
{
    size_t count = 0;
    for (const struct json *child = node->child; child != NULL; child = child->next, count++)
        write_value(writer, child, node->type == JSON_MAP ? child->key : JSON_ITEM);
    ASSERT(count == node->count);
    json_end(writer);
}

static void write_value(struct json_writer *writer, const struct json *node, struct str key)
{
    switch (node->type) {
    case JSON_NULL: json_null(writer, key); break;
    case JSON_FALSE: json_bool(writer, key, false); break;
    case JSON_TRUE: json_bool(writer, key, true); break;
    case JSON_NUMBER: json_raw(writer, key, node->text); break;
    case JSON_TEXT: json_text(writer, key, node->text); break;
    case JSON_LIST: json_array(writer, key); write_children(writer, node); break;
    case JSON_MAP: json_object(writer, key); write_children(writer, node); break;
    }
}

static bool same(const struct json *a, const struct json *b)
{
    if (a->type != b->type || a->count != b->count || !str_equal(a->key, b->key)) return false;
    if (!str_equal(a->text, b->text)) return false;
    const struct json *x = a->child, *y = b->child;
    for (; x != NULL && y != NULL; x = x->next, y = y->next)
        if (!same(x, y)) return false;
    return x == NULL && y == NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;
    struct err err = {0};
    struct json *first = NULL, *second = NULL;
    arena_init(&arena, ARENA_BYTES);
    err_t status = json_parse(&arena, (struct str){(const char *)data, size}, &first, &err);
    if (status != OK) {
        ASSERT(first == NULL && err.code == status);
        ASSERT(err.vi.message[0] != '\0' && err.en.message[0] != '\0');
    } else {
        struct buf buf;
        struct json_writer writer;
        buf_init(&buf, OUTPUT_BYTES);
        json_writer_init(&writer, &buf);
        write_value(&writer, first, JSON_ITEM);
        if (!buf.failed && !arena.failed) {
            status = json_parse(&arena, buf_str(&buf), &second, &err);
            ASSERT(arena.failed || (status == OK && same(first, second)));
        }
        buf_release(&buf);
    }
    arena_release(&arena);
    return 0;
}
