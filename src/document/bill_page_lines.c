/* SPDX-License-Identifier: Apache-2.0 */
/* From the use to the amount: the bar of tiers, the lines with the law behind them, the sums. */
#include "document/bill_page_int.h"

#include "document/bill_chart.h"
#include "tariff/book_codes.h"

enum { ONE_MILLI = 1000 };

enum { LINE_COLUMNS = 4 };

/* Where the columns of lines end, in parts of the width: of the page, and of half of it. */
static const double wide_ends[LINE_COLUMNS] = {0.46, 0.64, 0.80, 1.0};
static const double narrow_ends[LINE_COLUMNS] = {0.30, 0.50, 0.71, 1.0};

#define GROUPS_GAP    24.0
#define TIERS_HIGHEST 0.5 /* of the page; with figures that need more the lines must do */

/* Lines that have one head: same category, days and decision. */
struct group {
    const struct facts_line *line;
    size_t count;
};

/* ---- the bar of tiers -------------------------------------------------------------------- */

static void add_tiers(struct bill_page *page)
{
    bool shown = false;
    struct picture *picture = ARENA_NEW(page->arena, struct picture);
    const struct bill_chart chart = {.facts = page->facts,
                                     .arena = page->arena,
                                     .typeface = page->sheet.typeface,
                                     .english = page->english,
                                     .width = page->sheet.body.width,
                                     .text_size = page->type.small};
    if (picture == NULL || !bill_chart_tiers(&chart, picture, &shown)) page->sheet.dropped = true;
    if (!shown || picture->height > TIERS_HIGHEST * page->sheet.frame.height) return;
    struct item *item = stack_picture(&page->sheet.body, picture);
    item->above = page->type.gap * 0.5;
    item->above_stretch = page->type.gap * 0.4;
}

static struct str amount_words(struct bill_page *page, int64_t mvnd)
{
    return paper_text(page, "%.*s đ", STR_ARG(paper_mvnd(page, mvnd)));
}

/* ---- rows -------------------------------------------------------------------------------- */

static struct item *add_row(struct bill_page *page, struct stack *stack,
                            const struct str texts[LINE_COLUMNS], struct text_style style)
{
    const struct row_shape shape = {.ends = stack == &page->sheet.body ? wide_ends : narrow_ends,
                                    .count = LINE_COLUMNS,
                                    .words = 1,
                                    .wrap = true};
    return stack_row(stack, &shape, texts, style, style.size * page->type.leading);
}

/* In large print what it is stands above how it is computed. */
static struct item *add_row_large(struct bill_page *page, struct stack *stack,
                                  const struct str texts[LINE_COLUMNS])
{
    struct str product =
        texts[1].n == 0   ? S("")
        : texts[2].n == 0 ? texts[1]
                          : paper_text(page, "%.*s × %.*s", STR_ARG(texts[1]), STR_ARG(texts[2]));
    struct item *name = paper_add_small(page, stack, texts[0]);
    name->with_next = true;
    name->above = page->type.small * 0.3;
    struct text_style style = {.size = page->type.body};
    struct cell cells[] = {{0, stack->width * 0.6, product, style, false},
                           {stack->width * 0.6, stack->width * 0.4, texts[3], style, false}};
    cells[1].style.anchor = ANCHOR_END;
    stack_cells(stack, cells, ARRAY_COUNT(cells), style.size * page->type.leading);
    return name;
}

/* Its first item. */
static struct item *add_line_row(struct bill_page *page, struct stack *stack,
                                 const struct str texts[LINE_COLUMNS], const struct item *head)
{
    if (page->large) return add_row_large(page, stack, texts);
    struct item *item = add_row(page, stack, texts, (struct text_style){.size = page->type.body});
    item->head = head;
    return item;
}

static bool has_tiers(const struct facts_line *lines, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (lines[i].line->tier > 0) return true;
    return false;
}

static const struct item *add_rows_head(struct bill_page *page, struct stack *stack,
                                        const struct group *group)
{
    struct text_style style = {.size = page->type.small, .role = ROLE_MUTED};
    bool narrow = stack != &page->sheet.body;
    bool tiers = group->line->line->kind == RATED_ENERGY && has_tiers(group->line, group->count);
    struct str first = tiers ? paper_say(page, "Bậc: phần dùng thêm có giá cao hơn phần trước",
                                         "Tiers: what is used beyond costs more")
                             : paper_say(page, "Diễn giải", "Line");
    const struct str texts[LINE_COLUMNS] = {
        narrow ? S("") : first,
        page->facts->is_fee ? paper_say(page, "Số lượng", "Quantity") : S("kWh"),
        paper_say(page, "Đơn giá, đ", "Price, đ"), paper_say(page, "Thành tiền, đ", "Amount, đ")};
    if (page->large) return NULL;
    struct item *head = add_row(page, stack, texts, style);
    head->with_next = true;
    stack_rule(stack, STROKED(ROLE_LINE, 0.7))->with_next = true;
    return head;
}

