/* SPDX-License-Identifier: Apache-2.0 */
/* Back-billing, reconnection fees and prepaid sales. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "answer.h"
#include "base/date.h"
#include "bill.h"
#include "tariff/backbill.h"
#include "tariff/fee.h"
#include "tariff/vend.h"

static err_t answer_fee(struct arena *arena, struct str request, struct buf *out, struct err *err)
{
    return fee_answer(bill_book(), arena, request, out, err);
}

static err_t answer_vend(struct arena *arena, struct str request, struct buf *out,
                         struct err *err)
{
    return vend_answer(bill_book(), arena, request, out, err);
}

static err_t answer_backbill(struct arena *arena, struct str request, struct buf *out,
                             struct err *err)
{
    return backbill_answer(bill_book(), arena, request, out, err);
}

/* The answer as JSON, for looking at one member. */
static const struct json *ask(struct answer *answer, answer_function *function,
                              const char *request)
{
    struct arena text;
    struct json *json;
    arena_init(&text, 64 * 1024);
    answer_init(answer, function, bill_text(&text, request).p);
    arena_release(&text);
    if (answer->code != OK) fail_msg("%s: %s", answer->err.field, answer->err.en.message);
    assert_int_equal(json_parse(&answer->arena, buf_str(&answer->out), &json, &answer->err), OK);
    return json;
}

static void refuses(answer_function *function, const char *request, const char *field)
{
    struct arena text;
    arena_init(&text, 64 * 1024);
    check_refused(function, bill_text(&text, request).p, field);
    arena_release(&text);
}

static void assert_text(const struct json *json, const char *key, const char *expected)
{
    const struct json *value = json_member(json, str_of(key));
    if (value == NULL || !str_equal(value->text, str_of(expected)))
        fail_msg("%s is %.*s, not %s", key, value == NULL ? 0 : (int)value->text.n,
                 value == NULL ? "" : value->text.p, expected);
}

static void back_billing_fills_what_is_left_of_each_tier(void **state)
{
    (void)state;
    check_backbill("{'from':'2024-03-31','to':'2024-04-30','usage':{'kwh':'5154'},"
                   "'billed':'190','uses':[{'category':'SH'}]}",
                   "SH 3 10x2167; SH 4 100x2729; SH 5 100x3050; SH 6 4754x3151 = "
                   "15579424 + 1246354");
    check_backbill("{'from':'2024-03-04','to':'2024-03-31','usage':{'kwh':'4638.6'},"
                   "'billed':'225','uses':[{'category':'SH'}],'prorate':'contract_end',"
                   "'month_days':'30'}",
                   "SH 4 45x2729; SH 5 90x3050; SH 6 4278.6x3151 = 13879174 + 1110334");
    check_backbill("{'from':'2026-06-15','to':'2026-07-30','usage':{'kwh':'375','billed':'0'},"
                   "'uses':[{'category':'SH'}],'prorate':'reading_day_change',"
                   "'month_days':'30'}",
                   "SH 1 75x1984; SH 2 75x2050; SH 3 150x2380; SH 4 75x2998 = 884400 + 70752");
    check_backbill("{'month':'2026-07','usage':{'kwh':'100'},'billed':'100',"
                   "'uses':[{'category':'SH'}]}", "0 + 0");
    check_backbill("{'month':'2026-07','usage':{'kwh':'100'},'billed':{'kwh':'40'},"
                   "'uses':[{'category':'SH'}]}",
                   "SH 1 10x1984; SH 2 50x2050 = 122340 + 9787");
}

static void theft_is_at_the_normal_or_the_peak_price(void **state)
{
    (void)state;
    check_backbill("{'from':'2024-04-04','to':'2024-10-11','usage':{'kwh':'45904'},"
                   "'billed':'4204','uses':[{'category':'KD','voltage':'LT6'}]}",
                   "KD/LT6 n 41700x2870 = 119679000 + 9574320");
    check_backbill("{'from':'2024-04-04','to':'2024-10-11',"
                   "'usage':{'normal':'60000','peak':'30000','offpeak':'1378'},"
                   "'billed':'1000','uses':[{'category':'SX','voltage':'LT6'}]}",
                   "SX/LT6 p 90378x3314 = 299512692 + 23961015");
    check_backbill("{'month':'2026-07','usage':{'normal':'100','peak':'50','offpeak':'50'},"
                   "'billed':{'normal':'40','peak':'50','offpeak':'10'},'cause':'wrong_price',"
                   "'uses':[{'category':'SX','voltage':'LT6'}]}",
                   "SX/LT6 n 60x1987; SX/LT6 o 40x1300 = 171220 + 13698");
}

