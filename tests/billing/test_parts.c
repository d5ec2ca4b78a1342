/* SPDX-License-Identifier: Apache-2.0 */
/* The pure parts of billing: numbers, packed bills, differences, calculation requests. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/date.h"
#include "billing/problem.h"
#include "billing/rated.h"
#include "billing/request.h"

static void check_text(struct str actual, const char *expected)
{
    if (str_equal(actual, str_of(expected))) return;
    fail_msg("is %.*s\nnot %s", STR_ARG(actual), expected);
}

/* ---- numbers ----------------------------------------------------------------------------- */

static void a_number_comes_back_as_its_identity(void **state)
{
    (void)state;
    struct err err;
    struct bill_key key = {.month = 202610, .period_no = 1, .point_id = 23, .agreement_id = 17,
                           .kind = BILL_REPLACEMENT, .version = 12}, back;
    char memory[BILL_NUMBER_BYTES];
    struct str number = bill_number(S("PD-01"), &key, memory), unit;
    check_text(number, "PD-01-26101-17-23-T12");
    assert_int_equal(bill_number_parse(number, &unit, &back, &err), OK);
    check_text(unit, "PD-01");
    assert_memory_equal(&key, &back, sizeof key);
}

static void what_is_no_number_is_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "", "PD", "-26101-17-23-K1", "PD-26101-17-23-X1", "PD-26101-17-23-K0",
        "PD-26131-17-23-K1", "PD-26001-17-23-K1", "PD-26104-17-23-K1", "PD-2610-17-23-K1",
        "PD-26101-017-23-K1", "PD-26101-17-+23-K1", "PD-26101-17-0-K1", "PD-26101-17-23-K01",
        "PD-2610x-17-23-K1", "PD-26101-17-99999999999999999999-K1", "K1", "23-K1",
        "17-23-K1", "26101-17-23-K1", "PD-26101-17-23-", "PD-26101-17-23-K", "PD-26101-17--K1",
        "PD-26101-17-a-K1", "PD-26101-0-23-K1", "PD-261:1-17-23-K1", "PD-2610/-17-23-K1",
        "PD-26111-17-23-K1x", "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-26101-17-23-K1",
    };
    for (size_t i = 0; i < ARRAY_COUNT(texts); i++) {
        struct err err;
        struct str unit;
        struct bill_key key;
        assert_int_equal(bill_number_parse(str_of(texts[i]), &unit, &key, &err), E_INPUT);
        assert_true(err.vi.hint[0] != '\0' && err.en.message[0] != '\0');
    }
}

static void words_of_bill_kinds_come_back(void **state)
{
    (void)state;
    enum bill_kind kind;
    for (int i = 0; i < BILL_KIND_COUNT; i++) {
        assert_true(bill_kind_parse(bill_kind_code((enum bill_kind)i), &kind));
        assert_int_equal(kind, i);
    }
    assert_false(bill_kind_parse(S("credit"), &kind));
}

static void an_unknown_problem_is_told_as_it_stands(void **state)
{
    (void)state;
    struct str concerns;
    assert_int_equal(problem_parse(S("hold:khiếu nại 7"), &concerns), PROBLEM_HOLD);
    check_text(concerns, "khiếu nại 7");
    assert_int_equal(problem_parse(S("of a later program"), &concerns), PROBLEM_RATING);
    check_text(concerns, "of a later program");
}

static void months_of_tables_are_numbers(void **state)
{
    (void)state;
    int32_t month;
    assert_true(month_parse(S("2026-12"), &month));
    assert_int_equal(month_to_number(month), 202612);
    assert_int_equal(month_to_number(month + 1), 202701);
    assert_int_equal(month_from_number(202701), month + 1);
}

/* ---- packed bills ------------------------------------------------------------------------ */

static struct rated_line energy_line(int64_t tier, int64_t kwh, int64_t price_vnd)
{
    return (struct rated_line){
        .kind = RATED_ENERGY, .category = S("SH"), .voltage = S(""), .decision = S("QD1279/2025"),
        .tou = S(""), .tier = tier, .from_day = 20726, .to_day = 20757,
        .quantity_wh = kwh * 1000, .price_vnd = price_vnd, .amount_mvnd = kwh * 1000 * price_vnd,
        .has_quantity = true, .has_price = true};
}

