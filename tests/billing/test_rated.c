/* SPDX-License-Identifier: Apache-2.0 */
/* Rated bills in memory: every field counts when two are compared, damaged bytes are refused, and a
 * difference nets only what prices the same thing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/memory.h"
#include "billing/rated.h"

enum { ARENA_BYTES = 16 * 1024 * 1024, TEXT_BYTES = 4 * 1024 * 1024 };

static struct arena arena;

static int setup(void **state)
{
    (void)state;
    arena_init(&arena, ARENA_BYTES);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static struct rated_line energy(void)
{
    return (struct rated_line){.kind = RATED_ENERGY, .category = S("KD"), .voltage = S("LT6"),
                               .decision = S("QD1279/2025"), .tou = S("peak"), .from_day = 20726,
                               .to_day = 20757, .quantity_wh = 10000, .price_vnd = 5422,
                               .amount_mvnd = 54220000, .has_quantity = true, .has_price = true};
}

static struct rated_line surcharge(void)
{
    return (struct rated_line){.kind = RATED_REACTIVE, .category = S(""), .voltage = S(""),
                               .decision = S("QD1279/2025"), .tou = S(""), .from_day = 20726,
                               .to_day = 20757, .percent_hundredths = 2162,
                               .cosphi_hundredths = 74, .amount_mvnd = 11722000,
                               .has_percent = true};
}

static struct rated_bill bill_of(struct rated_line *lines, size_t count)
{
    return (struct rated_bill){.from_day = 20726, .to_day = 20757, .total_wh = 10000,
                               .pre_vat_vnd = 65942, .vat_ppm = 80000, .vat_vnd = 5275,
                               .total_vnd = 71217, .cause = S(""), .lines = lines,
                               .line_count = count};
}

/* ---- equality ---------------------------------------------------------------------------- */

static void words_of_kinds_come_back(void **state)
{
    (void)state;
    enum rated_line_kind kind;
    for (int i = 0; i < RATED_KIND_COUNT; i++) {
        assert_true(rated_kind_parse(rated_kind_code((enum rated_line_kind)i), &kind));
        assert_int_equal(kind, i);
    }
    assert_false(rated_kind_parse(S("discount"), &kind));
}

#define UNEQUAL(change)                                                  \
    do {                                                                 \
        struct rated_line ours[2] = {energy(), surcharge()};             \
        struct rated_line theirs[2] = {energy(), surcharge()};           \
        struct rated_bill a = bill_of(ours, 2), b = bill_of(theirs, 2);  \
        assert_true(rated_equal(&a, &b));                                \
        (change);                                                        \
        assert_false(rated_equal(&a, &b));                               \
        assert_false(rated_equal(&b, &a));                               \
    } while (0)

static void every_field_of_a_bill_counts(void **state)
{
    (void)state;
    UNEQUAL(b.total_wh++);
    UNEQUAL(b.pre_vat_vnd++);
    UNEQUAL(b.vat_vnd++);
    UNEQUAL(b.vat_ppm++);
    UNEQUAL(b.total_vnd++);
    UNEQUAL(b.line_count--);
}

static void every_field_of_a_line_counts(void **state)
{
    (void)state;
    UNEQUAL(theirs[0].kind = RATED_SUPPORT);
    UNEQUAL(theirs[0].category = S("SX"));
    UNEQUAL(theirs[0].voltage = S("22"));
    UNEQUAL(theirs[0].decision = S("QD2699/2024"));
    UNEQUAL(theirs[0].tou = S("offpeak"));
    UNEQUAL(theirs[0].tier = 1);
    UNEQUAL(theirs[0].from_day++);
    UNEQUAL(theirs[0].to_day++);
    UNEQUAL(theirs[0].has_quantity = false);
    UNEQUAL(theirs[0].quantity_wh++);
    UNEQUAL(theirs[0].has_price = false);
    UNEQUAL(theirs[0].price_vnd++);
    UNEQUAL(theirs[0].amount_mvnd++);
    UNEQUAL(theirs[1].has_percent = false);
    UNEQUAL(theirs[1].percent_hundredths++);
    UNEQUAL(theirs[1].cosphi_hundredths++);
}

/* ---- packing ----------------------------------------------------------------------------- */

static void damaged_bytes_are_refused(void **state)
{
    (void)state;
    struct err err;
    struct rated_line lines[2] = {energy(), surcharge()};
    struct rated_bill bill = bill_of(lines, 2), back;
    struct buf packed;
    buf_init(&packed, TEXT_BYTES);
    rated_pack(&packed, &bill);
    size_t size = packed.n;
    assert_int_equal(rated_unpack(&arena, buf_str(&packed), &back, &err), OK);
    assert_true(rated_equal(&bill, &back));
    buf_add_char(&packed, 'x');
    assert_int_equal(rated_unpack(&arena, buf_str(&packed), &back, &err), E_CHECK);
    assert_true(err.vi.hint[0] != '\0' && err.en.hint[0] != '\0');
    for (size_t i = 0; i < size; i++) {
        char kept = packed.p[i];
        packed.p[i] = (char)0xff; /* runs into what stands behind: read otherwise, or refused */
        err_t e = rated_unpack(&arena, str_sub(buf_str(&packed), 0, size), &back, &err);
        assert_true(e == E_CHECK || (e == OK && back.line_count <= RATED_LINES_MAX));
        packed.p[i] = kept;
    }
    buf_release(&packed);
}

