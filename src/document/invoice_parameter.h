/* SPDX-License-Identifier: Apache-2.0 */
/* The dated parameters of a unit's invoices (invoice_parameters.def).
 *
 * One that was never set has its default. Threads: as the connection. */
#ifndef SANGDEN_DOCUMENT_INVOICE_PARAMETER_H
#define SANGDEN_DOCUMENT_INVOICE_PARAMETER_H

#include "network/fact_write.h"

struct invoice_parameters {
#define INVOICE_PARAMETER(name, ...) int64_t name;
#include "document/invoice_parameters.def"
};

enum invoice_parameter {
#define INVOICE_PARAMETER(name, ...) INVOICE_PARAMETER_##name,
#include "document/invoice_parameters.def"
    INVOICE_PARAMETER_COUNT
};
extern const struct fact_kind invoice_parameter_kinds[INVOICE_PARAMETER_COUNT];

/* SQL: whether a unit reports its invoices without code of a day by the summary table, as known
 * now. The day decides, not the month, so that each invoice goes one way and every one goes. */
#define IN_SUMMARY_TABLE(unit, day) \
    "EXISTS (SELECT 1 FROM invoice_parameter_asof t WHERE t.unit_id = " unit \
    " AND t.subject_id = " unit " AND t.kind = 'summary_table' AND t.state = 'set' AND " \
    "t.value_i64 = 1 AND t.known_to = 9223372036854775807 AND t.valid_from <= " day \
    " AND t.valid_to > " day ")"

/* What holds in a unit on a day, as known now. */
NODISCARD err_t invoice_parameters_on(struct db *db, int64_t unit_id, int32_t day,
                                      struct invoice_parameters *out, struct err *err);
/* Records a value, as people write it, from a day on, inside a transaction; a value for the same
 * day replaces the one before it. E_INPUT for an unknown name or a value that cannot be; E_STATE
 * for summary_table where invoices of those days were reported the other way, or left to it. */
NODISCARD err_t invoice_parameter_set(struct db *db, int64_t unit_id, struct str name,
                                      int32_t from_day, struct str value, struct str source,
                                      int64_t actor_id, struct err *err);

#endif
