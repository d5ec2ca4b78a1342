/* SPDX-License-Identifier: Apache-2.0 */
/* Why one bill is more than another: the parts always sum, and mean what they say. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/date.h"
#include "base/json_read.h"
#include "document/difference.h"
#include "tariff/request.h"

enum { BOOK_BYTES = 64 * 1024 * 1024, WORK_BYTES = 16 * 1024 * 1024, TEXT_BYTES = 4096,
       PAIRS = 20000 };

static const struct price_book *book;
static struct arena book_arena, work;

static int setup(void **state)
{
    struct err err;
    (void)state;
    arena_init(&book_arena, BOOK_BYTES);
    arena_init(&work, WORK_BYTES);
    return book_load(&book_arena, book_builtin_text(), &book, &err) == OK ? 0 : 1;
}

static int teardown(void **state)
{
    (void)state;
    arena_release(&work);
    arena_release(&book_arena);
    return 0;
}

/* ---- bills ------------------------------------------------------------------------------- */

static bool read_bill(const char *text, struct calc_request *out, int64_t *out_vnd)
{
    struct err err;
    struct json *root;
    struct calc_result result;
    if (json_parse(&work, arena_str(&work, str_of(text)), &root, &err) != OK ||
        request_read(book, REQUEST_CALC, &work, root, out, &err) != OK ||
        calc_rate(book, out, &work, &result, &err) != OK)
        return false;
    *out_vnd = result.total_vnd;
    return true;
}

static struct difference split(const char *before, const char *now)
{
    struct err err;
    struct calc_request requests[2];
    int64_t totals[2];
    struct difference out;
    arena_reset(&work);
    assert_true(read_bill(before, &requests[0], &totals[0]));
    assert_true(read_bill(now, &requests[1], &totals[1]));
    struct difference_side sides[2] = {{&requests[0], totals[0]}, {&requests[1], totals[1]}};
    assert_int_equal(difference_split(book, &work, &sides[0], &sides[1], &out, &err), OK);
    return out;
}

static int64_t part_of(const struct difference *difference, enum difference_part part)
{
    for (size_t i = 0; i < difference->step_count; i++)
        if (difference->step[i].part == part) return difference->step[i].amount_vnd;
    return 0;
}

static void check_whole(const struct difference *difference)
{
    int64_t sum = 0, size = INT64_MAX;
    for (size_t i = 0; i < difference->step_count; i++) {
        int64_t amount = difference->step[i].amount_vnd;
        sum += amount;
        assert_true(amount != 0);
        assert_true((amount < 0 ? -amount : amount) <= size);
        size = amount < 0 ? -amount : amount;
    }
    assert_int_equal(sum, difference->change_vnd);
    assert_int_equal(difference->change_vnd, difference->now_vnd - difference->before_vnd);
}

#define SH "\"uses\":[{\"category\":\"SH\",\"share\":\"100\"}]"
#define JUNE "\"from\":\"2026-05-31\",\"to\":\"2026-06-30\","
#define JULY "\"from\":\"2026-06-30\",\"to\":\"2026-07-31\","

/* ---- single reasons ---------------------------------------------------------------------- */

static void a_household_that_used_more(void **state)
{
    (void)state;
    struct difference d = split("{" JUNE "\"usage\":{\"kwh\":\"200\"}," SH "}",
                                "{" JULY "\"usage\":{\"kwh\":\"248\"}," SH "}");
    check_whole(&d);
    /* 474,876 and 630,292 đồng: 2,374.38 for a kWh on average, 15,829.2 for a day. */
    assert_int_equal(d.change_vnd, 155416);
    assert_int_equal(part_of(&d, DIFF_DAYS), 15829);
    assert_int_equal(part_of(&d, DIFF_USE), 98141);
    assert_int_equal(part_of(&d, DIFF_BLOCKS), 41446);
    assert_int_equal(d.step_count, 3);
    assert_int_equal(d.top_tier_before, 3);
    assert_int_equal(d.top_tier_now, 4);
    struct difference back = split("{" JULY "\"usage\":{\"kwh\":\"248\"}," SH "}",
                                   "{" JUNE "\"usage\":{\"kwh\":\"200\"}," SH "}");
    check_whole(&back);
    assert_int_equal(back.change_vnd, -155416);
    for (size_t i = 0; i < back.step_count; i++) assert_true(back.step[i].amount_vnd < 0);
}

static void equal_bills_have_no_parts(void **state)
{
    (void)state;
    struct difference d = split("{" JULY "\"usage\":{\"kwh\":\"248\"}," SH "}",
                                "{" JULY "\"usage\":{\"kwh\":\"248\"}," SH "}");
    assert_int_equal(d.step_count, 0);
}

