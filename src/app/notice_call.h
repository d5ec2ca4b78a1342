/* SPDX-License-Identifier: Apache-2.0 */
/* The channels by which this installation tells people something, as the environment names them.
 *
 * Ownership: texts live until the command returns. Threads: one owner; the workers that the command
 * forks may use it. */
#ifndef SANGDEN_APP_NOTICE_CALL_H
#define SANGDEN_APP_NOTICE_CALL_H

#include "app/command.h"
#include "notify/notify.h"

enum { NOTICE_CHANNELS_MAX = 2 };

struct notice_channels {
    struct notice_channel list[NOTICE_CHANNELS_MAX];
    size_t count; /* 0: none is configured, and notices wait */
};

/* Where folder is not empty, every kind of address goes there; otherwise as SANGDEN_NOTICE_FOLDER
 * says. */
void call_notice_channels(struct str folder, struct notice_channels *out);

#endif
