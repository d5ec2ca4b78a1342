/* SPDX-License-Identifier: Apache-2.0 */
#include "document/einvoice_key.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/provider.h>
#include <openssl/rsa.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/certificate.h"
#include "base/date.h"
#include "base/file.h"

/* ---- files ------------------------------------------------------------------------------- */

struct secret {
    unsigned char bytes[SIGNER_FILE_BYTES];
    size_t n;
};

void signer_wipe(void *memory, size_t size)
{
    OPENSSL_cleanse(memory, size);
}

static err_t refuse_open_file(const char *path, struct err *err)
{
    err_set(err, E_FORBIDDEN, path, "Tệp mật mà mọi người dùng đều đọc được",
            "A secret file that every user can read");
    return err_hint(err, "Chạy chmod 600 %s rồi thử lại", "Run chmod 600 %s and try again", path);
}

static err_t read_all(int fd, struct secret *out, const char *path, struct err *err)
{
    for (out->n = 0; out->n < sizeof out->bytes;) {
        ssize_t got = read(fd, out->bytes + out->n, sizeof out->bytes - out->n);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return file_error(err, path, errno);
        if (got == 0) return OK;
        out->n += (size_t)got;
    }
    err_set(err, E_LIMIT, path, "Tệp khóa lớn hơn %d byte", "The key file is over %d bytes",
            SIGNER_FILE_BYTES);
    return err_hint(err, "Chỉ ra tệp PEM hoặc PKCS#12 của khóa ký",
                    "Name the PEM or PKCS#12 file of the signing key");
}

/* A folder or a device: nobody is told to change the rights of those. */
static err_t refuse_no_file(const char *path, struct err *err)
{
    err_set(err, E_INPUT, path, "Đường dẫn không phải là một tệp",
            "The path is not that of a file");
    return err_hint(err, "Chỉ ra tệp PEM hoặc PKCS#12 của khóa ký, hoặc tệp mật khẩu",
                    "Name the PEM or PKCS#12 file of the signing key, or the password file");
}

/* secret: the file must not be readable by everybody. A pipe, by which a safe hands a key over, has
 * no other readers. */
static err_t read_file(const char *path, bool is_secret, struct secret *out, struct err *err)
{
    struct stat status;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return file_error(err, path, errno);
    err_t e = fstat(fd, &status) != 0 ? file_error(err, path, errno) : OK;
    if (e == OK && !S_ISREG(status.st_mode) && !S_ISFIFO(status.st_mode))
        e = refuse_no_file(path, err);
    if (e == OK && is_secret && (status.st_mode & S_IROTH) != 0) e = refuse_open_file(path, err);
    if (e == OK) e = read_all(fd, out, path, err);
    close(fd);
    if (e != OK) signer_wipe(out, sizeof *out);
    return e;
}

err_t signer_password_read(const char *path, char out[SIGNER_PASSWORD_BYTES], struct err *err)
{
    struct secret secret;
    err_t e = read_file(path, true, &secret, err);
    if (e != OK) return e;
    size_t n = 0;
    while (n < secret.n && secret.bytes[n] != '\n' && secret.bytes[n] != '\r') n++;
    if (n < SIGNER_PASSWORD_BYTES) {
        memcpy(out, secret.bytes, n);
        out[n] = '\0';
    }
    signer_wipe(&secret, sizeof secret);
    if (n < SIGNER_PASSWORD_BYTES) return OK;
    err_set(err, E_LIMIT, path, "Mật khẩu dài hơn %d byte", "The password is over %d bytes",
            SIGNER_PASSWORD_BYTES - 1);
    return err_hint(err, "Ghi mật khẩu ở dòng đầu của tệp",
                    "Write the password on the first line of the file");
}

/* ---- reading keys ------------------------------------------------------------------------ */

struct pair {
    EVP_PKEY *key;
    X509 *certificate;
    bool locked; /* a password is missing or wrong */
};

static void pair_free(struct pair *pair)
{
    EVP_PKEY_free(pair->key);
    X509_free(pair->certificate);
}

