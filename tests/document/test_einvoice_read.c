/* SPDX-License-Identifier: Apache-2.0 */
/* Received e-invoices: what is written is read again; no change of a single byte alters what a
 * proven invoice says; hostile files are refused with their reason. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <openssl/evp.h>

#include "base/date.h"
#include "base/file.h"
#include "base/memory.h"
#include "canonical.h"
#include "document/einvoice_read.h"
#include "document/einvoice_sign.h"
#include "document/einvoice_words.h"
#include "document/einvoice_write.h"
#include "einvoices.h"
#include "keys.h"

enum { ARENA_BYTES = 64 << 20, DOCUMENT_BYTES = 1 << 20, RANDOM = 2000, SIGNED = 60 };

#define AT_MS (vietnam_midnight_ms(day_from_civil(2026, 8, 6)) + INT64_C(30600000))

static char key_path[] = "/tmp/read-test-XXXXXX";
static struct arena arena, keys;
static struct buf plain, out;
static struct err err;
static struct made made;
static struct einvoice_findings findings;
static struct xml_document where;
static struct signer signer;
static struct einvoice_reading reading;

static int make_key(void **state)
{
    (void)state;
    arena_init(&keys, 1 << 20);
    if (close(mkstemp(key_path)) != 0) return 1;
    struct test_pair pair = test_pair_make(2048, "0100000000", "20200101", "20400101");
    test_write_pem(key_path, pair.key, NULL, pair.certificate);
    test_pair_free(&pair);
    struct signer_source source = {key_path, NULL, S("")};
    return signer_open(&keys, &source, &signer, &err) != OK;
}

static int forget_key(void **state)
{
    (void)state;
    signer_close(&signer);
    arena_release(&keys);
    return unlink(key_path);
}

static int begin(void **state)
{
    (void)state;
    arena_init(&arena, ARENA_BYTES);
    buf_init(&plain, DOCUMENT_BYTES);
    buf_init(&out, DOCUMENT_BYTES);
    made_plain(&made);
    return 0;
}

static int end(void **state)
{
    (void)state;
    buf_release(&plain);
    buf_release(&out);
    arena_release(&arena);
    return 0;
}

static void write_made(void)
{
    buf_reset(&plain);
    findings_init(&findings, &arena);
    if (einvoice_write(&made.invoice, S("000201"), &findings, &plain, &where, &err) != OK)
        fail_msg("%s: %s", err.field, err.en.message);
}

static void sign_made(void)
{
    write_made();
    buf_reset(&out);
    struct signing signing = {&signer, AT_MS, false};
    struct signed_document what = {buf_str(&plain), &where, made.invoice.name.day,
                                   made.invoice.seller.tax_code, S("NBan")};
    if (document_sign(&signing, &what, &findings, &out, &err) != OK)
        fail_msg("%s: %s", err.field, err.en.message);
}

static err_t read_of(struct str bytes)
{
    return einvoice_read(&arena, bytes, NULL, &reading, &err);
}

static void read_good(struct str bytes)
{
    if (read_of(bytes) != OK) fail_msg("%s: %s %s", err.field, err.en.message, err.en.detail);
}

static const struct einvoice_finding *find(const char *code)
{
    for (const struct einvoice_finding *f = reading.findings.first; f != NULL; f = f->next)
        if (strcmp(f->code, code) == 0) return f;
    return NULL;
}

/* out with the first place of one text replaced by another. */
static struct str replaced(struct str text, const char *old, const char *new)
{
    struct buf buf;
    const char *at = memmem(text.p, text.n, old, strlen(old));
    assert_non_null(at);
    buf_init(&buf, DOCUMENT_BYTES);
    buf_add(&buf, str_sub(text, 0, (size_t)(at - text.p)));
    buf_add(&buf, str_of(new));
    buf_add(&buf, str_sub(text, (size_t)(at - text.p) + strlen(old), text.n));
    struct str result = arena_str(&arena, buf_str(&buf));
    buf_release(&buf);
    return result;
}

/* ---- round trips ------------------------------------------------------------------------- */

static void what_is_written_is_read_again(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < RANDOM; seed++) {
        const char *tag;
        arena_reset(&arena);
        made_random(&made, &arena, seed);
        write_made();
        read_good(buf_str(&plain));
        if (!same_invoice(&made.invoice, &reading.invoice, &tag))
            fail_msg("seed %lld: %s", (long long)seed, tag);
        if (reading.findings.refused > 0)
            fail_msg("seed %lld: %s", (long long)seed, reading.findings.first->en.p);
        assert_true(str_equal(reading.id, str_of(where.id)));
        assert_true(str_equal(reading.tax_qr, S("000201")));
        assert_true(!reading.proven && reading.signature_count == 0);
    }
}

