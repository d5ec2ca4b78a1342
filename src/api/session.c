/* SPDX-License-Identifier: Apache-2.0 */
/* Who asks: what a program learns about itself, and the token for its changes. */
#include "api/call.h"

/* clang-format off */
#define SESSION(F, R) \
    F(R, kind, CHOICE("staff|customer|partner"), ALWAYS, "Ai đang hỏi", "Who asks") \
    F(R, code, TEXT(0, 32), MAY, "Mã nhân viên hoặc đối tác", "Code of the person or partner") \
    F(R, csrf, TEXT(0, 64), MAY, "Mã để gửi ở X-CSRF-Token khi thay đổi", \
      "What to send as X-CSRF-Token with changes") \
    F(R, expires_at, INSTANT, MAY, "Phiên kết thúc chậm nhất lúc", "The session ends at the latest")
API_SCHEMA(session_answer, SESSION);
/* clang-format on */

static err_t show(struct api_call *call, const void *asked, void *answer)
{
    struct session_answer *out = answer;
    const struct caller *caller = &call->caller;
    char *csrf = arena_take(call->arena, HASH_TEXT_BYTES);
    (void)asked;
    if (csrf == NULL) return err_memory(call->err);
    out->kind = caller_kind_word(caller->kind);
    out->expires_at = API_NO_NUMBER;
    if (caller->kind == CALLER_STAFF) out->code = caller->actor.code;
    if (caller->kind == CALLER_PARTNER) {
        out->code = caller->partner.code;
        return OK;
    }
    out->csrf = session_csrf(call->site->vault, &caller->session, csrf);
    out->expires_at = caller->session.expires_at_ms;
    return OK;
}

static const struct api_operation operations[] = {
    {.method = HTTP_GET,
     .pattern = "/api/v1/session",
     .id = "session.show",
     .vi = "Ai đang hỏi, và mã cho các thay đổi",
     .en = "Who asks, and the token for changes",
     .answer = &session_answer_schema,
     .handle = show,
     .permission = API_NO_PERMISSION,
     .customers = true},
};
API_RESOURCE(session, "Phiên", "Session", operations);
