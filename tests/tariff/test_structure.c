/* SPDX-License-Identifier: Apache-2.0 */
/* Books that are not law yet: new tiers from one day on, prices that change every week. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/date.h"
#include "bill.h"
#include "tariff/answer.h"
#include "tariff/backbill.h"
#include "tariff/book_diff.h"

enum { ARENA_BYTES = 16 * 1024 * 1024, BOOK_BYTES = 256 * 1024 };

/* Written with ' for ". What follows the decisions in the smallest book. */
static const char book_end[] =
    "],'vat':[{'from':'2020-01-01','to':null,'rate':'0.1','legal_vi':'L','legal_en':'L',"
    "'confidence':'verified'}],'tou':[],'reactive':[],'campaigns':[],'fees':[],'solar':[],"
    "'three_price_meter':{'transformer_kva':25,'average_kwh':2000,'months':3,'legal_vi':'L',"
    "'legal_en':'L','confidence':'verified'},'cases':[],'rules':{"
    "'price_change':{'confidence':'verified','legal_vi':'L','legal_en':'L'},"
    "'proration':{'confidence':'verified','legal_vi':'L','legal_en':'L'},"
    "'mixed_use':{'confidence':'verified','legal_vi':'L','legal_en':'L'},"
    "'lodgers':{'confidence':'verified','legal_vi':'L','legal_en':'L'},"
    "'papers_missing':{'confidence':'verified','legal_vi':'L','legal_en':'L'},"
    "'households':{'confidence':'verified','legal_vi':'L','legal_en':'L'},"
    "'rounding':{'confidence':'verified','legal_vi':'L','legal_en':'L'},"
    "'backbill':{'confidence':'verified','legal_vi':'L','legal_en':'L'},"
    "'voltage_20kv':{'confidence':'verified','legal_vi':'L','legal_en':'L'}}}";

static void add_head(struct buf *buf, const char *id, const char *from, const char *to,
                     const char *average)
{
    buf_printf(buf, "{'id':'%s','document_vi':'%s','document_en':'%s','issued':'2020-01-01',"
               "'effective_from':'%s','effective_to':%s,'average':%s,'by_average':%s,"
               "'confidence':'verified','rows':[", id, id, id, from, to, average,
               strcmp(average, "null") == 0 ? "false" : "true");
}

static const struct price_book *load(struct arena *arena, struct buf *buf)
{
    const struct price_book *book;
    struct err err = {0};
    buf_add(buf, str_of(book_end));
    assert_false(buf->failed);
    if (book_load(arena, bill_text(arena, buf->p), &book, &err) != OK)
        fail_msg("%s: %s", err.field, err.en.message);
    return book;
}

/* Tiers of 50, 50 and more until the end of June; 100, 100 and more at 90, 108 and 136 % of 2,000
 * from July on. */
static const struct price_book *new_structure(struct arena *arena)
{
    struct buf buf;
    buf_init(&buf, BOOK_BYTES);
    buf_add(&buf, S("{'format':1,'id':'T','version':'1','decisions':["));
    add_head(&buf, "OLD", "2020-01-01", "'2026-06-30'", "null");
    buf_add(&buf, S("{'category':'SH','tier':1,'upto':'50','price':'1000','confidence':"
                    "'verified'},{'category':'SH','tier':2,'upto':'100','price':'1500',"
                    "'confidence':'verified'},{'category':'SH','tier':3,'upto':null,'price':"
                    "'2000','confidence':'verified'}]},"));
    add_head(&buf, "NEW", "2026-07-01", "null", "'2000'");
    buf_add(&buf, S("{'category':'SH','tier':1,'upto':'100','percent':'90','confidence':"
                    "'verified'},{'category':'SH','tier':2,'upto':'200','percent':'108',"
                    "'confidence':'verified'},{'category':'SH','tier':3,'upto':null,'percent':"
                    "'136','confidence':'verified'}]}"));
    const struct price_book *book = load(arena, &buf);
    buf_release(&buf);
    return book;
}

