/* SPDX-License-Identifier: Apache-2.0 */
#include "api/partner_right.h"

#include "base/clock.h"
#include "identity/audit.h"

static const char *const names[PERMISSION_COUNT] = {
#define PERMISSION(name, vi, en) [PERMISSION_##name] = #name,
#include "identity/permissions.def"
#undef PERMISSION
};

static const enum permission givable[] = {PERMISSION_CUSTOMER_READ, PERMISSION_BILL_READ,
                                          PERMISSION_READING_READ, PERMISSION_RUN_READ};

bool partner_right_parse(struct str text, enum permission *out)
{
    for (size_t i = 0; i < ARRAY_COUNT(givable); i++) {
        if (!str_equal(text, str_of(names[givable[i]]))) continue;
        *out = givable[i];
        return true;
    }
    return false;
}

void partner_right_words(struct buf *out)
{
    for (size_t i = 0; i < ARRAY_COUNT(givable); i++)
        buf_printf(out, "%s%s", i > 0 ? ", " : "", names[givable[i]]);
}

/* ---- changing ----------------------------------------------------------------------------- */

static bool can_be_given(enum permission permission)
{
    for (size_t i = 0; i < ARRAY_COUNT(givable); i++)
        if (givable[i] == permission) return true;
    return false;
}

static err_t refuse_permission(struct err *err)
{
    char words[ERR_HINT_BYTES];
    struct buf list;
    buf_init_fixed(&list, words, sizeof words);
    partner_right_words(&list);
    err_set(err, E_INPUT, "permission", "Chương trình của đối tác không thể có quyền này",
            "Programs of partners cannot have this right");
    return err_hint(err, "Chọn một trong: %s", "Choose one of: %s", words);
}

static err_t check(struct db *db, const struct actor *actor, const struct partner_grant *grant,
                   int64_t *out_partner_id, struct err *err)
{
    ASSERT(db_in_transaction(db));
    err_t e = actor_require(db, actor, IDENTITY_EVERY_UNIT, PERMISSION_PARTNER_MANAGE, err);
    if (e == OK && !can_be_given(grant->permission)) e = refuse_permission(err);
    if (e == OK)
        e = db_get_i64_or(db, "SELECT partner_id FROM partner WHERE code = $1",
                          ARGS(v_text(grant->partner_code)), 0, out_partner_id, err);
    if (e != OK || *out_partner_id != 0) return e;
    err_set(err, E_NOT_FOUND, "CODE", "Không có đối tác %.*s", "There is no partner %.*s",
            STR_ARG(str_first(grant->partner_code, 40)));
    return err_hint(err, "Xem danh sách: sangden partner list", "See: sangden partner list");
}

static err_t note(struct db *db, const struct actor *actor, const struct partner_grant *grant,
                  const char *action, struct err *err)
{
    struct audit_note link = {.unit_id = grant->unit_id,
                              .stream = S("identity"),
                              .action = str_of(action),
                              .subject = grant->partner_code,
                              .content = str_of(names[grant->permission])};
    return audit_append(db, actor, &link, err);
}

err_t partner_grant(struct db *db, const struct actor *actor, const struct partner_grant *grant,
                    bool *out_changed, struct err *err)
{
    int64_t partner_id = 0, changed = 0;
    err_t e = check(db, actor, grant, &partner_id, err);
    if (e == OK)
        e = db_run(db,
                   "INSERT INTO partner_right (partner_id, unit_id, permission, given_at, "
                   "given_by) SELECT $1, $2, $3, $4, $5 WHERE NOT EXISTS (SELECT 1 FROM "
                   "partner_right r WHERE r.partner_id = $1 AND r.unit_id = $2 AND "
                   "r.permission = $3 AND r.ended_at IS NULL)",
                   ARGS(v_i64(partner_id), v_i64(grant->unit_id),
                        v_text(str_of(names[grant->permission])), v_i64(clock_now_ms()),
                        v_i64(actor->staff_id)),
                   &changed, err);
    if (e == OK && changed > 0) e = note(db, actor, grant, "partner.grant", err);
    if (e == OK) *out_changed = changed > 0;
    return e;
}

err_t partner_take_back(struct db *db, const struct actor *actor, const struct partner_grant *grant,
                        struct err *err)
{
    int64_t partner_id = 0, changed = 0;
    err_t e = check(db, actor, grant, &partner_id, err);
    if (e == OK)
        e = db_run(db,
                   "UPDATE partner_right SET ended_at = $1, ended_by = $2 WHERE partner_id = $3 "
                   "AND unit_id = $4 AND permission = $5 AND ended_at IS NULL",
                   ARGS(v_i64(clock_now_ms()), v_i64(actor->staff_id), v_i64(partner_id),
                        v_i64(grant->unit_id), v_text(str_of(names[grant->permission]))),
                   &changed, err);
    if (e == OK && changed == 0) {
        err_set(err, E_NOT_FOUND, "permission", "Đối tác không có quyền này tại đơn vị",
                "The partner does not have this right at the unit");
        return err_hint(err, "Xem các quyền: sangden partner rights",
                        "See the rights: sangden partner rights");
    }
    return e == OK ? note(db, actor, grant, "partner.take_back", err) : e;
}

/* ---- asking ------------------------------------------------------------------------------- */

err_t partner_may(struct db *db, int64_t partner_id, int64_t unit_id, enum permission permission,
                  bool *out, struct err *err)
{
    int64_t count = 0;
    err_t e = db_get_i64(db,
                         "SELECT count(*) FROM partner_right WHERE partner_id = $1 AND "
                         "unit_id = $2 AND permission = $3 AND ended_at IS NULL",
                         ARGS(v_i64(partner_id), v_i64(unit_id), v_text(str_of(names[permission]))),
                         &count, err);
    if (e == OK) *out = count > 0;
    return e;
}

err_t partner_right_each(struct db *db, struct str code,
                         void (*take)(void *context, const struct partner_right_row *row),
                         void *context, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    bool more;
    err_t e = db_query(db,
                       "SELECT p.code, u.code, r.permission, coalesce(s.code, ''), r.given_at "
                       "FROM partner_right r JOIN partner p ON p.partner_id = r.partner_id "
                       "JOIN unit u ON u.unit_id = r.unit_id LEFT JOIN staff s ON "
                       "s.staff_id = r.given_by WHERE r.ended_at IS NULL AND "
                       "($1 = '' OR p.code = $1) ORDER BY p.code, u.code, r.permission",
                       ARGS(v_text(code)), &rows, err);
    while (e == OK) {
        e = rows_next(rows, &more, err);
        if (e != OK || !more) break;
        struct partner_right_row row = {row_text(rows, 0), row_text(rows, 1), row_text(rows, 2),
                                        row_text(rows, 3), row_i64(rows, 4)};
        take(context, &row);
    }
    return e;
}