static int give_password(char *out, int size, int writing, void *context)
{
    const struct str *password = context;
    if (password->n > (size_t)size) return -1;
    if (password->n > 0) memcpy(out, password->p, password->n);
    return (int)password->n;
}

/* Whether the last failure was that of a password. */
static bool wrong_password(void)
{
    for (unsigned long e = ERR_get_error(); e != 0; e = ERR_get_error()) {
        int reason = ERR_GET_REASON(e), library = ERR_GET_LIB(e);
        if (library == ERR_LIB_PEM &&
            (reason == PEM_R_BAD_DECRYPT || reason == PEM_R_BAD_PASSWORD_READ))
            return true;
        if (library == ERR_LIB_PKCS12 || library == ERR_LIB_EVP || library == ERR_LIB_PROV)
            return true;
    }
    return false;
}

/* Certificates are public; one that is locked is none, and nobody is asked for its password. */
static int give_nothing(char *out, int size, int writing, void *context)
{
    return -1;
}

static X509 *pem_certificate(const struct secret *file)
{
    BIO *bio = BIO_new_mem_buf(file->bytes, (int)file->n);
    X509 *certificate = PEM_read_bio_X509(bio, NULL, give_nothing, NULL);
    BIO_free(bio);
    return certificate;
}

static void read_pem(const struct secret *file, const struct str *password, struct pair *out)
{
    BIO *bio = BIO_new_mem_buf(file->bytes, (int)file->n);
    ERR_clear_error();
    out->key = PEM_read_bio_PrivateKey(bio, NULL, give_password, (void *)password);
    out->locked = out->key == NULL && wrong_password();
    BIO_free(bio);
    out->certificate = pem_certificate(file);
    ERR_clear_error();
}

/* The key once more in the ordinary context of the library, so that the one with the old ciphers
 * can go. */
static EVP_PKEY *moved(EVP_PKEY *key)
{
    unsigned char *bytes = NULL;
    int n = i2d_PrivateKey(key, &bytes);
    EVP_PKEY_free(key);
    if (n <= 0) return NULL;
    const unsigned char *at = bytes;
    EVP_PKEY *again = d2i_AutoPrivateKey(NULL, &at, n);
    OPENSSL_clear_free(bytes, (size_t)n);
    return again;
}

static X509 *moved_certificate(X509 *certificate)
{
    unsigned char *bytes = NULL;
    int n = i2d_X509(certificate, &bytes);
    X509_free(certificate);
    if (n <= 0) return NULL;
    const unsigned char *at = bytes;
    X509 *again = d2i_X509(NULL, &at, n);
    OPENSSL_free(bytes);
    return again;
}

static bool parse_pkcs12(const struct secret *file, const char *password, OSSL_LIB_CTX *library,
                         struct pair *out)
{
    const unsigned char *at = file->bytes;
    PKCS12 *p12 = PKCS12_init_ex(NID_pkcs7_data, library, NULL);
    bool good = p12 != NULL && d2i_PKCS12(&p12, &at, (long)file->n) != NULL;
    if (good && PKCS12_parse(p12, password, &out->key, &out->certificate, NULL) != 1)
        out->locked = true;
    PKCS12_free(p12);
    return good;
}

/* Files of earlier years use ciphers that OpenSSL 3 keeps apart ("legacy"); they are read in a
 * context of their own. */
static bool read_pkcs12(const struct secret *file, const struct str *password, struct pair *out)
{
    char text[SIGNER_PASSWORD_BYTES] = "";
    if (password->n > 0 && password->n < sizeof text) memcpy(text, password->p, password->n);
    OSSL_LIB_CTX *library = OSSL_LIB_CTX_new();
    OSSL_PROVIDER *ordinary = OSSL_PROVIDER_load(library, "default");
    OSSL_PROVIDER *legacy = OSSL_PROVIDER_load(library, "legacy");
    bool good = parse_pkcs12(file, text, library, out);
    if (out->key != NULL) out->key = moved(out->key);
    if (legacy != NULL) OSSL_PROVIDER_unload(legacy);
    if (ordinary != NULL) OSSL_PROVIDER_unload(ordinary);
    signer_wipe(text, sizeof text);
    ERR_clear_error();
    if (out->certificate != NULL) out->certificate = moved_certificate(out->certificate);
    OSSL_LIB_CTX_free(library);
    return good;
}

