/* SPDX-License-Identifier: Apache-2.0 */
/* JSON: what is written is read back; what is not JSON is refused with its place. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/clock.h"
#include "base/json_read.h"
#include "base/json_write.h"

static struct arena arena;
static struct err err;

static int set_up(void **state)
{
    (void)state;
    arena_init(&arena, 8 << 20);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static const struct json *parse(struct str text)
{
    struct json *root = NULL;
    err = (struct err){.code = OK};
    assert_int_equal(json_parse(&arena, text, &root, &err), OK);
    return root;
}

static void refuse(struct str text)
{
    struct json *root = NULL;
    err = (struct err){.code = OK};
    err_t e = json_parse(&arena, text, &root, &err);
    if (e != E_INPUT && e != E_LIMIT) fail_msg("accepted: %.*s", STR_ARG(text));
    assert_null(root);
    assert_true(err.vi.message[0] != '\0' && err.en.message[0] != '\0');
}

/* A random document, written from what random_tree chooses. */
static void write_random(struct json_writer *w, struct random_state *chance, struct str key,
                         unsigned depth)
{
    static const char *const texts[] = {"", "Nguyễn", "a\"b\\c", "\n\t\x01",
                                        "\xF0\x9F\x92\xA1/", "7"};
    uint64_t kind = random_next_below(chance, depth > 4 ? 5 : 7);
    if (kind == 0) json_null(w, key);
    else if (kind == 1) json_bool(w, key, random_next_below(chance, 2) == 0);
    else if (kind == 2) json_i64(w, key, (int64_t)random_next(chance));
    else if (kind == 3) json_decimal(w, key, (int64_t)random_next(chance) >> 20, 3);
    else if (kind == 4) json_text(w, key, str_of(texts[random_next_below(chance, 6)]));
    else {
        bool object = kind == 5;
        uint64_t count = random_next_below(chance, 5);
        if (object) json_object(w, key);
        else json_array(w, key);
        for (uint64_t i = 0; i < count; i++) {
            char name[2] = {(char)('a' + i), '\0'};
            write_random(w, chance, object ? str_of(name) : JSON_ITEM, depth + 1);
        }
        json_end(w);
    }
}

static void rewrite(struct json_writer *w, struct str key, const struct json *node)
{
    switch (node->type) {
    case JSON_NULL: json_null(w, key); return;
    case JSON_FALSE: json_bool(w, key, false); return;
    case JSON_TRUE: json_bool(w, key, true); return;
    case JSON_NUMBER: json_raw(w, key, node->text); return;
    case JSON_TEXT: json_text(w, key, node->text); return;
    case JSON_LIST: json_array(w, key); break;
    case JSON_MAP: json_object(w, key); break;
    }
    size_t count = 0;
    for (const struct json *child = node->child; child != NULL; child = child->next, count++)
        rewrite(w, node->type == JSON_MAP ? child->key : JSON_ITEM, child);
    assert_int_equal(count, node->count);
    json_end(w);
}

static void reading_and_writing_are_inverse(void **state)
{
    (void)state;
    struct random_state chance;
    random_state_init(&chance, 3);
    struct buf first, second;
    buf_init(&first, 1 << 20);
    buf_init(&second, 1 << 20);
    for (int i = 0; i < 5000; i++) {
        struct json_writer w;
        buf_reset(&first);
        buf_reset(&second);
        json_writer_init(&w, &first);
        write_random(&w, &chance, JSON_ITEM, 0);
        const struct json *root = parse(buf_str(&first));
        json_writer_init(&w, &second);
        rewrite(&w, JSON_ITEM, root);
        assert_true(str_equal(buf_str(&first), buf_str(&second)));
        arena_reset(&arena);
    }
    buf_release(&first);
    buf_release(&second);
}

static void numbers_keep_their_text(void **state)
{
    (void)state;
    int64_t value = 5;
    assert_true(json_to_i64(parse(S("-9223372036854775808")), &value) && value == INT64_MIN);
    assert_false(json_to_i64(parse(S("9223372036854775808")), &value));
    assert_false(json_to_i64(parse(S("1.0")), &value) || json_to_i64(parse(S("1e2")), &value));
    assert_false(json_to_i64(parse(S("\"1\"")), &value));
    assert_true(str_equal(parse(S(" 0.10 "))->text, S("0.10")));
}

static void escapes_become_text(void **state)
{
    (void)state;
    const struct json *text = parse(S("\"\\u0110\\u00e8n \\ud83d\\udca1 \\\\ \\/ \\n\""));
    assert_true(str_equal(text->text, S("Đèn \xF0\x9F\x92\xA1 \\ / \n")));
}

