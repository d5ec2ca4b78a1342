/* SPDX-License-Identifier: Apache-2.0 */
/* The price book: what it holds, and what makes a book refused, with place and remedy. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/buffer.h"
#include "base/date.h"
#include "bill.h"

enum { ARENA_BYTES = 64 * 1024 * 1024, BOOK_BYTES = 1024 * 1024 };

static int32_t day(const char *text)
{
    int32_t result;
    assert_true(day_parse(str_of(text), &result));
    return result;
}

static void decisions_follow_each_other(void **state)
{
    (void)state;
    const struct price_book *book = bill_book();
    static const struct { const char *day; const char *id; } cases[] = {
        {"2015-03-16", "QD2256/2015"}, {"2017-11-30", "QD2256/2015"},
        {"2017-12-01", "QD4495/2017"}, {"2019-03-20", "QD648/2019"},
        {"2023-05-03", "QD648/2019"},  {"2023-05-04", "QD1062/2023"},
        {"2023-11-09", "QD2941/2023"}, {"2024-10-11", "QD2699/2024"},
        {"2025-05-09", "QD2699/2024"}, {"2025-05-10", "QD1279/2025"},
        {"2099-01-01", "QD1279/2025"}};
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        int found = book_decision_at(book, day(cases[i].day));
        assert_true(found >= 0);
        assert_true(str_equal(book->decision[found].id, str_of(cases[i].id)));
        assert_int_equal(book_decision_find(book, str_of(cases[i].id)), found);
    }
    assert_int_equal(book_decision_at(book, day("2015-03-15")), -1);
    assert_int_equal(book_decision_find(book, S("QD1/2000")), -1);
    const struct decision *structure = &book->decision[book_decision_find(book, S("QD14/2025"))];
    assert_int_equal(structure->from_day, DAY_OPEN);
    assert_true(structure->by_average);
}

static void changes_lie_between_decisions(void **state)
{
    (void)state;
    const struct price_book *book = bill_book();
    int32_t days[4], change = day("2025-05-10"), first;
    assert_int_equal(book_change_days(book, day("2024-10-11"), change + 1, days, 4), 1);
    assert_int_equal(days[0], change);
    /* The ends of a period are no changes inside it; nor is the first price of all. */
    assert_int_equal(book_change_days(book, change, change + 30, days, 4), 0);
    assert_int_equal(book_change_days(book, change - 30, change, days, 4), 0);
    first = book->decision[book->in_force[0]].from_day;
    assert_int_equal(book_change_days(book, INT32_MIN, first + 1, days, 4), 0);
    assert_int_equal(book_change_days(book, INT32_MIN, INT32_MAX, days, 2), 2);
}

static void every_row_is_there(void **state)
{
    (void)state;
    const struct price_book *book = bill_book();
    size_t rows = 0, by_confidence[CONFIDENCE_COUNT] = {0};
    for (size_t d = 0; d < book->decision_count; d++)
        for (size_t t = 0; t < book->decision[d].table_count; t++)
            for (size_t i = 0; i < book->decision[d].table[t].count; i++, rows++)
                by_confidence[book->decision[d].table[t].confidence[i]]++;
    /* 628 rows of seven decisions and five of the structure of 2025. */
    assert_int_equal(rows, 628 + 5);
    assert_int_equal(by_confidence[VERIFIED], 246 + 5);
    assert_int_equal(by_confidence[SINGLE_SOURCE], 16);
    assert_int_equal(by_confidence[DERIVED], 302);
    assert_int_equal(by_confidence[FROM_MEMORY], 64);
}

static void dated_rates(void **state)
{
    (void)state;
    const struct price_book *book = bill_book();
    assert_int_equal(book_vat_at(book, day("2023-03-01"))->rate_ppm, 100000);
    assert_int_equal(book_vat_at(book, day("2023-07-01"))->rate_ppm, 80000);
    assert_null(book_vat_at(book, day("2014-12-31")));
    assert_null(book_reactive_at(book, day("2014-12-09")));
    assert_int_equal(book_reactive_at(book, day("2014-12-10"))->percent_hundredths[89], 112);
    assert_null(book_fee_at(book, day("2020-09-08")));
    assert_int_equal(book_fee_at(book, day("2020-09-09"))->base_vnd[FEE_GT35], 339000);
    assert_null(book_tou_at(book, day("2014-05-31")));
    assert_true(str_equal(book_tou_at(book, day("2026-07-01"))->id, S("TOU_TT16")));
    assert_int_equal(book->tou_count, 2);
    assert_int_equal(book->tou[1].from_day, DAY_OPEN);
    assert_int_equal(book->solar_count, 5);
    enum voltage voltage;
    const struct decision *decision = &book->decision[book_decision_at(book, day("2026-07-01"))];
    assert_false(book_only_voltage(decision, CATEGORY_KD, &voltage));
    assert_true(book_only_voltage(decision, CATEGORY_SH, &voltage) && voltage == VOLTAGE_NONE);
    assert_true(book_knows_voltage(book, CATEGORY_KD, VOLTAGE_GE22));
    assert_false(book_knows_voltage(book, CATEGORY_KD, VOLTAGE_GE110));
}

