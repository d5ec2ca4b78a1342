/* SPDX-License-Identifier: Apache-2.0 */
/* What this room keeps of homes, and why, each field with its class
 * (fields.def).
 *
 * Threads: immutable. */
#ifndef SANGDEN_INSIGHT_FIELDS_H
#define SANGDEN_INSIGHT_FIELDS_H

#include "base/privacy.h"

extern const struct field insight_fields[];
extern const size_t insight_field_count;

#endif
