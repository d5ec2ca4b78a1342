/* SPDX-License-Identifier: Apache-2.0 */
#include "keys.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/provider.h>
#include <openssl/rsa.h>
#include <string.h>
#include <sys/stat.h>

#include "base/buffer.h"

enum { TEXT_BYTES = 64, ITERATIONS = 2048 };

static void add_name(X509_NAME *name, const char *part, const char *text)
{
    int good = X509_NAME_add_entry_by_txt(name, part, MBSTRING_UTF8, (const unsigned char *)text,
                                          -1, -1, 0);
    ASSERT(good == 1);
}

struct test_pair test_pair_make(int bits, const char *tax_code, const char *from, const char *to)
{
    char text[TEXT_BYTES];
    struct buf buf;
    struct test_pair pair = {.key = bits > 0 ? EVP_RSA_gen((unsigned)bits) : EVP_EC_gen("P-256"),
                             .certificate = X509_new()};
    X509 *c = pair.certificate;
    X509_set_version(c, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(c), 7);
    buf_init_fixed(&buf, text, sizeof text);
    buf_printf(&buf, "%s000000Z", from);
    ASN1_TIME_set_string_X509(X509_getm_notBefore(c), text);
    buf_reset(&buf);
    buf_printf(&buf, "%s000000Z", to);
    ASN1_TIME_set_string_X509(X509_getm_notAfter(c), text);
    buf_reset(&buf);
    buf_printf(&buf, "MST:%s", tax_code);
    add_name(X509_get_subject_name(c), "O", "Hợp tác xã <Thử> & Nghiệm");
    add_name(X509_get_subject_name(c), "UID", text);
    X509_set_issuer_name(c, X509_get_subject_name(c));
    X509_set_pubkey(c, pair.key);
    ASSERT(X509_sign(c, pair.key, EVP_sha256()) > 0);
    return pair;
}

void test_pair_free(struct test_pair *pair)
{
    EVP_PKEY_free(pair->key);
    X509_free(pair->certificate);
}

void test_write_pem(const char *path, EVP_PKEY *key, const char *password, X509 *certificate)
{
    BIO *bio = BIO_new_file(path, "w");
    const EVP_CIPHER *cipher = password == NULL ? NULL : EVP_aes_256_cbc();
    ASSERT(bio != NULL);
    if (key != NULL)
        PEM_write_bio_PKCS8PrivateKey(bio, key, cipher, password,
                                      password == NULL ? 0 : (int)strlen(password), NULL, NULL);
    if (certificate != NULL) PEM_write_bio_X509(bio, certificate);
    BIO_free(bio);
    chmod(path, 0600);
}

void test_write_pkcs12(const char *path, const struct test_pair *pair, const char *password,
                       bool legacy)
{
    OSSL_LIB_CTX *library = OSSL_LIB_CTX_new();
    OSSL_PROVIDER *ordinary = OSSL_PROVIDER_load(library, "default");
    OSSL_PROVIDER *old = OSSL_PROVIDER_load(library, "legacy");
    int key_cipher = legacy ? NID_pbe_WithSHA1And3_Key_TripleDES_CBC : NID_aes_256_cbc;
    int certificate_cipher = legacy ? NID_pbe_WithSHA1And40BitRC2_CBC : NID_aes_256_cbc;
    PKCS12 *p12 = PKCS12_create_ex(password, "test", pair->key, pair->certificate, NULL, key_cipher,
                                   certificate_cipher, ITERATIONS, ITERATIONS, 0, library, NULL);
    ASSERT(p12 != NULL);
    if (legacy) PKCS12_set_mac(p12, password, -1, NULL, 0, ITERATIONS, EVP_sha1());
    BIO *bio = BIO_new_file(path, "w");
    i2d_PKCS12_bio(bio, p12);
    BIO_free(bio);
    PKCS12_free(p12);
    OSSL_PROVIDER_unload(old);
    OSSL_PROVIDER_unload(ordinary);
    OSSL_LIB_CTX_free(library);
    chmod(path, 0600);
}
