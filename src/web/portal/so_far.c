/* SPDX-License-Identifier: Apache-2.0 */
/* What was used since the last bill, and what that comes to: from the readings that came in since,
 * and the prices of today. Known where the point has one register and was read after the bill. */
#include "base/date.h"
#include "base/decimal.h"
#include "base/json_read.h"
#include "billing/request.h"
#include "metering/reading_view.h"
#include "registry/supply_view.h"
#include "tariff/request.h"
#include "web/portal/portal.h"

enum { REQUEST_BYTES = 4096, KWH_PLACES = 3 };

/* The use up to the last reading of the point; *out_known is false where nothing can be said. */
static err_t use_since(struct visit *visit, int64_t unit_id, int64_t point_id, int32_t from_day,
                       struct show_so_far *out)
{
    struct reading_seen *seen;
    size_t count = 0;
    const struct reading_question question = {.unit_id = unit_id,
                                              .point_id = point_id,
                                              .since_day = from_day,
                                              .from_day = from_day + 1,
                                              .to_day = visit->today};
    err_t e = readings_of_point(visit->db, visit->arena, &question, &seen, &count, visit->err);
    if (e != OK) return e;
    out->known = count > 0;
    for (size_t i = 0; i < count && out->known; i++) {
        out->known = seen[i].reg == REGISTER_KT && seen[i].use_wh >= 0;
        out->wh += seen[i].use_wh;
        out->day = seen[i].day;
    }
    return OK;
}

/* The last bill's request with the days and the use of now. */
static bool write_request(const struct bill_facts *last, const struct show_so_far *so_far,
                          struct buf *out)
{
    char from[DATE_TEXT_BYTES], to[DATE_TEXT_BYTES];
    struct str uses =
        bill_request_member(bill_request_part(last->row.request, S("after")), S("uses"));
    if (uses.n == 0) return false;
    buf_printf(out, "{\"from\":\"%.*s\",\"to\":\"%.*s\",\"usage\":{\"kwh\":\"",
               STR_ARG(day_text(last->to_day, from)), STR_ARG(day_text(so_far->day, to)));
    buf_add_decimal(out, so_far->wh, KWH_PLACES);
    buf_printf(out, "\"},\"uses\":%.*s", STR_ARG(uses));
    if (last->households.n > 0)
        buf_printf(out, ",\"households\":\"%.*s\"", STR_ARG(last->households));
    buf_add_char(out, '}');
    return !out->failed;
}

/* What the calculator does not take (uses with agreed energies of their own) has no estimate. */
static err_t charge(struct visit *visit, const struct bill_facts *last, struct show_so_far *so_far)
{
    const struct price_book *book;
    struct json *json;
    struct calc_request request;
    struct calc_result result;
    struct err refused;
    char *memory = arena_take(visit->arena, REQUEST_BYTES);
    struct buf text;
    if (memory == NULL) return err_memory(visit->err);
    buf_init_fixed(&text, memory, REQUEST_BYTES);
    err_t e = visit_price_book(visit, &book);
    if (e != OK) return e;
    so_far->known =
        write_request(last, so_far, &text) &&
        json_parse(visit->arena, buf_str(&text), &json, &refused) == OK &&
        request_read(book, REQUEST_CALC, visit->arena, json, &request, &refused) == OK &&
        calc_rate(book, &request, visit->arena, &result, &refused) == OK;
    if (so_far->known) so_far->vnd = result.total_vnd;
    return OK;
}

err_t portal_so_far(struct visit *visit, const struct portal_supply *supply,
                    const struct bill_facts *last, struct show_so_far *out)
{
    struct supplied_point *points;
    size_t count = 0;
    bool may = false;
    *out = (struct show_so_far){.known = false};
    err_t e = portal_may(visit, supply->unit_id, supply->agreement_id, LOGIN_SEES_READINGS, &may);
    if (e != OK || !may || last->is_fee || last->is_earlier) return e;
    e = portal_note(visit, supply->unit_id, supply->agreement_id, LOGIN_SEES_READINGS);
    if (e != OK) return e;
    e = supplied_points(visit->db, visit->arena, supply->unit_id, supply->agreement_id,
                        visit->today, &points, &count, visit->err);
    if (e != OK || count != 1 || points[0].from_day > last->to_day) return e;
    e = use_since(visit, supply->unit_id, points[0].point_id, last->to_day, out);
    return e == OK && out->known ? charge(visit, last, out) : e;
}