/* ---- words of lines ---------------------------------------------------------------------- */

static struct str basis_of(const struct bill_page *page, const struct facts_line *line)
{
    return paper_either(page, line->basis_vi, line->basis_en);
}

static bool same_group(const struct bill_page *page, const struct facts_line *a,
                       const struct facts_line *b)
{
    return a->line->kind == RATED_ENERGY && b->line->kind == RATED_ENERGY &&
           str_equal(a->line->category, b->line->category) &&
           str_equal(a->line->voltage, b->line->voltage) &&
           a->line->from_day == b->line->from_day && a->line->to_day == b->line->to_day &&
           str_equal(facts_decision(basis_of(page, a)), facts_decision(basis_of(page, b)));
}

static struct str price_words(struct bill_page *page, const struct rated_line *line)
{
    enum category category;
    enum voltage voltage;
    if (!category_parse(line->category, &category)) return line->category;
    struct str words = page->english ? category_en(category) : category_vi(category);
    if (line->voltage.n == 0 || !voltage_parse(line->voltage, &voltage))
        return paper_capital(page, words);
    return paper_text(page, "%.*s, %.*s", STR_ARG(paper_capital(page, words)),
                      STR_ARG(page->english ? voltage_en(voltage) : voltage_vi(voltage)));
}

/* The law stands beside the words where both have room. */
static void add_group_row(struct bill_page *page, struct stack *stack, struct str words,
                          struct str law)
{
    struct text_style strong = {.size = page->type.body, .weight = WEIGHT_STRONG};
    struct text_style small = {.size = page->type.small, .anchor = ANCHOR_END, .role = ROLE_MUTED};
    double needed = typeface_width(page->sheet.typeface, words, strong.size, strong.weight);
    double left = stack->width - needed - 2 * page->type.body;
    bool beside = left >= typeface_width(page->sheet.typeface, law, small.size, small.weight);
    if (beside) {
        struct cell cells[] = {{0, needed, words, strong, false},
                               {stack->width - left, left, law, small, false}};
        stack_cells(stack, cells, ARRAY_COUNT(cells), strong.size * page->type.leading);
        return;
    }
    paper_add_strong(page, stack, words)->with_next = true;
    small.anchor = ANCHOR_START;
    struct cell cell = {0, stack->width, law, small, page->large};
    if (law.n > 0) stack_cells(stack, &cell, 1, small.size * page->type.leading);
}

/* What lines have in common: category, days where they are not those of the bill, the decision. */
static void add_group_head(struct bill_page *page, struct stack *stack,
                           const struct facts_line *line)
{
    const struct bill_facts *facts = page->facts;
    const struct rated_line *rated = line->line;
    struct str words = price_words(page, rated);
    if (rated->from_day != facts->from_day || rated->to_day != facts->to_day)
        words = paper_text(page, "%.*s, %.*s – %.*s", STR_ARG(words),
                           STR_ARG(paper_day(page, rated->from_day)),
                           STR_ARG(paper_day(page, rated->to_day)));
    struct str decision = facts_decision(basis_of(page, line)),
               rule = facts_rule(basis_of(page, line));
    if (decision.n == 0) decision = rated->decision;
    add_group_row(
        page, stack, words,
        paper_text(page, "%.*s%s%.*s", STR_ARG(decision), rule.n > 0 ? "; " : "", STR_ARG(rule)));
}

static struct str energy_words(struct bill_page *page, const struct rated_line *line)
{
    enum tou tou;
    struct str hours = S("");
    if (tou_parse(line->tou, &tou)) hours = page->english ? tou_en(tou) : tou_vi(tou);
    if (line->tier == 0 && hours.n == 0) return paper_say(page, "Một giá", "One price");
    if (line->tier == 0) return paper_capital(page, hours);
    return paper_text(page, "%s %lld%s%.*s", page->english ? "Tier" : "Bậc", (long long)line->tier,
                      hours.n > 0 ? ", " : "", STR_ARG(hours));
}

