/* SPDX-License-Identifier: Apache-2.0 */
/* Pages with test data: what a customer reads stands there, in both languages; what people typed
 * stays words; the page says no more than it should. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/date.h"
#include "document/fixture.h"
#include "draw/typeface.h"
#include "web/agent.h"
#include "web/assets.h"
#include "web/show.h"
#include "web/write.h"

enum { ARENA_BYTES = 64 << 20, PAGE_BYTES = 4 << 20 };

static struct db *db;
static struct facts_source *source;
static struct typeface *typeface;
static struct arena arena;
static struct buf page;
static struct err err;
static struct show show;

static void ok(err_t code)
{
    if (code != OK) fail_msg("%s: %s", err.field, err.en.message);
}

static int open_all(void **state)
{
    (void)state;
    const struct facts_options options = {.portal = S("/"), .demonstration = true};
    arena_init(&arena, ARENA_BYTES);
    buf_init(&page, PAGE_BYTES);
    ok(db_open(S("sqlite::memory:"), DB_CREATE, &db, &err));
    ok(store_migrate(db, &err));
    ok(documents_make(db, &err));
    ok(facts_source_open(db, &options, &source, &err));
    ok(typeface_open(&typeface, &err));
    return 0;
}

static int close_all(void **state)
{
    (void)state;
    facts_source_close(source);
    typeface_close(typeface);
    db_close(db);
    buf_release(&page);
    arena_release(&arena);
    return 0;
}

static int start(void **state)
{
    (void)state;
    buf_reset(&page);
    err = (struct err){0};
    show = (struct show){.arena = &arena,
                         .typeface = typeface,
                         .token = S("tok\"en"),
                         .other_language = S("/?lang=en"),
                         .hotline = S("19000000"),
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

static struct bill_facts facts_of(const char *number)
{
    struct bill_facts facts;
    ok(bill_facts_load(source, &arena, str_of(number), &facts, &err));
    return facts;
}

static void render(const struct bill_facts *facts, int32_t today)
{
    const struct show_bill bill = {.facts = facts,
                                   .today = today,
                                   .bills = S("/b"),
                                   .pdf = S("/b.pdf"),
                                   .code = S("/b.svg"),
                                   .wrong = S("/b/wrong")};
    buf_reset(&page);
    ok(show_bill(&show, &bill));
}

/* ---- a bill ------------------------------------------------------------------------------ */

static void a_bill_says_how_much_until_when_and_how_it_came_about(void **state)
{
    (void)state;
    struct bill_facts facts = facts_of("PD0100-26071-2-2-K1");
    render(&facts, facts.balance.due_day - 3);
    has("<html lang=\"vi\">");
    has("<h1>Tiền điện tháng 7/2026</h1>");
    has("<p class=\"amount\">1.388.405\xC2\xA0đ</p>");
    has("<span class=\"keep\">Hạn 08/08/2026</span> · <strong>còn 3 ngày</strong>");
    has("Quyết định 1279/QĐ-BCT");
    has("<td class=\"n\">50</td><td class=\"n\">1.984</td><td class=\"n\">99.200</td>");
    has("Thuế giá trị gia tăng 8\xC2\xA0%</th><td class=\"n\">102.845\xC2\xA0đ</td>");
    has("href=\"/tinh-dien#f=2026-06-30");
    has("href=\"/b.pdf\"");
    has("href=\"/b/wrong\"");
    has("Dữ liệu trình diễn, không phải hóa đơn thật.");
    lacks("XML");
    lacks("Đăng xuất");
    lacks(" style=");
    lacks("<script>"); /* none but the file that keeps the last bill on the device */
    has("<script src=\"/tai-nguyen/portal.");
}

static void english_is_english_throughout(void **state)
{
    (void)state;
    struct bill_facts facts = facts_of("PD0100-26071-2-2-K1");
    show.english = true;
    show.signed_in = true;
    render(&facts, facts.balance.due_day);
    has("<html lang=\"en\">");
    has("1,388,405\xC2\xA0đ");
    has("<span class=\"status attention\"><span>Today</span></span>");
    has(">Sign out</button>");
    has("lang=\"vi\" hreflang=\"vi\">Tiếng Việt</a>");
    lacks("Hạn");
    lacks("Bậc");
    lacks("Một triệu");
}

