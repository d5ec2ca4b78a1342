/* SPDX-License-Identifier: Apache-2.0 */
#include "document/einvoice_verify.h"

#include <errno.h>
#include <libxml/c14n.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509_vfy.h>
#include <string.h>

#include "base/buffer.h"
#include "base/certificate.h"
#include "base/date.h"
#include "base/file.h"
#include "document/einvoice_key.h"

#define DSIG "http://www.w3.org/2000/09/xmldsig#"
#define C14N "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"

enum {
    REFERENCES_MAX = 3, /* data, time, code */
    TRANSFORMS_MAX = 4,
    CERTIFICATES_MAX = 8,
    CERTIFICATE_BYTES = 16 * 1024,
    VALUE_BYTES = 2048,
    RSA_BITS_MIN = 1024
};

struct verifying {
    struct arena *arena;
    const struct xml_tree *tree;
    const xmlNode *data, *code; /* DLHDon, MCCQT */
    const struct trust *trust;
};

/* ---- words of faults --------------------------------------------------------------------- */

static const struct {
    const char *code, *vi, *en;
} faults[SIGNATURE_FAULTS] = {
    {"sound", "Chữ ký đúng", "The signature is sound"},
#define FAULT(name, code, vi, en) {code, vi, en},
#include "document/einvoice_faults.def"
#undef FAULT
};

const char *signature_fault_code(enum signature_fault fault)
{
    return faults[fault].code;
}

const char *signature_fault_vi(enum signature_fault fault)
{
    return faults[fault].vi;
}

const char *signature_fault_en(enum signature_fault fault)
{
    return faults[fault].en;
}

/* ---- canonical form and digests ---------------------------------------------------------- */

static int is_inside(void *top, xmlNodePtr node, xmlNodePtr parent)
{
    /* An attribute is a node of the tree as well, a namespace is not and has only its parent. */
    const xmlNode *at = node->type == XML_NAMESPACE_DECL ? parent : node;
    while (at != NULL && at != top) at = at->parent;
    return at == top;
}

static int feed(void *context, const char *bytes, int n)
{
    return EVP_DigestUpdate(context, bytes, (size_t)n) == 1 ? n : -1;
}

/* Libraries print what they do not like; here that is part of the verdict. */
static void say_nothing(void *context, const char *format, ...)
{
}

/* Feeds the canonical form of an element into a digest. */
static bool canonical_feed(const struct verifying *v, const xmlNode *top, EVP_MD_CTX *digest)
{
    xmlOutputBufferPtr out = xmlOutputBufferCreateIO(feed, NULL, digest, NULL);
    if (out == NULL) return false;
    xmlSetGenericErrorFunc(NULL, say_nothing);
    int written = xmlC14NExecute(v->tree->doc, is_inside, (void *)top, XML_C14N_1_0, NULL, 0, out);
    int closed = xmlOutputBufferClose(out);
    xmlSetGenericErrorFunc(NULL, NULL);
    return written >= 0 && closed >= 0;
}

static const EVP_MD *digest_of(struct str algorithm)
{
    if (str_equal(algorithm, S("http://www.w3.org/2001/04/xmlenc#sha256"))) return EVP_sha256();
    if (str_equal(algorithm, S(DSIG "sha1"))) return EVP_sha1();
    return NULL;
}

static const EVP_MD *signature_of(struct str algorithm, struct str *out_name)
{
    if (str_equal(algorithm, S("http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"))) {
        *out_name = S("rsa-sha256");
        return EVP_sha256();
    }
    if (str_equal(algorithm, S(DSIG "rsa-sha1"))) {
        *out_name = S("rsa-sha1");
        return EVP_sha1();
    }
    return NULL;
}

/* Base64 as XML writes it, with white space; -1 when it is none or too long. */
static int64_t from_base64(struct str text, unsigned char *out, size_t size)
{
    EVP_ENCODE_CTX *context = EVP_ENCODE_CTX_new();
    int n = 0, rest = 0;
    bool good = context != NULL && text.n / 4 * 3 + 3 < size;
    if (good) {
        EVP_DecodeInit(context);
        good =
            EVP_DecodeUpdate(context, out, &n, (const unsigned char *)text.p, (int)text.n) >= 0 &&
            EVP_DecodeFinal(context, out + n, &rest) == 1;
    }
    EVP_ENCODE_CTX_free(context);
    return good ? n + rest : -1;
}

