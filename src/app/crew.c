/* SPDX-License-Identifier: Apache-2.0 */
#include "app/crew.h"

#include <errno.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { NS_PER_MS = 1000000, EXIT_KILLED = 127 };

struct crew_stop {
    volatile sig_atomic_t asked;
};

static struct crew_stop stop;

static void on_signal(int signal)
{
    (void)signal;
    stop.asked = 1;
}

bool crew_goes_on(void *context, int64_t done)
{
    (void)done;
    return ((const struct crew_stop *)context)->asked == 0;
}

bool crew_was_stopped(void)
{
    return stop.asked != 0;
}

struct crew {
    pid_t pid[CREW_MAX];
    int report[CREW_MAX]; /* the worker's struct err comes through this pipe */
    size_t count, alive;
    bool passed_on; /* the signal was handed to the workers */
    err_t first;
};

static void listen_for_signals(struct sigaction old[2])
{
    struct sigaction action = {.sa_handler = on_signal};
    stop.asked = 0;
    sigaction(SIGTERM, &action, &old[0]);
    sigaction(SIGINT, &action, &old[1]);
}

/* The life of a worker: it never returns into the program, whose buffers and connection are the
 * parent's. A parent that is killed takes its workers along. */
static _Noreturn void live(crew_work *work, void *context, int report, pid_t parent)
{
    struct err err = {0};
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != parent) _exit(EXIT_KILLED);
    err_t e = work(context, &stop, &err);
    if (e == OK && stop.asked != 0) {
        err_set(&err, E_STATE, NULL, "Đã dừng theo yêu cầu", "Stopped as asked");
        e = err_hint(&err, "Chạy lại lệnh để làm tiếp phần còn lại",
                     "Run the command again to go on with the rest");
    }
    err.code = e;
    ssize_t written = write(report, &err, sizeof err);
    _exit(written == (ssize_t)sizeof err ? 0 : EXIT_KILLED);
}

static err_t start_one(struct crew *crew, crew_work *work, void *context, struct err *err)
{
    int ends[2];
    if (pipe(ends) != 0) {
        err_set(err, E_OUTSIDE, NULL, "Không mở được ống nối tới tiến trình con",
                "A pipe to the worker could not be opened");
        return err_hint(err, "Giảm --workers, hoặc tăng giới hạn số tệp mở (ulimit -n)",
                        "Use fewer --workers, or raise the limit of open files (ulimit -n)");
    }
    pid_t parent = getpid(), pid = fork();
    if (pid == 0) {
        close(ends[0]);
        live(work, context, ends[1], parent);
    }
    close(ends[1]);
    if (pid < 0) {
        close(ends[0]);
        err_set(err, E_OUTSIDE, NULL, "Không tạo được tiến trình con",
                "A worker process could not be started");
        return err_hint(err, "Giảm --workers, hoặc tăng giới hạn số tiến trình và bộ nhớ",
                        "Use fewer --workers, or raise the limits of processes and memory");
    }
    crew->pid[crew->count] = pid;
    crew->report[crew->count++] = ends[0];
    crew->alive++;
    return OK;
}

/* What a worker said at its end; a worker that said nothing was killed. */
static void hear(struct crew *crew, size_t i, struct err *err)
{
    struct err said;
    ssize_t size = read(crew->report[i], &said, sizeof said);
    close(crew->report[i]);
    crew->pid[i] = 0;
    crew->alive--;
    if (size != (ssize_t)sizeof said) {
        err_set(&said, E_OUTSIDE, NULL, "Một tiến trình con đã bị dừng đột ngột",
                "A worker process was killed");
        err_hint(&said, "Chạy lại lệnh; phần đã xong được giữ nguyên",
                 "Run the command again; what is done stays done");
    }
    if (said.code == OK || crew->first != OK) return;
    crew->first = said.code;
    *err = said;
}

static void reap(struct crew *crew, struct err *err)
{
    for (size_t i = 0; i < crew->count; i++) {
        int status;
        if (crew->pid[i] == 0 || waitpid(crew->pid[i], &status, WNOHANG) != crew->pid[i]) continue;
        hear(crew, i, err);
    }
    if (stop.asked == 0 || crew->passed_on) return;
    crew->passed_on = true;
    for (size_t i = 0; i < crew->count; i++)
        if (crew->pid[i] != 0) kill(crew->pid[i], SIGTERM);
}

static void pause_ms(int64_t ms)
{
    struct timespec pause = {0, (long)ms * NS_PER_MS};
    nanosleep(&pause, NULL);
}

err_t crew_run(size_t count, crew_work *work, void *context, crew_watch *watch, struct err *err)
{
    ASSERT(count >= 1 && count <= CREW_MAX);
    struct crew crew = {0};
    struct sigaction old[2];
    listen_for_signals(old);
    err_t e = OK;
    for (size_t i = 0; i < count && e == OK; i++) e = start_one(&crew, work, context, err);
    if (e != OK) stop.asked = 1;
    for (int64_t waited_ms = 0; crew.alive > 0;) {
        int64_t step_ms = waited_ms < CREW_WATCH_MS ? 5 : CREW_WATCH_MS / 4;
        pause_ms(step_ms);
        waited_ms += step_ms;
        reap(&crew, err);
        if (watch != NULL && waited_ms % CREW_WATCH_MS < step_ms) watch(context);
    }
    sigaction(SIGTERM, &old[0], NULL);
    sigaction(SIGINT, &old[1], NULL);
    return e != OK ? e : crew.first;
}
