/* SPDX-License-Identifier: Apache-2.0 */
/* Changing what is known of points, agreements, accounts and meters: one dated fact at a time.
 *
 *   registry_change { subject, kind, state, from day, value as people write it, proof, expiry }
 *        └─ reads the value, checks codes and rules ─► fact row + event "point.changed"
 *
 * Everything runs inside the caller's transaction; the caller has checked the actor's rights.
 * Errors name the kind as field. Ownership: nothing is handed out but what lives in the arena.
 * Threads: those of the connection. */
#ifndef SANGDEN_REGISTRY_REGISTRY_H
#define SANGDEN_REGISTRY_REGISTRY_H

#include "network/fact_write.h"
#include "registry/facts.h"
#include "registry/registry_view.h"

enum registry_subject { SUBJECT_POINT, SUBJECT_AGREEMENT, SUBJECT_ACCOUNT, SUBJECT_METER };

struct registry_change {
    enum registry_subject subject;
    int64_t unit_id;
    int64_t subject_id;
    struct str kind;   /* "households" */
    enum fact_state state;
    int32_t from_day;
    struct str value;  /* as people write it; a reference by its code; empty unless FACT_SET */
    struct str proof;
    struct str source;
    int32_t expires_day; /* 0: none */
};

/* Reads, checks and writes one change and appends its event when something was written. E_INPUT
 * for an unknown kind, a value that cannot be or a code that is not there; E_CONFLICT for other
 * content of the same day. */
NODISCARD err_t registry_change(struct db *db, struct arena *arena,
                                const struct registry_change *change,
                                const struct fact_author *author, bool *out_changed,
                                struct err *err);

/* The kinds of a subject. */
const struct fact_kind *registry_kinds(enum registry_subject subject, size_t *out_count);
extern const struct fact_sql point_fact_sql, agreement_fact_sql, account_fact_sql, meter_fact_sql;

/* What a value that is a number of another record is called: the code of a book, a station, a
 * place, an agreement, an account, a party. Empty view when the kind is no reference or it is not
 * there. */
NODISCARD err_t registry_code_of(struct db *db, struct arena *arena, int64_t unit_id,
                                 const struct fact_kind *kind, int64_t value, struct str *out,
                                 struct err *err);

/* ---- exchanges of meters ----------------------------------------------------------------- */

struct meter_exchange {
    int64_t unit_id;
    int64_t point_id;
    enum meter_role role;
    int64_t new_meter_id; /* may be the one that hangs: a change of multiplier; 0: only removal */
    int64_t multiplier;
    int64_t at_ms;
};

/* Removes what hangs on the role of a point, if anything does, and hangs the new meter at the same
 * minute; appends event "meter.exchanged". */
NODISCARD err_t meter_exchange(struct db *db, const struct meter_exchange *exchange,
                               const struct fact_author *author, struct err *err);

/* ---- customers that move ----------------------------------------------------------------- */

struct customer_move {
    int64_t unit_id;      /* where it is now */
    int64_t agreement_id;
    int64_t to_unit_id;
    int32_t from_day;
    struct str source;
};

/* Closes an agreement with its points and meters in one unit and opens them in another from a day
 * on, under the same codes; the new agreement points back to the old one and the directories lead
 * to the new unit. All that holds on that day goes along with proof, source and expiry, also what
 * is recorded for later days, the payer and the invoice receiver, the papers of the meter, holds on
 * collection and cuts, who may see it after signing in. Book, station, route and relations belong
 * to a unit and stay. A customer may come back. E_STATE when the agreement has ended, shares a
 * point's relation, or a point or the agreement goes to another agreement or account later. */
NODISCARD err_t customer_move(struct db *db, struct arena *arena,
                              const struct customer_move *move, const struct fact_author *author,
                              int64_t *out_agreement_id, struct err *err);

#endif
