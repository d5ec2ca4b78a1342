/* SPDX-License-Identifier: Apache-2.0 */
/* Holds of one customer: shown, placed, lifted. */
#include "base/clock.h"
#include "base/date.h"
#include "identity/audit.h"
#include "registry/hold.h"
#include "web/desk/desk.h"

enum { PROPOSED_DAYS = 14, REASON_BYTES = 200, WORDS_BYTES = 64, HOLDS_SHOWN = 50 };

static const enum web_text stop_words[] = {[HOLD_DRAFT] = TEXT_desk_hold_draft,
                                           [HOLD_COLLECTION] = TEXT_desk_hold_collection,
                                           [HOLD_CUT] = TEXT_desk_hold_cut};

static struct str stop_text(const struct visit *visit, enum hold_stops stops)
{
    return web_text(stop_words[stops], visit->show.english);
}

/* ---- shown ------------------------------------------------------------------------------- */

static err_t add_holds(struct visit *visit, const struct desk_customer *customer,
                       enum hold_subject subject, int64_t subject_id, struct show_desk_hold *holds,
                       struct show_desk_customer *page)
{
    const struct hold *found;
    size_t count = 0;
    err_t e = hold_list_of(visit->db, visit->arena, customer->hit.unit_id, subject, subject_id,
                           &found, &count, visit->err);
    for (size_t i = 0; e == OK && i < count && page->hold_count < HOLDS_SHOWN; i++) {
        struct str below = arena_printf(visit->arena, "giu/%lld/bo", (long long)found[i].hold_id);
        if (below.p == NULL) return err_memory(visit->err);
        holds[page->hold_count++] = (struct show_desk_hold){
            .words = stop_text(visit, found[i].stops),
            .reason = customer->standing.proved ? found[i].reason : S(""),
            .lift =
                arena_printf(visit->arena, "%.*s/%.*s",
                             STR_ARG(desk_customer_address(visit, customer->hit.agreement_code)),
                             STR_ARG(below)),
            .until = found[i].last_day,
            .late = found[i].last_day < visit->today};
    }
    return e;
}

static err_t fill_choices(struct visit *visit, const struct desk_customer *customer,
                          struct show_desk_customer *page)
{
    struct show_desk_choice *stops =
        ARENA_ARRAY(visit->arena, struct show_desk_choice, ARRAY_COUNT(stop_words));
    struct show_desk_choice *subjects =
        ARENA_ARRAY(visit->arena, struct show_desk_choice, TIMELINE_POINTS_MAX + 1);
    char memory[DATE_TEXT_BYTES];
    if (stops == NULL || subjects == NULL) return err_memory(visit->err);
    for (size_t i = 0; i < ARRAY_COUNT(stop_words); i++)
        stops[i] = (struct show_desk_choice){hold_stops_text((enum hold_stops)i),
                                             stop_text(visit, (enum hold_stops)i)};
    for (size_t i = 0; i < page->point_count; i++)
        subjects[page->subject_count++] =
            (struct show_desk_choice){page->points[i].code, page->points[i].code};
    if (customer->hit.account_id != 0)
        subjects[page->subject_count++] = (struct show_desk_choice){
            S("account"),
            arena_printf(visit->arena, "%.*s %.*s",
                         STR_ARG(web_text(TEXT_desk_account_code, visit->show.english)),
                         STR_ARG(customer->hit.account_code))};
    page->stops = stops;
    page->stop_count = ARRAY_COUNT(stop_words);
    page->subjects = subjects;
    page->last_day = arena_str(visit->arena, day_text(visit->today + PROPOSED_DAYS, memory));
    page->hold = desk_below(visit, customer, "giu");
    return OK;
}

err_t desk_fill_holds(struct visit *visit, const struct desk_customer *customer,
                      struct show_desk_customer *page)
{
    struct show_desk_hold *holds = ARENA_ARRAY(visit->arena, struct show_desk_hold, HOLDS_SHOWN);
    err_t e = OK;
    if (holds == NULL) return err_memory(visit->err);
    page->holds = holds;
    page->may_hold = customer->standing.proved && customer->may[DESK_PLACE_HOLD];
    page->may_lift = customer->standing.proved && customer->may[DESK_LIFT_HOLD];
    if (customer->hit.account_id != 0)
        e = add_holds(visit, customer, HOLD_ACCOUNT, customer->hit.account_id, holds, page);
    for (size_t i = 0; e == OK && i < customer->subject.point_count; i++)
        e = add_holds(visit, customer, HOLD_POINT, customer->subject.points[i], holds, page);
    return e == OK && page->may_hold ? fill_choices(visit, customer, page) : e;
}

/* ---- placed and lifted ------------------------------------------------------------------- */

static err_t read_reason(struct visit *visit, struct str field, struct str *out)
{
    struct str reason = str_trim(visit_field(visit, field));
    if (reason.n > 0 && reason.n <= REASON_BYTES) return *out = reason, OK;
    err_set(visit->err, E_INPUT, "why", "Chưa ghi lý do, hoặc lý do quá dài",
            "The reason is missing or too long");
    return err_hint(visit->err, "Ghi lý do trong một câu, không quá %d byte",
                    "Write the reason in one sentence of at most %d bytes", REASON_BYTES);
}

static err_t refuse_subject(struct visit *visit)
{
    err_set(visit->err, E_INPUT, "subject", "Điểm đo hoặc tài khoản không thuộc khách hàng này",
            "The point or account is not of this customer");
    return err_hint(visit->err, "Mở lại trang và chọn trong danh sách",
                    "Open the page again and choose from the list");
}

