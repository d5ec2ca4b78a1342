/* SPDX-License-Identifier: Apache-2.0 */
/* Who a customer is and where: what stands in the first column. */
#include "base/clock.h"
#include "base/date.h"
#include "document/wording.h"
#include "identity/mask.h"
#include "ledger/ledger_view.h"
#include "registry/registry_view.h"
#include "web/desk/desk.h"

enum { METERS_BYTES = 400, USES_BYTES = 512 };

/* ---- finding ----------------------------------------------------------------------------- */

/* Numbers of one column, at most so many. */
static err_t read_numbers(struct visit *visit, const char *sql, struct args args, int64_t *out,
                          size_t most, size_t *out_count)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    size_t count = 0;
    bool row = true;
    err_t e = db_query(visit->db, sql, args, &rows, visit->err);
    while (e == OK && count < most && (e = rows_next(rows, &row, visit->err)) == OK && row)
        out[count++] = row_i64(rows, 0);
    *out_count = count;
    return e;
}

static err_t find_subject(struct visit *visit, struct desk_customer *out)
{
    char memory[DATE_TEXT_BYTES];
    const struct search_hit *hit = &out->hit;
    struct args args = ARGS(v_i64(hit->unit_id), v_i64(hit->agreement_id));
    out->subject = (struct timeline_subject){.unit_id = hit->unit_id,
                                             .agreement_id = hit->agreement_id,
                                             .account_id = hit->account_id,
                                             .unit_code = hit->unit_code};
    err_t e =
        read_numbers(visit,
                     "SELECT DISTINCT point_id FROM point_fact WHERE unit_id = $1 "
                     "AND kind IN ('book', 'station', 'agreement') AND kind = 'agreement' "
                     "AND value_i64 = $2 AND state = 'set' ORDER BY point_id LIMIT 20",
                     args, out->subject.points, TIMELINE_POINTS_MAX, &out->subject.point_count);
    if (e != OK) return e;
    struct value today = v_text(day_text(visit->today, memory));
    return read_numbers(visit,
                        "SELECT login_id FROM login_supply_asof WHERE unit_id = $1 "
                        "AND agreement_id = $2 AND valid_from <= $3 AND valid_to > $3 "
                        "AND known_to = 9223372036854775807 AND state = 'set' "
                        "ORDER BY login_id LIMIT 10",
                        ARGS(v_i64(hit->unit_id), v_i64(hit->agreement_id), today),
                        out->subject.logins, TIMELINE_LOGINS_MAX, &out->subject.login_count);
}

static err_t find_rights(struct visit *visit, struct desk_customer *out)
{
    static const enum permission permissions[DESK_RIGHT_COUNT] = {
        [DESK_BILLS] = PERMISSION_BILL_READ,       [DESK_READINGS] = PERMISSION_READING_READ,
        [DESK_PLACE_HOLD] = PERMISSION_HOLD_PLACE, [DESK_LIFT_HOLD] = PERMISSION_HOLD_LIFT,
        [DESK_LOGINS] = PERMISSION_LOGIN_MANAGE,   [DESK_PRIVACY] = PERMISSION_PRIVACY_MANAGE};
    err_t e = OK;
    for (size_t i = 0; e == OK && i < DESK_RIGHT_COUNT; i++)
        e = actor_may(visit->db, &visit->actor, out->hit.unit_id, permissions[i], &out->may[i],
                      visit->err);
    return e;
}

err_t desk_customer_find(struct visit *visit, struct desk_customer *out)
{
    struct search_hit hits[SEARCH_CODES_MAX];
    int64_t unit_id, agreement_id;
    size_t count = 0;
    *out = (struct desk_customer){.standing = {.proved = false}};
    err_t e = agreement_by_code(visit->db, visit->request->segment[0], &unit_id, &agreement_id,
                                visit->err);
    if (e == E_NOT_FOUND) return visit_nothing(visit);
    if (e == OK)
        e = actor_require(visit->db, &visit->actor, unit_id, PERMISSION_CUSTOMER_READ, visit->err);
    if (e == OK)
        e = search_open(visit->db, visit->arena, SEARCH_agreement, unit_id, agreement_id,
                        visit->today, hits, &count, visit->err);
    if (e == OK && count == 0) return visit_nothing(visit);
    if (e != OK) return e;
    out->hit = hits[0];
    e = find_subject(visit, out);
    if (e == OK) e = find_rights(visit, out);
    if (e == OK && out->may[DESK_LOGINS])
        e = call_back_state(visit->db, visit->arena, unit_id, agreement_id, &out->call_back,
                            visit->err);
    if (e != OK) return e;
    return caller_standing(visit->db, unit_id, agreement_id, visit->actor.staff_id, clock_now_ms(),
                           &out->standing, visit->err);
}

