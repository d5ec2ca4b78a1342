/* SPDX-License-Identifier: Apache-2.0 */
/* The tariff engine as billing calls it: facts and the request written from them give the same
 * bill, packed and back, and what cannot be rated is refused with its place. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/date.h"
#include "billing/rater.h"
#include "tariff/book.h"

enum { ARENA_BYTES = 64 * 1024 * 1024, TEXT_BYTES = 1024 * 1024 };

static struct arena arena;
static struct rater *rater;

static int setup(void **state)
{
    struct err err;
    const struct price_book *book;
    (void)state;
    arena_init(&arena, ARENA_BYTES);
    err_t e = book_load(&arena, book_builtin_text(), &book, &err);
    if (e == OK) e = rater_with_book(book, &rater, &err);
    return e == OK ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    rater_free(rater);
    rater_free(NULL);
    arena_release(&arena);
    return 0;
}

/* ---- facts ------------------------------------------------------------------------------- */

static struct usage_row use_of(int32_t to_day, int64_t kwh)
{
    return (struct usage_row){.point_id = 1, .agreement_id = 2, .kind = BILL_PERIODIC,
                              .from_day = to_day - 30, .to_day = to_day, .total_wh = kwh * 1000,
                              .reactive_varh = -1, .prorate = S(""), .spike = S("none"),
                              .detail = S("{}")};
}

static struct usage_row october(int64_t kwh)
{
    return use_of(day_from_civil(2026, 10, 31), kwh);
}

static struct usage_row may_2020(int64_t kwh)
{
    return use_of(day_from_civil(2020, 5, 31), kwh);
}

static struct point_terms terms_of_one(const char *category, const char *voltage)
{
    struct point_terms terms = {.point_id = 1, .agreement_id = 2, .account_id = 3, .use_count = 1,
                                .household_quarters = 4, .quarantine_site = S(""),
                                .demand_w = -1, .unmetered_wh = -1};
    terms.uses[0] = (struct price_use){str_of(category), str_of(voltage), 1000000, -1};
    return terms;
}

/* The bill of the facts, asked both ways, and packed and unpacked. */
static struct rated_bill rate(const struct usage_row *usage, const struct point_terms *terms)
{
    struct err err;
    struct rated_bill by_facts, by_request, back;
    struct buf request, packed;
    buf_init(&request, TEXT_BYTES);
    buf_init(&packed, TEXT_BYTES);
    assert_int_equal(bill_request_write(&request, usage, terms), PROBLEM_NONE);
    err_t e = rater_rate_terms(rater, usage, terms, &by_facts, &err);
    if (e != OK) fail_msg("%s: %s", err.field, err.en.message);
    rated_pack(&packed, &by_facts);
    struct str kept = arena_str(&arena, buf_str(&packed));
    assert_int_equal(rated_unpack(&arena, kept, &back, &err), OK);
    e = rater_rate(rater, buf_str(&request), &by_request, &err);
    if (e != OK) fail_msg("%s: %s", err.field, err.en.message);
    assert_true(rated_equal(&back, &by_request));
    buf_release(&request);
    buf_release(&packed);
    return back;
}

static int64_t lines_of(const struct rated_bill *bill, enum rated_line_kind kind)
{
    int64_t count = 0;
    for (size_t i = 0; i < bill->line_count; i++) count += bill->lines[i].kind == kind;
    return count;
}

static void facts_and_request_give_the_same_bill(void **state)
{
    (void)state;
    struct usage_row usage = october(461);
    struct point_terms terms = terms_of_one("SH", "");
    assert_int_equal(lines_of((struct rated_bill[]){rate(&usage, &terms)}, RATED_ENERGY), 6);
    terms.household_quarters = 10;
    rate(&usage, &terms);
    terms.lodgers_undeclared = true;
    rate(&usage, &terms);
    terms = terms_of_one("BB_NT_SH", "");
    terms.papers_missing = true;
    rate(&usage, &terms);
    terms = terms_of_one("SH", "");
    terms.use_count = 2;
    terms.uses[0].share_ppm = 625000;
    terms.uses[1] = (struct price_use){S("KD"), S("LT6"), 375000, -1};
    rate(&usage, &terms);
    terms.uses[1] = (struct price_use){S("KD"), S("LT6"), -1, 120000};
    rate(&usage, &terms);
}

static void every_proration_is_known(void **state)
{
    (void)state;
    static const char *const codes[] = {"new_supply", "party_change", "contract_end",
                                        "reading_day_change"};
    struct point_terms terms = terms_of_one("SH", "");
    struct usage_row usage = october(200);
    usage.from_day = usage.to_day - 12;
    struct rated_bill whole = rate(&usage, &terms);
    for (size_t i = 0; i < ARRAY_COUNT(codes); i++) {
        usage.prorate = str_of(codes[i]);
        struct rated_bill part = rate(&usage, &terms);
        assert_true(part.total_vnd > whole.total_vnd);
    }
}

