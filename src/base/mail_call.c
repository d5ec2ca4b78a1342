/* SPDX-License-Identifier: Apache-2.0 */
#include "base/mail_call.h"

#include <string.h>

#include "base/outside_int.h"

enum { LOCAL_PART_BYTES = 64, PERMANENT = 500, BEYOND = 600 };

/* ---- addresses --------------------------------------------------------------------------- */

bool mailbox_good(struct str text)
{
    static const struct str never = S_INIT("<>()[]\\,;:\"");
    size_t at = str_find(text, '@');
    struct str host = str_sub(text, at + 1, text.n);
    if (text.n > MAILBOX_BYTES || at == 0 || at > LOCAL_PART_BYTES) return false;
    if (host.n == 0 || str_find(host, '@') < host.n) return false;
    for (size_t i = 0; i < text.n; i++)
        if (text.p[i] <= ' ' || text.p[i] > '~' || str_find(never, text.p[i]) < never.n)
            return false;
    return true;
}

static err_t refuse_server(struct err *err)
{
    err_set(err, E_INPUT, "server", "Địa chỉ máy chủ thư không dùng được",
            "The address of the mail server cannot be used");
    return err_hint(err, "Viết dạng smtps://máy-chủ:465 hoặc smtp://máy-chủ:587, không kèm gì khác",
                    "Write it as smtps://host:465 or smtp://host:587, with nothing else");
}

/* Nothing but a scheme, a host and a port; what stands behind them would be said to the server. */
static bool good_parts(CURLU *url, bool *out_here)
{
    static const CURLUPart others[] = {CURLUPART_USER, CURLUPART_PASSWORD, CURLUPART_QUERY,
                                       CURLUPART_FRAGMENT};
    char *scheme, *host, *path, *other;
    bool good = outside_url_part(url, CURLUPART_SCHEME, &scheme);
    good &= outside_url_part(url, CURLUPART_HOST, &host);
    good &= !outside_url_part(url, CURLUPART_PATH, &path) || str_equal(str_of(path), S("/"));
    for (size_t i = 0; i < ARRAY_COUNT(others); i++) {
        good &= !outside_url_part(url, others[i], &other);
        curl_free(other);
    }
    good = good && (str_equal(str_of(scheme), S("smtp")) || str_equal(str_of(scheme), S("smtps")));
    *out_here = good && outside_is_this_machine(host);
    curl_free(scheme);
    curl_free(host);
    curl_free(path);
    return good;
}

static err_t read_server(struct str server, char out[MAIL_SERVER_BYTES + 1], bool *out_here,
                         struct err *err)
{
    if (server.n == 0 || server.n > MAIL_SERVER_BYTES || !outside_is_sendable(server))
        return refuse_server(err);
    memcpy(out, server.p, server.n);
    out[server.n] = '\0';
    CURLU *url = curl_url();
    if (url == NULL) return err_memory(err);
    bool good = curl_url_set(url, CURLUPART_URL, out, 0) == CURLUE_OK && good_parts(url, out_here);
    curl_url_cleanup(url);
    return good ? OK : refuse_server(err);
}

err_t mail_server_check(struct str server, struct err *err)
{
    char text[MAIL_SERVER_BYTES + 1];
    bool here;
    return read_server(server, text, &here, err);
}

/* ---- one exchange ------------------------------------------------------------------------ */

struct mailing {
    const struct mail_call_request *request;
    CURL *curl;
    struct curl_slist *to;
    size_t given; /* bytes of the message */
    bool here;    /* the server is this machine */
    char server[MAIL_SERVER_BYTES + 1];
    char from[MAILBOX_BYTES + 3], mailbox[MAILBOX_BYTES + 3];
    char user[MAIL_SECRET_BYTES + 1], password[MAIL_SECRET_BYTES + 1];
};

static size_t give_message(char *into, size_t size, size_t count, void *context)
{
    struct mailing *m = context;
    struct str rest = str_sub(m->request->message, m->given, m->request->message.n);
    size_t n = rest.n < size * count ? rest.n : size * count;
    memcpy(into, rest.p, n);
    m->given += n;
    return n;
}

static bool copy(struct str text, char *out, size_t bytes)
{
    if (text.n >= bytes || !outside_is_sendable(text)) return false;
    memcpy(out, text.p != NULL ? text.p : "", text.n);
    out[text.n] = '\0';
    return true;
}

static bool set_mailbox(struct str mailbox, char *out, size_t bytes)
{
    struct buf text;
    buf_init_fixed(&text, out, bytes);
    buf_printf(&text, "<%.*s>", STR_ARG(mailbox));
    return mailbox_good(mailbox) && !text.failed;
}

