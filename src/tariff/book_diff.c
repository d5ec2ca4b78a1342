/* SPDX-License-Identifier: Apache-2.0 */
#include "tariff/book_diff.h"

#include "base/date.h"
#include "base/decimal.h"

enum { TEXT_BYTES = 256, PPM_PLACES = 6, PERCENT_PLACES = 2 };

struct diff {
    book_change_report *report;
    void *context;
    size_t count;
};

/* A text with a fixed place. */
struct text {
    char place[TEXT_BYTES];
    struct buf buf;
};

static struct buf *text_start(struct text *text)
{
    buf_init_fixed(&text->buf, text->place, sizeof text->place);
    return &text->buf;
}

static void report_change(struct diff *diff, struct str what_vi, struct str what_en,
                          struct str before, struct str after)
{
    if (str_equal(before, after)) return;
    struct book_change change = {
        .kind = before.n == 0  ? CHANGE_ADDED
                : after.n == 0 ? CHANGE_REMOVED
                               : CHANGE_VALUE,
        .what_vi = what_vi,
        .what_en = what_en,
        .before = before,
        .after = after,
    };
    diff->count++;
    diff->report(diff->context, &change);
}

static struct str span_text(struct text *text, int32_t from_day, int32_t to_day)
{
    char day[DATE_TEXT_BYTES];
    struct buf *buf = text_start(text);
    buf_add(buf, from_day == DAY_OPEN ? S("-") : day_text(from_day, day));
    buf_add(buf, S(".."));
    if (to_day != DAY_OPEN) buf_add(buf, day_text(to_day, day));
    return buf_str(buf);
}

static struct str price_text(struct text *text, const struct decision *decision,
                             const struct price_table *table, unsigned index)
{
    struct buf *buf = text_start(text);
    if (table == NULL || index >= table->count) return (struct str){NULL, 0};
    buf_add_decimal(buf, table->price_vnd[index], decision->by_average ? PERCENT_PLACES : 0);
    if (decision->by_average) buf_add(buf, S(" %"));
    if (table->shape == SHAPE_TIERS && table->upto_kwh[index] != TIER_OPEN_KWH)
        buf_printf(buf, " (<= %d kWh)", table->upto_kwh[index]);
    buf_printf(buf, ", %.*s", STR_ARG(confidence_code((enum confidence)table->confidence[index])));
    return buf_str(buf);
}

/* One price, present in either of the two tables. */
static void diff_price(struct diff *diff, const struct decision *before,
                       const struct decision *after, const struct price_table *any,
                       unsigned index)
{
    enum category category = (enum category)any->category;
    enum voltage voltage = (enum voltage)any->voltage;
    struct text what_vi, what_en, old_price, new_price;
    struct buf *vi = text_start(&what_vi), *en = text_start(&what_en);
    struct str at = voltage_code(voltage);
    buf_printf(vi, "%.*s %.*s", STR_ARG(after->id), STR_ARG(category_code(category)));
    if (at.n > 0) buf_printf(vi, " %.*s", STR_ARG(at));
    buf_add(en, buf_str(vi));
    if (any->shape == SHAPE_TIERS) {
        buf_printf(vi, " bậc %u", index + 1);
        buf_printf(en, " tier %u", index + 1);
    } else if (any->shape == SHAPE_TOU) {
        buf_printf(vi, " %.*s", STR_ARG(tou_vi((enum tou)(index + TOU_NORMAL))));
        buf_printf(en, " %.*s", STR_ARG(tou_en((enum tou)(index + TOU_NORMAL))));
    }
    report_change(diff, buf_str(vi), buf_str(en),
                  price_text(&old_price, before, book_table(before, category, voltage), index),
                  price_text(&new_price, after, book_table(after, category, voltage), index));
}

static void diff_prices(struct diff *diff, const struct decision *before,
                        const struct decision *after)
{
    for (size_t t = 0; t < before->table_count; t++)
        for (unsigned i = 0; i < before->table[t].count; i++)
            diff_price(diff, before, after, &before->table[t], i);
    for (size_t t = 0; t < after->table_count; t++) {
        const struct price_table *table = &after->table[t];
        const struct price_table *old = book_table(before, (enum category)table->category,
                                                   (enum voltage)table->voltage);
        for (unsigned i = old == NULL ? 0 : old->count; i < table->count; i++)
            diff_price(diff, before, after, table, i);
    }
}

static const struct decision *find_decision(const struct price_book *book, struct str id)
{
    int index = book_decision_find(book, id);
    return index < 0 ? NULL : &book->decision[index];
}

