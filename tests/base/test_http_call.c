/* SPDX-License-Identifier: Apache-2.0 */
/* One request: what arrives, what comes back, and what is known when nothing does. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <signal.h>

#include "base/http_call.h"
#include "support/visitor.h"

enum { ADDRESS_BYTES = 64, BODY_BYTES = 4096, WHOLE_MS = 2000 };

static struct err err;
static struct buf body;
static char body_place[BODY_BYTES], address[ADDRESS_BYTES];

static void serve(struct http_part part)
{
    struct buf text;
    buf_init_fixed(&text, address, sizeof address);
    buf_printf(&text, "http://127.0.0.1:%d/v1/messages", visitor_start(play_http, &part));
}

static const struct http_call_header token[] = {
    {S_INIT("Authorization"), S_INIT("Bearer hush-hush")}};

static struct http_call_request post_of(struct str text)
{
    return (struct http_call_request){.method = S("POST"),
                                 .address = str_of(address),
                                 .body = text,
                                 .headers = token,
                                 .header_count = 1,
                                 .connect_ms = WHOLE_MS,
                                 .whole_ms = WHOLE_MS,
                                 .answer_max_bytes = 1000};
}

static err_t send_it(const struct http_call_request *request, struct http_call_answer *answer,
                     enum http_sent *sent)
{
    buf_init_fixed(&body, body_place, sizeof body_place);
    *answer = (struct http_call_answer){.body = &body};
    return http_call(request, answer, sent, &err);
}

static void any_status_is_an_answer(void **state)
{
    (void)state;
    struct http_call_answer answer;
    enum http_sent sent;
    serve((struct http_part){.answer =
                            "HTTP/1.1 503 No\r\nRetry-After: 7\r\nContent-Length: 4\r\n\r\nlate"});
    struct http_call_request request = post_of(S("<TDiep/>"));
    assert_int_equal(send_it(&request, &answer, &sent), OK);
    assert_int_equal(answer.status, 503);
    assert_int_equal(answer.retry_after_s, 7);
    assert_true(str_equal(buf_str(&body), S("late")));
    struct str request_text = visitor_heard();
    assert_true(str_starts(request_text, S("POST /v1/messages HTTP/1.1\r\n")));
    assert_true(text_contains(request_text, S("Authorization: Bearer hush-hush\r\n")));
    assert_true(str_ends(request_text, S("\r\n\r\n<TDiep/>")));
}

static size_t three_pieces(void *context, char *into, size_t room)
{
    int *left = context;
    assert_true(room > 0);
    if (*left == 0) return 0;
    *left -= 1;
    into[0] = (char)('a' + *left);
    return 1;
}

static void a_body_may_come_in_pieces(void **state)
{
    (void)state;
    struct http_call_answer answer;
    enum http_sent sent;
    int left = 3;
    serve((struct http_part){.answer = "HTTP/1.1 202 Yes\r\nContent-Length: 0\r\n\r\n"});
    struct http_call_request request = post_of(S(""));
    request.source = three_pieces;
    request.source_context = &left;
    request.source_bytes = 3;
    assert_int_equal(send_it(&request, &answer, &sent), OK);
    assert_int_equal(answer.status, 202);
    assert_int_equal(answer.retry_after_s, -1);
    assert_true(str_ends(visitor_heard(), S("\r\n\r\ncba")));
}

static void a_redirect_is_not_followed(void **state)
{
    (void)state;
    struct http_call_answer answer;
    enum http_sent sent;
    serve((struct http_part){.answer = "HTTP/1.1 307 There\r\nLocation: http://127.0.0.1:1/\r\n"
                                  "Content-Length: 0\r\n\r\n"});
    struct http_call_request request = post_of(S("x"));
    assert_int_equal(send_it(&request, &answer, &sent), OK);
    assert_int_equal(answer.status, 307);
    visitor_heard();
}

/* The error is whole, in both languages, and keeps the secret. */
static void check_failure(err_t e)
{
    assert_int_equal(e, E_OUTSIDE);
    assert_int_equal(err.code, E_OUTSIDE);
    const struct err_text *texts[] = {&err.vi, &err.en};
    for (size_t i = 0; i < 2; i++) {
        assert_true(texts[i]->message[0] != '\0' && texts[i]->hint[0] != '\0');
        assert_false(text_contains(str_of(texts[i]->message), S("hush")));
        assert_false(text_contains(str_of(texts[i]->detail), S("hush")));
    }
}

static void what_was_cut_may_have_arrived(void **state)
{
    (void)state;
    static const struct http_part parts[] = {
        {.answer = ""},
        {.silent = true},
        {.answer = "HTTP/1.1 200 Yes\r\nContent-Length: 100\r\n\r\nhalf"},
        {.answer = "no protocol at all\r\n\r\n"},
    };
    for (size_t i = 0; i < ARRAY_COUNT(parts); i++) {
        struct http_call_answer answer;
        enum http_sent sent = HTTP_NOT_SENT;
        serve(parts[i]);
        struct http_call_request request = post_of(S("x"));
        request.whole_ms = 300;
        check_failure(send_it(&request, &answer, &sent));
        assert_int_equal(sent, HTTP_MAYBE_SENT);
        visitor_heard();
    }
}

