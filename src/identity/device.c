/* SPDX-License-Identifier: Apache-2.0 */
/* Devices on which somebody has signed in before, and what their owner ends. */
#include <string.h>

#include "base/clock.h"
#include "base/date.h"
#include "identity/audit.h"
#include "identity/parameter.h"
#include "identity/privacy_note_int.h"
#include "identity/token_int.h"

enum { ACTION_BYTES = 32 };
static const int64_t day_ms = 86400000;

err_t device_known(struct db *db, enum session_kind kind, int64_t subject_id, struct str token,
                   bool *out, struct err *err)
{
    char hash[HASH_TEXT_BYTES];
    int64_t count = 0, now_ms = clock_now_ms();
    *out = false;
    if (!token_hash(token, hash)) return OK;
    err_t e = db_get_i64(
        db,
        "SELECT count(*) FROM known_device WHERE device_hash = $1 AND kind = $2 AND "
        "subject_id = $3 AND ended_at IS NULL AND (expires_at IS NULL OR expires_at > $4)",
        ARGS(v_text(str_of(hash)), v_session_kind(kind), v_i64(subject_id), v_i64(now_ms)), &count,
        err);
    if (e == OK) *out = count > 0;
    return e;
}

/* Until when a device that is remembered now is known. */
static err_t end_of(struct db *db, enum session_kind kind, struct value *out, struct err *err)
{
    struct identity_parameters values;
    int64_t now_ms = clock_now_ms();
    *out = v_null();
    if (kind == SESSION_STAFF) return OK;
    err_t e = identity_parameters_on(db, vietnam_day(now_ms), &values, err);
    if (e == OK) *out = v_i64(now_ms + values.customer_session_days * day_ms);
    return e;
}

err_t device_remember(struct db *db, enum session_kind kind, int64_t subject_id,
                      const struct visitor *visitor, char out_token[TOKEN_BYTES], struct err *err)
{
    ASSERT(db_in_transaction(db));
    struct value end;
    char token[TOKEN_BYTES], hash[HASH_TEXT_BYTES];
    if (token_hash(visitor->device, hash)) memcpy(token, visitor->device.p, TOKEN_BYTES - 1);
    else token_make(token);
    token[TOKEN_BYTES - 1] = '\0';
    token_hash(str_of(token), hash);
    err_t e = end_of(db, kind, &end, err);
    if (e == OK)
        e = db_run(db,
                   "INSERT INTO known_device (device_hash, kind, subject_id, created_at, agent, "
                   "expires_at) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (device_hash, kind, "
                   "subject_id) DO UPDATE SET ended_at = NULL, agent = excluded.agent, "
                   "expires_at = excluded.expires_at",
                   ARGS(v_text(str_of(hash)), v_session_kind(kind), v_i64(subject_id),
                        v_i64(clock_now_ms()),
                        v_text(seen_text(visitor->agent, SESSION_AGENT_BYTES)), end),
                   NULL, err);
    if (e == OK) memcpy(out_token, token, sizeof token);
    return e;
}

err_t session_on_device(struct db *db, struct str token, struct str device, struct err *err)
{
    char session_hash[HASH_TEXT_BYTES], device_hash[HASH_TEXT_BYTES];
    bool shaped = token_hash(token, session_hash) && token_hash(device, device_hash);
    ASSERT(shaped);
    return db_run(db, "UPDATE session SET device_hash = $1 WHERE token_hash = $2",
                  ARGS(v_text(str_of(device_hash)), v_text(str_of(session_hash))), NULL, err);
}

err_t device_each(struct db *db, enum session_kind kind, int64_t subject_id,
                  void (*take)(void *context, const struct device_row *row), void *context,
                  struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    bool more;
    err_t e = db_query(
        db,
        "SELECT device_hash, agent, created_at, coalesce(expires_at, 0) FROM known_device d "
        "WHERE kind = $1 AND subject_id = $3 AND ended_at IS NULL AND (expires_at IS NULL OR "
        "expires_at > $2) AND NOT EXISTS (SELECT 1 FROM session s WHERE s.kind = $1 AND "
        "s.subject_id = $3 AND s.device_hash = d.device_hash AND s.ended_at IS NULL AND "
        "s.expires_at > $2 AND s.seen_at + s.idle_ms > $2) ORDER BY created_at DESC, device_hash",
        ARGS(v_session_kind(kind), v_i64(clock_now_ms()), v_i64(subject_id)), &rows, err);
    while (e == OK) {
        e = rows_next(rows, &more, err);
        if (e != OK || !more) break;
        const struct device_row row = {row_text(rows, 0), row_text(rows, 1), row_i64(rows, 2),
                                       row_i64(rows, 3)};
        take(context, &row);
    }
    return e;
}

