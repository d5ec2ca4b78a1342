/* SPDX-License-Identifier: Apache-2.0 */
/* /khach-hang/tai-khoan/{account}: all points of an account, for who holds all of its agreements,
 * and its statement as files. */
#include "base/clock.h"
#include "base/date.h"
#include "document/account_file.h"
#include "identity/throttle.h"
#include "ledger/ledger_view.h"
#include "registry/supply_view.h"
#include "web/portal/portal.h"
#include "web/show_portal.h"

/* What is made while somebody waits: more is asked of the unit. */
enum {
    MONTHS_SHOWN = 12,
    MONTHS_MAX = 24,
    POINTS_PAGE = 50,
    AGREEMENTS_MAX = 2000,
    PDF_BILLS_MAX = 2000,
    SHEET_BILLS_MAX = 20000,
    ARCHIVE_BILLS_MAX = 100,
    ARCHIVES_AT_ONCE = 10,
    ARCHIVE_INTERVAL_MS = 360000
};

struct asked {
    struct visit *visit;
    struct str code, base;
    int64_t unit_id, account_id;
    int32_t first_month, last_month;
    struct account_month *months;
    size_t month_count;
};

/* ---- whose ------------------------------------------------------------------------------- */

static err_t refuse_part(struct visit *visit)
{
    err_set(visit->err, E_FORBIDDEN, NULL, "Tài khoản này trả tiền cho cả hợp đồng của người khác",
            "This account pays for agreements of others as well");
    return err_hint(visit->err, "Xem từng hợp đồng, hoặc đến quầy để nhận bảng kê",
                    "See each agreement, or come to the counter for the statement");
}

/* Who holds none of its agreements learns nothing of the account. */
static err_t judge(struct asked *a)
{
    struct visit *visit = a->visit;
    int64_t *agreements;
    size_t count = 0, held = 0;
    err_t e = account_agreements(visit->db, visit->arena, a->unit_id, a->account_id,
                                 month_to_number(a->first_month), month_to_number(a->last_month),
                                 AGREEMENTS_MAX, &agreements, &count, visit->err);
    for (size_t i = 0; i < count && e == OK; i++) {
        bool may = false;
        e = portal_may(visit, a->unit_id, agreements[i], LOGIN_SEES_PERSONAL, &may);
        if (may) held++;
    }
    if (e != OK) return e;
    if (held == 0) return visit_nothing(visit);
    return held < count ? refuse_part(visit) : OK;
}

/* The account of that code in a unit where the person has an agreement. */
static err_t find_account(struct asked *a)
{
    struct visit *visit = a->visit;
    struct portal_supplies *list;
    bool found = false;
    int64_t unit_id = 0;
    err_t e = portal_supplies(visit, &list);
    for (size_t i = 0; e == OK && i < list->count && !found; i++) {
        if (list->supply[i].unit_id == unit_id) continue;
        unit_id = list->supply[i].unit_id;
        e = account_in_unit(visit->db, unit_id, a->code, &a->account_id, &found, visit->err);
    }
    if (e != OK) return e;
    a->unit_id = unit_id;
    return found ? OK : visit_nothing(visit);
}

/* ---- which months ------------------------------------------------------------------------ */

static err_t refuse_months(struct visit *visit)
{
    err_set(visit->err, E_INPUT, "tu", "Khoảng tháng không đúng", "The months are not right");
    return err_hint(visit->err, "Từ tháng trước đến tháng sau, nhiều nhất %d tháng",
                    "From the earlier to the later, at most %d months", MONTHS_MAX);
}

static err_t choose_months(struct asked *a)
{
    struct str from = visit_field(a->visit, S("tu")), to = visit_field(a->visit, S("den"));
    a->last_month = month_of_day(a->visit->today);
    if (to.n > 0 && !month_parse(to, &a->last_month)) return refuse_months(a->visit);
    a->first_month = a->last_month - (MONTHS_SHOWN - 1);
    if (from.n > 0 && !month_parse(from, &a->first_month)) return refuse_months(a->visit);
    bool good = a->first_month <= a->last_month && a->last_month - a->first_month < MONTHS_MAX;
    return good ? OK : refuse_months(a->visit);
}

/* Who sees personal data of every agreement is the holder. */
static err_t note(const struct asked *a)
{
    const struct visit_shown shown = {.unit_id = a->unit_id,
                                      .subject = ACCESS_ACCOUNT,
                                      .subject_id = a->account_id,
                                      .action = "bill.show",
                                      .part = login_role_name(LOGIN_owner)};
    return visit_note_shown(a->visit, &shown);
}