static void nobody_there_means_nothing_sent(void **state)
{
    (void)state;
    struct http_call_answer answer;
    enum http_sent sent = HTTP_MAYBE_SENT;
    serve((struct http_part){.answer = ""});
    visitor_stop();
    struct http_call_request request = post_of(S("x"));
    check_failure(send_it(&request, &answer, &sent));
    assert_int_equal(sent, HTTP_NOT_SENT);
}

/* A server that does not speak TLS is not spoken to. */
static void without_a_trusted_line_nothing_is_sent(void **state)
{
    (void)state;
    struct http_call_answer answer;
    enum http_sent sent = HTTP_MAYBE_SENT;
    char secure[ADDRESS_BYTES + 1];
    struct buf text;
    serve((struct http_part){.deaf = true,
                             .answer = "HTTP/1.1 200 Yes\r\nContent-Length: 0\r\n\r\n"});
    buf_init_fixed(&text, secure, sizeof secure);
    buf_printf(&text, "https%s", address + 4);
    struct http_call_request request = post_of(S("x"));
    request.address = buf_str(&text);
    check_failure(send_it(&request, &answer, &sent));
    assert_int_equal(sent, HTTP_NOT_SENT);
    visitor_heard();
}

static void an_endless_answer_is_cut_off(void **state)
{
    (void)state;
    static char flood[3000] = "HTTP/1.1 200 Yes\r\n\r\n";
    struct http_call_answer answer;
    enum http_sent sent;
    for (size_t i = 20; i < sizeof flood - 1; i++) flood[i] = 'x';
    serve((struct http_part){.answer = flood});
    struct http_call_request request = post_of(S("x"));
    check_failure(send_it(&request, &answer, &sent));
    assert_true(text_contains(str_of(err.en.message), S("too large")));
    assert_int_equal(sent, HTTP_MAYBE_SENT);
    visitor_heard();
}

static void addresses_are_looked_at_first(void **state)
{
    (void)state;
    static const char *const wrong[] = {"",
                                        "provider.example",
                                        "file:///etc/passwd",
                                        "ftp://provider.example/",
                                        "https://",
                                        "https://user:secret@provider.example/",
                                        "https://user@provider.example/",
                                        "https://provider.example/\r\nX: y"};
    bool clear = false;
    for (size_t i = 0; i < ARRAY_COUNT(wrong); i++) {
        assert_int_equal(http_address_check(str_of(wrong[i]), &clear, &err), E_INPUT);
        assert_false(text_contains(str_of(err.en.message), S("secret")));
        assert_true(err.vi.hint[0] != '\0');
    }
    assert_int_equal(http_address_check(S("https://provider.example/v1"), &clear, &err), OK);
    assert_false(clear);
    assert_int_equal(http_address_check(S("http://127.0.0.1:80/v1"), &clear, &err), OK);
    assert_false(clear);
    assert_int_equal(http_address_check(S("http://provider.example/"), &clear, &err), OK);
    assert_true(clear);
    clear = false;
    assert_int_equal(http_address_check(S("http://127.provider.example/"), &clear, &err), OK);
    assert_true(clear);
}

static void a_header_is_one_line(void **state)
{
    (void)state;
    static const struct http_call_header two_lines[] = {
        {S_INIT("Authorization"), S_INIT("Bearer hush\r\nX: y")}};
    struct http_call_answer answer;
    enum http_sent sent = HTTP_MAYBE_SENT;
    struct http_call_request request = post_of(S("x"));
    request.address = S("http://127.0.0.1:1/");
    request.headers = two_lines;
    assert_int_equal(send_it(&request, &answer, &sent), E_INPUT);
    assert_int_equal(sent, HTTP_NOT_SENT);
    assert_false(text_contains(str_of(err.en.message), S("hush")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_status_is_an_answer),
        cmocka_unit_test(a_body_may_come_in_pieces),
        cmocka_unit_test(a_redirect_is_not_followed),
        cmocka_unit_test(what_was_cut_may_have_arrived),
        cmocka_unit_test(nobody_there_means_nothing_sent),
        cmocka_unit_test(without_a_trusted_line_nothing_is_sent),
        cmocka_unit_test(an_endless_answer_is_cut_off),
        cmocka_unit_test(addresses_are_looked_at_first),
        cmocka_unit_test(a_header_is_one_line),
    };
    signal(SIGPIPE, SIG_IGN);
    return cmocka_run_group_tests_name("base http call", tests, NULL, NULL);
}
