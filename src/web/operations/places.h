/* SPDX-License-Identifier: Apache-2.0 */
/* What stands in addresses and forms of operations, and is read back: where a list goes on, which
 * case is meant, what a browser made of a pasted file.
 *
 *   case ─ spike_place_text ─► "23865-1-276-1-periodic-1" ─ spike_place_parse ─► case
 *
 * Ownership: texts that were read are views into what was read. Threads: pure. */
#ifndef SANGDEN_WEB_OPERATIONS_PLACES_H
#define SANGDEN_WEB_OPERATIONS_PLACES_H

#include "billing/billing_view.h"
#include "metering/spike_work.h"

/* Of a case in the queue of a unit: score, book, point, period, kind of use, closing. */
struct str spike_place_text(struct arena *arena, const struct spike_case *spike);
NODISCARD bool spike_place_parse(struct str text, int64_t unit_id, struct spike_case *out);

/* "1-periodic-1", of a case beside its month and point: period, kind of use, closing. */
struct str spike_which_text(struct arena *arena, const struct spike_case *spike);
NODISCARD bool spike_which_parse(struct str text, struct spike_case *out);

/* "1-17", of a list of what has no bill: the part of the list and the point it goes on behind. */
struct str unbilled_place_text(struct arena *arena, const struct unbilled_place *place);
NODISCARD bool unbilled_place_parse(struct str text, struct unbilled_place *out);

/* Browsers end the lines of a text field with two characters; the file that was pasted had one.
 * NULL when the arena is full. */
struct str pasted_lines(struct arena *arena, struct str text);

#endif
