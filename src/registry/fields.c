/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/fields.h"

const struct field registry_fields[] = {
#define FIELD(table, name, privacy, vi, en) {#table, #name, privacy, vi, en},
#include "registry/fields.def"
#undef FIELD
};
const size_t registry_field_count = ARRAY_COUNT(registry_fields);
