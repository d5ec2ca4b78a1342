/* SPDX-License-Identifier: Apache-2.0 */
/* How a customer signs in, as the desk does it: for a person at the counter, or called back.
 *
 *   contact, consent ─► login ─ role, from day to day ─► this agreement
 *
 * Who comes in for the first time by telephone was called at the number on record: whoever calls
 * knows no more than stands on a paper bill. Another contact in place of one that is registered is
 * for the counter alone. */
#include "base/clock.h"
#include "base/date.h"
#include "identity/customer.h"
#include "identity/mask.h"
#include "registry/login.h"
#include "web/desk/desk.h"
#include "web/sign_in/sign_in.h"

enum { CONTACTS_BYTES = 400 };

/* ---- shown ------------------------------------------------------------------------------- */

struct gathering {
    struct login_supply supply[TIMELINE_LOGINS_MAX];
    size_t count;
};

static void gather(void *context, const struct login_supply_row *row)
{
    struct gathering *g = context;
    if (g->count < TIMELINE_LOGINS_MAX) g->supply[g->count++] = row->supply;
}

/* Those whose first day is to come, and who have no role before it. */
static err_t gather_coming(struct visit *visit, const struct desk_customer *customer,
                           struct gathering *g)
{
    char memory[DATE_TEXT_BYTES];
    AUTO(rows_done_at) struct rows *rows = NULL;
    bool row = true;
    err_t e = db_query(visit->db,
                       "SELECT login_id, value_text, valid_from, valid_to FROM login_supply_asof "
                       "WHERE unit_id = $1 AND agreement_id = $2 AND valid_from > $3 "
                       "AND known_to = 9223372036854775807 AND state = 'set' "
                       "ORDER BY valid_from, login_id LIMIT 10",
                       ARGS(v_i64(customer->hit.unit_id), v_i64(customer->hit.agreement_id),
                            v_text(day_text(visit->today, memory))),
                       &rows, visit->err);
    while (e == OK && (e = rows_next(rows, &row, visit->err)) == OK && row) {
        struct login_supply_row coming = {.supply = {.login_id = row_i64(rows, 0)}};
        struct login_supply *supply = &coming.supply;
        bool known = false;
        for (size_t i = 0; i < g->count; i++) known |= g->supply[i].login_id == supply->login_id;
        if (known || !login_role_parse(row_text_or_empty(rows, 1), &supply->role)) continue;
        if (!day_parse(row_text(rows, 2), &supply->from_day)) continue;
        if (!day_parse(row_text(rows, 3), &supply->to_day)) supply->to_day = 0;
        gather(g, &coming);
    }
    return e;
}

/* All who have a role at the agreement, or will have one. */
static err_t find_logins(struct visit *visit, const struct desk_customer *customer,
                         struct gathering *g)
{
    g->count = 0;
    err_t e = login_holders_each(visit->db, customer->hit.unit_id, customer->hit.agreement_id,
                                 visit->today, gather, g, visit->err);
    return e == OK ? gather_coming(visit, customer, g) : e;
}

/* "···678, a···@example.vn" */
static err_t contacts_of(struct visit *visit, int64_t login_id, struct str *out)
{
    struct str contacts[LOGIN_CONTACTS_MAX];
    char memory[CONTACTS_BYTES];
    struct buf words;
    size_t count = 0;
    buf_init_fixed(&words, memory, sizeof memory);
    err_t e =
        customer_contacts(visit->db, visit->arena, login_id, contacts, &count, visit->err);
    for (size_t i = 0; e == OK && i < count; i++) {
        struct str address = contact_address(contacts[i]);
        bool phone = str_equal(contact_channel(contacts[i]), S("phone"));
        buf_printf(&words, "%s%.*s", i == 0 ? "" : ", ",
                   STR_ARG(desk_masked(visit, phone ? mask_phone : mask_email, address)));
    }
    *out = arena_str(visit->arena, str_first(buf_str(&words), CONTACTS_BYTES - 8));
    return e;
}

static err_t fill_login(struct visit *visit, const struct desk_customer *customer,
                        const struct login_supply *supply, struct show_desk_login *out)
{
    const char *role = visit->show.english ? login_role_en(supply->role)
                                           : login_role_vi(supply->role);
    struct str address = desk_below(visit, customer, "dang-nhap");
    long long number = (long long)supply->login_id;
    *out = (struct show_desk_login){
        .role = str_of(role),
        .since = supply->from_day,
        .until = supply->to_day > 0 ? supply->to_day - 1 : 0,
        .take_back = arena_printf(visit->arena, "%.*s/%lld/thu-hoi", STR_ARG(address), number),
        .change = arena_printf(visit->arena, "%.*s/%lld/doi", STR_ARG(address), number)};
    return contacts_of(visit, supply->login_id, &out->contact);
}

