/* SPDX-License-Identifier: Apache-2.0 */
#include "base/date.h"
#include "identity/identity_int.h"

enum { ROLES_BYTES = ERR_HINT_BYTES - 100 /* for the words around them */ };

static identity_tree_finder *tree_finder;

void identity_use_tree(identity_tree_finder *finder)
{
    tree_finder = finder;
}

err_t identity_tree_of(struct db *db, int64_t unit_id, int32_t day, struct identity_tree *out,
                       struct err *err)
{
    *out = (struct identity_tree){.managed_as_unit_id = unit_id};
    if (tree_finder == NULL || unit_id == IDENTITY_EVERY_UNIT) return OK;
    return tree_finder(db, unit_id, day, out, err);
}

#define ACTIVE_STAFF                                                                            \
    "SELECT s.staff_id, s.code, n.value_text FROM staff s "                                     \
    "JOIN staff_asof a ON a.unit_id = 0 AND a.staff_id = s.staff_id AND a.kind = 'active' "     \
    "JOIN staff_asof n ON n.unit_id = 0 AND n.staff_id = s.staff_id AND n.kind = 'name' "

static const char by_code_sql[] =
    ACTIVE_STAFF "WHERE s.code = $1 AND" HOLDS("a", "$2") "AND" HOLDS("n", "$2");

static const char by_os_user_sql[] =
    ACTIVE_STAFF "JOIN staff_asof u ON u.unit_id = 0 AND u.staff_id = s.staff_id "
    "AND u.kind = 'os_user' WHERE u.value_text = $1 AND" HOLDS("a", "$2") "AND" HOLDS("n", "$2")
    "AND" HOLDS("u", "$2");

static err_t refuse_unknown(struct str code, struct str os_user, int32_t day, struct err *err)
{
    char text[DATE_TEXT_BYTES];
    struct str on = day_text(day, text);
    if (code.n > 0) {
        err_set(err, E_FORBIDDEN, "as", "Không có nhân viên %.*s đang làm việc ngày %.*s",
                "There is no staff member %.*s active on %.*s", STR_ARG(code), STR_ARG(on));
        return err_hint(err, "Xem danh sách: sangden staff list; thêm người: sangden staff add",
                        "See: sangden staff list; add a person: sangden staff add");
    }
    err_set(err, E_FORBIDDEN, "as", "Chưa biết ai đang thực hiện: tài khoản “%.*s” chưa gắn với "
            "nhân viên nào", "It is not known who acts: the account “%.*s” belongs to no staff "
            "member", STR_ARG(os_user));
    return err_hint(err, "Ghi --as MÃ_NHÂN_VIÊN, hoặc gắn tài khoản bằng sangden staff add",
                    "Give --as CODE, or map the account with sangden staff add");
}

static err_t copy_actor(struct rows *rows, struct arena *arena, struct actor *out,
                        struct err *err)
{
    out->staff_id = row_i64(rows, 0);
    out->code = arena_str(arena, row_text(rows, 1));
    out->name = arena_str(arena, row_text(rows, 2));
    out->os_user = arena_str(arena, out->os_user);
    return arena->failed ? err_memory(err) : OK;
}

err_t actor_resolve(struct db *db, struct arena *arena, struct str code, struct str os_user,
                    int32_t day, struct actor *out, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    char on[DATE_TEXT_BYTES];
    struct actor actor = {.os_user = os_user, .day = day};
    bool row = false, second = false;
    bool named = code.n > 0;
    err_t e = db_query(db, named ? by_code_sql : by_os_user_sql,
                       ARGS(v_text(named ? code : os_user), v_day(day, on)), &rows, err);
    if (e == OK) e = rows_next(rows, &row, err);
    if (e == OK && !row) return refuse_unknown(code, os_user, day, err);
    if (e == OK) e = copy_actor(rows, arena, &actor, err);
    if (e == OK) e = rows_next(rows, &second, err);
    if (e != OK) return e;
    if (second) {
        err_set(err, E_FORBIDDEN, "as", "Tài khoản “%.*s” gắn với nhiều nhân viên",
                "The account “%.*s” belongs to several staff members", STR_ARG(os_user));
        return err_hint(err, "Ghi rõ --as MÃ_NHÂN_VIÊN", "Say who with --as CODE");
    }
    *out = actor;
    return OK;
}

static const char by_staff_sql[] =
    ACTIVE_STAFF "WHERE s.staff_id = $1 AND" HOLDS("a", "$2") "AND" HOLDS("n", "$2");

err_t actor_of_staff(struct db *db, struct arena *arena, int64_t staff_id, int32_t day,
                     struct actor *out, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    char on[DATE_TEXT_BYTES];
    struct actor actor = {.os_user = S(""), .day = day};
    bool row = false;
    err_t e = db_query(db, by_staff_sql, ARGS(v_i64(staff_id), v_day(day, on)), &rows, err);
    if (e == OK) e = rows_next(rows, &row, err);
    if (e != OK) return e;
    if (!row) {
        err_set(err, E_FORBIDDEN, NULL, "Nhân viên không còn làm việc",
                "The staff member is no longer active");
        return err_hint(err, "Hỏi quản trị hệ thống", "Ask an administrator");
    }
    e = copy_actor(rows, arena, &actor, err);
    if (e == OK) *out = actor;
    return e;
}

