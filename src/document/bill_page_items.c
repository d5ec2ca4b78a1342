/* SPDX-License-Identifier: Apache-2.0 */
/* The few kinds of items that all parts of the page are made of. */
#include "document/bill_page_int.h"
#include "draw/chart.h"

/* Room for the name in front of a value, as times the size of the text. */
#define NAME_EMS 8.8

struct item *paper_add_sized(struct bill_page *page, struct stack *stack, struct str words,
                             double size, enum weight weight, enum paint_role role)
{
    struct text_style style = {.size = size, .weight = weight, .role = role};
    return stack_text(stack, paper_bound(page, words), style, size * page->type.leading);
}

struct item *paper_add_heading(struct bill_page *page, struct stack *stack, struct str words)
{
    struct item *item =
        paper_add_sized(page, stack, words, page->type.heading, WEIGHT_STRONG, ROLE_INK);
    item->above = page->type.gap;
    item->with_next = true;
    return item;
}

struct item *paper_add_body(struct bill_page *page, struct stack *stack, struct str words)
{
    return paper_add_sized(page, stack, words, page->type.body, WEIGHT_REGULAR, ROLE_INK);
}

struct item *paper_add_strong(struct bill_page *page, struct stack *stack, struct str words)
{
    return paper_add_sized(page, stack, words, page->type.body, WEIGHT_STRONG, ROLE_INK);
}

struct item *paper_add_small(struct bill_page *page, struct stack *stack, struct str words)
{
    return paper_add_sized(page, stack, words, page->type.small, WEIGHT_REGULAR, ROLE_MUTED);
}

void paper_ground(struct bill_page *page, struct stack *stack)
{
    struct str ground = page->facts->ground;
    struct str cause = paper_either(page, page->facts->cause_vi, page->facts->cause_en);
    bool supplement = page->facts->row.key.kind == BILL_SUPPLEMENT;
    if (supplement && cause.n > 0)
        paper_add_body(
            page, stack,
            paper_text(page, "%s: %.*s", page->english ? "Cause" : "Lý do", STR_ARG(cause)));
    if (ground.n > 0)
        paper_add_small(
            page, stack,
            paper_text(page, "%s: %.*s", page->english ? "Ground" : "Căn cứ", STR_ARG(ground)));
}

void paper_add_pair(struct bill_page *page, struct stack *stack, struct str name, struct str value)
{
    double size = page->type.body, small = page->type.small;
    double behind = page->large ? 0 : small * NAME_EMS;
    if (value.n == 0) return;
    if (page->large) {
        paper_add_small(page, stack, name)->above = size * 0.3;
        stack->last->with_next = true;
        paper_add_body(page, stack, value);
        return;
    }
    struct cell cells[] = {
        {0, behind, name, {.size = small, .role = ROLE_MUTED}, false},
        {behind, stack->width - behind, paper_bound(page, value), {.size = size}, true},
    };
    stack_cells(stack, cells, ARRAY_COUNT(cells), size * page->type.leading);
}

void paper_space(struct stack *stack, const struct item *before, double above, double stretch)
{
    struct item *first = before == NULL ? stack->first : before->next;
    if (first == NULL) return;
    first->above = above;
    first->above_stretch = stretch;
}

void paper_columns(struct bill_page *page, struct stack *stack, const double *widths, size_t count,
                   double gap, struct stack **out)
{
    if (!page->large) {
        stack_columns(stack, widths, count, gap, out);
        return;
    }
    for (size_t i = 0; i < count; i++) out[i] = stack;
}

struct item *paper_add_qr(struct bill_page *page, struct stack *stack, enum qr_strength strength,
                          struct str payload)
{
    struct err refused;
    struct picture *picture = ARENA_NEW(page->arena, struct picture);
    if (picture == NULL || chart_qr(picture, page->arena, page->type.qr, strength, payload,
                                    paper_say(page, "Mã QR", "QR code"), &refused) != OK) {
        page->sheet.dropped = true;
        return paper_add_small(page, stack, S(""));
    }
    return stack_picture(stack, picture);
}
