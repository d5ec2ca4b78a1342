/* SPDX-License-Identifier: Apache-2.0 */
/* Devices on which somebody has signed in before. */
#include <string.h>

#include "base/clock.h"
#include "identity/token_int.h"

err_t device_known(struct db *db, enum session_kind kind, int64_t subject_id, struct str token,
                   bool *out, struct err *err)
{
    char hash[HASH_TEXT_BYTES];
    int64_t count = 0;
    *out = false;
    if (!token_hash(token, hash)) return OK;
    err_t e = db_get_i64(
        db,
        "SELECT count(*) FROM known_device WHERE device_hash = $1 AND kind = $2 AND "
        "subject_id = $3 AND ended_at IS NULL",
        ARGS(v_text(str_of(hash)), v_session_kind(kind), v_i64(subject_id)), &count, err);
    if (e == OK) *out = count > 0;
    return e;
}

err_t device_remember(struct db *db, enum session_kind kind, int64_t subject_id,
                      const struct visitor *visitor, char out_token[TOKEN_BYTES], struct err *err)
{
    ASSERT(db_in_transaction(db));
    char token[TOKEN_BYTES], hash[HASH_TEXT_BYTES];
    if (token_hash(visitor->device, hash)) memcpy(token, visitor->device.p, TOKEN_BYTES - 1);
    else token_make(token);
    token[TOKEN_BYTES - 1] = '\0';
    token_hash(str_of(token), hash);
    err_t e =
        db_run(db,
               "INSERT INTO known_device (device_hash, kind, subject_id, created_at, agent) "
               "VALUES ($1, $2, $3, $4, $5) ON CONFLICT (device_hash, kind, subject_id) "
               "DO UPDATE SET ended_at = NULL, agent = excluded.agent",
               ARGS(v_text(str_of(hash)), v_session_kind(kind), v_i64(subject_id),
                    v_i64(clock_now_ms()), v_text(seen_text(visitor->agent, SESSION_AGENT_BYTES))),
               NULL, err);
    if (e == OK) memcpy(out_token, token, sizeof token);
    return e;
}

err_t device_end_all(struct db *db, enum session_kind kind, int64_t subject_id, struct err *err)
{
    return db_run(db,
                  "UPDATE known_device SET ended_at = $1 WHERE kind = $2 AND subject_id = $3 AND "
                  "ended_at IS NULL",
                  ARGS(v_i64(clock_now_ms()), v_session_kind(kind), v_i64(subject_id)), NULL, err);
}