/* Whether a role at this unit or organisation reaches the unit whose tree is given. */
static bool reaches(const struct identity_tree *tree, int64_t unit_id, int64_t at_unit_id,
                    int64_t at_organisation_id)
{
    if (at_organisation_id == 0)
        return at_unit_id == IDENTITY_EVERY_UNIT || at_unit_id == unit_id ||
               at_unit_id == tree->managed_as_unit_id;
    for (size_t i = 0; i < tree->organisation_count; i++)
        if (tree->organisation_ids[i] == at_organisation_id) return true;
    return false;
}

/* A right at every unit comes from a role at every unit alone, and is asked for in stores of any
 * version: they all have this table. */
static const char everywhere_sql[] =
    "SELECT r.role, r.unit_id, CAST(0 AS BIGINT) FROM staff_role_asof r "
    "WHERE r.unit_id = 0 AND r.staff_id = $1 AND" HOLDS("r", "$2");

static const char anywhere_sql[] =
    "SELECT r.role, r.unit_id, r.organisation_id FROM " STAFF_SCOPE " r "
    "WHERE r.staff_id = $1 AND" HOLDS("r", "$2");

/* What is done with each role of an actor; false: no further one is wanted. */
typedef bool role_take(void *context, const struct actor_role *role);

/* Keeps all roles, where there is room for them. */
static bool keep_role(void *context, const struct actor_role *role)
{
    struct actor_memory *memory = context;
    if (memory->role_count == ACTOR_ROLES_KEPT) return false;
    memory->role[memory->role_count++] = *role;
    return true;
}

static err_t ask_roles(struct db *db, const struct actor *actor, const char *sql, role_take *take,
                       void *context, bool *out_all, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    char on[DATE_TEXT_BYTES];
    bool row = true;
    *out_all = true;
    err_t e = db_query(db, sql, ARGS(v_i64(actor->staff_id), v_day(actor->day, on)), &rows, err);
    while (e == OK && *out_all) {
        struct actor_role role = {.organisation_id = 0};
        e = rows_next(rows, &row, err);
        if (e != OK || !row) break;
        role.unit_id = row_i64(rows, 1);
        role.organisation_id = row_i64(rows, 2);
        if (role_parse(row_text(rows, 0), &role.role)) *out_all = take(context, &role);
    }
    return e;
}

/* What is remembered of this person on this day; NULL: nothing is to be. */
static struct actor_memory *memory_of(const struct actor *actor)
{
    struct actor_memory *memory = actor->memory;
    if (memory == NULL || (memory->staff_id == actor->staff_id && memory->day == actor->day))
        return memory;
    *memory = (struct actor_memory){.staff_id = actor->staff_id, .day = actor->day};
    return memory;
}

/* Roles wherever they hold: of the memory, or asked for. */
static err_t each_role(struct db *db, const struct actor *actor, role_take *take, void *context,
                       struct err *err)
{
    struct actor_memory *memory = memory_of(actor);
    bool all = false;
    if (memory != NULL && !memory->has_roles) {
        memory->role_count = 0;
        err_t e = ask_roles(db, actor, anywhere_sql, keep_role, memory, &all, err);
        if (e != OK) return e;
        memory->has_roles = all;
    }
    if (memory == NULL || !memory->has_roles)
        return ask_roles(db, actor, anywhere_sql, take, context, &all, err);
    for (size_t i = 0; i < memory->role_count; i++)
        if (!take(context, &memory->role[i])) break;
    return OK;
}

/* ---- at a unit --------------------------------------------------------------------------- */

struct rights_at {
    int64_t unit_id;
    struct identity_tree tree;
    struct actor_rights rights;
};

static bool add_role(void *context, const struct actor_role *role)
{
    struct rights_at *at = context;
    if (!reaches(&at->tree, at->unit_id, role->unit_id, role->organisation_id)) return true;
    for (enum permission p = 0; p < PERMISSION_COUNT; p++)
        at->rights.may[p] = at->rights.may[p] || role_grants(role->role, p);
    return true;
}

static const struct actor_rights *remembered(const struct actor *actor, int64_t unit_id)
{
    const struct actor_memory *memory = memory_of(actor);
    for (size_t i = 0; memory != NULL && i < memory->unit_count; i++)
        if (memory->unit_id[i] == unit_id) return &memory->rights[i];
    return NULL;
}

static void remember(const struct actor *actor, int64_t unit_id, const struct actor_rights *rights)
{
    struct actor_memory *memory = memory_of(actor);
    if (memory == NULL || memory->unit_count == ACTOR_UNITS_KEPT) return;
    memory->unit_id[memory->unit_count] = unit_id;
    memory->rights[memory->unit_count++] = *rights;
}