static void signed_ones_are_proven(void **state)
{
    (void)state;
    struct trust trust;
    assert_int_equal(trust_open(key_path, &trust, &err), OK);
    for (uint64_t seed = 0; seed < SIGNED; seed++) {
        const char *tag;
        arena_reset(&arena);
        made_random(&made, &arena, seed);
        sign_made();
        assert_int_equal(einvoice_read(&arena, buf_str(&out), &trust, &reading, &err), OK);
        assert_true(reading.proven);
        assert_int_equal(reading.signature_count, 1);
        const struct einvoice_signature *one = &reading.signatures[0];
        assert_int_equal(one->fault, SIGNATURE_SOUND);
        assert_true(str_equal(one->place, S("NBan")) && str_equal(one->algorithm, S("rsa-sha256")));
        assert_true(str_equal(one->signing_time, S("2026-08-06T08:30:00")));
        assert_true(one->at_ms == AT_MS && one->valid_then && !one->development);
        assert_int_equal(one->chain, CHAIN_KNOWN);
        assert_true(str_equal(one->tax_code, S("0100000000")));
        assert_true(same_invoice(&made.invoice, &reading.invoice, &tag));
    }
    trust_close(&trust);
}

/* Whatever byte is changed: the file is refused, or not proven, or says just the same. */
static void no_changed_byte_alters_what_is_proven(void **state)
{
    (void)state;
    size_t harmless = 0;
    struct trust trust;
    assert_int_equal(trust_open(key_path, &trust, &err), OK);
    sign_made();
    struct str good = arena_str(&keys, buf_str(&out));
    char *bytes = arena_take(&keys, good.n);
    memcpy(bytes, good.p, good.n);
    for (size_t i = 0; i < good.n; i++) {
        const char *tag;
        arena_reset(&arena);
        bytes[i] = (char)(good.p[i] ^ 1);
        struct str changed = {bytes, good.n};
        if (einvoice_read(&arena, changed, &trust, &reading, &err) == OK && reading.proven) {
            assert_false(i >= where.data_start && i < where.data_end);
            assert_true(same_invoice(&made.invoice, &reading.invoice, &tag));
            assert_true(str_equal(reading.signatures[0].signing_time, S("2026-08-06T08:30:00")));
            /* A certificate is vouched for by its authority, not by the signature. */
            if (reading.signatures[0].chain == CHAIN_KNOWN)
                assert_true(str_equal(reading.signatures[0].tax_code, S("0100000000")));
            harmless++;
        }
        bytes[i] = good.p[i];
    }
    trust_close(&trust);
    /* The QR, the certificate and its subject as text stand outside. */
    assert_true(harmless < 700);
    print_message("# %zu of %zu bytes are harmless\n", harmless, good.n);
}

/* ---- signatures that are not to be believed ---------------------------------------------- */

static void fault_is(struct str bytes, enum signature_fault fault)
{
    read_good(bytes);
    assert_false(reading.proven);
    assert_int_equal(reading.signature_count, 1);
    assert_int_equal(reading.signatures[0].fault, fault);
    assert_true(signature_fault_vi(fault)[0] != '\0' && signature_fault_en(fault)[0] != '\0');
}

static void every_part_of_a_signature_is_judged(void **state)
{
    (void)state;
    static const struct {
        const char *old, *new;
        enum signature_fault fault;
    } cases[] = {
        {"<TgTTTBSo>217836", "<TgTTTBSo>217837", SIGNATURE_DIGEST},
        {"<SigningTime>2026", "<SigningTime>2025", SIGNATURE_DIGEST},
        {"<SignatureValue>", "<SignatureValue>AAAA", SIGNATURE_VALUE},
        {"<SignatureValue>", "<SignatureValue>!", SIGNATURE_VALUE},
        {"</SignedInfo>", "</SignedInfo><SignedInfo></SignedInfo>", SIGNATURE_SHAPE},
        {"REC-xml-c14n-20010315\"", "REC-xml-c14n-20010315#WithComments\"", SIGNATURE_CANONICAL},
        {"xmldsig-more#rsa-sha256", "xmldsig-more#hmac-sha256", SIGNATURE_ALGORITHM},
        {"xmldsig-more#rsa-sha256", "xmldsig-more#rsa-md5", SIGNATURE_ALGORITHM},
        {"xmlenc#sha256", "xmldsig-more#md5", SIGNATURE_TRANSFORM},
        {"#enveloped-signature", "#base64", SIGNATURE_TRANSFORM},
        {"<Reference URI=\"#HD0100000000-1K26TDN-00000123\">", "<Reference URI=\"\">",
         SIGNATURE_REFERENCE},
        {"<Reference URI=\"#HD0100000000-1K26TDN-00000123\">",
         "<Reference URI=\"http://127.0.0.1/x\">", SIGNATURE_REFERENCE},
        {"</SignedInfo>",
         "<Reference URI=\"#HD0100000000-1K26TDN-00000123\"><DigestMethod Algorithm=\"http://"
         "www.w3.org/2001/04/xmlenc#sha256\"/><DigestValue>AA==</DigestValue></Reference>"
         "</SignedInfo>",
         SIGNATURE_SHAPE},
        {"<Reference URI=\"#HD0100000000-1K26TDN-00000123\">", "<Reference URI=\"#NBan\">",
         SIGNATURE_REFERENCE},
        {"<X509Certificate>", "<X509Certificate>AAAA", SIGNATURE_CERTIFICATE},
        {"<DigestValue>", "<DigestValue>A", SIGNATURE_DIGEST},
    };
    sign_made();
    struct str good = arena_str(&arena, buf_str(&out));
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++)
        fault_is(replaced(good, cases[i].old, cases[i].new), cases[i].fault);
}

