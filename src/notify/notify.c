/* SPDX-License-Identifier: Apache-2.0 */
#include "notify/notify.h"

#include <string.h>

#include "base/clock.h"
#include "base/hash.h"

enum { FAILURE_BYTES = 200 };

/* ---- putting ----------------------------------------------------------------------------- */

static bool is_one_line(struct str text)
{
    size_t bad;
    for (size_t i = 0; i < text.n; i++)
        if ((unsigned char)text.p[i] < ' ' || text.p[i] == 0x7F) return false;
    return str_is_utf8(text, &bad);
}

static err_t check(const struct notice *n, struct err *err)
{
    size_t bad;
    bool good = n->channel.n > 0 && n->recipient.n > 0 &&
                n->recipient.n <= NOTICE_RECIPIENT_BYTES && n->body.n > 0 &&
                n->body.n <= NOTICE_BODY_BYTES && n->key.n > 0 && n->key.n <= NOTICE_KEY_BYTES &&
                str_is_utf8(n->body, &bad) && is_one_line(n->recipient) &&
                n->subject.n <= NOTICE_SUBJECT_BYTES && is_one_line(n->subject) &&
                n->expires_at_ms > clock_now_ms();
    if (good) return OK;
    err_set(err, E_INPUT, "notice", "Thông báo trống, quá dài hoặc đã quá hạn",
            "The notice is empty, too long or too late");
    return err_hint(err, "Kiểm tra người nhận, nội dung và thời hạn",
                    "Check the recipient, the text and the end");
}

/* Everything that makes two notices of one key the same. */
static struct hash digest_of(const struct notice *n)
{
    struct hash_state hashing;
    hash_init(&hashing);
    hash_add(&hashing, n->channel);
    hash_add(&hashing, S("\n"));
    hash_add(&hashing, n->recipient);
    hash_add(&hashing, S("\n"));
    hash_add(&hashing, n->body);
    if (n->subject.n > 0) {
        hash_add(&hashing, S("\n"));
        hash_add(&hashing, n->subject);
    }
    return hash_finish(&hashing);
}

static err_t find_same(struct db *db, const struct notice *n, struct str digest, bool *out_found,
                       int64_t *out_notice_no, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(db,
                       "SELECT notice_no, body_hash FROM notice_outbox WHERE unit_id = $1 AND "
                       "idempotency_key = $2",
                       ARGS(v_i64(n->unit_id), v_text(n->key)), &rows, err);
    if (e == OK) e = rows_next(rows, out_found, err);
    if (e != OK || !*out_found) return e;
    *out_notice_no = row_i64(rows, 0);
    if (str_equal(row_text(rows, 1), digest)) return OK;
    err_set(err, E_CONFLICT, "key", "Khóa chống trùng này đã dùng cho thông báo khác",
            "This key was used for another notice");
    return err_hint(err, "Dùng khóa khác cho nội dung khác", "Use another key for another text");
}

err_t notice_put(struct db *db, const struct notice *notice, int64_t *out_notice_no,
                 struct err *err)
{
    ASSERT(db_in_transaction(db));
    char text[HASH_TEXT_BYTES];
    bool found = false;
    int64_t notice_no = 0;
    struct hash hash = digest_of(notice);
    struct str digest = hash_text(&hash, text);
    err_t e = check(notice, err);
    if (e == OK) e = find_same(db, notice, digest, &found, &notice_no, err);
    if (e == OK && !found) {
        e = store_take_numbers(db, notice->unit_id, S("notice"), 1, &notice_no, err);
        if (e == OK)
            e = db_run(db,
                       "INSERT INTO notice_outbox (unit_id, notice_no, channel, recipient, body, "
                       "body_hash, idempotency_key, state, created_at, expires_at, subject) "
                       "VALUES ($1, $2, $3, $4, $5, $6, $7, 'waiting', $8, $9, $10)",
                       ARGS(v_i64(notice->unit_id), v_i64(notice_no), v_text(notice->channel),
                            v_text(notice->recipient), v_text(notice->body), v_text(digest),
                            v_text(notice->key), v_i64(clock_now_ms()),
                            v_i64(notice->expires_at_ms), v_text(notice->subject)),
                       NULL, err);
    }
    if (e == OK) *out_notice_no = notice_no;
    return e;
}

/* ---- delivering -------------------------------------------------------------------------- */

static err_t end_notice(struct db *db, int64_t unit_id, int64_t notice_no, const char *state,
                        struct str failure, struct err *err)
{
    return db_run(db,
                  "UPDATE notice_outbox SET state = $1, body = NULL, ended_at = $2, failure = $3 "
                  "WHERE unit_id = $4 AND notice_no = $5 AND state = 'waiting'",
                  ARGS(v_text(str_of(state)), v_i64(clock_now_ms()), v_text_or_null(failure),
                       v_i64(unit_id), v_i64(notice_no)),
                  NULL, err);
}

static err_t expire(struct db *db, int64_t *out_count, struct err *err)
{
    int64_t now_ms = clock_now_ms();
    return db_run(db,
                  "UPDATE notice_outbox SET state = 'expired', body = NULL, ended_at = $1 "
                  "WHERE state = 'waiting' AND expires_at <= $1 AND lease_until <= $1",
                  ARGS(v_i64(now_ms)), out_count, err);
}

struct waiting {
    int64_t unit_id, notice_no, tries;
};

