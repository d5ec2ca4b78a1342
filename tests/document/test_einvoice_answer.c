/* SPDX-License-Identifier: Apache-2.0 */
/* What goes to a provider and comes back: ids that repeat, envelopes of stable bytes, answers that
 * hold what the contract asks for and nothing else. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/date.h"
#include "document/einvoice_answer.h"
#include "document/einvoice_envelope.h"

enum { ARENA_BYTES = 1 << 20 };

static struct arena arena;
static struct err err;
static struct provider_answer answer;

static int begin(void **state)
{
    (void)state;
    arena_init(&arena, ARENA_BYTES);
    answer = (struct provider_answer){0};
    return 0;
}

static int end(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

#define DOCUMENT "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static void an_id_says_what_the_message_is(void **state)
{
    (void)state;
    struct message_identity one = {S("V0100000000"), S("TCT"), 203, S(DOCUMENT), 1};
    char first[MESSAGE_ID_BYTES], second[MESSAGE_ID_BYTES];
    struct str id = message_id(&one, first);
    assert_int_equal(id.n, 11 + 32);
    assert_true(str_starts(id, S("V0100000000")));
    for (size_t i = 11; i < id.n; i++)
        assert_true((id.p[i] >= '0' && id.p[i] <= '9') || (id.p[i] >= 'A' && id.p[i] <= 'F'));
    assert_true(str_equal(message_id(&one, second), id));
    one.generation = 2;
    assert_false(str_equal(message_id(&one, second), id));
    one.generation = 1;
    one.type = 200;
    assert_false(str_equal(message_id(&one, second), id));
    one.type = 203;
    one.receiver = S("TCT2");
    assert_false(str_equal(message_id(&one, second), id));
    assert_true(message_party_good(S("V0100000000")) && message_party_good(S("ABCDEFGH012345")));
    assert_false(message_party_good(S("")) || message_party_good(S("ABCDEFGH0123456")) ||
                 message_party_good(S("v01")) || message_party_good(S("A<B")));
}

static void an_envelope_is_around_the_document(void **state)
{
    (void)state;
    char memory[ENVELOPE_HEAD_BYTES];
    struct buf out;
    struct envelope envelope = {203,      S("V01ABC"),     S("V01"),
                                S("TCT"), S("0100000000"), day_from_civil(2026, 8, 1)};
    buf_init_fixed(&out, memory, sizeof memory);
    envelope_head(&envelope, &out);
    buf_add(&out, envelope_content(S("<?xml version=\"1.0\" encoding=\"UTF-8\"?><HDon></HDon>")));
    buf_add(&out, S(ENVELOPE_TAIL));
    assert_string_equal(memory, "<?xml version=\"1.0\" encoding=\"UTF-8\"?><TDiep><TTChung>"
                                "<PBan>2.1.0</PBan><MNGui>V01</MNGui><MNNhan>TCT</MNNhan>"
                                "<MLTDiep>203</MLTDiep><MTDiep>V01ABC</MTDiep>"
                                "<MST>0100000000</MST><SLuong>1</SLuong></TTChung><DLieu>"
                                "<HDon></HDon></DLieu></TDiep>");
}

static err_t reads(const char *text, bool coded)
{
    return answer_read(&arena, str_of(text), S("V01"), coded, &answer, &err);
}

static void answers_of_the_contract_are_read(void **state)
{
    (void)state;
    assert_int_equal(reads("{\"message\":\"V01\",\"state\":\"received\"}", true), OK);
    assert_int_equal(answer.state, ANSWER_RECEIVED);
    assert_int_equal(reads("{\"message\":\"V01\",\"state\":\"accepted\",\"mccqt\":\"M1-26-ABC\","
                           "\"notice\":null,\"later\":[1,2]}",
                           true),
                     OK);
    assert_int_equal(answer.state, ANSWER_ACCEPTED);
    assert_true(str_equal(answer.office_code, S("M1-26-ABC")));
    /* An invoice without code gets none. */
    assert_int_equal(reads("{\"message\":\"V01\",\"state\":\"accepted\",\"mccqt\":\"M1\"}", false),
                     OK);
    assert_int_equal(answer.office_code.n, 0);
    assert_int_equal(reads("{\"state\":\"refused\",\"message\":\"V01\",\"code\":\"-2\","
                           "\"reason\":\"Chữ ký không đúng\",\"notice\":3}",
                           false),
                     OK);
    assert_int_equal(answer.state, ANSWER_REFUSED);
    assert_int_equal(answer.notice, 3);
    assert_true(str_equal(answer.reason, S("Chữ ký không đúng")));
}

static void anything_else_says_nothing(void **state)
{
    (void)state;
    static const struct {
        const char *text, *field;
    } wrong[] = {
        {"", NULL},
        {"<html>", NULL},
        {"[]", NULL},
        {"{\"message\":\"V01\"}", "state"},
        {"{\"state\":\"accepted\"}", "message"},
        {"{\"message\":\"V02\",\"state\":\"accepted\"}", "message"},
        {"{\"message\":1,\"state\":\"accepted\"}", "message"},
        {"{\"message\":\"V01\",\"state\":\"taken\"}", "state"},
        {"{\"message\":\"V01\",\"state\":\"accepted\",\"state\":\"refused\"}", NULL},
        {"{\"message\":\"V01\",\"state\":\"refused\"}", "code"},
        {"{\"message\":\"V01\",\"state\":\"refused\",\"code\":\"\"}", "code"},
        {"{\"message\":\"V01\",\"state\":\"refused\",\"code\":\"x\",\"notice\":10}", "notice"},
        {"{\"message\":\"V01\",\"state\":\"refused\",\"code\":\"a\\nb\"}", "code"},
        {"{\"message\":\"V01\",\"state\":\"refused\",\"code\":\"a\",\"reason\":\"\\u009b2J\"}",
         "reason"},
        {"{\"message\":\"V01\",\"state\":\"refused\",\"code\":\"a\",\"reason\":\"\\u202e\"}",
         "reason"},
        {"{\"message\":\"V01\",\"state\":\"accepted\"}", "mccqt"},
        {"{\"message\":\"V01\",\"state\":\"accepted\",\"mccqt\":\"m1\"}", "mccqt"},
        {"{\"message\":\"V01\",\"state\":\"accepted\",\"mccqt\":"
         "\"A23456789012345678901234567890123456\"}",
         "mccqt"},
    };
    for (size_t i = 0; i < ARRAY_COUNT(wrong); i++) {
        struct provider_answer before = answer;
        assert_int_equal(reads(wrong[i].text, true), E_INPUT);
        assert_memory_equal(&before, &answer, sizeof answer);
        assert_true(err.vi.message[0] != '\0' && err.en.hint[0] != '\0');
        if (wrong[i].field != NULL) assert_string_equal(err.field, wrong[i].field);
    }
    static char long_one[ANSWER_BYTES_MAX + 2];
    for (size_t i = 0; i < sizeof long_one - 1; i++) long_one[i] = ' ';
    assert_int_equal(reads(long_one, false), E_INPUT);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(an_id_says_what_the_message_is),
        CASE(an_envelope_is_around_the_document),
        CASE(answers_of_the_contract_are_read),
        CASE(anything_else_says_nothing),
    };
    return cmocka_run_group_tests_name("document einvoice answer", tests, NULL, NULL);
}
