/* SPDX-License-Identifier: Apache-2.0 */
/* Holds and unreleased spikes of a chunk, and the bills that exist already: three range reads. */
#include "billing/run_int.h"

enum { STOPS_MAX = 200000 };

/* A growing list in an arena: the old block is left to the arena. */
static err_t add_stop(struct arena *arena, struct stop **list, size_t *count, size_t *capacity,
                      const struct stop *stop, struct err *err)
{
    if (*count == *capacity) {
        size_t larger = *capacity == 0 ? 64 : *capacity * 2;
        struct stop *copy = larger <= STOPS_MAX ? ARENA_ARRAY(arena, struct stop, larger) : NULL;
        if (copy == NULL) return err_memory(err);
        for (size_t i = 0; i < *count; i++) copy[i] = (*list)[i];
        *list = copy;
        *capacity = larger;
    }
    (*list)[(*count)++] = *stop;
    return OK;
}

/* Rows of id, closing number, matter, open (0 or 1). */
static err_t load(struct db *db, struct arena *arena, const char *sql, struct args args,
                  struct stop **out, size_t *out_count, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(db, sql, args, &rows, err);
    if (e != OK) return e;
    struct stop *list = NULL;
    size_t count = 0, capacity = 0;
    for (;;) {
        bool more;
        e = rows_next(rows, &more, err);
        if (e != OK) return e;
        if (!more) break;
        struct stop stop = {row_i64(rows, 0), row_i64(rows, 1),
                            arena_str(arena, row_text(rows, 2)), row_i64(rows, 3) == 1};
        e = add_stop(arena, &list, &count, &capacity, &stop, err);
        if (e != OK) return e;
    }
    *out = list;
    *out_count = count;
    return OK;
}

err_t stops_load(struct db *db, struct arena *arena, const struct run_row *run,
                 const struct chunk *chunk, struct stops *out, struct err *err)
{
    struct stops stops = {0};
    err_t e = load(db, arena,
                   "SELECT subject_id, CAST(0 AS BIGINT), matter, CAST(1 AS BIGINT) FROM hold "
                   "WHERE unit_id = $1 AND subject_kind = 'point' AND subject_id >= $2 AND "
                   "subject_id <= $3 AND stops = 'draft' AND released_at IS NULL "
                   "ORDER BY subject_id, matter",
                   ARGS(v_i64(run->unit_id), v_i64(chunk->first_point),
                        v_i64(chunk->last_point)),
                   &stops.point_hold, &stops.point_hold_count, err);
    if (e != OK) return e;
    e = load(db, arena,
             "SELECT subject_id, CAST(0 AS BIGINT), matter, CAST(1 AS BIGINT) FROM hold "
             "WHERE unit_id = $1 AND subject_kind = 'account' AND stops = 'draft' AND "
             "released_at IS NULL ORDER BY subject_id, matter",
             ARGS(v_i64(run->unit_id)), &stops.account_hold, &stops.account_hold_count, err);
    if (e != OK) return e;
    e = load(db, arena,
             "SELECT point_id, closing_no, state, CASE WHEN holds = 1 AND state IN "
             "('open', 'ordered', 'corrected', 'lapsed') THEN 1 ELSE 0 END FROM spike_case "
             "WHERE unit_id = $1 AND month = $2 AND book_id = $3 AND period_no = $4 AND "
             "point_id >= $5 AND point_id <= $6 ORDER BY point_id, closing_no",
             ARGS(v_i64(run->unit_id), v_i64(run->month), v_i64(chunk->book_id),
                  v_i64(chunk->period_no), v_i64(chunk->first_point),
                  v_i64(chunk->last_point)),
             &stops.spike, &stops.spike_count, err);
    if (e != OK) return e;
    *out = stops;
    return OK;
}

/* The first entry of an id, or count. */
static size_t first_of(const struct stop *list, size_t count, int64_t id)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (list[middle].id < id) low = middle + 1;
        else high = middle;
    }
    return low < count && list[low].id == id ? low : count;
}

enum problem stops_judge(const struct stops *stops, int64_t point_id, int64_t account_id,
                         int64_t closing_no, struct str spike_flag, struct str *out_concerns)
{
    *out_concerns = S("");
    size_t at = first_of(stops->point_hold, stops->point_hold_count, point_id);
    if (at < stops->point_hold_count) {
        *out_concerns = stops->point_hold[at].matter;
        return PROBLEM_HOLD;
    }
    at = first_of(stops->account_hold, stops->account_hold_count, account_id);
    if (at < stops->account_hold_count) {
        *out_concerns = stops->account_hold[at].matter;
        return PROBLEM_HOLD;
    }
    at = first_of(stops->spike, stops->spike_count, point_id);
    for (; at < stops->spike_count && stops->spike[at].id == point_id; at++) {
        if (stops->spike[at].closing_no != closing_no) continue;
        return stops->spike[at].open ? PROBLEM_SPIKE : PROBLEM_NONE;
    }
    bool flagged = str_equal(spike_flag, S("held")) || str_equal(spike_flag, S("leader"));
    return flagged ? PROBLEM_SPIKE_NO_RECORD : PROBLEM_NONE;
}

