/* SPDX-License-Identifier: Apache-2.0 */
/* Where two price books part: whatever a book may say differently is found, on its day. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/date.h"
#include "billing/price_book_change.h"

enum { ARENA_BYTES = 64 * 1024 * 1024 };

/* A copy of the book in force, with a copy of everything that a case changes. */
struct copy {
    struct price_book book;
    struct decision *decision;
    struct price_table *table; /* of the last decision in force */
    struct vat_rate *vat;
    struct reactive_rule *reactive;
    struct campaign_rule *rule; /* of the first campaign */
    struct reconnection_fee *fee;
    struct service_price *service;
    struct tou_hours *tou;
    struct solar_price *solar;
    struct campaign *campaign;
};

static struct arena arena;
static const struct price_book *builtin;

#define COPY(list, count) copy_list((list), sizeof *(list) * (count))
static void *copy_list(const void *list, size_t bytes)
{
    struct str text = arena_str(&arena, (struct str){list, bytes});
    assert_non_null(text.p);
    return (void *)(uintptr_t)text.p;
}

static int last_decision(void)
{
    return book_decision_at(builtin, day_from_civil(2026, 10, 1));
}

static struct copy copy_of_book(void)
{
    struct copy copy = {.book = *builtin};
    const struct decision *last = &builtin->decision[last_decision()];
    struct campaign *campaign = COPY(builtin->campaign, builtin->campaign_count);
    copy.decision = COPY(builtin->decision, builtin->decision_count);
    copy.table = COPY(last->table, last->table_count);
    copy.vat = COPY(builtin->vat, builtin->vat_count);
    copy.reactive = COPY(builtin->reactive, builtin->reactive_count);
    copy.rule = COPY(campaign[0].rule, campaign[0].rule_count);
    copy.fee = COPY(builtin->fee, builtin->fee_count);
    copy.service = arena_take_array(&arena, 2, sizeof *copy.service);
    copy.tou = COPY(builtin->tou, builtin->tou_count);
    copy.solar = COPY(builtin->solar, builtin->solar_count);
    copy.campaign = campaign;
    copy.book.tou = copy.tou;
    copy.book.solar = copy.solar;
    copy.decision[last_decision()].table = copy.table;
    campaign[0].rule = copy.rule;
    copy.book.campaign = campaign;
    copy.book.decision = copy.decision;
    copy.book.vat = copy.vat;
    copy.book.reactive = copy.reactive;
    copy.book.fee = copy.fee;
    copy.book.service = copy.service;
    copy.book.service_count = 0;
    return copy;
}

static void parts_on(const struct copy *copy, int32_t day)
{
    assert_int_equal(price_book_first_difference(builtin, &copy->book), day);
    assert_int_equal(price_book_first_difference(&copy->book, builtin), day);
}

#define PARTS_ON(day, change)                   \
    do {                                        \
        struct copy copy = copy_of_book();      \
        (change);                               \
        parts_on(&copy, (day));                 \
    } while (0)

