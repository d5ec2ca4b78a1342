/* SPDX-License-Identifier: Apache-2.0 */
/* Pages of customers beyond their bills: figures come out as they should, and what people or files
 * wrote stays words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/date.h"
#include "web/show_portal.h"

enum { ARENA_BYTES = 16 << 20, PAGE_BYTES = 1 << 20 };

static struct arena arena;
static struct buf page;
static struct err err;
static struct show show;

static int open_all(void **state)
{
    (void)state;
    arena_init(&arena, ARENA_BYTES);
    buf_init(&page, PAGE_BYTES);
    return 0;
}

static int close_all(void **state)
{
    (void)state;
    buf_release(&page);
    arena_release(&arena);
    return 0;
}

static int start(void **state)
{
    (void)state;
    buf_reset(&page);
    show = (struct show){.arena = &arena,
                         .token = S("token"),
                         .other_language = S("?lang=en"),
                         .signed_in = true,
                         .out = &page,
                         .err = &err};
    return 0;
}

static void has(const char *part)
{
    if (strstr(buf_str(&page).p, part) == NULL) fail_msg("no %s in\n%s", part, buf_str(&page).p);
}

static void lacks(const char *part)
{
    if (strstr(buf_str(&page).p, part) != NULL) fail_msg("%s stands there", part);
}

/* ---- readings ---------------------------------------------------------------------------- */

static void registers_read_together_stand_below_one_day(void **state)
{
    (void)state;
    const int32_t day = day_from_civil(2026, 7, 31);
    struct reading_seen seen[] = {{.point_id = 1,
                                   .installation_id = 3,
                                   .serial = S("<b>12"),
                                   .day = day,
                                   .reg = REGISTER_BT,
                                   .index_wh = 12345600,
                                   .multiplier = 40,
                                   .use_wh = 8040500},
                                  {.point_id = 1,
                                   .installation_id = 3,
                                   .serial = S("<b>12"),
                                   .day = day,
                                   .reg = REGISTER_VC,
                                   .index_wh = 500,
                                   .multiplier = 40,
                                   .use_wh = 0,
                                   .corrected = true},
                                  {.point_id = 1,
                                   .installation_id = 3,
                                   .serial = S("<b>12"),
                                   .day = day - 31,
                                   .reg = REGISTER_BT,
                                   .index_wh = -1,
                                   .not_read = NOT_READ_FLOODED,
                                   .multiplier = 40,
                                   .use_wh = -1}};
    const struct show_readings_row rows[] = {{&seen[0], S("/khach-hang/chi-so/x"), false},
                                             {&seen[1], S(""), false},
                                             {&seen[2], S("javascript:alert(1)"), false}};
    const struct show_readings readings = {.agreement = S("PD1"), .rows = rows, .row_count = 3};
    assert_int_equal(show_readings(&show, &readings), OK);
    has("8.040,5 kWh");
    has("0 kVArh");
    has("12345,6");
    has("hệ số 40");
    has("ngập nước");
    has("Đã sửa");
    has("&lt;b&gt;12");
    lacks("<b>12");
    lacks("javascript:");
    const char *first = strstr(buf_str(&page).p, "31/07/2026");
    assert_non_null(first);
    assert_null(strstr(first + 1, "31/07/2026"));
}

/* ---- the level to be warned at ------------------------------------------------------------ */

static void limit(enum warning_kind kind, int64_t value, int64_t wh, int64_t vnd)
{
    const struct show_limit page_of = {.agreement = S("PD1"),
                                       .level = {kind, value},
                                       .so_far = {true, day_from_civil(2026, 7, 20), wh, vnd}};
    buf_reset(&page);
    assert_int_equal(show_limit(&show, &page_of), OK);
}

static void how_much_of_the_level_was_used(void **state)
{
    (void)state;
    limit(WARNING_ENERGY, 300000, 239999, 0);
    has("Đã dùng 79 % ngưỡng 300\xC2\xA0kWh");
    lacks("status attention");
    limit(WARNING_ENERGY, 300000, 240000, 0);
    has("status attention");
    has("80 %");
    limit(WARNING_ENERGY, 300000, 299999, 0);
    has("99 %");
    limit(WARNING_ENERGY, 300000, 300000, 0);
    has("Đã vượt ngưỡng 300\xC2\xA0kWh: 100 %");
    has("status danger");
    limit(WARNING_MONEY, 800000, 1, 400000);
    has("50 % ngưỡng 800.000\xC2\xA0đ");
    limit(WARNING_NONE, 0, 1, 1);
    lacks(" % ngưỡng");
    limit(WARNING_ENERGY, 1000, INT64_MAX, 0);
    lacks(" % ngưỡng");
}

/* ---- my data ----------------------------------------------------------------------------- */

static void what_others_wrote_stays_words(void **state)
{
    (void)state;
    const struct supply_holder holder = {.name = S("<script>alert(1)</script>"),
                                         .identity_no = S("001200000123")};
    const struct access_seen reads[] = {{.action = S("customer.show"),
                                         .reason = S("\"><img src=x>"),
                                         .role_vi = S("Giao dịch viên"),
                                         .role_en = S("Care agent")},
                                        {.action = S("unheard.of")}};
    const struct show_session sessions[] = {
        {.agent = S("<i>"), .hash = S("ab"), .this_one = false}};
    const struct show_my_data data = {.agreement = S("PD1"),
                                      .role = S("Chủ hợp đồng"),
                                      .holder = &holder,
                                      .sessions = sessions,
                                      .session_count = 1,
                                      .reads = reads,
                                      .read_count = 2};
    assert_int_equal(show_my_data(&show, &data), OK);
    has("&lt;script&gt;");
    lacks("<img");
    lacks("<i>");
    lacks("001200000123");
    has("···123");
    has("Giao dịch viên");
    has("Dữ liệu khác</strong> · Nhân viên");
    has("/khach-hang/du-lieu/thiet-bi/ab");
    lacks("/khach-hang/du-lieu/quyen");
}

int main(void)
{
#define CASE(f) cmocka_unit_test_setup(f, start)
    const struct CMUnitTest tests[] = {
        CASE(registers_read_together_stand_below_one_day),
        CASE(how_much_of_the_level_was_used),
        CASE(what_others_wrote_stays_words),
    };
    return cmocka_run_group_tests_name("show portal", tests, open_all, close_all);
}
