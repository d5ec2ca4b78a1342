/* SPDX-License-Identifier: Apache-2.0 */
/* Pages hold whatever a bill may say: the layout asserts of every item that it lies inside the page
 * and over nothing else, so that drawing is the test. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/date.h"
#include "document/bill_html.h"
#include "document/bill_pdf.h"
#include "document/sheet.h"

enum {
    ARENA_BYTES = 64 * 1024 * 1024,
    LINES = 1000,
    REGISTERS = 60,
    MONTH = 202607,
    LONG_BYTES = 1200,
    JPEG_EDGE = 64
};

static struct typeface *typeface;
static struct arena arena;
static struct err err;
static struct buf pdf;

static struct bill_facts facts;
static struct rated_line rated[LINES];
static struct facts_line lines[LINES];
static struct facts_register registers[REGISTERS];
static struct facts_meter meters[REGISTERS];
static char long_words[LONG_BYTES], long_word[LONG_BYTES];

/* ---- facts ------------------------------------------------------------------------------- */

static void fill_line(size_t i, enum rated_line_kind kind)
{
    rated[i] = (struct rated_line){.kind = kind,
                                   .category = S("SH"),
                                   .decision = S("QD1279/2025"),
                                   .tier = (int64_t)(i % 6) + 1,
                                   .from_day = facts.from_day,
                                   .to_day = facts.to_day,
                                   .quantity_wh = 50000,
                                   .price_vnd = 1984,
                                   .amount_mvnd = 99200000,
                                   .has_quantity = true,
                                   .has_price = true};
    lines[i] = (struct facts_line){.line = &rated[i],
                                   .words_vi = S("Điện sinh hoạt, bậc 1"),
                                   .words_en = S("Energy, residential, tier 1"),
                                   .basis_vi = S("Quyết định 1279/QĐ-BCT: sinh hoạt, bậc 1"),
                                   .basis_en = S("Decision 1279/QĐ-BCT: residential, tier 1")};
}

static void fill_registers(size_t count)
{
    for (size_t i = 0; i < count; i++) {
        meters[i] = (struct facts_meter){
            .serial = S("00002600001"), .multiplier = 1, .removed_day = FACTS_NEVER_DAY};
        registers[i] = (struct facts_register){.meter = i,
                                               .from_day = facts.from_day,
                                               .to_day = facts.to_day,
                                               .from_index_wh = 1400000,
                                               .to_index_wh = 1700000,
                                               .multiplier = 1,
                                               .wh = 300000};
    }
    facts.reg = registers;
    facts.meter = meters;
    facts.register_count = facts.meter_count = count;
}

static void fill_months(void)
{
    for (size_t i = 0; i < FACTS_MONTHS; i++)
        facts.month[i] = (struct facts_month){
            .month = month_to_number(month_from_number(MONTH) - FACTS_MONTHS + 1 + (int32_t)i),
            .known = true,
            .wh = 200000 + 10000 * (int64_t)(i % 7),
            .days = 30};
}

/* A household of six tiers with everything that may stand on its page. */
static int fill(void **state)
{
    (void)state;
    facts = (struct bill_facts){
        .number = S("PD0100-26071-1-1-K1"),
        .row = {.key = {.month = MONTH, .kind = BILL_PERIODIC},
                .agreement_code = S("PD00000000001"),
                .point_code = S("DD00000000001")},
        .rated = {.total_wh = 300000,
                  .pre_vat_vnd = 595200,
                  .vat_ppm = 80000,
                  .vat_vnd = 47616,
                  .total_vnd = 642816},
        .days = 31,
        .seller = {.legal_name = S("Công ty Điện lực Thử nghiệm"),
                   .bank_name = S("Ngân hàng Mẫu"),
                   .bank_account = S("0011001234567")},
        .customer = {.name = S("Khách hàng thử"), .address = S("Nhà 1, ngõ Thử nghiệm")},
        .line = lines,
        .line_count = 6,
        .total_words = S("Sáu trăm bốn mươi hai nghìn đồng"),
        .billed_before_wh = -1,
        .payment_qr = S("00020101021238540010A00000072701240006970400"),
        .calculator_link = S("https://example.vn/#k=300"),
        .code = S("A1B2-C3D4-E5F6")};
    facts.from_day = day_from_civil(2026, 6, 30);
    facts.to_day = day_from_civil(2026, 7, 31);
    facts.issued_day = day_from_civil(2026, 8, 1);
    facts.balance = (struct facts_balance){
        .known = true, .due_day = facts.issued_day + 7, .amount_vnd = 642816, .left_vnd = 642816};
    for (size_t i = 0; i < LINES; i++) fill_line(i, RATED_ENERGY);
    fill_registers(1);
    fill_months();
    arena_reset(&arena);
    buf_reset(&pdf);
    return 0;
}

