/* SPDX-License-Identifier: Apache-2.0 */
/* Cases of other engines as plans of `rate`. */
#include "cases.h"

enum { REQUEST_BYTES = 64 * 1024 };

/* A request under construction: one charge, and the usage it rates. */
struct plan {
    struct buf charges_text, usage_text, request_text;
    struct json_writer charges, usage, request;
};

static void plan_begin(struct plan *plan, struct str type)
{
    buf_init(&plan->charges_text, REQUEST_BYTES);
    buf_init(&plan->usage_text, REQUEST_BYTES);
    buf_init(&plan->request_text, REQUEST_BYTES);
    json_writer_init(&plan->charges, &plan->charges_text);
    json_writer_init(&plan->usage, &plan->usage_text);
    json_writer_init(&plan->request, &plan->request_text);
    json_object(&plan->request, JSON_ITEM);
    json_object(&plan->usage, JSON_ITEM);
    json_array(&plan->charges, JSON_ITEM);
    json_object(&plan->charges, JSON_ITEM);
    json_text(&plan->charges, S("type"), type);
}

static const struct json *plan_ask(struct plan *plan, struct case_run *run)
{
    json_end(&plan->charges);
    json_end(&plan->charges);
    json_end(&plan->usage);
    json_raw(&plan->request, S("charges"), buf_str(&plan->charges_text));
    json_raw(&plan->request, S("usage"), buf_str(&plan->usage_text));
    json_end(&plan->request);
    const struct json *answer = case_ask(run, KIND_RATE, buf_str(&plan->request_text));
    buf_release(&plan->charges_text);
    buf_release(&plan->usage_text);
    buf_release(&plan->request_text);
    return answer;
}

static const struct json *input_of(const struct case_run *run)
{
    return json_member(run->facts, S("input"));
}

static const struct json *member(const struct json *map, const char *name)
{
    return json_member(map, str_of(name));
}

static const struct json *either(const struct json *map, const char *a, const char *b)
{
    return member(map, a) != NULL ? member(map, a) : member(map, b);
}

static bool model_says(const struct case_run *run, struct str words)
{
    const struct json *model = json_member(run->facts, S("model"));
    for (size_t at = 0; model != NULL && at + words.n <= model->text.n; at++)
        if (str_starts(str_sub(model->text, at, words.n), words)) return true;
    return false;
}

/* Tiers with "upto" or "to" (null: open) and "unit" or "price"; percentages become a unit price. */
static void put_tiers(struct case_run *run, struct json_writer *writer, const struct json *tiers)
{
    json_array(writer, S("blocks"));
    for (const struct json *tier = tiers->child; tier != NULL; tier = tier->next) {
        const struct json *upto = member(tier, "upto");
        if (upto == NULL) upto = either(tier, "to", "upto_kw");
        const struct json *unit = either(tier, "unit", "price");
        json_object(writer, JSON_ITEM);
        if (upto == NULL || upto->type == JSON_NULL) json_null(writer, S("upto"));
        else put_number(writer, S("upto"), upto);
        if (has(tier, "rate_percent"))
            put_exact(writer, S("unit"), case_member(run, tier, "rate_percent") / 100);
        else if (unit != NULL) put_number(writer, S("unit"), unit);
        if (has(tier, "flat")) put_number(writer, S("flat"), member(tier, "flat"));
        json_end(writer);
    }
    json_end(writer);
}

static int128 sum_of_charges(struct case_run *run, const struct json *answer)
{
    int128 sum = 0;
    const struct json *lines = member(answer, "lines");
    for (const struct json *line = lines->child; line != NULL; line = line->next)
        if (has(line, "charge")) sum += case_member(run, line, "amount");
    return sum;
}

/* The sum of a member over the lines of one block. */
static int128 sum_of_block(struct case_run *run, const struct json *answer, int64_t block,
                           const char *name)
{
    int128 sum = 0;
    const struct json *lines = member(answer, "lines");
    for (const struct json *line = lines->child; line != NULL; line = line->next) {
        int64_t index;
        if (json_to_i64(member(line, "block"), &index) && index == block)
            sum += case_member(run, line, name);
    }
    return sum;
}

