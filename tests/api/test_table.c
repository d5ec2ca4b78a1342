/* SPDX-License-Identifier: Apache-2.0 */
/* The tables: what is read of a request, what is written of a row, where lists go on. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "api/call.h"
#include "api/cursor.h"
#include "api/tag.h"
#include "base/date.h"
#include "base/json_read.h"
#include "identity/mask.h"

/* clang-format off */
#define INNER(F, R) \
    F(R, kwh, DECIMAL(3), ALWAYS, "Số kWh", "Energy")
API_SCHEMA(inner_row, INNER);

#define OUTER(F, R) \
    F(R, text,   TEXT(0, 9), ALWAYS, "Chữ", "Text") \
    F(R, maybe,  TEXT(0, 9), MAY, "Chữ", "Text") \
    F(R, number, MONEY, ALWAYS, "Số", "Number") \
    F(R, none,   COUNT, MAY, "Số", "Number") \
    F(R, day,    DAY, MAY, "Ngày", "Day") \
    F(R, month,  MONTH, MAY, "Tháng", "Month") \
    F(R, at,     INSTANT, MAY, "Lúc", "Instant") \
    F(R, yes,    BOOL, ALWAYS, "Có", "Whether") \
    F(R, name,   PERSONAL(mask_name), ALWAYS, "Tên", "Name") \
    F(R, raw,    RAW, MAY, "JSON", "JSON") \
    F(R, one,    OBJECT(inner_row), MAY, "Một", "One") \
    F(R, many,   LIST(inner_row), ALWAYS, "Nhiều", "Many")
API_SCHEMA(outer_row, OUTER);

#define ASKED(F, R) \
    F(R, code,   TEXT(1, 4), PATH, "Mã", "Code") \
    F(R, month,  MONTH, QUERY, "Tháng", "Month") \
    F(R, day,    DAY, QUERY_MAY, "Ngày", "Day") \
    F(R, number, INTEGER(0, 9), QUERY_MAY, "Số", "Number") \
    F(R, yes,    BOOL, QUERY_MAY, "Có", "Whether") \
    F(R, word,   CHOICE("a|b"), BODY, "Từ", "Word") \
    F(R, kwh,    DECIMAL(3), BODY_MAY, "Số kWh", "Energy") \
    F(R, count,  INTEGER(-5, 5), BODY_MAY, "Số", "Number")
API_SCHEMA(asked_row, ASKED);
/* clang-format on */

static const struct api_operation operation = {.asked = &asked_row_schema};
static struct arena arena;
static struct err err;

static int begin(void **state)
{
    (void)state;
    arena_init(&arena, 1 << 20);
    return 0;
}

