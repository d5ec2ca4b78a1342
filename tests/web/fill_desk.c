/* SPDX-License-Identifier: Apache-2.0 */
/* The pages of the care centre with test data. */
#include "web/filling.h"
#include "web/show_desk.h"

/* A caller who has not answered yet, and who did. */
static const struct show_desk_question desk_questions[] = {
    {S_INIT("phone"), S_INIT("Ba số cuối điện thoại đã đăng ký"), S_INIT("···678")},
    {S_INIT("last_bill"), S_INIT("Số tiền hóa đơn gần nhất"), S_INIT("1.388.405\u00a0đ (7/2026)")},
    {S_INIT("street"), S_INIT("Địa chỉ dùng điện"), S_INIT("Số 12 ngõ 3 Trần Phú")}};
static const struct show_desk_choice desk_reasons[] = {
    {S_INIT("call"), S_INIT("Khách hàng gọi đến")},
    {S_INIT("letter"), S_INIT("Đơn, thư, e-mail của khách hàng")}};
static const struct show_desk_point desk_points[] = {
    {S_INIT("PD01000000001001"), S_INIT("Số 12 ngõ 3 Trần Phú, phường Hải Châu, Đà Nẵng"),
     S_INIT("SH 60%; KD LT6 40%"), S_INIT("0099999 · KT"), S_INIT("S1")}};
static const struct show_desk_other desk_others[] = {
    {S_INIT("PD01000000007"), S_INIT("/x/PD01000000007"), S_INIT("TK7"), false},
    {S_INIT("PD01000000008"), S_INIT("/x/PD01000000008"), S_INIT(""), true}};
static const struct show_desk_choice desk_stops[] = {{S_INIT("draft"), S_INIT("Tính hóa đơn")},
                                                     {S_INIT("cut"), S_INIT("Cắt điện")}};
static const struct show_desk_login desk_logins[] = {
    {S_INIT("Chủ hợp đồng"), S_INIT("···678"), 20000, 0, S_INIT("/x/1/thu-hoi"),
     S_INIT("/x/1/doi")},
    {S_INIT("Người thuê"), S_INIT("···222, b···@example.vn"), 20100, 20600, S_INIT("/x/2/thu-hoi"),
     S_INIT("/x/2/doi")}};
static const struct show_desk_choice desk_roles[] = {{S_INIT("owner"), S_INIT("Chủ hợp đồng")},
                                                     {S_INIT("relative"), S_INIT("Người nhà")}};
static const struct show_desk_choice desk_results[] = {
    {S_INIT("unreached"), S_INIT("Không liên lạc được")}};

static err_t make_masked_customer(struct filling *f, const struct err *refused, const char *name)
{
    const struct show_desk_customer masked = {.name = S("N··· V··· An"),
                                              .code = S("PD01000000001"),
                                              .unit = S("PD0100 · Điện lực Một"),
                                              .failed = refused != NULL,
                                              .refused = refused,
                                              .check = S("/x/xac-minh"),
                                              .questions = desk_questions,
                                              .question_count = ARRAY_COUNT(desk_questions),
                                              .reasons = desk_reasons,
                                              .reason_count = ARRAY_COUNT(desk_reasons),
                                              .note = S("\"><b>Đơn"),
                                              .call_asked = true,
                                              .call_asked_ms = 1785555555000,
                                              .calling = refused != NULL,
                                              .call_taken = S("TONGDAI"),
                                              .call_phone = S("0912345678"),
                                              .call_take = S("/x/goi-lai"),
                                              .call_close = S("/x/goi-lai/xong"),
                                              .results = desk_results,
                                              .result_count = ARRAY_COUNT(desk_results),
                                              .address = S("···, Đà Nẵng"),
                                              .phone = S("···678"),
                                              .points = desk_points,
                                              .point_count = ARRAY_COUNT(desk_points),
                                              .today = f->today};
    return end_page(f, show_desk_customer(&f->show, &masked), name);
}

/* Who signs in, and a person at the counter. */
static void add_logins(struct show_desk_customer *known)
{
    known->knows_logins = known->may_register = known->may_take_back = known->may_change = true;
    known->logins = desk_logins;
    known->login_count = ARRAY_COUNT(desk_logins);
    known->login_register = S("/x/dang-nhap");
    known->roles = desk_roles;
    known->role_count = ARRAY_COUNT(desk_roles);
    known->login_from = S("2026-08-31");
    known->consent = S("2026-11");
}

