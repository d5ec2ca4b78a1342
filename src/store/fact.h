/* SPDX-License-Identifier: Apache-2.0 */
/* Effective-dated facts: what held on which day, as it was known at which moment.
 *
 *   knowledge ▲   row 3: from 01/03, recorded in May (correction: same day, higher entry_no)
 *             │   row 2: from 01/06        ┌────────┬──────────────
 *             │   row 1: from 01/03   ┌────┤ row 3  │ row 2
 *             └───────────────────────┴────┴────────┴────────► days
 *
 * A fact table is append-only and has the columns unit_id, subject …, valid_from (ISO day),
 * entry_no, state ('set', 'end', 'retract'), recorded_at, actor_id and its payload, with the
 * primary key (unit_id, subject …, valid_from, entry_no). A row holds from its day until the next
 * believed day: there is no stored end, so nothing can overlap. A correction is a row of the same
 * day with a higher entry_no; a row 'retract' takes back what was said of that day; a row 'end'
 * says that nothing holds from that day on.
 *
 * "-- @fact VIEW FROM TABLE SUBJECT columns" in a migration makes the view of rectangles:
 *   SELECT … FROM VIEW WHERE unit_id = $1 AND subject = $2 AND valid_from <= $3 AND valid_to > $3
 *          AND known_from <= $4 AND known_to > $4 AND state = 'set'
 * with valid_to '9999-12-31' and known_to 9223372036854775807 where nothing ends them.
 *
 * The functions on rows answer the same in memory, for many days at once; the rows of one subject
 * stand in the order of (valid_from, entry_no). Threads: pure, but for those with a db. */
#ifndef SANGDEN_STORE_FACT_H
#define SANGDEN_STORE_FACT_H

#include "store/store.h"

enum fact_state { FACT_SET, FACT_END, FACT_RETRACT };

/* What resolving needs of one row; the payload is the caller's, found by the row's index. */
struct fact_row {
    int64_t recorded_at_ms;
    int64_t entry_no;
    int32_t valid_from_day;
    enum fact_state state;
};

/* Days [from_day, to_day) on which the row with this index holds. */
struct fact_segment {
    int32_t from_day;
    int32_t to_day;
    size_t row_index;
};

/* The state for a column text; asserted to be one of the three. */
enum fact_state fact_state_of(struct str text);
/* The text of a state, as stored. */
struct str fact_state_text(enum fact_state state);

/* The row that holds on the day, with what was known at the moment. False when none does. */
NODISCARD bool fact_resolve(const struct fact_row *rows, size_t count, int32_t day,
                            int64_t known_at_ms, size_t *out_index);

/* What holds in [from_day, to_day), in order, cut to the period; gaps are left out. False when
 * capacity is too small (count segments always suffice). */
NODISCARD bool fact_segments(const struct fact_row *rows, size_t count, int32_t from_day,
                             int32_t to_day, int64_t known_at_ms, struct fact_segment *out,
                             size_t capacity, size_t *out_count);

/* The moment of the present transaction in a unit: later than that of every transaction before it,
 * the same for all facts it records. Takes the unit's clock: other transactions that record facts
 * of the unit wait for this one. A reader that stores such a moment as its known-at will find the
 * same facts for ever. Inside a writing transaction only. E_BUSY, E_STORE. */
NODISCARD err_t fact_moment(struct db *db, int64_t unit_id, int64_t *out_moment_ms,
                            struct err *err);

struct fact_table {
    const char *name;
    const char *subject; /* columns as in the directive: "point_id" or "agreement_id,use_no" */
};

/* What the next row of a subject and day has to carry. */
struct fact_stamp {
    int64_t entry_no;
    int64_t recorded_at_ms;
};

/* For a new row: entry_no is 1 for a new day, or one more than the last of that day. Inside a
 * writing transaction only; subject are the values of the subject columns in order. A caller that
 * knows its subjects to be new may use entry_no 1 and fact_moment directly, with a bulk. */
NODISCARD err_t fact_next(struct db *db, const struct fact_table *table, int64_t unit_id,
                          struct args subject, int32_t valid_from_day, struct fact_stamp *out,
                          struct err *err);

#endif