/* The signed data stand where nobody looks, and other data where everybody does. */
static void moved_data_are_not_proven(void **state)
{
    (void)state;
    sign_made();
    struct str good = arena_str(&arena, buf_str(&out));
    struct str data = str_sub(good, where.data_start, where.data_end - where.data_start);
    struct str forged = replaced(data, "<TgTTTBSo>217836", "<TgTTTBSo>117836");
    forged = replaced(forged, "HD0100000000-1K26TDN-00000123", "another");
    struct buf moved;
    buf_init(&moved, DOCUMENT_BYTES);
    buf_add(&moved, str_sub(good, 0, where.data_start));
    buf_add(&moved, forged);
    buf_add(&moved, str_sub(good, where.data_end, good.n));
    struct str without = arena_str(&arena, buf_str(&moved));
    const char *places[] = {"<DSCKS>", "</DSCKS>", "<KeyInfo>", "</SignatureProperties>",
                            "</Signature>"};
    for (size_t i = 0; i < ARRAY_COUNT(places); i++) {
        struct str wrapped = replaced(without, places[i], "@");
        const char *at = memchr(wrapped.p, '@', wrapped.n);
        buf_reset(&moved);
        buf_add(&moved, str_sub(wrapped, 0, (size_t)(at - wrapped.p)));
        if (places[i][1] == '/') buf_add(&moved, data);
        buf_add(&moved, str_of(places[i]));
        if (places[i][1] != '/') buf_add(&moved, data);
        buf_add(&moved, str_sub(wrapped, (size_t)(at - wrapped.p) + 1, wrapped.n));
        fault_is(buf_str(&moved), SIGNATURE_REFERENCE);
    }
    buf_release(&moved);
    /* The signature itself moved out of its place proves nothing. */
    read_good(replaced(replaced(good, "<NBan><Signature", "<Ban><Signature"), "</Signature></NBan>",
                       "</Signature></Ban>"));
    assert_false(reading.proven);
}

static void a_signature_over_something_else_is_not_enough(void **state)
{
    (void)state;
    unsigned char digest[32];
    struct buf buf;
    write_made();
    buf_init(&buf, DOCUMENT_BYTES);
    struct str code = S("<MCCQT Id=\"code\">00ABC</MCCQT>");
    EVP_Digest(code.p, code.n, digest, NULL, EVP_sha256(), NULL);
    buf_add(&buf, str_sub(buf_str(&plain), 0, where.signature_at));
    buf_add(&buf, code);
    buf_add(&buf, S("<DSCKS><NBan>"));
    struct signing signing = {&signer, AT_MS, false};
    assert_int_equal(signature_add(&signing, S("code"), S("NBan"), digest, &buf, &err), OK);
    buf_add(&buf, S("</NBan></DSCKS></HDon>"));
    fault_is(buf_str(&buf), SIGNATURE_UNCOVERED);
    assert_true(str_equal(reading.office_code, S("00ABC")));
    assert_true(reading.signatures[0].covers_code);
    buf_release(&buf);
}

/* ---- the tax office -------------------------------------------------------------------- */

static struct str digest_text(struct str document, const char *element, const EVP_MD *md)
{
    unsigned char digest[32], text[64];
    unsigned size = sizeof digest;
    struct buf canonical;
    buf_init(&canonical, DOCUMENT_BYTES);
    assert_true(canonical_add(document, element, &canonical));
    EVP_Digest(canonical.p, canonical.n, digest, &size, md, NULL);
    EVP_EncodeBlock(text, digest, (int)size);
    buf_release(&canonical);
    return arena_str(&arena, str_of((const char *)text));
}

static struct str value_text(struct str document, const char *element, const EVP_MD *md)
{
    unsigned char value[512], text[1024];
    size_t size = sizeof value;
    struct buf canonical;
    buf_init(&canonical, DOCUMENT_BYTES);
    assert_true(canonical_add(document, element, &canonical));
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    assert_int_equal(EVP_DigestSignInit(context, NULL, md, NULL, signer.key), 1);
    assert_int_equal(
        EVP_DigestSign(context, value, &size, (const unsigned char *)canonical.p, canonical.n), 1);
    EVP_MD_CTX_free(context);
    EVP_EncodeBlock(text, value, (int)size);
    buf_release(&canonical);
    return arena_str(&arena, str_of((const char *)text));
}

