/* SPDX-License-Identifier: Apache-2.0 */
/* The end of the document: other ways to pay, what to do when something looks wrong, how to check;
 * and what stands on every page. */
#include "document/bill_page_int.h"

#define COLUMN_GAP 20.0
#define MARK_TINT  0.1

enum { FOOT_LINES_MAX = 4 };

/* ---- ways to pay and to ask -------------------------------------------------------------- */

static void add_ways_to_pay(struct bill_page *page, struct stack *stack)
{
    const struct bill_facts *facts = page->facts;
    const struct seller *seller = &facts->seller;
    bool unknown = !facts->balance.known && facts->rated.total_vnd > 0;
    if (unknown) {
        paper_add_strong(page, stack, paper_say(page, "Thanh toán", "Payment"));
        paper_add_small(page, stack,
                        paper_say(page,
                                  "Bản này không cho biết đã trả hay chưa. Hãy hỏi điện lực số còn "
                                  "phải trả.",
                                  "This copy does not tell whether it is paid. Please ask what is "
                                  "left to pay."));
        return;
    }
    if (facts->balance.left_vnd <= 0) {
        paper_add_strong(page, stack, paper_say(page, "Thanh toán", "Payment"));
        paper_add_small(page, stack,
                        paper_say(page, "Không cần trả gì cho chứng từ này.",
                                  "Nothing is to be paid for this document."));
        return;
    }
    paper_add_strong(page, stack, paper_say(page, "Các cách thanh toán", "Ways to pay"));
    if (facts->payment_qr.n > 0)
        paper_add_small(page, stack,
                        paper_say(page, "Quét mã ở đầu trang bằng ứng dụng ngân hàng.",
                                  "Scan the code at the top with a banking app."));
    if (seller->bank_account.n > 0)
        paper_add_small(page, stack,
                        paper_text(page,
                                   page->english
                                       ? "Transfer to %.*s at %.*s, with the bill's number."
                                       : "Chuyển khoản tới %.*s tại %.*s, ghi số hóa đơn.",
                                   STR_ARG(seller->bank_account), STR_ARG(seller->bank_name)));
    paper_add_small(page, stack,
                    paper_text(page,
                               page->english
                                   ? "At any bank or collection point, with customer code %.*s."
                                   : "Tại ngân hàng hoặc điểm thu, đọc mã khách hàng %.*s.",
                               STR_ARG(facts->row.agreement_code)));
}

static void add_ways_to_ask(struct bill_page *page, struct stack *stack)
{
    const struct seller *seller = &page->facts->seller;
    paper_add_strong(page, stack, paper_say(page, "Có gì chưa đúng?", "Something looks wrong?"));
    paper_add_small(
        page, stack,
        paper_say(page, "Hãy báo ngay. Mọi câu hỏi về hóa đơn và chỉ số được trả lời trong 24 giờ.",
                  "Tell us at once. Questions about bills and readings are answered "
                  "within 24 hours."));
    if (seller->hotline.n > 0)
        paper_add_small(page, stack,
                        paper_text(page, "%s %.*s", page->english ? "Telephone" : "Điện thoại",
                                   STR_ARG(seller->hotline)));
    if (seller->email.n > 0) paper_add_small(page, stack, seller->email);
    if (seller->website.n > 0) {
        paper_add_small(page, stack, seller->website)->text.how.style.role = ROLE_LINK;
        stack->last->link = seller->website;
    }
    if (page->facts->verify_at.n == 0) return;
    paper_add_small(page, stack, paper_say(page, "Nhập mã kiểm chứng tại", "Enter the code at"));
    paper_add_small(page, stack, page->facts->verify_at);
}

static void add_ways_to_check(struct bill_page *page, struct stack *stack)
{
    const struct bill_facts *facts = page->facts;
    double qr = page->type.qr;
    const double widths[] = {qr, stack->width - qr - 8};
    struct stack *columns[2] = {stack, stack};
    if (facts->calculator_link.n > 0) {
        paper_columns(page, stack, widths, 2, 8, columns);
        struct item *item =
            paper_add_qr(page, columns[0], QR_LARGE_MODULES, facts->calculator_link);
        item->link = facts->calculator_link;
    }
    if (facts->calculator_link.n == 0 && facts->code.n == 0) return;
    paper_add_strong(page, columns[1],
                     facts->calculator_link.n > 0
                         ? paper_say(page, "Tự tính lại", "Check it yourself")
                         : paper_say(page, "Bản này có thật không?", "Is it genuine?"));
    if (facts->calculator_link.n > 0)
        paper_add_small(
            page, columns[1],
            paper_say(page, "Quét mã để mở máy tính tiền điện với số liệu của hóa đơn này.",
                      "Scan the code to open the calculator with this bill's figures."));
    if (facts->code.n == 0) return;
    paper_add_small(page, columns[1], paper_say(page, "Mã kiểm chứng", "Verification code"));
    paper_add_strong(page, columns[1], facts->code);
}

