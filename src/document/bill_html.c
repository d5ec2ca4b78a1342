/* SPDX-License-Identifier: Apache-2.0 */
#include "document/bill_html_int.h"
#include "document/bill_notice.h"
#include "document/figure.h"
#include "document/wording.h"

enum { SHORT_BYTES = 10, PLACES = 3, HEADING_BYTES = 1024, PPM_PLACES = 4 };

/* ---- words and figures ------------------------------------------------------------------- */

struct str html_pick(const struct html_page *page, struct str vi, struct str en)
{
    return page->english ? en : vi;
}

void html_say(const struct html_page *page, const char *vi, const char *en)
{
    html_text(page->out, str_of(page->english ? en : vi));
}

static struct str figure(const struct html_page *page, int64_t scaled, unsigned places,
                         const char *unit)
{
    return wording_figure(page->arena, scaled, places, unit, page->english);
}

struct str html_money(const struct html_page *page, int64_t vnd)
{
    return figure(page, vnd, 0, " đ");
}

struct str html_amount(const struct html_page *page, int64_t mvnd)
{
    return html_milli(page, mvnd);
}

struct str html_milli(const struct html_page *page, int64_t milli)
{
    return figure(page, milli, PLACES, "");
}

struct str html_day(const struct html_page *page, int32_t day)
{
    return wording_day(page->arena, day);
}

/* ---- pieces ------------------------------------------------------------------------------ */

void html_heading(const struct html_page *page, const char *vi, const char *en)
{
    MARKUP(page->out, "<h3 style=\"font-size:20px;margin:24px 0 8px\">");
    html_say(page, vi, en);
    MARKUP(page->out, "</h3>\n");
}

/* Figures stand right and are never broken; a long code gives way on a phone. */
static void cell_open(const struct html_page *page, bool head, bool number, size_t bytes)
{
    if (head) MARKUP(page->out, "<th scope=\"col\"");
    else MARKUP(page->out, "<td");
    if (number && head)
        MARKUP(page->out, " style=\"text-align:right;font-size:14px;padding:4px\">");
    else if (number)
        MARKUP(page->out, " style=\"text-align:right;white-space:nowrap;padding:4px\">");
    else if (bytes <= SHORT_BYTES)
        MARKUP(page->out, " style=\"text-align:left;white-space:nowrap;padding:4px\">");
    else MARKUP(page->out, " style=\"text-align:left;overflow-wrap:anywhere;padding:4px\">");
}

void html_table(const struct html_page *page, const char *vi, const char *en,
                const struct html_column *columns, size_t count)
{
    MARKUP(page->out, "<table style=\"border-collapse:collapse;width:100%\">\n<caption "
                      "style=\"text-align:left;color:#55606E\">");
    html_say(page, vi, en);
    MARKUP(page->out, "</caption>\n<thead><tr>");
    for (size_t i = 0; i < count; i++) {
        cell_open(page, true, columns[i].number, SHORT_BYTES + 1);
        html_say(page, columns[i].vi, columns[i].en);
        MARKUP(page->out, "</th>");
    }
    MARKUP(page->out, "</tr></thead>\n<tbody>\n");
}

void html_row(const struct html_page *page, const struct html_column *columns,
              const struct str *cells, size_t count)
{
    MARKUP(page->out, "<tr>");
    for (size_t i = 0; i < count; i++) {
        cell_open(page, false, columns[i].number, cells[i].n);
        html_text(page->out, cells[i]);
        MARKUP(page->out, "</td>");
    }
    MARKUP(page->out, "</tr>\n");
}

void html_table_end(const struct html_page *page)
{
    MARKUP(page->out, "</tbody>\n</table>\n");
}

void html_paragraph(const struct html_page *page, const char *vi, const char *en, struct str text)
{
    if (text.n == 0) return;
    MARKUP(page->out, "<p>");
    html_say(page, vi, en);
    MARKUP(page->out, ": ");
    html_text(page->out, text);
    MARKUP(page->out, "</p>\n");
}

/* ---- who and how much -------------------------------------------------------------------- */

/* What was paid of it, where the amount above is not what is to be paid. */
static void write_paid(const struct html_page *page)
{
    const struct facts_balance *balance = &page->facts->balance;
    if (!balance->known || page->facts->rated.total_vnd <= 0 ||
        balance->left_vnd == page->facts->rated.total_vnd)
        return;
    MARKUP(page->out, "<p><strong>");
    if (balance->left_vnd <= 0) html_say(page, "Đã thanh toán", "Paid");
    else {
        html_say(page, "Còn phải trả: ", "Left to pay: ");
        html_text(page->out, html_money(page, balance->left_vnd));
    }
    MARKUP(page->out, "</strong></p>\n");
}

