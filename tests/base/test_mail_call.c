/* SPDX-License-Identifier: Apache-2.0 */
/* One message to a mail server: what arrives, what its answers mean, what is never sent. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <signal.h>

#include "base/mail_call.h"
#include "support/visitor.h"

enum { ADDRESS_BYTES = 64, WHOLE_MS = 2000 };

static struct err err;
static char address[ADDRESS_BYTES];

static void serve(const struct smtp_part *part)
{
    struct buf text;
    buf_init_fixed(&text, address, sizeof address);
    buf_printf(&text, "smtp://127.0.0.1:%d", visitor_start(play_smtp, part));
}

static struct mail_call_request mail_to(const char *to)
{
    return (struct mail_call_request){.server = str_of(address),
                                      .user = S("sangden"),
                                      .password = S("hush-hush"),
                                      .from = S("cskh@example.vn"),
                                      .to = str_of(to),
                                      .message = S("Subject: x\r\n\r\n.one\r\n"),
                                      .connect_ms = WHOLE_MS,
                                      .whole_ms = WHOLE_MS};
}

/* The error is whole, in both languages, and keeps the secret. */
static void check_words(void)
{
    const struct err_text *texts[] = {&err.vi, &err.en};
    for (size_t i = 0; i < 2; i++) {
        assert_true(texts[i]->message[0] != '\0' && texts[i]->hint[0] != '\0');
        assert_false(text_contains(str_of(texts[i]->message), S("hush")));
        assert_false(text_contains(str_of(texts[i]->detail), S("hush")));
    }
}

static void a_message_arrives_whole(void **state)
{
    (void)state;
    serve(&smtp_takes_all);
    struct mail_call_request request = mail_to("an@example.vn");
    assert_int_equal(mail_call(&request, &err), OK);
    struct str heard = visitor_heard();
    assert_true(text_contains(heard, S("MAIL FROM:<cskh@example.vn>\r\n")));
    assert_true(text_contains(heard, S("RCPT TO:<an@example.vn>\r\n")));
    assert_true(text_contains(heard, S("AUTH PLAIN\r\nAHNhbmdkZW4AaHVzaC1odXNo\r\n")));
    /* A line that begins with a point is not the end. */
    assert_true(text_contains(heard, S("Subject: x\r\n\r\n..one\r\n.\r\n")));
}

static void answers_are_told_apart(void **state)
{
    (void)state;
    static const struct {
        struct smtp_part part;
        err_t expected;
    } cases[] = {
        {{"220 a\r\n", "250-a\r\n250 AUTH PLAIN\r\n", "535 no\r\n", "", "", "", ""}, E_FORBIDDEN},
        {{"220 a\r\n", "250-a\r\n250 AUTH PLAIN\r\n", "235 y\r\n", "250 y\r\n", "550 no\r\n", "",
          ""},
         E_INPUT},
        {{"220 a\r\n", "250-a\r\n250 AUTH PLAIN\r\n", "235 y\r\n", "250 y\r\n", "450 later\r\n", "",
          ""},
         E_OUTSIDE},
        {{"220 a\r\n", "250-a\r\n250 AUTH PLAIN\r\n", "235 y\r\n", "250 y\r\n", "250 y\r\n",
          "354 y\r\n", "451 later\r\n"},
         E_OUTSIDE},
        {{"220 a\r\n", "250-a\r\n250 AUTH PLAIN\r\n", "235 y\r\n", "250 y\r\n", "250 y\r\n",
          "354 y\r\n", "554 no\r\n"},
         E_INPUT},
        {{"220 a\r\n", "", "", "", "", "", ""}, E_OUTSIDE},
    };
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        serve(&cases[i].part);
        struct mail_call_request request = mail_to("an@example.vn");
        assert_int_equal(mail_call(&request, &err), cases[i].expected);
        check_words();
        visitor_heard();
    }
}

static void a_silent_server_is_left(void **state)
{
    (void)state;
    struct smtp_part silent = smtp_takes_all;
    silent.greeting = "2";
    serve(&silent);
    struct mail_call_request request = mail_to("an@example.vn");
    request.whole_ms = 300;
    assert_int_equal(mail_call(&request, &err), E_OUTSIDE);
    check_words();
    visitor_stop();
}

/* Neither who signs in nor a word of the message goes over an open line to another machine. */
static void an_open_line_is_refused(void **state)
{
    (void)state;
    serve(&smtp_takes_all);
    struct buf text;
    int64_t port;
    struct str number = str_sub(str_of(address), sizeof "smtp://127.0.0.1:" - 1, ADDRESS_BYTES);
    assert_true(str_to_i64(number, &port));
    char other[ADDRESS_BYTES];
    buf_init_fixed(&text, other, sizeof other);
    buf_printf(&text, "smtp://0.0.0.0:%d", (int)port); /* a name that is not this machine's */
    struct mail_call_request request = mail_to("an@example.vn");
    request.server = buf_str(&text);
    assert_int_equal(mail_call(&request, &err), E_OUTSIDE);
    struct str heard = visitor_heard();
    assert_true(text_contains(heard, S("EHLO")));
    assert_false(text_contains(heard, S("AUTH")));
    assert_false(text_contains(heard, S("MAIL")));
}

static void a_mailbox_is_one_mailbox(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "",      "an",         "@example.vn", "an@",           "an@b@c.vn",
        "a b@c", "a>\r\nRCPT", "a@c\r\nDATA", "a@c,b@c",       "\"a\"@c",
        "a@c>",  "<a@c",       "a@c\x01",     "\xc3\xa1@c.vn", "a@c SIZE=1"};
    for (size_t i = 0; i < ARRAY_COUNT(wrong); i++) {
        struct mail_call_request request = mail_to(wrong[i]);
        request.server = S("smtp://127.0.0.1:1");
        assert_false(mailbox_good(str_of(wrong[i])));
        assert_int_equal(mail_call(&request, &err), E_INPUT);
        check_words();
    }
    assert_true(mailbox_good(S("an.nguyen+dien@example.vn")));
}

static void servers_are_looked_at_first(void **state)
{
    (void)state;
    static const char *const wrong[] = {"",
                                        "mail.example.vn",
                                        "http://mail.example.vn",
                                        "smtp://",
                                        "smtps://user:secret@mail.example.vn",
                                        "smtps://mail.example.vn/ehlo",
                                        "smtps://mail.example.vn?x",
                                        "smtps://mail.example.vn\r\n"};
    for (size_t i = 0; i < ARRAY_COUNT(wrong); i++) {
        assert_int_equal(mail_server_check(str_of(wrong[i]), &err), E_INPUT);
        assert_false(text_contains(str_of(err.en.message), S("secret")));
        assert_true(err.vi.hint[0] != '\0');
    }
    assert_int_equal(mail_server_check(S("smtps://mail.example.vn:465"), &err), OK);
    assert_int_equal(mail_server_check(S("smtp://mail.example.vn:587/"), &err), OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_message_arrives_whole),  cmocka_unit_test(answers_are_told_apart),
        cmocka_unit_test(a_silent_server_is_left),  cmocka_unit_test(an_open_line_is_refused),
        cmocka_unit_test(a_mailbox_is_one_mailbox), cmocka_unit_test(servers_are_looked_at_first),
    };
    signal(SIGPIPE, SIG_IGN);
    return cmocka_run_group_tests_name("base mail call", tests, NULL, NULL);
}
