/* SPDX-License-Identifier: Apache-2.0 */
/* What this room keeps in words of people, and about who reads, each field with its class
 * (fields.def).
 *
 * Threads: immutable. */
#ifndef SANGDEN_METERING_FIELDS_H
#define SANGDEN_METERING_FIELDS_H

#include "base/privacy.h"

extern const struct field metering_fields[];
extern const size_t metering_field_count;

#endif
