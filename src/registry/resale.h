/* SPDX-License-Identifier: Apache-2.0 */
/* What a customer who buys wholesale sold on to its households, by month, in its own words.
 *
 *   agreement ─ month ─ entry 1, entry 2, … ─► the last one counts; nothing is overwritten
 *
 * It is an operating figure: nothing is billed or posted by it. Another holder of the agreement
 * begins with none. Each entry is a link of the audit stream "login".
 * Threads: as the connection. */
#ifndef SANGDEN_REGISTRY_RESALE_H
#define SANGDEN_REGISTRY_RESALE_H

#include "base/arena.h"
#include "base/error.h"

struct db;

enum { RESALE_MONTHS_MAX = 120, RESALE_NO_MONEY = -1 };
#define RESALE_WH_MAX  INT64_C(1000000000000)
#define RESALE_VND_MAX INT64_C(1000000000000)

struct resale {
    int64_t month; /* YYYYMM */
    int64_t sold_wh;
    int64_t sold_vnd; /* before tax; RESALE_NO_MONEY: not told */
    int64_t recorded_at_ms;
    int64_t entry_no; /* above 1: it took the place of earlier ones */
};

/* What holds now of the months from first to last (YYYYMM, both included) under the holder of a
 * day, the newest first; months without a word are left out. Lives in the arena. At most
 * RESALE_MONTHS_MAX of them. E_MEMORY. */
NODISCARD err_t resale_months(struct db *db, struct arena *arena, int64_t unit_id,
                              int64_t agreement_id, int32_t day, int64_t first_month,
                              int64_t last_month, struct resale **out, size_t *out_count,
                              struct err *err);

/* Records the word of a month (month, sold_wh, sold_vnd) for a login that may change things on that
 * day; the same word again records nothing. Inside a transaction. E_FORBIDDEN; E_INPUT with
 * the field "month" for one that has not begun, "sold" or "money" beyond 0 to RESALE_WH_MAX or
 * RESALE_VND_MAX. */
NODISCARD err_t resale_declare(struct db *db, struct arena *arena, int64_t login_id,
                               int64_t unit_id, int64_t agreement_id, int32_t day,
                               const struct resale *resale, struct err *err);
/* Takes the word of a month back. As resale_declare; E_NOT_FOUND where there is none. */
NODISCARD err_t resale_retract(struct db *db, struct arena *arena, int64_t login_id,
                               int64_t unit_id, int64_t agreement_id, int32_t day, int64_t month,
                               struct err *err);

#endif
