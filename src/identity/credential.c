/* SPDX-License-Identifier: Apache-2.0 */
#include "identity/credential.h"

#include <sodium.h>

#include "base/clock.h"
#include "base/hash.h"
#include "identity/audit.h"
#include "identity/identity_int.h"
#include "identity/parameter.h"
#include "identity/staff.h"

enum { HOUR_MS = 3600 * 1000 };

static err_t note(struct db *db, const struct actor *actor, const char *action, struct str code,
                  struct err *err)
{
    struct audit_note link = {.stream = S("identity"), .action = str_of(action), .subject = code};
    return audit_append(db, actor, &link, err);
}

static err_t cost_on(struct db *db, int32_t day, struct password_cost *out, struct err *err)
{
    struct identity_parameters values;
    err_t e = identity_parameters_on(db, day, &values, err);
    if (e == OK) *out = (struct password_cost){values.password_memory_kib, values.password_passes};
    return e;
}

/* What is known of a person who may sign in; staff_id 0 when nobody of this code is active. */
struct person {
    int64_t staff_id;
    struct str name;
    struct str hash; /* empty: no password yet */
    bool must_change;
};

static err_t find_person(struct db *db, struct arena *arena, struct str code, int32_t day,
                         struct person *out, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    char on[DATE_TEXT_BYTES];
    bool row = false;
    *out = (struct person){0};
    err_t e = db_query(
        db,
        "SELECT s.staff_id, n.value_text, p.hash, p.must_change FROM staff s "
        "JOIN staff_asof a ON a.unit_id = 0 AND a.staff_id = s.staff_id AND "
        "a.kind = 'active' JOIN staff_asof n ON n.unit_id = 0 AND "
        "n.staff_id = s.staff_id AND n.kind = 'name' LEFT JOIN staff_password p ON "
        "p.staff_id = s.staff_id WHERE s.code = $1 AND" HOLDS("a", "$2") "AND" HOLDS("n", "$2"),
        ARGS(v_text(code), v_day(day, on)), &rows, err);
    if (e == OK) e = rows_next(rows, &row, err);
    if (e != OK || !row) return e;
    out->staff_id = row_i64(rows, 0);
    out->name = arena_str(arena, row_text(rows, 1));
    out->hash = arena_str(arena, row_text_or_empty(rows, 2));
    out->must_change = row_i64_or(rows, 3, 0) == 1;
    return arena->failed ? err_memory(err) : OK;
}

static err_t write_hash(struct db *db, int64_t staff_id, const char *hash, struct err *err)
{
    return db_run(db,
                  "INSERT INTO staff_password (staff_id, hash, changed_at, must_change) "
                  "VALUES ($1, $2, $3, 0) ON CONFLICT (staff_id) DO UPDATE SET "
                  "hash = excluded.hash, changed_at = excluded.changed_at, must_change = 0",
                  ARGS(v_i64(staff_id), v_text(str_of(hash)), v_i64(clock_now_ms())), NULL, err);
}

/* ---- invitation -------------------------------------------------------------------------- */

static struct str code_hash(const char *code, char out[HASH_TEXT_BYTES])
{
    struct hash hash = hash_of(str_of(code));
    return hash_text(&hash, out);
}

static err_t check_here(struct db *db, const struct actor *actor, struct str code,
                        int64_t *out_staff_id, struct err *err)
{
    char on[DATE_TEXT_BYTES];
    int64_t active = 0;
    err_t e = actor_require(db, actor, IDENTITY_EVERY_UNIT, PERMISSION_STAFF_MANAGE, err);
    if (e == OK) e = staff_id_of(db, code, out_staff_id, err);
    if (e == OK)
        e = db_get_i64(db,
                       "SELECT count(*) FROM staff_asof a WHERE a.unit_id = 0 AND "
                       "a.staff_id = $1 AND a.kind = 'active' AND" HOLDS("a", "$2"),
                       ARGS(v_i64(*out_staff_id), v_day(actor->day, on)), &active, err);
    if (e != OK || active > 0) return e;
    err_set(err, E_STATE, "CODE", "Nhân viên %.*s không còn làm việc",
            "The staff member %.*s is no longer active", STR_ARG(code));
    return err_hint(err, "Xem danh sách: sangden staff list", "See: sangden staff list");
}