/* The account of the address over the months asked for, which the person may see all of. */
static err_t open_account(struct visit *visit, struct asked *a)
{
    *a = (struct asked){.visit = visit, .code = visit->request->segment[0]};
    err_t e = choose_months(a);
    if (e == OK) e = find_account(a);
    if (e == OK) e = judge(a);
    if (e == OK) e = portal_seller(visit, a->unit_id);
    if (e == OK) e = note(a);
    if (e != OK) return e;
    a->base = arena_printf(visit->arena, "/khach-hang/tai-khoan/%.*s", STR_ARG(a->code));
    return account_months(visit->db, visit->arena, a->unit_id, a->account_id,
                          month_to_number(a->first_month), month_to_number(a->last_month),
                          &a->months, &a->month_count, visit->err);
}

/* ---- the page ---------------------------------------------------------------------------- */

static struct str range_address(const struct asked *a, const char *file)
{
    char from[MONTH_TEXT_BYTES], to[MONTH_TEXT_BYTES];
    return arena_printf(a->visit->arena, "%.*s/%s?tu=%.*s&den=%.*s", STR_ARG(a->base), file,
                        STR_ARG(month_text(a->first_month, from)),
                        STR_ARG(month_text(a->last_month, to)));
}

/* One more than a page is asked for, to know whether there is a next one. */
static err_t add_points(const struct asked *a, struct show_points *page)
{
    struct visit *visit = a->visit;
    struct account_point *points;
    char month[MONTH_TEXT_BYTES];
    struct str behind = visit_field(visit, S("sau"));
    err_t e = account_points(visit->db, visit->arena, a->unit_id, a->account_id,
                             month_to_number(page->month), behind, POINTS_PAGE + 1, &points,
                             &page->point_count, visit->err);
    if (e != OK) return e;
    page->points = points;
    struct str here = arena_printf(visit->arena, "%.*s?thang=%.*s", STR_ARG(a->base),
                                   STR_ARG(month_text(page->month, month)));
    if (behind.n > 0) page->first = here;
    if (page->point_count <= POINTS_PAGE) return OK;
    page->point_count = POINTS_PAGE;
    page->after = arena_printf(visit->arena, "%.*s&sau=%.*s", STR_ARG(here),
                               STR_ARG(points[POINTS_PAGE - 1].point_code));
    return OK;
}

static err_t show_account_page(struct asked *a, const struct err *refused)
{
    struct visit *visit = a->visit;
    struct ledger_balance balance;
    struct show_points page = {.account = a->code,
                               .base = a->base,
                               .months = a->months,
                               .month_count = a->month_count,
                               .pdf = range_address(a, "bang-ke.pdf"),
                               .sheet = range_address(a, "bang-ke.xlsx"),
                               .archive_most = ARCHIVE_BILLS_MAX,
                               .refused = refused};
    err_t e = ledger_balance_of(visit->db, a->unit_id, a->account_id, &balance, visit->err);
    if (e != OK) return e;
    page.owed_vnd = balance.owed_vnd;
    page.credit_vnd = balance.credit_vnd;
    if (a->month_count > 0) page.month = month_from_number(a->months[a->month_count - 1].month);
    int32_t asked;
    if (month_parse(visit_field(visit, S("thang")), &asked)) page.month = asked;
    e = page.month != 0 ? add_points(a, &page) : OK;
    return e == OK ? show_points(&visit->show, &page) : e;
}

err_t portal_account(struct visit *visit)
{
    struct asked a;
    err_t e = open_account(visit, &a);
    return e == OK ? show_account_page(&a, NULL) : e;
}

err_t portal_account_link(struct visit *visit, const struct portal_supply *supply, struct str *out)
{
    struct supply_holder holder;
    struct account_month *months;
    size_t count = 0;
    bool personal = false;
    int32_t now = month_of_day(visit->today);
    *out = S("");
    err_t e =
        portal_may(visit, supply->unit_id, supply->agreement_id, LOGIN_SEES_PERSONAL, &personal);
    if (e != OK || !personal) return e;
    e = supply_holder_on(visit->db, visit->arena, supply->unit_id, supply->agreement_id,
                         visit->today, &holder, visit->err);
    if (e != OK || holder.account_id == 0) return e;
    e = account_months(visit->db, visit->arena, supply->unit_id, holder.account_id,
                       month_to_number(now - (MONTHS_SHOWN - 1)), month_to_number(now), &months,
                       &count, visit->err);
    bool several = false; /* the newest month may not be billed everywhere yet */
    for (size_t i = 0; i < count && e == OK; i++) several = several || months[i].point_count > 1;
    if (e != OK || !several) return e;
    *out = arena_printf(visit->arena, "/khach-hang/tai-khoan/%.*s", STR_ARG(holder.account_code));
    return OK;
}

/* ---- files ------------------------------------------------------------------------------- */

