/* SPDX-License-Identifier: Apache-2.0 */
/* What a person does on the page of the own data: gives and takes back access, signs devices out,
 * agrees and withdraws, asks. What is refused is told on the page. */
#include "base/date.h"
#include "identity/customer.h"
#include "identity/throttle.h"
#include "web/portal/my_data.h"

enum { GIVES_AT_ONCE = 10, HOUR_MS = 3600000, SESSION_NAME_BYTES = 16, EVIDENCE_BYTES = 120 };

/* Of the words on the page of the own data. */
#define CONSENT_VERSION "du-lieu 2026-11"

err_t my_data_settle(struct visit *visit, err_t e)
{
    if (e == OK) e = db_commit(visit->db, visit->err);
    if (e != OK) db_rollback(visit->db);
    if (e == OK) return visit_go(visit, visit_onward(visit, S("/khach-hang/du-lieu")));
    if (e == E_STORE || e == E_BUSY || e == E_MEMORY) return e;
    return my_data_show(visit, visit->err);
}

err_t my_data_require_fresh(struct visit *visit)
{
    if (visit->session.fresh) return OK;
    err_set(visit->err, E_FORBIDDEN, NULL, "Việc này cần xác nhận lại là quý khách",
            "This needs a new proof that it is you");
    return err_hint(visit->err, "Đăng xuất, đăng nhập lại bằng mã, rồi làm ngay",
                    "Sign out, sign in with a code again, and do it at once");
}

err_t my_data_slow_down(struct visit *visit, const char *kind, int64_t at_once)
{
    char key[32];
    struct buf login;
    int64_t wait_ms = 0;
    const struct throttle_rate rate = {at_once, HOUR_MS};
    buf_init_fixed(&login, key, sizeof key);
    buf_add_i64(&login, visit->login_id);
    struct bucket bucket = bucket_of(visit->site->vault, kind, buf_str(&login));
    err_t e = throttle_take(visit->db, &bucket, &rate, &wait_ms, visit->err);
    if (e != OK || wait_ms == 0) return e;
    err_set(visit->err, E_WAIT, NULL, "Việc này đã làm nhiều lần trong một giờ",
            "This was done many times within an hour");
    err_wait(visit->err, wait_ms);
    return err_hint(visit->err, "Đợi một giờ rồi làm tiếp", "Go on in an hour");
}

/* ---- access ------------------------------------------------------------------------------ */

static err_t refuse_stranger(struct visit *visit)
{
    err_set(visit->err, E_INPUT, "who", "Người này chưa đăng nhập lần nào",
            "This person has never signed in");
    return err_hint(visit->err, "Nhờ người đó đăng nhập một lần, rồi cho quyền lại",
                    "Ask them to sign in once, then give access again");
}

static err_t refuse_form(struct visit *visit)
{
    err_set(visit->err, E_INPUT, "role", "Chưa chọn quyền, hoặc ngày không đúng",
            "No role was chosen, or the day is wrong");
    return err_hint(visit->err, "Chọn người thuê hoặc người nhà; ngày từ hôm nay trở đi",
                    "Choose tenant or relative; a day from today on");
}

/* The day that is typed is the last one of the access. */
static err_t read_form(struct visit *visit, struct login_supply *out)
{
    struct str until = visit_field(visit, S("until"));
    int32_t last_day = 0;
    out->from_day = visit->today;
    out->to_day = 0;
    if (!login_role_parse(visit_field(visit, S("role")), &out->role) || out->role == LOGIN_owner)
        return refuse_form(visit);
    if (until.n > 0) {
        if (!day_parse(until, &last_day) || last_day < visit->today) return refuse_form(visit);
        out->to_day = last_day + 1;
    }
    err_t e =
        customer_login_of(visit->db, visit_field(visit, S("who")), &out->login_id, visit->err);
    if (e == E_NOT_FOUND) return refuse_stranger(visit);
    if (e == E_INPUT) err_field(visit->err, S("who"));
    return e;
}

err_t portal_give_access(struct visit *visit)
{
    const struct portal_supply *mine;
    struct login_supply given = {0};
    err_t e = portal_supply(visit, LOGIN_CHANGES, &mine);
    if (e == OK) e = my_data_require_fresh(visit);
    /* Who gives access learns whether somebody has signed in before. */
    if (e == OK) e = my_data_slow_down(visit, "give access", GIVES_AT_ONCE);
    if (e == OK) e = read_form(visit, &given);
    if (e != OK) return my_data_settle(visit, e);
    given.unit_id = mine->unit_id;
    given.agreement_id = mine->agreement_id;
    e = db_begin(visit->db, visit->err);
    if (e == OK) e = login_give_by(visit->db, visit->login_id, visit->today, &given, visit->err);
    return my_data_settle(visit, e);
}

