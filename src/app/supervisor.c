/* SPDX-License-Identifier: Apache-2.0 */
#include "app/supervisor.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"

enum { NS_PER_US = 1000 };

static struct {
    struct sockaddr_un address;
    socklen_t bytes;     /* of the address; 0: nobody listens */
    int64_t interval_ns; /* between two signs of life; 0: none is wanted */
    int64_t next_ns;
    bool ready, stopping, unheard;
} supervisor;

/* The name of a file, or "@name" for one that is not in the file system. */
static bool read_address(const char *name)
{
    size_t n = strlen(name);
    struct sockaddr_un *address = &supervisor.address;
    if ((name[0] != '/' && name[0] != '@') || n < 2 || n >= sizeof address->sun_path) return false;
    *address = (struct sockaddr_un){.sun_family = AF_UNIX};
    memcpy(address->sun_path, name, n);
    if (name[0] == '@') address->sun_path[0] = '\0';
    supervisor.bytes = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + n);
    return true;
}

/* How often the watchdog wants a sign; it may be meant for another process. */
static int64_t read_interval_ns(void)
{
    const char *usec = getenv("WATCHDOG_USEC"), *pid = getenv("WATCHDOG_PID");
    int64_t us = 0, number = 0;
    if (usec == NULL || !str_to_i64(str_of(usec), &us)) return 0;
    if (pid != NULL && (!str_to_i64(str_of(pid), &number) || number != getpid())) return 0;
    return us > 0 && us < INT64_MAX / NS_PER_US ? us * NS_PER_US / 2 : 0;
}

static void say_unheard(void)
{
    if (!supervisor.unheard)
        log_event(LOG_WARNING, "supervisor.unheard", LOG_FIELDS(log_i64("pid", getpid())));
    supervisor.unheard = true;
}

void supervisor_begin(void)
{
    const char *name = getenv("NOTIFY_SOCKET");
    if (name == NULL) return;
    supervisor.interval_ns = read_interval_ns();
    if (!read_address(name)) say_unheard();
    unsetenv("NOTIFY_SOCKET");
    unsetenv("WATCHDOG_USEC");
    unsetenv("WATCHDOG_PID");
}

static void tell(struct str state)
{
    if (supervisor.bytes == 0) return;
    int s = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    ssize_t sent = -1;
    if (s >= 0)
        sent = sendto(s, state.p, state.n, MSG_NOSIGNAL | MSG_DONTWAIT,
                      (const struct sockaddr *)&supervisor.address, supervisor.bytes);
    if (s >= 0) close(s);
    if (sent != (ssize_t)state.n) say_unheard();
}

void supervisor_ready(void)
{
    if (supervisor.ready) return;
    supervisor.ready = true;
    tell(S("READY=1"));
}

void supervisor_alive(void)
{
    int64_t now_ns = clock_monotonic_ns();
    if (supervisor.interval_ns == 0 || now_ns < supervisor.next_ns) return;
    supervisor.next_ns = now_ns + supervisor.interval_ns;
    tell(S("WATCHDOG=1"));
}

void supervisor_stopping(void)
{
    if (supervisor.stopping) return;
    supervisor.stopping = true;
    tell(S("STOPPING=1"));
}
