/* SPDX-License-Identifier: Apache-2.0 */
/* Lines in words, each with the law behind it from the calculator's answer. */
#include "base/date.h"
#include "document/facts_int.h"
#include "tariff/book.h"

enum { WORDS_BYTES = 512 };

/* ---- words ------------------------------------------------------------------------------- */

static struct str line_words(struct loading *l, const struct rated_line *line, bool english)
{
    static const char *const vi[] = {"Điện", "Tiền mua công suất phản kháng", "Hỗ trợ", "Phí"};
    static const char *const en[] = {"Energy,", "Reactive energy", "Support", "Fee"};
    enum category category;
    enum voltage voltage;
    enum tou tou;
    char memory[WORDS_BYTES];
    struct buf words;
    buf_init_fixed(&words, memory, sizeof memory);
    buf_add(&words, str_of(english ? en[line->kind] : vi[line->kind]));
    if (category_parse(line->category, &category))
        buf_printf(&words, " %.*s",
                   STR_ARG(english ? category_en(category) : category_vi(category)));
    if (line->voltage.n > 0 && voltage_parse(line->voltage, &voltage))
        buf_printf(&words, ", %.*s", STR_ARG(english ? voltage_en(voltage) : voltage_vi(voltage)));
    if (line->tier > 0)
        buf_printf(&words, ", %s %lld", english ? "tier" : "bậc", (long long)line->tier);
    if (tou_parse(line->tou, &tou))
        buf_printf(&words, ", %.*s", STR_ARG(english ? tou_en(tou) : tou_vi(tou)));
    return arena_str(l->arena, buf_str(&words));
}

/* ---- the law ----------------------------------------------------------------------------- */

static const struct json *lines_of(const struct json *answer)
{
    const struct json *lines = json_member(answer, S("lines"));
    return lines == NULL ? NULL : lines->child;
}

static bool same_day(const struct json *answer, struct str key, int32_t day)
{
    char text[DATE_TEXT_BYTES];
    return str_equal(facts_member(answer, key), day_text(day, text));
}

/* Whether a line of an answer is the line of the bill. Support lines name their campaign on the
 * bill and the decision of the price they lower in the answer. */
static bool is_line(const struct json *answer, const struct rated_line *line)
{
    int64_t tier;
    if (!json_to_i64(json_member(answer, S("tier")), &tier)) tier = 0;
    return str_equal(facts_member(answer, S("kind")), rated_kind_code(line->kind)) &&
           str_equal(facts_member(answer, S("category")), line->category) &&
           str_equal(facts_member(answer, S("voltage")), line->voltage) &&
           str_equal(facts_member(answer, S("tou")), line->tou) && tier == line->tier &&
           same_day(answer, S("from"), line->from_day) && same_day(answer, S("to"), line->to_day) &&
           (line->kind != RATED_ENERGY ||
            str_equal(facts_member(answer, S("decision")), line->decision));
}

static const struct json *find_line(const struct json *answer, const struct rated_line *line)
{
    const struct json *item = lines_of(answer);
    while (item != NULL && !is_line(item, line)) item = item->next;
    return item;
}

/* The law of a line of an adjustment is that of the line it changes, or of the one it adds. */
static const struct json *law_of(const struct loading *l, const struct rated_line *line)
{
    const struct json *after = find_line(json_member(l->explanation, S("after")), line);
    return after != NULL ? after : find_line(json_member(l->explanation, S("before")), line);
}

static void add_law(struct facts_line *out, const struct json *law)
{
    out->basis_vi = facts_member(law, S("basis"));
    out->basis_en = facts_member(law, S("basis_en"));
}

/* ---- fees -------------------------------------------------------------------------------- */

static const struct json *answer_now(const struct loading *l)
{
    const struct json *after = json_member(l->explanation, S("after"));
    return after == NULL ? l->explanation : after;
}

