/* SPDX-License-Identifier: Apache-2.0 */
#include "app/serve_workers.h"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"

enum { RESTART_S = 5, NAP_MS = 10, NS_PER_MS = 1000000, NUMBER_BYTES = 8, EXIT_NOT_STARTED = 127 };

/* The child ends with its parent, whatever became of that. Between fork and exec nothing is called
 * that could wait for another thread. */
static _Noreturn void become_workers(char *const *words, pid_t parent)
{
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() == parent) execv("/proc/self/exe", words);
    _exit(EXIT_NOT_STARTED);
}

static void start(struct serve_workers *workers)
{
    char count[NUMBER_BYTES];
    struct buf text;
    buf_init_fixed(&text, count, sizeof count);
    buf_add_i64(&text, workers->count);
    char *words[] = {"sangden", "work", "--workers", count, NULL, NULL, NULL};
    if (workers->as != NULL) {
        words[4] = "--as";
        words[5] = (char *)(uintptr_t)workers->as;
    }
    pid_t parent = getpid(), child = fork();
    if (child == 0) become_workers(words, parent);
    if (child > 0) workers->process = child;
    workers->next_ns = clock_monotonic_ns() + (int64_t)RESTART_S * 1000 * NS_PER_MS;
}

static bool has_ended(struct serve_workers *workers, int *out_status)
{
    if (waitpid((pid_t)workers->process, out_status, WNOHANG) != workers->process) return false;
    workers->process = 0;
    return true;
}

void serve_workers_keep(struct serve_workers *workers)
{
    int status = 0;
    if (workers->count == 0) return;
    if (workers->process != 0 && has_ended(workers, &status))
        log_event(LOG_ERROR, "serve.workers.ended",
                  LOG_FIELDS(log_i64("status", WIFEXITED(status) ? WEXITSTATUS(status) : -1)));
    if (workers->process == 0 && clock_monotonic_ns() >= workers->next_ns) start(workers);
}

void serve_workers_stop(struct serve_workers *workers, int64_t limit_ms)
{
    int status;
    const struct timespec pause = {0, (long)NAP_MS * NS_PER_MS};
    if (workers->process == 0) return;
    kill((pid_t)workers->process, SIGTERM);
    for (int64_t waited_ms = 0; waited_ms < limit_ms; waited_ms += NAP_MS) {
        if (has_ended(workers, &status)) return;
        nanosleep(&pause, NULL);
    }
    kill((pid_t)workers->process, SIGKILL);
    waitpid((pid_t)workers->process, &status, 0);
    workers->process = 0;
}
