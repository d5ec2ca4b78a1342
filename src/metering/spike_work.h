/* SPDX-License-Identifier: Apache-2.0 */
/* Re-verification of flagged periods (phúc tra): lists, steps, rules, last days.
 *
 *   open ─confirm──────────────► released          below 3 times
 *     │ ─confirm─►open ─sign───► released          from 3 times on: a leader signs what another
 *     │                                            person confirmed
 *     │ ─rule──────────────────► released          in bulk, by an approved rule; never from 3 times
 *     │ ─order check► ordered ─► (by a person)       what was confirmed before counts no more
 *     │ ─correct► corrected                        the reading is mended, the book returned, closed
 *     └─ last day ► released or lapsed             as the rule of the last day says
 *                   lapsed                         from 3 times on, whatever that rule says; late
 *                                                  evidence and people still settle it
 *
 * A bill is held while its case is not released. Every step names who, when, why and on what
 * evidence. Functions that change work inside the caller's transaction. Threads: one connection,
 * one thread. */
#ifndef SANGDEN_METERING_SPIKE_WORK_H
#define SANGDEN_METERING_SPIKE_WORK_H

#include "base/arena.h"
#include "base/error.h"
#include "metering/spike.h"

struct actor;
struct use_key; /* metering/use_view.h */
struct db;

enum spike_state { SPIKE_OPEN, SPIKE_RELEASED, SPIKE_CORRECTED, SPIKE_ORDERED, SPIKE_LAPSED,
                   SPIKE_VOID, SPIKE_STATE_COUNT };

struct spike_case {
    int64_t unit_id;
    int32_t month;
    int64_t book_id;
    int period_no;
    int64_t point_id;
    struct str point_code, book_code, usage_kind;
    int64_t closing_no;
    struct period_use now, before, year_ago;
    int64_t ratio_ppm, score;
    bool holds, leader_only, escalated;
    enum spike_state state;
    int64_t rule_id; /* 0: none */
    int32_t escalate_day, last_day;
};

/* The words of the table. */
struct str spike_state_text(enum spike_state state);

/* ---- lists ------------------------------------------------------------------------------- */

struct spike_filter {
    int64_t unit_id; /* 0: every unit */
    int32_t month;
    int64_t book_id;  /* 0: all books */
    bool waiting;     /* only what still holds a bill */
    bool leader_only; /* only from 3 times on */
    bool to_sign;     /* only what a leader can sign now: confirmed, and no check ordered since */
    int64_t limit;
    const struct spike_case *after; /* the last case of the page before; NULL: from the first */
};

/* Cases of live closings, worst first. */
NODISCARD err_t spike_list(struct db *db, struct arena *arena, const struct spike_filter *filter,
                           struct spike_case **out, size_t *out_count, struct err *err);
/* The case of a point in a month; E_NOT_FOUND. The latest closing counts. */
NODISCARD err_t spike_find(struct db *db, struct arena *arena, int64_t unit_id, int64_t point_id,
                           int32_t month, struct spike_case *out, struct err *err);

/* The same case by everything that tells it apart: unit_id, point_id, month, period_no, usage_kind
 * and closing_no are those of key. E_NOT_FOUND, also for a closing that was returned. */
NODISCARD err_t spike_get(struct db *db, struct arena *arena, const struct spike_case *key,
                          struct spike_case *out, struct err *err);
/* The latest month that has cases, a month with waiting ones before any other; *out_found tells
 * whether there is one. */
NODISCARD err_t spike_last_month(struct db *db, int64_t unit_id, int32_t *out_month,
                                 bool *out_found, struct err *err);

struct spike_step {
    struct str step, evidence, reason, actor_code;
    int64_t actor_id, rule_id, at;
};
/* Its steps in their order. */
NODISCARD err_t spike_steps(struct db *db, struct arena *arena, const struct spike_case *spike,
                            struct spike_step **out, size_t *out_count, struct err *err);

/* Who confirmed it last and on which day; 0 when nobody did, or a check was ordered since: nothing
 * that a leader could sign. */
NODISCARD err_t spike_confirmer(struct db *db, const struct spike_case *spike,
                                int64_t *out_staff_id, int32_t *out_day, struct err *err);

/* Rise of the totals in parts per million, whatever their days; SPIKE_RATIO_MAX_PPM after none. */
int64_t spike_total_ratio_ppm(const struct spike_case *spike);

/* How many cases of a month were let go by what. */
struct spike_shares {
    int64_t cases, told, waiting, by_rule, by_person, carried, lapsed, corrected;
};
NODISCARD err_t spike_count(struct db *db, int64_t unit_id, int32_t month,
                            struct spike_shares *out, struct err *err);