static int128 sum_of_limit(struct case_run *run, const struct json *answer, struct str kind)
{
    int128 sum = 0;
    const struct json *lines = member(answer, "lines");
    for (const struct json *line = lines->child; line != NULL; line = line->next)
        if (has(line, "kind") && str_equal(member(line, "kind")->text, kind))
            sum += case_member(run, line, "amount");
    return sum;
}

static int128 tolerance_of(struct case_run *run)
{
    return has(run->facts, "tolerance") ? case_member(run, run->facts, "tolerance") : 0;
}

/* An average is checked without division: average x quantity against the total. */
static void expect_average(struct case_run *run, const char *what, const struct json *figure,
                           int128 total, const struct json *quantity_node, int128 tolerance)
{
    int128 quantity_milli = case_number(run, quantity_node) / (case_one() / 1000);
    int128 unit = case_one();
    for (unsigned i = case_places(figure); i > 0; i--) unit /= 10;
    if (tolerance == 0) tolerance = unit / 2;
    int128 average = case_number(run, figure);
    expect_within(run, what, total * 1000, average * quantity_milli, tolerance * quantity_milli);
}

static void expect_blocks(struct case_run *run, const struct json *answer, const char *name,
                          const struct json *list)
{
    int64_t block = 0;
    for (const struct json *item = list->child; item != NULL; item = item->next, block++)
        expect_within(run, name, sum_of_block(run, answer, block, name), case_number(run, item),
                      tolerance_of(run));
}

/* The last block that the quantity reaches. */
static void expect_last_block(struct case_run *run, const struct json *answer,
                              const struct json *figure)
{
    const struct json *published = member(member(run->facts, "expected"),
                                          "kwh_per_tier_published");
    int64_t last = published == NULL ? 0 : (int64_t)published->count - 1;
    expect_within(run, "last block", sum_of_block(run, answer, last, "quantity"),
                  case_number(run, figure), 0);
}

static void expect_lines(struct case_run *run, const struct json *answer, const struct json *list)
{
    for (const struct json *item = list->child; item != NULL; item = item->next) {
        int64_t tier = 0;
        if (!json_to_i64(member(item, "tier"), &tier)) case_problem(run, "a line without tier");
        expect_within(run, "line quantity", sum_of_block(run, answer, tier - 1, "quantity"),
                      case_member(run, item, "qty"), 0);
        expect_within(run, "line amount", sum_of_block(run, answer, tier - 1, "amount"),
                      case_member(run, item, "amount"), 0);
    }
}

static bool is_one_of(struct str key, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (str_equal(key, str_of(names[i]))) return true;
    return false;
}

/* One figure of "expected" against the answer. */
static void expect_figure(struct case_run *run, const struct json *figure,
                          const struct json *answer, const struct json *quantity)
{
    static const char *const totals[] = {"amount", "total", "net", "demand_charge"};
    static const char *const published[] = {"demand_charge_published"};
    static const char *const averages[] = {"unit_amount", "average_price_published"};
    int128 total = case_member(run, answer, "total");
    if (is_one_of(figure->key, totals, ARRAY_COUNT(totals)))
        expect_within(run, "total", total, case_number(run, figure), 0);
    else if (is_one_of(figure->key, published, ARRAY_COUNT(published)))
        expect_within(run, "published", total, case_number(run, figure), tolerance_of(run));
    else if (is_one_of(figure->key, averages, ARRAY_COUNT(averages)))
        expect_average(run, "average", figure, total, quantity, tolerance_of(run));
    else if (str_equal(figure->key, S("recomputed")) &&
             has(member(run->facts, "expected"), "average_price_published"))
        expect_average(run, "recomputed average", figure, total, quantity, 0);
    else if (str_equal(figure->key, S("recomputed")))
        expect_rounded(run, "recomputed", total, figure);
    else if (str_equal(figure->key, S("amount_per_tier")))
        expect_blocks(run, answer, "amount", figure);
    else if (str_equal(figure->key, S("kwh_per_tier_published")))
        expect_blocks(run, answer, "quantity", figure);
    else if (str_equal(figure->key, S("recomputed_last")))
        expect_last_block(run, answer, figure);
    else if (str_equal(figure->key, S("lines"))) expect_lines(run, answer, figure);
    else if (str_equal(figure->key, S("gross")))
        expect_within(run, "gross", sum_of_charges(run, answer), case_number(run, figure), 0);
    else if (str_equal(figure->key, S("discount")))
        expect_within(run, "discount", -sum_of_limit(run, answer, S("maximum")),
                      case_number(run, figure), 0);
    else if (str_equal(figure->key, S("minimum_top_up")))
        expect_within(run, "top-up", sum_of_limit(run, answer, S("minimum")),
                      case_number(run, figure), 0);
    else case_problem(run, "no rule compares \"%.*s\"", STR_ARG(figure->key));
}