static void the_state_of_payment_is_told_in_words(void **state)
{
    (void)state;
    struct bill_facts facts = facts_of("PD0100-26071-2-2-K1");
    render(&facts, facts.balance.due_day + 25);
    has("<span class=\"status danger\"><span>Quá hạn 25 ngày</span></span>"
        "<span class=\"keep\">Hạn 08/08/2026</span></p>");
    facts.balance.left_vnd = 500000;
    render(&facts, facts.balance.due_day - 1);
    has("Còn phải trả 500.000\xC2\xA0đ");
    facts.balance.left_vnd = 0;
    render(&facts, facts.balance.due_day + 25);
    has("<span class=\"status good\"><span>Đã thanh toán</span></span>");
    lacks("Quá hạn");
    lacks("Quét mã");
    lacks("Thanh toán hóa đơn này");
    facts.balance.left_vnd = -1000;
    render(&facts, facts.balance.due_day + 25);
    has("Được trả lại");
    lacks("Quét mã");
}

static void every_kind_of_bill_has_its_lines_and_its_total(void **state)
{
    (void)state;
    for (size_t i = 0; i < document_case_count; i++) {
        char amount[64];
        struct buf buf;
        struct bill_facts facts = facts_of(document_cases[i].number);
        buf_init_fixed(&buf, amount, sizeof amount);
        write_money(&buf, false, facts.rated.total_vnd);
        render(&facts, facts.issued_day);
        has(amount);
        for (size_t n = 0; n < facts.line_count; n++) has(facts.line[n].words_vi.p);
    }
}

static void a_name_with_markup_stays_a_name(void **state)
{
    (void)state;
    struct bill_facts facts = facts_of("PD0100-26071-1-1-K1");
    facts.customer.name = S("<img src=x onerror=alert(1)>");
    facts.calculator_link = S("javascript:alert(1)");
    render(&facts, facts.issued_day);
    has("&lt;img src=x onerror=alert(1)&gt;");
    lacks("<img src=x");
    lacks("javascript:");
}

static void charts_that_were_kept_give_the_same_page(void **state)
{
    (void)state;
    struct bill_charts charts;
    struct bill_facts facts = facts_of("PD0100-26071-2-2-K1");
    render(&facts, facts.issued_day);
    has("class=\"chart\"");
    struct str drawn_now = arena_str(&arena, buf_str(&page));
    ok(bill_charts_draw(&show, &facts, &charts));
    const struct show_bill bill = {.facts = &facts,
                                   .charts = &charts,
                                   .today = facts.issued_day,
                                   .bills = S("/b"),
                                   .pdf = S("/b.pdf"),
                                   .code = S("/b.svg"),
                                   .wrong = S("/b/wrong")};
    buf_reset(&page);
    ok(show_bill(&show, &bill));
    assert_string_equal(buf_str(&page).p, drawn_now.p);
}

static void the_code_to_pay_is_a_picture_of_its_own(void **state)
{
    (void)state;
    struct bill_facts facts = facts_of("PD0100-26071-2-2-K1");
    render(&facts, facts.issued_day);
    has("<img class=\"code\" src=\"/b.svg\" width=\"195\" height=\"195\" "
        "alt=\"Mã QR để thanh toán\">");
    buf_reset(&page);
    ok(payment_code_svg(&show, &facts));
    assert_true(str_starts(buf_str(&page), S("<svg xmlns=")));
    facts.balance.left_vnd = 0;
    render(&facts, facts.issued_day);
    lacks("<img");
}

static void without_a_typeface_the_tables_say_it(void **state)
{
    (void)state;
    struct bill_facts facts = facts_of("PD0100-26071-2-2-K1");
    show.typeface = NULL;
    render(&facts, facts.issued_day);
    has("99.200");
    lacks("class=\"chart\"");
}

/* ---- lists, and the first page ----------------------------------------------------------- */

