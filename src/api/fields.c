/* SPDX-License-Identifier: Apache-2.0 */
#include "api/fields.h"

const struct field api_fields[] = {
#define FIELD(table, name, privacy, vi, en) {#table, #name, privacy, vi, en},
#include "api/fields.def"
#undef FIELD
};
const size_t api_field_count = ARRAY_COUNT(api_fields);