static void expect_all(struct case_run *run, const struct json *answer,
                       const struct json *quantity)
{
    if (answer == NULL) return;
    const struct json *expected = member(run->facts, "expected");
    for (const struct json *figure = expected->child; figure != NULL; figure = figure->next)
        expect_figure(run, figure, answer, quantity);
}

/* "from" of a charge: the units before, or what full units have over the units paid. */
static void put_from(struct case_run *run, struct json_writer *writer, const struct json *input)
{
    if (has(input, "units_before")) put_number(writer, S("from"), member(input, "units_before"));
    if (has(input, "full_units"))
        put_exact(writer, S("from"), case_member(run, input, "full_units") -
                                         case_member(run, input, "prorated_units"));
}

static const struct json *quantity_of(const struct json *input)
{
    static const char *const names[] = {"units", "kwh", "units_now", "prorated_units", "total"};
    for (size_t i = 0; i < ARRAY_COUNT(names); i++)
        if (has(input, names[i])) return member(input, names[i]);
    return NULL;
}

/* A limit on a period rated in parts is what is left of it. */
static void put_limits(struct case_run *run, struct plan *plan, const struct json *input)
{
    static const char *const names[] = {"minimum", "maximum"};
    bool waits = has(input, "last_part") && member(input, "last_part")->type == JSON_FALSE;
    for (size_t i = 0; i < ARRAY_COUNT(names); i++) {
        if (!has(input, names[i]) || (i == 0 && waits)) continue;
        int128 left = case_member(run, input, names[i]);
        if (has(input, "billed_before")) left -= case_member(run, input, "billed_before");
        put_exact(&plan->request, str_of(names[i]), left > 0 ? left : 0);
    }
}

/* The end of a plan on one quantity: usage, limits, question, comparison. */
static void ask_quantity(struct case_run *run, struct plan *plan, const struct json *input)
{
    const struct json *quantity = quantity_of(input);
    if (quantity != NULL) put_number(&plan->usage, S("quantity"), quantity);
    put_limits(run, plan, input);
    expect_all(run, plan_ask(plan, run), quantity);
}

static void tiers_case(struct case_run *run, struct str type)
{
    const struct json *input = input_of(run);
    struct plan plan;
    plan_begin(&plan, type);
    put_tiers(run, &plan.charges, member(input, "tiers"));
    put_from(run, &plan.charges, input);
    ask_quantity(run, &plan, input);
}

/* Also tiers whose price is a percentage of the quantity, which is a price per unit. */
void rate_graduated_case(struct case_run *run)
{
    tiers_case(run, S("graduated"));
}

void rate_volume_case(struct case_run *run)
{
    tiers_case(run, S("volume"));
}

/* OpenMeter's packages are ten units at 15; a period rated in parts counts started packages along
 * the position, which is a graduated plan with pieces. */