static bool is_counter(const struct desk_customer *customer)
{
    return customer->standing.proved && customer->standing.reason == CALLER_counter;
}

static bool is_called_back(const struct visit *visit, const struct desk_customer *customer)
{
    return customer->standing.proved && customer->standing.reason == CALLER_call_back &&
           desk_is_calling(visit, customer);
}

static err_t fill_roles(struct visit *visit, struct show_desk_customer *page)
{
    char memory[DATE_TEXT_BYTES];
    struct show_desk_choice *roles =
        ARENA_ARRAY(visit->arena, struct show_desk_choice, LOGIN_ROLE_COUNT);
    if (roles == NULL) return err_memory(visit->err);
    for (size_t i = 0; i < LOGIN_ROLE_COUNT; i++)
        roles[i] = (struct show_desk_choice){
            str_of(login_role_name((enum login_role)i)),
            str_of(visit->show.english ? login_role_en((enum login_role)i)
                                       : login_role_vi((enum login_role)i))};
    page->roles = roles;
    page->role_count = LOGIN_ROLE_COUNT;
    page->login_from = arena_str(visit->arena, day_text(visit->today, memory));
    return OK;
}

err_t desk_fill_logins(struct visit *visit, const struct desk_customer *customer,
                       struct show_desk_customer *page)
{
    struct gathering g;
    struct show_desk_login *logins =
        ARENA_ARRAY(visit->arena, struct show_desk_login, TIMELINE_LOGINS_MAX);
    if (logins == NULL) return err_memory(visit->err);
    page->logins = logins;
    page->knows_logins = customer->may[DESK_LOGINS];
    if (!page->knows_logins) return OK;
    page->may_take_back = customer->standing.proved;
    page->may_change = is_counter(customer);
    page->may_register = page->may_change || is_called_back(visit, customer);
    page->consent = CONTACT_CONSENT_VERSION;
    page->login_register = desk_below(visit, customer, "dang-nhap");
    page->login_contact = visit_field(visit, S("contact"));
    err_t e = fill_roles(visit, page);
    if (e == OK) e = find_logins(visit, customer, &g);
    for (size_t i = 0; e == OK && i < g.count; i++)
        e = fill_login(visit, customer, &g.supply[i], &logins[page->login_count++]);
    return e;
}

/* ---- registered -------------------------------------------------------------------------- */

static err_t refuse_absent(struct visit *visit)
{
    err_set(visit->err, E_STATE, NULL, "Chỉ làm khi khách hàng ở tại quầy",
            "This is done for a person at the counter");
    return err_hint(visit->err,
                    "Xem giấy tờ và ghi lý do tại quầy; hoặc nhận yêu cầu gọi lại và gọi số đã lưu",
                    "See the papers and record the reason counter; or take a call back and call "
                    "the number on record");
}

static err_t read_days(struct visit *visit, struct login_supply *out)
{
    struct str from = visit_field(visit, S("from")), to = visit_field(visit, S("to"));
    out->from_day = visit->today;
    out->to_day = 0;
    bool good = from.n == 0 || day_parse(from, &out->from_day);
    if (good && to.n > 0) good = day_parse(to, &out->to_day) && out->to_day++ >= out->from_day;
    if (good) return OK;
    err_set(visit->err, E_INPUT, "from", "Ngày không đúng, hoặc ngày cuối trước ngày đầu",
            "A day is none, or the last lies before the first");
    return err_hint(visit->err, "Chọn ngày đầu; ngày cuối để trống khi không hạn",
                    "Choose the first day; leave the last empty where there is none");
}

static err_t read_supply(struct visit *visit, const struct desk_customer *customer,
                         struct login_supply *out)
{
    *out = (struct login_supply){.unit_id = customer->hit.unit_id,
                                 .agreement_id = customer->hit.agreement_id};
    if (login_role_parse(visit_field(visit, S("role")), &out->role)) return read_days(visit, out);
    err_set(visit->err, E_INPUT, "role", "Chưa chọn vai trò", "No role is chosen");
    return err_hint(visit->err, "Chọn một vai trò trong danh sách", "Choose one of the list");
}