err_t actor_rights_at(struct db *db, const struct actor *actor, int64_t unit_id,
                      struct actor_rights *out, struct err *err)
{
    struct rights_at at = {.unit_id = unit_id};
    const struct actor_rights *known = remembered(actor, unit_id);
    bool all;
    if (known != NULL) {
        *out = *known;
        return OK;
    }
    err_t e = identity_tree_of(db, unit_id, actor->day, &at.tree, err);
    if (e == OK)
        e = unit_id == IDENTITY_EVERY_UNIT
                ? ask_roles(db, actor, everywhere_sql, add_role, &at, &all, err)
                : each_role(db, actor, add_role, &at, err);
    if (e != OK) return e;
    remember(actor, unit_id, &at.rights);
    *out = at.rights;
    return OK;
}

err_t actor_may(struct db *db, const struct actor *actor, int64_t unit_id,
                enum permission permission, bool *out, struct err *err)
{
    struct actor_rights rights;
    err_t e = actor_rights_at(db, actor, unit_id, &rights, err);
    if (e == OK) *out = rights.may[permission];
    return e;
}

struct search_of {
    enum permission permission;
    bool granted;
};

static bool look_for(void *context, const struct actor_role *role)
{
    struct search_of *search = context;
    search->granted = role_grants(role->role, search->permission);
    return !search->granted;
}

err_t actor_may_anywhere(struct db *db, const struct actor *actor, enum permission permission,
                         bool *out, struct err *err)
{
    struct search_of search = {.permission = permission};
    err_t e = each_role(db, actor, look_for, &search, err);
    if (e == OK) *out = search.granted;
    return e;
}

/* "Tổ trưởng hóa đơn (billing_leader), …": whose role would do, as many as find room in a hint. */
static void add_roles(enum permission permission, bool vietnamese, struct buf *out)
{
    for (enum role role = 0; role < ROLE_COUNT; role++) {
        const char *words = vietnamese ? role_vi(role) : role_en(role), *name = role_name(role);
        if (!role_grants(role, permission)) continue;
        if (out->n + str_of(words).n + str_of(name).n > ROLES_BYTES) {
            buf_add(out, S("…"));
            return;
        }
        if (out->n > 0) buf_add(out, S(", "));
        buf_printf(out, "%s (%s)", words, name);
    }
}

err_t actor_require(struct db *db, const struct actor *actor, int64_t unit_id,
                    enum permission permission, struct err *err)
{
    bool granted = false;
    err_t e = actor_may(db, actor, unit_id, permission, &granted, err);
    if (e != OK || granted) return e;
    char place[2][ERR_HINT_BYTES];
    struct buf vi, en;
    buf_init_fixed(&vi, place[0], sizeof place[0]);
    buf_init_fixed(&en, place[1], sizeof place[1]);
    add_roles(permission, true, &vi);
    add_roles(permission, false, &en);
    err_set(err, E_FORBIDDEN, "as", "%.*s không có quyền %s%.0s tại đây",
            "%.*s may not %.0s%s here", STR_ARG(actor->code), permission_vi(permission),
            permission_en(permission));
    if (unit_id == IDENTITY_EVERY_UNIT)
        err_detail(err, "Cần quyền ở mọi đơn vị", "The right is needed at every unit");
    else
        err_detail(err, "Đơn vị số %lld", "Unit number %lld", (long long)unit_id);
    return err_hint(err, "Cần vai trò: %s%.0s; giao bằng sangden staff role",
                    "Needs the role: %.0s%s; given with sangden staff role", vi.p, en.p);
}

static bool is_one_of(int64_t staff_id, const int64_t *others, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (others[i] == staff_id) return true;
    return false;
}

err_t actor_is_alone(struct db *db, const struct actor *actor, int64_t unit_id, bool *out,
                     struct err *err)
{
    return actor_is_last(db, actor, unit_id, NULL, 0, out, err);
}

err_t actor_is_last(struct db *db, const struct actor *actor, int64_t unit_id,
                    const int64_t *others, size_t other_count, bool *out, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    char on[DATE_TEXT_BYTES];
    struct identity_tree tree;
    bool alone = true, row;
    err_t e = identity_tree_of(db, unit_id, actor->day, &tree, err);
    if (e == OK)
        e = db_query(db,
                     "SELECT r.unit_id, r.organisation_id, r.staff_id FROM " STAFF_SCOPE " r "
                     "JOIN staff_asof a ON a.unit_id = 0 AND a.staff_id = r.staff_id "
                     "AND a.kind = 'active' WHERE r.staff_id <> $1 AND" HOLDS("r", "$2")
                     "AND" HOLDS("a", "$2"),
                     ARGS(v_i64(actor->staff_id), v_day(actor->day, on)), &rows, err);
    while (e == OK && alone) {
        e = rows_next(rows, &row, err);
        if (e != OK || !row) break;
        if (is_one_of(row_i64(rows, 2), others, other_count)) continue;
        /* What concerns every unit concerns everybody who works anywhere. */
        alone = unit_id != IDENTITY_EVERY_UNIT &&
                !reaches(&tree, unit_id, row_i64(rows, 0), row_i64(rows, 1));
    }
    if (e == OK) *out = alone;
    return e;
}
