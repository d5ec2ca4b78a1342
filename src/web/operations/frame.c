/* SPDX-License-Identifier: Apache-2.0 */
/* Which unit a page of operations is about, and what the visitor may do there. */
#include "base/date.h"
#include "identity/access.h"
#include "network/unit_list.h"
#include "web/operations/operations.h"

enum { UNITS_SHOWN = 1000 };

static const int section_permissions[OPERATIONS_SECTION_COUNT] = {
#define SECTION(name, word, permission, address) permission,
#include "web/operations/sections.def"
};

/* ---- the frame ----------------------------------------------------------------------------- */

static void fill_frame(struct visit *visit, const struct unit_ref *unit, bool several,
                       struct operations *out)
{
    out->unit_id = unit->unit_id;
    out->frame = (struct show_operations){.unit_code = unit->code, .unit_name = unit->name};
    if (several)
        out->frame.units =
            arena_printf(visit->arena, "/van-hanh/don-vi?tiep=%.*s", STR_ARG(visit->request->path));
    for (size_t i = 0; i < OPERATIONS_SECTION_COUNT; i++) {
        int permission = section_permissions[i];
        out->frame.open[i] = permission == VISIT_NO_PERMISSION || out->rights.may[permission];
    }
}

static const struct unit_ref *find_code(const struct unit_list *units, struct str code)
{
    for (size_t i = 0; i < units->count && code.n > 0; i++)
        if (str_equal(units->items[i].code, code)) return &units->items[i];
    return NULL;
}

static err_t open_unit(struct visit *visit, const struct unit_list *units,
                       const struct unit_ref *unit, enum permission permission, bool changeable,
                       struct operations *out)
{
    err_t e = actor_require(visit->db, &visit->actor, unit->unit_id, permission, visit->err);
    if (e == OK)
        e = actor_rights_at(visit->db, &visit->actor, unit->unit_id, &out->rights, visit->err);
    if (e == OK) fill_frame(visit, unit, changeable && units->count > 1, out);
    return e;
}

static err_t refuse_before_units(struct visit *visit)
{
    err_set(visit->err, E_NOT_FOUND, NULL, "Chưa có đơn vị nào", "There is no unit yet");
    return err_hint(visit->err, "Nhờ quản trị hệ thống nạp danh sách đơn vị trước",
                    "Ask the administrator to import the list of units first");
}

/* The remembered one where the visitor may, otherwise the first where that is so. */
static err_t choose(struct visit *visit, const struct unit_list *units, enum permission permission,
                    const struct unit_ref **out)
{
    const struct unit_ref *kept = find_code(units, visit_cookie(visit, S("don-vi")));
    bool may = false;
    err_t e = OK;
    if (kept != NULL)
        e = actor_may(visit->db, &visit->actor, kept->unit_id, permission, &may, visit->err);
    if (may) *out = kept;
    for (size_t i = 0; i < units->count && e == OK && !may; i++) {
        *out = &units->items[i];
        e = actor_may(visit->db, &visit->actor, (*out)->unit_id, permission, &may, visit->err);
    }
    if (e != OK || may) return e;
    e = actor_require(visit->db, &visit->actor, IDENTITY_EVERY_UNIT, permission, visit->err);
    return e == OK ? refuse_before_units(visit) : e;
}

err_t operations_open(struct visit *visit, enum permission permission, struct operations *out)
{
    struct str asked = http_field(&visit->request->query, S("don-vi"));
    struct unit_list units;
    const struct unit_ref *unit = NULL;
    err_t e = unit_list_load(visit->db, visit->arena, S(""), &units, visit->err);
    if (e != OK) return e;
    if (asked.n == 0) {
        e = choose(visit, &units, permission, &unit);
        return e == OK ? open_unit(visit, &units, unit, permission, true, out) : e;
    }
    unit = find_code(&units, asked);
    if (unit == NULL) return unit_known(visit->db, asked, visit->err);
    e = open_unit(visit, &units, unit, permission, true, out);
    if (e == OK) visit_keep_code(visit, S("don-vi"), asked);
    return e;
}

err_t operations_at(struct visit *visit, int64_t unit_id, enum permission permission,
                    struct operations *out)
{
    struct unit_list units;
    err_t e = unit_list_load(visit->db, visit->arena, S(""), &units, visit->err);
    for (size_t i = 0; i < units.count && e == OK; i++)
        if (units.items[i].unit_id == unit_id)
            return open_unit(visit, &units, &units.items[i], permission, false, out);
    return e == OK ? visit_nothing(visit) : e;
}

/* ---- choosing a unit ----------------------------------------------------------------------- */

/* Back to the page from which the visitor came, about that unit. */
static struct str address_of(struct visit *visit, struct str onward, struct str code)
{
    struct str path = str_sub(onward, 0, str_find(onward, '?'));
    return arena_printf(visit->arena, "%.*s?don-vi=%.*s", STR_ARG(path), STR_ARG(code));
}

err_t operations_units(struct visit *visit)
{
    struct str onward = visit_onward(visit, S("/van-hanh"));
    struct unit_list units;
    size_t count = 0;
    err_t e = unit_list_load(visit->db, visit->arena, S(""), &units, visit->err);
    if (e != OK) return e;
    struct show_units_row *rows = ARENA_ARRAY(visit->arena, struct show_units_row, units.count);
    if (rows == NULL) return err_memory(visit->err);
    for (size_t i = 0; i < units.count && count < UNITS_SHOWN; i++) {
        const struct unit_ref *unit = &units.items[i];
        struct actor_rights rights;
        bool any = false;
        e = actor_rights_at(visit->db, &visit->actor, unit->unit_id, &rights, visit->err);
        if (e != OK) return e;
        for (size_t p = 0; p < PERMISSION_COUNT; p++) any = any || rights.may[p];
        if (any)
            rows[count++] =
                (struct show_units_row){.code = unit->code,
                                        .name = unit->name,
                                        .address = address_of(visit, onward, unit->code)};
    }
    return show_ops_units(&visit->show, rows, count);
}

/* ---- addresses and changes ----------------------------------------------------------------- */

err_t operations_month(struct visit *visit, int32_t otherwise, int32_t *out)
{
    struct str asked = visit_field(visit, S("thang"));
    if (asked.n == 0) {
        *out = otherwise;
        return OK;
    }
    if (month_parse(asked, out)) return OK;
    err_set(visit->err, E_INPUT, "thang", "Tháng viết không đúng", "This is no month");
    return err_hint(visit->err, "Viết năm và tháng, ví dụ 2026-10",
                    "Write year and month, such as 2026-10");
}

err_t operations_note(struct visit *visit, int64_t unit_id, struct str action, struct str what)
{
    return visit_note(visit, unit_id, ACCESS_AGREEMENT, ACCESS_MANY, action, what);
}

err_t operations_end(struct visit *visit, const struct audit_note *note, err_t e)
{
    if (e == OK) e = audit_append(visit->db, &visit->actor, note, visit->err);
    if (e == OK) e = db_commit(visit->db, visit->err);
    if (e != OK) db_rollback(visit->db);
    return e;
}

bool operations_refused(err_t e)
{
    return e == E_INPUT || e == E_STATE || e == E_FORBIDDEN || e == E_CONFLICT;
}