struct bill {
    struct calc_result result;
    struct err err;
    err_t code;
};

static struct bill rate(const struct price_book *book, struct arena *arena, const char *text)
{
    struct bill bill = {0};
    struct json *root;
    struct calc_request request;
    bill.code = json_parse(arena, bill_text(arena, text), &root, &bill.err);
    if (bill.code == OK)
        bill.code = request_read(book, REQUEST_CALC, arena, root, &request, &bill.err);
    if (bill.code == OK) bill.code = calc_rate(book, &request, arena, &bill.result, &bill.err);
    return bill;
}

static void check_line(const struct calc_line *line, int tier, int64_t kwh, int32_t price_vnd)
{
    assert_int_equal(line->tier, tier);
    assert_int_equal(line->wh, kwh * 1000);
    assert_int_equal(line->price_vnd, price_vnd);
}

static void new_tiers_inside_a_period(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena, ARENA_BYTES);
    const struct price_book *book = new_structure(&arena);
    /* 10 of 30 days old: 100 and 200 kWh; widths 17, 17 and 67, 67. */
    static const char *const splits[] = {"half_up", "truncate_old"};
    for (size_t i = 0; i < 2; i++) {
        char text[320];
        struct buf buf;
        buf_init_fixed(&buf, text, sizeof text);
        buf_printf(&buf, "{'from':'2026-06-21','to':'2026-07-21','usage':{'kwh':'300'},"
                   "'uses':[{'category':'SH'}],'month_days':'30','change_split':'%s'}",
                   splits[i]);
        struct bill bill = rate(book, &arena, text);
        assert_int_equal(bill.code, OK);
        assert_int_equal(bill.result.line_count, 6);
        int64_t old_kwh = i == 0 ? 17 : 16;
        check_line(&bill.result.line[0], 1, old_kwh, 1000);
        check_line(&bill.result.line[1], 2, old_kwh, 1500);
        check_line(&bill.result.line[2], 3, 100 - 2 * old_kwh, 2000);
        /* The new tiers are others, so nothing "remains" of them: they follow their own days. */
        check_line(&bill.result.line[3], 1, 67, 1800);
        check_line(&bill.result.line[4], 2, 67, 2160);
        check_line(&bill.result.line[5], 3, 66, 2720);
    }
    arena_release(&arena);
}

static void a_decision_in_force_brings_its_average(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena, ARENA_BYTES);
    const struct price_book *book = new_structure(&arena);
    struct bill bill = rate(book, &arena, "{'month':'2026-08','usage':{'kwh':'10'},"
                                          "'uses':[{'category':'SH'}]}");
    assert_int_equal(bill.code, OK);
    check_line(&bill.result.line[0], 1, 10, 1800);
    /* The request may try another one. */
    bill = rate(book, &arena, "{'month':'2026-08','usage':{'kwh':'10'},"
                              "'uses':[{'category':'SH'}],'average':'2100.5'}");
    assert_int_equal(bill.code, OK);
    check_line(&bill.result.line[0], 1, 10, 1890);
    bill = rate(book, &arena, "{'month':'2026-08','usage':{'kwh':'10'},"
                              "'uses':[{'category':'SH'}],'lodgers_undeclared':true}");
    check_line(&bill.result.line[0], 2, 10, 2160);
    bill = rate(book, &arena, "{'month':'2026-08','usage':{'kwh':'10','cosphi':'0.5'},"
                              "'uses':[{'category':'SH'}],'demand_kw':'50'}");
    assert_int_equal(bill.code, OK);
    assert_int_equal(bill.result.line_count, 1);
    arena_release(&arena);
}

