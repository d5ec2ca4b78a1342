/* SPDX-License-Identifier: Apache-2.0 */
/* The canonical form of a run: everything it left behind, sorted by identity, free of times,
 * workers and claims, so that two runs over the same data give the same bytes however they were
 * interrupted.
 *
 *   {"bill":…,"lines":[…],"request":…,"input":…,"postings":[…],"item":…}    one line per bill
 *   {"event":"invoice.issued","bill":NUMBER,"account":…}                    one line per event
 *
 * Threads: as the connection. Memory does not grow with the run. */
#ifndef SANGDEN_BILLING_BILL_EXPORT_H
#define SANGDEN_BILLING_BILL_EXPORT_H

#include "base/buffer.h"
#include "store/store.h"

/* Told after each bill or event with what was added to the buffer; the listener writes it out and
 * empties it. */
typedef err_t export_flush(void *context, struct buf *out, struct err *err);

/* E_NOT_FOUND when there is no such run. */
NODISCARD err_t bill_export(struct db *db, int64_t run_id, struct str unit_code, struct buf *out,
                            export_flush *flush, void *context, struct err *err);

#endif