/* Every byte at every place of a text, wherever the writer's words of eight bytes begin. */
static void every_byte_that_must_is_escaped(void **state)
{
    char text[21], expected[40], got[40];
    struct buf want, have;
    (void)state;
    for (size_t n = 1; n < sizeof text; n++) {
        for (size_t at = 0; at < n; at++) {
            for (unsigned c = 1; c < 256; c++) {
                memset(text, 'a', n);
                text[at] = (char)c;
                buf_init_fixed(&want, expected, sizeof expected);
                buf_add_char(&want, '"');
                buf_add(&want, (struct str){text, at});
                const char *mark = c == '\n' ? "n" : c == '\r' ? "r" : c == '\t' ? "t" : "";
                if (c == '"' || c == '\\') buf_printf(&want, "\\%c", c);
                else if (*mark != '\0') buf_printf(&want, "\\%s", mark);
                else if (c < 0x20) buf_printf(&want, "\\u%04x", c);
                else buf_add_char(&want, (char)c);
                buf_add(&want, (struct str){text + at + 1, n - at - 1});
                buf_add_char(&want, '"');
                buf_init_fixed(&have, got, sizeof got);
                buf_add_json_text(&have, (struct str){text, n});
                assert_string_equal(got, expected);
            }
        }
    }
}

/* What does not fit is dropped from the first byte that does not, and the buffer says so. */
static void a_full_buffer_keeps_what_fitted(void **state)
{
    static const char whole[] = "{\"a\":\"bcdefghijk\",\"b\":[1,true]}";
    char place[sizeof whole];
    (void)state;
    for (size_t room = 1; room <= sizeof whole; room++) {
        struct json_writer w;
        struct buf out;
        buf_init_fixed(&out, place, room);
        json_writer_init(&w, &out);
        json_object(&w, JSON_ITEM);
        json_text(&w, S("a"), S("bcdefghijk"));
        json_array(&w, S("b"));
        json_i64(&w, JSON_ITEM, 1);
        json_bool(&w, JSON_ITEM, true);
        json_end(&w);
        json_end(&w);
        assert_memory_equal(place, whole, room - 1);
        assert_int_equal(strlen(place), room - 1);
        assert_true(out.failed == (room < sizeof whole));
    }
}

static void members_are_written_again(void **state)
{
    struct json_writer w;
    struct buf out;
    (void)state;
    buf_init(&out, 1 << 20);
    json_writer_init(&w, &out);
    json_array(&w, JSON_ITEM);
    json_object(&w, JSON_ITEM);
    size_t start = out.n;
    json_text(&w, S("a"), S("Đèn"));
    json_null(&w, S("b"));
    size_t end = out.n;
    json_end(&w);
    for (int i = 0; i < 1000; i++) { /* also while the buffer moves to a larger place */
        json_object(&w, JSON_ITEM);
        json_again(&w, start, end);
        json_i64(&w, S("c"), i);
        json_end(&w);
    }
    json_end(&w);
    const struct json *list = parse(buf_str(&out));
    assert_int_equal(list->count, 1001);
    int64_t number = 0;
    for (const struct json *item = list->child->next; item != NULL; item = item->next) {
        assert_true(str_equal(json_member(item, S("a"))->text, S("Đèn")));
        int64_t value;
        assert_true(json_to_i64(json_member(item, S("c")), &value) && value == number++);
    }
    buf_release(&out);
}

static void members_are_found_by_name(void **state)
{
    (void)state;
    const struct json *root = parse(S("{\"a\":1,\"b\":{\"c\":[true,null]}}"));
    assert_int_equal(root->count, 2);
    const struct json *list = json_member(json_member(root, S("b")), S("c"));
    assert_true(list->type == JSON_LIST && list->count == 2);
    assert_null(json_member(root, S("z")));
    assert_null(json_member(list, S("a")));
    assert_null(json_member(NULL, S("a")));
}

static void a_refusal_says_what_it_met(void **state)
{
    (void)state;
    struct json *root;
    assert_int_equal(json_parse(&arena, S("\xef\xbb\xbf{}"), &root, &err), E_INPUT);
    assert_non_null(strstr(err.en.message, "byte order mark"));
    assert_int_equal(json_parse(&arena, S("x"), &root, &err), E_INPUT);
    assert_non_null(strstr(err.en.message, "value"));
    assert_int_equal(json_parse(&arena, S("-x"), &root, &err), E_INPUT);
    assert_non_null(strstr(err.en.message, "number"));
    assert_int_equal(json_parse(&arena, S("{\n\n  x}"), &root, &err), E_INPUT);
    assert_string_equal(err.en.detail, "The JSON is wrong in line 3, at byte 6");
}

