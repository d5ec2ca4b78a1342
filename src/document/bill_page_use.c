/* SPDX-License-Identifier: Apache-2.0 */
/* How the use came about: readings with their days, the photo, what is added or taken, the
 * estimate, the re-verification. */
#include "document/bill_page_int.h"

#include "base/date.h"
#include "document/wording.h"

#define PHOTO_SHAPE 1.5 /* width of its place, in heights */
#define PHOTO_GAP   16.0

enum { REGISTERS_BESIDE = 12 }; /* the photo */
enum { MINUTES_PER_HOUR = 60 };

/* ---- readings ---------------------------------------------------------------------------- */

static struct str source_words(const struct bill_page *page, enum reading_source source)
{
    static const char *const vi[SOURCE_COUNT] = {[SOURCE_MANUAL] = "đọc tại chỗ",
                                                 [SOURCE_PHOTO] = "đọc từ ảnh",
                                                 [SOURCE_REMOTE] = "đo xa",
                                                 [SOURCE_CUSTOMER] = "khách hàng báo",
                                                 [SOURCE_CALCULATED] = "tính ra"};
    static const char *const en[SOURCE_COUNT] = {[SOURCE_MANUAL] = "read on site",
                                                 [SOURCE_PHOTO] = "read from a photo",
                                                 [SOURCE_REMOTE] = "read remotely",
                                                 [SOURCE_CUSTOMER] = "read by the customer",
                                                 [SOURCE_CALCULATED] = "calculated"};
    return paper_say(page, vi[source], en[source]);
}

static struct str index_words(struct bill_page *page, int64_t index_wh)
{
    return wording_index(page->arena, index_wh, page->english);
}

/* Where the columns of readings end, in parts of the width. */
static const double reading_ends[] = {0.36, 0.55, 0.74, 0.82, 1.0};
enum { READING_COLUMNS = ARRAY_COUNT(reading_ends) };

static void add_reading_row(struct bill_page *page, struct stack *stack,
                            const struct str texts[READING_COLUMNS], struct text_style style)
{
    static const struct row_shape shape = {
        .ends = reading_ends, .count = READING_COLUMNS, .words = 1};
    stack_row(stack, &shape, texts, style, style.size * page->type.leading);
}

/* The same days at both ends of all rows can stand in the head. */
static bool same_days(const struct bill_facts *facts)
{
    for (size_t i = 1; i < facts->register_count; i++)
        if (facts->reg[i].from_day != facts->reg[0].from_day ||
            facts->reg[i].to_day != facts->reg[0].to_day)
            return false;
    return true;
}

static struct str meter_words(struct bill_page *page, const struct facts_register *reg)
{
    const struct facts_meter *meter = &page->facts->meter[reg->meter];
    return paper_text(page, "%.*s · %.*s", STR_ARG(meter->serial),
                      STR_ARG(facts_register_words(reg->reg, page->english)));
}

static struct str reading_words(struct bill_page *page, int64_t index_wh, int32_t day, bool dated)
{
    struct str index = index_words(page, index_wh);
    if (!dated) return index;
    return paper_text(page, "%.*s (%.*s)", STR_ARG(index),
                      STR_ARG(str_sub(paper_day(page, day), 0, 5)));
}

static void add_head(struct bill_page *page, struct stack *stack, bool dated)
{
    const struct facts_register *reg = page->facts->reg;
    struct text_style style = {.size = page->type.small, .role = ROLE_MUTED};
    struct str from = paper_day(page, reg[0].from_day), to = paper_day(page, reg[0].to_day);
    struct str texts[READING_COLUMNS] = {
        paper_say(page, "Công tơ", "Meter"),
        dated ? paper_say(page, "Chỉ số đầu", "First index")
              : paper_text(page, "%s %.*s", page->english ? "Index" : "Chỉ số", STR_ARG(from)),
        dated ? paper_say(page, "Chỉ số cuối", "Last index")
              : paper_text(page, "%s %.*s", page->english ? "Index" : "Chỉ số", STR_ARG(to)),
        paper_say(page, "Hệ số", "Factor"), paper_say(page, "Sản lượng", "Use")};
    add_reading_row(page, stack, texts, style);
    stack->last->with_next = true;
    stack_rule(stack, STROKED(ROLE_LINE, 0.7))->with_next = true;
}

