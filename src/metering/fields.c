/* SPDX-License-Identifier: Apache-2.0 */
#include "metering/fields.h"

const struct field metering_fields[] = {
#define FIELD(table, name, privacy, vi, en) {#table, #name, privacy, vi, en},
#include "metering/fields.def"
#undef FIELD
};
const size_t metering_field_count = ARRAY_COUNT(metering_fields);