static void a_list_says_which_bills_are_open_paid_or_late(void **state)
{
    (void)state;
    const int32_t today = day_from_civil(2026, 8, 5);
    const struct show_bills_row rows[] = {
        {S("A<b"), S("javascript:x"), 461000, 1388405, 1388405, today, false},
        {S("B"), S("/2"), 0, 100, 100, today - 1, true},
        {S("C"), S("/1"), 1000, 300, 0, today - 30, false}};
    const struct show_bills bills = {
        .rows = rows, .row_count = ARRAY_COUNT(rows), .after = S("?after=1"), .today = today};
    ok(show_bills(&show, &bills));
    has("<a href=\"#\">A&lt;b</a><br><span class=\"muted\">461\xC2\xA0kWh</span>");
    has("1.388.405\xC2\xA0đ<br>Hạn 05/08/2026</td>");
    has("<a href=\"/2\">B</a></td><td class=\"n\">100\xC2\xA0đ<br>"
        "<span class=\"status danger\"><span>Quá hạn</span></span></td>");
    has("300\xC2\xA0đ<br><span class=\"status good\"><span>Đã thanh toán</span></span></td>");
    has("<a rel=\"next\" href=\"?after=1\">");
    lacks("rel=\"prev\"");
}

static void home_tells_the_last_bill_and_this_period(void **state)
{
    (void)state;
    struct bill_facts facts = facts_of("PD0100-26071-2-2-K1");
    struct show_home home = {.last = &facts,
                             .so_far = {true, day_from_civil(2026, 8, 5), 312000, 812000},
                             .name = S("A<b"),
                             .address = S("B"),
                             .bill = S("/bill"),
                             .pay = S("/bill#pay"),
                             .today = facts.balance.due_day};
    ok(show_home(&show, &home));
    has("<strong>A&lt;b</strong>");
    has("<span class=\"about\">≈ </span>812.000\xC2\xA0đ</p>\n<p>312\xC2\xA0kWh");
    has("1.388.405\xC2\xA0đ");
    has("Hôm nay");
    lacks("amount small long");
    lacks("class=\"choices\"");
    has("href=\"/bill#pay\"");
    has("Tháng 7/2026: 461 kWh");
    facts.balance.left_vnd = 0;
    facts.rated.total_vnd = 644057580;
    const struct show_choice choices[] = {
        {S("PD1"), S("Chủ hợp đồng"), S("/?1"), S("Số 1 <ngõ>"), true},
        {S("PD2"), S("Người thuê"), S("/?2"), S(""), false}};
    home.choices = choices;
    home.choice_count = ARRAY_COUNT(choices);
    home.so_far.known = false;
    buf_reset(&page);
    ok(show_home(&show, &home));
    lacks("/bill#pay");
    lacks("≈");
    has("amount small long\">644.057.580"); /* no phone breaks it */
    has("(có 2)</summary>");
    has("Chủ hợp đồng<br>Số 1 &lt;ngõ&gt;</span>");
    home.last = NULL;
    buf_reset(&page);
    ok(show_home(&show, &home));
    has("Chưa có hóa đơn nào");
    lacks("1.388.405");
}

/* ---- verification ------------------------------------------------------------------------ */

static void verify(struct str number, struct str code)
{
    struct verification answer;
    ok(verification_prove(db, &arena, number, code, &answer, &err));
    const struct show_verify asked = {
        .asked = true, .number = number, .code = code, .answer = &answer};
    buf_reset(&page);
    ok(show_verify(&show, &asked));
}

static void verification_tells_the_bill_only_to_who_has_its_code(void **state)
{
    (void)state;
    struct bill_facts facts = facts_of("PD0100-26071-2-2-K1");
    verify(facts.number, facts.code);
    has("Hóa đơn này có thật.");
    has("1.388.405\xC2\xA0đ");
    has("461\xC2\xA0kWh");
    lacks(facts.customer.name.p);
    lacks(facts.row.agreement_code.p);
    verify(facts.number, S("1K7M-Q2ZD-8XVA"));
    has("Không có hóa đơn nào với số và mã này.");
    lacks("1.388.405");
    verify(S("\"><b>"), S("<i>"));
    has("value=\"&quot;&gt;&lt;b&gt;\"");
    lacks("<i>");
}

/* ---- forms ------------------------------------------------------------------------------- */

