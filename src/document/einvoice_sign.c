/* SPDX-License-Identifier: Apache-2.0 */
#include "document/einvoice_sign.h"

#include <openssl/err.h>
#include <openssl/evp.h>

#include "base/date.h"

#define DSIG        "http://www.w3.org/2000/09/xmldsig#"
#define SHA256      "http://www.w3.org/2001/04/xmlenc#sha256"
#define INFO_OPEN   "<SignedInfo>"
#define OBJECT_OPEN "<Object Id=\"TimeStamp\">"

enum { INFO_BYTES = 2048, OBJECT_BYTES = 512, VALUE_BYTES_MAX = 2048, LOCAL_TIME_CHARS = 19 };

/* ---- who may sign ------------------------------------------------------------------------ */

static err_t refuse_expired(const struct signing *signing, struct err *err)
{
    const struct signer *signer = signing->signer;
    char from[DATE_TEXT_BYTES], to[DATE_TEXT_BYTES], on[DATE_TEXT_BYTES];
    err_set(err, E_INPUT, "certificate", "Chứng thư số không có hiệu lực lúc ký, ngày %s",
            "The certificate is not valid at the time of signing, %s",
            day_text(vietnam_day(signing->at_ms), on).p);
    err_detail(err, "Hiệu lực từ %s đến %s", "Valid from %s to %s",
               day_text(vietnam_day(signer->from_ms), from).p,
               day_text(vietnam_day(signer->to_ms), to).p);
    return err_hint(err, "Ký bằng chứng thư đang có hiệu lực",
                    "Sign with a certificate that is valid now");
}

/* Who signs today proves himself today: numbers given before a renewal are signed with the renewed
 * certificate. */
static void warn_of_day(const struct signer *signer, int32_t day,
                        struct einvoice_findings *findings)
{
    static const struct einvoice_words outside = {
        "Chứng thư số không có hiệu lực ngày %s của chứng từ",
        "The certificate is not valid on %s, the day of the document",
        "Giữ giấy gia hạn của chứng thư cùng hồ sơ hóa đơn",
        "Keep the papers of the certificate's renewal with the invoices"};
    char on[DATE_TEXT_BYTES];
    if (!signer_covers(signer, day))
        findings_warn(findings, "certificate-day", S("DSCKS"), &outside, day_text(day, on).p);
}

err_t signing_allowed(const struct signing *signing, int32_t day, struct str tax_code,
                      struct einvoice_findings *findings, struct err *err)
{
    static const struct einvoice_words other = {
        "Mã số thuế trong chứng thư là %.*s, của người bán là %.*s",
        "The tax code of the certificate is %.*s, that of the seller %.*s",
        "Ký bằng chứng thư của chính người bán", "Sign with the seller's own certificate"};
    const struct signer *signer = signing->signer;
    if (!signer_valid_at(signer, signing->at_ms)) return refuse_expired(signing, err);
    if (signer->development && !signing->demonstration) {
        err_set(err, E_STATE, "key", "Khóa phát triển không được ký chứng từ thật",
                "A development key must not sign real documents");
        return err_hint(err,
                        "Dùng khóa của người bán; khóa phát triển chỉ ký trên kho minh họa hoặc "
                        "kiểm thử",
                        "Use the seller's key; a development key signs only on stores marked "
                        "demonstration or test");
    }
    warn_of_day(signer, day, findings);
    if (signer->tax_code.n > 0 && !str_equal(signer->tax_code, tax_code))
        findings_warn(findings, "certificate-tax-code", S("DSCKS"), &other,
                      STR_ARG(str_first(signer->tax_code, 20)), STR_ARG(str_first(tax_code, 20)));
    return OK;
}

/* ---- the parts of a signature ------------------------------------------------------------ */

static bool sha256(const struct signer *signer, struct str bytes,
                   unsigned char out[SIGNATURE_DIGEST_BYTES])
{
    return EVP_Digest(bytes.p, bytes.n, out, NULL, signer->sha256, NULL) == 1;
}

static void add_base64(struct buf *out, const unsigned char *bytes, size_t n)
{
    unsigned char text[VALUE_BYTES_MAX / 3 * 4 + 8];
    ASSERT(n <= VALUE_BYTES_MAX);
    int length = EVP_EncodeBlock(text, bytes, (int)n);
    buf_add(out, (struct str){(const char *)text, (size_t)length});
}

/* Object without its start tag. */
static void add_object_rest(struct buf *out, struct str role, int64_t at_ms)
{
    char time[INSTANT_TEXT_BYTES];
    buf_add(out, S("<SignatureProperties><SignatureProperty Id=\"proid\" Target=\"#"));
    buf_add(out, role);
    buf_add(out, S("\"><SigningTime>"));
    buf_add(out, str_sub(instant_text(at_ms, time), 0, LOCAL_TIME_CHARS));
    buf_add(out, S("</SigningTime></SignatureProperty></SignatureProperties></Object>"));
}

static void add_reference(struct buf *out, const unsigned char digest[SIGNATURE_DIGEST_BYTES])
{
    buf_add(out, S("<DigestMethod Algorithm=\"" SHA256 "\"></DigestMethod><DigestValue>"));
    add_base64(out, digest, SIGNATURE_DIGEST_BYTES);
    buf_add(out, S("</DigestValue></Reference>"));
}

