/* SPDX-License-Identifier: Apache-2.0 */
/* Who writes what a server notes in memory: who read what (identity/access.h) and which sessions
 * are in use (identity/session.h), by which channel customers come (identity/channel.h).
 *
 *   answers ─ access_note, session_seen, channel_seen ─► memory ─ this thread, a few times a
 *             second ─► the store
 *
 * It is a thread of its own, of lower priority than those that answer: a batch of some hundred
 * rows waits for a request, not a request for the batch. Were it never to get a processor, who
 * comes next writes (access_late). Notes that a store refuses stay, and are tried a second
 * later.
 * Threads: one owner, the main one. */
#ifndef SANGDEN_APP_SERVE_NOTES_H
#define SANGDEN_APP_SERVE_NOTES_H

#include <pthread.h>
#include <stdatomic.h>

#include "base/error.h"
#include "base/str.h"

struct db;

struct serve_notes {
    struct str target; /* of the store */
    struct db *db;     /* of the thread; NULL when nothing was noted for two seconds */
    pthread_t thread;
    atomic_bool ends;
    _Atomic int64_t since_ns; /* when it began to write; 0: it does not */
};

/* Starts the thread; notes stays where it is until the end. E_OUTSIDE when there are no more
 * threads. */
NODISCARD err_t serve_notes_start(struct serve_notes *notes, struct str target, struct err *err);
/* Whether the thread goes on; false while a store has not answered it for SERVE_NOTES_LIMIT_S. */
bool serve_notes_go_on(const struct serve_notes *notes);
/* Writes what is left, and ends the thread. */
void serve_notes_stop(struct serve_notes *notes);

enum { SERVE_NOTES_LIMIT_S = 30 };

#endif
