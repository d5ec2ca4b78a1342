/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/registry_view.h"

#include <string.h>

#include "base/date.h"
#include "registry/believed.h"
#include "store/store.h"

enum { RELATIONS_FIRST_CAPACITY = 32 };

/* ---- codes ------------------------------------------------------------------------------- */

static err_t find_code(struct db *db, const char *sql, struct args args, int64_t *out_unit_id,
                       int64_t *out_id, bool *out_found, bool *out_several, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    bool first = false, second = false;
    err_t e = db_query(db, sql, args, &rows, err);
    if (e == OK) e = rows_next(rows, &first, err);
    if (e == OK && first) {
        *out_unit_id = row_i64(rows, 0);
        *out_id = row_i64(rows, 1);
        e = rows_next(rows, &second, err);
    }
    if (e != OK) return e;
    *out_found = first;
    *out_several = second;
    return OK;
}

err_t point_by_code(struct db *db, struct str code, int64_t *out_unit_id, int64_t *out_point_id,
                    struct err *err)
{
    bool found, several;
    err_t e = find_code(db, "SELECT unit_id, point_id FROM point_directory WHERE code = $1",
                        ARGS(v_text(code)), out_unit_id, out_point_id, &found, &several, err);
    if (e != OK || found) return e;
    err_set(err, E_NOT_FOUND, "point", "Không có điểm đo “%.*s”",
            "There is no usage point \"%.*s\"", STR_ARG(code));
    return err_hint(err, "Kiểm tra mã, kể cả số 0 ở đầu",
                    "Check the code, zeros in front included");
}

err_t agreement_by_code(struct db *db, struct str code, int64_t *out_unit_id,
                        int64_t *out_agreement_id, struct err *err)
{
    bool found, several;
    err_t e = find_code(db, "SELECT unit_id, agreement_id FROM agreement_directory "
                            "WHERE code = $1",
                        ARGS(v_text(code)), out_unit_id, out_agreement_id, &found, &several, err);
    if (e != OK || found) return e;
    err_set(err, E_NOT_FOUND, "agreement", "Không có mã khách hàng “%.*s”",
            "There is no customer code \"%.*s\"", STR_ARG(code));
    return err_hint(err, "Kiểm tra mã, kể cả số 0 ở đầu",
                    "Check the code, zeros in front included");
}

err_t meter_by_serial(struct db *db, struct str serial, struct str maker, int64_t *out_unit_id,
                      int64_t *out_meter_id, struct err *err)
{
    bool found, several;
    err_t e = maker.n == 0
                  ? find_code(db, "SELECT unit_id, meter_id FROM meter_directory "
                                  "WHERE serial = $1",
                              ARGS(v_text(serial)), out_unit_id, out_meter_id, &found, &several,
                              err)
                  : find_code(db, "SELECT unit_id, meter_id FROM meter_directory "
                                  "WHERE serial = $1 AND maker = $2",
                              ARGS(v_text(serial), v_text(maker)), out_unit_id, out_meter_id,
                              &found, &several, err);
    if (e != OK) return e;
    if (!found) {
        err_set(err, E_NOT_FOUND, "meter", "Không có công tơ số “%.*s”",
                "There is no meter with serial \"%.*s\"", STR_ARG(serial));
        return err_hint(err, "Kiểm tra số công tơ, kể cả số 0 ở đầu",
                        "Check the serial, zeros in front included");
    }
    if (!several) return OK;
    err_set(err, E_INPUT, "meter", "Nhiều công tơ cùng số “%.*s”",
            "Several meters have the serial \"%.*s\"", STR_ARG(serial));
    return err_hint(err, "Ghi thêm hãng sản xuất", "Name the maker too");
}

/* ---- supply ------------------------------------------------------------------------------ */

static const char agreement_sql[] =
    "SELECT f.value_i64 FROM point_fact f WHERE f.kind = 'agreement' AND f.state = 'set' AND "
    BELIEVED("point_fact", "point_id", "f", "$1", "$2")
    " AND f.unit_id = $3 AND f.point_id = $4";

static const char account_sql[] =
    "SELECT f.value_i64 FROM agreement_fact f WHERE f.kind = 'account' AND f.state = 'set' AND "
    BELIEVED("agreement_fact", "agreement_id", "f", "$1", "$2")
    " AND f.unit_id = $3 AND f.agreement_id = $4";

