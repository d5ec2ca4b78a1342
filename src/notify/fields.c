/* SPDX-License-Identifier: Apache-2.0 */
#include "notify/fields.h"

const struct field notify_fields[] = {
#define FIELD(table, name, privacy, vi, en) {#table, #name, privacy, vi, en},
#include "notify/fields.def"
#undef FIELD
};
const size_t notify_field_count = ARRAY_COUNT(notify_fields);
