/* SPDX-License-Identifier: Apache-2.0 */
#include "network/dated.h"

#include <string.h>

#include "base/date.h"

enum { DATED_FIRST_CAPACITY = 64 };

void dated_init(struct dated_list *list, struct arena *arena)
{
    *list = (struct dated_list){.arena = arena};
}

static int compare_keys(struct dated_key a, struct dated_key b, size_t part_count)
{
    ASSERT(part_count <= DATED_KEY_PARTS);
    for (size_t i = 0; i < part_count; i++)
        if (a.part[i] != b.part[i]) return a.part[i] < b.part[i] ? -1 : 1;
    return 0;
}

static bool grow(struct dated_list *list)
{
    size_t capacity = list->capacity == 0 ? DATED_FIRST_CAPACITY : list->capacity * 2;
    struct dated_entry *entries = ARENA_ARRAY(list->arena, struct dated_entry, capacity);
    if (entries == NULL) return false;
    if (list->count > 0) memcpy(entries, list->entries, list->count * sizeof *entries);
    list->entries = entries;
    list->capacity = capacity;
    return true;
}

err_t dated_add(struct dated_list *list, struct dated_entry entry, struct err *err)
{
    if (list->count > 0) {
        struct dated_entry *last = &list->entries[list->count - 1];
        int order = compare_keys(last->key, entry.key, DATED_KEY_PARTS);
        ASSERT(order < 0 || (order == 0 && last->from_day <= entry.from_day));
        if (order == 0 && last->from_day == entry.from_day) {
            *last = entry;
            return OK;
        }
    }
    if (list->count == list->capacity && !grow(list)) return err_memory(err);
    list->entries[list->count++] = entry;
    return OK;
}

bool fact_state_is(struct str state, char first_letter)
{
    return state.n > 0 && state.p[0] == first_letter;
}

static err_t add_row(struct dated_list *list, const struct rows *rows, struct err *err)
{
    struct dated_entry entry = {
        .key = {{row_i64(rows, 0), row_i64(rows, 1), row_i64(rows, 2)}},
        .ended = fact_state_is(row_text(rows, 4), 'e'),
        .retracted = fact_state_is(row_text(rows, 4), 'r'),
        .value = row_i64_or(rows, 5, 0),
    };
    if (!day_parse(row_text(rows, 3), &entry.from_day)) {
        err_set(err, E_STORE, "valid_from", "Ngày trong cơ sở dữ liệu không đọc được: %.*s",
                "A date in the database cannot be read: %.*s",
                STR_ARG(row_text(rows, 3)));
        return err_hint_stored(err);
    }
    return dated_add(list, entry, err);
}

err_t dated_load(struct dated_list *list, struct db *db, const char *sql, struct args args,
                 struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(db, sql, args, &rows, err);
    bool row = true;
    while (e == OK && (e = rows_next(rows, &row, err)) == OK && row) e = add_row(list, rows, err);
    return e;
}

size_t dated_first(const struct dated_list *list, struct dated_key key, size_t part_count)
{
    size_t low = 0, high = list->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (compare_keys(list->entries[middle].key, key, part_count) < 0) low = middle + 1;
        else high = middle;
    }
    return low;
}

/* Walks the entries of one key from *at on; true when a value holds on the day. */
static bool walk_key(const struct dated_list *list, size_t *at, int32_t day, int64_t *out_value)
{
    struct dated_key key = list->entries[*at].key;
    const struct dated_entry *held = NULL;
    for (; *at < list->count &&
           compare_keys(list->entries[*at].key, key, DATED_KEY_PARTS) == 0; (*at)++) {
        const struct dated_entry *entry = &list->entries[*at];
        if (entry->from_day <= day && !entry->retracted) held = entry;
    }
    if (held == NULL || held->ended) return false;
    if (out_value != NULL) *out_value = held->value;
    return true;
}

bool dated_value_on(const struct dated_list *list, struct dated_key key, int32_t day,
                    int64_t *out_value)
{
    size_t at = dated_first(list, key, DATED_KEY_PARTS);
    if (at == list->count || compare_keys(list->entries[at].key, key, DATED_KEY_PARTS) != 0)
        return false;
    return walk_key(list, &at, day, out_value);
}

bool dated_any_on(const struct dated_list *list, struct dated_key key, size_t part_count,
                  int32_t day, struct dated_key *out_key)
{
    size_t at = dated_first(list, key, part_count);
    while (at < list->count && compare_keys(list->entries[at].key, key, part_count) == 0) {
        struct dated_key found = list->entries[at].key;
        if (walk_key(list, &at, day, NULL)) {
            if (out_key != NULL) *out_key = found;
            return true;
        }
    }
    return false;
}