static void codes_go_both_ways(void **state)
{
    (void)state;
    for (int c = 0; c < CATEGORY_COUNT; c++) {
        enum category category;
        assert_true(category_parse(category_code((enum category)c), &category));
        assert_int_equal(category, c);
        assert_true(category_vi(category).n > 0 && category_en(category).n > 0);
    }
    for (int v = 1; v < VOLTAGE_COUNT; v++) {
        enum voltage voltage;
        assert_true(voltage_parse(voltage_code((enum voltage)v), &voltage));
        assert_int_equal(voltage, v);
        assert_true(voltage_vi(voltage).n > 0 && voltage_en(voltage).n > 0);
    }
    for (int c = 0; c < CONFIDENCE_COUNT; c++) {
        enum confidence confidence;
        assert_true(confidence_parse(confidence_code((enum confidence)c), &confidence));
        assert_int_equal(confidence, c);
    }
    enum tou tou;
    enum voltage voltage;
    assert_true(tou_parse(S("offpeak"), &tou) && tou == TOU_OFFPEAK);
    assert_false(tou_parse(S(""), &tou));
    assert_false(voltage_parse(S(""), &voltage));
}

struct problems {
    size_t count;
    struct err first;
};

static void note(void *context, const struct err *problem)
{
    struct problems *problems = context;
    if (problems->count++ == 0) problems->first = *problem;
    assert_true(problem->field[0] != '\0');
    assert_true(problem->vi.message[0] != '\0' && problem->en.message[0] != '\0');
    assert_true(problem->vi.hint[0] != '\0' && problem->en.hint[0] != '\0');
}

/* The built-in book with the first "from" after "mark" turned into "to". */
static struct str changed_book(struct arena *arena, const char *mark, const char *from,
                               const char *to)
{
    struct str text = book_builtin_text();
    char *copy = (char *)arena_str(arena, text).p;
    char *start = strstr(copy, mark);
    char *found = start == NULL ? NULL : strstr(start, from);
    if (found == NULL) fail_msg("no %s after %s", from, mark);
    struct buf buf;
    buf_init(&buf, BOOK_BYTES);
    buf_add(&buf, (struct str){copy, (size_t)(found - copy)});
    buf_add(&buf, str_of(to));
    buf_add(&buf, str_of(found + strlen(from)));
    struct str changed = arena_str(arena, buf_str(&buf));
    buf_release(&buf);
    return changed;
}

/* Asserts that the change is found at the place, by the check and by the loader. */
static void breaks(const char *mark, const char *from, const char *to, const char *place)
{
    struct arena arena;
    struct problems problems = {0};
    struct err err = {0};
    const struct price_book *book;
    arena_init(&arena, ARENA_BYTES);
    struct str text = changed_book(&arena, mark, from, to);
    assert_int_equal(book_check(&arena, text, note, &problems, &err), E_INPUT);
    assert_true(problems.count > 0);
    assert_string_equal(problems.first.field, place);
    assert_int_equal(book_load(&arena, text, &book, &err), E_INPUT);
    assert_string_equal(err.field, place);
    arena_release(&arena);
}

