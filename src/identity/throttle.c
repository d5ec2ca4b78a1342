/* SPDX-License-Identifier: Apache-2.0 */
#include "identity/throttle.h"

#include <arpa/inet.h>
#include <string.h>

#include "base/clock.h"

enum { DAY_MS = 86400000, FIRST_WAIT_MS = 1000, DOUBLINGS_MAX = 20, KEY_BYTES = 512 };
enum { IPV6_BYTES = 16, IPV6_NETWORK_BYTES = 8, ADDRESS_TEXT_BYTES = 64 };

/* ---- names ------------------------------------------------------------------------------- */

struct bucket bucket_of(const struct vault *vault, const char *kind, struct str key)
{
    char memory[KEY_BYTES];
    struct buf text;
    struct bucket bucket;
    buf_init_fixed(&text, memory, sizeof memory);
    buf_printf(&text, "%s\n", kind);
    buf_add(&text, str_sub(key, 0, KEY_BYTES / 2));
    struct hash mac = vault_mac(vault, VAULT_LOGIN, buf_str(&text));
    hash_text(&mac, bucket.hash);
    return bucket;
}

struct bucket bucket_of_address(const struct vault *vault, const char *kind, struct str address)
{
    static const unsigned char mapped[12] = {[10] = 0xff, [11] = 0xff};
    char text[ADDRESS_TEXT_BYTES];
    unsigned char bytes[IPV6_BYTES];
    struct buf copy;
    buf_init_fixed(&copy, text, sizeof text);
    buf_add(&copy, address);
    if (!copy.failed && address.n > 0) {
        if (inet_pton(AF_INET, text, bytes) == 1)
            return bucket_of(vault, kind, (struct str){(const char *)bytes, 4});
        if (inet_pton(AF_INET6, text, bytes) == 1) {
            if (memcmp(bytes, mapped, sizeof mapped) == 0)
                return bucket_of(vault, kind, (struct str){(const char *)bytes + 12, 4});
            return bucket_of(vault, kind, (struct str){(const char *)bytes, IPV6_NETWORK_BYTES});
        }
    }
    return bucket_of(vault, kind, S("?"));
}

struct bucket bucket_of_pair(const struct vault *vault, const char *kind, const struct bucket *who,
                             struct str what)
{
    char memory[2 * HASH_TEXT_BYTES];
    struct buf key;
    struct bucket thing = bucket_of(vault, kind, what);
    buf_init_fixed(&key, memory, sizeof memory);
    buf_printf(&key, "%s %s", who->hash, thing.hash);
    return bucket_of(vault, kind, buf_str(&key));
}

/* ---- rates ------------------------------------------------------------------------------- */

err_t throttle_take(struct db *db, const struct bucket *bucket, const struct throttle_rate *rate,
                    int64_t *out_wait_ms, struct err *err)
{
    int64_t now_ms = clock_now_ms(), taken = 0, full_at = 0;
    int64_t room_ms = (rate->burst - 1) * rate->interval_ms;
    struct value key = v_text(str_of(bucket->hash));
    err_t e = db_run(db,
                     "INSERT INTO throttle (bucket, full_at, failures, free_at, touched_at) "
                     "VALUES ($1, $2, 0, 0, $3) ON CONFLICT (bucket) DO UPDATE SET "
                     "full_at = CASE WHEN throttle.full_at > $3 THEN throttle.full_at + $4 "
                     "ELSE $2 END, touched_at = $3 WHERE throttle.full_at <= $5",
                     ARGS(key, v_i64(now_ms + rate->interval_ms), v_i64(now_ms),
                          v_i64(rate->interval_ms), v_i64(now_ms + room_ms)),
                     &taken, err);
    if (e == OK && taken == 0)
        e = db_get_i64(db, "SELECT full_at FROM throttle WHERE bucket = $1", ARGS(key), &full_at,
                       err);
    if (e != OK) return e;
    int64_t wait_ms = full_at - room_ms - now_ms;
    *out_wait_ms = taken > 0 ? 0 : wait_ms < 1 ? 1 : wait_ms;
    return OK;
}

/* ---- delays ------------------------------------------------------------------------------ */

static int64_t delay_after(const struct throttle_delay *delay, int64_t failures)
{
    int64_t over = failures - delay->free_failures;
    if (over <= 0) return 0;
    int64_t wait_ms = FIRST_WAIT_MS << (over - 1 < DOUBLINGS_MAX ? over - 1 : DOUBLINGS_MAX);
    return wait_ms < delay->most_ms ? wait_ms : delay->most_ms;
}

static err_t count_failure(struct db *db, const struct bucket *bucket, int64_t now_ms,
                           int64_t *out_failures, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    bool row = false;
    err_t e = db_query(db,
                       "INSERT INTO throttle (bucket, full_at, failures, free_at, touched_at) "
                       "VALUES ($1, 0, 1, 0, $2) ON CONFLICT (bucket) DO UPDATE SET failures = "
                       "CASE WHEN throttle.touched_at < $3 THEN 1 ELSE throttle.failures + 1 END, "
                       "touched_at = $2 RETURNING failures",
                       ARGS(v_text(str_of(bucket->hash)), v_i64(now_ms), v_i64(now_ms - DAY_MS)),
                       &rows, err);
    if (e == OK) e = rows_next(rows, &row, err);
    if (e != OK) return e;
    ASSERT(row);
    *out_failures = row_i64(rows, 0);
    return rows_next(rows, &row, err);
}

err_t throttle_fail(struct db *db, const struct bucket *bucket, const struct throttle_delay *delay,
                    struct err *err)
{
    ASSERT(db_in_transaction(db));
    int64_t now_ms = clock_now_ms(), failures = 0;
    err_t e = count_failure(db, bucket, now_ms, &failures, err);
    if (e != OK) return e;
    return db_run(db, "UPDATE throttle SET free_at = $1 WHERE bucket = $2",
                  ARGS(v_i64(now_ms + delay_after(delay, failures)), v_text(str_of(bucket->hash))),
                  NULL, err);
}

err_t throttle_wait(struct db *db, const struct bucket *bucket, int64_t *out_wait_ms,
                    struct err *err)
{
    int64_t free_at = 0, now_ms = clock_now_ms();
    err_t e = db_get_i64_or(db, "SELECT free_at FROM throttle WHERE bucket = $1",
                            ARGS(v_text(str_of(bucket->hash))), 0, &free_at, err);
    if (e == OK) *out_wait_ms = free_at > now_ms ? free_at - now_ms : 0;
    return e;
}

err_t throttle_failures(struct db *db, const struct bucket *bucket, int64_t *out_failures,
                        struct err *err)
{
    return db_get_i64_or(db, "SELECT failures FROM throttle WHERE bucket = $1 AND touched_at >= $2",
                         ARGS(v_text(str_of(bucket->hash)), v_i64(clock_now_ms() - DAY_MS)), 0,
                         out_failures, err);
}

err_t throttle_sweep(struct db *db, int64_t *out_count, struct err *err)
{
    return db_run(db, "DELETE FROM throttle WHERE touched_at < $1",
                  ARGS(v_i64(clock_now_ms() - DAY_MS)), out_count, err);
}
