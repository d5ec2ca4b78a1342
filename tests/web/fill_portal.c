/* SPDX-License-Identifier: Apache-2.0 */
/* Pages of customers beyond their bills, with test data. */
#include "base/date.h"
#include "web/filling.h"
#include "web/show_portal.h"

static int32_t day_of(int month, int day)
{
    return day_from_civil(2026, month, day);
}

/* ---- readings ---------------------------------------------------------------------------- */

static err_t make_readings(struct filling *f)
{
    const struct str one = S("0012345678"), three = S("2216004711"), photo = S("/khach-hang/anh/1");
    const struct reading_seen seen[] = {
        {1, 9, three, day_of(7, 31), REGISTER_BT, READING_PERIODIC, SOURCE_REMOTE, NOT_READ_NONE,
         false, false, 12345600, 40, 6, 8040000, day_of(6, 30), photo},
        {1, 9, three, day_of(7, 31), REGISTER_CD, READING_PERIODIC, SOURCE_REMOTE, NOT_READ_NONE,
         false, true, 2345100, 40, 6, 2120000, day_of(6, 30), S("")},
        {1, 9, three, day_of(7, 31), REGISTER_TD, READING_PERIODIC, SOURCE_REMOTE, NOT_READ_NONE,
         false, false, 3345900, 40, 6, 1998400, day_of(6, 30), S("")},
        {1, 9, three, day_of(7, 31), REGISTER_VC, READING_PERIODIC, SOURCE_REMOTE, NOT_READ_NONE,
         false, false, 1345900, 40, 6, 998400, day_of(6, 30), S("")},
        {1, 8, one, day_of(6, 30), REGISTER_KT, READING_CLOSING, SOURCE_PHOTO, NOT_READ_NONE, true,
         false, 41000, 1, 5, 461000, day_of(5, 31), S("")},
        {1, 8, one, day_of(5, 31), REGISTER_KT, READING_PERIODIC, SOURCE_MANUAL, NOT_READ_LOCKED,
         false, false, -1, 1, 5, -1, 0, S("")},
        {1, 8, one, day_of(4, 30), REGISTER_KT, READING_OPENING, SOURCE_PHOTO, NOT_READ_NONE, false,
         false, 99580500, 1, 5, -1, 0, photo}};
    struct show_readings_row rows[ARRAY_COUNT(seen)];
    for (size_t i = 0; i < ARRAY_COUNT(seen); i++)
        rows[i] =
            (struct show_readings_row){&seen[i], seen[i].photo, seen[i].kind == READING_CLOSING};
    struct show_readings some = {.agreement = S("PD00000000001"),
                                 .rows = rows,
                                 .row_count = ARRAY_COUNT(rows),
                                 .first_month = month_of_day(day_of(1, 1)) - 5,
                                 .last_month = month_of_day(day_of(7, 1)),
                                 .after = S("/khach-hang/chi-so?den=2025-07")};
    err_t e = end_page(f, show_readings(&f->show, &some), "readings");
    some.row_count = 0;
    return e == OK ? end_page(f, show_readings(&f->show, &some), "readings-none") : e;
}

/* ---- comparison -------------------------------------------------------------------------- */

static err_t make_compare(struct filling *f, const char *name, const char *number, bool declined)
{
    struct bill_facts facts;
    struct show_compare compare = {
        .agreement = S("PD00000000001"),
        .bill = S("/khach-hang/hoa-don/1"),
        .no_peers_vi = S("Số liệu so sánh của tháng này chưa được công bố."),
        .no_peers_en = S("The comparison of this month is not published yet."),
        .declined = declined,
        .may_decline = true};
    err_t e = OK;
    if (number != NULL) {
        e = bill_facts_load(f->source, &f->arena, str_of(number), &facts, &f->err);
        compare.last = &facts;
    }
    return e == OK ? end_page(f, show_compare(&f->show, &compare), name) : e;
}

/* ---- my data ----------------------------------------------------------------------------- */