#define BILLED_COLUMNS "point_id, agreement_id, version, closing_no, "
#define BILLED_PART                                                                             \
    "FROM bill WHERE unit_id = $1 AND month = $2 AND period_no = $3 AND book_id = $4 AND "      \
    "point_id >= $5 AND point_id <= $6"

/* Outside the cycle a slot also holds fees, records of other books and proposals: what they count
 * for is their version, so they come under a kind that no use has. */
#define OUTSIDE_PART                                                                            \
    "FROM bill WHERE unit_id = $2 AND month = $3 AND period_no = $4 AND point_id >= $5 AND "    \
    "point_id <= $6 UNION ALL SELECT point_id, agreement_id, version, CAST(0 AS BIGINT), "      \
    "'fee' FROM bill_draft WHERE unit_id = $7 AND month = $8 AND period_no = $9 AND "           \
    "point_id >= $10 AND point_id <= $11 AND kind IN ('adjustment', 'replacement', 'fee')"
#define OUTSIDE                                                                                 \
    "SELECT " BILLED_COLUMNS "CASE WHEN book_id = $1 THEN kind ELSE 'fee' END AS kind "         \
    OUTSIDE_PART

static const char billed_count_sql[] = "SELECT count(*) " BILLED_PART;
static const char billed_sql[] =
    "SELECT " BILLED_COLUMNS "kind " BILLED_PART " ORDER BY point_id, agreement_id, version";
static const char outside_count_sql[] = "SELECT count(*) FROM (" OUTSIDE ") x";
static const char outside_sql[] = OUTSIDE " ORDER BY point_id, agreement_id, version";

static err_t read_billed(struct db *db, struct arena *arena, const char *count_sql,
                         const char *sql, struct args place, struct billed_list *out,
                         struct err *err)
{
    int64_t count = 0;
    err_t e = db_get_i64(db, count_sql, place, &count, err);
    if (e != OK) return e;
    struct billed_list list = {.items = ARENA_ARRAY(arena, struct billed, (size_t)count)};
    if (list.items == NULL) return err_memory(err);
    AUTO(rows_done_at) struct rows *rows = NULL;
    e = db_query(db, sql, place, &rows, err);
    for (bool more = true; e == OK && list.count < (size_t)count;) {
        e = rows_next(rows, &more, err);
        if (e != OK || !more) break;
        struct billed *item = &list.items[list.count++];
        *item = (struct billed){row_i64(rows, 0), row_i64(rows, 1), row_i64(rows, 2),
                                row_i64(rows, 3), BILL_PERIODIC};
        bool known = bill_kind_parse(row_text(rows, 4), &item->kind);
        ASSERT(known);
    }
    if (e != OK) return e;
    *out = list;
    return OK;
}

err_t billed_load(struct db *db, struct arena *arena, int64_t unit_id, int64_t month,
                  const struct chunk *chunk, struct billed_list *out, struct err *err)
{
    struct value unit = v_i64(unit_id), of_month = v_i64(month), book = v_i64(chunk->book_id);
    struct value period = v_i64(chunk->period_no);
    struct value first = v_i64(chunk->first_point), last = v_i64(chunk->last_point);
    return chunk->period_no == 0
               ? read_billed(db, arena, outside_count_sql, outside_sql,
                             ARGS(book, unit, of_month, period, first, last, unit, of_month,
                                  period, first, last),
                             out, err)
               : read_billed(db, arena, billed_count_sql, billed_sql,
                             ARGS(unit, of_month, period, book, first, last), out, err);
}

bool billed_already(const struct billed_list *list, const struct usage_row *usage,
                    int64_t *out_version)
{
    int64_t version = 0;
    size_t low = 0, high = list->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (list->items[middle].point_id < usage->point_id) low = middle + 1;
        else high = middle;
    }
    for (; low < list->count && list->items[low].point_id == usage->point_id; low++) {
        const struct billed *item = &list->items[low];
        if (item->agreement_id != usage->agreement_id) continue;
        version = item->version > version ? item->version : version;
        if (item->kind != usage->kind) continue;
        if (usage->kind != BILL_SUPPLEMENT || item->closing_no == usage->closing_no) return true;
    }
    *out_version = version + 1;
    return false;
}
