/* SPDX-License-Identifier: Apache-2.0 */
/* Vietnamese bills as requests of the calculators. A case names its decision and its VAT rate, so
 * the month only matters where a rule of the month is asked for. */
#include "base/date.h"
#include "cases.h"
#include "tariff/book.h"
#include "tariff/words.h"

enum { REQUEST_BYTES = 16 * 1024 };

static const struct json *member(const struct json *map, const char *name)
{
    return json_member(map, str_of(name));
}

static const struct json *calc_of(const struct case_run *run)
{
    return member(run->facts, "calc");
}

static const struct json *expected_of(const struct case_run *run)
{
    const struct json *expected = member(run->facts, "expect");
    return expected != NULL ? expected : member(run->facts, "expected");
}

/* A request under construction. */
struct bill {
    struct buf text;
    struct json_writer writer;
};

static void bill_begin(struct bill *bill)
{
    buf_init(&bill->text, REQUEST_BYTES);
    json_writer_init(&bill->writer, &bill->text);
    json_object(&bill->writer, JSON_ITEM);
}

static const struct json *bill_ask(struct bill *bill, struct case_run *run, enum case_kind kind)
{
    json_end(&bill->writer);
    const struct json *answer = case_ask(run, kind, buf_str(&bill->text));
    buf_release(&bill->text);
    return answer;
}

/* Month and VAT rate of the case, decision of the calculation. */
static void put_frame(struct case_run *run, struct bill *bill, const struct json *calc)
{
    const struct json *period = member(run->facts, "period");
    json_text(&bill->writer, S("month"), period != NULL ? period->text : S("2026-07"));
    if (has(calc, "decision"))
        json_text(&bill->writer, S("decision"), member(calc, "decision")->text);
    if (has(run->facts, "vat_rate"))
        put_number(&bill->writer, S("vat_rate"), member(run->facts, "vat_rate"));
}

static void put_usage(struct bill *bill, const struct json *kwh)
{
    json_object(&bill->writer, S("usage"));
    put_number(&bill->writer, S("kwh"), kwh);
    json_end(&bill->writer);
}

static void put_category(struct bill *bill, const struct json *calc)
{
    const struct json *category = member(calc, "category");
    json_text(&bill->writer, S("category"), category != NULL ? category->text : S("SH"));
    if (has(calc, "voltage"))
        json_text(&bill->writer, S("voltage"), member(calc, "voltage")->text);
}

static void put_only_use(struct bill *bill, const struct json *calc)
{
    json_array(&bill->writer, S("uses"));
    json_object(&bill->writer, JSON_ITEM);
    put_category(bill, calc);
    json_text(&bill->writer, S("share"), S("100"));
    json_end(&bill->writer);
    json_end(&bill->writer);
}

/* Sum of a member over the lines of one kind; an empty kind takes all. */
static int128 sum_of_lines(struct case_run *run, const struct json *answer, struct str kind,
                           const char *name)
{
    int128 sum = 0;
    const struct json *lines = member(answer, "lines");
    for (const struct json *line = lines->child; line != NULL; line = line->next)
        if (kind.n == 0 || str_equal(member(line, "kind")->text, kind))
            sum += case_member(run, line, name);
    return sum;
}

/* A figure with a fraction of a đồng, or written as text, is the unrounded source. */
static bool is_unrounded(const struct json *figure)
{
    return figure->type == JSON_TEXT;
}

/* pre_vat, vat and total of an answer. */
static void expect_money(struct case_run *run, const struct json *answer)
{
    const struct json *expected = expected_of(run);
    static const char *const names[][2] = {{"pre_vat", "pre_vat"}, {"vat", "vat"},
                                           {"total", "total"}, {"before_tax_vnd", "pre_vat"},
                                           {"vat_vnd", "vat"}, {"total_vnd", "total"}};
    for (size_t i = 0; i < ARRAY_COUNT(names); i++) {
        const struct json *figure = member(expected, names[i][0]);
        if (figure == NULL) continue;
        bool unrounded = is_unrounded(figure);
        if (unrounded && str_equal(str_of(names[i][1]), S("pre_vat")))
            expect_within(run, "sum of lines", sum_of_lines(run, answer, S(""), "amount"),
                          case_number(run, figure), 0);
        else
            expect_within(run, names[i][1], case_member(run, answer, names[i][1]),
                          case_number(run, figure), unrounded ? case_one() : 0);
    }
}

