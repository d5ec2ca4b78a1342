/* SPDX-License-Identifier: Apache-2.0 */
/* The facts of a bill: what is collected, what is left out, what a change elsewhere does. */
#include "support/stores.h"

#include <string.h>

#include "base/date.h"
#include "document/bill_facts.h"
#include "document/bill_html.h"
#include "document/bill_notice.h"
#include "document/fixture.h"
#include "draw/typeface.h"

enum { ARENA_BYTES = 64 * 1024 * 1024, TEXT_BYTES = 512 * 1024, WORDS_MAX = 19 };

static struct err err;
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

static struct bill_facts load(struct db *db, const char *number)
{
    struct facts_source *source;
    struct facts_options options = {.photo_folder = S("photos"),
                                    .portal = S("https://dien.example.vn/")};
    struct bill_facts facts;
    MUST(facts_source_open(db, &options, &source, &err));
    MUST(bill_facts_load(source, &arena, str_of(number), &facts, &err));
    facts_source_close(source);
    return facts;
}

static struct db *documents(void **state)
{
    struct db *db = test_db(state);
    arena_reset(&arena);
    MUST(documents_make(db, &err));
    return db;
}

static void is(struct str text, const char *expected)
{
    assert_true(str_equal(text, str_of(expected)));
}

static bool contains(struct str text, const char *part)
{
    return memmem(text.p, text.n, part, strlen(part)) != NULL;
}

static void run(struct db *db, const char *sql)
{
    MUST(db_begin(db, &err));
    MUST(db_run(db, sql, NO_ARGS, NULL, &err));
    MUST(db_commit(db, &err));
}

/* ---- what is collected ------------------------------------------------------------------- */

static void a_household(void **state)
{
    struct bill_facts f = load(documents(state), "PD0100-26071-2-2-K1");
    is(f.seller.legal_name, "Công ty Điện lực Thử nghiệm");
    is(f.seller.bank_account, "0011001234567");
    is(f.unit_name, "Điện lực Thử nghiệm");
    is(f.customer.name, "Khách hàng thử số 2");
    is(f.customer.address, "Nhà 2, ngõ Thử nghiệm");
    assert_int_equal(f.days, 31);
    assert_int_equal(f.rated.total_vnd, 1388405);
    assert_int_equal(f.line_count, 6);
    assert_true(contains(f.line[5].basis_vi, "1279/QĐ-BCT"));
    assert_int_equal(f.register_count, 1);
    assert_int_equal(f.reg[0].source, SOURCE_PHOTO);
    is(f.meter[0].serial, "00002600002");
    assert_true(f.photo.known);
    assert_int_equal(f.photo.width, 960);
    is(f.photo.path, "photos/00/11/"
                     "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff");
    assert_true(f.balance.known);
    assert_int_equal(f.balance.left_vnd, 1388405);
    assert_true(contains(f.payment_qr, "54071388405"));
    assert_true(str_starts(f.calculator_link, S("https://dien.example.vn/")));
    assert_int_equal(f.code.n, 14);
    is(f.total_words, "Một triệu ba trăm tám mươi tám nghìn bốn trăm linh năm đồng");
    is(f.use[0].words_vi, "sinh hoạt");
    is(f.households, "1");
    assert_false(f.peers.shown);
}

static void an_exchange_of_the_meter(void **state)
{
    struct bill_facts f = load(documents(state), "PD0100-26071-16-16-K1");
    assert_int_equal(f.meter_count, 2);
    assert_true(f.meter[0].removed_inside && !f.meter[0].hung_inside);
    assert_true(f.meter[1].hung_inside && !f.meter[1].removed_inside);
    assert_int_equal(f.reg[0].wh + f.reg[1].wh, 231000);
    assert_int_equal(f.reg[1].meter, 1);
}

