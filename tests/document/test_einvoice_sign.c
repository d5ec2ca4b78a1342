/* SPDX-License-Identifier: Apache-2.0 */
/* Keys of every kind, good and bad, and what a signature is made of: its canonical bytes are those
 * of libxml2, it verifies, it is the same every time, and no key signs what it must not. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>
#include <openssl/evp.h>

#include "base/date.h"
#include "base/file.h"
#include "canonical.h"
#include "document/einvoice_devkey.h"
#include "document/einvoice_notice.h"
#include "document/einvoice_sign.h"
#include "document/einvoice_write.h"
#include "einvoices.h"
#include "keys.h"

enum { ARENA_BYTES = 8 << 20, DOCUMENT_BYTES = 1 << 20, WORKERS = 4, SIGNATURES = 50 };

#define KEY   "good.pem"
#define AT_MS (vietnam_midnight_ms(day_from_civil(2026, 8, 6)) + INT64_C(30600000))

static char folder[] = "sign-test-XXXXXX";
static struct test_pair good, other;
static struct arena arena;
static struct buf plain, out, canonical;
static struct err err;
static struct made made;
static struct einvoice_findings findings;
static struct xml_document where;
static struct signer signer;

static int make_keys(void **state)
{
    (void)state;
    if (mkdtemp(folder) == NULL || chdir(folder) != 0) return 1;
    good = test_pair_make(2048, "0100000000", "20260101", "20270101");
    other = test_pair_make(2048, "0100000001", "20260101", "20270101");
    test_write_pem(KEY, good.key, NULL, good.certificate);
    return 0;
}

static int remove_keys(void **state)
{
    (void)state;
    struct str *names;
    size_t count = 0;
    arena_init(&arena, ARENA_BYTES);
    if (folder_list(&arena, ".", 100, &names, &count, &err) != OK) return 1;
    for (size_t i = 0; i < count; i++) unlink(names[i].p);
    arena_release(&arena);
    test_pair_free(&good);
    test_pair_free(&other);
    return chdir("..") != 0 || rmdir(folder) != 0;
}

static int begin(void **state)
{
    (void)state;
    arena_init(&arena, ARENA_BYTES);
    buf_init(&plain, DOCUMENT_BYTES);
    buf_init(&out, DOCUMENT_BYTES);
    buf_init(&canonical, DOCUMENT_BYTES);
    findings_init(&findings, &arena);
    made_plain(&made);
    return 0;
}

static int end(void **state)
{
    (void)state;
    if (signer.key != NULL) signer_close(&signer);
    buf_release(&plain);
    buf_release(&out);
    buf_release(&canonical);
    arena_release(&arena);
    return 0;
}

static err_t open_key(const char *path, const char *certificate, const char *password)
{
    if (signer.key != NULL) signer_close(&signer);
    struct signer_source source = {path, certificate, str_of(password)};
    return signer_open(&arena, &source, &signer, &err);
}

static void refused(err_t expected, err_t status)
{
    assert_int_equal(status, expected);
    assert_true(err.vi.message[0] != '\0' && err.en.message[0] != '\0');
    assert_true(err.vi.hint[0] != '\0' && err.en.hint[0] != '\0');
}

/* ---- keys -------------------------------------------------------------------------------- */

static void keys_are_opened(void **state)
{
    (void)state;
    assert_int_equal(open_key(KEY, NULL, ""), OK);
    assert_int_equal(signer.bits, 2048);
    assert_true(str_equal(signer.tax_code, S("0100000000")));
    assert_true(str_equal(signer.subject, S("UID=MST:0100000000,O=Hợp tác xã \\<Thử\\> & Nghiệm")));
    assert_false(signer.development);
    assert_int_equal(vietnam_day(signer.from_ms), day_from_civil(2026, 1, 1));
    test_write_pem("key.pem", good.key, NULL, NULL);
    test_write_pem("certificate.pem", NULL, NULL, good.certificate);
    assert_int_equal(open_key("key.pem", "certificate.pem", ""), OK);
    test_write_pem("locked.pem", good.key, "mật khẩu", good.certificate);
    assert_int_equal(open_key("locked.pem", NULL, "mật khẩu"), OK);
    for (int legacy = 0; legacy < 2; legacy++) {
        test_write_pkcs12("good.p12", &good, "bí mật", legacy == 1);
        assert_int_equal(open_key("good.p12", NULL, "bí mật"), OK);
        assert_true(str_equal(signer.tax_code, S("0100000000")));
        refused(E_INPUT, open_key("good.p12", NULL, "sai"));
        assert_non_null(strstr(err.en.message, "password"));
        refused(E_INPUT, open_key("good.p12", NULL, ""));
    }
}

