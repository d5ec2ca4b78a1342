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

/* ---- a co-operative ---------------------------------------------------------------------- */

static void show_coop(const struct show_cooperative *coop)
{
    buf_reset(&page);
    assert_int_equal(show_cooperative(&show, coop), OK);
}

static void months_tell_what_was_lost(void **state)
{
    (void)state;
    const struct bill_facts facts = {.row = {.key = {.month = 202607, .period_no = 1}}};
    const int64_t told_ms = vietnam_midnight_ms(day_from_civil(2026, 8, 2));
    const struct resale sales[] = {{202607, 91250500, 200000000, told_ms, 1},
                                   {202606, 110000000, RESALE_NO_MONEY, told_ms, 2}};
    struct show_trade months[] = {{202607, 100000000, 180000000, 0, 0, &sales[0]},
                                  {202606, 100000000, 180000000, 1, 2, &sales[1]},
                                  {202605, 70000000, 120000000, 0, 0, NULL}};
    struct show_cooperative coop = {.agreement = S("PD1"),
                                    .last = &facts,
                                    .months = months,
                                    .month_count = 2,
                                    .today = day_from_civil(2026, 8, 5),
                                    .may_declare = true};
    show_coop(&coop);
    has("<td class=\"n\">91.250,5</td><td class=\"n\">8.749,5<br>");
    has("8,7 %");
    has("khai ngày 02/08/2026");
    has("khai lại ngày 02/08/2026");
    has("chênh 20.000.000\xC2\xA0\xC4\x91");
    has("−10.000<br><span class=\"muted\">−10 %");
    has("bán nhiều hơn mua");
    has("1 hóa đơn tính lại ra số khác");
    has("2 hóa đơn không tính lại được");
    lacks("chưa khai");
    has("<option value=\"2026-07\" selected>");
    has("action=\"/khach-hang/hop-tac-xa/rut-lai?hop-dong=PD1\"");
    coop.month_count = 3;
    show_coop(&coop);
    has("chưa khai</td><td class=\"n\">chưa biết");
    has("<option value=\"2026-05\" selected>"); /* the one that has no word */
    coop.may_declare = false;
    show_coop(&coop);
    lacks("<form method=\"post\" action=\"/khach-hang/hop-tac-xa");
    has("Chủ hợp đồng khai");
    months[0].wh = 0;
    show_coop(&coop);
    lacks("8,7 %");
}

static void each_bill_says_whether_it_came_out_again(void **state)
{
    (void)state;
    const struct bill_facts facts = {.row = {.key = {.month = 202607, .period_no = 1}}};
    struct show_purchase purchase = {S("1"),         S("/khach-hang/hoa-don/1"), 202607, 1000, 1, 1,
                                     RECOMPUTED_SAME};
    const struct show_cooperative coop = {
        .agreement = S("PD1"), .last = &facts, .purchases = &purchase, .purchase_count = 1};
    static const char *const words[] = {[RECOMPUTED_SAME] = "đúng từng đồng",
                                        [RECOMPUTED_DIFFERS] = "Tính lại ra số khác",
                                        [RECOMPUTED_EARLIER] = "Của hệ thống trước",
                                        [RECOMPUTED_NO_BOOK] = "Thiếu biểu giá"};
    for (size_t i = 0; i < ARRAY_COUNT(words); i++) {
        purchase.recomputed = (enum show_recomputed)i;
        show_coop(&coop);
        for (size_t k = 0; k < ARRAY_COUNT(words); k++)
            if (k == i) has(words[k]);
            else lacks(words[k]);
    }
}

static void households_stand_beside_their_papers(void **state)
{
    (void)state;
    const struct bill_facts facts = {.row = {.key = {.month = 202607, .period_no = 1}}};
    const int32_t today = day_from_civil(2026, 8, 5);
    struct households count = {today - 100, INT32_MAX, 48, S("DS <1>"), S(""), 0, true, 48};
    const struct show_master masters[] = {{S("P1"), &count, 1, false}, {S("P2"), NULL, 0, false}};
    const struct show_cooperative coop = {.agreement = S("PD1"),
                                          .last = &facts,
                                          .masters = masters,
                                          .master_count = 2,
                                          .today = today};
    show_coop(&coop);
    has("Điểm đo P1");
    has("Khai 12 hộ");
    has("DS &lt;1&gt;");
    has("Trên giấy tờ: 12 hộ");
    has("Khớp với giấy tờ");
    has("Điểm đo P2");
    has("Chưa có số hộ nào được khai");
    count.paper_quarters = 53;
    show_coop(&coop);
    has("Trên giấy tờ: 13,25 hộ");
    has("Khác với giấy tờ");
    lacks("Khớp với giấy tờ");
    count.proof_until_day = today - 1;
    show_coop(&coop);
    has("Hết giá trị sau ngày 04/08/2026");
    lacks("có giá trị đến");
    count.proof_until_day = today;
    count.paper_counted = false;
    show_coop(&coop);
    has("có giá trị đến 05/08/2026");
    has("Chưa ghi nhận số hộ trên giấy tờ");
    count.proof = S("");
    show_coop(&coop);
    has("Không có giấy tờ trong hồ sơ");
}

int main(void)
{
#define CASE(f) cmocka_unit_test_setup(f, start)
    const struct CMUnitTest tests[] = {
        CASE(registers_read_together_stand_below_one_day),
        CASE(how_much_of_the_level_was_used),
        CASE(what_others_wrote_stays_words),
        CASE(months_tell_what_was_lost),
        CASE(each_bill_says_whether_it_came_out_again),
        CASE(households_stand_beside_their_papers),
    };
    return cmocka_run_group_tests_name("show portal", tests, open_all, close_all);
}