static void corrections_name_what_they_correct(void **state)
{
    struct db *db = documents(state);
    struct bill_facts f = load(db, "PD0100-26071-9-9-D2");
    is(f.corrects, "PD0100-26071-9-9-K1");
    is(f.cause_vi, "sửa chỉ số công tơ");
    assert_false(f.why_month.known);
    assert_int_equal(f.register_count, 0); /* the closed use says 300 kWh, the bill 280 */
    assert_true(contains(f.line[0].basis_vi, "1279/QĐ-BCT"));
    f = load(db, "PD0100-26071-10-10-T2");
    is(f.corrects, "PD0100-26071-10-10-K1");
    assert_int_equal(f.register_count, 1); /* the use is as it was, two households share it */
    assert_true(f.why_month.known);
    is(f.households, "2");
}

static void supplements_and_fees(void **state)
{
    struct db *db = documents(state);
    struct bill_facts f = load(db, "PD0100-26070-12-12-B1");
    assert_int_equal(f.billed_before_wh, 190000);
    is(f.ground, "Biên bản kiểm tra 25/2026");
    f = load(db, "PD0100-26070-13-13-P1");
    assert_true(f.is_fee);
    assert_int_equal(f.days, 0);
    assert_int_equal(f.line[0].fee_quantity_milli, 1000);
    assert_true(contains(f.line[0].basis_vi, "23/2020/TT-BCT"));
    is(f.ground, "Phiếu công tác 12/2026");
    f = load(db, "PD0100-26071-14-14-K1");
    assert_false(f.balance.known);
    assert_int_equal(f.payment_qr.n, 0);
    is(f.total_words, "Không đồng");
    f = load(db, "PD0100-20051-15-15-K1");
    assert_int_equal(f.support_mvnd, -62550000);
    assert_ptr_equal(f.support_last, &f.line[f.line_count - 1]);
    f = load(db, "PD0100-26071-1-1-K1");
    assert_null(f.support_last);
}

/* ---- the pattern of use ------------------------------------------------------------------ */

static void gaps_stay_gaps(void **state)
{
    struct bill_facts f = load(documents(state), "PD0100-26071-1-1-K1");
    assert_int_equal(f.month[FACTS_MONTHS - 1].month, 202607);
    assert_int_equal(f.month[0].month, 202408);
    assert_true(f.month[0].known); /* packed past */
    assert_int_equal(f.month[0].wh, 240000);
    assert_int_equal(f.month[17].month, 202601);
    assert_false(f.month[17].known);
    assert_int_equal(f.month[FACTS_MONTHS - 13].wh, 215000); /* a bill of its own */
    assert_true(f.month_before.known && f.year_before.known);
    assert_int_equal(f.month_before.change_wh, 42000);
    assert_int_equal(f.month_before.change_permille, 226);
    assert_int_equal(f.month_before.change_per_day_permille, 186);
}

/* Corrections are netted; what was issued later is not what the bill said. */
static void a_bill_says_what_stood_when_it_was_issued(void **state)
{
    struct db *db = documents(state);
    struct bill_facts first = load(db, "PD0100-26071-9-9-K1");
    struct bill_facts adjusted = load(db, "PD0100-26071-9-9-D2");
    assert_int_equal(first.month[FACTS_MONTHS - 1].wh, 300000);
    assert_int_equal(adjusted.month[FACTS_MONTHS - 1].wh, 280000);
    struct bill_facts replaced = load(db, "PD0100-26071-10-10-T2");
    assert_int_equal(replaced.month[FACTS_MONTHS - 1].wh, 300000);
    struct bill_facts more = load(db, "PD0100-26070-12-12-B1");
    assert_int_equal(more.month[FACTS_MONTHS - 1].wh, 240000);
}

/* The customer before used other energy, and it is nobody else's business. */
static void the_past_of_another_customer_is_not_shown(void **state)
{
    struct db *db = documents(state);
    run(db, "INSERT INTO point_fact (unit_id, point_id, kind, valid_from, entry_no, state, "
            "recorded_at, actor_id, value_i64) VALUES (1, 1, 'agreement', '2015-01-01', 2, 'set', "
            "2000, 1, 99)");
    run(db, "INSERT INTO point_fact (unit_id, point_id, kind, valid_from, entry_no, state, "
            "recorded_at, actor_id, value_i64) VALUES (1, 1, 'agreement', '2025-09-10', 1, 'set', "
            "2000, 1, 1)");
    struct bill_facts f = load(db, "PD0100-26071-1-1-K1");
    for (size_t i = 0; i < FACTS_MONTHS; i++) {
        bool own_bill = f.month[i].month == 202507;
        if (f.month[i].month < 202511 && !own_bill) assert_false(f.month[i].known);
    }
    assert_true(f.month[15].known); /* November 2025 */
}