/* Round 4 of the support is a percentage of the energy money in the named areas. */
static void put_support(struct bill *bill)
{
    json_object(&bill->writer, S("support"));
    json_bool(&bill->writer, S("restricted_area"), true);
    json_end(&bill->writer);
}

static const struct json *ask_blocks(struct case_run *run, const struct json *calc)
{
    struct bill bill;
    bill_begin(&bill);
    put_frame(run, &bill, calc);
    put_usage(&bill, member(calc, "kwh"));
    put_only_use(&bill, calc);
    if (has(calc, "quota"))
        put_number(&bill.writer, S("households"), member(calc, "quota"));
    if (has(calc, "discount_pct")) put_support(&bill);
    return bill_ask(&bill, run, KIND_CALC);
}

void calc_blocks_case(struct case_run *run)
{
    const struct json *answer = ask_blocks(run, calc_of(run));
    if (answer != NULL) expect_money(run, answer);
}

/* Everything at one tier is what undeclared lodgers pay; at a master meter, missing papers. */
static void put_one_tier(struct bill *bill, const struct json *calc)
{
    if (!has(calc, "tier")) return;
    bool lodgers = str_equal(member(calc, "category")->text, S("SH"));
    json_bool(&bill->writer, lodgers ? S("lodgers_undeclared") : S("papers_missing"), true);
}

/* kWh of one register, the others zero; normal stands for one-price use. */
static void put_register(struct bill *bill, struct str key, const struct json *tou,
                         const struct json *kwh)
{
    static const char *const names[] = {"normal", "peak", "offpeak"};
    json_object(&bill->writer, key);
    if (tou == NULL || str_equal(tou->text, S("normal"))) {
        put_number(&bill->writer, S("kwh"), kwh);
    } else {
        for (size_t i = 0; i < ARRAY_COUNT(names); i++)
            json_text(&bill->writer, str_of(names[i]),
                      str_equal(tou->text, str_of(names[i])) ? kwh->text : S("0"));
    }
    json_end(&bill->writer);
}

void calc_flat_case(struct case_run *run)
{
    const struct json *calc = calc_of(run);
    struct bill bill;
    bill_begin(&bill);
    put_frame(run, &bill, calc);
    put_register(&bill, S("usage"), member(calc, "tou"), member(calc, "kwh"));
    put_only_use(&bill, calc);
    put_one_tier(&bill, calc);
    const struct json *answer = bill_ask(&bill, run, KIND_CALC);
    if (answer != NULL) expect_money(run, answer);
}

void calc_tou_case(struct case_run *run)
{
    static const char *const names[] = {"normal", "peak", "offpeak"};
    const struct json *calc = calc_of(run);
    struct bill bill;
    bill_begin(&bill);
    put_frame(run, &bill, calc);
    json_object(&bill.writer, S("usage"));
    for (size_t i = 0; i < ARRAY_COUNT(names); i++)
        put_number(&bill.writer, str_of(names[i]), member(calc, names[i]));
    json_end(&bill.writer);
    put_only_use(&bill, calc);
    const struct json *answer = bill_ask(&bill, run, KIND_CALC);
    if (answer != NULL) expect_money(run, answer);
}

/* Parts of one meter, each with its own kWh. */
void calc_sum_case(struct case_run *run)
{
    const struct json *parts = member(calc_of(run), "parts");
    struct bill bill;
    int128 kwh = 0;
    bill_begin(&bill);
    put_frame(run, &bill, parts->child);
    json_array(&bill.writer, S("uses"));
    for (const struct json *part = parts->child; part != NULL; part = part->next) {
        json_object(&bill.writer, JSON_ITEM);
        put_category(&bill, part);
        put_number(&bill.writer, S("kwh"), member(part, "kwh"));
        if (has(part, "quota"))
            put_number(&bill.writer, S("households"), member(part, "quota"));
        json_end(&bill.writer);
        kwh += case_member(run, part, "kwh");
    }
    json_end(&bill.writer);
    json_object(&bill.writer, S("usage"));
    put_exact(&bill.writer, S("kwh"), kwh);
    json_end(&bill.writer);
    const struct json *answer = bill_ask(&bill, run, KIND_CALC);
    if (answer != NULL) expect_money(run, answer);
}

