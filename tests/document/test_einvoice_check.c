/* SPDX-License-Identifier: Apache-2.0 */
/* What must be right before an e-invoice becomes bytes: each field at its longest and one beyond,
 * the rules of each day, sums, and what an adjusting or replacing invoice needs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/date.h"
#include "base/file.h"
#include "document/einvoice_rules.h"
#include "einvoices.h"

enum { ARENA_BYTES = 8 << 20, RANDOM = 3000, CHARS_MAX = 512 };

static struct arena arena;
static struct einvoice_findings findings;
static struct err err;
static struct made made;

static int begin(void **state)
{
    (void)state;
    arena_init(&arena, ARENA_BYTES);
    made_plain(&made);
    return 0;
}

static int end(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static err_t check(void)
{
    findings_init(&findings, &arena);
    return einvoice_check(&made.invoice, &findings, &err);
}

static const struct einvoice_finding *find(const char *code, const char *path)
{
    for (const struct einvoice_finding *f = findings.first; f != NULL; f = f->next)
        if (strcmp(f->code, code) == 0 && (path == NULL || str_equal(f->path, str_of(path))))
            return f;
    return NULL;
}

static void accepted(void)
{
    if (check() != OK) fail_msg("%s: %s", err.field, err.en.message);
}

/* Refused by a fault with this code and place, which has words and a remedy. */
static void refused_among(const char *code, const char *path)
{
    assert_int_equal(check(), E_INPUT);
    const struct einvoice_finding *f = find(code, path);
    if (f == NULL) fail_msg("%s at %s, not %s at %s", findings.first->code, err.field, code, path);
    assert_true(f->refused && f->vi.n > 0 && f->en.n > 0);
    assert_true(f->hint_vi[0] != '\0' && f->hint_en[0] != '\0');
    assert_true(err.vi.hint[0] != '\0' && err.en.hint[0] != '\0');
}

/* The same, and by no other. */
static void refused(const char *code, const char *path)
{
    refused_among(code, path);
    assert_int_equal(findings.refused, 1);
}

static struct str repeat(const char *character, size_t count)
{
    static char memory[8][CHARS_MAX * 4];
    static size_t turn;
    struct buf buf;
    turn = (turn + 1) % 8;
    buf_init_fixed(&buf, memory[turn], sizeof memory[turn]);
    for (size_t i = 0; i < count; i++) buf_add(&buf, str_of(character));
    return buf_str(&buf);
}

/* ---- fields ------------------------------------------------------------------------------ */

static void *record_of(enum einvoice_group group)
{
    switch (group) {
    case EINVOICE_SELLER: return &made.invoice.seller;
    case EINVOICE_BUYER: return &made.invoice.buyer;
    case EINVOICE_LINE: return &made.lines[0];
    case EINVOICE_EXTRA: return &made.extras[0];
    default: return &made.invoice;
    }
}

static struct str full_path(enum einvoice_group group, struct str tag)
{
    static char memory[128];
    struct buf buf;
    bool listed = group == EINVOICE_LINE || group == EINVOICE_EXTRA;
    buf_init_fixed(&buf, memory, sizeof memory);
    buf_printf(&buf, "%.*s%s/%.*s", STR_ARG(einvoice_group_path(group)), listed ? "[1]" : "",
               STR_ARG(tag));
    return buf_str(&buf);
}

static void as_replacement(void)
{
    made.invoice.role = EINVOICE_REPLACES;
    made.invoice.related = (struct einvoice_name){1, S("K26TDN"), 122, day_from_civil(2026, 7, 30)};
    made.invoice.reason = S("Sai mã số thuế");
}