/* ---- from other rooms -------------------------------------------------------------------- */

/* In words as people count them, parted by spaces. */
static size_t longest_sentence(struct str text)
{
    size_t longest = 0, words = 1;
    assert_true(text.n > 0);
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] == ' ') words++;
        if (words > longest) longest = words;
        if (text.p[i] == '.' && (i + 1 == text.n || text.p[i + 1] == ' ')) words = 0;
    }
    return longest;
}

/* Where only the year before is known, its sentence has a heading of its own. */
static void a_year_alone_has_its_heading(void **state)
{
    struct bill_facts f = load(documents(state), "PD0100-26071-1-1-K1");
    struct buf text;
    f.why_month.known = false;
    buf_init(&text, TEXT_BYTES);
    MUST(bill_html(&arena, NULL, &f, false, &text, &err));
    assert_true(contains(buf_str(&text), "Vì sao khác cùng tháng năm trước?</h3>"));
    assert_false(contains(buf_str(&text), "Vì sao khác tháng trước?</h3>"));
    buf_release(&text);
}

/* The parts of a month are those by which the calculator made the tiers. */
static void widths_are_told_as_they_were_made(void **state)
{
    static const struct {
        const char *request, *vi, *en;
    } cases[] = {
        {"{\"month_days\":\"own_month\",",
         "Mỗi bậc tính theo số ngày của từng giá: 10/31, 21/31 tháng, làm tròn",
         "Tiers follow the days of each price: 10/31, 21/31 of a month, rounded"},
        {"{\"month_days\":\"30\",\"change_split\":\"truncate_old\",",
         "Mỗi bậc tính theo số ngày của từng giá (10/30, 21/30 tháng): giá cũ bỏ số lẻ, giá cuối "
         "nhận phần còn lại",
         "Tiers follow the days of each price (10/30, 21/30 of a month): cut to whole kWh, the "
         "last price takes what remains"}};
    struct db *db = documents(state);
    test_unlock(db, "bill");
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        MUST(db_run(db,
                    "UPDATE bill SET request = $1 || substr(request, instr(request, '\"from\"')) "
                    "WHERE month = 202505 AND point_id = 3",
                    ARGS(v_text(str_of(cases[i].request))), NULL, &err));
        struct bill_facts f = load(db, "PD0100-25051-3-3-K1");
        is(f.widths_vi, cases[i].vi);
        is(f.widths_en, cases[i].en);
    }
    is(load(db, "PD0100-26071-1-1-K1").widths_vi, "");
}

/* The amount of a bill is not what is left of it; a page says so under the amount. */
static void what_was_paid_is_told(void **state)
{
    struct db *db = documents(state);
    struct buf text;
    run(db, "INSERT INTO settlement (unit_id, account_id, reference, settlement_no, by_reference, "
            "amount_vnd, settled_on) VALUES (1, 1, 'PD0100-26071-1-1-K1', 1, 'TT1', 200000, "
            "'2026-08-05'), (1, 2, 'PD0100-26071-2-2-K1', 1, 'TT2', 1388405, '2026-08-05')");
    struct bill_facts some = load(db, "PD0100-26071-1-1-K1");
    struct bill_facts all = load(db, "PD0100-26071-2-2-K1");
    buf_init(&text, TEXT_BYTES);
    MUST(bill_html(&arena, NULL, &some, false, &text, &err));
    assert_true(contains(buf_str(&text), "<strong>Còn phải trả: 365.536 đ</strong>"));
    buf_reset(&text);
    MUST(bill_html(&arena, NULL, &all, true, &text, &err));
    assert_true(contains(buf_str(&text), "<strong>Paid</strong>"));
    buf_release(&text);
}