/* The tax office gives the code and signs data, time and code, without transforms; in earlier years
 * with SHA-1, as signature, digest or both. */
static struct str with_office(struct str document, const EVP_MD *signs, const EVP_MD *digests)
{
    const char *method =
        digests == EVP_sha256()
            ? "<DigestMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\"/><DigestValue>"
            : "<DigestMethod Algorithm=\"http://www.w3.org/2000/09/xmldsig#sha1\"/><DigestValue>";
    static const char *const targets[] = {"HD0100000000-1K26TDN-00000123", "SigningTime-1", "Id-1"};
    struct buf buf;
    buf_init(&buf, DOCUMENT_BYTES);
    buf_add(&buf, S("<CQT><Signature Id=\"Tct\" xmlns=\"http://www.w3.org/2000/09/xmldsig#\">"
                    "<SignedInfo><CanonicalizationMethod Algorithm=\"http://www.w3.org/TR/2001/"
                    "REC-xml-c14n-20010315\"/><SignatureMethod Algorithm=\"http://www.w3.org/2001/"
                    "04/xmldsig-more#rsa-sha256\"/>"));
    for (size_t i = 0; i < ARRAY_COUNT(targets); i++)
        buf_printf(&buf, "<Reference URI=\"#%s\">%s@%c</DigestValue></Reference>", targets[i],
                   method, (char)('0' + i));
    buf_printf(&buf,
               "</SignedInfo><SignatureValue>@v</SignatureValue><KeyInfo><X509Data>"
               "<X509Certificate>%.*s</X509Certificate></X509Data></KeyInfo>"
               "<Object Id=\"SigningTime-1\"><SignatureProperties><SignatureProperty "
               "Target=\"signatureProperties\"><SigningTime>2026-08-06T09:00:00</SigningTime>"
               "</SignatureProperty></SignatureProperties></Object></Signature></CQT></DSCKS>",
               STR_ARG(signer.certificate));
    struct str text = replaced(document, "</DSCKS>", buf.p);
    text = replaced(text, "</DLHDon>", "</DLHDon><MCCQT Id=\"Id-1\">0047ABC</MCCQT>");
    text = replaced(text, "@0", digest_text(text, "/HDon/DLHDon", digests).p);
    text = replaced(text, "@1", digest_text(text, "//*[@Id='SigningTime-1']", digests).p);
    text = replaced(text, "@2", digest_text(text, "/HDon/MCCQT", digests).p);
    if (signs == EVP_sha1())
        text = replaced(text, "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256\"/>",
                        "http://www.w3.org/2000/09/xmldsig#rsa-sha1\"/>");
    text = replaced(text, "@v",
                    value_text(text, "//*[@Id='Tct']/*[local-name()='SignedInfo']", signs).p);
    buf_release(&buf);
    return text;
}

static void the_tax_office_signs_data_time_and_code(void **state)
{
    (void)state;
    sign_made();
    struct str text = with_office(buf_str(&out), EVP_sha256(), EVP_sha256());
    read_good(text);
    assert_true(reading.proven);
    assert_null(find("sha1"));
    assert_int_equal(reading.signature_count, 2);
    assert_true(str_equal(reading.signatures[1].place, S("CQT")));
    assert_true(reading.signatures[1].covers_code && !reading.signatures[0].covers_code);
    assert_true(str_equal(reading.signatures[1].signing_time, S("2026-08-06T09:00:00")));
    assert_true(str_equal(reading.office_code, S("0047ABC")));
    assert_null(find("office-code"));
    read_good(replaced(text, ">0047ABC<", ">0047ABD<"));
    assert_false(reading.proven);
    assert_int_equal(reading.signatures[0].fault, SIGNATURE_SOUND);
    assert_int_equal(reading.signatures[1].fault, SIGNATURE_DIGEST);
    assert_non_null(find("office-code"));
    read_good(with_office(buf_str(&out), EVP_sha256(), EVP_sha1()));
    assert_true(reading.proven);
    assert_non_null(find("sha1"));
    read_good(with_office(buf_str(&out), EVP_sha1(), EVP_sha256()));
    assert_true(reading.proven);
    assert_true(str_equal(reading.signatures[1].algorithm, S("rsa-sha1")));
    assert_non_null(find("sha1"));
}