static struct str quantity_words(struct bill_page *page, const struct facts_line *line)
{
    const struct rated_line *rated = line->line;
    bool counted = line->fee_unit_vi.n > 0 || line->fee_quantity_milli != ONE_MILLI;
    if (rated->kind == RATED_FEE && line->fee_quantity_milli > 0 && counted)
        return paper_text(page, "%.*s %.*s", STR_ARG(paper_milli(page, line->fee_quantity_milli)),
                          STR_ARG(paper_either(page, line->fee_unit_vi, line->fee_unit_en)));
    if (rated->kind == RATED_REACTIVE && rated->has_percent)
        return paper_text(page, page->english ? "factor %.*s" : "hệ số %.*s",
                          STR_ARG(paper_milli(page, rated->cosphi_hundredths * 10)));
    if (!rated->has_quantity) return S("");
    struct str kwh = paper_milli(page, rated->quantity_wh);
    return page->large ? paper_text(page, "%.*s kWh", STR_ARG(kwh)) : kwh;
}

/* Where no head of a column names the unit, the figure does. */
static struct str price_figure(struct bill_page *page, int64_t vnd)
{
    return page->large ? paper_vnd(page, vnd) : paper_grouped(page, vnd);
}

static struct str amount_figure(struct bill_page *page, int64_t mvnd)
{
    return page->large ? amount_words(page, mvnd) : paper_mvnd(page, mvnd);
}

static struct str unit_price_words(struct bill_page *page, const struct facts_line *line)
{
    const struct rated_line *rated = line->line;
    if (rated->has_price) return price_figure(page, rated->price_vnd);
    if (rated->kind == RATED_FEE && line->fee_price_vnd > 0)
        return price_figure(page, line->fee_price_vnd);
    if (rated->has_percent)
        return paper_text(page, "%.*s %%",
                          STR_ARG(paper_milli(page, rated->percent_hundredths * 10)));
    return S("");
}

static void take_texts(struct bill_page *page, const struct facts_line *line, struct str words,
                       struct str texts[LINE_COLUMNS])
{
    texts[0] = words;
    texts[1] = quantity_words(page, line);
    texts[2] = unit_price_words(page, line);
    texts[3] = amount_figure(page, line->line->amount_mvnd);
}

static void add_line(struct bill_page *page, struct stack *stack, const struct facts_line *line,
                     struct str words, const struct item *head)
{
    struct str texts[LINE_COLUMNS];
    take_texts(page, line, words, texts);
    add_line_row(page, stack, texts, head);
}

/* ---- groups ------------------------------------------------------------------------------ */

static void add_group(struct bill_page *page, struct stack *stack, const struct group *group)
{
    const struct item *head = NULL;
    struct item *before = stack->last;
    bool narrow = stack != &page->sheet.body;
    if (!narrow) head = add_rows_head(page, stack, group);
    add_group_head(page, stack, group->line);
    stack->last->with_next = true;
    if (narrow) add_rows_head(page, stack, group);
    paper_space(stack, before, page->type.gap * 0.5, page->type.gap * 0.4);
    for (size_t i = 0; i < group->count; i++)
        add_line(page, stack, &group->line[i], energy_words(page, group->line[i].line), head);
}

/* Two groups side by side. */
static void add_pair(struct bill_page *page, const struct group *groups, size_t count)
{
    struct stack *body = &page->sheet.body, *columns[2];
    const double half = (body->width - GROUPS_GAP) / 2, widths[] = {half, half};
    struct item *item = stack_columns(body, widths, 2, GROUPS_GAP, columns);
    item->above = page->type.gap * 0.5;
    item->above_stretch = page->type.gap * 0.4;
    for (size_t i = 0; i < count; i++) add_group(page, columns[i], &groups[i]);
}

/* Whether the figures of the lines have room in half of the page. */
static bool fits_beside(struct bill_page *page, const struct group *groups, size_t count)
{
    struct typeface *face = page->sheet.typeface;
    const double size = page->type.body, half = (page->sheet.body.width - GROUPS_GAP) / 2;
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < groups[i].count; j++) {
            struct str texts[LINE_COLUMNS];
            take_texts(page, &groups[i].line[j], S(""), texts);
            for (size_t k = 1; k < LINE_COLUMNS; k++)
                if (typeface_width(face, texts[k], size, WEIGHT_REGULAR) + size * 0.4 >
                    (narrow_ends[k] - narrow_ends[k - 1]) * half)
                    return false;
        }
    return true;
}

static void add_groups(struct bill_page *page, const struct group *groups, size_t count)
{
    if (count == 1 || page->large || !fits_beside(page, groups, count)) {
        for (size_t i = 0; i < count; i++) add_group(page, &page->sheet.body, &groups[i]);
        return;
    }
    for (size_t i = 0; i < count; i += 2) add_pair(page, &groups[i], count - i < 2 ? 1 : 2);
}

