/* SPDX-License-Identifier: Apache-2.0 */
/* The workers beside a server: one child process, `sangden work`, started again when it ends.
 *
 * Threads: one owner. */
#ifndef SANGDEN_APP_SERVE_WORKERS_H
#define SANGDEN_APP_SERVE_WORKERS_H

#include "app/command.h"

struct serve_workers {
    int64_t count;   /* of --workers; 0: none */
    const char *as;  /* who acts, or NULL */
    int64_t process; /* of the child; 0: not running */
    int64_t next_ns; /* not started again before then */
};

/* Starts the child where it is not running and may; called again and again. */
void serve_workers_keep(struct serve_workers *workers);
/* Asks the child to end, and waits for it at most so long. */
void serve_workers_stop(struct serve_workers *workers, int64_t limit_ms);

#endif