static void a_low_power_factor_costs(void **state)
{
    (void)state;
    struct usage_row usage = october(1000);
    struct point_terms terms = terms_of_one("SX", "LT6");
    usage.three_registers = true;
    usage.normal_wh = 500000, usage.peak_wh = 300000, usage.offpeak_wh = 200000;
    usage.reactive_varh = 900000;
    terms.demand_w = 45500;
    struct rated_bill bill = rate(&usage, &terms);
    assert_int_equal(lines_of(&bill, RATED_REACTIVE), 1);
    const struct rated_line *last = &bill.lines[bill.line_count - 1];
    assert_int_equal(last->cosphi_hundredths, 74);
    assert_int_equal(last->percent_hundredths, 2162);
}

static void support_of_the_epidemic_is_taken_off(void **state)
{
    (void)state;
    struct usage_row usage = may_2020(200);
    struct point_terms terms = terms_of_one("SH", "");
    struct rated_bill plain = rate(&usage, &terms);
    assert_true(lines_of(&plain, RATED_SUPPORT) > 0);
    terms = terms_of_one("KD", "LT6");
    struct rated_bill shop = rate(&usage, &terms);
    terms.tourist_lodging = true;
    struct rated_bill lodging = rate(&usage, &terms);
    assert_true(lodging.total_vnd < shop.total_vnd);
    terms = terms_of_one("HC_BV", "LT6");
    struct rated_bill hospital = rate(&usage, &terms);
    terms.quarantine_site = S("paid");
    struct rated_bill paid = rate(&usage, &terms);
    terms.quarantine_site = S("free");
    struct rated_bill nothing = rate(&usage, &terms);
    assert_true(paid.total_vnd < hospital.total_vnd);
    assert_int_equal(nothing.total_vnd, 0);
    usage = use_of(day_from_civil(2021, 8, 31), 300);
    terms = terms_of_one("SH", "");
    struct rated_bill outside = rate(&usage, &terms);
    terms.restricted_area = true;
    struct rated_bill restricted = rate(&usage, &terms);
    assert_true(restricted.total_vnd < outside.total_vnd);
    bool percent = false;
    for (size_t i = 0; i < restricted.line_count; i++) percent |= restricted.lines[i].has_percent;
    assert_true(percent);
}

/* ---- what is refused --------------------------------------------------------------------- */

static void refused(const struct usage_row *usage, const struct point_terms *terms,
                    const char *field)
{
    struct err err;
    struct rated_bill bill;
    assert_int_equal(rater_rate_terms(rater, usage, terms, &bill, &err), E_INPUT);
    assert_string_equal(err.field, field);
    assert_string_not_equal(err.vi.message, err.en.message);
    assert_true(err.vi.hint[0] != '\0' && err.en.hint[0] != '\0');
}

static void what_the_tariff_does_not_know_is_named(void **state)
{
    (void)state;
    struct usage_row usage = october(100);
    struct point_terms terms = terms_of_one("XX", "");
    refused(&usage, &terms, "uses.category");
    terms = terms_of_one("KD", "CAO");
    refused(&usage, &terms, "uses.voltage");
    terms = terms_of_one("SH", "");
    terms.uses[0].share_ppm = 999995;
    refused(&usage, &terms, "uses.share");
    terms.uses[0] = (struct price_use){S("KD"), S("LT6"), -1, 50000};
    refused(&usage, &terms, "uses");
}

static void a_request_that_is_none_is_refused(void **state)
{
    (void)state;
    struct err err;
    struct rated_bill bill;
    struct buf out;
    buf_init(&out, TEXT_BYTES);
    assert_int_equal(rater_rate(rater, S("{"), &bill, &err), E_INPUT);
    assert_int_equal(rater_rate(rater, S("{}"), &bill, &err), E_INPUT);
    assert_int_equal(rater_explain(rater, S("{"), &out, &err), E_INPUT);
    assert_int_equal(rater_explain(rater, S("{\"before\":{}}"), &out, &err), E_INPUT);
    assert_int_equal(rater_explain(rater, S("{\"before\":{},\"after\":{}}"), &out, &err), E_INPUT);
    buf_release(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(facts_and_request_give_the_same_bill),
        cmocka_unit_test(every_proration_is_known),
        cmocka_unit_test(a_low_power_factor_costs),
        cmocka_unit_test(support_of_the_epidemic_is_taken_off),
        cmocka_unit_test(what_the_tariff_does_not_know_is_named),
        cmocka_unit_test(a_request_that_is_none_is_refused),
    };
    return cmocka_run_group_tests_name("billing rater", tests, setup, teardown);
}
