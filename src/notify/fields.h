/* SPDX-License-Identifier: Apache-2.0 */
/* What this room keeps of notices and their recipients, each field with its class (fields.def).
 *
 * Threads: immutable. */
#ifndef SANGDEN_NOTIFY_FIELDS_H
#define SANGDEN_NOTIFY_FIELDS_H

#include "base/privacy.h"

extern const struct field notify_fields[];
extern const size_t notify_field_count;

#endif
