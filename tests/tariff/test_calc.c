/* SPDX-License-Identifier: Apache-2.0 */
/* Every rule of the bill calculator, with figures worked out by hand from the published prices. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bill.h"

static void tiers_fill_one_after_another(void **state)
{
    (void)state;
    check_bill("{'month':'2026-07','usage':{'kwh':'461'},'uses':[{'category':'SH'}]}",
               "SH 1 50x1984; SH 2 50x2050; SH 3 100x2380; SH 4 100x2998; SH 5 100x3350; "
               "SH 6 61x3460 = 1285560 + 102845");
    check_bill("{'month':'2026-07','usage':{'kwh':'50'},'uses':[{'category':'SH'}]}",
               "SH 1 50x1984 = 99200 + 7936");
    check_bill("{'month':'2026-07','usage':{'kwh':'50.001'},'uses':[{'category':'SH'}]}",
               "SH 1 50x1984; SH 2 0.001x2050 = 99202 + 7936");
    check_bill("{'month':'2026-07','usage':{'kwh':'0'},'uses':[{'category':'SH'}]}", "0 + 0");
}

static void widths_grow_with_households(void **state)
{
    (void)state;
    check_bill("{'month':'2026-07','usage':{'kwh':'300'},'uses':[{'category':'SH'}],"
               "'households':'2'}",
               "SH 1 100x1984; SH 2 100x2050; SH 3 100x2380 = 641400 + 51312");
    check_bill("{'month':'2026-07','usage':{'kwh':'130'},'uses':[{'category':'SH'}],"
               "'households':'1.25'}",
               "SH 1 62.5x1984; SH 2 62.5x2050; SH 3 5x2380 = 264025 + 21122");
    check_bill("{'month':'2026-07','usage':{'kwh':'30'},'uses':[{'category':'SH'}],"
               "'households':'0.25'}",
               "SH 1 12.5x1984; SH 2 12.5x2050; SH 3 5x2380 = 62325 + 4986");
    check_bill("{'month':'2026-07','usage':{'kwh':'50000000'},'uses':[{'category':'SH'}],"
               "'households':'1000000'}",
               "SH 1 50000000x1984 = 99200000000 + 7936000000");
}

static void sum_and_vat_are_rounded_once(void **state)
{
    (void)state;
    /* 0.251 x 1,984 = 497.984 -> 498; VAT 39.84 -> 40. */
    check_bill("{'month':'2026-07','usage':{'kwh':'0.251'},'uses':[{'category':'SH'}]}",
               "SH 1 0.251x1984 = 498 + 40");
    /* Exactly half a đồng goes up: 0.250 x 1,678 = 419.5 -> 420. */
    check_bill("{'from':'2021-05-01','to':'2021-06-01','usage':{'kwh':'0.250'},"
               "'uses':[{'category':'SH'}],'vat_rate':'0.05'}",
               "SH 1 0.25x1678 = 420 + 21");
}

static void vat_is_that_of_the_reading_day(void **state)
{
    (void)state;
    static const struct { const char *to; const char *expected; } cases[] = {
        {"2022-01-31", "SH 1 10x1678 = 16780 + 1678"},
        {"2022-02-01", "SH 1 10x1678 = 16780 + 1342"},
        {"2022-12-31", "SH 1 10x1678 = 16780 + 1342"},
        {"2023-01-01", "SH 1 10x1678 = 16780 + 1678"},
    };
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        char request[256];
        struct buf buf;
        buf_init_fixed(&buf, request, sizeof request);
        buf_printf(&buf, "{'from':'2021-12-25','to':'%s','usage':{'kwh':'10'},"
                   "'uses':[{'category':'SH'}]}", cases[i].to);
        check_bill(request, cases[i].expected);
    }
    check_bill("{'month':'2027-01','usage':{'kwh':'10'},'uses':[{'category':'SH'}]}",
               "SH 1 10x1984 = 19840 + 1984");
    check_bill("{'month':'2026-12','usage':{'kwh':'10'},'uses':[{'category':'SH'}]}",
               "SH 1 10x1984 = 19840 + 1587");
    check_bill("{'month':'2026-12','usage':{'kwh':'10'},'uses':[{'category':'SH'}],"
               "'vat_rate':'0'}", "SH 1 10x1984 = 19840 + 0");
}

static void one_price_of_a_time_category_is_normal(void **state)
{
    (void)state;
    check_bill("{'month':'2026-07','usage':{'kwh':'100'},"
               "'uses':[{'category':'KD','voltage':'GE22'}]}",
               "KD/GE22 n 100x2887 = 288700 + 23096");
    check_bill("{'month':'2026-05','usage':{'normal':'26413','peak':'9122','offpeak':'5989'},"
               "'uses':[{'category':'SX','voltage':'LT6'}]}",
               "SX/LT6 n 26413x1987; SX/LT6 p 9122x3640; SX/LT6 o 5989x1300 = "
               "93472411 + 7477793");
}

static void registers_without_own_prices_are_added(void **state)
{
    (void)state;
    check_bill("{'month':'2026-07','usage':{'normal':'40','peak':'20','offpeak':'10'},"
               "'uses':[{'category':'SH'}]}",
               "SH 1 50x1984; SH 2 20x2050 = 140200 + 11216");
    check_bill("{'month':'2026-07','usage':{'normal':'40','peak':'0','offpeak':'10'},"
               "'uses':[{'category':'HC_CS','voltage':'GE6'}]}",
               "HC_CS/GE6 50x2138 = 106900 + 8552");
    check_bill("{'month':'2026-07','usage':{'normal':'0','peak':'3','offpeak':'0'},"
               "'uses':[{'category':'KD','voltage':'6_22'}]}",
               "KD/6_22 p 3x5202 = 15606 + 1248");
}

