/* SPDX-License-Identifier: Apache-2.0 */
/* What a voice reads: numbers, dates, codes and sentences in words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/date.h"
#include "document/html.h"
#include "document/spoken.h"

enum { TEXT_BYTES = 1024 };

static char memory[TEXT_BYTES];
static struct buf out;

static struct buf *fresh(void)
{
    buf_init_fixed(&out, memory, sizeof memory);
    return &out;
}

static void said(const char *expected)
{
    assert_false(out.failed);
    assert_string_equal(memory, expected);
}

static void numbers(void **state)
{
    (void)state;
    spoken_quantity(fresh(), 228500, false);
    said("hai trăm hai mươi tám phẩy năm");
    spoken_quantity(fresh(), 90018, false);
    said("chín mươi phẩy không một tám");
    spoken_quantity(fresh(), -1200, true);
    said("minus one point two");
    spoken_number(fresh(), 1388405, true);
    said("one million three hundred eighty eight thousand four hundred five");
    spoken_number(fresh(), 0, true);
    said("zero");
    spoken_number(fresh(), INT64_C(2000000000013), true);
    said("two thousand billion thirteen");
    spoken_money(fresh(), -64757, false);
    said("sáu mươi tư nghìn bảy trăm năm mươi bảy đồng");
}

static void dates(void **state)
{
    (void)state;
    spoken_day(fresh(), day_from_civil(2026, 4, 5), false);
    said("ngày mùng năm tháng tư năm hai nghìn không trăm hai mươi sáu");
    spoken_day(fresh(), day_from_civil(2026, 7, 31), false);
    said("ngày ba mươi mốt tháng bảy năm hai nghìn không trăm hai mươi sáu");
    spoken_day(fresh(), day_from_civil(2026, 7, 31), true);
    said("July thirty first, two thousand twenty six");
    spoken_day(fresh(), day_from_civil(2030, 6, 30), true);
    said("June thirtieth, two thousand thirty");
    spoken_month(fresh(), month_of_day(day_from_civil(2026, 12, 1)), false);
    said("tháng mười hai năm hai nghìn không trăm hai mươi sáu");
}

static void codes(void **state)
{
    (void)state;
    spoken_code(fresh(), S("1K7M-q0"), false);
    said("một, ca, bảy, em mờ, quy, không");
    spoken_code(fresh(), S("1K7M-q0"), true);
    said("one, K, seven, M, Q, zero");
}

static void sentences(void **state)
{
    (void)state;
    spoken_text(fresh(), S("thêm 1 ngày, lên đến bậc 4"), false);
    said("thêm một ngày, lên đến bậc bốn");
    spoken_text(fresh(), S("thuế GTGT 7,5 % của 12 kWh"), false);
    said("thuế giá trị gia tăng bảy phẩy năm  phần trăm của mười hai ki lô oát giờ");
    spoken_text(fresh(), S("Biên bản 25/2026 (số 007)"), false);
    said("Biên bản hai mươi lăm trên hai nghìn không trăm hai mươi sáu số không, không, bảy");
    spoken_text(fresh(), S("1.5 kWh + #7"), true);
    said("one point five kilowatt hours  seven");
}

/* What people typed cannot leave its place. */
static void markup_is_ours(void **state)
{
    (void)state;
    html_text(fresh(), S("<script>alert('a' & \"b\")</script>"));
    said("&lt;script&gt;alert(&#39;a&#39; &amp; &quot;b&quot;)&lt;/script&gt;");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers),   cmocka_unit_test(dates),          cmocka_unit_test(codes),
        cmocka_unit_test(sentences), cmocka_unit_test(markup_is_ours),
    };
    return cmocka_run_group_tests_name("spoken", tests, NULL, NULL);
}
