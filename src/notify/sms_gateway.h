/* SPDX-License-Identifier: Apache-2.0 */
/* The channel "phone": a notice as JSON to a gateway of text messages (docs/notices.md).
 *
 *   POST {"id":"7-12","to":"+84…","text":"…","coding":"ucs2","parts":1,"expires_at":"…"}
 *   200, 201, 202 {"id":"7-12"}   taken          409 {"id":"7-12"}   taken before
 *   400, 413, 422                 never          401, 403            our token is not accepted
 *   anything else                 later, with the same id
 *
 * The token goes to https alone, or to this machine. Ownership: a channel looks at the caller's
 * texts. Threads: safe. */
#ifndef SANGDEN_NOTIFY_SMS_GATEWAY_H
#define SANGDEN_NOTIFY_SMS_GATEWAY_H

#include "notify/notify.h"

enum { SMS_TOKEN_BYTES = 1000 };

struct sms_gateway {
    struct str address;      /* https://… */
    struct str token;        /* secret */
    const char *authorities; /* file of certificates (PEM) that are trusted; NULL: the system's */
};

/* Whether the gateway can be used. E_INPUT names address or token. */
NODISCARD err_t sms_gateway_check(const struct sms_gateway *gateway, struct err *err);

/* The context is a struct sms_gateway. E_INPUT: it will never take this one; E_FORBIDDEN,
 * E_OUTSIDE: it may be tried again. */
notice_send notice_to_gateway;

#endif
