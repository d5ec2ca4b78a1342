/* SPDX-License-Identifier: Apache-2.0 */
#include "api/cursor.h"

#include <string.h>

#include "base/hash.h"

enum { LIST_BYTES = 8, CURSOR_BYTES_MOST = 600 };

static void add_list(struct buf *out, struct str list)
{
    struct hash hash = hash_of(list);
    buf_add_hex(out, hash.byte, LIST_BYTES);
}

struct str cursor_write(struct arena *arena, struct str list, struct args keys)
{
    char *memory = arena_take(arena, CURSOR_BYTES_MOST);
    char plain_memory[CURSOR_BYTES_MOST / 2];
    struct buf out, plain;
    if (memory == NULL) return (struct str){NULL, 0};
    buf_init_fixed(&plain, plain_memory, sizeof plain_memory);
    for (size_t i = 0; i < keys.count; i++) {
        const struct value *key = &keys.values[i];
        if (i > 0) buf_add_char(&plain, ',');
        buf_add_char(&plain, key->type == VALUE_I64 ? 'i' : 't');
        if (key->type == VALUE_I64) buf_add_i64(&plain, key->i64);
        else buf_add(&plain, key->str);
    }
    buf_init_fixed(&out, memory, CURSOR_BYTES_MOST);
    add_list(&out, list);
    buf_add_hex(&out, plain.p, plain.n);
    ASSERT(!plain.failed && !out.failed); /* keys are codes of ours and numbers */
    return buf_str(&out);
}

static err_t refuse(struct err *err)
{
    err_set(err, E_INPUT, "cursor", "Con trỏ trang không thuộc danh sách này",
            "The cursor does not belong to this list");
    return err_hint(err, "Dùng nguyên giá trị next của trang trước, với cùng các bộ lọc",
                    "Use the value next of the page before as it is, with the same filters");
}

static int digit(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool unhex(struct arena *arena, struct str hex, struct str *out)
{
    char *plain = arena_take(arena, hex.n / 2 + 1);
    if (plain == NULL || hex.n % 2 != 0) return false;
    for (size_t i = 0; i < hex.n / 2; i++) {
        int high = digit(hex.p[2 * i]), low = digit(hex.p[2 * i + 1]);
        if (high < 0 || low < 0) return false;
        plain[i] = (char)(high * 16 + low);
    }
    *out = (struct str){plain, hex.n / 2};
    return true;
}

static bool read_key(struct str piece, char kind, struct value *out)
{
    size_t bad;
    int64_t number;
    if (piece.n == 0 || piece.p[0] != kind) return false;
    struct str rest = str_sub(piece, 1, piece.n);
    if (kind == 't') {
        *out = v_text(rest);
        return str_is_utf8(rest, &bad);
    }
    if (!str_to_i64(rest, &number)) return false;
    *out = v_i64(number);
    return true;
}

err_t cursor_read(struct arena *arena, struct str list, struct str cursor, const char *kinds,
                  struct value *out, struct err *err)
{
    char memory[2 * LIST_BYTES + 1];
    struct buf of_list;
    struct str plain, piece;
    buf_init_fixed(&of_list, memory, sizeof memory);
    add_list(&of_list, list);
    if (cursor.n >= CURSOR_BYTES_MOST || !str_starts(cursor, buf_str(&of_list)) ||
        !unhex(arena, str_sub(cursor, of_list.n, cursor.n), &plain))
        return arena->failed ? err_memory(err) : refuse(err);
    for (; *kinds != '\0'; kinds++, out++)
        if (!str_split(&plain, ',', &piece) || !read_key(piece, *kinds, out)) return refuse(err);
    return str_split(&plain, ',', &piece) ? refuse(err) : OK;
}

void cursor_least(const char *kinds, struct value *out)
{
    for (; *kinds != '\0'; kinds++, out++) *out = *kinds == 'i' ? v_i64(INT64_MIN) : v_text(S(""));
}
