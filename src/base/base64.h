/* SPDX-License-Identifier: Apache-2.0 */
/* Base 64 (RFC 4648, section 4), with padding and without line ends.
 *
 * Threads: pure. */
#ifndef SANGDEN_BASE_BASE64_H
#define SANGDEN_BASE_BASE64_H

#include "base/buffer.h"

/* Characters that so many bytes take. */
#define BASE64_CHARACTERS(bytes) (((bytes) + 2) / 3 * 4)

/* Adds the bytes as letters. */
void buf_add_base64(struct buf *buf, struct str bytes);

#endif