/* "/Count 3" of the list of pages. */
static int pages(void)
{
    struct str text = buf_str(&pdf), mark = S("/Count ");
    for (size_t i = 0; i + mark.n < text.n; i++) {
        struct str rest = str_sub(text, i + mark.n, text.n);
        int64_t count;
        if (str_equal(str_sub(text, i, mark.n), mark) &&
            str_to_i64(str_sub(rest, 0, str_find(rest, '\n')), &count))
            return (int)count;
    }
    return 0;
}

static int draw(struct bill_pdf_form form)
{
    arena_reset(&arena);
    buf_reset(&pdf);
    assert_int_equal(bill_pdf(typeface, &arena, &facts, &form, &pdf, &err), OK);
    return pages();
}

/* In every form; answers the pages of the usual one. */
static int draw_all(void)
{
    draw((struct bill_pdf_form){.large = true});
    draw((struct bill_pdf_form){.large = true, .english = true});
    draw((struct bill_pdf_form){.english = true});
    return draw((struct bill_pdf_form){0});
}

/* ---- what a page holds ------------------------------------------------------------------- */

static void add_peers(void)
{
    facts.peers = (struct facts_peers){
        .shown = true,
        .month = MONTH,
        .count = 214,
        .median_wh = 240000,
        .efficient_wh = 130000,
        .words_vi = S("Một nửa số hộ tương tự dùng không quá 240 kWh."),
        .words_en = S("Half of the similar homes use at most 240 kWh."),
        .group_vi = S("Bên cạnh 214 hộ cùng giá sinh hoạt trong xã."),
        .group_en = S("Beside 214 homes of the same price in the commune."),
        .decline_vi = S("Không muốn so sánh: gọi điện hoặc đến quầy."),
        .decline_en = S("Not to be compared: call us or come to the counter.")};
}

static void add_spike(void)
{
    static const struct facts_spike_step step = {.day = 20600,
                                                 .what_vi = S("đã đọc lại và xác nhận chỉ số"),
                                                 .what_en = S("read again"),
                                                 .who_vi = S("Tổ trưởng ghi chỉ số"),
                                                 .who_en = S("leader"),
                                                 .evidence_vi =
                                                     S("ảnh công tơ và chỉ số đọc lại khớp nhau")};
    facts.spike = (struct facts_spike){.shown = true,
                                       .times_hundredths = 161,
                                       .result_vi = S("Đã phúc tra, sản lượng đúng"),
                                       .result_en = S("Verified"),
                                       .step = &step,
                                       .step_count = 1};
}

static void add_why(void)
{
    struct facts_why *why = &facts.why_month;
    why->known = true;
    why->with = facts.month[FACTS_MONTHS - 2];
    why->sentence_vi = why->sentence_en = S("Hơn tháng trước 126.646 đ: mỗi ngày dùng nhiều hơn "
                                            "+84.474 đ, lên đến bậc 4 +27.542 đ.");
    why->split = (struct difference){
        .before_vnd = 516170, .now_vnd = 642816, .change_vnd = 126646, .step_count = 5};
    for (size_t i = 0; i < 5; i++) {
        why->split.step[i].amount_vnd = i == 0 ? 126642 : 1;
        why->words_vi[i] = why->words_en[i] = S("mỗi ngày dùng nhiều hơn");
    }
}

static void a_household_with_a_price_change_is_one_page(void **state)
{
    (void)state;
    facts.line_count = 12;
    for (size_t i = 0; i < 12; i++) {
        int32_t change = facts.from_day + 10;
        if (i < 6) rated[i].to_day = change;
        else rated[i].from_day = change;
    }
    facts.split_count = 1;
    facts.split[0] = (struct facts_split){.day = facts.from_day + 10,
                                          .words_vi = S("Đổi giá ngày 10/07/2026: chia theo số "
                                                        "ngày, 10/31 ngày đầu là 97 trong 300 kWh"),
                                          .words_en = S("Prices change on 10/07/2026")};
    add_peers();
    add_why();
    assert_int_equal(draw_all(), 1);
    add_spike();
    assert_int_equal(draw_all(), 1);
    facts.peers.per_household = true;
    assert_int_equal(draw_all(), 1);
}

