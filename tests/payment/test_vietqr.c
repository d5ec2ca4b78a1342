/* SPDX-License-Identifier: Apache-2.0 */
/* Writing payment QRs: the bytes, what is refused, and that what is written is read again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/json_read.h"
#include "payment/emv.h"
#include "payment/qr_describe.h"
#include "payment/qr_request.h"
#include "payment/vietqr.h"

enum { ARENA_BYTES = 1 << 20, ANSWER_BYTES = 16 << 10, REQUEST_BYTES = 1024 };

static struct arena arena;
static struct buf out;
static struct err err;

static int begin(void **state)
{
    (void)state;
    arena_init(&arena, ARENA_BYTES);
    buf_init(&out, ANSWER_BYTES);
    return 0;
}

static int end(void **state)
{
    (void)state;
    buf_release(&out);
    arena_release(&arena);
    return 0;
}

/* Requests are written with ' for ". */
static err_t write_of(const char *request)
{
    char text[REQUEST_BYTES];
    size_t n = strlen(request);
    assert_true(n < sizeof text);
    for (size_t i = 0; i < n; i++) text[i] = request[i] == '\'' ? '"' : request[i];
    buf_reset(&out);
    return qr_answer(&arena, (struct str){text, n}, VIETQR_LIMIT_VND, &out, &err);
}

static void check_written(const char *request, const char *payload)
{
    assert_int_equal(write_of(request), OK);
    assert_string_equal(out.p, payload);
}

static void check_refused(const char *request, err_t code, const char *field)
{
    assert_int_equal(write_of(request), code);
    assert_int_equal(out.n, 0);
    assert_string_equal(err.field, field);
    assert_true(err.vi.hint[0] != '\0' && err.en.hint[0] != '\0');
}

static void bytes_are_those_of_the_format(void **state)
{
    (void)state;
    check_written(
        "{'bin':'970436','account':'1017595600','amount':452340,'bill':'HD2025060000123',"
        "'customer':'PD01000123456','purpose':'TT tien dien'}",
        "00020101021238540010A00000072701240006970436011010175956000208QRIBFTTA53037045406"
        "4523405802VN62520115HD20250600001230613PD010001234560812TT tien dien63047E1D");
    check_written("{'bin':'970423','account':'0099999999'}",
                  "00020101021138540010A00000072701240006970423011000999999990208QRIBFTTA5303704"
                  "5802VN6304CBB4");
}

static void letters_lose_their_marks(void **state)
{
    (void)state;
    check_written(
        "{'bin':'970422','account':'0023457923442','amount':40123,"
        "'purpose':' chuyển khoản '}",
        "00020101021238570010A00000072701270006970422011300234579234420208QRIBFTTA53037045"
        "405401235802VN62160812chuyen khoan6304722F");
    assert_int_equal(write_of("{'bin':'970422','account':'1','purpose':'Đường Đỗ Ưng'}"), OK);
    assert_non_null(strstr(out.p, "0812Duong Do Ung"));
}

static void nothing_is_cut_to_fit(void **state)
{
    (void)state;
    check_refused("{'bin':'970436','account':'12345678901234567890'}", E_INPUT, "account");
    check_refused("{'bin':'970436','account':'123 456'}", E_INPUT, "account");
    check_refused("{'bin':'970436','account':''}", E_INPUT, "account");
    check_refused("{'bin':'97043','account':'1'}", E_INPUT, "bin");
    check_refused("{'bin':'97043a','account':'1'}", E_INPUT, "bin");
    check_refused("{'bin':'970436','account':'1','bill':'12345678901234567890123456'}", E_INPUT,
                  "bill");
    check_refused("{'bin':'970436','account':'1','purpose':'電気'}", E_INPUT, "purpose");
    check_refused("{'bin':'970436','account':'1','customer':'a\\u0007b'}", E_INPUT, "customer");
    check_refused("{'account':'1'}", E_INPUT, "bin");
    check_refused("{'bin':'970436'}", E_INPUT, "account");
    check_refused("{'bin':'970436','account':'1','purpos':'x'}", E_INPUT, "purpos");
    check_refused("[]", E_INPUT, "");
}

static void amounts_are_whole_and_below_the_limit(void **state)
{
    (void)state;
    assert_int_equal(write_of("{'bin':'970436','account':'1','amount':499999999}"), OK);
    check_refused("{'bin':'970436','account':'1','amount':500000000}", E_RANGE, "amount");
    check_refused("{'bin':'970436','account':'1','amount':0}", E_INPUT, "amount");
    check_refused("{'bin':'970436','account':'1','amount':-5}", E_INPUT, "amount");
    check_refused("{'bin':'970436','account':'1','amount':1.5}", E_INPUT, "amount");
    check_refused("{'bin':'970436','account':'1','amount':'15'}", E_INPUT, "amount");
}

