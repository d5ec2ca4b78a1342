/* SPDX-License-Identifier: Apache-2.0 */
/* Answers as people and programs read them: exact bytes, legal basis, warnings; and what happens
 * when memory runs out or a program asks for nonsense. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "answer.h"
#include "base/date.h"
#include "bill.h"
#include "tariff/answer.h"
#include "tariff/backbill.h"
#include "tariff/book_cases.h"
#include "tariff/book_diff.h"
#include "tariff/fee.h"
#include "tariff/vend.h"

enum { ARENA_BYTES = 64 * 1024 * 1024, TEXT_BYTES = 64 * 1024 };

/* The answer to a request written with ' for ", in the caller's buffer. */
static void answer_of(const char *request, struct buf *out)
{
    struct arena arena;
    struct err err = {0};
    arena_init(&arena, ARENA_BYTES);
    buf_reset(out);
    if (calc_answer(bill_book(), &arena, bill_text(&arena, request), out, &err) != OK)
        fail_msg("%s: %s", err.field, err.en.message);
    arena_release(&arena);
}

static void holds(const char *request, const char *part)
{
    struct buf out;
    buf_init(&out, TEXT_BYTES);
    answer_of(request, &out);
    if (strstr(out.p, part) == NULL) fail_msg("%s\nnot in\n%s", part, out.p);
    buf_release(&out);
}

static void an_answer_byte_for_byte(void **state)
{
    (void)state;
    struct buf out, expected;
    buf_init(&out, TEXT_BYTES);
    buf_init(&expected, TEXT_BYTES);
    answer_of("{'month':'2026-07','usage':{'kwh':'60'},'uses':[{'category':'SH'}]}", &out);
    buf_printf(&expected,
               "{\"lines\":[{\"kind\":\"energy\",\"category\":\"SH\",\"voltage\":null,"
               "\"decision\":\"QD1279/2025\",\"from\":\"2026-06-30\",\"to\":\"2026-07-31\","
               "\"tier\":1,\"tou\":null,\"kwh\":\"50\",\"price\":\"1984\",\"amount\":\"99200\","
               "\"basis\":\"Quyết định 1279/QĐ-BCT (Quyết định 599/QĐ-EVN) ngày 09/05/2025: "
               "sinh hoạt, bậc 1\",\"basis_en\":\"Decision 1279/QĐ-BCT (Decision 599/QĐ-EVN) of "
               "09/05/2025: residential, tier 1\"},{\"kind\":\"energy\",\"category\":\"SH\","
               "\"voltage\":null,\"decision\":\"QD1279/2025\",\"from\":\"2026-06-30\","
               "\"to\":\"2026-07-31\",\"tier\":2,\"tou\":null,\"kwh\":\"10\",\"price\":\"2050\","
               "\"amount\":\"20500\",\"basis\":\"Quyết định 1279/QĐ-BCT (Quyết định 599/QĐ-EVN) "
               "ngày 09/05/2025: sinh hoạt, bậc 2\",\"basis_en\":\"Decision 1279/QĐ-BCT "
               "(Decision 599/QĐ-EVN) of 09/05/2025: residential, tier 2\"}],\"pre_vat\":119700,"
               "\"vat_rate\":\"0.08\",\"vat\":9576,\"total\":129276,\"kwh\":\"60\","
               "\"warnings\":[],\"price_book\":\"%s\"}", bill_book()->hash);
    assert_string_equal(out.p, expected.p);
    answer_of("{'month':'2026-07','usage':{'kwh':'0'},'uses':[{'category':'SH'}]}", &out);
    buf_reset(&expected);
    buf_printf(&expected, "{\"lines\":[],\"pre_vat\":0,\"vat_rate\":\"0.08\",\"vat\":0,"
               "\"total\":0,\"kwh\":\"0\",\"warnings\":[],\"price_book\":\"%s\"}",
               bill_book()->hash);
    assert_string_equal(out.p, expected.p);
    buf_release(&expected);
    buf_release(&out);
}

