/* SPDX-License-Identifier: Apache-2.0 */
/* /van-hanh/khoa-so: what stands in the way of closing a month, and asking for it. */
#include "base/clock.h"
#include "base/date.h"
#include "metering/spike_work.h"
#include "network/unit_list.h"
#include "web/operations/books.h"
#include "web/operations/closing.h"
#include "web/show_ops_months.h"

enum { MONTHS_SHOWN = 12, FIGURES_SHOWN = 1000 };

static struct str month_address(struct visit *visit, int32_t month)
{
    char text[MONTH_TEXT_BYTES];
    return arena_printf(visit->arena, "/van-hanh/khoa-so?thang=%.*s",
                        STR_ARG(month_text(month, text)));
}

/* ---- an open month ------------------------------------------------------------------------- */

static err_t add_open(struct visit *visit, const struct operations *at, struct show_months *page)
{
    struct err *obstacles = ARENA_ARRAY(visit->arena, struct err, MONTH_OBSTACLES_MAX);
    struct spike_shares shares;
    char text[MONTH_TEXT_BYTES];
    int64_t number = month_to_number(page->month);
    if (obstacles == NULL) return err_memory(visit->err);
    page->obstacles = obstacles;
    err_t e = month_obstacles(visit->db, at->unit_id, number, obstacles, &page->obstacle_count,
                              visit->err);
    if (e == OK) e = month_preview_read(visit->db, at->unit_id, number, &page->sums, visit->err);
    if (e == OK) e = book_count(visit->db, at->unit_id, page->month, page->books, visit->err);
    if (e == OK) e = spike_count(visit->db, at->unit_id, page->month, &shares, visit->err);
    if (e == OK)
        e = unbilled_count_read(visit->db, at->unit_id, number, &page->unbilled, visit->err);
    if (e != OK) return e;
    struct str month = month_text(page->month, text);
    page->spikes = shares.waiting + shares.lapsed + shares.corrected;
    bool reads = at->rights.may[PERMISSION_READING_READ];
    for (size_t i = 0; reads && i < BOOK_STATE_COUNT; i++)
        page->books_address[i] =
            books_list_address(visit, page->month, book_state_text((enum book_state)i));
    if (reads)
        page->spikes_address =
            arena_printf(visit->arena, "/van-hanh/phuc-tra?thang=%.*s", STR_ARG(month));
    page->unbilled_address =
        arena_printf(visit->arena, "/van-hanh/danh-sach/chua-co?thang=%.*s", STR_ARG(month));
    return OK;
}

/* ---- a closed month ------------------------------------------------------------------------ */

struct gathering {
    struct visit *visit;
    struct show_month_figure *rows;
    size_t count;
};

static err_t gather(void *context, const struct month_figure *figure, struct err *err)
{
    struct gathering *g = context;
    (void)err;
    if (g->count == FIGURES_SHOWN) return OK;
    g->rows[g->count++] =
        (struct show_month_figure){.dimension = arena_str(g->visit->arena, figure->dimension),
                                   .item = arena_str(g->visit->arena, figure->item),
                                   .row_count = figure->row_count,
                                   .energy_wh = figure->energy_wh,
                                   .amount_mvnd = figure->amount_mvnd};
    return OK;
}

static err_t add_figures(struct visit *visit, const struct operations *at, struct show_months *page)
{
    struct gathering g = {.visit = visit};
    g.rows = ARENA_ARRAY(visit->arena, struct show_month_figure, FIGURES_SHOWN);
    if (g.rows == NULL) return err_memory(visit->err);
    err_t e = month_figures_each(visit->db, at->unit_id, month_to_number(page->month), gather, &g,
                                 visit->err);
    page->figures = g.rows;
    page->figure_count = g.count;
    return e;
}

/* ---- the page ------------------------------------------------------------------------------ */

static err_t add_list(struct visit *visit, const struct operations *at, struct show_months *page)
{
    struct month_closed *list = ARENA_ARRAY(visit->arena, struct month_closed, MONTHS_SHOWN + 1);
    struct str *addresses = ARENA_ARRAY(visit->arena, struct str, MONTHS_SHOWN);
    struct str cursor = http_field(&visit->request->query, S("truoc"));
    int32_t before = 0;
    if (list == NULL || addresses == NULL) return err_memory(visit->err);
    if (cursor.n > 0 && !month_parse(cursor, &before)) return visit_nothing(visit);
    err_t e =
        month_list(visit->db, visit->arena, at->unit_id, cursor.n > 0 ? month_to_number(before) : 0,
                   MONTHS_SHOWN + 1, list, &page->list_count, visit->err);
    if (e != OK) return e;
    if (page->list_count > MONTHS_SHOWN) {
        char text[MONTH_TEXT_BYTES];
        page->list_count = MONTHS_SHOWN;
        int32_t last = month_from_number(list[MONTHS_SHOWN - 1].month);
        page->older = arena_printf(visit->arena, "%.*s&truoc=%.*s",
                                   STR_ARG(month_address(visit, page->month)),
                                   STR_ARG(month_text(last, text)));
    }
    for (size_t i = 0; i < page->list_count; i++)
        addresses[i] = month_address(visit, month_from_number(list[i].month));
    page->list = list;
    page->addresses = addresses;
    return OK;
}