static err_t refuse_mailbox(struct err *err)
{
    err_set(err, E_INPUT, "recipient", "Không gửi được thư tới địa chỉ này",
            "Mail cannot be sent to this address");
    return err_hint(err, "Kiểm tra địa chỉ người gửi, người nhận, tên và mật khẩu của máy chủ thư",
                    "Check sender, recipient, and the user and password of the mail server");
}

static err_t prepare(struct mailing *m, struct err *err)
{
    const struct mail_call_request *r = m->request;
    err_t e = read_server(r->server, m->server, &m->here, err);
    if (e != OK) return e;
    bool good = set_mailbox(r->from, m->from, sizeof m->from) &&
                set_mailbox(r->to, m->mailbox, sizeof m->mailbox) &&
                copy(r->user, m->user, sizeof m->user) &&
                copy(r->password, m->password, sizeof m->password);
    if (!good) return refuse_mailbox(err);
    outside_start();
    m->curl = curl_easy_init();
    m->to = curl_slist_append(NULL, m->mailbox);
    return m->curl != NULL && m->to != NULL ? OK : err_memory(err);
}

static bool set_options(struct mailing *m)
{
    CURL *c = m->curl;
    const struct mail_call_request *r = m->request;
    const struct outside_limits limits = {"smtp,smtps", r->authorities, r->connect_ms, r->whole_ms};
    long tls = m->here ? CURLUSESSL_NONE : CURLUSESSL_ALL;
    bool ok = outside_set_limits(c, &limits);
    ok &= curl_easy_setopt(c, CURLOPT_URL, m->server) == CURLE_OK;
    ok &= curl_easy_setopt(c, CURLOPT_USE_SSL, tls) == CURLE_OK;
    ok &= curl_easy_setopt(c, CURLOPT_MAIL_FROM, m->from) == CURLE_OK;
    ok &= curl_easy_setopt(c, CURLOPT_MAIL_RCPT, m->to) == CURLE_OK;
    ok &= curl_easy_setopt(c, CURLOPT_UPLOAD, 1L) == CURLE_OK;
    ok &= curl_easy_setopt(c, CURLOPT_READFUNCTION, give_message) == CURLE_OK;
    ok &= curl_easy_setopt(c, CURLOPT_READDATA, m) == CURLE_OK;
    if (r->user.n == 0) return ok;
    ok &= curl_easy_setopt(c, CURLOPT_USERNAME, m->user) == CURLE_OK;
    return ok && curl_easy_setopt(c, CURLOPT_PASSWORD, m->password) == CURLE_OK;
}

/* ---- what became of it ------------------------------------------------------------------- */

static err_t judge(const struct mailing *m, CURLcode code, struct err *err)
{
    long reply = 0;
    if (code == CURLE_OK) return OK;
    if (code == CURLE_OUT_OF_MEMORY) return err_memory(err);
    if (code == CURLE_LOGIN_DENIED) {
        err_set(err, E_FORBIDDEN, "server", "Máy chủ thư không nhận tên và mật khẩu",
                "The mail server does not accept user and password");
        return err_hint(err, "Kiểm tra tệp tên và mật khẩu của máy chủ thư",
                        "Check the file with user and password of the mail server");
    }
    if (curl_easy_getinfo(m->curl, CURLINFO_RESPONSE_CODE, &reply) != CURLE_OK) reply = 0;
    if (reply >= PERMANENT && reply < BEYOND) {
        err_set(err, E_INPUT, "recipient", "Máy chủ thư từ chối thư này, mã %ld",
                "The mail server refuses this message, code %ld", reply);
        return err_hint(err, "Kiểm tra địa chỉ người nhận và người gửi",
                        "Check the addresses of recipient and sender");
    }
    const struct outside_reason *reason = outside_reason(code);
    err_set(err, E_OUTSIDE, "server", "Máy chủ thư không nhận thư: %s%.0s",
            "The mail server did not take the message: %.0s%s", reason->vi, reason->en);
    err_detail(err, "Mã lỗi %d, máy chủ trả lời %ld", "Code %d, the server said %ld", (int)code,
               reply);
    return err_hint(err, "%s%.0s", "%.0s%s", reason->hint_vi, reason->hint_en);
}

err_t mail_call(const struct mail_call_request *request, struct err *err)
{
    struct mailing m = {.request = request};
    ASSERT(request->connect_ms > 0 && request->whole_ms > 0);
    err_t e = prepare(&m, err);
    if (e == OK && !set_options(&m)) e = err_memory(err);
    if (e == OK) e = judge(&m, curl_easy_perform(m.curl), err);
    curl_slist_free_all(m.to);
    curl_easy_cleanup(m.curl);
    explicit_bzero(m.password, sizeof m.password);
    return e;
}
