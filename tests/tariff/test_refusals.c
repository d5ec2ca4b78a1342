/* SPDX-License-Identifier: Apache-2.0 */
/* Requests that are refused: every one names its field and changes nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "answer.h"
#include "bill.h"

/* A request whose usage and uses are right, with more members in front. */
#define WITH(members) \
    "{" members ",'usage':{'kwh':'10'},'uses':[{'category':'SH'}]}"
#define USAGE(members) "{'month':'2026-07','usage':{" members "},'uses':[{'category':'SH'}]}"
#define USES(list) "{'month':'2026-07','usage':{'kwh':'10'},'uses':[" list "]}"

struct refusal {
    const char *request;
    const char *field;
};

static void refuse_all(const struct refusal *refusals, size_t count)
{
    for (size_t i = 0; i < count; i++)
        check_bill_refused(refusals[i].request, refusals[i].field);
}

static void days(void **state)
{
    (void)state;
    static const struct refusal refusals[] = {
        {"{'usage':{'kwh':'1'},'uses':[{'category':'SH'}]}", "from"},
        {WITH("'from':'2026-07-01'"), "to"},
        {WITH("'from':'2026-07-01','to':'2026-07-01'"), "to"},
        {WITH("'from':'2026-07-02','to':'2026-07-01'"), "to"},
        {WITH("'from':'2026-02-30','to':'2026-07-01'"), "from"},
        {WITH("'from':'2026-7-1','to':'2026-07-01'"), "from"},
        {WITH("'from':20260701,'to':'2026-07-31'"), "from"},
        {WITH("'month':'2026-13'"), "month"},
        {WITH("'month':'2026-07','from':'2026-07-01'"), "from"},
        {WITH("'month':'2026-07','to':'2026-07-01'"), "to"},
        {WITH("'from':'2015-03-15','to':'2015-04-01'"), "from"},
        {WITH("'from':'2014-01-01','to':'2014-02-01','decision':'QD648/2019'"), "to"},
    };
    refuse_all(refusals, ARRAY_COUNT(refusals));
}

static void quantities(void **state)
{
    (void)state;
    static const struct refusal refusals[] = {
        {USAGE("'kwh':'-1'"), "usage.kwh"},
        {USAGE("'kwh':461"), "usage.kwh"},
        {USAGE("'kwh':461.5"), "usage.kwh"},
        {USAGE("'kwh':'1e3'"), "usage.kwh"},
        {USAGE("'kwh':'1.2345'"), "usage.kwh"},
        {USAGE("'kwh':'1234567890123'"), "usage.kwh"},
        {USAGE("'kwh':''"), "usage.kwh"},
        {USAGE("'kwh':' 1'"), "usage.kwh"},
        {USAGE("'kwh':'+1'"), "usage.kwh"},
        {USAGE("'kwh':'1.'"), "usage.kwh"},
        {USAGE("'kwh':'.5'"), "usage.kwh"},
        {USAGE("'kwh':'1,5'"), "usage.kwh"},
        {USAGE("'kwh':true"), "usage.kwh"},
        {USAGE("'kwh':null"), "usage.kwh"},
        {USAGE("'kwhh':'1'"), "usage.kwhh"},
        {USAGE("'normal':'1','peak':'1'"), "usage.offpeak"},
        {USAGE("'kwh':'1','normal':'1','peak':'1','offpeak':'1'"), "usage.kwh"},
        {USAGE("'kwh':'1','kwh':'1'"), "usage.kwh"},
        {"{'month':'2026-07','uses':[{'category':'SH'}]}", "usage"},
        {"{'month':'2026-07','usage':'10','uses':[{'category':'SH'}]}", "usage"},
        {"{'month':'2026-07','usage':{'kwh':'999999999999'},"
         "'uses':[{'category':'SX','voltage':'LT6'}],'vat_rate':'1','usege':1}", "usege"},
    };
    refuse_all(refusals, ARRAY_COUNT(refusals));
}