static void lines_tell_their_ground(void **state)
{
    (void)state;
    holds("{'month':'2026-07','usage':{'normal':'1','peak':'1','offpeak':'1'},"
          "'uses':[{'category':'KD','voltage':'GE22'}]}",
          "kinh doanh, cấp điện áp từ 22 kV trở lên, giờ cao điểm\","
          "\"basis_en\":\"Decision 1279/QĐ-BCT (Decision 599/QĐ-EVN) of 09/05/2025: business, "
          "22 kV and above, peak hours\"");
    holds("{'month':'2026-07','usage':{'kwh':'1'},'uses':[{'category':'SH'}],"
          "'lodgers_undeclared':true}", "bậc 3; Thông tư 25/2018/TT-BCT");
    holds("{'month':'2026-07','usage':{'kwh':'1'},'uses':[{'category':'SH'}],"
          "'lodgers_undeclared':true,'prorate':'new_supply'}",
          "tier 3; Circulars 25/2018, 09/2023 and 60/2025/TT-BCT: tenants\"");
    holds("{'month':'2026-07','usage':{'kwh':'1'},'uses':[{'category':'BB_NT_SH'}],"
          "'papers_missing':true}", "bậc 4; Thông tư 09/2023/TT-BCT: bán buôn");
    holds("{'month':'2026-07','usage':{'kwh':'1'},'uses':[{'category':'BB_TH_SH'}],"
          "'papers_missing':true}", "normal hours; Circular 09/2023/TT-BCT: wholesale");
    holds("{'month':'2026-07','usage':{'kwh':'1'},'uses':[{'category':'SH'}],"
          "'prorate':'new_supply'}", "bậc 1; Thông tư 09/2023/TT-BCT, sửa Điều 10");
    holds("{'month':'2026-07','usage':{'kwh':'1'},'uses':[{'category':'SH'}],"
          "'decision':'QD14/2025','average':'2204.0655'}",
          "ngày 29/05/2025, giá bình quân 2.204,0655 đ/kWh: sinh hoạt, bậc 1\",\"basis_en\":"
          "\"Decision 14/2025/QĐ-TTg of 29/05/2025, average price 2204.0655 VND/kWh: "
          "residential, tier 1\"");
    holds("{'month':'2026-07','usage':{'kwh':'1','cosphi':'0.85'},"
          "'uses':[{'category':'HC_BV','voltage':'LT6'}],'demand_kw':'40'}",
          "{\"kind\":\"reactive\",\"category\":null,\"voltage\":null,\"decision\":null,"
          "\"from\":\"2026-06-30\",\"to\":\"2026-07-31\",\"tier\":null,\"tou\":null,\"kwh\":null,"
          "\"price\":null,\"quantity\":\"0.85\",\"percent\":\"5.88\",\"amount\":\"121.834\","
          "\"basis\":\"Thông tư 15/2014/TT-BCT: cos φ 0,85 dưới 0,9, k = 5,88 %\",\"basis_en\":"
          "\"Circular 15/2014/TT-BCT: cos φ 0.85 below 0.9, k = 5.88 %\"}");
    holds("{'month':'2021-08','usage':{'kwh':'1'},'uses':[{'category':'SH'}],"
          "'support':{'restricted_area':true}}",
          "{\"kind\":\"support\",\"category\":\"SH\",\"voltage\":null,\"decision\":\"QD648/2019\","
          "\"from\":\"2021-07-31\",\"to\":\"2021-08-31\",\"tier\":null,\"tou\":null,\"kwh\":null,"
          "\"price\":null,\"percent\":\"15\",\"amount\":\"-251.7\",\"basis\":\"Nghị quyết "
          "83/NQ-CP ngày 31/07/2021: hỗ trợ giảm tiền điện\"");
}