/* The use that a case is about; its kind looks at that of the case. Pure. */
struct use_key spike_use_key(const struct spike_case *spike);

/* How many cases of a month still hold a bill, and how many of them a leader can sign now: as many
 * as the lists of waiting and of to_sign have. */
NODISCARD err_t spike_waiting(struct db *db, int64_t unit_id, int32_t month, int64_t *out,
                              int64_t *out_to_sign, struct err *err);

/* A first bill: nothing to compare it with, so it is listed apart and held by nobody. */
struct first_bill {
    int64_t unit_id, point_id;
    struct str point_code, book_code;
    int period_no;
    int32_t from_day, to_day;
    int64_t wh;
    bool estimated;
};
/* First bills of live closings, the largest first; of the filter unit, month, book and limit. */
NODISCARD err_t spike_first_list(struct db *db, struct arena *arena,
                                 const struct spike_filter *filter, struct first_bill **out,
                                 size_t *out_count, struct err *err);

/* ---- steps ------------------------------------------------------------------------------- */

enum spike_action { SPIKE_DO_CONFIRM, SPIKE_DO_CORRECT, SPIKE_DO_ORDER, SPIKE_DO_SIGN };

/* Takes the case for the transaction and reads its state anew; nobody else acts on it until the
 * end. A case whose closing was returned is SPIKE_VOID. */
NODISCARD err_t spike_lock(struct db *db, struct spike_case *spike, struct err *err);
/* One step by a person, judged by the state that the case has now, whatever spike says: of two who
 * act at once the second finds what the first has done. E_INPUT without evidence or reason, E_STATE
 * when the case is settled or nobody confirmed before a signature, E_FORBIDDEN when one person
 * confirms and signs (identity/approval.h: alone at the unit, on a later day, one person may). */
NODISCARD err_t spike_do(struct db *db, const struct spike_case *spike, enum spike_action action,
                         const struct actor *actor, struct str evidence, struct str reason,
                         struct err *err);

/* ---- rules ------------------------------------------------------------------------------- */

enum spike_rule_kind { RULE_SECOND_REMOTE, RULE_DAILY_AGREE, RULE_PHOTO_AGAIN,
                       RULE_SAME_RISE_LAST_YEAR, RULE_LAST_DAY, RULE_KIND_COUNT };

struct spike_rule {
    int64_t unit_id, rule_id;
    enum spike_rule_kind kind;
    int64_t tolerance_ppm;
    bool waits; /* RULE_LAST_DAY: the bill waits instead of going */
    int32_t from_day, to_day;
    struct str document;
    struct str state; /* "proposed", "approved", "refused" */
    int64_t proposed_by, decided_by;
    int32_t proposed_day;
};

/* The words of the table, and from them. */
struct str spike_rule_kind_text(enum spike_rule_kind kind);
NODISCARD bool spike_rule_kind_parse(struct str text, enum spike_rule_kind *out);

/* Records a proposal; the document (decision, number, day) must be named. */
NODISCARD err_t spike_rule_propose(struct db *db, const struct spike_rule *rule, int64_t actor_id,
                                   int64_t *out_rule_id, struct err *err);
/* Approves or refuses what another person proposed. E_FORBIDDEN for the same person
 * (identity/approval.h). */
NODISCARD err_t spike_rule_decide(struct db *db, int64_t unit_id, int64_t rule_id, bool approve,
                                  const struct actor *actor, struct err *err);
NODISCARD err_t spike_rule_list(struct db *db, struct arena *arena, int64_t unit_id,
                                struct spike_rule **out, size_t *out_count, struct err *err);

struct spike_release {
    int64_t looked_at, released;
};
/* Releases in bulk every waiting case below 3 times that the rule's evidence settles; the step says
 * what was looked at. The rule must be approved and valid on the business day, which is not behind
 * the clock's, and on the day of the clock. */
NODISCARD err_t spike_release_by_rule(struct db *db, int64_t unit_id, int32_t month,
                                      int64_t rule_id, int32_t business_day, int64_t actor_id,
                                      struct spike_release *out, struct err *err);

struct spike_escalation {
    int64_t escalated, released, lapsed;
};
/* Escalates cases whose day has come, and applies the rule of the last day to those behind it. From
 * 3 times on a case lapses, whatever the rule says: its bill waits for the signature. E_INPUT for a
 * day behind the clock's. */
NODISCARD err_t spike_escalate(struct db *db, int64_t unit_id, int32_t business_day,
                               int64_t actor_id, struct spike_escalation *out, struct err *err);

#endif