static void a_refusal_stands_at_its_field_with_its_remedy(void **state)
{
    (void)state;
    err_set(&err, E_INPUT, "who", "Không đọc được", "Cannot be read");
    err_hint(&err, "Nhập mười số", "Enter ten digits");
    const struct show_sign_in refused = {.typed = S("09x"), .refused = &err};
    ok(show_sign_in(&show, &refused));
    has("<p class=\"error\" id=\"who-error\"><strong>Chưa đúng:</strong> Không đọc được. "
        "Nhập mười số.</p>");
    has("value=\"09x\" required");
    has("aria-invalid=\"true\" aria-describedby=\"who-error who-hint\"");
    has("name=\"csrf\" value=\"tok&quot;en\"");
    lacks("role=\"alert\"");
}

static void a_refusal_of_no_field_stands_above_the_form(void **state)
{
    (void)state;
    err_set(&err, E_FORBIDDEN, "", "Không đúng", "Wrong");
    err_hint(&err, "Nhập lại", "Enter it again");
    const struct show_sign_in refused = {.typed = S("NV01"), .refused = &err};
    show.english = true;
    ok(show_sign_in_staff(&show, false, &refused));
    has("<div class=\"notice danger\" role=\"alert\">\n<p><strong>Wrong</strong></p>");
    has("value=\"NV01\"");
    has("type=\"password\"");
    lacks("totp");
    buf_reset(&page);
    ok(show_sign_in_staff(&show, true, &refused));
    has("name=\"totp\" value=\"\"");
    lacks("type=\"password\"");
}

static void the_code_page_says_where_it_went_and_until_when(void **state)
{
    (void)state;
    ok(show_sign_in_code(&show, &(struct show_code){.sent_to = S("•••• 678"), .minutes = 5}));
    has("mã đã gửi tới •••• 678. Mã dùng được trong 5 phút.");
    has("autocomplete=\"one-time-code\"");
    has("inputmode=\"numeric\"");
}

/* ---- errors, assets ---------------------------------------------------------------------- */

static void every_status_says_what_is_safe_and_what_to_do(void **state)
{
    (void)state;
    static const struct {
        int status;
        const char *words;
    } cases[] = {{404, "Không có trang này"},
                 {418, "Không hiểu được yêu cầu này"},
                 {429, "Đợi vài phút"},
                 {502, "Hệ thống gặp lỗi"},
                 {503, "Hệ thống đang bận"}};
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        buf_reset(&page);
        ok(show_error(&show,
                      &(struct show_problem){.status = cases[i].status, .reference = S("a<b")}));
        has(cases[i].words);
        has("Không có gì bị thay đổi.");
        has("Số tra cứu a&lt;b");
    }
}

/* Rooms below name commands; nobody at a page can follow one. */
static void a_remedy_can_be_followed_in_a_browser(void **state)
{
    (void)state;
    static const struct {
        bool staff;
        const char *hint, *shown, *hidden;
    } cases[] = {
        {false, "Xem danh sách: sangden consent list", "Mở lại trang này", "sangden"},
        {false, "Chọn --to sau --from", "Gọi số trên hóa đơn", "--to"},
        {false, "Chạy lại sangden bill run cho tháng này", "Mở mục Hóa đơn", "bill run"},
        {true, "Chốt sổ trước: sangden bill close S01", "Mở sổ đó", "sangden"},
        {true, "Chốt sổ trước: sangden bill closed", "Nhờ quản trị hệ thống: Chốt sổ", "Mở sổ đó"},
        {true, "Sửa: sangden change uses", "Nhờ quản trị hệ thống: Sửa: sangden change", "Gọi"},
        {false, "Nhập số nguyên, ví dụ 300", "Nhập số nguyên, ví dụ 300", "Gọi"}};
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        buf_reset(&page);
        show.staff = cases[i].staff;
        err_set(&err, E_STATE, "nowhere", "Chưa được", "Not yet");
        err_hint(&err, "%s", "%s", cases[i].hint);
        ok(show_sign_in(&show, &(struct show_sign_in){.refused = &err}));
        char *notice = strstr(buf_str(&page).p, "class=\"notice danger\"");
        assert_non_null(notice);
        *strstr(notice, "</div>") = '\0';
        assert_non_null(strstr(notice, cases[i].shown));
        assert_null(strstr(notice, cases[i].hidden));
    }
}