static void a_broken_row_is_refused(void **state)
{
    (void)state;
    breaks("decisions", "\"category\": \"SH\"", "\"category\": \"SX9\"",
           "decisions[0].rows[0].category");
    breaks("decisions", "\"tier\": 2", "\"tier\": 1", "decisions[0].rows[1]");
    breaks("decisions", "\"tier\": 3", "\"tier\": 9", "decisions[0].rows[2].tier");
    breaks("decisions", "\"upto\": \"100\"", "\"upto\": \"50\"", "decisions[0].SH");
    breaks("decisions", "\"upto\": null", "\"upto\": \"900\"", "decisions[0].SH");
    breaks("decisions", "\"price\": \"1484\"", "\"price\": 1484", "decisions[0].rows[0].price");
    breaks("decisions", "\"price\": \"1484\"", "\"price\": \"1484.5\"",
           "decisions[0].rows[0].price");
    breaks("decisions", "\"price\": \"1484\"", "\"price\": \"0\"", "decisions[0].rows[0].price");
    breaks("decisions", "\"price\": \"1484\", ", "", "decisions[0].rows[0].price");
    breaks("decisions", "\"confidence\": \"verified\", \"sources\"",
           "\"confidence\": \"sure\", \"sources\"", "decisions[0].rows[0].confidence");
    breaks("decisions", "\"tou\": \"peak\"", "\"tou\": \"offpeak\"", "decisions[0].rows[9]");
    breaks("decisions", "\"tou\": \"peak\"", "\"tou\": \"night\"", "decisions[0].rows[9].tou");
    breaks("decisions", "\"voltage\": \"GE110\"", "\"voltage\": \"GE1\"",
           "decisions[0].rows[7].voltage");
    breaks("decisions", "\"category\": \"SH_TT\"", "\"category\": \"SH_TT\", \"tier\": 1",
           "decisions[0].rows[6].tier");
    breaks("decisions", "\"category\": \"SH_TT\"", "\"category\": \"SH_TT\", \"upto\": \"1\"",
           "decisions[0].rows[6].upto");
    breaks("decisions", "\"category\": \"SH_TT\"", "\"category\": \"SH_TT\", \"tou\": \"peak\"",
           "decisions[0].rows[6].tou");
    breaks("decisions", "\"category\": \"SH_TT\"", "\"category\": \"SH_TT\", \"unit\": \"MW\"",
           "decisions[0].rows[6].unit");
    breaks("decisions", "\"category\": \"SH_TT\"", "\"category\": \"SH_TT\", \"unit\": \"kW\"",
           "decisions[0].SH_TT");
    breaks("decisions", "\"voltage\": \"GE110\"", "\"voltage\": \"GE110\", \"unit\": \"kW\"",
           "decisions[0].rows[7].tou");
    breaks("decisions", "\"category\": \"SH_TT\"", "\"kategory\": \"SH_TT\"",
           "decisions[0].rows[6].kategory");
}

static void broken_dates_are_refused(void **state)
{
    (void)state;
    breaks("QD648/2019", "\"2019-03-20\", \"effective_to\"", "\"2019-03-21\", \"effective_to\"",
           "decisions[2].effective_from");
    breaks("QD648/2019", "\"effective_from\": \"2019-03-20\"",
           "\"effective_from\": \"2019-03-19\"", "decisions[2].effective_from");
    breaks("QD648/2019", "\"effective_to\": \"2023-05-03\"", "\"effective_to\": \"2019-01-01\"",
           "decisions[2].effective_to");
    breaks("QD1279/2025", "\"effective_to\": null", "\"effective_to\": \"2027-01-01\"",
           "decisions[6].effective_to");
    breaks("QD648/2019", "\"issued\": \"2019-03-20\"", "\"issued\": \"20/03/2019\"",
           "decisions[2].issued");
    breaks("QD648/2019", "QD648/2019", "QD2256/2015", "decisions[2].id");
    breaks("\"vat\"", "\"2022-01-31\"", "\"2022-01-30\"", "vat[1].from");
    breaks("\"vat\"", "\"0.1\"", "\"1.1\"", "vat[0].rate");
    breaks("\"vat\"", "\"0.1\"", "0.1", "vat[0].rate");
    breaks("QD14/2025", "\"effective_from\": null", "\"effective_from\": \"2027-01-01\"",
           "decisions[7].average");
    breaks("QD14/2025", "\"by_average\": true", "\"by_average\": 1", "decisions[7].by_average");
}

static void strange_texts_are_refused(void **state)
{
    (void)state;
    breaks("decisions", "QD648/2019", "QD 648", "decisions[2].id");
    breaks("decisions", "QD648/2019", "QĐ648", "decisions[2].id");
    breaks("decisions", "QD648/2019", "QD\\\"648", "decisions[2].id");
    breaks("decisions", "QD648/2019", "Q23456789-123456789-123456789-123456789-1",
           "decisions[2].id");
    breaks("decisions", "\"id\": \"QD648/2019\"", "\"id\": \"\"", "decisions[2].id");
    breaks("decisions", "\"document_vi\": \"", "\"document_vi\": \"a\\n",
           "decisions[0].document_vi");
    breaks("decisions", "\"document_en\": \"", "\"document_en\": \"\\u007f",
           "decisions[0].document_en");
    breaks("decisions", "\"issued\": \"2019-03-20\"", "\"issued\": \"2019-03-21\"",
           "decisions[2].effective_from");
}