static void package_in_parts(struct case_run *run, const struct json *input)
{
    struct plan plan;
    plan_begin(&plan, S("graduated"));
    json_array(&plan.charges, S("blocks"));
    json_object(&plan.charges, JSON_ITEM);
    json_null(&plan.charges, S("upto"));
    json_text(&plan.charges, S("unit"), S("15"));
    json_text(&plan.charges, S("size"), S("10"));
    json_end(&plan.charges);
    json_end(&plan.charges);
    put_from(run, &plan.charges, input);
    ask_quantity(run, &plan, input);
}

void rate_package_case(struct case_run *run)
{
    const struct json *input = input_of(run);
    if (!has(input, "package_size")) {
        package_in_parts(run, input);
        return;
    }
    struct plan plan;
    plan_begin(&plan, S("package"));
    put_number(&plan.charges, S("size"), member(input, "package_size"));
    put_number(&plan.charges, S("price"), member(input, "package_price"));
    put_number(&plan.charges, S("free"), member(input, "free_units"));
    ask_quantity(run, &plan, input);
}

/* Blocks of one free allowance and a price behind it. */
static void put_allowance(struct json_writer *writer, struct str name, int128 free_e18,
                          int128 unit_e18)
{
    json_array(writer, name);
    if (free_e18 > 0) {
        json_object(writer, JSON_ITEM);
        put_exact(writer, S("upto"), free_e18);
        json_text(writer, S("unit"), S("0"));
        json_end(writer);
    }
    json_object(writer, JSON_ITEM);
    json_null(writer, S("upto"));
    put_exact(writer, S("unit"), unit_e18);
    json_end(writer);
    json_end(writer);
}

/* A percentage of money beyond a free sum, and a fee for each event beyond the free ones: two
 * quantities that climb blocks of their own. */
void rate_percentage_case(struct case_run *run)
{
    static const char *const known[] = {"total", "rate_percent", "fixed", "events", "free_events",
                                        "free_units"};
    const struct json *input = input_of(run);
    for (const struct json *item = input->child; item != NULL; item = item->next)
        if (!is_one_of(item->key, known, ARRAY_COUNT(known)))
            case_problem(run, "no rule reads \"%.*s\"", STR_ARG(item->key));
    if (run->problem.n > 0) return;
    struct plan plan;
    plan_begin(&plan, S("time_of_use"));
    json_bool(&plan.charges, S("pooled"), false);
    json_object(&plan.charges, S("periods"));
    put_allowance(&plan.charges, S("money"), case_member(run, input, "free_units"),
                  case_member(run, input, "rate_percent") / 100);
    put_allowance(&plan.charges, S("events"), case_member(run, input, "free_events"),
                  case_member(run, input, "fixed"));
    json_end(&plan.charges);
    json_object(&plan.usage, S("by_period"));
    put_number(&plan.usage, S("money"), member(input, "total"));
    put_number(&plan.usage, S("events"), member(input, "events"));
    json_end(&plan.usage);
    expect_all(run, plan_ask(&plan, run), member(input, "total"));
}

/* Tiers are given by how many pieces of which size they hold; the position counts units. */
static void put_pieces(struct case_run *run, struct json_writer *writer, const struct json *tiers)
{
    int128 upto = 0;
    json_array(writer, S("blocks"));
    for (const struct json *tier = tiers->child; tier != NULL; tier = tier->next) {
        json_object(writer, JSON_ITEM);
        if (has(tier, "max_blocks")) {
            int128 pieces = case_member(run, tier, "max_blocks") / case_one();
            upto += case_member(run, tier, "block_size") * pieces;
            put_exact(writer, S("upto"), upto);
        } else {
            json_null(writer, S("upto"));
        }
        put_number(writer, S("unit"), member(tier, "price_per_block"));
        put_number(writer, S("size"), member(tier, "block_size"));
        json_end(writer);
    }
    json_end(writer);
}

/* Tiers as [width, price]; the last one is open. */
static void put_widths(struct case_run *run, struct json_writer *writer, const struct json *tiers)
{
    int128 upto = 0;
    json_array(writer, tiers->key);
    for (const struct json *tier = tiers->child; tier != NULL; tier = tier->next) {
        json_object(writer, JSON_ITEM);
        upto += case_number(run, tier->child);
        if (tier->next == NULL) json_null(writer, S("upto"));
        else put_exact(writer, S("upto"), upto);
        put_number(writer, S("unit"), tier->child->next);
        json_end(writer);
    }
    json_end(writer);
}