static void bad_keys_are_refused(void **state)
{
    (void)state;
    refused(E_IO, open_key("missing.pem", NULL, ""));
    assert_non_null(strstr(err.en.message, "missing.pem"));
    refused(E_IO, open_key(KEY, "missing.pem", ""));
    refused(E_INPUT, open_key("locked.pem", NULL, "sai"));
    assert_non_null(strstr(err.en.message, "password"));
    refused(E_INPUT, open_key("locked.pem", NULL, ""));
    assert_non_null(strstr(err.en.message, "password"));
    refused(E_INPUT, open_key("key.pem", NULL, ""));
    assert_non_null(strstr(err.en.message, "no certificate"));
    refused(E_INPUT, open_key("certificate.pem", NULL, ""));
    test_write_pem("other.pem", good.key, NULL, other.certificate);
    refused(E_INPUT, open_key("other.pem", NULL, ""));
    assert_non_null(strstr(err.en.message, "belong together"));
    assert_int_equal(file_write_secret("noise", S("neither of the two"), &err), OK);
    refused(E_INPUT, open_key("noise", NULL, ""));
    assert_int_equal(file_write_secret("noise", S(""), &err), OK);
    refused(E_INPUT, open_key("noise", NULL, ""));
    char *large = arena_take(&arena, SIGNER_FILE_BYTES + 1);
    assert_int_equal(file_write_secret("noise", (struct str){large, SIGNER_FILE_BYTES + 1}, &err),
                     OK);
    refused(E_LIMIT, open_key("noise", NULL, ""));
    assert_int_equal(chmod(KEY, 0644), 0);
    refused(E_FORBIDDEN, open_key(KEY, NULL, ""));
    assert_int_equal(chmod(KEY, 0600), 0);
}

static void weak_keys_are_refused(void **state)
{
    (void)state;
    static const int bits[] = {1024, 0};
    for (size_t i = 0; i < ARRAY_COUNT(bits); i++) {
        struct test_pair weak = test_pair_make(bits[i], "0100000000", "20260101", "20270101");
        test_write_pem("weak.pem", weak.key, NULL, weak.certificate);
        refused(E_INPUT, open_key("weak.pem", NULL, ""));
        assert_non_null(strstr(err.en.message, "weak"));
        test_pair_free(&weak);
    }
}

static void passwords_come_from_files(void **state)
{
    (void)state;
    char password[SIGNER_PASSWORD_BYTES];
    assert_int_equal(file_write_secret("password", S("mật khẩu\nnot this"), &err), OK);
    assert_int_equal(signer_password_read("password", password, &err), OK);
    assert_string_equal(password, "mật khẩu");
    assert_int_equal(chmod("password", 0644), 0);
    refused(E_FORBIDDEN, signer_password_read("password", password, &err));
    char *large = arena_take(&arena, SIGNER_PASSWORD_BYTES);
    memset(large, 'a', SIGNER_PASSWORD_BYTES);
    assert_int_equal(
        file_write_secret("password", (struct str){large, SIGNER_PASSWORD_BYTES}, &err), OK);
    refused(E_LIMIT, signer_password_read("password", password, &err));
    refused(E_IO, signer_password_read("no such file", password, &err));
}