static void missing_prices_are_refused(void **state)
{
    (void)state;
    /* The next decision must price what the one before does. */
    breaks("QD2699/2024", "\"category\": \"BB_CHO\"", "\"category\": \"BB_CHO_X\"",
           "decisions[5].rows[32].category");
    breaks("QD1279/2025", "{\"category\": \"SH_TT\", \"price\": \"2909\", \"confidence\": "
           "\"verified\", \"sources\": [\"S8\", \"S10\", \"CALC\"]},", "",
           "decisions[6].SH_TT");
    /* A register without a price. */
    breaks("QD1279/2025", "\"voltage\": \"LT6\", \"tou\": \"peak\"",
           "\"voltage\": \"6_22\", \"tou\": \"peak\"", "decisions[6].rows[18]");
}

static void broken_hours_are_refused(void **state)
{
    (void)state;
    breaks("\"tou\": [\n", "\"04:00\", \"09:30\"", "\"04:30\", \"09:30\"", "tou[0].mon_sat");
    breaks("\"tou\": [\n", "\"04:00\", \"09:30\"", "\"04:00\", \"09:45\"",
           "tou[0].mon_sat.peak[0]");
    breaks("\"tou\": [\n", "\"04:00\", \"09:30\"", "\"09:30\", \"04:00\"",
           "tou[0].mon_sat.normal[0]");
    breaks("\"tou\": [\n", "\"04:00\", \"09:30\"", "\"4:00\", \"09:30\"",
           "tou[0].mon_sat.normal[0]");
    breaks("\"tou\": [\n", "\"04:00\", \"09:30\"", "\"04:00\", \"09:70\"",
           "tou[0].mon_sat.normal[0]");
    static const char *const windows[] = {
        "4, 9", "\"04:00\", 9", "\"04:00\"",
        "\"04:00\", \"09:30\", \"10:00\"", "\"0400\", \"09:30\"",
        "\"04.00\", \"09:30\"", "\"0a:00\", \"09:30\"", "\"04:0 \", \"09:30\"",
        "\"04:00\", \"24:01\"", "\"04:00\", \"04:00\""};
    for (size_t i = 0; i < ARRAY_COUNT(windows); i++)
        breaks("\"tou\": [\n", "\"04:00\", \"09:30\"", windows[i],
               "tou[0].mon_sat.normal[0]");
}