static void uses(void **state)
{
    (void)state;
    static const struct refusal refusals[] = {
        {"{'month':'2026-07','usage':{'kwh':'10'}}", "uses"},
        {USES(""), "uses"},
        {USES("'SH'"), "uses[0]"},
        {USES("{'category':'XX'}"), "uses[0].category"},
        {USES("{'voltage':'LT6'}"), "uses[0].category"},
        {USES("{'category':'KD'}"), "uses[0].voltage"},
        {USES("{'category':'KD','voltage':'GE110'}"), "uses[0].voltage"},
        {USES("{'category':'KD','voltage':'LT7'}"), "uses[0].voltage"},
        {USES("{'category':'SH','voltage':'LT7'}"), "uses[0].voltage"},
        {USES("{'category':'SH','share':'99'}"), "uses"},
        {USES("{'category':'SH','share':'101'}"), "uses[0].share"},
        {USES("{'category':'SH','share':100}"), "uses[0].share"},
        {USES("{'category':'SH','share':'60'},{'category':'SH_TT'}"), "uses[1].share"},
        {USES("{'category':'SH','share':'60'},{'category':'SH_TT','share':'41'}"), "uses"},
        {USES("{'category':'SH','share':'60','kwh':'6'},{'category':'SH_TT','share':'40'}"),
         "uses[0].kwh"},
        {USES("{'category':'SH','billed':'1'}"), "uses[0].billed"},
        {USES("{'category':'SH','voltage':6}"), "uses[0].voltage"},
        {USES("{'category':7}"), "uses[0].category"},
        {USES("{'category':'SH','kwh':'x'}"), "uses[0].kwh"},
        {USES("{'category':'SH','households':'0'}"), "uses[0].households"},
        {USES("{'category':'SH','households':'0.3'}"), "uses[0].households"},
        {"{'from':'2018-01-01','to':'2018-02-01','usage':{'kwh':'10'},"
         "'uses':[{'category':'BB_CHO'}]}", "uses[0].category"},
    };
    refuse_all(refusals, ARRAY_COUNT(refusals));
}

static void options(void **state)
{
    (void)state;
    static const struct refusal refusals[] = {
        {WITH("'month':'2026-07','households':'0'"), "households"},
        {WITH("'month':'2026-07','households':'0.1'"), "households"},
        {WITH("'month':'2026-07','households':'1000000.25'"), "households"},
        {WITH("'month':'2026-07','households':2"), "households"},
        {WITH("'month':'2026-07','prorate':'always'"), "prorate"},
        {WITH("'month':'2026-07','month_days':30"), "month_days"},
        {WITH("'month':'2026-07','month_days':'31'"), "month_days"},
        {WITH("'month':'2026-07','change_split':'floor'"), "change_split"},
        {WITH("'month':'2026-07','decision':'QD1/2030'"), "decision"},
        {WITH("'month':'2026-07','decision':'QD14/2025','average':'0'"), "average"},
        {WITH("'month':'2026-07','decision':'QD14/2025','average':2204.0655"), "average"},
        {WITH("'month':'2026-07','decision':'QD14/2025','average':'x'"), "average"},
        {WITH("'month':'2026-07','decision':'QD14/2025','average':'1000000.1'"), "average"},
        {WITH("'month':'2026-07','decision':14"), "decision"},
        {WITH("'month':'2026-07','support':{'tourist_lodging':1}"), "support.tourist_lodging"},
        {WITH("'month':'2026-07','support':{'quarantine_site':true}"),
         "support.quarantine_site"},
        {WITH("'month':'2026-07','vat_rate':'1.1'"), "vat_rate"},
        {WITH("'month':'2026-07','vat_rate':'-0.1'"), "vat_rate"},
        {WITH("'month':'2026-07','vat_rate':0.08"), "vat_rate"},
        {WITH("'month':'2026-07','vat_rate':'0.0800001'"), "vat_rate"},
        {WITH("'month':'2026-07','lodgers_undeclared':'yes'"), "lodgers_undeclared"},
        {WITH("'month':'2026-07','papers_missing':1"), "papers_missing"},
        {WITH("'month':'2026-07','demand_kw':'-1'"), "demand_kw"},
        {WITH("'month':'2026-07','suport':{}"), "suport"},
        {WITH("'month':'2026-07','billed':'1'"), "billed"},
        {WITH("'month':'2026-07','support':[]"), "support"},
        {WITH("'month':'2026-07','support':{'restricted':true}"), "support.restricted"},
        {WITH("'month':'2026-07','support':{'restricted_area':'yes'}"),
         "support.restricted_area"},
        {WITH("'month':'2026-07','support':{'quarantine_site':'half'}"),
         "support.quarantine_site"},
        {USAGE("'kwh':'1','kvarh':'1','cosphi':'0.9'"), "usage.cosphi"},
        {USAGE("'kwh':'1','cosphi':'1.01'"), "usage.cosphi"},
        {USAGE("'kwh':'1','cosphi':'0.123'"), "usage.cosphi"},
        {USAGE("'kwh':'1','cosphi':0.9"), "usage.cosphi"},
        {USAGE("'kwh':'1','kvarh':'x'"), "usage.kvarh"},
        {USAGE("'kwh':'1','kvarh':'1'"), "demand_kw"},
    };
    refuse_all(refusals, ARRAY_COUNT(refusals));
}