struct str desk_below(struct visit *visit, const struct desk_customer *customer, const char *what)
{
    return arena_printf(visit->arena, "%.*s/%s",
                        STR_ARG(desk_customer_address(visit, customer->hit.agreement_code)), what);
}

/* ---- people ------------------------------------------------------------------------------ */

/* As it is once it is proved who asks. */
static struct str as_known(struct visit *visit, const struct desk_customer *customer,
                           desk_mask *mask, struct str text)
{
    return customer->standing.proved ? text : desk_masked(visit, mask, text);
}

static err_t read_text(struct visit *visit, const char *sql, struct args args, struct str *out)
{
    struct str text;
    err_t e = db_get_text(visit->db, visit->arena, sql, args, &text, visit->err);
    if (e == OK) *out = text;
    return e == E_NOT_FOUND ? OK : e;
}

static err_t read_name(struct visit *visit, int64_t unit_id, int64_t party_id, struct str *out)
{
    if (party_id == 0) return OK;
    return read_text(visit, "SELECT name FROM party WHERE unit_id = $1 AND party_id = $2",
                     ARGS(v_i64(unit_id), v_i64(party_id)), out);
}

/* The user and the payer, where they are others than the holder. */
static err_t fill_others(struct visit *visit, const struct desk_customer *customer,
                         struct show_desk_customer *page)
{
    char memory[DATE_TEXT_BYTES];
    const struct search_hit *hit = &customer->hit;
    struct str user = S(""), payer = S("");
    int64_t payer_id = 0;
    struct value today = v_text(day_text(visit->today, memory));
    err_t e = OK;
    if (hit->user_id != hit->holder_id) e = read_name(visit, hit->unit_id, hit->user_id, &user);
    if (e == OK && hit->account_id != 0)
        e = db_get_i64_or(visit->db,
                          "SELECT value_i64 FROM account_asof WHERE unit_id = $1 "
                          "AND account_id = $2 AND kind = 'payer' AND valid_from <= $3 "
                          "AND valid_to > $3 AND known_to = 9223372036854775807 "
                          "AND state = 'set'",
                          ARGS(v_i64(hit->unit_id), v_i64(hit->account_id), today), 0, &payer_id,
                          visit->err);
    if (e == OK && payer_id != hit->holder_id) e = read_name(visit, hit->unit_id, payer_id, &payer);
    page->user = as_known(visit, customer, mask_name, user);
    page->payer = as_known(visit, customer, mask_name, payer);
    return e;
}

static err_t fill_contacts(struct visit *visit, const struct desk_customer *customer,
                           struct show_desk_customer *page)
{
    const struct search_hit *hit = &customer->hit;
    struct str email = S("");
    err_t e = read_text(visit,
                        "SELECT email FROM party WHERE unit_id = $1 AND party_id = $2 "
                        "AND email IS NOT NULL",
                        ARGS(v_i64(hit->unit_id), v_i64(hit->holder_id)), &email);
    page->name = as_known(visit, customer, mask_name, hit->holder);
    page->address = as_known(visit, customer, mask_address, hit->address);
    page->phone = as_known(visit, customer, mask_phone, hit->phone);
    page->email = as_known(visit, customer, mask_email, email);
    page->code = hit->agreement_code;
    page->unit =
        arena_printf(visit->arena, "%.*s · %.*s", STR_ARG(hit->unit_code), STR_ARG(hit->unit_name));
    page->ended = hit->ended;
    page->account = hit->account_code;
    return e;
}

static err_t fill_owed(struct visit *visit, const struct desk_customer *customer,
                       struct show_desk_customer *page)
{
    struct ledger_balance balance;
    if (customer->hit.account_id == 0 || !customer->may[DESK_BILLS] || !customer->standing.proved)
        return OK;
    err_t e = ledger_balance_of(visit->db, customer->hit.unit_id, customer->hit.account_id,
                                &balance, visit->err);
    if (e == OK)
        page->owed = wording_figure(visit->arena, balance.owed_vnd - balance.credit_vnd, 0,
                                    "\u00a0đ", visit->show.english);
    return e;
}

/* ---- points ------------------------------------------------------------------------------ */