/* What was done, by its name in the price list of its day. */
static err_t name_fee(struct loading *l, struct facts_line *out)
{
    const struct price_book *book;
    struct str code = out->line->category;
    if (str_equal(code, S("reconnection"))) {
        out->words_vi = S("Phí ngừng và cấp điện trở lại");
        out->words_en = S("Fee for disconnection and reconnection");
        return OK;
    }
    err_t e = recompute_book(&l->source->recompute, l->facts->row.price_book, &book, l->err);
    if (e != OK) return e;
    const struct service_price *service = book_service_at(book, code, l->facts->to_day);
    if (service == NULL) return OK;
    out->words_vi = arena_printf(l->arena, "Phí: %.*s", STR_ARG(service->name_vi));
    out->words_en = arena_printf(l->arena, "Fee: %.*s", STR_ARG(service->name_en));
    return OK;
}

static err_t add_fee(struct loading *l, struct facts_line *out)
{
    const struct json *answer = answer_now(l);
    const struct json *line = lines_of(answer);
    out->fee_quantity_milli = facts_milli(line, S("quantity"), 0);
    if (!json_to_i64(json_member(answer, S("price")), &out->fee_price_vnd)) out->fee_price_vnd = 0;
    out->fee_unit_vi = facts_member(answer, S("unit"));
    out->fee_unit_en = facts_member(answer, S("unit_en"));
    add_law(out, line);
    return name_fee(l, out);
}

/* ---- all --------------------------------------------------------------------------------- */

static void add_sums(struct bill_facts *facts, const struct rated_line *line)
{
    if (line->kind == RATED_SUPPORT) facts->support_mvnd += line->amount_mvnd;
    if (line->kind == RATED_REACTIVE) facts->reactive_mvnd += line->amount_mvnd;
}

/* One support line is its own sum. */
static const struct facts_line *last_of_several(const struct facts_line *lines, size_t count)
{
    const struct facts_line *last = NULL;
    size_t supports = 0;
    for (size_t i = 0; i < count; i++) {
        if (lines[i].line->kind != RATED_SUPPORT) continue;
        last = &lines[i];
        supports++;
    }
    return supports > 1 ? last : NULL;
}

err_t facts_load_lines(struct loading *l)
{
    struct bill_facts *facts = l->facts;
    size_t count = facts->rated.line_count;
    struct facts_line *lines = ARENA_ARRAY(l->arena, struct facts_line, count);
    if (lines == NULL) return err_memory(l->err);
    const struct json *answer = lines_of(l->explanation); /* line by line as billed */
    for (size_t i = 0; i < count; i++) {
        const struct rated_line *line = &facts->rated.lines[i];
        lines[i] = (struct facts_line){.line = line,
                                       .words_vi = line_words(l, line, false),
                                       .words_en = line_words(l, line, true)};
        err_t e = OK;
        if (line->kind == RATED_FEE && facts->is_fee) e = add_fee(l, &lines[i]);
        else add_law(&lines[i], answer != NULL ? answer : law_of(l, line));
        if (e != OK) return e;
        answer = answer == NULL ? NULL : answer->next;
        add_sums(facts, line);
    }
    facts->line = lines;
    facts->line_count = count;
    facts->support_last = last_of_several(lines, count);
    return OK;
}

struct str facts_decision(struct str basis)
{
    for (size_t i = 0; i + 1 < basis.n; i++)
        if (basis.p[i] == ':' && basis.p[i + 1] == ' ') return str_sub(basis, 0, i);
    return basis;
}

struct str facts_rule(struct str basis)
{
    size_t at = str_find(basis, ';');
    return at == basis.n ? S("") : str_trim(str_sub(basis, at + 1, basis.n));
}

struct str facts_law(struct arena *arena, const struct facts_line *line, bool english)
{
    struct str basis = english ? line->basis_en : line->basis_vi;
    if (basis.n == 0) return line->line->decision;
    if (line->line->kind != RATED_ENERGY) return basis;
    struct str rule = facts_rule(basis), decision = facts_decision(basis);
    return rule.n == 0 ? decision
                       : arena_printf(arena, "%.*s; %.*s", STR_ARG(decision), STR_ARG(rule));
}
