/* SPDX-License-Identifier: Apache-2.0 */
/* What this room keeps about people and their papers, each field with its class (fields.def).
 *
 * Threads: immutable. */
#ifndef SANGDEN_REGISTRY_FIELDS_H
#define SANGDEN_REGISTRY_FIELDS_H

#include "base/privacy.h"

extern const struct field registry_fields[];
extern const size_t registry_field_count;

#endif