/* A namespace above the data is inherited into what is digested. */
static void namespaces_above_change_what_was_signed(void **state)
{
    (void)state;
    sign_made();
    struct str good = arena_str(&arena, buf_str(&out));
    fault_is(replaced(good, "<HDon>", "<HDon xmlns:a=\"urn:a\">"), SIGNATURE_DIGEST);
    struct str message = replaced(good, "<HDon>", "<TDiep><TTChung></TTChung><DLieu><HDon>");
    message = replaced(message, "</DSCKS></HDon>", "</DSCKS></HDon></DLieu></TDiep>");
    read_good(message);
    assert_true(reading.proven);
}

/* ---- hostile files ----------------------------------------------------------------------- */

static void file_refused(struct str bytes, err_t code, const char *word)
{
    assert_int_equal(read_of(bytes), code);
    if (strstr(err.en.message, word) == NULL) fail_msg("%s, not %s", err.en.message, word);
    assert_true(err.vi.message[0] != '\0' && err.vi.hint[0] != '\0' && err.en.hint[0] != '\0');
}

static void hostile_files_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *text, *word;
    } cases[] = {
        {"<!DOCTYPE HDon [<!ENTITY a \"a\"><!ENTITY b \"&a;&a;\">]><HDon>&b;</HDon>", "DTD"},
        {"<!DOCTYPE HDon [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><HDon>&x;</HDon>", "DTD"},
        {"<!DOCTYPE HDon SYSTEM \"http://127.0.0.1/x.dtd\"><HDon/>", "DTD"},
        {"<HDon><!DOCTYPE a></HDon>", "DTD"},
        {"<!--><? --><!DOCTYPE HDon [<!ENTITY a \"a\">]><!-- ?> --><HDon>&a;</HDon>", "DTD"},
        {"<HDon>&unknown;</HDon>", "sound XML"},
        {"<HDon><DLHDon>1<!-- 2 -->3</DLHDon></HDon>", "comment"},
        {"<HDon><?php 1 ?></HDon>", "instruction"},
        {"<?xml version=\"1.0\" encoding=\"UTF-16\"?><HDon/>", "encoding"},
        {"<?xml version='1.0' encoding='iso-8859-1'?><HDon/>", "encoding"},
        {"<?xml version='1.0' encoding = 'iso-8859-1'?><HDon/>", "encoding"},
        {"<?xml version='1.0' encoding='utf-80'?><HDon/>", "encoding"},
        {"<HDon>\xFF\xFE</HDon>", "UTF-8"},
        {"\xFE\xFF", "UTF-8"},
        {"<HDon><DLHDon></HDon>", "sound XML"},
        {"<HDon", "sound XML"},
        {"", "sound XML"},
        {"not xml", "sound XML"},
        {"<HDon/>", "exactly one"},
        {"<HDon><DLHDon/><DLHDon/></HDon>", "exactly one"},
        {"<HDon><DLHDon Id=\"a\"/><x Id=\"a\"/></HDon>", "have the Id"},
        {"<HDon><DLHDon/><MCCQT/><MCCQT/></HDon>", "exactly one"},
        {"<a:HDon xmlns:a=\"urn:a\"><DLHDon/></a:HDon>", "no e-invoice"},
        {"<HDon xmlns=\"urn:a\"><DLHDon/></HDon>", "no e-invoice"},
        {"<HDon><a:DLHDon xmlns:a=\"urn:a\"/></HDon>", "exactly one"},
        {"<TDiep><DLieu><HDon/><HDon/></DLieu></TDiep>", "several"},
        {"<TDiep/>", "no e-invoice"},
        {"<html/>", "no e-invoice"},
    };
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++)
        file_refused(str_of(cases[i].text), E_INPUT, cases[i].word);
    file_refused(S("\xFF\xFE<\0H\0D\0o\0n\0/\0>\0"), E_INPUT, "UTF-8");
    file_refused(S("<\0H\0D\0o\0n\0/\0>\0"), E_INPUT, "UTF-8");
}

static void limits_hold(void **state)
{
    (void)state;
    struct buf big;
    buf_init(&big, 16 << 20);
    buf_add(&big, S("<HDon><DLHDon>"));
    for (int i = 0; i < 100000; i++) buf_add(&big, S("<a>"));
    file_refused(buf_str(&big), E_LIMIT, "too deep");
    buf_reset(&big);
    buf_add(&big, S("<HDon><DLHDon>"));
    for (int i = 0; i < XML_ELEMENTS_MAX; i++) buf_add(&big, S("<a/>"));
    file_refused(buf_str(&big), E_LIMIT, "too many elements");
    buf_reset(&big);
    buf_add(&big, S("<HDon"));
    for (int i = 0; i < 10000; i++) buf_printf(&big, " a%d=\"\"", i);
    buf_add(&big, S("/>"));
    file_refused(buf_str(&big), E_LIMIT, "too many attributes");
    buf_reset(&big);
    buf_add(&big, S("<HDon><DLHDon/>"));
    for (int i = 0; i < XML_IDS_MAX + 1; i++) buf_printf(&big, "<a Id=\"i%d\"/>", i);
    buf_add(&big, S("</HDon>"));
    file_refused(buf_str(&big), E_LIMIT, "too many Ids");
    buf_reset(&big);
    buf_add(&big, S("<HDon><DLHDon>"));
    while (big.n <= XML_FILE_BYTES_MAX) buf_add(&big, S("một trăm triệu chữ "));
    file_refused(buf_str(&big), E_LIMIT, "over 4 MB");
    buf_release(&big);
}

