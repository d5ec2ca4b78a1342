/* SPDX-License-Identifier: Apache-2.0 */
#include "identity/channel.h"

#include <pthread.h>

#include "base/clock.h"
#include "base/date.h"
#include "store/store.h"

#define NS_PER_MS INT64_C(1000000)

static const struct {
    struct str name;
    const char *vi, *en;
} channels[CHANNEL_COUNT] = {
#define CHANNEL(name, vi, en) {S_INIT(#name), vi, en},
#include "identity/channels.def"
};

/* lock guards the rest. */
static struct {
    pthread_mutex_t lock;
    int64_t first_ns; /* of the oldest note; 0: there is none */
    int32_t day;      /* of that note */
    int64_t visits[CHANNEL_COUNT];
} noted = {.lock = PTHREAD_MUTEX_INITIALIZER};

void channel_seen(enum channel channel, int32_t day)
{
    pthread_mutex_lock(&noted.lock);
    if (noted.first_ns == 0) {
        noted.first_ns = clock_monotonic_ns();
        noted.day = day;
    }
    noted.visits[channel]++;
    pthread_mutex_unlock(&noted.lock);
}

bool channel_due(void)
{
    pthread_mutex_lock(&noted.lock);
    bool due = noted.first_ns != 0 &&
               clock_monotonic_ns() - noted.first_ns >= CHANNEL_FLUSH_MS * NS_PER_MS;
    pthread_mutex_unlock(&noted.lock);
    return due;
}

/* ---- writing ----------------------------------------------------------------------------- */

/* Takes the notes away; false when there are none. */
static bool take_all(int32_t *out_day, int64_t out[CHANNEL_COUNT])
{
    pthread_mutex_lock(&noted.lock);
    bool any = noted.first_ns != 0;
    *out_day = noted.day;
    for (size_t i = 0; i < CHANNEL_COUNT; i++) {
        out[i] = noted.visits[i];
        noted.visits[i] = 0;
    }
    noted.first_ns = 0;
    pthread_mutex_unlock(&noted.lock);
    return any;
}

static void give_back(int32_t day, const int64_t visits[CHANNEL_COUNT])
{
    pthread_mutex_lock(&noted.lock);
    if (noted.first_ns == 0) noted.first_ns = clock_monotonic_ns();
    noted.day = day;
    for (size_t i = 0; i < CHANNEL_COUNT; i++) noted.visits[i] += visits[i];
    pthread_mutex_unlock(&noted.lock);
}

static err_t write_all(struct db *db, int32_t day, const int64_t visits[CHANNEL_COUNT],
                       struct err *err)
{
    char text[DATE_TEXT_BYTES];
    struct str on = day_text(day, text);
    err_t e = db_begin(db, err);
    if (e != OK) return e;
    for (size_t i = 0; i < CHANNEL_COUNT && e == OK; i++) {
        if (visits[i] == 0) continue;
        e = db_run(db,
                   "INSERT INTO channel_day (seen_on, channel, visits) VALUES ($1, $2, $3) "
                   "ON CONFLICT (seen_on, channel) DO UPDATE SET "
                   "visits = channel_day.visits + excluded.visits",
                   ARGS(v_text(on), v_text(channels[i].name), v_i64(visits[i])), NULL, err);
    }
    if (e == OK) e = db_commit(db, err);
    if (e != OK) db_rollback(db);
    return e;
}

err_t channel_flush(struct db *db, struct err *err)
{
    int32_t day;
    int64_t visits[CHANNEL_COUNT];
    ASSERT(!db_in_transaction(db));
    if (!take_all(&day, visits)) return OK;
    err_t e = write_all(db, day, visits, err);
    if (e != OK) give_back(day, visits);
    return e;
}

/* ---- reading ----------------------------------------------------------------------------- */

err_t channel_each(struct db *db, int32_t from_day, int32_t to_day,
                   void (*take)(void *context, const struct channel_visits *row), void *context,
                   struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    char from[DATE_TEXT_BYTES], to[DATE_TEXT_BYTES];
    bool more = true;
    err_t e =
        db_query(db,
                 "SELECT seen_on, channel, visits FROM channel_day WHERE seen_on >= $1 AND "
                 "seen_on <= $2 ORDER BY seen_on DESC, channel",
                 ARGS(v_text(day_text(from_day, from)), v_text(day_text(to_day, to))), &rows, err);
    while (e == OK && (e = rows_next(rows, &more, err)) == OK && more) {
        struct channel_visits row = {
            .seen_on = row_text(rows, 0), .channel = row_text(rows, 1), .visits = row_i64(rows, 2)};
        for (size_t i = 0; i < CHANNEL_COUNT; i++)
            if (str_equal(channels[i].name, row.channel)) {
                row.vi = str_of(channels[i].vi);
                row.en = str_of(channels[i].en);
            }
        take(context, &row);
    }
    return e;
}
