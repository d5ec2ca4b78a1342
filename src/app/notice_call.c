/* SPDX-License-Identifier: Apache-2.0 */
#include "app/notice_call.h"

#include <stdlib.h>

#include "app/secret_file.h"
#include "base/mail_call.h"

enum { LOGIN_FILE_BYTES = 2 * MAIL_SECRET_BYTES + 2 };

static void add(struct notice_channels *channels, struct str name, notice_send *send, void *context)
{
    ASSERT(channels->count < NOTICE_CHANNELS_MAX);
    channels->list[channels->count++] = (struct notice_channel){name, send, context};
}

static struct str given(const char *name)
{
    return str_of(getenv(name));
}

static const char *authorities(void)
{
    const char *path = getenv("SANGDEN_NOTICE_AUTHORITIES");
    return path == NULL || path[0] == '\0' ? NULL : path;
}

static err_t refuse_missing(struct call *call, const char *name)
{
    err_set(call->err, E_STATE, name, "Kênh gửi thông báo mới cấu hình một phần: thiếu %s",
            "The channel for notices is half configured: %s is missing", name);
    return err_hint(call->err, "Đặt đủ các biến của kênh này; xem docs/notices.md",
                    "Set every variable of this channel; see docs/notices.md");
}

/* The next line without its end. */
static struct str next_line(struct str *text)
{
    struct str line = S("");
    return str_split(text, '\n', &line) ? str_trim(line) : S("");
}

static err_t read_mail(struct call *call, struct notice_channels *out)
{
    static const char name[] = "SANGDEN_MAIL_LOGIN_FILE";
    struct str login = given(name), content;
    struct mail_channel *mail = &out->mail;
    mail->server = given("SANGDEN_MAIL_SERVER");
    mail->from = given("SANGDEN_MAIL_FROM");
    mail->authorities = authorities();
    if (mail->server.n == 0) return OK;
    if (mail->from.n == 0) return refuse_missing(call, "SANGDEN_MAIL_FROM");
    err_t e = OK;
    if (login.n > 0) e = call_secret_file(call, name, login.p, LOGIN_FILE_BYTES, &content);
    if (e == OK && login.n > 0) {
        mail->user = next_line(&content);
        mail->password = next_line(&content);
        if (mail->user.n == 0 || mail->password.n == 0) return refuse_missing(call, name);
    }
    if (e == OK) e = mail_channel_check(mail, call->err);
    if (e == OK) add(out, S("email"), notice_to_mail, mail);
    return e;
}

static err_t read_gateway(struct call *call, struct notice_channels *out)
{
    static const char name[] = "SANGDEN_SMS_TOKEN_FILE";
    struct str path = given(name), content;
    struct sms_gateway *gateway = &out->gateway;
    gateway->address = given("SANGDEN_SMS_GATEWAY");
    gateway->authorities = authorities();
    if (gateway->address.n == 0) return OK;
    if (path.n == 0) return refuse_missing(call, name);
    err_t e = call_secret_file(call, name, path.p, SMS_TOKEN_BYTES + 1, &content);
    if (e == OK) gateway->token = next_line(&content);
    if (e == OK) e = sms_gateway_check(gateway, call->err);
    if (e == OK) add(out, S("phone"), notice_to_gateway, gateway);
    return e;
}

/* The folder takes what nothing else does. */
static void add_folder(struct notice_channels *out, struct str folder)
{
    static const struct str names[] = {S_INIT("phone"), S_INIT("email")};
    size_t count = out->count;
    for (size_t i = 0; i < ARRAY_COUNT(names); i++) {
        bool served = false;
        for (size_t k = 0; k < count; k++)
            served = served || str_equal(out->list[k].name, names[i]);
        if (!served) add(out, names[i], notice_to_folder, (void *)(uintptr_t)folder.p);
    }
}

err_t call_notice_channels(struct call *call, struct str folder, struct notice_channels *out)
{
    *out = (struct notice_channels){.count = 0};
    err_t e = OK;
    if (folder.n == 0) {
        e = read_mail(call, out);
        if (e == OK) e = read_gateway(call, out);
        folder = given("SANGDEN_NOTICE_FOLDER");
    }
    if (e == OK && folder.n > 0) add_folder(out, folder);
    return e;
}
