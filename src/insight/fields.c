/* SPDX-License-Identifier: Apache-2.0 */
#include "insight/fields.h"

const struct field insight_fields[] = {
#define FIELD(table, name, privacy, vi, en) {#table, #name, privacy, vi, en},
#include "insight/fields.def"
#undef FIELD
};
const size_t insight_field_count = ARRAY_COUNT(insight_fields);