static err_t make_my_data(struct filling *f, const char *name, bool owner,
                          const struct err *refused)
{
    const int64_t at_ms = vietnam_midnight_ms(day_of(7, 31)) + 50000000;
    const struct supply_holder holder = {.name = S("Khách hàng thử số 1 <b>"),
                                         .identity_no = S("001200000123"),
                                         .phone = S("0900000001"),
                                         .email = S("mot@example.vn"),
                                         .address = S("Nhà 12, ngõ 3, phố Thử nghiệm")};
    const struct show_contact contacts[] = {{S("0900000001"), at_ms}, {S("mot@example.vn"), at_ms}};
    const struct show_access accesses[] = {
        {S("···001"), S("Chủ hợp đồng"), true, day_of(1, 1), 0, S("")},
        {S("h···@example.vn"), S("Người thuê"), false, day_of(3, 1), day_of(9, 1),
         S("/khach-hang/du-lieu/quyen/2?hop-dong=PD00000000001")}};
    const struct show_session sessions[] = {
        {S("Chrome, Android"), S("203.0.113.7"), S("a1"), at_ms, at_ms, true, true},
        {S("Cốc Cốc, Windows"), S("2001:db8:85a3::8a2e:370:7334"), S("b2"), at_ms, at_ms, false,
         false}};
    const struct show_device devices[] = {
        {S("Safari, iOS"), S("c3"), at_ms, at_ms + 90 * (int64_t)86400000}};
    const struct show_consent consents[] = {{PURPOSE_saving_advice, true, true, at_ms},
                                            {PURPOSE_survey, false, true, at_ms},
                                            {PURPOSE_contact, false, false, 0}};
    const struct access_seen reads[] = {
        {9, at_ms, 0, S("Điện thoại viên, giao dịch viên"), S("Care agent"), S("customer.show"),
         S("hỏi hóa đơn tháng 7"), S(""), S(""), S("")},
        {8, at_ms, 0, S(""), S(""), S("something.else"), S(""), S(""), S(""), S("")}};
    const struct show_request requests[] = {
        {S("Sửa dữ liệu"), day_of(7, 30), day_of(8, 9), true, false, S(""),
         S("Tên đúng là Nguyễn Thị An, không phải Ân."), S("")},
        {S("Hạn chế xử lý"), day_of(7, 20), day_of(8, 14), true, false, S(""), S(""),
         S("Bên gửi tin nhắn chưa xác nhận đã dừng.")},
        {S("Xóa dữ liệu"), day_of(5, 2), day_of(5, 22), false, true, S("Đã xóa số phụ."), S(""),
         S("")},
        {S("Phản đối xử lý"), day_of(4, 2), day_of(4, 22), false, false, S("Luật thuế bắt giữ."),
         S(""), S("")}};
    const struct show_my_data data = {.agreement = S("PD00000000001"),
                                      .role = owner ? S("Chủ hợp đồng") : S("Người thuê"),
                                      .holder = owner ? &holder : NULL,
                                      .contacts = contacts,
                                      .contact_count = ARRAY_COUNT(contacts),
                                      .may_give = owner,
                                      .accesses = accesses,
                                      .access_count = ARRAY_COUNT(accesses),
                                      .sessions = sessions,
                                      .devices = devices,
                                      .device_count = ARRAY_COUNT(devices),
                                      .session_count = owner ? ARRAY_COUNT(sessions) : 1,
                                      .consents = consents,
                                      .consent_count = ARRAY_COUNT(consents),
                                      .reads = reads,
                                      .read_count = ARRAY_COUNT(reads),
                                      .reads_more = S("/khach-hang/du-lieu?truoc=8#reads"),
                                      .requests = requests,
                                      .request_count = owner ? ARRAY_COUNT(requests) : 0,
                                      .file = S("/khach-hang/du-lieu/tai-ve"),
                                      .refused = refused,
                                      .typed = refused != NULL ? S("0900000002") : S(""),
                                      .until = S("")};
    return end_page(f, show_my_data(&f->show, &data), name);
}

