/* SPDX-License-Identifier: Apache-2.0 */
#include "identity/session.h"

#include <string.h>

#include "base/clock.h"
#include "identity/identity_int.h"
#include "identity/parameter.h"
#include "identity/token_int.h"

enum { MINUTE_MS = 60000, HOUR_MS = 3600000 };
static const int64_t day_ms = 86400000;

static const char *const end_words[] = {[SESSION_SIGNED_OUT] = "signed_out",
                                        [SESSION_ROTATED] = "rotated",
                                        [SESSION_REVOKED] = "revoked",
                                        [SESSION_ROLE] = "role",
                                        [SESSION_LEFT] = "left",
                                        [SESSION_PASSWORD] = "password",
                                        [SESSION_SECOND_FACTOR] = "second_factor"};

struct value v_session_kind(enum session_kind kind)
{
    return v_text(kind == SESSION_STAFF ? S("staff") : S("customer"));
}

static struct value v_level(enum session_level level)
{
    return v_text(level == SESSION_FULL ? S("full") : S("first"));
}

/* ---- beginning --------------------------------------------------------------------------- */

struct limits {
    int64_t whole_ms, idle_ms, fresh_ms;
};

static err_t limits_of(struct db *db, const struct session_start *start, struct limits *out,
                       struct err *err)
{
    struct identity_parameters p;
    err_t e = identity_parameters_on(db, vietnam_day(clock_now_ms()), &p, err);
    if (e != OK) return e;
    out->fresh_ms = p.fresh_minutes * MINUTE_MS;
    if (start->kind == SESSION_STAFF) {
        out->whole_ms = p.staff_session_minutes * MINUTE_MS;
        out->idle_ms = p.staff_idle_minutes * MINUTE_MS;
        return OK;
    }
    out->whole_ms =
        start->known_device ? p.customer_session_days * day_ms : p.customer_session_hours * HOUR_MS;
    out->idle_ms = out->whole_ms;
    return OK;
}

err_t session_begin(struct db *db, const struct session_start *start, char out_token[TOKEN_BYTES],
                    struct err *err)
{
    ASSERT(db_in_transaction(db));
    struct limits limits;
    char hash[HASH_TEXT_BYTES], device[HASH_TEXT_BYTES];
    int64_t now_ms = clock_now_ms();
    err_t e = limits_of(db, start, &limits, err);
    if (e != OK) return e;
    token_make(out_token);
    struct str device_hash = S("");
    bool shaped = token_hash(start->visitor.device, device);
    if (shaped) device_hash = str_of(device);
    token_hash(str_of(out_token), hash);
    return db_run(
        db,
        "INSERT INTO session (token_hash, kind, subject_id, level, device_hash, created_at, "
        "seen_at, proved_at, expires_at, idle_ms, fresh_ms, address, agent, proved_channel) "
        "VALUES ($1, $2, $3, $4, $5, $6, $6, $6, $7, $8, $9, $10, $11, $12)",
        ARGS(v_text(str_of(hash)), v_session_kind(start->kind), v_i64(start->subject_id),
             v_level(start->level), v_text_or_null(device_hash), v_i64(now_ms),
             v_i64(now_ms + limits.whole_ms), v_i64(limits.idle_ms), v_i64(limits.fresh_ms),
             v_text(seen_text(start->visitor.address, SESSION_ADDRESS_BYTES)),
             v_text(seen_text(start->visitor.agent, SESSION_AGENT_BYTES)),
             v_text_or_null(start->proved_channel)),
        NULL, err);
}

/* ---- looking up -------------------------------------------------------------------------- */

#define SESSION_COLUMNS \
    "token_hash, kind, subject_id, level, created_at, seen_at, proved_at, expires_at, idle_ms, " \
    "fresh_ms, proved_channel"

/* Living at the instant $2. */
#define LIVING " AND ended_at IS NULL AND expires_at > $2 AND seen_at + idle_ms > $2 "

/* How many known devices a session is on: none, or one. */
#define REMEMBERED \
    "(SELECT count(*) FROM known_device d WHERE d.device_hash = session.device_hash AND " \
    "d.kind = session.kind AND d.subject_id = session.subject_id AND d.ended_at IS NULL AND " \
    "(d.expires_at IS NULL OR d.expires_at > $2))"

