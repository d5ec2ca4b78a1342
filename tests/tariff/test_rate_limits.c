/* SPDX-License-Identifier: Apache-2.0 */
/* Plans at their limits: numbers too large to be exact, lists too long, memory that runs out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "answer.h"
#include "base/memory.h"
#include "tariff/meter_kwh.h"
#include "tariff/rate.h"

static void refuses(const char *request, const char *field)
{
    check_refused(rate_answer, request, field);
}

static void answers(const char *request, const char *expected)
{
    check_answer(rate_answer, request, expected);
}

static void amounts_beyond_exactness_are_refused(void **state)
{
    (void)state;
    refuses("{\"charges\":[{\"type\":\"package\",\"size\":\"0.000000001\",\"price\":\"0\"}],"
            "\"usage\":{\"quantity\":\"999999999999\"}}", "");
    refuses("{\"charges\":[{\"type\":\"package\",\"size\":\"0.001\",\"price\":\"999999999999\"}],"
            "\"usage\":{\"quantity\":\"999999999\"}}", "");
    refuses("{\"charges\":[{\"type\":\"package\",\"size\":\"1\",\"price\":\"999999999999\"}],"
            "\"usage\":{\"quantity\":\"999999999\"}}", "");
    refuses("{\"charges\":[{\"type\":\"demand\",\"periods\":{\"a\":{\"price\":\"999999999999\"}}}],"
            "\"usage\":{\"demand\":{\"a\":\"999999999\"}}}", "");
    refuses("{\"charges\":[{\"type\":\"graduated\",\"blocks\":[{\"upto\":null,\"unit\":"
            "\"1000000\",\"flat\":\"999999999999\"}]}],"
            "\"usage\":{\"quantity\":\"999999999999.5\"}}", "");
    refuses("{\"charges\":[{\"type\":\"graduated\",\"blocks\":[{\"upto\":null,\"unit\":"
            "\"600000\"}]},{\"type\":\"volume\",\"blocks\":[{\"upto\":null,\"unit\":\"600000\"}]}"
            "],\"usage\":{\"quantity\":\"999999999999\"}}", "");
    refuses("{\"charges\":[{\"type\":\"time_of_use\",\"pooled\":true,\"periods\":{"
            "\"a\":[{\"upto\":\"999999999999.999999997\",\"unit\":\"1\"},{\"upto\":null,"
            "\"unit\":\"1\"}],\"b\":[{\"upto\":\"999999999999.999999997\",\"unit\":\"1\"},"
            "{\"upto\":null,\"unit\":\"1\"}]}}],\"usage\":{\"by_period\":{"
            "\"a\":\"999999999999.999999999\",\"b\":\"999999999999.999999998\"}}}", "");
}

static void use_beyond_a_bounded_last_block_is_refused(void **state)
{
    (void)state;
    answers("{\"charges\":[{\"type\":\"volume\",\"blocks\":[{\"upto\":\"5\",\"unit\":\"1\"}]}],"
            "\"usage\":{\"quantity\":\"5\"}}",
            "{\"lines\":[{\"charge\":0,\"block\":0,\"period\":null,\"quantity\":\"5\","
            "\"amount\":\"5\"}],\"total\":\"5\"}");
    refuses("{\"charges\":[{\"type\":\"volume\",\"blocks\":[{\"upto\":\"5\",\"unit\":\"1\"}]}],"
            "\"usage\":{\"quantity\":\"5.1\"}}", "usage");
    refuses("{\"charges\":[{\"type\":\"time_of_use\",\"pooled\":true,\"periods\":{\"a\":"
            "[{\"upto\":\"5\",\"unit\":\"1\"}]}}],\"usage\":{\"by_period\":{\"a\":\"6\"}}}",
            "usage");
    refuses("{\"charges\":[{\"type\":\"time_of_use\",\"pooled\":true,\"periods\":{\"a\":"
            "[{\"upto\":\"5\",\"unit\":\"1\"}],\"b\":[{\"upto\":null,\"unit\":\"1\"}]}}],"
            "\"usage\":{\"by_period\":{\"a\":\"1\",\"b\":\"6\"}}}", "usage");
    refuses("{\"charges\":[{\"type\":\"time_of_use\",\"pooled\":false,\"periods\":{\"a\":"
            "[{\"upto\":\"5\",\"unit\":\"1\"}]}}],\"usage\":{\"by_period\":{\"a\":\"6\"}}}",
            "usage");
}

static void numbers_are_plain_decimals(void **state)
{
    (void)state;
    static const char *const bad[] = {"", ".", "1.", ".5", "1.2.3", "-1", "+1", "1e3", "1 ", "0x1",
                                      "1.0000000001", "1234567890123"};
    for (size_t i = 0; i < ARRAY_COUNT(bad); i++) {
        char request[256];
        struct buf buf;
        buf_init_fixed(&buf, request, sizeof request);
        buf_printf(&buf, "{\"charges\":[{\"type\":\"package\",\"size\":\"%s\",\"price\":\"1\"}],"
                         "\"usage\":{\"quantity\":\"1\"}}", bad[i]);
        refuses(request, "charges[0].size");
    }
    refuses("{\"charges\":[{\"type\":\"graduated\",\"blocks\":[{\"upto\":null}]}],"
            "\"usage\":{\"quantity\":\"1\"}}", "charges[0].blocks[0].unit");
    refuses("{\"charges\":[{\"type\":\"graduated\",\"size\":\"0\",\"blocks\":[{\"upto\":null,"
            "\"unit\":\"1\"}]}],\"usage\":{\"quantity\":\"1\"}}", "charges[0].size");
    refuses("{\"charges\":[{\"type\":\"time_of_use\",\"pooled\":\"yes\",\"periods\":{\"a\":"
            "[{\"upto\":null,\"unit\":\"1\"}]}}],\"usage\":{\"by_period\":{\"a\":\"1\"}}}",
            "charges[0].pooled");
}

/* Standing at the bound of a block without a unit beyond it does not enter the next. */
static void a_block_is_entered_by_its_first_unit(void **state)
{
    (void)state;
    static const char plan[] = "{\"charges\":[{\"type\":\"graduated\",\"from\":\"10\",\"blocks\":["
                               "{\"upto\":\"10\",\"unit\":\"1\",\"flat\":\"2\"},"
                               "{\"upto\":null,\"unit\":\"5\",\"flat\":\"3\"}]}],"
                               "\"usage\":{\"quantity\":\"%s\"}}";
    char request[256];
    struct buf buf;
    buf_init_fixed(&buf, request, sizeof request);
    buf_printf(&buf, plan, "0");
    answers(request, "{\"lines\":[],\"total\":\"0\"}");
    buf_init_fixed(&buf, request, sizeof request);
    buf_printf(&buf, plan, "1");
    answers(request, "{\"lines\":[{\"charge\":0,\"block\":1,\"period\":null,\"quantity\":\"1\","
                     "\"amount\":\"8\"}],\"total\":\"8\"}");
}