/* ---- what others write ------------------------------------------------------------------- */

static void other_habits_are_understood(void **state)
{
    (void)state;
    write_made();
    struct str text = arena_str(&arena, buf_str(&plain));
    text = replaced(text, "<SHDon>123<", "<SHDon>00000123<");
    text = replaced(text, "<TgTTTBSo>217836<", "<TgTTTBSo>217836.000000<");
    text = replaced(text, "<SLuong>50<", "<SLuong>50.0000<");
    text = replaced(text, "<Ten>Nguyễn Văn Thử<", "<Ten><![CDATA[Nguyễn Văn Thử]]><");
    text = replaced(text, "<DChi>Thôn 1<", "<DChi>Th&#xF4;n 1<");
    text = replaced(text, "<?xml version", "\xEF\xBB\xBF<?xml version");
    text =
        replaced(text, "<HDon>", "<!-- made elsewhere --><?xml-stylesheet href=\"a\"?>\n<HDon>\n");
    read_good(text);
    const char *tag;
    assert_true(same_invoice(&made.invoice, &reading.invoice, &tag));
    assert_int_equal(reading.findings.refused, 0);
}

/* What the canonical form makes the same is the same to the reader. */
static void other_bytes_of_the_same_canonical_form_stay_proven(void **state)
{
    (void)state;
    const char *tag;
    sign_made();
    struct str text = arena_str(&arena, buf_str(&out));
    text = replaced(text, "<Ten>Nguyễn Văn Thử<", "<Ten ><![CDATA[Nguyễn]]> V&#x103;n Thử<");
    text = replaced(text, "<DSCKS>", "<DSCKS>\n  ");
    text = replaced(text, "<SignatureValue>", "<SignatureValue>\n");
    read_good(text);
    assert_true(reading.proven);
    assert_true(same_invoice(&made.invoice, &reading.invoice, &tag));
}

static void what_does_not_fit_is_told(void **state)
{
    (void)state;
    static const struct {
        const char *old, *new, *code, *path;
    } cases[] = {
        {"<TgTTTBSo>217836<", "<TgTTTBSo>217837<", "total", "NDHDon/TToan/TgTTTBSo"},
        {"<TgTTTBSo>217836<", "<TgTTTBSo>217.836<", "fraction", "NDHDon/TToan/TgTTTBSo"},
        {"<TgTTTBSo>217836<", "<TgTTTBSo>1e5<", "value", "NDHDon/TToan/TgTTTBSo"},
        {"<TgTTTBSo>217836<", "<TgTTTBSo>99999999999999999999999<", "value",
         "NDHDon/TToan/TgTTTBSo"},
        {"<NLap>2026-08-05<", "<NLap>05/08/2026<", "value", "TTChung/NLap"},
        {"<SHDon>123<", "<SHDon>123456789<", "number", "TTChung/SHDon"},
        {"<TSuat>8%<", "<TSuat>9 %<", "value", "NDHDon/DSHHDVu/HHDVu[1]/TSuat"},
        {"<MST>0100000000<", "<MST>01<", "form", "NDHDon/NBan/MST"},
        {"<MST>0100000000</MST>", "<MST>0100000000</MST><MST>2</MST>", "twice", "NDHDon/NBan/MST"},
        {"</NMua>", "</NMua><NMua><Ten>B</Ten></NMua>", "twice", "NDHDon/NMua"},
        {"<TToan>", "<TToan><TgTTTBSo>217836</TgTTTBSo></TToan><TToan>", "twice", "NDHDon/TToan"},
        {"<NDHDon>", "<NDHDon></NDHDon><NDHDon>", "twice", "NDHDon"},
        {"<DVTTe>VND<", "<DVTTe>VND</DVTTe><DVTTe>USD<", "twice", "TTChung/DVTTe"},
        {"<Ten>Nguyễn Văn Thử<", "<Ten><b>Nguyễn</b> Văn Thử<", "mixed", "NDHDon/NMua/Ten"},
        {"<TgTTTBChu>Hai", "<TgTTTBChu>Ba", "words", "NDHDon/TToan/TgTTTBChu"},
        {"<KHHDon>K26TDN<", "<KHHDon>C26TDN<", "office-code", "MCCQT"},
        {"<DLQRCode>", "<MCCQT>00AB</MCCQT><DLQRCode>", "office-code", "MCCQT"},
        {"<PBan>2.1.0<", "<PBan>2.0.1<", "format", "TTChung/PBan"},
        {"<DVTTe>VND<", "<DVTTe>USD<", "currency", "TTChung/DVTTe"},
    };
    write_made();
    struct str good = arena_str(&arena, buf_str(&plain));
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        read_good(replaced(good, cases[i].old, cases[i].new));
        const struct einvoice_finding *f = find(cases[i].code);
        if (f == NULL || !str_equal(f->path, str_of(cases[i].path)))
            fail_msg("%s: %s", cases[i].new, f == NULL ? "not told" : f->path.p);
        assert_true(f->vi.n > 0 && f->en.n > 0 && f->hint_vi[0] != '\0');
    }
}