/* By the day a page says what paper says: one place, half up. */
static void bars_of_days_have_one_place(void **state)
{
    struct bill_facts f = load(documents(state), "PD0100-26070-11-11-C1");
    struct typeface *typeface = NULL;
    struct buf text;
    f.month[FACTS_MONTHS - 1].wh = 67000; /* in 12 days */
    MUST(typeface_open(&typeface, &err));
    buf_init(&text, TEXT_BYTES);
    MUST(bill_html(&arena, typeface, &f, false, &text, &err));
    assert_true(contains(buf_str(&text), "5,6 kWh mỗi ngày"));
    buf_release(&text);
    typeface_close(typeface);
}

/* Where a meter serves several, every form says for whom the figures are; they have no place
 * beside the bars of all. */
static void figures_of_one_household_are_told(struct db *db)
{
    static const char *const words[] = {
        "Các số này tính cho một hộ; ở đây mỗi hộ dùng 205 kWh.",
        "These figures are for one household; here each uses 205 kWh."};
    struct bill_facts f = load(db, "PD0100-26071-5-5-K1");
    struct typeface *typeface = NULL;
    struct buf text;
    MUST(typeface_open(&typeface, &err));
    buf_init(&text, TEXT_BYTES);
    for (size_t english = 0; english < 2; english++) {
        MUST(bill_notice(&arena, &f, (struct notice_form){.english = english}, &text, &err));
        assert_true(contains(buf_str(&text), words[english]));
        buf_reset(&text);
        MUST(bill_html(&arena, typeface, &f, english, &text, &err));
        assert_true(contains(buf_str(&text), words[english]));
        assert_false(contains(buf_str(&text), english ? ">similar<" : ">hộ tương tự<"));
        buf_reset(&text);
    }
    f = load(db, "PD0100-26071-1-1-K1");
    MUST(bill_html(&arena, typeface, &f, false, &text, &err));
    assert_true(contains(buf_str(&text), ">hộ tương tự<"));
    buf_release(&text);
    typeface_close(typeface);
}

static void neighbours_are_shown_where_they_were_published(void **state)
{
    struct db *db = documents(state);
    run(db, "INSERT INTO peer_month (unit_id, month, known_at, floor, home_count, actor_id) VALUES "
            "(1, 202607, 1000, 100, 120, 1)");
    run(db, "INSERT INTO place (place_id, code, level, name) VALUES (900, 'X900', 'commune', "
            "'Phường Bắc Thử Nghiệm')");
    run(db, "INSERT INTO device (unit_id, device_id, kind, code, name) VALUES (1, 900, 'station', "
            "'T00000000900', 'Trạm thử')");
    run(db,
        "INSERT INTO peer_group (unit_id, month, group_no, level, station_id, place_id, urban, "
        "households, days, member_count, state, median_kwh, efficient_kwh, below_wh, "
        "middle_wh, above_wh, low_sum_wh, low_edge_wh, low_next_wh, sum_wh, top_wh, "
        "second_wh) VALUES (1, 202607, 1, 'station', 900, 900, 1, 1, 31, 121, 'published', 190, "
        "90, 189000, 190000, 191000, 2160000, 110000, 111000, 24000000, 700000, 690000)");
    run(db, "INSERT INTO peer_home (unit_id, month, point_id, agreement_id, state, group_no, "
            "household_wh, quarters) VALUES (1, 202607, 1, 1, 'counted', 1, 228000, 4), "
            "(1, 202607, 5, 5, 'counted', 1, 204615, 13)");
    struct bill_facts f = load(db, "PD0100-26071-1-1-K1");
    assert_true(f.peers.shown);
    assert_int_equal(f.peers.count, 120);
    assert_int_equal(f.peers.own_wh, 228000);
    assert_in_range(f.peers.median_wh, 189000, 191000);
    assert_true(longest_sentence(f.peers.group_vi) < 20 && longest_sentence(f.peers.group_en) < 20);
    assert_true(longest_sentence(f.peers.words_vi) < 20 && longest_sentence(f.peers.words_en) < 20);
    struct buf text;
    buf_init(&text, TEXT_BYTES);
    MUST(bill_notice(&arena, &f, (struct notice_form){0}, &text, &err));
    assert_true(contains(buf_str(&text), "Một nửa số hộ tương tự dùng không quá "));
    assert_true(contains(buf_str(&text), "Không muốn so sánh: gọi điện hoặc đến quầy."));
    buf_release(&text);
    assert_false(load(db, "PD0100-26071-2-2-K1").peers.shown);
    figures_of_one_household_are_told(db);
}

