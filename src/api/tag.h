/* SPDX-License-Identifier: Apache-2.0 */
/* Tags of answers (ETag, RFC 9110): the hash of the bytes, strong.
 *
 * Threads: pure. */
#ifndef SANGDEN_API_TAG_H
#define SANGDEN_API_TAG_H

#include "api/table.h"

enum { TAG_HASH_BYTES = 16, TAG_BYTES = 2 * TAG_HASH_BYTES + 3 };

/* "\"31ce…\"" of an answer's body, NUL-terminated. */
void tag_of(struct str body, char out[TAG_BYTES]);
/* The same of the answer that a row becomes. E_MEMORY. */
NODISCARD err_t tag_of_row(const struct api_schema *schema, const void *row, char out[TAG_BYTES],
                           struct err *err);

#endif