static err_t make_my_datas(struct filling *f)
{
    struct err stranger = {0}, twice = {0};
    err_set(&stranger, E_INPUT, "who", "Người này chưa đăng nhập lần nào", "They never signed in");
    err_hint(&stranger, "Nhờ người đó đăng nhập một lần", "Ask them to sign in once");
    err_set(&twice, E_STATE, "kind", "Yêu cầu này đang chờ trả lời", "This waits for its answer");
    err_hint(&twice, "Đợi đến ngày ghi bên cạnh", "Wait until the day beside it");
    err_t e = make_my_data(f, "my-data", true, NULL);
    if (e == OK) e = make_my_data(f, "my-data-refused", true, &stranger);
    return e == OK ? make_my_data(f, "my-data-tenant", false, &twice) : e;
}

/* ---- the level to be warned at ------------------------------------------------------------ */

static err_t make_limits(struct filling *f)
{
    struct err zero = {0};
    err_set(&zero, E_INPUT, "level", "Ngưỡng phải lớn hơn không", "The level must be above zero");
    err_hint(&zero, "Nhập số kWh", "Enter kWh");
    struct show_limit limit = {.agreement = S("PD00000000001"), .typed = S("")};
    err_t e = end_page(f, show_limit(&f->show, &limit), "limit");
    limit.level = (struct warning_level){WARNING_ENERGY, 300000};
    limit.so_far = (struct show_so_far){true, day_of(7, 20), 312000, 812000};
    limit.refused = &zero;
    limit.typed = S("0");
    if (e == OK) e = end_page(f, show_limit(&f->show, &limit), "limit-over");
    limit.level = (struct warning_level){WARNING_MONEY, 900000};
    limit.refused = NULL;
    return e == OK ? end_page(f, show_limit(&f->show, &limit), "limit-near") : e;
}

/* ---- a co-operative ---------------------------------------------------------------------- */

static err_t make_cooperative(struct filling *f, const char *name, bool owner, bool papers)
{
    struct bill_facts facts;
    struct err no_number = {0};
    const int64_t told_ms = vietnam_midnight_ms(day_of(8, 2));
    const struct show_purchase purchases[] = {
        {S("1"), S("/khach-hang/hoa-don/1"), 202607, 461000, 1285560, 1388405, RECOMPUTED_SAME},
        {S("2"), S("/khach-hang/hoa-don/2"), 202606, 365000, 957250, 1033830, RECOMPUTED_DIFFERS},
        {S("3"), S("/khach-hang/hoa-don/3"), 202605, 0, 0, 0, RECOMPUTED_NO_BOOK},
        {S("4"), S("/khach-hang/hoa-don/4"), 202604, 10, 20, 30, RECOMPUTED_EARLIER}};
    const struct resale sales[] = {{202607, 1234440500, 12812500000, told_ms, 1},
                                   {202605, 990000, RESALE_NO_MONEY, told_ms, 3}};
    const struct show_trade months[] = {{202607, 1371600000, 11285560000, 0, 0, &sales[0]},
                                        {202606, 365000, 957250, 2, 0, NULL},
                                        {202605, 980000, 1957250, 0, 1, &sales[1]}};
    const struct households one[] = {
        {day_of(5, 1), INT32_MAX, 6002, S("danh sách 2026"), S(""), day_of(12, 1), true, 6010},
        {day_of(3, 1), day_of(5, 1), 6002, S("danh sách có xác nhận của xã"), S(""), day_of(3, 9),
         true, 6002},
        {day_of(2, 1), day_of(3, 1), 6000, S("danh sách năm 2025"), S(""), day_of(12, 31), true,
         6000},
        {day_of(1, 15), day_of(2, 1), 6000, S("danh sách năm 2025"), S(""), 0, false, 0},
        {day_of(1, 1), day_of(1, 15), 5000, S(""), S(""), 0, false, 0}};
    const struct show_master masters[] = {{S("PD00000000001001"), one, papers ? 5 : 0, !papers},
                                          {S("PD00000000001002"), NULL, 0, false}};
    err_set(&no_number, E_INPUT, "sold", "Không đọc được số kWh này", "This is no number of kWh");
    err_hint(&no_number, "Nhập số nguyên", "Enter a whole number");
    err_t e = bill_facts_load(f->source, &f->arena, S("PD0100-26071-2-2-K1"), &facts, &f->err);
    if (e != OK) return e;
    facts.corrections.other_points_wh = -120000;
    const struct show_cooperative coop = {.agreement = S("PD00000000001"),
                                          .last = &facts,
                                          .purchases = purchases,
                                          .purchase_count = ARRAY_COUNT(purchases),
                                          .months = months,
                                          .month_count = ARRAY_COUNT(months),
                                          .masters = masters,
                                          .master_count = ARRAY_COUNT(masters),
                                          .today = day_of(8, 5),
                                          .may_declare = owner,
                                          .typed_month = S("2026-06"),
                                          .typed_sold = owner ? S("nhiều") : S(""),
                                          .typed_money = S(""),
                                          .refused = owner ? &no_number : NULL};
    return end_page(f, show_cooperative(&f->show, &coop), name);
}

