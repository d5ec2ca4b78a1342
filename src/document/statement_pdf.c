/* SPDX-License-Identifier: Apache-2.0 */
#include "document/statement_pdf.h"

#include "base/date.h"
#include "document/bill_page_int.h"

#define PANEL_WIDTH 282.0
#define PANEL_GAP   18.0

static const struct type_scale type = {.small = 7.2,
                                       .body = 8.4,
                                       .lead = 11,
                                       .heading = 11,
                                       .title = 15.5,
                                       .amount = 26,
                                       .leading = 1.4,
                                       .gap = 14,
                                       .padding = 12,
                                       .qr = 84};

/* A statement on its way: the page helps with words, figures and items. */
struct statement_page {
    struct bill_page page;
    const struct account_statement *statement;
    const struct statement_pdf_form *form;
};

/* ---- every page -------------------------------------------------------------------------- */

static struct str title_of(struct statement_page *s)
{
    const struct statement_order *order = &s->statement->order;
    struct bill_page *page = &s->page;
    struct str from = paper_month(page, month_to_number(order->first_month));
    struct str to = paper_month(page, month_to_number(order->last_month));
    if (order->first_month == order->last_month)
        return paper_text(page, "%s %.*s", page->english ? "Statement," : "Bảng kê tháng",
                          STR_ARG(from));
    return paper_text(page,
                      page->english ? "Statement, %.*s to %.*s" : "Bảng kê %.*s\u00a0–\u00a0%.*s",
                      STR_ARG(from), STR_ARG(to));
}

static void draw_under(struct canvas *canvas, const void *of)
{
    const struct statement_page *s = of;
    if (s->form->demonstration) paper_mark(canvas, &s->page);
}

static void draw_over(struct canvas *canvas, int number, int count, const void *of)
{
    struct statement_page *s = (struct statement_page *)(uintptr_t)of;
    struct bill_page *page = &s->page;
    struct paper_foot foot = {
        .title = title_of(s),
        .name = s->statement->account_code,
        .words = paper_text(
            page, page->english ? "Account %.*s, made on %.*s." : "Tài khoản %.*s, lập ngày %.*s.",
            STR_ARG(s->statement->account_code),
            STR_ARG(paper_day(page, s->statement->order.made_day)))};
    paper_around(canvas, page, &foot, number, count);
}

/* ---- tables ------------------------------------------------------------------------------ */

enum { BILL_COLUMNS = 7, ENTRY_COLUMNS = 5 };

static const double bill_ends[BILL_COLUMNS] = {0.18, 0.41, 0.50, 0.63, 0.74, 0.87, 1.0};
static const double entry_ends[ENTRY_COLUMNS] = {0.12, 0.40, 0.64, 0.82, 1.0};
static const struct row_shape bill_row = {.ends = bill_ends, .count = BILL_COLUMNS, .words = 2};
static const struct row_shape entry_row = {.ends = entry_ends, .count = ENTRY_COLUMNS, .words = 3};

static struct item *add_row(struct statement_page *s, const struct row_shape *shape,
                            const struct str *texts, struct text_style style)
{
    return stack_row(&s->page.sheet.body, shape, texts, style, style.size * type.leading);
}

static struct item *add_head(struct statement_page *s, const struct row_shape *shape,
                             const struct str *texts)
{
    struct item *head =
        add_row(s, shape, texts, (struct text_style){.size = type.small, .role = ROLE_MUTED});
    head->with_next = true;
    stack_rule(&s->page.sheet.body, STROKED(ROLE_LINE, 0.7))->with_next = true;
    return head;
}

/* ---- bills ------------------------------------------------------------------------------- */

struct sums {
    int64_t wh, pre_vat_vnd, vat_vnd, total_vnd, left_vnd;
};

static void add_sums(struct statement_page *s, struct str name, const struct sums *sums)
{
    struct bill_page *page = &s->page;
    struct text_style strong = {.size = type.body, .weight = WEIGHT_STRONG};
    const struct str texts[BILL_COLUMNS] = {name,
                                            S(""),
                                            paper_milli(page, sums->wh),
                                            paper_grouped(page, sums->pre_vat_vnd),
                                            paper_grouped(page, sums->vat_vnd),
                                            paper_grouped(page, sums->total_vnd),
                                            paper_grouped(page, sums->left_vnd)};
    add_row(s, &bill_row, texts, strong)->above = type.small * 0.2;
}

