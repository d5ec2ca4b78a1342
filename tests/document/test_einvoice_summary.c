/* SPDX-License-Identifier: Apache-2.0 */
/* The summary table: what is written is what libxml2 reads, its signature verifies by the program
 * xmlsec1, a row that is refused leaves no trace, and memory does not grow with the rows.
 *
 *   SUMMARY_ROWS (20000) rows of the last */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/date.h"
#include "base/file.h"
#include "canonical.h"
#include "document/einvoice_sign.h"
#include "document/einvoice_summary.h"
#include "keys.h"

enum { ARENA_BYTES = 8 << 20, TABLE_BYTES = 8 << 20, GROWTH_KB_MAX = 4096, ROWS = 20000 };

#define KEY         "key.pem"
#define CERTIFICATE "certificate.pem"
#define AT_MS       (vietnam_midnight_ms(day_from_civil(2026, 8, 6)) + INT64_C(30600000))

static char folder[] = "summary-test-XXXXXX";
static struct arena arena;
static struct buf out, canonical;
static struct err err;
static struct einvoice_findings findings;
static struct signer signer;
static struct signing signing;
static struct einvoice_summary head;
static struct summary_row row;
static struct summary_writer writer;

static int make_key(void **state)
{
    (void)state;
    if (mkdtemp(folder) == NULL || chdir(folder) != 0) return 1;
    struct test_pair pair = test_pair_make(2048, "0100000000", "20260101", "20270101");
    test_write_pem(KEY, pair.key, NULL, pair.certificate);
    test_write_pem(CERTIFICATE, NULL, NULL, pair.certificate);
    test_pair_free(&pair);
    return 0;
}

static int remove_key(void **state)
{
    (void)state;
    unlink(KEY);
    unlink(CERTIFICATE);
    return chdir("..") != 0 || rmdir(folder) != 0;
}

static int begin(void **state)
{
    (void)state;
    arena_init(&arena, ARENA_BYTES);
    buf_init(&out, TABLE_BYTES);
    buf_init(&canonical, TABLE_BYTES);
    findings_init(&findings, &arena);
    struct signer_source source = {.key = KEY};
    assert_int_equal(signer_open(&arena, &source, &signer, &err), OK);
    signing = (struct signing){.signer = &signer, .at_ms = AT_MS};
    head = (struct einvoice_summary){.table_no = 17,
                                     .month = month_of_day(day_from_civil(2026, 7, 1)),
                                     .day = day_from_civil(2026, 8, 6),
                                     .taxpayer = S("Công ty Điện lực <Thử nghiệm> & con"),
                                     .tax_code = S("0100000000")};
    row = (struct summary_row){.name = {1, S("K26TDN"), 123, day_from_civil(2026, 7, 31)},
                               .buyer_name = S("Nguyễn Thị \"Thử\" & <chồng>"),
                               .customer_code = S("PD01000000001"),
                               .goods_name = S("Điện năng"),
                               .unit = S("kWh"),
                               .has_quantity = true,
                               .quantity_milli = 461500,
                               .pre_vat_vnd = 1285560,
                               .vat_ppm = 80000,
                               .vat_vnd = 102845,
                               .total_vnd = 1388405};
    return 0;
}

static int end(void **state)
{
    (void)state;
    signer_close(&signer);
    buf_release(&canonical);
    buf_release(&out);
    arena_release(&arena);
    return 0;
}

static err_t keep(void *context, struct str bytes, struct err *e)
{
    (void)e;
    buf_add(context, bytes);
    return OK;
}

static struct summary_result make_table(int64_t rows)
{
    struct summary_result result;
    buf_reset(&out);
    assert_int_equal(summary_open(&writer, &head, keep, &out, &findings, &err), OK);
    for (int64_t i = 0; i < rows; i++) {
        row.name.number = 1 + i;
        assert_int_equal(summary_add(&writer, &row, &findings, &err), OK);
    }
    assert_int_equal(summary_close(&writer, &signing, &findings, &result, &err), OK);
    summary_drop(&writer);
    return result;
}

static size_t count(const char *text)
{
    struct str part = str_of(text);
    size_t n = 0;
    for (size_t i = 0; i + part.n <= out.n; i++)
        n += str_equal(str_sub(buf_str(&out), i, part.n), part);
    return n;
}

