/* SPDX-License-Identifier: Apache-2.0 */
#include "tariff/book_diff.h"

#include "base/date.h"
#include "base/decimal.h"
#include "base/json_read.h"

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

static struct str capacity_text(struct text *text, const struct price_table *table)
{
    struct buf *buf = text_start(text);
    if (table == NULL || table->capacity_vnd == 0) return (struct str){NULL, 0};
    buf_printf(buf, "%d /kW", table->capacity_vnd);
    return buf_str(buf);
}

/* Prices per kW; those of tables that both decisions have are told from the side before. */
static void diff_capacity(struct diff *diff, const struct decision *before,
                          const struct decision *after, bool side_is_before)
{
    const struct decision *side = side_is_before ? before : after;
    for (size_t t = 0; t < side->table_count; t++) {
        enum category category = (enum category)side->table[t].category;
        enum voltage voltage = (enum voltage)side->table[t].voltage;
        const struct price_table *old = book_table(before, category, voltage);
        struct text what, old_price, new_price;
        if (!side_is_before && old != NULL) continue;
        buf_printf(text_start(&what), "%.*s %.*s %.*s kW", STR_ARG(after->id),
                   STR_ARG(category_code(category)), STR_ARG(voltage_code(voltage)));
        report_change(diff, buf_str(&what.buf), buf_str(&what.buf),
                      capacity_text(&old_price, old),
                      capacity_text(&new_price, book_table(after, category, voltage)));
    }
}

