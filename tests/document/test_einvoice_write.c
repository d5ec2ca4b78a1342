/* SPDX-License-Identifier: Apache-2.0 */
/* E-invoices as bytes: they are their own canonical form, the same every time, in the order of the
 * format; and notices about wrong ones. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/date.h"
#include "canonical.h"
#include "document/einvoice_notice.h"
#include "document/einvoice_write.h"
#include "einvoices.h"

enum { ARENA_BYTES = 8 << 20, DOCUMENT_BYTES = 1 << 20, RANDOM = 5000 };

static struct arena arena;
static struct buf out, other;
static struct err err;
static struct made made;
static struct einvoice_findings findings;
static struct xml_document document;

static int begin(void **state)
{
    (void)state;
    arena_init(&arena, ARENA_BYTES);
    buf_init(&out, DOCUMENT_BYTES);
    buf_init(&other, DOCUMENT_BYTES);
    made_plain(&made);
    findings_init(&findings, &arena);
    return 0;
}

static int end(void **state)
{
    (void)state;
    buf_release(&out);
    buf_release(&other);
    arena_release(&arena);
    return 0;
}

static void write_made(struct str qr)
{
    findings_init(&findings, &arena);
    if (einvoice_write(&made.invoice, qr, &findings, &out, &document, &err) != OK)
        fail_msg("%s: %s", err.field, err.en.message);
}

static struct str data(void)
{
    return str_sub(buf_str(&out), document.data_start, document.data_end - document.data_start);
}

static bool has(const char *piece)
{
    return strstr(out.p, piece) != NULL;
}

static void bytes_are_those_of_the_format(void **state)
{
    (void)state;
    write_made(S("000201"));
    assert_string_equal(
        out.p,
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><HDon>"
        "<DLHDon Id=\"HD0100000000-1K26TDN-00000123\"><TTChung><PBan>2.1.0</PBan>"
        "<THDon>Hóa đơn giá trị gia tăng</THDon><KHMSHDon>1</KHMSHDon><KHHDon>K26TDN</KHHDon>"
        "<SHDon>123</SHDon><NLap>2026-08-05</NLap><DVTTe>VND</DVTTe><TGia>1</TGia>"
        "<HTTToan>TM/CK</HTTToan><MSTTCGP>0100000000</MSTTCGP></TTChung><NDHDon><NBan>"
        "<Ten>Hợp tác xã điện Thử Nghiệm</Ten><MST>0100000000</MST>"
        "<DChi>Xã Thử &amp; Tỉnh Mẫu</DChi><SDThoai>19000000</SDThoai>"
        "<Website>https://example.test</Website></NBan><NMua><Ten>Nguyễn Văn Thử</Ten>"
        "<DChi>Thôn 1</DChi><MKHang>PD00000000001</MKHang></NMua><DSHHDVu><HHDVu>"
        "<TChat>1</TChat><STT>1</STT><MHHDVu>SH-B1</MHHDVu><THHDVu>Điện sinh hoạt bậc 1</THHDVu>"
        "<DVTinh>kWh</DVTinh><SLuong>50</SLuong><DGia>1984</DGia><ThTien>99200</ThTien>"
        "<TSuat>8%</TSuat></HHDVu><HHDVu><TChat>1</TChat><STT>2</STT><MHHDVu>SH-B2</MHHDVu>"
        "<THHDVu>Điện sinh hoạt bậc 2</THHDVu><DVTinh>kWh</DVTinh><SLuong>50</SLuong>"
        "<DGia>2050</DGia><ThTien>102500</ThTien><TSuat>8%</TSuat></HHDVu></DSHHDVu><TToan>"
        "<THTTLTSuat><LTSuat><TSuat>8%</TSuat><ThTien>201700</ThTien><TThue>16136</TThue></LTSuat>"
        "</THTTLTSuat><TgTCThue>201700</TgTCThue><TgTThue>16136</TgTThue>"
        "<TgTTTBSo>217836</TgTTTBSo><TgTTTBChu>Hai trăm mười bảy nghìn tám trăm ba mươi sáu đồng"
        "</TgTTTBChu></TToan></NDHDon><TTKhac><TTin><TTruong>SoHoaDonTienDien</TTruong>"
        "<KDLieu>string</KDLieu><DLieu>PD01-TEST-1</DLieu></TTin><TTin><TTruong>MaCongTo</TTruong>"
        "<KDLieu>string</KDLieu><DLieu>TEST-0001</DLieu></TTin></TTKhac></DLHDon>"
        "<DLQRCode>000201</DLQRCode></HDon>");
}

static void related_and_special_lines_are_written(void **state)
{
    (void)state;
    made.invoice.role = EINVOICE_ADJUSTS;
    made.invoice.related = (struct einvoice_name){1, S("K26TDN"), 7, day_from_civil(2026, 7, 3)};
    made.invoice.reason = S("Sai <chỉ số>");
    made.lines[0].vat_ppm = 35500;
    made.lines[1] = (struct einvoice_line){
        .kind = EINVOICE_DISCOUNT, .name = S("Giảm"), .amount_vnd = -500, .vat_ppm = -1};
    made_sum(&made);
    write_made(S(""));
    assert_false(has("<MSTCLQuan>"));
    assert_true(has("<TTHDLQuan><TCHDon>2</TCHDon><LHDCLQuan>1</LHDCLQuan>"
                    "<KHMSHDCLQuan>1</KHMSHDCLQuan><KHHDCLQuan>K26TDN</KHHDCLQuan>"
                    "<SHDCLQuan>7</SHDCLQuan><NLHDCLQuan>2026-07-03</NLHDCLQuan>"
                    "<GChu>Sai &lt;chỉ số&gt;</GChu></TTHDLQuan></TTChung>"));
    assert_true(has("<DLieu>Điều chỉnh cho hóa đơn Mẫu số 1 ký hiệu K26TDN số 7 ngày 3 tháng 7 năm "
                    "2026</DLieu>"));
    assert_true(has("<TSuat>KHAC:03.55%</TSuat><ThTien>99200</ThTien>"));
    assert_true(has("<THHDVu>Giảm</THHDVu><ThTien>500</ThTien><TSuat>KCT</TSuat></HHDVu>"));
    assert_true(has("<TSuat>KCT</TSuat><ThTien>-500</ThTien><TThue>0</TThue>"));
    made.invoice.role = EINVOICE_REPLACES;
    made.invoice.related_tax_code = S("0100109106");
    made.lines[1] = (struct einvoice_line){.kind = EINVOICE_NOTE, .name = S("Ghi chú")};
    made_sum(&made);
    buf_reset(&out);
    write_made(S(""));
    assert_true(has("<TCHDon>1</TCHDon><MSTCLQuan>0100109106</MSTCLQuan><LHDCLQuan>"));
    assert_true(has("<STT>2</STT><THHDVu>Ghi chú</THHDVu></HHDVu>"));
    assert_false(has("DLQRCode"));
}

static void signed_bytes_are_canonical(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < RANDOM; seed++) {
        arena_reset(&arena);
        buf_reset(&out);
        buf_reset(&other);
        made_random(&made, &arena, seed);
        write_made(seed % 2 == 0 ? S("00020101 <&>") : S(""));
        assert_true(canonical_add(buf_str(&out), "/HDon/DLHDon", &other));
        if (!str_equal(data(), buf_str(&other))) fail_msg("seed %lld", (long long)seed);
    }
}

static void the_same_invoice_gives_the_same_bytes(void **state)
{
    (void)state;
    made_random(&made, &arena, 7);
    write_made(S(""));
    struct buf first = out;
    out = other;
    made_random(&made, &arena, 7);
    write_made(S(""));
    assert_true(str_equal(buf_str(&first), buf_str(&out)));
    other = first;
}

static void what_is_refused_adds_nothing(void **state)
{
    (void)state;
    buf_add(&out, S("before"));
    made.invoice.total_vnd++;
    assert_int_equal(einvoice_write(&made.invoice, S(""), &findings, &out, &document, &err),
                     E_INPUT);
    assert_string_equal(out.p, "before");
    made_plain(&made);
    findings_init(&findings, &arena);
    assert_int_equal(einvoice_write(&made.invoice, S("\n"), &findings, &out, &document, &err),
                     E_INPUT);
    assert_string_equal(err.field, "DLQRCode");
    made.invoice.name.template_no = 2;
    findings_init(&findings, &arena);
    assert_int_equal(einvoice_write(&made.invoice, S(""), &findings, &out, &document, &err),
                     E_INPUT);
    assert_string_equal(err.field, "TTChung/KHMSHDon");
    made.invoice.name.template_no = 1;
    char memory[600];
    struct buf small;
    buf_init_fixed(&small, memory, sizeof memory);
    findings_init(&findings, &arena);
    assert_int_equal(einvoice_write(&made.invoice, S(""), &findings, &small, &document, &err),
                     E_LIMIT);
    assert_true(small.n == 0 && err.en.hint[0] != '\0');
}

static void largest_amounts_have_words(void **state)
{
    (void)state;
    made.lines[0].quantity_milli = 777777777;
    made.lines[0].price_milli = INT64_C(1188888888888);
    made.lines[0].amount_vnd = INT64_C(924691357099309);
    for (int i = 0; i < 2; i++) {
        made_sum(&made);
        buf_reset(&out);
        write_made(S(""));
        const char *words = strstr(out.p, "<TgTTTBChu>") + strlen("<TgTTTBChu>");
        struct str text = {words, (size_t)(strstr(words, "<") - words)};
        assert_true(str_length(text) <= 255);
        made.lines[0].amount_vnd = -made.lines[0].amount_vnd;
        made.lines[0].quantity_milli = -made.lines[0].quantity_milli;
    }
}

/* ---- notices ----------------------------------------------------------------------------- */

