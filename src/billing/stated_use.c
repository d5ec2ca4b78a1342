/* SPDX-License-Identifier: Apache-2.0 */
/* Whether the use that a chain comes to stands against what its readings say. */
#include "base/date.h"
#include "billing/adjust_int.h"
#include "metering/restate.h"

/* When the record was proposed; 0 when no approval of its number is known. */
static err_t proposed_at(struct db *db, const struct slot *slot, struct str unit_code, int64_t *out,
                         struct err *err)
{
    char memory[BILL_NUMBER_BYTES];
    struct bill_key key = slot->key;
    key.version = slot->use_version;
    key.kind = slot->use_kind;
    return db_get_i64_or(db,
                         "SELECT max(proposed_at) FROM approval WHERE unit_id = $1 AND "
                         "kind = 'bill.adjust' AND subject = $2 AND state = 'released'",
                         ARGS(v_i64(key.unit_id), v_text(bill_number(unit_code, &key, memory))), 0,
                         out, err);
}

static int32_t row_day(const struct rows *rows, int column)
{
    int32_t day = 0;
    bool read = day_parse(row_text(rows, column), &day);
    ASSERT(read); /* the column is written by billing, from a day */
    return day;
}

/* Whether the meters are believed otherwise since then, for the days of the bill. */
static err_t meters_differ(struct db *db, const struct slot *slot, int64_t after_ms, bool *out,
                           struct err *err)
{
    const struct bill_key *key = &slot->key;
    AUTO(rows_done_at) struct rows *rows = NULL;
    bool more = false;
    err_t e = db_query(db,
                       "SELECT from_on, to_on FROM bill WHERE unit_id = $1 AND point_id = $2 AND "
                       "month = $3 AND period_no = $4 AND agreement_id = $5 AND version = $6",
                       ARGS(v_i64(key->unit_id), v_i64(key->point_id), v_i64(key->month),
                            v_i64(key->period_no), v_i64(key->agreement_id), v_i64(slot->root)),
                       &rows, err);
    if (e == OK) e = rows_next(rows, &more, err);
    if (e != OK || !more) return e;
    return installations_differ_since(db, key->unit_id, key->point_id, row_day(rows, 0),
                                      row_day(rows, 1), after_ms, out, err);
}

/* Corrections of readings of the period, and closings of its book, since then. */
static err_t count_newer(struct db *db, const struct slot *slot, int64_t after_ms, int64_t *out,
                         struct err *err)
{
    int64_t closings = 0;
    const struct bill_key *key = &slot->key;
    err_t e = db_get_i64(db,
                         "SELECT count(*) FROM bill k JOIN reading r ON r.unit_id = k.unit_id AND "
                         "r.point_id = k.point_id AND r.entry_no > 1 AND r.read_on >= k.from_on "
                         "AND r.read_on <= k.to_on JOIN reading_batch b ON b.unit_id = r.unit_id "
                         "AND b.batch_id = r.batch_id AND b.recorded_at > $1 WHERE "
                         "k.unit_id = $2 AND k.point_id = $3 AND k.month = $4 AND "
                         "k.period_no = $5 AND k.agreement_id = $6 AND k.version = $7",
                         ARGS(v_i64(after_ms), v_i64(key->unit_id), v_i64(key->point_id),
                              v_i64(key->month), v_i64(key->period_no), v_i64(key->agreement_id),
                              v_i64(slot->root)),
                         out, err);
    if (e != OK || key->period_no == 0) return e;
    e = db_get_i64(db,
                   "SELECT count(*) FROM book_step WHERE unit_id = $1 AND book_id = $2 AND "
                   "month = $3 AND period_no = $4 AND step = 'close' AND at > $5",
                   ARGS(v_i64(key->unit_id), v_i64(key->book_id), v_i64(key->month),
                        v_i64(key->period_no), v_i64(after_ms)),
                   &closings, err);
    *out += closings;
    return e;
}

err_t use_is_stated(struct db *db, const struct slot *slot, struct str unit_code, bool *out,
                    struct err *err)
{
    int64_t at_ms = 0, newer = 0;
    *out = false;
    if (slot->use_version == slot->root) return OK;
    err_t e = proposed_at(db, slot, unit_code, &at_ms, err);
    bool moved = false;
    if (e == OK) e = count_newer(db, slot, at_ms, &newer, err);
    if (e == OK && newer == 0) e = meters_differ(db, slot, at_ms, &moved, err);
    *out = newer == 0 && !moved;
    return e;
}