void paper_help(struct bill_page *page)
{
    struct stack *body = &page->sheet.body, *columns[3];
    double third = (body->width - 2 * COLUMN_GAP) / 3;
    const double widths[] = {third * 0.9, third * 0.95, third * 1.15};
    if (!page->large) stack_rule(body, STROKED(ROLE_LINE, 0.7))->sinks = true;
    else stack_rule(body, STROKED(ROLE_LINE, 0.7));
    body->last->above = page->type.gap;
    body->last->with_next = true;
    paper_columns(page, body, widths, 3, COLUMN_GAP, columns);
    body->last->above = page->type.gap * 0.5;
    add_ways_to_pay(page, columns[0]);
    struct item *before = body->last;
    add_ways_to_ask(page, columns[1]);
    if (page->large) paper_space(body, before, page->type.gap, 0);
    before = body->last;
    add_ways_to_check(page, columns[2]);
    if (page->large) paper_space(body, before, page->type.gap, 0);
}

/* ---- every page -------------------------------------------------------------------------- */

/* Pale enough to read figures over it. */
void paper_mark(struct canvas *canvas, const struct bill_page *page)
{
    const struct sheet_frame *frame = &page->sheet.frame;
    struct text_style style = {.size = 62, .weight = WEIGHT_STRONG, .role = ROLE_MUTED};
    canvas_mark(canvas, (struct point){frame->width / 2, frame->height * 0.52}, 38, MARK_TINT,
                paper_say(page, "DỮ LIỆU TRÌNH DIỄN", "DEMONSTRATION DATA"), style);
}

static void draw_running_head(struct canvas *canvas, struct bill_page *page,
                              const struct paper_foot *foot)
{
    const struct sheet_frame *frame = &page->sheet.frame;
    double y = frame->later_top - page->type.small * 2.2, right = frame->width - frame->right;
    struct text_style style = {.size = page->type.small, .role = ROLE_MUTED};
    canvas_text(canvas, (struct point){frame->left, y}, foot->title, style);
    style.anchor = ANCHOR_END;
    canvas_text(canvas, (struct point){right, y}, foot->name, style);
    y += page->type.small * 0.7;
    canvas_line(canvas, (struct point){frame->left, y}, (struct point){right, y},
                STROKED(ROLE_LINE, 0.7));
}

void paper_around(struct canvas *canvas, struct bill_page *page, const struct paper_foot *foot,
                  int number, int count)
{
    const struct sheet_frame *frame = &page->sheet.frame;
    double size = page->large ? page->type.small * 0.8 : page->type.small * 0.9;
    double y = frame->height - frame->bottom + (page->large ? size * 1.6 : size * 2.2);
    struct text_style style = {.size = size, .role = ROLE_MUTED};
    if (number > 1) draw_running_head(canvas, page, foot);
    struct paragraph how = {frame->width - frame->left - frame->right - page->type.small * 8,
                            size * 1.35, style, FOOT_LINES_MAX};
    canvas_paragraph(canvas, (struct point){frame->left, y}, foot->words, &how);
    style.anchor = ANCHOR_END;
    canvas_text(canvas, (struct point){frame->width - frame->right, y},
                paper_text(page, page->english ? "Page %d of %d" : "Trang %d/%d", number, count),
                style);
}

void paper_under(struct canvas *canvas, const void *of)
{
    const struct bill_page *page = of;
    if (page->facts->demonstration) paper_mark(canvas, page);
}

void paper_over(struct canvas *canvas, int number, int count, const void *of)
{
    struct bill_page *page = (struct bill_page *)(uintptr_t)of;
    const struct bill_facts *facts = page->facts;
    const struct paper_foot foot = {
        .title = paper_title(page),
        .name = facts->number,
        .words = paper_text(
            page,
            page->english ? "Bill %.*s, issued on %.*s. Presentation of a bill; the tax invoice is "
                            "the signed e-invoice."
                          : "Hóa đơn %.*s, lập ngày %.*s. Bản giải thích cho người dùng điện; hóa "
                            "đơn thuế là hóa đơn điện tử đã ký.",
            STR_ARG(facts->number), STR_ARG(paper_day(page, facts->issued_day)))};
    paper_around(canvas, page, &foot, number, count);
}
