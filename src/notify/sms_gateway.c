/* SPDX-License-Identifier: Apache-2.0 */
#include "notify/sms_gateway.h"

#include "base/date.h"
#include "base/gsm.h"
#include "base/http_call.h"
#include "base/json_read.h"
#include "base/json_write.h"

enum {
    BEARER_BYTES = SMS_TOKEN_BYTES + 8,
    ID_BYTES = 48,
    BODY_BYTES = NOTICE_BODY_BYTES * 6 + 1024,
    ANSWER_BYTES = 4096,
    ANSWER_ARENA_BYTES = 65536,
    CONNECT_MS = 10000,
    WHOLE_MS = 30000
};

err_t sms_gateway_check(const struct sms_gateway *gateway, struct err *err)
{
    bool clear = false;
    err_t e = http_address_check(gateway->address, &clear, err);
    if (e != OK) return e;
    if (clear) {
        err_set(err, E_INPUT, "address", "Địa chỉ này gửi mã truy cập không mã hóa",
                "That address would send the token unencrypted");
        return err_hint(err, "Dùng địa chỉ https://", "Use an https:// address");
    }
    if (gateway->token.n > 0 && gateway->token.n <= SMS_TOKEN_BYTES) return OK;
    err_set(err, E_INPUT, "token", "Mã truy cập của cổng tin nhắn trống hoặc quá dài",
            "The token of the gateway is empty or too long");
    return err_hint(err, "Ghi mã do cổng tin nhắn cấp vào dòng đầu của tệp",
                    "Write the token that the gateway gave on the first line of the file");
}

/* ---- what is sent ------------------------------------------------------------------------ */

static void write_body(struct buf *out, struct str id, const struct notice *notice)
{
    char until[INSTANT_TEXT_BYTES];
    struct json_writer w;
    struct message_size size = message_size(notice->body);
    json_writer_init(&w, out);
    json_object(&w, JSON_ITEM);
    json_text(&w, S("id"), id);
    json_text(&w, S("to"), notice->recipient);
    json_text(&w, S("text"), notice->body);
    json_text(&w, S("coding"), size.gsm ? S("gsm7") : S("ucs2"));
    json_i64(&w, S("parts"), (int64_t)size.parts);
    json_text(&w, S("expires_at"), instant_text(notice->expires_at_ms, until));
    json_end(&w);
}

/* ---- what comes back --------------------------------------------------------------------- */

/* Whether the answer speaks of this notice: a page that some proxy answers with 200 does not. */
static bool names_notice(struct str answer, struct str id)
{
    struct arena arena;
    struct json *root;
    struct err unread;
    arena_init(&arena, ANSWER_ARENA_BYTES);
    bool read = json_parse(&arena, answer, &root, &unread) == OK;
    const struct json *said = read ? json_member(root, S("id")) : NULL;
    bool same = said != NULL && said->type == JSON_TEXT && str_equal(said->text, id);
    arena_release(&arena);
    return same;
}

static err_t refuse(err_t code, int64_t status, const char *vi, const char *en, struct err *err)
{
    err_set(err, code, "address", "%s%.0s, mã %lld", "%.0s%s, status %lld", vi, en,
            (long long)status);
    return err_hint(err, "Hỏi bên vận hành cổng tin nhắn; xem docs/notices.md",
                    "Ask those who run the gateway; see docs/notices.md");
}

static err_t judge(const struct http_call_answer *answer, struct str id, struct err *err)
{
    switch (answer->status) {
    case 200:
    case 201:
    case 202:
    case 409:
        if (names_notice(buf_str(answer->body), id)) return OK;
        return refuse(E_OUTSIDE, answer->status, "Cổng tin nhắn không xác nhận đã nhận",
                      "The gateway does not say that it took the message", err);
    case 400:
    case 413:
    case 422:
        return refuse(E_INPUT, answer->status, "Cổng tin nhắn không nhận tin này",
                      "The gateway refuses this message", err);
    case 401:
    case 403:
        return refuse(E_FORBIDDEN, answer->status, "Cổng tin nhắn không nhận mã truy cập",
                      "The gateway does not accept our token", err);
    default:
        return refuse(E_OUTSIDE, answer->status, "Cổng tin nhắn không nhận lúc này",
                      "The gateway takes nothing now", err);
    }
}

static err_t call_gateway(const struct sms_gateway *gateway, struct str id, struct str body,
                          struct err *err)
{
    char bearer[BEARER_BYTES], answered[ANSWER_BYTES];
    struct buf token, text;
    enum http_sent sent;
    buf_init_fixed(&token, bearer, sizeof bearer);
    buf_printf(&token, "Bearer %.*s", STR_ARG(gateway->token));
    buf_init_fixed(&text, answered, sizeof answered);
    const struct http_call_header headers[] = {
        {S("Authorization"), buf_str(&token)},
        {S("Content-Type"), S("application/json; charset=utf-8")},
        {S("Idempotency-Key"), id}};
    struct http_call_request request = {.method = S("POST"),
                                        .address = gateway->address,
                                        .headers = headers,
                                        .header_count = ARRAY_COUNT(headers),
                                        .body = body,
                                        .authorities = gateway->authorities,
                                        .connect_ms = CONNECT_MS,
                                        .whole_ms = WHOLE_MS,
                                        .answer_max_bytes = ANSWER_BYTES - 1};
    struct http_call_answer answer = {.body = &text};
    if (token.failed) return sms_gateway_check(gateway, err);
    err_t e = http_call(&request, &answer, &sent, err);
    return e == OK ? judge(&answer, id, err) : e;
}

err_t notice_to_gateway(void *context, int64_t unit_id, int64_t notice_no,
                        const struct notice *notice, struct err *err)
{
    char number[ID_BYTES];
    struct buf id, body;
    buf_init_fixed(&id, number, sizeof number);
    buf_printf(&id, "%lld-%lld", (long long)unit_id, (long long)notice_no);
    buf_init(&body, BODY_BYTES);
    write_body(&body, buf_str(&id), notice);
    err_t e =
        body.failed ? err_memory(err) : call_gateway(context, buf_str(&id), buf_str(&body), err);
    buf_release(&body);
    return e;
}
