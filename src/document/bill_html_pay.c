/* SPDX-License-Identifier: Apache-2.0 */
/* How to pay: the code that a banking app reads, and the same in words for those who read the bill
 * on that very telephone or where mail shows no pictures. */
#include "document/bill_html_int.h"
#include "draw/chart.h"
#include "draw/svg.h"

#define QR_SIZE 195.0 /* three points a module of most bills */

static err_t draw_code(const struct html_page *page)
{
    struct picture picture;
    struct str title = html_pick(page, S("Mã QR để thanh toán"), S("QR code to pay"));
    err_t e = chart_qr(&picture, page->arena, QR_SIZE, QR_STRONG, page->facts->payment_qr, title,
                       page->err);
    if (e != OK) return e;
    MARKUP(page->out, "<p>");
    svg_write(&picture, SVG_PLAIN, page->out);
    MARKUP(page->out, "</p>\n");
    return OK;
}

err_t html_payment(const struct html_page *page)
{
    const struct bill_facts *facts = page->facts;
    const struct seller *seller = &facts->seller;
    if (!facts->balance.known || facts->balance.left_vnd <= 0) return OK;
    html_heading(page, "Thanh toán", "Payment");
    if (facts->payment_qr.n > 0) {
        MARKUP(page->out, "<p>");
        html_say(page, "Quét mã bằng ứng dụng ngân hàng; số tiền và nội dung có sẵn.",
                 "Scan the code with a banking app; amount and reference are in it.");
        MARKUP(page->out, "</p>\n");
        err_t e = draw_code(page);
        if (e != OK) return e;
    }
    html_paragraph(page, "Còn phải trả", "Left to pay", html_money(page, facts->balance.left_vnd));
    if (seller->bank_account.n > 0) {
        html_paragraph(page, "Ngân hàng", "Bank", seller->bank_name);
        html_paragraph(page, "Số tài khoản", "Account", seller->bank_account);
        html_paragraph(page, "Nội dung chuyển khoản", "Reference", facts->number);
    }
    return OK;
}
