/* SPDX-License-Identifier: Apache-2.0 */
/* Who asks? The questions whose answers are on file, and what became of them. */
#include "base/clock.h"
#include "billing/billing_view.h"
#include "document/wording.h"
#include "identity/mask.h"
#include "web/desk/desk.h"

enum { OFFERED = 3, DIGITS_ASKED = 3 };

/* ---- what can be asked ------------------------------------------------------------------- */

static err_t last_bill(struct visit *visit, const struct desk_customer *customer, struct str *out)
{
    struct bill_row bill;
    bool found = false;
    if (!customer->may[DESK_BILLS]) return OK;
    err_t e = desk_newest_bill(visit, customer, &bill, &found);
    if (e != OK || !found) return e;
    bool english = visit->show.english;
    *out =
        arena_printf(visit->arena, "%.*s (%.*s)",
                     STR_ARG(wording_figure(visit->arena, bill.total_vnd, 0, "\u00a0đ", english)),
                     STR_ARG(wording_month(visit->arena, bill.key.month, english)));
    return OK;
}

static err_t meter_end(struct visit *visit, const struct desk_customer *customer, struct str *out)
{
    struct str serial = S("");
    for (size_t i = 0; serial.n == 0 && i < customer->subject.point_count; i++) {
        err_t e =
            db_get_text(visit->db, visit->arena,
                        "SELECT m.serial FROM installation i JOIN meter m "
                        "ON m.unit_id = i.unit_id AND m.meter_id = i.meter_id "
                        "WHERE i.unit_id = $1 AND i.point_id = $2 AND i.removed_at IS NULL "
                        "ORDER BY i.installation_id LIMIT 1",
                        ARGS(v_i64(customer->hit.unit_id), v_i64(customer->subject.points[i])),
                        &serial, visit->err);
        if (e != OK && e != E_NOT_FOUND) return e;
        if (e == E_NOT_FOUND) serial = S("");
    }
    if (serial.n > DIGITS_ASKED)
        *out = arena_printf(visit->arena, "···%.*s",
                            STR_ARG(str_sub(serial, serial.n - DIGITS_ASKED, DIGITS_ASKED)));
    return OK;
}

/* The answers on file; empty where there is none. */
static err_t read_answers(struct visit *visit, const struct desk_customer *customer,
                          struct str answers[CALLER_QUESTION_COUNT])
{
    for (size_t i = 0; i < CALLER_QUESTION_COUNT; i++) answers[i] = S("");
    answers[CALLER_ASKS_holder] = customer->hit.holder;
    answers[CALLER_ASKS_street] = customer->hit.address;
    if (!desk_is_calling(visit, customer)) /* who picked up knows the number */
        answers[CALLER_ASKS_phone] = desk_masked(visit, mask_phone, customer->hit.phone);
    err_t e = last_bill(visit, customer, &answers[CALLER_ASKS_last_bill]);
    return e == OK ? meter_end(visit, customer, &answers[CALLER_ASKS_meter]) : e;
}

/* Three of them, others on another day, so that nobody learns which to prepare. */
static err_t fill_questions(struct visit *visit, const struct desk_customer *customer,
                            struct show_desk_customer *page)
{
    struct str answers[CALLER_QUESTION_COUNT];
    struct show_desk_question *questions =
        ARENA_ARRAY(visit->arena, struct show_desk_question, OFFERED);
    if (questions == NULL) return err_memory(visit->err);
    err_t e = read_answers(visit, customer, answers);
    size_t first = (size_t)(customer->hit.agreement_id + visit->today) % CALLER_QUESTION_COUNT;
    page->questions = questions;
    for (size_t i = 0; e == OK && i < CALLER_QUESTION_COUNT && page->question_count < OFFERED;
         i++) {
        enum caller_question question = (first + i) % CALLER_QUESTION_COUNT;
        if (answers[question].n == 0) continue;
        questions[page->question_count++] =
            (struct show_desk_question){caller_question_name(question),
                                        str_of(visit->show.english ? caller_question_en(question)
                                                                   : caller_question_vi(question)),
                                        answers[question]};
    }
    return e;
}

static struct str reason_words(const struct visit *visit, enum caller_reason reason)
{
    return str_of(visit->show.english ? caller_reason_en(reason) : caller_reason_vi(reason));
}

/* Who is being called back has no other reason; nobody else has that one. */
static bool is_offered(const struct visit *visit, const struct desk_customer *customer,
                       enum caller_reason reason)
{
    bool calls = reason == CALLER_call_back || reason == CALLER_call;
    return !calls || desk_is_calling(visit, customer) == (reason == CALLER_call_back);
}

