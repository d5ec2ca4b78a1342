/* SPDX-License-Identifier: Apache-2.0 */
/* Customers who are known: who it is, a code, signed in. */
#include "registry/login.h"
#include "registry/registry_view.h"
#include "web/sign_in/sign_in.h"

static err_t show_who(struct visit *visit, struct str typed, const struct err *refused)
{
    visit->show.onward = visit_onward(visit, S(""));
    return show_sign_in(&visit->show, &(struct show_sign_in){typed, refused});
}

err_t sign_in_ask(struct visit *visit)
{
    if (visit->login_id != 0) return visit_go(visit, visit_onward(visit, S("/khach-hang")));
    return show_who(visit, S(""), NULL);
}

/* The contact of the holder, where a customer code was typed. What nobody has is asked for like the
 * rest, so that nothing tells which codes there are. */
static err_t contact_of_code(struct visit *visit, struct str typed, char out[CONTACT_BYTES])
{
    struct buf unknown;
    int64_t unit_id, agreement_id, login_id = 0;
    buf_init_fixed(&unknown, out, CONTACT_BYTES);
    buf_add(&unknown, S("code:"));
    buf_add(&unknown, str_first(typed, CONTACT_BYTES - 8));
    err_t e = agreement_by_code(visit->db, typed, &unit_id, &agreement_id, visit->err);
    if (e == E_NOT_FOUND) return OK;
    if (e == OK)
        e = login_holder_of(visit->db, unit_id, agreement_id, visit->today, &login_id, visit->err);
    if (e == OK && login_id != 0) e = customer_contact_of(visit->db, login_id, out, visit->err);
    return e;
}

static bool could_be_code(struct str typed)
{
    for (size_t i = 0; i < typed.n; i++) {
        char c = typed.p[i];
        bool letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (!letter && c != '-' && c != '.' && c != '_') return false;
    }
    return typed.n >= 4 && typed.n <= 32;
}

/* *out_asked: what led to the contact, where that was a customer code. */
static err_t read_who(struct visit *visit, struct str typed, char out[CONTACT_BYTES],
                      struct str *out_asked)
{
    *out_asked = S("");
    if (contact_read(typed, out)) return OK;
    if (could_be_code(typed)) {
        *out_asked = arena_printf(visit->arena, "code:%.*s", STR_ARG(typed));
        return contact_of_code(visit, typed, out);
    }
    err_set(visit->err, E_INPUT, "who", "Đây không phải số điện thoại, e-mail hay mã khách hàng",
            "This is no telephone number, e-mail address or customer code");
    return err_hint(visit->err, "Viết như 0912345678, ten@example.vn hoặc PD00000000001",
                    "Write it like 0912345678, name@example.vn or PD00000000001");
}

err_t sign_in_send(struct visit *visit)
{
    char contact[CONTACT_BYTES];
    int64_t minutes = 0;
    struct str asked, typed = str_trim(visit_field(visit, S("who")));
    struct show_code page = {0};
    err_t e = read_who(visit, typed, contact, &asked);
    if (e == OK) e = sign_in_remember_days(visit, &page.remember_days);
    if (e == OK) e = sign_in_send_code(visit, CODE_SIGN_IN, asked, str_of(contact), &minutes);
    if (sign_in_is_refusal(e)) return show_who(visit, typed, visit->err);
    if (e != OK) return e;
    /* What was typed is told back; where a code was typed, nothing of the contact behind it. */
    bool own = contact_read(typed, contact);
    struct str to = own ? sign_in_masked(visit, str_of(contact))
                        : web_text(TEXT_code_registered, visit->show.english);
    visit->show.onward = visit_onward(visit, S(""));
    page.sent_to = to;
    page.minutes = minutes;
    return show_sign_in_code(&visit->show, &page);
}

static err_t show_code_again(struct visit *visit, const struct err *refused)
{
    struct show_code page = {.sent_to = web_text(TEXT_code_registered, visit->show.english),
                             .remember = sign_in_remember_ticked(visit),
                             .refused = refused};
    err_t e = sign_in_remember_days(visit, &page.remember_days);
    if (e != OK) return e;
    visit->show.onward = visit_onward(visit, S(""));
    return show_sign_in_code(&visit->show, &page);
}

err_t sign_in_code_page(struct visit *visit)
{
    if (sign_in_challenge(visit).n == 0) return visit_go(visit, S("/dang-nhap"));
    return show_code_again(visit, NULL);
}

err_t sign_in_code(struct visit *visit)
{
    struct signed_in signed_in;
    struct visitor visitor = visit_visitor(visit);
    err_t e = customer_sign_in(visit->db, visit->site->vault, sign_in_challenge(visit),
                               sign_in_code_typed(visit), &visitor, sign_in_remember_ticked(visit),
                               &signed_in, visit->err);
    if (sign_in_is_refusal(e)) return show_code_again(visit, visit->err);
    if (e != OK) return e;
    struct str token = arena_str(visit->arena, str_of(signed_in.token));
    return sign_in_welcome(visit, token, arena_str(visit->arena, str_of(signed_in.device)));
}

err_t sign_in_out(struct visit *visit)
{
    char hash[HASH_TEXT_BYTES];
    struct buf copy;
    if (visit->session.subject_id == 0) return visit_go(visit, S("/"));
    buf_init_fixed(&copy, hash, sizeof hash);
    buf_add(&copy, str_of(visit->session.token_hash));
    err_t e = session_end(visit->db, visit->session.kind, visit->session.subject_id, buf_str(&copy),
                          SESSION_SIGNED_OUT, visit->err);
    if (e != OK && e != E_NOT_FOUND) return e;
    visit_forget(visit);
    visit_put_cookie(visit, S("hop-dong"), S(""), 0);
    http_add_header(visit->response, "Clear-Site-Data", S("\"cache\""));
    /* Through the portal to its door: on the way the worker there forgets the bill that it kept,
     * also where no script ran on the page. Storage as a whole is also the calculator's. */
    return visit_go(visit, visit->login_id != 0 ? S("/khach-hang") : S("/dang-nhap/nhan-vien"));
}