#define CHANGE(readings) \
    "{'from':'2024-10-05','to':'2024-11-05','usage':{'kwh':'250'},'uses':[{'category':'SH'}]," \
    "'read_on_change':" readings "}"

static void readings(void **state)
{
    (void)state;
    static const struct refusal refusals[] = {
        {CHANGE("{}"), "read_on_change"},
        {CHANGE("[1]"), "read_on_change[0]"},
        {CHANGE("[{'date':'2024-10-11'}]"), "read_on_change[0].usage"},
        {CHANGE("[{'usage':{'kwh':'1'}}]"), "read_on_change[0].date"},
        {CHANGE("[{'date':'2024-10-12','usage':{'kwh':'1'}}]"), "read_on_change[0].date"},
        {CHANGE("[{'date':'2024-10-11','usage':{'kwh':'1','kvarh':'-1'}}]"),
         "read_on_change[0].usage.kvarh"},
        {CHANGE("[{'date':'2024-10-11','usage':{'kwh':'1','cosphi':'1.5'}}]"),
         "read_on_change[0].usage.cosphi"},
        {CHANGE("[{'date':'2024-10-11','usage':{'kwh':'1','kvarh':'1','cosphi':'0.9'}}]"),
         "read_on_change[0].usage.cosphi"},
        {CHANGE("[{'date':'2024-10-11','usage':{'kwh':'-1'}}]"),
         "read_on_change[0].usage.kwh"},
        {CHANGE("[{'date':'2024-10-11','usage':{'kwh':'1'},'note':'x'}]"),
         "read_on_change[0].note"},
        {CHANGE("[{'date':'2024-10-11','usage':'1'}]"), "read_on_change[0].usage"},
        {CHANGE("[{'date':'2024-10-11','usage':{'kwh':'251'}}]"), "read_on_change[0].usage"},
        {CHANGE("[{'date':'2024-10-11','usage':{'normal':'1','peak':'1','offpeak':'1'}}]"),
         "read_on_change[0].usage"},
        {CHANGE("[{'date':'2024-10-11','usage':{'kwh':'1'}},"
                "{'date':'2024-10-11','usage':{'kwh':'1'}}]"), "read_on_change[1].date"},
        {"{'from':'2023-05-01','to':'2024-10-15','usage':{'kwh':'1000'},"
         "'uses':[{'category':'SH'}],'read_on_change':["
         "{'date':'2023-05-04','usage':{'kwh':'10'}},"
         "{'date':'2023-11-09','usage':{'kwh':'9'}}]}", "read_on_change[1].usage"},
        {"{'from':'2024-10-05','to':'2024-11-05','usage':{'kwh':'2'},'uses':["
         "{'category':'SH','kwh':'1'},{'category':'SH_TT','kwh':'1'}],"
         "'read_on_change':[{'date':'2024-10-11','usage':{'kwh':'1'}}]}", "uses"},
    };
    refuse_all(refusals, ARRAY_COUNT(refusals));
}

/* Putting the number into quotes would not help here, so the hint says what does. */
static void a_json_number_is_told_what_to_write(void **state)
{
    (void)state;
    static const struct {
        const char *request, *hint_en;
    } numbers[] = {
        {WITH("'from':20260701,'to':'2026-07-31'"), "\"2026-07-31\""},
        {WITH("'month':202607"), "\"2026-07\""},
        {WITH("'month':'2026-07','demand_kw':1e3"), "\"250.5\""},
        {WITH("'month':'2026-07','vat_rate':8"), "\"0.08\""},
        {WITH("'month':'2026-07','month_days':31"), "\"own_month\", \"30\""},
        {WITH("'month':'2026-07','decision':1279"), "QD1279/2025"},
    };
    for (size_t i = 0; i < ARRAY_COUNT(numbers); i++) {
        struct arena arena;
        struct answer answer;
        arena_init(&arena, 64 * 1024);
        answer_init(&answer, bill_calc_answer, bill_text(&arena, numbers[i].request).p);
        if (answer.code != E_INPUT ||
            strstr(answer.err.en.hint, numbers[i].hint_en) == NULL)
            fail_msg("%s: %s", numbers[i].request, answer.err.en.hint);
        answer_release(&answer);
        arena_release(&arena);
    }
}