static void many_lines_flow_over_pages(void **state)
{
    (void)state;
    facts.line_count = LINES;
    assert_true(draw_all() > 5);
    for (size_t i = 0; i < LINES; i++) fill_line(i, i % 3 == 0 ? RATED_SUPPORT : RATED_ENERGY);
    assert_true(draw_all() > 5);
    for (size_t i = 0; i < LINES; i++) rated[i].from_day += (int32_t)(i / 6); /* many groups */
    assert_true(draw_all() > 5);
}

static void many_meters_flow_over_pages(void **state)
{
    (void)state;
    fill_registers(REGISTERS);
    assert_true(draw_all() > 1);
    registers[3].from_day += 4; /* no longer the same days */
    meters[3].hung_vi = S("Công tơ 2600003 được treo ngày 14/07/2026.");
    meters[3].removed_vi = S("Công tơ 2600003 được tháo ngày 20/07/2026.");
    meters[3].hung_day = meters[3].removed_day = facts.from_day + 4;
    assert_true(draw_all() > 1);
}

static void long_texts_find_room(void **state)
{
    (void)state;
    struct str words = {long_words, 400}, word = {long_word, 400};
    facts.customer.name = words;
    facts.customer.address = words;
    facts.receiver = (struct facts_person){words, S("0100000000-001"), words};
    facts.seller.legal_name = words;
    facts.seller.address = words;
    facts.seller.bank_name = (struct str){long_words, 100};
    draw_all();
    facts.customer.name = facts.customer.address = facts.seller.legal_name = word;
    facts.seller.bank_name = facts.seller.website = facts.seller.email = word;
    draw_all();
    lines[0].basis_vi = lines[0].basis_en = (struct str){long_words, LONG_BYTES};
    rated[0].kind = RATED_SUPPORT;
    lines[0].words_vi = lines[0].words_en = words;
    facts.estimate = (struct facts_estimate){.shown = true,
                                             .from_day = facts.from_day,
                                             .to_day = facts.to_day,
                                             .kind_vi = words,
                                             .kind_en = words,
                                             .ground = words};
    draw_all();
}

static void large_figures_find_room(void **state)
{
    (void)state;
    facts.rated.total_vnd = facts.balance.left_vnd = facts.balance.amount_vnd = 999999999999999;
    facts.rated.total_wh = 999999999999999;
    for (size_t i = 0; i < 6; i++) {
        rated[i].quantity_wh = 999999999999999;
        rated[i].amount_mvnd = 999999999999999999;
    }
    registers[0].from_index_wh = registers[0].to_index_wh = registers[0].wh = 999999999999;
    registers[0].multiplier = 1000000;
    assert_int_equal(draw_all(), 1);
}

/* The drawn document as a reader finds its text. */
static struct str read_text(char *memory, size_t size)
{
    char path[] = "/tmp/bill-XXXXXX", command[128];
    int file = mkstemp(path);
    assert_true(file >= 0);
    assert_int_equal(write(file, pdf.p, pdf.n), pdf.n);
    close(file);
    snprintf(command, sizeof command, "pdftotext -layout %s -", path);
    FILE *text = popen(command, "r");
    assert_non_null(text);
    size_t n = fread(memory, 1, size, text);
    assert_int_equal(pclose(text), 0);
    unlink(path);
    return (struct str){memory, n};
}

static bool says(struct str text, struct str words)
{
    for (size_t i = 0; i + words.n <= text.n; i++)
        if (str_equal(str_sub(text, i, words.n), words)) return true;
    return false;
}

/* A wholesale bill of two uses: figures that have no room in half of the page get all of it. */
static void large_figures_of_two_uses_keep_their_distance(void **state)
{
    static char memory[65536];
    (void)state;
    facts.line_count = 2;
    rated[1].category = S("BB_NT_SH");
    rated[1].quantity_wh = 11991056;
    rated[1].price_vnd = 2327;
    rated[1].amount_mvnd = 27903187312;
    draw((struct bill_pdf_form){0});
    struct str text = read_text(memory, sizeof memory);
    assert_true(says(text, S(" 2.327  ")));
    assert_true(says(text, S("  27.903.187,312")));
}

static void any_first_letter_has_its_capital(void **state)
{
    static char memory[65536];
    (void)state;
    add_why();
    facts.why_month.words_vi[0] = S("ít kWh ở bậc cao hơn");
    draw((struct bill_pdf_form){0});
    assert_true(says(read_text(memory, sizeof memory), S("Ít kWh ở bậc cao hơn")));
}