static void what_is_not_verified_warns(void **state)
{
    (void)state;
    /* Derived price, single-source VAT, single-source split: one warning each, in this order. */
    struct buf out;
    buf_init(&out, TEXT_BYTES);
    answer_of("{'from':'2024-10-05','to':'2024-11-05',"
              "'usage':{'normal':'100','peak':'50','offpeak':'20'},"
              "'uses':[{'category':'KD','voltage':'GE22'}],'prorate':'contract_end'}", &out);
    static const char *const expected[] = {
        "\"code\":\"price_not_verified\",\"text_vi\":\"Giá KD GE22 của QD2941/2023",
        "\"code\":\"price_not_verified\",\"text_vi\":\"Giá KD GE22 của QD2699/2024",
        "\"code\":\"rule_not_verified\",\"text_vi\":\"Hướng dẫn",
        "\"code\":\"rule_not_verified\",\"text_vi\":\"Thông tư 09/2023"};
    const char *at = strstr(out.p, "\"warnings\"");
    for (size_t i = 0; i < ARRAY_COUNT(expected); i++) {
        at = strstr(at, expected[i]);
        if (at == NULL) fail_msg("%s not in order in %s", expected[i], out.p);
        at++;
    }
    assert_null(strstr(at, "\"code\""));
    answer_of("{'from':'2016-01-05','to':'2016-02-05','usage':{'kwh':'500'},"
              "'uses':[{'category':'SH'}]}", &out);
    at = strstr(out.p, "\"warnings\"");
    at = strstr(at, "price_not_verified");
    assert_non_null(at);
    at = strstr(at, "\"decision_not_verified\",\"text_vi\":\"Ngày hiệu lực của Quyết định 2256");
    assert_non_null(at);
    assert_non_null(strstr(at, "vat_not_verified"));
    /* A reading of the change day divides the use, the rule still divides the widths of tiers. */
    holds("{'from':'2024-10-05','to':'2024-11-05','usage':{'kwh':'100'},"
          "'uses':[{'category':'SH'}],'read_on_change':[{'date':'2024-10-11','usage':"
          "{'kwh':'20'}}]}", "\"code\":\"rule_not_verified\",\"text_vi\":\"Hướng dẫn");
    buf_reset(&out);
    answer_of("{'from':'2024-10-05','to':'2024-11-05','usage':{'kwh':'100'},"
              "'uses':[{'category':'HC_CS','voltage':'LT6'}],'read_on_change':[{'date':"
              "'2024-10-11','usage':{'kwh':'20'}}]}", &out);
    assert_null(strstr(out.p, "rule_not_verified"));
    answer_of("{'month':'2020-11','usage':{'kwh':'120'},'uses':[{'category':'SH'}],"
              "'vat_rate':'0.1'}", &out);
    at = strstr(out.p, "support_not_verified");
    assert_non_null(at);
    assert_null(strstr(at, "\"code\""));
    holds("{'month':'2026-07','usage':{'kwh':'1'},'uses':[{'category':'SH'}],"
          "'decision':'QD14/2025','average':'2000'}",
          "\"code\":\"decision_not_in_force\",\"text_vi\":\"Quyết định 14/2025/QĐ-TTg chưa áp "
          "dụng cho hóa đơn\",\"text_en\":\"Decision 14/2025/QĐ-TTg is not applied to bills yet\","
          "\"field\":\"decision\"");
    buf_release(&out);
}

/* Nonsense that only a program can ask for, since the reader of requests stops it before. */
static void a_request_in_memory_is_checked_too(void **state)
{
    (void)state;
    struct calc_use use[USE_MAX] = {{.category = CATEGORY_SH, .share_milli = SHARE_WHOLE_MILLI}};
    struct calc_request request;
    calc_request_init(&request);
    request.from_day = day_from_civil(2026, 6, 30);
    request.to_day = day_from_civil(2026, 7, 31);
    request.use = use;
    request.use_count = 1;
    struct calc_request wrong[12];
    struct calc_use bad_use[] = {
        {.category = CATEGORY_SH, .share_milli = SHARE_WHOLE_MILLI, .household_quarters = -1},
        {.category = CATEGORY_SH, .share_milli = -1},
        {.category = CATEGORY_SH, .share_milli = SHARE_WHOLE_MILLI + 1},
        {.category = CATEGORY_SH, .own_wh = -1},
        {.category = CATEGORY_SH, .own_wh = CALC_WH_MAX + 1},
        {.category = CATEGORY_SH, .own_wh = 1, .own_billed_wh = 2}};
    for (size_t i = 0; i < ARRAY_COUNT(wrong); i++) wrong[i] = request;
    wrong[0].use_count = 0;
    wrong[1].use_count = USE_MAX + 1;
    wrong[2].household_quarters = 0;
    wrong[3].household_quarters = HOUSEHOLD_QUARTERS_MAX + 1;
    wrong[4].usage.wh[1] = -1;
    wrong[5].usage.wh[2] = CALC_WH_MAX + 1;
    for (size_t i = 0; i < ARRAY_COUNT(bad_use); i++) {
        wrong[6 + i].use = &bad_use[i];
        wrong[6 + i].own_kwh = i >= 3;
    }
    static const char *const fields[] = {
        "uses", "uses", "households", "households", "usage", "usage", "uses[0].households",
        "uses[0].share", "uses[0].share", "uses[0].kwh", "uses[0].kwh", "uses[0].billed"};
    struct arena arena;
    arena_init(&arena, ARENA_BYTES);
    for (size_t i = 0; i < ARRAY_COUNT(wrong); i++) {
        struct calc_result result = {.total_vnd = 7};
        struct err err = {0};
        assert_int_equal(calc_rate(bill_book(), &wrong[i], &arena, &result, &err), E_INPUT);
        assert_string_equal(err.field, fields[i]);
        assert_int_equal(result.total_vnd, 7);
    }
    arena_release(&arena);
}