/* Several metered units in one section climb their tiers apart, as periods do. */
static void kill_bill_units(struct case_run *run, const struct json *input)
{
    const struct json *tiers = member(input, "tier_width_and_price");
    struct plan plan;
    plan_begin(&plan, S("time_of_use"));
    json_bool(&plan.charges, S("pooled"), false);
    json_object(&plan.charges, S("periods"));
    for (const struct json *unit = tiers->child; unit != NULL; unit = unit->next)
        put_widths(run, &plan.charges, unit);
    json_end(&plan.charges);
    json_object(&plan.usage, S("by_period"));
    for (const struct json *unit = tiers->child; unit != NULL; unit = unit->next)
        put_number(&plan.usage, unit->key, json_member(input, unit->key));
    json_end(&plan.usage);
    expect_all(run, plan_ask(&plan, run), NULL);
}

void rate_kill_bill_case(struct case_run *run)
{
    const struct json *input = input_of(run);
    if (has(input, "tier_width_and_price")) {
        kill_bill_units(run, input);
        return;
    }
    bool top = model_says(run, S("TOP_TIER"));
    if (!top && !model_says(run, S("ALL_TIERS"))) case_problem(run, "which tiers are priced?");
    struct plan plan;
    plan_begin(&plan, top ? S("volume") : S("graduated"));
    put_pieces(run, &plan.charges, member(input, "tiers"));
    ask_quantity(run, &plan, input);
}

/* Demand: a price per period, and the peaks that occurred. */
static void nrel_demand(struct case_run *run, const struct json *input)
{
    struct plan plan;
    plan_begin(&plan, S("demand"));
    json_object(&plan.charges, S("periods"));
    const struct json *prices = member(input, "price_per_kw");
    for (const struct json *price = prices->child; price != NULL; price = price->next) {
        json_object(&plan.charges, price->key);
        put_number(&plan.charges, S("price"), price);
        json_end(&plan.charges);
    }
    json_end(&plan.charges);
    json_object(&plan.usage, S("demand"));
    const struct json *peaks = member(input, "peaks_kw");
    for (const struct json *peak = peaks->child; peak != NULL; peak = peak->next)
        put_number(&plan.usage, peak->key, peak);
    json_end(&plan.usage);
    expect_all(run, plan_ask(&plan, run), NULL);
}

/* The price of the month stands at its place in a list. */
static void nrel_seasonal_demand(struct case_run *run, const struct json *input)
{
    int64_t month = 0;
    const struct json *price = member(input, "price_per_kw_by_month")->child;
    if (!json_to_i64(member(input, "month"), &month)) case_problem(run, "no month");
    for (; month > 1 && price != NULL; month--) price = price->next;
    struct plan plan;
    plan_begin(&plan, S("demand"));
    json_object(&plan.charges, S("periods"));
    json_object(&plan.charges, S("flat"));
    put_number(&plan.charges, S("price"), price);
    json_end(&plan.charges);
    json_end(&plan.charges);
    json_object(&plan.usage, S("demand"));
    put_number(&plan.usage, S("flat"), member(input, "peak_kw"));
    json_end(&plan.usage);
    expect_all(run, plan_ask(&plan, run), NULL);
}

/* A ratchet raises the demand that is billed to a part of the highest peak before; the plan then
 * sees the billed demand. */
