/* SPDX-License-Identifier: Apache-2.0 */
/* What stands in a certificate (X.509, RFC 5280): whose it is, when it is valid, which one it is.
 * Whether somebody vouches for it is not asked here.
 *
 * Ownership: texts live in the arena. Threads: pure. */
#ifndef SANGDEN_BASE_CERTIFICATE_H
#define SANGDEN_BASE_CERTIFICATE_H

#include "base/arena.h"
#include "base/error.h"
#include "base/hash.h"

enum { CERTIFICATE_FILE_BYTES = 64 * 1024 };

struct certificate {
    struct hash fingerprint; /* SHA-256 of its DER */
    struct str subject;      /* RFC 2253, the special parts first */
    int64_t from_ms, to_ms;  /* validity, both included */
};

/* Reads the first certificate of a PEM text. E_INPUT where there is none, with field as the place;
 * E_MEMORY. */
NODISCARD err_t certificate_read(struct arena *arena, struct str pem, const char *field,
                                 struct certificate *out, struct err *err);

/* Of a certificate of OpenSSL (X509): its subject as text, empty where it has none. */
struct str certificate_subject(struct arena *arena, const void *x509);
/* Its validity. False when the dates cannot be read. */
NODISCARD bool certificate_validity(const void *x509, int64_t *out_from_ms, int64_t *out_to_ms);

#endif