typedef err_t service(const struct price_book *book, struct arena *arena, struct str text,
                      struct buf *out, struct err *err);

/* With every limit of memory an answer is whole or there is none. */
static void memory_runs_out_cleanly(void **state)
{
    (void)state;
    static const struct { service *service; const char *request; } cases[] = {
        {calc_answer, "{'from':'2020-03-20','to':'2021-08-15','usage':{'kwh':'100','kvarh':'90'},"
                      "'demand_kw':'50','uses':[{'category':'SH','share':'50'},"
                      "{'category':'KD','voltage':'LT6','share':'50'}],"
                      "'support':{'restricted_area':true,'tourist_lodging':true}}"},
        {calc_answer, "{'from':'2024-10-05','to':'2024-11-05','usage':{'kwh':'250'},"
                      "'uses':[{'category':'SH'}],'read_on_change':[{'date':'2024-10-11',"
                      "'usage':{'kwh':'100'}}]}"},
        {backbill_answer, "{'month':'2026-07','usage':{'kwh':'9'},'billed':'1',"
                          "'uses':[{'category':'SH'}]}"},
        {fee_answer, "{'type':'reconnection','voltage':'GT35','residential':true}"},
        {vend_answer, "{'money':'1','month':'2026-07'}"}};
    struct arena text;
    arena_init(&text, TEXT_BYTES);
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct str request = bill_text(&text, cases[i].request);
        bool answered = false;
        for (size_t limit = 16; limit < 12 * 1024; limit += 16) {
            struct arena arena;
            struct buf out;
            struct err err = {0};
            arena_init(&arena, limit);
            buf_init(&out, TEXT_BYTES);
            err_t code = cases[i].service(bill_book(), &arena, request, &out, &err);
            assert_true(code == OK ? out.n > 0 : code == E_MEMORY && out.n == 0);
            assert_true(code == OK || !answered);
            answered = code == OK;
            buf_release(&out);
            arena_release(&arena);
        }
        assert_true(answered);
    }
    arena_release(&text);
}

/* The built-in book with one text turned into another, loaded. */
static const struct price_book *changed_book(struct arena *arena, const char *from,
                                             const char *to)
{
    struct str text = book_builtin_text();
    const struct price_book *book;
    struct err err = {0};
    struct buf buf;
    const char *found = strstr(arena_str(arena, text).p, from);
    if (found == NULL) fail_msg("no %s", from);
    buf_init(&buf, PRICE_BOOK_BYTES_MAX);
    size_t at = text.n - strlen(found);
    buf_add(&buf, str_sub(text, 0, at));
    buf_add(&buf, str_of(to));
    buf_add(&buf, str_sub(text, at + strlen(from), text.n));
    if (book_load(arena, arena_str(arena, buf_str(&buf)), &book, &err) != OK)
        fail_msg("%s: %s", err.field, err.en.message);
    buf_release(&buf);
    return book;
}

static void list_problem(void *context, const struct err *problem)
{
    buf_printf(context, "%s: %s\n", problem->field, problem->en.message);
}

static void check_cases(const char *from, const char *to, const char *expected)
{
    struct arena arena;
    struct buf told;
    struct err err = {0};
    size_t count = 0;
    arena_init(&arena, ARENA_BYTES);
    buf_init(&told, TEXT_BYTES);
    err_t code = book_cases_run(changed_book(&arena, from, to), &arena, list_problem, &told,
                                &count, &err);
    assert_int_equal(code, expected == NULL ? OK : E_CHECK);
    assert_int_equal(count, 7);
    if (expected != NULL) assert_string_equal(told.p, expected);
    buf_release(&told);
    arena_release(&arena);
}