/* A decision per week from 2026 on. */
static const struct price_book *weekly(struct arena *arena, int weeks)
{
    struct buf buf;
    buf_init(&buf, BOOK_BYTES);
    buf_add(&buf, S("{'format':1,'id':'T','version':'1','decisions':["));
    int32_t first = day_from_civil(2026, 1, 1);
    for (int week = 0; week < weeks; week++) {
        char id[16], from[DATE_TEXT_BYTES], to[16], last[DATE_TEXT_BYTES];
        struct buf text;
        day_text(first + 7 * week, from);
        day_text(first + 7 * week + 6, last);
        buf_init_fixed(&text, id, sizeof id);
        buf_printf(&text, "W%d", week);
        buf_init_fixed(&text, to, sizeof to);
        buf_printf(&text, week + 1 == weeks ? "null" : "'%s'", last);
        add_head(&buf, id, from, to, "null");
        buf_printf(&buf, "{'category':'HC_BV','voltage':'LT6','price':'%d','confidence':"
                   "'verified'}]}%s", 1000 + week, week + 1 == weeks ? "" : ",");
    }
    const struct price_book *book = load(arena, &buf);
    buf_release(&buf);
    return book;
}

static void prices_may_change_every_week(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena, ARENA_BYTES);
    const struct price_book *book = weekly(&arena, 70);
    struct bill bill = rate(book, &arena,
                            "{'from':'2026-01-01','to':'2027-03-25','usage':{'kwh':'6400'},"
                            "'uses':[{'category':'HC_BV','voltage':'LT6'}]}");
    assert_int_equal(bill.code, OK);
    assert_int_equal(bill.result.line_count, SPAN_MAX);
    for (size_t i = 0; i < SPAN_MAX; i++) assert_int_equal(bill.result.line[i].wh, 100 * 1000);
    bill = rate(book, &arena, "{'from':'2026-01-01','to':'2027-04-25','usage':{'kwh':'1'},"
                              "'uses':[{'category':'HC_BV','voltage':'LT6'}]}");
    assert_int_equal(bill.code, E_LIMIT);
    assert_string_equal(bill.err.field, "to");
    arena_release(&arena);
}

/* Prices per kWh by time and 200,000 per kW; from July on 220,000. */
static const struct price_book *two_parts(struct arena *arena, const char *second_unit)
{
    static const char rows[] =
        "{'category':'SX','voltage':'LT6','tou':'normal','price':'1000','confidence':'verified'},"
        "{'category':'SX','voltage':'LT6','tou':'peak','price':'2000','confidence':'verified'},"
        "{'category':'SX','voltage':'LT6','tou':'offpeak','price':'500','confidence':'verified'},"
        "{'category':'SX','voltage':'LT6','unit':'kW','price':'%s','confidence':'derived'},"
        "{'category':'SH_TT','price':'1500','confidence':'verified','unit':'kWh'}";
    struct buf buf;
    buf_init(&buf, BOOK_BYTES);
    buf_add(&buf, S("{'format':1,'id':'T','version':'1','decisions':["));
    add_head(&buf, "OLD", "2020-01-01", "'2026-06-30'", "null");
    buf_printf(&buf, rows, "200000");
    buf_add(&buf, S("]},"));
    add_head(&buf, "NEW", "2026-07-01", "null", "null");
    buf_printf(&buf, rows, second_unit);
    buf_add(&buf, S("]}"));
    const struct price_book *book = load(arena, &buf);
    buf_release(&buf);
    return book;
}

#define TWO_PARTS(when, members) \
    "{" when ",'usage':{'normal':'100','peak':'10','offpeak':'0'" members \
    ",'uses':[{'category':'SX','voltage':'LT6'}]"

