/* SPDX-License-Identifier: Apache-2.0 */
/* The sums: before tax, VAT, total in figures and words; and of a correction what was and what is
 * right. */
#include "document/bill_page_int.h"

#include "base/decimal.h"
#include "base/json_read.h"

#define WORDS_PART 0.52 /* of the width */

/* ---- sums -------------------------------------------------------------------------------- */

static void add_sum(struct bill_page *page, struct stack *stack, struct str name, struct str value,
                    struct text_style style)
{
    struct cell cells[] = {{0, stack->width * 0.55, name, style, false},
                           {stack->width * 0.55, stack->width * 0.45, value, style, false}};
    cells[1].style.anchor = ANCHOR_END;
    stack_cells(stack, cells, ARRAY_COUNT(cells), style.size * page->type.leading)->with_next =
        true;
}

static void add_figures(struct bill_page *page, struct stack *stack)
{
    const struct rated_bill *rated = &page->facts->rated;
    struct text_style plain = {.size = page->type.body};
    struct text_style strong = {.size = page->type.lead, .weight = WEIGHT_STRONG};
    add_sum(page, stack, paper_say(page, "Cộng trước thuế", "Before tax"),
            paper_vnd(page, rated->pre_vat_vnd), plain);
    add_sum(page, stack,
            paper_text(page, "%s %.*s", page->english ? "VAT" : "Thuế GTGT",
                       STR_ARG(paper_percent_of_ppm(page, rated->vat_ppm))),
            paper_vnd(page, rated->vat_vnd), plain);
    stack_rule(stack, STROKED(ROLE_INK, 0.8))->with_next = true;
    add_sum(page, stack, paper_say(page, "Tổng cộng", "Total"), paper_vnd(page, rated->total_vnd),
            strong);
    stack->last->with_next = false;
}

static void add_words(struct bill_page *page, struct stack *stack)
{
    const struct bill_facts *facts = page->facts;
    struct str basis = paper_either(page, facts->vat_basis_vi, facts->vat_basis_en);
    paper_add_small(page, stack, paper_say(page, "Bằng chữ", "In Vietnamese words"))->with_next =
        true;
    paper_add_body(page, stack, facts->total_words);
    paper_add_small(page, stack,
                    paper_text(page, "%s%s%.*s",
                               page->english ? "VAT is the value added tax"
                                             : "Thuế GTGT là thuế giá trị gia tăng",
                               basis.n > 0 ? ": " : ".", STR_ARG(basis)));
}

void paper_sums(struct bill_page *page)
{
    struct stack *body = &page->sheet.body, *columns[2];
    const double words = body->width * WORDS_PART, gap = 24;
    const double widths[] = {words, body->width - words - gap};
    if (page->large) {
        const struct item *before = body->last;
        add_figures(page, body);
        paper_space(body, before, page->type.gap, 0);
        add_words(page, body);
        return;
    }
    struct item *item = stack_columns(body, widths, 2, gap, columns);
    item->above = page->type.gap * 0.4;
    item->above_stretch = page->type.gap * 0.4;
    add_words(page, columns[0]);
    add_figures(page, columns[1]);
}

/* ---- what was and what is right ---------------------------------------------------------- */

/* Where the columns of a correction end, in parts of the width. */
static const double ends[] = {0.34, 0.56, 0.78, 1.0};
enum { COLUMNS = ARRAY_COUNT(ends), KWH_PLACES = 3 };

static void add_row(struct bill_page *page, const struct str texts[COLUMNS],
                    struct text_style style)
{
    static const struct row_shape shape = {.ends = ends, .count = COLUMNS, .words = 1};
    stack_row(&page->sheet.body, &shape, texts, style, style.size * page->type.leading)->with_next =
        true;
}

