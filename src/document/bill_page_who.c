/* SPDX-License-Identifier: Apache-2.0 */
/* The top of the page: who sells, who is supplied and where, what is to be paid until when. */
#include "document/bill_page_int.h"

#include "base/date.h"
#include "base/decimal.h"

/* Width of the panel with the amount, and of the gap beside it. */
#define PANEL_WIDTH 282.0
#define PANEL_GAP   18.0
#define LAMP_SIDE   22.0

enum { LONG_NAME_BYTES = 160, MILLI_PLACES = 3 };

/* ---- the seller -------------------------------------------------------------------------- */

/* The lamp of the house: a shade, its foot, the light below. */
static struct picture *lamp(struct bill_page *page)
{
    struct picture *picture = ARENA_NEW(page->arena, struct picture);
    if (picture == NULL) return NULL;
    picture_init(picture, page->arena, LAMP_SIDE, LAMP_SIDE);
    const struct step shade[] = {
        {.kind = STEP_MOVE, .at = {11, 3.5}},
        {.kind = STEP_CURVE, .at = {19, 12.5}, .control = {{15.6, 3.5}, {19, 7.6}}},
        {.kind = STEP_LINE, .at = {3, 12.5}},
        {.kind = STEP_CURVE, .at = {11, 3.5}, .control = {{3, 7.6}, {6.4, 3.5}}},
        {.kind = STEP_CLOSE},
    };
    picture_line(picture, (struct point){11, 0.5}, (struct point){11, 4}, STROKED(ROLE_LAMP, 1.2));
    picture_path(picture, shade, ARRAY_COUNT(shade), FILLED(ROLE_LAMP));
    picture_line(picture, (struct point){11, 15.5}, (struct point){11, 20},
                 STROKED(ROLE_LAMP, 1.2));
    picture_line(picture, (struct point){5.5, 15}, (struct point){3.6, 18.6},
                 STROKED(ROLE_LAMP, 1.2));
    picture_line(picture, (struct point){16.5, 15}, (struct point){18.4, 18.6},
                 STROKED(ROLE_LAMP, 1.2));
    return picture;
}

/* Units without a record of their own still say which unit they are. */
void paper_seller(struct bill_page *page, const struct seller *seller, struct str unit_name)
{
    const double widths[] = {LAMP_SIDE, page->sheet.body.width - LAMP_SIDE - 8};
    struct stack *columns[2];
    struct picture *picture = lamp(page);
    struct str name = seller->legal_name.n > 0 ? seller->legal_name : unit_name;
    struct str address = seller->address;
    struct str tax = seller->tax_code.n == 0
                         ? S("")
                         : paper_text(page, "%s %.*s", page->english ? "Tax code" : "Mã số thuế",
                                      STR_ARG(seller->tax_code));
    stack_columns(&page->sheet.body, widths, 2, 8, columns);
    if (picture == NULL) page->sheet.dropped = true;
    else stack_picture(columns[0], picture);
    paper_add_strong(page, columns[1], name);
    if (address.n + tax.n > 0)
        paper_add_small(page, columns[1],
                        paper_text(page, "%.*s%s%.*s", STR_ARG(address),
                                   address.n > 0 && tax.n > 0 ? " · " : "", STR_ARG(tax)));
}

/* ---- who and where ----------------------------------------------------------------------- */

static struct str period(struct bill_page *page)
{
    const struct bill_facts *facts = page->facts;
    struct str to = paper_day(page, facts->to_day);
    if (facts->is_fee) return to;
    return paper_text(page, "%.*s – %.*s", STR_ARG(paper_day(page, facts->from_day)), STR_ARG(to));
}

/* A decimal of the request: 2,25 in Vietnamese. */
static struct str decimal_words(struct bill_page *page, struct str decimal)
{
    int64_t milli;
    return decimal_parse(decimal, MILLI_PLACES, &milli) ? paper_milli(page, milli) : decimal;
}

/* "Sinh hoạt", or all uses with their shares. */
static struct str purpose(struct bill_page *page)
{
    const struct bill_facts *facts = page->facts;
    struct str all = S("");
    for (size_t i = 0; i < facts->use_count; i++) {
        const struct facts_use *use = &facts->use[i];
        struct str words = paper_either(page, use->words_vi, use->words_en);
        const char *between = i > 0 ? "; " : "";
        if (facts->use_count > 1 && use->share.n > 0)
            all = paper_text(page, "%.*s%s%.*s %.*s %%", STR_ARG(all), between, STR_ARG(words),
                             STR_ARG(decimal_words(page, use->share)));
        else all = paper_text(page, "%.*s%s%.*s", STR_ARG(all), between, STR_ARG(words));
    }
    return paper_capital(page, all);
}

