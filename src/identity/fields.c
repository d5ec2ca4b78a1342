/* SPDX-License-Identifier: Apache-2.0 */
#include "identity/fields.h"

const struct field identity_fields[] = {
#define FIELD(table, name, privacy, vi, en) {#table, #name, privacy, vi, en},
#include "identity/fields.def"
#undef FIELD
};
const size_t identity_field_count = ARRAY_COUNT(identity_fields);