/* The five tiers of decision 14/2025, percentages of an average price. */
void calc_new5_case(struct case_run *run)
{
    const struct json *calc = calc_of(run);
    struct bill bill;
    bill_begin(&bill);
    put_frame(run, &bill, calc);
    json_text(&bill.writer, S("decision"), S("QD14/2025"));
    put_number(&bill.writer, S("average"), member(calc, "average"));
    put_usage(&bill, member(calc, "kwh"));
    put_only_use(&bill, calc);
    if (has(calc, "quota"))
        put_number(&bill.writer, S("households"), member(calc, "quota"));
    const struct json *answer = bill_ask(&bill, run, KIND_CALC);
    if (answer != NULL) expect_money(run, answer);
}

static const struct decision *decision_of(struct case_run *run, const struct json *id)
{
    const struct price_book *book = run->cases->book;
    int index = id == NULL ? -1 : book_decision_find(book, id->text);
    if (index < 0) case_problem(run, "the book does not know the decision");
    return index < 0 ? NULL : &book->decision[index];
}

/* The rule of the contract whose month has that many days. */
static struct str month_days_rule(struct case_run *run, int32_t to_day, int64_t days)
{
    int32_t month = month_of_day(to_day);
    if (days_in_month(month - 1) == days) return S("previous_month");
    if (days_in_month(month) == days) return S("own_month");
    if (days != 30) case_problem(run, "no month has %lld days", (long long)days);
    return S("30");
}

/* kWh of one decision by tier (0: all tiers). */
static int128 kwh_of(struct case_run *run, const struct json *answer, struct str decision,
                     int64_t tier)
{
    int128 sum = 0;
    const struct json *lines = member(answer, "lines");
    for (const struct json *line = lines->child; line != NULL; line = line->next) {
        int64_t line_tier = 0;
        bool same = str_equal(member(line, "decision")->text, decision);
        bool read = json_to_i64(member(line, "tier"), &line_tier);
        if (same && (tier == 0 || (read && line_tier == tier)))
            sum += case_member(run, line, "kwh");
    }
    return sum;
}

/* Fills the expected widths with the expected kWh and compares tier by tier. */
static void expect_sub_period(struct case_run *run, const struct json *answer,
                              struct str decision, const char *kwh_name, const char *widths_name)
{
    const struct json *expected = expected_of(run);
    if (!has(expected, kwh_name)) return;
    int128 left = case_member(run, expected, kwh_name);
    expect_within(run, kwh_name, kwh_of(run, answer, decision, 0), left, 0);
    if (!has(expected, widths_name)) return;
    int64_t tier = 1;
    const struct json *width = member(expected, widths_name)->child;
    for (; width != NULL; width = width->next, tier++) {
        int128 filled = case_number(run, width);
        if (filled > left) filled = left;
        expect_within(run, widths_name, kwh_of(run, answer, decision, tier), filled, 0);
        left -= filled;
    }
    expect_within(run, "last tier", kwh_of(run, answer, decision, tier), left, 0);
}

void calc_price_change_case(struct case_run *run)
{
    const struct json *calc = calc_of(run);
    const struct decision *new_decision = decision_of(run, member(calc, "new"));
    int64_t days_old = 0, days_total = 0, days_month = 0;
    if (new_decision == NULL) return;
    if (!json_to_i64(member(calc, "days_old"), &days_old) ||
        !json_to_i64(member(calc, "days_total"), &days_total) ||
        !json_to_i64(member(calc, "days_month"), &days_month))
        case_problem(run, "days are missing");
    int32_t from_day = new_decision->from_day - (int32_t)days_old;
    int32_t to_day = from_day + (int32_t)days_total;
    struct bill bill;
    bill_begin(&bill);
    json_day(&bill.writer, S("from"), from_day);
    json_day(&bill.writer, S("to"), to_day);
    put_usage(&bill, member(calc, "kwh"));
    put_only_use(&bill, calc);
    if (has(calc, "households"))
        put_number(&bill.writer, S("households"), member(calc, "households"));
    json_text(&bill.writer, S("month_days"), month_days_rule(run, to_day, days_month));
    put_number(&bill.writer, S("vat_rate"), member(run->facts, "vat_rate"));
    const struct json *answer = bill_ask(&bill, run, KIND_CALC);
    if (answer == NULL) return;
    expect_money(run, answer);
    expect_sub_period(run, answer, member(calc, "old")->text, "old_kwh", "old_widths");
    expect_sub_period(run, answer, member(calc, "new")->text, "new_kwh", "new_widths");
}

