/* SPDX-License-Identifier: Apache-2.0 */
/* That sessions are in use, noted in memory and written together.
 *
 *   request ─ session_seen ─► place of its hash ─ session_seen_flush ─► one transaction for all
 *
 * A synced commit for every visitor and minute would bound a server at what its disk can sync. One
 * place may be wanted by two sessions at once: the second is noted with a later request. */
#include <pthread.h>
#include <string.h>

#include "base/clock.h"
#include "identity/identity_int.h"
#include "identity/session.h"

enum { PLACE_DIGITS = 3, PLACES = 1 << (4 * PLACE_DIGITS) };

struct noted {
    int64_t seen_at_ms; /* 0: nobody */
    char hash[HASH_TEXT_BYTES];
};

/* lock guards place; writing is held by the one that flushes, who uses taken. */
static struct {
    pthread_mutex_t lock, writing;
    int64_t first_ns; /* of the oldest note; 0: there is none */
    struct noted place[PLACES], taken[PLACES];
} seen = {.lock = PTHREAD_MUTEX_INITIALIZER, .writing = PTHREAD_MUTEX_INITIALIZER};

static size_t place_of(const char *hash)
{
    size_t at = 0;
    for (size_t i = 0; i < PLACE_DIGITS; i++) {
        char c = hash[i];
        at = at << 4 | (size_t)(c <= '9' ? c - '0' : c - 'a' + 10);
    }
    return at % PLACES;
}

void session_seen(const struct session *session)
{
    int64_t now_ms = clock_now_ms();
    if (session->seen_at_ms + SESSION_SEEN_MS > now_ms) return;
    pthread_mutex_lock(&seen.lock);
    struct noted *noted = &seen.place[place_of(session->token_hash)];
    if (noted->seen_at_ms == 0) {
        noted->seen_at_ms = now_ms;
        memcpy(noted->hash, session->token_hash, sizeof noted->hash);
        if (seen.first_ns == 0) seen.first_ns = clock_monotonic_ns();
    }
    pthread_mutex_unlock(&seen.lock);
}

bool session_seen_due(void)
{
    const int64_t wait_ns = SESSION_FLUSH_MS * (int64_t)1000000;
    pthread_mutex_lock(&seen.lock);
    bool due = seen.first_ns != 0 && clock_monotonic_ns() - seen.first_ns >= wait_ns;
    pthread_mutex_unlock(&seen.lock);
    return due;
}

/* ---- writing ----------------------------------------------------------------------------- */

/* Takes the notes away; how many there were. */
static size_t take_all(void)
{
    size_t count = 0;
    pthread_mutex_lock(&seen.lock);
    for (size_t i = 0; i < PLACES && seen.first_ns != 0; i++) {
        if (seen.place[i].seen_at_ms == 0) continue;
        seen.taken[count++] = seen.place[i];
        seen.place[i].seen_at_ms = 0;
    }
    seen.first_ns = 0;
    pthread_mutex_unlock(&seen.lock);
    return count;
}

static err_t write_all(struct db *db, size_t count, struct err *err)
{
    err_t e = db_begin(db, err);
    for (size_t i = 0; i < count && e == OK; i++)
        e = db_run(db,
                   "UPDATE session SET seen_at = $1 WHERE token_hash = $2 AND seen_at < $1 AND "
                   "ended_at IS NULL",
                   ARGS(v_i64(seen.taken[i].seen_at_ms), v_text(str_of(seen.taken[i].hash))), NULL,
                   err);
    if (e == OK) e = db_commit(db, err);
    if (e != OK) db_rollback(db);
    return e;
}

err_t session_seen_flush(struct db *db, struct err *err)
{
    ASSERT(!db_in_transaction(db));
    pthread_mutex_lock(&seen.writing);
    size_t count = take_all();
    err_t e = count > 0 ? write_all(db, count, err) : OK;
    pthread_mutex_unlock(&seen.writing);
    return e;
}
