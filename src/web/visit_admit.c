/* SPDX-License-Identifier: Apache-2.0 */
/* Whether who asks may: the audience and permission of the page, and whose form it is. */
#include "identity/credential.h"
#include "web/visit_int.h"

enum { ADDRESS_BYTES = 2048 };

/* ---- forms ------------------------------------------------------------------------------- */

static err_t refuse_form(struct visit *visit)
{
    err_set(visit->err, E_FORBIDDEN, "csrf", "Biểu mẫu này không còn dùng được",
            "This form can no longer be used");
    return err_hint(visit->err, "Mở lại trang rồi gửi lại; bật cookie nếu đang tắt",
                    "Open the page again and send it again; allow cookies if they are off");
}

/* The token of the form, and, where the browser says from where it was sent, that it was here. */
static err_t check_form(struct visit *visit)
{
    struct str given = visit_field(visit, S("csrf"));
    struct str from = http_header(visit->request, S("Sec-Fetch-Site"));
    if (visit->request->method != HTTP_POST) return OK;
    if (given.n == 0) given = http_header(visit->request, S("X-CSRF-Token"));
    if (from.n > 0 && !str_equal(from, S("same-origin"))) return refuse_form(visit);
    if (visit->site->vault != NULL && session_csrf_good(visit->site->vault, &visit->session, given))
        return OK;
    return refuse_form(visit);
}

/* ---- who --------------------------------------------------------------------------------- */

/* To the door that fits, remembering where the person wanted to go. */
static err_t send_to(struct visit *visit, struct str door)
{
    struct str here = visit_here(visit->arena, visit->request);
    char *memory = arena_take(visit->arena, ADDRESS_BYTES);
    struct buf out;
    if (memory == NULL) return err_memory(visit->err);
    buf_init_fixed(&out, memory, ADDRESS_BYTES);
    buf_add(&out, door);
    if (visit->request->method == HTTP_GET) {
        buf_add(&out, S("?tiep="));
        write_url_text(&out, here);
    }
    return visit_go(visit, out.failed ? door : buf_str(&out));
}

static err_t refuse_page(struct visit *visit)
{
    err_set(visit->err, E_FORBIDDEN, NULL, "Tài khoản đang dùng không mở được trang này",
            "The account in use may not open this page");
    return err_hint(visit->err, "Đăng nhập bằng tài khoản có quyền, hoặc hỏi người quản lý",
                    "Sign in with an account that may, or ask the manager");
}

static err_t check_permission(struct visit *visit, enum permission permission)
{
    bool may = false;
    err_t e = actor_may_anywhere(visit->db, &visit->actor, permission, &may, visit->err);
    if (e != OK || may) return e;
    return actor_require(visit->db, &visit->actor, IDENTITY_EVERY_UNIT, permission, visit->err);
}

static err_t admit_staff(struct visit *visit, const struct visit_rule *rule, bool *out_admitted)
{
    bool first_only = rule->audience == VISIT_STAFF_FIRST, must_change = false;
    if (visit->login_id != 0) return refuse_page(visit);
    if (visit->actor.staff_id == 0) return send_to(visit, S("/dang-nhap/nhan-vien"));
    *out_admitted = first_only;
    if (first_only) return OK;
    if (!visit->signed_in) return send_to(visit, S("/dang-nhap/nhan-vien/ma"));
    err_t e = credential_must_change(visit->db, visit->actor.staff_id, &must_change, visit->err);
    if (e == OK && must_change && !str_starts(visit->request->path, S("/tai-khoan")))
        return visit_go(visit, S("/tai-khoan/mat-khau"));
    if (e == OK && rule->permission != VISIT_NO_PERMISSION)
        e = check_permission(visit, (enum permission)rule->permission);
    *out_admitted = e == OK;
    return e;
}

static err_t refuse_without_key(struct visit *visit)
{
    err_set(visit->err, E_STATE, NULL, "Máy chủ chưa có khóa nên chưa đăng nhập được",
            "The server has no key yet, so nobody can sign in");
    return err_hint(visit->err, "Quản trị hệ thống chạy: sangden identity key, rồi khởi động lại",
                    "An administrator runs: sangden identity key, and starts it again");
}

err_t visit_admit(struct visit *visit, const struct visit_rule *rule, bool *out_admitted)
{
    err_t e = OK;
    *out_admitted = rule->audience == VISIT_ANYBODY;
    if (rule->audience != VISIT_ANYBODY && visit->site->vault == NULL)
        return refuse_without_key(visit);
    if (rule->audience == VISIT_CUSTOMER) {
        if (visit->actor.staff_id != 0) return refuse_page(visit);
        if (visit->login_id == 0) return send_to(visit, S("/dang-nhap"));
        *out_admitted = true;
    } else if (rule->audience != VISIT_ANYBODY) {
        e = admit_staff(visit, rule, out_admitted);
    }
    if (e == OK && *out_admitted) e = check_form(visit);
    return e;
}