static struct rated_bill two_tiers(struct rated_line lines[2], int64_t second_kwh)
{
    lines[0] = energy_line(1, 50, 1984);
    lines[1] = energy_line(2, second_kwh, 2050);
    int64_t pre_vat = 50 * 1984 + second_kwh * 2050, vat = (pre_vat * 8 + 50) / 100;
    return (struct rated_bill){.from_day = 20726, .to_day = 20757,
                               .total_wh = (50 + second_kwh) * 1000, .pre_vat_vnd = pre_vat,
                               .vat_ppm = 80000, .vat_vnd = vat, .total_vnd = pre_vat + vat,
                               .closing_no = 3, .cause = S(""), .lines = lines, .line_count = 2};
}

static void a_packed_bill_comes_back(void **state)
{
    (void)state;
    struct err err;
    struct rated_line lines[2];
    struct rated_bill bill = two_tiers(lines, 50), back;
    bill.total_vnd = -bill.total_vnd;
    struct arena arena;
    struct buf buf;
    arena_init(&arena, 1 << 20);
    buf_init(&buf, 1 << 20);
    rated_pack(&buf, &bill);
    assert_int_equal(rated_unpack(&arena, buf_str(&buf), &back, &err), OK);
    assert_true(rated_equal(&bill, &back));
    assert_int_equal(back.closing_no, 3);
    back.lines[1].amount_mvnd++;
    assert_false(rated_equal(&bill, &back));
    for (size_t cut = 0; cut < buf.n; cut++)
        assert_int_equal(rated_unpack(&arena, str_sub(buf_str(&buf), 0, cut), &back, &err),
                         E_CHECK);
    buf_release(&buf);
    arena_release(&arena);
}

static void a_difference_nets_line_by_line(void **state)
{
    (void)state;
    struct err err;
    struct rated_line before_lines[2], after_lines[2];
    struct rated_bill before = two_tiers(before_lines, 50), after = two_tiers(after_lines, 30);
    struct rated_bill difference;
    struct arena arena;
    arena_init(&arena, 1 << 20);
    assert_int_equal(rated_difference(&arena, &before, &after, &difference, &err), OK);
    assert_int_equal(difference.line_count, 1);
    assert_int_equal(difference.lines[0].quantity_wh, -20000);
    assert_int_equal(difference.lines[0].amount_mvnd, -20000 * 2050);
    assert_int_equal(difference.pre_vat_vnd, -41000);
    assert_int_equal(difference.total_vnd, after.total_vnd - before.total_vnd);
    arena_release(&arena);
}

/* ---- calculation requests ---------------------------------------------------------------- */

static struct usage_row some_use(int64_t kwh)
{
    int32_t to_day = day_from_civil(2026, 10, 31);
    return (struct usage_row){.point_id = 1, .agreement_id = 2, .kind = BILL_PERIODIC,
                              .from_day = to_day - 31, .to_day = to_day, .total_wh = kwh * 1000,
                              .reactive_varh = -1, .prorate = S(""), .spike = S("none"),
                              .detail = S("{}")};
}

static struct point_terms one_use(void)
{
    struct point_terms terms = {.point_id = 1, .agreement_id = 2, .account_id = 3, .use_count = 1,
                                .household_quarters = 4, .quarantine_site = S(""),
                                .demand_w = -1, .unmetered_wh = -1};
    terms.uses[0] = (struct price_use){S("SH"), S(""), 1000000, -1};
    return terms;
}

static void check_request(const struct usage_row *usage, const struct point_terms *terms,
                          const char *expected)
{
    struct buf buf;
    struct arena arena;
    struct err err;
    struct usage_row with_readings = *usage;
    buf_init(&buf, 4096);
    arena_init(&arena, 1 << 16);
    assert_int_equal(bill_take_readings(&arena, NULL, terms, &with_readings, &err), OK);
    assert_int_equal(bill_request_write(&buf, &with_readings, terms), PROBLEM_NONE);
    check_text(buf_str(&buf), expected);
    buf_release(&buf);
    arena_release(&arena);
}