static void without_a_symbol_the_account_stands_there(void **state)
{
    static char memory[65536];
    (void)state;
    facts.payment_qr = S("");
    facts.seller.bank_account = S("0011001234567");
    draw((struct bill_pdf_form){0});
    assert_true(says(read_text(memory, sizeof memory), S("Chuyển khoản: Ngân hàng Mẫu")));
}

/* Nothing is said of a check that the record does not name. */
static void a_rise_without_a_month_before_has_no_ratio(void **state)
{
    static char memory[65536];
    (void)state;
    add_spike();
    facts.spike.times_hundredths = 0;
    draw((struct bill_pdf_form){0});
    struct str text = read_text(memory, sizeof memory);
    assert_true(says(text, S("Kỳ trước không dùng điện")));
    assert_false(says(text, S("lần kỳ trước")));
}

static void little_is_said_without_gaps(void **state)
{
    (void)state;
    facts.line_count = 0;
    facts.rated = (struct rated_bill){0};
    facts.balance = (struct facts_balance){0};
    facts.payment_qr = facts.calculator_link = facts.code = S("");
    facts.seller = (struct seller){0};
    facts.unit_name = S("Điện lực thử");
    facts.register_count = facts.meter_count = 0;
    for (size_t i = 0; i < FACTS_MONTHS; i++) facts.month[i].known = false;
    assert_int_equal(draw_all(), 1);
}

/* Lines without a known law, no request, no readings. */
static void a_bill_of_the_earlier_system_is_one_page(void **state)
{
    (void)state;
    facts.is_earlier = true;
    facts.calculator_link = S("");
    facts.register_count = facts.meter_count = 0;
    for (size_t i = 0; i < 6; i++) lines[i].basis_vi = lines[i].basis_en = S("");
    assert_int_equal(draw_all(), 1);
    rated[0].decision = S("");
    rated[0].category = S("");
    rated[0].tier = 0;
    assert_int_equal(draw_all(), 1);
}

static void a_photo_of_any_shape_finds_its_place(void **state)
{
    (void)state;
    static const char none[] = "";
    struct photo photo = {.jpeg = {none, 0}, .width = JPEG_EDGE, .height = 1, .turn = 1};
    for (unsigned turn = 1; turn <= 8; turn++) {
        photo.turn = turn;
        draw((struct bill_pdf_form){.photo = &photo});
        draw((struct bill_pdf_form){.photo = &photo, .large = true});
    }
    fill_registers(REGISTERS);
    assert_true(draw((struct bill_pdf_form){.photo = &photo}) > 1);
}

static void a_small_arena_is_told(void **state)
{
    (void)state;
    struct arena small;
    for (size_t bytes = 1024; bytes < 512 * 1024; bytes = bytes * 3 / 2) {
        const struct bill_pdf_form form = {0};
        arena_init(&small, bytes);
        buf_reset(&pdf);
        err_t e = bill_pdf(typeface, &small, &facts, &form, &pdf, &err);
        assert_true(e == OK || e == E_MEMORY);
        assert_true((e == OK) == (pdf.n > 0));
        arena_release(&small);
    }
}

static void draw_nothing(struct canvas *canvas, const void *of)
{
    (void)canvas;
    (void)of;
}

static void draw_no_foot(struct canvas *canvas, int page, int pages_in_all, const void *of)
{
    (void)canvas;
    (void)page;
    (void)pages_in_all;
    (void)of;
}

static void too_many_pages_are_refused(void **state)
{
    (void)state;
    struct sheet sheet;
    const struct sheet_frame frame = {.width = 300,
                                      .height = 100,
                                      .first_top = 10,
                                      .later_top = 10,
                                      .bottom = 10,
                                      .under = draw_nothing,
                                      .over = draw_no_foot};
    const struct canvas_about about = {.title = S("Trang")};
    struct text_style style = {.size = 20};
    for (size_t count = SHEET_PAGES_MAX - 1; count <= SHEET_PAGES_MAX + 1; count++) {
        arena_reset(&arena);
        buf_reset(&pdf);
        sheet_init(&sheet, &arena, typeface, &frame);
        for (size_t i = 0; i < count; i++) stack_text(&sheet.body, S("một trang"), style, 60);
        assert_int_equal(sheet_draw(&sheet, &about, BILL_PDF_BYTES_MAX, &pdf, &err),
                         count <= SHEET_PAGES_MAX ? OK : E_LIMIT);
        assert_int_equal(pages(), count <= SHEET_PAGES_MAX ? (int)count : 0);
    }
}

