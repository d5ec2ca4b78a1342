/* SPDX-License-Identifier: Apache-2.0 */
/* Why the bill is more than that of the month before, and than that of the same month last year. */
#include "base/date.h"
#include "document/facts_int.h"
#include "tariff/request.h"

/* Only the whole bill of a period is set beside another one, and only where its month has no other
 * bill. */
static bool comparable(const struct loading *l, int32_t at)
{
    enum bill_kind kind = l->facts->row.key.kind;
    const struct month_bills *with = &l->months[at], *own = &l->months[FACTS_MONTHS - 1];
    bool whole = kind == BILL_PERIODIC || kind == BILL_FINAL || kind == BILL_REPLACEMENT;
    return whole && own->chains == 1 && with->chains == 1 && !with->earlier;
}

static err_t read_request(struct loading *l, const struct price_book *book, struct str text,
                          struct calc_request *out)
{
    struct json *root;
    struct arena *scratch = &l->source->scratch;
    err_t e = json_parse(scratch, bill_request_part(text, S("after")), &root, l->err);
    return e == OK ? request_read(book, REQUEST_CALC, scratch, root, out, l->err) : e;
}

/* Both by the price book of this bill: it knows the earlier decisions as well. */
static err_t split(struct loading *l, const struct bill_row *before, int64_t before_vnd,
                   struct difference *out)
{
    const struct bill_row *now = &l->facts->row;
    const struct price_book *book;
    struct calc_request requests[2];
    arena_reset(&l->source->scratch);
    err_t e = recompute_book(&l->source->recompute, now->price_book, &book, l->err);
    if (e == OK) e = read_request(l, book, before->request, &requests[0]);
    if (e == OK) e = read_request(l, book, now->request, &requests[1]);
    if (e != OK) return e;
    struct difference_side sides[2] = {{&requests[0], before_vnd},
                                       {&requests[1], l->facts->rated.total_vnd}};
    return difference_split(book, &l->source->scratch, &sides[0], &sides[1], out, l->err);
}

/* A bill that this price book cannot compute is not explained; everything else still is. */
static err_t explain(struct loading *l, int32_t at, bool year, struct facts_why *out)
{
    struct bill_row before;
    if (!comparable(l, at)) return OK;
    const struct month_bills *with = &l->months[at];
    err_t e = bill_find(l->db, l->arena, facts_number_of(l, &with->last), &before, l->err);
    if (e != OK) return e;
    e = split(l, &before, with->total_vnd, &out->split);
    if (e == E_INPUT || e == E_RANGE || e == E_OVERFLOW) return OK;
    if (e != OK) return e;
    out->known = true;
    out->with = l->facts->month[at];
    facts_say_why(l, out, year);
    return OK;
}

err_t facts_load_why(struct loading *l)
{
    struct bill_facts *facts = l->facts;
    if (facts->is_fee || facts->is_earlier) return OK;
    err_t e = explain(l, FACTS_MONTHS - 2, false, &facts->why_month);
    return e == OK ? explain(l, FACTS_MONTHS - 13, true, &facts->why_year) : e;
}