static void a_household_asks_for_little(void **state)
{
    (void)state;
    struct usage_row usage = some_use(461);
    struct point_terms terms = one_use();
    check_request(&usage, &terms,
                  "{\"from\":\"2026-09-30\",\"to\":\"2026-10-31\",\"usage\":{\"kwh\":\"461\"},"
                  "\"uses\":[{\"category\":\"SH\",\"share\":\"100\"}],\"households\":\"1\"}");
}

static void everything_that_is_agreed_is_said(void **state)
{
    (void)state;
    struct usage_row usage = some_use(1000);
    struct point_terms terms = one_use();
    usage.three_registers = true;
    usage.normal_wh = 500500, usage.peak_wh = 300000, usage.offpeak_wh = 199500;
    usage.reactive_varh = 700000;
    usage.prorate = S("new_supply");
    usage.detail = S("{\"a\":[1],\"read_on_change\":[{\"date\":\"2026-10-10\",\"usage\":"
                     "{\"kwh\":\"5\"}}],\"b\":2}");
    terms.use_count = 2;
    terms.uses[0].share_ppm = 625000;
    terms.uses[1] = (struct price_use){S("KD"), S("LT6"), 375000, -1};
    terms.household_quarters = 10;
    terms.lodgers_undeclared = terms.restricted_area = true;
    terms.quarantine_site = S("free");
    terms.demand_w = 45500;
    check_request(&usage, &terms,
                  "{\"from\":\"2026-09-30\",\"to\":\"2026-10-31\",\"usage\":{\"normal\":\"500.5\","
                  "\"peak\":\"300\",\"offpeak\":\"199.5\",\"kvarh\":\"700\"},\"uses\":[{"
                  "\"category\":\"SH\",\"share\":\"62.5\"},{\"category\":\"KD\",\"voltage\":"
                  "\"LT6\",\"share\":\"37.5\"}],\"households\":\"2.5\",\"lodgers_undeclared\":true,"
                  "\"prorate\":\"new_supply\",\"read_on_change\":[{\"date\":\"2026-10-10\","
                  "\"usage\":{\"kwh\":\"5\"}}],\"support\":{\"restricted_area\":true,"
                  "\"quarantine_site\":\"free\"},\"demand_kw\":\"45.5\"}");
}

static void readings_of_a_change_are_dropped_where_they_cannot_count(void **state)
{
    (void)state;
    struct usage_row usage = some_use(200);
    struct point_terms terms = one_use();
    struct arena arena;
    struct err err;
    struct buf buf;
    usage.detail = S("{\"read_on_change\":[{\"date\":\"2026-10-10\",\"usage\":{\"kwh\":\"5\"}}]}");
    arena_init(&arena, 1 << 16);
    assert_int_equal(bill_take_readings(&arena, NULL, &terms, &usage, &err), OK);
    assert_int_equal(usage.reading_count, 1);
    terms.use_count = 2;
    terms.uses[1] = (struct price_use){S("KD"), S("LT6"), -1, 120000};
    assert_int_equal(bill_take_readings(&arena, NULL, &terms, &usage, &err), OK);
    assert_int_equal(usage.reading_count, 0);
    usage.detail = S("{\"read_on_change\":[{\"date\":\"hôm qua\"}]}");
    terms.use_count = 1;
    assert_int_equal(bill_take_readings(&arena, NULL, &terms, &usage, &err), E_CHECK);
    buf_init(&buf, 4096);
    bill_request_without_readings(S("{\"households\":\"1\",\"read_on_change\":[{\"a\":[]}],"
                                    "\"demand_kw\":\"5\"}"), &buf);
    check_text(buf_str(&buf), "{\"households\":\"1\",\"demand_kw\":\"5\"}");
    buf_release(&buf);
    arena_release(&arena);
}

