/* SPDX-License-Identifier: Apache-2.0 */
/* /tai-khoan: what a member of the staff sees and changes of the own account. */
#include "identity/credential.h"
#include "identity/second_factor.h"
#include "web/sign_in/sign_in.h"

enum { SESSIONS_MAX = 50, DEVICES_MAX = 50 };

struct gathering {
    struct visit *visit;
    struct show_session row[SESSIONS_MAX];
    size_t count;
    struct show_device device[DEVICES_MAX];
    size_t device_count;
};

static void gather(void *context, const struct session_row *row)
{
    struct gathering *g = context;
    struct arena *arena = g->visit->arena;
    struct str hash = str_of(row->session.token_hash);
    if (g->count == SESSIONS_MAX) return;
    g->row[g->count++] =
        (struct show_session){.agent = arena_str(arena, row->agent),
                              .address = arena_str(arena, row->address),
                              .began_ms = row->session.created_at_ms,
                              .seen_ms = row->session.seen_at_ms,
                              .hash = arena_str(arena, hash),
                              .this_one = str_equal(hash, str_of(g->visit->session.token_hash)),
                              .remembered = row->remembered};
}

static void gather_device(void *context, const struct device_row *row)
{
    struct gathering *g = context;
    struct arena *arena = g->visit->arena;
    if (g->device_count == DEVICES_MAX) return;
    g->device[g->device_count++] = (struct show_device){.agent = arena_str(arena, row->agent),
                                                        .hash = arena_str(arena, row->device_hash),
                                                        .since_ms = row->created_at_ms,
                                                        .until_ms = row->expires_at_ms};
}

err_t account_page(struct visit *visit)
{
    struct gathering *g = ARENA_NEW(visit->arena, struct gathering);
    struct second_factor_state state;
    struct str home;
    if (g == NULL) return err_memory(visit->err);
    *g = (struct gathering){.visit = visit};
    err_t e = session_each(visit->db, SESSION_STAFF, visit->actor.staff_id, gather, g, visit->err);
    if (e == OK)
        e = device_each(visit->db, SESSION_STAFF, visit->actor.staff_id, gather_device, g,
                        visit->err);
    if (e == OK) e = second_factor_state(visit->db, visit->actor.staff_id, &state, visit->err);
    if (e == OK) e = sign_in_staff_home(visit, &home);
    if (e != OK) return e;
    return show_account(&visit->show, &(struct show_account){.code = visit->actor.code,
                                                             .name = visit->actor.name,
                                                             .home = home,
                                                             .enrolled = state.enrolled,
                                                             .recovery_left = state.recovery_left,
                                                             .sessions = g->row,
                                                             .session_count = g->count,
                                                             .devices = g->device,
                                                             .device_count = g->device_count});
}

static err_t settle(struct visit *visit, err_t e)
{
    if (e == OK) e = db_commit(visit->db, visit->err);
    if (e != OK) db_rollback(visit->db);
    if (e == E_NOT_FOUND) return visit_nothing(visit);
    return e == OK ? visit_go(visit, S("/tai-khoan")) : e;
}

err_t account_end_session(struct visit *visit)
{
    err_t e = db_begin(visit->db, visit->err);
    if (e != OK) return e;
    return settle(visit,
                  session_end_by_owner(visit->db, SESSION_STAFF, visit->actor.staff_id,
                                       &visit->actor, visit->request->segment[0], visit->err));
}

err_t account_forget_device(struct visit *visit)
{
    err_t e = db_begin(visit->db, visit->err);
    if (e != OK) return e;
    return settle(visit,
                  device_end_by_owner(visit->db, SESSION_STAFF, visit->actor.staff_id,
                                      &visit->actor, visit->request->segment[0], visit->err));
}

/* ---- the password ------------------------------------------------------------------------ */

err_t account_password_page(struct visit *visit)
{
    return show_password(&visit->show, NULL);
}

err_t sign_in_same(struct visit *visit, struct str password, struct str again)
{
    if (str_equal(password, again)) return OK;
    err_set(visit->err, E_INPUT, "again", "Hai lần nhập mật khẩu khác nhau",
            "The two passwords differ");
    return err_hint(visit->err, "Nhập lại cả hai", "Enter both again");
}

static err_t change(struct visit *visit)
{
    struct str wanted = visit_field(visit, S("password"));
    err_t e = sign_in_same(visit, wanted, visit_field(visit, S("again")));
    if (e != OK) return e;
    return credential_change(visit->db, visit->arena, &visit->actor, &visit->session,
                             visit_field(visit, S("present")), wanted, visit->err);
}

/* The session goes on under another token, as after every proof. */
err_t account_password(struct visit *visit)
{
    char token[TOKEN_BYTES];
    err_t e = change(visit);
    if (e == E_INPUT || e == E_FORBIDDEN || e == E_WAIT)
        return show_password(&visit->show, visit->err);
    if (e == OK) e = db_begin(visit->db, visit->err);
    if (e == OK) e = session_rotate(visit->db, &visit->session, SESSION_FULL, token, visit->err);
    if (e == OK) e = db_commit(visit->db, visit->err);
    if (e != OK) return e;
    e = sign_in_keep(visit, token);
    return e == OK ? visit_go(visit, S("/tai-khoan")) : e;
}

/* ---- recovery codes ---------------------------------------------------------------------- */

err_t account_codes_page(struct visit *visit)
{
    struct second_factor_state state;
    err_t e = second_factor_state(visit->db, visit->actor.staff_id, &state, visit->err);
    if (e != OK) return e;
    return state.enrolled ? show_renew(&visit->show, NULL) : visit_go(visit, S("/tai-khoan"));
}

/* Shown once: whoever opens the address again gets the form. */
err_t account_codes(struct visit *visit)
{
    struct recovery_codes codes;
    struct str shown[RECOVERY_CODES];
    struct visitor visitor = visit_visitor(visit);
    char token[TOKEN_BYTES];
    err_t e = staff_renew_codes(visit->db, visit->arena, visit->site->vault, &visit->session,
                                &visitor, visit_field(visit, S("present")),
                                str_trim(visit_field(visit, S("totp"))), &codes, token, visit->err);
    if (sign_in_is_refusal(e)) return show_renew(&visit->show, visit->err);
    if (e == OK) e = sign_in_keep(visit, token);
    if (e != OK) return e;
    for (size_t i = 0; i < RECOVERY_CODES; i++) shown[i] = str_of(codes.code[i]);
    return show_recovery(&visit->show, shown, RECOVERY_CODES, S("/tai-khoan"));
}