/* A packed bill of nothing but zeros, with a count of lines and one line of a kind. */
static err_t unpack_counts(const char *count, size_t count_bytes, char kind)
{
    struct err err;
    struct rated_bill back;
    struct buf packed;
    buf_init(&packed, TEXT_BYTES);
    buf_add_char(&packed, 1);
    for (int i = 0; i < 11; i++) buf_add_char(&packed, 0);
    buf_add(&packed, (struct str){count, count_bytes});
    buf_add_char(&packed, kind);
    for (int i = 0; i < 9; i++) buf_add_char(&packed, 0);
    err_t e = rated_unpack(&arena, buf_str(&packed), &back, &err);
    buf_release(&packed);
    return e;
}

static void impossible_counts_and_kinds_are_refused(void **state)
{
    (void)state;
    assert_int_equal(unpack_counts("\x02", 1, 0), OK);         /* one line of energy */
    assert_int_equal(unpack_counts("\x02", 1, 8), E_CHECK);    /* of no kind */
    assert_int_equal(unpack_counts("\x02", 1, 1), E_CHECK);    /* of a kind below zero */
    assert_int_equal(unpack_counts("\x01", 1, 0), E_CHECK);    /* less than no line */
    assert_int_equal(unpack_counts("\x82\x10", 2, 0), E_CHECK); /* 1025 lines */
    /* A number that never ends. */
    assert_int_equal(unpack_counts("\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", 11, 0),
                     E_CHECK);
}

static void packing_needs_its_memory(void **state)
{
    (void)state;
    struct err err;
    struct rated_line lines[2] = {energy(), surcharge()};
    struct rated_bill bill = bill_of(lines, 2), back;
    struct arena small;
    struct buf packed;
    buf_init(&packed, TEXT_BYTES);
    rated_pack(&packed, &bill);
    arena_init(&small, ARENA_BYTES);
    memory_fail_after(1);
    assert_int_equal(rated_unpack(&small, buf_str(&packed), &back, &err), E_MEMORY);
    memory_fail_after(1);
    assert_int_equal(rated_difference(&small, &bill, &bill, &back, &err), E_MEMORY);
    memory_fail_after(0);
    arena_release(&small);
    buf_release(&packed);
}

/* ---- differences ------------------------------------------------------------------------- */

static void what_cancels_is_left_out(void **state)
{
    (void)state;
    struct err err;
    struct rated_line ours[2] = {energy(), surcharge()}, theirs[2] = {energy(), surcharge()};
    struct rated_bill before = bill_of(ours, 2), after = bill_of(theirs, 2), difference;
    assert_int_equal(rated_difference(&arena, &before, &after, &difference, &err), OK);
    assert_int_equal(difference.line_count, 0);
    theirs[0].price_vnd++;
    assert_int_equal(rated_difference(&arena, &before, &after, &difference, &err), OK);
    assert_int_equal(difference.line_count, 2);
    assert_int_equal(difference.lines[0].quantity_wh + difference.lines[1].quantity_wh, 0);
    /* Energy that costs nothing is told all the same. */
    ours[0].amount_mvnd = theirs[0].amount_mvnd = ours[0].price_vnd = theirs[0].price_vnd = 0;
    theirs[0].quantity_wh = 12000;
    assert_int_equal(rated_difference(&arena, &before, &after, &difference, &err), OK);
    assert_int_equal(difference.line_count, 1);
    assert_int_equal(difference.lines[0].quantity_wh, 2000);
}

static void a_difference_of_too_many_lines_is_refused(void **state)
{
    (void)state;
    struct err err;
    static struct rated_line ours[RATED_LINES_MAX], theirs[1];
    for (size_t i = 0; i < RATED_LINES_MAX; i++) {
        ours[i] = energy();
        ours[i].tier = (int64_t)i;
    }
    theirs[0] = surcharge();
    struct rated_bill before = bill_of(ours, RATED_LINES_MAX), after = bill_of(theirs, 1), out;
    assert_int_equal(rated_difference(&arena, &before, &after, &out, &err), E_LIMIT);
    assert_true(err.vi.message[0] != '\0' && err.en.message[0] != '\0');
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_of_kinds_come_back),
        cmocka_unit_test(every_field_of_a_bill_counts),
        cmocka_unit_test(every_field_of_a_line_counts),
        cmocka_unit_test(damaged_bytes_are_refused),
        cmocka_unit_test(impossible_counts_and_kinds_are_refused),
        cmocka_unit_test(packing_needs_its_memory),
        cmocka_unit_test(what_cancels_is_left_out),
        cmocka_unit_test(a_difference_of_too_many_lines_is_refused),
    };
    return cmocka_run_group_tests_name("billing rated", tests, setup, teardown);
}