static void back_billing_across_a_price_change(void **state)
{
    (void)state;
    /* 900 and 120 kWh over 30 days, 10 old: 300 and 600 used, 40 and 80 billed; widths by days,
     * the old ones truncated: 16, 16, 33 and 34, 34, 67. */
    check_backbill("{'from':'2024-10-01','to':'2024-10-31','usage':{'kwh':'900'},'billed':'120',"
                   "'uses':[{'category':'SH'}],'month_days':'30','change_split':'truncate_old'}",
                   "QD2941/2023: SH 3 25x2167; SH 4 33x2729; SH 5 33x3050; SH 6 169x3151; "
                   "QD2699/2024: SH 3 55x2271; SH 4 67x2860; SH 5 67x3197; SH 6 331x3302 = "
                   "2401087 + 192087");
    /* 101 and 100 kWh over 3 days: rounding would bill more in the second part than was used. */
    check_backbill("{'from':'2024-10-10','to':'2024-10-13','usage':{'kwh':'101'},'billed':'100',"
                   "'uses':[{'category':'HC_BV','voltage':'LT6'}]}",
                   "HC_BV/LT6 1x1886 = 1886 + 151");
    /* Shares of little use: 3 and 2 kWh by thirds. */
    check_backbill("{'month':'2026-07','usage':{'kwh':'2'},'billed':'1','uses':["
                   "{'category':'HC_BV','voltage':'LT6','share':'33'},"
                   "{'category':'HC_CS','voltage':'LT6','share':'33'},"
                   "{'category':'KD','voltage':'LT6','share':'34'}]}",
                   "HC_CS/LT6 1x2226 = 2226 + 178");
    check_backbill("{'month':'2026-07','usage':{'kwh':'300'},'billed':'100','uses':["
                   "{'category':'SH','kwh':'200','billed':'60'},"
                   "{'category':'KD','voltage':'LT6','kwh':'100','billed':'40'}]}",
                   "SH 2 40x2050; SH 3 100x2380; KD/LT6 n 60x3152 = 509120 + 40730");
}

static void back_billing_is_settled_with_the_vat_of_its_day(void **state)
{
    (void)state;
    check_backbill("{'month':'2023-03','usage':{'kwh':'20'},'billed':'10',"
                   "'uses':[{'category':'SH'}]}", "SH 1 10x1678 = 16780 + 1678");
    check_backbill("{'month':'2023-03','usage':{'kwh':'20'},'billed':'10',"
                   "'uses':[{'category':'SH'}],'settlement':'2026-07-31'}",
                   "SH 1 10x1678 = 16780 + 1342");
    /* The limit of round 4 counts the whole use of the bill: 190 billed and 20 more. */
    check_backbill("{'month':'2021-08','usage':{'kwh':'210'},'billed':'190',"
                   "'uses':[{'category':'SH'}],'support':{'restricted_area':true}}",
                   "SH 3 10x2014; SH 4 10x2536; -SH 10% -4550 = 40950 + 4095");
    check_backbill_refused("{'month':'2026-07','usage':{'kwh':'1'},'uses':[{'category':'SH'}]}",
                           "billed");
    check_backbill_refused("{'month':'2026-07','usage':{'normal':'9','peak':'5','offpeak':'5'},"
                           "'billed':{'normal':'1','peak':'6','offpeak':'1'},"
                           "'cause':'wrong_price','uses':[{'category':'SX','voltage':'LT6'}]}",
                           "billed");
    check_backbill_refused("{'month':'2026-07','usage':{'normal':'9','peak':'5','offpeak':'5'},"
                           "'billed':{'normal':'1','peak':'1','offpeak':'6'},"
                           "'cause':'not_measured','uses':[{'category':'SX','voltage':'LT6'}]}",
                           "billed");
    check_backbill_refused("{'month':'2026-07','usage':{'kwh':'9'},'billed':'3','uses':"
                           "[{'category':'SH','kwh':'5','billed':'1'},"
                           "{'category':'SH_TT','kwh':'4','billed':'1'}]}", "uses");
    check_backbill_refused("{'month':'2026-07','usage':{'kwh':'9'},'billed':'6','uses':"
                           "[{'category':'SH','kwh':'5','billed':'6'},"
                           "{'category':'SH_TT','kwh':'4','billed':'0'}]}", "uses[0].billed");
    check_backbill_refused("{'month':'2026-07','usage':{'kwh':'1'},'billed':'2',"
                           "'uses':[{'category':'SH'}]}", "billed");
    check_backbill_refused("{'month':'2026-07','usage':{'kwh':'1','billed':'1'},'billed':'1',"
                           "'uses':[{'category':'SH'}]}", "billed");
    check_backbill_refused("{'month':'2026-07','usage':{'kwh':'1','billed':1},"
                           "'uses':[{'category':'SH'}]}", "usage.billed");
    check_backbill_refused("{'month':'2026-07','usage':{'kwh':'1'},'billed':{'kw':'1'},"
                           "'uses':[{'category':'SH'}]}", "billed.kw");
    check_backbill_refused("{'month':'2026-07','usage':{'kwh':'1'},'billed':'0','cause':'x',"
                           "'uses':[{'category':'SH'}]}", "cause");
    check_backbill_refused("{'month':'2026-07','usage':{'normal':'1','peak':'1','offpeak':'1'},"
                           "'billed':'1','cause':'wrong_price','uses':[{'category':'SH'}]}",
                           "billed");
    check_backbill_refused("{'month':'2026-07','usage':{'kwh':'9'},'billed':'1',"
                           "'uses':[{'category':'SH','share':'100','billed':'1'}]}",
                           "uses[0].billed");
    check_backbill_refused("{'from':'2024-10-05','to':'2024-11-05','usage':{'kwh':'9'},"
                           "'billed':'1','uses':[{'category':'SH'}],'read_on_change':["
                           "{'date':'2024-10-11','usage':{'kwh':'1'}}]}", "read_on_change");
}