/* Four equal shares of two billionths would each round up; together they stay two. */
static void shares_never_exceed_their_block(void **state)
{
    (void)state;
    answers("{\"charges\":[{\"type\":\"time_of_use\",\"pooled\":true,\"periods\":{"
            "\"a\":[{\"upto\":\"0.000000002\",\"unit\":\"1\"},{\"upto\":null,\"unit\":\"0\"}],"
            "\"b\":[{\"upto\":\"0.000000002\",\"unit\":\"1\"},{\"upto\":null,\"unit\":\"0\"}],"
            "\"c\":[{\"upto\":\"0.000000002\",\"unit\":\"1\"},{\"upto\":null,\"unit\":\"0\"}],"
            "\"d\":[{\"upto\":\"0.000000002\",\"unit\":\"1\"},{\"upto\":null,\"unit\":\"0\"}]}}],"
            "\"usage\":{\"by_period\":{\"a\":\"0.000000001\",\"b\":\"0.000000001\","
            "\"c\":\"0.000000001\",\"d\":\"0.000000001\"}}}",
            "{\"lines\":[{\"charge\":0,\"block\":0,\"period\":\"a\",\"quantity\":\"0.000000001\","
            "\"amount\":\"0.000000001\"},{\"charge\":0,\"block\":0,\"period\":\"b\",\"quantity\":"
            "\"0.000000001\",\"amount\":\"0.000000001\"},{\"charge\":0,\"block\":1,\"period\":"
            "\"a\",\"quantity\":\"0.000000001\",\"amount\":\"0\"},{\"charge\":0,\"block\":1,"
            "\"period\":\"b\",\"quantity\":\"0.000000001\",\"amount\":\"0\"}],"
            "\"total\":\"0.000000002\"}");
}