static bool same_digest(const struct verifying *v, const xmlNode *target, const EVP_MD *md,
                        struct str stated)
{
    unsigned char expected[EVP_MAX_MD_SIZE * 2], found[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    int64_t n = from_base64(stated, expected, sizeof expected);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool good = context != NULL && EVP_DigestInit_ex(context, md, NULL) == 1 &&
                canonical_feed(v, target, context) &&
                EVP_DigestFinal_ex(context, found, &size) == 1;
    EVP_MD_CTX_free(context);
    return good && n == (int64_t)size && memcmp(expected, found, size) == 0;
}

/* ---- references -------------------------------------------------------------------------- */

static struct str algorithm_of(struct verifying *v, const xmlNode *node)
{
    return xml_attribute(v->arena, node, "Algorithm");
}

/* enveloped-signature takes out a signature inside the target; there is none in ours. */
static bool transforms_are_known(struct verifying *v, const xmlNode *reference)
{
    const xmlNode *list = xml_child(reference, DSIG, "Transforms");
    size_t count = 0;
    if (list == NULL) return true;
    for (const xmlNode *one = list->children; one != NULL; one = one->next) {
        if (one->type != XML_ELEMENT_NODE) continue;
        struct str algorithm = algorithm_of(v, one);
        bool known =
            xml_is(one, DSIG, "Transform") && !xml_has_elements(one) &&
            (str_equal(algorithm, S(DSIG "enveloped-signature")) || str_equal(algorithm, S(C14N)));
        if (!known || ++count > TRANSFORMS_MAX) return false;
    }
    return true;
}

/* What the reference points at: DLHDon, MCCQT, or an Object of this signature; NULL otherwise. */
static const xmlNode *target_of(struct verifying *v, const xmlNode *signature,
                                const xmlNode *reference)
{
    struct str uri = xml_attribute(v->arena, reference, "URI");
    if (uri.n < 2 || uri.p[0] != '#') return NULL;
    const xmlNode *target = xml_by_id(v->tree, str_sub(uri, 1, uri.n));
    if (target == NULL) return NULL;
    bool time = target->parent == signature && xml_is(target, DSIG, "Object");
    return target == v->data || target == v->code || time ? target : NULL;
}

static enum signature_fault judge_reference(struct verifying *v, const xmlNode *signature,
                                            const xmlNode *reference, bool *covers_data,
                                            struct einvoice_signature *out)
{
    const xmlNode *method = xml_child(reference, DSIG, "DigestMethod");
    const xmlNode *value = xml_child(reference, DSIG, "DigestValue");
    const xmlNode *target = target_of(v, signature, reference);
    const EVP_MD *md = digest_of(algorithm_of(v, method));
    if (method == NULL || value == NULL) return SIGNATURE_SHAPE;
    if (target == NULL) return SIGNATURE_REFERENCE;
    /* Each of the three once: digests of large files take time, and there is no use in a second. */
    bool again = target == v->data   ? *covers_data
                 : target == v->code ? out->covers_code
                                     : out->signing_time.n > 0;
    if (again) return SIGNATURE_SHAPE;
    if (md == NULL || !transforms_are_known(v, reference)) return SIGNATURE_TRANSFORM;
    out->sha1 |= md == EVP_sha1();
    if (!same_digest(v, target, md, xml_text(v->arena, value))) return SIGNATURE_DIGEST;
    if (target == v->data) *covers_data = true;
    if (target == v->code) out->covers_code = true;
    if (target != v->data && target != v->code) {
        const xmlNode *properties = xml_child(target, DSIG, "SignatureProperties");
        const xmlNode *property = xml_child(properties, DSIG, "SignatureProperty");
        out->signing_time = xml_text(v->arena, xml_child(property, DSIG, "SigningTime"));
        if (out->signing_time.n == 0)
            out->signing_time = xml_text(v->arena, xml_child(property, "", "SigningTime"));
    }
    return SIGNATURE_SOUND;
}

static enum signature_fault judge_references(struct verifying *v, const xmlNode *signature,
                                             const xmlNode *info, struct einvoice_signature *out)
{
    bool covers_data = false;
    size_t count = 0;
    enum signature_fault fault = SIGNATURE_SOUND;
    for (const xmlNode *reference = xml_child(info, DSIG, "Reference");
         reference != NULL && fault == SIGNATURE_SOUND; reference = xml_next(reference)) {
        if (++count > REFERENCES_MAX) return SIGNATURE_SHAPE;
        fault = judge_reference(v, signature, reference, &covers_data, out);
    }
    if (fault == SIGNATURE_SOUND && !covers_data) return SIGNATURE_UNCOVERED;
    return fault;
}

/* ---- certificates ------------------------------------------------------------------------ */

static X509 *certificate_of(struct verifying *v, const xmlNode *node)
{
    struct str text = xml_text(v->arena, node);
    size_t size = text.n + 16;
    if (text.n == 0 || text.n > CERTIFICATE_BYTES) return NULL;
    unsigned char *der = arena_take(v->arena, size);
    int64_t n = der == NULL ? -1 : from_base64(text, der, size);
    const unsigned char *at = der;
    return n <= 0 ? NULL : d2i_X509(NULL, &at, n);
}

/* The certificates of KeyInfo; the first is the signer's. */
static STACK_OF(X509) * certificates_of(struct verifying *v, const xmlNode *signature)
{
    STACK_OF(X509) *list = sk_X509_new_null();
    const xmlNode *data = xml_child(xml_child(signature, DSIG, "KeyInfo"), DSIG, "X509Data");
    const xmlNode *node = xml_child(data, DSIG, "X509Certificate");
    for (; node != NULL && sk_X509_num(list) < CERTIFICATES_MAX; node = xml_next(node)) {
        X509 *certificate = certificate_of(v, node);
        if (certificate == NULL) break;
        sk_X509_push(list, certificate);
    }
    return list;
}

static struct str issuer_of(struct arena *arena, const X509 *certificate)
{
    char *text;
    BIO *bio = BIO_new(BIO_s_mem());
    unsigned long flags = (XN_FLAG_RFC2253 | ASN1_STRFLGS_UTF8_CONVERT) & ~ASN1_STRFLGS_ESC_MSB;
    X509_NAME_print_ex(bio, X509_get_issuer_name(certificate), 0, flags);
    long n = BIO_get_mem_data(bio, &text);
    struct str issuer = n <= 0 ? S("") : arena_str(arena, (struct str){text, (size_t)n});
    BIO_free(bio);
    return issuer;
}

/* at_ms 0: now; any_time: whenever. */
static bool is_vouched_for(const struct verifying *v, STACK_OF(X509) * certificates, int64_t at_ms,
                           bool any_time)
{
    X509_STORE_CTX *context = X509_STORE_CTX_new();
    X509 *leaf = sk_X509_value(certificates, 0);
    bool known = false;
    if (context != NULL && X509_STORE_CTX_init(context, v->trust->store, leaf, certificates) == 1) {
        unsigned long flags = X509_V_FLAG_PARTIAL_CHAIN;
        if (any_time) flags |= X509_V_FLAG_NO_CHECK_TIME;
        X509_STORE_CTX_set_flags(context, flags);
        if (at_ms != 0 && !any_time) X509_STORE_CTX_set_time(context, 0, (time_t)(at_ms / 1000));
        known = X509_verify_cert(context) == 1;
    }
    X509_STORE_CTX_free(context);
    ERR_clear_error();
    return known;
}

static enum signature_chain chain_of(const struct verifying *v, STACK_OF(X509) * certificates,
                                     int64_t at_ms)
{
    if (v->trust == NULL) return CHAIN_NOT_ASKED;
    if (is_vouched_for(v, certificates, at_ms, false)) return CHAIN_KNOWN;
    return is_vouched_for(v, certificates, at_ms, true) ? CHAIN_OTHER_TIME : CHAIN_UNKNOWN;
}

/* "2026-08-06T08:30:00", Vietnamese time where no offset is named. */
static int64_t instant_of(struct str text)
{
    enum { LOCAL_CHARS = 19 };
    char memory[64];
    struct buf buf;
    int64_t at_ms;
    buf_init_fixed(&buf, memory, sizeof memory);
    text = str_trim(text);
    buf_add(&buf, text);
    if (text.n == LOCAL_CHARS) buf_add(&buf, S("+07:00"));
    return instant_parse(buf_str(&buf), &at_ms) ? at_ms : 0;
}

static void describe_signer(struct verifying *v, STACK_OF(X509) * certificates,
                            struct einvoice_signature *out)
{
    int64_t from_ms, to_ms;
    X509 *leaf = sk_X509_value(certificates, 0);
    out->subject = certificate_subject(v->arena, leaf);
    out->issuer = issuer_of(v->arena, leaf);
    out->tax_code = signer_tax_code(v->arena, leaf);
    out->development = signer_is_development(leaf);
    out->at_ms = instant_of(out->signing_time);
    out->valid_then = out->at_ms != 0 && certificate_validity(leaf, &from_ms, &to_ms) &&
                      out->at_ms >= from_ms && out->at_ms <= to_ms;
    out->chain = chain_of(v, certificates, out->at_ms);
}

static bool is_strong_rsa(EVP_PKEY *key)
{
    return key != NULL && EVP_PKEY_is_a(key, "RSA") && EVP_PKEY_get_bits(key) >= RSA_BITS_MIN;
}

static enum signature_fault judge_value(struct verifying *v, const xmlNode *info, const EVP_MD *md,
                                        X509 *leaf, struct str value)
{
    unsigned char bytes[VALUE_BYTES];
    EVP_PKEY *key = X509_get0_pubkey(leaf);
    int64_t n = from_base64(value, bytes, sizeof bytes);
    if (!is_strong_rsa(key)) return SIGNATURE_CERTIFICATE;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool good =
        context != NULL && n > 0 && EVP_DigestVerifyInit(context, NULL, md, NULL, key) == 1 &&
        canonical_feed(v, info, context) && EVP_DigestVerifyFinal(context, bytes, (size_t)n) == 1;
    EVP_MD_CTX_free(context);
    ERR_clear_error();
    return good ? SIGNATURE_SOUND : SIGNATURE_VALUE;
}

/* ---- one signature ----------------------------------------------------------------------- */

static enum signature_fault judge(struct verifying *v, const xmlNode *signature,
                                  STACK_OF(X509) * certificates, struct einvoice_signature *out)
{
    const xmlNode *info = xml_child(signature, DSIG, "SignedInfo");
    const xmlNode *value = xml_child(signature, DSIG, "SignatureValue");
    const xmlNode *canonical = xml_child(info, DSIG, "CanonicalizationMethod");
    if (info == NULL || value == NULL || xml_next(info) != NULL || xml_next(value) != NULL)
        return SIGNATURE_SHAPE;
    if (!str_equal(algorithm_of(v, canonical), S(C14N)) || xml_has_elements(canonical))
        return SIGNATURE_CANONICAL;
    const EVP_MD *md =
        signature_of(algorithm_of(v, xml_child(info, DSIG, "SignatureMethod")), &out->algorithm);
    if (md == NULL) return SIGNATURE_ALGORITHM;
    out->sha1 = md == EVP_sha1();
    enum signature_fault fault = judge_references(v, signature, info, out);
    if (fault != SIGNATURE_SOUND) return fault;
    if (sk_X509_num(certificates) == 0) return SIGNATURE_CERTIFICATE;
    return judge_value(v, info, md, sk_X509_value(certificates, 0), xml_text(v->arena, value));
}

static void verify_one(struct verifying *v, const xmlNode *place, const xmlNode *signature,
                       struct einvoice_signature *out)
{
    STACK_OF(X509) *certificates = certificates_of(v, signature);
    *out =
        (struct einvoice_signature){.place = arena_str(v->arena, str_of((const char *)place->name)),
                                    .algorithm = S(""),
                                    .subject = S(""),
                                    .issuer = S(""),
                                    .tax_code = S(""),
                                    .signing_time = S("")};
    out->fault = judge(v, signature, certificates, out);
    if (sk_X509_num(certificates) > 0) describe_signer(v, certificates, out);
    sk_X509_pop_free(certificates, X509_free);
    ERR_clear_error();
}

static err_t refuse_many(struct err *err)
{
    err_set(err, E_LIMIT, "DSCKS", "Hóa đơn có quá %d chữ ký", "More than %d signatures",
            EINVOICE_SIGNATURES_MAX);
    return err_hint(err, "Xin bản gốc của hóa đơn", "Ask for the original of the invoice");
}

err_t einvoice_verify(struct arena *arena, const struct xml_tree *tree, struct _xmlNode *invoice,
                      const struct trust *trust,
                      struct einvoice_signature out[EINVOICE_SIGNATURES_MAX], size_t *out_count,
                      struct err *err)
{
    struct verifying v = {arena, tree, xml_child(invoice, "", "DLHDon"),
                          xml_child(invoice, "", "MCCQT"), trust};
    size_t count = 0;
    for (const xmlNode *list = xml_child(invoice, "", "DSCKS"); list != NULL;
         list = xml_next(list)) {
        for (const xmlNode *place = list->children; place != NULL; place = place->next) {
            if (place->type != XML_ELEMENT_NODE) continue;
            for (const xmlNode *one = xml_child(place, DSIG, "Signature"); one != NULL;
                 one = xml_next(one)) {
                if (count == EINVOICE_SIGNATURES_MAX) return refuse_many(err);
                verify_one(&v, place, one, &out[count++]);
            }
        }
    }
    *out_count = count;
    return arena->failed ? err_memory(err) : OK;
}

/* ---- authorities ------------------------------------------------------------------------- */

err_t trust_open(const char *path, struct trust *out, struct err *err)
{
    if (!file_exists(path)) return file_error(err, path, ENOENT);
    X509_STORE *store = X509_STORE_new();
    if (store == NULL) return err_memory(err);
    if (X509_STORE_load_file(store, path) == 1) {
        out->store = store;
        return OK;
    }
    X509_STORE_free(store);
    ERR_clear_error();
    err_set(err, E_INPUT, path, "Tệp không có chứng thư số nào", "The file holds no certificate");
    return err_hint(err, "Chỉ ra tệp PEM gồm chứng thư của các tổ chức chứng thực",
                    "Name a PEM file with the certificates of the authorities");
}

void trust_close(struct trust *trust)
{
    X509_STORE_free(trust->store);
    trust->store = NULL;
}