/* Texts are counted in characters, not bytes. */
static void lengths_hold_at_their_edge(void **state)
{
    (void)state;
    size_t seen = 0;
    for (enum einvoice_group group = 0; group <= EINVOICE_EXTRA; group++) {
        size_t count;
        const struct einvoice_field *fields = einvoice_group_fields(group, &count);
        for (size_t i = 0; i < count; i++) {
            const struct einvoice_field *field = &fields[i];
            if (field->kind != EINVOICE_TEXT || field->id == EINVOICE_HEAD_KHHDon ||
                field->id == EINVOICE_EXTRA_KDLieu)
                continue;
            made_plain(&made);
            if (group == EINVOICE_RELATED) as_replacement();
            einvoice_set_text(field, record_of(group), repeat("ệ", (size_t)field->max));
            accepted();
            einvoice_set_text(field, record_of(group), repeat("ệ", (size_t)field->max + 1));
            refused("length", full_path(group, field->tag).p);
            seen++;
        }
    }
    assert_true(seen >= 20);
}

static void required_fields_are_missed(void **state)
{
    (void)state;
    for (enum einvoice_group group = 0; group <= EINVOICE_EXTRA; group++) {
        size_t count;
        const struct einvoice_field *fields = einvoice_group_fields(group, &count);
        for (size_t i = 0; i < count; i++) {
            if (!einvoice_is_text(fields[i].kind) || fields[i].duty != EINVOICE_MUST) continue;
            made_plain(&made);
            if (group == EINVOICE_RELATED) as_replacement();
            einvoice_set_text(&fields[i], record_of(group), S(""));
            refused("missing", full_path(group, fields[i].tag).p);
        }
    }
}

static void texts_are_clean(void **state)
{
    (void)state;
    static const struct {
        const char *code;
        struct str text;
    } bad[] = {{"control", S_INIT("Thôn\n1")},
               {"control", S_INIT("Thôn\t1")},
               {"control", S_INIT("Thôn\x7f")},
               {"control", S_INIT("Thôn\xC2\x85")},
               {"control", S_INIT("Thôn\xE2\x80\xA8")},
               {"control", S_INIT("Thôn \xE2\x80\xAE"
                                  "1")},
               {"control", S_INIT("\xEF\xBF\xBF")},
               {"utf8", S_INIT("Th\xF4n")},
               {"utf8", S_INIT("a\0b")},
               {"nfc", S_INIT("Tho\xCC\x82n")},
               {"utf8", S_INIT("\xED\xA0\x80")}};
    for (size_t i = 0; i < ARRAY_COUNT(bad); i++) {
        made.invoice.buyer.address = bad[i].text;
        refused(bad[i].code, "NDHDon/NMua/DChi");
    }
    made.invoice.buyer.address = S("Số 5 <A&B> \"ngõ\" ]]> 漢 😀 €");
    accepted();
}

static void numbers_have_edges(void **state)
{
    (void)state;
    static const int64_t bad[] = {0, -1, EINVOICE_NUMBER_MAX + INT64_C(1)};
    for (size_t i = 0; i < ARRAY_COUNT(bad); i++) {
        made.invoice.name.number = bad[i];
        refused("number", "TTChung/SHDon");
    }
    made.invoice.name.number = EINVOICE_NUMBER_MAX;
    accepted();
    made.lines[0].quantity_milli = INT64_C(1000000000000000000);
    assert_int_equal(check(), E_INPUT);
    assert_non_null(find("digits", "NDHDon/DSHHDVu/HHDVu[1]/SLuong"));
    made_plain(&made);
    made.invoice.total_vnd = INT64_MAX;
    refused("digits", "NDHDon/TToan/TgTTTBSo");
    made_plain(&made);
    made.lines[0].vat_ppm = 80001;
    refused_among("rate", "NDHDon/DSHHDVu/HHDVu[1]/TSuat");
}

static void tax_codes_and_identities_have_a_form(void **state)
{
    (void)state;
    static const struct str good[] = {S_INIT("0123456789"), S_INIT("0123456789-001"),
                                      S_INIT("012345678901")};
    static const struct str bad[] = {S_INIT("012345678"), S_INIT("0123456789001"),
                                     S_INIT("0123456789-01a"), S_INIT("MST0123456")};
    for (size_t i = 0; i < ARRAY_COUNT(good); i++) {
        made.invoice.buyer.tax_code = good[i];
        accepted();
    }
    for (size_t i = 0; i < ARRAY_COUNT(bad); i++) {
        made.invoice.buyer.tax_code = bad[i];
        refused("form", "NDHDon/NMua/MST");
    }
    made_plain(&made);
    made.invoice.buyer.identity_no = S("01234567890");
    refused("form", "NDHDon/NMua/CCCDan");
    made.invoice.buyer.identity_no = S("012345678901");
    accepted();
    assert_non_null(find("identity", NULL));
}