static int end(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static void is_written(const struct outer_row *row, const char *json)
{
    struct buf out;
    struct json_writer w;
    buf_init(&out, 4096);
    json_writer_init(&w, &out);
    api_write(&w, JSON_ITEM, &outer_row_schema, row);
    assert_string_equal(out.p, json);
    buf_release(&out);
}

static void a_row_is_written_with_every_field(void **state)
{
    (void)state;
    const struct inner_row inner[] = {{461250}, {API_NO_NUMBER}};
    struct outer_row row = {.text = S("a\"b"),
                            .number = -5,
                            .none = API_NO_NUMBER,
                            .day = API_NO_DAY,
                            .at = API_NO_NUMBER,
                            .name = {S("Nguyễn Văn An"), false}};
    is_written(&row, "{\"text\":\"a\\\"b\",\"maybe\":null,\"number\":-5,\"none\":null,\"day\":null,"
                     "\"month\":null,\"at\":null,\"yes\":false,\"name\":\"N··· V··· An\","
                     "\"raw\":null,\"one\":null,\"many\":[]}");
    row = (struct outer_row){.text = S(""),
                             .maybe = S("x"),
                             .day = day_from_civil(2026, 7, 31),
                             .month = 202607,
                             .yes = true,
                             .name = {S("Nguyễn Văn An"), true},
                             .raw = S("{\"a\":[1]}"),
                             .one = &inner[0],
                             .many = {inner, 2}};
    is_written(&row,
               "{\"text\":\"\",\"maybe\":\"x\",\"number\":0,\"none\":0,\"day\":\"2026-07-31\","
               "\"month\":\"2026-07\",\"at\":\"1970-01-01T07:00:00+07:00\",\"yes\":true,"
               "\"name\":\"Nguyễn Văn An\",\"raw\":{\"a\":[1]},\"one\":{\"kwh\":\"461.25\"},"
               "\"many\":[{\"kwh\":\"461.25\"},{\"kwh\":null}]}");
}

static err_t read_request(const char *code, const char *month, const char *body,
                          struct asked_row *out)
{
    const struct http_field query[] = {{S("month"), str_of(month)}, {S("lang"), S("en")}};
    const struct http_request request = {
        .arena = &arena, .segment = {str_of(code)}, .query = {query, 2}, .body = str_of(body)};
    *out = (struct asked_row){0};
    return api_read(&operation, &request, out, &err);
}

static void a_request_is_read_into_its_row(void **state)
{
    (void)state;
    struct asked_row row;
    assert_int_equal(read_request("PD01", "2026-07", "{\"word\":\"b\",\"kwh\":\"1.5\"}", &row), OK);
    assert_true(str_equal(row.code, S("PD01")) && str_equal(row.word, S("b")));
    assert_true(row.month == 202607 && row.kwh == 1500);
    assert_true(row.day == API_NO_DAY && row.number == API_NO_NUMBER && !row.yes);
    assert_true(row.count == API_NO_NUMBER);
}

static void is_refused(const char *code, const char *month, const char *body, const char *field)
{
    struct asked_row row;
    assert_int_equal(read_request(code, month, body, &row), E_INPUT);
    assert_string_equal(err.field, field);
    assert_true(err.vi.hint[0] != '\0' && err.en.hint[0] != '\0');
}

static void what_is_wrong_is_refused_by_its_name(void **state)
{
    (void)state;
    const char *good = "{\"word\":\"a\"}";
    is_refused("PD0100", "2026-07", good, "code");
    is_refused("P\n", "2026-07", good, "code");
    is_refused("P\xe2\x80\xae", "2026-07", good, "code");
    is_refused("P", "2026-13", good, "month");
    is_refused("P", "2026-07", "{\"word\":\"c\"}", "word");
    is_refused("P", "2026-07", "{\"word\":null}", "word");
    is_refused("P", "2026-07", "{\"word\":[\"a\"]}", "word");
    is_refused("P", "2026-07", "{\"word\":\"a\",\"kwh\":1.5}", "kwh");
    is_refused("P", "2026-07", "{\"word\":\"a\",\"kwh\":\"1.5555\"}", "kwh");
    is_refused("P", "2026-07", "{\"word\":\"a\",\"count\":6}", "count");
    is_refused("P", "2026-07", "{\"word\":\"a\",\"count\":99999999999999999999}", "count");
    is_refused("P", "2026-07", "{\"word\":\"a\",\"month\":\"2026-07\"}", "month");
    is_refused("P", "2026-07", "{\"word\":\"a\",\"word\":\"a\"}", "word");
}

static void parameters_are_known_and_stand_once(void **state)
{
    (void)state;
    struct asked_row row = {0};
    const struct http_field unknown[] = {{S("month"), S("2026-07")}, {S("cursor"), S("00")}};
    const struct http_field twice[] = {{S("month"), S("2026-07")}, {S("month"), S("2026-07")}};
    struct http_request request = {
        .arena = &arena, .segment = {S("P")}, .body = S("{\"word\":\"a\"}"), .query = {unknown, 2}};
    assert_int_equal(api_read(&operation, &request, &row, &err), E_INPUT);
    assert_string_equal(err.field, "cursor");
    request.query.field = twice;
    assert_int_equal(api_read(&operation, &request, &row, &err), E_INPUT);
    assert_string_equal(err.field, "month");
}

static void a_cursor_leads_back_to_its_keys(void **state)
{
    (void)state;
    struct value keys[3];
    struct str list = S("/api/v1/bills\nunit=PD0100");
    struct str cursor =
        cursor_write(&arena, list, ARGS(v_i64(-31112), v_text(S("periodic")), v_i64(INT64_MAX)));
    assert_int_equal(cursor_read(&arena, list, cursor, "iti", keys, &err), OK);
    assert_true(keys[0].i64 == -31112 && keys[2].i64 == INT64_MAX);
    assert_true(str_equal(keys[1].str, S("periodic")));
    assert_int_equal(
        cursor_read(&arena, S("/api/v1/bills\nunit=PD0200"), cursor, "iti", keys, &err), E_INPUT);
    assert_string_equal(err.field, "cursor");
    assert_int_equal(cursor_read(&arena, list, cursor, "iit", keys, &err), E_INPUT);
    assert_int_equal(cursor_read(&arena, list, cursor, "it", keys, &err), E_INPUT);
    assert_int_equal(cursor_read(&arena, list, str_sub(cursor, 0, cursor.n - 1), "iti", keys, &err),
                     E_INPUT);
}

static void a_tag_is_that_of_the_answer(void **state)
{
    (void)state;
    char of_row[TAG_BYTES], of_body[TAG_BYTES];
    const struct inner_row row = {1000};
    assert_int_equal(tag_of_row(&inner_row_schema, &row, of_row, &err), OK);
    tag_of(S("{\"kwh\":\"1\"}\n"), of_body);
    assert_string_equal(of_row, of_body);
    tag_of(S("{\"kwh\":\"2\"}\n"), of_body);
    assert_string_not_equal(of_row, of_body);
}

static void every_table_of_the_house_is_sound(void **state)
{
    (void)state;
    struct http_routes routes;
    struct buf document;
    assert_int_equal(api_routes(&arena, &routes, &err), OK);
    assert_true(routes.count > 20);
    buf_init(&document, 1 << 20);
    api_openapi(&document);
    assert_false(document.failed);
    struct json *root;
    assert_int_equal(json_parse(&arena, buf_str(&document), &root, &err), OK);
    buf_release(&document);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_row_is_written_with_every_field, begin, end),
        cmocka_unit_test_setup_teardown(a_request_is_read_into_its_row, begin, end),
        cmocka_unit_test_setup_teardown(what_is_wrong_is_refused_by_its_name, begin, end),
        cmocka_unit_test_setup_teardown(parameters_are_known_and_stand_once, begin, end),
        cmocka_unit_test_setup_teardown(a_cursor_leads_back_to_its_keys, begin, end),
        cmocka_unit_test_setup_teardown(a_tag_is_that_of_the_answer, begin, end),
        cmocka_unit_test_setup_teardown(every_table_of_the_house_is_sound, begin, end),
    };
    return cmocka_run_group_tests_name("api table", tests, NULL, NULL);
}