static void money_beyond_exactness_is_refused(void **state)
{
    (void)state;
    check_bill_refused("{'month':'2026-07','usage':{'normal':'999999999999',"
                       "'peak':'999999999999','offpeak':'999999999999'},"
                       "'uses':[{'category':'KD','voltage':'LT6'}]}", "usage");
    check_bill("{'month':'2026-07','usage':{'kwh':'999999999999.999'},"
               "'uses':[{'category':'SX','voltage':'LT6'}],'vat_rate':'1'}",
               "SX/LT6 n 999999999999.999x1987 = 1986999999999998 + 1986999999999998");
    check_bill_refused("{'month':'2026-07','usage':{'normal':'999999999999',"
                       "'peak':'999999999999','offpeak':'999999999999','cosphi':'0.5'},"
                       "'uses':[{'category':'KD','voltage':'LT6'}],'demand_kw':'40'}", "usage");
    /* The reactive charge on top no longer fits. */
    check_bill_refused("{'month':'2026-07','usage':{'normal':'999999999999',"
                       "'peak':'999999999999','offpeak':'0','cosphi':'0'},"
                       "'uses':[{'category':'KD','voltage':'LT6'}],'demand_kw':'40'}", "usage");
}

/* A list of count times the item, in a request. */
static void long_list(const char *before, const char *item, int count, const char *after,
                      const char *field)
{
    char text[8192];
    struct buf buf;
    buf_init_fixed(&buf, text, sizeof text);
    buf_add(&buf, str_of(before));
    for (int i = 0; i < count; i++) buf_printf(&buf, "%s%s", i > 0 ? "," : "", item);
    buf_add(&buf, str_of(after));
    assert_false(buf.failed);
    check_bill_refused(text, field);
}

static void lists_that_are_too_long(void **state)
{
    (void)state;
    long_list("{'month':'2026-07','usage':{'kwh':'10'},'uses':[", "{'category':'SH','share':'3'}",
              USE_MAX + 1, "]}", "uses");
    long_list("{'from':'2024-10-05','to':'2024-11-05','usage':{'kwh':'10'},"
              "'uses':[{'category':'SH'}],'read_on_change':[",
              "{'date':'2024-10-11','usage':{'kwh':'1'}}", READING_MAX + 1, "]}",
              "read_on_change");
}

static void json_that_cannot_be_read(void **state)
{
    (void)state;
    check_refused(bill_calc_answer, "", "");
    check_refused(bill_calc_answer, "{", "");
    check_refused(bill_calc_answer, "[]", "");
    check_refused(bill_calc_answer, "{\"month\":\"2026-07\",\"month\":\"2026-07\"}", "month");
    check_refused(bill_calc_answer, "{\"usage\":{\"kwh\":\"1\",\"kwh\":\"1\"}}", "usage.kwh");
    check_refused(bill_calc_answer, "{\"month\":\"\xFF\"}", "");
    /* Null counts as not given. */
    check_bill("{'from':null,'to':null,'month':'2026-07','usage':{'kwh':'10','normal':null},"
               "'uses':[{'category':'SH','voltage':null,'share':null,'kwh':null}],'prorate':null,"
               "'support':null,'decision':null,'average':null,'vat_rate':null,"
               "'read_on_change':null,'households':null,'demand_kw':null}",
               "SH 1 10x1984 = 19840 + 1587");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(days),
        cmocka_unit_test(quantities),
        cmocka_unit_test(uses),
        cmocka_unit_test(options),
        cmocka_unit_test(a_json_number_is_told_what_to_write),
        cmocka_unit_test(readings),
        cmocka_unit_test(money_beyond_exactness_is_refused),
        cmocka_unit_test(lists_that_are_too_long),
        cmocka_unit_test(json_that_cannot_be_read),
    };
    return cmocka_run_group_tests_name("tariff refusals", tests, NULL, NULL);
}
