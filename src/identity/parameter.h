/* SPDX-License-Identifier: Apache-2.0 */
/* The dated parameters of this room (parameters.def).
 *
 * One that was never set has its default. Threads: as the connection. */
#ifndef SANGDEN_IDENTITY_PARAMETER_H
#define SANGDEN_IDENTITY_PARAMETER_H

#include "identity/identity.h"

struct identity_parameters {
#define PARAMETER(name, ...) int64_t name;
#include "identity/parameters.def"
};

struct identity_parameter {
    const char *name;
    int64_t otherwise, least, most;
    const char *vi, *en;
    const char *source; /* what the default rests on */
};

extern const struct identity_parameter identity_parameter_list[];
extern const size_t identity_parameter_count;

/* What holds on a day, as known now. */
NODISCARD err_t identity_parameters_on(struct db *db, int32_t day, struct identity_parameters *out,
                                       struct err *err);
/* The value of the index-th parameter of the list. */
int64_t identity_parameter_value(const struct identity_parameters *values, size_t index);

/* Records a value from a day on, inside a transaction; a value for the same day replaces the one
 * before it. source is the document it rests on. E_FORBIDDEN without STAFF_MANAGE everywhere;
 * E_INPUT for an unknown name, a value out of bounds or no source. */
NODISCARD err_t identity_parameter_set(struct db *db, const struct actor *actor, struct str name,
                                       int32_t from_day, int64_t value, struct str source,
                                       struct err *err);

#endif
