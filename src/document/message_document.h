/* SPDX-License-Identifier: Apache-2.0 */
/* The bytes of a message: envelope and signed document, piece by piece, so that a table of a
 * million rows passes through one small arena.
 *
 * Private to the room. Ownership: closed by message_body_close. Threads: as the connection. */
#ifndef SANGDEN_DOCUMENT_MESSAGE_DOCUMENT_H
#define SANGDEN_DOCUMENT_MESSAGE_DOCUMENT_H

#include "document/einvoice_message.h"

struct message_body {
    struct db *db;
    const struct message *message;
    struct arena arena; /* of one piece */
    struct buf head;
    int64_t piece_no;    /* the next one to load, from 1 */
    int64_t piece_count; /* of the document */
    int64_t bytes;       /* of the whole body */
    int part;            /* 0 head, 1 document, 2 tail, 3 done */
    struct str rest;     /* of the present part or piece */
    err_t failed;        /* why message_body_next could not go on */
    struct err err;
};

/* Opens the document of the message and proves its hash. E_CHECK when the stored bytes are not
 * those that the message was made for, E_STORE, E_MEMORY. */
NODISCARD err_t message_body_open(struct db *db, const struct message *message,
                                  struct message_body *out, struct err *err);
/* An http_source over the body. */
size_t message_body_next(void *context, char *into, size_t room);
void message_body_close(struct message_body *body);

/* The present hash of the subject's document, hexadecimal, into the arena. E_NOT_FOUND. */
NODISCARD err_t message_document_hash(struct db *db, struct arena *arena,
                                      const struct message_subject *subject, struct str *out,
                                      struct err *err);

#endif
