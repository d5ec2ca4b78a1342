/* SPDX-License-Identifier: Apache-2.0 */
/* /khach-hang/chi-so: the readings of an agreement, twelve months a page, and their photos. */
#include <stdlib.h>

#include "base/date.h"
#include "metering/reading_view.h"
#include "registry/supply_view.h"
#include "web/portal/portal.h"
#include "web/show_portal.h"
#include "web/visit_photo.h"

enum { PAGE_MONTHS = 12 };

struct gathering {
    struct visit *visit;
    const struct portal_supply *supply;
    struct supplied_point *points;
    size_t point_count;
    int32_t first_month, last_month; /* of the page */
    struct show_readings_row *rows;
    size_t count;
};

/* ---- which months ------------------------------------------------------------------------ */

/* The page ends with the month that is asked for, at the latest with this one. */
static void choose_months(struct gathering *g)
{
    int32_t now = month_of_day(g->visit->today), asked;
    if (!month_parse(visit_field(g->visit, S("den")), &asked) || asked > now) asked = now;
    g->last_month = asked;
    g->first_month = asked - (PAGE_MONTHS - 1);
}

static struct str page_address(const struct gathering *g, int32_t last_month)
{
    char month[MONTH_TEXT_BYTES];
    return arena_printf(g->visit->arena, "/khach-hang/chi-so?%.*s&den=%.*s",
                        STR_ARG(portal_supply_query(g->visit, g->supply)),
                        STR_ARG(month_text(last_month, month)));
}

static err_t add_pages(const struct gathering *g, struct show_readings *page)
{
    int32_t now = month_of_day(g->visit->today), first = INT32_MAX, recorded = 0;
    bool any = false;
    err_t e =
        readings_first_month(g->visit->db, g->supply->unit_id, &recorded, &any, g->visit->err);
    if (e != OK || !any) return e;
    for (size_t i = 0; i < g->point_count; i++) {
        int32_t month = month_of_day(g->points[i].from_day);
        if (month < first) first = month;
    }
    if (first < recorded) first = recorded;
    if (first < g->first_month) page->after = page_address(g, g->first_month - 1);
    int32_t later = g->last_month + PAGE_MONTHS;
    if (g->last_month < now) page->before = page_address(g, later < now ? later : now);
    return OK;
}

/* ---- readings ---------------------------------------------------------------------------- */

static void add_photo(struct gathering *g, const struct supplied_point *point,
                      struct show_readings_row *row)
{
    char month[MONTH_TEXT_BYTES];
    struct str sha256 = row->reading->photo;
    if (sha256.n == 0) return;
    row->photo_gone = !visit_photo_kept(g->visit, sha256);
    if (row->photo_gone) return;
    row->photo = arena_printf(g->visit->arena, "/khach-hang/chi-so/%.*s/%.*s/%.*s?%.*s",
                              STR_ARG(month_text(month_of_day(row->reading->day), month)),
                              STR_ARG(point->code), STR_ARG(sha256),
                              STR_ARG(portal_supply_query(g->visit, g->supply)));
}

static err_t add_rows(struct gathering *g, const struct supplied_point *point,
                      const struct reading_seen *seen, size_t count)
{
    struct arena *arena = g->visit->arena;
    struct show_readings_row *rows = ARENA_ARRAY(arena, struct show_readings_row, g->count + count);
    if (rows == NULL) return err_memory(g->visit->err);
    for (size_t i = 0; i < g->count; i++) rows[i] = g->rows[i];
    for (size_t i = 0; i < count; i++) {
        rows[g->count + i] = (struct show_readings_row){.reading = &seen[i]};
        add_photo(g, point, &rows[g->count + i]);
    }
    g->rows = rows;
    g->count += count;
    return OK;
}

/* The reading of the day on which a point changes hands belongs to both. */
static err_t gather_point(struct gathering *g, const struct supplied_point *point)
{
    struct reading_seen *seen;
    size_t count = 0;
    struct reading_question question = {.unit_id = g->supply->unit_id,
                                        .point_id = point->point_id,
                                        .since_day = point->from_day,
                                        .from_day = first_day_of_month(g->first_month),
                                        .to_day = first_day_of_month(g->last_month + 1) - 1};
    if (question.from_day < point->from_day) question.from_day = point->from_day;
    if (question.to_day > point->to_day) question.to_day = point->to_day;
    if (question.from_day > question.to_day) return OK;
    err_t e =
        readings_of_point(g->visit->db, g->visit->arena, &question, &seen, &count, g->visit->err);
    return e == OK ? add_rows(g, point, seen, count) : e;
}

static int compare(int64_t a, int64_t b)
{
    return a < b ? -1 : a > b;
}

/* The newest day first; what was read together stays together. */
static int by_day(const void *one, const void *other)
{
    const struct reading_seen *a = ((const struct show_readings_row *)one)->reading;
    const struct reading_seen *b = ((const struct show_readings_row *)other)->reading;
    int order = compare(b->day, a->day);
    if (order == 0) order = compare(a->point_id, b->point_id);
    if (order == 0) order = compare(b->installation_id, a->installation_id);
    if (order == 0) order = compare((int64_t)a->kind, (int64_t)b->kind);
    if (order == 0) order = compare((int64_t)a->source, (int64_t)b->source);
    return order == 0 ? compare((int64_t)a->reg, (int64_t)b->reg) : order;
}

static err_t open_points(struct gathering *g)
{
    err_t e = portal_supply(g->visit, LOGIN_SEES_READINGS, &g->supply);
    if (e != OK) return e;
    return supplied_points(g->visit->db, g->visit->arena, g->supply->unit_id,
                           g->supply->agreement_id, g->visit->today, &g->points, &g->point_count,
                           g->visit->err);
}

err_t portal_readings(struct visit *visit)
{
    struct gathering g = {.visit = visit};
    err_t e = open_points(&g);
    if (e != OK) return e;
    choose_months(&g);
    for (size_t i = 0; i < g.point_count && e == OK; i++) e = gather_point(&g, &g.points[i]);
    if (e != OK) return e;
    if (g.count > 0) qsort(g.rows, g.count, sizeof g.rows[0], by_day);
    struct show_readings page = {.agreement = g.supply->agreement_code,
                                 .rows = g.rows,
                                 .row_count = g.count,
                                 .first_month = g.first_month,
                                 .last_month = g.last_month,
                                 .left = g.supply->left,
                                 .earlier = portal_before(visit, g.supply, "/khach-hang/chi-so")};
    e = add_pages(&g, &page);
    return e == OK ? show_readings(&visit->show, &page) : e;
}

/* ---- a photo ----------------------------------------------------------------------------- */

/* {month}/{point}/{sha256}: of a point of the agreement, on a day on which it was theirs. */
err_t portal_photo(struct visit *visit)
{
    const struct str *asked = visit->request->segment;
    struct gathering g = {.visit = visit};
    int32_t month, day = 0;
    if (!month_parse(asked[0], &month)) return visit_nothing(visit);
    err_t e = open_points(&g);
    if (e != OK) return e;
    for (size_t i = 0; i < g.point_count; i++) {
        const struct supplied_point *point = &g.points[i];
        if (!str_equal(point->code, asked[1])) continue;
        e = photo_day(visit->db, g.supply->unit_id, month, point->point_id, asked[2], &day,
                      visit->err);
        if (e == E_NOT_FOUND) return visit_nothing(visit);
        if (e != OK) return e;
        if (day >= point->from_day && day <= point->to_day)
            return visit_photo(visit, asked[2], PHOTO_SHOWN_BYTES);
    }
    return visit_nothing(visit);
}
