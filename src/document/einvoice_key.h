/* SPDX-License-Identifier: Apache-2.0 */
/* The key that signs: RSA of at least 2048 bits with its certificate, from a PEM or PKCS#12 file
 * that the operator gives.
 *
 * Key material never enters an arena or a buffer of the program: it goes from the file into OpenSSL
 * through memory that is wiped. A key file that everybody may read is refused. Passwords come from
 * a file or from the environment, never from the command line, where every user of the machine sees
 * them. A development key (einvoice_devkey.h) is marked in its certificate.
 * Ownership: signer_close gives the key back. Threads: a signer may be used by several at once. */
#ifndef SANGDEN_DOCUMENT_EINVOICE_KEY_H
#define SANGDEN_DOCUMENT_EINVOICE_KEY_H

#include "base/arena.h"
#include "base/buffer.h"
#include "base/error.h"

enum { SIGNER_BITS_MIN = 2048, SIGNER_PASSWORD_BYTES = 256, SIGNER_FILE_BYTES = 64 * 1024 };

/* The organisational unit in the subject of a development key. */
#define SIGNER_DEVELOPMENT_UNIT "SANGDEN DEVELOPMENT KEY"

struct signer {
    void *key;              /* EVP_PKEY */
    void *ready;            /* EVP_PKEY_CTX for rsa-sha256, copied for each signature */
    void *sha256;           /* EVP_MD */
    struct str certificate; /* DER in base64, one line */
    struct str subject;     /* RFC 2253, the special parts first */
    struct str tax_code;    /* "MST:…" of the subject; empty where there is none */
    int64_t from_ms, to_ms; /* validity */
    int bits;
    bool development;
};

/* Where a key comes from. certificate is NULL when it stands in the key's file. */
struct signer_source {
    const char *key;
    const char *certificate;
    struct str password; /* empty: none */
};

/* Opens a key; texts go into the arena. E_IO, E_FORBIDDEN when everybody may read the file, E_INPUT
 * when it is no key, the password is wrong, key and certificate do not belong together or the key
 * is too weak. */
NODISCARD err_t signer_open(struct arena *arena, const struct signer_source *source,
                            struct signer *out, struct err *err);
void signer_close(struct signer *signer);

/* Whether the certificate is valid at that time. */
bool signer_valid_at(const struct signer *signer, int64_t at_ms);
/* The days on which the certificate is valid, both included. */
int32_t signer_first_day(const struct signer *signer);
int32_t signer_last_day(const struct signer *signer);
/* Whether a day is one of them. */
bool signer_covers(const struct signer *signer, int32_t day);

/* Reads the first line of a password file into out, NUL-terminated. The caller wipes it with
 * signer_wipe. E_IO, E_FORBIDDEN, E_LIMIT. */
NODISCARD err_t signer_password_read(const char *path, char out[SIGNER_PASSWORD_BYTES],
                                     struct err *err);
void signer_wipe(void *memory, size_t size);

/* The tax code in the subject of a certificate (X509). */
struct str signer_tax_code(struct arena *arena, const void *certificate);
/* Whether it is one of a development key. */
bool signer_is_development(const void *certificate);

#endif