static void the_answer_names_what_was_billed(void **state)
{
    (void)state;
    struct answer answer;
    const struct json *json = ask(&answer, answer_backbill,
                                  "{'month':'2026-07','usage':{'kwh':'461'},'billed':'61.5',"
                                  "'uses':[{'category':'SH'}]}");
    assert_text(json, "kwh", "399.5");
    assert_text(json, "billed", "61.5");
    const struct json *line = json_member(json, S("lines"))->child;
    assert_text(line, "kwh", "38.5");
    assert_true(str_ends(json_member(line, S("basis"))->text,
                         S("Thông tư 42/2022/TT-BCT, Điều 21 và Phụ lục II")));
    answer_release(&answer);
}

static void fees_of_the_circular(void **state)
{
    (void)state;
    /* Plain and mountain or island; distances in metres; the published samples. */
    static const struct { uint8_t region; int64_t distance_m; int64_t fee_vnd[3]; } cases[] = {
        {FEE_PLAIN, 0, {98000, 231000, 339000}},
        {FEE_PLAIN, 5000, {98000, 231000, 339000}},
        {FEE_PLAIN, 5001, {111720, 263340, 386460}},
        {FEE_PLAIN, 10000, {111720, 263340, 386460}},
        {FEE_PLAIN, 50001, {166600, 392700, 576300}},
        {FEE_MOUNTAIN_ISLAND, 5000, {112700, 265650, 389850}},
        {FEE_MOUNTAIN_ISLAND, 12000, {144256, 340032, 499008}},
        {FEE_MOUNTAIN_ISLAND, 900000, {191590, 451605, 662745}},
    };
    const struct reconnection_fee *table = &bill_book()->fee[0];
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++)
        for (uint8_t v = 0; v < FEE_VOLTAGE_COUNT; v++) {
            struct fee_request request = {.voltage = v, .region = cases[i].region,
                                          .distance_m = cases[i].distance_m};
            assert_int_equal(fee_rate(table, &request).fee_vnd, cases[i].fee_vnd[v]);
            request.residential = true;
            assert_int_equal(fee_rate(table, &request).fee_vnd, table->base_vnd[v]);
        }
}

static void a_fee_has_vat_when_its_day_is_known(void **state)
{
    (void)state;
    struct answer answer;
    int64_t value;
    const struct json *json =
        ask(&answer, answer_fee, "{'type':'reconnection','voltage':'LE038','distance_km':'12',"
                                 "'region':'mountain_island','residential':false}");
    assert_true(json_to_i64(json_member(json, S("fee")), &value) && value == 144256);
    assert_int_equal(json_member(json, S("total"))->type, JSON_NULL);
    answer_release(&answer);
    json = ask(&answer, answer_fee, "{'type':'reconnection','voltage':'GT35','residential':true,"
                                    "'date':'2023-01-15'}");
    assert_true(json_to_i64(json_member(json, S("vat")), &value) && value == 33900);
    assert_true(json_to_i64(json_member(json, S("total")), &value) && value == 372900);
    assert_int_equal(json_member(json, S("warnings"))->count, 1);
    answer_release(&answer);
    json = ask(&answer, answer_fee, "{'type':'reconnection','voltage':'GT35','residential':true,"
                                    "'vat_rate':'0.08'}");
    assert_true(json_to_i64(json_member(json, S("vat")), &value) && value == 27120);
    answer_release(&answer);
}

