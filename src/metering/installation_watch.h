/* SPDX-License-Identifier: Apache-2.0 */
/* What readings and closed periods have to say when an installation is corrected.
 *
 *   may     no reading with a value stands on days when the meter would not hang
 *   done    every closed period that rests on what was believed before, with its remedy
 *
 * A closed use is never edited: before its book is issued it is closed again, afterwards its bills
 * are adjusted (restate.h says by how much). Threads: immutable; those of the connection. */
#ifndef SANGDEN_METERING_INSTALLATION_WATCH_H
#define SANGDEN_METERING_INSTALLATION_WATCH_H

#include "registry/installation_correct.h"

extern const struct installation_watch metering_installation_watch;

#endif