static void what_is_not_json_is_refused(void **state)
{
    (void)state;
    static const struct str bad[] = {
        S_INIT(""), S_INIT(" "), S_INIT("{"), S_INIT("[1,]"), S_INIT("{\"a\":1,}"), S_INIT("{a:1}"),
        S_INIT("[1 2]"), S_INIT("01"), S_INIT("+1"), S_INIT(".5"), S_INIT("1."), S_INIT("1e"),
        S_INIT("-"), S_INIT("nul"), S_INIT("True"), S_INIT("1 1"), S_INIT("\"a"), S_INIT("'a'"),
        S_INIT("\"\t\""), S_INIT("\"\\x\""), S_INIT("\"\\u12\""), S_INIT("\"\\ud83d\""),
        S_INIT("\"\\udca1\""), S_INIT("\"\xC3(\""), S_INIT("\xEF\xBB\xBF{}"), S_INIT("NaN"),
        S_INIT("\"\\u0000\""), S_INIT("[1]]"), S_INIT("{\"a\" 1}"), S_INIT("/**/1")};
    for (size_t i = 0; i < ARRAY_COUNT(bad); i++) refuse(bad[i]);
    refuse(S("{\"kwh\":1,\"kwh\":2}"));
    assert_non_null(strstr(err.en.message, "kwh"));
}

static void depth_and_memory_have_limits(void **state)
{
    (void)state;
    char deep[2 * JSON_DEPTH_MAX + 8];
    memset(deep, '[', sizeof deep);
    refuse((struct str){deep, sizeof deep});
    struct arena small;
    struct json *root;
    arena_init(&small, 64);
    err_t e = json_parse(&small, S("[1,2,3,4,5,6,7,8,9]"), &root, &err);
    assert_true(e == E_MEMORY || e == E_LIMIT);
    arena_release(&small);
}

/* {"k0":0,…} of count members, the last named again when twice is one of them. */
static void write_members(struct buf *buf, size_t count, size_t twice)
{
    buf_add_char(buf, '{');
    for (size_t i = 0; i < count; i++) buf_printf(buf, "%s\"k%zu\":0", i > 0 ? "," : "", i);
    if (twice < count) buf_printf(buf, ",\"k%zu\":0", twice);
    buf_add_char(buf, '}');
}

static void names_that_stand_twice_are_found_in_objects_of_any_size(void **state)
{
    (void)state;
    struct buf buf;
    buf_init(&buf, 1 << 20);
    for (size_t count = 1; count < 70; count++) {
        buf_reset(&buf);
        write_members(&buf, count, SIZE_MAX);
        assert_int_equal(parse(buf_str(&buf))->count, count);
        for (size_t twice = 0; twice < count; twice++) {
            char name[16];
            struct buf expected;
            buf_init_fixed(&expected, name, sizeof name);
            buf_printf(&expected, "k%zu", twice);
            buf_reset(&buf);
            write_members(&buf, count, twice);
            refuse(buf_str(&buf));
            assert_string_equal(err.field, name);
        }
        arena_reset(&arena);
    }
    buf_reset(&buf);
    write_members(&buf, 50000, 25000);
    refuse(buf_str(&buf));
    assert_string_equal(err.field, "k25000");
    buf_release(&buf);
}

static void a_name_that_stands_twice_is_told_with_its_place(void **state)
{
    (void)state;
    refuse(S("{\"usage\":{\"kwh\":1,\"kwh\":2}}"));
    assert_string_equal(err.field, "usage.kwh");
    refuse(S("{\"uses\":[{},{\"share\":1,\"share\":1}]}"));
    assert_string_equal(err.field, "uses[1].share");
    refuse(S("[[0,{\"a\":1,\"a\":1}]]"));
    assert_string_equal(err.field, "[0][1].a");
    /* What has no name keeps its byte alone. */
    refuse(S("{\"usage\":{\"kwh\":}}"));
    assert_string_equal(err.field, "");
}

static void a_long_name_is_cut_at_a_character(void **state)
{
    (void)state;
    struct buf buf;
    size_t bad;
    buf_init(&buf, 4096);
    buf_add(&buf, S("{"));
    for (int i = 0; i < 2; i++) {
        buf_add(&buf, i == 0 ? S("\"") : S(",\""));
        for (int k = 0; k < 60; k++) buf_add(&buf, S("ệ"));
        buf_add(&buf, S("\":1"));
    }
    buf_add(&buf, S("}"));
    refuse(buf_str(&buf));
    assert_true(str_is_utf8(str_of(err.field), &bad));
    assert_true(err.field[0] != '\0');
    buf_release(&buf);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(reading_and_writing_are_inverse, set_up, tear_down),
        cmocka_unit_test_setup_teardown(numbers_keep_their_text, set_up, tear_down),
        cmocka_unit_test_setup_teardown(escapes_become_text, set_up, tear_down),
        cmocka_unit_test(every_byte_that_must_is_escaped),
        cmocka_unit_test(a_full_buffer_keeps_what_fitted),
        cmocka_unit_test_setup_teardown(members_are_written_again, set_up, tear_down),
        cmocka_unit_test_setup_teardown(members_are_found_by_name, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_refusal_says_what_it_met, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_not_json_is_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(depth_and_memory_have_limits, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            a_name_that_stands_twice_is_told_with_its_place, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            names_that_stand_twice_are_found_in_objects_of_any_size, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_long_name_is_cut_at_a_character, set_up, tear_down),
    };
    return cmocka_run_group_tests_name("json", tests, NULL, NULL);
}
