/* SPDX-License-Identifier: Apache-2.0 */
/* The staff: code and password, then the second factor, enrolled where it is missing. */
#include "identity/credential.h"
#include "identity/second_factor.h"
#include "web/sign_in/sign_in.h"

/* ---- where people start ------------------------------------------------------------------ */

static const struct {
    enum permission permission;
    struct str address;
} homes[] = {
    {PERMISSION_REQUEST_HANDLE, S_INIT("/ban-lam-viec")},
    {PERMISSION_RUN_READ, S_INIT("/van-hanh")},
    {PERMISSION_READING_ENTER, S_INIT("/van-hanh/so")},
    {PERMISSION_CUSTOMER_READ, S_INIT("/ban-lam-viec")},
};

err_t sign_in_staff_home(struct visit *visit, struct str *out)
{
    *out = S("/tai-khoan");
    for (size_t i = 0; i < ARRAY_COUNT(homes); i++) {
        bool may = false;
        err_t e =
            actor_may_anywhere(visit->db, &visit->actor, homes[i].permission, &may, visit->err);
        if (e != OK) return e;
        if (!may) continue;
        *out = homes[i].address;
        return OK;
    }
    return OK;
}

static err_t find_signed_in(struct visit *visit, struct str token)
{
    bool found = false;
    err_t e = session_find(visit->db, token, &visit->session, &found, visit->err);
    if (e != OK) return e;
    ASSERT(found); /* it was begun just now */
    return session_actor(visit->db, visit->arena, &visit->session, visit->today, &visit->actor,
                         visit->err);
}

/* The session cookie of the staff ends with the browser; the store ends it earlier. */
static err_t go_on(struct visit *visit, const struct signed_in *signed_in)
{
    struct str home, token = arena_str(visit->arena, str_of(signed_in->token));
    struct str device = arena_str(visit->arena, str_of(signed_in->device));
    err_t e = find_signed_in(visit, token);
    if (e != OK) return e;
    visit_begin(visit, token, device, -1);
    if (signed_in->level == SESSION_FIRST)
        return visit_go(visit, signed_in->must_enrol ? S("/dang-nhap/nhan-vien/xac-thuc")
                                                     : S("/dang-nhap/nhan-vien/ma"));
    if (signed_in->must_change) return visit_go(visit, S("/tai-khoan/mat-khau"));
    e = sign_in_staff_home(visit, &home);
    return e == OK ? visit_go(visit, visit_onward(visit, home)) : e;
}

/* ---- code and password ------------------------------------------------------------------- */

err_t sign_in_staff_page(struct visit *visit)
{
    struct str home;
    if (visit->actor.staff_id != 0 && visit->signed_in) {
        err_t e = sign_in_staff_home(visit, &home);
        return e == OK ? visit_go(visit, visit_onward(visit, home)) : e;
    }
    visit->show.onward = visit_onward(visit, S(""));
    return show_sign_in_staff(&visit->show, false, &(struct show_sign_in){0});
}

err_t sign_in_staff(struct visit *visit)
{
    struct signed_in signed_in;
    const struct sign_in request = {.staff_code = str_trim(visit_field(visit, S("staff"))),
                                    .password = visit_field(visit, S("password")),
                                    .second = str_trim(visit_field(visit, S("totp"))),
                                    .visitor = visit_visitor(visit)};
    err_t e = staff_sign_in(visit->db, visit->arena, visit->site->vault, &request, &signed_in,
                            visit->err);
    if (e == OK) return go_on(visit, &signed_in);
    if (!sign_in_is_refusal(e)) return e;
    visit->show.onward = visit_onward(visit, S(""));
    return show_sign_in_staff(&visit->show, false,
                              &(struct show_sign_in){request.staff_code, visit->err});
}

/* ---- the second factor ------------------------------------------------------------------- */

err_t sign_in_second_page(struct visit *visit)
{
    struct second_factor_state state;
    err_t e = second_factor_state(visit->db, visit->actor.staff_id, &state, visit->err);
    if (e != OK) return e;
    if (!state.enrolled) return visit_go(visit, S("/dang-nhap/nhan-vien/xac-thuc"));
    return show_sign_in_staff(&visit->show, true, &(struct show_sign_in){0});
}

err_t sign_in_second(struct visit *visit)
{
    struct signed_in signed_in;
    struct visitor visitor = visit_visitor(visit);
    err_t e =
        staff_prove_second(visit->db, visit->arena, visit->site->vault, &visit->session, &visitor,
                           str_trim(visit_field(visit, S("totp"))), &signed_in, visit->err);
    if (e == OK) return go_on(visit, &signed_in);
    if (!sign_in_is_refusal(e)) return e;
    return show_sign_in_staff(&visit->show, true, &(struct show_sign_in){S(""), visit->err});
}

/* ---- enrolling it ------------------------------------------------------------------------ */

/* Every time the page is opened there is a new secret; the one before is forgotten. */
err_t sign_in_enrol_page(struct visit *visit)
{
    struct totp_offer offer;
    visit_end_snapshot(visit);
    err_t e = db_begin(visit->db, visit->err);
    if (e == OK)
        e = second_factor_begin(visit->db, visit->site->vault, &visit->actor, S("Sáng Đèn"), &offer,
                                visit->err);
    if (e == OK) e = db_commit(visit->db, visit->err);
    if (e != OK) {
        db_rollback(visit->db);
        return e == E_STATE ? visit_go(visit, S("/dang-nhap/nhan-vien/ma")) : e;
    }
    return show_enrol(&visit->show, str_of(offer.secret), str_of(offer.uri), NULL);
}

err_t sign_in_enrol(struct visit *visit)
{
    struct signed_in signed_in;
    struct recovery_codes codes;
    struct str home, shown[RECOVERY_CODES];
    struct visitor visitor = visit_visitor(visit);
    err_t e =
        staff_enrol_second(visit->db, visit->arena, visit->site->vault, &visit->session, &visitor,
                           str_trim(visit_field(visit, S("totp"))), &codes, &signed_in, visit->err);
    if (sign_in_is_refusal(e)) return show_enrol(&visit->show, S(""), S(""), visit->err);
    if (e != OK) return e;
    struct str token = arena_str(visit->arena, str_of(signed_in.token));
    e = find_signed_in(visit, token);
    if (e != OK) return e;
    visit_begin(visit, token, arena_str(visit->arena, str_of(signed_in.device)), -1);
    for (size_t i = 0; i < RECOVERY_CODES; i++) shown[i] = str_of(codes.code[i]);
    e = sign_in_staff_home(visit, &home);
    if (signed_in.must_change) home = S("/tai-khoan/mat-khau");
    return e == OK ? show_recovery(&visit->show, shown, RECOVERY_CODES, home) : e;
}

/* ---- a password by invitation ------------------------------------------------------------ */

err_t sign_in_set_up_page(struct visit *visit)
{
    return show_set_up(&visit->show, S(""), NULL);
}

err_t sign_in_set_up(struct visit *visit)
{
    struct str code = str_trim(visit_field(visit, S("staff")));
    struct str password = visit_field(visit, S("password"));
    err_t e = sign_in_same(visit, password, visit_field(visit, S("again")));
    if (e == OK)
        e = credential_set_up(visit->db, visit->arena, code,
                              str_trim(visit_field(visit, S("invitation"))), password, visit->today,
                              visit->err);
    if (sign_in_is_refusal(e)) return show_set_up(&visit->show, code, visit->err);
    return e == OK ? visit_go(visit, S("/dang-nhap/nhan-vien")) : e;
}
