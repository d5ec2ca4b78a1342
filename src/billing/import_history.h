/* SPDX-License-Identifier: Apache-2.0 */
/* The kind of file that brings past bills of an earlier system along.
 *
 * A row becomes a bill of origin 'earlier' without lines and postings, and a month of the point's
 * packed history, from which later periods are compared. Threads: immutable. */
#ifndef SANGDEN_BILLING_IMPORT_HISTORY_H
#define SANGDEN_BILLING_IMPORT_HISTORY_H

#include "registry/import.h"

extern const struct import_kind import_kind_history;

#endif
