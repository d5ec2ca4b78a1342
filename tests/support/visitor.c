/* SPDX-License-Identifier: Apache-2.0 */
#include "support/visitor.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/integer.h"

enum { LINE_BYTES = 4096 };

static int heard_ends[2]; /* what the server read comes through here */
static pid_t server;

bool text_contains(struct str text, struct str part)
{
    for (size_t i = 0; i + part.n <= text.n; i++)
        if (str_equal(str_sub(text, i, part.n), part)) return true;
    return false;
}

/* ---- the child --------------------------------------------------------------------------- */

/* Hands on what was heard, once. */
static void tell(struct buf *heard)
{
    if (heard_ends[1] < 0) return;
    if (write(heard_ends[1], heard->p, heard->n) < 0) _exit(1);
    close(heard_ends[1]);
    heard_ends[1] = -1;
}

static _Noreturn void live(int listener, visitor_play *play, const void *part)
{
    static char place[VISITOR_HEARD_BYTES];
    struct buf heard;
    buf_init_fixed(&heard, place, sizeof place);
    int visitor = accept(listener, NULL, NULL);
    if (visitor < 0) _exit(1);
    play(part, visitor, &heard);
    tell(&heard);
    _exit(0);
}

int visitor_start(visitor_play *play, const void *part)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof at;
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    ASSERT(bind(listener, (struct sockaddr *)&at, size) == 0 && listen(listener, 1) == 0);
    ASSERT(getsockname(listener, (struct sockaddr *)&at, &size) == 0 && pipe(heard_ends) == 0);
    server = fork();
    ASSERT(server >= 0);
    if (server == 0) live(listener, play, part);
    close(listener);
    close(heard_ends[1]);
    return ntohs(at.sin_port);
}

void visitor_stop(void)
{
    close(heard_ends[0]);
    kill(server, SIGKILL);
    waitpid(server, NULL, 0);
}

struct str visitor_heard(void)
{
    static char text[VISITOR_HEARD_BYTES];
    size_t n = 0;
    for (ssize_t got = 1; got > 0; n += (size_t)got) {
        got = read(heard_ends[0], text + n, sizeof text - n);
        if (got < 0) break;
    }
    visitor_stop();
    return (struct str){text, n};
}

/* Reads once; false at the end. */
static bool hear(int visitor, struct buf *heard)
{
    char some[LINE_BYTES];
    ssize_t n = read(visitor, some, sizeof some);
    if (n <= 0) return false;
    buf_add(heard, (struct str){some, (size_t)n});
    return !heard->failed;
}

static bool say(int visitor, struct str text)
{
    return write(visitor, text.p, text.n) == (ssize_t)text.n;
}

/* ---- HTTP -------------------------------------------------------------------------------- */

static size_t wanted_bytes(struct str request)
{
    for (size_t i = 0; i + 4 <= request.n; i++) {
        if (!str_equal(str_sub(request, i, 4), S("\r\n\r\n"))) continue;
        for (size_t h = 0; h < i; h++) {
            struct str rest = str_sub(request, h, i - h);
            int64_t length = 0;
            if (!str_starts(rest, S("Content-Length: "))) continue;
            rest = str_sub(rest, 16, str_find(rest, '\r') - 16);
            return str_to_i64(rest, &length) ? i + 4 + (size_t)length : 0;
        }
        return i + 4;
    }
    return SIZE_MAX;
}

void play_http(const void *part, int visitor, struct buf *heard)
{
    const struct http_part *p = part;
    while (!p->deaf && heard->n < wanted_bytes(buf_str(heard)))
        if (!hear(visitor, heard)) break;
    tell(heard);
    if (p->silent) pause();
    struct str answer = str_of(p->answer);
    if (answer.n > 0 && !say(visitor, answer)) _exit(1);
}

/* ---- SMTP -------------------------------------------------------------------------------- */

const struct smtp_part smtp_takes_all = {"220 here\r\n",      "250-here\r\n250 AUTH PLAIN\r\n",
                                         "235 welcome\r\n",   "250 sender\r\n",
                                         "250 recipient\r\n", "354 go on\r\n",
                                         "250 taken\r\n"};

/* Reads lines until one ends in the text. */
static bool hear_until(int visitor, struct buf *heard, size_t from, struct str end)
{
    while (!text_contains(str_sub(buf_str(heard), from, heard->n), end))
        if (!hear(visitor, heard)) return false;
    return true;
}

static const char *reply_to(const struct smtp_part *p, struct str line)
{
    const struct {
        const char *verb, *reply;
    } replies[] = {{"EHLO", p->hello}, {"AUTH", "334 \r\n"}, {"MAIL", p->mail},
                   {"RCPT", p->rcpt},  {"DATA", p->data},    {"QUIT", "221 bye\r\n"}};
    for (size_t i = 0; i < ARRAY_COUNT(replies); i++)
        if (str_starts(line, str_of(replies[i].verb))) return replies[i].reply;
    return p->auth; /* who it is stands on a line of its own */
}

void play_smtp(const void *part, int visitor, struct buf *heard)
{
    const struct smtp_part *p = part;
    if (!say(visitor, str_of(p->greeting))) return;
    for (size_t from = 0; hear_until(visitor, heard, from, S("\r\n")); from = heard->n) {
        struct str line = str_sub(buf_str(heard), from, heard->n);
        const char *reply = reply_to(p, line);
        if (reply[0] == '\0' || !say(visitor, str_of(reply))) return;
        if (!str_starts(line, S("DATA")) || !str_starts(str_of(reply), S("354"))) continue;
        if (!hear_until(visitor, heard, from, S("\r\n.\r\n")) || !say(visitor, str_of(p->message)))
            return;
    }
}