static void read_session(const struct rows *rows, int64_t now_ms, struct session *out)
{
    struct buf copy;
    buf_init_fixed(&copy, out->token_hash, sizeof out->token_hash);
    buf_add(&copy, row_text(rows, 0));
    out->kind = str_equal(row_text(rows, 1), S("staff")) ? SESSION_STAFF : SESSION_CUSTOMER;
    out->subject_id = row_i64(rows, 2);
    out->level = str_equal(row_text(rows, 3), S("full")) ? SESSION_FULL : SESSION_FIRST;
    out->created_at_ms = row_i64(rows, 4);
    out->seen_at_ms = row_i64(rows, 5);
    out->proved_at_ms = row_i64(rows, 6);
    out->expires_at_ms = row_i64(rows, 7);
    out->idle_ms = row_i64(rows, 8);
    out->fresh_ms = row_i64(rows, 9);
    buf_init_fixed(&copy, out->proved_channel, sizeof out->proved_channel);
    buf_add(&copy, row_text_or_empty(rows, 10));
    out->fresh = out->level == SESSION_FULL && out->proved_at_ms + out->fresh_ms > now_ms;
}

err_t session_find(struct db *db, struct str token, struct session *out, bool *out_found,
                   struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    char hash[HASH_TEXT_BYTES];
    int64_t now_ms = clock_now_ms();
    *out_found = false;
    if (!token_hash(token, hash)) return OK;
    err_t e = db_query(db, "SELECT " SESSION_COLUMNS " FROM session WHERE token_hash = $1" LIVING,
                       ARGS(v_text(str_of(hash)), v_i64(now_ms)), &rows, err);
    if (e == OK) e = rows_next(rows, out_found, err);
    if (e == OK && *out_found) read_session(rows, now_ms, out);
    return e;
}

err_t session_each(struct db *db, enum session_kind kind, int64_t subject_id,
                   void (*take)(void *context, const struct session_row *row), void *context,
                   struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    int64_t now_ms = clock_now_ms();
    struct session_row item;
    bool row;
    err_t e = db_query(db,
                       "SELECT " SESSION_COLUMNS ", address, agent, " REMEMBERED
                       " FROM session WHERE kind = $1" LIVING
                       "AND subject_id = $3 ORDER BY seen_at DESC, token_hash",
                       ARGS(v_session_kind(kind), v_i64(now_ms), v_i64(subject_id)), &rows, err);
    while (e == OK) {
        e = rows_next(rows, &row, err);
        if (e != OK || !row) break;
        read_session(rows, now_ms, &item.session);
        item.address = row_text(rows, 11);
        item.agent = row_text(rows, 12);
        item.remembered = row_i64(rows, 13) > 0;
        take(context, &item);
    }
    return e;
}

err_t session_actor(struct db *db, struct arena *arena, const struct session *session, int32_t day,
                    struct actor *out, struct err *err)
{
    ASSERT(session->kind == SESSION_STAFF);
    return actor_of_staff(db, arena, session->subject_id, day, out, err);
}

/* ---- changing and ending ----------------------------------------------------------------- */

static err_t refuse_ended(struct err *err)
{
    err_set(err, E_STATE, NULL, "Phiên làm việc đã kết thúc", "The session has ended");
    return err_hint(err, "Đăng nhập lại", "Sign in again");
}

err_t session_rotate(struct db *db, const struct session *session, enum session_level level,
                     char out_token[TOKEN_BYTES], struct err *err)
{
    ASSERT(db_in_transaction(db));
    char token[TOKEN_BYTES], hash[HASH_TEXT_BYTES];
    int64_t now_ms = clock_now_ms(), changed = 0;
    struct value old = v_text(str_of(session->token_hash));
    token_make(token);
    token_hash(str_of(token), hash);
    err_t e = db_run(db,
                     "UPDATE session SET ended_at = $1, end_reason = 'rotated' "
                     "WHERE token_hash = $2 AND ended_at IS NULL",
                     ARGS(v_i64(now_ms), old), &changed, err);
    if (e == OK && changed == 0) return refuse_ended(err);
    if (e == OK)
        e = db_run(db,
                   "INSERT INTO session (token_hash, kind, subject_id, level, device_hash, "
                   "created_at, seen_at, proved_at, expires_at, idle_ms, fresh_ms, address, agent) "
                   "SELECT CAST($1 AS TEXT), kind, subject_id, CAST($2 AS TEXT), device_hash, "
                   "created_at, CAST($3 AS BIGINT), CAST($3 AS BIGINT), expires_at, idle_ms, "
                   "fresh_ms, address, agent FROM session WHERE token_hash = $4",
                   ARGS(v_text(str_of(hash)), v_level(level), v_i64(now_ms), old), NULL, err);
    if (e == OK) memcpy(out_token, token, sizeof token);
    return e;
}