static void fields_without_a_place_are_not_lost(void **state)
{
    (void)state;
    made.invoice.buyer.website = S("https://example.test");
    refused("place", "NDHDon/NMua/Website");
    made_plain(&made);
    made.invoice.seller.customer_code = S("X");
    refused("place", "NDHDon/NBan/MKHang");
    made_plain(&made);
    made.invoice.seller.person = S("X");
    refused("place", "NDHDon/NBan/HVTNMHang");
    made_plain(&made);
    made.extras[0].name = S(EINVOICE_BILL_FIELD);
    refused("place", "TTKhac/TTin[1]/TTruong");
    made_plain(&made);
    made.extras[0].type = S("text");
    refused("type", "TTKhac/TTin[1]/KDLieu");
}

/* ---- days -------------------------------------------------------------------------------- */

static void on(int year, int month, int day, const char *symbol)
{
    made.invoice.name.day = day_from_civil(year, month, day);
    made.invoice.name.symbol = str_of(symbol);
}

static void rules_follow_the_day_of_the_invoice(void **state)
{
    (void)state;
    static const struct {
        int year, month, day;
        const char *version;
    } days[] = {{2021, 10, 7, "2.0.0"}, {2022, 9, 20, "2.0.0"}, {2022, 9, 21, "2.0.1"},
                {2025, 5, 31, "2.0.1"}, {2025, 6, 1, "2.1.0"},  {2026, 6, 30, "2.1.0"},
                {2026, 7, 1, "2.1.0"}};
    for (size_t i = 0; i < ARRAY_COUNT(days); i++) {
        int32_t day = day_from_civil(days[i].year, days[i].month, days[i].day);
        assert_true(str_equal(einvoice_rules_of(day)->version, str_of(days[i].version)));
    }
    assert_null(einvoice_rules_of(day_from_civil(2021, 10, 6)));
    assert_int_equal(einvoice_rules_of(day_from_civil(2026, 6, 30))->templates, 6);
    assert_int_equal(einvoice_rules_of(day_from_civil(2026, 7, 1))->templates, 9);
    on(2021, 10, 6, "K21TDN");
    refused("rules", "TTChung/NLap");
}

static void symbols_fit_the_day(void **state)
{
    (void)state;
    static const char *const bad[] = {"K25TDN", "K36TDN", "X26TDN", "K26ZDN",
                                      "K26Tdn", "K26TD",  "K26T-N", "k26TDN"};
    for (size_t i = 0; i < ARRAY_COUNT(bad); i++) {
        made.invoice.name.symbol = str_of(bad[i]);
        refused("symbol", "TTChung/KHHDon");
    }
    on(2026, 7, 1, "K26FDN");
    accepted();
    assert_non_null(find("symbol-letter", NULL));
    on(2026, 6, 30, "K26FDN");
    refused("symbol", "TTChung/KHHDon");
    on(2025, 6, 1, "K25XDN");
    accepted();
    on(2025, 5, 31, "K25XDN");
    refused("symbol", "TTChung/KHHDon");
    on(2026, 8, 5, "K26T01");
    accepted();
    assert_non_null(find("symbol-digits", NULL));
    made_plain(&made);
    made.invoice.name.template_no = 9;
    accepted();
    on(2026, 6, 30, "K26TDN");
    refused("template", "TTChung/KHMSHDon");
}

static void identity_numbers_came_with_a_format(void **state)
{
    (void)state;
    made.invoice.buyer.identity_no = S("012345678901");
    on(2025, 5, 31, "K25TDN");
    refused("place", "NDHDon/NMua/CCCDan");
    on(2025, 6, 1, "K25TDN");
    accepted();
}