static struct einvoice_wrong wrong[2];

static struct einvoice_notice notice_of(int32_t day)
{
    wrong[0] = (struct einvoice_wrong){
        {1, S("K26TDN"), 5, day - 3}, S(""), EINVOICE_NOTICE_EXPLAIN, S("Sai tên người mua")};
    wrong[1] = (struct einvoice_wrong){
        {1, S("C26TDN"), 6, day - 2}, S("00ABC"), EINVOICE_NOTICE_ADJUST, S("Sai & thiếu")};
    return (struct einvoice_notice){.notice_no = 12,
                                    .day = day,
                                    .office_code = S("10100"),
                                    .office_name = S("Thuế Thử Nghiệm"),
                                    .taxpayer = S("Hợp tác xã điện Thử Nghiệm"),
                                    .tax_code = S("0100000000"),
                                    .place = S("Xã Thử"),
                                    .wrong = wrong,
                                    .wrong_count = 2};
}

static err_t write_notice(const struct einvoice_notice *notice)
{
    findings_init(&findings, &arena);
    buf_reset(&out);
    return einvoice_notice_write(notice, &findings, &out, &document, &err);
}

static void notices_are_written(void **state)
{
    (void)state;
    struct einvoice_notice notice = notice_of(day_from_civil(2026, 9, 1));
    assert_int_equal(write_notice(&notice), OK);
    assert_string_equal(
        out.p,
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><TBao><DLTBao Id=\"SS0100000000-12\">"
        "<PBan>2.1.0</PBan><MSo>04/SS-HĐĐT</MSo><Ten>Thông báo hóa đơn điện tử có sai sót</Ten>"
        "<Loai>1</Loai><MCQT>10100</MCQT><TCQT>Thuế Thử Nghiệm</TCQT>"
        "<TNNT>Hợp tác xã điện Thử Nghiệm</TNNT><MST>0100000000</MST><DDanh>Xã Thử</DDanh>"
        "<NTBao>2026-09-01</NTBao><DSHDon><HDon><STT>1</STT><KHMSHDon>1</KHMSHDon>"
        "<KHHDon>K26TDN</KHHDon><SHDon>5</SHDon><Ngay>2026-08-29</Ngay><LADHDDT>1</LADHDDT>"
        "<TCTBao>4</TCTBao><LDo>Sai tên người mua</LDo></HDon><HDon><STT>2</STT>"
        "<MCQTCap>00ABC</MCQTCap><KHMSHDon>1</KHMSHDon><KHHDon>C26TDN</KHHDon><SHDon>6</SHDon>"
        "<Ngay>2026-08-30</Ngay><LADHDDT>1</LADHDDT><TCTBao>2</TCTBao><LDo>Sai &amp; thiếu</LDo>"
        "</HDon></DSHDon></DLTBao></TBao>");
    assert_true(canonical_add(buf_str(&out), "/TBao/DLTBao", &other));
    assert_true(str_equal(data(), buf_str(&other)));
    notice.office_notice = S("123/TB");
    notice.office_notice_day = notice.day - 1;
    assert_int_equal(write_notice(&notice), OK);
    assert_true(has("<Loai>2</Loai><So>123/TB</So><NTBCCQT>2026-08-31</NTBCCQT>"));
}

