/* SPDX-License-Identifier: Apache-2.0 */
/* Small tools of the room: lists that grow inside an arena, days as stored.
 *
 * A list keeps its items in one block of the arena and moves them into a block of twice the size
 * when it is full; the old block is given back with the arena. Pointers to items are valid until
 * the next list_add. */
#ifndef SANGDEN_METERING_METERING_INT_H
#define SANGDEN_METERING_METERING_INT_H

#include "base/arena.h"
#include "base/error.h"

struct list {
    struct arena *arena;
    void *items;
    size_t count, capacity, item_bytes;
};

#define LIST_OF(arena, type) ((struct list){(arena), NULL, 0, 0, sizeof(type)})

/* A new item set to zero at the end; NULL when the arena is full. */
NODISCARD void *list_add(struct list *list);
/* Items as their type. */
#define LIST_ITEMS(list, type) ((type *)(list).items)

/* A day as the tables keep it; asserted, because only days are written there. */
int32_t stored_day(struct str text);

#endif
