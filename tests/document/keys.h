/* SPDX-License-Identifier: Apache-2.0 */
/* Keys and certificates of every kind for tests, as files. */
#ifndef SANGDEN_TESTS_KEYS_H
#define SANGDEN_TESTS_KEYS_H

#include <openssl/x509.h>

#include "base/str.h"

struct test_pair {
    EVP_PKEY *key;
    X509 *certificate;
};

/* A pair whose certificate, signed by itself, names this tax code and is valid in these days
 * ("20200101"). bits 0: an elliptic curve. */
struct test_pair test_pair_make(int bits, const char *tax_code, const char *from, const char *to);
void test_pair_free(struct test_pair *pair);

/* Writes what is given into one PEM file, the key locked with the password where there is one. */
void test_write_pem(const char *path, EVP_PKEY *key, const char *password, X509 *certificate);
/* Writes a PKCS#12 file, with the ciphers of earlier years (RC2, 3DES, SHA-1) or today's. */
void test_write_pkcs12(const char *path, const struct test_pair *pair, const char *password,
                       bool legacy);

#endif
