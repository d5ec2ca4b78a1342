/* SPDX-License-Identifier: Apache-2.0 */
/* The channel "email": a notice as a message to a mail server (RFC 5322, base/mail_call.h).
 *
 * Header fields come from the configuration, the clock and the number of the notice; the subject is
 * encoded (RFC 2047) and the text too, so that nothing of a notice can become a header. A notice
 * keeps its Message-ID when it is sent again, by which mail programs know it.
 * Ownership: a channel looks at the caller's texts. Threads: safe. */
#ifndef SANGDEN_NOTIFY_MAIL_H
#define SANGDEN_NOTIFY_MAIL_H

#include "notify/notify.h"

struct mail_channel {
    struct str server, user, password; /* as of mail_call_request */
    struct str from;                   /* mailbox of the sender */
    const char *authorities;
};

/* Whether the channel can be used. E_INPUT names server or from. */
NODISCARD err_t mail_channel_check(const struct mail_channel *channel, struct err *err);

/* The context is a struct mail_channel. As mail_call. */
notice_send notice_to_mail;

/* The whole message of a notice that is sent at an instant. */
void buf_add_mail(struct buf *out, struct str from, int64_t unit_id, int64_t notice_no,
                  const struct notice *notice, int64_t at_ms);

#endif