static void diff_prices(struct diff *diff, const struct decision *before,
                        const struct decision *after)
{
    diff_capacity(diff, before, after, true);
    diff_capacity(diff, before, after, false);
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
    ASSERT(before->decision != NULL && after->decision != NULL); /* a loaded book has some */
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
    if (vat == NULL) return (struct str){NULL, 0};
    buf_add_decimal(buf, vat->rate_ppm, PPM_PLACES);
    buf_printf(buf, ", %.*s", STR_ARG(confidence_code((enum confidence)vat->confidence)));
    return buf_str(buf);
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

/* ---- everything else, member by member ---------------------------------------------------- */

/* A scalar as it is written; containers only by their kind. */
static struct str scalar_text(const struct json *node)
{
    static const struct str words[] = {
        [JSON_NULL] = S_INIT("null"), [JSON_FALSE] = S_INIT("false"), [JSON_TRUE] = S_INIT("true"),
        [JSON_NUMBER] = {NULL, 0},    [JSON_TEXT] = {NULL, 0},        [JSON_LIST] = S_INIT("[…]"),
        [JSON_MAP] = S_INIT("{…}")};
    if (node == NULL) return (struct str){NULL, 0};
    return node->type == JSON_NUMBER || node->type == JSON_TEXT ? node->text : words[node->type];
}

static bool is_container(const struct json *node)
{
    return node->type == JSON_MAP || node->type == JSON_LIST;
}

/* A list of scalars only, such as the categories of a rule, which is read best on one line. */
static bool is_flat_list(const struct json *node)
{
    if (node->type != JSON_LIST || node->child == NULL) return false;
    for (const struct json *item = node->child; item != NULL; item = item->next)
        if (is_container(item)) return false;
    return true;
}

/* Room for the longest flat list of a book; a longer one is told by its kind. */
struct list_text {
    char place[4 * TEXT_BYTES];
};

static struct str value_text(struct list_text *text, const struct json *node)
{
    struct buf buf;
    if (node != NULL && node->type == JSON_LIST && node->child == NULL) return S("[]");
    if (node == NULL || !is_flat_list(node)) return scalar_text(node);
    buf_init_fixed(&buf, text->place, sizeof text->place);
    for (const struct json *item = node->child; item != NULL; item = item->next) {
        buf_add(&buf, scalar_text(item));
        if (item->next != NULL) buf_add(&buf, S(", "));
    }
    return buf.failed ? scalar_text(node) : buf_str(&buf);
}

/* The text of a member, empty when there is none. */
static struct str member_text(const struct json *map, struct str key)
{
    const struct json *member = json_member(map, key);
    return member == NULL ? (struct str){NULL, 0} : member->text;
}

/* The item of a list with the same id (and kind, where one document sets several prices), or at
 * the same place when items have none. */
static const struct json *partner(const struct json *list, const struct json *item, size_t index)
{
    struct str id = member_text(item, S("id")), kind = member_text(item, S("kind"));
    size_t i = 0;
    for (const struct json *other = list->child; other != NULL; other = other->next, i++) {
        if (id.n == 0 && i == index) return other;
        if (id.n > 0 && str_equal(id, member_text(other, S("id"))) &&
            str_equal(kind, member_text(other, S("kind"))))
            return other;
    }
    return NULL;
}

static void add_step(struct buf *path, const struct json *parent, const struct json *child,
                     size_t index)
{
    struct str id = member_text(child, S("id")), kind = member_text(child, S("kind"));
    if (parent->type == JSON_MAP)
        buf_printf(path, "%s%.*s", path->n > 0 ? "." : "", STR_ARG(child->key));
    else if (id.n == 0) buf_printf(path, "[%zu]", index);
    else
        buf_printf(path, "[%.*s%s%.*s]", STR_ARG(id), kind.n > 0 ? " " : "", STR_ARG(kind));
}

static void diff_nodes(struct diff *diff, struct str path, const struct json *before,
                       const struct json *after);

/* Children of one side with their partners on the other (NULL: nothing is there); pairs are told
 * from the side before. */
static void diff_children(struct diff *diff, struct str path, const struct json *side,
                          const struct json *other, bool side_is_before)
{
    size_t index = 0;
    for (const struct json *child = side->child; child != NULL; child = child->next, index++) {
        const struct json *match = other == NULL            ? NULL
                                   : side->type == JSON_MAP ? json_member(other, child->key)
                                                            : partner(other, child, index);
        if (!side_is_before && match != NULL) continue;
        struct text below;
        buf_add(text_start(&below), path);
        add_step(&below.buf, side, child, index);
        diff_nodes(diff, buf_str(&below.buf), side_is_before ? child : match,
                   side_is_before ? match : child);
    }
}

/* Either node may be missing, not both. */
static void diff_nodes(struct diff *diff, struct str path, const struct json *before,
                       const struct json *after)
{
    if (before != NULL && after != NULL && before->type == after->type && is_container(before)) {
        diff_children(diff, path, before, after, true);
        diff_children(diff, path, after, before, false);
        return;
    }
    /* What is new is told whole, because somebody releases it; of what goes, the name is enough. */
    if (before == NULL && is_container(after) && after->child != NULL && !is_flat_list(after)) {
        diff_children(diff, path, after, NULL, false);
        return;
    }
    struct list_text old_text, new_text;
    report_change(diff, path, path, value_text(&old_text, before), value_text(&new_text, after));
}

/* Parts that are compared by their meaning above. */
static bool is_compared(struct str key)
{
    return str_equal(key, S("decisions")) || str_equal(key, S("vat"));
}

static void diff_parts(struct diff *diff, const struct json *before, const struct json *after,
                       bool side_is_before)
{
    const struct json *side = side_is_before ? before : after;
    const struct json *other = side_is_before ? after : before;
    for (const struct json *part = side->child; part != NULL; part = part->next) {
        const struct json *match = json_member(other, part->key);
        if (is_compared(part->key) || (!side_is_before && match != NULL)) continue;
        diff_nodes(diff, part->key, side_is_before ? part : match, side_is_before ? match : part);
    }
}

/* The law of a rate, which bills and warnings name. */
static void diff_vat_papers(struct diff *diff, const struct price_book *before,
                            const struct price_book *after)
{
    for (size_t i = 0; i < after->vat_count; i++) {
        const struct vat_rate *new = &after->vat[i];
        const struct vat_rate *old = book_vat_at(before, new->from_day);
        if (old != NULL && old->from_day != new->from_day) old = NULL;
        struct text path;
        char from[DATE_TEXT_BYTES];
        struct str day = day_text(new->from_day, from);
        struct str none = {NULL, 0};
        buf_printf(text_start(&path), "vat[%.*s].legal_vi", STR_ARG(day));
        report_change(diff, buf_str(&path.buf), buf_str(&path.buf),
                      old == NULL ? none : old->legal_vi, new->legal_vi);
        buf_printf(text_start(&path), "vat[%.*s].legal_en", STR_ARG(day));
        report_change(diff, buf_str(&path.buf), buf_str(&path.buf),
                      old == NULL ? none : old->legal_en, new->legal_en);
    }
}

/* What a decision says besides its prices and days. */
static void diff_papers(struct diff *diff, const struct price_book *before,
                        const struct price_book *after, bool side_is_before)
{
    static const char *const keys[] = {"document_vi", "document_en", "issued",
                                       "average",     "by_average",  "confidence"};
    const struct json *side = json_member((side_is_before ? before : after)->root, S("decisions"));
    const struct json *other = json_member((side_is_before ? after : before)->root, S("decisions"));
    size_t index = 0;
    for (const struct json *one = side->child; one != NULL; one = one->next, index++) {
        const struct json *match = partner(other, one, index);
        if (side_is_before != (match != NULL)) continue;
        for (size_t i = 0; i < ARRAY_COUNT(keys); i++) {
            struct text path;
            const struct json *value = json_member(one, str_of(keys[i]));
            const struct json *found = match == NULL ? NULL : json_member(match, str_of(keys[i]));
            if (value == NULL && found == NULL) continue;
            buf_printf(text_start(&path), "%.*s %s", STR_ARG(json_member(one, S("id"))->text),
                       keys[i]);
            diff_nodes(diff, buf_str(&path.buf), side_is_before ? value : found,
                       side_is_before ? found : value);
        }
    }
}

size_t book_diff(const struct price_book *before, const struct price_book *after,
                 book_change_report *report, void *context)
{
    struct diff diff = {.report = report, .context = context};
    diff_decisions(&diff, before, after);
    diff_papers(&diff, before, after, true);
    diff_papers(&diff, before, after, false);
    diff_vat(&diff, before, after, before);
    diff_vat(&diff, before, after, after);
    diff_vat_papers(&diff, before, after);
    diff_parts(&diff, before->root, after->root, true);
    diff_parts(&diff, before->root, after->root, false);
    return diff.count;
}