/* SignedInfo without its start tag. */
static void add_info_rest(struct buf *out, struct str id,
                          const unsigned char data[SIGNATURE_DIGEST_BYTES],
                          const unsigned char object[SIGNATURE_DIGEST_BYTES])
{
    buf_add(out, S("<CanonicalizationMethod Algorithm=\"http://www.w3.org/TR/2001/"
                   "REC-xml-c14n-20010315\"></CanonicalizationMethod><SignatureMethod Algorithm="
                   "\"http://www.w3.org/2001/04/xmldsig-more#rsa-sha256\"></SignatureMethod>"
                   "<Reference URI=\"#"));
    buf_add(out, id);
    buf_add(out, S("\"><Transforms><Transform Algorithm=\"" DSIG "enveloped-signature\">"
                   "</Transform></Transforms>"));
    add_reference(out, data);
    buf_add(out, S("<Reference Type=\"" DSIG "SignatureProperties\" URI=\"#TimeStamp\">"));
    add_reference(out, object);
    buf_add(out, S("</SignedInfo>"));
}

static err_t refuse_openssl(struct err *err)
{
    ERR_clear_error();
    err_set(err, E_OUTSIDE, "key", "Thư viện mật mã không ký được",
            "The cryptographic library could not sign");
    return err_hint(err, "Kiểm tra tệp khóa rồi thử lại", "Check the key file and try again");
}

static bool rsa_sign(const struct signer *signer, struct str bytes,
                     unsigned char out[VALUE_BYTES_MAX], size_t *out_size)
{
    unsigned char digest[SIGNATURE_DIGEST_BYTES];
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_dup(signer->ready);
    *out_size = VALUE_BYTES_MAX;
    bool good = context != NULL && sha256(signer, bytes, digest) &&
                EVP_PKEY_sign(context, out, out_size, digest, sizeof digest) == 1;
    EVP_PKEY_CTX_free(context);
    return good;
}

/* In canonical form an element at the top carries the namespace that it inherits. */
err_t signature_add(const struct signing *signing, struct str id, struct str role,
                    const unsigned char digest[SIGNATURE_DIGEST_BYTES], struct buf *out,
                    struct err *err)
{
    static const struct str info_open = S_INIT("<SignedInfo xmlns=\"" DSIG "\">");
    static const struct str object_open = S_INIT("<Object xmlns=\"" DSIG "\" Id=\"TimeStamp\">");
    char info_memory[INFO_BYTES], object_memory[OBJECT_BYTES];
    unsigned char object_digest[SIGNATURE_DIGEST_BYTES], value[VALUE_BYTES_MAX];
    struct buf info, object;
    size_t size, before = out->n;
    buf_init_fixed(&object, object_memory, sizeof object_memory);
    buf_init_fixed(&info, info_memory, sizeof info_memory);
    buf_add(&object, object_open);
    add_object_rest(&object, role, signing->at_ms);
    bool good = sha256(signing->signer, buf_str(&object), object_digest);
    buf_add(&info, info_open);
    add_info_rest(&info, id, digest, object_digest);
    ASSERT(!object.failed && !info.failed);
    if (!good || !rsa_sign(signing->signer, buf_str(&info), value, &size))
        return refuse_openssl(err);
    buf_add(out, S("<Signature xmlns=\"" DSIG "\" Id=\""));
    buf_add(out, role);
    buf_add(out, S("\">" INFO_OPEN));
    buf_add(out, str_sub(buf_str(&info), info_open.n, info.n));
    buf_add(out, S("<SignatureValue>"));
    add_base64(out, value, size);
    buf_add(out, S("</SignatureValue><KeyInfo><X509Data><X509SubjectName>"));
    xml_add_text(out, signing->signer->subject);
    buf_add(out, S("</X509SubjectName><X509Certificate>"));
    buf_add(out, signing->signer->certificate);
    buf_add(out, S("</X509Certificate></X509Data></KeyInfo>" OBJECT_OPEN));
    buf_add(out, str_sub(buf_str(&object), object_open.n, object.n));
    buf_add(out, S("</Signature>"));
    return out->failed ? xml_too_long(out, before, err) : OK;
}

/* ---- documents --------------------------------------------------------------------------- */

err_t document_sign(const struct signing *signing, const struct signed_document *what,
                    struct einvoice_findings *findings, struct buf *out, struct err *err)
{
    const struct xml_document *where = what->where;
    unsigned char digest[SIGNATURE_DIGEST_BYTES];
    size_t before = out->n, data_size = where->data_end - where->data_start;
    err_t e = signing_allowed(signing, what->day, what->tax_code, findings, err);
    if (e != OK) return e;
    if (!sha256(signing->signer, str_sub(what->bytes, where->data_start, data_size), digest))
        return refuse_openssl(err);
    buf_add(out, str_sub(what->bytes, 0, where->signature_at));
    buf_printf(out, "<DSCKS><%.*s>", STR_ARG(what->role));
    e = signature_add(signing, str_of(where->id), what->role, digest, out, err);
    buf_printf(out, "</%.*s></DSCKS>", STR_ARG(what->role));
    buf_add(out, str_sub(what->bytes, where->signature_at, what->bytes.n));
    if (e == OK && out->failed) e = xml_too_long(out, before, err);
    if (e != OK) {
        out->n = before;
        out->failed = false;
    }
    return e;
}