static void the_legal_name_comes_with_the_invoice(void **state)
{
    struct db *db = documents(state);
    assert_int_equal(load(db, "PD0100-26071-1-1-K1").legal.number, 0);
    run(db, "INSERT INTO invoice_series (unit_id, series_no, year, template_no, symbol, tax_code, "
            "state, next_no, last_on, signed_to, created_at) VALUES (1, 1, 2026, 1, 'K26TDN', "
            "'0100000000-001', 'released', 124, '2026-08-02', 0, 1000)");
    run(db, "INSERT INTO einvoice (unit_id, series_no, invoice_no, issue_no, invoice_on, month, "
            "period_no, book_id, point_id, agreement_id, kind, version, route_order, role, "
            "pre_vat_vnd, vat_vnd, total_vnd) VALUES (1, 1, 123, 1, '2026-08-02', 202607, 1, 1, 1, "
            "1, 'periodic', 1, 1, 'original', 523644, 41892, 565536)");
    struct bill_facts f = load(db, "PD0100-26071-1-1-K1");
    assert_int_equal(f.legal.number, 123);
    assert_int_equal(f.legal.day, day_from_civil(2026, 8, 2));
    is(f.legal.symbol, "K26TDN");
}

/* ---- why it differs ---------------------------------------------------------------------- */

static size_t words_of(struct str text)
{
    size_t count = 0;
    struct str word;
    while (str_split(&text, ' ', &word))
        count += word.n > 0 && !(str_starts(word, S("đ")) && word.n <= 3);
    return count;
}

static void parts_sum_and_sentences_are_short(void **state)
{
    struct db *db = documents(state);
    size_t known = 0;
    for (size_t i = 0; i < document_case_count; i++) {
        struct bill_facts f = load(db, document_cases[i].number);
        const struct facts_why *whys[] = {&f.why_month, &f.why_year};
        for (size_t k = 0; k < ARRAY_COUNT(whys); k++) {
            int64_t sum = 0;
            if (!whys[k]->known) continue;
            known++;
            for (size_t s = 0; s < whys[k]->split.step_count; s++)
                sum += whys[k]->split.step[s].amount_vnd;
            assert_int_equal(sum, whys[k]->split.change_vnd);
            assert_int_equal(whys[k]->split.now_vnd, f.rated.total_vnd);
            assert_true(words_of(whys[k]->sentence_vi) <= WORDS_MAX);
            assert_true(words_of(whys[k]->sentence_en) <= WORDS_MAX);
        }
    }
    assert_true(known >= 12);
}

/* A replacement is a whole bill and is compared as one. */
static void a_replacement_is_compared(void **state)
{
    struct bill_facts f = load(documents(state), "PD0100-26071-10-10-T2");
    assert_int_equal(f.why_month.split.before_vnd, 604390);
    assert_int_equal(f.why_month.split.now_vnd, 692712);
}

/* ---- people ------------------------------------------------------------------------------ */