static void diff_decisions(struct diff *diff, const struct price_book *before,
                           const struct price_book *after)
{
    struct text old_span, new_span, what_vi, what_en;
    struct str none = {NULL, 0};
    for (size_t i = 0; i < before->decision_count; i++) {
        const struct decision *old = &before->decision[i];
        const struct decision *new = find_decision(after, old->id);
        struct buf *vi = text_start(&what_vi), *en = text_start(&what_en);
        buf_printf(vi, "%.*s thời gian áp dụng", STR_ARG(old->id));
        buf_printf(en, "%.*s days in force", STR_ARG(old->id));
        report_change(diff, buf_str(vi), buf_str(en),
                      span_text(&old_span, old->from_day, old->to_day),
                      new == NULL ? none : span_text(&new_span, new->from_day, new->to_day));
        if (new != NULL) diff_prices(diff, old, new);
    }
    for (size_t i = 0; i < after->decision_count; i++) {
        const struct decision *new = &after->decision[i];
        if (find_decision(before, new->id) != NULL) continue;
        struct decision nothing = {.id = new->id};
        struct buf *vi = text_start(&what_vi), *en = text_start(&what_en);
        buf_printf(vi, "%.*s thời gian áp dụng", STR_ARG(new->id));
        buf_printf(en, "%.*s days in force", STR_ARG(new->id));
        report_change(diff, buf_str(vi), buf_str(en), none,
                      span_text(&new_span, new->from_day, new->to_day));
        diff_prices(diff, &nothing, new);
    }
}

/* What holds on the first day of an entry, in both books. */
static struct str vat_text(struct text *text, const struct price_book *book, int32_t day)
{
    const struct vat_rate *vat = book_vat_at(book, day);
    struct buf *buf = text_start(text);
    if (vat != NULL) buf_add_decimal(buf, vat->rate_ppm, PPM_PLACES);
    return vat == NULL ? (struct str){NULL, 0} : buf_str(buf);
}

static void diff_vat(struct diff *diff, const struct price_book *before,
                     const struct price_book *after, const struct price_book *days)
{
    for (size_t i = 0; i < days->vat_count; i++) {
        int32_t day = days->vat[i].from_day;
        struct text vi, en, old_rate, new_rate;
        char from[DATE_TEXT_BYTES];
        struct str day_str = day_text(day, from);
        buf_printf(text_start(&vi), "Thuế GTGT từ %.*s", STR_ARG(day_str));
        buf_printf(text_start(&en), "VAT from %.*s", STR_ARG(day_str));
        /* A first day that both books know is told once. */
        bool told = days == after;
        for (size_t k = 0; told && k < before->vat_count; k++)
            if (before->vat[k].from_day == day) told = false;
        if (days == after && !told) continue;
        report_change(diff, buf_str(&vi.buf), buf_str(&en.buf), vat_text(&old_rate, before, day),
                      vat_text(&new_rate, after, day));
    }
}

static struct str hours_text(struct text *text, const struct price_book *book, struct str id)
{
    for (size_t i = 0; i < book->tou_count; i++)
        if (str_equal(book->tou[i].id, id))
            return span_text(text, book->tou[i].from_day, book->tou[i].to_day);
    return (struct str){NULL, 0};
}

static void diff_hours(struct diff *diff, const struct price_book *before,
                       const struct price_book *after, const struct price_book *ids)
{
    for (size_t i = 0; i < ids->tou_count; i++) {
        struct str id = ids->tou[i].id;
        struct text vi, en, old_span, new_span;
        struct str old = hours_text(&old_span, before, id), new = hours_text(&new_span, after, id);
        if (ids == after && old.n > 0) continue;
        buf_printf(text_start(&vi), "Khung giờ %.*s", STR_ARG(id));
        buf_printf(text_start(&en), "Hours %.*s", STR_ARG(id));
        report_change(diff, buf_str(&vi.buf), buf_str(&en.buf), old, new);
    }
}

static struct str campaign_text(const struct price_book *book, struct str id)
{
    for (size_t i = 0; i < book->campaign_count; i++)
        if (str_equal(book->campaign[i].id, id))
            return book->campaign[i].established ? S("established") : S("not established");
    return (struct str){NULL, 0};
}

static void diff_campaigns(struct diff *diff, const struct price_book *before,
                           const struct price_book *after, const struct price_book *ids)
{
    for (size_t i = 0; i < ids->campaign_count; i++) {
        struct str id = ids->campaign[i].id;
        struct text vi, en;
        struct str old = campaign_text(before, id), new = campaign_text(after, id);
        if (ids == after && old.n > 0) continue;
        buf_printf(text_start(&vi), "Đợt hỗ trợ %.*s", STR_ARG(id));
        buf_printf(text_start(&en), "Support %.*s", STR_ARG(id));
        report_change(diff, buf_str(&vi.buf), buf_str(&en.buf), old, new);
    }
}

size_t book_diff(const struct price_book *before, const struct price_book *after,
                 book_change_report *report, void *context)
{
    struct diff diff = {.report = report, .context = context};
    diff_decisions(&diff, before, after);
    diff_vat(&diff, before, after, before);
    diff_vat(&diff, before, after, after);
    diff_hours(&diff, before, after, before);
    diff_hours(&diff, before, after, after);
    diff_campaigns(&diff, before, after, before);
    diff_campaigns(&diff, before, after, after);
    return diff.count;
}