/* "account", or the code of one of the customer's points. */
static err_t read_subject(struct visit *visit, const struct desk_customer *customer,
                          struct hold *hold)
{
    struct str subject = visit_field(visit, S("subject"));
    int64_t point_id = 0;
    if (str_equal(subject, S("account")) && customer->hit.account_id != 0) {
        hold->subject = HOLD_ACCOUNT;
        hold->subject_id = customer->hit.account_id;
        return OK;
    }
    err_t e = db_get_i64_or(
        visit->db, "SELECT point_id FROM usage_point WHERE unit_id = $1 AND code = $2",
        ARGS(v_i64(customer->hit.unit_id), v_text(subject)), 0, &point_id, visit->err);
    hold->subject = HOLD_POINT;
    for (size_t i = 0; e == OK && i < customer->subject.point_count; i++)
        if (customer->subject.points[i] == point_id) return hold->subject_id = point_id, OK;
    return e == OK ? refuse_subject(visit) : e;
}

static err_t read_last_day(struct visit *visit, int32_t *out)
{
    if (day_parse(visit_field(visit, S("last")), out) && *out >= visit->today) return OK;
    err_set(visit->err, E_INPUT, "last", "Ngày cuối cùng không đúng hoặc đã qua",
            "The last day is no day or is past");
    return err_hint(visit->err, "Chọn một ngày từ hôm nay trở đi", "Choose today or a later day");
}

static err_t read_hold(struct visit *visit, const struct desk_customer *customer, struct hold *out)
{
    char memory[DATE_TEXT_BYTES];
    *out = (struct hold){.owner_id = visit->actor.staff_id};
    err_t e = desk_require_proved(visit, customer);
    if (e == OK && !hold_stops_parse(visit_field(visit, S("stops")), &out->stops))
        e = refuse_subject(visit);
    if (e == OK) e = read_subject(visit, customer, out);
    if (e == OK) e = read_reason(visit, S("why"), &out->reason);
    if (e == OK) e = read_last_day(visit, &out->last_day);
    out->escalate_day = out->last_day;
    out->matter = arena_printf(visit->arena, "desk:%.*s", STR_ARG(day_text(visit->today, memory)));
    return e;
}

/* The record of a change of holds, in the transaction of that change. */
static err_t note_hold(struct visit *visit, const struct desk_customer *customer,
                       const char *action, int64_t hold_id, struct str content)
{
    char memory[WORDS_BYTES];
    struct buf subject;
    buf_init_fixed(&subject, memory, sizeof memory);
    buf_printf(&subject, "hold %lld", (long long)hold_id);
    const struct audit_note note = {customer->hit.unit_id, S("registry"), str_of(action),
                                    buf_str(&subject), content};
    return audit_append(visit->db, &visit->actor, &note, visit->err);
}

err_t desk_hold(struct visit *visit)
{
    struct desk_customer customer;
    struct hold hold;
    int64_t hold_id = 0;
    err_t e = desk_customer_find(visit, &customer);
    if (e == OK)
        e = actor_require(visit->db, &visit->actor, customer.hit.unit_id, PERMISSION_HOLD_PLACE,
                          visit->err);
    if (e != OK) return e;
    e = read_hold(visit, &customer, &hold);
    if (e == OK) e = db_begin(visit->db, visit->err);
    if (e == OK)
        e = hold_place(visit->db, customer.hit.unit_id, &hold, clock_now_ms(), &hold_id,
                       visit->err);
    if (e == OK) e = note_hold(visit, &customer, "hold place", hold_id, hold.reason);
    return desk_end_form(visit, &customer, e);
}

/* Whether the hold is one of this customer's. */
static err_t find_hold(struct visit *visit, const struct desk_customer *customer, int64_t hold_id)
{
    int64_t subject = 0, kind = 0;
    err_t e =
        db_get_i64_or(visit->db, "SELECT subject_id FROM hold WHERE unit_id = $1 AND hold_id = $2",
                      ARGS(v_i64(customer->hit.unit_id), v_i64(hold_id)), 0, &subject, visit->err);
    if (e == OK)
        e = db_get_i64_or(visit->db,
                          "SELECT CASE WHEN subject_kind = 'account' THEN CAST(1 AS BIGINT) "
                          "ELSE CAST(0 AS BIGINT) END FROM hold WHERE unit_id = $1 "
                          "AND hold_id = $2",
                          ARGS(v_i64(customer->hit.unit_id), v_i64(hold_id)), 0, &kind, visit->err);
    if (e != OK) return e;
    if (kind == 1 && subject == customer->hit.account_id && subject != 0) return OK;
    for (size_t i = 0; kind == 0 && subject != 0 && i < customer->subject.point_count; i++)
        if (customer->subject.points[i] == subject) return OK;
    return visit_nothing(visit);
}

err_t desk_lift(struct visit *visit)
{
    struct desk_customer customer;
    struct str reason = S("");
    int64_t hold_id = 0;
    err_t e = desk_customer_find(visit, &customer);
    if (e == OK)
        e = actor_require(visit->db, &visit->actor, customer.hit.unit_id, PERMISSION_HOLD_LIFT,
                          visit->err);
    if (e == OK && !str_to_i64(visit->request->segment[1], &hold_id)) return visit_nothing(visit);
    if (e == OK) e = find_hold(visit, &customer, hold_id);
    if (e != OK) return e;
    e = desk_require_proved(visit, &customer);
    if (e == OK) e = read_reason(visit, S("reason"), &reason);
    if (e == OK) e = db_begin(visit->db, visit->err);
    if (e == OK)
        e = hold_release(visit->db, customer.hit.unit_id, hold_id, visit->actor.staff_id, reason,
                         clock_now_ms(), visit->err);
    if (e == OK) e = note_hold(visit, &customer, "hold release", hold_id, reason);
    return desk_end_form(visit, &customer, e);
}
