/* SPDX-License-Identifier: Apache-2.0 */
/* What customers who sign in asked for: a level to be warned at, consents, a request, notices; and
 * a call that one of them made. */
#include "app/demo/demo_day.h"
#include "base/clock.h"
#include "base/date.h"
#include "identity/consent.h"
#include "identity/customer.h"
#include "notify/notify.h"
#include "registry/caller.h"
#include "registry/warning.h"

enum {
    DAY_MS = 24 * 60 * 60 * 1000,
    NOTICE_DAYS = 7,
    LEVEL_STEP_WH = 50000,
    LEVEL_STEP_VND = 100000
};

/* A customer of the demonstration, as steps need one. */
struct customer {
    int64_t login_id, agreement_id;
    struct str code, phone;
    struct bill_row bill; /* the last one */
};

static err_t find_customer(struct demo_day *day, const struct demo_login *login,
                           struct customer *out, bool *out_found, struct err *err)
{
    struct bill_row *bills = NULL;
    size_t count = 0;
    *out = (struct customer){.code = login->customer_code, .phone = str_of(login->phone)};
    err_t e = customer_login_of(day->db, out->phone, &out->login_id, err);
    if (e == OK)
        e = db_get_i64(day->db,
                       "SELECT agreement_id FROM agreement WHERE unit_id = $1 AND code = $2",
                       ARGS(v_i64(day->unit_id), v_text(out->code)), &out->agreement_id, err);
    if (e == OK)
        e = bill_page(day->db, day->arena, day->unit_id, out->agreement_id, &(struct bill_place){0},
                      false, 1, &bills, &count, err);
    *out_found = e == OK && count > 0;
    if (*out_found) out->bill = bills[0];
    return e;
}

/* Twice the last bill and somewhat more, in kWh or, where uses have many prices, in đồng. */
static err_t set_level(struct demo_day *day, const struct customer *c, bool money, struct err *err)
{
    int64_t wh = (2 * c->bill.total_wh / LEVEL_STEP_WH + 1) * LEVEL_STEP_WH;
    int64_t vnd = (2 * c->bill.total_vnd / LEVEL_STEP_VND + 1) * LEVEL_STEP_VND;
    struct warning_level level = {money ? WARNING_MONEY : WARNING_ENERGY, money ? vnd : wh};
    return warning_level_set(day->db, day->arena, c->login_id, day->unit_id, c->agreement_id,
                             day->today, &level, err);
}

/* Agrees to advice, and to surveys, which is taken back. */
static err_t say_consents(struct demo_day *day, const struct customer *c, struct err *err)
{
    struct consent consent = {.login_id = c->login_id,
                              .purpose = PURPOSE_saving_advice,
                              .given = true,
                              .text_version = S("trinh-dien"),
                              .channel = CONSENT_PORTAL,
                              .evidence = S("cổng khách hàng (mẫu)")};
    err_t e = consent_record(day->db, NULL, &consent, err);
    consent.purpose = PURPOSE_survey;
    if (e == OK) e = consent_record(day->db, NULL, &consent, err);
    consent.given = false;
    return e == OK ? consent_record(day->db, NULL, &consent, err) : e;
}

static err_t ask_data(struct demo_day *day, const struct customer *c, struct err *err)
{
    int64_t request_id;
    struct privacy_order order = {.unit_id = day->unit_id,
                                  .login_id = c->login_id,
                                  .kind = PRIVACY_see,
                                  .day = day->today,
                                  .words = S("Cho tôi xem dữ liệu đang lưu (mẫu)")};
    return privacy_request_take(day->db, NULL, &order, &request_id, err);
}

/* Workers of the server hand it over. */
static err_t tell_bill(struct demo_day *day, const struct customer *c, struct err *err)
{
    int64_t notice_no;
    char memory[BILL_NUMBER_BYTES];
    struct str number = bill_number(c->bill.unit_code, &c->bill.key, memory);
    struct notice notice = {
        .unit_id = day->unit_id,
        .channel = S("phone"),
        .recipient = c->phone,
        .subject = S("Hóa đơn tiền điện mới (mẫu)"),
        .body = arena_printf(day->arena, "(Mẫu) Hóa đơn %.*s: %lld đồng. Xem tại cổng khách hàng.",
                             STR_ARG(number), (long long)c->bill.total_vnd),
        .key = arena_printf(day->arena, "demo-day:%.*s", STR_ARG(number)),
        .expires_at_ms = clock_now_ms() + (int64_t)NOTICE_DAYS * DAY_MS};
    return notice_put(day->db, &notice, &notice_no, err);
}

/* Who called is asked two things and answers both. */
static err_t take_call(struct demo_day *day, const struct customer *c, struct err *err)
{
    bool passed;
    struct actor agent;
    struct caller_check check = {.unit_id = day->unit_id,
                                 .agreement_id = c->agreement_id,
                                 .agreement_code = c->code,
                                 .reason = CALLER_call,
                                 .note = S("hỏi về hóa đơn tháng trước (mẫu)")};
    check.asked[CALLER_ASKS_holder] = check.answered[CALLER_ASKS_holder] = true;
    check.asked[CALLER_ASKS_last_bill] = check.answered[CALLER_ASKS_last_bill] = true;
    err_t e = demo_day_actor(day, "GIAODICH", &agent, err);
    if (e == OK) e = caller_record(day->db, &agent, &check, clock_now_ms(), &passed, err);
    return e == OK ? caller_end(day->db, &agent, day->unit_id, c->agreement_id, c->code,
                                clock_now_ms(), err)
                   : e;
}

/* The first of them is a household and has everything; others who may change things have a level
 * and a notice. */
static err_t one_customer(struct demo_day *day, size_t i, struct err *err)
{
    struct customer c;
    bool found = false, household = i == 0;
    err_t e = find_customer(day, &day->logins[i], &c, &found, err);
    if (e != OK || !found || day->logins[i].role != LOGIN_owner) return e;
    e = set_level(day, &c, !household, err);
    if (e == OK) e = tell_bill(day, &c, err);
    if (e != OK || !household) return e;
    e = say_consents(day, &c, err);
    if (e == OK) e = ask_data(day, &c, err);
    return e == OK ? take_call(day, &c, err) : e;
}

err_t demo_day_customers(struct demo_day *day, struct err *err)
{
    err_t e = OK;
    for (size_t i = 0; i < day->login_count && e == OK; i++) e = one_customer(day, i, err);
    return e;
}
