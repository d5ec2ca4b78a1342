/* SPDX-License-Identifier: Apache-2.0 */
#include "base/certificate.h"

#include <limits.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

enum { DAY_S = 86400, SECOND_MS = 1000 };

struct str certificate_subject(struct arena *arena, const void *x509)
{
    char *text;
    BIO *bio = BIO_new(BIO_s_mem());
    if (bio == NULL) return S("");
    unsigned long flags = (XN_FLAG_RFC2253 | ASN1_STRFLGS_UTF8_CONVERT) & ~ASN1_STRFLGS_ESC_MSB;
    X509_NAME_print_ex(bio, X509_get_subject_name(x509), 0, flags);
    long n = BIO_get_mem_data(bio, &text);
    struct str subject = n <= 0 ? S("") : arena_str(arena, (struct str){text, (size_t)n});
    BIO_free(bio);
    return subject;
}

static bool instant_of(const ASN1_TIME *time, int64_t *out_ms)
{
    int days, seconds;
    ASN1_TIME *epoch = ASN1_TIME_set(NULL, 0);
    bool good = epoch != NULL && time != NULL && ASN1_TIME_diff(&days, &seconds, epoch, time) == 1;
    if (good) *out_ms = ((int64_t)days * DAY_S + seconds) * SECOND_MS;
    ASN1_TIME_free(epoch);
    return good;
}

bool certificate_validity(const void *x509, int64_t *out_from_ms, int64_t *out_to_ms)
{
    return instant_of(X509_get0_notBefore(x509), out_from_ms) &&
           instant_of(X509_get0_notAfter(x509), out_to_ms);
}

/* ---- a PEM text -------------------------------------------------------------------------- */

static err_t refuse(const char *field, struct err *err)
{
    err_set(err, E_INPUT, field, "Không có chứng thư X.509 dạng PEM",
            "There is no X.509 certificate in PEM");
    return err_hint(err, "Chỉ ra tệp có dòng -----BEGIN CERTIFICATE-----",
                    "Name a file with the line -----BEGIN CERTIFICATE-----");
}

/* Certificates are public; one that is locked is none, and nobody is asked for its password. */
static int give_nothing(char *out UNUSED, int size UNUSED, int writing UNUSED,
                        void *context UNUSED)
{
    return -1;
}

static X509 *parse(struct str pem)
{
    BIO *bio = pem.n == 0 || pem.n > INT_MAX ? NULL : BIO_new_mem_buf(pem.p, (int)pem.n);
    X509 *x509 = bio == NULL ? NULL : PEM_read_bio_X509(bio, NULL, give_nothing, NULL);
    BIO_free(bio);
    ERR_clear_error();
    return x509;
}

static bool fill(struct arena *arena, const X509 *x509, struct certificate *out)
{
    unsigned char *der = NULL;
    int n = i2d_X509(x509, &der);
    if (n <= 0) return false;
    out->fingerprint = hash_of((struct str){(const char *)der, (size_t)n});
    OPENSSL_free(der);
    out->subject = certificate_subject(arena, x509);
    return certificate_validity(x509, &out->from_ms, &out->to_ms);
}

err_t certificate_read(struct arena *arena, struct str pem, const char *field,
                       struct certificate *out, struct err *err)
{
    struct certificate read = {.subject = S("")};
    X509 *x509 = parse(pem);
    bool good = x509 != NULL && fill(arena, x509, &read);
    X509_free(x509);
    if (arena->failed) return err_memory(err);
    if (!good) return refuse(field, err);
    *out = read;
    return OK;
}
