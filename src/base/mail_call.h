/* SPDX-License-Identifier: Apache-2.0 */
/* One message to one mailbox, handed to a mail server (RFC 5321).
 *
 *   smtps://host:465   encrypted from the first byte
 *   smtp://host:587    encrypted by STARTTLS, which is demanded of every other machine than this
 *
 * Certificates and host names are verified; nothing is repeated by itself. Addresses of mailboxes
 * that could say anything but themselves to the server are refused. Neither the message nor the
 * password stands in an error.
 * Ownership: everything of the request is looked at until mail_call returns. Threads: safe. */
#ifndef SANGDEN_BASE_MAIL_CALL_H
#define SANGDEN_BASE_MAIL_CALL_H

#include "base/buffer.h"
#include "base/error.h"

enum { MAIL_SERVER_BYTES = 300, MAILBOX_BYTES = 254, MAIL_SECRET_BYTES = 256 };

struct mail_call_request {
    struct str server;       /* "smtp://…" or "smtps://…", without a user, a path or a query */
    struct str user;         /* empty: the server asks nobody who it is */
    struct str password;     /* secret */
    const char *authorities; /* file of certificates (PEM) that are trusted; NULL: the system's */
    struct str from, to;     /* mailboxes: "an@example.vn" */
    struct str message;      /* header and body, lines ending in CR LF */
    int64_t connect_ms;      /* longest time to a connection; above zero */
    int64_t whole_ms;        /* longest time of the whole exchange; above zero */
};

/* Hands the message over once. E_INPUT when the server refuses it for good (5xx) or an address
 * cannot be used; E_FORBIDDEN when it does not accept user and password; E_OUTSIDE otherwise: it
 * may be tried again, and may have arrived. */
NODISCARD err_t mail_call(const struct mail_call_request *request, struct err *err);

/* Whether the address is one that mail_call sends to. E_INPUT. */
NODISCARD err_t mail_server_check(struct str server, struct err *err);
/* Whether the text is a mailbox in ASCII and nothing else: no spaces, quotes, brackets, lists. */
bool mailbox_good(struct str text);

#endif