err_t credential_invite(struct db *db, const struct actor *actor, struct str staff_code,
                        struct invitation *out, struct err *err)
{
    ASSERT(db_in_transaction(db));
    struct invitation made;
    struct identity_parameters values;
    unsigned char bytes[(INVITATION_CHARACTERS * CODE_CHARACTER_BITS + 7) / 8];
    char hash[HASH_TEXT_BYTES];
    int64_t staff_id = 0, now_ms = clock_now_ms();
    err_t e = check_here(db, actor, staff_code, &staff_id, err);
    if (e == OK) e = identity_parameters_on(db, actor->day, &values, err);
    if (e != OK) return e;
    random_bytes(bytes, sizeof bytes);
    code_write(bytes, INVITATION_CHARACTERS, made.code);
    made.expires_at_ms = now_ms + values.invitation_hours * HOUR_MS;
    e = db_run(db,
               "INSERT INTO staff_invitation (staff_id, code_hash, made_by, made_at, expires_at) "
               "VALUES ($1, $2, $3, $4, $5) ON CONFLICT (staff_id) DO UPDATE SET "
               "code_hash = excluded.code_hash, made_by = excluded.made_by, "
               "made_at = excluded.made_at, expires_at = excluded.expires_at",
               ARGS(v_i64(staff_id), v_text(code_hash(made.code, hash)), v_i64(actor->staff_id),
                    v_i64(now_ms), v_i64(made.expires_at_ms)),
               NULL, err);
    if (e == OK) e = note(db, actor, "password.invite", staff_code, err);
    if (e == OK) *out = made;
    return e;
}

static err_t refuse_invitation(struct err *err)
{
    err_set(err, E_FORBIDDEN, "invitation",
            "Mã nhân viên hoặc mã mời không đúng, đã dùng hay đã "
            "hết hạn",
            "The staff code or the invitation is wrong, used or too old");
    return err_hint(err, "Nhờ quản trị hệ thống cấp mã mời mới: sangden staff invite",
                    "Ask an administrator for a new one: sangden staff invite");
}

static err_t check_invitation(struct db *db, const struct person *person, struct str typed,
                              bool *out_good, struct err *err)
{
    char code[INVITATION_BYTES], hash[HASH_TEXT_BYTES];
    int64_t count = 0;
    *out_good = false;
    if (!code_read(typed, INVITATION_CHARACTERS, code)) return OK;
    err_t e = db_get_i64(
        db,
        "SELECT count(*) FROM staff_invitation WHERE staff_id = $1 AND "
        "code_hash = $2 AND expires_at > $3",
        ARGS(v_i64(person->staff_id), v_text(code_hash(code, hash)), v_i64(clock_now_ms())), &count,
        err);
    if (e == OK) *out_good = count > 0;
    return e;
}

/* Takes the invitation away, which only one of two at the same time can do. */
static err_t take_invitation(struct db *db, int64_t staff_id, struct str typed, struct err *err)
{
    char code[INVITATION_BYTES], hash[HASH_TEXT_BYTES];
    int64_t taken = 0;
    bool shaped = code_read(typed, INVITATION_CHARACTERS, code);
    ASSERT(shaped);
    err_t e = db_run(db, "DELETE FROM staff_invitation WHERE staff_id = $1 AND code_hash = $2",
                     ARGS(v_i64(staff_id), v_text(code_hash(code, hash))), &taken, err);
    return e == OK && taken == 0 ? refuse_invitation(err) : e;
}

/* ---- setting ----------------------------------------------------------------------------- */

/* Writes the new password in a transaction of its own; invitation may be empty. */
static err_t store_new(struct db *db, const struct actor *self, const struct session *keep,
                       struct str invitation, const char *hash, struct err *err)
{
    err_t e = db_begin(db, err);
    if (e != OK) return e;
    if (invitation.n > 0) e = take_invitation(db, self->staff_id, invitation, err);
    if (e == OK) e = write_hash(db, self->staff_id, hash, err);
    if (e == OK)
        e = session_end_all(db, SESSION_STAFF, self->staff_id, keep, SESSION_PASSWORD, err);
    if (e == OK)
        e = note(db, self, invitation.n > 0 ? "password.set" : "password.change", self->code, err);
    if (e == OK) e = db_commit(db, err);
    if (e != OK) db_rollback(db);
    return e;
}

err_t credential_set_up(struct db *db, struct arena *arena, struct str staff_code,
                        struct str invitation, struct str password, int32_t day, struct err *err)
{
    ASSERT(!db_in_transaction(db));
    struct person person;
    struct password_cost cost;
    char hash[PASSWORD_HASH_BYTES];
    bool good = false;
    err_t e = find_person(db, arena, staff_code, day, &person, err);
    if (e == OK) e = check_invitation(db, &person, invitation, &good, err);
    if (e != OK) return e;
    if (!good) return refuse_invitation(err);
    e = password_judge(arena, password, staff_code, person.name, err);
    if (e == OK) e = cost_on(db, day, &cost, err);
    if (e == OK) e = password_hash(arena, password, &cost, hash, err);
    if (e != OK) return e;
    struct actor self = {
        .staff_id = person.staff_id, .code = staff_code, .name = person.name, .day = day};
    e = store_new(db, &self, NULL, invitation, hash, err);
    sodium_memzero(hash, sizeof hash);
    return e;
}