static void a_flat_part_is_due_for_each_period_with_use(void **state)
{
    (void)state;
    answers("{\"charges\":[{\"type\":\"time_of_use\",\"pooled\":true,\"periods\":{"
            "\"a\":[{\"upto\":null,\"unit\":\"1\",\"flat\":\"5\"}],"
            "\"b\":[{\"upto\":null,\"unit\":\"1\",\"flat\":\"7\"}]}}],"
            "\"usage\":{\"by_period\":{\"a\":\"0\",\"b\":\"2\"}}}",
            "{\"lines\":[{\"charge\":0,\"block\":0,\"period\":\"b\",\"quantity\":\"2\","
            "\"amount\":\"9\"}],\"total\":\"9\"}");
}

/* count times the item, with commas between; %zu in the item becomes its number. */
static void add_items(struct buf *buf, size_t count, const char *before, const char *behind)
{
    for (size_t i = 0; i < count; i++)
        buf_printf(buf, "%s%s%zu%s", i > 0 ? "," : "", before, i + 1, behind);
}

static void check_count(size_t count, const char *start, const char *before, const char *behind,
                        const char *end, const char *field)
{
    struct buf buf;
    buf_init(&buf, 1024 * 1024);
    buf_add(&buf, str_of(start));
    add_items(&buf, count, before, behind);
    buf_add(&buf, str_of(end));
    assert_false(buf.failed);
    struct answer answer;
    answer_init(&answer, rate_answer, buf.p);
    if (field == NULL && answer.code != OK) fail_msg("refused: %s", answer.out.p);
    if (field != NULL) assert_string_equal(answer.err.field, field);
    answer_release(&answer);
    buf_release(&buf);
}

static void lists_have_limits(void **state)
{
    (void)state;
    static const char charges[] = "{\"charges\":[", fixed[] = "{\"type\":\"fixed\",\"amount\":\"";
    check_count(RATE_CHARGES_MAX, charges, fixed, "\"}", "]}", NULL);
    check_count(RATE_CHARGES_MAX + 1, charges, fixed, "\"}", "]}", "charges");
    static const char blocks[] = "{\"charges\":[{\"type\":\"graduated\",\"blocks\":[";
    static const char blocks_end[] = "]}],\"usage\":{\"quantity\":\"1\"}}";
    check_count(RATE_BLOCKS_MAX, blocks, "{\"upto\":\"", "\",\"unit\":\"1\"}", blocks_end, NULL);
    check_count(RATE_BLOCKS_MAX + 1, blocks, "{\"upto\":\"", "\",\"unit\":\"1\"}", blocks_end,
                "charges[0].blocks");
    static const char periods[] = "{\"charges\":[{\"type\":\"demand\",\"periods\":{";
    static const char periods_end[] = "}}],\"usage\":{\"demand\":{}}}";
    check_count(RATE_PERIODS_MAX, periods, "\"", "\":{\"price\":\"1\"}", periods_end, NULL);
    check_count(RATE_PERIODS_MAX + 1, periods, "\"", "\":{\"price\":\"1\"}", periods_end,
                "charges[0].periods");
    check_count(0, periods, "", "", periods_end, "charges[0].periods");
    static const char uses[] = "{\"charges\":[],\"usage\":{\"demand\":{";
    check_count(RATE_PERIODS_MAX, uses, "\"", "\":\"1\"", "}}}", NULL);
    check_count(RATE_PERIODS_MAX + 1, uses, "\"", "\":\"1\"", "}}}", "usage.demand");
}

static void wrong_types_are_refused_by_name(void **state)
{
    (void)state;
    refuses("{\"charges\":[{\"type\":\"graduated\",\"blocks\":{}}]}", "charges[0].blocks");
    refuses("{\"charges\":[{\"type\":\"graduated\"}]}", "charges[0].blocks");
    refuses("{\"charges\":[{\"type\":\"graduated\",\"blocks\":[{\"upto\":5,\"unit\":\"1\"}]}]}",
            "charges[0].blocks[0].upto");
    refuses("{\"charges\":[{\"type\":\"fixed\",\"amount\":-5}]}", "charges[0].amount");
    refuses("{\"charges\":[{\"type\":\"fixed\",\"amount\":1.5}]}", "charges[0].amount");
    refuses("{\"charges\":[{\"type\":\"fixed\",\"amount\":\"1\",\"unit\":\"2\"}]}",
            "charges[0].unit");
    refuses("{\"charges\":[{\"type\":\"package\",\"price\":\"1\"}]}", "charges[0].size");
    refuses("{\"charges\":[{\"type\":\"package\",\"size\":\"1\"}]}", "charges[0].price");
    refuses("{\"charges\":[{\"type\":\"volume\",\"size\":\"0\"}]}", "charges[0].size");
    refuses("{\"charges\":[{\"type\":\"volume\",\"from\":\"x\"}]}", "charges[0].from");
    refuses("{\"charges\":[{\"type\":\"demand\"}]}", "charges[0].periods");
    refuses("{\"charges\":[{\"type\":\"demand\",\"price\":\"1\"}]}", "charges[0].price");
    refuses("{\"charges\":[{\"type\":\"time_of_use\",\"pooled\":\"yes\"}]}", "charges[0].pooled");
    refuses("{\"charges\":{}}", "charges");
    refuses("{\"charges\":[{}]}", "charges[0].type");
    refuses("{\"charges\":[],\"minimum\":\"x\"}", "minimum");
    refuses("{\"charges\":[],\"maximum\":\"x\"}", "maximum");
    refuses("{\"charges\":[],\"usage\":7}", "usage");
    refuses("{\"charges\":[],\"usage\":{\"demand\":7}}", "usage.demand");
    refuses("[]", "");
}

