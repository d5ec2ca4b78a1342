/* SPDX-License-Identifier: Apache-2.0 */
#include "api/once.h"

#include "base/clock.h"

static const int64_t kept_ms = (int64_t)ONCE_KEPT_HOURS * 3600 * 1000;

/* Each part with its length, so that no two requests read alike. */
static void add_part(struct hash_state *hashing, struct str part)
{
    char memory[24];
    struct buf length;
    buf_init_fixed(&length, memory, sizeof memory);
    buf_add_i64(&length, (int64_t)part.n);
    buf_add_char(&length, ':');
    hash_add(hashing, buf_str(&length));
    hash_add(hashing, part);
}

static struct str key_of(const struct once *once, char out[HASH_TEXT_BYTES])
{
    struct hash_state hashing;
    hash_init(&hashing);
    add_part(&hashing, once->caller);
    add_part(&hashing, once->key);
    struct hash hash = hash_finish(&hashing);
    return hash_text(&hash, out);
}

static struct str digest_of(const struct once *once, char out[HASH_TEXT_BYTES])
{
    struct hash_state hashing;
    hash_init(&hashing);
    add_part(&hashing, once->method);
    add_part(&hashing, once->target);
    add_part(&hashing, once->body);
    struct hash hash = hash_finish(&hashing);
    return hash_text(&hash, out);
}

static err_t check_key(struct str key, struct err *err)
{
    bool good = key.n >= 1 && key.n <= ONCE_KEY_MOST;
    for (size_t i = 0; i < key.n && good; i++) good = key.p[i] > ' ' && key.p[i] <= '~';
    if (good) return OK;
    err_set(err, E_USAGE, "Idempotency-Key",
            "Cần đầu đề Idempotency-Key từ 1 đến %d ký tự in được, không có khoảng trắng",
            "The header Idempotency-Key is needed: 1 to %d printable characters without spaces",
            ONCE_KEY_MOST);
    return err_hint(err, "Mỗi việc một khóa mới, ví dụ một UUID; gửi lại thì giữ nguyên khóa",
                    "A new key for each change, such as a UUID; the same key when sending again");
}

static err_t refuse_other(struct err *err)
{
    err_set(err, E_CONFLICT, "Idempotency-Key", "Khóa này đã dùng cho một yêu cầu khác",
            "This key was used for another request");
    return err_hint(err, "Dùng khóa mới, hoặc gửi lại đúng yêu cầu trước",
                    "Use a new key, or send the earlier request again as it was");
}

static err_t read_answer(struct db *db, struct arena *arena, struct str key, struct str digest,
                         struct once_answer *out, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    bool row = false;
    err_t e = db_query(db, "SELECT digest, status, tag, body FROM api_answer WHERE answer_key = $1",
                       ARGS(v_text(key)), &rows, err);
    if (e == OK) e = rows_next(rows, &row, err);
    if (e != OK) return e;
    if (!row || !str_equal(row_text(rows, 0), digest)) return refuse_other(err);
    *out = (struct once_answer){row_i64(rows, 1), arena_str(arena, row_text(rows, 2)),
                                arena_str(arena, row_text(rows, 3))};
    return arena->failed ? err_memory(err) : OK;
}

err_t once_begin(struct db *db, struct arena *arena, const struct once *once, bool *out_known,
                 struct once_answer *out, struct err *err)
{
    ASSERT(db_in_transaction(db));
    char key[HASH_TEXT_BYTES], digest[HASH_TEXT_BYTES];
    int64_t taken = 0, now_ms = clock_now_ms();
    struct value v_key = v_text(key_of(once, key)), v_digest = v_text(digest_of(once, digest));
    err_t e = check_key(once->key, err);
    if (e == OK)
        e = db_run(db, "DELETE FROM api_answer WHERE answer_key = $1 AND expires_at < $2",
                   ARGS(v_key, v_i64(now_ms)), NULL, err);
    if (e == OK)
        e = db_run(db,
                   "INSERT INTO api_answer (answer_key, digest, status, tag, body, expires_at) "
                   "VALUES ($1, $2, 0, '', '', $3) ON CONFLICT (answer_key) DO NOTHING",
                   ARGS(v_key, v_digest, v_i64(now_ms + kept_ms)), &taken, err);
    if (e != OK) return e;
    *out_known = taken == 0;
    return taken > 0 ? OK : read_answer(db, arena, v_key.str, v_digest.str, out, err);
}

err_t once_keep(struct db *db, const struct once *once, const struct once_answer *answer,
                struct err *err)
{
    char key[HASH_TEXT_BYTES];
    return db_run(db,
                  "UPDATE api_answer SET status = $1, tag = $2, body = $3 WHERE answer_key = $4",
                  ARGS(v_i64(answer->status), v_text(answer->tag), v_text(answer->body),
                       v_text(key_of(once, key))),
                  NULL, err);
}

err_t once_forget(struct db *db, int64_t *out_count, struct err *err)
{
    return db_run(db, "DELETE FROM api_answer WHERE expires_at < $1", ARGS(v_i64(clock_now_ms())),
                  out_count, err);
}