/* ---- the distributor's own price list ---------------------------------------------------- */

#define SERVICE(code, price, from, to)                                                          \
    "{\"code\": \"" code "\", \"name_vi\": \"Kiểm định công tơ\", \"name_en\": \"Meter test\", "   \
    "\"unit_vi\": \"lần\", \"unit_en\": \"time\", \"price\": \"" price "\", \"from\": \"" from   \
    "\", \"to\": " to ", \"legal_vi\": \"Bảng giá dịch vụ\", \"legal_en\": \"Price list\", "     \
    "\"confidence\": \"verified\"}"
#define METER_TEST                                                                              \
    SERVICE("meter_test", "150000", "2026-01-01", "\"2026-06-30\"") ", "                        \
    SERVICE("meter_test", "165000", "2026-07-01", "null")

/* The built-in book with a list of services. */
static err_t book_with(struct arena *arena, const char *services, const struct price_book **out,
                       struct err *err)
{
    struct str text = book_builtin_text();
    struct buf changed;
    size_t at = str_find(text, '{') + 1;
    buf_init(&changed, PRICE_BOOK_BYTES_MAX);
    buf_printf(&changed, "{\"services\": [%s],", services);
    buf_add(&changed, str_sub(text, at, text.n));
    struct str copy = arena_str(arena, buf_str(&changed));
    buf_release(&changed);
    return book_load(arena, copy, out, err);
}

static void a_service_costs_what_the_list_of_its_day_says(void **state)
{
    (void)state;
    static const struct {
        const char *request;
        int64_t pre_vat_vnd, vat_vnd;
    } cases[] = {
        {"{\"type\":\"service\",\"code\":\"meter_test\",\"date\":\"2026-06-30\"}", 150000, 12000},
        {"{\"type\":\"service\",\"code\":\"meter_test\",\"date\":\"2026-07-01\"}", 165000, 13200},
        {"{\"type\":\"service\",\"code\":\"meter_test\",\"date\":\"2026-07-01\","
         "\"quantity\":\"2.125\",\"ground\":\"BB 7\"}", 350625, 28050},
        {"{\"type\":\"service\",\"code\":\"meter_test\",\"date\":\"2026-07-01\","
         "\"quantity\":\"0\"}", 0, 0},
        {"{\"type\":\"reconnection\",\"voltage\":\"LE038\",\"residential\":true,"
         "\"quantity\":\"2\",\"date\":\"2026-07-01\"}", 196000, 15680},
    };
    struct arena arena;
    struct err err = {0};
    const struct price_book *book;
    arena_init(&arena, 64 * 1024 * 1024);
    assert_int_equal(book_with(&arena, METER_TEST, &book, &err), OK);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct json *root;
        struct fee_sum sum;
        assert_int_equal(json_parse(&arena, str_of(cases[i].request), &root, &err), OK);
        assert_int_equal(fee_compute(book, root, &sum, &err), OK);
        assert_int_equal(sum.pre_vat_vnd, cases[i].pre_vat_vnd);
        assert_int_equal(sum.vat_vnd, cases[i].vat_vnd);
        assert_int_equal(sum.total_vnd, sum.pre_vat_vnd + sum.vat_vnd);
    }
    arena_release(&arena);
}

