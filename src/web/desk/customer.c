/* SPDX-License-Identifier: Apache-2.0 */
/* /ban-lam-viec/khach-hang/{code}: one customer, or those of an account; ?chon= a bill in hand,
 * ?den= up to which month. */
#include "base/clock.h"
#include "base/date.h"
#include "document/bill_pdf.h"
#include "web/desk/desk.h"

enum { ADDRESS_BYTES = 400 };

/* ---- everything by time ------------------------------------------------------------------ */

/* The page with another bill in hand, or other months; empty: as they are. */
static struct str address_with(struct visit *visit, const struct desk_customer *customer,
                               struct str bill, int32_t month)
{
    char memory[ADDRESS_BYTES], text[MONTH_TEXT_BYTES];
    struct buf address;
    buf_init_fixed(&address, memory, sizeof memory);
    buf_add(&address, desk_customer_address(visit, customer->hit.agreement_code));
    buf_printf(&address, "?den=%.*s", STR_ARG(month_text(month, text)));
    if (bill.n > 0) {
        buf_add(&address, S("&chon="));
        write_url_text(&address, bill);
    }
    return arena_str(visit->arena, buf_str(&address));
}

static err_t read_month(struct visit *visit, int32_t *out)
{
    struct str text = visit_field(visit, S("den"));
    *out = month_of_day(visit->today);
    if (text.n == 0 || month_parse(text, out)) return OK;
    err_set(visit->err, E_INPUT, "den", "Tháng không đúng", "This is no month");
    return err_hint(visit->err, "Viết như 2026-10", "Write it like 2026-10");
}

static bool may_see(const struct desk_customer *customer, enum timeline_kind kind)
{
    switch (timeline_permission(kind)) {
    case PERMISSION_BILL_READ: return customer->may[DESK_BILLS];
    case PERMISSION_READING_READ: return customer->may[DESK_READINGS];
    case PERMISSION_LOGIN_MANAGE: return customer->may[DESK_LOGINS];
    case PERMISSION_PRIVACY_MANAGE: return customer->may[DESK_PRIVACY];
    default: return true;
    }
}

static struct show_desk_event event_of(struct visit *visit, const struct desk_customer *customer,
                                       const struct timeline_event *event, struct str chosen,
                                       int32_t month)
{
    const char *kind =
        visit->show.english ? timeline_kind_en(event->kind) : timeline_kind_vi(event->kind);
    struct show_desk_event out = {.day = event->day,
                                  .kind = str_of(kind),
                                  .title = event->title,
                                  .detail = event->detail,
                                  .current = event->bill.n > 0 && str_equal(event->bill, chosen)};
    if (event->bill.n > 0) out.address = address_with(visit, customer, event->bill, month);
    return out;
}

static err_t fill_events(struct visit *visit, const struct desk_customer *customer,
                         struct str chosen, struct show_desk_customer *page)
{
    struct timeline_window window = {.english = visit->show.english};
    struct timeline_event *events;
    size_t count = 0;
    bool older = false;
    if (!customer->standing.proved) return OK;
    err_t e = read_month(visit, &window.last_month);
    for (size_t i = 0; i < TIMELINE_KIND_COUNT; i++)
        window.may[i] = may_see(customer, (enum timeline_kind)i);
    if (e == OK)
        e = timeline_read(visit->db, visit->arena, &customer->subject, &window, &events, &count,
                          &older, visit->err);
    if (e != OK) return e;
    struct show_desk_event *shown = ARENA_ARRAY(visit->arena, struct show_desk_event, count + 1);
    if (shown == NULL) return err_memory(visit->err);
    for (size_t i = 0; i < count; i++)
        shown[i] = event_of(visit, customer, &events[i], chosen, window.last_month);
    page->events = shown;
    page->event_count = count;
    struct str kept = visit_field(visit, S("chon"));
    if (older)
        page->older = address_with(visit, customer, kept, window.last_month - TIMELINE_MONTHS);
    if (window.last_month < month_of_day(visit->today))
        page->newer = address_with(visit, customer, kept, window.last_month + TIMELINE_MONTHS);
    return OK;
}

/* ---- in hand ----------------------------------------------------------------------------- */

/* Looked for among the latest months first: older bills are many. */
err_t desk_newest_bill(struct visit *visit, const struct desk_customer *customer,
                       struct bill_row *out, bool *out_found)
{
    struct bill_row *rows;
    size_t count = 0;
    struct bill_place place = {
        .since_month = month_to_number(month_of_day(visit->today) - TIMELINE_MONTHS + 1)};
    err_t e = OK;
    for (int i = 0; i < 2 && e == OK && count == 0; i++, place.since_month = 0)
        e = bill_page(visit->db, visit->arena, customer->hit.unit_id, customer->hit.agreement_id,
                      &place, false, 1, &rows, &count, visit->err);
    *out_found = e == OK && count > 0;
    if (*out_found) *out = rows[0];
    return e;
}

/* The bill of ?chon=, or the newest; *out_found is false where there is none to show. */
static err_t find_bill(struct visit *visit, const struct desk_customer *customer,
                       struct bill_row *out, bool *out_found)
{
    struct str chosen = visit_field(visit, S("chon"));
    *out_found = false;
    if (!customer->standing.proved || !customer->may[DESK_BILLS]) return OK;
    if (chosen.n == 0) return desk_newest_bill(visit, customer, out, out_found);
    err_t e = bill_find(visit->db, visit->arena, chosen, out, visit->err);
    if (e == E_NOT_FOUND || e == E_INPUT) return visit_nothing(visit);
    if (e != OK) return e;
    if (out->key.unit_id != customer->hit.unit_id ||
        out->key.agreement_id != customer->hit.agreement_id)
        return visit_nothing(visit);
    *out_found = true;
    return OK;
}