static void notice_refused(const struct einvoice_notice *notice, const char *code, const char *path)
{
    assert_int_equal(write_notice(notice), E_INPUT);
    assert_string_equal(findings.first->code, code);
    assert_string_equal(err.field, path);
    assert_int_equal(out.n, 0);
    assert_true(err.vi.hint[0] != '\0' && err.en.hint[0] != '\0');
}

static void wrong_notices_are_refused(void **state)
{
    (void)state;
    struct einvoice_notice notice = notice_of(day_from_civil(2026, 9, 1));
    wrong[1].kind = EINVOICE_NOTICE_CANCEL;
    notice_refused(&notice, "cancel", "DLTBao/DSHDon/HDon[2]/TCTBao");
    notice = notice_of(day_from_civil(2026, 6, 30));
    wrong[1].kind = EINVOICE_NOTICE_CANCEL;
    assert_int_equal(write_notice(&notice), OK);
    assert_int_equal(findings.warned, 2);
    wrong[1].kind = 6;
    notice_refused(&notice, "kind", "DLTBao/DSHDon/HDon[2]/TCTBao");
    notice = notice_of(day_from_civil(2026, 9, 1));
    wrong[0].reason = S("");
    notice_refused(&notice, "missing", "DLTBao/DSHDon/HDon[1]/LDo");
    notice = notice_of(day_from_civil(2026, 9, 1));
    wrong[0].name.day = notice.day + 1;
    notice_refused(&notice, "day", "DLTBao/DSHDon/HDon[1]/Ngay");
    notice = notice_of(day_from_civil(2026, 9, 1));
    notice.office_notice = S("1");
    notice_refused(&notice, "office", "DLTBao/NTBCCQT");
    notice = notice_of(day_from_civil(2026, 9, 1));
    notice.office_code = S("101000");
    notice_refused(&notice, "length", "DLTBao/MCQT");
    notice.wrong_count = 0;
    notice.office_code = S("10100");
    notice_refused(&notice, "rows", "DLTBao/DSHDon");
    notice = notice_of(day_from_civil(2026, 9, 1));
    notice.notice_no = 0;
    notice_refused(&notice, "number", "DLTBao/@Id");
    notice = notice_of(day_from_civil(2020, 1, 1));
    notice_refused(&notice, "rules", "DLTBao/NTBao");
}