err_t supply_of_point(struct db *db, int64_t unit_id, int64_t point_id, int32_t day,
                      int64_t known_at, struct supply *out, struct err *err)
{
    char text[DATE_TEXT_BYTES];
    struct value on = v_text(day_text(day, text));
    struct supply supply = {0, 0};
    err_t e = db_get_i64_or(db, agreement_sql,
                            ARGS(on, v_i64(known_at), v_i64(unit_id), v_i64(point_id)), 0,
                            &supply.agreement_id, err);
    if (e == OK && supply.agreement_id != 0)
        e = db_get_i64_or(db, account_sql,
                          ARGS(on, v_i64(known_at), v_i64(unit_id), v_i64(supply.agreement_id)),
                          0, &supply.account_id, err);
    if (e == OK) *out = supply;
    return e;
}

/* ---- relations --------------------------------------------------------------------------- */

static const char relations_sql[] =
    "SELECT point_id, other_point_id, kind, valid_from, state FROM point_relation_fact "
    "WHERE unit_id = $1 AND point_id BETWEEN $2 AND $3 AND recorded_at <= $4 "
    "AND valid_from <= $5 "
    "ORDER BY unit_id, point_id, other_point_id, kind, valid_from, entry_no";

struct relation_list {
    struct point_relation *items;
    size_t count;
    size_t capacity;
};

/* One relation while its rows are read: the belief of the day so far. Entries of one day replace
 * each other; a retracted day leaves what held before it. */
struct relation_belief {
    struct point_relation relation;
    char day[DATE_TEXT_BYTES];
    bool started;
    bool holds;
    bool held_before;
};

static enum relation_kind relation_of(struct str text)
{
    if (str_equal(text, S("sub"))) return RELATION_SUB;
    return str_equal(text, S("sum")) ? RELATION_SUM : RELATION_EXPORT;
}

static bool keep_relation(struct arena *arena, struct relation_list *list,
                          const struct relation_belief *belief)
{
    if (!belief->started || !belief->holds) return true;
    if (list->count == list->capacity) {
        size_t capacity = list->capacity == 0 ? RELATIONS_FIRST_CAPACITY : list->capacity * 2;
        struct point_relation *items = ARENA_ARRAY(arena, struct point_relation, capacity);
        if (items == NULL) return false;
        if (list->count > 0) memcpy(items, list->items, list->count * sizeof *items);
        list->items = items;
        list->capacity = capacity;
    }
    list->items[list->count++] = belief->relation;
    return true;
}

static bool same_relation(const struct point_relation *a, const struct point_relation *b)
{
    return a->point_id == b->point_id && a->other_point_id == b->other_point_id &&
           a->kind == b->kind;
}

static bool add_relation_row(struct arena *arena, struct relation_list *list,
                             struct relation_belief *belief, const struct rows *row)
{
    struct point_relation relation = {row_i64(row, 0), row_i64(row, 1),
                                      relation_of(row_text(row, 2))};
    if (!belief->started || !same_relation(&belief->relation, &relation)) {
        if (!keep_relation(arena, list, belief)) return false;
        *belief = (struct relation_belief){.relation = relation, .started = true};
    }
    struct str day = row_text(row, 3), state = row_text(row, 4);
    ASSERT(day.n == DATE_TEXT_BYTES - 1 && state.n > 0);
    if (!str_equal(str_of(belief->day), day)) {
        belief->held_before = belief->holds;
        memcpy(belief->day, day.p, day.n);
    }
    belief->holds = state.p[0] == 'r' ? belief->held_before : state.p[0] == 's';
    return true;
}

err_t relations_on(struct db *db, struct arena *arena, int64_t unit_id, int64_t first_point,
                   int64_t last_point, int32_t day, int64_t known_at,
                   const struct point_relation **out, size_t *out_count, struct err *err)
{
    char text[DATE_TEXT_BYTES];
    struct relation_list list = {NULL, 0, 0};
    struct relation_belief belief = {.started = false};
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(db, relations_sql,
                       ARGS(v_i64(unit_id), v_i64(first_point), v_i64(last_point),
                            v_i64(known_at), v_text(day_text(day, text))),
                       &rows, err);
    bool row = true;
    while (e == OK && (e = rows_next(rows, &row, err)) == OK && row)
        if (!add_relation_row(arena, &list, &belief, rows)) e = err_memory(err);
    if (e == OK && !keep_relation(arena, &list, &belief)) e = err_memory(err);
    if (e != OK) return e;
    *out = list.items;
    *out_count = list.count;
    return OK;
}