/* The month asked for, otherwise the one to be closed next. */
static err_t choose_month(struct visit *visit, int64_t unit_id, struct show_months *page)
{
    int64_t next = 0;
    bool found = false;
    err_t e = month_next(visit->db, unit_id, &next, &found, visit->err);
    int32_t otherwise = found ? month_from_number(next) : month_of_day(visit->today);
    if (e == OK) e = operations_month(visit, otherwise, &page->month);
    page->is_next = found && page->month == otherwise;
    return e;
}

static struct closing_subject subject_of(const struct operations *at, int32_t month)
{
    return (struct closing_subject){.unit_id = at->unit_id, .month = month_to_number(month)};
}

static err_t add_closing(struct visit *visit, const struct operations *at, int32_t month,
                         bool closed, struct show_closing *out)
{
    char text[MONTH_TEXT_BYTES];
    struct closing_subject subject = subject_of(at, month);
    out->address = arena_printf(visit->arena, "/van-hanh/khoa-so/%.*s/tien-do/%.*s",
                                STR_ARG(at->frame.unit_code), STR_ARG(month_text(month, text)));
    return operations_closing(visit, &subject, closed, &out->errand);
}

static err_t show_month(struct visit *visit, const struct operations *at, struct show_months *page)
{
    err_t e = month_totals_of(visit->db, at->unit_id, month_to_number(page->month),
                              &page->sums.totals, visit->err);
    page->closed = page->sums.known = e == OK;
    if (e == E_NOT_FOUND) e = add_open(visit, at, page);
    else if (e == OK) e = add_figures(visit, at, page);
    if (e == OK) e = add_list(visit, at, page);
    if (e == OK) e = add_closing(visit, at, page->month, page->closed, &page->closing);
    if (e != OK) return e;
    page->before_month = month_address(visit, page->month - 1);
    page->after_month = month_address(visit, page->month + 1);
    if (at->rights.may[PERMISSION_MONTH_CLOSE] && !page->closed && page->obstacle_count == 0 &&
        !closing_is_open(page->closing.errand))
        page->address =
            arena_printf(visit->arena, "/van-hanh/khoa-so/%.*s", STR_ARG(at->frame.unit_code));
    return show_ops_months(&visit->show, &at->frame, page);
}

err_t operations_months(struct visit *visit)
{
    struct operations at;
    struct show_months page = {.closed = false};
    err_t e = operations_open(visit, PERMISSION_RUN_READ, &at);
    if (e == OK) e = choose_month(visit, at.unit_id, &page);
    return e == OK ? show_month(visit, &at, &page) : e;
}

/* ---- closing ------------------------------------------------------------------------------- */

/* Closed figures stand for ever: whoever closes says that they were looked at. */
static err_t close_month(struct visit *visit, const struct operations *at, int32_t month)
{
    struct closing_subject subject = subject_of(at, month);
    err_t e =
        actor_require(visit->db, &visit->actor, at->unit_id, PERMISSION_MONTH_CLOSE, visit->err);
    if (e != OK) return e;
    if (!str_equal(visit_field(visit, S("da-xem")), S("1"))) {
        err_set(visit->err, E_INPUT, "da-xem", "Chưa xác nhận đã xem số liệu",
                "It is not confirmed that the figures were looked at");
        return err_hint(visit->err, "Xem số liệu của tháng rồi đánh dấu vào ô",
                        "Look at the figures of the month, then tick the box");
    }
    return closing_place(visit->db, &visit->actor, &subject, clock_now_ms(), visit->err);
}

/* /van-hanh/khoa-so/{unit}, field thang */
err_t operations_month_close(struct visit *visit)
{
    struct operations at;
    struct show_months page = {.closed = false};
    int64_t unit_id;
    err_t e = unit_require(visit->db, visit->request->segment[0], &unit_id, visit->err);
    if (e == OK) e = operations_at(visit, unit_id, PERMISSION_RUN_READ, &at);
    if (e == OK) e = choose_month(visit, unit_id, &page);
    if (e != OK) return e;
    e = close_month(visit, &at, page.month);
    if (e == OK) return visit_go(visit, month_address(visit, page.month));
    if (!operations_refused(e)) return e;
    struct err refused = *visit->err;
    page.refused = &refused;
    visit->response->status = err_http_status(e);
    return show_month(visit, &at, &page);
}

/* /van-hanh/khoa-so/{unit}/tien-do/{month}: how far its closing is. */
err_t operations_month_live(struct visit *visit)
{
    struct operations at;
    struct show_closing closing;
    int64_t unit_id;
    int32_t month;
    if (!month_parse(visit->request->segment[1], &month)) return visit_nothing(visit);
    err_t e = unit_require(visit->db, visit->request->segment[0], &unit_id, visit->err);
    if (e == OK) e = operations_at(visit, unit_id, PERMISSION_RUN_READ, &at);
    if (e == OK) e = add_closing(visit, &at, month, false, &closing);
    return e == OK ? show_ops_closing(&visit->show, &closing) : e;
}