/* A price of the book and where it stands. */
struct found_price {
    const struct decision *decision;
    const struct price_table *table;
    unsigned index; /* tier - 1, tou - 1, or 0 */
};

static bool find_price(struct case_run *run, const struct json *price, bool at_home,
                       struct found_price *out)
{
    const struct price_book *book = run->cases->book;
    int64_t price_vnd = (int64_t)(case_number(run, price) / case_one());
    for (size_t d = 0; d < book->decision_count; d++) {
        const struct decision *decision = &book->decision[d];
        for (size_t t = 0; !decision->by_average && t < decision->table_count; t++) {
            const struct price_table *table = &decision->table[t];
            if (!at_home && category_is_residential(table->category)) continue;
            for (unsigned i = 0; i < table->count; i++) {
                if (table->price_vnd[i] != price_vnd) continue;
                *out = (struct found_price){decision, table, i};
                return true;
            }
        }
    }
    case_problem(run, "the book has no price %lld", (long long)price_vnd);
    return false;
}

static void put_found_use(struct bill *bill, const struct found_price *found)
{
    json_text(&bill->writer, S("month"), S("2026-07"));
    json_text(&bill->writer, S("decision"), found->decision->id);
    json_array(&bill->writer, S("uses"));
    json_object(&bill->writer, JSON_ITEM);
    json_text(&bill->writer, S("category"), category_code(found->table->category));
    if (found->table->voltage != VOLTAGE_NONE)
        json_text(&bill->writer, S("voltage"), voltage_code(found->table->voltage));
    json_text(&bill->writer, S("share"), S("100"));
    json_end(&bill->writer);
    json_end(&bill->writer);
}

/* The charge is on the active money; the case gives that as kWh at a price. */
void calc_reactive_case(struct case_run *run)
{
    const struct json *calc = calc_of(run), *expected = expected_of(run);
    const struct json *active = member(calc, "active");
    struct found_price found;
    if (active->count != 1) case_problem(run, "several active lines");
    if (!find_price(run, active->child->child->next, false, &found)) return;
    struct bill bill;
    bill_begin(&bill);
    put_found_use(&bill, &found);
    json_object(&bill.writer, S("usage"));
    put_number(&bill.writer, S("kwh"), active->child->child);
    put_number(&bill.writer, S("cosphi"), member(calc, "cosphi"));
    json_end(&bill.writer);
    json_text(&bill.writer, S("demand_kw"), S("100"));
    const struct json *answer = bill_ask(&bill, run, KIND_CALC);
    if (answer == NULL) return;
    if (has(expected, "active_amount"))
        expect_within(run, "active money", sum_of_lines(run, answer, S("energy"), "amount"),
                      case_member(run, expected, "active_amount"), 0);
    if (has(expected, "k"))
        expect_within(run, "percent", sum_of_lines(run, answer, S("reactive"), "percent"),
                      case_member(run, expected, "k"), 0);
    expect_within(run, "reactive line", sum_of_lines(run, answer, S("reactive"), "amount"),
                  case_member(run, expected, "pre_vat"), 0);
}

static bool same_prices(const struct price_table *table, const struct json *prices)
{
    if (table == NULL || table->count != prices->count) return false;
    unsigned i = 0;
    for (const struct json *price = prices->child; price != NULL; price = price->next, i++) {
        int64_t price_vnd;
        if (!json_to_i64(price, &price_vnd) || price_vnd != table->price_vnd[i]) return false;
    }
    return true;
}