static void only_one_thing_changed(void **state)
{
    static const struct {
        const char *before, *now;
        enum difference_part part;
    } cases[] = {
        {"{" JULY "\"usage\":{\"kwh\":\"300\"}," SH "}",
         "{" JULY "\"usage\":{\"kwh\":\"300\"},\"households\":\"2\"," SH "}", DIFF_HOUSEHOLDS},
        {"{" JULY "\"usage\":{\"kwh\":\"300\"}," SH "}",
         "{" JULY "\"usage\":{\"kwh\":\"300\"},\"uses\":[{\"category\":\"KD\",\"voltage\":\"LT6\","
         "\"share\":\"100\"}]}", DIFF_PURPOSE},
        {"{\"from\":\"2024-03-31\",\"to\":\"2024-04-30\",\"usage\":{\"kwh\":\"300\"}," SH "}",
         "{\"from\":\"2025-05-31\",\"to\":\"2025-06-30\",\"usage\":{\"kwh\":\"300\"}," SH "}",
         DIFF_PRICE},
        {"{" JULY "\"usage\":{\"kwh\":\"300\"},\"vat_rate\":\"0.1\"," SH "}",
         "{" JULY "\"usage\":{\"kwh\":\"300\"},\"vat_rate\":\"0.08\"," SH "}", DIFF_VAT},
        {"{\"from\":\"2021-07-31\",\"to\":\"2021-08-31\",\"usage\":{\"kwh\":\"300\"}," SH "}",
         "{\"from\":\"2021-07-31\",\"to\":\"2021-08-31\",\"usage\":{\"kwh\":\"300\"},"
         "\"support\":{\"restricted_area\":true}," SH "}", DIFF_SUPPORT},
        {"{" JULY "\"usage\":{\"kwh\":\"9000\"},\"uses\":[{\"category\":\"KD\",\"voltage\":\"LT6\","
         "\"share\":\"100\"}]}",
         "{" JULY "\"usage\":{\"kwh\":\"9000\",\"kvarh\":\"9000\"},\"demand_kw\":\"80\","
         "\"uses\":[{\"category\":\"KD\",\"voltage\":\"LT6\",\"share\":\"100\"}]}", DIFF_REACTIVE},
        {"{" JULY "\"usage\":{\"normal\":\"500\",\"peak\":\"100\",\"offpeak\":\"200\"},\"uses\":["
         "{\"category\":\"KD\",\"voltage\":\"LT6\",\"share\":\"100\"}]}",
         "{" JULY "\"usage\":{\"normal\":\"400\",\"peak\":\"200\",\"offpeak\":\"200\"},\"uses\":["
         "{\"category\":\"KD\",\"voltage\":\"LT6\",\"share\":\"100\"}]}", DIFF_HOURS},
        {"{" JULY "\"usage\":{\"kwh\":\"300\"},\"uses\":[{\"category\":\"HC_CS\",\"voltage\":"
         "\"LT6\",\"share\":\"100\"}]}",
         "{" JULY "\"usage\":{\"kwh\":\"301\"},\"uses\":[{\"category\":\"HC_CS\",\"voltage\":"
         "\"LT6\",\"share\":\"100\"}]}", DIFF_USE},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct difference d = split(cases[i].before, cases[i].now);
        check_whole(&d);
        assert_int_equal(d.step_count, 1);
        assert_int_equal(d.step[0].part, cases[i].part);
    }
}

/* What a bill says otherwise than its request comes to is a part of its own. */
static void a_corrected_bill_says_so(void **state)
{
    struct err err;
    struct calc_request request;
    struct difference d;
    int64_t total_vnd;
    (void)state;
    arena_reset(&work);
    assert_true(read_bill("{" JULY "\"usage\":{\"kwh\":\"300\"}," SH "}", &request, &total_vnd));
    struct difference_side before = {&request, total_vnd + 7}, now = {&request, total_vnd - 5};
    assert_int_equal(difference_split(book, &work, &before, &now, &d, &err), OK);
    check_whole(&d);
    assert_int_equal(d.change_vnd, -12);
    assert_int_equal(part_of(&d, DIFF_CORRECTION), -12);
}

/* ---- any two bills ----------------------------------------------------------------------- */

static uint64_t seed = 20260731;

static unsigned roll(unsigned sides)
{
    seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (unsigned)(seed >> 33) % sides;
}

static void add_day(struct buf *out, const char *name, int32_t day)
{
    char text[DATE_TEXT_BYTES];
    struct str iso = day_text(day, text);
    buf_printf(out, "\"%s\":\"%.*s\",", name, STR_ARG(iso));
}

static void add_use(struct buf *out)
{
    static const char *const voltages[] = {"LT6", "6_22", "22_110", "GE110", "GE22", "GE6"};
    enum category category = (enum category)roll(CATEGORY_COUNT);
    buf_printf(out, "\"category\":\"%.*s\",", STR_ARG(category_code(category)));
    if (roll(2) == 0 && category != CATEGORY_SH)
        buf_printf(out, "\"voltage\":\"%s\",", voltages[roll(ARRAY_COUNT(voltages))]);
}