/* Lengths count characters. */
static void lengths_of_notices_hold_at_their_edge(void **state)
{
    (void)state;
    static const enum einvoice_group groups[] = {EINVOICE_NOTICE, EINVOICE_WRONG};
    size_t seen = 0;
    for (size_t g = 0; g < ARRAY_COUNT(groups); g++) {
        size_t count;
        const struct einvoice_field *fields = einvoice_group_fields(groups[g], &count);
        for (size_t i = 0; i < count; i++) {
            struct einvoice_notice notice = notice_of(day_from_civil(2026, 9, 1));
            void *record = groups[g] == EINVOICE_NOTICE ? (void *)&notice : (void *)&wrong[0];
            if (fields[i].kind != EINVOICE_TEXT) continue;
            notice.office_notice = S("1/TB");
            notice.office_notice_day = notice.day;
            for (int32_t over = 0; over < 2; over++) {
                struct buf text;
                buf_init(&text, 4096);
                for (int32_t c = 0; c < fields[i].max + over; c++) buf_add(&text, S("ệ"));
                einvoice_set_text(&fields[i], record, buf_str(&text));
                assert_int_equal(write_notice(&notice), over == 0 ? OK : E_INPUT);
                if (over == 1) assert_string_equal(findings.first->code, "length");
                buf_release(&text);
            }
            seen++;
        }
    }
    assert_true(seen >= 9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(bytes_are_those_of_the_format, begin, end),
        cmocka_unit_test_setup_teardown(related_and_special_lines_are_written, begin, end),
        cmocka_unit_test_setup_teardown(signed_bytes_are_canonical, begin, end),
        cmocka_unit_test_setup_teardown(the_same_invoice_gives_the_same_bytes, begin, end),
        cmocka_unit_test_setup_teardown(what_is_refused_adds_nothing, begin, end),
        cmocka_unit_test_setup_teardown(largest_amounts_have_words, begin, end),
        cmocka_unit_test_setup_teardown(notices_are_written, begin, end),
        cmocka_unit_test_setup_teardown(lengths_of_notices_hold_at_their_edge, begin, end),
        cmocka_unit_test_setup_teardown(wrong_notices_are_refused, begin, end),
    };
    return cmocka_run_group_tests_name("e-invoice write", tests, NULL, NULL);
}
