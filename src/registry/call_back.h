/* SPDX-License-Identifier: Apache-2.0 */
/* Calls back: how a person comes in for the first time who has neither a bill at hand nor time for
 * the counter.
 *
 *   customer code ─ ask ─► waiting ─ take ─► an agent calls the telephone on record, asks the
 *                                            questions of caller.h ─ close ─► result
 *
 * Whoever knows a code may ask; called is only a number that the distributor had before, so a
 * stranger gains nothing but that the customer is called once. Each step is a link of the audit
 * stream "desk" of the unit.
 * Ownership: lists live in the arena. Threads: as the connection. */
#ifndef SANGDEN_REGISTRY_CALL_BACK_H
#define SANGDEN_REGISTRY_CALL_BACK_H

#include "identity/identity.h"

enum call_back_result {
#define CALL_BACK_RESULT(name, ...) CALL_BACK_##name,
#include "registry/call_back_results.def"
    CALL_BACK_RESULT_COUNT
};

/* "unreached"; false for another word. */
NODISCARD bool call_back_result_parse(struct str text, enum call_back_result *out);
struct str call_back_result_name(enum call_back_result result);
const char *call_back_result_vi(enum call_back_result result);
const char *call_back_result_en(enum call_back_result result);
/* Whether an agent chooses it; otherwise it is what registering does. */
bool call_back_result_chosen(enum call_back_result result);

struct call_back {
    int64_t unit_id, agreement_id;
    struct str agreement_code;
};

/* Asks for a call, inside a transaction. Nothing happens where one is open already. */
NODISCARD err_t call_back_ask(struct db *db, const struct call_back *of, int64_t now_ms,
                              struct err *err);
/* A member of the staff is going to call. E_FORBIDDEN without LOGIN_MANAGE at the unit, E_STATE
 * where no request is open. Inside a transaction. */
NODISCARD err_t call_back_take(struct db *db, const struct actor *actor,
                               const struct call_back *of, int64_t now_ms, struct err *err);
/* The call is over; only by who took it. As call_back_take. */
NODISCARD err_t call_back_close(struct db *db, const struct actor *actor,
                                const struct call_back *of, enum call_back_result result,
                                int64_t now_ms, struct err *err);

/* The open request of an agreement. */
struct call_back_state {
    bool open;
    int64_t asked_at_ms;
    int64_t taken_by;      /* staff; 0: nobody yet */
    struct str taken_code; /* theirs; empty: nobody yet */
};
/* Texts come from the arena. */
NODISCARD err_t call_back_state(struct db *db, struct arena *arena, int64_t unit_id,
                                int64_t agreement_id, struct call_back_state *out, struct err *err);

enum { CALL_BACK_LISTED_MAX = 50 };
struct call_back_row {
    struct call_back of;
    int64_t asked_at_ms;
    struct str taken_by; /* code; empty: nobody yet */
};
/* The open requests of a unit, the oldest first, CALL_BACK_LISTED_MAX at most. */
NODISCARD err_t call_back_list(struct db *db, struct arena *arena, int64_t unit_id,
                               struct call_back_row out[CALL_BACK_LISTED_MAX], size_t *out_count,
                               struct err *err);

#endif