static void broken_rates_are_refused(void **state)
{
    (void)state;
    breaks("\"reactive\"", "\"cosphi\": \"0.88\"", "\"cosphi\": \"0.87\"",
           "reactive[0].table[1].cosphi");
    breaks("\"reactive\"", "\"below\": \"52.54\"", "\"below\": \"0\"", "reactive[0].below");
    breaks("\"reactive\"", "\"threshold_kw\": \"40\"", "\"threshold_kw\": 40",
           "reactive[0].threshold_kw");
    breaks("\"campaigns\"", "\"fact\": \"quarantine_free\"", "\"fact\": \"quarantine\"",
           "campaigns[0].rules[0].fact");
    breaks("\"campaigns\"", "\"2020-06\"", "\"2020-03\"", "campaigns[0].rules[0].to_month");
    breaks("\"campaigns\"", "\"2020-06\"", "\"2020\"", "campaigns[0].rules[0].to_month");
    breaks("\"campaigns\"", "\"method\": \"unit_price\"", "\"method\": \"gift\"",
           "campaigns[0].rules[0].method");
    breaks("\"campaigns\"", "[\"SH\", \"SH_TT\"", "[\"SH\", \"SH_TX\"",
           "campaigns[0].rules[0].categories");
    breaks("\"campaigns\"", "\"price_of\": \"SX\"", "\"price_of\": \"SY\"",
           "campaigns[0].rules[2].price_of");
    breaks("\"campaigns\"", "\"tiers\": 4", "\"tiers\": 40", "campaigns[0].rules[3].tiers");
    breaks("\"campaigns\"", "\"kwh_upto\": \"200\"", "\"kwh_upto\": \"-1\"",
           "campaigns[3].rules[0].kwh_upto");
    breaks("\"campaigns\"", "\"kwh_above\": \"200\"", "\"kwh_above\": \"x\"",
           "campaigns[3].rules[1].kwh_above");
    breaks("\"campaigns\"", "\"established\": false", "\"established\": null",
           "campaigns[4].established");
    breaks("\"campaigns\"", "\"COVID-4\"", "\"COVID-1\"", "campaigns[3].id");
    breaks("\"campaigns\"", "\"kwh_above\": \"200\"", "\"kwh_above\": \"150\"",
           "campaigns[3].rules[1]");
    breaks("\"campaigns\"", "\"quarantine_paid\"", "\"quarantine_free\"",
           "campaigns[0].rules[1]");
    breaks("\"campaigns\"", "\"kwh_above\": null", "\"kwh_above\": \"300\"",
           "campaigns[0].rules[0].method");
    breaks("\"COVID-4\"", "\"price_of\": null", "\"price_of\": \"SX\"",
           "campaigns[3].rules[0].price_of");
    breaks("\"COVID-4\"", "\"kwh_above\": null", "\"kwh_above\": \"200\"",
           "campaigns[3].rules[0].kwh_upto");
    breaks("\"fees\"", "\"upto_km\": \"10\"", "\"upto_km\": \"5\"", "fees[0].distance[1].upto_km");
    breaks("\"fees\"", "\"upto_km\": null", "\"upto_km\": \"90\"", "fees[0].distance[5].upto_km");
    breaks("\"fees\"", "\"k\": \"1\"", "\"k\": \"0\"", "fees[0].distance[0].k");
    breaks("\"fees\"", "\"plain\": \"1\"", "\"plain\": 1", "fees[0].region.plain");
    breaks("\"fees\"", "\"GT35\": \"339000\"", "\"GT36\": \"339000\"", "fees[0].base.GT36");
    breaks("\"three_price_meter\"", "\"months\": 3", "\"months\": \"3\"",
           "three_price_meter.months");
    breaks("\"solar\"", "\"price\": \"7.09\"", "\"price\": \"-7\"", "solar[0].price");
    breaks("\"rules\": {\n", "\"proration\"", "\"prorating\"", "rules.prorating");
    breaks("\"format\"", "1", "2", "format");
    breaks("\"version\"", "\"version\"", "\"edition\"", "edition");
}

static void the_hash_is_of_the_content(void **state)
{
    (void)state;
    struct arena arena;
    struct err err = {0};
    const struct price_book *spaced, *changed;
    arena_init(&arena, ARENA_BYTES);
    struct str text = changed_book(&arena, "decisions", "\"tier\": 2", "\"tier\":\n   2");
    assert_int_equal(book_load(&arena, text, &spaced, &err), OK);
    assert_string_equal(spaced->hash, bill_book()->hash);
    text = changed_book(&arena, "decisions", "\"price\": \"1484\"", "\"price\": \"1485\"");
    assert_int_equal(book_load(&arena, text, &changed, &err), OK);
    assert_string_not_equal(changed->hash, bill_book()->hash);
    arena_release(&arena);
}

static void too_little_memory_is_reported(void **state)
{
    (void)state;
    for (size_t limit = 64 * 1024; limit < 1024 * 1024; limit += 64 * 1024) {
        struct arena arena;
        struct err err = {0};
        const struct price_book *book = NULL;
        arena_init(&arena, limit);
        err_t code = book_load(&arena, book_builtin_text(), &book, &err);
        assert_true(code == OK ? book != NULL : code == E_MEMORY && book == NULL);
        arena_release(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(decisions_follow_each_other),
        cmocka_unit_test(changes_lie_between_decisions),
        cmocka_unit_test(every_row_is_there),
        cmocka_unit_test(dated_rates),
        cmocka_unit_test(codes_go_both_ways),
        cmocka_unit_test(a_broken_row_is_refused),
        cmocka_unit_test(broken_dates_are_refused),
        cmocka_unit_test(strange_texts_are_refused),
        cmocka_unit_test(missing_prices_are_refused),
        cmocka_unit_test(broken_hours_are_refused),
        cmocka_unit_test(broken_rates_are_refused),
        cmocka_unit_test(the_hash_is_of_the_content),
        cmocka_unit_test(too_little_memory_is_reported),
    };
    return cmocka_run_group_tests_name("tariff book", tests, NULL, NULL);
}
