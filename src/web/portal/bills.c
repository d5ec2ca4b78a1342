/* SPDX-License-Identifier: Apache-2.0 */
/* /khach-hang/hoa-don: the bills of an agreement, newest first. */
#include "base/date.h"
#include "document/bill_notice.h"
#include "ledger/ledger_view.h"
#include "web/portal/portal.h"

enum { BILLS_A_PAGE = 12, HEADING_BYTES = 256 };

static struct str words_of(struct visit *visit, const struct bill_row *bill)
{
    char memory[HEADING_BYTES];
    struct buf words;
    buf_init_fixed(&words, memory, sizeof memory);
    bill_row_heading(bill, visit->show.english, &words);
    return arena_str(visit->arena, buf_str(&words));
}

static err_t fill_row(struct visit *visit, const struct bill_row *bill, struct show_bills_row *out)
{
    char memory[BILL_NUMBER_BYTES];
    struct ledger_item item;
    bool found = false, read = true;
    struct str number = bill_number(bill->unit_code, &bill->key, memory);
    err_t e = ledger_item_of(visit->db, visit->arena, bill->key.unit_id, bill->account_id, number,
                             &item, &found, visit->err);
    if (e != OK) return e;
    *out = (struct show_bills_row){
        .words = words_of(visit, bill),
        .address = arena_printf(visit->arena, "/khach-hang/hoa-don/%.*s", STR_ARG(number)),
        .wh = bill->total_wh,
        .total_vnd = bill->total_vnd,
        .is_fee = bill->key.kind == BILL_FEE};
    if (found) {
        out->left_vnd = item.amount_vnd - item.settled_vnd;
        read = day_parse(item.due_on, &out->due_day);
    }
    ASSERT(read);
    return OK;
}

static struct str page_address(struct visit *visit, const struct portal_supply *supply,
                               const struct bill_row *bill, bool newer)
{
    char memory[BILL_PLACE_BYTES];
    struct bill_place place = {bill->key.month, bill->key.period_no, bill->key.point_id,
                               bill->key.version, 0};
    struct str text = bill_place_text(&place, memory);
    return arena_printf(visit->arena, "/khach-hang/hoa-don?%.*s&%s=%.*s",
                        STR_ARG(portal_supply_query(visit, supply)), newer ? "truoc" : "sau",
                        STR_ARG(text));
}

/* Whether anything stands on the other side of a bill. */
static err_t has_more(struct visit *visit, const struct portal_supply *supply,
                      const struct bill_row *bill, bool newer, bool *out)
{
    struct bill_place place = {bill->key.month, bill->key.period_no, bill->key.point_id,
                               bill->key.version, 0};
    struct bill_row *rows;
    size_t count = 0;
    err_t e = bill_page(visit->db, visit->arena, supply->unit_id, supply->agreement_id, &place,
                        newer, 1, &rows, &count, visit->err);
    *out = count > 0;
    return e;
}

static err_t read_place(struct visit *visit, struct bill_place *out, bool *out_newer)
{
    struct str behind = visit_field(visit, S("sau")), before = visit_field(visit, S("truoc"));
    struct str text = before.n > 0 ? before : behind;
    *out_newer = before.n > 0;
    *out = (struct bill_place){0};
    if (text.n == 0 || bill_place_parse(text, out)) return OK;
    err_set(visit->err, E_INPUT, before.n > 0 ? "truoc" : "sau", "Không có trang này của danh sách",
            "The list has no such page");
    return err_hint(visit->err, "Mở lại mục Hóa đơn", "Open Bills again");
}

static err_t fill_pager(struct visit *visit, const struct portal_supply *supply,
                        const struct bill_row *rows, size_t count, struct show_bills *page)
{
    bool newer = false, older = false;
    if (count == 0) return OK;
    err_t e = has_more(visit, supply, &rows[0], true, &newer);
    if (e == OK) e = has_more(visit, supply, &rows[count - 1], false, &older);
    if (newer) page->before = page_address(visit, supply, &rows[0], true);
    if (older) page->after = page_address(visit, supply, &rows[count - 1], false);
    return e;
}

err_t portal_bills(struct visit *visit)
{
    const struct portal_supply *supply;
    struct bill_place place;
    struct bill_row *rows;
    struct show_bills page = {.today = visit->today};
    size_t count = 0;
    bool newer = false;
    err_t e = portal_supply(visit, LOGIN_SEES_BILLS, &supply);
    if (e == OK) e = read_place(visit, &place, &newer);
    if (e == OK)
        e = bill_page(visit->db, visit->arena, supply->unit_id, supply->agreement_id, &place, newer,
                      BILLS_A_PAGE, &rows, &count, visit->err);
    if (e != OK) return e;
    struct show_bills_row *shown = ARENA_ARRAY(visit->arena, struct show_bills_row, count);
    if (shown == NULL) return err_memory(visit->err);
    for (size_t i = 0; i < count && e == OK; i++) e = fill_row(visit, &rows[i], &shown[i]);
    page.rows = shown;
    page.row_count = count;
    page.left = supply->left;
    page.earlier = portal_before(visit, supply, "/khach-hang/hoa-don");
    if (e == OK) e = fill_pager(visit, supply, rows, count, &page);
    return e == OK ? show_bills(&visit->show, &page) : e;
}
