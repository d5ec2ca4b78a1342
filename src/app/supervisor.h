/* SPDX-License-Identifier: Apache-2.0 */
/* What a service tells the supervisor that started it (systemd, Type=notify): that it is ready,
 * that it is alive, that it ends.
 *
 *   supervisor_begin ─► supervisor_ready ─► supervisor_alive … ─► supervisor_stopping
 *                       one datagram each to the socket that NOTIFY_SOCKET names
 *
 * The protocol is that of sd_notify(3) and sd_watchdog_enabled(3). Without NOTIFY_SOCKET nothing is
 * sent; what cannot be sent is logged once, and the service goes on.
 * Threads: the main one. Processes that are started later do not inherit the socket's name. */
#ifndef SANGDEN_APP_SUPERVISOR_H
#define SANGDEN_APP_SUPERVISOR_H

#include "base/str.h"

/* Reads and removes what the supervisor left in the environment. */
void supervisor_begin(void);
/* The service answers, or works. Sent once, however often it is said. */
void supervisor_ready(void);
/* The loop of the service goes on; sent twice as often as the watchdog (WATCHDOG_USEC) wants. */
void supervisor_alive(void);
/* The service has begun to end. Sent once. */
void supervisor_stopping(void);

#endif
