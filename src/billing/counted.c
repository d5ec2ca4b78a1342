/* SPDX-License-Identifier: Apache-2.0 */
#include "billing/counted_int.h"

#include "billing/billing_view.h"
#include "network/unit_list.h"

enum { COUNT_ARENA_BYTES = 8 * 1024 * 1024, PAUSE_FACTOR = 60 };

bool counted_is_due(const struct counted *last, int64_t position, int64_t now_ms)
{
    int64_t pause_ms = last->took_ms * PAUSE_FACTOR;
    if (!last->known) return true;
    if (position == last->position) return false;
    if (pause_ms < UNBILLED_SOONEST_MS) pause_ms = UNBILLED_SOONEST_MS;
    if (pause_ms > UNBILLED_LATEST_MS) pause_ms = UNBILLED_LATEST_MS;
    int64_t since_ms = now_ms - last->at_ms;
    return since_ms < 0 || since_ms >= pause_ms;
}

err_t count_every_unit(struct db *db, count_renew *renew, int64_t now_ms, int64_t *out_done,
                       struct err *err)
{
    struct arena arena;
    struct unit_list units = {0};
    arena_init(&arena, COUNT_ARENA_BYTES);
    err_t e = unit_list_load(db, &arena, S(""), &units, err);
    for (size_t i = 0; i < units.count && e == OK; i++) {
        bool counted = false;
        e = renew(db, &units.items[i], now_ms, &counted, err);
        *out_done += counted;
    }
    arena_release(&arena);
    return e;
}