static void the_only_voltage_need_not_be_named(void **state)
{
    (void)state;
    check_bill("{'month':'2026-07','usage':{'kwh':'10'},'uses':[{'category':'BB_TH_KHAC'}]}",
               "BB_TH_KHAC/LT6 n 10x2989 = 29890 + 2391");
    check_bill("{'month':'2026-07','usage':{'kwh':'10'},"
               "'uses':[{'category':'BB_KCN_TC110_LT50MVA','voltage':'GE110'}]}",
               "BB_KCN_TC110_LT50MVA/GE110 n 10x1728 = 17280 + 1382");
}

static void one_price_for_all_voltages_takes_any(void **state)
{
    (void)state;
    check_bill("{'month':'2026-07','usage':{'kwh':'60'},"
               "'uses':[{'category':'SH','voltage':'LT6','share':'100'}]}",
               "SH 1 50x1984; SH 2 10x2050 = 119700 + 9576");
    check_bill("{'month':'2026-07','usage':{'kwh':'10'},"
               "'uses':[{'category':'BB_CHO','voltage':'6_22'}]}",
               "BB_CHO 10x2818 = 28180 + 2254");
}

static void shares_go_half_up_and_the_last_takes_the_rest(void **state)
{
    (void)state;
    check_bill("{'month':'2026-07','usage':{'kwh':'300'},'uses':[{'category':'SH','share':'60'},"
               "{'category':'KD','voltage':'LT6','share':'40'}]}",
               "SH 1 50x1984; SH 2 50x2050; SH 3 80x2380; KD/LT6 n 120x3152 = 770340 + 61627");
    /* 101 x 50 % = 50.5 -> 51, the last takes 50. */
    check_bill("{'month':'2026-07','usage':{'kwh':'101'},"
               "'uses':[{'category':'HC_BV','voltage':'LT6','share':'50'},"
               "{'category':'KD','voltage':'LT6','share':'50'}]}",
               "HC_BV/LT6 51x2072; KD/LT6 n 50x3152 = 263272 + 21062");
    /* With fractions in the input the parts are watt-hours: 101.1 x 33.3 % = 33.6663 -> 33.666. */
    check_bill("{'month':'2026-07','usage':{'kwh':'101.1'},"
               "'uses':[{'category':'HC_BV','voltage':'LT6','share':'33.3'},"
               "{'category':'KD','voltage':'LT6','share':'66.7'}]}",
               "HC_BV/LT6 33.666x2072; KD/LT6 n 67.434x3152 = 282308 + 22585");
    /* Four quarters of 2 kWh would round to 3: what is not there is not handed out. */
    check_bill("{'month':'2026-07','usage':{'kwh':'2'},'uses':["
               "{'category':'HC_BV','voltage':'LT6','share':'25'},"
               "{'category':'HC_CS','voltage':'LT6','share':'25'},"
               "{'category':'KD','voltage':'LT6','share':'25'},"
               "{'category':'SX','voltage':'LT6','share':'25'}]}",
               "HC_BV/LT6 1x2072; HC_CS/LT6 1x2226 = 4298 + 344");
}

static void three_prices_are_shared_register_by_register(void **state)
{
    (void)state;
    /* 15 x 30 % = 4.5 -> 5 and 10; 5 x 30 % = 1.5 -> 2 and 3; 1 x 30 % = 0.3 -> 0 and 1. */
    check_bill("{'month':'2026-07','usage':{'normal':'15','peak':'5','offpeak':'1'},"
               "'uses':[{'category':'SH','share':'30'},"
               "{'category':'KD','voltage':'LT6','share':'70'}]}",
               "SH 1 7x1984; KD/LT6 n 10x3152; KD/LT6 p 3x5422; KD/LT6 o 1x1918 = 63592 + 5087");
}

static void uses_may_carry_their_own_kwh_and_households(void **state)
{
    (void)state;
    check_bill("{'month':'2026-07','usage':{'kwh':'250'},"
               "'uses':[{'category':'SH','kwh':'150','households':'3'},"
               "{'category':'SX','voltage':'LT6','kwh':'100'}]}",
               "SH 1 150x1984; SX/LT6 n 100x1987 = 496300 + 39704");
    check_bill_refused("{'month':'2026-07','usage':{'kwh':'250'},"
                       "'uses':[{'category':'SH','kwh':'150'},"
                       "{'category':'SX','voltage':'LT6','kwh':'99'}]}", "uses");
    check_bill_refused("{'month':'2026-07','usage':{'kwh':'250'},"
                       "'uses':[{'category':'SH','kwh':'150'},"
                       "{'category':'SX','voltage':'LT6','share':'40'}]}", "uses[1].share");
    check_bill_refused("{'month':'2026-07','usage':{'normal':'1','peak':'1','offpeak':'1'},"
                       "'uses':[{'category':'SH','kwh':'1'}]}", "uses");
}