static void agreed_energies_come_first(void **state)
{
    (void)state;
    struct usage_row usage = some_use(200);
    struct point_terms terms = one_use();
    terms.use_count = 2;
    terms.uses[1] = (struct price_use){S("KD"), S("LT6"), -1, 120000};
    check_request(&usage, &terms,
                  "{\"from\":\"2026-09-30\",\"to\":\"2026-10-31\",\"usage\":{\"kwh\":\"200\"},"
                  "\"uses\":[{\"category\":\"SH\",\"kwh\":\"80\"},{\"category\":\"KD\","
                  "\"voltage\":\"LT6\",\"kwh\":\"120\"}],\"households\":\"1\"}");
    usage = some_use(100);
    check_request(&usage, &terms,
                  "{\"from\":\"2026-09-30\",\"to\":\"2026-10-31\",\"usage\":{\"kwh\":\"100\"},"
                  "\"uses\":[{\"category\":\"SH\",\"kwh\":\"0\"},{\"category\":\"KD\","
                  "\"voltage\":\"LT6\",\"kwh\":\"100\"}],\"households\":\"1\"}");
}

static void shares_follow_the_agreed_energies(void **state)
{
    (void)state;
    int64_t wh[TERMS_USES_MAX];
    struct point_terms terms = one_use();
    terms.use_count = 3;
    terms.uses[0] = (struct price_use){S("KD"), S("LT6"), -1, 120000};
    terms.uses[1] = (struct price_use){S("SH"), S(""), 500000, -1};
    terms.uses[2] = (struct price_use){S("SX"), S("LT6"), 500000, -1};
    assert_true(bill_split_energy(&terms, 201000, wh));
    assert_int_equal(wh[0] + wh[1] + wh[2], 201000);
    assert_int_equal(wh[1], 41000); /* whole kWh, half up */
    assert_true(bill_split_energy(&terms, 120501, wh));
    assert_int_equal(wh[1], 251); /* watt-hours where the energy is not whole */
    terms.uses[1].share_ppm = terms.uses[2].share_ppm = 0;
    assert_false(bill_split_energy(&terms, 201000, wh));
}

/* A supplement on top: what of each use is billed stands beside its whole. */
static void agreed_energies_of_a_supplement_say_what_is_billed(void **state)
{
    (void)state;
    struct usage_row usage = some_use(50);
    struct point_terms terms = one_use();
    terms.demand_w = 40000;
    terms.use_count = 2;
    terms.uses[0] = (struct price_use){S("KD"), S("LT6"), -1, 120000};
    terms.uses[1] = (struct price_use){S("SH"), S(""), 1000000, -1};
    usage.whole_wh = 200000;
    usage.billed = S("{\"kwh\":\"150\"}");
    usage.cause = S("theft");
    check_request(&usage, &terms,
                  "{\"from\":\"2026-09-30\",\"to\":\"2026-10-31\",\"usage\":{\"kwh\":\"200\"},"
                  "\"billed\":{\"kwh\":\"150\"},\"cause\":\"theft\",\"uses\":[{\"category\":"
                  "\"KD\",\"voltage\":\"LT6\",\"kwh\":\"120\",\"billed\":\"120\"},{\"category\":"
                  "\"SH\",\"kwh\":\"80\",\"billed\":\"30\"}],\"households\":\"1\"}");
    /* Where nothing is left by share, the agreed energies must come to the whole and the billed. */
    struct buf buf;
    buf_init(&buf, 4096);
    terms.use_count = 1;
    usage.whole_wh = 120000;
    assert_int_equal(bill_request_write(&buf, &usage, &terms), PROBLEM_NONE);
    usage.whole_wh = 200000;
    assert_int_equal(bill_request_write(&buf, &usage, &terms), PROBLEM_USES_SHORT);
    buf_release(&buf);
}

static void support_is_asked_where_a_fact_stands(void **state)
{
    (void)state;
    struct usage_row usage = some_use(10);
    struct point_terms terms = one_use();
    terms.tourist_lodging = true;
    check_request(&usage, &terms,
                  "{\"from\":\"2026-09-30\",\"to\":\"2026-10-31\",\"usage\":{\"kwh\":\"10\"},"
                  "\"uses\":[{\"category\":\"SH\",\"share\":\"100\"}],\"households\":\"1\","
                  "\"support\":{\"tourist_lodging\":true}}");
    terms.tourist_lodging = false;
    terms.papers_missing = true;
    terms.quarantine_site = S("paid");
    check_request(&usage, &terms,
                  "{\"from\":\"2026-09-30\",\"to\":\"2026-10-31\",\"usage\":{\"kwh\":\"10\"},"
                  "\"uses\":[{\"category\":\"SH\",\"share\":\"100\"}],\"households\":\"1\","
                  "\"papers_missing\":true,\"support\":{\"quarantine_site\":\"paid\"}}");
}

