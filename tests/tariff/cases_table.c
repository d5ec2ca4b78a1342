/* SPDX-License-Identifier: Apache-2.0 */
/* The one table of all cases: what kind of question each is, and how it becomes a request. The
 * first row that fits holds. */
#include "cases.h"

#define ESCALATION "the price of a later year is a new price book, not a rating of use"
#define NET_METERING "a credit for fed-in energy carried through a year, no rating of one use"
#define PRORATED \
    "splits the time of single events by days of a subscription; a plan rates one quantity"
#define QUOTIENT "a quotient of two totals that are already billed"
#define LOSS "the loss between a master meter and the meters behind it; no price is involved"
#define JOBS "how batches and repeated requests behave, not what a use costs"

static const struct case_row rows[] = {
    {"amount in words", NULL, KIND_WORDS, words_case, NULL},

    {"bills", "blocks", KIND_CALC, calc_blocks_case, NULL},
    {"bills", "flat", KIND_CALC, calc_flat_case, NULL},
    {"bills", "tou", KIND_CALC, calc_tou_case, NULL},
    {"bills", "sum", KIND_CALC, calc_sum_case, NULL},
    {"bills", "new5", KIND_CALC, calc_new5_case, NULL},
    {"bills", "price_change", KIND_CALC, calc_price_change_case, NULL},
    {"bills", "reactive", KIND_CALC, calc_reactive_case, NULL},
    {"bills", "fill", KIND_BACKBILL, backbill_fill_case, NULL},
    {"bills", "lines", KIND_BACKBILL, backbill_lines_case, NULL},
    {"bills", "prepaid", KIND_VEND, vend_case, NULL},
    {"bills", "reconnect", KIND_FEE, fee_case, NULL},
    {"bills", "rollover", KIND_METER, meter_rollover_case, NULL},
    {"bills", "ratio", KIND_NONE, NULL, QUOTIENT},
    {"bills", "loss", KIND_NONE, NULL, LOSS},

    {"Vietnam residential block tariff (derived)", NULL, KIND_CALC, calc_households_case, NULL},

    {"Lago graduated", NULL, KIND_RATE, rate_graduated_case, NULL},
    {"Lago graduated percentage", NULL, KIND_RATE, rate_graduated_case, NULL},
    {"Lago volume", NULL, KIND_RATE, rate_volume_case, NULL},
    {"Lago package", NULL, KIND_RATE, rate_package_case, NULL},
    {"Lago percentage", NULL, KIND_RATE, rate_percentage_case, NULL},
    {"Lago prorated graduated", NULL, KIND_NONE, NULL, PRORATED},
    {"OpenMeter graduated", NULL, KIND_RATE, rate_graduated_case, NULL},
    {"OpenMeter volume", NULL, KIND_RATE, rate_volume_case, NULL},
    {"OpenMeter package", NULL, KIND_RATE, rate_package_case, NULL},
    {"Kill Bill usage in arrear", NULL, KIND_RATE, rate_kill_bill_case, NULL},
    {"NREL ssc utilityrate5", "inflation_percent", KIND_NONE, NULL, ESCALATION},
    {"NREL ssc utilityrate5", "net_bill_without_minimum", KIND_NONE, NULL, NET_METERING},
    {"NREL ssc utilityrate5", NULL, KIND_RATE, rate_nrel_case, NULL},
    {"NREL ssc lib_utility_rate", NULL, KIND_RATE, rate_nrel_case, NULL},
    {"NREL ssc lib_utility_rate_equations", NULL, KIND_RATE, rate_nrel_case, NULL},

    {"Apache Fineract batch and idempotency", NULL, KIND_NONE, NULL, JOBS},
};

/* Bills and amounts carry no suite of their own; their shape tells. */
static struct str suite_of(const struct json *facts)
{
    if (has(facts, "calc")) return S("bills");
    if (has(facts, "words")) return S("amount in words");
    const struct json *suite = json_member(facts, S("suite"));
    return suite == NULL ? S("") : suite->text;
}

/* The type of a row is the type of a bill's calculation, or a member of the input. */
static bool has_type(const struct json *facts, const char *type)
{
    const struct json *calc = json_member(facts, S("calc"));
    if (calc == NULL) return has(json_member(facts, S("input")), type);
    const struct json *named = json_member(calc, S("type"));
    return named != NULL && str_equal(named->text, str_of(type));
}

const struct case_row *case_row_of(const struct json *facts)
{
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++)
        if (str_equal(suite_of(facts), str_of(rows[i].suite)) &&
            (rows[i].type == NULL || has_type(facts, rows[i].type)))
            return &rows[i];
    return NULL;
}

struct str case_id(const struct json *facts)
{
    const struct json *id = json_member(facts, S("id"));
    if (id == NULL) id = json_member(facts, S("amount"));
    return id == NULL ? S("without id") : id->text;
}

const char *kind_name(enum case_kind kind)
{
    static const char *const names[KIND_COUNT] = {"calc", "back-bill", "meter", "fee", "vend",
                                                  "rate", "words", "not a rating question"};
    return names[kind];
}

const char *kind_command(enum case_kind kind)
{
    static const char *const commands[KIND_COUNT] = {"calc", "backbill", "meter-kwh", "fee",
                                                     "vend", "rate", "words", NULL};
    return commands[kind];
}
