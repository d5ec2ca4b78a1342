/* SPDX-License-Identifier: Apache-2.0 */
#include "notify/mail.h"

#include "base/base64.h"
#include "base/clock.h"
#include "base/date.h"
#include "base/mail_call.h"

enum {
    WORD_BYTES = 39, /* of one encoded word, so that a line stays below 76 characters */
    LINE_BYTES = 57, /* of one line of the body: 76 characters */
    CONNECT_MS = 10000,
    WHOLE_MS = 30000,
    MINUTE_MS = 60000,
    MESSAGE_BYTES = BASE64_CHARACTERS(NOTICE_BODY_BYTES) * 2 + 4096
};

err_t mail_channel_check(const struct mail_channel *channel, struct err *err)
{
    err_t e = mail_server_check(channel->server, err);
    if (e != OK || mailbox_good(channel->from)) return e;
    err_set(err, E_INPUT, "from", "Địa chỉ người gửi thư không dùng được",
            "The address of the sender cannot be used");
    return err_hint(err, "Viết như cskh@example.vn", "Write it like cskh@example.vn");
}

/* "Sun, 29 Nov 2026 10:05:39 +0700" */
static void add_date(struct buf *out, int64_t at_ms)
{
    static const char *const days[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    int year, month, day_of_month;
    int32_t day = vietnam_day(at_ms);
    int minute = vietnam_minute(at_ms);
    civil_from_day(day, &year, &month, &day_of_month);
    buf_printf(out, "Date: %s, %d %s %d ", days[weekday_of_day(day)], day_of_month,
               months[month - 1], year);
    buf_add_padded(out, minute / 60, 2);
    buf_add_char(out, ':');
    buf_add_padded(out, minute % 60, 2);
    buf_add_char(out, ':');
    buf_add_padded(out, at_ms % MINUTE_MS / 1000, 2);
    buf_add(out, S(" +0700\r\n"));
}

static void add_subject(struct buf *out, struct str subject)
{
    if (subject.n == 0) subject = S("Thông báo về điện của quý khách");
    buf_add(out, S("Subject:"));
    while (subject.n > 0) {
        struct str word = str_first(subject, WORD_BYTES);
        if (word.n == 0) word = str_sub(subject, 0, WORD_BYTES);
        buf_add(out, S(" =?UTF-8?B?"));
        buf_add_base64(out, word);
        buf_add(out, S("?=\r\n"));
        subject = str_sub(subject, word.n, subject.n);
    }
}

void buf_add_mail(struct buf *out, struct str from, int64_t unit_id, int64_t notice_no,
                  const struct notice *notice, int64_t at_ms)
{
    struct str host = str_sub(from, str_find(from, '@') + 1, from.n), body = notice->body;
    buf_printf(out, "From: <%.*s>\r\nTo: <%.*s>\r\n", STR_ARG(from), STR_ARG(notice->recipient));
    add_subject(out, notice->subject);
    add_date(out, at_ms);
    buf_printf(out, "Message-ID: <notice-%lld-%lld@%.*s>\r\n", (long long)unit_id,
               (long long)notice_no, STR_ARG(host));
    buf_add(out, S("MIME-Version: 1.0\r\n"
                   "Content-Type: text/plain; charset=utf-8\r\n"
                   "Content-Transfer-Encoding: base64\r\n"
                   "Auto-Submitted: auto-generated\r\n\r\n"));
    for (; body.n > 0; body = str_sub(body, LINE_BYTES, body.n)) {
        buf_add_base64(out, str_sub(body, 0, LINE_BYTES));
        buf_add(out, S("\r\n"));
    }
}

err_t notice_to_mail(void *context, int64_t unit_id, int64_t notice_no, const struct notice *notice,
                     struct err *err)
{
    const struct mail_channel *channel = context;
    struct buf message;
    struct mail_call_request request = {.server = channel->server,
                                        .user = channel->user,
                                        .password = channel->password,
                                        .authorities = channel->authorities,
                                        .from = channel->from,
                                        .to = notice->recipient,
                                        .connect_ms = CONNECT_MS,
                                        .whole_ms = WHOLE_MS};
    if (!mailbox_good(notice->recipient)) {
        err_set(err, E_INPUT, "recipient", "Người nhận không phải là địa chỉ thư điện tử",
                "The recipient is no e-mail address");
        return err_hint(err, "Sửa địa chỉ đăng nhập của khách hàng tại quầy",
                        "Correct the customer's address at the counter");
    }
    buf_init(&message, MESSAGE_BYTES);
    buf_add_mail(&message, channel->from, unit_id, notice_no, notice, clock_now_ms());
    request.message = buf_str(&message);
    err_t e = message.failed ? err_memory(err) : mail_call(&request, err);
    buf_release(&message);
    return e;
}