static void a_price_change_divides_by_days(void **state)
{
    (void)state;
    check_bill("{'from':'2024-10-05','to':'2024-11-05','usage':{'kwh':'250'},"
               "'uses':[{'category':'SH'}]}",
               "QD2941/2023: SH 1 10x1806; SH 2 10x1866; SH 3 19x2167; SH 4 9x2729; "
               "QD2699/2024: SH 1 40x1893; SH 2 40x1956; SH 3 81x2271; SH 4 41x2860 = "
               "557625 + 44610");
    /* The denominator is the distributor's: 50 x 6 / 30 = 10, 100 x 25 / 30 = 83.3. */
    check_bill("{'from':'2024-10-05','to':'2024-11-05','usage':{'kwh':'250'},"
               "'uses':[{'category':'SH'}],'month_days':'30'}",
               "QD2941/2023: SH 1 10x1806; SH 2 10x1866; SH 3 20x2167; SH 4 8x2729; "
               "QD2699/2024: SH 1 42x1893; SH 2 42x1956; SH 3 83x2271; SH 4 35x2860 = "
               "552143 + 44171");
    /* A price holds from 00:00 of its first day: a period that ends there sees nothing of it. */
    check_bill("{'from':'2024-09-11','to':'2024-10-11','usage':{'kwh':'10'},"
               "'uses':[{'category':'SH'}]}", "SH 1 10x1806 = 18060 + 1445");
    check_bill("{'from':'2024-10-10','to':'2024-10-12','usage':{'kwh':'1'},"
               "'uses':[{'category':'HC_BV','voltage':'LT6'}]}",
               "HC_BV/LT6 1x1886 = 1886 + 151");
}

static void several_changes_follow_the_same_rule(void **state)
{
    (void)state;
    /* T = 533 days; boundaries 1000 x 3/533 = 5.6 -> 6, 1000 x 192/533 = 360.2 -> 360,
     * 1000 x 529/533 = 992.5- -> 992. */
    check_bill("{'from':'2023-05-01','to':'2024-10-15','usage':{'kwh':'1000'},"
               "'uses':[{'category':'HC_BV','voltage':'LT6'}]}",
               "QD648/2019: HC_BV/LT6 6x1771; QD1062/2023: HC_BV/LT6 354x1805; "
               "QD2941/2023: HC_BV/LT6 632x1886; QD2699/2024: HC_BV/LT6 8x1977 = "
               "1857364 + 148589");
}

static void truncated_widths_leave_the_rest_to_the_last(void **state)
{
    (void)state;
    /* 50 x 10 / 30 = 16.7 -> 16 and 34; 100 x 10 / 30 = 33.3 -> 33 and 67. */
    check_bill("{'from':'2024-10-01','to':'2024-10-31','usage':{'kwh':'900'},"
               "'uses':[{'category':'SH'}],'month_days':'30','change_split':'truncate_old'}",
               "QD2941/2023: SH 1 16x1806; SH 2 16x1866; SH 3 33x2167; SH 4 33x2729; SH 5 33x3050; "
               "SH 6 169x3151; QD2699/2024: SH 1 34x1893; SH 2 34x1956; SH 3 67x2271; "
               "SH 4 67x2860; SH 5 67x3197; SH 6 331x3302 = 2635293 + 210823");
    /* Prorated: 50 x 20 / 30 = 33.3 -> 33 in all; 16 before, 17 after. */
    check_bill("{'from':'2024-10-01','to':'2024-10-21','usage':{'kwh':'100'},"
               "'uses':[{'category':'SH'}],'month_days':'30','change_split':'truncate_old',"
               "'prorate':'contract_end'}",
               "QD2941/2023: SH 1 16x1806; SH 2 16x1866; SH 3 18x2167; "
               "QD2699/2024: SH 1 17x1893; SH 2 17x1956; SH 3 16x2271 = 199527 + 15962");
    /* More than the full width is gone before the change: nothing remains, everything is tier 6. */
    check_bill("{'from':'2024-07-01','to':'2024-10-13','usage':{'kwh':'104'},"
               "'uses':[{'category':'SH'}],'month_days':'30','change_split':'truncate_old'}",
               "QD2941/2023: SH 1 102x1806; QD2699/2024: SH 6 2x3302 = 190816 + 15265");
}

static void a_reading_of_the_change_day_is_used(void **state)
{
    (void)state;
    check_bill("{'from':'2024-10-05','to':'2024-11-05','usage':{'kwh':'250'},"
               "'uses':[{'category':'HC_BV','voltage':'LT6'}],"
               "'read_on_change':[{'date':'2024-10-11','usage':{'kwh':'100'}}]}",
               "QD2941/2023: HC_BV/LT6 100x1886; QD2699/2024: HC_BV/LT6 150x1977 = 485150 + 38812");
    /* The reading divides the kWh, the days still divide the widths. */
    check_bill("{'from':'2024-10-05','to':'2024-11-05','usage':{'kwh':'250'},"
               "'uses':[{'category':'SH'}],"
               "'read_on_change':[{'date':'2024-10-11','usage':{'kwh':'12'}}]}",
               "QD2941/2023: SH 1 10x1806; SH 2 2x1866; QD2699/2024: SH 1 40x1893; SH 2 40x1956; "
               "SH 3 81x2271; SH 4 77x2860 = 579923 + 46394");
    /* Shares divide what was read: 101 x 50 % -> 51 and 50; 250 -> 125 and 125. */
    check_bill("{'from':'2024-10-05','to':'2024-11-05','usage':{'kwh':'250'},"
               "'uses':[{'category':'HC_BV','voltage':'LT6','share':'50'},"
               "{'category':'HC_CS','voltage':'LT6','share':'50'}],"
               "'read_on_change':[{'date':'2024-10-11','usage':{'kwh':'101'}}]}",
               "QD2941/2023: HC_BV/LT6 51x1886; HC_CS/LT6 50x2027; "
               "QD2699/2024: HC_BV/LT6 74x1977; HC_CS/LT6 75x2124 = 503134 + 40251");
    check_bill("{'from':'2024-10-05','to':'2024-11-05',"
               "'usage':{'normal':'100','peak':'50','offpeak':'30'},"
               "'uses':[{'category':'SX','voltage':'LT6'}],'read_on_change':[{'date':'2024-10-11',"
               "'usage':{'normal':'40','peak':'0','offpeak':'30'}}]}",
               "QD2941/2023: SX/LT6 n 40x1809; SX/LT6 o 30x1184; QD2699/2024: SX/LT6 n 60x1896; "
               "SX/LT6 p 50x3474 = 395340 + 31627");
}

