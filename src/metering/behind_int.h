/* SPDX-License-Identifier: Apache-2.0 */
/* What corrections behind a closing share; private to the room. */
#ifndef SANGDEN_METERING_BEHIND_INT_H
#define SANGDEN_METERING_BEHIND_INT_H

#include "base/error.h"
#include "base/str.h"

/* A period keeps the value it was closed with, and what is to be done: close it again, or correct
 * its bills. */
void behind_say(const char *field, struct str book, int64_t month_number, int64_t period_no,
                bool returnable, struct err *why);

#endif