static void what_is_written_is_read_again(void **state)
{
    (void)state;
    struct buf told;
    struct json *answer = NULL;
    int64_t amount_vnd = 0;
    buf_init(&told, ANSWER_BYTES);
    assert_int_equal(write_of("{'bin':'970415','account':'PSP123','amount':7,'bill':'B-1',"
                              "'customer':'PD1','purpose':'Tiền điện kỳ 7'}"),
                     OK);
    assert_int_equal(qr_describe(&arena, buf_str(&out), &told, &err), OK);
    assert_int_equal(json_parse(&arena, buf_str(&told), &answer, &err), OK);
    assert_true(str_equal(json_member(answer, S("kind"))->text, S("vietqr")));
    assert_true(str_equal(json_member(answer, S("account"))->text, S("PSP123")));
    assert_true(str_equal(json_member(answer, S("purpose"))->text, S("Tien dien ky 7")));
    assert_true(json_to_i64(json_member(answer, S("amount")), &amount_vnd));
    assert_int_equal(amount_vnd, 7);
    buf_release(&told);
}

/* A body with its checksum, described. */
static err_t told(const char *body, struct json **out_answer)
{
    struct buf payload, answer;
    buf_init(&payload, ANSWER_BYTES);
    buf_init(&answer, ANSWER_BYTES);
    buf_add(&payload, str_of(body));
    emv_add_crc(&payload);
    err_t e = qr_describe(&arena, arena_str(&arena, buf_str(&payload)), &answer, &err);
    if (e == OK && out_answer != NULL)
        assert_int_equal(json_parse(&arena, arena_str(&arena, buf_str(&answer)), out_answer, &err),
                         OK);
    buf_release(&payload);
    buf_release(&answer);
    return e;
}

#define TRANSFER(account) "000201010211" account "53037045802VN"

static void check_body_refused(const char *body, const char *field)
{
    assert_int_equal(told(body, NULL), E_INPUT);
    assert_string_equal(err.field, field);
}

static void wrong_lengths_are_refused_where_they_stand(void **state)
{
    (void)state;
    check_body_refused(TRANSFER("38570010A00000072701270006970403011200110123456780208QRIBFTTA"),
                       "38.01");
    check_body_refused(TRANSFER("38560010A00000072701270006970403011300110123456780208QRIBFTT"),
                       "38.02");
    check_body_refused("0002010102115900", "payload");
    check_body_refused("000201010211590AAB", "payload");
    check_body_refused("000201010211010212", "01");
    check_body_refused("010211000201", "00");
    check_body_refused("000201010211625008", "62");
    check_body_refused(TRANSFER("38530010A0000007270123000597043011000999999990208QRIBFTTA"),
                       "38.01.00");
}

static void amounts_that_are_no_money_are_refused(void **state)
{
    (void)state;
    struct json *answer = NULL;
    int64_t amount_vnd;
    check_body_refused("0002010102125303704540650 0005802VN", "54");
    check_body_refused("000201010212530370454041.505802VN", "54");
    check_body_refused("00020101021253037045402-55802VN", "54");
    assert_int_equal(told("000201010212530370454065000.05802VN", &answer), OK);
    assert_true(json_to_i64(json_member(answer, S("amount")), &amount_vnd));
    assert_int_equal(amount_vnd, 5000);
    assert_int_equal(told("00020101021253037045406"
                          "50000."
                          "5802VN",
                          &answer),
                     OK);
    assert_true(json_to_i64(json_member(answer, S("amount")), &amount_vnd));
    assert_int_equal(amount_vnd, 50000);
}

static void what_is_odd_is_taken_with_a_warning(void **state)
{
    (void)state;
    struct json *answer = NULL;
    assert_int_equal(told("000201010211"
                          "5410"
                          "0000050000"
                          "5931"
                          "TONG CONG TY DIEN LUC HA NOI VN"
                          "8003123",
                          &answer),
                     OK);
    assert_int_equal(json_member(answer, S("warnings"))->count, 2);
    assert_true(str_equal(json_member(answer, S("kind"))->text, S("other")));
    assert_int_equal(told("0002010102115914Cửa hàng Hoà A5802VN", &answer), OK);
    assert_true(str_equal(json_member(answer, S("merchant_name"))->text, S("Cửa hàng Hoà A")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_are_those_of_the_format),
        cmocka_unit_test(letters_lose_their_marks),
        cmocka_unit_test(nothing_is_cut_to_fit),
        cmocka_unit_test(amounts_are_whole_and_below_the_limit),
        cmocka_unit_test(what_is_written_is_read_again),
        cmocka_unit_test(wrong_lengths_are_refused_where_they_stand),
        cmocka_unit_test(amounts_that_are_no_money_are_refused),
        cmocka_unit_test(what_is_odd_is_taken_with_a_warning),
    };
    return cmocka_run_group_tests_name("payment vietqr", tests, begin, end);
}