static void some_readings_of_several_changes(void **state)
{
    (void)state;
    /* Read on 2023-11-09 only. Before: 200 over 192 days, 3 of them at 648: 200 x 3/192 = 3.1 -> 3.
     * After: 800 over 341 days, 337 of them at 2941: 790.6 -> 791. */
    check_bill("{'from':'2023-05-01','to':'2024-10-15','usage':{'kwh':'1000'},"
               "'uses':[{'category':'HC_BV','voltage':'LT6'}],"
               "'read_on_change':[{'date':'2023-11-09','usage':{'kwh':'200'}}]}",
               "QD648/2019: HC_BV/LT6 3x1771; QD1062/2023: HC_BV/LT6 197x1805; "
               "QD2941/2023: HC_BV/LT6 791x1886; QD2699/2024: HC_BV/LT6 9x1977 = "
               "1870517 + 149641");
}

static void tiny_use_never_turns_negative(void **state)
{
    (void)state;
    /* 0.6 kWh over 10 days, 9 of them old: 0.54 -> 1 whole kWh would exceed the use. */
    check_bill("{'from':'2024-10-02','to':'2024-10-12','usage':{'kwh':'0.6'},"
               "'uses':[{'category':'HC_BV','voltage':'LT6'}]}",
               "HC_BV/LT6 0.6x1886 = 1132 + 91");
    /* Quarters of 2 kWh read as 1 and 1: every part stays what it can be. */
    check_bill("{'from':'2024-10-05','to':'2024-11-05','usage':{'kwh':'2'},'uses':["
               "{'category':'HC_BV','voltage':'LT6','share':'33'},"
               "{'category':'HC_CS','voltage':'LT6','share':'33'},"
               "{'category':'BB_NT_KHAC','share':'34'}],"
               "'read_on_change':[{'date':'2024-10-11','usage':{'kwh':'1'}}]}",
               "QD2941/2023: BB_NT_KHAC 1x1577; QD2699/2024: HC_BV/LT6 1x1977 = 3554 + 284");
}

static void widths_follow_the_days_in_four_cases(void **state)
{
    (void)state;
    static const char *const cases[] = {"new_supply", "party_change", "contract_end",
                                        "reading_day_change"};
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        char request[320];
        struct buf buf;
        buf_init_fixed(&buf, request, sizeof request);
        buf_printf(&buf, "{'from':'2026-06-15','to':'2026-07-30','usage':{'kwh':'375'},"
                   "'uses':[{'category':'SH'}],'prorate':'%s','month_days':'30'}", cases[i]);
        check_bill(request, "SH 1 75x1984; SH 2 75x2050; SH 3 150x2380; SH 4 75x2998 = "
                            "884400 + 70752");
    }
    /* own_month: July has 31 days: 50 x 45 / 31 = 72.6 -> 73, 100 x 45 / 31 = 145.2 -> 145. */
    check_bill("{'from':'2026-06-15','to':'2026-07-30','usage':{'kwh':'375'},"
               "'uses':[{'category':'SH'}],'prorate':'new_supply','month_days':'own_month'}",
               "SH 1 73x1984; SH 2 73x2050; SH 3 145x2380; SH 4 84x2998 = 891414 + 71313");
    /* previous_month is the default: February 2026 has 28 days: 50 x 7 / 28 = 12.5 -> 13. */
    check_bill("{'from':'2026-03-01','to':'2026-03-08','usage':{'kwh':'20'},"
               "'uses':[{'category':'SH'}],'prorate':'contract_end'}",
               "SH 1 13x1984; SH 2 7x2050 = 40142 + 3211");
    /* 62.5 a quarter household more: 50 x 15 / 30 x 1.25 = 31.25 -> 31. */
    check_bill("{'from':'2026-06-01','to':'2026-06-16','usage':{'kwh':'32'},"
               "'uses':[{'category':'SH'}],'prorate':'contract_end','month_days':'30',"
               "'households':'1.25'}", "SH 1 31x1984; SH 2 1x2050 = 63554 + 5084");
    /* Without a case a longer period keeps full widths. */
    check_bill("{'from':'2026-06-15','to':'2026-07-30','usage':{'kwh':'60'},"
               "'uses':[{'category':'SH'}]}", "SH 1 50x1984; SH 2 10x2050 = 119700 + 9576");
}