static void add_reading(struct bill_page *page, struct stack *stack,
                        const struct facts_register *reg, bool dated, const struct item *head)
{
    struct text_style style = {.size = page->type.body};
    struct str texts[READING_COLUMNS] = {
        meter_words(page, reg), reading_words(page, reg->from_index_wh, reg->from_day, dated),
        reading_words(page, reg->to_index_wh, reg->to_day, dated),
        paper_text(page, "× %lld", (long long)reg->multiplier),
        paper_text(page, "%.*s %s", STR_ARG(paper_milli(page, reg->wh)),
                   reg->reg == REGISTER_VC ? "kvarh" : "kWh")};
    add_reading_row(page, stack, texts, style);
    stack->last->head = head;
}

/* One register in large print: a sentence to a line. */
static void add_reading_large(struct bill_page *page, struct stack *stack,
                              const struct facts_register *reg)
{
    paper_add_strong(page, stack, meter_words(page, reg))->with_next = true;
    paper_add_pair(page, stack,
                   paper_text(page, "%s %.*s", page->english ? "Index" : "Chỉ số",
                              STR_ARG(paper_day(page, reg->from_day))),
                   index_words(page, reg->from_index_wh));
    paper_add_pair(page, stack,
                   paper_text(page, "%s %.*s", page->english ? "Index" : "Chỉ số",
                              STR_ARG(paper_day(page, reg->to_day))),
                   index_words(page, reg->to_index_wh));
    paper_add_pair(page, stack, paper_say(page, "Hệ số nhân", "Multiplier"),
                   reg->multiplier == 1 ? S("")
                                        : paper_text(page, "%lld", (long long)reg->multiplier));
    paper_add_pair(page, stack, paper_say(page, "Sản lượng", "Use"),
                   paper_text(page, "%.*s %s", STR_ARG(paper_milli(page, reg->wh)),
                              reg->reg == REGISTER_VC ? "kvarh" : "kWh"));
}

static void add_readings(struct bill_page *page, struct stack *stack)
{
    const struct bill_facts *facts = page->facts;
    bool dated = !same_days(facts);
    if (facts->register_count == 0) return;
    struct item *head = NULL;
    if (!page->large) {
        struct item *before = stack->last;
        add_head(page, stack, dated);
        head = before == NULL ? stack->first : before->next;
    }
    for (size_t i = 0; i < facts->register_count; i++) {
        if (page->large) add_reading_large(page, stack, &facts->reg[i]);
        else add_reading(page, stack, &facts->reg[i], dated, head);
    }
}

/* ---- explanations ------------------------------------------------------------------------ */

static struct str sources(struct bill_page *page)
{
    const struct bill_facts *facts = page->facts;
    struct str all = S("");
    bool said[SOURCE_COUNT] = {false};
    for (size_t i = 0; i < facts->register_count; i++) {
        enum reading_source source = facts->reg[i].source;
        if (said[source]) continue;
        said[source] = true;
        all = paper_text(page, "%.*s%s%.*s", STR_ARG(all), all.n > 0 ? ", " : "",
                         STR_ARG(source_words(page, source)));
    }
    return all;
}