/* The fragment for pages, of the same facts. */
static struct str html(void)
{
    arena_reset(&arena);
    buf_reset(&pdf);
    assert_int_equal(bill_html(&arena, typeface, &facts, false, &pdf, &err), OK);
    return buf_str(&pdf);
}

/* One filling for both: neighbours and the day as unit stand on pages where they do on paper. */
static void pages_draw_the_charts_of_the_paper(void **state)
{
    (void)state;
    add_peers();
    add_why();
    assert_true(says(html(), S(">hộ tương tự<")) && says(html(), S(">240\u00a0kWh<")));
    assert_true(says(html(), S(">tiết kiệm<")) && says(html(), S(">130\u00a0kWh<")));
    assert_true(says(html(), S(">Tháng 7/2026<")));
    assert_true(says(html(), S("Không muốn so sánh: gọi điện hoặc đến quầy.")));
    facts.peers.per_household = true; /* bars of a meter, figures of a household */
    assert_false(says(html(), S(">hộ tương tự<")));
    facts.month[20].days = 12;
    assert_true(says(html(), S(">kWh/ngày<")));
}

/* Support of two rounds: each with its document, and what they take off together. */
static void rounds_of_support_are_summed(void **state)
{
    static char memory[65536];
    (void)state;
    for (size_t i = 4; i < 6; i++) {
        fill_line(i, RATED_SUPPORT);
        rated[i].amount_mvnd = i == 4 ? -98100250 : -55800000;
        lines[i].words_vi = i == 4 ? S("Hỗ trợ kinh doanh") : S("Hỗ trợ sinh hoạt");
        lines[i].basis_vi =
            i == 4 ? S("Nghị quyết 55/NQ-CP: hỗ trợ") : S("Nghị quyết 83/NQ-CP: hỗ trợ");
    }
    facts.support_mvnd = -153900250;
    draw((struct bill_pdf_form){0});
    assert_false(says(read_text(memory, sizeof memory), S("Cộng hỗ trợ")));
    facts.support_last = &lines[5];
    assert_int_equal(draw_all(), 1);
    struct str text = read_text(memory, sizeof memory);
    assert_true(says(text, S("Nghị quyết 55/NQ-CP: hỗ trợ")));
    assert_true(says(text, S("Nghị quyết 83/NQ-CP: hỗ trợ")));
    assert_true(says(text, S("Cộng hỗ trợ, trước thuế")));
    assert_true(says(text, S("−153.900,25")));
    draw((struct bill_pdf_form){.large = true});
    assert_true(says(read_text(memory, sizeof memory), S("−153.900,25 đ")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_household_with_a_price_change_is_one_page, fill),
        cmocka_unit_test_setup(many_lines_flow_over_pages, fill),
        cmocka_unit_test_setup(many_meters_flow_over_pages, fill),
        cmocka_unit_test_setup(long_texts_find_room, fill),
        cmocka_unit_test_setup(large_figures_find_room, fill),
        cmocka_unit_test_setup(rounds_of_support_are_summed, fill),
        cmocka_unit_test_setup(pages_draw_the_charts_of_the_paper, fill),
        cmocka_unit_test_setup(large_figures_of_two_uses_keep_their_distance, fill),
        cmocka_unit_test_setup(any_first_letter_has_its_capital, fill),
        cmocka_unit_test_setup(without_a_symbol_the_account_stands_there, fill),
        cmocka_unit_test_setup(a_rise_without_a_month_before_has_no_ratio, fill),
        cmocka_unit_test_setup(little_is_said_without_gaps, fill),
        cmocka_unit_test_setup(a_bill_of_the_earlier_system_is_one_page, fill),
        cmocka_unit_test_setup(a_photo_of_any_shape_finds_its_place, fill),
        cmocka_unit_test_setup(a_small_arena_is_told, fill),
        cmocka_unit_test_setup(too_many_pages_are_refused, fill),
    };
    for (size_t i = 0; i < LONG_BYTES; i++) {
        long_words[i] = i % 7 == 6 ? ' ' : 'm';
        long_word[i] = 'W';
    }
    arena_init(&arena, ARENA_BYTES);
    buf_init(&pdf, BILL_PDF_BYTES_MAX);
    if (typeface_open(&typeface, &err) != OK) return 1;
    int failed = cmocka_run_group_tests_name("document bill_pdf", tests, NULL, NULL);
    typeface_close(typeface);
    buf_release(&pdf);
    arena_release(&arena);
    return failed;
}