static void a_two_part_tariff_charges_kilowatts(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena, ARENA_BYTES);
    const struct price_book *book = two_parts(&arena, "220000");
    struct bill bill = rate(book, &arena, TWO_PARTS("'month':'2026-08'", "}")
                            ",'demand_kw':'12.5'}");
    assert_int_equal(bill.code, OK);
    assert_int_equal(bill.result.line_count, 3);
    assert_int_equal(bill.result.line[2].kind, LINE_FEE);
    assert_int_equal(bill.result.line[2].price_vnd, 220000);
    /* 100 x 1,000 + 10 x 2,000 + 12.5 x 220,000. */
    assert_int_equal(bill.result.pre_vat_vnd, 120000 + 2750000);
    /* No demand, no charge. */
    bill = rate(book, &arena, TWO_PARTS("'month':'2026-08'", "}") ",'demand_kw':'0'}");
    assert_int_equal(bill.result.pre_vat_vnd, 120000);
    /* 10 of 30 days at the old price: 1/3 of 200,000 and 2/3 of 220,000, for 3 kW. */
    bill = rate(book, &arena, TWO_PARTS("'from':'2026-06-21','to':'2026-07-21'", "}")
                ",'demand_kw':'3'}");
    assert_int_equal(bill.code, OK);
    int64_t fee_mvnd = 0;
    for (size_t i = 0; i < bill.result.line_count; i++)
        if (bill.result.line[i].kind == LINE_FEE) fee_mvnd += bill.result.line[i].amount_mvnd;
    assert_int_equal(fee_mvnd, 200000000 + 440000000);
    /* Without use the capacity is still held ready. */
    bill = rate(book, &arena, "{'month':'2026-08','usage':{'kwh':'0'},'demand_kw':'1',"
                              "'uses':[{'category':'SX','voltage':'LT6'}]}");
    assert_int_equal(bill.result.pre_vat_vnd, 220000);
    bill = rate(book, &arena, TWO_PARTS("'month':'2026-08'", "}") "}");
    assert_int_equal(bill.code, E_INPUT);
    assert_string_equal(bill.err.field, "demand_kw");
    bill = rate(book, &arena, "{'month':'2026-08','usage':{'kwh':'10'},'demand_kw':'1','uses':["
                              "{'category':'SX','voltage':'LT6','share':'50'},"
                              "{'category':'SH_TT','share':'50'}]}");
    assert_int_equal(bill.code, E_INPUT);
    assert_string_equal(bill.err.field, "uses");
    arena_release(&arena);
}

static void capacity_at_its_limits(void **state)
{
    (void)state;
    struct arena arena;
    struct err err = {0};
    struct buf out;
    arena_init(&arena, ARENA_BYTES);
    buf_init(&out, BOOK_BYTES);
    const struct price_book *book = two_parts(&arena, "220000");
    struct bill bill = rate(book, &arena, TWO_PARTS("'month':'2026-08'", "}")
                            ",'demand_kw':'999999999999'}");
    assert_int_equal(bill.code, E_OVERFLOW);
    /* A category without a price per kW pays its energy only. */
    bill = rate(book, &arena, "{'month':'2026-08','usage':{'kwh':'10'},'demand_kw':'5',"
                              "'uses':[{'category':'SH_TT'}]}");
    assert_int_equal(bill.result.pre_vat_vnd, 15000);
    /* The capacity was billed with the first bill of the period. */
    struct str request = bill_text(&arena, "{'month':'2026-08','usage':{'kwh':'30'},'billed':'10',"
                                           "'demand_kw':'5','cause':'not_measured',"
                                           "'uses':[{'category':'SX','voltage':'LT6'}]}");
    assert_int_equal(backbill_answer(book, &arena, request, &out, &err), OK);
    assert_non_null(strstr(out.p, "\"pre_vat\":20000,"));
    assert_non_null(strstr(out.p, "\"kwh\":\"20\",\"billed\":\"10\""));
    buf_release(&out);
    arena_release(&arena);
}

static void note_change(void *context, const struct book_change *change)
{
    buf_printf(context, "%.*s: %.*s > %.*s\n", STR_ARG(change->what_en), STR_ARG(change->before),
               STR_ARG(change->after));
}