/* Its e-invoice, and whether a replacement took it back, on a small line of their own. */
static bool add_bill_note(struct statement_page *s, const struct statement_bill *bill,
                          const struct item *head)
{
    struct bill_page *page = &s->page;
    if (bill->invoice.n == 0 && !bill->taken_back) return false;
    struct str words = bill->taken_back ? paper_say(page, "đã thay thế", "replaced") : S("");
    const char *between = bill->invoice.n > 0 && bill->taken_back ? ", " : "";
    const struct str texts[BILL_COLUMNS] = {
        [1] = paper_text(page, "%.*s%s%.*s", STR_ARG(bill->invoice), between, STR_ARG(words))};
    add_row(s, &bill_row, texts, (struct text_style){.size = type.small, .role = ROLE_MUTED})
        ->head = head;
    return true;
}

static void add_bill(struct statement_page *s, const struct statement_bill *bill,
                     const struct item *head)
{
    struct bill_page *page = &s->page;
    struct str to = paper_day(page, bill->to_day);
    struct str days =
        bill->has_days
            ? paper_text(page, "%.*s – %.*s",
                         STR_ARG(str_sub(paper_day(page, bill->from_day), 0, 5)), STR_ARG(to))
            : to;
    const struct str texts[BILL_COLUMNS] = {days,
                                            bill->number,
                                            paper_milli(page, bill->total_wh),
                                            paper_grouped(page, bill->pre_vat_vnd),
                                            paper_grouped(page, bill->vat_vnd),
                                            paper_grouped(page, bill->total_vnd),
                                            paper_grouped(page, bill->left_vnd)};
    struct item *row = add_row(s, &bill_row, texts, (struct text_style){.size = type.body});
    row->head = head;
    row->with_next = add_bill_note(s, bill, head);
}

static bool same_point(const struct statement_bill *a, const struct statement_bill *b)
{
    return a->key.point_id == b->key.point_id && a->key.unit_id == b->key.unit_id;
}

static bool met_before(const struct account_statement *statement, size_t at)
{
    for (size_t i = 0; i < at; i++)
        if (same_point(&statement->bills[i], &statement->bills[at])) return true;
    return false;
}

/* Its bills, and their sums when there are several. */
static void add_point(struct statement_page *s, size_t first, const struct item *head)
{
    struct bill_page *page = &s->page;
    const struct account_statement *statement = s->statement;
    const struct statement_bill *point = &statement->bills[first];
    struct sums sums = {0};
    size_t count = 0;
    struct item *name =
        paper_add_strong(page, &page->sheet.body,
                         paper_text(page, "%.*s%s%.*s", STR_ARG(point->point_code),
                                    point->address.n > 0 ? " · " : "", STR_ARG(point->address)));
    name->above = type.body * 0.7;
    name->with_next = true;
    name->head = head;
    for (size_t i = first; i < statement->bill_count; i++) {
        const struct statement_bill *bill = &statement->bills[i];
        if (!same_point(bill, point)) continue;
        add_bill(s, bill, head);
        sums.left_vnd += bill->left_vnd;
        count++;
        if (bill->taken_back) continue;
        sums.wh += bill->total_wh;
        sums.pre_vat_vnd += bill->pre_vat_vnd;
        sums.vat_vnd += bill->vat_vnd;
        sums.total_vnd += bill->total_vnd;
    }
    if (count > 1) add_sums(s, paper_say(page, "Cộng điểm đo", "Sum of the point"), &sums);
}