static void a_book_carries_its_own_tests(void **state)
{
    (void)state;
    check_cases("\"version\"", "\"version\"", NULL);
    check_cases("\"pre_vat\": 1285560, ", "\"pre_vat\": 1285561, ",
                "cases[0].expect.pre_vat: The answer is 1285560 đồng, expected 1285561 đồng\n");
    check_cases("\"vat\": 102845", "\"vat\": \"102845\"",
                "cases[0].expect.vat: The expected value is no whole number of đồng\n");
    check_cases("\"total\": 692712", "\"sum\": 692712",
                "cases[1].expect.sum: This field is not known\n");
    check_cases("{\"month\": \"2026-07\", \"usage\": {\"kwh\": \"461\"}, \"uses\": "
                "[{\"category\": \"SH\"}]}", "{\"month\": \"2026-07\"}",
                "cases[0].request.usage: A required field is missing\n");
    check_cases("{\"month\": \"2026-07\", \"usage\": {\"kwh\": \"461\"}, \"uses\": "
                "[{\"category\": \"SH\"}]}", "[]",
                "cases[0].request: This field must be an object, not a list\n");
    check_cases("{\"pre_vat\": 1285560, \"vat\": 102845, \"total\": 1388405}", "7",
                "cases[0].expect: This field must be an object, not a number\n");
    check_cases("\"pre_vat\": 1285560, \"vat\": 102845, ", "", NULL);
    check_cases("\"pre_vat\": 1285560, \"vat\": 102845, \"total\": 1388405", "",
                "cases[0].expect.pre_vat: A required field is missing\n");
}

static void a_book_without_a_case_is_refused(void **state)
{
    (void)state;
    struct arena arena;
    struct err err = {0};
    struct json none = {.type = JSON_LIST};
    struct price_book book = *bill_book();
    size_t count = 0;
    book.cases = &none;
    arena_init(&arena, ARENA_BYTES);
    assert_int_equal(book_cases_run(&book, &arena, list_problem, NULL, &count, &err), E_CHECK);
    assert_string_equal(err.field, "cases");
    arena_release(&arena);
}

/* What is new is told member by member: somebody is going to release it. */
#define NEW_PAPERS(id) \
    "+ " id " document_vi:  > Quyết định 14/2025/QĐ-TTg\n" \
    "+ " id " document_en:  > Decision 14/2025/QĐ-TTg\n" \
    "+ " id " issued:  > 2025-05-29\n+ " id " average:  > null\n" \
    "+ " id " by_average:  > true\n+ " id " confidence:  > verified\n"
#define NEW_HOURS(id) \
    "+ tou[" id "].id:  > " id "\n+ tou[" id "].from:  > null\n+ tou[" id "].to:  > null\n" \
    "+ tou[" id "].legal_vi:  > Quyết định 963/QĐ-BCT ngày 22/04/2026, chưa áp dụng cho hóa đơn\n" \
    "+ tou[" id "].legal_en:  > Decision 963/QĐ-BCT of 22 April 2026, not yet on bills\n" \
    "+ tou[" id "].confidence:  > verified\n" \
    "+ tou[" id "].mon_sat.normal[0]:  > 06:00, 17:30\n" \
    "+ tou[" id "].mon_sat.normal[1]:  > 22:30, 24:00\n" \
    "+ tou[" id "].mon_sat.peak[0]:  > 17:30, 22:30\n" \
    "+ tou[" id "].mon_sat.offpeak[0]:  > 00:00, 06:00\n" \
    "+ tou[" id "].sunday.normal[0]:  > 06:00, 24:00\n+ tou[" id "].sunday.peak:  > []\n" \
    "+ tou[" id "].sunday.offpeak[0]:  > 00:00, 06:00\n"

static void list_change(void *context, const struct book_change *change)
{
    static const char signs[] = {'+', '-', '~'};
    buf_printf(context, "%c %.*s: %.*s > %.*s\n", signs[change->kind], STR_ARG(change->what_en),
               STR_ARG(change->before), STR_ARG(change->after));
    assert_true(change->what_vi.n > 0);
}