/* The typeface has no Greek letters. */
static struct str without_phi(struct bill_page *page, struct str words)
{
    static const struct str sign = S_INIT("cos φ");
    for (size_t at = 0; at + sign.n <= words.n; at++) {
        if (!str_equal(str_sub(words, at, sign.n), sign)) continue;
        return paper_text(page, "%.*s%s%.*s", STR_ARG(str_sub(words, 0, at)),
                          page->english ? "power factor" : "hệ số công suất",
                          STR_ARG(str_sub(words, at + sign.n, words.n)));
    }
    return words;
}

static struct str law_below(struct bill_page *page, const struct facts_line *line)
{
    return without_phi(page, basis_of(page, line));
}

/* What all support lines take off together, whatever decision each rests on. */
static void add_support_sum(struct bill_page *page, const struct item *head)
{
    struct str texts[LINE_COLUMNS] = {
        paper_say(page, "Cộng hỗ trợ, trước thuế", "All support, before tax"), S(""), S(""),
        amount_figure(page, page->facts->support_mvnd)};
    add_line_row(page, &page->sheet.body, texts, head);
}

/* Lines of their own: support, reactive energy, fees, with their document below the last one that
 * rests on it. */
static void add_singles(struct bill_page *page, const struct facts_line *lines, size_t count,
                        bool first_table)
{
    struct stack *body = &page->sheet.body;
    struct item *before = body->last;
    const struct group group = {lines, count};
    const struct item *head = first_table ? add_rows_head(page, body, &group) : NULL;
    for (size_t i = 0; i < count; i++) {
        struct str law = law_below(page, &lines[i]);
        bool last = i + 1 == count || !str_equal(law, law_below(page, &lines[i + 1]));
        add_line(page, body, &lines[i], paper_either(page, lines[i].words_vi, lines[i].words_en),
                 head);
        if (law.n > 0 && last) {
            body->last->with_next = true;
            paper_add_small(page, body, law);
        }
        if (&lines[i] == page->facts->support_last) add_support_sum(page, head);
    }
    paper_space(body, before, first_table ? page->type.gap * 0.5 : page->type.body * 0.35,
                first_table ? page->type.gap * 0.4 : 0);
}

/* The groups that energy lines fall into, beginning with the first line. */
static size_t find_groups(const struct bill_page *page, const struct facts_line *lines,
                          size_t count, struct group *out)
{
    size_t groups = 0;
    for (size_t i = 0; i < count; i++) {
        if (i > 0 && same_group(page, &lines[i], &lines[i - 1])) {
            out[groups - 1].count++;
            continue;
        }
        out[groups++] = (struct group){&lines[i], 1};
    }
    return groups;
}

/* Lines up to the next one that is of the other kind: energy, or anything else. */
static size_t run_of(const struct facts_line *lines, size_t count)
{
    size_t length = 1;
    bool energy = lines[0].line->kind == RATED_ENERGY;
    while (length < count && (lines[length].line->kind == RATED_ENERGY) == energy) length++;
    return length;
}

static void add_all(struct bill_page *page)
{
    const struct bill_facts *facts = page->facts;
    struct group *groups = ARENA_ARRAY(page->arena, struct group, facts->line_count);
    if (groups == NULL) {
        page->sheet.dropped = true;
        return;
    }
    for (size_t i = 0; i < facts->line_count;) {
        size_t length = run_of(&facts->line[i], facts->line_count - i);
        if (facts->line[i].line->kind == RATED_ENERGY)
            add_groups(page, groups, find_groups(page, &facts->line[i], length, groups));
        else add_singles(page, &facts->line[i], length, i == 0);
        i += length;
    }
}

/* ---- all --------------------------------------------------------------------------------- */

static void add_splits(struct bill_page *page)
{
    const struct bill_facts *facts = page->facts;
    struct str widths = paper_either(page, facts->widths_vi, facts->widths_en);
    struct stack *body = &page->sheet.body;
    struct item *before = body->last;
    for (size_t i = 0; i < facts->split_count; i++) {
        const struct facts_split *split = &facts->split[i];
        paper_add_small(page, body, paper_either(page, split->words_vi, split->words_en));
    }
    if (widths.n > 0) paper_add_small(page, body, widths);
    paper_space(body, before, page->type.small * 0.5, 0);
}

void paper_lines(struct bill_page *page)
{
    const struct bill_facts *facts = page->facts;
    struct stack *body = &page->sheet.body;
    if (facts->is_fee) {
        struct item *heading = paper_add_heading(
            page, body, paper_say(page, "Phí gồm những gì", "What the fee is for"));
        heading->outline = heading->text.words;
        paper_ground(page, body);
    }
    if (facts->line_count == 0) return;
    add_tiers(page);
    add_all(page);
    add_splits(page);
}