err_t desk_fill_check(struct visit *visit, const struct desk_customer *customer,
                      struct show_desk_customer *page)
{
    const struct caller_standing *standing = &customer->standing;
    struct show_desk_choice *reasons =
        ARENA_ARRAY(visit->arena, struct show_desk_choice, CALLER_REASON_COUNT);
    if (reasons == NULL) return err_memory(visit->err);
    for (size_t i = 0; i < CALLER_REASON_COUNT; i++)
        if (is_offered(visit, customer, (enum caller_reason)i))
            reasons[page->reason_count++] =
                (struct show_desk_choice){caller_reason_name((enum caller_reason)i),
                                          reason_words(visit, (enum caller_reason)i)};
    page->reasons = reasons;
    page->proved = standing->proved;
    page->failed = standing->failed;
    page->note = visit_field(visit, S("note"));
    page->check = desk_below(visit, customer, "xac-minh");
    page->over = desk_below(visit, customer, "ket-thuc");
    if (!standing->proved) return fill_questions(visit, customer, page);
    page->why = reason_words(visit, standing->reason);
    return OK;
}

/* ---- for every form of the page ----------------------------------------------------------- */

err_t desk_require_proved(struct visit *visit, const struct desk_customer *customer)
{
    if (customer->standing.proved) return OK;
    err_set(visit->err, E_STATE, NULL, "Chưa xác minh ai đang yêu cầu",
            "It is not known yet who asks");
    return err_hint(visit->err, "Hỏi các câu trên trang, hoặc ghi lý do khác",
                    "Ask the questions of the page, or record another reason");
}

err_t desk_end_form(struct visit *visit, const struct desk_customer *customer, err_t e)
{
    if (e == OK) e = db_commit(visit->db, visit->err);
    if (e == OK) return visit_go(visit, desk_customer_address(visit, customer->hit.agreement_code));
    db_rollback(visit->db);
    if (e != E_INPUT && e != E_STATE && e != E_CONFLICT) return e;
    struct err refused = *visit->err;
    visit->response->status = err_http_status(e);
    return desk_customer_page(visit, customer, &refused);
}

/* ---- the answer -------------------------------------------------------------------------- */

static bool is_ticked(const struct visit *visit, const char *before, enum caller_question question)
{
    char memory[64];
    struct buf name;
    buf_init_fixed(&name, memory, sizeof memory);
    buf_printf(&name, "%s-%.*s", before, STR_ARG(caller_question_name(question)));
    return visit_field(visit, buf_str(&name)).n > 0;
}

static err_t read_check(struct visit *visit, const struct desk_customer *customer,
                        struct caller_check *out)
{
    *out = (struct caller_check){.unit_id = customer->hit.unit_id,
                                 .agreement_id = customer->hit.agreement_id,
                                 .agreement_code = customer->hit.agreement_code,
                                 .note = str_trim(visit_field(visit, S("note")))};
    for (size_t i = 0; i < CALLER_QUESTION_COUNT; i++) {
        out->asked[i] = is_ticked(visit, "asked", (enum caller_question)i);
        out->answered[i] = is_ticked(visit, "ok", (enum caller_question)i);
    }
    if (caller_reason_parse(visit_field(visit, S("reason")), &out->reason) &&
        is_offered(visit, customer, out->reason))
        return OK;
    err_set(visit->err, E_INPUT, "reason", "Chưa chọn lý do", "No reason is chosen");
    return err_hint(visit->err, "Chọn một lý do trong danh sách", "Choose one of the list");
}

err_t desk_check(struct visit *visit)
{
    struct desk_customer customer;
    struct caller_check check;
    bool passed = false;
    err_t e = desk_customer_find(visit, &customer);
    if (e != OK) return e;
    e = read_check(visit, &customer, &check);
    if (e == OK) e = db_begin(visit->db, visit->err);
    if (e == OK)
        e = caller_record(visit->db, &visit->actor, &check, clock_now_ms(), &passed, visit->err);
    return desk_end_form(visit, &customer, e);
}

err_t desk_over(struct visit *visit)
{
    struct desk_customer customer;
    err_t e = desk_customer_find(visit, &customer);
    if (e == OK) e = db_begin(visit->db, visit->err);
    if (e == OK)
        e = caller_end(visit->db, &visit->actor, customer.hit.unit_id, customer.hit.agreement_id,
                       customer.hit.agreement_code, clock_now_ms(), visit->err);
    if (e == OK) e = db_commit(visit->db, visit->err);
    return e == OK ? visit_go(visit, S("/ban-lam-viec")) : e;
}