static err_t fill_hand(struct visit *visit, const struct desk_customer *customer,
                       struct bill_facts *facts, struct show_desk_customer *page)
{
    struct bill_row bill;
    bool found = false;
    err_t e = find_bill(visit, customer, &bill, &found);
    if (e != OK || !found) return e;
    e = visit_bill(visit, &bill, facts);
    if (e != OK) return e;
    page->chosen = facts;
    page->pdf =
        arena_printf(visit->arena, "/ban-lam-viec/hoa-don/%.*s/pdf", STR_ARG(facts->number));
    return OK;
}

/* ---- the page ---------------------------------------------------------------------------- */

static err_t note_reading(struct visit *visit, const struct desk_customer *customer)
{
    bool proved = customer->standing.proved;
    struct str masked =
        desk_is_calling(visit, customer) ? S("customer.phone") : S("customer.masked");
    return visit_note(visit, customer->hit.unit_id, ACCESS_AGREEMENT, customer->hit.agreement_id,
                      proved ? S("customer.show") : masked,
                      proved ? caller_reason_name(customer->standing.reason) : S(""));
}

err_t desk_customer_page(struct visit *visit, const struct desk_customer *customer,
                         const struct err *refused)
{
    struct bill_facts facts;
    struct show_desk_customer page = {.today = visit->today, .refused = refused};
    desk_remember(visit, customer->hit.agreement_code);
    err_t e = note_reading(visit, customer);
    if (e == OK) e = desk_sections(visit, &page.sections);
    if (e == OK) e = desk_fill_who(visit, customer, &page);
    if (e == OK) e = desk_fill_check(visit, customer, &page);
    if (e == OK) e = desk_fill_call(visit, customer, &page);
    if (e == OK) e = desk_fill_holds(visit, customer, &page);
    if (e == OK) e = fill_hand(visit, customer, &facts, &page);
    if (e == OK)
        e = fill_events(visit, customer, page.chosen != NULL ? facts.number : S(""), &page);
    if (e == OK && visit->arena->failed) e = err_memory(visit->err);
    return e == OK ? show_desk_customer(&visit->show, &page) : e;
}

/* The code of an account, point or meter leads to its customers: to the one, or to the list. */
static err_t is_other_code(struct visit *visit, struct str code, bool *out)
{
    int64_t unit_id = 0;
    err_t e = db_get_i64_or(
        visit->db,
        "SELECT unit_id FROM (SELECT unit_id FROM search_directory WHERE kind = 'account' AND "
        "key = $1 UNION ALL SELECT unit_id FROM point_directory WHERE code = $1 UNION ALL "
        "SELECT unit_id FROM meter_directory WHERE serial = $1) o WHERE NOT EXISTS (SELECT 1 FROM "
        "agreement_directory WHERE code = $1) LIMIT 1",
        ARGS(v_text(code)), 0, &unit_id, visit->err);
    *out = unit_id != 0;
    return e;
}

err_t desk_customer(struct visit *visit)
{
    struct desk_customer customer;
    struct str code = visit->request->segment[0];
    bool other = false;
    err_t e = is_other_code(visit, code, &other);
    if (e == OK && other) return desk_find(visit, code);
    if (e == OK) e = desk_customer_find(visit, &customer);
    return e == OK ? desk_customer_page(visit, &customer, NULL) : e;
}

/* ---- the document ------------------------------------------------------------------------ */

static err_t find_proved(struct visit *visit, const struct bill_row *bill)
{
    struct caller_standing standing;
    err_t e = actor_require(visit->db, &visit->actor, bill->key.unit_id, PERMISSION_BILL_READ,
                            visit->err);
    if (e == OK)
        e = actor_require(visit->db, &visit->actor, bill->key.unit_id, PERMISSION_CUSTOMER_READ,
                          visit->err);
    if (e == OK)
        e = caller_standing(visit->db, bill->key.unit_id, bill->key.agreement_id,
                            visit->actor.staff_id, clock_now_ms(), &standing, visit->err);
    if (e != OK || standing.proved) return e;
    err_set(visit->err, E_FORBIDDEN, NULL, "Chưa xác minh ai đang hỏi về hóa đơn này",
            "It is not known yet who asks about this bill");
    return err_hint(visit->err, "Mở trang khách hàng và hỏi các câu ở đó trước",
                    "Open the customer's page and ask its questions first");
}

err_t desk_bill_pdf(struct visit *visit)
{
    struct bill_row bill;
    struct bill_facts facts;
    struct typeface *typeface;
    struct bill_pdf_form form = {.english = visit->show.english};
    err_t e = bill_find(visit->db, visit->arena, visit->request->segment[0], &bill, visit->err);
    if (e == E_NOT_FOUND || e == E_INPUT) return visit_nothing(visit);
    if (e == OK) e = find_proved(visit, &bill);
    if (e == OK)
        e = visit_note(visit, bill.key.unit_id, ACCESS_AGREEMENT, bill.key.agreement_id,
                       S("bill.pdf"), S(""));
    if (e == OK) e = visit_bill(visit, &bill, &facts);
    if (e == OK) e = visit_typeface(visit, &typeface);
    if (e != OK) return e;
    visit_file(visit, "application/pdf",
               arena_printf(visit->arena, "%.*s.pdf", STR_ARG(facts.number)), false);
    return bill_pdf(typeface, visit->arena, &facts, &form, visit->show.out, visit->err);
}