static void undeclared_lodgers_pay_the_third_tier(void **state)
{
    (void)state;
    check_bill("{'month':'2025-03','usage':{'kwh':'180'},'uses':[{'category':'SH'}],"
               "'lodgers_undeclared':true}", "SH 3 180x2271 = 408780 + 32702");
    check_bill("{'month':'2026-07','usage':{'kwh':'500'},'uses':[{'category':'SH'}],"
               "'lodgers_undeclared':true,'decision':'QD14/2025','average':'2204.0655'}",
               "SH 2 500x2380 = 1190000 + 95200");
    check_bill_refused("{'month':'2026-07','usage':{'kwh':'500'},"
                       "'uses':[{'category':'KD','voltage':'LT6'}],'lodgers_undeclared':true}",
                       "lodgers_undeclared");
}

static void wholesale_without_papers(void **state)
{
    (void)state;
    check_bill("{'month':'2026-07','usage':{'kwh':'40000'},'uses':[{'category':'BB_NT_SH'}],"
               "'households':'200','papers_missing':true}",
               "BB_NT_SH 4 40000x2327 = 93080000 + 7446400");
    check_bill("{'month':'2026-07','usage':{'kwh':'40000'},'uses':[{'category':'BB_NT_SH'}],"
               "'households':'200'}",
               "BB_NT_SH 1 10000x1658; BB_NT_SH 2 10000x1724; BB_NT_SH 3 20000x1876 = "
               "71340000 + 5707200");
    check_bill("{'month':'2026-07','usage':{'kwh':'10'},'uses':[{'category':'BB_TH_SH'}],"
               "'papers_missing':true}", "BB_TH_KHAC/LT6 n 10x2989 = 29890 + 2391");
    check_bill("{'month':'2026-07','usage':{'normal':'10','peak':'2','offpeak':'1'},"
               "'uses':[{'category':'BB_TH_SH'}],'papers_missing':true}",
               "BB_TH_KHAC/LT6 n 10x2989; BB_TH_KHAC/LT6 p 2x5140; BB_TH_KHAC/LT6 o 1x1818 = "
               "41988 + 3359");
    check_bill_refused("{'month':'2026-07','usage':{'kwh':'10'},'uses':[{'category':'SH'}],"
                       "'papers_missing':true}", "papers_missing");
}

static void a_low_power_factor_costs(void **state)
{
    (void)state;
    check_bill("{'from':'2018-05-01','to':'2018-06-01','usage':{'kwh':'360000','cosphi':'0.75'},"
               "'uses':[{'category':'SX','voltage':'LT6'}],'demand_kw':'400'}",
               "SX/LT6 n 360000x1572; R 0.75 20% 113184000 = 679104000 + 67910400");
    check_bill("{'from':'2018-05-01','to':'2018-06-01','usage':{'kwh':'360000','cosphi':'0.80'},"
               "'uses':[{'category':'SX','voltage':'LT6'}],'demand_kw':'40'}",
               "SX/LT6 n 360000x1572; R 0.8 12.5% 70740000 = 636660000 + 63666000");
    /* 39.999 kW is below the limit; 0.90 is good enough; below 0.60 stands at 52.54. */
    check_bill("{'month':'2026-07','usage':{'kwh':'100','cosphi':'0.5'},"
               "'uses':[{'category':'SX','voltage':'LT6'}],'demand_kw':'39.999'}",
               "SX/LT6 n 100x1987 = 198700 + 15896");
    check_bill("{'month':'2026-07','usage':{'kwh':'100','cosphi':'0.9'},"
               "'uses':[{'category':'SX','voltage':'LT6'}],'demand_kw':'50'}",
               "SX/LT6 n 100x1987 = 198700 + 15896");
    check_bill("{'month':'2026-07','usage':{'kwh':'100','cosphi':'0.59'},"
               "'uses':[{'category':'SX','voltage':'LT6'}],'demand_kw':'50'}",
               "SX/LT6 n 100x1987; R 0.59 52.54% 104396.98 = 303097 + 24248");
    /* Residential parts stay out: 60 kWh of business x 3,152 x 50 %. */
    check_bill("{'month':'2026-07','usage':{'kwh':'100','cosphi':'0.6'},"
               "'uses':[{'category':'SH','share':'40'},"
               "{'category':'KD','voltage':'LT6','share':'60'}],'demand_kw':'50'}",
               "SH 1 40x1984; KD/LT6 n 60x3152; R 0.6 50% 94560 = 363040 + 29043");
    check_bill("{'month':'2026-07','usage':{'kwh':'100','cosphi':'0.6'},"
               "'uses':[{'category':'SH'}],'demand_kw':'50'}",
               "SH 1 50x1984; SH 2 50x2050 = 201700 + 16136");
    check_bill_refused("{'month':'2026-07','usage':{'kwh':'100','cosphi':'0.6'},"
                       "'uses':[{'category':'SX','voltage':'LT6'}]}", "demand_kw");
}