static void three_registers_are_read_on_a_change_too(void **state)
{
    (void)state;
    struct usage_row usage = some_use(60);
    struct point_terms terms = one_use();
    usage.three_registers = true;
    usage.normal_wh = usage.peak_wh = usage.offpeak_wh = 20000;
    usage.detail = S("{\"read_on_change\":[{\"date\":\"2026-10-10\",\"usage\":{\"normal\":"
                     "\"5\",\"peak\":\"6\",\"offpeak\":\"7\"}}]}");
    check_request(&usage, &terms,
                  "{\"from\":\"2026-09-30\",\"to\":\"2026-10-31\",\"usage\":{\"normal\":"
                  "\"20\",\"peak\":\"20\",\"offpeak\":\"20\"},\"uses\":[{\"category\":\"SH\","
                  "\"share\":\"100\"}],\"households\":\"1\",\"read_on_change\":[{\"date\":"
                  "\"2026-10-10\",\"usage\":{\"normal\":\"5\",\"peak\":\"6\",\"offpeak\":"
                  "\"7\"}}]}");
}

static void a_damaged_detail_is_refused(void **state)
{
    (void)state;
    static const char *const details[] = {
        "{\"read_on_change\":[{]}",
        "{\"read_on_change\":{\"date\":\"2026-10-10\"}}",
        "{\"read_on_change\":[{\"usage\":{\"kwh\":\"5\"}}]}",
        "{\"read_on_change\":[{\"date\":\"2026-10-10\"}]}",
        "{\"read_on_change\":[{\"date\":\"2026-10-10\",\"usage\":{\"kwh\":\"x\"}}]}",
        "{\"read_on_change\":[{\"date\":\"2026-10-10\",\"usage\":{\"kwh\":\"-5\"}}]}",
        "{\"read_on_change\":[{\"date\":\"2026-10-10\",\"usage\":{\"normal\":\"5\"}}]}",
        ("{\"read_on_change\":[{\"date\":\"2026-10-10\",\"usage\":{\"normal\":\"5\",\"peak\":"
         "\"5\"}}]}"),
    };
    struct arena arena;
    arena_init(&arena, 1 << 16);
    for (size_t i = 0; i < ARRAY_COUNT(details); i++) {
        struct err err;
        struct usage_row usage = some_use(10);
        struct point_terms terms = one_use();
        usage.detail = str_of(details[i]);
        assert_int_equal(bill_take_readings(&arena, NULL, &terms, &usage, &err), E_CHECK);
        assert_true(err.vi.hint[0] != '\0' && err.en.hint[0] != '\0');
    }
    arena_release(&arena);
}

enum { READINGS_TOO_MANY = READING_MAX + 1 };

static void more_readings_than_the_calculator_takes_are_refused(void **state)
{
    (void)state;
    struct err err;
    struct arena arena;
    struct buf detail;
    struct usage_row usage = some_use(10);
    struct point_terms terms = one_use();
    arena_init(&arena, 1 << 20);
    buf_init(&detail, 4096);
    buf_add(&detail, S("{\"read_on_change\":["));
    for (int i = 0; i < READINGS_TOO_MANY; i++)
        buf_add(&detail, i == 0 ? S("{\"date\":\"2026-10-10\",\"usage\":{\"kwh\":\"5\"}}")
                                : S(",{\"date\":\"2026-10-10\",\"usage\":{\"kwh\":\"5\"}}"));
    buf_add(&detail, S("]}"));
    usage.detail = buf_str(&detail);
    assert_int_equal(bill_take_readings(&arena, NULL, &terms, &usage, &err), E_CHECK);
    buf_release(&detail);
    arena_release(&arena);
}

static void readings_need_their_room(void **state)
{
    (void)state;
    err_t e = E_MEMORY;
    size_t bytes = 0;
    struct point_terms terms = one_use();
    while (e == E_MEMORY && bytes < 1 << 16) {
        struct err err;
        struct arena arena;
        struct usage_row usage = some_use(10);
        usage.detail = S("{\"read_on_change\":[{\"date\":\"2026-10-10\",\"usage\":{\"kwh\":"
                         "\"5\"}}]}");
        bytes += 16;
        arena_init(&arena, bytes);
        e = bill_take_readings(&arena, NULL, &terms, &usage, &err);
        assert_int_equal(usage.reading_count, e == OK ? 1 : 0);
        arena_release(&arena);
    }
    assert_int_equal(e, OK);
    assert_true(bytes > 16);
}

