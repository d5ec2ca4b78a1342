/* SPDX-License-Identifier: Apache-2.0 */
/* Codes of six digits: issued, sent, and proved by the browser that asked. */
#include "base/clock.h"
#include "identity/mask.h"
#include "identity/parameter.h"
#include "notify/notify.h"
#include "registry/login.h"
#include "registry/registry_view.h"
#include "web/sign_in/sign_in.h"

enum { MINUTE_MS = 60000, HOUR_MS = 3600000, DAY_MS = 86400000, MASK_BYTES = 300 };

bool sign_in_is_refusal(err_t e)
{
    return e == E_INPUT || e == E_FORBIDDEN || e == E_WAIT || e == E_NOT_FOUND || e == E_RANGE ||
           e == E_STATE || e == E_CONFLICT;
}

struct str sign_in_challenge(const struct visit *visit)
{
    return visit_cookie(visit, S("ma"));
}

struct str sign_in_code_typed(const struct visit *visit)
{
    struct str typed = visit_field(visit, S("code"));
    char *memory = arena_take(visit->arena, typed.n + 1);
    struct buf digits;
    if (memory == NULL) return str_trim(typed);
    buf_init_fixed(&digits, memory, typed.n + 1);
    for (size_t i = 0; i < typed.n; i++)
        if (typed.p[i] != ' ' && typed.p[i] != '-' && typed.p[i] != '.')
            buf_add_char(&digits, typed.p[i]);
    return str_trim(buf_str(&digits));
}

void sign_in_forget_challenge(struct visit *visit)
{
    visit_put_cookie(visit, S("ma"), S(""), 0);
}

struct str sign_in_masked(struct visit *visit, struct str contact)
{
    char memory[MASK_BYTES];
    struct buf out;
    struct str channel = contact_channel(contact), address = contact_address(contact);
    buf_init_fixed(&out, memory, sizeof memory);
    if (str_equal(channel, S("phone"))) mask_phone(&out, address);
    else if (str_equal(channel, S("email"))) mask_email(&out, address);
    if (out.n == 0) return web_text(TEXT_code_registered, visit->show.english);
    return arena_str(visit->arena, buf_str(&out));
}

/* Short messages have no marks, so that they cost one part. */
static struct str message_of(struct visit *visit, struct str channel,
                             const struct code_issued *code, int64_t minutes)
{
    bool mail = str_equal(channel, S("email"));
    const char *brand = mail ? "Sáng Đèn" : "Sang Den";
    if (visit->show.english)
        return arena_printf(visit->arena,
                            "Your %s code: %s, good for %lld minutes. Never give it to anybody.",
                            brand, code->code, (long long)minutes);
    if (mail)
        return arena_printf(visit->arena,
                            "Mã %s của quý khách: %s, dùng trong %lld phút. Không đưa mã này cho "
                            "bất kỳ ai.",
                            brand, code->code, (long long)minutes);
    return arena_printf(
        visit->arena,
        "Ma %s cua quy khach: %s, dung trong %lld phut. Khong dua ma nay cho bat ky "
        "ai.",
        brand, code->code, (long long)minutes);
}

static err_t issue(struct visit *visit, const struct code_request *request,
                   struct code_issued *code, int64_t *out_minutes)
{
    int64_t number = 0;
    err_t e = code_issue(visit->db, visit->site->vault, request, code, visit->err);
    if (e != OK) return e;
    *out_minutes = (code->expires_at_ms - clock_now_ms() + MINUTE_MS - 1) / MINUTE_MS;
    if (!code->send) return OK;
    struct str channel = contact_channel(request->contact);
    const struct notice notice = {
        .unit_id = IDENTITY_EVERY_UNIT,
        .channel = channel,
        .recipient = contact_address(request->contact),
        .body = message_of(visit, channel, code, *out_minutes),
        .key = arena_printf(visit->arena, "code %.*s", STR_ARG(visit->request->id)),
        .expires_at_ms = code->expires_at_ms};
    return notice_put(visit->db, &notice, &number, visit->err);
}

err_t sign_in_send_code(struct visit *visit, enum code_purpose purpose, struct str asked,
                        struct str contact, int64_t *out_minutes)
{
    struct code_issued code = {.send = false};
    const struct code_request request = {.purpose = purpose,
                                         .contact = contact,
                                         .asked = asked,
                                         .login_id = purpose == CODE_REGISTER ? 0 : visit->login_id,
                                         .visitor = visit_visitor(visit)};
    err_t e = db_begin(visit->db, visit->err);
    if (e == OK) e = issue(visit, &request, &code, out_minutes);
    if (e == OK) e = db_commit(visit->db, visit->err);
    if (e != OK) {
        db_rollback(visit->db);
        return e;
    }
    struct str challenge = arena_str(visit->arena, str_of(code.challenge));
    if (challenge.p == NULL) return err_memory(visit->err);
    visit_put_cookie(visit, S("ma"), challenge, (code.expires_at_ms - clock_now_ms()) / 1000);
    return OK;
}

err_t sign_in_keep(struct visit *visit, const char *token)
{
    bool found = false;
    struct str kept = arena_str(visit->arena, str_of(token));
    err_t e = kept.p == NULL ? err_memory(visit->err)
                             : session_find(visit->db, kept, &visit->session, &found, visit->err);
    if (e != OK) return e;
    ASSERT(found); /* it was begun just now */
    bool staff = visit->session.kind == SESSION_STAFF;
    int64_t left_s = (visit->session.expires_at_ms - clock_now_ms()) / 1000;
    visit_begin(visit, kept, S(""), staff ? -1 : left_s);
    sign_in_forget_challenge(visit);
    return OK;
}

err_t sign_in_remember_days(struct visit *visit, int64_t *out)
{
    struct identity_parameters values;
    err_t e = identity_parameters_on(visit->db, visit->today, &values, visit->err);
    if (e == OK) *out = values.customer_session_days;
    return e;
}

bool sign_in_remember_ticked(const struct visit *visit)
{
    return str_equal(visit_field(visit, S("nho")), S("1"));
}

err_t sign_in_welcome(struct visit *visit, struct str token, struct str device)
{
    bool found = false;
    err_t e = session_find(visit->db, token, &visit->session, &found, visit->err);
    if (e != OK) return e;
    ASSERT(found); /* it was begun just now */
    int64_t left_ms = visit->session.expires_at_ms - clock_now_ms();
    char csrf[HASH_TEXT_BYTES];
    visit_begin(visit, token, device, left_ms / 1000);
    sign_in_forget_challenge(visit);
    visit->show.signed_in = true;
    visit->show.token =
        arena_str(visit->arena, session_csrf(visit->site->vault, &visit->session, csrf));
    bool remembered = device.n > 0;
    return show_sign_in_done(
        &visit->show, &(struct show_done){.device = web_text(TEXT_done_device, visit->show.english),
                                          .days = remembered ? (left_ms + DAY_MS - 1) / DAY_MS : 0,
                                          .hours = (left_ms + HOUR_MS - 1) / HOUR_MS,
                                          .onward = visit_onward(visit, S("/khach-hang"))});
}
