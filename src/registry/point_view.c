/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/point_view.h"

#include "base/date.h"
#include "registry/believed.h"
#include "registry/registry_view.h"
#include "store/store.h"

/* clang-format off */
#define FACT(f, kind)                                                                     \
    "LEFT JOIN point_fact " f " ON " f ".unit_id = p.unit_id AND " f                      \
    ".point_id = p.point_id AND " f ".kind = '" kind "' AND " f ".state = 'set' AND "     \
    BELIEVED("point_fact", "point_id", f, "$1", "$2") " "
/* The points asked for are found first, so that facts are looked up for those alone. */
#define POINTS(found)                                                                     \
    "SELECT p.unit_id, p.point_id, u.code, p.code, a.agreement_id, a.code, k.code, "      \
    "fd.value_text, fu.value_text, fq.value_i64, fa.valid_from FROM (SELECT * FROM "      \
    "usage_point WHERE unit_id = $3 AND " found ") p JOIN unit u "                        \
    "ON u.unit_id = p.unit_id " FACT("fa", "agreement") FACT("fb", "book")                \
    FACT("fd", "address") FACT("fu", "uses") FACT("fq", "households")                     \
    "LEFT JOIN agreement a ON a.unit_id = p.unit_id AND a.agreement_id = fa.value_i64 "   \
    "LEFT JOIN book k ON k.unit_id = p.unit_id AND k.book_id = fb.value_i64 "
/* clang-format on */

static struct point_row read_row(const struct rows *rows)
{
    return (struct point_row){.unit_id = row_i64(rows, 0),
                              .point_id = row_i64(rows, 1),
                              .unit_code = row_text(rows, 2),
                              .code = row_text(rows, 3),
                              .agreement_id = row_i64_or(rows, 4, 0),
                              .agreement_code = row_text_or_empty(rows, 5),
                              .book_code = row_text_or_empty(rows, 6),
                              .address = row_text_or_empty(rows, 7),
                              .uses = row_text_or_empty(rows, 8),
                              .household_quarters = row_i64_or(rows, 9, -1),
                              .supplied_since_on = row_text_or_empty(rows, 10)};
}

/* clang-format off */
static const char of_unit_sql[] =
    POINTS("point_id > $4 ORDER BY point_id LIMIT $5") "ORDER BY p.point_id";
/* The index of references finds the points that ever belonged to the agreement. */
static const char of_agreement_sql[] =
    POINTS("point_id > $4 AND point_id IN (SELECT r.point_id FROM point_fact r WHERE "
           "r.unit_id = $3 AND r.kind IN ('book', 'station', 'agreement') AND r.kind = "
           "'agreement' AND r.value_i64 = $6)")
    "WHERE fa.value_i64 = $6 ORDER BY p.point_id LIMIT $5";
/* clang-format on */

err_t point_page(struct db *db, int64_t unit_id, int64_t agreement_id, int64_t after_point_id,
                 int64_t limit, int32_t day, point_visit *visit, void *context, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    char on[DATE_TEXT_BYTES];
    struct value values[] = {v_text(day_text(day, on)), v_i64(KNOWN_NOW), v_i64(unit_id),
                             v_i64(after_point_id),     v_i64(limit),     v_i64(agreement_id)};
    bool more, all = agreement_id == 0;
    err_t e = db_query(db, all ? of_unit_sql : of_agreement_sql, (struct args){values, all ? 5 : 6},
                       &rows, err);
    while (e == OK) {
        e = rows_next(rows, &more, err);
        if (e != OK || !more) break;
        struct point_row row = read_row(rows);
        e = visit(context, &row, err);
    }
    return e;
}

static err_t refuse_unknown(struct err *err)
{
    err_set(err, E_NOT_FOUND, "point", "Không có điểm đo này", "There is no such usage point");
    return err_hint(err, "Kiểm tra mã điểm đo", "Check the code of the point");
}

err_t point_view(struct db *db, struct arena *arena, int64_t unit_id, int64_t point_id, int32_t day,
                 struct point_row *out, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    char on[DATE_TEXT_BYTES];
    bool found = false;
    err_t e =
        db_query(db, POINTS("point_id = $4"),
                 ARGS(v_text(day_text(day, on)), v_i64(KNOWN_NOW), v_i64(unit_id), v_i64(point_id)),
                 &rows, err);
    if (e == OK) e = rows_next(rows, &found, err);
    if (e != OK) return e;
    if (!found) return refuse_unknown(err);
    struct point_row row = read_row(rows);
    struct str *const texts[] = {&row.unit_code, &row.code, &row.agreement_code,   &row.book_code,
                                 &row.address,   &row.uses, &row.supplied_since_on};
    for (size_t i = 0; i < ARRAY_COUNT(texts); i++) *texts[i] = arena_str(arena, *texts[i]);
    *out = row;
    return arena->failed ? err_memory(err) : OK;
}

static struct point_meter read_meter(struct arena *arena, const struct rows *rows)
{
    return (struct point_meter){.serial = arena_str(arena, row_text(rows, 0)),
                                .maker = arena_str(arena, row_text(rows, 1)),
                                .role = arena_str(arena, row_text(rows, 2)),
                                .registers = arena_str(arena, row_text(rows, 3)),
                                .multiplier = row_i64(rows, 4),
                                .digits = row_i64(rows, 5),
                                .decimals = row_i64(rows, 6),
                                .hung_at_ms = row_i64(rows, 7),
                                .removed_at_ms = row_i64_or(rows, 8, INT64_MAX)};
}

err_t point_meters(struct db *db, struct arena *arena, int64_t unit_id, int64_t point_id,
                   struct point_meter **out, size_t *out_count, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    struct point_meter *meters = ARENA_ARRAY(arena, struct point_meter, POINT_METERS_MOST);
    size_t count = 0;
    bool more;
    if (meters == NULL) return err_memory(err);
    err_t e = db_query(db,
                       "SELECT m.serial, m.maker, i.role, m.registers, i.multiplier, m.digits, "
                       "m.decimals, i.hung_at, i.removed_at FROM installation i JOIN meter m ON "
                       "m.unit_id = i.unit_id AND m.meter_id = i.meter_id WHERE i.unit_id = $1 "
                       "AND i.point_id = $2 ORDER BY i.hung_at DESC, i.installation_id DESC "
                       "LIMIT $3",
                       ARGS(v_i64(unit_id), v_i64(point_id), v_i64(POINT_METERS_MOST)), &rows, err);
    while (e == OK) {
        e = rows_next(rows, &more, err);
        if (e != OK || !more) break;
        meters[count++] = read_meter(arena, rows);
    }
    if (e != OK) return e;
    for (size_t i = 0; i < count / 2; i++) {
        struct point_meter other = meters[i];
        meters[i] = meters[count - 1 - i];
        meters[count - 1 - i] = other;
    }
    *out = meters;
    *out_count = count;
    return arena->failed ? err_memory(err) : OK;
}
