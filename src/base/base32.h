/* SPDX-License-Identifier: Apache-2.0 */
/* Base 32: codes that people read, say and type, and secrets that applications scan.
 *
 *   Crockford (no I, L, O, U), in groups of four:   7K2M-Q9ZD-8XVA-0B3C
 *   RFC 4648, as authenticator applications want:   GEZDGNBVGY3TQOJQ
 *
 * Threads: pure. Ownership: texts stand in the caller's memory. */
#ifndef SANGDEN_BASE_BASE32_H
#define SANGDEN_BASE_BASE32_H

#include "base/buffer.h"

enum { CODE_GROUP = 4, CODE_CHARACTER_BITS = 5 };

/* The 32 characters of Crockford's alphabet, by value; NUL-terminated. */
extern const char code_alphabet[];

/* Bytes of a code of so many characters with its dashes and a NUL. */
#define CODE_TEXT_BYTES(characters) ((characters) + ((characters)-1) / CODE_GROUP + 1)

/* The first characters * 5 bits of bytes as a code, NUL-terminated. */
struct str code_write(const unsigned char *bytes, size_t characters, char *out);

/* A code as somebody typed it, in its one form: lower case, O for 0, I and L for 1, spaces and
 * missing dashes are accepted. False when it is not a code of so many characters. */
NODISCARD bool code_read(struct str typed, size_t characters, char *out);

/* The bytes in the alphabet of RFC 4648, section 6, without padding. */
void buf_add_base32(struct buf *buf, const void *bytes, size_t size);

#endif