static void the_answer_tells_kilowatts(void **state)
{
    (void)state;
    struct arena arena;
    struct err err = {0};
    struct buf out;
    arena_init(&arena, ARENA_BYTES);
    buf_init(&out, BOOK_BYTES);
    const struct price_book *book = two_parts(&arena, "220000");
    struct str request = bill_text(&arena, TWO_PARTS("'month':'2026-08'", "}")
                                           ",'demand_kw':'12.5'}");
    assert_int_equal(calc_answer(book, &arena, request, &out, &err), OK);
    assert_non_null(strstr(out.p, "{\"kind\":\"fee\",\"category\":\"SX\",\"voltage\":"
                                  "\"LT6\",\"decision\":\"NEW\",\"from\":\"2026-07-31\","
                                  "\"to\":\"2026-08-31\",\"tier\":null,\"tou\":null,"
                                  "\"kwh\":null,\"price\":\"220000\",\"quantity\":\"12.5\","
                                  "\"amount\":\"2750000\""));
    assert_non_null(strstr(out.p, "dưới 6 kV, giá công suất\""));
    assert_non_null(strstr(out.p, "price_not_verified"));
    buf_reset(&out);
    assert_int_equal(book_diff(book, two_parts(&arena, "230000"), note_change, &out), 1);
    assert_string_equal(buf_str(&out).p, "NEW SX LT6 kW: 220000 /kW > 230000 /kW\n");
    buf_release(&out);
    arena_release(&arena);
}

/* One price, and two campaigns that would take everything off the same bill for different facts. */
static const struct price_book *two_campaigns(struct arena *arena)
{
    static const char rule[] =
        "{'id':'%s','document_vi':'%s','document_en':'%s','established':true,'confidence':"
        "'verified','rules':[{'from_month':'2026-05','to_month':'2026-05','fact':'%s',"
        "'categories':['SH'],'method':'amount','percent':'%s','price_of':null,'tiers':null,"
        "'kwh_above':null,'kwh_upto':null,'confidence':'verified'}]}";
    static const char empty[] = "'campaigns':[";
    const char *end = strstr(book_end, empty) + sizeof empty - 1;
    struct buf buf;
    buf_init(&buf, BOOK_BYTES);
    buf_add(&buf, S("{'format':1,'id':'T','version':'1','decisions':["));
    add_head(&buf, "ONE", "2020-01-01", "null", "null");
    buf_add(&buf, S("{'category':'SH','tier':1,'upto':null,'price':'1000','confidence':"
                    "'verified'}]}"));
    buf_add(&buf, (struct str){book_end, (size_t)(end - book_end)});
    buf_printf(&buf, rule, "A", "A", "A", "restricted_area", "60");
    buf_add_char(&buf, ',');
    buf_printf(&buf, rule, "B", "B", "B", "quarantine_free", "100");
    buf_add(&buf, str_of(end));
    assert_false(buf.failed);
    const struct price_book *book;
    struct err err = {0};
    if (book_load(arena, bill_text(arena, buf.p), &book, &err) != OK)
        fail_msg("%s: %s", err.field, err.en.message);
    buf_release(&buf);
    return book;
}

static void support_of_two_campaigns_does_not_add_up(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena, ARENA_BYTES);
    const struct price_book *book = two_campaigns(&arena);
    struct bill bill = rate(book, &arena,
                            "{'month':'2026-05','usage':{'kwh':'100'},'uses':[{'category':'SH'}],"
                            "'support':{'restricted_area':true,'quarantine_site':'free'}}");
    assert_int_equal(bill.code, OK);
    assert_int_equal(bill.result.line_count, 2);
    assert_int_equal(bill.result.line[1].amount_mvnd, -60 * 1000 * 1000);
    assert_int_equal(bill.result.pre_vat_vnd, 40 * 1000);
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(new_tiers_inside_a_period),
        cmocka_unit_test(a_decision_in_force_brings_its_average),
        cmocka_unit_test(prices_may_change_every_week),
        cmocka_unit_test(a_two_part_tariff_charges_kilowatts),
        cmocka_unit_test(capacity_at_its_limits),
        cmocka_unit_test(the_answer_tells_kilowatts),
        cmocka_unit_test(support_of_two_campaigns_does_not_add_up),
    };
    return cmocka_run_group_tests_name("tariff structure", tests, NULL, NULL);
}
