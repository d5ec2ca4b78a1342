/* SPDX-License-Identifier: Apache-2.0 */
/* The bills of one agreement, a page at a time. */
#include "billing/bill_read_int.h"

/* By the points that ever were of the agreement, so that the index of bills by point serves. SQLite
 * finds those points by their partial index only where its condition stands in the query. */
#define OF_AGREEMENT \
    "SELECT " BILL_COLUMNS BILL_TABLES \
    "WHERE b.unit_id = $1 AND b.agreement_id = $2 AND b.point_id IN (SELECT f.point_id FROM " \
    "point_fact f WHERE f.unit_id = $3 AND f.kind IN ('book', 'station', 'agreement') AND " \
    "f.kind = 'agreement' AND f.value_i64 = $4) AND b.month >= $5 AND " \
    "(b.month, b.period_no, b.point_id, b.version) "

static const char older_sql[] = OF_AGREEMENT
    "< ($6, $7, $8, $9) ORDER BY b.month DESC, b.period_no DESC, b.point_id DESC, b.version DESC "
    "LIMIT $10";
static const char newer_sql[] = OF_AGREEMENT
    "> ($6, $7, $8, $9) ORDER BY b.month, b.period_no, b.point_id, b.version LIMIT $10";

struct str bill_place_text(const struct bill_place *place, char out[BILL_PLACE_BYTES])
{
    struct buf text;
    buf_init_fixed(&text, out, BILL_PLACE_BYTES);
    buf_printf(&text, "%lld-%lld-%lld-%lld", (long long)place->month, (long long)place->period_no,
               (long long)place->point_id, (long long)place->version);
    return buf_str(&text);
}

bool bill_place_parse(struct str text, struct bill_place *out)
{
    struct bill_place place = {.since_month = 0};
    int64_t *numbers[] = {&place.month, &place.period_no, &place.point_id, &place.version};
    struct str piece;
    for (size_t i = 0; i < ARRAY_COUNT(numbers); i++)
        if (!str_split(&text, '-', &piece) || !str_to_i64(piece, numbers[i])) return false;
    if (text.n > 0) return false;
    *out = place;
    return true;
}

static void turn_round(struct bill_row *rows, size_t count)
{
    for (size_t i = 0; i < count / 2; i++) {
        struct bill_row row = rows[i];
        rows[i] = rows[count - 1 - i];
        rows[count - 1 - i] = row;
    }
}

err_t bill_page(struct db *db, struct arena *arena, int64_t unit_id, int64_t agreement_id,
                const struct bill_place *place, bool newer, size_t most, struct bill_row **out,
                size_t *out_count, struct err *err)
{
    AUTO(rows_done_at) struct rows *found = NULL;
    struct bill_row *rows = ARENA_ARRAY(arena, struct bill_row, most);
    size_t count = 0;
    bool more = true;
    if (rows == NULL) return err_memory(err);
    struct value month = v_i64(place->month == 0 && !newer ? INT64_MAX : place->month);
    err_t e =
        db_query(db, newer ? newer_sql : older_sql,
                 ARGS(v_i64(unit_id), v_i64(agreement_id), v_i64(unit_id), v_i64(agreement_id),
                      v_i64(place->since_month), month, v_i64(place->period_no),
                      v_i64(place->point_id), v_i64(place->version), v_i64((int64_t)most)),
                 &found, err);
    while (e == OK && count < most) {
        e = rows_next(found, &more, err);
        if (e != OK || !more) break;
        rows[count] = bill_row_read(found);
        bill_row_keep(arena, &rows[count]);
        count++;
    }
    if (e != OK) return e;
    if (arena->failed) return err_memory(err);
    if (newer) turn_round(rows, count);
    *out = rows;
    *out_count = count;
    return OK;
}