/* What a rule recorded for itself is told in the words and figures of the reader. */
static void evidence_of_rules_is_readable(void **state)
{
    static const struct {
        const char *record, *vi, *en;
    } cases[] = {
        {"same_rise_last_year: 1145.66 kWh / 31 ngày → 225.02 kWh / 30 ngày",
         "1.145,66 kWh / 31 ngày, rồi 225,02 kWh / 30 ngày",
         "1,145.66 kWh / 31 days, then 225.02 kWh / 30 days"},
        {"second_remote: KT 1234.5 2026-08-02; VC 20 2026-08-02",
         "điện năng 1234,5 ngày 02/08/2026; phản kháng 20 ngày 02/08/2026",
         "energy 1234.5 on 02/08/2026; reactive 20 on 02/08/2026"},
        {"daily_agree: 31 ngày, 2260.5 kWh", "31 ngày, 2.260,5 kWh", "31 days, 2,260.5 kWh"},
        {"photo_again: KT 8380 2026-07-31 "
         "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff",
         "điện năng 8380 ngày 31/07/2026", "energy 8380 on 31/07/2026"}};
    struct db *db = documents(state);
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++)
        MUST(db_run(db,
                    "INSERT INTO spike_step (unit_id, month, book_id, period_no, point_id, "
                    "usage_kind, closing_no, step_no, step, rule_id, evidence, reason, actor_id, "
                    "at) VALUES (1, 202607, 1, 1, 8, 'periodic', 1, $1, 'rule', 1, $2, '', 1, 0)",
                    ARGS(v_i64((int64_t)i + 3), v_text(str_of(cases[i].record))), NULL, &err));
    struct bill_facts f = load(db, "PD0100-26071-8-8-K1");
    assert_int_equal(f.spike.step_count, 2 + ARRAY_COUNT(cases));
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        is(f.spike.step[i + 2].evidence_vi, cases[i].vi);
        is(f.spike.step[i + 2].evidence_en, cases[i].en);
    }
}

static void no_member_of_the_staff_is_named(void **state)
{
    struct db *db = documents(state);
    struct bill_facts f = load(db, "PD0100-26071-8-8-K1");
    assert_true(f.spike.shown);
    assert_int_equal(f.spike.step_count, 2);
    is(f.spike.step[0].who_vi, "Tổ trưởng ghi chỉ số");
    is(f.spike.step[0].evidence_vi, ""); /* it named somebody */
    is(f.spike.step[1].evidence_vi, "ảnh công tơ và chỉ số đọc lại khớp nhau");
    is(f.spike.result_vi, "Đã kiểm tra lại, sản lượng đúng");
    is(load(db, "PD0100-26071-7-7-K1").estimate.ground, "Nhà khóa cửa khi ghi chỉ số");
    run(db, "UPDATE estimate SET ground = 'Lê Văn Thử không vào được nhà'");
    is(load(db, "PD0100-26071-7-7-K1").estimate.ground, "");
    struct buf text;
    buf_init(&text, TEXT_BYTES);
    MUST(bill_html(&arena, NULL, &f, false, &text, &err));
    MUST(bill_notice(&arena, &f, (struct notice_form){0}, &text, &err));
    assert_false(contains(buf_str(&text), "Trần Thị Kiểm"));
    assert_false(contains(buf_str(&text), "NV03"));
    buf_release(&text);
}

/* Names are what somebody typed. */
static void names_are_text_in_pages(void **state)
{
    struct db *db = documents(state);
    struct buf text;
    run(db, "UPDATE party SET name = '<img src=x onerror=alert(1)> \"A&B\"' WHERE party_id = 1");
    struct bill_facts f = load(db, "PD0100-26071-1-1-K1");
    buf_init(&text, TEXT_BYTES);
    MUST(bill_html(&arena, NULL, &f, false, &text, &err));
    assert_false(contains(buf_str(&text), "<img"));
    assert_true(contains(buf_str(&text), "&lt;img src=x onerror=alert(1)&gt; &quot;A&amp;B&quot;"));
    buf_release(&text);
}

/* ---- messages ---------------------------------------------------------------------------- */

/* The largest figures: what is needed least goes first, the amount and the day stay. */
static void a_long_message_is_shortened(void **state)
{
    struct db *db = documents(state);
    struct message_size size;
    struct buf text;
    struct bill_facts f = load(db, "PD0100-26071-8-8-K1");
    f.rated.total_vnd = f.balance.left_vnd = INT64_C(123456789012);
    f.row.agreement_code = S("PD000000000080000001234567");
    buf_init(&text, TEXT_BYTES);
    MUST(bill_sms(&arena, &f, (struct notice_form){.plain = true}, &text, &size, &err));
    assert_true(size.gsm);
    assert_int_equal(size.parts, 1);
    assert_true(contains(buf_str(&text), "123.456.789.012 d"));
    assert_true(contains(buf_str(&text), "han 08/08/2026"));
    assert_true(contains(buf_str(&text), "Hoi 19000000"));
    assert_false(contains(buf_str(&text), "thang truoc"));
    buf_release(&text);
}