static void write_head(const struct html_page *page)
{
    const struct bill_facts *facts = page->facts;
    char memory[HEADING_BYTES];
    struct buf heading;
    buf_init_fixed(&heading, memory, sizeof memory);
    bill_heading(facts, page->english, &heading);
    if (facts->demonstration) {
        MARKUP(page->out, "<p><strong>");
        html_say(page, "DỮ LIỆU TRÌNH DIỄN", "DEMONSTRATION DATA");
        MARKUP(page->out, "</strong></p>\n");
    }
    MARKUP(page->out, "<h2 style=\"font-size:25px;margin:0 0 8px\">");
    html_text(page->out, buf_str(&heading));
    MARKUP(page->out, "</h2>\n<p style=\"font-size:31px;margin:0\"><strong>");
    html_text(page->out, html_money(page, facts->rated.total_vnd));
    MARKUP(page->out, "</strong></p>\n");
    write_paid(page);
    if (facts->balance.known && facts->balance.left_vnd > 0)
        html_paragraph(page, "Hạn thanh toán", "Due", html_day(page, facts->balance.due_day));
    html_paragraph(page, "Bằng chữ", "In words (Vietnamese)", facts->total_words);
}

static void write_who(const struct html_page *page)
{
    const struct bill_facts *facts = page->facts;
    html_paragraph(page, "Khách hàng", "Customer", facts->customer.name);
    html_paragraph(page, "Mã khách hàng", "Customer code", facts->row.agreement_code);
    html_paragraph(page, "Địa chỉ dùng điện", "Address of supply", facts->customer.address);
    html_paragraph(page, "Bên nhận hóa đơn", "Receiver of the invoice", facts->receiver.name);
    if (facts->is_earlier) {
        MARKUP(page->out, "<p>");
        html_say(page, "Hóa đơn do hệ thống trước lập", "A bill of the earlier system");
        MARKUP(page->out, "</p>\n");
    }
    html_paragraph(page, "Sửa cho hóa đơn", "Corrects the bill", facts->corrects);
    html_paragraph(page, "Lý do", "Cause", html_pick(page, facts->cause_vi, facts->cause_en));
    html_paragraph(page, "Căn cứ", "Ground", facts->ground);
    if (facts->is_fee) return;
    MARKUP(page->out, "<p>");
    html_say(page, "Kỳ ", "Period ");
    html_text(page->out, html_day(page, facts->from_day));
    MARKUP(page->out, " – ");
    html_text(page->out, html_day(page, facts->to_day));
    buf_printf(page->out, " (%lld ", (long long)facts->days);
    html_say(page, "ngày)", "days)");
    MARKUP(page->out, "</p>\n");
}

/* ---- how it came about ------------------------------------------------------------------- */

static const struct html_column reading_columns[] = {{"Công tơ", "Meter", false},
                                                     {"Chỉ số đầu", "From", true},
                                                     {"Chỉ số cuối", "To", true},
                                                     {"Hệ số", "Factor", true},
                                                     {"Sản lượng", "Use", true}};

static struct str index_of(const struct html_page *page, int64_t index_wh)
{
    return wording_index(page->arena, index_wh, page->english);
}

static void write_readings(const struct html_page *page)
{
    const struct bill_facts *facts = page->facts;
    if (facts->register_count == 0) return;
    html_table(page, "Chỉ số công tơ đầu và cuối kỳ", "Readings at both ends of the period",
               reading_columns, ARRAY_COUNT(reading_columns));
    for (size_t i = 0; i < facts->register_count; i++) {
        const struct facts_register *reg = &facts->reg[i];
        struct str cells[] = {arena_printf(page->arena, "%.*s, %.*s",
                                           STR_ARG(facts->meter[reg->meter].serial),
                                           STR_ARG(facts_register_words(reg->reg, page->english))),
                              index_of(page, reg->from_index_wh), index_of(page, reg->to_index_wh),
                              html_milli(page, reg->multiplier * 1000), html_milli(page, reg->wh)};
        html_row(page, reading_columns, cells, ARRAY_COUNT(cells));
    }
    html_table_end(page);
}

static const struct html_column line_columns[] = {{"Diễn giải", "Line", false},
                                                  {"Số lượng", "Quantity", true},
                                                  {"Đơn giá", "Price", true},
                                                  {"Thành tiền", "Amount", true}};

/* Over its lines and across the table: a column of its own has no room on a phone. */
static void write_law(const struct html_page *page, struct str law)
{
    if (law.n == 0) return;
    MARKUP(page->out, "<tr><td colspan=\"4\" style=\"padding:8px 4px 0;color:#55606E\">");
    html_text(page->out, law);
    MARKUP(page->out, "</td></tr>\n");
}

static void write_line(const struct html_page *page, const struct facts_line *shown)
{
    const struct rated_line *line = shown->line;
    struct str quantity = S(""), price = S("");
    if (line->has_quantity) quantity = html_milli(page, line->quantity_wh);
    else if (shown->fee_quantity_milli > 0) quantity = html_milli(page, shown->fee_quantity_milli);
    if (line->has_price) price = html_milli(page, line->price_vnd * 1000);
    else if (shown->fee_price_vnd > 0) price = html_milli(page, shown->fee_price_vnd * 1000);
    struct str cells[] = {html_pick(page, shown->words_vi, shown->words_en), quantity, price,
                          html_amount(page, line->amount_mvnd)};
    html_row(page, line_columns, cells, ARRAY_COUNT(cells));
}