static const struct decision *decision_with(struct case_run *run, const struct json *prices)
{
    const struct price_book *book = run->cases->book;
    for (size_t d = 0; d < book->decision_count; d++)
        if (same_prices(book_table(&book->decision[d], CATEGORY_SH, VOLTAGE_NONE), prices))
            return &book->decision[d];
    case_problem(run, "no decision has these prices");
    return NULL;
}

static void expect_bill_lines(struct case_run *run, const struct json *answer,
                              const struct json *expected)
{
    const struct json *line = member(answer, "lines")->child;
    for (const struct json *item = expected->child; item != NULL; item = item->next) {
        if (line == NULL) {
            case_problem(run, "a line is missing");
            return;
        }
        expect_within(run, "kwh", case_member(run, line, "kwh"), case_number(run, item->child), 0);
        expect_within(run, "price", case_member(run, line, "price"),
                      case_number(run, item->child->next), 0);
        expect_within(run, "amount", case_member(run, line, "amount"),
                      case_number(run, item->child->next->next), 0);
        line = line->next;
    }
    if (line != NULL) case_problem(run, "a line too many");
}

/* The household block tariff, its decision found by its prices. */
void calc_households_case(struct case_run *run)
{
    const struct json *input = member(run->facts, "input"), *expected = expected_of(run);
    const struct decision *decision = decision_with(run, member(input, "prices"));
    if (decision == NULL) return;
    struct bill bill;
    bill_begin(&bill);
    json_text(&bill.writer, S("month"), S("2026-07"));
    json_text(&bill.writer, S("decision"), decision->id);
    put_exact(&bill.writer, S("vat_rate"), case_member(run, input, "vat_percent") / 100);
    put_usage(&bill, member(input, "kwh"));
    put_only_use(&bill, input);
    if (has(input, "households"))
        put_number(&bill.writer, S("households"), member(input, "households"));
    const struct json *answer = bill_ask(&bill, run, KIND_CALC);
    if (answer == NULL) return;
    expect_money(run, answer);
    if (has(expected, "lines")) expect_bill_lines(run, answer, member(expected, "lines"));
}

static int128 sum_of_list(struct case_run *run, const struct json *list)
{
    int128 sum = 0;
    for (const struct json *item = list->child; item != NULL; item = item->next)
        sum += case_number(run, item);
    return sum;
}

/* Widths that are not full follow the days: full width x days / 30. */
static void put_fill_period(struct case_run *run, struct bill *bill, const struct json *calc,
                            const struct price_table *table)
{
    int64_t width = 0;
    int32_t month = 0;
    const struct json *period = member(run->facts, "period");
    if (!month_parse(period != NULL ? period->text : S("2026-07"), &month) ||
        !json_to_i64(member(calc, "widths")->child, &width))
        case_problem(run, "no period or widths");
    if (width == table->upto_kwh[0]) {
        put_frame(run, bill, calc);
        return;
    }
    int32_t to_day = first_day_of_month(month + 1) - 1;
    json_text(&bill->writer, S("decision"), member(calc, "decision")->text);
    json_day(&bill->writer, S("from"), to_day - (int32_t)(width * 30 / table->upto_kwh[0]));
    json_day(&bill->writer, S("to"), to_day);
    json_text(&bill->writer, S("prorate"), S("reading_day_change"));
    json_text(&bill->writer, S("month_days"), S("30"));
}

/* kwh is the whole computed use; what was billed fills the tiers from below. */
void backbill_fill_case(struct case_run *run)
{
    const struct json *calc = calc_of(run);
    const struct decision *decision = decision_of(run, member(calc, "decision"));
    if (decision == NULL) return;
    struct bill bill;
    bill_begin(&bill);
    put_fill_period(run, &bill, calc, book_table(decision, CATEGORY_SH, VOLTAGE_NONE));
    put_usage(&bill, member(calc, "kwh"));
    json_object(&bill.writer, S("billed"));
    put_exact(&bill.writer, S("kwh"), sum_of_list(run, member(calc, "billed")));
    json_end(&bill.writer);
    put_only_use(&bill, calc);
    const struct json *answer = bill_ask(&bill, run, KIND_BACKBILL);
    if (answer != NULL) expect_money(run, answer);
}

/* kWh at one price of a tier: as many households as their tier of that width takes, and below it
 * everything billed. */
