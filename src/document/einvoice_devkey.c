/* SPDX-License-Identifier: Apache-2.0 */
#include "document/einvoice_devkey.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include "base/buffer.h"
#include "base/clock.h"
#include "base/file.h"
#include "document/einvoice_field_check.h"
#include "document/einvoice_key.h"

enum { SERIAL_BYTES = 16 };

static bool add_name(X509_NAME *name, const char *part, const char *text)
{
    return X509_NAME_add_entry_by_txt(name, part, MBSTRING_UTF8, (const unsigned char *)text, -1,
                                      -1, 0) == 1;
}

static bool add_subject(X509 *certificate, struct str tax_code)
{
    char memory[64];
    struct buf user;
    X509_NAME *name = X509_get_subject_name(certificate);
    bool good = add_name(name, "C", "VN") && add_name(name, "O", "Sáng Đèn") &&
                add_name(name, "OU", SIGNER_DEVELOPMENT_UNIT) &&
                add_name(name, "CN", "KHÓA PHÁT TRIỂN, VÔ GIÁ TRỊ - NO LEGAL VALUE");
    buf_init_fixed(&user, memory, sizeof memory);
    buf_printf(&user, "MST:%.*s", STR_ARG(tax_code));
    return good && (tax_code.n == 0 || add_name(name, "UID", memory));
}

static bool add_extension(X509 *certificate, int nid, const char *value)
{
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, certificate, certificate, NULL, NULL, 0);
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);
    bool good = extension != NULL && X509_add_ext(certificate, extension, -1) == 1;
    X509_EXTENSION_free(extension);
    return good;
}

static bool add_serial(X509 *certificate)
{
    unsigned char bytes[SERIAL_BYTES];
    random_bytes(bytes, sizeof bytes);
    bytes[0] &= 0x7F;
    BIGNUM *number = BN_bin2bn(bytes, sizeof bytes, NULL);
    bool good = BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate)) != NULL;
    BN_free(number);
    return good;
}

/* Valid for all days that a demonstration may have. */
static X509 *certificate_of(EVP_PKEY *key, struct str tax_code)
{
    X509 *c = X509_new();
    bool good = c != NULL && X509_set_version(c, X509_VERSION_3) == 1 && add_serial(c) &&
                ASN1_TIME_set_string(X509_getm_notBefore(c), "20200101000000Z") == 1 &&
                ASN1_TIME_set_string(X509_getm_notAfter(c), "20491231235959Z") == 1 &&
                add_subject(c, tax_code) &&
                X509_set_issuer_name(c, X509_get_subject_name(c)) == 1 &&
                X509_set_pubkey(c, key) == 1 &&
                add_extension(c, NID_basic_constraints, "critical,CA:FALSE") &&
                add_extension(c, NID_key_usage, "critical,digitalSignature,nonRepudiation") &&
                X509_sign(c, key, EVP_sha256()) > 0;
    if (good) return c;
    X509_free(c);
    return NULL;
}

static err_t write_pem(const char *path, EVP_PKEY *key, X509 *certificate, struct err *err)
{
    char *text;
    BIO *bio = BIO_new(BIO_s_secmem());
    bool good =
        key == NULL || PEM_write_bio_PKCS8PrivateKey(bio, key, NULL, NULL, 0, NULL, NULL) == 1;
    good = good && PEM_write_bio_X509(bio, certificate) == 1;
    long n = good ? BIO_get_mem_data(bio, &text) : 0;
    struct str content = {n > 0 ? text : "", n > 0 ? (size_t)n : 0};
    err_t e = OK;
    if (n <= 0) e = err_memory(err);
    else e = key == NULL ? file_write(path, content, err) : file_write_secret(path, content, err);
    if (n > 0) OPENSSL_cleanse(text, (size_t)n);
    BIO_free(bio);
    return e;
}

static err_t check(const char *path, struct str tax_code, struct err *err)
{
    if (file_exists(path)) {
        err_set(err, E_CONFLICT, path, "Khóa phát triển đã có", "The development key is there");
        return err_hint(err, "Dùng khóa này, hoặc chọn thư mục khác",
                        "Use it, or choose another folder");
    }
    if (tax_code.n == 0 || einvoice_tax_code(tax_code)) return OK;
    err_set(err, E_INPUT, "tax-code", "“%.*s” không phải mã số thuế", "“%.*s” is no tax code",
            STR_ARG(str_first(tax_code, 40)));
    return err_hint(err, "Mã số thuế gồm 10 hoặc 12 chữ số, hoặc 10 chữ số, dấu gạch và 3 chữ số",
                    "A tax code has 10 or 12 digits, or 10 digits, a dash and 3 digits");
}

err_t devkey_make(const char *folder, struct str tax_code, struct err *err)
{
    char key_memory[FILE_PATH_MAX_BYTES], certificate_memory[FILE_PATH_MAX_BYTES];
    struct buf key_path, certificate_path;
    buf_init_fixed(&key_path, key_memory, sizeof key_memory);
    buf_init_fixed(&certificate_path, certificate_memory, sizeof certificate_memory);
    buf_printf(&key_path, "%s/%s", folder, DEVKEY_FILE);
    buf_printf(&certificate_path, "%s/%s", folder, DEVKEY_CERTIFICATE_FILE);
    err_t e = check(key_memory, tax_code, err);
    if (e == OK) e = folder_make(folder, err);
    if (e != OK) return e;
    EVP_PKEY *key = EVP_RSA_gen(SIGNER_BITS_MIN);
    X509 *certificate = key == NULL ? NULL : certificate_of(key, tax_code);
    if (certificate == NULL) {
        err_set(err, E_OUTSIDE, NULL, "Thư viện mật mã không tạo được khóa",
                "The cryptographic library could not make a key");
        e = err_hint(err, "Kiểm tra cài đặt OpenSSL", "Check the installation of OpenSSL");
    }
    if (e == OK) e = write_pem(certificate_memory, NULL, certificate, err);
    if (e == OK) e = write_pem(key_memory, key, certificate, err);
    X509_free(certificate);
    EVP_PKEY_free(key);
    ERR_clear_error();
    return e;
}
