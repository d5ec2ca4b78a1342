/* SPDX-License-Identifier: Apache-2.0 */
/* What this room keeps about people and changes, each field with its class (fields.def).
 *
 * Threads: immutable. */
#ifndef SANGDEN_IDENTITY_FIELDS_H
#define SANGDEN_IDENTITY_FIELDS_H

#include "base/privacy.h"

extern const struct field identity_fields[];
extern const size_t identity_field_count;

#endif
