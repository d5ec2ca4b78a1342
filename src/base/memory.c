/* SPDX-License-Identifier: Apache-2.0 */
#include "base/memory.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

static _Atomic uint64_t fail_countdown;

void *memory_take(size_t size)
{
    ASSERT(size > 0);
    if (atomic_load_explicit(&fail_countdown, memory_order_relaxed) != 0 &&
        atomic_fetch_sub(&fail_countdown, 1) == 1)
        return NULL;
    return malloc(size);
}

void memory_give(void *block, size_t size UNUSED)
{
    free(block);
}

uint64_t memory_fail_after(uint64_t count)
{
    return atomic_exchange(&fail_countdown, count);
}

void assert_failed(const char *file, int line, const char *text)
{
    fprintf(stderr, "assertion failed: %s:%d: %s\n", file, line, text);
    fflush(stderr);
    abort();
}
