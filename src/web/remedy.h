/* SPDX-License-Identifier: Apache-2.0 */
/* What to do about a refusal, for who stands at a page.
 *
 * Rooms write their remedies for whoever called them, and often that is the command line. A remedy
 * that names a command becomes one that can be followed in a browser (remedies.def); where there is
 * none, customers are told whom to call, and the staff what to ask the administrator for. Others
 * stay as they are. Ownership: in the arena of show. Threads: as the arena. */
#ifndef SANGDEN_WEB_REMEDY_H
#define SANGDEN_WEB_REMEDY_H

#include "web/show.h"

/* The remedy in the language of the page; empty where there is none. */
struct str remedy_shown(const struct show *show, struct str vi, struct str en);
/* The same of a refusal. */
struct str remedy_of(const struct show *show, const struct err *refused);

#endif