static err_t refuse_many(struct visit *visit, int64_t bills, int64_t most)
{
    err_set(visit->err, E_LIMIT, NULL, "%lld hóa đơn là quá nhiều cho tệp này, nhiều nhất %lld",
            "%lld bills are too many for this file, at most %lld", (long long)bills,
            (long long)most);
    return err_hint(visit->err, "Chọn ít tháng hơn, tải bảng tính, hoặc gọi để nhận tệp",
                    "Choose fewer months, take the spreadsheet, or call to get the file");
}

static err_t collect(struct asked *a, int64_t most, struct account_statement *out)
{
    const struct statement_order order = {a->unit_id, a->account_id, a->first_month, a->last_month,
                                          a->visit->today};
    int64_t bills = 0;
    for (size_t i = 0; i < a->month_count; i++) bills += a->months[i].bill_count;
    if (bills > most) return refuse_many(a->visit, bills, most);
    return account_statement_collect(a->visit->db, a->visit->arena, &order, out, a->visit->err);
}

static struct str file_name(const struct asked *a, const char *ending)
{
    char from[MONTH_TEXT_BYTES], to[MONTH_TEXT_BYTES];
    return arena_printf(a->visit->arena, "%.*s_%.*s_%.*s.%s", STR_ARG(a->code),
                        STR_ARG(month_text(a->first_month, from)),
                        STR_ARG(month_text(a->last_month, to)), ending);
}

err_t portal_account_pdf(struct visit *visit)
{
    struct asked a;
    struct account_statement statement;
    struct account_source source = {.db = visit->db, .demonstration = visit->site->demonstration};
    err_t e = open_account(visit, &a);
    if (e == OK) e = collect(&a, PDF_BILLS_MAX, &statement);
    if (e == OK) e = visit_typeface(visit, &source.typeface);
    if (e != OK) return e;
    visit_file(visit, "application/pdf", file_name(&a, "pdf"), false);
    return account_pdf(&source, visit->arena, &statement, visit->show.english, visit->show.out,
                       visit->err);
}

err_t portal_account_sheet(struct visit *visit)
{
    struct asked a;
    struct account_statement statement;
    struct account_source source = {.db = visit->db, .demonstration = visit->site->demonstration};
    err_t e = open_account(visit, &a);
    if (e == OK) e = collect(&a, SHEET_BILLS_MAX, &statement);
    if (e != OK) return e;
    visit_file(visit, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
               file_name(&a, "xlsx"), true);
    return account_sheet(&source, visit->arena, &statement, visit->show.out, visit->err);
}

/* An archive takes the server longer than a page does. */
static err_t slow_down(const struct asked *a)
{
    struct visit *visit = a->visit;
    int64_t wait_ms = 0;
    const struct throttle_rate rate = {ARCHIVES_AT_ONCE, ARCHIVE_INTERVAL_MS};
    struct bucket bucket = bucket_of(visit->site->vault, "account archive", a->code);
    err_t e = throttle_take(visit->db, &bucket, &rate, &wait_ms, visit->err);
    if (e != OK || wait_ms == 0) return e;
    err_set(visit->err, E_WAIT, NULL, "Đã tải nhiều gói chứng từ trong một giờ",
            "Many archives were taken within an hour");
    err_wait(visit->err, wait_ms);
    return err_hint(visit->err, "Đợi ít phút rồi tải tiếp", "Go on in some minutes");
}

static err_t make_archive(struct asked *a)
{
    struct visit *visit = a->visit;
    struct account_statement statement;
    struct account_source source = {
        .db = visit->db, .demonstration = visit->site->demonstration, .made_at_ms = clock_now_ms()};
    err_t e = collect(a, ARCHIVE_BILLS_MAX, &statement);
    if (e == OK) e = slow_down(a);
    if (e == OK) e = visit_facts(visit, &source.facts);
    if (e == OK) e = visit_typeface(visit, &source.typeface);
    if (e != OK) return e;
    visit_file(visit, "application/zip", file_name(a, "zip"), true);
    return account_archive_add(&source, visit->arena, &statement, visit->show.out, visit->err);
}

/* Form: thang. */
err_t portal_account_archive(struct visit *visit)
{
    struct asked a;
    int32_t month;
    err_t e = open_account(visit, &a);
    if (e != OK) return e;
    if (!month_parse(visit_field(visit, S("thang")), &month)) return refuse_months(visit);
    a.first_month = a.last_month = month;
    e = judge(&a);
    if (e == OK)
        e = account_months(visit->db, visit->arena, a.unit_id, a.account_id, month_to_number(month),
                           month_to_number(month), &a.months, &a.month_count, visit->err);
    return e == OK ? make_archive(&a) : e;
}