/* {login} */
err_t portal_end_access(struct visit *visit)
{
    const struct portal_supply *mine;
    struct login_supply ended = {.from_day = visit->today};
    if (!str_to_i64(visit->request->segment[0], &ended.login_id)) return visit_nothing(visit);
    err_t e = portal_supply(visit, LOGIN_CHANGES, &mine);
    if (e != OK) return e;
    ended.unit_id = mine->unit_id;
    ended.agreement_id = mine->agreement_id;
    e = db_begin(visit->db, visit->err);
    if (e == OK) e = login_take_back(visit->db, NULL, visit->login_id, &ended, visit->err);
    return my_data_settle(visit, e);
}

/* ---- devices ----------------------------------------------------------------------------- */

static err_t settle_device(struct visit *visit, err_t e)
{
    if (e == E_NOT_FOUND) {
        db_rollback(visit->db);
        return visit_nothing(visit);
    }
    return my_data_settle(visit, e);
}

/* {session} */
err_t portal_end_session(struct visit *visit)
{
    err_t e = db_begin(visit->db, visit->err);
    if (e == OK)
        e = session_end_by_owner(visit->db, SESSION_CUSTOMER, visit->login_id, NULL,
                                 visit->request->segment[0], visit->err);
    return settle_device(visit, e);
}

err_t portal_end_sessions(struct visit *visit)
{
    err_t e = db_begin(visit->db, visit->err);
    if (e == OK) e = session_end_others(visit->db, &visit->session, NULL, visit->err);
    return settle_device(visit, e);
}

/* {device} */
err_t portal_forget_device(struct visit *visit)
{
    err_t e = db_begin(visit->db, visit->err);
    if (e == OK)
        e = device_end_by_owner(visit->db, SESSION_CUSTOMER, visit->login_id, NULL,
                                visit->request->segment[0], visit->err);
    return settle_device(visit, e);
}

/* ---- consent ----------------------------------------------------------------------------- */

static err_t refuse_purpose(struct visit *visit)
{
    err_set(visit->err, E_INPUT, "purpose", "Không có mục đích này để hỏi sự đồng ý",
            "No such purpose asks for consent");
    return err_hint(visit->err, "Dùng nút bên cạnh từng mục đích",
                    "Use the button beside each purpose");
}

static err_t record(struct visit *visit, struct consent *consent)
{
    char memory[EVIDENCE_BYTES];
    struct buf evidence;
    bool holds = false;
    err_t e = consent_holds(visit->db, visit->login_id, consent->purpose, &holds, visit->err);
    if (e != OK || holds == consent->given) return e; /* said before */
    buf_init_fixed(&evidence, memory, sizeof memory);
    buf_printf(&evidence, "phiên %.*s, yêu cầu %.*s", SESSION_NAME_BYTES, visit->session.token_hash,
               STR_ARG(visit->request->id));
    consent->evidence = buf_str(&evidence);
    return consent_record(visit->db, NULL, consent, visit->err);
}

err_t portal_consent(struct visit *visit)
{
    struct consent consent = {.login_id = visit->login_id,
                              .given = str_equal(visit_field(visit, S("given")), S("1")),
                              .text_version = S(CONSENT_VERSION),
                              .channel = CONSENT_PORTAL};
    if (!purpose_parse(visit_field(visit, S("purpose")), &consent.purpose) ||
        !my_data_asks(consent.purpose))
        return my_data_settle(visit, refuse_purpose(visit));
    err_t e = db_begin(visit->db, visit->err);
    if (e == OK) e = record(visit, &consent);
    return my_data_settle(visit, e);
}

/* ---- requests ---------------------------------------------------------------------------- */

static err_t refuse_kind(struct visit *visit)
{
    err_set(visit->err, E_INPUT, "kind", "Chưa chọn yêu cầu", "No request was chosen");
    return err_hint(visit->err, "Chọn một trong các yêu cầu rồi gửi", "Choose one and send it");
}

/* Fields: kind, words. */
err_t portal_ask_data(struct visit *visit)
{
    struct portal_supplies *list;
    struct privacy_order order = {.login_id = visit->login_id, .day = visit->today};
    int64_t request_id;
    err_t e = portal_supplies(visit, &list);
    if (e != OK) return e;
    if (!privacy_request_parse(visit_field(visit, S("kind")), &order.kind) ||
        order.kind == PRIVACY_withdraw)
        return my_data_settle(visit, refuse_kind(visit));
    /* Who sees no agreement any more may still ask what is kept of the own sign-in. */
    order.unit_id = list->chosen != NULL ? list->chosen->unit_id : IDENTITY_EVERY_UNIT;
    order.words = visit_field(visit, S("words"));
    e = db_begin(visit->db, visit->err);
    if (e == OK) e = privacy_request_take(visit->db, NULL, &order, &request_id, visit->err);
    return my_data_settle(visit, e);
}