/* The version that was ticked; another one was not shown. */
static struct contact_consent read_consent(const struct visit *visit)
{
    bool ticked = str_equal(visit_field(visit, S("consent")), CONTACT_CONSENT_VERSION);
    return (struct contact_consent){ticked ? CONTACT_CONSENT_VERSION : S("")};
}

static err_t register_called(struct visit *visit, const struct desk_customer *customer,
                             struct str contact, int64_t *out_login_id)
{
    struct contact_consent consent = read_consent(visit);
    const struct call_back of = desk_call_of(customer);
    err_t e = customer_register_call_back(visit->db, &visit->actor, customer->hit.unit_id, contact,
                                          &consent, out_login_id, visit->err);
    if (e != OK) return e;
    return call_back_close(visit->db, &visit->actor, &of, CALL_BACK_registered, clock_now_ms(),
                           visit->err);
}

static err_t register_person(struct visit *visit, const struct desk_customer *customer,
                             struct login_supply *supply)
{
    struct str contact = str_trim(visit_field(visit, S("contact")));
    struct contact_consent consent = read_consent(visit);
    err_t e = is_counter(customer)
                  ? customer_register_counter(visit->db, &visit->actor, customer->hit.unit_id,
                                              contact, &consent, &supply->login_id, visit->err)
                  : register_called(visit, customer, contact, &supply->login_id);
    return e == OK ? login_give(visit->db, &visit->actor, supply, visit->err) : e;
}

err_t desk_register(struct visit *visit)
{
    struct desk_customer customer;
    struct login_supply supply;
    err_t e = desk_customer_find(visit, &customer);
    if (e == OK)
        e = actor_require(visit->db, &visit->actor, customer.hit.unit_id, PERMISSION_LOGIN_MANAGE,
                          visit->err);
    if (e != OK) return e;
    e = desk_require_proved(visit, &customer);
    if (e == OK && !is_counter(&customer) && !is_called_back(visit, &customer))
        e = refuse_absent(visit);
    if (e == OK) e = read_supply(visit, &customer, &supply);
    if (e == OK) e = db_begin(visit->db, visit->err);
    if (e == OK) e = register_person(visit, &customer, &supply);
    return desk_end_form(visit, &customer, e);
}

/* ---- taken back, changed ----------------------------------------------------------------- */

/* The role of the login in the address, at this agreement. */
static err_t find_login(struct visit *visit, struct desk_customer *customer,
                        struct login_supply *out)
{
    struct gathering g;
    int64_t login_id = 0;
    err_t e = desk_customer_find(visit, customer);
    if (e == OK)
        e = actor_require(visit->db, &visit->actor, customer->hit.unit_id, PERMISSION_LOGIN_MANAGE,
                          visit->err);
    if (e == OK) e = find_logins(visit, customer, &g);
    if (e != OK) return e;
    if (!str_to_i64(visit->request->segment[1], &login_id)) return visit_nothing(visit);
    for (size_t i = 0; i < g.count; i++) {
        if (g.supply[i].login_id != login_id) continue;
        *out = g.supply[i];
        out->unit_id = customer->hit.unit_id;
        out->agreement_id = customer->hit.agreement_id;
        return OK;
    }
    return visit_nothing(visit);
}

err_t desk_take_back(struct visit *visit)
{
    struct desk_customer customer;
    struct login_supply supply;
    err_t e = find_login(visit, &customer, &supply);
    if (e != OK) return e;
    if (supply.from_day < visit->today) supply.from_day = visit->today;
    e = desk_require_proved(visit, &customer);
    if (e == OK) e = db_begin(visit->db, visit->err);
    if (e == OK) e = login_take_back(visit->db, &visit->actor, 0, &supply, visit->err);
    return desk_end_form(visit, &customer, e);
}

err_t desk_change_contact(struct visit *visit)
{
    struct desk_customer customer;
    struct login_supply supply;
    struct contact_consent consent = read_consent(visit);
    err_t e = find_login(visit, &customer, &supply);
    if (e != OK) return e;
    e = is_counter(&customer) ? OK : refuse_absent(visit);
    if (e == OK) e = db_begin(visit->db, visit->err);
    if (e == OK)
        e = customer_change_counter(visit->db, &visit->actor, customer.hit.unit_id, supply.login_id,
                                    str_trim(visit_field(visit, S("contact"))), &consent,
                                    visit->err);
    return desk_end_form(visit, &customer, e);
}