static void services_that_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *request, *field;
    } cases[] = {
        {"{\"type\":\"service\"}", "code"},
        {"{\"type\":\"service\",\"code\":\"meter_test\"}", "date"},
        {"{\"type\":\"service\",\"code\":\"meter_test\",\"date\":\"2025-12-31\"}", "code"},
        {"{\"type\":\"service\",\"code\":\"other\",\"date\":\"2026-07-01\"}", "code"},
        {"{\"type\":\"service\",\"code\":\"meter_test\",\"date\":\"2026-07-01\","
         "\"quantity\":\"-1\"}", "quantity"},
        {"{\"type\":\"service\",\"code\":\"meter_test\",\"date\":\"2026-07-01\","
         "\"quantity\":\"999999999999\"}", "quantity"},
        {"{\"type\":\"service\",\"code\":\"meter_test\",\"date\":\"2026-07-01\","
         "\"voltage\":\"GT35\"}", "voltage"},
        {"{\"type\":\"service\",\"code\":\"meter_test\",\"date\":\"2026-07-01\","
         "\"ground\":7}", "ground"},
    };
    struct arena arena;
    struct err err = {0};
    const struct price_book *book;
    arena_init(&arena, 64 * 1024 * 1024);
    assert_int_equal(book_with(&arena, METER_TEST, &book, &err), OK);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct json *root;
        struct fee_sum sum;
        assert_int_equal(json_parse(&arena, str_of(cases[i].request), &root, &err), OK);
        assert_int_not_equal(fee_compute(book, root, &sum, &err), OK);
        assert_string_equal(err.field, cases[i].field);
    }
    arena_release(&arena);
}

static void fees_at_their_limits(void **state)
{
    (void)state;
    refuses(answer_fee, "[]", "");
    refuses(answer_fee, "{'type':'reconnection','voltage':'LE038','residential':true,"
                        "'quantity':'999999999999'}", "quantity");
    refuses(answer_fee, "{'type':'reconnection','voltage':'LE038','residential':true,"
                        "'date':'2026-07-01','quantity':'90000000000'}", "quantity");
    refuses(answer_fee, "{'type':'reconnection','voltage':'LE038','residential':true,"
                        "'date':'2020-09-08'}", "date");
    struct answer answer;
    const struct json *json = ask(&answer, answer_fee,
                                  "{'type':'reconnection','voltage':'LE038','residential':true,"
                                  "'quantity':'2','ground':'BB-17','vat_rate':'0.1'}");
    assert_text(json, "ground", "BB-17");
    assert_text(json, "total", "215600");
    answer_release(&answer);
    refuses(answer_vend, "{'money':9999999999999999,'month':'2026-07'}", "money");
}

static void price_lists_that_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *services, *field;
    } cases[] = {
        {SERVICE("meter_test", "1", "2026-01-01", "null") ", "
         SERVICE("meter_test", "2", "2026-07-01", "null"), "services[1].from"},
        {SERVICE("a", "1", "2026-01-01", "\"2026-06-30\"") ", "
         SERVICE("b", "1", "2026-01-01", "null") ", "
         SERVICE("a", "2", "2026-06-30", "null"), "services[2].from"},
        {SERVICE("Meter", "1", "2026-01-01", "null"), "services[0].code"},
        {SERVICE("meter test", "1", "2026-01-01", "null"), "services[0].code"},
        {SERVICE("met{r", "1", "2026-01-01", "null"), "services[0].code"},
        {SERVICE("a-1", "1", "2026-01-01", "null"), "services[0].code"},
        {SERVICE("a23456789_123456789_123456789_123", "1", "2026-01-01", "null"),
         "services[0].code"},
        {SERVICE("reconnection", "1", "2026-01-01", "null"), "services[0].code"},
        {SERVICE("a", "0", "2026-01-01", "null"), "services[0].price"},
        {SERVICE("a", "1", "2026-01-01", "\"2025-01-01\""), "services[0].to"},
        {"7", "services[0]"},
    };
    struct arena arena;
    arena_init(&arena, 64 * 1024 * 1024);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct err err = {0};
        const struct price_book *book;
        arena_reset(&arena);
        assert_int_equal(book_with(&arena, cases[i].services, &book, &err), E_INPUT);
        assert_string_equal(err.field, cases[i].field);
    }
    arena_release(&arena);
}

static void fees_that_are_refused(void **state)
{
    (void)state;
    refuses(answer_fee, "{}", "type");
    refuses(answer_fee, "{'type':'visit'}", "type");
    refuses(answer_fee, "{'type':'reconnection'}", "voltage");
    refuses(answer_fee, "{'type':'reconnection','voltage':'LT6'}", "voltage");
    refuses(answer_fee, "{'type':'reconnection','voltage':'GT35'}", "distance_km");
    refuses(answer_fee, "{'type':'reconnection','voltage':'GT35','distance_km':'1'}", "region");
    refuses(answer_fee, "{'type':'reconnection','voltage':'GT35','distance_km':12,"
                        "'region':'plain'}", "distance_km");
    refuses(answer_fee, "{'type':'reconnection','voltage':'GT35','residential':'no'}",
            "residential");
    refuses(answer_fee, "{'type':'reconnection','voltage':'GT35','residential':true,"
                        "'date':'2020-09-08'}", "date");
    refuses(answer_fee, "{'type':'reconnection','voltage':'GT35','residential':true,"
                        "'date':'x'}", "date");
    refuses(answer_fee, "{'type':'reconnection','voltage':'GT35','residential':true,"
                        "'vat_rate':'8'}", "vat_rate");
    refuses(answer_fee, "{'type':'reconnection','voltage':'GT35','residential':true,"
                        "'vat':'0.08'}", "vat");
}