static void discounts_of_either_sign_are_understood(void **state)
{
    (void)state;
    made.lines[1] = (struct einvoice_line){.kind = EINVOICE_DISCOUNT,
                                           .code = S(""),
                                           .name = S("Giảm"),
                                           .unit = S(""),
                                           .amount_vnd = -500,
                                           .vat_ppm = 80000};
    made_sum(&made);
    write_made();
    struct str text = arena_str(&arena, buf_str(&plain));
    read_good(text);
    assert_int_equal(reading.invoice.lines[1].amount_vnd, -500);
    read_good(replaced(text, "<ThTien>500<", "<ThTien>-500<"));
    assert_int_equal(reading.invoice.lines[1].amount_vnd, -500);
    assert_int_equal(reading.findings.refused, 0);
}

static void words_are_read_in_every_way(void **state)
{
    (void)state;
    static const struct {
        int64_t amount_vnd;
        const char *words;
        bool same;
    } cases[] = {
        {1284000, "Một triệu hai trăm tám mươi bốn nghìn đồng.", true},
        {1284000, "Một triệu, hai trăm tám mươi tư ngàn đồng chẵn", true},
        {484590, "BỐN TRĂM TÁM MƯƠI TƯ NGHÌN NĂM TRĂM CHÍN MƯƠI ĐỒNG", true},
        {305, "Ba trăm lẻ năm đồng", true},
        {25, "Hai mươi nhăm đồng", true},
        {0, "Không đồng", true},
        {-55, "Âm năm mươi lăm đồng", true},
        {55, "Âm năm mươi lăm đồng", false},
        {1284001, "Một triệu hai trăm tám mươi bốn nghìn đồng", false},
        {1284000, "Một triệu hai trăm tám mươi bốn nghìn", false},
        {1284000, "", false},
    };
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        bool same;
        assert_int_equal(
            einvoice_words_match(&arena, str_of(cases[i].words), cases[i].amount_vnd, &same, &err),
            OK);
        if (same != cases[i].same) fail_msg("%s", cases[i].words);
    }
}

static void another_signer_is_told(void **state)
{
    (void)state;
    made.invoice.seller.tax_code = S("0100000009");
    sign_made();
    read_good(buf_str(&out));
    assert_true(reading.proven);
    assert_non_null(find("certificate-tax-code"));
}

/* Whatever memory there is, the answer is whole or there is none. */
static void memory_may_run_out(void **state)
{
    (void)state;
    struct arena small;
    struct err why;
    size_t refused = 0, answered = 0;
    sign_made();
    for (size_t limit = 512; limit < (512 << 10); limit += limit / 8) {
        const char *tag;
        arena_init(&small, limit);
        err_t e = einvoice_read(&small, buf_str(&out), NULL, &reading, &why);
        assert_true(e == OK || e == E_MEMORY);
        if (e == OK) {
            assert_true(reading.proven && same_invoice(&made.invoice, &reading.invoice, &tag));
            answered++;
        } else {
            refused++;
        }
        arena_release(&small);
    }
    assert_true(refused > 0 && answered > 0);
    for (uint64_t n = 1; n < 100; n++) {
        struct buf limited;
        buf_init(&limited, DOCUMENT_BYTES);
        arena_reset(&arena);
        findings_init(&findings, &arena);
        memory_fail_after(n);
        err_t e = einvoice_write(&made.invoice, S(""), &findings, &limited, &where, &why);
        bool struck = memory_fail_after(0) == 0;
        assert_true(e == (struck ? E_MEMORY : OK));
        assert_true((e == OK) == (limited.n > 0));
        buf_release(&limited);
        if (!struck) break;
    }
}

