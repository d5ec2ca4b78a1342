/* SPDX-License-Identifier: Apache-2.0 */
/* Where a request ends. Each case lies in memory as the library leaves it there. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "http/frame.h"

enum { PARTS_MAX = 8 };

/* A head cut up by hand: every "|" stands for what the library set to NUL. */
struct cut {
    char text[512];
    struct http_field field[PARTS_MAX];
    struct http_head head;
};

static struct str until_bar(const char **at)
{
    struct str piece = {*at, 0};
    while (**at != '|' && **at != '\0') (*at)++, piece.n++;
    if (**at == '|') (*at)++;
    return piece;
}

/* "GET|/|HTTP/1.1||Host| x||||": method, target, version; then name and value of each header. Bars
 * that are missing are line ends of one byte. */
static void cut(const char *text, struct cut *out)
{
    const char *at = out->text;
    size_t n = 0;
    for (; text[n] != '\0'; n++) out->text[n] = text[n];
    out->text[n] = '\0';
    out->head = (struct http_head){.bytes = n};
    out->head.method = until_bar(&at);
    out->head.target = until_bar(&at);
    out->head.version = until_bar(&at);
    while (*at == '|') at++;
    while (*at != '\0') {
        struct http_field *field = &out->field[out->head.headers.count++];
        field->name = until_bar(&at);
        while (*at == ' ') at++;
        field->value = until_bar(&at);
        while (*at == '|') at++;
    }
    out->head.headers.field = out->field;
}

static int judge(const char *text, int64_t *body_bytes)
{
    struct cut c;
    struct err err = {0};
    cut(text, &c);
    int status = http_check_frame(&c.head, body_bytes, &err);
    if (status != 0) assert_true(err.vi.hint[0] != '\0' && err.en.hint[0] != '\0');
    return status;
}

static void takes(const char *text, int64_t wanted)
{
    int64_t body_bytes = -1;
    assert_int_equal(judge(text, &body_bytes), 0);
    assert_int_equal(body_bytes, wanted);
}

static void refuses(const char *text, int wanted)
{
    int64_t body_bytes;
    assert_int_equal(judge(text, &body_bytes), wanted);
}

static void sound_heads_pass(void **state)
{
    (void)state;
    takes("GET|/|HTTP/1.1||Host| x||||", 0);
    takes("GET|/|HTTP/1.0||Host| x||||", 0);
    takes("GET|/|HTTP/1.1||Host|[::1]:8080||Accept|  */* ||||", 0);
    takes("POST|/a|HTTP/1.1||Host| x||content-LENGTH| 17||||", 17);
    takes("POST|/a|HTTP/1.1||Host| x||Expect| 100-Continue||Content-Length| 0||||", 0);
}

static void line_ends_of_one_byte_are_refused(void **state)
{
    (void)state;
    refuses("GET|/|HTTP/1.1|Host| x||||", 400);            /* behind the first line */
    refuses("GET|/|HTTP/1.1||Host| x|Accept| y||||", 400); /* behind a header */
    refuses("GET|/|HTTP/1.1||Host| x|||", 400);            /* at the end */
    refuses("GET|/|HTTP/1.1||Host| x|||||", 400);          /* a NUL inside the last value */
}

static void parts_that_lie_elsewhere_are_refused(void **state)
{
    struct cut c;
    struct err err = {0};
    int64_t body_bytes;
    static const char folded[] = "xyz";
    (void)state;
    cut("GET|/|HTTP/1.1||Host| x||B| c||||", &c);
    c.field[1].value = (struct str){folded, 3};
    assert_int_equal(http_check_frame(&c.head, &body_bytes, &err), 400);
    cut("GET|/|HTTP/1.1||Host| x||||", &c);
    c.head.target.n++;
    assert_int_equal(http_check_frame(&c.head, &body_bytes, &err), 400);
}

static void lengths_are_told_once(void **state)
{
    (void)state;
    refuses("POST|/|HTTP/1.1||Host| x||Content-Length| 5||Content-Length| 0||||", 400);
    refuses("POST|/|HTTP/1.1||Host| x||Content-Length| 5||Content-Length| 5||||", 400);
    refuses("POST|/|HTTP/1.1||Host| x||Content-Length| 5||Transfer-Encoding| chunked||||", 400);
    refuses("POST|/|HTTP/1.1||Host| x||Transfer-Encoding| chunked||||", 411);
    refuses("POST|/|HTTP/1.1||Host| x||Transfer-Encoding| identity||||", 411);
    static const char *const wrong[] = {"-5", "+5", "5, 5", "0x5", "", "5 5", "9999999999999"};
    for (size_t i = 0; i < ARRAY_COUNT(wrong); i++) {
        char memory[128];
        struct buf text;
        buf_init_fixed(&text, memory, sizeof memory);
        buf_printf(&text, "POST|/|HTTP/1.1||Host| x||Content-Length| %s||||", wrong[i]);
        refuses(memory, 400);
    }
}

static void hosts_and_names_are_checked(void **state)
{
    (void)state;
    refuses("GET|/|HTTP/1.1||Accept| x||||", 400);
    refuses("GET|/|HTTP/1.1||Host| x||Host| x||||", 400);
    refuses("GET|/|HTTP/1.1||Host| a@b||||", 400);
    refuses("GET|/|HTTP/1.1||Host | x||||", 400);
    refuses("GET|/|HTTP/1.1||Host| x||A(b)| x||||", 400);
    refuses("GET|/|HTTP/1.1||Host| x||A| b\rc||||", 400);
    refuses("G(T|/|HTTP/1.1||Host| x||||", 400);
    refuses("GET|/|HTTP/2.0||Host| x||||", 505);
    refuses("GET|/|HTTP/1.1||Host| x||Expect| coffee||||", 417);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sound_heads_pass),
        cmocka_unit_test(line_ends_of_one_byte_are_refused),
        cmocka_unit_test(parts_that_lie_elsewhere_are_refused),
        cmocka_unit_test(lengths_are_told_once),
        cmocka_unit_test(hosts_and_names_are_checked),
    };
    return cmocka_run_group_tests_name("http frame", tests, NULL, NULL);
}
