/* SPDX-License-Identifier: Apache-2.0 */
/* Where memory comes from: the only door to the allocator in the whole house.
 *
 * Ownership: a block taken is given back with the same size. Threads: safe.
 * memory_fail_after() lets tests refuse the n-th block, so that the rare paths are walked. */
#ifndef SANGDEN_BASE_MEMORY_H
#define SANGDEN_BASE_MEMORY_H

#include "base/compat.h"

/* A block of size bytes (size > 0), not cleared; NULL when there is none. */
NODISCARD void *memory_take(size_t size);

/* Gives a block back; NULL is accepted. */
void memory_give(void *block, size_t size);

/* From now on the count-th memory_take (1 = the next) answers NULL, once. 0 switches it off.
 * Answers what was left of the calls before: 0 when the failure has struck. */
uint64_t memory_fail_after(uint64_t count);

#endif