/* Refuses the n-th block of memory for every n until the request is answered. */
static void check_memory(answer_function *function, const char *request)
{
    for (uint64_t n = 1;; n++) {
        struct arena arena;
        struct buf out;
        struct err err = {0};
        arena_init(&arena, 1024 * 1024);
        buf_init(&out, 64 * 1024);
        memory_fail_after(n);
        err_t code = function(&arena, str_of(request), &out, &err);
        memory_fail_after(0);
        bool done = code == OK && !out.failed;
        assert_true(code == OK || code == E_MEMORY);
        buf_release(&out);
        arena_release(&arena);
        if (done) break;
        assert_true(n < 100);
    }
}

/* Arenas too small for the request, from nothing on. */
static void check_small_arenas(answer_function *function, const char *request)
{
    bool answered = false;
    for (size_t limit = 1; limit < 64 * 1024; limit += 97) {
        struct arena arena;
        struct buf out;
        struct err err = {0};
        arena_init(&arena, limit);
        buf_init(&out, 64 * 1024);
        err_t code = function(&arena, str_of(request), &out, &err);
        assert_true(code == OK || ((code == E_MEMORY || code == E_LIMIT) && out.n == 0));
        assert_true(code == OK || !answered);
        answered = code == OK;
        buf_release(&out);
        arena_release(&arena);
    }
    assert_true(answered);
}

static void memory_may_run_out_anywhere(void **state)
{
    (void)state;
    static const char plan[] =
        "{\"charges\":[{\"type\":\"graduated\",\"blocks\":[{\"upto\":\"1\",\"unit\":\"1\"},"
        "{\"upto\":null,\"unit\":\"2\"}]},{\"type\":\"volume\",\"blocks\":[{\"upto\":null,"
        "\"unit\":\"1\"}]},{\"type\":\"time_of_use\",\"pooled\":true,\"periods\":{\"a\":["
        "{\"upto\":null,\"unit\":\"1\"}]}},{\"type\":\"time_of_use\",\"pooled\":false,\"periods\":"
        "{\"a\":[{\"upto\":null,\"unit\":\"1\"}]}},{\"type\":\"demand\",\"periods\":{\"a\":"
        "{\"price\":\"1\"}}},{\"type\":\"package\",\"size\":\"1\",\"price\":\"1\"}],"
        "\"minimum\":\"100\",\"usage\":{\"quantity\":\"3\",\"by_period\":{\"a\":\"2\"},"
        "\"demand\":{\"a\":\"1\"}}}";
    static const char reading[] = "{\"old\":\"1\",\"new\":\"2\",\"digits\":5}";
    check_memory(rate_answer, plan);
    check_memory(meter_kwh_answer, reading);
    check_small_arenas(rate_answer, plan);
    check_small_arenas(meter_kwh_answer, reading);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(amounts_beyond_exactness_are_refused),
        cmocka_unit_test(use_beyond_a_bounded_last_block_is_refused),
        cmocka_unit_test(numbers_are_plain_decimals),
        cmocka_unit_test(a_block_is_entered_by_its_first_unit),
        cmocka_unit_test(shares_never_exceed_their_block),
        cmocka_unit_test(a_flat_part_is_due_for_each_period_with_use),
        cmocka_unit_test(lists_have_limits),
        cmocka_unit_test(wrong_types_are_refused_by_name),
        cmocka_unit_test(memory_may_run_out_anywhere),
    };
    return cmocka_run_group_tests_name("rate limits", tests, NULL, NULL);
}