static void add_bills(struct statement_page *s)
{
    struct bill_page *page = &s->page;
    const struct account_statement *statement = s->statement;
    const struct str head_texts[BILL_COLUMNS] = {paper_say(page, "Kỳ", "Period"),
                                                 paper_say(page, "Hóa đơn", "Bill"),
                                                 S("kWh"),
                                                 paper_say(page, "Trước thuế, đ", "Before tax, đ"),
                                                 paper_say(page, "Thuế, đ", "VAT, đ"),
                                                 paper_say(page, "Cộng, đ", "Total, đ"),
                                                 paper_say(page, "Còn lại, đ", "Left, đ")};
    struct item *heading =
        paper_add_heading(page, &page->sheet.body, paper_say(page, "Hóa đơn", "Bills"));
    heading->outline = heading->text.words;
    const struct item *head = add_head(s, &bill_row, head_texts);
    for (size_t i = 0; i < statement->bill_count; i++)
        if (!met_before(statement, i)) add_point(s, i, head);
    const struct sums all = {statement->total_wh, statement->pre_vat_vnd, statement->vat_vnd,
                             statement->total_vnd, statement->left_vnd};
    stack_rule(&page->sheet.body, STROKED(ROLE_INK, 0.8))->above = type.body * 0.6;
    page->sheet.body.last->with_next = true;
    add_sums(s, paper_say(page, "Tất cả", "All"), &all);
}

/* ---- the balance ------------------------------------------------------------------------- */

static void add_balance(struct statement_page *s, int32_t day, const char *vi, const char *en,
                        int64_t balance_vnd)
{
    struct bill_page *page = &s->page;
    const struct str texts[ENTRY_COLUMNS] = {paper_day(page, day), paper_say(page, vi, en), S(""),
                                             S(""), paper_grouped(page, balance_vnd)};
    add_row(s, &entry_row, texts, (struct text_style){.size = type.body, .weight = WEIGHT_STRONG});
}

static void add_entry(struct statement_page *s, const struct statement_entry *entry,
                      const struct item *head)
{
    struct bill_page *page = &s->page;
    struct str words =
        page->english ? statement_kind_en(entry->kind) : statement_kind_vi(entry->kind);
    bool paid = entry->by_reference.n > 0;
    if (paid)
        words =
            paper_text(page, page->english ? "for %.*s" : "cho %.*s", STR_ARG(entry->reference));
    const struct str texts[ENTRY_COLUMNS] = {
        paper_day(page, entry->day), paid ? entry->by_reference : entry->reference, words,
        paper_grouped(page, entry->amount_vnd), paper_grouped(page, entry->balance_vnd)};
    add_row(s, &entry_row, texts, (struct text_style){.size = type.body})->head = head;
}

static void add_entries(struct statement_page *s)
{
    struct bill_page *page = &s->page;
    const struct account_statement *statement = s->statement;
    const struct statement_order *order = &statement->order;
    const struct str head_texts[ENTRY_COLUMNS] = {
        paper_say(page, "Ngày", "Day"), paper_say(page, "Chứng từ", "Document"), S(""),
        paper_say(page, "Số tiền, đ", "Amount, đ"), paper_say(page, "Số dư, đ", "Balance, đ")};
    struct item *heading = paper_add_heading(
        page, &page->sheet.body, paper_say(page, "Công nợ theo ngày", "Balance by day"));
    heading->outline = heading->text.words;
    const struct item *head = add_head(s, &entry_row, head_texts);
    add_balance(s, first_day_of_month(order->first_month), "Số dư đầu kỳ", "Balance before",
                statement->opening_vnd);
    for (size_t i = 0; i < statement->entry_count; i++) add_entry(s, &statement->entries[i], head);
    add_balance(s, first_day_of_month(order->last_month + 1) - 1, "Số dư cuối kỳ",
                "Balance at the end", statement->closing_vnd);
}

/* ---- the top ----------------------------------------------------------------------------- */

static void add_who(struct statement_page *s, struct stack *stack)
{
    const struct account_statement *statement = s->statement;
    struct bill_page *page = &s->page;
    struct item *title =
        paper_add_sized(page, stack, title_of(s), type.title, WEIGHT_STRONG, ROLE_INK);
    title->outline = title->text.words;
    paper_add_sized(page, stack, statement->payer_name, type.lead, WEIGHT_STRONG, ROLE_INK)->above =
        type.gap * 0.5;
    const struct item *before = stack->last;
    paper_add_pair(page, stack, paper_say(page, "Tài khoản", "Account"), statement->account_code);
    paper_add_pair(page, stack, paper_say(page, "Đơn vị", "Unit"), statement->unit_name);
    paper_add_pair(page, stack, paper_say(page, "Số hóa đơn", "Bills"),
                   paper_grouped(page, (int64_t)statement->counted_count));
    paper_add_pair(page, stack, paper_say(page, "Cộng", "Total"),
                   paper_vnd(page, statement->total_vnd));
    if (statement->deposit_vnd != 0)
        paper_add_pair(page, stack, paper_say(page, "Bảo đảm", "Security"),
                       paper_vnd(page, statement->deposit_vnd));
    paper_space(stack, before, type.gap * 0.5, 0);
}

