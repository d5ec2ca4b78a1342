/* SPDX-License-Identifier: Apache-2.0 */
#include "document/fields.h"

const struct field document_fields[] = {
#define FIELD(table, name, privacy, vi, en) {#table, #name, privacy, vi, en},
#include "document/fields.def"
#undef FIELD
};
const size_t document_field_count = ARRAY_COUNT(document_fields);