static void a_refusal_keeps_the_way_back(void **state)
{
    (void)state;
    const struct show_problem problem = {.status = 403};
    ok(show_error(&show, &problem));
    lacks("/khach-hang/hoa-don");
    show.signed_in = true;
    buf_reset(&page);
    ok(show_error(&show, &problem));
    has("href=\"/khach-hang/hoa-don\"");
    has("class=\"button main\" href=\"/khach-hang\"");
    lacks("aria-current");
    show.staff = true;
    buf_reset(&page);
    ok(show_error(&show, &problem));
    lacks("/khach-hang/hoa-don");
    has("href=\"/dang-nhap/nhan-vien\"");
}

static void pages_load_assets_that_are_there(void **state)
{
    (void)state;
    ok(show_help(&show));
    const char *text = buf_str(&page).p;
    size_t count = 0;
    for (const char *at = strstr(text, WEB_ASSETS_PATH); at != NULL;
         at = strstr(at + 1, WEB_ASSETS_PATH)) {
        struct str name = str_of(at + strlen(WEB_ASSETS_PATH));
        const struct web_asset *asset = web_asset_find(str_sub(name, 0, str_find(name, '"')));
        assert_non_null(asset);
        assert_true(asset->bytes.n > 0 && asset->etag.n > 2);
        count++;
    }
    assert_int_equal(count, 5); /* style, icon twice, manifest, script */
    assert_null(web_asset_find(S("style.css")));
    for (size_t i = 0; i < web_asset_count; i++)
        assert_true(web_assets[i].packed.n < web_assets[i].bytes.n);
}

static void a_page_that_does_not_fit_is_refused(void **state)
{
    (void)state;
    struct buf small;
    buf_init(&small, 1000);
    show.out = &small;
    assert_int_equal(show_help(&show), E_MEMORY);
    buf_release(&small);
}

#define CASE(name) cmocka_unit_test_setup(name, start)

static void a_device_is_named_as_people_know_it(void **state)
{
    (void)state;
    static const char *const agents[][2] = {
        {"Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36",
         "Chrome, Android"},
        {"Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Safari/604.1",
         "Safari, iPhone"},
        {"Mozilla/5.0 (Windows NT 10.0; Win64) Chrome/126.0 Safari/537.36 Edg/126.0",
         "Edge, Windows"},
        {"curl/7.88.1", "curl/7.88.1"},
        {"", ""}};
    for (size_t i = 0; i < ARRAY_COUNT(agents); i++)
        assert_true(str_equal(agent_words(&arena, str_of(agents[i][0])), str_of(agents[i][1])));
    assert_true(agent_words(&arena, S("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")).n <= 40);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(a_device_is_named_as_people_know_it),
        CASE(a_bill_says_how_much_until_when_and_how_it_came_about),
        CASE(english_is_english_throughout),
        CASE(the_state_of_payment_is_told_in_words),
        CASE(every_kind_of_bill_has_its_lines_and_its_total),
        CASE(a_name_with_markup_stays_a_name),
        CASE(charts_that_were_kept_give_the_same_page),
        CASE(the_code_to_pay_is_a_picture_of_its_own),
        CASE(without_a_typeface_the_tables_say_it),
        CASE(a_list_says_which_bills_are_open_paid_or_late),
        CASE(home_tells_the_last_bill_and_this_period),
        CASE(verification_tells_the_bill_only_to_who_has_its_code),
        CASE(a_refusal_stands_at_its_field_with_its_remedy),
        CASE(a_refusal_of_no_field_stands_above_the_form),
        CASE(the_code_page_says_where_it_went_and_until_when),
        CASE(every_status_says_what_is_safe_and_what_to_do),
        CASE(a_remedy_can_be_followed_in_a_browser),
        CASE(a_refusal_keeps_the_way_back),
        CASE(pages_load_assets_that_are_there),
        CASE(a_page_that_does_not_fit_is_refused),
    };
    return cmocka_run_group_tests_name("show", tests, open_all, close_all);
}
