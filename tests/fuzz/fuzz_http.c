/* SPDX-License-Identifier: Apache-2.0 */
/* What we read of a request ourselves: address, form, cookies, forwarded addresses. The first byte
 * chooses. What is accepted is UTF-8, and no longer than what came. */
#include "fuzz.h"

#include "http/address.h"
#include "http/decode.h"

static void check_fields(const struct http_fields *fields, size_t bytes)
{
    size_t sum = 0, bad;
    for (size_t i = 0; i < fields->count; i++) {
        ASSERT(str_is_utf8(fields->field[i].name, &bad));
        ASSERT(str_is_utf8(fields->field[i].value, &bad));
        sum += fields->field[i].name.n + fields->field[i].value.n;
    }
    ASSERT(sum <= bytes && fields->count <= HTTP_FIELD_MAX_COUNT);
}

static void check_target(struct arena *arena, struct str text, struct err *err)
{
    struct str path;
    struct http_fields query;
    if (http_decode_target(arena, text, &path, &query, err) != OK) return;
    ASSERT(path.n > 0 && path.p[0] == '/' && path.n <= text.n);
    ASSERT(str_find(path, '\0') == path.n && str_find(path, '\n') == path.n);
    struct str rest = path, piece;
    size_t slashes = 0, written = 0;
    while (str_split(&rest, '/', &piece)) {
        ASSERT(!str_equal(piece, S("..")) && !str_equal(piece, S(".")));
        slashes++;
    }
    for (size_t i = 0; i < str_find(text, '?'); i++) written += text.p[i] == '/';
    ASSERT(slashes == written + 1);
    check_fields(&query, text.n);
}

static void check_address(struct str text)
{
    char memory[HTTP_ADDRESS_TEXT_BYTES];
    struct http_address address, again;
    struct http_field header = {S("x-forwarded-for"), text};
    struct http_networks none = {.count = 0};
    ASSERT(http_address_parse(S("127.0.0.1"), &again));
    struct http_fields headers = {&header, 1};
    address = http_client_address(&none, &again, &headers);
    struct str told = http_address_text(&address, memory);
    ASSERT(http_address_parse(told, &again));
    if (http_address_parse(text, &address)) {
        told = http_address_text(&address, memory);
        ASSERT(http_address_parse(told, &again));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;
    struct err err = {0};
    struct http_fields fields;
    if (size == 0) return 0;
    struct str text = {(const char *)data + 1, size - 1};
    arena_init(&arena, HTTP_ARENA_MAX_BYTES);
    if (data[0] == 't') check_target(&arena, text, &err);
    if (data[0] == 'f' && http_decode_form(&arena, text, "body", &fields, &err) == OK)
        check_fields(&fields, text.n);
    if (data[0] == 'c' && http_decode_cookies(&arena, text, &fields, &err) == OK)
        check_fields(&fields, text.n);
    if (data[0] == 'a') check_address(text);
    arena_release(&arena);
    return 0;
}
