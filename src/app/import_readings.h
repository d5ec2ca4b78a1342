/* SPDX-License-Identifier: Apache-2.0 */
/* sangden import readings and intervals: the loaders of metering, because a month of a large unit
 * is read at the speed of the store, behind the same options and findings as every other kind.
 *
 * Threads: one owner. */
#ifndef SANGDEN_APP_IMPORT_READINGS_H
#define SANGDEN_APP_IMPORT_READINGS_H

#include "app/command.h"

/* Runs the command for this kind: template, or file. */
NODISCARD err_t import_readings(struct call *call);

#endif
