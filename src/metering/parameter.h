/* SPDX-License-Identifier: Apache-2.0 */
/* The parameters of a unit that decide what metering tells and holds (parameters.def), dated.
 *
 * A parameter that was never set has its default. Threads: pure queries. */
#ifndef SANGDEN_METERING_PARAMETER_H
#define SANGDEN_METERING_PARAMETER_H

#include "base/error.h"

struct db;

struct metering_parameters {
#define PARAMETER(name, standard, lowest, highest, vi, en) int64_t name;
#include "metering/parameters.def"
#undef PARAMETER
};

struct parameter_spec {
    const char *name;
    int64_t standard, lowest, highest;
    const char *help_vi, *help_en;
};

/* All parameters in the order of parameters.def. */
const struct parameter_spec *parameter_specs(size_t *out_count);

/* The values that hold in a unit on a day, as known now. */
NODISCARD err_t parameters_on(struct db *db, int64_t unit_id, int32_t day,
                              struct metering_parameters *out, struct err *err);

/* Records a value from a day on, inside a transaction; a value for the same day replaces the one
 * before it. E_INPUT for an unknown name, E_RANGE outside its limits. */
NODISCARD err_t parameter_set(struct db *db, int64_t unit_id, struct str name, int32_t from_day,
                              int64_t value, int64_t actor_id, struct str source,
                              struct err *err);

#endif
