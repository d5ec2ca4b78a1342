/* SPDX-License-Identifier: Apache-2.0 */
/* What the commands of metering share: who acts where, on which book and period.
 *
 * Ownership: everything lives until the command returns. Threads: one owner. */
#ifndef SANGDEN_APP_METERING_CALL_H
#define SANGDEN_APP_METERING_CALL_H

#include "app/actor_call.h"
#include "app/command.h"
#include "metering/book.h"
#include "metering/reading_load.h"

/* Store, actor and, from --unit, the unit; unit_id 0 when --unit was not given. */
struct metering_call {
    struct db *db;
    struct actor actor;
    int64_t unit_id;
};

/* Fills *out from --as and --unit. E_FORBIDDEN, E_NOT_FOUND. */
NODISCARD err_t metering_call(struct call *call, struct metering_call *out);
/* The book of operand BOOK, whose unit becomes that of the call, and leave to do there what the
 * permission says. */
NODISCARD err_t metering_book(struct call *call, struct metering_call *metering,
                              enum permission permission, struct book *out);
/* --period, 1 when not given. */
int metering_period(const struct call *call);
/* The unit of --unit, or the only one there is. E_INPUT when there are several. */
NODISCARD err_t metering_unit(struct call *call, struct metering_call *metering);
/* The point of operand POINT; sets the unit. */
NODISCARD err_t metering_point(struct call *call, struct metering_call *metering,
                               int64_t *out_point_id);
/* Opens a transaction, asks for the permission in the unit of the call. */
NODISCARD err_t metering_begin(struct call *call, const struct metering_call *metering,
                               enum permission permission);
/* Commits when e is OK, together with a link in the audit stream "metering" of the unit; rolls back
 * otherwise; answers the error. */
NODISCARD err_t metering_end(struct call *call, const struct metering_call *metering, err_t e);

/* Links a load of readings into the audit chain of its unit, inside its transaction. */
NODISCARD err_t metering_note_load(const struct metering_call *metering, struct str action,
                                   const struct reading_load_request *request,
                                   const struct reading_load_counts *counts, struct err *err);

/* The options that many commands have. */
#define OPTION_OF_UNIT                                                    \
    {"unit", OPTION_TEXT, false, "CODE", "mã đơn vị", "code of the unit"}
#define OPTION_OF_PERIOD                                                  \
    {"period", OPTION_I64, false, "N", "kỳ ghi trong tháng (mặc định 1)", \
     "reading of the month (default 1)"}

#endif
