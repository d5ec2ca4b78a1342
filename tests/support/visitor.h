/* SPDX-License-Identifier: Apache-2.0 */
/* A server for one visitor: a child of the test that plays one part and ends.
 *
 * One at a time; whoever starts it hears it out (visitor_heard), which ends it. */
#ifndef SANGDEN_TESTS_SUPPORT_VISITOR_H
#define SANGDEN_TESTS_SUPPORT_VISITOR_H

#include "base/buffer.h"

enum { VISITOR_HEARD_BYTES = 65536 };

/* Plays a part towards the visitor, in the child: what it read goes into heard. */
typedef void visitor_play(const void *part, int visitor, struct buf *heard);

/* Starts the server on a free port of this machine, which is answered. */
int visitor_start(visitor_play *play, const void *part);
/* What the visitor said, until the next server hears another; the child is gone then. */
struct str visitor_heard(void);
/* Ends a server that nobody visited. */
void visitor_stop(void);

/* One exchange of HTTP. */
struct http_part {
    bool deaf;          /* closes without reading */
    bool silent;        /* reads and never answers */
    const char *answer; /* after the request was read */
};
visitor_play play_http;

/* One exchange of SMTP: a reply for the verb of each line; an empty text closes the line. */
struct smtp_part {
    const char *greeting, *hello, *auth, *mail, *rcpt, *data, *message;
};
extern const struct smtp_part smtp_takes_all;
visitor_play play_smtp;

bool text_contains(struct str text, struct str part);

#endif