/* What the program xmlsec1 says of the file. */
static bool verifies(struct str table)
{
    assert_int_equal(file_write("table.xml", table, &err), OK);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        fclose(stdout);
        fclose(stderr);
        execlp("xmlsec1", "xmlsec1", "--verify", "--id-attr:Id", "DLBTHop", "--id-attr:Id",
               "http://www.w3.org/2000/09/xmldsig#:Object", "--trusted-pem", CERTIFICATE,
               "--enabled-reference-uris", "same-doc", "table.xml", (char *)NULL);
        _exit(99);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    unlink("table.xml");
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) != 99);
    return WEXITSTATUS(status) == 0;
}

static void every_field_has_its_place(void **state)
{
    (void)state;
    row.state = SUMMARY_REPLACES;
    row.related = (struct einvoice_name){1, S("K26TAB"), 77, day_from_civil(2026, 7, 2)};
    row.office_notice = S("TB-1");
    row.office_notice_day = day_from_civil(2026, 8, 5);
    row.note = S("ghi chú");
    head.supplement_no = 2;
    struct summary_result result = make_table(1);
    assert_int_equal(count("<?xml version=\"1.0\" encoding=\"UTF-8\"?><BTHDLieu>"
                           "<DLBTHop Id=\"BTH0100000000-17\"><TTChung><PBan>2.1.0</PBan>"
                           "<MSo>01/TH-HĐĐT</MSo><Ten>Bảng tổng hợp dữ liệu hóa đơn điện tử</Ten>"
                           "<SBTHDLieu>17</SBTHDLieu><LKDLieu>T</LKDLieu><KDLieu>07/2026</KDLieu>"
                           "<LDau>0</LDau><BSLThu>2</BSLThu><NLap>2026-08-06</NLap>"
                           "<TNNT>Công ty Điện lực &lt;Thử nghiệm&gt; &amp; con</TNNT>"
                           "<MST>0100000000</MST><HDDIn>0</HDDIn><LHHoa>9</LHHoa>"
                           "<DVTTe>VND</DVTTe></TTChung><NDBTHDLieu><DSDLieu><DLieu><STT>1</STT>"
                           "<KHMSHDon>1</KHMSHDon><KHHDon>K26TDN</KHHDon><SHDon>1</SHDon>"
                           "<NLap>2026-07-31</NLap>"
                           "<TNMua>Nguyễn Thị \"Thử\" &amp; &lt;chồng&gt;</TNMua>"
                           "<MKHang>PD01000000001</MKHang><THHDVu>Điện năng</THHDVu>"
                           "<DVTinh>kWh</DVTinh><SLuong>461.5</SLuong><TTCThue>1285560</TTCThue>"
                           "<TSuat>8%</TSuat><TgTThue>102845</TgTThue><TgTToan>1388405</TgTToan>"
                           "<TThai>3</TThai><LHDCLQuan>1</LHDCLQuan><KHMSHDCLQuan>1</KHMSHDCLQuan>"
                           "<KHHDCLQuan>K26TAB</KHHDCLQuan><SHDCLQuan>77</SHDCLQuan>"
                           "<STBao>TB-1</STBao><NTBao>2026-08-05</NTBao><GChu>ghi chú</GChu>"
                           "</DLieu></DSDLieu></NDBTHDLieu></DLBTHop><DSCKS><NNT><Signature "),
                     1);
    assert_int_equal(result.bytes, out.n);
    struct hash whole = hash_of(buf_str(&out));
    assert_memory_equal(whole.byte, result.sha256.byte, HASH_BYTES);
    assert_int_equal(result.sums.rows, 1);
    assert_int_equal(result.sums.total_vnd, 1388405);
    assert_int_equal(findings.refused, 0);
    assert_true(findings.warned > 0);
}

static void the_program_xmlsec1_verifies_it(void **state)
{
    (void)state;
    make_table(200);
    assert_int_equal(count("<DLieu>"), 200);
    assert_true(canonical_add(buf_str(&out), "/BTHDLieu/DLBTHop", &canonical));
    size_t start = 0;
    while (!str_starts(str_sub(buf_str(&out), start, out.n), S("<DLBTHop"))) start++;
    assert_true(str_equal(buf_str(&canonical), str_sub(buf_str(&out), start, canonical.n)));
    assert_true(verifies(buf_str(&out)));
    for (size_t i = 0; i + 4 < out.n; i++) {
        if (!str_equal(str_sub(buf_str(&out), i, 5), S("<SHDo"))) continue;
        out.p[i + 7] = out.p[i + 7] == '9' ? '8' : '9';
        break;
    }
    assert_false(verifies(buf_str(&out)));
}