/* ---- what is wrong with them ------------------------------------------------------------- */

static err_t refuse_key(const char *path, const char *vi, const char *en, const char *hint_vi,
                        const char *hint_en, struct err *err)
{
    err_set(err, E_INPUT, path, "%s%.0s", "%.0s%s", vi, en);
    return err_hint(err, "%s%.0s", "%.0s%s", hint_vi, hint_en);
}

static err_t judge(const struct pair *pair, const char *path, struct err *err)
{
    if (pair->locked)
        return refuse_key(path, "Mật khẩu của khóa ký thiếu hoặc sai",
                          "The password of the signing key is missing or wrong",
                          "Ghi mật khẩu vào tệp của --password-file hoặc biến môi trường "
                          "SANGDEN_INVOICE_KEY_PASSWORD",
                          "Put the password into the file of --password-file or into "
                          "SANGDEN_INVOICE_KEY_PASSWORD",
                          err);
    if (pair->key == NULL)
        return refuse_key(path, "Tệp không chứa khóa ký", "The file holds no signing key",
                          "Chỉ ra tệp PEM hoặc PKCS#12 có khóa riêng",
                          "Name a PEM or PKCS#12 file with the private key", err);
    if (pair->certificate == NULL)
        return refuse_key(path, "Tệp không chứa chứng thư số", "The file holds no certificate",
                          "Thêm chứng thư vào tệp, hoặc chỉ ra bằng --certificate",
                          "Add the certificate to the file, or name it with --certificate", err);
    if (!EVP_PKEY_is_a(pair->key, "RSA") || EVP_PKEY_get_bits(pair->key) < SIGNER_BITS_MIN)
        return refuse_key(path, "Khóa ký yếu hoặc không phải RSA",
                          "The signing key is weak or not RSA", "Dùng khóa RSA từ 2048 bit",
                          "Use an RSA key of at least 2048 bits", err);
    if (X509_check_private_key(pair->certificate, pair->key) != 1) {
        ERR_clear_error();
        return refuse_key(path, "Khóa ký và chứng thư số không đi với nhau",
                          "Key and certificate do not belong together",
                          "Chỉ ra chứng thư được cấp cho chính khóa này",
                          "Name the certificate that was issued for this key", err);
    }
    return OK;
}

/* ---- certificates ------------------------------------------------------------------------ */

/* The first part of the subject, of any kind or of nid, that begins with prefix, without it. */
static bool subject_part(const X509 *certificate, int nid, const char *prefix, char *out,
                         size_t size)
{
    const X509_NAME *name = X509_get_subject_name(certificate);
    struct buf buf;
    for (int i = 0; i < X509_NAME_entry_count(name); i++) {
        const X509_NAME_ENTRY *entry = X509_NAME_get_entry(name, i);
        unsigned char *utf8 = NULL;
        if (nid != 0 && OBJ_obj2nid(X509_NAME_ENTRY_get_object(entry)) != nid) continue;
        int n = ASN1_STRING_to_UTF8(&utf8, X509_NAME_ENTRY_get_data(entry));
        if (n < 0) continue;
        struct str text = {(const char *)utf8, (size_t)n};
        bool found = str_starts(text, str_of(prefix)) && text.n - strlen(prefix) < size;
        buf_init_fixed(&buf, out, size);
        if (found) buf_add(&buf, str_sub(text, strlen(prefix), text.n));
        OPENSSL_free(utf8);
        if (found) return true;
    }
    return false;
}

struct str signer_tax_code(struct arena *arena, const void *certificate)
{
    char text[64];
    if (!subject_part(certificate, 0, "MST:", text, sizeof text)) return S("");
    return arena_str(arena, str_of(text));
}

bool signer_is_development(const void *certificate)
{
    char rest[64];
    return subject_part(certificate, NID_organizationalUnitName, SIGNER_DEVELOPMENT_UNIT, rest,
                        sizeof rest);
}