static void explain_readings(struct bill_page *page, struct stack *stack)
{
    const struct bill_facts *facts = page->facts;
    bool multiplied = false, rolled = false;
    for (size_t i = 0; i < facts->register_count; i++) {
        multiplied |= facts->reg[i].multiplier != 1;
        rolled |= facts->reg[i].rollover;
    }
    if (facts->register_count == 0) return;
    struct str words = paper_text(
        page,
        page->english ? "The index is the number on the meter's dial (%.*s). Last less first%s is "
                        "the use.%s"
                      : "Chỉ số là số trên mặt công tơ (%.*s). Lấy số cuối trừ số đầu%s thì ra sản "
                        "lượng.%s",
        STR_ARG(sources(page)),
        !multiplied     ? ""
        : page->english ? ", times the factor of the meter's transformers,"
                        : ", nhân hệ số của bộ biến đổi đo lường,",
        !rolled         ? ""
        : page->english ? " The dial went past its last digit and began at zero."
                        : " Mặt số đã quay hết vòng và trở về số không.");
    paper_add_small(page, stack, words)->above = page->type.small * 0.4;
}

static void add_exchange(struct bill_page *page, struct stack *stack)
{
    const struct bill_facts *facts = page->facts;
    for (size_t i = 0; i < facts->meter_count; i++) {
        const struct facts_meter *meter = &facts->meter[i];
        if (meter->removed_vi.n > 0)
            paper_add_small(page, stack, paper_either(page, meter->removed_vi, meter->removed_en));
        if (meter->hung_vi.n > 0)
            paper_add_small(page, stack, paper_either(page, meter->hung_vi, meter->hung_en));
    }
}

static void add_addition(struct bill_page *page, struct stack *stack,
                         const struct facts_addition *addition)
{
    struct text_style style = {.size = page->type.body};
    double end = stack->width;
    struct str kwh = paper_text(page, "%s%.*s kWh", addition->wh > 0 ? "+" : "",
                                STR_ARG(paper_milli(page, addition->wh)));
    struct str words = paper_either(page, addition->words_vi, addition->words_en);
    struct cell cells[] = {{0, end * 0.72, words, style, true},
                           {end * 0.72, end * 0.28, kwh, style, false}};
    cells[1].style.anchor = ANCHOR_END;
    stack_cells(stack, cells, ARRAY_COUNT(cells), style.size * page->type.leading);
}

static void add_corrections(struct bill_page *page, struct stack *stack)
{
    for (size_t i = 0; i < page->facts->addition_count; i++)
        add_addition(page, stack, &page->facts->addition[i]);
    if (!page->facts->is_fee) paper_ground(page, stack);
    if (page->facts->billed_before_wh >= 0)
        paper_add_small(page, stack,
                        paper_text(page,
                                   page->english
                                       ? "%.*s kWh of the period were billed already; the "
                                         "tiers go on from there."
                                       : "Kỳ này đã lập hóa đơn %.*s kWh; các bậc tính tiếp "
                                         "từ đó.",
                                   STR_ARG(paper_milli(page, page->facts->billed_before_wh))));
}

/* ---- the photo --------------------------------------------------------------------------- */

static struct str photo_words(struct bill_page *page)
{
    int64_t taken_at = page->facts->photo.taken_at;
    int minute = vietnam_minute(taken_at);
    return paper_text(page, page->english ? "Photo of %02d:%02d, %.*s" : "Ảnh chụp %02d:%02d, %.*s",
                      minute / MINUTES_PER_HOUR, minute % MINUTES_PER_HOUR,
                      STR_ARG(paper_day(page, vietnam_day(taken_at))));
}

static void add_photo(struct bill_page *page, struct stack *stack)
{
    double height = page->type.photo;
    stack_photo(stack, page->photo, height * PHOTO_SHAPE, height)->with_next = true;
    paper_add_small(page, stack, photo_words(page));
}

/* ---- what was looked at again ------------------------------------------------------------ */