static void the_power_factor_is_exact(void **state)
{
    (void)state;
    assert_int_equal(cosphi_of(1000, 0), 100);
    assert_int_equal(cosphi_of(3000, 4000), 60);
    assert_int_equal(cosphi_of(4000, 3000), 80);
    assert_int_equal(cosphi_of(1, CALC_WH_MAX), 0);
    assert_int_equal(cosphi_of(3 * CALC_WH_MAX, CALC_WH_MAX), 95);
    /* cos φ = 179 / 200 = 0.895 exactly (179, 48√…): just above and below the half. */
    assert_int_equal(cosphi_of(895000, 446065), 90);
    assert_int_equal(cosphi_of(895000, 446075), 89);
    check_bill("{'month':'2026-07','usage':{'normal':'200','peak':'100','offpeak':'0',"
               "'kvarh':'400'},'uses':[{'category':'SX','voltage':'LT6'}],'demand_kw':'50'}",
               "SX/LT6 n 200x1987; SX/LT6 p 100x3640; R 0.6 50% 380700 = 1142100 + 91368");
    /* A reading of a price-change day has the shape of the usage; the period has one cos φ. */
    check_bill("{'from':'2024-10-05','to':'2024-11-05','usage':{'kwh':'250','cosphi':'0.8'},"
               "'uses':[{'category':'HC_CS','voltage':'LT6'}],'demand_kw':'40','read_on_change':"
               "[{'date':'2024-10-11','usage':{'kwh':'50','cosphi':'0.7'}}]}",
               "QD2941/2023: HC_CS/LT6 50x2027; QD2699/2024: HC_CS/LT6 200x2124; "
               "R 0.8 12.5% 65768.75 = 591919 + 47354");
}

/* Own kWh of one use alone are all that was used, in whatever registers and with readings. */
static void one_use_may_say_its_kwh(void **state)
{
    (void)state;
    check_bill("{'month':'2026-07','usage':{'normal':'200','peak':'50','offpeak':'50'},"
               "'uses':[{'category':'KD','voltage':'LT6','kwh':'300'}]}",
               "KD/LT6 n 200x3152; KD/LT6 p 50x5422; KD/LT6 o 50x1918 = 997400 + 79792");
    check_bill("{'from':'2024-10-05','to':'2024-11-05','usage':{'kwh':'250'},"
               "'uses':[{'category':'HC_CS','voltage':'LT6','kwh':'250'}],'read_on_change':"
               "[{'date':'2024-10-11','usage':{'kwh':'50'}}]}",
               "QD2941/2023: HC_CS/LT6 50x2027; QD2699/2024: HC_CS/LT6 200x2124 = 526150 + 42092");
    check_backbill("{'month':'2026-07','usage':{'normal':'200','peak':'50','offpeak':'50'},"
                   "'billed':{'normal':'100','peak':'0','offpeak':'0'},'cause':'wrong_price',"
                   "'uses':[{'category':'KD','voltage':'LT6','kwh':'300','billed':'100'}]}",
                   "KD/LT6 n 100x3152; KD/LT6 p 50x5422; KD/LT6 o 50x1918 = 682200 + 54576");
    check_bill_refused("{'month':'2026-07','usage':{'normal':'200','peak':'50','offpeak':'50'},"
                       "'uses':[{'category':'KD','voltage':'LT6','kwh':'299'}]}", "uses");
    check_bill_refused("{'month':'2026-07','usage':{'normal':'200','peak':'50','offpeak':'50'},"
                       "'uses':[{'category':'KD','voltage':'LT6','kwh':'200'},"
                       "{'category':'SH','kwh':'100'}]}", "uses");
    check_backbill_refused("{'month':'2026-07','usage':{'kwh':'300'},'billed':'100',"
                           "'uses':[{'category':'SH','kwh':'300','billed':'99'}]}", "uses");
}

static void round_one_reduces_unit_prices(void **state)
{
    (void)state;
    check_bill("{'month':'2020-05','usage':{'kwh':'350'},'uses':[{'category':'SH'}]}",
               "SH 1 50x1678; SH 2 50x1734; SH 3 100x2014; SH 4 100x2536; SH 5 50x2834; "
               "-SH 1 50x-168; -SH 2 50x-173; -SH 3 100x-201; -SH 4 100x-254 = 704750 + 70475");
    /* 10 % of the full-price sum would be 62,560, the unit prices give 62,550. */
    check_bill("{'month':'2020-06','usage':{'kwh':'300'},'uses':[{'category':'SH'}]}",
               "SH 1 50x1678; SH 2 50x1734; SH 3 100x2014; SH 4 100x2536; -SH 1 50x-168; "
               "-SH 2 50x-173; -SH 3 100x-201; -SH 4 100x-254 = 563050 + 56305");
    /* July 2020 is residential only; August is over; the bill month is that of the last day. */
    check_bill("{'from':'2020-06-20','to':'2020-07-01','usage':{'kwh':'10'},"
               "'uses':[{'category':'SH'}]}", "SH 1 10x1678; -SH 1 10x-168 = 15100 + 1510");
    check_bill("{'from':'2020-06-20','to':'2020-07-01','usage':{'kwh':'10'},"
               "'uses':[{'category':'KD','voltage':'LT6'}]}", "KD/LT6 n 10x2666 = 26660 + 2666");
    check_bill("{'from':'2020-07-20','to':'2020-08-01','usage':{'kwh':'10'},"
               "'uses':[{'category':'SH'}]}", "SH 1 10x1678 = 16780 + 1678");
    check_bill("{'from':'2020-03-20','to':'2020-03-31','usage':{'kwh':'10'},"
               "'uses':[{'category':'SH'}]}", "SH 1 10x1678 = 16780 + 1678");
}