static err_t refuse_present(struct err *err)
{
    err_set(err, E_FORBIDDEN, "present", "Mật khẩu hiện tại không đúng",
            "The present password is wrong");
    return err_hint(err, "Quên mật khẩu: nhờ quản trị hệ thống cấp mã mời mới",
                    "Forgotten: ask an administrator for an invitation");
}

static err_t refuse_same(struct err *err)
{
    err_set(err, E_INPUT, "password", "Mật khẩu mới giống mật khẩu hiện tại",
            "The new password is the present one");
    return err_hint(err, "Chọn mật khẩu khác", "Choose another");
}

err_t credential_change(struct db *db, struct arena *arena, const struct actor *actor,
                        const struct session *keep, struct str present, struct str wanted,
                        struct err *err)
{
    ASSERT(!db_in_transaction(db));
    struct person person;
    struct password_cost cost;
    struct password_verdict verdict = {0};
    char hash[PASSWORD_HASH_BYTES];
    err_t e = find_person(db, arena, actor->code, actor->day, &person, err);
    if (e == OK) e = cost_on(db, actor->day, &cost, err);
    if (e == OK) e = password_verify(arena, present, person.hash, &cost, &verdict, err);
    if (e != OK) return e;
    if (!verdict.right) return refuse_present(err);
    e = password_judge(arena, wanted, actor->code, person.name, err);
    if (e == OK) e = password_verify(arena, wanted, person.hash, &cost, &verdict, err);
    if (e != OK) return e;
    if (verdict.right) return refuse_same(err);
    e = password_hash(arena, wanted, &cost, hash, err);
    if (e == OK) e = store_new(db, actor, keep, S(""), hash, err);
    sodium_memzero(hash, sizeof hash);
    return e;
}

err_t credential_demand(struct db *db, const struct actor *actor, struct str staff_code,
                        struct err *err)
{
    ASSERT(db_in_transaction(db));
    int64_t staff_id = 0, changed = 0;
    err_t e = check_here(db, actor, staff_code, &staff_id, err);
    if (e == OK)
        e = db_run(db, "UPDATE staff_password SET must_change = 1 WHERE staff_id = $1",
                   ARGS(v_i64(staff_id)), &changed, err);
    if (e == OK && changed == 0) {
        err_set(err, E_STATE, "CODE", "Nhân viên %.*s chưa có mật khẩu",
                "The staff member %.*s has no password yet", STR_ARG(staff_code));
        return err_hint(err, "Cấp mã mời: sangden staff invite", "Invite: sangden staff invite");
    }
    return e == OK ? note(db, actor, "password.demand", staff_code, err) : e;
}

err_t credential_must_change(struct db *db, int64_t staff_id, bool *out, struct err *err)
{
    int64_t must_change = 0;
    err_t e = db_get_i64_or(db, "SELECT must_change FROM staff_password WHERE staff_id = $1",
                            ARGS(v_i64(staff_id)), 0, &must_change, err);
    if (e == OK) *out = must_change == 1;
    return e;
}

/* ---- proof ------------------------------------------------------------------------------- */

/* A hash of another cost is replaced, unless the password was changed meanwhile. */
static err_t renew(struct db *db, struct arena *arena, const struct person *person,
                   struct str password, const struct password_cost *cost, struct err *err)
{
    char hash[PASSWORD_HASH_BYTES];
    err_t e = password_hash(arena, password, cost, hash, err);
    if (e == OK)
        e = db_run(db, "UPDATE staff_password SET hash = $1 WHERE staff_id = $2 AND hash = $3",
                   ARGS(v_text(str_of(hash)), v_i64(person->staff_id), v_text(person->hash)), NULL,
                   err);
    sodium_memzero(hash, sizeof hash);
    return e;
}

err_t credential_prove(struct db *db, struct arena *arena, struct str staff_code,
                       struct str password, int32_t day, struct credential_proof *out,
                       struct err *err)
{
    ASSERT(!db_in_transaction(db));
    struct person person;
    struct password_cost cost;
    struct password_verdict verdict = {0};
    err_t e = find_person(db, arena, staff_code, day, &person, err);
    if (e == OK) e = cost_on(db, day, &cost, err);
    if (e == OK) e = password_verify(arena, password, person.hash, &cost, &verdict, err);
    if (e == OK && verdict.right && verdict.stale)
        e = renew(db, arena, &person, password, &cost, err);
    if (e != OK) return e;
    *out = (struct credential_proof){0};
    if (verdict.right) *out = (struct credential_proof){true, person.must_change, person.staff_id};
    return OK;
}
