/* SPDX-License-Identifier: Apache-2.0 */
#include "app/serve_notes.h"

#include <malloc.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "identity/access.h"
#include "identity/channel.h"
#include "identity/session.h"
#include "store/store.h"

/* After so many steps without a note the connection is closed, so that a quiet server holds no
 * memory for it. */
enum { STEP_NS = 100000000, QUIET_STEPS = 20, AWAY_S = 1, LOWER_PRIORITY = 10 };

#define NS_PER_S INT64_C(1000000000)

static err_t open_store(struct serve_notes *notes, struct err *err)
{
    if (notes->db != NULL) return OK;
    err_t e = db_open(notes->target, DB_WRITE, &notes->db, err);
    return e == OK ? db_cache_little(notes->db, err) : e;
}

/* What the connection had goes back to the system: the allocator keeps it for this thread alone. */
static void close_store(struct serve_notes *notes)
{
    if (notes->db == NULL) return;
    db_close(notes->db);
    notes->db = NULL;
    malloc_trim(0);
}

/* Whether the store took them. */
static bool write_notes(struct serve_notes *notes)
{
    struct err err;
    atomic_store(&notes->since_ns, clock_monotonic_ns());
    err_t e = open_store(notes, &err);
    if (e == OK) e = access_flush(notes->db, &err);
    if (e == OK) e = session_seen_flush(notes->db, &err);
    if (e == OK) e = channel_flush(notes->db, &err);
    if (e != OK) {
        log_event(LOG_WARNING, "serve.notes",
                  LOG_FIELDS(log_text("error", PRIVACY_OPEN, str_of(err_name(err.code)))));
        close_store(notes);
    }
    atomic_store(&notes->since_ns, 0);
    return e == OK;
}

/* Where the system does not lower the priority, the thread works at that of the others. */
static void lower_priority(void)
{
    if (setpriority(PRIO_PROCESS, (id_t)gettid(), LOWER_PRIORITY) != 0)
        log_event(LOG_WARNING, "serve.notes.priority",
                  LOG_FIELDS(log_i64("wanted", LOWER_PRIORITY)));
}

static void *keep(void *context)
{
    const struct timespec step = {0, STEP_NS}, away = {AWAY_S, 0};
    struct serve_notes *notes = context;
    int quiet = 0;
    lower_priority();
    while (!atomic_load(&notes->ends)) {
        bool taken = true;
        if (access_due() || session_seen_due() || channel_due()) {
            taken = write_notes(notes);
            quiet = 0;
        } else if (++quiet == QUIET_STEPS) {
            close_store(notes);
        }
        nanosleep(taken ? &step : &away, NULL);
    }
    (void)write_notes(notes);
    close_store(notes);
    return NULL;
}

err_t serve_notes_start(struct serve_notes *notes, struct str target, struct err *err)
{
    *notes = (struct serve_notes){.target = target};
    if (pthread_create(&notes->thread, NULL, keep, notes) == 0) return OK;
    return err_thread(err);
}

bool serve_notes_go_on(const struct serve_notes *notes)
{
    int64_t since_ns = atomic_load(&notes->since_ns);
    return since_ns == 0 || clock_monotonic_ns() - since_ns < SERVE_NOTES_LIMIT_S * NS_PER_S;
}

void serve_notes_stop(struct serve_notes *notes)
{
    atomic_store(&notes->ends, true);
    pthread_join(notes->thread, NULL);
}