static void the_same_rows_give_the_same_bytes(void **state)
{
    (void)state;
    struct summary_result first = make_table(10), second = make_table(10);
    assert_memory_equal(first.sha256.byte, second.sha256.byte, HASH_BYTES);
    head.table_no++;
    second = make_table(10);
    assert_memory_not_equal(first.sha256.byte, second.sha256.byte, HASH_BYTES);
}

/* The row is refused with that code at that place, and the table goes on as if it had not been. */
static void refused(const struct summary_row *wrong, const char *code, const char *path)
{
    struct summary_result result;
    buf_reset(&out);
    findings_init(&findings, &arena);
    assert_int_equal(summary_open(&writer, &head, keep, &out, &findings, &err), OK);
    assert_int_equal(summary_add(&writer, wrong, &findings, &err), E_INPUT);
    const struct einvoice_finding *f = findings.first;
    while (f != NULL && !f->refused) f = f->next;
    assert_non_null(f);
    assert_string_equal(f->code, code);
    assert_true(str_equal(f->path, str_of(path)));
    assert_true(f->vi.n > 0 && f->en.n > 0 && f->hint_vi[0] != '\0' && f->hint_en[0] != '\0');
    findings_init(&findings, &arena);
    assert_int_equal(summary_add(&writer, &row, &findings, &err), OK);
    assert_int_equal(summary_close(&writer, &signing, &findings, &result, &err), OK);
    summary_drop(&writer);
    assert_int_equal(result.sums.rows, 1);
    assert_int_equal(count("<DLieu><STT>1</STT>"), 1);
    assert_int_equal(count("<DLieu>"), 1);
}

#define ROW_PATH "DLBTHop/NDBTHDLieu/DSDLieu/DLieu[1]/"

static void what_is_wrong_with_a_row_is_refused(void **state)
{
    (void)state;
    struct summary_row wrong = row;
    wrong.customer_code = S("");
    refused(&wrong, "missing", ROW_PATH "MKHang");
    wrong = row;
    wrong.name.symbol = S("C26TDN");
    refused(&wrong, "coded", ROW_PATH "KHHDon");
    wrong = row;
    wrong.name.day = day_from_civil(2026, 8, 1);
    refused(&wrong, "month", ROW_PATH "NLap");
    wrong = row;
    wrong.total_vnd++;
    refused(&wrong, "sum", ROW_PATH "TgTToan");
    wrong = row;
    wrong.buyer_tax_code = S("123");
    refused(&wrong, "form", ROW_PATH "MSTNMua");
    wrong = row;
    wrong.name.number = 100000000;
    refused(&wrong, "number", ROW_PATH "SHDon");
    wrong = row;
    wrong.office_notice = S("TB-1");
    refused(&wrong, "office", ROW_PATH "STBao");
}

static void states_follow_the_rules_of_the_day(void **state)
{
    (void)state;
    struct summary_row wrong = row;
    wrong.state = SUMMARY_CANCELLED;
    refused(&wrong, "cancel", ROW_PATH "TThai");
    wrong.state = SUMMARY_ADJUSTS;
    refused(&wrong, "related", ROW_PATH "TThai");
    wrong.state = SUMMARY_CORRECTED;
    refused(&wrong, "corrected", ROW_PATH "TThai");
    wrong.state = (enum summary_state)9;
    refused(&wrong, "state", ROW_PATH "TThai");
    head.month = month_of_day(day_from_civil(2026, 5, 1));
    head.day = day_from_civil(2026, 6, 5);
    row.name.day = day_from_civil(2026, 5, 31);
    row.state = SUMMARY_CANCELLED;
    make_table(1);
    assert_int_equal(count("<TThai>1</TThai>"), 1);
    row.state = SUMMARY_CORRECTED;
    row.corrected_month = head.month;
    make_table(1);
    assert_int_equal(count("<TThai>5</TThai><LKDLDChinh>T</LKDLDChinh>"
                           "<KDLDChinh>05/2026</KDLDChinh>"),
                     1);
}

