/* SPDX-License-Identifier: Apache-2.0 */
#include "document/einvoice_provider.h"

#include "base/http_call.h"
#include "document/message_document.h"

enum {
    BEARER_BYTES = PROVIDER_TOKEN_BYTES + 16,
    OK_STATUS = 200,
    TAKEN_STATUS = 202,
    BAD_STATUS = 400,
    UNAUTHORISED = 401,
    FORBIDDEN = 403,
    NOT_FOUND = 404,
    TOO_LARGE = 413,
    UNPROCESSABLE = 422,
    TOO_MANY = 429,
    UNAVAILABLE = 503
};

err_t provider_check(const struct provider *provider, struct err *err)
{
    bool clear = false;
    err_t e = http_address_check(provider->base, &clear, err);
    if (e != OK) return err_field(err, S("SANGDEN_INVOICE_PROVIDER"));
    if (provider->token.n == 0) {
        err_set(err, E_INPUT, "SANGDEN_INVOICE_PROVIDER_TOKEN_FILE", "Tệp mã truy cập trống",
                "The token file is empty");
        return err_hint(err, "Ghi mã truy cập do tổ chức truyền nhận cấp vào dòng đầu",
                        "Write the token that the provider gave on its first line");
    }
    if (str_find(provider->base, '?') < provider->base.n ||
        str_find(provider->base, '#') < provider->base.n) {
        err_set(err, E_INPUT, "SANGDEN_INVOICE_PROVIDER", "Địa chỉ có phần ? hoặc #",
                "The address has a part behind ? or #");
        return err_hint(err, "Chỉ ghi địa chỉ gốc; chương trình tự thêm /v1/messages",
                        "Write the base only; the program adds /v1/messages itself");
    }
    if (!clear) return OK;
    err_set(err, E_INPUT, "SANGDEN_INVOICE_PROVIDER", "Địa chỉ này gửi mã truy cập không mã hóa",
            "That address would send the token unencrypted");
    return err_hint(err, "Dùng địa chỉ https://", "Use an https:// address");
}

/* ---- one request ------------------------------------------------------------------------- */

struct exchange {
    const struct provider *provider;
    const struct message *message;
    struct arena *arena;
    struct provider_outcome *out;
    struct buf answer;
    char bearer[BEARER_BYTES];
    char address[HTTP_ADDRESS_MAX_BYTES + 1];
    struct http_call_header headers[3];
    struct http_call_request request;
};

static err_t build(struct exchange *x, bool post, struct err *err)
{
    struct buf bearer, address;
    buf_init_fixed(&bearer, x->bearer, sizeof x->bearer);
    buf_printf(&bearer, "Bearer %.*s", STR_ARG(x->provider->token));
    buf_init_fixed(&address, x->address, sizeof x->address);
    buf_printf(&address, "%.*s/v1/messages", STR_ARG(x->provider->base));
    if (!post) buf_printf(&address, "/%.*s", STR_ARG(x->message->id));
    if (bearer.failed || address.failed) {
        err_set(err, E_LIMIT, "SANGDEN_INVOICE_PROVIDER", "Địa chỉ hoặc mã truy cập quá dài",
                "The address or the token is too long");
        return err_hint(err, "Kiểm tra lại cấu hình nơi gửi", "Check the provider's settings");
    }
    x->headers[0] = (struct http_call_header){S("Authorization"), buf_str(&bearer)};
    x->headers[1] =
        (struct http_call_header){S("Content-Type"), S("application/xml; charset=utf-8")};
    x->headers[2] = (struct http_call_header){S("Idempotency-Key"), x->message->id};
    x->request = (struct http_call_request){.method = post ? S("POST") : S("GET"),
                                       .address = buf_str(&address),
                                       .headers = x->headers,
                                       .header_count = post ? 3 : 1,
                                       .authorities = x->provider->authorities,
                                       .connect_ms = x->provider->connect_ms,
                                       .whole_ms = x->provider->whole_ms,
                                       .answer_max_bytes = ANSWER_BYTES_MAX};
    return OK;
}

static enum provider_line line_of(int64_t status)
{
    if (status == UNAUTHORISED || status == FORBIDDEN) return PROVIDER_LINE_DENIED;
    if (status == TOO_MANY || status == UNAVAILABLE) return PROVIDER_LINE_BUSY;
    return PROVIDER_LINE_GOOD;
}

static bool may_hold_answer(int64_t status)
{
    return status == OK_STATUS || status == TAKEN_STATUS || status == BAD_STATUS ||
           status == UNPROCESSABLE;
}