static void prepaid_kwh_are_truncated(void **state)
{
    (void)state;
    int64_t tenths;
    /* 500,000 / (2,909 x 1.08) = 159.15. */
    assert_true(vend_tenths(500000, 2909, 80000, &tenths) && tenths == 1591);
    /* 3,141.72 buys one kWh; one đồng less a tenth less. */
    assert_true(vend_tenths(3142, 2909, 80000, &tenths) && tenths == 10);
    assert_true(vend_tenths(3141, 2909, 80000, &tenths) && tenths == 9);
    assert_true(vend_tenths(0, 2909, 80000, &tenths) && tenths == 0);
    assert_true(vend_tenths(999999999999, 1, 0, &tenths) && tenths == 9999999999990);
    struct answer answer;
    const struct json *json = ask(&answer, answer_vend, "{'money':'500000','month':'2026-07'}");
    assert_text(json, "kwh", "159.1");
    assert_text(json, "price", "2909");
    assert_int_equal(json_member(json, S("warnings"))->count, 0);
    answer_release(&answer);
    json = ask(&answer, answer_vend, "{'money':500000,'date':'2019-03-19'}");
    assert_text(json, "decision", "QD4495/2017");
    answer_release(&answer);
    /* Two prices in the month: those of the last day, with a warning; "date" chooses. */
    json = ask(&answer, answer_vend, "{'money':'500000','month':'2025-05'}");
    assert_text(json, "price", "2909");
    assert_text(json_member(json, S("warnings"))->child, "code", "changes_in_month");
    answer_release(&answer);
    json = ask(&answer, answer_vend, "{'money':'500000','month':'2026-07',"
                                     "'decision':'QD648/2019','vat_rate':'0.1'}");
    assert_text(json, "kwh", "184.6");
    answer_release(&answer);
}

static void prepaid_requests_that_are_refused(void **state)
{
    (void)state;
    refuses(answer_vend, "{'month':'2026-07'}", "money");
    refuses(answer_vend, "{'money':'-1','month':'2026-07'}", "money");
    refuses(answer_vend, "{'money':-1,'month':'2026-07'}", "money");
    refuses(answer_vend, "{'money':1.5,'month':'2026-07'}", "money");
    refuses(answer_vend, "{'money':'1.5','month':'2026-07'}", "money");
    refuses(answer_vend, "{'money':'1'}", "month");
    refuses(answer_vend, "{'money':'1','month':'2026-07','date':'2026-07-01'}", "date");
    refuses(answer_vend, "{'money':'1','date':'2026-07'}", "date");
    refuses(answer_vend, "{'money':'1','month':'2015-02'}", "month");
    refuses(answer_vend, "{'money':'1','month':'2014-02','decision':'QD648/2019'}", "month");
    refuses(answer_vend, "{'money':'1','month':'2026-07','decision':'QD14/2025'}", "month");
    refuses(answer_vend, "{'money':'1','month':'2026-07','decision':'X'}", "decision");
    refuses(answer_vend, "{'money':'1','month':'2026-07','kwh':'1'}", "kwh");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(back_billing_fills_what_is_left_of_each_tier),
        cmocka_unit_test(theft_is_at_the_normal_or_the_peak_price),
        cmocka_unit_test(back_billing_across_a_price_change),
        cmocka_unit_test(back_billing_is_settled_with_the_vat_of_its_day),
        cmocka_unit_test(the_answer_names_what_was_billed),
        cmocka_unit_test(fees_of_the_circular),
        cmocka_unit_test(a_fee_has_vat_when_its_day_is_known),
        cmocka_unit_test(fees_that_are_refused),
        cmocka_unit_test(a_service_costs_what_the_list_of_its_day_says),
        cmocka_unit_test(services_that_are_refused),
        cmocka_unit_test(fees_at_their_limits),
        cmocka_unit_test(price_lists_that_are_refused),
        cmocka_unit_test(prepaid_kwh_are_truncated),
        cmocka_unit_test(prepaid_requests_that_are_refused),
    };
    return cmocka_run_group_tests_name("tariff services", tests, NULL, NULL);
}
