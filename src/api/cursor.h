/* SPDX-License-Identifier: Apache-2.0 */
/* Where a list goes on: the keys of its last item, in a text that says nothing to people.
 *
 *   hex( 8 bytes of the hash over operation and filters │ i202610,i1,tKT )
 *
 * A cursor of another list, of other filters or with other keys than the list has is refused. It
 * holds positions and nothing else; rights are asked anew for every page.
 * Ownership: texts live in the arena. Threads: pure. */
#ifndef SANGDEN_API_CURSOR_H
#define SANGDEN_API_CURSOR_H

#include "store/store.h"

/* The text of a cursor. list: what makes the list what it is. */
struct str cursor_write(struct arena *arena, struct str list, struct args keys);
/* Its keys, one per letter of kinds ('i', 't'). E_INPUT with field "cursor". */
NODISCARD err_t cursor_read(struct arena *arena, struct str list, struct str cursor,
                            const char *kinds, struct value *out, struct err *err);
/* The keys before every item. */
void cursor_least(const char *kinds, struct value *out);

#endif