static void add_uses(struct buf *out)
{
    bool household = roll(3) == 0;
    buf_add(out, S("\"uses\":["));
    if (household || roll(2) == 0) {
        buf_add_char(out, '{');
        if (household) buf_add(out, S("\"category\":\"SH\","));
        else add_use(out);
        buf_add(out, S("\"share\":\"100\"}]"));
        return;
    }
    unsigned share = 1 + roll(99);
    buf_add_char(out, '{');
    add_use(out);
    buf_printf(out, "\"share\":\"%u\"},{", share);
    add_use(out);
    buf_printf(out, "\"share\":\"%u\"}]", 100 - share);
}

/* Any bill; many of them the tariff refuses. */
static void add_bill(struct buf *out)
{
    static const char *const prorates[] = {"new_supply", "party_change", "contract_end",
                                           "reading_day_change"};
    int32_t from_day = day_from_civil(2016, 1, 1) + (int32_t)roll(3900);
    buf_add_char(out, '{');
    add_day(out, "from", from_day);
    add_day(out, "to", from_day + 1 + (int32_t)(roll(4) == 0 ? roll(70) : 26 + roll(8)));
    if (roll(3) == 0)
        buf_printf(out, "\"usage\":{\"normal\":\"%u\",\"peak\":\"%u.5\",\"offpeak\":\"%u\"",
                   roll(900), roll(300), roll(400));
    else buf_printf(out, "\"usage\":{\"kwh\":\"%u\"", roll(8) == 0 ? 0 : roll(900));
    bool reactive = roll(5) == 0;
    if (reactive) buf_printf(out, ",\"kvarh\":\"%u\"},\"demand_kw\":\"80\",", roll(900));
    else buf_add(out, S("},"));
    if (roll(3) == 0) buf_printf(out, "\"households\":\"%u.5\",", 1 + roll(20));
    if (roll(5) == 0) buf_printf(out, "\"prorate\":\"%s\",", prorates[roll(4)]);
    if (roll(20) == 0) buf_add(out, S("\"lodgers_undeclared\":true,"));
    if (roll(6) == 0) buf_add(out, S("\"support\":{\"restricted_area\":true},"));
    add_uses(out);
    buf_add_char(out, '}');
}

static bool any_bill(struct calc_request *out, int64_t *out_vnd)
{
    char memory[TEXT_BYTES];
    struct buf text;
    buf_init_fixed(&text, memory, sizeof memory);
    add_bill(&text);
    assert_false(text.failed);
    return read_bill(memory, out, out_vnd);
}

/* The one bill with one or two things of the other. */
static void mix(struct calc_request *into, const struct calc_request *from)
{
    for (unsigned i = 0; i < 2; i++) {
        switch (roll(6)) {
        case 0: into->usage = from->usage; break;
        case 1: into->household_quarters = from->household_quarters; break;
        case 2: into->use = from->use; into->use_count = from->use_count; break;
        case 3: into->from_day = from->from_day; into->to_day = from->to_day; break;
        case 4: into->fact_mask = from->fact_mask; break;
        default: into->prorate = from->prorate; break;
        }
    }
}

static void any_two_bills_sum(void **state)
{
    unsigned done = 0, seen[DIFF_PART_COUNT] = {0};
    (void)state;
    for (unsigned tries = 0; done < PAIRS && tries < 100 * PAIRS; tries++) {
        struct err err;
        struct calc_request requests[2];
        struct calc_result result;
        int64_t totals[2];
        struct difference d;
        arena_reset(&work);
        if (!any_bill(&requests[0], &totals[0]) || !any_bill(&requests[1], &totals[1])) continue;
        if (roll(2) == 0) {
            struct calc_request other = requests[1];
            requests[1] = requests[0];
            mix(&requests[1], &other);
            if (calc_rate(book, &requests[1], &work, &result, &err) != OK) continue;
            totals[1] = result.total_vnd;
        }
        struct difference_side sides[2] = {{&requests[0], totals[0]}, {&requests[1], totals[1]}};
        assert_int_equal(difference_split(book, &work, &sides[0], &sides[1], &d, &err), OK);
        check_whole(&d);
        assert_int_equal(part_of(&d, DIFF_CORRECTION), 0);
        for (size_t i = 0; i < d.step_count; i++) seen[d.step[i].part]++;
        done++;
    }
    assert_int_equal(done, PAIRS);
    for (int part = 0; part < DIFF_CORRECTION; part++) assert_true(seen[part] > 50);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_household_that_used_more),
        cmocka_unit_test(equal_bills_have_no_parts),
        cmocka_unit_test(only_one_thing_changed),
        cmocka_unit_test(a_corrected_bill_says_so),
        cmocka_unit_test(any_two_bills_sum),
    };
    return cmocka_run_group_tests_name("difference", tests, setup, teardown);
}