static err_t make_customer(struct filling *f)
{
    const struct show_desk_hold holds[] = {{.words = S("Cắt điện"),
                                            .reason = S("Khách khiếu nại hóa đơn"),
                                            .lift = S("/x/giu/1/bo"),
                                            .until = f->today - 1,
                                            .late = true},
                                           {.words = S("Tính hóa đơn"),
                                            .reason = S("Chờ kiểm tra công tơ"),
                                            .lift = S("/x/giu/2/bo"),
                                            .until = f->today + 9}};
    const struct show_desk_event events[] = {
        {f->today, S("Hóa đơn"), S("Tiền điện tháng 7/2026: 1.388.405\u00a0đ"), S("461 kWh"),
         S("/x?den=2026-08&chon=PD0100-26071-1-1-K1"), true},
        {f->today - 3, S("Chỉ số"), S("KT 10685"), S("0099999 · định kỳ · theo ảnh"), S(""),
         false}};
    struct bill_facts facts;
    struct show_desk_customer known = {.name = S("Nguyễn Văn An"),
                                       .code = S("PD01000000001"),
                                       .unit = S("PD0100 · Điện lực Một"),
                                       .ended = true,
                                       .proved = true,
                                       .why = S("Khách hàng gọi đến"),
                                       .over = S("/x/ket-thuc"),
                                       .hold = S("/x/giu"),
                                       .address = S("Số 12 ngõ 3 Trần Phú, phường Hải Châu"),
                                       .phone = S("0912345678"),
                                       .email = S("mot-dia-chi-rat-dai-cua-khach-hang@example.vn"),
                                       .user = S("Trần Thị Bình"),
                                       .payer = S("Công ty cổ phần Một Hai Ba"),
                                       .account = S("PD01000000001"),
                                       .owed = S("1.449.814 đ"),
                                       .others = desk_others,
                                       .other_count = ARRAY_COUNT(desk_others),
                                       .points = desk_points,
                                       .point_count = ARRAY_COUNT(desk_points),
                                       .holds = holds,
                                       .hold_count = ARRAY_COUNT(holds),
                                       .may_lift = true,
                                       .may_hold = true,
                                       .subjects = desk_stops,
                                       .subject_count = ARRAY_COUNT(desk_stops),
                                       .stops = desk_stops,
                                       .stop_count = ARRAY_COUNT(desk_stops),
                                       .last_day = S("2026-08-31"),
                                       .events = events,
                                       .event_count = ARRAY_COUNT(events),
                                       .older = S("/x?den=2026-02"),
                                       .newer = S("/x?den=2026-08"),
                                       .chosen = &facts,
                                       .pdf = S("/ban-lam-viec/hoa-don/PD0100-26071-1-1-K1/pdf"),
                                       .today = f->today};
    struct err refused;
    add_logins(&known);
    err_set(&refused, E_STATE, "questions", "Đã có 3 cuộc gọi không trả lời đúng trong một giờ",
            "3 calls within an hour failed their questions");
    err_hint(&refused, "Mời khách hàng đến quầy", "Ask the customer to the counter");
    err_t e = bill_facts_load(f->source, &f->arena, S("PD0100-26071-1-1-K1"), &facts, &f->err);
    if (e == OK) e = end_page(f, show_desk_customer(&f->show, &known), "desk-customer");
    if (e == OK) e = make_masked_customer(f, NULL, "desk-customer-masked");
    return e == OK ? make_masked_customer(f, &refused, "desk-customer-refused") : e;
}

static err_t make_calls(struct filling *f)
{
    static const struct show_desk_sections sections = {S_INIT("/van-hanh"),
                                                       S_INIT("/ban-lam-viec/goi-lai")};
    const struct show_desk_call calls[] = {{.address = S("/ban-lam-viec/khach-hang/PD01000000001"),
                                            .code = S("PD01000000001"),
                                            .name = S("N··· V··· An"),
                                            .phone = S("···678"),
                                            .unit = S("Điện lực Một"),
                                            .asked_ms = 1785555555000},
                                           {.address = S("/ban-lam-viec/khach-hang/PD01000000002"),
                                            .code = S("PD01000000002"),
                                            .name = S("B···"),
                                            .unit = S("Điện lực Hai"),
                                            .asked_ms = 1785655555000,
                                            .taken_by = S("TONGDAI")}};
    err_t e =
        end_page(f, show_desk_calls(&f->show, &sections, calls, ARRAY_COUNT(calls)), "desk-calls");
    return e == OK ? end_page(f, show_desk_calls(&f->show, &sections, NULL, 0), "desk-calls-none")
                   : e;
}

err_t make_desk(struct filling *f)
{
    const struct show_desk_recent recents[] = {
        {S("PD01000000001"), S("/ban-lam-viec/khach-hang/PD01000000001")},
        {S("PD01000000002"), S("/ban-lam-viec/khach-hang/PD01000000002")}};
    const struct show_desk_hit hits[] = {
        {.address = S("/ban-lam-viec/khach-hang/PD01000000001"),
         .code = S("PD01000000001"),
         .name = S("Nguyễn Văn An"),
         .place = S("Số 12 ngõ 3 Trần Phú, phường Hải Châu, Đà Nẵng"),
         .phone = S("···678"),
         .unit = S("PD0100 · Điện lực Một"),
         .found = S("tên")},
        {.code = S("PD02000000009"),
         .name = S("N··· V··· An"),
         .place = S("···, Đà Nẵng"),
         .phone = S("···222"),
         .unit = S("PD0200 · Điện lực Hai"),
         .found = S("số công tơ 0012345"),
         .former = true,
         .ended = true}};
    struct show_desk_search search = {.recents = recents, .recent_count = ARRAY_COUNT(recents)};
    err_t e = end_page(f, show_desk_search(&f->show, &search), "desk-start");
    search = (struct show_desk_search){.asked = true,
                                       .sought = S("nguyen van an"),
                                       .hits = hits,
                                       .hit_count = ARRAY_COUNT(hits),
                                       .more = S("7.0.0.1.1.a")};
    if (e == OK) e = end_page(f, show_desk_search(&f->show, &search), "desk-search");
    search.hit_count = 0;
    if (e == OK) e = end_page(f, show_desk_search(&f->show, &search), "desk-search-on");
    search.more = S("");
    if (e == OK) e = end_page(f, show_desk_search(&f->show, &search), "desk-search-none");
    if (e == OK) e = make_calls(f);
    return e == OK ? make_customer(f) : e;
}