/* A sales invoice has neither rates nor VAT. */
static void sales_invoices_are_understood(void **state)
{
    (void)state;
    write_made();
    struct str text = arena_str(&arena, buf_str(&plain));
    text = replaced(text, "<KHMSHDon>1<", "<KHMSHDon>2<");
    text = replaced(replaced(text, "<TSuat>8%</TSuat>", ""), "<TSuat>8%</TSuat>", "");
    text = replaced(text,
                    "<THTTLTSuat><LTSuat><TSuat>8%</TSuat><ThTien>201700</ThTien>"
                    "<TThue>16136</TThue></LTSuat></THTTLTSuat><TgTCThue>201700</TgTCThue>"
                    "<TgTThue>16136</TgTThue><TgTTTBSo>217836",
                    "<TgTTTBSo>201700");
    read_good(text);
    assert_int_equal(reading.findings.refused, 0);
    assert_int_equal(reading.invoice.pre_vat_vnd, 201700);
    assert_int_equal(reading.invoice.lines[0].vat_ppm, EINVOICE_VAT_NOT_DECLARED);
}

/* ---- vectors ----------------------------------------------------------------------------- */

static struct str vector(const char *name)
{
    struct buf path;
    struct str text = S("");
    char memory[4096];
    buf_init_fixed(&path, memory, sizeof memory);
    buf_printf(&path, "%s/tests/cases/einvoice/%s", getenv("SANGDEN_SOURCE_ROOT"), name);
    if (file_read(&arena, memory, 1 << 20, &text, &err) != OK) fail_msg("%s", err.en.message);
    return text;
}

static void known_files_have_known_verdicts(void **state)
{
    (void)state;
    read_good(vector("own_plain.xml"));
    assert_true(reading.proven);
    assert_int_equal(reading.invoice.total_vnd, 484590);
    assert_int_equal(reading.invoice.line_count, 4);
    assert_true(str_equal(reading.invoice.buyer.customer_code, S("PD00000000001")));
    assert_false(reading.signatures[0].valid_then);
    read_good(vector("own_rootns.xml"));
    assert_true(reading.proven);
    fault_is(vector("own_tampered.xml"), SIGNATURE_DIGEST);
    assert_non_null(find("total"));
}

static void authorities_come_from_a_file(void **state)
{
    (void)state;
    struct trust trust;
    char path[4096];
    struct buf buf;
    assert_int_equal(trust_open("/no such file", &trust, &err), E_IO);
    buf_init_fixed(&buf, path, sizeof path);
    buf_printf(&buf, "%s/tests/cases/README.md", getenv("SANGDEN_SOURCE_ROOT"));
    assert_int_equal(trust_open(path, &trust, &err), E_INPUT);
    assert_true(err.en.hint[0] != '\0');
    buf_reset(&buf);
    buf_printf(&buf, "%s/tests/cases/einvoice/own_cert.pem", getenv("SANGDEN_SOURCE_ROOT"));
    assert_int_equal(trust_open(path, &trust, &err), OK);
    sign_made();
    assert_int_equal(einvoice_read(&arena, buf_str(&out), &trust, &reading, &err), OK);
    assert_true(reading.proven);
    assert_int_equal(reading.signatures[0].chain, CHAIN_UNKNOWN);
    trust_close(&trust);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_is_written_is_read_again, begin, end),
        cmocka_unit_test_setup_teardown(signed_ones_are_proven, begin, end),
        cmocka_unit_test_setup_teardown(no_changed_byte_alters_what_is_proven, begin, end),
        cmocka_unit_test_setup_teardown(every_part_of_a_signature_is_judged, begin, end),
        cmocka_unit_test_setup_teardown(moved_data_are_not_proven, begin, end),
        cmocka_unit_test_setup_teardown(a_signature_over_something_else_is_not_enough, begin, end),
        cmocka_unit_test_setup_teardown(the_tax_office_signs_data_time_and_code, begin, end),
        cmocka_unit_test_setup_teardown(namespaces_above_change_what_was_signed, begin, end),
        cmocka_unit_test_setup_teardown(hostile_files_are_refused, begin, end),
        cmocka_unit_test_setup_teardown(limits_hold, begin, end),
        cmocka_unit_test_setup_teardown(other_habits_are_understood, begin, end),
        cmocka_unit_test_setup_teardown(other_bytes_of_the_same_canonical_form_stay_proven, begin,
                                        end),
        cmocka_unit_test_setup_teardown(what_does_not_fit_is_told, begin, end),
        cmocka_unit_test_setup_teardown(discounts_of_either_sign_are_understood, begin, end),
        cmocka_unit_test_setup_teardown(sales_invoices_are_understood, begin, end),
        cmocka_unit_test_setup_teardown(words_are_read_in_every_way, begin, end),
        cmocka_unit_test_setup_teardown(another_signer_is_told, begin, end),
        cmocka_unit_test_setup_teardown(memory_may_run_out, begin, end),
        cmocka_unit_test_setup_teardown(known_files_have_known_verdicts, begin, end),
        cmocka_unit_test_setup_teardown(authorities_come_from_a_file, begin, end),
    };
    return cmocka_run_group_tests_name("e-invoice read", tests, make_key, forget_key);
}
