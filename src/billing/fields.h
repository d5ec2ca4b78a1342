/* SPDX-License-Identifier: Apache-2.0 */
/* What this room keeps in words of people, and what recomputes a bill, each field with its class
 * (fields.def).
 *
 * Threads: immutable. */
#ifndef SANGDEN_BILLING_FIELDS_H
#define SANGDEN_BILLING_FIELDS_H

#include "base/privacy.h"

extern const struct field billing_fields[];
extern const size_t billing_field_count;

#endif