err_t device_end_all(struct db *db, enum session_kind kind, int64_t subject_id, struct err *err)
{
    return db_run(db,
                  "UPDATE known_device SET ended_at = $1 WHERE kind = $2 AND subject_id = $3 AND "
                  "ended_at IS NULL",
                  ARGS(v_i64(clock_now_ms()), v_session_kind(kind), v_i64(subject_id)), NULL, err);
}

/* ---- what the owner ends ----------------------------------------------------------------- */

static err_t note_end(struct db *db, enum session_kind kind, int64_t subject_id,
                      const struct actor *self, const char *action, struct err *err)
{
    if (kind == SESSION_CUSTOMER) {
        char memory[ACTION_BYTES];
        struct buf text;
        buf_init_fixed(&text, memory, sizeof memory);
        buf_printf(&text, "login.%s", action);
        return number_note(db, NULL, IDENTITY_EVERY_UNIT, S("login"), memory, subject_id, S(""),
                           err);
    }
    struct audit_note note = {
        .stream = S("identity"), .action = str_of(action), .subject = self->code};
    return audit_append(db, self, &note, err);
}

err_t session_end_by_owner(struct db *db, enum session_kind kind, int64_t subject_id,
                           const struct actor *self, struct str token_hash_text, struct err *err)
{
    ASSERT(db_in_transaction(db));
    err_t e = session_end(db, kind, subject_id, token_hash_text, SESSION_REVOKED, err);
    if (e == OK)
        e = db_run(db,
                   "UPDATE known_device SET ended_at = $1 WHERE kind = $2 AND subject_id = $3 AND "
                   "ended_at IS NULL AND device_hash = (SELECT device_hash FROM session WHERE "
                   "token_hash = $4)",
                   ARGS(v_i64(clock_now_ms()), v_session_kind(kind), v_i64(subject_id),
                        v_text(token_hash_text)),
                   NULL, err);
    return e == OK ? note_end(db, kind, subject_id, self, "session.end", err) : e;
}

err_t session_end_others(struct db *db, const struct session *keep, const struct actor *self,
                         struct err *err)
{
    ASSERT(db_in_transaction(db));
    err_t e = session_end_all(db, keep->kind, keep->subject_id, keep, SESSION_REVOKED, err);
    if (e == OK)
        e = db_run(db,
                   "UPDATE known_device SET ended_at = $1 WHERE kind = $2 AND subject_id = $3 AND "
                   "ended_at IS NULL AND device_hash <> coalesce((SELECT device_hash FROM session "
                   "WHERE token_hash = $4), '')",
                   ARGS(v_i64(clock_now_ms()), v_session_kind(keep->kind), v_i64(keep->subject_id),
                        v_text(str_of(keep->token_hash))),
                   NULL, err);
    return e == OK ? note_end(db, keep->kind, keep->subject_id, self, "session.end", err) : e;
}

err_t device_end_by_owner(struct db *db, enum session_kind kind, int64_t subject_id,
                          const struct actor *self, struct str device_hash, struct err *err)
{
    ASSERT(db_in_transaction(db));
    int64_t changed = 0;
    err_t e = db_run(
        db,
        "UPDATE known_device SET ended_at = $1 WHERE kind = $2 AND subject_id = $3 "
        "AND ended_at IS NULL AND device_hash = $4",
        ARGS(v_i64(clock_now_ms()), v_session_kind(kind), v_i64(subject_id), v_text(device_hash)),
        &changed, err);
    if (e == OK && changed == 0) {
        err_set(err, E_NOT_FOUND, "device", "Không có thiết bị này", "There is no such device");
        return err_hint(err, "Xem lại danh sách: có thể thiết bị đã được quên",
                        "See the list again: it may have been forgotten");
    }
    return e == OK ? note_end(db, kind, subject_id, self, "device.end", err) : e;
}
