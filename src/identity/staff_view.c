/* SPDX-License-Identifier: Apache-2.0 */
/* Questions about staff. */
#include "base/date.h"
#include "identity/identity_int.h"
#include "identity/staff.h"

err_t staff_id_of(struct db *db, struct str code, int64_t *out, struct err *err)
{
    err_t e = db_get_i64(db, "SELECT staff_id FROM staff WHERE code = $1", ARGS(v_text(code)), out,
                         err);
    if (e != E_NOT_FOUND) return e;
    err_set(err, E_NOT_FOUND, "code", "Không có nhân viên %.*s", "There is no staff member %.*s",
            STR_ARG(code));
    return err_hint(err, "Xem danh sách: sangden staff list", "See: sangden staff list");
}

err_t staff_count(struct db *db, int64_t *out, struct err *err)
{
    return db_get_i64(db, "SELECT count(*) FROM staff", NO_ARGS, out, err);
}

err_t staff_known(struct db *db, bool *out, struct err *err)
{
    int64_t version = 0, count = 0;
    err_t e = store_version(db, &version, err);
    if (e == OK && version > 0)
        e = db_get_i64(db, "SELECT count(*) FROM store_table WHERE name = 'staff'", NO_ARGS,
                       &count, err);
    if (e == OK) *out = count > 0;
    return e;
}

/* Roles of one member on the day. */
static err_t read_roles(struct db *db, struct arena *arena, int32_t day,
                        struct staff_member *member, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    char on[DATE_TEXT_BYTES];
    int64_t count = 0;
    struct value staff = v_i64(member->staff_id), today = v_day(day, on);
    err_t e = db_get_i64(db,
                         "SELECT count(*) FROM " STAFF_SCOPE " r WHERE r.staff_id = $1 "
                         "AND" HOLDS("r", "$2"),
                         ARGS(staff, today), &count, err);
    if (e != OK) return e;
    struct staff_role *roles = ARENA_ARRAY(arena, struct staff_role, (size_t)count);
    if (roles == NULL) return err_memory(err);
    e = db_query(db,
                 "SELECT r.unit_id, r.role, r.valid_from, r.organisation_id "
                 "FROM " STAFF_SCOPE " r WHERE r.staff_id = $1 AND" HOLDS("r", "$2")
                 "ORDER BY r.unit_id, r.organisation_id, r.role",
                 ARGS(staff, today), &rows, err);
    bool row;
    size_t read = 0;
    while (e == OK && read < (size_t)count) {
        e = rows_next(rows, &row, err);
        if (e != OK || !row) break;
        struct staff_role *role = &roles[read];
        role->unit_id = row_i64(rows, 0);
        role->organisation_id = row_i64(rows, 3);
        bool known = role_parse(row_text(rows, 1), &role->role);
        bool dated = day_parse(row_text(rows, 2), &role->from_day);
        /* A role that this program no longer knows grants nothing and is not shown. */
        if (known && dated) read++;
    }
    member->roles = roles;
    member->role_count = read;
    return e;
}

static err_t read_member(struct rows *rows, struct arena *arena, struct staff_member *out,
                         struct err *err)
{
    out->staff_id = row_i64(rows, 0);
    out->code = arena_str(arena, row_text(rows, 1));
    out->name = arena_str(arena, row_text(rows, 2));
    out->os_user = arena_str(arena, row_text_or_empty(rows, 3));
    if (!day_parse(row_text(rows, 4), &out->from_day)) out->from_day = 0;
    return arena->failed ? err_memory(err) : OK;
}

err_t staff_list(struct db *db, struct arena *arena, int32_t day, struct staff_member **out,
                 size_t *out_count, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    char on[DATE_TEXT_BYTES];
    int64_t limit = 0;
    err_t e = staff_count(db, &limit, err);
    if (e != OK) return e;
    struct staff_member *members = ARENA_ARRAY(arena, struct staff_member, (size_t)limit);
    if (members == NULL) return err_memory(err);
    e = db_query(db,
                 "SELECT s.staff_id, s.code, n.value_text, u.value_text, a.valid_from FROM staff s "
                 "JOIN staff_asof a ON a.unit_id = 0 AND a.staff_id = s.staff_id "
                 "AND a.kind = 'active' AND" HOLDS("a", "$1")
                 "JOIN staff_asof n ON n.unit_id = 0 AND n.staff_id = s.staff_id "
                 "AND n.kind = 'name' AND" HOLDS("n", "$1")
                 "LEFT JOIN staff_asof u ON u.unit_id = 0 AND u.staff_id = s.staff_id "
                 "AND u.kind = 'os_user' AND" HOLDS("u", "$1") "ORDER BY s.code",
                 ARGS(v_day(day, on)), &rows, err);
    size_t count = 0;
    bool row;
    while (e == OK && count < (size_t)limit) {
        e = rows_next(rows, &row, err);
        if (e != OK || !row) break;
        e = read_member(rows, arena, &members[count++], err);
    }
    for (size_t i = 0; i < count && e == OK; i++) e = read_roles(db, arena, day, &members[i], err);
    if (e != OK) return e;
    *out = members;
    *out_count = count;
    return OK;
}
