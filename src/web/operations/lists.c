/* SPDX-License-Identifier: Apache-2.0 */
/* /van-hanh/danh-sach/…: what has no bill of a month, with reason, remedy and the day by which the
 * invoice is due, a page at a time. */
#include "base/date.h"
#include "billing/billing_view.h"
#include "metering/exception.h"
#include "network/unit_list.h"
#include "web/desk/desk.h"
#include "web/operations/billing_pages.h"
#include "web/operations/books.h"
#include "web/operations/places.h"
#include "web/operations/spikes.h"
#include "web/remedy.h"

enum { ROWS_A_PAGE = 50 };

struct listing {
    struct visit *visit;
    struct operations at;
    int64_t month, days; /* of the law behind the end of a period */
    struct show_list_row *rows;
    struct show_list page;
};

static err_t refuse_place(struct visit *visit)
{
    err_set(visit->err, E_INPUT, "sau", "Không có trang này của danh sách",
            "The list has no such page");
    return err_hint(visit->err, "Mở lại danh sách từ đầu", "Open the list from its beginning");
}

static struct str address_of(struct listing *l, const struct unbilled_place *behind)
{
    char text[MONTH_TEXT_BYTES];
    struct str month = month_text(month_from_number(l->month), text);
    struct str name = l->visit->request->segment[0];
    if (behind == NULL)
        return arena_printf(l->visit->arena, "/van-hanh/danh-sach/%.*s?thang=%.*s", STR_ARG(name),
                            STR_ARG(month));
    return arena_printf(l->visit->arena, "/van-hanh/danh-sach/%.*s?thang=%.*s&sau=%.*s",
                        STR_ARG(name), STR_ARG(month),
                        STR_ARG(unbilled_place_text(l->visit->arena, behind)));
}

/* "1-17" of ?sau=: a part of the list and the point that it goes on behind. */
static err_t read_place(struct listing *l, struct unbilled_place *out)
{
    struct str text = visit_field(l->visit, S("sau"));
    *out = (struct unbilled_place){0, INT64_MIN};
    if (text.n == 0) return OK;
    l->page.first = address_of(l, NULL);
    return unbilled_place_parse(text, out) ? OK : refuse_place(l->visit);
}

/* Where the customer is shown, for those who may read customers there. */
static struct str customer_address(const struct listing *l, struct str agreement)
{
    if (agreement.n == 0 || !l->at.rights.may[PERMISSION_CUSTOMER_READ]) return S("");
    return desk_customer_address(l->visit, agreement);
}

/* Where the book and its flagged use are shown, for those who may read readings there. */
static void lead_to_work(const struct listing *l, enum problem problem, struct str book,
                         struct show_list_row *row)
{
    struct visit *visit = l->visit;
    const struct spikes_cut cut = {.book = book, .choice = SPIKES_WAITING};
    row->book = book;
    if (book.n == 0 || !l->at.rights.may[PERMISSION_READING_READ]) return;
    row->book_address = books_address(visit, l->at.frame.unit_code, book, l->page.month, 1);
    if (problem == PROBLEM_SPIKE) row->spikes = spikes_queue_address(visit, l->page.month, &cut);
}

static struct show_list_row row_of(const struct listing *l, enum problem problem,
                                   struct str concerns)
{
    const struct problem_text *text = problem_text(problem);
    bool english = l->visit->show.english;
    return (struct show_list_row){
        .reason = str_of(english ? text->en : text->vi),
        .remedy = remedy_shown(&l->visit->show, str_of(text->remedy_vi), str_of(text->remedy_en)),
        .concerns = concerns,
        .due_day = -1};
}

/* ---- held, not computed ------------------------------------------------------------------ */

static err_t fill_stopped(struct listing *l, enum stopped what)
{
    struct visit *visit = l->visit;
    struct unbilled_place place;
    struct stopped_draft *drafts = NULL;
    size_t count = 0;
    bool more = false;
    err_t e = read_place(l, &place);
    int64_t behind = place.point_id == INT64_MIN ? 0 : place.point_id;
    if (e == OK)
        e = stopped_page(visit->db, visit->arena, l->at.unit_id, l->month, what, behind,
                         ROWS_A_PAGE, &drafts, &count, &more, visit->err);
    if (e != OK) return e;
    l->rows = ARENA_ARRAY(visit->arena, struct show_list_row, count);
    if (l->rows == NULL) return err_memory(visit->err);
    for (size_t i = 0; i < count; i++) {
        const struct stopped_draft *draft = &drafts[i];
        struct show_list_row *row = &l->rows[i];
        *row = row_of(l, draft->problem, draft->concerns);
        row->point = draft->point_code;
        row->agreement = draft->agreement_code;
        row->customer = customer_address(l, draft->agreement_code);
        lead_to_work(l, draft->problem, draft->book_code, row);
        if (draft->read_day >= 0) row->due_day = draft->read_day + (int32_t)l->days;
    }
    if (more)
        l->page.after = address_of(l, &(struct unbilled_place){0, drafts[count - 1].point_id});
    l->page.row_count = count;
    return OK;
}

