/* SPDX-License-Identifier: Apache-2.0 */
/* The link of a bill: every member of a request has its name, and nothing is left out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "document/calculator_link.h"

enum { ARENA_BYTES = 1 << 20, LINK_BYTES = 4096 };

static struct arena arena;
static struct buf out;
static struct err err;

static int start(void **state)
{
    (void)state;
    arena_init(&arena, ARENA_BYTES);
    buf_init(&out, LINK_BYTES);
    err = (struct err){0};
    return 0;
}

static int finish(void **state)
{
    (void)state;
    buf_release(&out);
    arena_release(&arena);
    return 0;
}

static err_t link_of(const char *request)
{
    struct calculator_link link = {.request = str_of(request),
                                   .total_vnd = CALCULATOR_LINK_NO_TOTAL};
    return calculator_link_write(&arena, &link, &out, &err);
}

static void gives(const char *request, const char *fragment)
{
    buf_reset(&out);
    assert_int_equal(link_of(request), OK);
    assert_string_equal(out.p, fragment);
}

static void refuses(const char *request, const char *field)
{
    buf_reset(&out);
    buf_add(&out, S("before"));
    assert_int_equal(link_of(request), E_INPUT);
    assert_string_equal(err.field, field);
    assert_true(err.vi.hint[0] != '\0' && err.en.hint[0] != '\0');
    assert_string_equal(out.p, "before");
}

static void writes_a_bill(void **state)
{
    (void)state;
    struct calculator_link link = {
        .portal = S_INIT("https://dien.example.vn/"),
        .request =
            S_INIT("{\"from\":\"2026-06-30\",\"to\":\"2026-07-31\",\"usage\":{\"kwh\":\"461\"},"
                   "\"uses\":[{\"category\":\"SH\",\"share\":\"100\"}],\"households\":\"1\"}"),
        .total_vnd = 1388405,
        .number = S_INIT("PD0100-26071-17-23-K1"),
        .price_book = S_INIT("7c1f03aa55aa55aa"),
    };
    assert_int_equal(calculator_link_write(&arena, &link, &out, &err), OK);
    assert_string_equal(out.p,
                        "https://dien.example.vn/tinh-dien#f=2026-06-30&t=2026-07-31&k=461&h=1"
                        "&u=SH&x=1388405&n=PD0100-26071-17-23-K1&b=7c1f03aa");
}

static void writes_every_member(void **state)
{
    (void)state;
    gives("{\"uses\":[{\"category\":\"SH\",\"share\":\"60\",\"households\":\"3\"},"
          "{\"category\":\"KD\",\"voltage\":\"LT6\",\"share\":\"40\"}],\"month\":\"2026-07\","
          "\"usage\":{\"offpeak\":\"3\",\"normal\":\"1\",\"peak\":\"2.5\",\"kvarh\":\"7\"},"
          "\"lodgers_undeclared\":true,\"papers_missing\":true,\"prorate\":\"new_supply\","
          "\"month_days\":\"30\",\"change_split\":\"truncate_old\",\"demand_kw\":\"160\","
          "\"decision\":\"QD14/2025\",\"average\":\"2204.0655\",\"vat_rate\":\"0.08\","
          "\"support\":{\"restricted_area\":true,\"tourist_lodging\":true,"
          "\"quarantine_site\":\"paid\"},\"read_on_change\":[{\"date\":\"2026-07-10\",\"usage\":"
          "{\"normal\":\"1\",\"peak\":\"1\",\"offpeak\":\"1\",\"kvarh\":\"2\"}},"
          "{\"date\":\"2026-07-20\",\"usage\":{\"kwh\":\"4\",\"cosphi\":\"0.9\"}}]}",
          "#m=2026-07&k=1/2.5/3&kvarh=7&u=SH*3:60,KD@LT6:40&lodgers=1&nopapers=1"
          "&prorate=new_supply&days=30&split=truncate_old"
          "&read=2026-07-10:1/1/1;kvarh:2,2026-07-20:4;cos:0.9&support=restricted,tourist,paid"
          "&kw=160&qd=QD14/2025&avg=2204.0655&vat=0.08");
}

static void writes_back_billing(void **state)
{
    (void)state;
    static const char *const link = "#m=2026-07&k=10&cos=0.8&u=SH:6kWh-2,KD:4kWh&billed=2"
                                    "&cause=theft&settled=2026-08-01";
    gives("{\"month\":\"2026-07\",\"usage\":{\"kwh\":\"10\",\"cosphi\":\"0.8\",\"billed\":\"2\"},"
          "\"uses\":[{\"category\":\"SH\",\"kwh\":\"6\",\"billed\":\"2\"},"
          "{\"category\":\"KD\",\"kwh\":\"4\"}],\"cause\":\"theft\","
          "\"settlement\":\"2026-08-01\"}",
          link);
    gives("{\"month\":\"2026-07\",\"usage\":{\"kwh\":\"10\",\"cosphi\":\"0.8\"},"
          "\"uses\":[{\"category\":\"SH\",\"kwh\":\"6\",\"billed\":\"2\"},"
          "{\"category\":\"KD\",\"kwh\":\"4\"}],\"billed\":{\"kwh\":\"2\"},\"cause\":\"theft\","
          "\"settlement\":\"2026-08-01\"}",
          link);
    gives("{\"month\":\"2026-07\",\"usage\":{\"normal\":\"1\",\"peak\":\"1\",\"offpeak\":\"1\"},"
          "\"uses\":[{\"category\":\"SX\",\"voltage\":\"22_110\"}],"
          "\"billed\":{\"normal\":\"0\",\"peak\":\"1\",\"offpeak\":\"0\"}}",
          "#m=2026-07&k=1/1/1&u=SX@22_110&billed=0/1/0");
}

static void leaves_out_what_says_nothing(void **state)
{
    (void)state;
    gives("{\"month\":\"2026-07\",\"from\":null,\"usage\":{\"kwh\":\"1\",\"kvarh\":null},"
          "\"uses\":[{\"category\":\"SH\",\"voltage\":null}],\"lodgers_undeclared\":false,"
          "\"prorate\":null,\"support\":{\"restricted_area\":false},\"read_on_change\":[]}",
          "#m=2026-07&k=1&u=SH");
}

static void escapes_what_parts_values(void **state)
{
    (void)state;
    gives("{\"month\":\"2026-07\",\"usage\":{\"kwh\":\"1\"},"
          "\"uses\":[{\"category\":\"A,B:@*ệ%\"}],\"decision\":\"a/b&c\"}",
          "#m=2026-07&k=1&u=A%2CB%3A%40%2A%E1%BB%87%25&qd=a/b%26c");
}

#define WITH(rest) \
    "{\"month\":\"2026-07\",\"usage\":{\"kwh\":\"1\"},\"uses\":[{\"category\":\"SH\"}]" rest "}"

static void refuses_what_it_does_not_know(void **state)
{
    (void)state;
    refuses(WITH(",\"new\":1"), "new");
    refuses(WITH(",\"households\":1"), "households");
    refuses(WITH(",\"households\":\"1:2\""), "households");
    refuses(WITH(",\"vat_rate\":\"8%\""), "vat_rate");
    refuses(WITH(",\"prorate\":\"\""), "prorate");
    refuses(WITH(",\"lodgers_undeclared\":\"1\""), "lodgers_undeclared");
    refuses(WITH(",\"support\":{\"quarantine_site\":\"half\"}"), "support.quarantine_site");
    refuses(WITH(",\"support\":{\"other\":true}"), "support.other");
    refuses(WITH(",\"billed\":{\"kvarh\":\"1\"}"), "billed.kvarh");
    refuses(WITH(",\"read_on_change\":[{\"date\":\"2026-07-10\",\"usage\":{\"x\":\"1\"}}]"),
            "read_on_change[0].usage.x");
    refuses("{\"usage\":{\"kwh\":\"1\",\"peak\":\"1\"},\"uses\":[{\"category\":\"SH\"}]}",
            "usage.peak");
    refuses("{\"usage\":{\"kwh\":\"1\"},\"uses\":[]}", "uses[0]");
    refuses("{\"usage\":{\"kwh\":\"1\"},\"uses\":[{\"category\":\"SH\",\"share\":100}]}",
            "uses[0].share");
    refuses("{\"usage\":{\"kwh\":\"1\"},\"uses\":[{\"category\":\"SH\",\"kwh\":\"1\","
            "\"share\":\"100\"}]}",
            "uses[0].share");
    refuses("{\"usage\":{\"kwh\":\"1\"},\"uses\":[{\"category\":\"SH\",\"billed\":\"1\"}]}",
            "uses[0].kwh");
    refuses("{\"usage\":{\"kwh\":\"1\",\"billed\":\"1\"},\"uses\":[{\"category\":\"SH\"}],"
            "\"billed\":\"1\"}",
            "billed");
    refuses("{\"type\":\"reconnection\",\"voltage\":\"LE038\"}", "type");
}

static void refuses_what_is_too_long(void **state)
{
    (void)state;
    struct buf narrow;
    char memory[16];
    buf_init_fixed(&narrow, memory, sizeof memory);
    struct calculator_link link = {.request = str_of(WITH("")),
                                   .total_vnd = CALCULATOR_LINK_NO_TOTAL};
    assert_int_equal(calculator_link_write(&arena, &link, &narrow, &err), E_LIMIT);
    assert_int_equal(narrow.n, 0);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, start, finish)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(writes_a_bill),
        CASE(writes_every_member),
        CASE(writes_back_billing),
        CASE(leaves_out_what_says_nothing),
        CASE(escapes_what_parts_values),
        CASE(refuses_what_it_does_not_know),
        CASE(refuses_what_is_too_long),
    };
    return cmocka_run_group_tests_name("calculator link", tests, NULL, NULL);
}
