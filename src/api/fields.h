/* SPDX-License-Identifier: Apache-2.0 */
/* What this room keeps, each field with its class (fields.def).
 *
 * Threads: immutable. */
#ifndef SANGDEN_API_FIELDS_H
#define SANGDEN_API_FIELDS_H

#include "base/privacy.h"

extern const struct field api_fields[];
extern const size_t api_field_count;

#endif
