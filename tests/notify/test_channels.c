/* SPDX-License-Identifier: Apache-2.0 */
/* A notice as mail and as text message: what goes out, and what an answer means. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <signal.h>

#include "notify/mail.h"
#include "notify/sms_gateway.h"
#include "support/visitor.h"

enum { ADDRESS_BYTES = 64, MESSAGE_BYTES = 20000 };

static struct err err;
static char address[ADDRESS_BYTES], message_place[MESSAGE_BYTES];

static struct notice notice_of(const char *recipient, const char *subject, const char *body)
{
    return (struct notice){.unit_id = 7,
                           .recipient = str_of(recipient),
                           .subject = str_of(subject),
                           .body = str_of(body),
                           .expires_at_ms = 1800000300000};
}

static struct str mail_of(const struct notice *notice)
{
    struct buf text;
    buf_init_fixed(&text, message_place, sizeof message_place);
    buf_add_mail(&text, S("cskh@example.vn"), 7, 12, notice, 1800000000000);
    assert_false(text.failed);
    return buf_str(&text);
}

static void a_mail_is_a_whole_message(void **state)
{
    (void)state;
    struct notice notice = notice_of("an@example.vn", "Mã", "Mã của bạn: 123456");
    assert_true(str_equal(mail_of(&notice), S("From: <cskh@example.vn>\r\nTo: <an@example.vn>\r\n"
                                              "Subject: =?UTF-8?B?TcOj?=\r\n"
                                              "Date: Fri, 15 Jan 2027 15:00:00 +0700\r\n"
                                              "Message-ID: <notice-7-12@example.vn>\r\n"
                                              "MIME-Version: 1.0\r\n"
                                              "Content-Type: text/plain; charset=utf-8\r\n"
                                              "Content-Transfer-Encoding: base64\r\n"
                                              "Auto-Submitted: auto-generated\r\n\r\n"
                                              "TcOjIGPhu6dhIGLhuqFuOiAxMjM0NTY=\r\n")));
}

/* Lines of the header, and whether one of them is too long or begins a field of its own. */
static void nothing_of_a_notice_becomes_a_header(void **state)
{
    (void)state;
    static const char *const subjects[] = {
        "", "x\r\nBcc: all@example.vn",
        ("Hóa đơn tiền điện tháng 10 của quý khách đã phát hành, xin "
         "xem chi tiết tại cổng khách hàng của đơn vị điện lực nơi quý khách dùng điện hằng ngày")};
    for (size_t i = 0; i < ARRAY_COUNT(subjects); i++) {
        struct notice notice = notice_of("an@example.vn", subjects[i], "x\r\n\r\nBcc: y");
        struct str rest = mail_of(&notice), line;
        size_t fields = 0;
        assert_false(text_contains(rest, S("Bcc")));
        while (str_split(&rest, '\n', &line) && line.n > 1) {
            assert_true(line.n <= 77); /* 76 and the carriage return */
            assert_int_equal(line.p[line.n - 1], '\r');
            if (line.p[0] != ' ') fields++;
        }
        assert_int_equal(fields, 9);
    }
}

static void a_long_text_is_sent_in_lines(void **state)
{
    (void)state;
    static char body[NOTICE_BODY_BYTES + 1];
    for (size_t i = 0; i < NOTICE_BODY_BYTES; i++) body[i] = i % 100 == 99 ? '\n' : 'x';
    struct notice notice = notice_of("an@example.vn", "", body);
    struct str rest = mail_of(&notice), line;
    while (str_split(&rest, '\n', &line)) assert_true(line.n <= 77);
}

static void mail_goes_to_the_server(void **state)
{
    (void)state;
    struct buf text;
    struct mail_channel channel = {.from = S("cskh@example.vn")};
    struct notice notice = notice_of("an@example.vn", "", "Mã: 123456");
    buf_init_fixed(&text, address, sizeof address);
    buf_printf(&text, "smtp://127.0.0.1:%d", visitor_start(play_smtp, &smtp_takes_all));
    channel.server = buf_str(&text);
    assert_int_equal(mail_channel_check(&channel, &err), OK);
    assert_int_equal(notice_to_mail(&channel, 7, 12, &notice, &err), OK);
    struct str heard = visitor_heard();
    assert_true(text_contains(heard, S("RCPT TO:<an@example.vn>\r\n")));
    assert_true(text_contains(heard, S("\r\n\r\nTcOjOiAxMjM0NTY=\r\n.\r\n")));
    notice.recipient = S("+84912345678");
    assert_int_equal(notice_to_mail(&channel, 7, 12, &notice, &err), E_INPUT);
    channel.from = S("Chăm sóc <cskh@example.vn>");
    assert_int_equal(mail_channel_check(&channel, &err), E_INPUT);
    assert_true(err.vi.hint[0] != '\0' && err.en.hint[0] != '\0');
}