static void development_keys_are_marked(void **state)
{
    (void)state;
    struct stat status;
    assert_int_equal(devkey_make(".", S("0100000000"), &err), OK);
    assert_int_equal(stat(DEVKEY_FILE, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
    assert_int_equal(open_key(DEVKEY_FILE, NULL, ""), OK);
    assert_true(signer.development);
    assert_true(str_equal(signer.tax_code, S("0100000000")));
    refused(E_CONFLICT, devkey_make(".", S(""), &err));
    refused(E_INPUT, devkey_make("elsewhere", S("12"), &err));
    struct signing signing = {&signer, AT_MS, false};
    refused(E_STATE,
            signing_allowed(&signing, made.invoice.name.day, S("0100000000"), &findings, &err));
    signing.demonstration = true;
    assert_int_equal(
        signing_allowed(&signing, made.invoice.name.day, S("0100000000"), &findings, &err), OK);
}

/* ---- signatures -------------------------------------------------------------------------- */

static err_t sign(int64_t at_ms)
{
    struct signing signing = {&signer, at_ms, false};
    findings_init(&findings, &arena);
    buf_reset(&plain);
    buf_reset(&out);
    assert_int_equal(einvoice_write(&made.invoice, S("000201"), &findings, &plain, &where, &err),
                     OK);
    findings_init(&findings, &arena);
    struct signed_document what = {buf_str(&plain), &where, made.invoice.name.day,
                                   made.invoice.seller.tax_code, S("NBan")};
    return document_sign(&signing, &what, &findings, &out, &err);
}

/* The n-th text behind such a tag. */
static struct str text_behind(const char *tag, int n)
{
    const char *at = out.p;
    for (; n >= 0; n--) {
        at = strstr(at, tag);
        assert_non_null(at);
        at += strlen(tag);
    }
    return (struct str){at, (size_t)(strchr(at, '<') - at)};
}

static void digest_is(const char *element, struct str expected)
{
    unsigned char digest[32];
    char text[64];
    buf_reset(&canonical);
    assert_true(canonical_add(buf_str(&out), element, &canonical));
    EVP_Digest(canonical.p, canonical.n, digest, NULL, EVP_sha256(), NULL);
    EVP_EncodeBlock((unsigned char *)text, digest, sizeof digest);
    assert_true(str_equal(expected, str_of(text)));
}

static void signature_verifies(void)
{
    unsigned char value[512];
    struct str base64 = text_behind("<SignatureValue>", 0);
    buf_reset(&canonical);
    assert_true(canonical_add(buf_str(&out), "//*[local-name()='SignedInfo']", &canonical));
    int n = EVP_DecodeBlock(value, (const unsigned char *)base64.p, (int)base64.n);
    assert_int_equal(n, 258);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    assert_int_equal(EVP_DigestVerifyInit(context, NULL, EVP_sha256(), NULL, good.key), 1);
    assert_int_equal(
        EVP_DigestVerify(context, value, 256, (const unsigned char *)canonical.p, canonical.n), 1);
    EVP_MD_CTX_free(context);
}

static void signatures_are_those_of_the_canonical_form(void **state)
{
    (void)state;
    assert_int_equal(open_key(KEY, NULL, ""), OK);
    assert_int_equal(sign(AT_MS), OK);
    digest_is("/HDon/DLHDon", text_behind("<DigestValue>", 0));
    digest_is("//*[local-name()='Object']", text_behind("<DigestValue>", 1));
    signature_verifies();
    assert_true(str_equal(text_behind("<SigningTime>", 0), S("2026-08-06T08:30:00")));
    assert_non_null(strstr(out.p, "\\&lt;Thử\\&gt; &amp; Nghiệm</X509SubjectName>"));
    assert_true(str_starts(buf_str(&out), str_sub(buf_str(&plain), 0, where.signature_at)));
    assert_true(str_ends(buf_str(&out), S("</Signature></NBan></DSCKS></HDon>")));
    assert_int_equal(findings.warned, 0);
}

static void the_same_key_and_time_give_the_same_bytes(void **state)
{
    (void)state;
    assert_int_equal(open_key(KEY, NULL, ""), OK);
    assert_int_equal(sign(AT_MS), OK);
    struct str first = arena_str(&arena, buf_str(&out));
    assert_int_equal(sign(AT_MS), OK);
    assert_true(str_equal(first, buf_str(&out)));
    assert_int_equal(sign(AT_MS + 1000), OK);
    assert_false(str_equal(first, buf_str(&out)));
}

struct worker {
    pthread_t thread;
    struct str expected;
    int wrong;
};

static void *sign_often(void *context)
{
    struct worker *w = context;
    struct arena own;
    struct einvoice_findings told;
    struct buf text;
    struct err why;
    struct signing signing = {&signer, AT_MS, false};
    struct signed_document what = {buf_str(&plain), &where, made.invoice.name.day,
                                   made.invoice.seller.tax_code, S("NBan")};
    arena_init(&own, ARENA_BYTES);
    buf_init(&text, DOCUMENT_BYTES);
    for (int i = 0; i < SIGNATURES; i++) {
        buf_reset(&text);
        findings_init(&told, &own);
        bool signed_well = document_sign(&signing, &what, &told, &text, &why) == OK;
        w->wrong += !signed_well || !str_equal(buf_str(&text), w->expected);
    }
    buf_release(&text);
    arena_release(&own);
    return NULL;
}

static void several_sign_with_one_key_at_once(void **state)
{
    (void)state;
    struct worker workers[WORKERS];
    assert_int_equal(open_key(KEY, NULL, ""), OK);
    assert_int_equal(sign(AT_MS), OK);
    for (int i = 0; i < WORKERS; i++) {
        workers[i] = (struct worker){.expected = buf_str(&out)};
        assert_int_equal(pthread_create(&workers[i].thread, NULL, sign_often, &workers[i]), 0);
    }
    for (int i = 0; i < WORKERS; i++) {
        pthread_join(workers[i].thread, NULL);
        assert_int_equal(workers[i].wrong, 0);
    }
}

static void no_key_signs_when_it_is_not_valid(void **state)
{
    (void)state;
    assert_int_equal(open_key(KEY, NULL, ""), OK);
    refused(E_INPUT, sign(signer.to_ms + 1));
    assert_non_null(strstr(err.en.detail, "2026-01-01"));
    refused(E_INPUT, sign(signer.from_ms - 1));
    assert_int_equal(out.n, 0);
    assert_int_equal(sign(signer.from_ms), OK);
    assert_int_equal(sign(signer.to_ms), OK);
}

/* As after a renewal: the number was given, and the signature comes later. */
static void a_day_before_or_behind_the_certificate_is_told(void **state)
{
    (void)state;
    assert_int_equal(open_key(KEY, NULL, ""), OK);
    assert_int_equal(signer_first_day(&signer), day_from_civil(2026, 1, 1));
    assert_int_equal(signer_last_day(&signer), day_from_civil(2027, 1, 1));
    made.invoice.name.day = day_from_civil(2025, 12, 31);
    made.invoice.name.symbol = S("K25TDN");
    assert_int_equal(sign(AT_MS), OK);
    assert_int_equal(findings.warned, 1);
    assert_string_equal(findings.first->code, "certificate-day");
    assert_non_null(strstr(findings.first->vi.p, "2025-12-31"));
    made_plain(&made);
    made.invoice.seller.tax_code = S("0100000009");
    assert_int_equal(sign(AT_MS), OK);
    assert_int_equal(findings.warned, 1);
    assert_string_equal(findings.first->code, "certificate-tax-code");
}

static void a_full_buffer_is_told(void **state)
{
    (void)state;
    static char memory[4096];
    struct buf small;
    buf_init_fixed(&small, memory, sizeof memory);
    assert_int_equal(open_key(KEY, NULL, ""), OK);
    assert_int_equal(sign(AT_MS), OK);
    struct signing signing = {&signer, AT_MS, false};
    struct signed_document what = {buf_str(&plain), &where, made.invoice.name.day,
                                   made.invoice.seller.tax_code, S("NBan")};
    assert_true(out.n > sizeof memory);
    refused(E_LIMIT, document_sign(&signing, &what, &findings, &small, &err));
    assert_int_equal(small.n, 0);
}

static void notices_are_signed_by_the_taxpayer(void **state)
{
    (void)state;
    struct einvoice_wrong wrong = {made.invoice.name, S(""), EINVOICE_NOTICE_EXPLAIN, S("Sai tên")};
    struct einvoice_notice notice = {.notice_no = 1,
                                     .day = day_from_civil(2026, 8, 6),
                                     .office_code = S("10100"),
                                     .office_name = S("Thuế Thử"),
                                     .taxpayer = S("HTX Thử"),
                                     .tax_code = S("0100000000"),
                                     .place = S("Xã Thử"),
                                     .wrong = &wrong,
                                     .wrong_count = 1};
    assert_int_equal(open_key(KEY, NULL, ""), OK);
    struct signing signing = {&signer, AT_MS, false};
    assert_int_equal(einvoice_notice_write(&notice, &findings, &plain, &where, &err), OK);
    struct signed_document what = {buf_str(&plain), &where, notice.day, notice.tax_code, S("NNT")};
    assert_int_equal(document_sign(&signing, &what, &findings, &out, &err), OK);
    digest_is("/TBao/DLTBao", text_behind("<DigestValue>", 0));
    digest_is("//*[local-name()='Object']", text_behind("<DigestValue>", 1));
    signature_verifies();
    assert_true(str_ends(buf_str(&out), S("</Signature></NNT></DSCKS></TBao>")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(keys_are_opened, begin, end),
        cmocka_unit_test_setup_teardown(bad_keys_are_refused, begin, end),
        cmocka_unit_test_setup_teardown(weak_keys_are_refused, begin, end),
        cmocka_unit_test_setup_teardown(passwords_come_from_files, begin, end),
        cmocka_unit_test_setup_teardown(development_keys_are_marked, begin, end),
        cmocka_unit_test_setup_teardown(signatures_are_those_of_the_canonical_form, begin, end),
        cmocka_unit_test_setup_teardown(the_same_key_and_time_give_the_same_bytes, begin, end),
        cmocka_unit_test_setup_teardown(several_sign_with_one_key_at_once, begin, end),
        cmocka_unit_test_setup_teardown(no_key_signs_when_it_is_not_valid, begin, end),
        cmocka_unit_test_setup_teardown(a_day_before_or_behind_the_certificate_is_told, begin, end),
        cmocka_unit_test_setup_teardown(a_full_buffer_is_told, begin, end),
        cmocka_unit_test_setup_teardown(notices_are_signed_by_the_taxpayer, begin, end),
    };
    return cmocka_run_group_tests_name("e-invoice sign", tests, make_keys, remove_keys);
}
