/* SPDX-License-Identifier: Apache-2.0 */
/* Every invariant of the program: what `sangden check` asks, and workers in their rounds.
 *
 * Threads: nothing in it changes. */
#ifndef SANGDEN_APP_CHECK_LIST_H
#define SANGDEN_APP_CHECK_LIST_H

#include "store/check_round.h"

extern const struct check_list check_list;

#endif
