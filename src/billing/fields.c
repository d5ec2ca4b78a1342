/* SPDX-License-Identifier: Apache-2.0 */
#include "billing/fields.h"

const struct field billing_fields[] = {
#define FIELD(table, name, privacy, vi, en) {#table, #name, privacy, vi, en},
#include "billing/fields.def"
#undef FIELD
};
const size_t billing_field_count = ARRAY_COUNT(billing_fields);