static err_t list_waiting(struct db *db, struct arena *arena, int64_t most, struct waiting **out,
                          size_t *out_count, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    struct waiting *list = ARENA_ARRAY(arena, struct waiting, (size_t)most);
    size_t count = 0;
    bool row;
    if (list == NULL) return err_memory(err);
    err_t e = db_query(db,
                       "SELECT unit_id, notice_no, tries FROM notice_outbox WHERE "
                       "state = 'waiting' AND lease_until <= $1 ORDER BY created_at, unit_id, "
                       "notice_no LIMIT $2",
                       ARGS(v_i64(clock_now_ms()), v_i64(most)), &rows, err);
    while (e == OK) {
        e = rows_next(rows, &row, err);
        if (e != OK || !row) break;
        list[count++] = (struct waiting){row_i64(rows, 0), row_i64(rows, 1), row_i64(rows, 2)};
    }
    *out = list;
    *out_count = count;
    return e;
}

/* Claims a notice: of two workers one changes the row. */
static err_t claim(struct db *db, const struct waiting *w, bool *out_mine, struct err *err)
{
    int64_t now_ms = clock_now_ms(), changed = 0;
    err_t e = db_run(db,
                     "UPDATE notice_outbox SET lease_until = $1, tries = tries + 1 WHERE "
                     "unit_id = $2 AND notice_no = $3 AND state = 'waiting' AND "
                     "lease_until <= $4",
                     ARGS(v_i64(now_ms + NOTICE_LEASE_MS), v_i64(w->unit_id), v_i64(w->notice_no),
                          v_i64(now_ms)),
                     &changed, err);
    *out_mine = changed > 0;
    return e;
}

static err_t load(struct db *db, struct arena *arena, const struct waiting *w, struct notice *out,
                  struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    bool row = false;
    err_t e = db_query(db,
                       "SELECT channel, recipient, body, idempotency_key, expires_at, subject "
                       "FROM notice_outbox WHERE unit_id = $1 AND notice_no = $2",
                       ARGS(v_i64(w->unit_id), v_i64(w->notice_no)), &rows, err);
    if (e == OK) e = rows_next(rows, &row, err);
    if (e != OK) return e;
    ASSERT(row);
    *out = (struct notice){.unit_id = w->unit_id,
                           .channel = arena_str(arena, row_text(rows, 0)),
                           .recipient = arena_str(arena, row_text(rows, 1)),
                           .body = arena_str(arena, row_text_or_empty(rows, 2)),
                           .key = arena_str(arena, row_text(rows, 3)),
                           .subject = arena_str(arena, row_text(rows, 5)),
                           .expires_at_ms = row_i64(rows, 4)};
    return arena->failed ? err_memory(err) : OK;
}

static const struct notice_channel *channel_for(const struct notice_channel *channels, size_t count,
                                                struct str name)
{
    for (size_t i = 0; i < count; i++)
        if (str_equal(channels[i].name, name)) return &channels[i];
    return NULL;
}

/* Gives the claim back, to be tried after a while, unless it is hopeless. The words of a channel's
 * refusal must not hold what it was to send: only the kind of failure is kept. */
static err_t try_later(struct db *db, const struct waiting *w, err_t failure,
                       struct delivery_counts *counts, struct err *err)
{
    if (failure == E_INPUT || w->tries + 1 >= NOTICE_TRIES) {
        counts->failed++;
        return end_notice(db, w->unit_id, w->notice_no, "failed", str_of(err_name(failure)), err);
    }
    counts->later++;
    return db_run(db,
                  "UPDATE notice_outbox SET lease_until = $1, failure = $2 WHERE unit_id = $3 AND "
                  "notice_no = $4",
                  ARGS(v_i64(clock_now_ms() + NOTICE_RETRY_MS * (w->tries + 1)),
                       v_text(str_of(err_name(failure))), v_i64(w->unit_id), v_i64(w->notice_no)),
                  NULL, err);
}

static err_t deliver_one(struct db *db, struct arena *arena, const struct waiting *w,
                         const struct notice_channel *channels, size_t count,
                         struct delivery_counts *counts, struct err *err)
{
    struct notice notice;
    struct err refused;
    bool mine = false;
    err_t e = load(db, arena, w, &notice, err);
    if (e != OK) return e;
    const struct notice_channel *channel = channel_for(channels, count, notice.channel);
    if (channel == NULL) return OK; /* another process serves it */
    e = claim(db, w, &mine, err);
    if (e != OK || !mine) return e;
    err_t sent = channel->send(channel->context, w->unit_id, w->notice_no, &notice, &refused);
    if (sent != OK) return try_later(db, w, sent, counts, err);
    counts->delivered++;
    return end_notice(db, w->unit_id, w->notice_no, "delivered", S(""), err);
}

err_t notify_deliver(struct db *db, struct arena *arena, const struct notice_channel *channels,
                     size_t count, int64_t most, struct delivery_counts *out, struct err *err)
{
    ASSERT(!db_in_transaction(db) && most > 0);
    struct delivery_counts counts = {0};
    struct waiting *list;
    size_t waiting = 0;
    err_t e = expire(db, &counts.expired, err);
    if (e == OK) e = list_waiting(db, arena, most, &list, &waiting, err);
    for (size_t i = 0; i < waiting && e == OK; i++)
        e = deliver_one(db, arena, &list[i], channels, count, &counts, err);
    if (e == OK) *out = counts;
    return e;
}