static void a_buyer_is_never_blank_from_2026(void **state)
{
    (void)state;
    made.invoice.buyer.name = S("");
    refused("consumer", "NDHDon/NMua/Ten");
    made.invoice.buyer.person = S("Bán cho người tiêu dùng");
    accepted();
    assert_non_null(find("consumer-name", NULL));
    made.invoice.buyer.person = S("");
    on(2026, 6, 30, "K26TDN");
    accepted();
    made.invoice.buyer.tax_code = S("0100109106");
    refused("consumer", "NDHDon/NMua/Ten");
}

static void what_is_not_certain_is_told(void **state)
{
    (void)state;
    accepted();
    assert_non_null(find("format-2.1.0", NULL));
    assert_non_null(find("law-2026", NULL));
    assert_null(find("customer-code", NULL));
    made.invoice.buyer.customer_code = S("");
    accepted();
    assert_non_null(find("customer-code", NULL));
    on(2025, 5, 31, "K25TDN");
    accepted();
    assert_null(find("law-2026", NULL));
    assert_null(find("format-2.1.0", NULL));
    for (const struct einvoice_finding *f = findings.first; f != NULL; f = f->next)
        assert_true(!f->refused && f->vi.n > 0 && f->en.n > 0 && f->hint_en[0] != '\0');
}

/* ---- lines and sums ---------------------------------------------------------------------- */

static void sums_add_up(void **state)
{
    (void)state;
    made.invoice.pre_vat_vnd++;
    made.invoice.total_vnd++;
    refused("sum", "NDHDon/TToan/TgTCThue");
    made_plain(&made);
    made.invoice.total_vnd++;
    refused("total", "NDHDon/TToan/TgTTTBSo");
    made_plain(&made);
    made.invoice.vat_vnd++;
    made.invoice.total_vnd++;
    refused("vat", "NDHDon/TToan/TgTThue");
    made_plain(&made);
    made.invoice.vat_ppm = 100000;
    refused("rate", "NDHDon/TToan/THTTLTSuat/LTSuat/TSuat");
}

/* VAT is rounded once per bill, so the VAT of a difference may be a đồng off its own rounding. */
static void a_difference_may_be_a_dong_off(void **state)
{
    (void)state;
    as_replacement();
    made.invoice.role = EINVOICE_ADJUSTS;
    made.invoice.vat_vnd++;
    made.invoice.total_vnd++;
    accepted();
    struct einvoice_rate rates[EINVOICE_RATES_MAX];
    size_t count;
    assert_true(einvoice_rates(&made.invoice, rates, &count));
    assert_int_equal(count, 1);
    assert_int_equal(rates[0].vat_vnd, made.invoice.vat_vnd);
    made.invoice.vat_vnd++;
    made.invoice.total_vnd++;
    refused("vat", "NDHDon/TToan/TgTThue");
}

static void lines_are_what_they_say(void **state)
{
    (void)state;
    made.lines[0].amount_vnd++;
    made_sum(&made);
    accepted();
    made.lines[0].amount_vnd++;
    made_sum(&made);
    refused("product", "NDHDon/DSHHDVu/HHDVu[1]/ThTien");
    made_plain(&made);
    made.lines[1].has_quantity = false;
    made.lines[1].quantity_milli = made.lines[1].price_milli = 0;
    refused("missing", "NDHDon/DSHHDVu/HHDVu[2]/SLuong");
    made.lines[1].kind = EINVOICE_DISCOUNT;
    made.lines[1].amount_vnd = -500;
    made_sum(&made);
    accepted();
    assert_non_null(find("discount-sign", NULL));
    made.lines[1].kind = EINVOICE_NOTE;
    refused_among("note", "NDHDon/DSHHDVu/HHDVu[2]/TChat");
    made.lines[1].kind = 5;
    refused_among("kind", "NDHDon/DSHHDVu/HHDVu[2]/TChat");
    made_plain(&made);
    made.invoice.line_count = 0;
    assert_int_equal(check(), E_INPUT);
    assert_non_null(find("lines", "NDHDon/DSHHDVu/HHDVu"));
}