static void check_diff(const char *from, const char *to, const char *forth, const char *back)
{
    struct arena arena;
    struct buf told;
    arena_init(&arena, ARENA_BYTES);
    buf_init(&told, TEXT_BYTES);
    const struct price_book *changed = changed_book(&arena, from, to);
    size_t count = book_diff(bill_book(), changed, list_change, &told);
    assert_string_equal(buf_str(&told).p, forth);
    assert_int_equal(count == 0, forth[0] == '\0');
    buf_reset(&told);
    book_diff(changed, bill_book(), list_change, &told);
    assert_string_equal(buf_str(&told).p, back);
    buf_release(&told);
    arena_release(&arena);
}

static void every_other_part_is_compared_by_its_members(void **state)
{
    (void)state;
    check_diff("\"id\": \"TOU_QD963\"", "\"id\": \"TOU_X\"",
               "- tou[TOU_QD963]: {…} > \n" NEW_HOURS("TOU_X"),
               "- tou[TOU_X]: {…} > \n" NEW_HOURS("TOU_QD963"));
    check_diff("\"established\": false", "\"established\": true",
               "~ campaigns[COVID-5].established: false > true\n",
               "~ campaigns[COVID-5].established: true > false\n");
    check_diff("\"percent\": \"15\"", "\"percent\": \"16\"",
               "~ campaigns[COVID-4].rules[0].percent: 15 > 16\n",
               "~ campaigns[COVID-4].rules[0].percent: 16 > 15\n");
    check_diff("\"below\": \"52.54\"", "\"below\": \"53\"",
               "~ reactive[0].below: 52.54 > 53\n", "~ reactive[0].below: 53 > 52.54\n");
    check_diff("[\"09:30\", \"11:30\"]", "[\"09:30\", \"10:30\"], [\"10:30\", \"11:30\"]",
               "~ tou[TOU_TT16].mon_sat.peak[0][1]: 11:30 > 10:30\n"
               "~ tou[TOU_TT16].mon_sat.peak[1][0]: 17:00 > 10:30\n"
               "~ tou[TOU_TT16].mon_sat.peak[1][1]: 20:00 > 11:30\n"
               "+ tou[TOU_TT16].mon_sat.peak[2]:  > 17:00, 20:00\n",
               "~ tou[TOU_TT16].mon_sat.peak[0][1]: 10:30 > 11:30\n"
               "~ tou[TOU_TT16].mon_sat.peak[1][0]: 10:30 > 17:00\n"
               "~ tou[TOU_TT16].mon_sat.peak[1][1]: 11:30 > 20:00\n"
               "- tou[TOU_TT16].mon_sat.peak[2]: 17:00, 20:00 > \n");
    check_diff("\"average\": \"1622.01\"", "\"average\": null",
               "~ QD2256/2015 average: 1622.01 > null\n",
               "~ QD2256/2015 average: null > 1622.01\n");
    check_diff("\"three_price_meter\": {\"transformer_kva\": 25",
               "\"three_price_meter\": {\"transformer_kva\": 30",
               "~ three_price_meter.transformer_kva: 25 > 30\n",
               "~ three_price_meter.transformer_kva: 30 > 25\n");
    check_diff("\"price\": \"8.38\"", "\"price\": \"8.4\"",
               "~ solar[QD13/2020 rooftop].price: 8.38 > 8.4\n",
               "~ solar[QD13/2020 rooftop].price: 8.4 > 8.38\n");
    check_diff(" \"unit\": \"VND/kWh, VAT excluded\",\n", "",
               "- unit: VND/kWh, VAT excluded > \n", "+ unit:  > VND/kWh, VAT excluded\n");
}

