/* SPDX-License-Identifier: Apache-2.0 */
/* base/memory.h on a linear memory that only grows: blocks come in powers of two, and a block given
 * back waits in the list of its size. */
#include "base/memory.h"

enum { CLASS_SMALLEST = 4, CLASS_COUNT = 31 };

static const size_t PAGE_BYTES = 65536;

struct free_block {
    struct free_block *next;
};

extern unsigned char __heap_base; /* set by the linker: the first byte behind data and stack */

static struct free_block *free_blocks[CLASS_COUNT];
static size_t heap_end; /* first byte never handed out; 0 before the first block */

static unsigned class_of(size_t size)
{
    unsigned class = CLASS_SMALLEST;
    while (((size_t)1 << class) < size) class++;
    return class;
}

static bool grow_to(size_t end)
{
    size_t have = __builtin_wasm_memory_size(0) * PAGE_BYTES;
    if (end <= have) return true;
    size_t pages = (end - have + PAGE_BYTES - 1) / PAGE_BYTES;
    return __builtin_wasm_memory_grow(0, pages) != (size_t)-1;
}

void *memory_take(size_t size)
{
    ASSERT(size > 0);
    if (size > (size_t)1 << (CLASS_COUNT - 1)) return NULL;
    unsigned class = class_of(size);
    struct free_block *block = free_blocks[class];
    if (block != NULL) {
        free_blocks[class] = block->next;
        return block;
    }
    if (heap_end == 0) heap_end = ((size_t)&__heap_base + 15) & ~(size_t)15;
    size_t end;
    if (__builtin_add_overflow(heap_end, (size_t)1 << class, &end) || !grow_to(end)) return NULL;
    void *fresh = (void *)heap_end;
    heap_end = end;
    return fresh;
}

void memory_give(void *block, size_t size)
{
    if (block == NULL) return;
    unsigned class = class_of(size);
    struct free_block *given = block;
    given->next = free_blocks[class];
    free_blocks[class] = given;
}
