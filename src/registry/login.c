/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/login.h"

#include "base/date.h"
#include "registry/own_fact_int.h"
#include "store/fact.h"

enum { NOTE_BYTES = 128 };

static const struct {
    const char *name;
    bool may[LOGIN_CHANGES + 1]; /* by enum login_right */
    const char *vi, *en;
} roles[] = {
#define LOGIN_ROLE(name, bills, readings, personal, change, vi, en) \
    {#name, {bills, readings, personal, change}, vi, en},
#include "registry/login_roles.def"
};

bool login_role_parse(struct str text, enum login_role *out)
{
    for (size_t i = 0; i < ARRAY_COUNT(roles); i++) {
        if (!str_equal(text, str_of(roles[i].name))) continue;
        *out = (enum login_role)i;
        return true;
    }
    return false;
}

const char *login_role_name(enum login_role role)
{
    return roles[role].name;
}

const char *login_role_vi(enum login_role role)
{
    return roles[role].vi;
}

const char *login_role_en(enum login_role role)
{
    return roles[role].en;
}

/* ---- questions --------------------------------------------------------------------------- */

/* What holds on the day $2, and whose agreement has had no other holder since it began. */
#define HOLDS_STILL \
    " l.state = 'set' AND l.known_to = 9223372036854775807 AND l.valid_from <= $2 AND " \
    "l.valid_to > $2 AND NOT EXISTS (SELECT 1 FROM agreement_asof h WHERE " \
    "h.unit_id = l.unit_id AND h.agreement_id = l.agreement_id AND h.kind = 'holder' AND " \
    "h.known_to = 9223372036854775807 AND h.valid_from > l.valid_from AND h.valid_from <= $2) "

err_t login_role_of(struct db *db, int64_t login_id, int64_t unit_id, int64_t agreement_id,
                    int32_t day, enum login_role *out, bool *out_any, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    char on[DATE_TEXT_BYTES];
    *out_any = false;
    err_t e = db_query(
        db,
        "SELECT l.value_text FROM login_supply_asof l WHERE l.login_id = $1 AND" HOLDS_STILL
        "AND l.unit_id = $3 AND l.agreement_id = $4",
        ARGS(v_i64(login_id), v_text(day_text(day, on)), v_i64(unit_id), v_i64(agreement_id)),
        &rows, err);
    if (e == OK) e = rows_next(rows, out_any, err);
    if (e == OK && *out_any) *out_any = login_role_parse(row_text_or_empty(rows, 0), out);
    return e;
}

bool login_role_may(enum login_role role, enum login_right right)
{
    return roles[role].may[right];
}

err_t login_may(struct db *db, int64_t login_id, int64_t unit_id, int64_t agreement_id,
                enum login_right right, int32_t day, bool *out, struct err *err)
{
    enum login_role role;
    bool any;
    err_t e = login_role_of(db, login_id, unit_id, agreement_id, day, &role, &any, err);
    if (e == OK) *out = any && login_role_may(role, right);
    return e;
}

err_t login_supplies_each(struct db *db, int64_t login_id, int32_t day,
                          void (*take)(void *context, const struct login_supply_row *row),
                          void *context, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    char on[DATE_TEXT_BYTES];
    bool more;
    err_t e = db_query(db,
                       "SELECT l.unit_id, l.agreement_id, l.value_text, l.valid_from, a.code FROM "
                       "login_supply_asof l JOIN agreement a ON a.unit_id = l.unit_id AND "
                       "a.agreement_id = l.agreement_id WHERE l.login_id = $1 AND" HOLDS_STILL
                       "ORDER BY l.unit_id, l.agreement_id",
                       ARGS(v_i64(login_id), v_text(day_text(day, on))), &rows, err);
    while (e == OK) {
        e = rows_next(rows, &more, err);
        if (e != OK || !more) break;
        struct login_supply_row row = {.supply = {.unit_id = row_i64(rows, 0),
                                                  .agreement_id = row_i64(rows, 1),
                                                  .login_id = login_id},
                                       .agreement_code = row_text(rows, 4)};
        if (!login_role_parse(row_text_or_empty(rows, 2), &row.supply.role)) continue;
        if (!day_parse(row_text(rows, 3), &row.supply.from_day)) continue;
        take(context, &row);
    }
    return e;
}

err_t login_holders_each(struct db *db, int64_t unit_id, int64_t agreement_id, int32_t day,
                         void (*take)(void *context, const struct login_supply_row *row),
                         void *context, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    char on[DATE_TEXT_BYTES];
    bool more;
    err_t e =
        db_query(db,
                 "SELECT l.login_id, l.value_text, l.valid_from, l.valid_to FROM "
                 "login_supply_asof l WHERE l.unit_id = $1 AND" HOLDS_STILL
                 "AND l.agreement_id = $3 ORDER BY l.valid_from, l.login_id",
                 ARGS(v_i64(unit_id), v_text(day_text(day, on)), v_i64(agreement_id)), &rows, err);
    while (e == OK) {
        e = rows_next(rows, &more, err);
        if (e != OK || !more) break;
        struct login_supply_row row = {.supply = {.unit_id = unit_id,
                                                  .agreement_id = agreement_id,
                                                  .login_id = row_i64(rows, 0)}};
        if (!login_role_parse(row_text_or_empty(rows, 1), &row.supply.role)) continue;
        if (!day_parse(row_text(rows, 2), &row.supply.from_day)) continue;
        if (!day_parse(row_text(rows, 3), &row.supply.to_day)) row.supply.to_day = 0;
        take(context, &row);
    }
    return e;
}

/* ---- changes ----------------------------------------------------------------------------- */

static err_t append(struct db *db, const struct login_supply *s, int64_t actor_id, int32_t from_day,
                    bool ends, struct err *err)
{
    static const struct fact_table table = {"login_supply_fact", "agreement_id,login_id"};
    struct fact_stamp stamp;
    char from[DATE_TEXT_BYTES];
    err_t e = fact_next(db, &table, s->unit_id, ARGS(v_i64(s->agreement_id), v_i64(s->login_id)),
                        from_day, &stamp, err);
    if (e != OK) return e;
    return db_run(db,
                  "INSERT INTO login_supply_fact (unit_id, agreement_id, login_id, valid_from, "
                  "entry_no, state, recorded_at, actor_id, value_text) "
                  "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
                  ARGS(v_i64(s->unit_id), v_i64(s->agreement_id), v_i64(s->login_id),
                       v_text(day_text(from_day, from)), v_i64(stamp.entry_no),
                       v_text(ends ? S("end") : S("set")), v_i64(stamp.recorded_at_ms),
                       v_i64(actor_id), ends ? v_null() : v_text(str_of(roles[s->role].name))),
                  NULL, err);
}

/* actor NULL: the customer did it. */
static err_t note(struct db *db, const struct actor *actor, const char *action,
                  const struct login_supply *s, struct err *err)
{
    char memory[NOTE_BYTES];
    struct buf text;
    buf_init_fixed(&text, memory, sizeof memory);
    buf_printf(&text, "%s from=%d to=%d", roles[s->role].name, (int)s->from_day, (int)s->to_day);
    return login_note(db, actor, action, s->unit_id, s->login_id, s->agreement_id, buf_str(&text),
                      err);
}

static err_t give(struct db *db, const struct actor *actor, const struct login_supply *s,
                  struct err *err)
{
    int64_t actor_id = actor != NULL ? actor->staff_id : 0;
    if (s->to_day != 0 && s->to_day <= s->from_day) {
        err_set(err, E_INPUT, "to", "Ngày kết thúc không sau ngày bắt đầu",
                "The end does not lie behind the beginning");
        return err_hint(err, "Chọn --to sau --from", "Choose --to after --from");
    }
    err_t e = append(db, s, actor_id, s->from_day, false, err);
    if (e == OK && s->to_day != 0) e = append(db, s, actor_id, s->to_day, true, err);
    return e == OK ? note(db, actor, "login.give", s, err) : e;
}

err_t login_give(struct db *db, const struct actor *actor, const struct login_supply *supply,
                 struct err *err)
{
    ASSERT(db_in_transaction(db));
    err_t e = actor_require(db, actor, supply->unit_id, PERMISSION_LOGIN_MANAGE, err);
    return e == OK ? give(db, actor, supply, err) : e;
}

static err_t require_owner(struct db *db, int64_t owner_login_id, int32_t day,
                           const struct login_supply *s, struct err *err)
{
    bool may = false;
    err_t e =
        login_may(db, owner_login_id, s->unit_id, s->agreement_id, LOGIN_CHANGES, day, &may, err);
    if (e != OK || (may && s->role != LOGIN_owner && s->login_id != owner_login_id)) return e;
    err_set(err, E_FORBIDDEN, NULL, "Chỉ chủ hợp đồng cho người thuê, người nhà xem, và thu hồi",
            "Only the holder lets tenants and relatives see, and takes it back");
    return err_hint(err, "Nhờ chủ hợp đồng, hoặc đến quầy giao dịch",
                    "Ask the holder, or come to the counter");
}

/* A lesser role would take the agreement from who holds it as well. */
static err_t refuse_owner(struct db *db, const struct login_supply *s, struct err *err)
{
    bool owns = false;
    err_t e = login_may(db, s->login_id, s->unit_id, s->agreement_id, LOGIN_CHANGES, s->from_day,
                        &owns, err);
    if (e != OK || !owns) return e;
    err_set(err, E_STATE, "who", "Người này đã là chủ hợp đồng",
            "This person holds the agreement already");
    return err_hint(err, "Không cần cho thêm quyền", "No further access is needed");
}

err_t login_give_by(struct db *db, int64_t owner_login_id, int32_t day,
                    const struct login_supply *supply, struct err *err)
{
    ASSERT(db_in_transaction(db));
    err_t e = require_owner(db, owner_login_id, day, supply, err);
    if (e == OK) e = refuse_owner(db, supply, err);
    return e == OK ? give(db, NULL, supply, err) : e;
}

err_t login_holder_of(struct db *db, int64_t unit_id, int64_t agreement_id, int32_t day,
                      int64_t *out_login_id, struct err *err)
{
    char on[DATE_TEXT_BYTES];
    return db_get_i64_or(db,
                         "SELECT l.login_id FROM login_supply_asof l WHERE l.unit_id = $1 "
                         "AND" HOLDS_STILL
                         "AND l.agreement_id = $3 AND l.value_text = 'owner' "
                         "ORDER BY l.valid_from DESC, l.login_id DESC LIMIT 1",
                         ARGS(v_i64(unit_id), v_text(day_text(day, on)), v_i64(agreement_id)), 0,
                         out_login_id, err);
}

err_t login_give_proved(struct db *db, const struct login_supply *supply, struct err *err)
{
    ASSERT(db_in_transaction(db));
    struct login_supply s = *supply;
    int64_t owner = 0;
    bool has = false;
    s.to_day = 0;
    err_t e = login_may(db, s.login_id, s.unit_id, s.agreement_id, LOGIN_SEES_READINGS, s.from_day,
                        &has, err);
    if (e == OK)
        e = login_holder_of(db, s.unit_id, s.agreement_id, s.from_day, &owner, err);
    if (e != OK || has) return e;
    s.role = owner == 0 ? LOGIN_owner : LOGIN_tenant;
    return give(db, NULL, &s, err);
}

/* The role that holds on the first day of the end. */
static err_t find_role(struct db *db, const struct login_supply *s, enum login_role *out,
                       struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    char on[DATE_TEXT_BYTES];
    bool row = false;
    err_t e = db_query(
        db,
        "SELECT l.value_text FROM login_supply_asof l WHERE l.login_id = $1 AND" HOLDS_STILL
        "AND l.unit_id = $3 AND l.agreement_id = $4",
        ARGS(v_i64(s->login_id), v_text(day_text(s->from_day, on)), v_i64(s->unit_id),
             v_i64(s->agreement_id)),
        &rows, err);
    if (e == OK) e = rows_next(rows, &row, err);
    if (e != OK) return e;
    if (row && login_role_parse(row_text_or_empty(rows, 0), out)) return OK;
    err_set(err, E_NOT_FOUND, NULL, "Người này không có quyền xem hợp đồng vào ngày đó",
            "This person has no role at the agreement on that day");
    return err_hint(err, "Xem danh sách: sangden login list", "See: sangden login list");
}

err_t login_take_back(struct db *db, const struct actor *actor, int64_t owner_login_id,
                      const struct login_supply *supply, struct err *err)
{
    ASSERT(db_in_transaction(db));
    struct login_supply s = *supply;
    err_t e =
        actor == NULL ? OK : actor_require(db, actor, s.unit_id, PERMISSION_LOGIN_MANAGE, err);
    if (e == OK) e = find_role(db, &s, &s.role, err);
    if (e == OK && actor == NULL) e = require_owner(db, owner_login_id, s.from_day, &s, err);
    if (e == OK) e = append(db, &s, actor != NULL ? actor->staff_id : 0, s.from_day, true, err);
    return e == OK ? note(db, actor, "login.take_back", &s, err) : e;
}

/* ---- moves between units ------------------------------------------------------------------ */

/* Roles that another holder voided stay behind. */
err_t login_move(struct db *db, const struct login_supply *from, const struct login_supply *to,
                 int32_t day, int64_t actor_id, struct err *err)
{
    ASSERT(db_in_transaction(db));
    AUTO(rows_done_at) struct rows *rows = NULL;
    char on[DATE_TEXT_BYTES];
    bool more;
    err_t e = db_query(
        db,
        "SELECT l.login_id, l.state, l.valid_from, l.value_text FROM login_supply_asof l WHERE "
        "l.unit_id = $1 AND l.agreement_id = $2 AND l.known_to = 9223372036854775807 AND "
        "l.valid_to > $3 AND NOT EXISTS (SELECT 1 FROM agreement_asof h WHERE "
        "h.unit_id = l.unit_id AND h.agreement_id = l.agreement_id AND h.kind = 'holder' AND "
        "h.known_to = 9223372036854775807 AND h.valid_from > l.valid_from AND "
        "h.valid_from <= $3) ORDER BY l.login_id, l.valid_from",
        ARGS(v_i64(from->unit_id), v_i64(from->agreement_id), v_text(day_text(day, on))), &rows,
        err);
    while (e == OK) {
        struct login_supply moved = *to;
        int32_t since;
        e = rows_next(rows, &more, err);
        if (e != OK || !more) break;
        bool ends = !str_equal(row_text(rows, 1), S("set"));
        if (!day_parse(row_text(rows, 2), &since) || (ends && since <= day)) continue;
        if (!ends && !login_role_parse(row_text_or_empty(rows, 3), &moved.role)) continue;
        moved.login_id = row_i64(rows, 0);
        e = append(db, &moved, actor_id, since > day ? since : day, ends, err);
    }
    return e;
}