/* ---- the gateway ------------------------------------------------------------------------- */

static struct str sent_text;

static err_t send_text(const char *status, const char *answered, const char *body)
{
    char answer[512];
    struct buf text;
    struct http_part part = {.answer = answer};
    struct notice notice = notice_of("+84912345678", "", body);
    buf_init_fixed(&text, answer, sizeof answer);
    buf_printf(&text, "HTTP/1.1 %s\r\nContent-Length: %zu\r\n\r\n%s", status, str_of(answered).n,
               answered);
    int port = visitor_start(play_http, &part);
    buf_init_fixed(&text, address, sizeof address);
    buf_printf(&text, "http://127.0.0.1:%d/send", port);
    struct sms_gateway gateway = {.address = buf_str(&text), .token = S("hush-hush")};
    assert_int_equal(sms_gateway_check(&gateway, &err), OK);
    err_t e = notice_to_gateway(&gateway, 7, 12, &notice, &err);
    sent_text = visitor_heard();
    return e;
}

static void a_text_message_is_json(void **state)
{
    (void)state;
    assert_int_equal(send_text("202 Yes", "{\"id\":\"7-12\",\"cost\":1}", "Mã: \"123456\""), OK);
    assert_true(str_starts(sent_text, S("POST /send HTTP/1.1\r\n")));
    assert_true(text_contains(sent_text, S("Authorization: Bearer hush-hush\r\n")));
    assert_true(text_contains(sent_text, S("Idempotency-Key: 7-12\r\n")));
    assert_true(
        str_ends(sent_text, S("\r\n\r\n{\"id\":\"7-12\",\"to\":\"+84912345678\","
                              "\"text\":\"Mã: \\\"123456\\\"\",\"coding\":\"ucs2\",\"parts\":1,"
                              "\"expires_at\":\"2027-01-15T15:05:00+07:00\"}")));
    assert_int_equal(send_text("200 Yes", "{\"id\":\"7-12\"}", "Ma: 123456"), OK);
    assert_true(text_contains(sent_text, S("\"coding\":\"gsm7\",\"parts\":1")));
}

static void answers_of_the_gateway_are_judged(void **state)
{
    (void)state;
    static const struct {
        const char *status, *answer;
        err_t expected;
    } cases[] = {
        {"409 Again", "{\"id\":\"7-12\"}", OK}, /* it took this one before */
        {"409 Other", "{\"id\":\"7-13\"}", E_OUTSIDE},
        {"200 Yes", "<html>please sign in</html>", E_OUTSIDE},
        {"200 Yes", "{\"id\":712}", E_OUTSIDE},
        {"200 Yes", "", E_OUTSIDE},
        {"422 No", "{}", E_INPUT},
        {"401 Who", "{}", E_FORBIDDEN},
        {"404 Where", "{}", E_OUTSIDE},
        {"429 Wait", "{}", E_OUTSIDE},
        {"503 Down", "", E_OUTSIDE},
    };
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        assert_int_equal(send_text(cases[i].status, cases[i].answer, "Ma: 123456"),
                         cases[i].expected);
        if (cases[i].expected == OK) continue;
        assert_true(err.vi.hint[0] != '\0' && err.en.hint[0] != '\0');
        assert_false(text_contains(str_of(err.en.message), S("123456")));
        assert_false(text_contains(str_of(err.en.message), S("hush")));
    }
}

static void a_token_goes_nowhere_unencrypted(void **state)
{
    (void)state;
    struct sms_gateway gateway = {.address = S("http://sms.example.vn/"), .token = S("t")};
    assert_int_equal(sms_gateway_check(&gateway, &err), E_INPUT);
    gateway.address = S("https://sms.example.vn/");
    assert_int_equal(sms_gateway_check(&gateway, &err), OK);
    gateway.token = S("");
    assert_int_equal(sms_gateway_check(&gateway, &err), E_INPUT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_mail_is_a_whole_message),
        cmocka_unit_test(nothing_of_a_notice_becomes_a_header),
        cmocka_unit_test(a_long_text_is_sent_in_lines),
        cmocka_unit_test(mail_goes_to_the_server),
        cmocka_unit_test(a_text_message_is_json),
        cmocka_unit_test(answers_of_the_gateway_are_judged),
        cmocka_unit_test(a_token_goes_nowhere_unencrypted),
    };
    signal(SIGPIPE, SIG_IGN);
    return cmocka_run_group_tests_name("notify channels", tests, NULL, NULL);
}
