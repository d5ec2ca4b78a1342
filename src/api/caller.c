/* SPDX-License-Identifier: Apache-2.0 */
#include "api/caller.h"

#include "api/partner_right.h"
#include "base/clock.h"
#include "base/date.h"
#include "http/decode.h"
#include "http/route.h"
#include "identity/credential.h"

/* ---- partners ----------------------------------------------------------------------------- */

/* Method, path and query are signed as they stood in the first line. */
static err_t find_partner(struct http_request *request, struct db *db, const struct vault *vault,
                          struct caller *caller, struct err *err)
{
    struct str target = request->target;
    size_t at = str_find(target, '?');
    struct partner_request signed_request = {
        .key_code = http_header(request, S("X-Sangden-Key")),
        .method = http_method_word(request->method),
        .path = str_sub(target, 0, at),
        .query = str_sub(target, at + 1, target.n),
        .body = request->body,
        .timestamp = http_header(request, S("X-Sangden-Timestamp")),
        .nonce = http_header(request, S("X-Sangden-Nonce")),
        .signature = http_header(request, S("X-Sangden-Signature"))};
    err_t e = http_decode_value(request->arena, request->certificate, "certificate",
                                &signed_request.certificate, err);
    if (e == OK)
        e = partner_prove(db, request->arena, vault, &signed_request, &caller->partner, err);
    if (e == OK) caller->kind = CALLER_PARTNER;
    return e;
}

/* ---- sessions ----------------------------------------------------------------------------- */

static err_t refuse_token(struct err *err)
{
    err_set(err, E_FORBIDDEN, "X-CSRF-Token", "Yêu cầu thay đổi thiếu mã của phiên",
            "A change without the token of its session");
    return err_hint(err, "Gửi đầu đề X-CSRF-Token với giá trị csrf của /api/v1/session",
                    "Send the header X-CSRF-Token with the value csrf of /api/v1/session");
}

/* A change comes from a page or program of this session, not from a page elsewhere. */
static err_t check_token(struct http_request *request, const struct vault *vault,
                         const struct caller *caller, struct err *err)
{
    struct str from = http_header(request, S("Sec-Fetch-Site"));
    if (request->method == HTTP_GET || request->method == HTTP_HEAD) return OK;
    if (from.n > 0 && !str_equal(from, S("same-origin"))) return refuse_token(err);
    bool good = session_csrf_good(vault, &caller->session, http_header(request, S("X-CSRF-Token")));
    return good ? OK : refuse_token(err);
}

static err_t refuse_old_password(struct err *err)
{
    err_set(err, E_FORBIDDEN, "session", "Phải đổi mật khẩu trước khi làm việc khác",
            "The password must be changed before anything else");
    return err_hint(err, "Mở trang tài khoản và đặt mật khẩu mới",
                    "Open the page of the account and set a new password");
}

static err_t find_staff(struct http_request *request, struct db *db, struct caller *caller,
                        struct err *err)
{
    bool must_change = false;
    err_t e =
        session_actor(db, request->arena, &caller->session, caller->today, &caller->actor, err);
    if (e == OK) e = credential_must_change(db, caller->actor.staff_id, &must_change, err);
    if (e != OK) return e;
    if (must_change) return refuse_old_password(err);
    caller->kind = CALLER_STAFF;
    return OK;
}

static err_t find_session(struct http_request *request, struct db *db, const struct vault *vault,
                          struct str token, struct caller *caller, struct err *err)
{
    bool found = false;
    err_t e = session_find(db, token, &caller->session, &found, err);
    if (e != OK || !found || caller->session.level != SESSION_FULL) return e;
    session_seen(&caller->session);
    if (caller->session.kind == SESSION_STAFF) {
        e = find_staff(request, db, caller, err);
    } else {
        caller->login_id = caller->session.subject_id;
        caller->kind = CALLER_CUSTOMER;
    }
    if (e != OK || caller->kind == CALLER_NOBODY) return e;
    return check_token(request, vault, caller, err);
}

err_t caller_find(struct http_request *request, struct db *db, const struct vault *vault,
                  struct caller *out, struct err *err)
{
    struct str cookie = request->secure ? S("__Host-sangden") : S("sangden");
    struct str token = http_field(&request->cookies, cookie);
    struct caller caller = {.kind = CALLER_NOBODY, .today = vietnam_day(clock_now_ms())};
    err_t e = OK;
    if (vault != NULL && http_header(request, S("X-Sangden-Key")).p != NULL)
        e = find_partner(request, db, vault, &caller, err);
    else if (vault != NULL && token.n > 0)
        e = find_session(request, db, vault, token, &caller, err);
    if (e == OK) *out = caller;
    return e;
}

/* ---- rights ------------------------------------------------------------------------------- */

err_t caller_may(struct db *db, const struct caller *caller, int64_t unit_id,
                 enum permission permission, bool *out, struct err *err)
{
    if (caller->kind == CALLER_STAFF)
        return actor_may(db, &caller->actor, unit_id, permission, out, err);
    if (caller->kind == CALLER_PARTNER)
        return partner_may(db, caller->partner.partner_id, unit_id, permission, out, err);
    *out = false;
    return OK;
}

static err_t refuse_unit(enum permission permission, struct err *err)
{
    err_set(err, E_FORBIDDEN, "unit", "Không có quyền tại đơn vị này: %s%.0s",
            "Not permitted at this unit: %.0s%s", permission_vi(permission),
            permission_en(permission));
    return err_hint(err, "Nhờ quản trị hệ thống cấp quyền: sangden partner grant",
                    "Ask an administrator for the right: sangden partner grant");
}

err_t caller_require(struct db *db, const struct caller *caller, int64_t unit_id,
                     enum permission permission, struct err *err)
{
    bool may = false;
    if (caller->kind == CALLER_STAFF)
        return actor_require(db, &caller->actor, unit_id, permission, err);
    err_t e = caller_may(db, caller, unit_id, permission, &may, err);
    return e != OK || may ? e : refuse_unit(permission, err);
}

struct str caller_kind_word(enum caller_kind kind)
{
    static const struct str words[] = {
        [CALLER_NOBODY] = S_INIT("nobody"),
        [CALLER_STAFF] = S_INIT("staff"),
        [CALLER_CUSTOMER] = S_INIT("customer"),
        [CALLER_PARTNER] = S_INIT("partner"),
    };
    return words[kind];
}

struct str caller_name(const struct caller *caller, char out[CALLER_NAME_BYTES])
{
    struct buf text;
    int64_t number = caller->kind == CALLER_STAFF     ? caller->actor.staff_id
                     : caller->kind == CALLER_PARTNER ? caller->partner.partner_id
                                                      : caller->login_id;
    buf_init_fixed(&text, out, CALLER_NAME_BYTES);
    buf_add(&text, caller_kind_word(caller->kind));
    buf_add_char(&text, ' ');
    buf_add_i64(&text, number);
    return buf_str(&text);
}
