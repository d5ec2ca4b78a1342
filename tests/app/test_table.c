/* SPDX-License-Identifier: Apache-2.0 */
/* Tables, progress and errors as people see them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "app/progress.h"
#include "app/report.h"
#include "app/table.h"
#include "base/date.h"

static struct arena arena;
static struct buf out;

static int set_up(void **state)
{
    (void)state;
    arena_init(&arena, 1 << 20);
    buf_init(&out, 1 << 16);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_release(&arena);
    buf_release(&out);
    return 0;
}

static void columns_stand_below_each_other(void **state)
{
    (void)state;
    static const struct table_column columns[] = {
        {"Khách hàng", ALIGN_LEFT}, {"kWh", ALIGN_RIGHT}, {"Thành tiền", ALIGN_RIGHT},
        {"Từ ngày", ALIGN_LEFT}};
    struct table table;
    struct err err;
    table_init(&table, &arena, columns, ARRAY_COUNT(columns));
    table_text(&table, S("Nguye\xCC\x82\xCC\x83n"));
    table_decimal(&table, 461250, 3);
    table_vnd(&table, 1388405);
    table_day(&table, day_from_civil(2026, 7, 1));
    table_text(&table, S("Công ty 电"));
    table_i64(&table, 5);
    table_vnd(&table, 0);
    table_text(&table, S("–"));
    assert_int_equal(table_print(&table, &out, &err), OK);
    assert_string_equal(out.p, "Khách hàng     kWh   Thành tiền  Từ ngày\n"
                               "Nguye\xCC\x82\xCC\x83n      461,25  1.388.405 đ  01/07/2026\n"
                               "Công ty 电       5          0 đ  –\n");
}

static void a_narrow_terminal_wraps_long_texts(void **state)
{
    (void)state;
    static const struct table_column columns[] = {
        {"Điểm đo", ALIGN_LEFT}, {"kWh", ALIGN_RIGHT}, {"Lý do", ALIGN_LEFT}};
    struct table table;
    struct err err;
    table_init(&table, &arena, columns, ARRAY_COUNT(columns));
    table.screen = 40;
    table_text(&table, S("PD0001"));
    table_i64(&table, 12);
    table_text(&table, S("sổ chưa ký đủ ba bước, hóa đơn chờ"));
    table_text(&table, S("PD0002"));
    table_i64(&table, 7);
    table_text(&table, S(""));
    assert_int_equal(table_print(&table, &out, &err), OK);
    assert_string_equal(out.p, "Điểm đo  kWh  Lý do\n"
                               "PD0001    12  sổ chưa ký đủ ba bước, hóa\n"
                               "              đơn chờ\n"
                               "PD0002     7\n");
}

static void a_row_too_wide_for_a_terminal_takes_two_lines(void **state)
{
    (void)state;
    static const struct table_column columns[] = {
        {"Số hóa đơn", ALIGN_LEFT}, {"Từ", ALIGN_LEFT}, {"kWh", ALIGN_RIGHT},
        {"Cộng", ALIGN_RIGHT}};
    struct table table;
    struct err err;
    table_init(&table, &arena, columns, ARRAY_COUNT(columns));
    table.screen = 40;
    table_text(&table, S("PD0100-26101-7-7-K1"));
    table_day(&table, day_from_civil(2026, 7, 1));
    table_decimal(&table, 461250, 3);
    table_vnd(&table, 1388405);
    assert_int_equal(table_print(&table, &out, &err), OK);
    assert_string_equal(out.p, "Số hóa đơn           Từ             kWh\n"
                               "           Cộng\n"
                               "PD0100-26101-7-7-K1  01/07/2026  461,25\n"
                               "    1.388.405 đ\n");
}

static void a_table_without_rows_has_its_titles(void **state)
{
    (void)state;
    static const struct table_column columns[] = {{"Mã", ALIGN_LEFT}};
    struct table table;
    struct err err;
    table_init(&table, &arena, columns, 1);
    assert_int_equal(table_print(&table, &out, &err), OK);
    assert_string_equal(out.p, "Mã\n");
}

static void a_table_that_is_too_long_says_so(void **state)
{
    (void)state;
    static const struct table_column columns[] = {{"Mã", ALIGN_LEFT}};
    struct arena small;
    struct table table;
    struct err err;
    arena_init(&small, 4096);
    table_init(&table, &small, columns, 1);
    for (int i = 0; i < 1000; i++) table_text(&table, S("PD0100001"));
    assert_int_equal(table_print(&table, &out, &err), E_LIMIT);
    arena_release(&small);
}

static void progress_tells_pace_and_time_left(void **state)
{
    (void)state;
    struct progress progress = {.job = "bill run", .title_vi = "Tính hóa đơn",
                                .unit_vi = "hóa đơn", .total = 1000000, .done = 250000};
    buf_add_progress_line(&out, &progress, INT64_C(20000000000));
    assert_string_equal(out.p, "progress job=\"bill run\" done=250000 total=1000000 "
                               "per_second=12500 left_s=60");
    buf_reset(&out);
    buf_add_progress_bar(&out, &progress, INT64_C(20000000000));
    assert_string_equal(out.p, "Tính hóa đơn  [█████░░░░░░░░░░░░░░░]  25 %  "
                               "12.500 hóa đơn/giây  còn 1:00");
}

static void progress_without_a_total_counts(void **state)
{
    (void)state;
    struct progress progress = {.job = "import", .title_vi = "Nhập", .unit_vi = "dòng"};
    buf_add_progress_line(&out, &progress, 0);
    assert_string_equal(out.p, "progress job=\"import\" done=0 per_second=0");
}

static void errors_stand_in_both_languages(void **state)
{
    (void)state;
    struct err err;
    err_set(&err, E_INPUT, "usage.kwh", "Không phải số", "Not a number");
    err_hint(&err, "Viết 12.5", "Write 12.5");
    buf_add_error(&out, &err);
    assert_string_equal(out.p, "Lỗi (usage.kwh): Không phải số\n  Cách xử lý: Viết 12.5\n"
                               "Error (usage.kwh): Not a number\n  Remedy: Write 12.5\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(columns_stand_below_each_other, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_narrow_terminal_wraps_long_texts, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_row_too_wide_for_a_terminal_takes_two_lines, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_table_without_rows_has_its_titles, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_table_that_is_too_long_says_so, set_up, tear_down),
        cmocka_unit_test_setup_teardown(progress_tells_pace_and_time_left, set_up, tear_down),
        cmocka_unit_test_setup_teardown(progress_without_a_total_counts, set_up, tear_down),
        cmocka_unit_test_setup_teardown(errors_stand_in_both_languages, set_up, tear_down),
    };
    return cmocka_run_group_tests_name("app", tests, NULL, NULL);
}
