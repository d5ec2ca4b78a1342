/* SPDX-License-Identifier: Apache-2.0 */
/* Writing one dated fact.
 *
 *   set      the value holds from its first day on
 *   end      nothing holds from that day on
 *   retract  that day is taken back, as if it had never been written
 *
 * Facts are append-only. The same content twice changes nothing; other content for a day that has
 * one is E_CONFLICT, unless the caller says that it is a correction: then it is the next entry of
 * that day. Runs inside the caller's transaction. Threads: those of the connection. */
#ifndef SANGDEN_NETWORK_FACT_WRITE_H
#define SANGDEN_NETWORK_FACT_WRITE_H

#include "network/fact_kind.h"
#include "store/fact.h"

/* The SQL of a table of facts: unit_id, subject, kind, valid_from, entry_no. */
struct fact_sql {
    /* Of a day: entry_no, state, value_i64, value_text, proof, expires_on. */
    const char *last_sql;
    const char *insert_sql;
    bool has_proof; /* whether the table has proof and expires_on */
};

struct fact_entry {
    int64_t unit_id;    /* 0 for facts about organisations and places */
    int64_t subject_id;
    const struct fact_kind *kind;
    enum fact_state state;
    int32_t valid_from_day;
    struct fact_value value; /* of FACT_SET */
    struct str proof;        /* the paper it rests on; empty: none */
    struct str source;       /* who said so: a file, a request, an inspection */
    int32_t expires_day;     /* last day of the proof; 0: none */
};

/* Who writes. When it becomes known is the moment of the transaction (store/fact.h). */
struct fact_author {
    int64_t actor_id;
    bool correct; /* other content for the same day is a correction */
};

/* *out_changed (may be NULL) tells whether a row was written. E_CONFLICT, E_NOT_FOUND for a
 * retraction of nothing, E_INPUT for a proof or an expiry of a kind that has none, or an expiry
 * before the first day. */
NODISCARD err_t fact_append(struct db *db, const struct fact_sql *table,
                            const struct fact_entry *entry, const struct fact_author *author,
                            bool *out_changed, struct err *err);

/* The SQL of a table with proof and expiry, and of one without. */
#define FACT_TABLE_WITH_PROOF(table, subject)                                                 \
    {"SELECT entry_no, state, value_i64, value_text, proof, expires_on FROM " table           \
     " WHERE unit_id = $1 AND " subject " = $2 AND kind = $3 AND valid_from = $4 "            \
     "ORDER BY entry_no DESC LIMIT 1",                                                        \
     "INSERT INTO " table " (unit_id, " subject ", kind, valid_from, entry_no, state, "       \
     "recorded_at, actor_id, value_i64, value_text, source, proof, expires_on) "              \
     "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",                       \
     true}
#define FACT_TABLE_PLAIN(table, subject)                                                      \
    {"SELECT entry_no, state, value_i64, value_text, CAST(NULL AS TEXT), CAST(NULL AS TEXT) " \
     "FROM " table " WHERE unit_id = $1 AND " subject " = $2 AND kind = $3 "                  \
     "AND valid_from = $4 ORDER BY entry_no DESC LIMIT 1",                                    \
     "INSERT INTO " table " (unit_id, " subject ", kind, valid_from, entry_no, state, "       \
     "recorded_at, actor_id, value_i64, value_text, source) "                                 \
     "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",                                 \
     false}

#endif