static struct str legal_name(struct bill_page *page)
{
    const struct einvoice_name *legal = &page->facts->legal;
    if (legal->number == 0) return S("");
    return paper_text(page, "%d%.*s %s %lld, %.*s", (int)legal->template_no, STR_ARG(legal->symbol),
                      page->english ? "no." : "số", (long long)legal->number,
                      STR_ARG(paper_day(page, legal->day)));
}

static void add_pairs(struct bill_page *page, struct stack *stack)
{
    const struct bill_facts *facts = page->facts;
    const struct bill_row *row = &facts->row;
    struct str households = facts->use_count > 0 ? facts->households : S("");
    bool one = str_equal(households, S("1"));
    paper_add_pair(page, stack, paper_say(page, "Mã khách hàng", "Customer code"),
                   row->agreement_code);
    paper_add_pair(page, stack, paper_say(page, "Mã số thuế", "Tax code"),
                   facts->customer.tax_code);
    paper_add_pair(page, stack, paper_say(page, "Điểm đo", "Usage point"), row->point_code);
    paper_add_pair(page, stack,
                   facts->is_fee ? paper_say(page, "Ngày", "Day") : paper_say(page, "Kỳ", "Period"),
                   period(page));
    paper_add_pair(page, stack, paper_say(page, "Mục đích", "Purpose"), purpose(page));
    paper_add_pair(page, stack, paper_say(page, "Số hộ", "Households"),
                   one ? S("") : decimal_words(page, households));
    paper_add_pair(page, stack, paper_say(page, "Số hóa đơn", "Bill"), facts->number);
    paper_add_pair(page, stack, paper_say(page, "Hóa đơn điện tử", "E-invoice"), legal_name(page));
    if (facts->receiver.name.n > 0)
        paper_add_pair(page, stack, paper_say(page, "Người nhận", "Receiver"),
                       facts->receiver.tax_code.n == 0
                           ? facts->receiver.name
                           : paper_text(page, "%.*s, %.*s", STR_ARG(facts->receiver.name),
                                        STR_ARG(facts->receiver.tax_code)));
}

/* Names of companies may be very long. */
static double name_size(const struct bill_page *page)
{
    return page->facts->customer.name.n > LONG_NAME_BYTES ? page->type.body : page->type.lead;
}

static void add_who(struct bill_page *page, struct stack *stack)
{
    const struct bill_facts *facts = page->facts;
    struct item *title =
        paper_add_sized(page, stack, paper_title(page), page->type.title, WEIGHT_STRONG, ROLE_INK);
    title->outline = title->text.words;
    paper_add_sized(page, stack, facts->customer.name, name_size(page), WEIGHT_STRONG, ROLE_INK)
        ->above = page->type.gap * 0.5;
    paper_add_body(page, stack, facts->customer.address);
    const struct item *before = stack->last;
    add_pairs(page, stack);
    paper_space(stack, before, page->type.gap * 0.5, 0);
}

/* ---- the amount -------------------------------------------------------------------------- */

struct owed {
    struct str label;
    int64_t amount_vnd;
    bool due;        /* the day until which it is to be paid */
    struct str note; /* may be empty */
};

static struct owed owed_of(struct bill_page *page)
{
    const struct facts_balance *balance = &page->facts->balance;
    int64_t total_vnd = page->facts->rated.total_vnd;
    if (total_vnd < 0)
        return (struct owed){
            paper_say(page, "Được giảm trừ", "In your favour"), -total_vnd, false,
            paper_say(page, "Số này trừ vào tiền điện phải trả.", "Taken off what is to be paid.")};
    if (total_vnd == 0)
        return (struct owed){
            paper_say(page, "Số tiền phải trả", "Amount to pay"), 0, false,
            paper_say(page, "Kỳ này không phải trả tiền.", "Nothing is to be paid.")};
    if (!balance->known)
        return (struct owed){paper_say(page, "Tổng cộng", "Total"), total_vnd, false, S("")};
    if (balance->left_vnd <= 0)
        return (struct owed){paper_say(page, "Đã trả đủ", "Paid in full"), total_vnd, false,
                             paper_say(page, "Cảm ơn quý khách. Không phải trả thêm.",
                                       "Thank you. Nothing more is to be paid.")};
    if (balance->settled_vnd > 0)
        return (struct owed){
            paper_say(page, "Còn phải trả", "Left to pay"), balance->left_vnd, true,
            paper_text(page,
                       page->english ? "%.*s billed, %.*s paid" : "Tổng cộng %.*s, đã trả %.*s",
                       STR_ARG(paper_vnd(page, balance->amount_vnd)),
                       STR_ARG(paper_vnd(page, balance->settled_vnd)))};
    return (struct owed){paper_say(page, "Số tiền phải trả", "Amount to pay"), balance->left_vnd,
                         true, S("")};
}