static void put_tier_use(struct case_run *run, struct bill *bill, const struct found_price *found,
                         const struct json *kwh)
{
    const struct price_table *table = found->table;
    int64_t lower = found->index == 0 ? 0 : table->upto_kwh[found->index - 1];
    int128 use = case_number(run, kwh);
    int64_t households = 1;
    if (table->upto_kwh[found->index] != TIER_OPEN_KWH) {
        int128 width = (table->upto_kwh[found->index] - lower) * case_one();
        households = (int64_t)((use + width - 1) / width);
    }
    int128 billed = lower * households * case_one();
    json_object(&bill->writer, S("usage"));
    put_exact(&bill->writer, S("kwh"), billed + use);
    json_end(&bill->writer);
    json_object(&bill->writer, S("billed"));
    put_exact(&bill->writer, S("kwh"), billed);
    json_end(&bill->writer);
    put_exact(&bill->writer, S("households"), households * case_one());
}

static void put_register_use(struct bill *bill, const struct found_price *found,
                             const struct json *kwh)
{
    static const char *const names[] = {"normal", "peak", "offpeak"};
    static const char *const keys[] = {"usage", "billed"};
    for (size_t k = 0; k < ARRAY_COUNT(keys); k++) {
        json_object(&bill->writer, str_of(keys[k]));
        if (found->table->shape != SHAPE_TOU || found->index == 0)
            json_text(&bill->writer, S("kwh"), k == 0 ? kwh->text : S("0"));
        for (size_t i = 0; found->table->shape == SHAPE_TOU && found->index > 0 && i < 3; i++)
            json_text(&bill->writer, str_of(names[i]),
                      k == 0 && i == found->index ? kwh->text : S("0"));
        json_end(&bill->writer);
    }
}

/* A compensation given as kWh and price, line by line: each line is asked for where the book has
 * its price; VAT is on the sum. */
void backbill_lines_case(struct case_run *run)
{
    const struct json *lines = member(calc_of(run), "lines"), *expected = expected_of(run);
    int128 pre_vat = 0;
    for (const struct json *line = lines->child; line != NULL; line = line->next) {
        struct found_price found;
        if (!find_price(run, line->child->next, true, &found)) return;
        struct bill bill;
        bill_begin(&bill);
        put_found_use(&bill, &found);
        if (found.table->shape == SHAPE_TIERS) put_tier_use(run, &bill, &found, line->child);
        else put_register_use(&bill, &found, line->child);
        put_number(&bill.writer, S("vat_rate"), member(run->facts, "vat_rate"));
        const struct json *answer = bill_ask(&bill, run, KIND_BACKBILL);
        if (answer == NULL) return;
        int128 amount = sum_of_lines(run, answer, S(""), "amount");
        expect_within(run, "kwh", sum_of_lines(run, answer, S("energy"), "kwh"),
                      case_number(run, line->child), 0);
        pre_vat += amount;
    }
    expect_within(run, "sum of lines", pre_vat, case_member(run, expected, "pre_vat"), 0);
    int128 rate_percent = case_member(run, run->facts, "vat_rate") * 100 / case_one();
    int128 vat = pre_vat * rate_percent / 100;
    expect_within(run, "vat", vat, case_member(run, expected, "vat"), case_one());
    expect_within(run, "total", pre_vat + vat, case_member(run, expected, "total"), case_one());
}

/* A month in which the decision holds. */
static struct str month_under(struct case_run *run, const struct json *calc,
                              char memory[MONTH_TEXT_BYTES])
{
    const struct json *period = member(run->facts, "period");
    if (period != NULL) return period->text;
    const struct decision *decision = decision_of(run, member(calc, "decision"));
    if (decision == NULL) return S("2026-07");
    return month_text(month_of_day(decision->from_day) + 2, memory);
}

void vend_case(struct case_run *run)
{
    const struct json *calc = calc_of(run);
    char memory[MONTH_TEXT_BYTES];
    struct bill bill;
    bill_begin(&bill);
    put_number(&bill.writer, S("money"), member(calc, "money"));
    json_text(&bill.writer, S("month"), month_under(run, calc, memory));
    const struct json *answer = bill_ask(&bill, run, KIND_VEND);
    if (answer == NULL) return;
    expect_within(run, "kwh", case_member(run, answer, "kwh"),
                  case_member(run, expected_of(run), "kwh"), 0);
}