/* ---- an account of many points ----------------------------------------------------------- */

static err_t make_points(struct filling *f)
{
    struct err many = {0};
    const struct account_month months[] = {{202606, 2, 2, 1461000, 3388405},
                                           {202607, 2, 120, 12461000, 1023388405}};
    const struct account_point points[] = {
        {1, 1, S("PZ00010000001001"), S("PZ00010000001"), S("Số 213, đường Mẫu, phường Thử"),
         12000000, 1020000000, 1},
        {2, 2, S("PZ00010000002001"), S("PZ00010000002"), S(""), 461000, 3388405, 119}};
    err_set(&many, E_WAIT, NULL, "Đã tải nhiều gói trong một giờ", "Many archives within an hour");
    err_hint(&many, "Đợi ít phút", "Wait some minutes");
    struct show_points page = {.account = S("PZ0001-VT"),
                               .base = S("/khach-hang/tai-khoan/PZ0001-VT"),
                               .owed_vnd = 1023388405,
                               .credit_vnd = 5000,
                               .months = months,
                               .month_count = ARRAY_COUNT(months),
                               .month = month_of_day(day_of(6, 1)),
                               .points = points,
                               .point_count = ARRAY_COUNT(points),
                               .first = S("?thang=2026-07"),
                               .after = S("?thang=2026-07&sau=PZ00010000002001"),
                               .pdf = S("/khach-hang/tai-khoan/PZ0001-VT/bang-ke.pdf"),
                               .sheet = S("/khach-hang/tai-khoan/PZ0001-VT/bang-ke.xlsx"),
                               .archive_most = 100,
                               .refused = &many};
    err_t e = end_page(f, show_points(&f->show, &page), "points");
    page.refused = NULL;
    page.month++;
    return e == OK ? end_page(f, show_points(&f->show, &page), "points-many") : e;
}

/* ---- all --------------------------------------------------------------------------------- */

err_t make_portal(struct filling *f)
{
    err_t e = make_readings(f);
    if (e == OK) e = make_compare(f, "compare", "PD0100-26071-2-2-K1", false);
    if (e == OK) e = make_compare(f, "compare-few", "PD0100-26071-1-1-K1", true);
    if (e == OK) e = make_compare(f, "compare-none", NULL, false);
    if (e == OK) e = make_my_datas(f);
    if (e == OK) e = make_limits(f);
    if (e == OK) e = make_cooperative(f, "cooperative", true, true);
    if (e == OK) e = make_cooperative(f, "cooperative-no-papers", false, false);
    return e == OK ? make_points(f) : e;
}