/* "382,49 kWh · 30 ngày · 12,7 kWh mỗi ngày". */
static struct str use_in_short(struct bill_page *page)
{
    const struct bill_facts *facts = page->facts;
    if (facts->is_fee) return S("");
    struct str kwh = paper_milli(page, facts->rated.total_wh);
    if (facts->days <= 0 || facts->rated.total_wh <= 0)
        return paper_text(page, "%.*s kWh", STR_ARG(kwh));
    int64_t tenths = (facts->rated.total_wh + facts->days * 50) / (facts->days * 100);
    return paper_text(page,
                      page->english ? "%.*s kWh · %lld days · %.*s kWh a day"
                                    : "%.*s kWh · %lld ngày · %.*s kWh mỗi ngày",
                      STR_ARG(kwh), (long long)facts->days,
                      STR_ARG(paper_milli(page, tenths * 100)));
}

/* What someone types who has no camera. */
static void add_account(struct bill_page *page, struct stack *stack)
{
    const struct seller *seller = &page->facts->seller;
    const struct facts_balance *balance = &page->facts->balance;
    if (seller->bank_account.n == 0 || !balance->known || balance->left_vnd <= 0) return;
    paper_add_small(page, stack,
                    paper_text(page, page->english ? "Transfer: %.*s" : "Chuyển khoản: %.*s",
                               STR_ARG(seller->bank_name)))
        ->above = page->type.small * 0.8;
    paper_add_strong(page, stack, seller->bank_account);
    paper_add_small(page, stack,
                    paper_text(page, page->english ? "Reference: %.*s" : "Nội dung: %.*s",
                               STR_ARG(page->facts->number)));
}

static void add_code(struct bill_page *page, struct stack *stack)
{
    paper_add_qr(page, stack, QR_STRONG, page->facts->payment_qr)->with_next = true;
    struct item *words =
        paper_add_small(page, stack, paper_say(page, "Quét để trả", "Scan to pay"));
    if (!page->large) words->text.how.style.anchor = ANCHOR_MIDDLE;
}

static void add_figures(struct bill_page *page, struct stack *stack)
{
    const struct facts_balance *balance = &page->facts->balance;
    struct owed owed = owed_of(page);
    struct text_style amount = {.size = page->type.amount, .weight = WEIGHT_STRONG};
    struct cell cell = {0, stack->width, paper_vnd(page, owed.amount_vnd), amount, false};
    struct str use = use_in_short(page);
    paper_add_sized(page, stack, owed.label, page->type.body, WEIGHT_REGULAR, ROLE_MUTED);
    stack_cells(stack, &cell, 1, page->type.amount * 1.2);
    if (owed.due)
        paper_add_strong(page, stack,
                         paper_text(page, page->english ? "Due on %.*s" : "Hạn thanh toán %.*s",
                                    STR_ARG(paper_day(page, balance->due_day))));
    if (owed.note.n > 0) paper_add_body(page, stack, owed.note);
    if (use.n > 0) paper_add_small(page, stack, use);
    add_account(page, stack);
}

static void add_amount(struct bill_page *page, struct stack *stack)
{
    const double qr = page->type.qr, gap = 10;
    const double widths[] = {stack->width - qr - gap, qr};
    struct stack *columns[2] = {stack, stack};
    if (page->facts->payment_qr.n > 0) paper_columns(page, stack, widths, 2, gap, columns);
    add_figures(page, columns[0]);
    if (page->facts->payment_qr.n > 0) add_code(page, columns[1]);
}

void paper_who(struct bill_page *page)
{
    struct stack *body = &page->sheet.body, *columns[2], *panel;
    const double widths[] = {body->width - PANEL_WIDTH - PANEL_GAP, PANEL_WIDTH};
    struct style ground = {.fill = ROLE_GROUND, .stroke = ROLE_LINE, .stroke_width = 0.7};
    if (page->large) {
        const struct item *last = body->last;
        add_who(page, body);
        paper_space(body, last, page->type.gap, 0);
        last = body->last;
        add_amount(page, body);
        paper_space(body, last, page->type.gap, 0);
        return;
    }
    struct item *item = stack_columns(body, widths, 2, PANEL_GAP, columns);
    item->above = page->type.gap;
    add_who(page, columns[0]);
    stack_panel(columns[1], page->type.padding, ground, &panel)->stretch = 400;
    add_amount(page, panel);
}
