/* SPDX-License-Identifier: Apache-2.0 */
/* A crew of worker processes that share one job.
 *
 *   crew_run(4, work, …) ─fork─► work  work  work  work      each with its own connection
 *                  │ watches every CREW_WATCH_MS, passes SIGTERM and SIGINT on
 *                  └─ the first error of any of them is the crew's error
 *
 * No store may be open when the crew starts, because a connection must not be inherited; watch may
 * open one.
 * A worker that is killed is not replaced: its part of the work is taken up by the others, or by
 * the next call. Threads: called once at a time, from the main thread. */
#ifndef SANGDEN_APP_CREW_H
#define SANGDEN_APP_CREW_H

#include "base/error.h"

enum { CREW_WATCH_MS = 200, CREW_MAX = 64 };

/* Whether a signal asked the process to end; for crew_goes_on. */
typedef struct crew_stop crew_stop;

typedef err_t crew_work(void *context, crew_stop *stop, struct err *err);
typedef void crew_watch(void *context);

/* Runs work in count processes and waits for all of them. E_STATE when a signal ended the crew
 * early, E_OUTSIDE when a worker was killed. */
NODISCARD err_t crew_run(size_t count, crew_work *work, void *context, crew_watch *watch,
                         struct err *err);

/* False once a signal asked the process to end: the work stops at its next good moment. Shaped as a
 * run_told; context is the crew_stop. */
bool crew_goes_on(void *context, int64_t done);

/* Whether a signal asked the last crew to end. */
bool crew_was_stopped(void);

#endif
