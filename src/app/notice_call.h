/* SPDX-License-Identifier: Apache-2.0 */
/* The channels by which this installation tells people something, as the environment names them.
 *
 *   email   SANGDEN_MAIL_SERVER, SANGDEN_MAIL_FROM, SANGDEN_MAIL_LOGIN_FILE
 *   phone   SANGDEN_SMS_GATEWAY, SANGDEN_SMS_TOKEN_FILE
 *   both, where nothing serves them   SANGDEN_NOTICE_FOLDER
 *
 * Ownership: texts live until the command returns, and channels point into the struct that was
 * filled, which must stay where it is. Threads: one owner; the workers that the command forks may
 * use it. */
#ifndef SANGDEN_APP_NOTICE_CALL_H
#define SANGDEN_APP_NOTICE_CALL_H

#include "app/command.h"
#include "notify/mail.h"
#include "notify/sms_gateway.h"

enum { NOTICE_CHANNELS_MAX = 2 };

struct notice_channels {
    struct notice_channel list[NOTICE_CHANNELS_MAX];
    size_t count; /* 0: none is configured, and notices wait */
    struct mail_channel mail;
    struct sms_gateway gateway;
};

/* Where folder is not empty, every kind of address goes there; otherwise as the environment says.
 * E_STATE when half of a channel is configured, E_INPUT, E_FORBIDDEN, E_IO. */
NODISCARD err_t call_notice_channels(struct call *call, struct str folder,
                                     struct notice_channels *out);

#endif
