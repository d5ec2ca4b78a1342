/* SPDX-License-Identifier: Apache-2.0 */
/* The register of breaches of personal data (Law 91/2025/QH15, Decree 356/2025/NĐ-CP).
 *
 *   known at ─ breach_hours (72) ─► to be told to the authority by
 *   what, whose, how many, measures: entries; a later one of the same part holds, none is changed
 *
 * Threads: as the connection. Ownership: texts of a breach live in the arena given. */
#ifndef SANGDEN_IDENTITY_BREACH_H
#define SANGDEN_IDENTITY_BREACH_H

#include "identity/identity.h"

enum breach_part {
#define BREACH_PART(name, ...) BREACH_##name,
#include "identity/breach_parts.def"
    BREACH_PART_COUNT
};

/* "nature"; and the same for people, in both languages. */
const char *breach_part_name(enum breach_part part);
const char *breach_part_vi(enum breach_part part);
const char *breach_part_en(enum breach_part part);

struct breach_part_value {
    struct str text; /* empty: nothing is known of it yet */
    int64_t number;  /* people: how many; notified: the instant */
};

struct breach {
    int64_t breach_id; /* 0: a new one */
    int64_t known_at_ms, notify_by_ms;
    struct breach_part_value part[BREACH_PART_COUNT];
};

/* Records a new breach (breach_id 0) or more of one, inside a transaction: the parts whose texts
 * are not empty. known_at_ms counts for a new one. E_FORBIDDEN without PRIVACY_MANAGE everywhere;
 * E_INPUT without what a first record needs, for a time to come, or with nothing in it;
 * E_NOT_FOUND. */
NODISCARD err_t breach_record(struct db *db, const struct actor *actor, const struct breach *breach,
                              int64_t *out_breach_id, struct err *err);
/* What is known of a breach. E_NOT_FOUND. */
NODISCARD err_t breach_read(struct db *db, struct arena *arena, int64_t breach_id,
                            struct breach *out, struct err *err);
/* The numbers of those that wait for their notice, or of all, the nearest end first. */
NODISCARD err_t breach_list(struct db *db, struct arena *arena, bool open_only, int64_t **out,
                            size_t *out_count, struct err *err);

#endif