/* The row of a factor in a table of (factor, what a request says for it). */
static struct str named_factor(struct case_run *run, const struct json *figure,
                               const char *const (*rows)[2], size_t count)
{
    for (size_t i = 0; figure != NULL && i < count; i++) {
        struct json row = {.type = JSON_TEXT, .text = str_of(rows[i][0])};
        if (case_number(run, &row) == case_number(run, figure)) return str_of(rows[i][1]);
    }
    case_problem(run, "no row has this factor");
    return S("");
}

/* Base, distance factor and region factor say which voltage, distance and region are meant. */
void fee_case(struct case_run *run)
{
    static const char *const bases[][2] = {
        {"98000", "LE038"}, {"231000", "GT038_35"}, {"339000", "GT35"}};
    static const char *const distances[][2] = {{"1.00", "3"}, {"1.14", "7"}, {"1.28", "12"},
                                               {"1.42", "25"}, {"1.56", "40"}, {"1.70", "60"}};
    static const char *const regions[][2] = {{"1.00", "plain"}, {"1.15", "mountain_island"}};
    const struct json *calc = calc_of(run);
    struct bill bill;
    bill_begin(&bill);
    json_text(&bill.writer, S("type"), S("reconnection"));
    json_text(&bill.writer, S("voltage"),
              named_factor(run, member(calc, "base"), bases, ARRAY_COUNT(bases)));
    json_text(&bill.writer, S("distance_km"),
              named_factor(run, member(calc, "k"), distances, ARRAY_COUNT(distances)));
    json_text(&bill.writer, S("region"),
              named_factor(run, member(calc, "n"), regions, ARRAY_COUNT(regions)));
    json_bool(&bill.writer, S("residential"), false);
    const struct json *answer = bill_ask(&bill, run, KIND_FEE);
    if (answer == NULL) return;
    expect_within(run, "fee", case_member(run, answer, "pre_vat"),
                  case_member(run, expected_of(run), "value"), 0);
}

/* The kWh of two readings, then the bill of these kWh. */
void meter_rollover_case(struct case_run *run)
{
    const struct json *calc = calc_of(run), *then = member(calc, "then");
    struct bill bill;
    bill_begin(&bill);
    put_number(&bill.writer, S("old"), member(calc, "old"));
    put_number(&bill.writer, S("new"), member(calc, "new"));
    json_raw(&bill.writer, S("digits"), member(calc, "digits")->text);
    const struct json *answer = bill_ask(&bill, run, KIND_METER);
    if (answer == NULL) return;
    expect_within(run, "kwh", case_member(run, answer, "kwh"),
                  case_member(run, expected_of(run), "kwh"), 0);
    if (then == NULL || (answer = ask_blocks(run, then)) == NULL) return;
    expect_money(run, answer);
}

static void expect_words(struct case_run *run, int64_t amount_vnd, enum words_reading reading,
                         const char *name)
{
    const struct json *expected = member(run->facts, name);
    if (expected == NULL) return;
    char text[WORDS_BYTES_MAX];
    struct buf words;
    buf_init_fixed(&words, text, sizeof text);
    words_add_vnd(&words, amount_vnd, reading);
    if (!str_equal(buf_str(&words), expected->text)) case_problem(run, "%s: %s", name, text);
    char request[64];
    struct buf buf;
    buf_init_fixed(&buf, request, sizeof request);
    buf_printf(&buf, "%lld%s", (long long)amount_vnd, reading == WORDS_SOUTH ? " --south" : "");
    case_keep(&run->cases->asked[KIND_WORDS], buf_str(&buf), buf_str(&words));
}

void words_case(struct case_run *run)
{
    int64_t amount_vnd;
    if (!json_to_i64(member(run->facts, "amount"), &amount_vnd)) {
        case_problem(run, "no amount");
        return;
    }
    expect_words(run, amount_vnd, WORDS_NORTH, "words");
    expect_words(run, amount_vnd, WORDS_SOUTH, "words_south");
}