static void two_books_are_compared(void **state)
{
    (void)state;
    check_diff("\"version\"", "\"version\"", "", "");
    check_diff("\"price\": \"1484\"", "\"price\": \"1485\"",
               "~ QD2256/2015 SH tier 1: 1484 (<= 50 kWh), verified > 1485 (<= 50 kWh), "
               "verified\n",
               "~ QD2256/2015 SH tier 1: 1485 (<= 50 kWh), verified > 1484 (<= 50 kWh), "
               "verified\n");
    check_diff("\"percent\": \"180\"", "\"percent\": \"180.5\"",
               "~ QD14/2025 SH tier 5: 180 %, verified > 180.5 %, verified\n",
               "~ QD14/2025 SH tier 5: 180.5 %, verified > 180 %, verified\n");
    check_diff("\"rate\": \"0.08\"", "\"rate\": \"0.09\"",
               "~ VAT from 2022-02-01: 0.08, single-source > 0.09, single-source\n",
               "~ VAT from 2022-02-01: 0.09, single-source > 0.08, single-source\n");
    check_diff("Resolution 204/2025/QH15", "Resolution 205/2025/QH15",
               "~ vat[2025-07-01].legal_en: Resolution 204/2025/QH15, Decree 174/2025/NĐ-CP > "
               "Resolution 205/2025/QH15, Decree 174/2025/NĐ-CP\n",
               "~ vat[2025-07-01].legal_en: Resolution 205/2025/QH15, Decree 174/2025/NĐ-CP > "
               "Resolution 204/2025/QH15, Decree 174/2025/NĐ-CP\n");
    check_diff("\"from\": \"2015-01-01\"", "\"from\": \"2014-01-01\"",
               "+ VAT from 2014-01-01:  > 0.1, from memory\n"
               "+ vat[2014-01-01].legal_vi:  > Luật Thuế giá trị gia tăng\n"
               "+ vat[2014-01-01].legal_en:  > VAT law\n",
               "- VAT from 2014-01-01: 0.1, from memory > \n"
               "+ vat[2015-01-01].legal_vi:  > Luật Thuế giá trị gia tăng\n"
               "+ vat[2015-01-01].legal_en:  > VAT law\n");
    check_diff(",\n    {\"category\": \"SH\", \"tier\": 5, \"upto\": null, \"percent\": \"180\", "
               "\"confidence\": \"verified\", \"sources\": [\"S18\", \"CALC\"]}",
               ",\n    {\"category\": \"SH\", \"tier\": 5, \"upto\": \"900\", \"percent\": "
               "\"180\", \"confidence\": \"verified\"},\n    {\"category\": \"SH\", \"tier\": 6, "
               "\"upto\": null, \"percent\": \"190\", \"confidence\": \"verified\"}",
               "~ QD14/2025 SH tier 5: 180 %, verified > 180 % (<= 900 kWh), verified\n"
               "+ QD14/2025 SH tier 6:  > 190 %, verified\n",
               "~ QD14/2025 SH tier 5: 180 % (<= 900 kWh), verified > 180 %, verified\n"
               "- QD14/2025 SH tier 6: 190 %, verified > \n");
    check_diff("\"id\": \"QD14/2025\"", "\"id\": \"QD15/2025\"",
               "- QD14/2025 days in force: -.. > \n+ QD15/2025 days in force:  > -..\n"
               "+ QD15/2025 SH tier 1:  > 90 % (<= 100 kWh), verified\n"
               "+ QD15/2025 SH tier 2:  > 108 % (<= 200 kWh), verified\n"
               "+ QD15/2025 SH tier 3:  > 136 % (<= 400 kWh), verified\n"
               "+ QD15/2025 SH tier 4:  > 162 % (<= 700 kWh), verified\n"
               "+ QD15/2025 SH tier 5:  > 180 %, verified\n" NEW_PAPERS("QD15/2025"),
               "- QD15/2025 days in force: -.. > \n+ QD14/2025 days in force:  > -..\n"
               "+ QD14/2025 SH tier 1:  > 90 % (<= 100 kWh), verified\n"
               "+ QD14/2025 SH tier 2:  > 108 % (<= 200 kWh), verified\n"
               "+ QD14/2025 SH tier 3:  > 136 % (<= 400 kWh), verified\n"
               "+ QD14/2025 SH tier 4:  > 162 % (<= 700 kWh), verified\n"
               "+ QD14/2025 SH tier 5:  > 180 %, verified\n" NEW_PAPERS("QD14/2025"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_answer_byte_for_byte),
        cmocka_unit_test(lines_tell_their_ground),
        cmocka_unit_test(what_is_not_verified_warns),
        cmocka_unit_test(a_request_in_memory_is_checked_too),
        cmocka_unit_test(memory_runs_out_cleanly),
        cmocka_unit_test(a_book_carries_its_own_tests),
        cmocka_unit_test(a_book_without_a_case_is_refused),
        cmocka_unit_test(two_books_are_compared),
        cmocka_unit_test(every_other_part_is_compared_by_its_members),
    };
    return cmocka_run_group_tests_name("tariff answer", tests, NULL, NULL);
}