static void add_estimate(struct bill_page *page, struct stack *stack)
{
    const struct facts_estimate *estimate = &page->facts->estimate;
    if (!estimate->shown) return;
    struct str kind = paper_either(page, estimate->kind_vi, estimate->kind_en);
    paper_add_strong(
        page, stack,
        paper_say(page, "Hóa đơn này có phần tạm tính", "Part of this bill is estimated"))
        ->with_next = true;
    paper_add_body(page, stack,
                   paper_text(page, "%.*s – %.*s%s%.*s%s%.*s",
                              STR_ARG(paper_day(page, estimate->from_day)),
                              STR_ARG(paper_day(page, estimate->to_day)), kind.n > 0 ? ": " : "",
                              STR_ARG(kind),
                              estimate->ground.n == 0 ? ""
                              : page->english         ? ". Reason: "
                                                      : ". Lý do: ",
                              STR_ARG(estimate->ground)));
}

static void add_spike(struct bill_page *page, struct stack *stack)
{
    const struct facts_spike *spike = &page->facts->spike;
    if (!spike->shown) return;
    struct str times = paper_milli(page, spike->times_hundredths * 10);
    paper_add_strong(
        page, stack,
        spike->times_hundredths == 0
            ? paper_say(page, "Kỳ trước không dùng điện", "Nothing was used the period before")
            : paper_text(page,
                         page->english ? "The use per day is %.*s times that of the period before"
                                       : "Mỗi ngày dùng gấp %.*s lần kỳ trước",
                         STR_ARG(times)))
        ->with_next = true;
    paper_add_body(page, stack, paper_either(page, spike->result_vi, spike->result_en));
    for (size_t i = 0; i < spike->step_count; i++) {
        const struct facts_spike_step *step = &spike->step[i];
        struct str evidence = paper_either(page, step->evidence_vi, step->evidence_en);
        paper_add_small(page, stack,
                        paper_text(page, "%.*s · %.*s · %.*s%s%.*s",
                                   STR_ARG(paper_day(page, step->day)),
                                   STR_ARG(paper_either(page, step->what_vi, step->what_en)),
                                   STR_ARG(paper_either(page, step->who_vi, step->who_en)),
                                   evidence.n > 0 ? " · " : "", STR_ARG(evidence)));
    }
}

/* Something to know before the figures are read. */
static void add_notes(struct bill_page *page, struct stack *stack)
{
    const struct bill_facts *facts = page->facts;
    struct style edge = {.fill = ROLE_GROUND, .stroke = ROLE_ATTENTION, .stroke_width = 0.9};
    struct stack *panel = stack;
    if (!facts->estimate.shown && !facts->spike.shown) return;
    if (!page->large)
        stack_panel(stack, page->type.padding * 0.7, edge, &panel)->above = page->type.gap * 0.5;
    add_estimate(page, panel);
    add_spike(page, panel);
}

/* ---- all --------------------------------------------------------------------------------- */

/* Of a bill of the earlier system there may be nothing but its sums. */
static bool has_sums_alone(const struct bill_facts *facts)
{
    return facts->is_earlier && facts->register_count == 0 && facts->line_count == 0;
}

void paper_use(struct bill_page *page)
{
    const struct bill_facts *facts = page->facts;
    struct stack *body = &page->sheet.body, *columns[2] = {body, body};
    const double photo = page->type.photo * PHOTO_SHAPE;
    const double widths[] = {body->width - photo - PHOTO_GAP, photo};
    if (facts->is_fee || has_sums_alone(facts)) return;
    struct item *heading = paper_add_heading(
        page, body,
        facts->row.key.kind == BILL_ADJUSTMENT
            ? paper_say(page, "Phần chênh lệch gồm những gì", "What the difference is made of")
            : paper_say(page, "Số tiền này từ đâu ra", "How your bill came about"));
    heading->outline = heading->text.words;
    bool beside = page->photo != NULL && facts->register_count <= REGISTERS_BESIDE;
    if (beside) paper_columns(page, body, widths, 2, PHOTO_GAP, columns);
    if (columns[1] != body) body->last->above = page->type.small * 0.4;
    add_readings(page, columns[0]);
    explain_readings(page, columns[0]);
    add_exchange(page, columns[0]);
    add_corrections(page, columns[0]);
    if (page->photo != NULL) add_photo(page, columns[1]);
    add_notes(page, body);
}
