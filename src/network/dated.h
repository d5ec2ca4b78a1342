/* SPDX-License-Identifier: Apache-2.0 */
/* Dated facts read into memory: what was believed of many subjects, ready for any day.
 *
 *   rows of a fact table, rising by key, valid_from, entry_no
 *       └─► entry (key) from 2025-01-01 value 7 ─ from 2025-07-01 value 9 ─ from 2026-01-01 ended
 *
 * A later entry of the same key and day replaces the earlier one; a retracted day is as if it had
 * never been written; a value holds until the next day of the same key.
 * Ownership: entries live in the arena. Threads: immutable once loaded. */
#ifndef SANGDEN_NETWORK_DATED_H
#define SANGDEN_NETWORK_DATED_H

#include "base/arena.h"
#include "base/error.h"
#include "store/store.h"

enum { DATED_KEY_PARTS = 3 };

struct dated_key {
    int64_t part[DATED_KEY_PARTS];
};

struct dated_entry {
    struct dated_key key;
    int32_t from_day;
    bool ended;
    bool retracted;
    int64_t value;
};

struct dated_list {
    struct arena *arena;
    struct dated_entry *entries;
    size_t count;
    size_t capacity;
};

/* An empty list that grows in the arena. */
void dated_init(struct dated_list *list, struct arena *arena);
/* Adds the next row; rows come in rising order. E_MEMORY when the arena is full. */
NODISCARD err_t dated_add(struct dated_list *list, struct dated_entry entry, struct err *err);
/* Runs a query that selects part0, part1, part2, valid_from, state, value (NULL is 0), in rising
 * order, and adds its rows. */
NODISCARD err_t dated_load(struct dated_list *list, struct db *db, const char *sql,
                           struct args args, struct err *err);

/* Position of the first entry whose leading parts are not less than those of key. */
size_t dated_first(const struct dated_list *list, struct dated_key key, size_t part_count);
/* The value of one key on a day; false when none holds. */
bool dated_value_on(const struct dated_list *list, struct dated_key key, int32_t day,
                    int64_t *out_value);
/* Whether any key with these leading parts has a value on the day; that key in *out_key (may be
 * NULL). */
bool dated_any_on(const struct dated_list *list, struct dated_key key, size_t part_count,
                  int32_t day, struct dated_key *out_key);

/* The state column of every fact table. */
bool fact_state_is(struct str state, char first_letter);

#endif