/* A figure of both answers and their difference; nothing when one of them does not say it. */
static void add_figure(struct bill_page *page, const struct json *was, const struct json *right,
                       const char *name, struct str words, bool money, struct text_style style)
{
    int64_t before, after;
    unsigned places = money ? 0 : KWH_PLACES;
    const struct json *a = json_member(was, str_of(name)), *b = json_member(right, str_of(name));
    if (a == NULL || b == NULL || !decimal_parse(a->text, places, &before) ||
        !decimal_parse(b->text, places, &after))
        return;
    int64_t change = after - before;
    struct str figures[] = {money ? paper_vnd(page, before) : paper_milli(page, before),
                            money ? paper_vnd(page, after) : paper_milli(page, after),
                            money ? paper_vnd(page, change) : paper_milli(page, change)};
    const struct str texts[COLUMNS] = {words, figures[0], figures[1],
                                       change > 0 ? paper_text(page, "+%.*s", STR_ARG(figures[2]))
                                                  : figures[2]};
    add_row(page, texts, style);
}

static void add_figures_of(struct bill_page *page, const struct json *was, const struct json *right)
{
    struct text_style small = {.size = page->type.small, .role = ROLE_MUTED};
    struct text_style plain = {.size = page->type.body};
    struct text_style strong = {.size = page->type.body, .weight = WEIGHT_STRONG};
    const struct str head[COLUMNS] = {S(""), paper_say(page, "Đã tính", "Was billed"),
                                      paper_say(page, "Đúng ra", "Is right"),
                                      paper_say(page, "Chênh lệch", "Difference")};
    add_row(page, head, small);
    page->sheet.body.last->above = page->type.body * 0.4;
    stack_rule(&page->sheet.body, STROKED(ROLE_LINE, 0.7))->with_next = true;
    add_figure(page, was, right, "kwh", S("kWh"), false, plain);
    add_figure(page, was, right, "pre_vat", paper_say(page, "Trước thuế", "Before tax"), true,
               plain);
    add_figure(page, was, right, "vat", paper_say(page, "Thuế GTGT", "VAT"), true, plain);
    add_figure(page, was, right, "total", paper_say(page, "Tổng cộng", "Total"), true, strong);
    page->sheet.body.last->with_next = false;
}

/* Why there is this document, and of an adjustment both figures behind its difference. */
void paper_correction(struct bill_page *page)
{
    const struct bill_facts *facts = page->facts;
    struct json *answer = NULL;
    struct err ignored;
    if (facts->is_earlier)
        paper_add_body(page, &page->sheet.body,
                       paper_say(page,
                                 "Hóa đơn này do hệ thống trước lập; các con số được chép lại "
                                 "nguyên như đã lập.",
                                 "This bill was made by the earlier system; its figures stand as "
                                 "they were made."))
            ->above = page->type.gap;
    if (facts->corrects.n == 0) return;
    bool replaces = facts->row.key.kind == BILL_REPLACEMENT;
    struct item *heading =
        paper_add_heading(page, &page->sheet.body,
                          replaces ? paper_say(page, "Thay cho hóa đơn nào", "What it stands for")
                                   : paper_say(page, "Điều chỉnh điều gì", "What is put right"));
    heading->outline = heading->text.words;
    paper_add_body(page, &page->sheet.body,
                   paper_text(page,
                              replaces ? page->english ? "This bill takes the place of %.*s: %.*s."
                                                       : "Hóa đơn này thay cho %.*s: %.*s."
                              : page->english
                                  ? "This document corrects %.*s: %.*s. It carries the "
                                    "difference alone."
                                  : "Bản này điều chỉnh hóa đơn %.*s: %.*s. Bản này chỉ "
                                    "ghi phần chênh lệch.",
                              STR_ARG(facts->corrects),
                              STR_ARG(paper_either(page, facts->cause_vi, facts->cause_en))));
    if (replaces || facts->explanation.n == 0 ||
        json_parse(page->arena, facts->explanation, &answer, &ignored) != OK)
        return;
    const struct json *was = json_member(answer, S("before"));
    const struct json *right = json_member(answer, S("after"));
    if (was != NULL && right != NULL) add_figures_of(page, was, right);
}