static void what_is_adjusted_is_named(void **state)
{
    (void)state;
    as_replacement();
    accepted();
    assert_non_null(find("reason-code", NULL));
    assert_non_null(find("related-kind", NULL));
    made.invoice.related.day = made.invoice.name.day + 1;
    refused("related", "TTChung/TTHDLQuan/NLHDCLQuan");
    as_replacement();
    made.invoice.related.number = made.invoice.name.number;
    refused("related", "TTChung/TTHDLQuan/SHDCLQuan");
    as_replacement();
    made.invoice.related.number = 0;
    refused("number", "TTChung/TTHDLQuan/SHDCLQuan");
    as_replacement();
    made.invoice.role = EINVOICE_ORIGINAL;
    refused("related", "TTChung/TTHDLQuan");
    char memory[256];
    struct buf words;
    buf_init_fixed(&words, memory, sizeof memory);
    as_replacement();
    einvoice_role_words(&made.invoice, &words);
    assert_string_equal(memory, "Thay thế cho hóa đơn Mẫu số 1 ký hiệu K26TDN số 122 ngày 30 "
                                "tháng 7 năm 2026");
}

/* ---- all together ------------------------------------------------------------------------ */

static void random_invoices_pass(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < RANDOM; seed++) {
        arena_reset(&arena);
        made_random(&made, &arena, seed);
        if (check() != OK)
            fail_msg("seed %lld: %s: %s", (long long)seed, err.field, err.en.message);
    }
}

/* Every point that is not certain stands in the documentation. */
static void points_are_documented(void **state)
{
    (void)state;
    static const char *const codes[] = {
#define POINT(code, from, to, confidence, when, source, vi, en) code,
#include "document/einvoice_points.def"
#undef POINT
    };
    char memory[4096];
    struct buf path;
    struct str text = {0};
    buf_init_fixed(&path, memory, sizeof memory);
    buf_printf(&path, "%s/docs/einvoice.md", getenv("SANGDEN_SOURCE_ROOT"));
    assert_int_equal(file_read(&arena, memory, ARENA_BYTES / 2, &text, &err), OK);
    const char *document = arena_str(&arena, text).p;
    for (size_t i = 0; i < ARRAY_COUNT(codes); i++)
        if (strstr(document, codes[i]) == NULL) fail_msg("%s is not documented", codes[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(lengths_hold_at_their_edge, begin, end),
        cmocka_unit_test_setup_teardown(required_fields_are_missed, begin, end),
        cmocka_unit_test_setup_teardown(texts_are_clean, begin, end),
        cmocka_unit_test_setup_teardown(numbers_have_edges, begin, end),
        cmocka_unit_test_setup_teardown(tax_codes_and_identities_have_a_form, begin, end),
        cmocka_unit_test_setup_teardown(fields_without_a_place_are_not_lost, begin, end),
        cmocka_unit_test_setup_teardown(rules_follow_the_day_of_the_invoice, begin, end),
        cmocka_unit_test_setup_teardown(symbols_fit_the_day, begin, end),
        cmocka_unit_test_setup_teardown(identity_numbers_came_with_a_format, begin, end),
        cmocka_unit_test_setup_teardown(a_buyer_is_never_blank_from_2026, begin, end),
        cmocka_unit_test_setup_teardown(what_is_not_certain_is_told, begin, end),
        cmocka_unit_test_setup_teardown(sums_add_up, begin, end),
        cmocka_unit_test_setup_teardown(a_difference_may_be_a_dong_off, begin, end),
        cmocka_unit_test_setup_teardown(lines_are_what_they_say, begin, end),
        cmocka_unit_test_setup_teardown(what_is_adjusted_is_named, begin, end),
        cmocka_unit_test_setup_teardown(random_invoices_pass, begin, end),
        cmocka_unit_test_setup_teardown(points_are_documented, begin, end),
    };
    return cmocka_run_group_tests_name("e-invoice check", tests, NULL, NULL);
}