static void add_left(struct statement_page *s, struct stack *stack)
{
    const struct account_statement *statement = s->statement;
    const struct seller *seller = s->form->seller;
    struct bill_page *page = &s->page;
    const double widths[] = {stack->width - type.qr - 10, type.qr};
    struct stack *columns[2] = {stack, stack};
    bool pays = s->form->payment_qr.n > 0;
    if (pays) stack_columns(stack, widths, 2, 10, columns);
    struct text_style amount = {.size = type.amount, .weight = WEIGHT_STRONG};
    struct cell cell = {0, columns[0]->width, paper_vnd(page, statement->left_vnd), amount, false};
    paper_add_sized(
        page, columns[0],
        paper_say(page, "Còn phải trả của các hóa đơn này", "Left to pay of these bills"),
        type.body, WEIGHT_REGULAR, ROLE_MUTED);
    stack_cells(columns[0], &cell, 1, type.amount * 1.2);
    if (!pays) return;
    paper_add_small(page, columns[0],
                    paper_text(page, page->english ? "Transfer: %.*s" : "Chuyển khoản: %.*s",
                               STR_ARG(seller->bank_name)));
    paper_add_strong(page, columns[0], seller->bank_account);
    paper_add_small(page, columns[0],
                    paper_text(page, page->english ? "Reference: %.*s" : "Nội dung: %.*s",
                               STR_ARG(statement->account_code)));
    paper_add_qr(page, columns[1], QR_STRONG, s->form->payment_qr);
}

static void add_top(struct statement_page *s)
{
    struct stack *body = &s->page.sheet.body, *columns[2], *panel;
    const double widths[] = {body->width - PANEL_WIDTH - PANEL_GAP, PANEL_WIDTH};
    struct style ground = {.fill = ROLE_GROUND, .stroke = ROLE_LINE, .stroke_width = 0.7};
    paper_seller(&s->page, s->form->seller, s->statement->unit_name);
    stack_columns(body, widths, 2, PANEL_GAP, columns)->above = type.gap;
    add_who(s, columns[0]);
    stack_panel(columns[1], type.padding, ground, &panel)->stretch = 400;
    add_left(s, panel);
}

err_t statement_pdf(struct typeface *typeface, struct arena *arena,
                    const struct account_statement *statement,
                    const struct statement_pdf_form *form, struct buf *out, struct err *err)
{
    struct statement_page s = {.page = {.arena = arena, .english = form->english, .type = type},
                               .statement = statement,
                               .form = form};
    const struct sheet_frame frame = {.width = PAGE_A4_WIDTH,
                                      .height = PAGE_A4_HEIGHT,
                                      .left = 42,
                                      .right = 42,
                                      .bottom = 44,
                                      .first_top = 32,
                                      .later_top = 62,
                                      .under = draw_under,
                                      .over = draw_over,
                                      .of = &s};
    sheet_init(&s.page.sheet, arena, typeface, &frame);
    add_top(&s);
    add_bills(&s);
    add_entries(&s);
    struct str seller = form->seller->legal_name;
    struct canvas_about about = {.title = paper_text(&s.page, "%.*s – %.*s", STR_ARG(title_of(&s)),
                                                     STR_ARG(statement->payer_name)),
                                 .author = seller.n > 0 ? seller : statement->unit_name,
                                 .subject = statement->account_code,
                                 .language = paper_say(&s.page, "vi-VN", "en"),
                                 .created_ms = vietnam_midnight_ms(statement->order.made_day)};
    return sheet_draw(&s.page.sheet, &about, STATEMENT_PDF_BYTES_MAX, out, err);
}