static err_t read_meters(struct visit *visit, const struct desk_customer *customer,
                         int64_t point_id, struct str *out)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    char memory[METERS_BYTES];
    struct buf meters;
    bool row = true;
    buf_init_fixed(&meters, memory, sizeof memory);
    err_t e = db_query(visit->db,
                       "SELECT m.serial, m.registers, i.multiplier FROM installation i "
                       "JOIN meter m ON m.unit_id = i.unit_id AND m.meter_id = i.meter_id "
                       "WHERE i.unit_id = $1 AND i.point_id = $2 AND i.removed_at IS NULL "
                       "ORDER BY i.role, m.serial",
                       ARGS(v_i64(customer->hit.unit_id), v_i64(point_id)), &rows, visit->err);
    while (e == OK && (e = rows_next(rows, &row, visit->err)) == OK && row) {
        struct str serial = as_known(visit, customer, mask_phone, row_text(rows, 0));
        buf_printf(&meters, "%s%.*s · %.*s", meters.n == 0 ? "" : "; ", STR_ARG(serial),
                   STR_ARG(row_text(rows, 1)));
        if (row_i64(rows, 2) != 1) buf_printf(&meters, " × %lld", (long long)row_i64(rows, 2));
    }
    *out = arena_str(visit->arena, str_first(buf_str(&meters), METERS_BYTES - 8));
    return e;
}

/* "SH:-:60%;KD:LT6:40%" as "SH 60%; KD LT6 40%". */
static struct str uses_words(struct visit *visit, struct str chain)
{
    char memory[USES_BYTES];
    struct buf words;
    struct str rest = chain, use, category, voltage;
    buf_init_fixed(&words, memory, sizeof memory);
    while (str_split(&rest, ';', &use) && str_split(&use, ':', &category) &&
           str_split(&use, ':', &voltage)) {
        if (words.n > 0) buf_add(&words, S("; "));
        buf_add(&words, category);
        if (!str_equal(voltage, S("-"))) buf_printf(&words, " %.*s", STR_ARG(voltage));
        buf_printf(&words, " %.*s", STR_ARG(use));
    }
    return arena_str(visit->arena, buf_str(&words));
}

/* The facts of the day; *out_supplies: the point still belongs to the agreement. */
static err_t read_point(struct visit *visit, const struct desk_customer *customer, int64_t point_id,
                        struct show_desk_point *out, bool *out_supplies)
{
    char memory[DATE_TEXT_BYTES];
    AUTO(rows_done_at) struct rows *rows = NULL;
    bool row = true;
    struct value unit = v_i64(customer->hit.unit_id), point = v_i64(point_id);
    err_t e =
        db_query(visit->db,
                 "SELECT f.kind, f.value_i64, f.value_text, b.code FROM point_asof f "
                 "LEFT JOIN book b ON f.kind = 'book' AND b.unit_id = f.unit_id "
                 "AND b.book_id = f.value_i64 WHERE f.unit_id = $1 AND f.point_id = $2 "
                 "AND f.valid_from <= $3 AND f.valid_to > $3 "
                 "AND f.known_to = 9223372036854775807 AND f.state = 'set'",
                 ARGS(unit, point, v_text(day_text(visit->today, memory))), &rows, visit->err);
    *out_supplies = false;
    while (e == OK && (e = rows_next(rows, &row, visit->err)) == OK && row) {
        struct str kind = row_text(rows, 0), text = row_text_or_empty(rows, 2);
        if (str_equal(kind, S("agreement")))
            *out_supplies = row_i64(rows, 1) == customer->hit.agreement_id;
        if (str_equal(kind, S("address")))
            out->address = as_known(visit, customer, mask_address, arena_str(visit->arena, text));
        if (str_equal(kind, S("uses"))) out->uses = uses_words(visit, text);
        if (str_equal(kind, S("book")))
            out->book = arena_str(visit->arena, row_text_or_empty(rows, 3));
    }
    if (e == OK)
        e = read_text(visit, "SELECT code FROM usage_point WHERE unit_id = $1 AND point_id = $2",
                      ARGS(unit, point), &out->code);
    return e == OK ? read_meters(visit, customer, point_id, &out->meters) : e;
}

static err_t fill_points(struct visit *visit, const struct desk_customer *customer,
                         struct show_desk_customer *page)
{
    const struct timeline_subject *subject = &customer->subject;
    struct show_desk_point *points =
        ARENA_ARRAY(visit->arena, struct show_desk_point, TIMELINE_POINTS_MAX);
    err_t e = OK;
    if (points == NULL) return err_memory(visit->err);
    for (size_t i = 0; e == OK && i < subject->point_count; i++) {
        struct show_desk_point point = {.address = S("")};
        bool supplies = false;
        e = read_point(visit, customer, subject->points[i], &point, &supplies);
        if (e == OK && (supplies || customer->hit.ended)) points[page->point_count++] = point;
    }
    page->points = points;
    return e;
}

err_t desk_fill_who(struct visit *visit, const struct desk_customer *customer,
                    struct show_desk_customer *page)
{
    err_t e = fill_contacts(visit, customer, page);
    if (e == OK) e = fill_others(visit, customer, page);
    if (e == OK) e = fill_owed(visit, customer, page);
    if (e == OK) e = desk_fill_others(visit, customer, page);
    if (e == OK) e = fill_points(visit, customer, page);
    return e == OK ? desk_fill_logins(visit, customer, page) : e;
}
