/* SPDX-License-Identifier: Apache-2.0 */
#include "metering/metering_int.h"

#include <string.h>

#include "base/date.h"

enum { LIST_FIRST_CAPACITY = 16 };

void *list_add(struct list *list)
{
    if (list->count == list->capacity) {
        size_t capacity = list->capacity == 0 ? LIST_FIRST_CAPACITY : list->capacity * 2;
        void *items = arena_take_array(list->arena, capacity, list->item_bytes);
        if (items == NULL) return NULL;
        if (list->count > 0) memcpy(items, list->items, list->count * list->item_bytes);
        list->items = items;
        list->capacity = capacity;
    }
    return (char *)list->items + list->item_bytes * list->count++;
}

int32_t stored_day(struct str text)
{
    int32_t day;
    bool read = day_parse(text, &day);
    ASSERT(read);
    return day;
}