static void refuse_status(struct provider_outcome *out)
{
    err_set(&out->trouble, E_OUTSIDE, "provider", "Máy chủ nhận hóa đơn trả lời HTTP %lld",
            "The provider answered HTTP %lld", (long long)out->status);
    err_hint(&out->trouble, "Chương trình sẽ hỏi lại; nếu kéo dài, hỏi tổ chức truyền nhận",
             "The program asks again; if it goes on, ask the provider");
}

/* What an answer with its body says. */
static err_t read_answer(struct exchange *x, struct err *err)
{
    struct provider_outcome *out = x->out;
    bool coded = x->message->type == MESSAGE_WITH_CODE;
    out->bytes = arena_str(x->arena, buf_str(&x->answer));
    if (x->arena->failed) return err_memory(err);
    if (!may_hold_answer(out->status)) {
        refuse_status(out);
        return OK;
    }
    err_t e = answer_read(x->arena, out->bytes, x->message->id, coded, &out->answer, &out->trouble);
    if (e == E_MEMORY) return err_memory(err);
    bool refusal = e == OK && out->answer.state == ANSWER_REFUSED;
    if (e == OK && (out->status < BAD_STATUS || refusal)) {
        out->result = PROVIDER_ANSWERED;
        out->trouble.code = OK;
    } else if (e == OK) refuse_status(out);
    return OK;
}

static err_t judge(struct exchange *x, bool post, struct err *err)
{
    struct provider_outcome *out = x->out;
    out->line = line_of(out->status);
    if (out->line != PROVIDER_LINE_GOOD) {
        out->result = post ? PROVIDER_NOT_TAKEN : PROVIDER_NOTHING;
        refuse_status(out);
        return OK;
    }
    if (!post && out->status == NOT_FOUND) {
        out->result = PROVIDER_NOT_TAKEN;
        return OK;
    }
    if (post && out->status == TOO_LARGE) {
        out->result = PROVIDER_ANSWERED;
        out->answer = (struct provider_answer){
            .state = ANSWER_REFUSED, .code = S("HTTP-413"), .reason = S("Thông điệp quá lớn")};
        return OK;
    }
    return read_answer(x, err);
}

static err_t call(struct exchange *x, bool post, struct message_body *body, struct err *err)
{
    struct http_call_answer answer = {.body = &x->answer};
    struct provider_outcome *out = x->out;
    enum http_sent sent;
    *out = (struct provider_outcome){.result = PROVIDER_NOTHING, .retry_after_s = -1};
    err_t e = build(x, post, err);
    if (e != OK) return e;
    if (post) {
        x->request.source = message_body_next;
        x->request.source_context = body;
        x->request.source_bytes = body->bytes;
    }
    e = http_call(&x->request, &answer, &sent, &out->trouble);
    if (e == OK) {
        out->trouble.code = OK;
        out->status = answer.status;
        out->retry_after_s = answer.retry_after_s;
        return judge(x, post, err);
    }
    if (e != E_OUTSIDE) *err = out->trouble;
    if (e != E_OUTSIDE) return e;
    if (sent != HTTP_NOT_SENT) return OK;
    out->line = PROVIDER_LINE_DOWN;
    if (post) out->result = PROVIDER_NOT_TAKEN;
    return OK;
}

static err_t exchange(const struct provider *provider, const struct message *message, bool post,
                      struct message_body *body, struct arena *arena, struct provider_outcome *out,
                      struct err *err)
{
    struct exchange x = {.provider = provider, .message = message, .arena = arena, .out = out};
    buf_init(&x.answer, ANSWER_BYTES_MAX);
    err_t e = call(&x, post, body, err);
    buf_release(&x.answer);
    return e;
}

err_t provider_post(struct db *db, const struct provider *provider, const struct message *message,
                    struct arena *arena, struct provider_outcome *out, struct err *err)
{
    struct message_body body;
    err_t e = message_body_open(db, message, &body, err);
    if (e != OK) return e;
    e = exchange(provider, message, true, &body, arena, out, err);
    if (e == OK && body.failed != OK) {
        e = body.failed;
        *err = body.err;
    }
    message_body_close(&body);
    return e;
}

err_t provider_ask(const struct provider *provider, const struct message *message,
                   struct arena *arena, struct provider_outcome *out, struct err *err)
{
    return exchange(provider, message, false, NULL, arena, out, err);
}