static void a_member_that_never_ends_is_none(void **state)
{
    (void)state;
    check_text(bill_request_member(S("{\"usage\":{\"kwh\":\"5\""), S("usage")), "");
    check_text(bill_request_member(S("{\"usage\" :{}}"), S("usage")), "");
    check_text(bill_request_part(S("{\"from\":1}"), S("after")), "{\"from\":1}");
    check_text(bill_request_member(S("{\"a\":\"x\"}"), S("a")), "");
    check_text(bill_request_member(S("{\"a\":]}"), S("a")), "");
    check_text(bill_request_member(S("{\"a\":{\"b\":\"}\\\"]\",\"c\":[{}]}}"), S("a")),
               "{\"b\":\"}\\\"]\",\"c\":[{}]}");
}

static void a_fee_names_its_quantity(void **state)
{
    (void)state;
    assert_true(bill_request_is_fee(S("{\"type\":\"service\"}")));
    assert_true(bill_request_is_fee(S("{\"before\":{\"type\":\"service\"},\"after\":{}}")));
    assert_false(bill_request_is_fee(S("{\"from\":\"2026-10-01\"}")));
    check_text(bill_fee_quantity(S("{\"type\":\"service\",\"quantity\":\"3\"}")), "3");
    check_text(bill_fee_quantity(S("{\"type\":\"service\",\"code\":\"meter_test\"}")), "");
    check_text(bill_fee_quantity(S("{\"from\":1,\"quantity\":\"3\"}")), "");
}

static void what_cannot_be_asked_is_named(void **state)
{
    (void)state;
    struct buf buf;
    buf_init(&buf, 4096);
    struct usage_row usage = some_use(200);
    struct point_terms terms = one_use();
    terms.use_count = 0;
    assert_int_equal(bill_request_write(&buf, &usage, &terms), PROBLEM_NO_USES);
    terms = one_use();
    terms.uses[0] = (struct price_use){S("KD"), S("LT6"), -1, 120000};
    assert_int_equal(bill_request_write(&buf, &usage, &terms), PROBLEM_USES_SHORT);
    terms = one_use();
    usage.reactive_varh = 0;
    assert_int_equal(bill_request_write(&buf, &usage, &terms), PROBLEM_NO_DEMAND);
    assert_int_equal(buf.n, 0);
    buf_release(&buf);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_number_comes_back_as_its_identity),
        cmocka_unit_test(what_is_no_number_is_refused),
        cmocka_unit_test(words_of_bill_kinds_come_back),
        cmocka_unit_test(an_unknown_problem_is_told_as_it_stands),
        cmocka_unit_test(months_of_tables_are_numbers),
        cmocka_unit_test(a_packed_bill_comes_back),
        cmocka_unit_test(a_difference_nets_line_by_line),
        cmocka_unit_test(a_household_asks_for_little),
        cmocka_unit_test(everything_that_is_agreed_is_said),
        cmocka_unit_test(readings_of_a_change_are_dropped_where_they_cannot_count),
        cmocka_unit_test(agreed_energies_come_first),
        cmocka_unit_test(shares_follow_the_agreed_energies),
        cmocka_unit_test(agreed_energies_of_a_supplement_say_what_is_billed),
        cmocka_unit_test(support_is_asked_where_a_fact_stands),
        cmocka_unit_test(three_registers_are_read_on_a_change_too),
        cmocka_unit_test(a_damaged_detail_is_refused),
        cmocka_unit_test(more_readings_than_the_calculator_takes_are_refused),
        cmocka_unit_test(readings_need_their_room),
        cmocka_unit_test(a_member_that_never_ends_is_none),
        cmocka_unit_test(a_fee_names_its_quantity),
        cmocka_unit_test(what_cannot_be_asked_is_named),
    };
    return cmocka_run_group_tests_name("billing parts", tests, NULL, NULL);
}