static void rounds_one_and_two_by_group(void **state)
{
    (void)state;
    check_bill("{'month':'2020-11','usage':{'normal':'10','peak':'2','offpeak':'1'},"
               "'uses':[{'category':'SX','voltage':'LT6'}]}",
               "SX/LT6 n 10x1685; SX/LT6 p 2x3076; SX/LT6 o 1x1100; -SX/LT6 n 10x-168; "
               "-SX/LT6 p 2x-308; -SX/LT6 o 1x-110 = 21696 + 2170");
    check_bill("{'month':'2020-04','usage':{'kwh':'10'},'uses':[{'category':'BB_NT_KHAC'}]}",
               "BB_NT_KHAC 10x1473; -BB_NT_KHAC 10x-147 = 13260 + 1326");
    check_bill("{'month':'2020-04','usage':{'kwh':'450'},'uses':[{'category':'BB_NT_SH'}]}",
               "BB_NT_SH 1 50x1403; BB_NT_SH 2 50x1459; BB_NT_SH 3 100x1590; BB_NT_SH 4 100x1971; "
               "BB_NT_SH 5 100x2231; BB_NT_SH 6 50x2323; -BB_NT_SH 1 50x-140; -BB_NT_SH 2 50x-146; "
               "-BB_NT_SH 3 100x-159; -BB_NT_SH 4 100x-197 = 788550 + 78855");
    /* Administrative use and card meters are not in the letter. */
    check_bill("{'month':'2020-04','usage':{'kwh':'10'},"
               "'uses':[{'category':'HC_CS','voltage':'LT6'}]}",
               "HC_CS/LT6 10x1902 = 19020 + 1902");
    check_bill("{'month':'2020-04','usage':{'kwh':'10'},'uses':[{'category':'SH_TT'}]}",
               "SH_TT 10x2461 = 24610 + 2461");
}

static void tourist_lodging_takes_production_prices(void **state)
{
    (void)state;
    /* 2,442 becomes 90 % of 1,555 = 1,399.5 -> 1,400 (production 22 to below 110 kV). */
    check_bill("{'month':'2020-05','usage':{'normal':'100','peak':'50','offpeak':'20'},"
               "'uses':[{'category':'KD','voltage':'GE22'}],'support':{'tourist_lodging':true}}",
               "KD/GE22 n 100x2442; KD/GE22 p 50x4251; KD/GE22 o 20x1361; -KD/GE22 n 100x-1042; "
               "-KD/GE22 p 50x-1667; -KD/GE22 o 20x-455 = 287320 + 28732");
    /* Round 3: the production price itself. */
    check_bill("{'month':'2021-06','usage':{'kwh':'10'},"
               "'uses':[{'category':'KD','voltage':'6_22'}],'support':{'tourist_lodging':true}}",
               "KD/6_22 n 10x2629; -KD/6_22 n 10x-1018 = 16110 + 1611");
    check_bill("{'month':'2021-06','usage':{'kwh':'10'},"
               "'uses':[{'category':'KD','voltage':'6_22'}]}", "KD/6_22 n 10x2629 = 26290 + 2629");
    check_bill("{'month':'2021-05','usage':{'kwh':'10'},"
               "'uses':[{'category':'KD','voltage':'6_22'}],'support':{'tourist_lodging':true}}",
               "KD/6_22 n 10x2629 = 26290 + 2629");
}

static void quarantine_sites(void **state)
{
    (void)state;
    check_bill("{'month':'2021-06','usage':{'kwh':'10'},"
               "'uses':[{'category':'HC_BV','voltage':'LT6'}],"
               "'support':{'quarantine_site':'free'}}",
               "HC_BV/LT6 10x1771; -HC_BV/LT6 10x-1771 = 0 + 0");
    check_bill("{'month':'2021-06','usage':{'kwh':'10'},"
               "'uses':[{'category':'HC_BV','voltage':'LT6'}],"
               "'support':{'quarantine_site':'paid'}}",
               "HC_BV/LT6 10x1771; -HC_BV/LT6 10x-354 = 14170 + 1417");
    /* A free site has nothing left for round 4 to reduce. */
    check_bill("{'month':'2021-08','usage':{'kwh':'10'},'uses':[{'category':'SH'}],"
               "'support':{'quarantine_site':'free','restricted_area':true}}",
               "SH 1 10x1678; -SH 1 10x-1678 = 0 + 0");
}

static void round_four_is_one_line_by_bill(void **state)
{
    (void)state;
    check_bill("{'month':'2021-08','usage':{'kwh':'200'},'uses':[{'category':'SH'}],"
               "'support':{'restricted_area':true}}",
               "SH 1 50x1678; SH 2 50x1734; SH 3 100x2014; -SH 15% -55800 = 316200 + 31620");
    check_bill("{'month':'2021-08','usage':{'kwh':'201'},'uses':[{'category':'SH'}],"
               "'support':{'restricted_area':true}}",
               "SH 1 50x1678; SH 2 50x1734; SH 3 100x2014; SH 4 1x2536; -SH 10% -37453.6 = "
               "337082 + 33708");
    /* The limit is per bill, not per household. */
    check_bill("{'month':'2021-09','usage':{'kwh':'201'},'uses':[{'category':'SH'}],"
               "'households':'5','support':{'restricted_area':true}}",
               "SH 1 201x1678; -SH 10% -33727.8 = 303550 + 30355");
    check_bill("{'month':'2021-08','usage':{'kwh':'200.001'},'uses':[{'category':'SH'}],"
               "'households':'5','support':{'restricted_area':true}}",
               "SH 1 200.001x1678; -SH 10% -33560.168 = 302042 + 30204");
    /* Only the residential part counts. */
    check_bill("{'month':'2021-08','usage':{'kwh':'400'},'uses':[{'category':'SH','share':'50'},"
               "{'category':'KD','voltage':'LT6','share':'50'}],"
               "'support':{'restricted_area':true}}",
               "SH 1 50x1678; SH 2 50x1734; SH 3 100x2014; KD/LT6 n 200x2666; -SH 15% -55800 = "
               "849400 + 84940");
    check_bill("{'month':'2021-08','usage':{'kwh':'10'},'uses':[{'category':'SH'}]}",
               "SH 1 10x1678 = 16780 + 1678");
    check_bill("{'month':'2021-08','usage':{'kwh':'10'},'uses':[{'category':'KD',"
               "'voltage':'LT6'}],'support':{'restricted_area':true}}",
               "KD/LT6 n 10x2666 = 26660 + 2666");
}

