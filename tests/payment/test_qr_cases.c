/* SPDX-License-Identifier: Apache-2.0 */
/* Every collected payment QR: those that are sound are taken apart as their source says, the others
 * are refused; and no QR survives a change of one character or the loss of its end. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/json_read.h"
#include "payment/emv.h"
#include "payment/qr_describe.h"

enum { ARENA_BYTES = 8 << 20, ANSWER_BYTES = 64 << 10 };

static struct arena cases_arena;
static const struct json *cases;

static int load_cases(void **state)
{
    (void)state;
    struct err err;
    struct buf path;
    struct json *root = NULL;
    struct str text = S("");
    arena_init(&cases_arena, ARENA_BYTES);
    buf_init(&path, 4096);
    buf_printf(&path, "%s/tests/cases/payment_qr.json", getenv("SANGDEN_SOURCE_ROOT"));
    if (file_read(&cases_arena, path.p, ARENA_BYTES, &text, &err) != OK ||
        json_parse(&cases_arena, text, &root, &err) != OK)
        fail_msg("%s", err.en.message);
    cases = json_member(root, S("cases"))->child;
    buf_release(&path);
    return 0;
}

static int forget_cases(void **state)
{
    (void)state;
    arena_release(&cases_arena);
    return 0;
}

static err_t describe(struct str payload, struct err *err)
{
    struct arena arena;
    struct buf out;
    arena_init(&arena, ARENA_BYTES);
    buf_init(&out, ANSWER_BYTES);
    err_t e = qr_describe(&arena, payload, &out, err);
    assert_true(e == OK ? out.n > 0 : out.n == 0);
    if (e != OK) assert_true(err->vi.hint[0] != '\0' && err->en.hint[0] != '\0');
    buf_release(&out);
    arena_release(&arena);
    return e;
}

static void same_objects(const struct emv_object *object, const struct json *expected)
{
    for (; expected != NULL; expected = expected->next, object = object->next) {
        int64_t id, length;
        assert_non_null(object);
        assert_true(str_to_i64(json_member(expected, S("id"))->text, &id));
        assert_true(json_to_i64(json_member(expected, S("length")), &length));
        assert_int_equal(object->id, id);
        assert_int_equal(object->length, length);
        assert_true(str_equal(object->value, json_member(expected, S("value"))->text));
        const struct json *inside = json_member(expected, S("fields"));
        if (inside != NULL) same_objects(object->child, inside->child);
    }
    assert_null(object);
}

static void cases_are_read_or_refused(void **state)
{
    (void)state;
    size_t count = 0;
    for (const struct json *one = cases; one != NULL; one = one->next, count++) {
        struct err err;
        struct arena arena;
        struct emv_payload payload = {0};
        struct str text = json_member(one, S("payload"))->text;
        bool accepted = json_member(one, S("accepted"))->type == JSON_TRUE;
        const struct json *fields = json_member(one, S("fields"));
        if ((describe(text, &err) == OK) != accepted)
            fail_msg("%.*s", STR_ARG(json_member(one, S("id"))->text));
        if (!accepted || fields->count == 0) continue;
        arena_init(&arena, ARENA_BYTES);
        assert_int_equal(emv_parse(&arena, text, &payload, &err), OK);
        same_objects(payload.first, fields->child);
        arena_release(&arena);
    }
    assert_true(count >= 25);
}

/* The checksum finds every change of a single character. */
static void no_changed_character_is_missed(void **state)
{
    (void)state;
    char changed[EMV_PAYLOAD_BYTES_MAX];
    struct err err;
    for (const struct json *one = cases; one != NULL; one = one->next) {
        struct str text = json_member(one, S("payload"))->text;
        if (json_member(one, S("accepted"))->type != JSON_TRUE) continue;
        for (size_t i = 0; i < text.n; i++) {
            for (size_t j = 0; j < text.n; j++) changed[j] = text.p[j];
            changed[i] = text.p[i] == '7' ? '8' : '7';
            assert_int_not_equal(describe((struct str){changed, text.n}, &err), OK);
        }
    }
}

static void no_lost_end_is_missed(void **state)
{
    (void)state;
    struct err err;
    for (const struct json *one = cases; one != NULL; one = one->next) {
        struct str text = json_member(one, S("payload"))->text;
        for (size_t n = 0; n < text.n; n++)
            assert_int_not_equal(describe(str_sub(text, 0, n), &err), OK);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cases_are_read_or_refused),
        cmocka_unit_test(no_changed_character_is_missed),
        cmocka_unit_test(no_lost_end_is_missed),
    };
    return cmocka_run_group_tests_name("payment qr cases", tests, load_cases, forget_cases);
}