static struct str in_base64(struct arena *arena, const X509 *certificate)
{
    unsigned char *der = NULL;
    int n = i2d_X509(certificate, &der);
    if (n <= 0) return S("");
    size_t size = ((size_t)n + 2) / 3 * 4;
    char *text = arena_take(arena, size + 1);
    if (text != NULL) EVP_EncodeBlock((unsigned char *)text, der, n);
    OPENSSL_free(der);
    return (struct str){text, text == NULL ? 0 : size};
}

/* ---- opening ----------------------------------------------------------------------------- */

static err_t read_pair(const struct signer_source *source, struct pair *out, struct err *err)
{
    static const char pem[] = "-----BEGIN";
    struct secret file;
    file.n = 0;
    err_t e = read_file(source->key, true, &file, err);
    if (e != OK) return e;
    if (file.n > sizeof pem && memmem(file.bytes, file.n, pem, sizeof pem - 1) != NULL)
        read_pem(&file, &source->password, out);
    else if (!read_pkcs12(&file, &source->password, out)) out->key = NULL;
    signer_wipe(&file, sizeof file);
    if (source->certificate == NULL) return OK;
    e = read_file(source->certificate, false, &file, err);
    if (e != OK) return e;
    X509_free(out->certificate);
    out->certificate = pem_certificate(&file);
    ERR_clear_error();
    return OK;
}

static err_t describe(struct arena *arena, const struct pair *pair, const char *path,
                      struct signer *out, struct err *err)
{
    struct signer signer = {.bits = EVP_PKEY_get_bits(pair->key),
                            .certificate = in_base64(arena, pair->certificate),
                            .subject = certificate_subject(arena, pair->certificate),
                            .tax_code = signer_tax_code(arena, pair->certificate),
                            .development = signer_is_development(pair->certificate)};
    if (arena->failed) return err_memory(err);
    if (!certificate_validity(pair->certificate, &signer.from_ms, &signer.to_ms))
        return refuse_key(path, "Không đọc được thời hạn của chứng thư số",
                          "The validity of the certificate cannot be read",
                          "Dùng chứng thư còn nguyên vẹn", "Use a certificate that is whole", err);
    *out = signer;
    return OK;
}

/* Looking algorithms up costs a tenth of a signature, so it is done once. */
static err_t prepare(struct signer *signer, EVP_PKEY *key, struct err *err)
{
    EVP_PKEY_CTX *ready = EVP_PKEY_CTX_new(key, NULL);
    EVP_MD *sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
    if (ready != NULL && sha256 != NULL && EVP_PKEY_sign_init(ready) == 1 &&
        EVP_PKEY_CTX_set_signature_md(ready, sha256) == 1) {
        signer->key = key;
        signer->ready = ready;
        signer->sha256 = sha256;
        return OK;
    }
    EVP_PKEY_CTX_free(ready);
    EVP_MD_free(sha256);
    return err_memory(err);
}

err_t signer_open(struct arena *arena, const struct signer_source *source, struct signer *out,
                  struct err *err)
{
    struct pair pair = {0};
    err_t e = read_pair(source, &pair, err);
    if (e == OK) e = judge(&pair, source->key, err);
    if (e == OK) e = describe(arena, &pair, source->key, out, err);
    if (e == OK) e = prepare(out, pair.key, err);
    if (e == OK) pair.key = NULL;
    pair_free(&pair);
    return e;
}

void signer_close(struct signer *signer)
{
    EVP_PKEY_CTX_free(signer->ready);
    EVP_MD_free(signer->sha256);
    EVP_PKEY_free(signer->key);
    *signer = (struct signer){0};
}

bool signer_valid_at(const struct signer *signer, int64_t at_ms)
{
    return at_ms >= signer->from_ms && at_ms <= signer->to_ms;
}

int32_t signer_first_day(const struct signer *signer)
{
    return vietnam_day(signer->from_ms);
}

int32_t signer_last_day(const struct signer *signer)
{
    return vietnam_day(signer->to_ms);
}

bool signer_covers(const struct signer *signer, int32_t day)
{
    return day >= signer_first_day(signer) && day <= signer_last_day(signer);
}