static void an_unknown_round_is_refused_by_name(void **state)
{
    (void)state;
    check_bill_refused("{'month':'2021-10','usage':{'kwh':'10'},'uses':[{'category':'SH'}],"
                       "'support':{'restricted_area':true}}", "support.restricted_area");
    check_bill("{'month':'2021-10','usage':{'kwh':'10'},'uses':[{'category':'SH'}],"
               "'support':{'restricted_area':false}}", "SH 1 10x1678 = 16780 + 1678");
}

static void a_decision_may_be_forced(void **state)
{
    (void)state;
    check_bill("{'month':'2026-07','usage':{'kwh':'60'},'uses':[{'category':'SH'}],"
               "'decision':'QD648/2019'}", "SH 1 50x1678; SH 2 10x1734 = 101240 + 8099");
    /* No price changes inside a period whose prices are forced. */
    check_bill("{'from':'2024-10-05','to':'2024-11-05','usage':{'kwh':'60'},"
               "'uses':[{'category':'SH'}],'decision':'QD2941/2023'}",
               "SH 1 50x1806; SH 2 10x1866 = 108960 + 8717");
    check_bill("{'month':'2026-07','usage':{'kwh':'461'},'uses':[{'category':'SH'}],"
               "'decision':'QD14/2025','average':'2204.0655'}",
               "SH 1 100x1984; SH 2 100x2380; SH 3 200x2998; SH 4 61x3571 = 1253831 + 100306");
    check_bill_refused("{'month':'2026-07','usage':{'kwh':'461'},'uses':[{'category':'SH'}],"
                       "'decision':'QD14/2025'}", "average");
    check_bill_refused("{'month':'2026-07','usage':{'kwh':'461'},'uses':[{'category':'SH'}],"
                       "'average':'2204.0655'}", "average");
    check_bill_refused("{'month':'2026-07','usage':{'kwh':'461'},'uses':[{'category':'SH'}],"
                       "'decision':'QD1279/2025','average':'2204.0655'}", "average");
    check_bill_refused("{'month':'2026-07','usage':{'kwh':'461'},"
                       "'uses':[{'category':'KD','voltage':'LT6'}],"
                       "'decision':'QD14/2025','average':'2204.0655'}", "uses[0].category");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tiers_fill_one_after_another),
        cmocka_unit_test(widths_grow_with_households),
        cmocka_unit_test(sum_and_vat_are_rounded_once),
        cmocka_unit_test(vat_is_that_of_the_reading_day),
        cmocka_unit_test(one_price_of_a_time_category_is_normal),
        cmocka_unit_test(registers_without_own_prices_are_added),
        cmocka_unit_test(the_only_voltage_need_not_be_named),
        cmocka_unit_test(one_price_for_all_voltages_takes_any),
        cmocka_unit_test(shares_go_half_up_and_the_last_takes_the_rest),
        cmocka_unit_test(three_prices_are_shared_register_by_register),
        cmocka_unit_test(uses_may_carry_their_own_kwh_and_households),
        cmocka_unit_test(a_price_change_divides_by_days),
        cmocka_unit_test(several_changes_follow_the_same_rule),
        cmocka_unit_test(truncated_widths_leave_the_rest_to_the_last),
        cmocka_unit_test(a_reading_of_the_change_day_is_used),
        cmocka_unit_test(some_readings_of_several_changes),
        cmocka_unit_test(tiny_use_never_turns_negative),
        cmocka_unit_test(widths_follow_the_days_in_four_cases),
        cmocka_unit_test(undeclared_lodgers_pay_the_third_tier),
        cmocka_unit_test(wholesale_without_papers),
        cmocka_unit_test(a_low_power_factor_costs),
        cmocka_unit_test(the_power_factor_is_exact),
        cmocka_unit_test(one_use_may_say_its_kwh),
        cmocka_unit_test(round_one_reduces_unit_prices),
        cmocka_unit_test(rounds_one_and_two_by_group),
        cmocka_unit_test(tourist_lodging_takes_production_prices),
        cmocka_unit_test(quarantine_sites),
        cmocka_unit_test(round_four_is_one_line_by_bill),
        cmocka_unit_test(an_unknown_round_is_refused_by_name),
        cmocka_unit_test(a_decision_may_be_forced),
    };
    return cmocka_run_group_tests_name("tariff calc", tests, NULL, NULL);
}