static int setup(void **state)
{
    struct err err;
    (void)state;
    arena_init(&arena, ARENA_BYTES);
    return book_load(&arena, book_builtin_text(), &builtin, &err) == OK ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

/* ---- prices ------------------------------------------------------------------------------ */

static void equal_books_never_part(void **state)
{
    (void)state;
    struct copy copy = copy_of_book();
    parts_on(&copy, DAY_OPEN);
}

static void a_price_parts_them_on_its_first_day(void **state)
{
    (void)state;
    int32_t day = builtin->decision[last_decision()].from_day;
    PARTS_ON(day, copy.table[0].price_vnd[0]++);
    PARTS_ON(day, copy.table[0].upto_kwh[0]++);
    PARTS_ON(day, copy.table[0].shape++);
    PARTS_ON(day, copy.table[0].count--);
    PARTS_ON(day, copy.decision[last_decision()].average_ppm++);
    PARTS_ON(day, copy.decision[last_decision()].by_average ^= true);
}

static void a_category_with_a_price_in_one_book_parts_them(void **state)
{
    (void)state;
    uint8_t category = builtin->decision[last_decision()].table[0].category;
    uint8_t voltage = builtin->decision[last_decision()].table[0].voltage;
    PARTS_ON(builtin->decision[last_decision()].from_day,
             copy.decision[last_decision()].table_index[category][voltage] = 0);
}

/* ---- taxes, surcharges, support ---------------------------------------------------------- */

static void a_tax_rate_parts_them(void **state)
{
    (void)state;
    size_t last = builtin->vat_count - 1u;
    PARTS_ON(builtin->vat[last].from_day, copy.vat[last].rate_ppm++);
    PARTS_ON(builtin->vat[last].from_day, copy.book.vat_count--);
}

static void a_surcharge_parts_them(void **state)
{
    (void)state;
    int32_t day = builtin->reactive[0].from_day;
    PARTS_ON(day, copy.reactive[0].threshold_w++);
    PARTS_ON(day, copy.reactive[0].percent_hundredths[80]++);
    PARTS_ON(day, copy.book.reactive_count = 0);
}

static void support_parts_them_in_its_first_month(void **state)
{
    (void)state;
    int32_t day = first_day_of_month(builtin->campaign[0].rule[0].from_month);
    int32_t behind = first_day_of_month(builtin->campaign[0].rule[0].to_month + 1);
    PARTS_ON(day, copy.rule[0].method ^= 1);
    PARTS_ON(day, copy.rule[0].fact++);
    PARTS_ON(day, copy.rule[0].tier_upto ^= 1);
    PARTS_ON(day, copy.rule[0].price_of++);
    PARTS_ON(day, copy.rule[0].kwh_limited ^= true);
    PARTS_ON(day, copy.rule[0].percent_hundredths++);
    PARTS_ON(day, copy.rule[0].kwh_above++);
    PARTS_ON(day, copy.rule[0].kwh_upto--);
    PARTS_ON(day, copy.rule[0].category_mask ^= 1);
    PARTS_ON(behind, copy.rule[0].to_month++);
}

/* ---- what is printed beside the prices ---------------------------------------------------- */

static void the_document_of_a_decision_parts_them(void **state)
{
    (void)state;
    int last = last_decision();
    int32_t day = builtin->decision[last].from_day;
    PARTS_ON(day, copy.decision[last].id = S("QD0/2030"));
    PARTS_ON(day, copy.decision[last].document_vi = S("Quyết định khác"));
    PARTS_ON(day, copy.decision[last].document_en = S("Another decision"));
    PARTS_ON(day, copy.table[0].confidence[0]++);
}

static void hours_part_them(void **state)
{
    (void)state;
    int32_t day = builtin->tou[0].from_day;
    PARTS_ON(day, copy.tou[0].minute_tou[0][600]++);
    PARTS_ON(day, copy.tou[0].from_day = DAY_OPEN);
}

static void a_campaign_whose_details_are_unknown_parts_them(void **state)
{
    (void)state;
    PARTS_ON(first_day_of_month(builtin->campaign[0].rule[0].from_month),
             copy.campaign[0].established ^= true);
}

static void a_price_for_solar_energy_parts_them(void **state)
{
    (void)state;
    int32_t day = builtin->solar[0].from_day;
    PARTS_ON(day, copy.solar[0].price_ppm++);
    PARTS_ON(day, copy.solar[0].id = S("khác"));
    PARTS_ON(day, copy.solar[0].kind = S("khác"));
    PARTS_ON(day, copy.solar[0].unit = S("khác"));
}

/* ---- fees -------------------------------------------------------------------------------- */

static void a_reconnection_fee_parts_them(void **state)
{
    (void)state;
    size_t last = builtin->fee_count - 1u;
    int32_t day = builtin->fee[last].from_day;
    PARTS_ON(day, copy.fee[last].base_vnd[0]++);
    PARTS_ON(day, copy.fee[last].band_upto_km[0]++);
    PARTS_ON(day, copy.fee[last].band_k_ppm[0]++);
    PARTS_ON(day, copy.fee[last].region_n_ppm[0]++);
    PARTS_ON(day, copy.fee[last].band_count--);
    PARTS_ON(day, copy.book.fee_count--);
}

static struct service_price service(const char *code, int64_t price_vnd)
{
    return (struct service_price){.code = str_of(code), .price_vnd = price_vnd,
                                  .from_day = day_from_civil(2026, 7, 1),
                                  .to_day = day_from_civil(2026, 12, 31)};
}

static void a_price_list_parts_them_while_it_holds(void **state)
{
    (void)state;
    struct copy one = copy_of_book(), two = copy_of_book();
    one.service[0] = two.service[0] = service("meter_test", 100000);
    two.service[1] = service("meter_move", 250000);
    one.book.service_count = two.book.service_count = 1;
    assert_int_equal(price_book_first_difference(&one.book, &two.book), DAY_OPEN);
    parts_on(&one, day_from_civil(2026, 7, 1));
    two.service[0].price_vnd++;
    assert_int_equal(price_book_first_difference(&one.book, &two.book),
                     day_from_civil(2026, 7, 1));
    two.service[0].price_vnd--;
    two.book.service_count = 2;
    assert_int_equal(price_book_first_difference(&one.book, &two.book),
                     day_from_civil(2026, 7, 1));
    two.book.service_count = 1;
    two.service[0].to_day = DAY_OPEN;
    assert_int_equal(price_book_first_difference(&one.book, &two.book),
                     day_from_civil(2027, 1, 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equal_books_never_part),
        cmocka_unit_test(a_price_parts_them_on_its_first_day),
        cmocka_unit_test(a_category_with_a_price_in_one_book_parts_them),
        cmocka_unit_test(a_tax_rate_parts_them),
        cmocka_unit_test(a_surcharge_parts_them),
        cmocka_unit_test(support_parts_them_in_its_first_month),
        cmocka_unit_test(the_document_of_a_decision_parts_them),
        cmocka_unit_test(hours_part_them),
        cmocka_unit_test(a_campaign_whose_details_are_unknown_parts_them),
        cmocka_unit_test(a_price_for_solar_energy_parts_them),
        cmocka_unit_test(a_reconnection_fee_parts_them),
        cmocka_unit_test(a_price_list_parts_them_while_it_holds),
    };
    return cmocka_run_group_tests_name("billing prices", tests, setup, teardown);
}