/* ---- questions that fail ----------------------------------------------------------------- */

static err_t load_one(struct db *db, void *context, struct err *failure)
{
    struct facts_source *source;
    struct facts_options options = {0};
    struct bill_facts facts;
    struct arena own;
    arena_init(&own, ARENA_BYTES);
    err_t e = facts_source_open(db, &options, &source, failure);
    if (e == OK) {
        e = bill_facts_load(source, &own, str_of(context), &facts, failure);
        facts_source_close(source);
    }
    arena_release(&own);
    return e;
}

static void every_question_may_fail(void **state)
{
    struct db *db = documents(state);
    assert_true(fail_everywhere(db, load_one, "PD0100-26071-8-8-K1") > 10);
    assert_true(fail_everywhere(db, load_one, "PD0100-26071-10-10-T2") > 10);
    assert_int_equal(load_one(db, "PD0100-26071-1-1-K9", &err), E_NOT_FOUND);
    assert_int_equal(load_one(db, "nothing", &err), E_INPUT);
}

/* However little memory there is: an answer, or that it does not suffice. */
static void memory_may_run_out(void **state)
{
    struct db *db = documents(state);
    struct facts_source *source;
    struct facts_options options = {.photo_folder = S("photos"),
                                    .portal = S("https://dien.example.vn/")};
    static const char *const numbers[] = {"PD0100-26071-2-2-K1", "PD0100-25051-4-4-K1",
                                          "PD0100-26071-8-8-K1", "PD0100-26070-13-13-P1"};
    MUST(facts_source_open(db, &options, &source, &err));
    for (size_t i = 0; i < ARRAY_COUNT(numbers); i++) {
        err_t e = E_MEMORY;
        size_t tries = 0;
        for (size_t limit = 1024; e != OK; limit += 1024, tries++) {
            struct bill_facts facts;
            struct arena own;
            assert_true(limit < ARENA_BYTES);
            arena_init(&own, limit);
            e = bill_facts_load(source, &own, str_of(numbers[i]), &facts, &err);
            arena_release(&own);
            assert_true(e == OK || e == E_MEMORY || e == E_LIMIT);
        }
        assert_true(tries > 5);
    }
    facts_source_close(source);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BOTH_STORES(a_household),
        ON_BOTH_STORES(an_exchange_of_the_meter),
        ON_BOTH_STORES(corrections_name_what_they_correct),
        ON_BOTH_STORES(supplements_and_fees),
        ON_BOTH_STORES(gaps_stay_gaps),
        ON_BOTH_STORES(a_bill_says_what_stood_when_it_was_issued),
        ON_BOTH_STORES(the_past_of_another_customer_is_not_shown),
        ON_BOTH_STORES(neighbours_are_shown_where_they_were_published),
        ON_BOTH_STORES(the_legal_name_comes_with_the_invoice),
        ON_BOTH_STORES(parts_sum_and_sentences_are_short),
        ON_SQLITE(a_replacement_is_compared),
        ON_SQLITE(evidence_of_rules_is_readable),
        ON_SQLITE(bars_of_days_have_one_place),
        ON_SQLITE(what_was_paid_is_told),
        ON_SQLITE(widths_are_told_as_they_were_made),
        ON_SQLITE(a_year_alone_has_its_heading),
        ON_BOTH_STORES(no_member_of_the_staff_is_named),
        ON_SQLITE(names_are_text_in_pages),
        ON_SQLITE(a_long_message_is_shortened),
        ON_BOTH_STORES(every_question_may_fail),
        ON_SQLITE(memory_may_run_out),
    };
    return test_end_with(cmocka_run_group_tests_name("document facts", tests, setup, teardown));
}