static void nrel_ratchet(struct case_run *run, const struct json *input)
{
    int128 floor = case_member(run, input, "highest_previous_peak_kw") / 100 *
                   (case_member(run, input, "ratchet_percent") / case_one());
    int128 billed = case_member(run, input, "period_2_actual_kw");
    if (billed < floor) billed = floor;
    const struct json *expected = member(run->facts, "expected");
    expect_within(run, "billed demand", billed,
                  case_member(run, expected, "period_2_billed_kw"), 0);
    struct plan plan;
    plan_begin(&plan, S("time_of_use"));
    json_bool(&plan.charges, S("pooled"), false);
    json_object(&plan.charges, S("periods"));
    const struct json *tiers = member(input, "tiers");
    for (const struct json *period = tiers->child; period != NULL; period = period->next) {
        json_array(&plan.charges, period->key);
        for (const struct json *tier = period->child; tier != NULL; tier = tier->next) {
            json_object(&plan.charges, JSON_ITEM);
            if (has(tier, "upto_kw")) put_number(&plan.charges, S("upto"), member(tier, "upto_kw"));
            else json_null(&plan.charges, S("upto"));
            put_number(&plan.charges, S("unit"), member(tier, "price"));
            json_end(&plan.charges);
        }
        json_end(&plan.charges);
    }
    json_end(&plan.charges);
    json_object(&plan.usage, S("by_period"));
    put_number(&plan.usage, S("1"), member(input, "period_1_peak_kw"));
    put_exact(&plan.usage, S("2"), billed);
    json_end(&plan.usage);
    const struct json *answer = plan_ask(&plan, run);
    if (answer == NULL) return;
    expect_rounded(run, "published", case_member(run, answer, "total"),
                   member(expected, "demand_charge_published"));
}

/* A year of months with a price per period; the charge is the sum of the months. */
static void nrel_periods_of_a_year(struct case_run *run, const struct json *input)
{
    const struct json *prices = member(input, "price_per_kwh");
    const struct json *months = member(input, "kwh_by_month_and_period");
    int128 total = 0;
    for (const struct json *month = months->child; month != NULL; month = month->next) {
        struct plan plan;
        plan_begin(&plan, S("time_of_use"));
        json_object(&plan.charges, S("periods"));
        for (const struct json *price = prices->child; price != NULL; price = price->next)
            put_allowance(&plan.charges, price->key, 0, case_number(run, price));
        json_end(&plan.charges);
        json_object(&plan.usage, S("by_period"));
        for (const struct json *use = month->child; use != NULL; use = use->next)
            put_number(&plan.usage, use->key, use);
        json_end(&plan.usage);
        const struct json *answer = plan_ask(&plan, run);
        if (answer == NULL) return;
        total += case_member(run, answer, "total");
    }
    const struct json *expected = member(run->facts, "expected");
    expect_within(run, "published", total,
                  case_member(run, expected, "annual_energy_charge_published"),
                  tolerance_of(run));
    if (has(expected, "recomputed"))
        expect_rounded(run, "recomputed", total, member(expected, "recomputed"));
}

/* Only the division among blocks is known, so every block costs one. */
static void nrel_ceilings(struct case_run *run, const struct json *input)
{
    struct plan plan;
    plan_begin(&plan, S("graduated"));
    json_array(&plan.charges, S("blocks"));
    const struct json *list = member(input, "tier_ceiling");
    for (const struct json *upto = list->child; upto != NULL; upto = upto->next) {
        json_object(&plan.charges, JSON_ITEM);
        if (upto->type == JSON_NULL) json_null(&plan.charges, S("upto"));
        else put_number(&plan.charges, S("upto"), upto);
        json_text(&plan.charges, S("unit"), S("1"));
        json_end(&plan.charges);
    }
    json_end(&plan.charges);
    ask_quantity(run, &plan, input);
}

void rate_nrel_case(struct case_run *run)
{
    const struct json *input = input_of(run);
    if (has(input, "ratchet_percent")) nrel_ratchet(run, input);
    else if (has(input, "peaks_kw")) nrel_demand(run, input);
    else if (has(input, "price_per_kw_by_month")) nrel_seasonal_demand(run, input);
    else if (has(input, "kwh_by_month_and_period")) nrel_periods_of_a_year(run, input);
    else if (has(input, "tier_ceiling")) nrel_ceilings(run, input);
    else if (has(input, "tiers")) rate_graduated_case(run);
    else case_problem(run, "no rule reads this input");
}