static void heads_and_ends_are_checked(void **state)
{
    (void)state;
    struct summary_result result;
    assert_int_equal(summary_open(&writer, &head, keep, &out, &findings, &err), OK);
    assert_int_equal(summary_close(&writer, &signing, &findings, &result, &err), E_STATE);
    summary_drop(&writer);
    head.table_no = SUMMARY_NUMBER_MAX + 1;
    assert_int_equal(summary_open(&writer, &head, keep, &out, &findings, &err), E_INPUT);
    summary_drop(&writer);
    findings_init(&findings, &arena);
    head.table_no = 1;
    head.supplement_no = SUMMARY_SUPPLEMENT_MAX + 1;
    assert_int_equal(summary_open(&writer, &head, keep, &out, &findings, &err), E_INPUT);
    summary_drop(&writer);
    findings_init(&findings, &arena);
    head.supplement_no = 0;
    head.day = day_from_civil(2026, 6, 30);
    assert_int_equal(summary_open(&writer, &head, keep, &out, &findings, &err), E_INPUT);
    summary_drop(&writer);
    /* The certificate ends before the day: told. It ends before the time of signing: refused. */
    findings_init(&findings, &arena);
    head.day = day_from_civil(2027, 3, 1);
    assert_int_equal(summary_open(&writer, &head, keep, &out, &findings, &err), OK);
    assert_int_equal(summary_add(&writer, &row, &findings, &err), OK);
    struct signing late = {.signer = &signer, .at_ms = signer.to_ms + 1};
    assert_int_equal(summary_close(&writer, &late, &findings, &result, &err), E_INPUT);
    size_t warned = findings.warned;
    assert_int_equal(summary_close(&writer, &signing, &findings, &result, &err), OK);
    assert_int_equal(findings.warned, warned + 1);
    assert_string_equal(findings.last->code, "certificate-day");
    summary_drop(&writer);
}

static err_t disk_full(void *context, struct str bytes, struct err *e)
{
    int64_t *left = context;
    *left -= (int64_t)bytes.n;
    return *left >= 0 ? OK : file_error(e, "table.xml", 28);
}

static void a_sink_that_fails_ends_the_table(void **state)
{
    (void)state;
    int64_t left = 1000;
    err_t e = summary_open(&writer, &head, disk_full, &left, &findings, &err);
    for (int i = 0; i < 10000 && e == OK; i++) e = summary_add(&writer, &row, &findings, &err);
    assert_int_equal(e, E_IO);
    summary_drop(&writer);
}

static err_t count_bytes(void *context, struct str bytes, struct err *e)
{
    (void)e;
    *(int64_t *)context += (int64_t)bytes.n;
    return OK;
}

static int64_t peak_kb(void)
{
    struct rusage usage;
    assert_int_equal(getrusage(RUSAGE_SELF, &usage), 0);
    return usage.ru_maxrss;
}

static void memory_does_not_grow_with_the_rows(void **state)
{
    (void)state;
    const char *wanted = getenv("SUMMARY_ROWS");
    int64_t rows = ROWS, bytes = 0, before = 0;
    struct summary_result result;
    if (wanted != NULL) assert_true(str_to_i64(str_of(wanted), &rows));
    struct arena scratch;
    arena_init(&scratch, ARENA_BYTES);
    assert_int_equal(summary_open(&writer, &head, count_bytes, &bytes, &findings, &err), OK);
    for (int64_t i = 0; i < rows; i++) {
        struct einvoice_findings own;
        arena_reset(&scratch);
        findings_init(&own, &scratch);
        row.name.number = i + 1;
        if (i == 1000) before = peak_kb();
        assert_int_equal(summary_add(&writer, &row, &own, &err), OK);
    }
    assert_int_equal(summary_close(&writer, &signing, &findings, &result, &err), OK);
    summary_drop(&writer);
    arena_release(&scratch);
    assert_int_equal(bytes, result.bytes);
    print_message("# %lld rows, %lld bytes, peak %lld kB, %lld kB above row 1000\n",
                  (long long)rows, (long long)bytes, (long long)peak_kb(),
                  (long long)(peak_kb() - before));
    assert_true(peak_kb() - before < GROWTH_KB_MAX);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(every_field_has_its_place),          CASE(the_program_xmlsec1_verifies_it),
        CASE(the_same_rows_give_the_same_bytes),  CASE(what_is_wrong_with_a_row_is_refused),
        CASE(states_follow_the_rules_of_the_day), CASE(heads_and_ends_are_checked),
        CASE(a_sink_that_fails_ends_the_table),   CASE(memory_does_not_grow_with_the_rows),
    };
    return cmocka_run_group_tests_name("document einvoice summary", tests, make_key, remove_key);
}
