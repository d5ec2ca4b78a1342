/* SPDX-License-Identifier: Apache-2.0 */
/* Requests and cursors as the tables read them: the input is a query, a line end, a body; the whole
 * of it is a cursor, too. */
#include <stdlib.h>

#include "api/cursor.h"
#include "api/table.h"
#include "http/decode.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* clang-format off */
#define ASKED(F, R) \
    F(R, code,   TEXT(1, 32), PATH, "Mã", "Code") \
    F(R, month,  MONTH, QUERY_MAY, "Tháng", "Month") \
    F(R, day,    DAY, QUERY_MAY, "Ngày", "Day") \
    F(R, number, INTEGER(-5, 5), QUERY_MAY, "Số", "Number") \
    F(R, word,   CHOICE("a|b"), BODY_MAY, "Từ", "Word") \
    F(R, kwh,    DECIMAL(3), BODY_MAY, "Số kWh", "Energy") \
    F(R, text,   TEXT(0, 40), BODY_MAY, "Chữ", "Text") \
    F(R, yes,    BOOL, BODY_MAY, "Có", "Whether")
API_SCHEMA(asked_row, ASKED);
/* clang-format on */

static void read_request(struct arena *arena, struct str query, struct str body)
{
    static const struct api_operation operation = {.asked = &asked_row_schema};
    struct asked_row row = {.number = 0};
    struct http_request request = {.arena = arena, .segment = {str_first(query, 8)}, .body = body};
    struct err err = {0};
    if (http_decode_form(arena, query, "query", &request.query, &err) != OK) return;
    if (api_read(&operation, &request, &row, &err) != OK) {
        if (err.code == OK || err.en.hint[0] == '\0') abort();
        return;
    }
    if (row.number != API_NO_NUMBER && (row.number < -5 || row.number > 5)) abort();
    if (row.word.n > 1 || str_length(row.text) > 40 || row.code.n == 0) abort();
}

/* What was read of a cursor is written as the same cursor. */
static void read_cursor(struct arena *arena, struct str text)
{
    struct value keys[3];
    struct err err = {0};
    struct str list = S("list");
    if (cursor_read(arena, list, text, "iti", keys, &err) != OK) return;
    struct str again = cursor_write(arena, list, (struct args){keys, 3});
    struct value twice[3];
    if (cursor_read(arena, list, again, "iti", twice, &err) != OK) abort();
    if (keys[0].i64 != twice[0].i64 || !str_equal(keys[1].str, twice[1].str)) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str input = {(const char *)data, size};
    size_t line = str_find(input, '\n');
    struct arena arena;
    arena_init(&arena, 8 << 20);
    read_request(&arena, str_sub(input, 0, line), str_sub(input, line + 1, size));
    read_cursor(&arena, input);
    arena_release(&arena);
    return 0;
}
