/* SPDX-License-Identifier: Apache-2.0 */
/* Calls that customers asked for: the list of them, taken, and closed with a result.
 *
 * The number is that of the holder on record, masked until somebody takes the call, then whole for
 * that member of the staff. */
#include <stdlib.h>

#include "base/clock.h"
#include "identity/mask.h"
#include "web/desk/desk.h"

enum { UNITS_MAX = 1000, CALLS_MAX = 100 };

bool desk_is_calling(const struct visit *visit, const struct desk_customer *customer)
{
    return customer->call_back.open && customer->call_back.taken_by == visit->actor.staff_id;
}

struct call_back desk_call_of(const struct desk_customer *customer)
{
    return (struct call_back){customer->hit.unit_id, customer->hit.agreement_id,
                              customer->hit.agreement_code};
}

/* ---- on the customer's page -------------------------------------------------------------- */

err_t desk_fill_call(struct visit *visit, const struct desk_customer *customer,
                     struct show_desk_customer *page)
{
    struct show_desk_choice *results =
        ARENA_ARRAY(visit->arena, struct show_desk_choice, CALL_BACK_RESULT_COUNT);
    if (results == NULL) return err_memory(visit->err);
    page->call_asked = customer->call_back.open;
    if (!page->call_asked) return OK;
    page->call_asked_ms = customer->call_back.asked_at_ms;
    page->call_take = desk_below(visit, customer, "goi-lai");
    page->call_close = desk_below(visit, customer, "goi-lai/xong");
    page->calling = desk_is_calling(visit, customer);
    if (page->calling) page->call_phone = customer->hit.phone;
    else page->call_taken = customer->call_back.taken_code;
    page->results = results;
    for (size_t i = 0; i < CALL_BACK_RESULT_COUNT; i++) {
        enum call_back_result result = (enum call_back_result)i;
        if (!call_back_result_chosen(result)) continue;
        results[page->result_count++] = (struct show_desk_choice){
            call_back_result_name(result),
            str_of(visit->show.english ? call_back_result_en(result)
                                       : call_back_result_vi(result))};
    }
    return OK;
}

err_t desk_call_take(struct visit *visit)
{
    struct desk_customer customer;
    err_t e = desk_customer_find(visit, &customer);
    if (e != OK) return e;
    const struct call_back of = desk_call_of(&customer);
    e = db_begin(visit->db, visit->err);
    if (e == OK) e = call_back_take(visit->db, &visit->actor, &of, clock_now_ms(), visit->err);
    return desk_end_form(visit, &customer, e);
}

static err_t read_result(struct visit *visit, enum call_back_result *out)
{
    bool known = call_back_result_parse(visit_field(visit, S("result")), out);
    if (known && call_back_result_chosen(*out)) return OK;
    err_set(visit->err, E_INPUT, "result", "Chưa chọn kết quả cuộc gọi", "No result is chosen");
    return err_hint(visit->err, "Chọn một kết quả trong danh sách", "Choose one of the list");
}

err_t desk_call_close(struct visit *visit)
{
    struct desk_customer customer;
    enum call_back_result result;
    err_t e = desk_customer_find(visit, &customer);
    if (e != OK) return e;
    const struct call_back of = desk_call_of(&customer);
    e = read_result(visit, &result);
    if (e == OK) e = db_begin(visit->db, visit->err);
    if (e == OK)
        e = call_back_close(visit->db, &visit->actor, &of, result, clock_now_ms(), visit->err);
    return desk_end_form(visit, &customer, e);
}

/* ---- the list ---------------------------------------------------------------------------- */

struct calls {
    struct show_desk_call list[CALLS_MAX];
    size_t count;
};

static int by_time(const void *a, const void *b)
{
    const struct show_desk_call *x = a, *y = b;
    if (x->asked_ms != y->asked_ms) return x->asked_ms < y->asked_ms ? -1 : 1;
    return str_compare(x->code, y->code);
}

static err_t add_call(struct visit *visit, const struct call_back_row *row, struct calls *calls)
{
    struct search_hit hits[SEARCH_CODES_MAX];
    size_t count = 0;
    err_t e = search_open(visit->db, visit->arena, SEARCH_agreement, row->of.unit_id,
                          row->of.agreement_id, visit->today, hits, &count, visit->err);
    if (e != OK || count == 0 || calls->count == CALLS_MAX) return e;
    calls->list[calls->count++] =
        (struct show_desk_call){.address = desk_customer_address(visit, row->of.agreement_code),
                                .code = row->of.agreement_code,
                                .name = desk_masked(visit, mask_name, hits[0].holder),
                                .phone = desk_masked(visit, mask_phone, hits[0].phone),
                                .unit = hits[0].unit_name,
                                .asked_ms = row->asked_at_ms,
                                .taken_by = row->taken_by};
    return visit_note(visit, row->of.unit_id, ACCESS_AGREEMENT, row->of.agreement_id,
                      S("desk.listed"), S("call_back"));
}

static err_t add_unit(struct visit *visit, int64_t unit_id, struct calls *calls)
{
    struct call_back_row rows[CALL_BACK_LISTED_MAX];
    size_t count = 0;
    bool logins = false, reads = false;
    err_t e = actor_may(visit->db, &visit->actor, unit_id, PERMISSION_LOGIN_MANAGE, &logins,
                        visit->err);
    if (e == OK)
        e = actor_may(visit->db, &visit->actor, unit_id, PERMISSION_CUSTOMER_READ, &reads,
                      visit->err);
    if (e != OK || !logins || !reads) return e;
    e = call_back_list(visit->db, visit->arena, unit_id, rows, &count, visit->err);
    for (size_t i = 0; e == OK && i < count; i++) e = add_call(visit, &rows[i], calls);
    return e;
}

/* The units where somebody waits. */
static err_t find_units(struct visit *visit, int64_t units[UNITS_MAX], size_t *out_count)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    bool row = true;
    err_t e = db_query(visit->db,
                       "SELECT DISTINCT unit_id FROM call_back WHERE closed_at IS NULL "
                       "ORDER BY unit_id LIMIT 1000",
                       NO_ARGS, &rows, visit->err);
    *out_count = 0;
    while (e == OK && (e = rows_next(rows, &row, visit->err)) == OK && row)
        units[(*out_count)++] = row_i64(rows, 0);
    return e;
}

err_t desk_call_backs(struct visit *visit)
{
    int64_t units[UNITS_MAX];
    size_t count = 0;
    struct calls *calls = ARENA_NEW(visit->arena, struct calls);
    struct show_desk_sections sections;
    if (calls == NULL) return err_memory(visit->err);
    calls->count = 0;
    err_t e = find_units(visit, units, &count);
    for (size_t i = 0; e == OK && i < count; i++) e = add_unit(visit, units[i], calls);
    if (e == OK) e = desk_sections(visit, &sections);
    if (e != OK) return e;
    qsort(calls->list, calls->count, sizeof *calls->list, by_time);
    return show_desk_calls(&visit->show, &sections, calls->list, calls->count);
}