err_t session_proved_by(struct db *db, struct str token, struct str channel, struct err *err)
{
    char hash[HASH_TEXT_BYTES];
    ASSERT(token_hash(token, hash));
    return db_run(db, "UPDATE session SET proved_channel = $1 WHERE token_hash = $2",
                  ARGS(v_text(channel), v_text(str_of(hash))), NULL, err);
}

err_t session_count_try(struct db *db, const struct session *session, int64_t *out_tries,
                        struct err *err)
{
    err_t e = db_run(db, "UPDATE session SET tries = tries + 1 WHERE token_hash = $1",
                     ARGS(v_text(str_of(session->token_hash))), NULL, err);
    if (e != OK) return e;
    return db_get_i64(db, "SELECT tries FROM session WHERE token_hash = $1",
                      ARGS(v_text(str_of(session->token_hash))), out_tries, err);
}

err_t session_end(struct db *db, enum session_kind kind, int64_t subject_id, struct str token_hash,
                  enum session_end reason, struct err *err)
{
    int64_t changed = 0;
    err_t e = db_run(db,
                     "UPDATE session SET ended_at = $1, end_reason = $2 WHERE token_hash = $3 AND "
                     "kind = $4 AND subject_id = $5 AND ended_at IS NULL",
                     ARGS(v_i64(clock_now_ms()), v_text(str_of(end_words[reason])),
                          v_text(token_hash), v_session_kind(kind), v_i64(subject_id)),
                     &changed, err);
    if (e != OK || changed > 0) return e;
    err_set(err, E_NOT_FOUND, "session", "Không có phiên làm việc này", "There is no such session");
    return err_hint(err, "Xem lại danh sách: có thể phiên đã kết thúc",
                    "See the list again: it may have ended");
}

err_t session_end_all(struct db *db, enum session_kind kind, int64_t subject_id,
                      const struct session *keep, enum session_end reason, struct err *err)
{
    return db_run(db,
                  "UPDATE session SET ended_at = $1, end_reason = $2 WHERE kind = $3 AND "
                  "subject_id = $4 AND ended_at IS NULL AND token_hash <> $5",
                  ARGS(v_i64(clock_now_ms()), v_text(str_of(end_words[reason])),
                       v_session_kind(kind), v_i64(subject_id),
                       v_text(keep == NULL ? S("") : str_of(keep->token_hash))),
                  NULL, err);
}

err_t session_forget(struct db *db, int64_t before_ms, int64_t *out_count, struct err *err)
{
    return db_run(db,
                  "DELETE FROM session WHERE expires_at < $1 OR ended_at < $1 OR "
                  "seen_at + idle_ms < $1",
                  ARGS(v_i64(before_ms)), out_count, err);
}

/* ---- forms ------------------------------------------------------------------------------- */

struct str session_csrf(const struct vault *vault, const struct session *session,
                        char out[HASH_TEXT_BYTES])
{
    struct hash mac = vault_mac(vault, VAULT_CSRF, str_of(session->token_hash));
    return hash_text(&mac, out);
}

void session_stranger_begin(char out_token[TOKEN_BYTES])
{
    token_make(out_token);
}

bool session_stranger(struct str token, struct session *out)
{
    *out = (struct session){.level = SESSION_FIRST};
    return token_hash(token, out->token_hash);
}

bool session_csrf_good(const struct vault *vault, const struct session *session, struct str given)
{
    char right[HASH_TEXT_BYTES];
    return text_same(session_csrf(vault, session, right), given);
}