static err_t fill_held(struct listing *l)
{
    return fill_stopped(l, STOPPED_HELD);
}

static err_t fill_exceptions(struct listing *l)
{
    return fill_stopped(l, STOPPED_EXCEPTION);
}

/* ---- without a bill ---------------------------------------------------------------------- */

static struct show_list_row unbilled_row(const struct listing *l, const struct unbilled *item)
{
    struct show_list_row row = row_of(l, item->problem, item->concerns);
    const struct exception_text *why = item->exception;
    bool english = l->visit->show.english;
    if (why != NULL) {
        row.reason = str_of(english ? why->reason_en : why->reason_vi);
        row.remedy = remedy_shown(&l->visit->show, str_of(why->remedy_vi), str_of(why->remedy_en));
    }
    row.point = item->point_code;
    row.agreement = item->agreement_code;
    row.customer = customer_address(l, item->agreement_code);
    lead_to_work(l, item->problem, item->book_code, &row);
    if (item->read_day >= 0) row.due_day = item->read_day + (int32_t)l->days;
    return row;
}

static err_t fill_unbilled(struct listing *l)
{
    struct visit *visit = l->visit;
    struct unit_ref unit = {.unit_id = l->at.unit_id, .code = l->at.frame.unit_code};
    struct unbilled_place place;
    struct unbilled *items = NULL;
    size_t count = 0;
    bool more = false;
    err_t e = read_place(l, &place);
    if (e == OK)
        e = unbilled_page(visit->db, visit->arena, &unit, l->month, &place, ROWS_A_PAGE, &items,
                          &count, &more, visit->err);
    if (e != OK) return e;
    l->rows = ARENA_ARRAY(visit->arena, struct show_list_row, count);
    if (l->rows == NULL) return err_memory(visit->err);
    for (size_t i = 0; i < count; i++) l->rows[i] = unbilled_row(l, &items[i]);
    if (more)
        l->page.after = address_of(
            l, &(struct unbilled_place){items[count - 1].part, items[count - 1].point_id});
    l->page.row_count = count;
    return OK;
}

/* ---- all of them ------------------------------------------------------------------------- */

static const struct kind {
    struct str name, noted; /* noted: as the access log knows it */
    enum web_text title, lead;
    err_t (*fill)(struct listing *l);
} kinds[] = {
    {S_INIT("giu-lai"), S_INIT("held.list"), TEXT_ops_held, TEXT_ops_held_lead, fill_held},
    {S_INIT("khong-tinh-duoc"), S_INIT("exception.list"), TEXT_ops_exceptions,
     TEXT_ops_exceptions_lead, fill_exceptions},
    {S_INIT("chua-co"), S_INIT("unbilled.list"), TEXT_ops_unbilled, TEXT_ops_unbilled_lead,
     fill_unbilled},
};

static err_t find_month(struct listing *l)
{
    struct visit *visit = l->visit;
    int32_t month = month_of_day(visit->today);
    err_t e = billing_month(visit->db, l->at.unit_id, &l->month, visit->err);
    if (e == OK && l->month != 0) month = month_from_number(l->month);
    if (e == OK) e = operations_month(visit, month, &l->page.month);
    if (e == OK) l->month = month_to_number(l->page.month);
    return e == OK ? invoice_days(visit->db, visit->today, &l->days, visit->err) : e;
}

err_t operations_list(struct visit *visit)
{
    struct listing l = {.visit = visit, .page = {.today = visit->today}};
    size_t i = 0;
    while (i < ARRAY_COUNT(kinds) && !str_equal(kinds[i].name, visit->request->segment[0])) i++;
    if (i == ARRAY_COUNT(kinds)) return visit_nothing(visit);
    err_t e = operations_open(visit, PERMISSION_RUN_READ, &l.at);
    if (e == OK) e = find_month(&l);
    if (e == OK) e = kinds[i].fill(&l);
    if (e != OK) return e;
    l.page.title = kinds[i].title;
    l.page.lead = kinds[i].lead;
    l.page.rows = l.rows;
    e = show_ops_list(&visit->show, &l.at.frame, &l.page);
    if (e != OK) return e;
    char text[MONTH_TEXT_BYTES];
    return operations_note(visit, l.at.unit_id, kinds[i].noted, month_text(l.page.month, text));
}