static void write_sum(const struct html_page *page, struct str name, struct str amount)
{
    struct str cells[] = {name, S(""), S(""), amount};
    html_row(page, line_columns, cells, ARRAY_COUNT(cells));
}

static void write_sums(const struct html_page *page)
{
    const struct rated_bill *rated = &page->facts->rated;
    struct str rate = figure(page, rated->vat_ppm, PPM_PLACES, " %");
    write_sum(page, html_pick(page, S("Cộng trước thuế"), S("Before tax")),
              html_money(page, rated->pre_vat_vnd));
    struct str tax = arena_printf(page->arena, "%s %.*s",
                                  page->english ? "VAT" : "Thuế giá trị gia tăng", STR_ARG(rate));
    write_sum(page, wording_bound(page->arena, tax), html_money(page, rated->vat_vnd));
    write_sum(page, html_pick(page, S("Tổng cộng"), S("Total")),
              html_money(page, rated->total_vnd));
}

static void write_lines(const struct html_page *page)
{
    const struct bill_facts *facts = page->facts;
    html_heading(page, "Hóa đơn được tính thế nào", "How the bill came about");
    for (size_t i = 0; i < facts->split_count; i++) {
        MARKUP(page->out, "<p>");
        html_text(page->out, html_pick(page, facts->split[i].words_vi, facts->split[i].words_en));
        MARKUP(page->out, "</p>\n");
    }
    write_readings(page);
    html_use_notes(page);
    html_table(page, "Từng dòng, bậc và giờ, với căn cứ pháp lý",
               "Line by line, tier and hour, with the law behind it", line_columns,
               ARRAY_COUNT(line_columns));
    struct str before = S("");
    for (size_t i = 0; i < facts->line_count; i++) {
        struct str law = facts_law(page->arena, &facts->line[i], page->english);
        if (i == 0 || !str_equal(law, before)) write_law(page, law);
        before = law;
        write_line(page, &facts->line[i]);
        if (&facts->line[i] == facts->support_last)
            write_sum(page,
                      html_pick(page, S("Cộng hỗ trợ, trước thuế"), S("All support, before tax")),
                      html_amount(page, facts->support_mvnd));
    }
    write_sums(page);
    html_table_end(page);
}

static void write_evidence(const struct html_page *page)
{
    const struct bill_facts *facts = page->facts;
    if (facts->estimate.shown) {
        html_paragraph(page, "Tạm tính", "Estimate",
                       html_pick(page, facts->estimate.kind_vi, facts->estimate.kind_en));
        html_paragraph(page, "Căn cứ tạm tính", "Ground of the estimate", facts->estimate.ground);
    }
    if (!facts->spike.shown) return;
    html_paragraph(page, "Mức dùng tăng", "Rise of use",
                   html_pick(page, facts->spike.result_vi, facts->spike.result_en));
}

/* ---- what to do -------------------------------------------------------------------------- */

static void write_link(const struct html_page *page)
{
    if (page->facts->calculator_link.n == 0) return;
    MARKUP(page->out, "<p><a href=\"");
    html_text(page->out, page->facts->calculator_link);
    MARKUP(page->out, "\">");
    html_say(page, "Tự tính lại hóa đơn này", "Compute this bill yourself");
    MARKUP(page->out, "</a></p>\n");
}

static void write_help(const struct html_page *page)
{
    const struct bill_facts *facts = page->facts;
    html_heading(page, "Kiểm tra và hỏi đáp", "Check and ask");
    write_link(page);
    html_paragraph(page, "Số hóa đơn", "Number of the bill", facts->number);
    html_paragraph(page, "Mã kiểm chứng", "Verification code", facts->code);
    html_paragraph(page, "Nhập mã kiểm chứng tại", "Enter the code at", facts->verify_at);
    html_paragraph(page, "Có gì chưa đúng? Gọi để được trả lời trong 24 giờ",
                   "Anything wrong? Call and be answered within 24 hours", facts->seller.hotline);
}

err_t bill_html(struct arena *arena, struct typeface *typeface, const struct bill_facts *facts,
                bool english, struct buf *out, struct err *err)
{
    struct html_page page = {.facts = facts,
                             .arena = arena,
                             .typeface = typeface,
                             .out = out,
                             .english = english,
                             .err = err};
    MARKUP(out, "<article lang=\"");
    html_say(&page, "vi", "en");
    MARKUP(out, "\" style=\"font-family:'Be Vietnam Pro',Arial,sans-serif;font-size:16px;"
                "line-height:1.55;color:#1B2430;max-width:38rem\">\n");
    write_head(&page);
    write_who(&page);
    write_lines(&page);
    write_evidence(&page);
    err_t e = html_comparisons(&page);
    if (e == OK) e = html_payment(&page);
    if (e != OK) return e;
    write_help(&page);
    MARKUP(out, "</article>\n");
    return out->failed || arena->failed ? err_memory(err) : OK;
}
